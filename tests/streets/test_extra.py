"""Lanes of the planner's own, joined to an extract's streets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from drawn_osm import EAST, GRID, Drawing
from walkshed.model.ground.network import StreetNetwork
from walkshed.streets.build import build_network
from walkshed.streets.drawn.extra import Lanes

METER = GRID / 111.195  # about a meter in degrees, on the equator

#: Two parallel streets, 1 km long and 222 m apart, not connected.
TOWN = Drawing(
    nodes={1: (0, 0), 2: (10, 0), 3: (0, 2), 4: (10, 2)},
    ways={1: ([1, 2], {"highway": "residential"}), 2: ([3, 4], {"highway": "residential"})},
)


def network(
    tmp_path: Path, *lines: list[tuple[float, float]], join_m: float = 5.0
) -> StreetNetwork:
    """Lines in grid units."""
    drawn = np.array(
        [shapely.LineString([(EAST + x * GRID, y * GRID) for x, y in line]) for line in lines],
        dtype=object,
    )
    names = ["巷" for _ in lines]
    lanes = Lanes(
        drawn, names, ["footway" for _ in lines], [False for _ in lines], "lanes.geojson", join_m
    )
    return build_network(TOWN.read(tmp_path), extra=lanes)


def test_a_lane_that_ends_just_short_joins_two_streets(tmp_path: Path) -> None:
    net = network(tmp_path, [(5, 0.03), (5, 1.98)])  # 3.3 m and 2.2 m short
    assert len(net.component_m) == 1
    assert net.edge_count == 5  # both streets are split
    lane = net.edge_m[[net.names[name] == "巷" for name in net.name]]
    assert lane == pytest.approx([2 * 110.574], rel=1e-4)  # the gaps are walked
    assert net.edge_m.sum() == pytest.approx(2 * 1113.19 + 2 * 110.574, rel=1e-4)
    assert "1 lane added, 2 of their ends joined to the streets within 5 m" in net.notes[-1]


def test_a_lane_beyond_the_tolerance_stays_apart_and_is_told(tmp_path: Path) -> None:
    net = network(tmp_path, [(5, 0.2), (5, 1.8)])  # 22 m short
    assert len(net.component_m) == 3
    assert any("no lane meets a street" in note for note in net.notes)
    assert len(network(tmp_path, [(5, 0.2), (5, 1.8)], join_m=30.0).component_m) == 1


def test_a_lane_at_a_corner_uses_the_corner_and_two_at_one_place_share_it(tmp_path: Path) -> None:
    corner = network(tmp_path, [(0, 0.01), (0, 1.99)])
    assert corner.edge_count == 3
    both = network(tmp_path, [(5, 0.01), (5, 1)], [(5, -0.01), (5, -1)])
    assert both.edge_count == 2 + 1 + 2
    assert both.node_count == 4 + 1 + 2


def test_a_lane_that_crosses_a_street_passes_over_it(tmp_path: Path) -> None:
    over = network(tmp_path, [(5, -1), (5, 1)])
    assert len(over.component_m) == 3


def test_two_lanes_on_one_edge_cut_it_in_order(tmp_path: Path) -> None:
    net = network(tmp_path, [(7, 0.01), (7, 1.99)], [(2, 0.01), (2, 1.99)])
    assert len(net.component_m) == 1
    assert net.edge_count == 8
    southern = sorted(
        round(float(m) / 111.319)
        for e, m in enumerate(net.edge_m)
        if net.names[net.name[e]] == ""
        and abs(net.vertex_xy[net.vertex_from[e]][1] - net.node_xy[:, 1].min()) < 1
    )
    assert southern == [2, 3, 5]
