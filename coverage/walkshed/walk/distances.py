"""Walking distances from points to stations (definitions 2 to 5): the nearest two, and all within a limit."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, Int32Array, IntArray, read_only
from walkshed.model.network import StreetNetwork
from walkshed.model.walking import Anchors, Nearest, Pace, Pairs
from walkshed.walk.terminals import along_one_edge, arrivals, departures, part_cost


def nearest(
    net: StreetNetwork,
    points: Anchors,
    stations: Anchors,
    *,
    rank: ArrayLike | None = None,
    pace: Pace | None = None,
    second: bool = True,
) -> Nearest:
    """Return, for each point, the nearest station and the nearest other one, however far.

    Distances run from the point to the station and include the legs of both; they are exact
    multiples of 1/1024 m. Of stations equally far the one of lower ``rank`` comes first: ``rank``
    (s,) is the place of each station in the order of ids (the order of rows, when None). ``pace``
    counts the walk otherwise than in meters that are open to all. Without ``second`` the other one
    is not searched, in half the time, and its columns hold -1 and inf. Raises ``InvalidValueError``
    if ``rank`` is no such order.
    """
    from walkshed.walk import kernels

    place = _places(rank, len(stations.start) - 1)
    begin, end = departures(net, points, pace), arrivals(net, stations, pace)
    straight = along_one_edge(net, points, stations, pace)
    into, tail, weight = arcs(net, pace)
    distance, owner = kernels.two_nearest(
        into,
        tail,
        weight,
        end.node,
        end.cost_m,
        place[end.row],
        begin.row,
        begin.node,
        begin.cost_m,
        straight.point,
        place[straight.station],
        straight.cost_m,
        len(points.start) - 1,
        second=second,
    )
    # the last entry answers for -1, nobody
    station_at = np.full(len(place) + 1, -1, dtype=np.int32)
    station_at[place] = np.arange(len(place), dtype=np.int32)
    return Nearest(read_only(station_at[owner], np.int32), read_only(distance, np.float64))


def pairs(
    net: StreetNetwork,
    points: Anchors,
    stations: Anchors,
    *,
    limit_m: float,
    pace: Pace | None = None,
) -> Pairs:
    """Return the walking distance of every point and station that are within ``limit_m`` (≤) of each other.

    Distances as in ``nearest``; rows sorted by point, then station. With a ``pace`` both distances
    and limit are in its unit. Raises ``InvalidValueError`` for a limit that is no distance;
    infinity asks for every connected pair.
    """
    from walkshed.walk import kernels

    if not limit_m >= 0.0:
        raise InvalidValueError(f"limit_m = {limit_m} is no distance; give meters, 0 or more")
    count = len(stations.start) - 1
    begin, end = departures(net, points, pace), arrivals(net, stations, pace)
    straight = along_one_edge(net, points, stations, pace)
    read_from, read = group(begin.node, len(net.graph.into) - 1)
    direct_from, direct = group(straight.station, count)
    into, tail, weight = arcs(net, pace)
    station, point, distance = kernels.rows_within(
        into,
        tail,
        weight,
        np.searchsorted(end.row, np.arange(count + 1)),
        end.node,
        end.cost_m,
        float(limit_m),
        read_from,
        begin.row[read],
        begin.cost_m[read],
        direct_from,
        straight.point[direct],
        straight.cost_m[direct],
        len(points.start) - 1,
    )
    order = np.lexsort((station, point))
    return Pairs(
        read_only(point[order], np.int32),
        read_only(station[order], np.int32),
        read_only(distance[order], np.float64),
        float(limit_m),
    )


def arcs(net: StreetNetwork, pace: Pace | None) -> tuple[IntArray, Int32Array, FloatArray]:
    """Return the arcs of the graph as the kernels take them, closed ones left out: into, tail, cost of each."""
    graph = net.graph
    if pace is None:
        return graph.into, graph.tail, graph.meters
    walked = graph.edge >= 0  # the others change a layer and cost nothing
    cost = np.zeros(len(graph.edge))
    cost[walked] = part_cost(pace, graph.edge[walked], graph.meters[walked])
    passable = np.isfinite(cost)
    into = np.concatenate([[0], np.cumsum(passable)])[graph.into]
    return into.astype(np.int64), graph.tail[passable], cost[passable]


def group(key: Int32Array | IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Return (from, rows): the rows that hold key k are ``rows[from[k]:from[k + 1]]``, for k below ``size``."""
    start = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(key, minlength=size), out=start[1:])
    return start, np.argsort(key, kind="stable")


def _places(rank: ArrayLike | None, count: int) -> Int32Array:
    """Return the rank of each station as int32, checked to be an order of all of them."""
    if rank is None:
        return np.arange(count, dtype=np.int32)
    place = np.asarray(rank)
    if place.shape != (count,) or not np.array_equal(np.sort(place), np.arange(count)):
        raise InvalidValueError(
            f"rank is no order of {count} stations: give each of 0 to {count - 1} once"
        )
    return place.astype(np.int32)
