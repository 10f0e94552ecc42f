"""Distances in real towns against networkx, on a graph split at the anchors, with unrounded lengths of its own."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely
from pyproj import Geod

from drawn_squares import lines_across
from walkshed.model.ground.network import StreetNetwork
from walkshed.osm import read_extract
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.distances import nearest, pairs

PAIRS = 300


class Reference:
    """Walks in networkx: nodes are (phase, node), phases private way out (0), street (1), private way home (2)."""

    def __init__(self, net: StreetNetwork) -> None:
        self.net = net
        self.lines = [
            net.vertex_xy[net.vertex_from[e] : net.vertex_from[e + 1]]
            for e in range(net.edge_count)
        ]
        lonlat = net.plane.to_lonlat(net.vertex_xy)
        geod = Geod(ellps="WGS84")
        self.along = []  # unrounded geodesic meters from the edge's start to each vertex
        for e in range(net.edge_count):
            lon, lat = lonlat[net.vertex_from[e] : net.vertex_from[e + 1]].T
            self.along.append(np.concatenate([[0.0], np.cumsum(geod.line_lengths(lon, lat))]))
        self.closed = net.private & (net.private_rule == "ends")
        self.graph = nx.DiGraph()
        for node in range(net.node_count):
            self.join((0, node), (1, node), 0.0)
            self.join((1, node), (2, node), 0.0)
        for e in range(net.edge_count):
            a, b, meters = int(net.edge_start[e]), int(net.edge_end[e]), float(self.along[e][-1])
            for phase in (0, 2) if self.closed[e] else (1,):
                if net.forward[e]:
                    self.join((phase, a), (phase, b), meters)
                if net.backward[e]:
                    self.join((phase, b), (phase, a), meters)
        for a, b, meters, closed in lines_across(net):
            for phase in (0, 2) if closed else (1,):
                self.join((phase, a), (phase, b), meters)

    def join(self, a: object, b: object, meters: float) -> None:
        if not self.graph.has_edge(a, b) or self.graph[a][b]["meters"] > meters:
            self.graph.add_edge(a, b, meters=meters)

    def walk(
        self,
        point: np.ndarray,
        point_edge: int,
        point_foot: np.ndarray,
        station: np.ndarray,
        station_edge: int,
        station_foot: np.ndarray,
    ) -> tuple[float, int]:
        """The meters from point to station, each hung onto its edge, and the number of arcs on the way; inf if none."""
        net = self.net
        leg_a, at_a = self.foot(point, point_edge, point_foot)
        leg_b, at_b = self.foot(station, station_edge, station_foot)
        e, f = point_edge, station_edge
        leave, arrive = (0 if self.closed[e] else 1), (2 if self.closed[f] else 1)
        start, end, first, last = (
            net.edge_start[e],
            net.edge_end[e],
            net.edge_start[f],
            net.edge_end[f],
        )
        if net.forward[e]:
            self.join("a", (leave, int(end)), self.along[e][-1] - at_a)
        if net.backward[e]:
            self.join("a", (leave, int(start)), at_a)
        if net.forward[f]:
            self.join((arrive, int(first)), "b", at_b)
        if net.backward[f]:
            self.join((arrive, int(last)), "b", self.along[f][-1] - at_b)
        if e == f and (net.forward[e] if at_b >= at_a else net.backward[e]):
            self.join("a", "b", abs(at_b - at_a))
        try:
            meters, path = nx.bidirectional_dijkstra(self.graph, "a", "b", weight="meters")
            return leg_a + meters + leg_b, len(path) - 1
        except nx.NetworkXNoPath:
            return np.inf, 0
        finally:
            self.graph.remove_nodes_from(["a", "b"])

    def foot(self, place: np.ndarray, edge: int, near: np.ndarray) -> tuple[float, float]:
        """The leg from a place to an edge, and the geodesic meters along the edge to its foot.

        Several feet may be equally near but for rounding; the one ``near`` a place is told.
        """
        line = shapely.LineString(self.lines[edge])
        where = line.project(shapely.Point(place))
        if line.distance(shapely.Point(near)) < 1e-6:
            other = line.project(shapely.Point(near))
            gap = shapely.Point(place).distance(line.interpolate(other))
            if gap - line.distance(shapely.Point(place)) <= 1 / 1024:
                where = other
        plane = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(self.lines[edge], axis=0).T))])
        return line.distance(shapely.Point(place)), float(np.interp(where, plane, self.along[edge]))


def compare(net: StreetNetwork, seed: int) -> None:
    rng = np.random.default_rng(seed)
    low, high = net.node_xy.min(axis=0), net.node_xy.max(axis=0)
    usable = usable_components(net, np.empty((0, 2)))
    points = snap(net, rng.uniform(low, high, (40 * PAIRS, 2)), usable=usable)
    # who stands on a square walks as tests/walk/test_squares.py says
    owner = np.repeat(np.arange(len(points.start) - 1), np.diff(points.start))
    on_square = np.isin(np.arange(len(points.start) - 1), owner[points.on_square])
    kept = np.flatnonzero(points.on_network & ~on_square)
    assert len(kept) >= 2 * PAIRS
    places = points.point_xy[kept[: 2 * PAIRS]]
    here, there = snap(net, places[:PAIRS], usable=usable), snap(net, places[PAIRS:], usable=usable)
    listed = pairs(net, here, there, limit_m=np.inf)
    found = np.full((PAIRS, PAIRS), np.inf)
    found[listed.point, listed.station] = listed.distance_m
    reference = Reference(net)
    connected = 0
    for i in range(PAIRS):
        # a place equally near to several feet walks from the best
        begins, ends = (
            [(int(each.edge[row]), each.xy[row]) for row in range(*each.start[i : i + 2])]
            for each in (here, there)
        )
        expected, arcs = min(
            reference.walk(places[i], *begin, places[PAIRS + i], *end)
            for begin in begins
            for end in ends
        )
        assert np.isfinite(expected) == np.isfinite(found[i, i])
        if np.isfinite(expected):
            connected += 1
            assert found[i, i] == pytest.approx(expected, rel=1e-6, abs=0.01 + 0.0005 * arcs)
    assert connected > PAIRS / 2
    best = nearest(net, here, there)
    by_distance = np.sort(found, axis=1)[:, :2]
    np.testing.assert_array_equal(best.distance_m, by_distance)
    rows = np.flatnonzero(np.isfinite(best.distance_m[:, 0]))
    np.testing.assert_array_equal(best.station[rows, 0], found[rows].argmin(axis=1))


def test_helsinki(helsinki_extract_path: Path) -> None:
    compare(build_network(read_extract(helsinki_extract_path)), 1)


@pytest.mark.data
@pytest.mark.parametrize("name", ["shanghai_baoshan_dachang", "shenzhen_nanshan"])
def test_real_towns(test_data: Path, name: str) -> None:
    compare(build_network(read_extract(test_data / "osm" / f"{name}.osm.pbf")), 2)
