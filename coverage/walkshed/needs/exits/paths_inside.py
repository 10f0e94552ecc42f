"""Mapped ways inside compounds, by which residents walk to a station among them (definition 3)."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, ranges, to_ticks
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Pace
from walkshed.model.judged.coverage import Yards
from walkshed.needs.exits.yards import crossed
from walkshed.walk.anchors import index_of, nearest_feet

#: A leg that ends on a street, or at the edge, does not cross it. Both are drawn in steps of
#: 1/64 m, so that the tip of a leg may lie on either side, longer where it runs nearly along them.
_TIP_M = 1 / 4


@dataclass(frozen=True, slots=True, eq=False)
class FeetInside:
    """Where n places of one yard meet its ways.

    The feet of place ``i`` are rows ``start[i]:start[i + 1]``.
    """

    start: IntArray  # (n + 1,)
    edge: Int32Array
    offset_m: FloatArray
    leg_m: FloatArray

    @property
    def nearest_m(self) -> FloatArray:
        """(n,) the leg of each place, inf where it meets no way."""
        legs = np.full(len(self.start) - 1, np.inf)
        np.minimum.at(legs, np.repeat(np.arange(len(legs)), np.diff(self.start)), self.leg_m)
        return legs


#: A part of an edge as it is walked: the edge, from where and to where in meters from its start.
Piece = tuple[int, float, float]
_NOWHERE: Piece = (-1, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of the walk to the door, the node at its end (-1: the door), and what all costs from here."""

    cost: float
    piece: Piece
    onward: int


@dataclass(frozen=True, slots=True, eq=False)
class Court:
    """A door inside a yard, and the homes of the yard that walk to it along its ways."""

    edge: Int32Array  # (k,) the ways of the yard, as parts of edges
    low_m: FloatArray  # (k,)
    high_m: FloatArray  # (k,)
    door: FeetInside  # one place
    homes: FeetInside

    def cost(self, net: StreetNetwork, pace: Pace | None) -> FloatArray:
        """Return (n,) what the walk of each home to the door costs, legs and all.

        Inf where no way leads there.
        """
        to_door = self._nodes(net, pace)
        homes = range(len(self.homes.start) - 1)
        costs = [self._begin(net, pace, to_door, home).cost for home in homes]
        return np.array(costs, dtype=np.float64)

    def path(self, net: StreetNetwork, home: int) -> tuple[float, tuple[Piece, ...], float]:
        """Return the walk of a home: its leg to the ways, the pieces of ways, and the leg to the door."""
        to_door = self._nodes(net, None)
        step = self._begin(net, None, to_door, home)
        pieces = [step.piece]
        while step.onward >= 0:
            step = to_door[step.onward]
            pieces.append(step.piece)
        return self.homes.nearest_m[home], tuple(pieces), self.door.nearest_m[0]

    def _begin(
        self, net: StreetNetwork, pace: Pace | None, to_door: dict[int, Step], home: int
    ) -> Step:
        """Return the first step of the least walk from a home."""
        best = Step(float("inf"), _NOWHERE, -1)
        own = slice(*self.homes.start[home : home + 2])

        for edge, offset_m, leg_m in zip(*_rows(self.homes, own), strict=True):
            leg = _leg_cost(pace, leg_m)
            for part in self._parts_at(edge, offset_m):
                onward = [
                    Step(cost + to_door[node].cost, piece, node)
                    for node, cost, piece in self._ends(net, pace, part, offset_m, leaving=True)
                    if node in to_door
                ]
                for step in (*onward, *self._along(net, pace, part, offset_m)):
                    if leg + step.cost < best.cost:
                        best = replace(step, cost=leg + step.cost)
        return best

    def _nodes(self, net: StreetNetwork, pace: Pace | None) -> dict[int, Step]:
        """Return the next step from nodes of the yard towards the door, with the cost of all that are left.

        By Dijkstra's algorithm from the door over the few ways of the yard, against the direction
        of the walk.
        """
        waiting: list[tuple[float, int, Piece, int]] = []
        for edge, offset_m, leg_m in zip(*_rows(self.door, slice(None)), strict=True):
            for part in self._parts_at(edge, offset_m):
                for node, cost, piece in self._ends(net, pace, part, offset_m, leaving=False):
                    heapq.heappush(waiting, (cost + _leg_cost(pace, leg_m), node, piece, -1))

        # whole edges, by the node to which they lead
        into: dict[int, list[tuple[float, int, Piece]]] = {}
        whole = np.flatnonzero((self.low_m == 0.0) & (self.high_m == net.edge_m[self.edge]))
        for edge in self.edge[whole].tolist():
            start, end = int(net.edge_start[edge]), int(net.edge_end[edge])
            edge_m = float(net.edge_m[edge])
            cost = _part_cost(pace, edge, edge_m)
            if net.forward[edge]:
                into.setdefault(end, []).append((cost, start, (edge, 0.0, edge_m)))
            if net.backward[edge]:
                into.setdefault(start, []).append((cost, end, (edge, edge_m, 0.0)))

        found: dict[int, Step] = {}
        while waiting:
            cost, node, piece, onward = heapq.heappop(waiting)
            if node in found or cost == np.inf:
                continue
            found[node] = Step(cost, piece, onward)
            for more, before, own in into.get(node, ()):
                heapq.heappush(waiting, (cost + more, before, own, node))
        return found

    def _parts_at(self, edge: int, offset_m: float) -> list[int]:
        """Return the parts of an edge that hold a place on it."""
        on = (self.edge == edge) & (self.low_m <= offset_m) & (offset_m <= self.high_m)
        parts: list[int] = np.flatnonzero(on).tolist()
        return parts

    def _ends(
        self, net: StreetNetwork, pace: Pace | None, part: int, offset_m: float, *, leaving: bool
    ) -> Iterator[tuple[int, float, Piece]]:
        """Yield the nodes at the ends of a part that a walk leaves to, or comes from: node, cost and piece."""
        edge = int(self.edge[part])
        whole_m = float(net.edge_m[edge])
        open_to = {0.0: bool(net.backward[edge]), whole_m: bool(net.forward[edge])}
        if not leaving:
            open_to = {0.0: bool(net.forward[edge]), whole_m: bool(net.backward[edge])}

        ends = (
            (0.0, self.low_m[part], net.edge_start[edge]),
            (whole_m, self.high_m[part], net.edge_end[edge]),
        )
        for end_m, reaches_m, node in ends:
            if reaches_m == end_m and (open_to[end_m] or offset_m == end_m):
                piece = (edge, offset_m, end_m) if leaving else (edge, end_m, offset_m)
                yield int(node), _part_cost(pace, edge, abs(end_m - offset_m)), piece

    def _along(
        self, net: StreetNetwork, pace: Pace | None, part: int, offset_m: float
    ) -> Iterator[Step]:
        """Yield the steps from a place on a part straight along it to a foot of the door, with its leg."""
        edge = int(self.edge[part])
        for other, at_m, leg_m in zip(*_rows(self.door, slice(None)), strict=True):
            if other != edge or part not in self._parts_at(edge, at_m):
                continue

            ahead = at_m - offset_m
            if (ahead > 0 and not net.forward[edge]) or (ahead < 0 and not net.backward[edge]):
                continue

            cost = _part_cost(pace, edge, abs(ahead)) + _leg_cost(pace, leg_m)
            yield Step(cost, (edge, offset_m, at_m), -1)


def feet_inside(net: StreetNetwork, yards: Yards, yard: int, xy: FloatArray) -> FeetInside:
    """Return where places (n, 2) inside a yard meet its ways: the nearest, if the leg to it keeps to the yard.

    A leg crosses neither the edge nor what parts the ground; it may end there.
    """
    own = slice(*yards.way_start[yard : yard + 2])
    index = index_of(net, np.unique(yards.way_edge[own]).astype(np.int64))
    owner, edge, offset_m, leg_m, foot = nearest_feet(net, xy, index)
    lines = np.concatenate(
        [
            yards.edges[slice(*yards.edge_start[yard : yard + 2])],
            yards.divides[slice(*yards.divide_start[yard : yard + 2])],
        ]
    )

    # a leg that crosses the edge or what parts the ground leads nowhere
    free = ~crossed(xy[owner], _before(foot, xy[owner]), lines)
    on = (edge[:, None] == yards.way_edge[own]) & (yards.way_low_m[own] <= offset_m[:, None])
    free &= (on & (offset_m[:, None] <= yards.way_high_m[own])).any(axis=1)

    return FeetInside(
        np.searchsorted(owner[free], np.arange(len(xy) + 1)),
        edge[free],
        offset_m[free],
        leg_m[free],
    )


def _before(foot: FloatArray, xy: FloatArray) -> FloatArray:
    """Return where legs from places (n, 2) stand a hair before their feet (n, 2), by the steps that the page takes."""
    away = xy - foot
    long_m = np.sqrt(away[:, 0] * away[:, 0] + away[:, 1] * away[:, 1])
    share = _TIP_M / np.maximum(long_m, _TIP_M)
    before: FloatArray = foot + share[:, None] * away
    return before


def some_feet(feet: FeetInside, kept: BoolArray) -> FeetInside:
    """Return the same places, of which only the marked ones (n,) meet a way."""
    count = np.where(kept, np.diff(feet.start), 0)
    rows = ranges(feet.start[:-1], count)
    start = np.concatenate([[0], np.cumsum(count)])
    return FeetInside(start, feet.edge[rows], feet.offset_m[rows], feet.leg_m[rows])


def _rows(feet: FeetInside, own: slice) -> tuple[list[int], list[float], list[float]]:
    return feet.edge[own].tolist(), feet.offset_m[own].tolist(), feet.leg_m[own].tolist()


def _part_cost(pace: Pace | None, edge: int, meters: float) -> float:
    if pace is None or meters == 0.0:
        return meters
    return float(to_ticks(meters * pace.per_m[edge]))


def _leg_cost(pace: Pace | None, meters: float) -> float:
    return meters if pace is None else float(to_ticks(meters * pace.leg_per_m))
