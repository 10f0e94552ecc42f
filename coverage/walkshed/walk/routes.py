"""The shortest walk from a point to a station, with its exact line and its street names."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, IntArray, read_only
from walkshed.model.network import StreetNetwork
from walkshed.model.walking import Anchors, Route, Stretch
from walkshed.walk.pieces import cut
from walkshed.walk.terminals import Terminals, along_one_edge, arrivals, departures


@dataclass(frozen=True, slots=True)
class Part:
    """A part of one edge as it is walked, ``from_m`` and ``to_m`` along the edge; from > to walks it backward."""

    edge: int
    from_m: float
    to_m: float


def route(net: StreetNetwork, point: Anchors, station: Anchors) -> Route | None:
    """Return the shortest walk from the one point of ``point`` to the one station of ``station``, or None.

    Its meters are exactly the distance that ``nearest`` and ``pairs`` report; those of its stretches sum to it. The
    line begins at the point (the door taken, where a point has several) and ends at the station.
    """
    if len(point.start) != 2 or len(station.start) != 2:
        raise InvalidValueError(
            f"a route joins one point to one station, not {len(point.start) - 1} to {len(station.start) - 1}; "
            "pass anchors of one point each"
        )
    return routes(net, point, station)[0]


def routes(net: StreetNetwork, points: Anchors, station: Anchors) -> list[Route | None]:
    """Return the shortest walk from each point to the one station, None where there is none; the search is made once.

    Each is the walk that ``route`` returns for that point alone.
    """
    end = arrivals(net, station)
    search = _search(net, end)
    found: list[Route | None] = []
    for row in range(len(points.start) - 1):
        point = points.take(np.array([row]))
        walked = _shortest(net, point, station, end, *search)
        found.append(None if walked is None else _drawn(net, walked[0], point, walked[1], station, walked[2]))
    return found


def _shortest(
    net: StreetNetwork, point: Anchors, station: Anchors, end: Terminals, cost: FloatArray, via: IntArray
) -> tuple[list[Part], int, int] | None:
    """Return the parts walked, the anchor of the point and that of the station; ``cost`` and ``via`` as searched."""
    begin = departures(net, point)
    straight = along_one_edge(net, point, station)
    total = cost[begin.node] + begin.cost_m
    best = int(np.argmin(total)) if len(total) else -1
    direct = int(np.argmin(straight.cost_m)) if len(straight.cost_m) else -1
    by_graph_m = float(total[best]) if best >= 0 else np.inf
    if direct >= 0 and straight.cost_m[direct] <= by_graph_m:
        a, b = int(straight.point_anchor[direct]), int(straight.station_anchor[direct])
        return [Part(int(point.edge[a]), float(point.offset_m[a]), float(station.offset_m[b]))], a, b
    if not np.isfinite(by_graph_m):
        return None
    a, node = int(begin.anchor[best]), int(begin.node[best])
    parts = [Part(int(point.edge[a]), float(point.offset_m[a]), _end_m(net, point.edge[a], begin.at_end[best]))]
    while via[node] >= 0:
        arc = int(via[node])
        edge = int(net.graph.edge[arc])
        head = int(np.searchsorted(net.graph.into, arc, side="right")) - 1
        if edge >= 0:
            parts.append(_whole(net, edge, net.graph.street_node[node], net.graph.street_node[head]))
        node = head
    seed = int(-1 - via[node])
    b = int(end.anchor[seed])
    parts.append(Part(int(station.edge[b]), _end_m(net, station.edge[b], end.at_end[seed]), float(station.offset_m[b])))
    return parts, a, b


def _search(net: StreetNetwork, end: Terminals) -> tuple[FloatArray, IntArray]:
    """Return for each node of the graph the meters to the station, and the arc (or -1 - seed) that leads there."""
    from walkshed.walk import kernels

    graph = net.graph
    nodes = len(graph.into) - 1
    stamp, via = np.full(nodes, -1, dtype=np.int64), np.empty(nodes, dtype=np.int64)
    cost, order = np.full(nodes, np.inf), np.empty(nodes, dtype=np.int32)
    room = len(graph.tail) + len(end.node) + 1
    kernels.settle_within(
        graph.into, graph.tail, graph.meters, end.node, end.cost_m,
        np.inf, 0, stamp, cost, via, order, np.empty(room), np.empty(room, dtype=np.int64),
    )  # fmt: skip
    return cost, via


def _end_m(net: StreetNetwork, edge: int, at_end: int) -> float:
    return float(net.edge_m[edge]) if at_end else 0.0


def _whole(net: StreetNetwork, edge: int, tail: int, head: int) -> Part:
    """Return an edge walked from node ``tail`` to node ``head``; a loop along its direction, if that is open."""
    length = float(net.edge_m[edge])
    along = bool(tail == net.edge_start[edge] and head == net.edge_end[edge])
    if net.edge_start[edge] == net.edge_end[edge]:
        along = bool(net.forward[edge])
    return Part(edge, 0.0, length) if along else Part(edge, length, 0.0)


def _drawn(net: StreetNetwork, parts: list[Part], point: Anchors, first: int, station: Anchors, last: int) -> Route:
    """Return the route: a leg, the parts of edges, a leg; neighbors of one name, kind and make are joined."""
    pieces = [(_leg(float(point.leg_m[first])), np.array([_door(point, first), point.xy[first]]))]
    for part in parts:
        low, high = min(part.from_m, part.to_m), max(part.from_m, part.to_m)
        if low == 0.0 and high == net.edge_m[part.edge]:  # nearly all: no cut to compute
            xy = net.vertex_xy[net.vertex_from[part.edge] : net.vertex_from[part.edge + 1]]
        else:
            xy = cut(net, np.array([part.edge]), np.array([low]), np.array([high])).xy
        pieces.append((_street(net, part.edge, high - low), xy if part.from_m <= part.to_m else xy[::-1]))
    pieces.append((_leg(float(station.leg_m[last])), np.array([station.xy[last], _door(station, last)])))

    line: list[FloatArray] = [_door(point, first)]
    stretches: list[Stretch] = []
    for stretch, xy in pieces:
        line += list(xy[1:][(xy[1:] != xy[:-1]).any(axis=1)])
        before = stretches[-1] if stretches else None
        if stretch.meters == 0.0:
            continue
        if before is not None and _alike(before, stretch):
            stretches[-1] = replace(before, meters=before.meters + stretch.meters, last=len(line) - 1)
        else:
            begin = 0 if before is None else before.last
            stretches.append(replace(stretch, first=begin, last=len(line) - 1))
    if len(line) == 1:
        line.append(_door(station, last))
    if stretches:  # a last leg of less than half a millimeter has no stretch of its own
        stretches[-1] = replace(stretches[-1], last=len(line) - 1)
    meters = sum(stretch.meters for stretch in stretches)
    return Route(float(meters), read_only(np.array(line), np.float64), tuple(stretches), first)


def _alike(one: Stretch, other: Stretch) -> bool:
    return (one.name, one.steps, one.kind) == (other.name, other.steps, other.kind)


def _door(anchors: Anchors, anchor: int) -> FloatArray:
    """Return where the leg of one anchor begins."""
    door: FloatArray = anchors.point_xy[0] if anchors.door_xy is None else anchors.door_xy[anchor]
    return door


def _leg(meters: float) -> Stretch:
    return Stretch("", meters, steps=False, kind="leg", first=0, last=0)


def _street(net: StreetNetwork, edge: int, meters: float) -> Stretch:
    kind = "private" if net.private[edge] else "street"
    return Stretch(net.names[net.name[edge]], meters, steps=bool(net.steps[edge]), kind=kind, first=0, last=0)
