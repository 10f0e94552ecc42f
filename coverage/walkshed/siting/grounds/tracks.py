"""The stretches of street along which stations may stand: on small streets, and beside large ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ObjectArray, ranges
from walkshed.model.ground.network import StreetNetwork
from walkshed.needs.people.faces import lines_of
from walkshed.siting.grounds.ground import Ground
from walkshed.siting.grounds.sweeping import along

#: Beside a roadway, a station stands so far from its edge.
BESIDE_M = 1.0
#: Stretches end so far before ground without stations: places are rounded to a centimeter.
KEPT_OFF_M = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """k stretches: from ``low_m`` to ``high_m`` along an edge, at ``away_m`` to its left (negative: right).

    Those beside a street follow one of its straight parts, that from vertex ``vertex``.
    """

    edge: IntArray  # (k,)
    vertex: IntArray  # (k,) -1 where the stretch follows the edge itself
    away_m: FloatArray  # (k,)
    low_m: FloatArray  # (k,)
    high_m: FloatArray  # (k,)


def tracks(net: StreetNetwork, ground: Ground, public: BoolArray) -> Tracks:
    """Return the stretches along the edges marked ``public`` on which the ground lets a station stand.

    (1) Small streets: the edge itself. (2) Large streets: a line on either side of the roadway,
    beside each straight part. (3) Of these, what lies on no ground without stations.
    """
    edges = np.flatnonzero(public & ~ground.closed)
    parts: list[tuple[int, int, float, float, float]] = []
    tree = shapely.STRtree(ground.polygons)

    # (1)
    small = edges[ground.clear_m[edges] == 0.0]
    lines = lines_of(net, small).lines
    touched: dict[int, list[int]] = {}
    if len(small) and len(ground.polygons):
        for row, polygon in tree.query(lines, predicate="intersects").T.tolist():
            touched.setdefault(row, []).append(polygon)
    for row, edge in enumerate(small.tolist()):
        if row not in touched:
            parts.append((edge, -1, 0.0, 0.0, float(net.edge_m[edge])))
            continue
        barrier = ground.polygons[sorted(touched[row])]
        pieces: list[tuple[float, float]] = []
        for part in range(net.vertex_from[edge], net.vertex_from[edge + 1] - 1):
            for low, high in _free(net, part, np.zeros(2), barrier):
                if pieces and pieces[-1][1] == low:
                    pieces[-1] = (pieces[-1][0], high)
                else:
                    pieces.append((low, high))
        parts += [(edge, -1, 0.0, low, high) for low, high in pieces]

    # (2)
    large = edges[ground.clear_m[edges] > 0.0]
    count = np.diff(net.vertex_from)[large] - 1
    vertex = np.repeat(ranges(net.vertex_from[large], count), 2)
    owner = np.repeat(large, 2 * count)
    away_m = (ground.clear_m[owner] + BESIDE_M) * np.tile([1.0, -1.0], len(vertex) // 2)
    shift = _left(net, vertex) * away_m[:, None]
    beside = shapely.linestrings(
        np.stack([net.vertex_xy[vertex] + shift, net.vertex_xy[vertex + 1] + shift], axis=1)
    )
    near: list[list[int]] = [[] for _ in vertex]
    for row, polygon in tree.query(beside, predicate="intersects").T.tolist():
        near[row].append(polygon)
    for row, (edge, part) in enumerate(zip(owner.tolist(), vertex.tolist(), strict=True)):
        barrier = ground.polygons[sorted(near[row])]
        parts += [
            (edge, part, float(away_m[row]), low, high)
            for low, high in _free(net, part, shift[row], barrier)
        ]

    # (3)
    table = np.array(parts, dtype=np.float64).reshape(-1, 5)
    table = table[table[:, 4] >= table[:, 3]]
    edge, vertex = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    return Tracks(edge, vertex, table[:, 2], table[:, 3], table[:, 4])


def places_along(
    net: StreetNetwork, stretches: Tracks, row: IntArray, offset_m: FloatArray
) -> FloatArray:
    """Return (n, 2) the places at ``offset_m`` along the edges of the stretches ``row``."""
    edge = stretches.edge[row]
    xy = along(net.vertex_from, net.vertex_m, net.vertex_xy, edge, offset_m)
    beside = np.flatnonzero(stretches.vertex[row] >= 0)
    shift = _left(net, stretches.vertex[row[beside]])
    xy[beside] += shift * stretches.away_m[row[beside], None]
    return xy


def _free(
    net: StreetNetwork, vertex: int, shift: FloatArray, barrier: ObjectArray
) -> list[tuple[float, float]]:
    """Return the offsets between which the straight part from a vertex, shifted, lies off the barrier's polygons."""
    start_m, end_m = net.vertex_m[vertex], net.vertex_m[vertex + 1]
    ends = net.vertex_xy[vertex : vertex + 2] + shift
    length = float(np.hypot(*(ends[1] - ends[0])))
    if length == 0.0 or not len(barrier):
        return [(float(start_m), float(end_m))]

    free = []
    left = shapely.linestrings(ends)
    for polygon in barrier:
        left = shapely.difference(left, polygon)
    for part in shapely.get_parts(left):
        met = shapely.get_coordinates(part)
        if not len(met):
            continue
        along = np.sort(np.hypot(*(met[[0, -1]] - ends[0]).T)) / length
        low = start_m + along[0] * (end_m - start_m)
        high = start_m + along[1] * (end_m - start_m)
        low = start_m if along[0] < 1e-9 else low + KEPT_OFF_M
        high = end_m if along[1] > 1.0 - 1e-9 else high - KEPT_OFF_M
        if high >= low:
            free.append((float(low), float(high)))
    return sorted(free)


def _left(net: StreetNetwork, vertex: IntArray) -> FloatArray:
    """Return (n, 2) unit vectors to the left of the straight parts from vertices."""
    along = net.vertex_xy[vertex + 1] - net.vertex_xy[vertex]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-12)
    return np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None]
