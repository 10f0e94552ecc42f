"""Random street networks for hypothesis, with points and stations on them, and their distances by networkx.

Lengths are small whole numbers, so that ties abound and every distance is exact. Edge ``e`` is
drawn as a straight line of its own at y = 1000 e: where lines lie does not matter to distances, and
loops and parallel edges need no bends.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from towns import Line, network
from walkshed.model.arrays import FloatArray, read_only
from walkshed.model.ground.network import PrivateRule, StreetNetwork
from walkshed.model.ground.walking import Anchors, on_own_feet


@dataclass(frozen=True)
class Edge:
    start: int
    end: int
    meters: int
    forward: bool
    backward: bool
    private: bool


@dataclass(frozen=True)
class Spot:
    """One anchor: an edge, an offset along it, a leg."""

    edge: int
    offset: float
    leg: float


Place = tuple[Spot, ...]


@dataclass(frozen=True)
class Streets:
    nodes: int
    edges: tuple[Edge, ...]
    private: PrivateRule
    points: tuple[Place, ...]
    stations: tuple[Place, ...]

    def net(self) -> StreetNetwork:
        lines = []
        for row, edge in enumerate(self.edges):
            y = 1000.0 * row
            lines.append(
                Line(
                    edge.start,
                    edge.end,
                    ((0.0, y), (float(edge.meters), y)),
                    private=edge.private,
                    forward=edge.forward,
                    backward=edge.backward,
                )
            )
        return network([(0.0, 0.0)] * self.nodes, lines, private=self.private)


def anchors(places: tuple[Place, ...]) -> Anchors:
    spots = [spot for place in places for spot in place]
    foot = np.array([(spot.offset, 1000.0 * spot.edge) for spot in spots]).reshape(-1, 2)
    door = foot + np.array([(0.0, spot.leg) for spot in spots]).reshape(-1, 2)
    return on_own_feet(
        start=read_only(np.cumsum([0, *(len(place) for place in places)]), np.int64),
        edge=read_only([spot.edge for spot in spots], np.int32),
        offset_m=read_only([spot.offset for spot in spots], np.float64),
        leg_m=read_only([spot.leg for spot in spots], np.float64),
        xy=read_only(foot, np.float64),
        point_xy=read_only(np.zeros((len(places), 2)), np.float64),
        nearest_way_m=read_only(np.zeros(len(places)), np.float64),
        door_xy=read_only(door, np.float64),
    )


@st.composite
def streets(draw: st.DrawFn) -> Streets:
    nodes = draw(st.integers(1, 7))
    node = st.integers(0, nodes - 1)
    one_edge = st.builds(
        lambda start, end, meters, ways, private: Edge(
            # An edge of no length is open both ways: its two ends are one place.
            start,
            end,
            meters,
            meters == 0 or ways != "back",
            meters == 0 or ways != "ahead",
            private,
        ),
        node,
        node,
        st.integers(0, 6),
        st.sampled_from(["both", "both", "ahead", "back"]),
        st.sampled_from([False, False, True]),
    )
    edges = tuple(draw(st.lists(one_edge, min_size=1, max_size=12)))
    spot = st.integers(0, len(edges) - 1).flatmap(
        lambda edge: st.builds(
            Spot,
            st.just(edge),
            st.integers(0, edges[edge].meters).map(float),
            st.integers(0, 3).map(float),
        )
    )
    place = st.lists(spot, min_size=0, max_size=3).map(tuple)
    points = tuple(draw(st.lists(place, min_size=1, max_size=5)))
    stations = tuple(draw(st.lists(place, min_size=0, max_size=5)))
    return Streets(nodes, edges, draw(st.sampled_from(["ends", "ends", "open"])), points, stations)


def distances(town: Streets) -> FloatArray:
    """Return (p, s) distances by networkx, private pockets by brute force.

    Every edge is split at every anchor. The private edges alone are one graph and the public ones
    another; a walk from a private edge goes privately to some node u, publicly from u to some node
    v, and privately from v to its end. A place on a public edge begins or ends there: for it, u or
    v is its own anchor.
    """
    closed = [edge.private and town.private == "ends" for edge in town.edges]
    spots = [spot for place in (*town.points, *town.stations) for spot in place]
    private, public = _split(town, spots, closed, True), _split(town, spots, closed, False)
    size = town.nodes + len(spots)
    inner, outer = _all_pairs(private, size), _all_pairs(public, size)
    walk = np.full((size, size), np.inf)
    for a in range(size):
        via_public = (inner[a][:, None] + outer).min(axis=0)  # to every v
        walk[a] = (via_public[:, None] + inner).min(axis=0)
    first = len([spot for place in town.points for spot in place])
    result = np.full((len(town.points), len(town.stations)), np.inf)
    a = 0
    for i, point in enumerate(town.points):
        for here in point:
            b = first
            for j, station in enumerate(town.stations):
                for there in station:
                    total = here.leg + walk[town.nodes + a, town.nodes + b] + there.leg
                    result[i, j] = min(result[i, j], total)
                    b += 1
            a += 1
    return result


def _split(town: Streets, spots: list[Spot], closed: list[bool], private: bool) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(town.nodes + len(spots)))
    for number, edge in enumerate(town.edges):
        if closed[number] != private:
            continue
        stops = sorted(
            (spot.offset, town.nodes + i) for i, spot in enumerate(spots) if spot.edge == number
        )
        chain = [(0.0, edge.start), *stops, (float(edge.meters), edge.end)]
        for (low, a), (high, b) in pairwise(chain):
            if edge.forward or low == high:
                _shorten(graph, a, b, high - low)
            if edge.backward or low == high:
                _shorten(graph, b, a, high - low)
    return graph


def _shorten(graph: nx.DiGraph, a: int, b: int, meters: float) -> None:
    if not graph.has_edge(a, b) or graph[a][b]["meters"] > meters:
        graph.add_edge(a, b, meters=meters)


def _all_pairs(graph: nx.DiGraph, size: int) -> FloatArray:
    found = np.full((size, size), np.inf)
    for a, row in nx.all_pairs_dijkstra_path_length(graph, weight="meters"):
        for b, meters in row.items():
            found[a, b] = meters
    return found
