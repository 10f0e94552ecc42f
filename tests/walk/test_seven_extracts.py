"""A thousand pairs on each of the seven real extracts against networkx, twice.

First on the lengths that walkshed itself gives away (``to_networkx``): walks must agree within one
part in a million and a millimeter, and in fact agree to the last digit. Then on geodesic lengths
that nobody has rounded, where half of 1/1024 m is allowed for every rounded length on the way
(definition 1: each edge, and the two legs and offsets). Pairs share their stations, so that
networkx need not search a thousand times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely

import walkshed
from drawn_squares import lines_across
from extracts import EXTRACTS
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors
from walkshed.osm import read_extract
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.distances import nearest, pairs

STATIONS, POINTS = 8, 125
HALF_TICK_M = 1 / 2048
# private ways where a walk begins, streets, private ways where it ends
WAY_OUT, STREET, WAY_HOME = 0, 1, 2


@dataclass(frozen=True)
class Case:
    net: StreetNetwork
    places: np.ndarray
    points: Anchors
    stations: Anchors
    found: np.ndarray  # (points, stations) meters
    together: np.ndarray  # (points, stations) on one square, where walks need no street


@pytest.fixture(scope="module", params=EXTRACTS)
def case(request: pytest.FixtureRequest, test_data: Path) -> Case:
    net = build_network(read_extract(test_data / "osm" / f"{request.param}.osm.pbf"))
    rng = np.random.default_rng(EXTRACTS.index(request.param))
    usable = usable_components(net, np.empty((0, 2)))
    where = rng.choice(np.flatnonzero(usable[net.component] & net.enterable), STATIONS + POINTS)
    places = net.vertex_xy[net.vertex_from[where]] + rng.uniform(-30.0, 30.0, (len(where), 2))
    points, stations = (
        snap(net, places[STATIONS:], usable=usable),
        snap(net, places[:STATIONS], usable=usable),
    )
    assert points.on_network.all()
    assert stations.on_network.all()
    found = np.full((POINTS, STATIONS), np.inf)
    listed = pairs(net, points, stations, limit_m=np.inf)
    found[listed.point, listed.station] = listed.distance_m
    together = np.array([[bool(p & s) for s in squares(stations)] for p in squares(points)])
    return Case(net, places, points, stations, found, together)


def squares(anchors: Anchors) -> list[set[int]]:
    """The squares on which each point stands."""
    standing = anchors.feet.standing
    if standing is None:
        return [set()] * (len(anchors.start) - 1)
    place = standing.place[anchors.foot]
    rows = [place[low:high] for low, high in pairwise(anchors.start)]
    return [set(standing.square[row[row >= 0]].tolist()) for row in rows]


def unrounded(net: StreetNetwork) -> np.ndarray:
    """Geodesic meters from the start of its edge to every vertex."""
    from pyproj import Geod

    lonlat = net.plane.to_lonlat(net.vertex_xy)
    _, _, steps = Geod(ellps="WGS84").inv(*lonlat[:-1].T, *lonlat[1:].T)
    running = np.concatenate([[0.0], np.cumsum(steps)])
    return running - np.repeat(running[net.vertex_from[:-1]], np.diff(net.vertex_from))


def turned_round(arcs: Iterator[tuple[int, int, float, bool]]) -> nx.DiGraph:
    """Streets for searches from stations, from arcs (begin, end, meters, closed): nodes (phase, node)."""
    graph = nx.DiGraph()

    def join(here: tuple[int, int], there: tuple[int, int], meters: float) -> None:
        if not (graph.has_edge(here, there) and graph[here][there]["meters"] <= meters):
            graph.add_edge(here, there, meters=meters)

    for begin, end, meters, closed in arcs:
        for phase in (WAY_OUT, WAY_HOME) if closed else (STREET,):
            join((phase, end), (phase, begin), meters)
    for phase, node in list(graph):
        if phase == WAY_HOME:
            join((WAY_HOME, node), (STREET, node), 0.0)
            join((STREET, node), (WAY_OUT, node), 0.0)
    return graph


@dataclass(frozen=True)
class Feet:
    """Where places meet their edges: meters to the edge, from its start, and to its end."""

    edge: np.ndarray
    leg: np.ndarray
    at: np.ndarray
    left: np.ndarray


def drawn_feet(net: StreetNetwork, along: np.ndarray, places: np.ndarray, anchors: Anchors) -> Feet:
    """The feet of places on the lines of their anchors' edges by shapely, in meters that nobody has rounded.

    Of several feet on one line, equally near but for rounding, shapely tells one: the others are theirs.
    Legs across squares are those of the anchors: tests/walk/test_squares.py compares them with shapely.
    """
    edge = anchors.edge
    leg, at, left = np.empty(len(edge)), np.empty(len(edge)), np.empty(len(edge))
    for i, e in enumerate(edge):
        rows = slice(net.vertex_from[e], net.vertex_from[e + 1])
        line, place = shapely.LineString(net.vertex_xy[rows]), shapely.Point(places[i])
        plane = np.concatenate(
            [[0.0], np.cumsum(np.hypot(*np.diff(net.vertex_xy[rows], axis=0).T))]
        )
        leg[i] = line.distance(place)
        at[i] = np.interp(line.project(place), plane, along[rows])
        twins = np.flatnonzero((edge == e) & (places == places[i]).all(axis=1))
        if len(twins) > 1:
            at[i] = np.interp(line.project(shapely.Point(anchors.xy[i])), plane, along[rows])
        if anchors.on_square[i]:
            leg[i] = anchors.leg_m[i]
            at[i] = np.interp(line.project(shapely.Point(anchors.xy[i])), plane, along[rows])
        left[i] = along[rows][-1] - at[i]
    return Feet(edge, leg, at, left)


def walks(case: Case, graph: nx.DiGraph, begin: Feet, end: Feet) -> tuple[np.ndarray, np.ndarray]:
    """Meters of every walk, and how many lengths are summed in it; of several feet of a place the best."""
    net = case.net
    closed = net.private & (net.private_rule == "ends")
    shape = len(begin.edge), len(end.edge)
    meters, lengths = np.full(shape, np.inf), np.zeros(shape)
    for s, f in enumerate(end.edge):
        arrive = WAY_HOME if closed[f] else STREET
        first = {}
        for node, part, open_way in (
            (int(net.edge_start[f]), float(end.at[s]), net.forward[f]),
            (int(net.edge_end[f]), float(end.left[s]), net.backward[f]),
        ):
            if open_way:
                first[arrive, node] = min(part, first.get((arrive, node), np.inf))
        graph.add_weighted_edges_from(
            (("station", node, part) for node, part in first.items()), weight="meters"
        )
        before, walked = nx.dijkstra_predecessor_and_distance(graph, "station", weight="meters")
        graph.remove_node("station")
        for p, e in enumerate(begin.edge):
            leave = WAY_OUT if closed[e] else STREET
            sides = (
                (int(net.edge_end[e]), begin.left[p], net.forward[e]),
                (int(net.edge_start[e]), begin.at[p], net.backward[e]),
            )
            ways = [
                (walked[at] + part, at)
                for at, part, open_way in (
                    ((leave, node), part, open_way) for node, part, open_way in sides
                )
                if open_way and at in walked
            ]
            best, arcs = np.inf, 0
            if ways:
                best, at = min(ways)
                while at != "station":
                    at, arcs = before[at][0], arcs + 1
            if e == f and (net.forward[e] if end.at[s] >= begin.at[p] else net.backward[e]):
                best, arcs = min((best, arcs), (abs(end.at[s] - begin.at[p]), 1))
            meters[p, s], lengths[p, s] = best + begin.leg[p] + end.leg[s], arcs + 4
    for axis, anchors in ((0, case.points), (1, case.stations)):
        meters = np.minimum.reduceat(meters, anchors.start[:-1], axis=axis)
        lengths = np.maximum.reduceat(lengths, anchors.start[:-1], axis=axis)
    return meters, lengths


@pytest.mark.data
@pytest.mark.slow
def test_a_thousand_pairs_are_those_of_networkx_on_the_same_lengths(case: Case) -> None:
    net = case.net
    ends_only = net.private_rule == "ends"
    given = walkshed.to_networkx(net)
    graph = turned_round(
        (u, v, data["length"], ends_only and data.get("access") == "private")
        for u, v, data in given.edges(data=True)
    )
    feet = [
        Feet(
            anchors.edge,
            anchors.leg_m,
            anchors.offset_m,
            net.edge_m[anchors.edge] - anchors.offset_m,
        )
        for anchors in (case.points, case.stations)
    ]
    expected, _ = walks(case, graph, *feet)
    found, on = case.found, np.isfinite(expected)
    np.testing.assert_array_equal(np.isfinite(found), on)
    assert on.sum() > 0.5 * on.size
    assert (found[case.together] <= expected[case.together]).all()
    expected[case.together] = found[case.together]  # tests/walk/test_squares.py compares these
    assert (np.abs(found[on] - expected[on]) <= 0.001 + 1e-6 * expected[on]).all()
    np.testing.assert_array_equal(found, expected)  # sums of 1/1024 m are exact, in any order

    best = nearest(net, case.points, case.stations)
    np.testing.assert_array_equal(best.distance_m, np.sort(found, axis=1)[:, :2])
    only = nearest(net, case.points, case.stations, second=False)
    np.testing.assert_array_equal(only.distance_m[:, 0], best.distance_m[:, 0])
    np.testing.assert_array_equal(only.station[:, 0], best.station[:, 0])


@pytest.mark.data
@pytest.mark.slow
def test_a_thousand_pairs_agree_with_networkx_on_lengths_that_nobody_has_rounded(
    case: Case,
) -> None:
    net, along = case.net, unrounded(case.net)
    meters = along[net.vertex_from[1:] - 1]
    closed = net.private & (net.private_rule == "ends")
    tail, head = (
        np.concatenate([net.edge_start, net.edge_end]),
        np.concatenate([net.edge_end, net.edge_start]),
    )
    walked = np.concatenate([net.forward, net.backward])
    rows = zip(
        tail[walked].tolist(),
        head[walked].tolist(),
        np.tile(meters, 2)[walked].tolist(),
        np.tile(closed, 2)[walked].tolist(),
    )
    begin, end = (
        drawn_feet(net, along, np.repeat(places, np.diff(anchors.start), axis=0), anchors)
        for places, anchors in (
            (case.places[STATIONS:], case.points),
            (case.places[:STATIONS], case.stations),
        )
    )
    for feet, anchors in ((begin, case.points), (end, case.stations)):
        np.testing.assert_allclose(anchors.leg_m, feet.leg, rtol=0.0, atol=HALF_TICK_M + 1e-6)
        np.testing.assert_allclose(anchors.offset_m, feet.at, rtol=0.0, atol=2 * HALF_TICK_M + 1e-6)
    graph = turned_round(chain(rows, lines_across(net)))
    expected, lengths = walks(case, graph, begin, end)
    found, on = case.found, np.isfinite(expected)
    np.testing.assert_array_equal(np.isfinite(found), on)
    expected[case.together] = found[case.together]  # tests/walk/test_squares.py compares these
    gap = np.abs(found[on] - expected[on])
    assert (gap <= 0.001 + 1e-6 * expected[on] + HALF_TICK_M * lengths[on]).all(), gap.max()
    # Rounding goes either way and mostly cancels: few walks need the allowance at all.
    assert np.mean(gap <= 0.001 + 1e-6 * expected[on]) > 0.2, np.mean(
        gap <= 0.001 + 1e-6 * expected[on]
    )
