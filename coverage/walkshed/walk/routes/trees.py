"""How the shortest walks of many pairs go: by which anchors they begin and end, and the edges between them.

There is one search per station. All walks to it follow the tree that the search leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors
from walkshed.walk.terminals import Straight, Terminals, along_one_edge, arrivals, departures


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """How n walks go: by which anchors, and the edges between them; m edges in all."""

    walk: IntArray  # (n,) those that lead somewhere, ascending
    anchor: IntArray  # (n,)
    station_anchor: IntArray  # (n,)
    alone: BoolArray  # (n,) straight along one edge, or across one square
    across_m: FloatArray  # (n,) meters across that square; -1 for other walks
    leaves_by: IntArray  # (n,) by which end the first edge is left: 0 its start, 1 its end
    comes_by: IntArray  # (n,) likewise of the last edge
    edge_start: IntArray  # (n + 1,)
    edge: IntArray  # (m,)
    tail: Int32Array  # (m,) the nodes of the streets between which each is walked
    head: Int32Array  # (m,)


@dataclass(frozen=True, slots=True, eq=False)
class _Tree:
    """What the search towards one station says of n walks to it; m edges in all."""

    best: IntArray  # (n,) the terminal by which each begins, -1 for none
    meters: FloatArray  # (n,)
    station_anchor: IntArray  # (n,) -1 for none
    comes_by: IntArray  # (n,)
    count: IntArray  # (n,) edges
    edge: IntArray  # (m,)
    tail: Int32Array  # (m,)
    head: Int32Array  # (m,)


@dataclass(frozen=True, slots=True, eq=False)
class _Desk:
    """The work arrays of one search after the other; ``cost`` (inf) is left as it came."""

    head: Int32Array  # (arcs,) the node to which each arc leads
    cost: FloatArray  # (nodes,) meters to the station
    via: IntArray  # (nodes,) the arc that leads there, or -1 - seed
    order: Int32Array  # (nodes,) those that a search has met
    keys: FloatArray
    loads: IntArray


def ways_of(
    net: StreetNetwork,
    points: Anchors,
    stations: Anchors,
    *,
    point: IntArray,
    station: IntArray,
    most_m: FloatArray,
) -> Ways:
    """Return by which anchors each walk goes, and which edges lie between them.

    ``most_m`` (w,) are meters that each walk does not exceed, inf where none are known: the search
    towards a station goes no farther than the longest of its walks.
    """
    begin = departures(net, points)
    first = np.searchsorted(begin.row, np.arange(len(points.start)))
    straight = along_one_edge(net, points, stations)
    direct = _direct(straight, point, station, points=len(points.start) - 1)
    straight_m = np.append(straight.cost_m, np.inf)[direct]

    # the walks to each station together, along the tree of its search
    end = arrivals(net, stations)
    seeds = np.searchsorted(end.row, np.arange(len(stations.start)))
    order = np.argsort(station, kind="stable")
    listed, opens = np.unique(station[order], return_index=True)
    groups = np.split(order, opens[1:]) if len(order) else []

    desk = _desk(net, seeds=len(end.node))
    trees = [
        _tree(
            net,
            end.rows(slice(seeds[each], seeds[each + 1])),
            begin,
            rows=(first[point[walks]], first[point[walks] + 1]),
            other_m=straight_m[walks],
            most_m=float(most_m[walks].max()),
            desk=desk,
        )
        for each, walks in zip(listed.tolist(), groups, strict=True)
    ]

    def of_walks(name: str, dtype: type) -> np.ndarray:
        values: np.ndarray = np.empty(len(order), dtype=dtype)
        values[order] = np.concatenate([np.empty(0, dtype), *(getattr(t, name) for t in trees)])
        return values

    # straight along one edge where that is no longer
    best, meters = of_walks("best", np.int64), of_walks("meters", np.float64)
    alone = np.isfinite(straight_m) & (straight_m <= meters)
    walk = np.flatnonzero(alone | (best >= 0))
    alone, chosen, along = alone[walk], best[walk], direct[walk]

    # edges in the order of the walks
    count = of_walks("count", np.int64)[order]
    edge, tail, head = (
        np.concatenate([np.empty(0, np.int64), *(getattr(tree, name) for tree in trees)])
        for name in ("edge", "tail", "head")
    )
    sorted_by_walk = np.argsort(np.repeat(order, count), kind="stable")
    in_order = np.zeros(len(order), dtype=np.int64)
    in_order[order] = count

    anchors = [np.append(each, -1) for each in (begin.anchor, begin.at_end)]
    direct_anchors = [
        np.append(each, -1) for each in (straight.point_anchor, straight.station_anchor)
    ]
    return Ways(
        walk=walk,
        anchor=np.where(alone, direct_anchors[0][along], anchors[0][chosen]),
        station_anchor=np.where(
            alone, direct_anchors[1][along], of_walks("station_anchor", np.int64)[walk]
        ),
        alone=alone,
        across_m=_across_m(points, stations, straight, np.where(alone, along, -1)),
        leaves_by=anchors[1][chosen],
        comes_by=of_walks("comes_by", np.int64)[walk],
        edge_start=np.concatenate([[0], np.cumsum(in_order[walk])]),
        edge=edge[sorted_by_walk],
        tail=net.graph.street_node[tail[sorted_by_walk]],
        head=net.graph.street_node[head[sorted_by_walk]],
    )


def _across_m(points: Anchors, stations: Anchors, straight: Straight, row: IntArray) -> FloatArray:
    """Return the meters between the two places of walks ``row`` across one square, -1 for other walks."""
    meters = np.full(len(row), -1.0)
    found = np.flatnonzero(np.append(straight.on_square, False)[row])
    rows = row[found]
    legs_m = points.street_leg_m[straight.point_anchor[rows]]
    legs_m = legs_m + stations.street_leg_m[straight.station_anchor[rows]]
    meters[found] = straight.cost_m[rows] - legs_m
    return meters


def _direct(straight: Straight, point: IntArray, station: IntArray, *, points: int) -> IntArray:
    """Return (w,) the least walk straight along one edge of each pair, the first of equals.

    -1 for none.
    """
    key = straight.station * points + straight.point
    order = np.lexsort([straight.cost_m, key])
    listed, first = np.unique(key[order], return_index=True)

    wanted = station.astype(np.int64) * points + point
    place = np.searchsorted(listed, wanted)
    known = place < len(listed)
    known[known] = listed[place[known]] == wanted[known]

    found = np.full(len(wanted), -1, dtype=np.int64)
    found[known] = order[first[place[known]]]
    return found


def _desk(net: StreetNetwork, *, seeds: int) -> _Desk:
    """Return work arrays for one search after the other, of so many seeds at most."""
    into, arcs = net.graph.into, len(net.graph.tail)
    nodes = len(into) - 1
    return _Desk(
        head=np.repeat(np.arange(nodes), np.diff(into)).astype(np.int32),
        cost=np.full(nodes, np.inf),
        via=np.empty(nodes, dtype=np.int64),
        order=np.empty(nodes, dtype=np.int32),
        keys=np.empty(arcs + seeds + 1),
        loads=np.empty(arcs + seeds + 1, dtype=np.int64),
    )


def _tree(
    net: StreetNetwork,
    seeds: Terminals,
    begin: Terminals,
    *,
    rows: tuple[IntArray, IntArray],
    other_m: FloatArray,
    most_m: float,
    desk: _Desk,
) -> _Tree:
    """Return n walks of at most ``most_m`` to one station, of ``seeds``, along the tree of its search.

    Walk ``i`` begins by one of the terminals ``begin``, between its two ``rows``. One that is no
    longer straight along one edge (``other_m``) goes over no edge of the tree.
    """
    from walkshed.walk.kernels import following, tracing

    graph, count = net.graph, len(other_m)
    settled = tracing.settle_within(
        graph.into,
        graph.tail,
        graph.meters,
        seeds.node,
        seeds.cost_m,
        most_m,
        desk.cost,
        desk.via,
        desk.order,
        desk.keys,
        desk.loads,
    )
    best, meters = np.empty(count, dtype=np.int64), np.empty(count)
    following.begin_walks(*rows, begin.node, begin.cost_m, desk.cost, best, meters)

    # the edges of each walk: counted, then written
    node = np.where((best >= 0) & (other_m > meters), np.append(begin.node, -1)[best], -1)
    node = node.astype(np.int32)
    edges, seed = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    following.count_edges(node, desk.via, desk.head, graph.edge, edges, seed)
    edge = np.empty(int(edges.sum()), dtype=np.int64)
    tail, head = (np.empty(len(edge), dtype=np.int32) for _ in range(2))
    place = np.cumsum(edges) - edges
    following.write_edges(node, desk.via, desk.head, graph.edge, place, edge, tail, head)

    # the desk is left to the next search as it came
    desk.cost[desk.order[:settled]] = np.inf
    return _Tree(
        best=best,
        meters=meters,
        station_anchor=np.append(seeds.anchor, -1)[seed],
        comes_by=np.append(seeds.at_end, -1)[seed],
        count=edges,
        edge=edge,
        tail=tail,
        head=head,
    )
