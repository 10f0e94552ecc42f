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

#: Stations stand on ways where people walk and stop; not on stairs, and not on private ground.
MIN_COMPONENT_M = 500.0


def street_positions(
    net: StreetNetwork, *, spacing_m: float, min_component_m: float = MIN_COMPONENT_M
) -> tuple[Candidates, Anchors]:
    """Return positions along the public streets, at most about ``spacing_m`` apart, and their anchors (no leg).

    Each edge is divided into equal parts of ``spacing_m`` at most, its ends included. Of positions
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

    # public ways of large components, each divided into equal parts
    public = ~net.steps & ~net.private & net.enterable
    edges = np.flatnonzero(public & (net.component_m[net.component] >= min_component_m))
    parts = np.maximum(np.ceil(net.edge_m[edges] / spacing_m).astype(np.int64), 1)
    edge = np.repeat(edges, parts + 1)
    place = ranges(0, parts + 1)
    share = place / np.repeat(parts, parts + 1)
    offset_m = np.minimum(to_ticks(share * net.edge_m[edge]), net.edge_m[edge])

    # junctions first: of positions that are close, the earlier one stays
    inner = (place > 0) & (share < 1.0)
    order = np.lexsort((place, edge, inner))
    edge, offset_m = edge[order], offset_m[order]
    xy = _along(net, edge, offset_m)
    kept = _apart(xy, spacing_m / 2.0)
    edge, offset_m, xy = edge[kept], offset_m[kept], xy[kept]

    # a position on the street is its own anchor, without a leg
    count = len(kept)
    anchors = on_own_feet(
        start=read_only(np.arange(count + 1), np.int64),
        edge=read_only(edge, np.int32),
        offset_m=read_only(offset_m, np.float64),
        leg_m=read_only(np.zeros(count), np.float64),
        xy=read_only(xy, np.float64),
        point_xy=read_only(xy, np.float64),
        nearest_way_m=read_only(np.zeros(count), np.float64),
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


def _along(net: StreetNetwork, edge: IntArray, offset_m: FloatArray) -> FloatArray:
    """Return (k, 2) plane positions ``offset_m`` meters along edges."""
    xy = np.empty((len(edge), 2))
    for row, (number, meters) in enumerate(zip(edge.tolist(), offset_m.tolist(), strict=True)):
        vertices = slice(net.vertex_from[number], net.vertex_from[number + 1])
        for axis in range(2):
            xy[row, axis] = np.interp(meters, net.vertex_m[vertices], net.vertex_xy[vertices, axis])
    return xy


def _passing(listed: Features, rule: Mapping[str, Collection[str] | None]) -> list[int]:
    """Return the rows whose tags pass the rule."""
    return [
        row
        for row, tags in enumerate(listed.tags)
        if any(
            key in tags and (values is None or tags[key] in values) for key, values in rule.items()
        )
    ]
