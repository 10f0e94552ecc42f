"""The kernels alone: from node to node over prepared arrays, beside other engines on the same graph.

Every engine gets its own graph ready beforehand, free of charge. Distances run towards the
stations, so engines that search forward get the arcs turned round; parallel arcs and loops, which
some of them cannot hold, are left out for all of them. The nearest of many stations is asked of
igraph, networkit and rustworkx through one more node that leads to every station for nothing.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from table import OURS, Table, largest_gap

from walkshed.walk.kernels import searches as kernels

#: pandana keeps lengths in whole millimeters: a node so near the limit may be in or out.
ROUNDED_M = 0.05
CATCHMENT_M = 1000.0
#: Slow engines draw no more catchments than this.
FEW = 20
#: Engines that take minutes on graphs larger than this sit them out.
MANY_NODES = 300_000


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Arcs grouped by the node they lead into; xy for engines that ask for places."""

    name: str
    into: np.ndarray
    tail: np.ndarray
    meters: np.ndarray
    xy: np.ndarray
    usable: np.ndarray  # nodes from which stations are drawn

    @property
    def nodes(self) -> int:
        return len(self.into) - 1

    def plain(self) -> Graph:
        """Return the graph without loops and with the shortest of parallel arcs, and no arc of length zero."""
        head = np.repeat(np.arange(self.nodes), np.diff(self.into))
        order = np.lexsort([self.meters, self.tail, head])
        head, tail, meters = head[order], self.tail[order], np.maximum(self.meters[order], 1 / 1024)
        first = np.concatenate([[True], (head[1:] != head[:-1]) | (tail[1:] != tail[:-1])]) & (
            head != tail
        )
        head, tail, meters = head[first], tail[first], meters[first]
        into = np.searchsorted(head, np.arange(self.nodes + 1))
        return Graph(self.name, into, tail.astype(np.int32), meters, self.xy, self.usable)

    def heads(self) -> np.ndarray:
        return np.repeat(np.arange(self.nodes), np.diff(self.into))


def grid(side: int, seed: int = 20261122) -> Graph:
    """Return a square grid with 15 % of its streets missing and blocks of 40 to 160 m."""
    random = np.random.default_rng(seed)
    node = np.arange(side * side).reshape(side, side)
    one = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    other = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    kept = random.random(len(one)) < 0.85
    one, other = one[kept], other[kept]
    meters = np.round(random.uniform(40.0, 160.0, len(one)) * 1024) / 1024
    tail, head, meters = (
        np.concatenate([one, other]),
        np.concatenate([other, one]),
        np.concatenate([meters, meters]),
    )
    order = np.lexsort((tail, head))
    xy = 100.0 * np.column_stack([np.arange(side * side) % side, np.arange(side * side) // side])
    into = np.searchsorted(head[order], np.arange(side * side + 1))
    return Graph(
        f"grid of {side * side:,}",
        into,
        tail[order].astype(np.int32),
        meters[order],
        xy,
        np.arange(side**2),
    )


def measure(table: Table, graph: Graph, *, stations: int, limit_m: float, seed: int = 1) -> None:
    """Measure the nearest station for every node, and catchments of nodes."""
    graph = graph.plain()
    seeds = (
        np.random.default_rng(seed).choice(graph.usable, stations, replace=False).astype(np.int32)
    )
    arcs = kernels.pack(graph.into, graph.tail, graph.meters)
    peers = Peers(graph)
    task = f"kernel: nearest of {stations:,}" + (
        "" if np.isinf(limit_m) else f" within {limit_m:g} m"
    )
    repeats = 15 if graph.nodes < MANY_NODES else 5
    ours = table.measure(
        task,
        graph.name,
        OURS,
        lambda: kernels.nearest_nodes(arcs, seeds, limit=limit_m),
        repeats=repeats,
    )[0][0]
    both = table.measure(
        task,
        graph.name,
        f"{OURS}, two nearest",
        lambda: kernels.nearest_nodes(arcs, seeds, limit=limit_m, second=True),
    )[0][0]
    table.compare(largest_gap(ours, both), "m")
    for engine, job in peers.nearest(table, seeds, limit_m).items():
        slow = engine in ("networkx", "rustworkx") and graph.nodes > MANY_NODES
        found = table.measure(
            task, graph.name, engine, job, repeats=1 if slow else 3, warm_up=not slow
        )
        within = np.isfinite(ours) | (found > limit_m + 0.01)  # engines without a limit find more
        table.compare(
            largest_gap(ours[within], np.where(found > limit_m + 0.01, np.inf, found)[within]), "m"
        )

    task = f"kernel: nodes within {CATCHMENT_M:g} m, per station"
    seeds = (
        np.random.default_rng(seed + 1).choice(graph.usable, 2000, replace=True).astype(np.int32)
    )
    count = None
    for threads in (1, 2):
        ours = table.measure(
            task,
            graph.name,
            f"{OURS}, {threads} thread{'s' if threads > 1 else ''}",
            lambda threads=threads: kernels.nodes_within(
                arcs, seeds, limit=CATCHMENT_M, threads=threads
            ),
            per=len(seeds),
            repeats=15,
        )
        found = np.bincount(ours[0], minlength=len(seeds))
        if count is not None:
            table.compare(float(np.abs(found - count).max()), "nodes")
        count = found
    few = seeds[:FEW]
    least, most = (
        np.bincount(
            kernels.nodes_within(arcs, few, limit=CATCHMENT_M + off_m)[0], minlength=len(few)
        )
        for off_m in (-ROUNDED_M, ROUNDED_M)
    )
    for engine, job in peers.within().items():
        found = np.array(
            table.measure(
                task, graph.name, engine, lambda job=job: [job(int(s)) for s in few], per=len(few)
            )
        )
        low, high = (least, most) if engine == "pandana" else (count[: len(few)],) * 2
        table.compare(float(np.maximum(low - found, found - high).clip(0).max()), "nodes")


class Peers:
    """Other engines, each with a graph of its own."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.matrix = csr_array(
            (graph.meters, graph.tail, graph.into), shape=(graph.nodes, graph.nodes)
        )
        self.arcs = (graph.heads(), graph.tail.astype(np.int64), graph.meters)  # turned round
        self.networkx = nx.DiGraph()
        self.networkx.add_nodes_from(range(graph.nodes))
        self.networkx.add_weighted_edges_from(
            zip(*(column.tolist() for column in self.arcs)), weight="meters"
        )
        self.pandana = (
            self._pandana() if graph.nodes <= MANY_NODES and _installed("pandana") else None
        )

    def nearest(
        self, table: Table, seeds: np.ndarray, limit_m: float
    ) -> dict[str, Callable[[], np.ndarray]]:
        """Return by engine a job that returns (nodes,) meters to the nearest seed."""
        cutoff = None if np.isinf(limit_m) else limit_m
        starts = set(seeds.tolist())
        jobs: dict[str, Callable[[], np.ndarray]] = {
            "scipy": lambda: dijkstra(self.matrix, indices=seeds, min_only=True, limit=limit_m),
            "networkx": lambda: self._spread(
                nx.multi_source_dijkstra_path_length(
                    self.networkx, starts, cutoff=cutoff, weight="meters"
                )
            ),
        }
        source, nodes = self.graph.nodes, self.graph.nodes + 1
        head = np.concatenate([self.arcs[0], np.full(len(seeds), source)])
        tail = np.concatenate([self.arcs[1], seeds])
        meters = np.concatenate([self.arcs[2], np.zeros(len(seeds))])
        if self.pandana is not None:
            places = self.graph.xy[seeds]
            reach = cutoff or 1e6
            self.pandana.set_pois("station", reach, 1, *_columns(places))
            jobs["pandana (query)"] = lambda: _beyond(
                self.pandana.nearest_pois(reach, "station", num_pois=1, max_distance=np.inf)[
                    1
                ].to_numpy(),
                reach,
            )
        elif _installed("pandana"):
            table.skip(
                "pandana", f"its preprocessing takes minutes on more than {MANY_NODES:,} nodes"
            )
        if _installed("igraph"):
            import igraph

            one = igraph.Graph(n=nodes, edges=np.column_stack([head, tail]), directed=True)
            jobs["igraph"] = lambda: np.array(one.distances(source=source, weights=meters)[0][:-1])
        if _installed("networkit"):
            import networkit

            other = networkit.Graph(nodes, weighted=True, directed=True)
            for a, b, w in zip(head.tolist(), tail.tolist(), meters.tolist()):
                other.addEdge(a, b, w)
            jobs["networkit"] = lambda: _far(
                np.array(
                    networkit.distance.Dijkstra(other, source, storePaths=False)
                    .run()
                    .getDistances()[:-1]
                )
            )
        if _installed("rustworkx"):
            import rustworkx

            third = rustworkx.PyDiGraph()
            third.add_nodes_from(range(nodes))
            third.add_edges_from(list(zip(head.tolist(), tail.tolist(), meters.tolist())))
            jobs["rustworkx"] = lambda: self._spread(
                dict(rustworkx.dijkstra_shortest_path_lengths(third, source, edge_cost_fn=float))
            )
        for engine in ("pandana", "igraph", "networkit", "rustworkx"):
            if not _installed(engine):
                table.skip(engine, "not installed; pip install 'walkshed[bench]'")
        return jobs

    def within(self) -> dict[str, Callable[[int], int]]:
        """Return by engine a job that returns how many nodes are within the limit of one."""
        limit_m = CATCHMENT_M
        ego = nx.MultiDiGraph(self.networkx) if self.graph.nodes <= MANY_NODES else None
        jobs: dict[str, Callable[[int], int]] = {
            "scipy": lambda seed: int(
                np.isfinite(dijkstra(self.matrix, indices=seed, limit=limit_m)).sum()
            ),
            "networkx": lambda seed: len(
                nx.single_source_dijkstra_path_length(
                    self.networkx, seed, cutoff=limit_m, weight="meters"
                )
            ),
        }
        if ego is not None:
            jobs["networkx ego_graph (osmnx' example)"] = lambda seed: len(
                nx.ego_graph(ego, seed, radius=limit_m, distance="meters")
            )
        if self.pandana is not None:
            jobs["pandana"] = lambda seed: len(self.pandana.nodes_in_range([seed], limit_m))
        return jobs

    def _pandana(self) -> object:
        import pandana
        import pandas as pd

        node = pd.DataFrame(self.graph.xy, columns=["x", "y"])
        # Forward, as pandana searches from residents to places.
        head, tail, meters = self.arcs
        net = pandana.Network(
            node.x,
            node.y,
            pd.Series(tail),
            pd.Series(head),
            pd.DataFrame({"meters": meters}),
            twoway=False,
        )
        net.precompute(1500)
        return net

    def _spread(self, found: dict[int, float]) -> np.ndarray:
        meters = np.full(self.graph.nodes, np.inf)
        found.pop(self.graph.nodes, None)
        meters[np.fromiter(found.keys(), dtype=np.int64)] = np.fromiter(
            found.values(), dtype=np.float64
        )
        return meters


def _installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _columns(xy: np.ndarray) -> tuple[object, object]:
    import pandas as pd

    return pd.Series(xy[:, 0]), pd.Series(xy[:, 1])


def _beyond(meters: np.ndarray, limit_m: float) -> np.ndarray:
    return np.where(meters >= limit_m, np.inf, meters)


def _far(meters: np.ndarray) -> np.ndarray:
    return np.where(meters > 1e300, np.inf, meters)
