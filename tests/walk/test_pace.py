"""Other walkers on the same streets: closed edges, seconds for meters, and the way from the station."""

from __future__ import annotations

import numpy as np
import pytest

from towns import Street, town
from walkshed.model.ground.walking import Pace
from walkshed.model.town.walkers import ADULT, Walker
from walkshed.needs.access.floors import STEP_RUN_M, pace_in_meters, pace_in_seconds
from walkshed.walk.distances import nearest, pairs
from walkshed.walk.opposite import opposite

PICTURE = """
    A B C D
    E F G H
    I J K L
    """
OPEN = [
    "A-B-C-D",
    "E-F",
    "G-H",
    "I-J-K-L",
    "A-E-I",
    "D-H-L",
    Street("B-F", private=True),
    Street("C>G"),
    Street("J>F"),
]
STEPS = [Street("F-G", steps=True), Street("G-K", steps=True)]
WITH, WITHOUT = town(PICTURE, *OPEN, *STEPS), town(PICTURE, *OPEN)
ROLLS = Walker("rolls", "", "", 0.5, None, None, None, 0.0, {})


def places(seed: int, count: int):
    """Return anchors on streets that are open to all; the edges have the same numbers in both towns."""
    spots = np.random.default_rng(seed).uniform((0, 0), (300, 200), (count, 2))
    return WITHOUT.snap(*map(tuple, spots))


def test_a_pace_of_one_changes_nothing() -> None:
    points, stations = places(1, 40), places(2, 8)
    plain = Pace(np.ones(WITH.net.edge_count), 1.0)
    one, other = (
        pairs(WITH.net, points, stations, limit_m=np.inf, pace=pace) for pace in (None, plain)
    )
    assert np.array_equal(one.distance_m, other.distance_m)
    two, others = (nearest(WITH.net, points, stations, pace=pace) for pace in (None, plain))
    assert np.array_equal(two.distance_m, others.distance_m)
    assert np.array_equal(two.station, others.station)


def test_closed_edges_are_edges_that_are_not_there() -> None:
    pace = pace_in_meters(WITH.net, ROLLS)
    assert pace is not None
    assert pace_in_meters(WITH.net, ADULT) is pace_in_meters(WITHOUT.net, ROLLS) is None
    points, stations = places(3, 40), places(4, 8)
    closed = pairs(WITH.net, points, stations, limit_m=np.inf, pace=pace)
    missing = pairs(WITHOUT.net, points, stations, limit_m=np.inf)
    assert np.array_equal(closed.point, missing.point)
    assert np.array_equal(closed.distance_m, missing.distance_m)
    assert (
        closed.distance_m.sum() > pairs(WITH.net, points, stations, limit_m=np.inf).distance_m.sum()
    ).all()
    found = nearest(WITH.net, points, stations, pace=pace)
    assert np.array_equal(found.distance_m, nearest(WITHOUT.net, points, stations).distance_m)


def test_a_door_on_a_closed_edge_is_reached_from_its_end_only() -> None:
    pace = pace_in_meters(WITH.net, ROLLS)
    station = WITH.snap((150, 100), "G")  # in the middle of the steps, and at their upper end
    found = nearest(WITH.net, WITH.snap("H"), station, pace=pace)
    assert found.distance_m[0].tolist() == [100, np.inf]
    assert found.station[0, 0] == 1
    on_steps = WITH.snap((150, 100), (160, 100))
    assert np.isinf(
        nearest(
            WITH.net, on_steps.take(np.array([0])), on_steps.take(np.array([1])), pace=pace
        ).distance_m
    ).all()


def test_seconds_by_hand() -> None:
    # From E to H: 100 m of street at 1.2 m/s, 100 m of steps at 0.6 s per 0.3 m, 100 m of street.
    seconds = pace_in_seconds(WITH.net, ADULT)
    found = nearest(WITH.net, WITH.snap("E"), WITH.snap("H"), pace=seconds).distance_m[0, 0]
    by_steps = 200 / 1.2 + 100 / STEP_RUN_M * 0.6
    around = 500 / 1.2  # by A and D: 100 + 300 + 100
    assert found == pytest.approx(min(by_steps, around), abs=0.01)
    rolling = nearest(
        WITH.net, WITH.snap("E"), WITH.snap("H"), pace=pace_in_seconds(WITH.net, ROLLS)
    )
    assert rolling.distance_m[0, 0] == pytest.approx(500 / 0.5)


def test_legs_cost_time_too() -> None:
    pace = Pace(np.full(WITH.net.edge_count, 2.0), 3.0)
    found = nearest(WITH.net, WITH.snap((50, 210)), WITH.snap((80, 205)), pace=pace)
    assert found.distance_m[0, 0] == 2 * 30 + 3 * (10 + 5)


@pytest.mark.parametrize("pace", [None, "rolls"])
def test_the_way_from_the_station_is_the_way_to_it_with_the_parts_exchanged(
    pace: str | None,
) -> None:
    chosen = pace_in_meters(WITH.net, ROLLS) if pace else None
    points, stations = places(5, 25), places(6, 9)
    turned = pairs(opposite(WITH.net), points, stations, limit_m=np.inf, pace=chosen)
    exchanged = pairs(WITH.net, stations, points, limit_m=np.inf, pace=chosen)
    ours = dict(
        zip(zip(turned.point.tolist(), turned.station.tolist()), turned.distance_m.tolist())
    )
    theirs = dict(
        zip(
            zip(exchanged.station.tolist(), exchanged.point.tolist()), exchanged.distance_m.tolist()
        )
    )
    assert ours == theirs
    forward = pairs(WITH.net, points, stations, limit_m=np.inf, pace=chosen)
    assert not np.array_equal(forward.distance_m, turned.distance_m)  # there are one-way ways


def test_two_way_streets_are_their_own_opposite() -> None:
    plain = town("A B", "A-B").net
    assert opposite(plain) is plain
