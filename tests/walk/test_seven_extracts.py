"""A thousand pairs on each of the seven real extracts against networkx, on lengths that nobody has rounded.

The bar is one part in a million and a millimeter, and half of 1/1024 m for every rounded length on the way (definition
1: each edge, and the two legs and offsets). Pairs share their stations, so that networkx need not search a thousand
times.
"""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely

from walkshed.model.network import StreetNetwork
from walkshed.osm import read_extract
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.distances import nearest, pairs

STATIONS, POINTS = 8, 125
EXTRACTS = [
    "chengdu_xindu_dafeng",
    "jiangxi_guixi",
    "monaco_2016_osrm",
    "porto_alegre_2020_r5r",
    "porto_portugal_r5",
    "shanghai_baoshan_dachang",
    "shenzhen_nanshan",
]
HALF_TICK_M = 1 / 2048


def unrounded(net: StreetNetwork) -> np.ndarray:
    """Geodesic meters from the start of its edge to every vertex."""
    from pyproj import Geod

    lonlat = net.plane.to_lonlat(net.vertex_xy)
    _, _, steps = Geod(ellps="WGS84").inv(*lonlat[:-1].T, *lonlat[1:].T)
    running = np.concatenate([[0.0], np.cumsum(steps)])
    return running - np.repeat(running[net.vertex_from[:-1]], np.diff(net.vertex_from))


def turned_round(net: StreetNetwork, closed: np.ndarray, meters: np.ndarray) -> nx.DiGraph:
    """Streets for searches from stations: nodes (phase, node), private way home 2, street 1, private way out 0."""
    graph = nx.DiGraph()
    for node in range(net.node_count):
        graph.add_edge((2, node), (1, node), meters=0.0)
        graph.add_edge((1, node), (0, node), meters=0.0)
    for e, (a, b) in enumerate(zip(net.edge_start.tolist(), net.edge_end.tolist())):
        for phase in (0, 2) if closed[e] else (1,):
            ways = (((phase, b), (phase, a), net.forward[e]), ((phase, a), (phase, b), net.backward[e]))
            for here, there, open_way in ways:
                if open_way and not (graph.has_edge(here, there) and graph[here][there]["meters"] <= meters[e]):
                    graph.add_edge(here, there, meters=float(meters[e]))
    return graph


class Feet:
    """Places hung onto their edges by shapely, in unrounded meters."""

    def __init__(self, net: StreetNetwork, along: np.ndarray, places: np.ndarray, edge: np.ndarray) -> None:
        self.edge = edge
        self.leg, self.at, self.left = np.empty(len(edge)), np.empty(len(edge)), np.empty(len(edge))
        for i, e in enumerate(edge):
            rows = slice(net.vertex_from[e], net.vertex_from[e + 1])
            line, place = shapely.LineString(net.vertex_xy[rows]), shapely.Point(places[i])
            plane = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(net.vertex_xy[rows], axis=0).T))])
            self.leg[i] = line.distance(place)
            self.at[i] = np.interp(line.project(place), plane, along[rows])
            self.left[i] = along[rows][-1] - self.at[i]


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize("name", EXTRACTS)
def test_a_thousand_pairs_agree_with_networkx(test_data: Path, name: str) -> None:
    net = build_network(read_extract(test_data / "osm" / f"{name}.osm.pbf"))
    rng = np.random.default_rng(EXTRACTS.index(name))
    usable = usable_components(net, np.empty((0, 2)))
    where = rng.choice(np.flatnonzero(usable[net.component] & net.enterable), STATIONS + POINTS)
    places = net.vertex_xy[net.vertex_from[where]] + rng.uniform(-30.0, 30.0, (len(where), 2))
    here, there = snap(net, places[STATIONS:], usable=usable), snap(net, places[:STATIONS], usable=usable)
    assert here.on_network.all()
    assert there.on_network.all()
    found = np.full((POINTS, STATIONS), np.inf)
    listed = pairs(net, here, there, limit_m=np.inf)
    found[listed.point, listed.station] = listed.distance_m

    along = unrounded(net)
    closed = net.private & (net.private_rule == "ends")
    graph = turned_round(net, closed, along[net.vertex_from[1:] - 1])
    begin, end = Feet(net, along, places[STATIONS:], here.edge), Feet(net, along, places[:STATIONS], there.edge)
    expected, lengths = np.full((POINTS, STATIONS), np.inf), np.zeros((POINTS, STATIONS))
    for s, f in enumerate(end.edge):
        arrive = 2 if closed[f] else 1
        graph.add_node("station")
        for node, meters, open_way in (
            (net.edge_start[f], end.at[s], net.forward[f]),
            (net.edge_end[f], end.left[s], net.backward[f]),
        ):
            if open_way:
                old = graph.get_edge_data("station", (arrive, int(node)), {"meters": np.inf})["meters"]
                graph.add_edge("station", (arrive, int(node)), meters=min(old, float(meters)))
        before, walked = nx.dijkstra_predecessor_and_distance(graph, "station", weight="meters")
        for p, e in enumerate(begin.edge):
            leave = 0 if closed[e] else 1
            sides = (
                (int(net.edge_end[e]), begin.left[p], net.forward[e]),
                (int(net.edge_start[e]), begin.at[p], net.backward[e]),
            )
            ways = [
                (walked[leave, node] + part, node)
                for node, part, open_way in sides
                if open_way and (leave, node) in walked
            ]
            best, arcs = np.inf, 0
            if ways:
                best, node = min(ways)
                at: object = (leave, node)
                while at != "station":
                    at, arcs = before[at][0], arcs + 1
            if e == f and (net.forward[e] if end.at[s] >= begin.at[p] else net.backward[e]):
                best, arcs = min((best, arcs), (abs(end.at[s] - begin.at[p]), 1))
            expected[p, s], lengths[p, s] = best + begin.leg[p] + end.leg[s], arcs + 4
        graph.remove_node("station")
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(expected))
    on = np.isfinite(expected)
    assert on.sum() > 0.5 * on.size
    gap = np.abs(found[on] - expected[on])
    assert (gap <= 0.001 + 1e-6 * expected[on] + HALF_TICK_M * lengths[on]).all(), gap.max()
    # Rounding goes either way and mostly cancels: few walks need the allowance at all.
    assert np.mean(gap <= 0.001 + 1e-6 * expected[on]) > 0.2, np.mean(gap <= 0.001 + 1e-6 * expected[on])
    best = nearest(net, here, there)
    np.testing.assert_array_equal(best.distance_m, np.sort(found, axis=1)[:, :2])
    only = nearest(net, here, there, second=False)
    np.testing.assert_array_equal(only.distance_m[:, 0], best.distance_m[:, 0])
    np.testing.assert_array_equal(only.station[:, 0], best.station[:, 0])
