"""Where a station may stand: along the streets, in mapped buildings and features, or in rooms that a planner lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, IntArray, ranges, read_only, to_ticks
from walkshed.model.extract import Extract, Features
from walkshed.model.network import StreetNetwork
from walkshed.model.plane import Plane
from walkshed.model.siting import Candidates, Room
from walkshed.model.walking import Anchors, on_own_feet

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
        raise InvalidValueError(f"spacing_m = {spacing_m} is no spacing; give meters above 0")
    standing = ~net.steps & ~net.private & net.enterable
    edges = np.flatnonzero(standing & (net.component_m[net.component] >= min_component_m))
    parts = np.maximum(np.ceil(net.edge_m[edges] / spacing_m).astype(np.int64), 1)
    edge = np.repeat(edges, parts + 1)
    place = ranges(0, parts + 1)
    share = place / np.repeat(parts, parts + 1)
    offset = np.minimum(to_ticks(share * net.edge_m[edge]), net.edge_m[edge])
    inner = (place > 0) & (share < 1.0)
    order = np.lexsort((place, edge, inner))
    edge, offset = edge[order], offset[order]
    xy = _along(net, edge, offset)
    kept = _apart(xy, spacing_m / 2.0)
    edge, offset, xy = edge[kept], offset[kept], xy[kept]
    count = len(kept)
    names = tuple(net.names[net.name[e]] for e in edge)
    anchors = on_own_feet(
        start=read_only(np.arange(count + 1), np.int64),
        edge=read_only(edge, np.int32),
        offset_m=read_only(offset, np.float64),
        leg_m=read_only(np.zeros(count), np.float64),
        xy=read_only(xy, np.float64),
        point_xy=read_only(xy, np.float64),
        nearest_way_m=read_only(np.zeros(count), np.float64),
    )
    ids = tuple(f"street-{number + 1}" for number in range(count))
    return Candidates(ids, names, ("street",) * count, read_only(xy, np.float64), None), anchors


def features(
    extract: Extract, plane: Plane, rule: Mapping[str, Collection[str] | None]
) -> Candidates:
    """Return mapped buildings and places whose tags pass ``rule``: for one of its keys, one of its values (None: any).

    One inner point each, in the order of places, then buildings; an element that is listed as both
    counts once.
    """
    ids: list[str] = []
    names: list[str] = []
    points = []
    seen: set[tuple[str, int]] = set()
    for listed in (extract.places, extract.buildings):
        for row in _passing(listed, rule):
            key = (listed.osm_type[row], int(listed.osm_id[row]))
            if key in seen:
                continue
            seen.add(key)
            ids.append(f"{key[0]}{key[1]}")
            names.append(listed.tags[row].get("name", ""))
            points.append(shapely.point_on_surface(listed.geometry[row]))
    xy = plane.to_xy(shapely.get_coordinates(np.array(points, dtype=object)).reshape(-1, 2))
    return Candidates(
        tuple(ids), tuple(names), ("feature",) * len(ids), read_only(xy, np.float64), None
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
    """Return (c,) how many services fit: the room's area by ``service_m2``, ``most`` where the area is unknown."""
    if candidates.rooms is None:
        return np.full(len(candidates.id), most)
    areas = [room.area_m2 for room in candidates.rooms]
    return np.array(
        [most if area is None else min(most, int(area // service_m2)) for area in areas],
        dtype=np.int64,
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """Kept positions by square, to find neighbors."""

    size: float
    members: dict[tuple[int, int], list[int]]


def _apart(xy: FloatArray, least_m: float) -> IntArray:
    """Return the rows that stay when each one closer than ``least_m`` to an earlier one that stays is dropped."""
    cells = _Cells(least_m, {})
    kept: list[int] = []
    square = np.floor(xy / least_m).astype(np.int64)
    for row in range(len(xy)):
        i, j = int(square[row, 0]), int(square[row, 1])
        near = [
            m
            for a in (i - 1, i, i + 1)
            for b in (j - 1, j, j + 1)
            for m in cells.members.get((a, b), ())
        ]
        if near and float(np.hypot(*(xy[near] - xy[row]).T).min()) < least_m:
            continue
        cells.members.setdefault((i, j), []).append(row)
        kept.append(row)
    return np.array(kept, dtype=np.int64)


def _along(net: StreetNetwork, edge: IntArray, offset_m: FloatArray) -> FloatArray:
    """Return (k, 2) plane positions ``offset_m`` meters along edges."""
    xy = np.empty((len(edge), 2))
    for row, (e, meters) in enumerate(zip(edge.tolist(), offset_m.tolist(), strict=True)):
        vertices = slice(net.vertex_from[e], net.vertex_from[e + 1])
        for axis in range(2):
            xy[row, axis] = np.interp(meters, net.vertex_m[vertices], net.vertex_xy[vertices, axis])
    return xy


def _passing(listed: Features, rule: Mapping[str, Collection[str] | None]) -> list[int]:
    return [
        row
        for row, tags in enumerate(listed.tags)
        if any(
            key in tags and (values is None or tags[key] in values) for key, values in rule.items()
        )
    ]
