"""Catchments and routes of a walker to whom some ways are closed, against networkx on the streets left open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from towns import Street, town
from walk.test_against_networkx import Reference
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Pieces
from walkshed.model.town.walkers import Walker
from walkshed.needs.access.floors import pace_in_meters
from walkshed.osm import read_extract
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap
from walkshed.walk.closed import open_streets
from walkshed.walk.distances import pairs
from walkshed.walk.reach.catchments import catchments
from walkshed.walk.routes.route import route

ROLLS = Walker("rolls", "", "", 1.0, None, None, None, 0.0, {})
LIMIT_M = 400.0


@pytest.fixture(scope="module")
def helsinki_net(helsinki_extract_path: Path) -> StreetNetwork:
    net = build_network(read_extract(helsinki_extract_path))
    assert net.steps.sum() > 20
    return net


def reference(net: StreetNetwork) -> Reference:
    """Return the walks in networkx on the streets without steps, built from the open network's own columns."""
    return Reference(
        replace(net, forward=net.forward & ~net.steps, backward=net.backward & ~net.steps)
    )


def inside(pieces: Pieces, edge: int, at_m: float) -> bool:
    rows = pieces.edge == edge
    return bool(((pieces.from_m[rows] <= at_m) & (at_m <= pieces.to_m[rows])).any())


def near_steps(net: StreetNetwork, count: int, seed: int) -> np.ndarray:
    """Return places on edges that meet a flight of steps, where another walker's streets differ.

    None of them on a square: tests/walk/test_squares.py says how people walk from there.
    """
    rng = np.random.default_rng(seed)
    ends = set(net.edge_start[net.steps].tolist()) | set(net.edge_end[net.steps].tolist())
    beside = [
        e
        for e in range(net.edge_count)
        if not net.steps[e]
        and net.enterable[e]
        and {int(net.edge_start[e]), int(net.edge_end[e])} & ends
    ]
    chosen = rng.permutation(beside)
    places = np.array(
        [net.vertex_xy[net.vertex_from[e] : net.vertex_from[e + 1]].mean(axis=0) for e in chosen]
    )
    anchors = snap(net, places)
    owner = np.repeat(np.arange(len(places)), np.diff(anchors.start))
    return np.delete(places, np.unique(owner[anchors.on_square]), axis=0)[:count]


def test_catchments_hold_who_walks_there_on_open_streets(helsinki_net: StreetNetwork) -> None:
    net = helsinki_net
    streets, walks = open_streets(net, pace_in_meters(net, ROLLS)), reference(net)
    places = near_steps(net, 6, 1)
    stations = snap(net, places)
    found = catchments(streets, stations, limits_m=[LIMIT_M])
    plain = catchments(net, stations, limits_m=[LIMIT_M])
    assert (found.street_m < plain.street_m).any()
    assert (found.street_m <= plain.street_m).all()
    rng, compared = np.random.default_rng(2), 0
    for number, place in enumerate(places):
        mine = found.pieces.station == number
        pieces = replace(
            found.pieces,
            **{
                key: getattr(found.pieces, key)[mine]
                for key in ("station", "edge", "from_m", "to_m")
            },
        )
        for at in place + rng.uniform(-LIMIT_M, LIMIT_M, (60, 2)):
            anchor = snap(net, at[None], max_snap_m=60.0)
            if not anchor.on_network[0]:
                continue
            edge, offset = int(anchor.edge[0]), float(anchor.offset_m[0])
            if net.steps[edge] or not 0.01 < offset < float(net.edge_m[edge]) - 0.01:
                continue
            feet = range(*stations.start[number : number + 2])
            meters = min(
                walks.walk(
                    anchor.xy[0],
                    edge,
                    anchor.xy[0],
                    place,
                    int(stations.edge[row]),
                    stations.xy[row],
                )[0]
                for row in feet
            )
            if abs(meters - LIMIT_M) < 0.5:  # lengths in the reference are not rounded
                continue
            compared += 1
            assert inside(pieces, edge, offset) == (meters < LIMIT_M), (number, edge, meters)
    assert compared > 100


def test_routes_are_the_shortest_on_open_streets(helsinki_net: StreetNetwork) -> None:
    net = helsinki_net
    pace = pace_in_meters(net, ROLLS)
    streets, walks = open_streets(net, pace), reference(net)
    places = near_steps(net, 40, 3)
    anchors = snap(net, places)
    longer = 0
    for one, other in zip(range(0, 40, 2), range(1, 40, 2), strict=True):
        begin, end = anchors.take(np.array([one])), anchors.take(np.array([other]))
        walk = route(streets, begin, end)
        expected, arcs = min(
            walks.walk(
                places[one],
                int(begin.edge[row]),
                begin.xy[row],
                places[other],
                int(end.edge[last]),
                end.xy[last],
            )
            for row in range(len(begin.edge))
            for last in range(len(end.edge))
        )
        if walk is None:
            assert np.isinf(expected)
            continue
        assert walk.distance_m == pytest.approx(expected, rel=1e-6, abs=0.01 + 0.0005 * arcs)
        assert walk.distance_m == pairs(net, begin, end, limit_m=np.inf, pace=pace).distance_m[0]
        assert not any(stretch.steps for stretch in walk.stretches)
        plain = route(net, begin, end)
        assert plain is not None
        longer += walk.distance_m > plain.distance_m + 1.0
    assert longer > 3


def test_a_station_on_steps_is_reached_from_their_ends_only() -> None:
    r"""A to B and C to D are streets, B to C steps; the station stands at the upper end of the steps, or on them."""
    drawn = town("A B C D", "A-B", Street("B-C", steps=True), "C-D")
    streets = open_streets(drawn.net, pace_in_meters(drawn.net, ROLLS))
    on_steps = catchments(streets, drawn.snap((150, 0)), limits_m=[500.0])
    assert on_steps.street_m[0] == 0.0
    above = catchments(streets, drawn.snap("C"), limits_m=[500.0])
    assert above.street_m[0] == 100.0
    assert route(streets, drawn.snap("A"), drawn.snap("C")) is None
    assert route(streets, drawn.snap("D"), drawn.snap("C")).distance_m == 100.0
    assert open_streets(drawn.net, None) is drawn.net
    assert drawn.net.forward.all()
