"""Catchments in towns whose answers are checked by hand, and their areas against shapely's buffers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely

from towns import Line, Street, Town, network, town
from walkshed.errors import InvalidValueError
from walkshed.model.ground.walking import Anchors, Catchments, on_own_feet
from walkshed.osm import read_extract
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.distances import pairs
from walkshed.walk.reach.catchments import catchments

INF = np.inf


def stretches(
    found: Catchments, limit_m: float, station: int = 0
) -> list[tuple[int, float, float]]:
    """The pieces of one station and limit as (edge, from, to)."""
    pieces = found.pieces
    rows = np.flatnonzero((pieces.station == station) & (pieces.limit_m == limit_m))
    return [(int(pieces.edge[i]), float(pieces.from_m[i]), float(pieces.to_m[i])) for i in rows]


def around(
    place: Town, station: str | tuple[float, float], limits_m: Sequence[float]
) -> Catchments:
    return catchments(place.net, place.snap(station), limits_m=limits_m)


def test_pieces_are_cut_at_the_limit_on_every_branch() -> None:
    place = town(
        """
        . D .
        A B C
        """,
        "A-B-C",
        "B-D",
    )
    found = around(place, (120.0, 0.0), [50.0])
    # 20 m back to B, then 30 m along A-B and B-D; 50 m ahead on B-C.
    assert stretches(found, 50.0) == [(0, 70.0, 100.0), (1, 0.0, 70.0), (2, 0.0, 30.0)]
    assert found.street_m.tolist() == [130.0]
    lines = [shapely.get_coordinates(line).tolist() for line in found.pieces.geometry]
    assert lines == [
        [[70.0, 0.0], [100.0, 0.0]],
        [[100.0, 0.0], [170.0, 0.0]],
        [[100.0, 0.0], [100.0, 30.0]],
    ]


def test_the_leg_is_walked_and_cut_too() -> None:
    place = town("A B", "A-B")
    found = around(place, (50.0, 30.0), [20.0, 40.0])
    assert stretches(found, 20.0) == [(-1, 0.0, 20.0)]
    assert stretches(found, 40.0) == [(-1, 0.0, 30.0), (0, 40.0, 60.0)]
    assert found.street_m.tolist() == [0.0, 20.0]
    assert shapely.get_coordinates(found.pieces.geometry[0]).tolist() == [
        [50.0, 30.0],
        [50.0, 10.0],
    ]
    assert found.area_m2[0] == pytest.approx(20 * 50 + np.pi * 25**2, rel=2e-3)


def test_bends_and_a_long_edge_reached_from_both_ends() -> None:
    place = town(
        """
        A B .
        . C e
        d . f
        """,
        "A-B-C",
        "A-d-f-e-C",
    )
    found = around(place, "B", [350.0, 400.0])
    # A and C are 100 m away; the far way round is 600 m, of which 250 m from each end, then all.
    assert stretches(found, 350.0) == [
        (0, 0.0, 100.0),
        (1, 0.0, 100.0),
        (2, 0.0, 250.0),
        (2, 350.0, 600.0),
    ]
    assert stretches(found, 400.0) == [(0, 0.0, 100.0), (1, 0.0, 100.0), (2, 0.0, 600.0)]
    cut = found.pieces.geometry[2]
    assert shapely.get_coordinates(cut).tolist() == [[0.0, 200.0], [0.0, 0.0], [50.0, 0.0]]


def test_no_piece_lies_across_water_without_a_bridge() -> None:
    place = town(
        """
        A B C D
        E F G H
        """,
        "A-B-C-D",
        "E-F-G-H",
        "D-H",
    )
    found = around(place, "A", [399.0, 450.0])
    assert {edge for edge, _, _ in stretches(found, 399.0)} == {0, 1, 2, 6}
    assert (5, 50.0, 100.0) in stretches(found, 450.0)
    assert not found.geometry[0].intersects(shapely.box(0, -50, 250, 50))


def test_private_yards_belong_to_those_who_live_there() -> None:
    place = town("A B C D", "A-B", Street("B-C", private=True), "C-D")
    # The station stands on the street: residents of the yard come out to it, nobody comes through.
    assert stretches(around(place, "A", [500.0]), 500.0) == [(0, 0.0, 100.0), (1, 0.0, 100.0)]
    # The station stands in the yard: all three streets lead to it.
    found = around(place, (150.0, 0.0), [100.0])
    assert stretches(found, 100.0) == [(0, 50.0, 100.0), (1, 0.0, 100.0), (2, 0.0, 50.0)]


def test_an_escalator_serves_those_below_its_station() -> None:
    place = town("A B C", "A>B", "B-C")
    assert stretches(around(place, (60.0, 0.0), [50.0]), 50.0) == [(0, 10.0, 60.0)]
    assert stretches(around(place, "C", [150.0]), 150.0) == [(0, 50.0, 100.0), (1, 0.0, 100.0)]
    assert stretches(around(place, "A", [500.0]), 500.0) == []


def test_a_loop_is_reached_both_ways_round() -> None:
    place = town("b c\nA d", "A-b-c-d-A")
    assert stretches(around(place, "A", [150.0]), 150.0) == [(0, 0.0, 150.0), (0, 250.0, 400.0)]
    assert stretches(around(place, (0.0, 50.0), [100.0]), 100.0) == [
        (0, 0.0, 150.0),
        (0, 350.0, 400.0),
    ]
    assert stretches(around(place, "A", [200.0]), 200.0) == [(0, 0.0, 400.0)]


def test_zero_length_edges_let_through_and_have_no_piece() -> None:
    lines = [Line(0, 1, ((0.0, 0.0), (0.0, 0.0))), Line(1, 2, ((0.0, 0.0), (100.0, 0.0)))]
    net = network([(0, 0), (0, 0), (100, 0)], lines)
    found = catchments(net, snap(net, np.array([[0.0, 0.0]])), limits_m=[40.0])
    assert stretches(found, 40.0) == [(1, 0.0, 40.0)]


def test_several_doors_are_one_catchment() -> None:
    place = town("A B", "A-B", cell_m=1000.0)
    stations = snap(place.net, place.at((200.0, 10.0), (240.0, 0.0), (700.0, 0.0)), start=[0, 3])
    found = catchments(place.net, stations, limits_m=[50.0])
    assert stretches(found, 50.0) == [(-1, 0.0, 10.0), (0, 160.0, 290.0), (0, 650.0, 750.0)]


def test_a_station_off_the_network_has_an_empty_area() -> None:
    place = town("A B", "A-B")
    found = catchments(place.net, place.snap((50.0, 400.0), "A"), limits_m=[30.0, 60.0])
    assert found.station.tolist() == [0, 0, 1, 1]
    assert found.street_m.tolist() == [0.0, 0.0, 30.0, 60.0]
    assert [area.is_empty for area in found.geometry] == [True, True, False, False]
    assert {area.geom_type for area in found.geometry} == {"MultiPolygon"}
    assert found.area_m2[:2].tolist() == [0.0, 0.0]


def test_a_block_of_streets_keeps_its_hole() -> None:
    place = town(
        """
        A B
        C D
        """,
        "A-B-D-C-A",
        cell_m=200.0,
    )
    area = around(place, "A", [1000.0]).geometry[0]
    assert len(area.geoms) == 1
    assert len(area.geoms[0].interiors) == 1
    # 200 m square, 25 m to each side: round corners outside, square ones inside.
    assert area.area == pytest.approx(4 * 200 * 50 - 4 * 25**2 + np.pi * 25**2, rel=2e-3)


def grid_of_lanes(seed: int) -> tuple[Anchors, Catchments]:
    """Crooked lanes, 12 by 12 junctions about 80 m apart, and three stations with their catchments."""
    rng = np.random.default_rng(seed)
    size = 12
    nodes = [
        (80 * i + rng.normal(0, 15), 80 * j + rng.normal(0, 15))
        for j in range(size)
        for i in range(size)
    ]
    lines = []
    for j in range(size):
        for i in range(size):
            here = j * size + i
            ahead = ([here + 1] if i + 1 < size else []) + ([here + size] if j + 1 < size else [])
            for there in ahead:
                if rng.random() < 0.75:
                    middle = (np.add(nodes[here], nodes[there]) / 2 + rng.normal(0, 8, 2)).tolist()
                    lines.append(Line(here, there, (nodes[here], tuple(middle), nodes[there])))
    net = network(nodes, lines)
    stations = snap(net, rng.uniform(100, 800, (3, 2)))
    return stations, catchments(net, stations, limits_m=[100.0, 300.0, 500.0])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_areas_are_true_buffers_valid_and_nested(seed: int) -> None:
    _, found = grid_of_lanes(seed)
    pieces = found.pieces
    for row in range(len(found.station)):
        own = (pieces.station == found.station[row]) & (pieces.limit_m == found.limit_m[row])
        true = shapely.union_all(shapely.buffer(pieces.geometry[own], 25.0, quad_segs=64))
        drawn = found.geometry[row]
        assert shapely.is_valid(drawn)
        assert drawn.area == pytest.approx(true.area, rel=2e-3)
        assert drawn.symmetric_difference(true).area < 2e-3 * true.area
        assert found.area_m2[row] == drawn.area
        if found.limit_m[row] > 100.0:
            assert found.geometry[row - 1].difference(drawn).area < 1e-6


def test_a_finer_buffer_is_drawn_on_a_finer_grid() -> None:
    place = town("A B", "A-B")
    found = catchments(place.net, place.snap("A"), limits_m=[100.0], buffer_m=5.0)
    assert found.area_m2[0] == pytest.approx(100 * 10 + np.pi * 25, rel=2e-3)


def test_adding_limits_or_stations_changes_no_other_catchment() -> None:
    place = town("A B C D", "A-B-C-D")
    both = catchments(place.net, place.snap("A", "C"), limits_m=[150.0, 80.0, 150.0])
    assert both.limit_m.tolist() == [80.0, 150.0, 80.0, 150.0]
    alone = catchments(place.net, place.snap("C"), limits_m=[150.0])
    assert shapely.equals_exact(alone.geometry[0], both.geometry[3], tolerance=0.0, normalize=True)


@pytest.mark.parametrize("limits_m", [[], [0.0], [-5.0], [INF], [np.nan]])
def test_limits_that_are_no_distances_are_refused(limits_m: list[float]) -> None:
    place = town("A B", "A-B")
    with pytest.raises(InvalidValueError, match="limits_m"):
        catchments(place.net, place.snap("A"), limits_m=limits_m)


def test_a_buffer_without_width_is_refused() -> None:
    place = town("A B", "A-B")
    with pytest.raises(InvalidValueError, match="buffer_m"):
        catchments(place.net, place.snap("A"), limits_m=[10.0], buffer_m=0.0)


def test_on_real_streets_pieces_hold_whoever_is_within_the_limit(
    helsinki_extract_path: Path,
) -> None:
    net = build_network(read_extract(helsinki_extract_path))
    rng = np.random.default_rng(11)
    usable = usable_components(net, np.empty((0, 2)))
    stations = snap(
        net, rng.uniform(*np.quantile(net.node_xy, [0.2, 0.8], axis=0), (6, 2)), usable=usable
    )
    assert stations.on_network.all()
    found = catchments(net, stations, limits_m=[300.0, 500.0])
    pieces = found.pieces
    # Residents on a random place of every edge, with no leg. The network's ticks are 1/1024 m;
    # theirs lie between.
    edge = np.arange(net.edge_count)
    offset = np.minimum(
        np.floor(rng.random(len(edge)) * net.edge_m * 1024) / 1024 + 1 / 2048, net.edge_m
    )
    residents = on_own_feet(
        start=np.arange(len(edge) + 1),
        edge=edge.astype(np.int32),
        offset_m=offset,
        leg_m=np.zeros(len(edge)),
        xy=np.zeros((len(edge), 2)),
        point_xy=np.zeros((len(edge), 2)),
        nearest_way_m=np.zeros(len(edge)),
    )
    for limit_m in (300.0, 500.0):
        near = pairs(net, residents, stations, limit_m=limit_m)
        within = np.zeros((len(edge), 6), dtype=bool)
        within[near.point, near.station] = True
        rows = (pieces.limit_m == limit_m) & (pieces.edge >= 0)
        on = np.zeros_like(within)
        at = offset[pieces.edge[rows]]
        held = (pieces.from_m[rows] <= at) & (at <= pieces.to_m[rows])
        on[pieces.edge[rows][held], pieces.station[rows][held]] = True
        np.testing.assert_array_equal(on, within)
        assert within.sum() > 100
    # The lines are as long as the pieces (the plane stretches lengths by some parts in a million).
    np.testing.assert_allclose(
        shapely.length(pieces.geometry), pieces.to_m - pieces.from_m, rtol=1e-5, atol=0.002
    )
    for row, area in enumerate(found.geometry):
        own = (pieces.station == found.station[row]) & (pieces.limit_m == found.limit_m[row])
        true = shapely.union_all(shapely.buffer(pieces.geometry[own], 25.0, quad_segs=64))
        assert shapely.is_valid(area)
        assert area.symmetric_difference(true).area < 2e-3 * true.area
