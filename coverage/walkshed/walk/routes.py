"""The shortest walk from a point to a station, with its exact line and its street names."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, IntArray, read_only
from walkshed.model.network import StreetNetwork
from walkshed.model.walking import Anchors, Route, Stretch
from walkshed.walk.pieces import cut
from walkshed.walk.terminals import Terminals, along_one_edge, arrivals, departures

_LEG = -1  # the edge of a piece that lies on none


@dataclass(slots=True)
class _Pieces:
    """The pieces of several walks, end to end, as they are walked: a leg, parts of edges, a leg.

    ``from_m`` and ``to_m`` are meters along the edge, from > to walks it backward; an edge walked
    as a whole has the nodes ``tail`` and ``head`` instead (-1 else).
    """

    edge: list[int] = field(default_factory=list)
    from_m: list[float] = field(default_factory=list)
    to_m: list[float] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)

    def add(
        self, edge: int, from_m: float = 0.0, to_m: float = 0.0, tail: int = -1, head: int = -1
    ) -> None:
        self.edge.append(edge)
        self.from_m.append(from_m)
        self.to_m.append(to_m)
        self.tail.append(tail)
        self.head.append(head)


def route(net: StreetNetwork, point: Anchors, station: Anchors) -> Route | None:
    """Return the shortest walk from the one point of ``point`` to the one station of ``station``, or None.

    Its meters are exactly the distance that ``nearest`` and ``pairs`` report; those of its
    stretches sum to it. The line begins at the point (the door taken, where a point has several)
    and ends at the station.
    """
    if len(point.start) != 2 or len(station.start) != 2:
        raise InvalidValueError(
            f"a route joins one point to one station, not {len(point.start) - 1} to {len(station.start) - 1}; "
            "pass anchors of one point each"
        )
    return routes(net, point, station)[0]


def routes(net: StreetNetwork, points: Anchors, station: Anchors) -> list[Route | None]:
    """Return the shortest walk from each point to the one station, None where there is none; the search is made once.

    Each is the walk that ``route`` returns for that point alone. Steps: (1) how each walk begins:
    straight along one edge, or at a node; (2) the pieces that it goes over; (3) the lines of all
    pieces; (4) stretches by name.
    """
    count = len(points.start) - 1
    end = arrivals(net, station)
    cost, via = _search(net, end)
    begin, straight = departures(net, points), along_one_edge(net, points, station)  # (1)
    # the last one, at -1, stands for none
    by_graph_m = np.append(cost[begin.node] + begin.cost_m, np.inf)
    straight_m = np.append(straight.cost_m, np.inf)
    best, direct = _least(begin.row, by_graph_m, count), _least(straight.point, straight_m, count)
    along = np.isfinite(straight_m[direct]) & (straight_m[direct] <= by_graph_m[best])
    walked = np.flatnonzero(along | np.isfinite(by_graph_m[best])).tolist()

    pieces, ends, first = _Pieces(), [], [0]  # (2)
    head_of = np.repeat(np.arange(len(cost)), np.diff(net.graph.into))
    for row in walked:
        pieces.add(_LEG)
        if along[row]:
            a, b = (
                int(straight.point_anchor[direct[row]]),
                int(straight.station_anchor[direct[row]]),
            )
            pieces.add(int(points.edge[a]), float(points.offset_m[a]), float(station.offset_m[b]))
        else:
            out = best[row]
            a = int(begin.anchor[out])
            pieces.add(
                int(points.edge[a]),
                float(points.offset_m[a]),
                _end_m(net, points.edge[a], begin.at_end[out]),
            )
            seed = _follow(net, int(begin.node[out]), via, head_of, pieces)
            b = int(end.anchor[seed])
            pieces.add(
                int(station.edge[b]),
                _end_m(net, station.edge[b], end.at_end[seed]),
                float(station.offset_m[b]),
            )
        pieces.add(_LEG)
        ends.append((a, b))
        first.append(len(pieces.edge))
    found: list[Route | None] = [None] * count
    for row, (a, _), (line, stretches) in zip(
        walked, ends, _drawn(net, pieces, first, points, station, ends), strict=True
    ):
        meters = sum(stretch.meters for stretch in stretches)
        found[row] = Route(
            float(meters), read_only(line, np.float64), stretches, a - int(points.start[row])
        )
    return found


def _least(row: IntArray, meters: FloatArray, rows: int) -> IntArray:
    """Return for each of ``rows`` the first of its least entries, -1 for none; ``row`` is that of each but the last."""
    order = np.lexsort((meters[:-1], row))
    first = np.searchsorted(row[order], np.arange(rows + 1))
    found = np.full(rows, -1, dtype=np.int64)
    some = np.diff(first) > 0
    found[some] = order[first[:-1][some]]
    return found


def _follow(
    net: StreetNetwork, node: int, via: IntArray, head_of: IntArray, pieces: _Pieces
) -> int:
    """Add the edges that lead from a node to the station, and return the seed at which they end."""
    graph = net.graph
    while (arc := via.item(node)) >= 0:
        edge, head = graph.edge.item(arc), head_of.item(arc)
        if edge >= 0:  # else a step into or out of a private pocket
            pieces.add(edge, tail=graph.street_node.item(node), head=graph.street_node.item(head))
        node = head
    return -1 - arc


def _search(net: StreetNetwork, end: Terminals) -> tuple[FloatArray, IntArray]:
    """Return for each node of the graph the meters to the station, and the arc (or -1 - seed) that leads there."""
    from walkshed.walk import kernels

    graph = net.graph
    nodes = len(graph.into) - 1
    stamp, via = np.full(nodes, -1, dtype=np.int64), np.empty(nodes, dtype=np.int64)
    cost, order = np.full(nodes, np.inf), np.empty(nodes, dtype=np.int32)
    room = len(graph.tail) + len(end.node) + 1
    kernels.settle_within(
        graph.into,
        graph.tail,
        graph.meters,
        end.node,
        end.cost_m,
        np.inf,
        0,
        stamp,
        cost,
        via,
        order,
        np.empty(room),
        np.empty(room, dtype=np.int64),
    )
    return cost, via


def _end_m(net: StreetNetwork, edge: int, at_end: int) -> float:
    return float(net.edge_m[edge]) if at_end else 0.0


def _drawn(
    net: StreetNetwork,
    pieces: _Pieces,
    first: list[int],
    points: Anchors,
    station: Anchors,
    ends: list[tuple[int, int]],
) -> list[tuple[FloatArray, tuple[Stretch, ...]]]:
    """Return lines and stretches; walk ``w`` goes over pieces ``first[w]:first[w + 1]`` between anchors ``ends[w]``."""
    if not ends:
        return []
    edge = np.array(pieces.edge, dtype=np.int64)
    from_m, to_m = _along(net, edge, pieces)
    legs = np.array(
        [[_door(points, a), points.xy[a], station.xy[b], _door(station, b)] for a, b in ends]
    )
    start, xy = _lines(net, edge, from_m, to_m, legs.reshape(-1, 2))  # (3)
    # A piece adds its vertices but for the first one, where the one before it ends, and those that
    # stay in place.
    keep = np.append(False, (xy[1:] != xy[:-1]).any(axis=1))
    keep[start[:-1]] = False
    keep[start[first[:-1]]] = True  # where a walk begins
    kept = np.concatenate([[0], np.cumsum(keep)])[start]
    xy = xy[keep]

    meters = np.abs(to_m - from_m)
    meters[first[:-1]] = points.leg_m[[a for a, _ in ends]]
    meters[np.array(first[1:]) - 1] = station.leg_m[[b for _, b in ends]]
    kind = np.where(
        edge < 0,
        _LEG,
        (net.name[edge].astype(np.int64) * 2 + net.steps[edge]) * 2 + net.private[edge],
    )
    drawn = []
    for (low, high), (_, _, _, door) in zip(pairwise(first), legs, strict=True):
        line = xy[kept[low] : kept[high]]
        last = (kept[low + 1 : high + 1] - kept[low] - 1).tolist()
        if len(line) == 1:
            line = np.vstack([line, door])
        last[-1] = len(line) - 1
        # (4)
        drawn.append(
            (line, _stretches(net, kind[low:high].tolist(), meters[low:high].tolist(), last))
        )
    return drawn


def _along(net: StreetNetwork, edge: IntArray, pieces: _Pieces) -> tuple[FloatArray, FloatArray]:
    """Return from where to where each piece is walked; a loop as a whole along its direction, if that is open."""
    from_m, to_m = np.array(pieces.from_m), np.array(pieces.to_m)
    tail, head = np.array(pieces.tail), np.array(pieces.head)
    whole = tail >= 0
    own = edge[whole]
    ahead = (tail[whole] == net.edge_start[own]) & (head[whole] == net.edge_end[own])
    ahead = np.where(net.edge_start[own] == net.edge_end[own], net.forward[own], ahead)
    from_m[whole], to_m[whole] = (
        np.where(ahead, 0.0, net.edge_m[own]),
        np.where(ahead, net.edge_m[own], 0.0),
    )
    return from_m, to_m


def _lines(
    net: StreetNetwork, edge: IntArray, from_m: FloatArray, to_m: FloatArray, legs: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Return (q + 1,) where the line of each piece starts, and vertices; ``legs`` has two for each piece on none."""
    on_leg = edge < 0
    low, high = np.minimum(from_m, to_m), np.maximum(from_m, to_m)
    whole = ~on_leg & (low == 0.0) & (high == net.edge_m[edge])  # nearly all: no cut to compute
    part = ~on_leg & ~whole
    cuts = cut(net, edge[part], low[part], high[part])
    begin, size = net.vertex_from[edge[whole]], np.diff(net.vertex_from)[edge[whole]]
    ends = np.concatenate([[0], np.cumsum(size)])
    uncut = net.vertex_xy[np.arange(ends[-1]) + np.repeat(begin - ends[:-1], size)]

    count, origin = np.full(len(edge), 2), np.empty(len(edge), dtype=np.int64)
    count[part], count[whole] = np.diff(cuts.start), size
    origin[part], origin[whole] = cuts.start[:-1], len(cuts.xy) + ends[:-1]
    origin[on_leg] = len(cuts.xy) + len(uncut) + 2 * np.arange(np.count_nonzero(on_leg))
    start = np.concatenate([[0], np.cumsum(count)])
    piece = np.repeat(np.arange(len(edge)), count)
    at = np.arange(start[-1]) - start[piece]
    backward = (from_m > to_m)[piece]
    row = origin[piece] + np.where(backward, count[piece] - 1 - at, at)
    return start, np.concatenate([cuts.xy, uncut, legs])[row]


def _stretches(
    net: StreetNetwork, kind: list[int], meters: list[float], last: list[int]
) -> tuple[Stretch, ...]:
    """Return the stretches of one walk: pieces of no length are left out, neighbors of one kind are joined."""
    joined: list[tuple[int, float, int]] = []
    for own, own_m, end in zip(kind, meters, last, strict=True):
        if own_m == 0.0:
            continue
        if joined and joined[-1][0] == own:
            joined[-1] = (own, joined[-1][1] + own_m, end)
        else:
            joined.append((own, own_m, end))
    if joined:  # a last leg of less than half a millimeter has no stretch of its own
        joined[-1] = (*joined[-1][:2], last[-1])
    stretches, begin = [], 0
    for own, own_m, end in joined:
        if own == _LEG:
            stretches.append(Stretch("", own_m, steps=False, kind="leg", first=begin, last=end))
        else:
            name, steps, word = (
                net.names[own >> 2],
                bool(own & 2),
                "private" if own & 1 else "street",
            )
            stretches.append(Stretch(name, own_m, steps=steps, kind=word, first=begin, last=end))
        begin = end
    return tuple(stretches)


def _door(anchors: Anchors, anchor: int) -> FloatArray:
    """Return where the leg of one anchor begins."""
    if anchors.door_xy is not None:
        door: FloatArray = anchors.door_xy[anchor]
        return door
    owner: FloatArray = anchors.point_xy[np.searchsorted(anchors.start, anchor, side="right") - 1]
    return owner
