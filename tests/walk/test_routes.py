"""Routes in towns whose answers are checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from towns import Street, town
from walkshed.errors import InvalidValueError
from walkshed.model.ground.walking import Route
from walkshed.walk.anchors import snap
from walkshed.walk.routes.route import route, routes


def told(found: Route | None) -> list[tuple[str, str, float]]:
    assert found is not None
    return [(part.kind, part.name, part.meters) for part in found.stretches]


def test_a_route_follows_bends_and_names() -> None:
    place = town(
        """
        A b .
        . C D
        """,
        Street("A-b-C", name="Long Lane"),
        Street("C-D", name="High Street"),
    )
    found = route(place.net, place.snap((40.0, 105.0)), place.snap((150.0, -3.0)))
    assert told(found) == [
        ("leg", "", 5.0),
        ("street", "Long Lane", 160.0),
        ("street", "High Street", 50.0),
        ("leg", "", 3.0),
    ]
    assert found is not None
    assert found.distance_m == 218.0
    assert found.xy.tolist() == [[40, 105], [40, 100], [100, 100], [100, 0], [150, 0], [150, -3]]
    assert [(part.first, part.last) for part in found.stretches] == [(0, 1), (1, 3), (3, 4), (4, 5)]


def test_stretches_of_one_name_are_joined_and_steps_kept_apart() -> None:
    place = town("A B C D", Street("A-B-C", name="Hill"), Street("C-D", name="Hill", steps=True))
    found = route(place.net, place.snap("A"), place.snap("D"))
    assert told(found) == [("street", "Hill", 200.0), ("street", "Hill", 100.0)]
    assert found is not None
    assert [part.steps for part in found.stretches] == [False, True]


def test_backward_along_edges() -> None:
    place = town("A b\n. C", "A-b-C")
    found = route(place.net, place.snap("C"), place.snap((30.0, 100.0)))
    assert found is not None
    assert found.xy.tolist() == [[100, 0], [100, 100], [30, 100]]


def test_out_of_a_private_yard_is_told_apart() -> None:
    place = town("A B C", Street("A-B", private=True), Street("B-C", name="Road"))
    found = route(place.net, place.snap((40.0, 0.0)), place.snap("C"))
    assert told(found) == [("private", "", 60.0), ("street", "Road", 100.0)]


def test_the_straight_way_along_one_edge() -> None:
    place = town("b c\nA d", "A-b-c-d-A")
    found = route(place.net, place.snap((0.0, 90.0)), place.snap((50.0, 100.0)))
    assert found is not None
    assert found.xy.tolist() == [[0, 90], [0, 100], [50, 100]]
    over = route(place.net, place.snap((0.0, 30.0)), place.snap((20.0, 0.0)))
    assert over is not None
    assert over.xy.tolist() == [[0, 30], [0, 0], [20, 0]]
    assert told(over) == [("street", "", 50.0)]


def test_once_around_an_escalator() -> None:
    place = town("A B\n. C", "A>B", "B-C-A")
    found = route(place.net, place.snap((75.0, 100.0)), place.snap((25.0, 100.0)))
    assert found is not None
    assert found.xy.tolist() == [[75, 100], [100, 100], [100, 0], [0, 100], [25, 100]]
    assert found.distance_m == 25 + 100 + place.net.edge_m[2] + 25


def test_the_best_door_is_taken() -> None:
    place = town("A B C", "A-B-C")
    doors = snap(place.net, place.at((20.0, 10.0), (150.0, 10.0)), start=[0, 2])
    found = route(place.net, doors, place.snap("C"))
    assert found is not None
    assert found.distance_m == 60.0
    assert found.xy.tolist() == [[150, 10], [150, 0], [200, 0]]


def test_no_way_no_route() -> None:
    place = town("A B . C D", "A-B", "C-D")
    assert route(place.net, place.snap("A"), place.snap("D")) is None
    assert route(place.net, place.snap((50.0, 500.0)), place.snap("D")) is None


def test_a_point_at_its_station_stands_still() -> None:
    place = town("A B", "A-B")
    found = route(place.net, place.snap("A"), place.snap("A"))
    assert found is not None
    assert (found.distance_m, found.stretches) == (0.0, ())
    assert found.xy.tolist() == [[0, 0], [0, 0]]


def test_two_points_are_no_route() -> None:
    place = town("A B", "A-B")
    with pytest.raises(InvalidValueError, match="not 2 to 1"):
        route(place.net, place.snap("A", "B"), place.snap("A"))


def test_the_line_is_as_long_as_the_distance() -> None:
    place = town("A b C\nd . E\nF g H", "A-b-C", "C-E-H", "A-d-F-g-H", "F-E")
    rng = np.random.default_rng(5)
    for _ in range(40):
        here, there = rng.uniform(-20, 220, (2, 2))
        found = route(place.net, place.snap(tuple(here)), place.snap(tuple(there)))
        assert found is not None
        length = np.hypot(*np.diff(found.xy, axis=0).T).sum()
        assert length == pytest.approx(found.distance_m, abs=0.01)
        assert found.xy[0].tolist() == here.tolist()
        assert found.xy[-1].tolist() == there.tolist()
        for part in found.stretches:
            own = found.xy[part.first : part.last + 1]
            assert np.hypot(*np.diff(own, axis=0).T).sum() == pytest.approx(part.meters, abs=0.005)


def test_many_points_in_one_search_walk_as_each_alone() -> None:
    place = town("A b C\nD E F", "A-b-C-F-E-D", Street("b-E", private=True), "D-A")
    spots = np.array([(0.0, 40.0), (100.0, 50.0), (180.0, 100.0), (130.0, 0.0)])
    points, station = snap(place.net, spots), place.snap("F")
    for row, found in enumerate(routes(place.net, points, station)):
        alone = route(place.net, points.take(np.array([row])), station)
        assert found is not None
        assert alone is not None
        assert found.distance_m == alone.distance_m
        assert found.xy.tolist() == alone.xy.tolist()
        assert found.stretches == alone.stretches
        assert found.point_anchor == alone.point_anchor
