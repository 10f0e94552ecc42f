"""Walking distances from points to stations (definitions 2 to 5): the nearest two, and all within a limit."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import Int32Array, IntArray, frozen
from walkshed.model.ground.arcs import Arcs, pack
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors, Nearest, Pace, Pairs
from walkshed.model.messages import Message
from walkshed.walk.terminals import (
    along_one_edge,
    arrivals,
    departures,
    feet_of,
    leg_cost,
    part_cost,
)


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
    from walkshed.walk.kernels import by_feet
    from walkshed.walk.kernels import searches as kernels

    # from every foot, each once
    place = _places(rank, len(stations.start) - 1)
    feet, foot = feet_of(points)
    begin, end = departures(net, feet, pace), arrivals(net, stations, pace)
    foot_cost, foot_owner = kernels.two_nearest(
        arcs(net, pace),
        end.node,
        end.cost_m,
        place[end.row],
        read_row=begin.row,
        read_node=begin.node,
        read_cost=begin.cost_m,
        rows=len(feet.edge),
        second=second,
    )

    # from every point by its feet, and straight along one edge
    straight = along_one_edge(net, points, stations, pace)
    count = len(points.start) - 1
    distance, owner = np.full((count, 2), np.inf), np.full((count, 2), -1, dtype=np.int32)
    by_feet.lower_by_feet(
        points.start, foot, leg_cost(points, pace), foot_cost, foot_owner, distance, owner
    )
    by_feet.lower_direct(straight.point, place[straight.station], straight.cost_m, distance, owner)
    if not second:
        distance[:, 1], owner[:, 1] = np.inf, -1

    # the last entry answers for -1, no station
    station_at = np.full(len(place) + 1, -1, dtype=np.int32)
    station_at[place] = np.arange(len(place), dtype=np.int32)
    return Nearest(frozen(station_at[owner]), frozen(distance))


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
    from walkshed.walk.kernels import by_feet
    from walkshed.walk.kernels import searches as kernels

    if not limit_m >= 0.0:
        raise InvalidValueError(
            Message(
                "limit_m = {limit_m} is not a valid distance; give meters, 0 or more",
                limit_m=limit_m,
            )
        )
    count = len(stations.start) - 1

    # from every foot within the limit, each once
    feet, foot = feet_of(points)
    begin, end = departures(net, feet, pace), arrivals(net, stations, pace)
    station, place, cost = kernels.rows_within(
        arcs(net, pace),
        np.searchsorted(end.row, np.arange(count + 1)),
        end.node,
        end.cost_m,
        limit=float(limit_m),
        reads=kernels.reads_at(begin.node, begin.row, begin.cost_m, len(net.graph.into) - 1),
        rows=len(feet.edge),
    )

    # from every point by its feet, and straight along one edge
    found_from, found = group(place, len(feet.edge))
    straight = along_one_edge(net, points, stations, pace)
    direct_from = np.searchsorted(straight.point, np.arange(len(points.start)))
    start, of_point, meters = by_feet.joined(
        points.start,
        foot,
        leg_cost(points, pace),
        (found_from, station[found], cost[found]),
        (direct_from, straight.station, straight.cost_m),
        limit=float(limit_m),
        stations=count,
    )
    point = np.repeat(np.arange(len(points.start) - 1, dtype=np.int32), np.diff(start))
    return Pairs(frozen(point), frozen(of_point), frozen(meters), float(limit_m))


def arcs(net: StreetNetwork, pace: Pace | None) -> Arcs:
    """Return the arcs of the graph as the kernels take them: at the cost of a pace, without those that it closes."""
    graph = net.graph
    if pace is None:
        return graph.arcs

    walked = graph.edge >= 0  # the others change a layer and cost nothing
    cost = np.zeros(len(graph.edge))
    ruling = net.squares.ruling_edge(net.edge_count)
    cost[walked] = part_cost(pace, ruling[graph.edge[walked]], graph.meters[walked])

    passable = np.isfinite(cost)
    into = np.concatenate([[0], np.cumsum(passable)])[graph.into]
    return pack(into.astype(np.int64), graph.tail[passable], cost[passable])


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
            Message(
                "rank is not an order of {count} {count:station|stations}: give each of 0 to "
                "{last} once",
                count=count,
                last=count - 1,
            )
        )
    return place.astype(np.int32)
