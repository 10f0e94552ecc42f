"""One station for each facility: a market of several sheds, a site of several outlines, a way and its relation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from walkshed.model.arrays import ObjectArray
from walkshed.model.drafting import Facility
from walkshed.model.town.places import Tier

#: Things of one name and the same services so near are one facility, mapped as a node in its
#: building, as a building on its ground, or shed by shed.
SAME_NAME_M = 200.0
#: A nameless thing so near to another with the same services is a part of the same site.
SAME_SITE_M = 30.0
#: Pharmacies and doctors stand side by side, so that a nameless node may be another one: only so
#: near is it the same.
SAME_NODE_M, SIDE_BY_SIDE = 10.0, frozenset({"pharmacy", "health"})
MOSTLY_INSIDE = 0.9  # of the smaller outline: it lies in the larger
_METERS_PER_DEGREE = 111_320.0
#: What tells one building of a site from another: 1号棚, A区, 3号楼, 二期, (东区).
_PART = re.compile(
    r"[\s(（\-—·]*([A-Za-z0-9一二三四五六七八九十东西南北中]{1,3}(号|#)?"
    r"(楼|栋|幢|座|棚|馆|厅|区|期|门|院|大棚|场地)|[A-Za-z0-9]{1,2}|\d+号)[)）]?$"
)
_RANK = {Tier.HUB: 0, Tier.CENTER: 1, Tier.MICRO: 2, Tier.COMPOUND: 3}


def one_each(found: Sequence[Facility]) -> tuple[Facility, ...]:
    """Return one facility for each site, in the order given.

    Named things are one where their names are (but for the number of a building) and they stand
    within 200 m, or where one stands in the other. Nameless ones belong to the nearest thing with
    the same services, if it is as near as another building of the same site. The largest drawing of
    a site stays, which knows its entrances, under the name of its largest named part.
    """
    shapes = _in_meters(found)
    group = list(range(len(found)))
    pairs = _near_pairs(shapes)

    # named things among themselves
    for one, two in pairs:
        if found[one].name and found[two].name and _same_named(found, shapes, one, two):
            _join(group, one, two)

    # then each nameless thing to the nearest named one, and nameless ones to each other
    nearest: dict[int, tuple[float, int]] = {}
    for one, two in pairs:
        if bool(found[one].name) != bool(found[two].name) and _same_site(found, shapes, one, two):
            nameless, named = (two, one) if found[one].name else (one, two)
            here = (float(shapely.distance(shapes[one], shapes[two])), named)
            nearest[nameless] = min(nearest.get(nameless, here), here)
    for nameless, (_, named) in nearest.items():
        _join(group, nameless, named)
    for one, two in pairs:
        alone = not found[one].name and not found[two].name and not {one, two} & nearest.keys()
        if alone and _same_site(found, shapes, one, two):
            _join(group, one, two)

    members: dict[int, list[int]] = {}
    for row in range(len(found)):
        members.setdefault(_root(group, row), []).append(row)
    sites = [_site([(found[row], shapes[row].area, row) for row in m]) for m in members.values()]
    return tuple(site for _, site in sorted(sites, key=lambda pair: pair[0]))


def _in_meters(found: Sequence[Facility]) -> ObjectArray:
    """Return the geometries in about meters (good to a percent, which decides nothing here)."""
    shapes = np.empty(len(found), dtype=object)
    shapes[:] = [facility.geometry for facility in found]
    if len(found) == 0:
        return shapes

    _, south, _, north = shapely.total_bounds(shapes)
    shrunk = np.cos(np.radians((south + north) / 2))
    scale = np.array([shrunk, 1.0]) * _METERS_PER_DEGREE
    scaled: ObjectArray = shapely.transform(shapes, lambda points: points * scale)
    return scaled


def _near_pairs(shapes: ObjectArray) -> list[tuple[int, int]]:
    """Return the pairs of things within 200 m of each other, the lower row first, in order."""
    one, two = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=SAME_NAME_M)
    return sorted((int(a), int(b)) for a, b in zip(one, two) if a < b)


def _same_named(found: Sequence[Facility], shapes: ObjectArray, one: int, two: int) -> bool:
    """Return whether two named things are one facility."""
    alike = _plain(found[one].name) == _plain(found[two].name)
    if found[one].services != found[two].services:
        return alike and shapely.distance(shapes[one], shapes[two]) <= SAME_SITE_M
    return alike or _holds(shapes[one], shapes[two])


def _same_site(found: Sequence[Facility], shapes: ObjectArray, one: int, two: int) -> bool:
    """Return whether two things, of which one has no name, are one facility."""
    if found[one].services != found[two].services:
        return False
    drawn = shapes[one].area > 0 and shapes[two].area > 0
    certain = drawn or SIDE_BY_SIDE.isdisjoint(found[one].services)
    apart = shapely.distance(shapes[one], shapes[two])
    return bool(apart <= (SAME_SITE_M if certain else SAME_NODE_M))


def _holds(one: shapely.Geometry, two: shapely.Geometry) -> bool:
    """Return whether one of two drawings lies in the other."""
    small, large = sorted((one, two), key=lambda shape: float(shape.area))
    if large.area == 0:
        return False
    if small.area == 0:
        return bool(large.intersects(small))
    return bool(large.intersection(small).area >= MOSTLY_INSIDE * small.area)


def _plain(name: str) -> str:
    """Return a name without what tells one building of a site from another."""
    plain = _PART.sub("", name).strip()
    return plain if len(plain) > 1 else name


def _root(group: list[int], row: int) -> int:
    while group[row] != row:
        row = group[row]
    return row


def _join(group: list[int], one: int, two: int) -> None:
    """Put two rows into one group; the lowest row stands for it."""
    first, second = sorted((_root(group, one), _root(group, two)))
    group[second] = first


def _site(members: list[tuple[Facility, float, int]]) -> tuple[int, Facility]:
    """Return the row and the facility that stand for the drawings of one site."""
    largest_first = sorted(members, key=lambda member: (-member[1], not member[0].name, member[2]))
    drawing, _, row = largest_first[0]
    named = [facility for facility, _, _ in largest_first if facility.name]
    speaker = named[0] if named else drawing

    addresses = [facility.address for facility, _, _ in largest_first if facility.address]
    services = dict.fromkeys(s for facility, _, _ in largest_first for s in facility.services)

    # drawn as the largest, named and described as the largest with a name
    return row, replace(
        speaker,
        osm=drawing.osm,
        geometry=drawing.geometry,
        services=tuple(services),
        tier=min((facility.tier for facility, _, _ in members), key=_RANK.__getitem__),
        address=addresses[0] if addresses else "",
    )
