"""The ledger join (小区名录挂接): a list of compounds finds its polygons by name, community and address.

Whatever is not plain is flagged: another spelling, another ending, several grounds of one name, a
ground claimed twice, a community or an address that contradicts. A row without a doubt has a ground
that is called as the row is, or the same but for a generic ending that only one of the two has, and
no other could be meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import shapely

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
from walkshed.geocode.places.features import names_of
from walkshed.model.arrays import FloatArray, ObjectArray
from walkshed.model.geocoding import Ground, LedgerMatch, LedgerRow, Location, Precision
from walkshed.model.ground.extract import Extract, Features
from walkshed.model.messages import Listing, Message

Find = Callable[[str], Location | None]

NO_GROUND: Final = "none"  # what a review says of a compound that the map does not show
_SAME, _CORE, _ENDING, _PARTS, _SLIP = 1.0, 0.95, 0.85, 0.8, 0.75
_PLACED: Final = (Precision.DOOR, Precision.NUMBER, Precision.COMPOUND)
_NEAR_M: Final = 300.0  # an address that lies farther from the ground contradicts it
_APART_M: Final = 50.0  # polygons of one name within this are one ground
_M_PER_DEGREE: Final = 111_195.0


def grounds_of(extract: Extract) -> tuple[Ground, ...]:
    """Return the named residential grounds of an extract.

    Polygons of one name that (nearly) touch are one ground.
    """
    areas = extract.areas
    communities = [
        row
        for row, tags in enumerate(areas.tags)
        if tags.get("boundary") == "administrative"
        and "name" in tags
        and tags.get("admin_level") in ("10", "11")
    ]

    grounds = []
    for cluster in _clusters(areas):
        geometry = areas.geometry[cluster[0]]
        if len(cluster) > 1:
            geometry = shapely.union_all(areas.geometry[cluster])

        # its community is the first that a point in it lies in
        point = shapely.point_on_surface(geometry)
        around = (
            areas.tags[row]["name"]
            for row in communities
            if shapely.intersects(areas.geometry[row], point)
        )
        names = dict.fromkeys(name for row in cluster for name in names_of(areas.tags[row]))
        feature = f"{areas.osm_type[cluster[0]]}{areas.osm_id[cluster[0]]}"
        grounds.append(Ground(feature, tuple(names), next(around, ""), geometry))
    return tuple(grounds)


def _clusters(areas: Features) -> list[list[int]]:
    """Return the rows of named residential areas, those of one name and (nearly) one place together."""
    near = _APART_M / _M_PER_DEGREE
    by_name: dict[str, list[list[int]]] = {}
    for row, tags in enumerate(areas.tags):
        if tags.get("landuse") != "residential" or not names_of(tags):
            continue

        # an area joins all clusters of its name that it touches
        clusters = by_name.setdefault(key_of(names_of(tags)[0]), [])
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
    return sorted(cluster for clusters in by_name.values() for cluster in clusters)


def join_ledger(
    rows: Sequence[LedgerRow], grounds: Sequence[Ground], *, find_address: Find | None = None
) -> tuple[LedgerMatch, ...]:
    """Return one match per row, in their order.

    ``find_address`` places an address (a gazetteer's ``find``).
    """
    keys = [
        tuple(dict.fromkeys(key_of(name) for name in ground.names if key_of(name)))
        for ground in grounds
    ]
    shapes: ObjectArray = np.array([ground.geometry for ground in grounds], dtype=object)

    # what a person has said goes before what the names say
    matches = []
    for row in rows:
        if row.ground:
            matches.append(_reviewed(row, grounds, keys))
        else:
            place = _place_of(row, find_address)
            matches.append(_match(row, grounds, keys, shapes, place))

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
    """Return the ground that a person named; a doubt where the map has no such ground, or several."""
    if row.ground == NO_GROUND:
        doubt = Message("none of the map's grounds, says the review")
        return LedgerMatch(row, (), 0.0, "review", (doubt,), ())

    # by its id, else by its name
    wanted = key_of(row.ground)
    indexes = [index for index, ground in enumerate(grounds) if ground.feature == row.ground]
    if not indexes:
        indexes = [index for index, known in enumerate(keys) if wanted in known]
    if len(indexes) == 1:
        return LedgerMatch(row, (indexes[0],), _SAME, "review", (), ())

    doubt = Message(
        "the review says {ground}; the map has no ground of that name or id", ground=row.ground
    )
    if indexes:
        doubt = Message(
            "the review says {ground}; {count} {count:ground bears|grounds bear} it: {features}",
            ground=row.ground,
            count=len(indexes),
            features=Listing(grounds[index].feature for index in indexes),
        )
    return LedgerMatch(row, (), 0.0, "review", (doubt,), ())


def _place_of(row: LedgerRow, find_address: Find | None) -> shapely.Point | None:
    """Return where a row's address is, if that is known to the house and beyond doubt."""
    if find_address is None or not row.address:
        return None
    answer = find_address(row.address)
    if answer is None or answer.precision not in _PLACED or answer.doubts:
        return None
    return shapely.Point(answer.lon, answer.lat)


def _match(
    row: LedgerRow,
    grounds: Sequence[Ground],
    keys: list[tuple[str, ...]],
    shapes: ObjectArray,
    place: shapely.Point | None,
) -> LedgerMatch:
    """Return the ground that fits a row by name, else by its address, and every doubt about it."""
    # 1. Every ground by how its name fits.
    wanted = key_of(row.name)
    fits = [max((_score(wanted, key) for key in known), default=(0.0, "")) for known in keys]
    best, how = max(fits, key=lambda fit: fit[0], default=(0.0, ""))
    if best == 0.0:
        return _by_address(row, grounds, shapes, place)
    scores = np.array([score for score, _ in fits])
    chosen = [int(index) for index in np.flatnonzero(scores == best)]
    named = "、".join(dict.fromkeys(grounds[index].names[0] for index in chosen))

    # 2. Several that fit as well: parts belong together, namesakes are told apart.
    doubts: list[str] = []
    if how == "parts":
        doubts.append(Message("the map has it in parts: {names}", names=named))
    elif len(chosen) > 1:
        meant = _meant(row, grounds, chosen, shapes, place)
        if len(meant) != 1:
            doubts.append(
                Message(
                    "{count} {count:ground fits|grounds fit} as well: {names}",
                    count=len(chosen),
                    names=named,
                )
            )
        chosen = meant or chosen[:1]

    # 3. What else it may be.
    if how in ("ending", "slip"):
        doubts.append(Message("the map writes {names}", names=named))
    worse = [index for index in np.argsort(-scores, kind="stable") if 0 < scores[index] < best]
    others = [grounds[int(index)].names[0] for index in worse[:3]]
    if best < _SAME and others and how != "parts":
        doubts.append(Message("it may be {others}", others="、".join(others)))

    # 4. What contradicts.
    ground = grounds[chosen[0]]
    if row.community and ground.community and not _same_community(row.community, ground.community):
        doubts.append(
            Message(
                "the ledger says {community}, the map {mapped}",
                community=row.community,
                mapped=ground.community,
            )
        )
    if place is not None:
        away_m = float(_meters(shapes[chosen], place).min())
        if away_m > _NEAR_M:
            doubts.append(Message("its address lies {away_m:.0f} m away", away_m=away_m))
    return LedgerMatch(row, tuple(chosen), best, how, tuple(doubts), tuple(others))


def _meant(
    row: LedgerRow,
    grounds: Sequence[Ground],
    namesakes: list[int],
    shapes: ObjectArray,
    place: shapely.Point | None,
) -> list[int]:
    """Return which of several grounds of one name a row's community, or else its address, tells."""
    of_community = [
        index
        for index in namesakes
        if row.community and _same_community(row.community, grounds[index].community)
    ]
    if len(of_community) == 1 or place is None:
        return of_community

    # by address, where only one of them is near
    meters = _meters(shapes[namesakes], place)
    if np.sort(meters)[1] > _NEAR_M >= meters.min():
        return [namesakes[int(np.argmin(meters))]]
    return []


def _score(wanted: str, known: str) -> tuple[float, str]:
    """Return how well a ground's name fits, and in which way."""
    # the same name, or the same but for an ending that only one of the two has
    if not wanted or not known:
        return 0.0, ""
    if wanted == known or without_committee(wanted) == known:
        return _SAME, "name"

    core, known_core = core_of(wanted), core_of(known)
    # 祁连 or 祁连家园小区 for 祁连家园
    if core == known or known_core == wanted:
        return _CORE, "name"
    if core == known_core:
        return _ENDING, "ending"
    if is_part_of(known, wanted) or is_part_of(known, core):
        return _PARTS, "parts"

    # a slip of the pen, or a part of a longer name
    longest = max(len(wanted), len(known))
    for one, other in ((wanted, known), (core, known_core)):
        alike = likeness(one, other)
        length = max(len(one), len(other))
        slips = slips_allowed(length) if is_chinese(one) else length // 6
        if (1.0 - alike) * length <= slips + 1e-9 and not conflict(one, other):
            return _SLIP * alike, "slip"
    contained = min(len(wanted), len(known)) > 2 and (wanted in known or known in wanted)
    if longest > 3 and contained and not conflict(wanted, known):
        return _SLIP / 2.0, "slip"
    return 0.0, ""


def _by_address(
    row: LedgerRow, grounds: Sequence[Ground], shapes: ObjectArray, place: shapely.Point | None
) -> LedgerMatch:
    """Return the ground at a row's address, where no name fits."""
    if place is None or not len(shapes):
        doubt = Message("no ground of that name on the map")
        return LedgerMatch(row, (), 0.0, "none", (doubt,), ())

    inside = np.flatnonzero(shapely.intersects(shapes, place))
    if len(inside) != 1:
        doubt = Message("no ground of that name on the map, none at that address")
        return LedgerMatch(row, (), 0.0, "none", (doubt,), ())

    doubt = Message(
        "by its address alone; the map calls the ground {ground}",
        ground=grounds[int(inside[0])].names[0],
    )
    return LedgerMatch(row, (int(inside[0]),), 0.5, "address", (doubt,), ())


def _claimed_once(matches: list[LedgerMatch], grounds: Sequence[Ground]) -> tuple[LedgerMatch, ...]:
    """Flag rows that claim a ground with others, unless they alone bear its very name."""
    claims = Counter(index for match in matches for index in match.grounds)
    by_name = Counter(index for match in matches for index in match.grounds if match.score == _SAME)

    flagged = []
    for match in matches:
        shared = [index for index in match.grounds if claims[index] > 1]
        only_bearer = match.score == _SAME and all(by_name[index] == 1 for index in shared)
        if shared and not only_bearer and match.how != "review":
            doubt = Message("another row claims {ground} too", ground=grounds[shared[0]].names[0])
            match = replace(match, doubts=(*match.doubts, doubt))
        flagged.append(match)
    return tuple(flagged)


def _same_community(one: str, other: str) -> bool:
    """Return whether two names of communities are the same but for 社区 and the committee's title."""
    first, second = without_committee(key_of(one)), without_committee(key_of(other))
    return first.removesuffix("社区") == second.removesuffix("社区")


def _meters(shapes: ObjectArray, place: shapely.Point) -> FloatArray:
    """Return (n,) about how many meters it is from the place to each shape.

    Degrees of longitude are shrunk by the cosine of the latitude.
    """
    shrink = np.array([np.cos(np.radians(place.y)), 1.0])
    flat = shapely.transform(shapes, lambda lonlat: lonlat * shrink)
    degrees = shapely.distance(flat, shapely.Point(place.x * shrink[0], place.y))
    return np.asarray(degrees * _M_PER_DEGREE)
