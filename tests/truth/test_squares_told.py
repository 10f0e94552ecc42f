"""Squares told a second time (definition 16): walks solved by hand, and drawn towns through both programs."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from pathlib import Path

import numpy as np
import pytest
import shapely

from drawn_squares import PATH, Place, Plaza
from squares_study import block as study_block
from squares_study import write_study
from truth.compare import Comparison
from truth.runs import both
from truth.squares import Square, _floor, _meet
from truth.telling import Told
from truth.walkable import Manner


def block(
    name: str, x: float, y: float, size: float, form: str = "street_block"
) -> dict[str, object]:
    return study_block(name, (x, y), size, 100, form=form)


def told_twice(
    folder: Path, town: Plaza, blocks: list[dict[str, object]], stations: list[Place], private: str
) -> tuple[Comparison, Told]:
    """A town with stations at places, the first for meals, the next for repairs, and so on, told by both."""
    services = ("meals", "repairs", "meals;repairs")
    listed = [(f"S{n}", place, services[n % 3]) for n, place in enumerate(stations)]
    write_study(folder, town, blocks, listed, private=private)
    comparison, told, _ = both(folder)
    return comparison, told


def test_a_hole_is_walked_around() -> None:
    """A square of 120 m with a hole of 40 m in its middle: from corner to corner 2 √(80² + 40²)."""
    outer = [(0, 0), (120, 0), (120, 120), (0, 120)]
    hole = [(40, 40), (80, 40), (80, 80), (40, 80)]
    square = Square((), {}, Manner(), ground=shapely.Polygon(outer, [hole]))
    places = np.array([[0, 0], [120, 120], [20, 60], [100, 60], [120, 0], [-0.004, 60]])
    found = square.meters(places, places)
    assert found[0, 1] == pytest.approx(2 * hypot(80, 40))
    assert found[2, 3] == pytest.approx(2 * hypot(20, 20) + 40)
    assert found[0, 4] == pytest.approx(120)
    assert found[2, 5] == pytest.approx(20)
    np.testing.assert_allclose(found, found.T)
    assert square.holds(np.array([[60, 60], [60, 20], [-0.009, 20], [-0.02, 20]])).tolist() == [
        *(False, True, True, False)
    ]


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ({}, {"layer": "0"}, True),
        ({}, {"level": "0;1"}, True),
        ({}, {"level": "-1-1"}, True),
        ({}, {"layer": "1"}, False),
        ({}, {"level": "2"}, False),
        ({}, {"tunnel": "yes"}, False),
        ({"bridge": "yes"}, {"tunnel": "yes"}, False),
        ({"bridge": "yes"}, {"bridge": "viaduct"}, True),
        ({}, {"highway": "footway", "level": "0;1"}, False),
        ({}, {"indoor": "corridor"}, False),
        ({"indoor": "area", "level": "-1-1"}, {"indoor": "corridor", "level": "1"}, True),
    ],
)
def test_ways_meet_without_a_node_on_one_floor(one: dict, other: dict, meet: bool) -> None:
    assert _meet(_floor(one), _floor(other)) is meet


def plaza() -> Plaza:
    """A square with a hole, one of steps, private ground, paths around, and a way across without a node."""
    town = Plaza()
    outer = [(0.0, 0.0), (300.0, 0.0), (300.0, 100.0), (300.0, 200.0), (0.0, 200.0), (0.0, 100.0)]
    town.with_hole(outer, [(130.0, 70.0), (170.0, 70.0), (170.0, 150.0), (130.0, 150.0)])
    town.square((300.0, 200.0), (380.0, 200.0), (380.0, 280.0), (300.0, 280.0), highway="steps")
    town.square((300.0, 0.0), (300.0, -90.0), (210.0, -90.0), (210.0, 0.0), access="private")
    town.drawing.ways[1][0].insert(1, town.known[210.0, 0.0])
    town.way((-400.0, 100.0), (0.0, 100.0), **PATH)
    town.way((300.0, 100.0), (700.0, 100.0), **PATH)
    town.way((0.0, 200.0), (0.0, 500.0), (300.0, 500.0), (380.0, 280.0), **PATH)
    town.way((60.0, 30.0), (60.0, -300.0), (420.0, -300.0), (700.0, 100.0), **PATH)
    return town


@pytest.mark.parametrize("private", ["ends", "open"])
def test_a_plaza(private: str, tmp_path: Path) -> None:
    """Stations on the squares, on their outlines and beside them, two at a time and one that stays."""
    places = [(x, y) for x in range(-50, 420, 67) for y in range(-90, 300, 41)]
    places += [(0, 0), (0.004, 90), (-0.004, 90), (150, 110), (300, 200)]
    at = [(20, 130, 40), (20, 20, 30), (60, 201, 50), (100, -40, 40), (500, 120, 60)]
    at += [(230, -70, 40), (-200, 110, 60), (200, 100, 30)]
    blocks = [block(f"b{number}", *map(float, where)) for number, where in enumerate(at)]
    rows = 0
    for first in range(0, len(places) - 1, 2):
        three = [*places[first : first + 2], (230, 110)]
        comparison, told = told_twice(tmp_path / str(first), plaza(), blocks, three, private)
        assert len(told.streets.squares) == 3
        assert comparison.differences == [], (three, comparison.summary())
        rows += comparison.rows
    assert rows > 1000


def test_a_station_at_the_side_of_a_hole_keeps_its_foot_along_that_side(tmp_path: Path) -> None:
    """The leg to the outline touches the hole, and lies straight across the square all the same."""
    blocks = [block("b2", 60.0, 201.0, 50.0)]
    places = [(600, 100), (130, 110), (500, 100)]
    comparison, _ = told_twice(tmp_path, plaza(), blocks, places, "ends")
    assert comparison.differences == [], comparison.summary()


def test_no_walk_across_a_square_hangs_on_where_another_station_stands(tmp_path: Path) -> None:
    """Residents step out at a station's foot on the outline to walk to that station, and to no other."""
    blocks = [block("b2", 60.0, 201.0, 50.0)]
    meters = []
    for number, elsewhere in enumerate([(85, 204), (500, 120)]):
        places = [elsewhere, (85, 5)]
        comparison, told = told_twice(tmp_path / str(number), plaza(), blocks, places, "ends")
        assert comparison.differences == [], comparison.summary()
        (adult,) = [
            one.nearest_m
            for one in told.judgments
            if (one.service, one.walker) == ("repairs", "adult")
        ]
        meters.append(adult)
    assert meters[0] == meters[1] > 195


#: Above and below the ground, with a layer and without.
FLOORS = [{"tunnel": "yes"}, {"bridge": "yes"}, {"bridge": "yes", "layer": "1"}]
FLOORS += [{"indoor": "yes", "level": "0-2"}, {"level": "1"}]


def scattered(rng: np.random.Generator, floors: Sequence[dict[str, str]] = ()) -> Plaza:
    """Three squares anywhere, over each other too, with holes, steps, private ones; ways from corners and across."""

    def tens(low: int, high: int) -> float:
        return float(rng.integers(low, high) // 10 * 10)

    town = Plaza()
    for _ in range(3):
        x, y, wide, high = tens(0, 400), tens(0, 400), tens(80, 320), tens(80, 320)
        ring = [(x, y), (x + wide / 2, y + tens(0, 40)), (x + wide, y), (x + wide, y + high)]
        ring += [(x + wide / 2, y + high - tens(0, 40)), (x, y + high)]
        kinds = [{}, {}, {"access": "private"}, {"highway": "steps"}, {"layer": "1"}]
        kinds += floors
        tags = kinds[rng.integers(len(kinds))]
        east, north = x + wide / 2, y + high / 2
        hole = [(-20, -13), (17, -15), (21, 11), (-15, 17)]
        if rng.random() < 0.5 and high > 120:
            town.with_hole(ring, [(east + a, north + b) for a, b in hole], **tags)
        else:
            town.square(*ring, **tags)
    corners = list(town.known)
    for _ in range(9):
        places = [(tens(-300, 800), tens(-300, 800)) for _ in range(3)]
        if rng.random() < 0.6:
            places[0] = corners[rng.integers(len(corners))]
        kinds = [{}, {}, {"layer": "1"}, {"access": "private"}, {"highway": "steps"}]
        kinds += [{"oneway:foot": "yes"}, {"tunnel": "yes"}, *floors]
        if len(set(places)) == 3:
            town.way(*places, **{**PATH, **kinds[rng.integers(len(kinds))]})
    return town


@pytest.mark.parametrize("seed", range(18))
def test_squares_anywhere(seed: int, tmp_path: Path) -> None:
    """Compounds with every other seed of the last ones, and ground above and below the street."""
    rng = np.random.default_rng(seed)
    town = scattered(rng, FLOORS if seed >= 12 else ())
    corners, sizes = rng.integers(-200, 650, (14, 2)), rng.integers(20, 90, 14)
    form = "compound" if seed in (13, 15, 17) else "street_block"
    blocks = [
        block(f"b{number}", float(x), float(y), float(size), form)
        for number, ((x, y), size) in enumerate(zip(corners, sizes, strict=True))
    ]
    stations = [tuple(place) for place in rng.uniform(-100, 600, (6, 2)).tolist()]
    private = ("ends", "open")[seed % 2]
    comparison, told = told_twice(tmp_path, town, blocks, stations, private)
    assert told.streets.squares
    assert comparison.differences == [], comparison.summary()
