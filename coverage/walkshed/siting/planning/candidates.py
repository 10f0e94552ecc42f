"""Where a station may stand: along the streets, in mapped buildings, or in rooms that are listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, IntArray, ranges, read_only, to_ticks
from walkshed.model.ground.extract import Extract, Features
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.plane import Plane
from walkshed.model.ground.walking import Anchors, on_own_feet
from walkshed.model.messages import Message
from walkshed.model.plans.siting import Candidates, Room
from walkshed.model.results import Results
from walkshed.siting.grounds.dominating import Asking, ends_of_walks, undominated
from walkshed.siting.grounds.ground import Ground, all_ground
from walkshed.siting.grounds.tracks import Tracks, places_along, tracks

#: Stations stand on ways where people walk and stop; not on stairs, and not on private ground.
MIN_COMPONENT_M = 500.0


def street_positions(
    net: StreetNetwork,
    *,
    spacing_m: float,
    min_component_m: float = MIN_COMPONENT_M,
    ground: Ground | None = None,
    stretches: Tracks | None = None,
) -> tuple[Candidates, Anchors]:
    """Return positions along the public streets, at most about ``spacing_m`` apart, and where they meet these.

    Each stretch on which the ground lets a station stand is divided into equal parts of
    ``spacing_m`` at most, its ends included; without a ``ground`` that is each street. ``stretches``
    are these where they are known already. Of positions
    closer than half the spacing in a straight line only the first stays, junctions before others,
    lower edges first. Steps, private ways and components shorter than ``min_component_m`` are left
    out. Raises ``InvalidValueError`` for a spacing of 0 or less.
    """
    if not spacing_m > 0:
        raise InvalidValueError(
            Message(
                "spacing_m = {spacing_m} is not a valid spacing; give meters above 0",
                spacing_m=spacing_m,
            )
        )

    # stretches along public ways of large components, each divided into equal parts
    if stretches is None:
        stretches = open_stretches(net, ground, min_component_m=min_component_m)
    long_m = stretches.high_m - stretches.low_m
    parts = np.maximum(np.ceil(long_m / spacing_m).astype(np.int64), 1)
    row = np.repeat(np.arange(len(parts)), parts + 1)
    place = ranges(0, parts + 1)
    share = place / np.repeat(parts, parts + 1)
    edge = stretches.edge[row]
    offset_m = to_ticks(stretches.low_m[row] + share * long_m[row])
    offset_m = np.minimum(offset_m, net.edge_m[edge])

    # junctions first: of positions that are close, the earlier one stays
    inner = (offset_m > 0) & (offset_m < net.edge_m[edge])
    order = np.lexsort((place, edge, inner))
    row, offset_m = row[order], offset_m[order]
    xy = places_along(net, stretches, row, offset_m)
    kept = _apart(xy, spacing_m / 2.0)
    return _on_streets(net, stretches, row[kept], offset_m[kept], xy[kept])


def ends_on_streets(
    results: Results, stretches: Tracks, asked: tuple[Asking, ...], *, most: int
) -> Candidates | None:
    """Return places on the streets among which some best plan stands, none that another one outdoes.

    None where they are more than ``most``, or the stretches are so many that they would be.
    """
    net = results.network
    if len(stretches.edge) > 2 * most:
        return None

    ends = ends_of_walks(net, results.demand, stretches, asked)
    kept = undominated(ends.rows, sum(len(asking.point) for asking in asked))
    if len(kept) > most:
        return None
    row, offset_m = ends.stretch[kept], ends.offset_m[kept]
    xy = places_along(net, stretches, row, offset_m)
    return _on_streets(net, stretches, row, offset_m, xy)[0]


def open_stretches(
    net: StreetNetwork, ground: Ground | None, *, min_component_m: float = MIN_COMPONENT_M
) -> Tracks:
    """Return the stretches of public streets along which a station may stand."""
    public = ~net.steps & ~net.private & net.enterable
    public &= net.component_m[net.component] >= min_component_m
    return tracks(net, ground or all_ground(net), public)


def _on_streets(
    net: StreetNetwork, stretches: Tracks, row: IntArray, offset_m: FloatArray, xy: FloatArray
) -> tuple[Candidates, Anchors]:
    """Return positions along stretches as candidates, and where they meet the streets."""
    count, edge = len(row), stretches.edge[row]
    beside_m = to_ticks(np.abs(stretches.away_m[row]))
    anchors = on_own_feet(
        start=read_only(np.arange(count + 1), np.int64),
        edge=read_only(edge, np.int32),
        offset_m=read_only(offset_m, np.float64),
        leg_m=read_only(beside_m, np.float64),
        xy=read_only(xy, np.float64),
        point_xy=read_only(xy, np.float64),
        nearest_way_m=read_only(beside_m, np.float64),
    )
    candidates = Candidates(
        tuple(f"street-{number + 1}" for number in range(count)),
        tuple(net.names[name] for name in net.name[edge]),
        ("street",) * count,
        read_only(xy, np.float64),
        None,
    )
    return candidates, anchors


def features(
    extract: Extract, plane: Plane, rule: Mapping[str, Collection[str] | None]
) -> Candidates:
    """Return mapped buildings and places whose tags pass ``rule``, one inner point each.

    They pass with one of its keys and one of the key's values (None: any). Places come first, then
    buildings; an element that is listed as both counts once.
    """
    # the name and the point of each element
    elements: dict[str, tuple[str, shapely.Point]] = {}
    for listed in (extract.places, extract.buildings):
        for row in _passing(listed, rule):
            key = f"{listed.osm_type[row]}{int(listed.osm_id[row])}"
            if key not in elements:
                point = shapely.point_on_surface(listed.geometry[row])
                elements[key] = listed.tags[row].get("name", ""), point

    points = np.array([point for _, point in elements.values()], dtype=object)
    xy = plane.to_xy(shapely.get_coordinates(points).reshape(-1, 2))
    return Candidates(
        tuple(elements),
        tuple(name for name, _ in elements.values()),
        ("feature",) * len(elements),
        read_only(xy, np.float64),
        None,
    )


def rooms(listed: tuple[Room, ...], plane: Plane) -> Candidates:
    """Return the rooms of a planner's table as candidates, sorted by id."""
    ordered = tuple(sorted(listed, key=lambda room: room.id))
    lonlat = np.array([(room.lon, room.lat) for room in ordered], dtype=np.float64).reshape(-1, 2)
    return Candidates(
        tuple(room.id for room in ordered),
        tuple(room.name for room in ordered),
        ("room",) * len(ordered),
        read_only(plane.to_xy(lonlat), np.float64),
        ordered,
    )


def service_slots(candidates: Candidates, *, service_m2: float, most: int) -> IntArray:
    """Return (c,) how many services fit at each candidate, ``most`` at most.

    In a room of known area there is one for each ``service_m2``.
    """
    slots = np.full(len(candidates.id), most)
    for row, room in enumerate(candidates.rooms or ()):
        if room.area_m2 is not None:
            slots[row] = min(most, int(room.area_m2 // service_m2))
    return slots


def _apart(xy: FloatArray, least_m: float) -> IntArray:
    """Return the rows that stay when those closer than ``least_m`` to an earlier one are dropped.

    Only earlier rows that stay themselves count.
    """
    # kept rows by squares of least_m: neighbors are in the same square or one beside it
    squares: dict[tuple[int, int], list[int]] = {}
    kept: list[int] = []
    corner = np.floor(xy / least_m).astype(np.int64)
    for row in range(len(xy)):
        i, j = int(corner[row, 0]), int(corner[row, 1])
        near = [
            neighbor
            for column in (i - 1, i, i + 1)
            for line in (j - 1, j, j + 1)
            for neighbor in squares.get((column, line), ())
        ]
        if near and float(np.hypot(*(xy[near] - xy[row]).T).min()) < least_m:
            continue

        squares.setdefault((i, j), []).append(row)
        kept.append(row)
    return np.array(kept, dtype=np.int64)


def _passing(listed: Features, rule: Mapping[str, Collection[str] | None]) -> list[int]:
    """Return the rows whose tags pass the rule."""
    return [
        row
        for row, tags in enumerate(listed.tags)
        if any(
            key in tags and (values is None or tags[key] in values) for key, values in rule.items()
        )
    ]
