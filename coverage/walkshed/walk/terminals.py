"""How walks begin and end part-way along edges: from anchors to nodes of the graph, and straight along one edge.

A walk from offset ``o`` on an edge reaches the edge's start if the edge may be walked backward, its
end if forward; an anchor that lies on an end of its edge is at that node, whatever the direction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, ranges, to_ticks
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors, Pace
from walkshed.walk.crossing import across


@dataclass(frozen=True, slots=True, eq=False)
class Terminals:
    """Ways between anchors and nodes, along part of the anchor's edge.

    ``cost_m`` includes the leg.
    """

    row: IntArray  # the point
    anchor: IntArray
    at_end: IntArray  # 0: by the edge's start, 1: by its end
    node: Int32Array
    cost_m: FloatArray

    def rows(self, some: slice) -> Terminals:
        """Return some of the ways."""
        return Terminals(
            self.row[some],
            self.anchor[some],
            self.at_end[some],
            self.node[some],
            self.cost_m[some],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Straight:
    """Walks that never leave one edge, or one square, from a point's anchor to a station's.

    ``cost_m`` includes both legs.
    """

    point: IntArray
    station: IntArray
    point_anchor: IntArray
    station_anchor: IntArray
    cost_m: FloatArray
    on_square: BoolArray  # across a square, not along an edge


def owner_of(anchors: Anchors) -> IntArray:
    """Return (a,) the point that owns each anchor."""
    return np.repeat(np.arange(len(anchors.start) - 1), np.diff(anchors.start))


def feet_of(anchors: Anchors) -> tuple[Anchors, Int32Array]:
    """Return where anchors meet the network, as points with one anchor and no leg, and the place of each anchor."""
    count = len(anchors.feet.edge)
    places = Anchors(
        start=np.arange(count + 1),
        foot=np.arange(count, dtype=np.int32),
        leg_m=np.zeros(count),
        feet=anchors.feet,
        point_xy=anchors.feet.xy,
        nearest_way_m=np.zeros(count),
    )
    return places, anchors.foot


def leg_cost(anchors: Anchors, pace: Pace | None) -> FloatArray:
    """Return (a,) what the leg of each anchor costs."""
    return anchors.leg_m if pace is None else to_ticks(anchors.leg_m * pace.leg_per_m)


def departures(net: StreetNetwork, points: Anchors, pace: Pace | None = None) -> Terminals:
    """Return the nodes to which points walk first, by anchor, an edge's start before its end."""
    return _terminals(net, points, (net.backward, net.forward), net.graph.leave_by, pace)


def arrivals(net: StreetNetwork, stations: Anchors, pace: Pace | None = None) -> Terminals:
    """Return the nodes from which stations are reached last.

    Sorted by anchor, an edge's start before its end.
    """
    return _terminals(net, stations, (net.forward, net.backward), net.graph.arrive_by, pace)


def along_one_edge(
    net: StreetNetwork, points: Anchors, stations: Anchors, pace: Pace | None = None
) -> Straight:
    """Return every walk along a single edge, or across a square, that joins an anchor of a point to one of a station.

    Sorted by the point's anchor; along edges before across squares.
    """
    # the few anchors on an edge on which a station stands
    holds = np.zeros(net.edge_count, dtype=bool)
    holds[stations.edge] = True
    near = np.flatnonzero(holds[points.feet.edge][points.foot])
    edge_of, offset_of = (
        points.feet.edge[points.foot[near]],
        points.feet.offset_m[points.foot[near]],
    )

    # each with every anchor of a station there
    by_edge = np.argsort(stations.edge, kind="stable")
    sorted_edge = stations.edge[by_edge]
    low = np.searchsorted(sorted_edge, edge_of, side="left")
    count = np.searchsorted(sorted_edge, edge_of, side="right") - low
    point_anchor = np.repeat(near, count)
    station_anchor = by_edge[ranges(low, count)]

    # those that may be walked in that direction
    edge = np.repeat(edge_of, count)
    ahead = stations.offset_m[station_anchor] - np.repeat(offset_of, count)
    open_way = np.where(ahead > 0, net.forward[edge], np.where(ahead < 0, net.backward[edge], True))
    point_anchor, station_anchor = point_anchor[open_way], station_anchor[open_way]
    ahead, edge = np.abs(ahead[open_way]), edge[open_way]

    # both legs are counted in one
    legs = points.leg_m[point_anchor] + stations.leg_m[station_anchor]
    walked = points.leg_m[point_anchor] + ahead + stations.leg_m[station_anchor]
    if pace is not None:
        walked = part_cost(pace, edge, ahead) + to_ticks(legs * pace.leg_per_m)
        passable = np.isfinite(walked)
        point_anchor, station_anchor = point_anchor[passable], station_anchor[passable]
        walked = walked[passable]

    # across squares
    inner = across(net, points, stations)
    inner_m = inner.legs_m + inner.inner_m
    if pace is not None:
        inner_m = to_ticks(inner.inner_m * pace.leg_per_m) + to_ticks(inner.legs_m * pace.leg_per_m)
    on_square = np.arange(len(walked) + len(inner_m)) >= len(walked)
    point_anchor = np.concatenate([point_anchor, inner.point_anchor])
    order = np.argsort(point_anchor, kind="stable")
    point_anchor = point_anchor[order]
    station_anchor = np.concatenate([station_anchor, inner.station_anchor])[order]
    return Straight(
        np.searchsorted(points.start, point_anchor, side="right") - 1,
        owner_of(stations)[station_anchor],
        point_anchor,
        station_anchor,
        np.concatenate([walked, inner_m])[order],
        on_square[order],
    )


def part_cost(pace: Pace, edge: Int32Array | IntArray, meters: FloatArray) -> FloatArray:
    """Return the cost of a part of each edge; nothing for no meters, even of a closed edge."""
    cost = np.zeros(len(meters))
    np.multiply(meters, pace.per_m[edge], out=cost, where=meters > 0.0)
    return to_ticks(cost)


def _terminals(
    net: StreetNetwork,
    anchors: Anchors,
    usable: tuple[BoolArray, BoolArray],
    nodes: Int32Array,
    pace: Pace | None,
) -> Terminals:
    """Return the ways between anchors and the open ends of their edges.

    ``usable`` tells of every edge whether its start and its end may be walked to; ``nodes``
    (edges, 2) are those at its start and its end.
    """
    from walkshed.walk.kernels import joining
    from walkshed.walk.kernels.labels import own

    edge, offset = anchors.edge, anchors.offset_m
    count = len(edge)
    ends_m, is_open = np.empty((count, 2)), np.empty((count, 2), dtype=np.bool_)
    ends_m[:, 0], ends_m[:, 1] = offset, net.edge_m[edge] - offset
    is_open[:, 0], is_open[:, 1] = usable[0][edge], usable[1][edge]
    per_m = np.empty(0) if pace is None else np.asarray(pace.per_m[edge], dtype=np.float64)

    # at most two of each anchor
    anchor, at_end = np.empty(2 * count, dtype=np.int64), np.empty(2 * count, dtype=np.int64)
    cost = np.empty(2 * count)
    leg = own(leg_cost(anchors, pace), np.float64)
    found = joining.open_ends(ends_m, is_open, leg, per_m, anchor, at_end, cost)

    anchor, at_end = anchor[:found], at_end[:found]
    node = np.ascontiguousarray(nodes[edge[anchor], at_end], dtype=np.int32)
    return Terminals(owner_of(anchors)[anchor], anchor, at_end, node, cost[:found])
