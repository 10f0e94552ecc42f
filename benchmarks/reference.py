"""The same network for other engines: split at every anchor, so that points and stations are plain nodes."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra

from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors


@dataclass(frozen=True, slots=True, eq=False)
class SplitGraph:
    """A graph whose arcs are turned round, so that searches run from stations to residents."""

    matrix: csr_matrix
    graph: nx.DiGraph
    points: np.ndarray
    stations: np.ndarray

    def scipy_nearest(self) -> np.ndarray:
        """Return (p,) meters to the nearest station by scipy."""
        return dijkstra(self.matrix, indices=self.stations, min_only=True)[self.points]

    def networkx_nearest(self) -> np.ndarray:
        """Return (p,) meters to the nearest station by networkx."""
        found = nx.multi_source_dijkstra_path_length(
            self.graph, set(self.stations.tolist()), weight="meters"
        )
        return np.array([found.get(node, np.inf) for node in self.points.tolist()])

    def scipy_pairs(self, limit_m: float) -> np.ndarray:
        """Return (p, s) meters within the limit by scipy, else inf."""
        return dijkstra(self.matrix, indices=self.stations, limit=limit_m)[:, self.points].T

    def networkx_pairs(self, limit_m: float) -> np.ndarray:
        """Return (p, s) meters within the limit by networkx, else inf."""
        table = np.full((len(self.points), len(self.stations)), np.inf)
        points = self.points.tolist()
        for column, station in enumerate(self.stations.tolist()):
            found = nx.single_source_dijkstra_path_length(
                self.graph, station, cutoff=limit_m, weight="meters"
            )
            table[:, column] = [found.get(node, np.inf) for node in points]
        return table


def split_graph(network: StreetNetwork, points: Anchors, stations: Anchors) -> SplitGraph:
    """Return the network split at all anchors, with a node per point and per station joined to its feet by legs.

    Squares are crossed by the network's own lines. Private ways are taken as public: build the
    network with ``private="open"``. Two places on one square walk straight to each other, which no
    graph of streets tells: leave such places out.
    """
    anchors = (points, stations)
    edge = np.concatenate([np.arange(network.edge_count)] * 2 + [group.edge for group in anchors])
    offset = np.concatenate(
        [np.zeros(network.edge_count), network.edge_m, *(group.offset_m for group in anchors)]
    )
    feet = sum(len(group.edge) for group in anchors)
    foot = np.arange(network.node_count, network.node_count + feet)
    node = np.concatenate([network.edge_start, network.edge_end, foot])
    # Where an anchor lies on an end of its edge, the order of equal offsets is: start, feet, end.
    place = np.concatenate(
        [np.zeros(network.edge_count), np.full(network.edge_count, 2), np.ones(feet)]
    )
    order = np.lexsort([place, offset, edge])
    edge, offset, node = edge[order], offset[order], node[order]
    same = np.flatnonzero(edge[1:] == edge[:-1])
    tail, head, meters = node[same], node[same + 1], offset[same + 1] - offset[same]
    along, against = network.forward[edge[same]], network.backward[edge[same]]

    owner = np.concatenate(
        [np.repeat(np.arange(len(group.start) - 1), np.diff(group.start)) for group in anchors]
    )
    owner[len(points.edge) :] += len(points.start) - 1
    door = network.node_count + feet + owner
    leg = np.concatenate([group.leg_m for group in anchors])
    # residents leave by their legs, stations are reached by theirs
    leaves = np.arange(feet) < len(points.edge)

    # Turned round: an arc that is walked from a to b is searched from b to a. Lines across squares
    # are walked both ways.
    one, other, across_m = (
        network.squares.line_start,
        network.squares.line_end,
        network.squares.line_m,
    )
    start = np.concatenate([head[along], tail[against], one, other, foot[leaves], door[~leaves]])
    end = np.concatenate([tail[along], head[against], other, one, door[leaves], foot[~leaves]])
    cost = np.concatenate(
        [meters[along], meters[against], across_m, across_m, leg[leaves], leg[~leaves]]
    )
    # a stored zero would be no arc for scipy
    start, end, cost = _shortest(start, end, np.maximum(cost, 1e-9))
    nodes = network.node_count + feet + len(points.start) + len(stations.start) - 2
    graph = nx.DiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_weighted_edges_from(zip(start.tolist(), end.tolist(), cost.tolist()), weight="meters")
    first = network.node_count + feet
    return SplitGraph(
        matrix=coo_matrix((cost, (start, end)), shape=(nodes, nodes)).tocsr(),
        graph=graph,
        points=np.arange(first, first + len(points.start) - 1),
        stations=np.arange(first + len(points.start) - 1, nodes),
    )


def _shortest(
    start: np.ndarray, end: np.ndarray, cost: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the arcs without parallels, the shortest of each pair of nodes, and without loops."""
    order = np.lexsort([cost, end, start])
    start, end, cost = start[order], end[order], cost[order]
    first = np.concatenate([[True], (start[1:] != start[:-1]) | (end[1:] != end[:-1])]) & (
        start != end
    )
    return start[first], end[first], cost[first]
