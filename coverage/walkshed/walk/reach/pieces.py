"""The stretches of street from which a station is within a limit, cut exactly (definition 6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import (
    TICKS,
    FloatArray,
    Int32Array,
    IntArray,
    ObjectArray,
    ranges,
    read_only,
)
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors, Pieces
from walkshed.walk.terminals import arrivals, owner_of


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Stretches in ticks (1/1024 m): of edge ``way``, or, where negative, of the leg of anchor ``way + a`` of a."""

    station: IntArray
    limit: IntArray  # index of the limit
    way: IntArray
    low: IntArray
    high: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Many polylines: line ``i`` runs over rows ``start[i]:start[i + 1]`` of ``xy``."""

    start: IntArray
    xy: FloatArray


def reached_spans(net: StreetNetwork, stations: Anchors, limits_m: FloatArray) -> Spans:
    """Return all stretches from which residents walk at most each limit, merged and sorted by station, limit, way, low.

    ``limits_m`` ascend. Steps: (1) the cost from every end of an edge at which residents of that
    edge may come out; (2) per limit, what is left of it beyond each end; (3) the stretches that
    lead straight to a station on the same edge; (4) the legs of the stations, cut too, but for
    walks across squares; (5) overlapping and touching stretches become one.
    """
    station, edge, at_end, cost = _ends_within(net, stations, float(limits_m[-1]))  # (1)
    anchor_edge, anchor_station = stations.edge.astype(np.int64), owner_of(stations)
    parts = []
    for number, limit_m in enumerate(limits_m):
        left, length = limit_m - cost, net.edge_m[edge]
        low = np.where(at_end, np.maximum(length - left, 0.0), 0.0)
        high = np.where(at_end, length, np.minimum(left, length))
        parts.append(_spans(station, number, edge, low, np.where(left > 0.0, high, low)))  # (2)

        left, length = limit_m - stations.leg_m, net.edge_m[anchor_edge]
        left = np.maximum(left, 0.0)
        low = np.where(
            net.forward[anchor_edge], np.maximum(stations.offset_m - left, 0.0), stations.offset_m
        )
        high = np.where(
            net.backward[anchor_edge],
            np.minimum(stations.offset_m + left, length),
            stations.offset_m,
        )
        parts.append(_spans(anchor_station, number, anchor_edge, low, high))  # (3)

        leg = np.arange(len(anchor_edge)) - len(anchor_edge)
        drawn_m = np.where(stations.on_square, 0.0, np.minimum(stations.leg_m, limit_m))
        parts.append(_spans(anchor_station, number, leg, np.zeros(len(leg)), drawn_m))  # (4)
    return _merged(parts)  # (5)


def to_pieces(limits_m: FloatArray, spans: Spans, paths: Paths) -> Pieces:
    """Return spans and their lines as the Pieces that leave this room."""
    lines: ObjectArray = np.empty(0, dtype=object)
    if len(spans.way):
        span_of = np.repeat(np.arange(len(spans.way)), np.diff(paths.start))
        lines = np.asarray(shapely.linestrings(paths.xy, indices=span_of))

    return Pieces(
        station=read_only(spans.station, np.int32),
        limit_m=read_only(limits_m[spans.limit], np.float64),
        edge=read_only(np.maximum(spans.way, -1), np.int32),
        from_m=read_only(spans.low / TICKS, np.float64),
        to_m=read_only(spans.high / TICKS, np.float64),
        geometry=read_only(lines, object),
    )


def span_paths(net: StreetNetwork, stations: Anchors, spans: Spans) -> Paths:
    """Return the line of each span on the plane; a leg runs from the station to its foot."""
    on_leg = spans.way < 0
    low, high = spans.low / TICKS, spans.high / TICKS
    edge_rows, leg_rows = np.flatnonzero(~on_leg), np.flatnonzero(on_leg)
    streets = cut(net, spans.way[edge_rows], low[edge_rows], high[edge_rows])
    anchor = spans.way[leg_rows] + len(stations.edge)
    legs = _leg_ends(stations, anchor, high[leg_rows])

    # streets and legs in the order of the spans
    count = np.empty(len(spans.way), dtype=np.int64)
    count[edge_rows], count[leg_rows] = np.diff(streets.start), 2
    start = np.concatenate([[0], np.cumsum(count)])

    xy = np.empty((start[-1], 2))
    xy[np.repeat(~on_leg, count)] = streets.xy
    xy[np.repeat(on_leg, count)] = legs.reshape(-1, 2)
    return Paths(start, xy)


def cut(
    net: StreetNetwork, edge: IntArray | Int32Array, from_m: FloatArray, to_m: FloatArray
) -> Paths:
    """Return the lines of stretches of edges, ``from_m`` ≤ ``to_m`` in meters along each.

    Cuts are interpolated.
    """
    first, last = net.vertex_from[edge], net.vertex_from[np.asarray(edge) + 1]
    count = last - first
    line = np.repeat(np.arange(len(first)), count)
    vertex = ranges(first, count)
    at = net.vertex_m[vertex]

    inside = (at > np.repeat(from_m, count)) & (at < np.repeat(to_m, count))

    # The segment that holds a cut begins at the last vertex at or before it (before it, for the far
    # cut).
    before_from = np.bincount(line[at <= np.repeat(from_m, count)], minlength=len(first))
    before_to = np.bincount(line[at < np.repeat(to_m, count)], minlength=len(first))
    begin = _at(net, np.clip(first + before_from - 1, first, last - 2), from_m)
    end = _at(net, np.clip(first + before_to - 1, first, last - 2), to_m)

    inner = np.bincount(line[inside], minlength=len(first))
    start = np.concatenate([[0], np.cumsum(inner + 2)])
    xy = np.empty((start[-1], 2))
    is_inner = np.ones(len(xy), dtype=bool)
    is_inner[start[:-1]] = is_inner[start[1:] - 1] = False
    xy[is_inner] = net.vertex_xy[vertex[inside]]
    xy[start[:-1]], xy[start[1:] - 1] = begin, end
    return Paths(start, xy)


def _at(net: StreetNetwork, vertex: IntArray, meters: FloatArray) -> FloatArray:
    """Return (n, 2) the places ``meters`` from the edges' starts, in the segments that begin at ``vertex``."""
    begin_m, length = net.vertex_m[vertex], net.vertex_m[vertex + 1] - net.vertex_m[vertex]
    fraction = np.clip(
        np.divide(meters - begin_m, length, out=np.zeros(len(vertex)), where=length > 0.0), 0.0, 1.0
    )
    begin, end = net.vertex_xy[vertex], net.vertex_xy[vertex + 1]
    return np.where((fraction == 1.0)[:, None], end, begin + fraction[:, None] * (end - begin))


def _leg_ends(stations: Anchors, anchor: IntArray, walked_m: FloatArray) -> FloatArray:
    """Return (n, 2, 2) the line from the station, or its door, towards the foot, ``walked_m`` long."""
    doors = stations.point_xy[owner_of(stations)] if stations.door_xy is None else stations.door_xy
    begin, foot, leg = doors[anchor], stations.xy[anchor], stations.leg_m[anchor]
    fraction = np.divide(walked_m, leg, out=np.zeros(len(leg)), where=leg > 0.0)
    end = np.where((fraction == 1.0)[:, None], foot, begin + fraction[:, None] * (foot - begin))
    return np.stack([begin, end], axis=1)


def _ends_within(
    net: StreetNetwork, stations: Anchors, limit_m: float
) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    """Return (station, edge, 0 for its start or 1 for its end, meters from there) within the limit."""
    from walkshed.walk.kernels import searches as kernels

    graph = net.graph
    end = arrivals(net, stations)

    open_side = np.column_stack([net.backward, net.forward]).ravel()
    side = np.flatnonzero(open_side)
    node = graph.leave_by.reshape(-1)[side]
    count = len(stations.start) - 1

    station, row, cost = kernels.rows_within(
        graph.arcs,
        np.searchsorted(end.row, np.arange(count + 1)),
        end.node,
        end.cost_m,
        limit=limit_m,
        reads=kernels.reads_at(node, side, np.zeros(len(side)), len(graph.into) - 1),
        rows=2 * net.edge_count,
    )
    return station.astype(np.int64), row >> 1, row & 1, cost


def _spans(
    station: IntArray, limit: int, way: IntArray, low_m: FloatArray, high_m: FloatArray
) -> Spans:
    """Return the stretches that are longer than nothing, in ticks."""
    low, high = np.rint(low_m * TICKS).astype(np.int64), np.rint(high_m * TICKS).astype(np.int64)
    keep = high > low
    return Spans(station[keep], np.full(int(keep.sum()), limit), way[keep], low[keep], high[keep])


def _merged(parts: list[Spans]) -> Spans:
    """Return the union of all stretches, sorted by station, limit, way and low end."""
    station = np.concatenate([part.station for part in parts])
    limit = np.concatenate([part.limit for part in parts])
    way = np.concatenate([part.way for part in parts])
    low = np.concatenate([part.low for part in parts])
    high = np.concatenate([part.high for part in parts])

    if len(way) == 0:
        return Spans(station, limit, way, low, high)

    order = np.lexsort((high, low, way, limit, station))
    station, limit, way = station[order], limit[order], way[order]
    low, high = low[order], high[order]
    new_way = np.ones(len(way), dtype=bool)
    new_way[1:] = (np.diff(station) != 0) | (np.diff(limit) != 0) | (np.diff(way) != 0)

    # Lifting each way's ticks above those of the ways before it makes one running maximum serve
    # all; int64 is exact.
    lift = np.cumsum(new_way) * (int(high.max()) + 1)
    reach = np.maximum.accumulate(high + lift) - lift

    # a stretch that begins beyond all before it is a new one
    new = new_way.copy()
    new[1:] |= low[1:] > reach[:-1]
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(new)) - 1
    return Spans(station[first], limit[first], way[first], low[first], reach[last])
