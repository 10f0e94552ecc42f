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
    touched = np.zeros(len(small), dtype=bool)
    if len(small) and len(ground.polygons):
        touched[tree.query(lines, predicate="intersects")[0]] = True
    whole = small[~touched]
    parts += [
        (edge, -1, 0.0, 0.0, length_m)
        for edge, length_m in zip(whole.tolist(), net.edge_m[whole].tolist(), strict=True)
    ]
    count = np.diff(net.vertex_from)[small[touched]] - 1
    vertex = ranges(net.vertex_from[small[touched]], count)
    owner = np.repeat(small[touched], count).tolist()
    pieces: dict[int, list[tuple[float, float]]] = {}
    for row, low, high in _free(net, vertex, np.zeros((len(vertex), 2)), ground.polygons, tree):
        along_edge = pieces.setdefault(owner[row], [])
        if along_edge and along_edge[-1][1] == low:
            along_edge[-1] = (along_edge[-1][0], high)
        else:
            along_edge.append((low, high))
    parts += [(edge, -1, 0.0, *piece) for edge, found in pieces.items() for piece in found]
    parts.sort()

    # (2)
    large = edges[ground.clear_m[edges] > 0.0]
    count = np.diff(net.vertex_from)[large] - 1
    vertex = np.repeat(ranges(net.vertex_from[large], count), 2)
    owner_of = np.repeat(large, 2 * count)
    away_m = (ground.clear_m[owner_of] + BESIDE_M) * np.tile([1.0, -1.0], len(vertex) // 2)
    shift = _left(net, vertex) * away_m[:, None]
    parts += [
        (int(owner_of[row]), int(vertex[row]), float(away_m[row]), low, high)
        for row, low, high in _free(net, vertex, shift, ground.polygons, tree)
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
    net: StreetNetwork,
    vertex: IntArray,
    shift: FloatArray,
    polygons: ObjectArray,
    tree: shapely.STRtree,
) -> list[tuple[int, float, float]]:
    """Return (row, low, high): between which offsets the straight parts from vertices lie off the polygons.

    Each part is moved by its ``shift``. Rows ascend, and the offsets of each.
    """
    begin, end = net.vertex_xy[vertex] + shift, net.vertex_xy[vertex + 1] + shift
    left = shapely.linestrings(np.stack([begin, end], axis=1).reshape(-1, 2, 2))

    # every part less the polygons that it meets, one after the other
    row, polygon = tree.query(left, predicate="intersects")
    order = np.lexsort((polygon, row))
    row, polygon = row[order], polygon[order]
    first = np.searchsorted(row, row)
    turn = np.arange(len(row)) - first
    for number in range(int(turn.max(initial=-1)) + 1):
        now = np.flatnonzero(turn == number)
        left[row[now]] = shapely.difference(left[row[now]], polygons[polygon[now]])

    # what is left of each, as offsets
    pieces, of_row = shapely.get_parts(left, return_index=True)
    met, of_piece = shapely.get_coordinates(pieces, return_index=True)
    heads = np.searchsorted(of_piece, np.arange(len(pieces)))
    tails = np.searchsorted(of_piece, np.arange(len(pieces)), side="right") - 1
    length = np.hypot(*(end - begin).T)
    clear = np.ones(len(vertex), dtype=bool)
    clear[row] = False
    found = [
        (int(at), float(net.vertex_m[vertex[at]]), float(net.vertex_m[vertex[at] + 1]))
        for at in np.flatnonzero(clear | (length == 0.0))
    ]
    for piece, at in enumerate(of_row.tolist()):
        if clear[at] or length[at] == 0.0 or tails[piece] < heads[piece]:
            continue
        ends = met[[heads[piece], tails[piece]]]
        along_part = np.sort(np.hypot(*(ends - begin[at]).T)) / length[at]
        start_m, end_m = net.vertex_m[vertex[at]], net.vertex_m[vertex[at] + 1]
        low = start_m + along_part[0] * (end_m - start_m)
        high = start_m + along_part[1] * (end_m - start_m)
        low = start_m if along_part[0] < 1e-9 else low + KEPT_OFF_M
        high = end_m if along_part[1] > 1.0 - 1e-9 else high - KEPT_OFF_M
        if high >= low:
            found.append((at, float(low), float(high)))
    return sorted(found)


def _left(net: StreetNetwork, vertex: IntArray) -> FloatArray:
    """Return (n, 2) unit vectors to the left of the straight parts from vertices."""
    along = net.vertex_xy[vertex + 1] - net.vertex_xy[vertex]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-12)
    return np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None]
