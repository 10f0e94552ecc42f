"""The ledger join (小区名录挂接): a list of compounds finds its polygons by name, community and address.

Whatever is not plain is flagged: another spelling, another ending, several grounds of one name, a
ground claimed twice, a community or an address that contradicts. A row without a doubt has a ground
that is called as the row is, or the same but for a generic ending that only one of the two has, and
nobody else could be meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from walkshed.geocode.entries import names_of
from walkshed.geocode.names import (
    conflict,
    core_of,
    is_chinese,
    is_part_of,
    key_of,
    likeness,
    slips_allowed,
    without_committee,
)
from walkshed.model.arrays import ObjectArray
from walkshed.model.extract import Extract
from walkshed.model.geocoding import Answer, Ground, LedgerMatch, LedgerRow, Precision

Find = Callable[[str], Answer | None]

NO_GROUND: Final = "none"  # what a review says of a compound that the map does not show
_SAME, _CORE, _ENDING, _PARTS, _SLIP = 1.0, 0.95, 0.85, 0.8, 0.75
_PLACED: Final = (Precision.DOOR, Precision.NUMBER, Precision.COMPOUND)
_NEAR_M: Final = 300.0  # an address that lies farther from the ground contradicts it
_APART_M: Final = 50.0  # polygons of one name within this are one ground
_M_PER_DEGREE: Final = 111_195.0


def grounds_of(extract: Extract) -> tuple[Ground, ...]:
    """Return the named residential grounds of an extract; polygons of one name that (nearly) touch are one ground."""
    areas = extract.areas
    rows = [
        row
        for row, tags in enumerate(areas.tags)
        if tags.get("landuse") == "residential" and names_of(tags)
    ]
    communities = [
        row
        for row, tags in enumerate(areas.tags)
        if tags.get("boundary") == "administrative"
        and "name" in tags
        and tags.get("admin_level") in ("10", "11")
    ]
    by_name: dict[str, list[list[int]]] = {}
    for row in rows:
        near = _APART_M / _M_PER_DEGREE
        clusters = by_name.setdefault(key_of(names_of(areas.tags[row])[0]), [])
        touching = [
            cluster
            for cluster in clusters
            if any(
                shapely.distance(areas.geometry[row], areas.geometry[other]) <= near
                for other in cluster
            )
        ]
        clusters[:] = [cluster for cluster in clusters if cluster not in touching]
        clusters.append(sorted([row, *(other for cluster in touching for other in cluster)]))
    grounds = []
    for cluster in sorted(cluster for clusters in by_name.values() for cluster in clusters):
        geometry = (
            shapely.union_all(areas.geometry[cluster])
            if len(cluster) > 1
            else areas.geometry[cluster[0]]
        )
        point = shapely.point_on_surface(geometry)
        around = [
            areas.tags[row]["name"]
            for row in communities
            if shapely.intersects(areas.geometry[row], point)
        ]
        names = tuple(dict.fromkeys(name for row in cluster for name in names_of(areas.tags[row])))
        feature = f"{areas.osm_type[cluster[0]]}{areas.osm_id[cluster[0]]}"
        grounds.append(Ground(feature, names, around[0] if around else "", geometry))
    return tuple(grounds)


def join_ledger(
    rows: Sequence[LedgerRow], grounds: Sequence[Ground], *, find_address: Find | None = None
) -> tuple[LedgerMatch, ...]:
    """Return one match per row, in their order. ``find_address`` places an address (a gazetteer's ``find``)."""
    keys = [
        tuple(dict.fromkeys(key_of(name) for name in ground.names if key_of(name)))
        for ground in grounds
    ]
    shapes: ObjectArray = np.array([ground.geometry for ground in grounds], dtype=object)
    matches = [
        _reviewed(row, grounds, keys)
        if row.ground
        else _match(row, grounds, keys, shapes, find_address)
        for row in rows
    ]
    return tuple(
        replace(
            match,
            features=tuple(grounds[index].feature for index in match.grounds),
            named=tuple(grounds[index].names[0] for index in match.grounds),
        )
        for match in _claimed_once(matches, grounds)
    )


def _reviewed(
    row: LedgerRow, grounds: Sequence[Ground], keys: list[tuple[str, ...]]
) -> LedgerMatch:
    """Return what a person said that a row is; a doubt where the map has no such ground, or several."""
    if row.ground == NO_GROUND:
        return LedgerMatch(
            row, (), 0.0, "review", ("none of the map's grounds, says the review",), ()
        )
    wanted = key_of(row.ground)
    found = [index for index, ground in enumerate(grounds) if ground.feature == row.ground] or [
        index for index, known in enumerate(keys) if wanted in known
    ]
    if len(found) == 1:
        return LedgerMatch(row, (found[0],), _SAME, "review", (), ())
    told = f"{len(found)} grounds bear it: {', '.join(grounds[index].feature for index in found)}"
    doubt = f"the review says {row.ground}; {told if found else 'the map has no ground of that name or id'}"
    return LedgerMatch(row, (), 0.0, "review", (doubt,), ())


def _match(
    row: LedgerRow,
    grounds: Sequence[Ground],
    keys: list[tuple[str, ...]],
    shapes: ObjectArray,
    find_address: Find | None,
) -> LedgerMatch:
    wanted = key_of(row.name)
    placed = find_address(row.address) if find_address and row.address else None
    if placed is not None and (placed.precision not in _PLACED or placed.doubts):
        placed = None
    place = None if placed is None else shapely.Point(placed.lon, placed.lat)

    # 1. Every ground by how its name fits.
    scored = [max((_score(wanted, key) for key in known), default=(0.0, "")) for known in keys]
    scores = np.array([score for score, _ in scored]) if scored else np.zeros(0)
    best = float(scores.max()) if len(scores) else 0.0
    if best == 0.0:
        return _by_address(row, grounds, shapes, place)
    how = next(how for score, how in scored if score == best)
    chosen = [int(index) for index in np.flatnonzero(scores == best)]
    doubts: list[str] = []
    named = "、".join(dict.fromkeys(grounds[index].names[0] for index in chosen))

    # 2. Several that fit as well: parts belong together, namesakes are told apart by community,
    # then by address.
    if how == "parts":
        doubts.append(f"the map has it in parts: {named}")
    elif len(chosen) > 1:
        told = [
            index
            for index in chosen
            if row.community and _same_community(row.community, grounds[index].community)
        ]
        if len(told) != 1 and place is not None:
            meters = _meters(shapes[chosen], place)
            told = (
                [chosen[int(np.argmin(meters))]]
                if np.sort(meters)[1] > _NEAR_M >= meters.min()
                else []
            )
        if len(told) != 1:
            doubts.append(f"{len(chosen)} grounds fit as well: {named}")
        chosen = told or chosen[:1]
    if how in ("ending", "slip"):
        doubts.append(f"the map writes {named}")
    others = [
        grounds[int(index)].names[0]
        for index in np.argsort(-scores, kind="stable")
        if 0 < scores[index] < best
    ][:3]
    if best < _SAME and others and how != "parts":
        doubts.append(f"it may be {'、'.join(others)}")

    # 3. What contradicts.
    ground = grounds[chosen[0]]
    if row.community and ground.community and not _same_community(row.community, ground.community):
        doubts.append(f"the ledger says {row.community}, the map {ground.community}")
    if place is not None and float(_meters(shapes[chosen], place).min()) > _NEAR_M:
        doubts.append(f"its address lies {_meters(shapes[chosen], place).min():.0f} m away")
    return LedgerMatch(row, tuple(chosen), best, how, tuple(doubts), tuple(others))


def _score(wanted: str, known: str) -> tuple[float, str]:
    """Return how well a ground's name fits, and in which way."""
    if not wanted or not known:
        return 0.0, ""
    if wanted == known or without_committee(wanted) == known:
        return _SAME, "name"
    core, known_core = core_of(wanted), core_of(known)
    if core == known or known_core == wanted:  # 祁连 or 祁连家园小区 for 祁连家园
        return _CORE, "name"
    if core == known_core:
        return _ENDING, "ending"
    if is_part_of(known, wanted) or is_part_of(known, core):
        return _PARTS, "parts"
    longest = max(len(wanted), len(known))
    for one, other in ((wanted, known), (core, known_core)):
        alike = likeness(one, other)
        length = max(len(one), len(other))
        slips = slips_allowed(length) if is_chinese(one) else length // 6
        if (1.0 - alike) * length <= slips + 1e-9 and not conflict(one, other):
            return _SLIP * alike, "slip"
    if longest > 3 and min(len(wanted), len(known)) > 2 and (wanted in known or known in wanted):
        return (_SLIP / 2.0, "slip") if not conflict(wanted, known) else (0.0, "")
    return 0.0, ""


def _by_address(
    row: LedgerRow, grounds: Sequence[Ground], shapes: ObjectArray, place: shapely.Point | None
) -> LedgerMatch:
    if place is None or not len(shapes):
        return LedgerMatch(row, (), 0.0, "none", ("no ground of that name on the map",), ())
    inside = np.flatnonzero(shapely.intersects(shapes, place))
    if len(inside) != 1:
        return LedgerMatch(
            row, (), 0.0, "none", ("no ground of that name on the map, none at that address",), ()
        )
    doubt = f"by its address alone; the map calls the ground {grounds[int(inside[0])].names[0]}"
    return LedgerMatch(row, (int(inside[0]),), 0.5, "address", (doubt,), ())


def _claimed_once(matches: list[LedgerMatch], grounds: Sequence[Ground]) -> tuple[LedgerMatch, ...]:
    """Flag rows that claim a ground with others, unless they alone bear its very name."""
    claims = Counter(index for match in matches for index in match.grounds)
    certain = Counter(index for match in matches for index in match.grounds if match.score == _SAME)
    final = []
    for match in matches:
        shared = [index for index in match.grounds if claims[index] > 1]
        alone = match.score == _SAME and all(certain[index] == 1 for index in shared)
        if shared and not alone and match.how != "review":
            doubt = f"another row claims {grounds[shared[0]].names[0]} too"
            match = replace(match, doubts=(*match.doubts, doubt))
        final.append(match)
    return tuple(final)


def _same_community(one: str, other: str) -> bool:
    return without_committee(key_of(one)).removesuffix("社区") == without_committee(
        key_of(other)
    ).removesuffix("社区")


def _meters(
    shapes: ObjectArray, place: shapely.Point
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return (n,) about how many meters from the place to each shape (degrees of longitude shrunk by latitude)."""
    shrink = np.array([np.cos(np.radians(place.y)), 1.0])
    flat = shapely.transform(shapes, lambda lonlat: lonlat * shrink)
    return np.asarray(
        shapely.distance(flat, shapely.Point(place.x * shrink[0], place.y)) * _M_PER_DEGREE
    )
