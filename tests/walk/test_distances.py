"""Distances in towns whose answers are checked by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from towns import Line, Street, Town, network, town
from walkshed.errors import InvalidValueError
from walkshed.model.ground.walking import Anchors
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.distances import nearest, pairs

INF = np.inf


def walk_m(
    place: Town, point: tuple[float, float] | str, station: tuple[float, float] | str
) -> float:
    """The distance between two places, by both doors, which must agree."""
    a, b = place.snap(point), place.snap(station)
    found = nearest(place.net, a, b)
    listed = pairs(place.net, a, b, limit_m=1e6)
    expected = listed.distance_m[0] if len(listed.distance_m) else INF
    assert found.distance_m[0, 0] == expected
    assert found.station[0, 0] == (0 if np.isfinite(expected) else -1)
    return float(expected)


def diamond() -> Town:
    """Two ways round from A to C: 200 m by B, 400 m by d."""
    return town(
        """
        A B .
        . C e
        d . f
        """,
        "A-B-C",
        "A-d-f-e-C",
    )


def test_diamond_takes_the_shorter_side() -> None:
    place = diamond()
    assert place.net.edge_m.tolist() == [100.0, 100.0, 600.0]
    assert walk_m(place, "A", "C") == 200.0
    # (0, 0) is the bend d: 200 m back to A and 200 m by B, or 400 m on round by f and e.
    assert walk_m(place, "d", "C") == 400.0
    assert walk_m(place, (50.0, 0.0), "C") == 350.0


def test_legs_count_at_both_ends() -> None:
    place = town("A B", "A-B")
    assert walk_m(place, (20.0, 7.0), (70.0, -11.0)) == 7.0 + 50.0 + 11.0
    # Beyond the end of the street the leg is the straight line to its last point.
    assert walk_m(place, (-3.0, 4.0), "B") == 5.0 + 100.0


def test_river_has_one_bridge() -> None:
    place = town(
        """
        A B C D
        E F G H
        """,
        "A-B-C-D",
        "E-F-G-H",
        "D-H",
    )
    assert walk_m(place, (10.0, 100.0), (10.0, 0.0)) == 290.0 + 100.0 + 290.0


def test_island_is_cut_off_both_ways() -> None:
    place = town("A B . C D", "A-B", "C-D")
    assert walk_m(place, "A", "D") == INF
    found = nearest(place.net, place.snap("A", "D"), place.snap("B"))
    assert found.station.tolist() == [[0, -1], [-1, -1]]
    assert found.distance_m.tolist() == [[100.0, INF], [INF, INF]]


def test_dead_end_is_walked_back() -> None:
    place = town(
        """
        . D .
        A B C
        """,
        "A-B-C",
        "B-D",
    )
    assert walk_m(place, (100.0, 75.0), (160.0, 0.0)) == 75.0 + 60.0
    assert walk_m(place, (100.0, 75.0), "D") == 25.0


YARD = """
    A B C D
    e . . f
    """


def test_private_yard_is_no_way_through_but_a_way_home() -> None:
    streets = ("A-B", Street("B-C", private=True), "C-D", "A-e-f-D")
    place = town(YARD, *streets)
    assert walk_m(place, "A", "D") == 500.0  # not 300 through the yard
    assert walk_m(place, (150.0, 100.0), "A") == 150.0  # out of the yard
    assert walk_m(place, "A", (150.0, 100.0)) == 150.0  # into it
    assert walk_m(place, (110.0, 100.0), (190.0, 100.0)) == 80.0  # within it, straight
    assert walk_m(town(YARD, *streets, private="open"), "A", "D") == 300.0


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_who_stands_at_the_mouth_of_a_private_way_may_begin_or_end_there(
    order: tuple[int, ...],
) -> None:
    """30 m beside B, where a public and a private street meet: the walk hangs on the number of neither."""
    streets = ("A-B", Street("B-C", private=True), "C-D", "A-e-f-D")
    place = town(YARD, *(streets[number] for number in order))
    assert walk_m(place, (100.0, 130.0), "D") == 230.0
    assert walk_m(place, "D", (100.0, 130.0)) == 230.0
    assert walk_m(place, (100.0, 130.0), "A") == 130.0
    assert walk_m(place, "A", "D") == 500.0


def test_private_walks_at_both_ends_do_not_join_into_a_way_through() -> None:
    # From one yard into the same yard, past its middle junction, is still at the ends of the walk.
    place = town("A B C D E", "A-B", Street("B-C-D", private=True), "D-E")
    assert walk_m(place, (150.0, 0.0), (250.0, 0.0)) == 100.0
    assert walk_m(place, "A", "E") == INF
    assert walk_m(place, (150.0, 0.0), "E") == 250.0
    # Out of the first yard, along the street, into the second.
    place = town("A B C D", Street("A-B", private=True), "B-C", Street("C-D", private=True))
    assert walk_m(place, "A", "D") == 300.0
    # A third yard between two streets stays shut.
    place = town(
        "A B C D E", Street("A-B", private=True), "B-C", Street("C-D", private=True), "D-E"
    )
    assert walk_m(place, "A", "E") == INF


def test_two_hubs_nearest_and_second_and_ties() -> None:
    place = town("A B C D E", "A-B-C-D-E")
    points, stations = place.snap("B", "C", "D"), place.snap("A", "E")
    found = nearest(place.net, points, stations)
    assert found.station.tolist() == [[0, 1], [0, 1], [1, 0]]
    assert found.distance_m.tolist() == [[100.0, 300.0], [200.0, 200.0], [100.0, 300.0]]
    # The middle is equally far from both: the lower rank wins, not the lower row.
    assert nearest(place.net, points, stations, rank=[1, 0]).station.tolist() == [
        [0, 1],
        [1, 0],
        [1, 0],
    ]
    one = nearest(place.net, points, place.snap("A"))
    assert one.station.tolist() == [[0, -1]] * 3
    none = nearest(place.net, points, snap(place.net, np.empty((0, 2))))
    assert none.station.tolist() == [[-1, -1]] * 3


def test_escalator_runs_one_way() -> None:
    place = town(
        """
        . B .
        A . C
        """,
        "A>B",
        "B>C",
        "C-A",
        cell_m=100.0,
    )
    up = float(place.net.edge_m[0])
    assert up == pytest.approx(np.hypot(100, 100), abs=1 / 1024)
    assert walk_m(place, "A", "B") == up
    assert walk_m(place, "B", "A") == up + 200.0
    # Half-way up, the foot of the escalator is reached only by riding on.
    half = snap(place.net, np.array([[50.0, 50.0]]))
    foot = float(half.offset_m[0])
    assert walk_m(place, (50.0, 50.0), "A") == (up - foot) + up + 200.0
    assert walk_m(place, "A", (50.0, 50.0)) == foot
    # On one escalator ahead is near and behind is once around.
    assert walk_m(place, (25.0, 25.0), (75.0, 75.0)) == pytest.approx(up / 2, abs=1 / 512)
    assert walk_m(place, (75.0, 75.0), (25.0, 25.0)) == pytest.approx(1.5 * up + 200.0, abs=1 / 256)


def test_anchor_on_the_end_of_an_escalator_is_at_its_node() -> None:
    # Edge 0 leads away from B; a point at B anchors on it (lowest index) and still walks along the
    # street.
    place = town("A B C", "B>A", "B-C")
    points = place.snap("B")
    assert points.edge.tolist() == [0]
    assert walk_m(place, "B", "C") == 100.0
    assert walk_m(place, "C", "B") == 100.0


def test_loop_is_walked_the_short_way_round() -> None:
    place = town(
        """
        b c
        A d
        """,
        "A-b-c-d-A",
    )
    assert place.net.edge_m.tolist() == [400.0]
    assert walk_m(place, (0.0, 30.0), (20.0, 0.0)) == 50.0  # over A
    assert walk_m(place, (0.0, 90.0), (50.0, 100.0)) == 60.0  # along it
    one_way = town("b c\nA d", "A>b>c>d>A")
    assert walk_m(one_way, (0.0, 30.0), (20.0, 0.0)) == 350.0
    assert walk_m(one_way, (20.0, 0.0), (0.0, 30.0)) == 50.0


def test_parallel_edges_are_both_kept() -> None:
    place = town(
        """
        c d
        A B
        """,
        "A-B",
        "A-c-d-B",
    )
    assert place.net.edge_m.tolist() == [100.0, 300.0]
    assert walk_m(place, "c", "d") == 100.0
    assert walk_m(place, (0.0, 90.0), (100.0, 90.0)) == 120.0  # along the far edge
    assert walk_m(place, (0.0, 20.0), (100.0, 20.0)) == 140.0  # by the near one


def test_zero_length_edge_carries_a_tie_to_the_lower_rank() -> None:
    lines = [
        Line(0, 1, ((0.0, 0.0), (0.0, 0.0))),
        Line(1, 2, ((0.0, 0.0), (100.0, 0.0))),
        Line(0, 3, ((0.0, 0.0), (0.0, 100.0))),
    ]
    net = network([(0, 0), (0, 0), (100, 0), (0, 100)], lines)
    stations = snap(net, np.array([[100.0, 0.0], [0.0, 100.0]]))
    at_corner = snap(net, np.array([[0.0, 0.0]]))
    for rank, first in (([0, 1], 0), ([1, 0], 1)):
        found = nearest(net, at_corner, stations, rank=rank)
        assert found.station.tolist() == [[first, 1 - first]]
        assert found.distance_m.tolist() == [[100.0, 100.0]]


def test_several_anchors_the_best_door_wins() -> None:
    place = town("A B C D E", "A-B-C-D-E")
    doors = place.at((50.0, 10.0), (250.0, 20.0), (120.0, 0.0))
    points = snap(place.net, doors, start=[0, 2, 3])
    stations = snap(place.net, place.at("A", "E", "C", (390.0, 1.0)), start=[0, 1, 2, 4])
    found = nearest(place.net, points, stations)
    # Point 0: A from its first door 10 + 50; C from its second 20 + 50; E from its second 20 + 150.
    assert found.station.tolist() == [[0, 2], [2, 0]]
    assert found.distance_m.tolist() == [[60.0, 70.0], [80.0, 120.0]]
    listed = pairs(place.net, points, stations, limit_m=130.0)
    assert listed.point.tolist() == [0, 0, 1, 1]
    assert listed.station.tolist() == [0, 2, 0, 2]
    assert listed.distance_m.tolist() == [60.0, 70.0, 120.0, 80.0]


def test_within_means_at_most() -> None:
    place = town("A B", "A-B")
    points, stations = place.snap((20.0, 5.0)), place.snap("B")
    assert len(pairs(place.net, points, stations, limit_m=85.0).point) == 1
    assert len(pairs(place.net, points, stations, limit_m=85.0 - 1 / 1024).point) == 0


def test_off_network_points_and_stations_are_kept_without_distance() -> None:
    place = town("A B", "A-B")
    points, stations = (
        place.snap("A", (50.0, 500.0), max_snap_m=100.0),
        place.snap((50.0, -101.0), "B"),
    )
    assert points.on_network.tolist() == [True, False]
    assert points.nearest_way_m.tolist() == [0.0, 500.0]
    found = nearest(place.net, points, stations)
    assert found.station.tolist() == [[1, -1], [-1, -1]]


@pytest.mark.parametrize("rank", [[0, 0], [0], [1, 2], [0.5, 1]])
def test_a_rank_that_is_no_order_is_refused(rank: list[float]) -> None:
    place = town("A B", "A-B")
    with pytest.raises(InvalidValueError, match="not an order of 2 stations"):
        nearest(place.net, place.snap("A"), place.snap("A", "B"), rank=rank)


@pytest.mark.parametrize("limit", [-1.0, np.nan])
def test_a_limit_that_is_no_distance_is_refused(limit: float) -> None:
    place = town("A B", "A-B")
    with pytest.raises(InvalidValueError, match="limit_m"):
        pairs(place.net, place.snap("A"), place.snap("B"), limit_m=limit)


def test_arguments_are_not_written_to() -> None:
    place = diamond()
    points: Anchors = place.snap("A", "d")
    assert not points.offset_m.flags.writeable
    usable = usable_components(place.net, place.at("A"))
    assert not usable.flags.writeable
    assert nearest(place.net, points, place.snap("C")).distance_m.flags.writeable is False
