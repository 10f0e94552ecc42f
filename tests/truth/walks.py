"""Shortest walks from residents to stations (definitions 2, 4, 5, 6), by scipy's Dijkstra.

A walk goes over private ways first, then public ones, then private ones again: each junction
stands in the graph once for each of these three parts of a walk, and a walker may go on from a
part to the next at no cost. So a private way begins or ends a walk, and never is a way through.

Squares are crossed straight (definition 16): between entries, and by two who stand on the same one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from truth.anchors import Feet
from truth.plane import rounded
from truth.streets import Streets

OUT, PUBLIC, IN = 0, 1, 2


@dataclass(frozen=True)
class Pace:
    """What a meter of street, and of steps, costs a walker; inf is closed."""

    per_m: float = 1.0
    per_step_m: float = 1.0


METERS = Pace()


def walks(
    streets: Streets, places: Feet, stations: Feet, sizes: tuple[int, int], pace: Pace = METERS
) -> np.ndarray:
    """Return (places, stations) the cost of the shortest walk from each place to each station.

    ``sizes`` are the numbers of places and of stations; a place (or station) may have several feet.
    """
    graph = _Graph(streets, pace)
    seeds = graph.ends(stations)
    from_node = graph.costs_to(seeds, sizes[1])

    # from every place to the junctions at both ends of its street, and on from there
    found = np.full(sizes, np.inf)
    state, foot, cost = graph.begins(places)
    onward = cost[:, None] + from_node[:, state].T
    np.minimum.at(found, places.place[foot], onward)

    # straight along one street, where both stand on it
    _along_one_street(found, graph, places, stations)
    _across_one_square(found, streets, places, stations, pace)
    return found


class _Graph:
    """The streets as a graph of (junction, part of the walk)."""

    def __init__(self, streets: Streets, pace: Pace) -> None:
        self.pace = pace
        nodes = {s.start for s in streets.streets} | {s.end for s in streets.streets}
        self.row = {node: number for number, node in enumerate(sorted(nodes))}
        self.start = np.array([self.row[s.start] for s in streets.streets])
        self.end = np.array([self.row[s.end] for s in streets.streets])
        self.length_m = streets.length_m
        manners = [s.manner for s in streets.streets]
        self.private = np.array([m.private for m in manners])
        self.forward = np.array([m.forward for m in manners])
        self.backward = np.array([m.backward for m in manners])
        steps = np.array([m.steps for m in manners])
        self.per_m = np.where(steps, pace.per_step_m, pace.per_m)
        self.private_squares = np.array([s.manner.private for s in streets.squares], dtype=bool)
        self.across = _lines_across(streets, self.row, pace)

    def part_cost(self, street: np.ndarray, meters: np.ndarray) -> np.ndarray:
        """Return the cost of some meters of a street; no meters cost nothing, even where it is closed."""
        with np.errstate(invalid="ignore"):
            return np.where(meters > 0, rounded(meters * self.per_m[street]), 0.0)

    def _layer(self, feet: Feet, meters: np.ndarray, private: int) -> np.ndarray:
        """Return the part of a walk in which each foot is met, ``meters`` from a junction; ``private`` at its end.

        A foot on the junction itself belongs to every street there. A leg across a square is walked
        by the rules of its ground: that is no private way, unless it says so.
        """
        own = self.private[feet.street] | (meters == 0)
        if feet.square is not None and len(self.private_squares):
            own = np.where(_on_street(feet), own, self.private_squares[feet.square])
        return np.where(own, private, PUBLIC)

    def ends(self, feet: Feet) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return (state, station, cost): the junctions from which stations are reached last."""
        rows = []
        length = self.length_m[feet.street]
        legs = rounded(feet.leg_m * self.pace.per_m)
        on_street = _on_street(feet)
        for node, meters, may in (
            (self.start[feet.street], feet.at_m, self.forward[feet.street]),
            (self.end[feet.street], length - feet.at_m, self.backward[feet.street]),
        ):
            layer = self._layer(feet, meters, IN)
            kept = (may & on_street) | (meters == 0)
            cost = legs + self.part_cost(feet.street, meters)
            rows.append(np.stack([3 * node + layer, feet.place, cost], axis=1)[kept])
        state, station, cost = np.concatenate(rows).T
        return state.astype(int), station.astype(int), cost

    def begins(self, feet: Feet) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return (state, row of ``feet``, cost): the junctions to which places lead first."""
        rows = []
        length = self.length_m[feet.street]
        legs = rounded(feet.leg_m * self.pace.per_m)
        on_street = _on_street(feet)
        number = np.arange(len(feet.place))
        for node, meters, may in (
            (self.start[feet.street], feet.at_m, self.backward[feet.street]),
            (self.end[feet.street], length - feet.at_m, self.forward[feet.street]),
        ):
            layer = self._layer(feet, meters, OUT)
            kept = (may & on_street) | (meters == 0)
            cost = legs + self.part_cost(feet.street, meters)
            rows.append(np.stack([3 * node + layer, number, cost], axis=1)[kept])
        state, row, cost = np.concatenate(rows).T
        return state.astype(int), row.astype(int), cost

    def costs_to(
        self, seeds: tuple[np.ndarray, np.ndarray, np.ndarray], stations: int
    ) -> np.ndarray:
        """Return (stations, states) the cost from every state to every station."""
        state, station, cost = seeds
        states = 3 * len(self.row)
        whole = self.part_cost(np.arange(len(self.start)), self.length_m)
        tails, heads, costs = [state], [states + station], [cost]
        for tail, head, may in (
            (self.start, self.end, self.forward),
            (self.end, self.start, self.backward),
        ):
            for layer, kept in ((OUT, self.private), (PUBLIC, ~self.private), (IN, self.private)):
                kept = kept & may
                tails.append(3 * tail[kept] + layer)
                heads.append(3 * head[kept] + layer)
                costs.append(whole[kept])
        for tail, head, cost_across, private in (self.across,):
            for layer, kept in ((OUT, private), (PUBLIC, ~private), (IN, private)):
                tails.append(3 * tail[kept] + layer)
                heads.append(3 * head[kept] + layer)
                costs.append(cost_across[kept])
        junction = 3 * np.arange(len(self.row))
        for layer in (OUT, PUBLIC):
            tails.append(junction + layer)
            heads.append(junction + layer + 1)
            costs.append(np.zeros(len(junction)))

        # arcs turned round, of parallel ones the cheapest, searched from the stations
        tail, head, cost = map(np.concatenate, (tails, heads, costs))
        open_to = np.isfinite(cost)
        tail, head, cost = tail[open_to], head[open_to], cost[open_to]
        order = np.lexsort([cost, tail, head])
        tail, head, cost = tail[order], head[order], cost[order]
        first = np.ones(len(tail), dtype=bool)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        size = states + stations
        indptr = np.searchsorted(head[first], np.arange(size + 1))
        graph = csr_array((cost[first], tail[first], indptr), shape=(size, size))
        if not stations:
            return np.zeros((0, states))
        return dijkstra(graph, indices=np.arange(states, size))[:, :states]


def _lines_across(
    streets: Streets, row: dict[int, int], pace: Pace
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return (tail, head, cost, private) of the lines between the entries of squares, both ways."""
    parts = []
    for square in streets.squares:
        per_m = pace.per_step_m if square.manner.steps else pace.per_m
        meters = rounded(square.between_entries)
        one, other = np.nonzero(np.isfinite(meters) & ~np.eye(len(meters), dtype=bool))
        node = np.array([row[entry] for entry in square.entries])
        with np.errstate(invalid="ignore"):
            cost = np.where(meters > 0, rounded(meters * per_m), 0.0)[one, other]
        private = np.full(len(one), float(square.manner.private))
        parts.append(np.stack([node[one], node[other], cost, private], axis=1))
    tail, head, cost, private = np.concatenate([np.zeros((0, 4)), *parts]).T
    return tail.astype(int), head.astype(int), cost, private > 0


def _across_one_square(
    found: np.ndarray, streets: Streets, places: Feet, stations: Feet, pace: Pace
) -> None:
    """Lower the costs of pairs that stand on one square to those of the straight walk on it (definition 16)."""
    if places.square is None or stations.square is None:
        return
    for number, square in enumerate(streets.squares):
        ends = []
        for feet in (places, stations):
            on = feet.square == number
            known = [feet.place[on], feet.own_xy[on], feet.own_leg_m[on]]
            ends.append(np.unique(np.column_stack(known), axis=0))
        begin, end = ends
        if not len(begin) or not len(end):
            continue
        meters = rounded(square.meters(begin[:, 1:3], end[:, 1:3]))
        meters += begin[:, 3:] + end[:, 3]
        rows = np.broadcast_to(begin[:, :1].astype(int), meters.shape)
        columns = np.broadcast_to(end[:, 0].astype(int), meters.shape)
        np.minimum.at(found, (rows, columns), rounded(meters * pace.per_m))


def _along_one_street(found: np.ndarray, graph: _Graph, places: Feet, stations: Feet) -> None:
    """Lower the costs of pairs that stand on one street to those of the walk along it (definition 5).

    Who comes to the end of a street across a square stands on no street.
    """
    by_street: dict[int, list[int]] = {}
    for number in np.flatnonzero(_on_street(places)).tolist():
        by_street.setdefault(int(places.street[number]), []).append(number)
    per_m = graph.pace.per_m
    for number in np.flatnonzero(_on_street(stations)).tolist():
        street = int(stations.street[number])
        rows = np.array(by_street.get(street, []), dtype=int)
        if not len(rows):
            continue
        ahead = stations.at_m[number] - places.at_m[rows]
        may = (ahead == 0) | np.where(ahead > 0, graph.forward[street], graph.backward[street])
        cost = graph.part_cost(np.full(len(rows), street), np.abs(ahead))
        cost = cost + rounded(places.leg_m[rows] * per_m) + rounded(stations.leg_m[number] * per_m)
        station = int(stations.place[number])
        np.minimum.at(found, (places.place[rows[may]], station), cost[may])


def _on_street(feet: Feet) -> np.ndarray:
    """Return which feet are met along a street, and not across a square, at the junction where one enters it."""
    if feet.square is None:
        return np.ones(len(feet.place), dtype=bool)
    return feet.square < 0
