"""Crossings and numbers between numbers, on streets drawn on a plane near the equator."""

from __future__ import annotations

import pytest
import shapely

from walkshed.geocode.geometry.crossings import crossings_of
from walkshed.geocode.geometry.numbering import between

GRID = 0.001  # about 111 m
#: A street of a kilometer to the east; even numbers north of it, odd ones south.
STREET = shapely.LineString([(100.0, 0.0), (100.01, 0.0)])
NORTH, SOUTH = 0.0002, -0.0002


def at(x: float, y: float) -> tuple[float, float]:
    return 100.0 + x * GRID, y


HOUSES = {2: at(1, NORTH), 10: at(2, NORTH), 1: at(1, SOUTH), 9: at(2, SOUTH)}


def test_a_number_lies_between_the_mapped_ones_of_its_side():
    place = between(4, HOUSES, STREET)
    assert (place.lon, place.lat) == pytest.approx(at(1.25, NORTH), abs=1e-7)
    assert (place.lower, place.upper) == (2, 10)
    assert place.uncertainty_m == pytest.approx(0.75 * 111.195, abs=0.5)
    assert between(5, HOUSES, STREET).lat == pytest.approx(SOUTH, abs=1e-7)


@pytest.mark.parametrize(
    ("number", "change"),
    [
        (12, {}),  # beyond the last one
        (4, {10: at(4, NORTH)}),  # too far apart
        (4, {10: at(2, SOUTH)}),  # on two sides
        (4, {7: at(1.5, NORTH)}),  # an odd number among the even ones
        (4, {12: at(0.5, NORTH)}),  # numbers that run to and fro
        (4, {10: at(2, 0.01)}),  # nowhere near the street
    ],
)
def test_where_the_numbers_do_not_tell_nothing_is_interpolated(number, change):
    assert between(number, HOUSES | change, STREET) is None


def test_a_bend_between_two_houses_tells_nothing():
    bend = shapely.LineString([at(0, 0.0), at(1, 0.0), at(1.5, 0.002), at(2, 0.0), at(3, 0.0)])
    assert between(4, HOUSES, bend) is None


def test_the_nodes_of_a_dual_carriageway_are_one_crossing():
    other = shapely.MultiLineString([[at(5, -0.01), at(5, 0.01)], [at(5.2, -0.01), at(5.2, 0.01)]])
    (crossing,) = crossings_of(STREET, other)
    assert (crossing.lon, crossing.lat) == pytest.approx(at(5.1, 0.0), abs=1e-7)
    assert (crossing.gap_m, round(crossing.uncertainty_m)) == (0.0, 36)


def test_streets_may_meet_twice_or_nearly_or_not():
    loop = shapely.LineString([at(2, -0.001), at(2, 0.002), at(8, 0.002), at(8, -0.001)])
    assert [round((each.lon - 100.0) / GRID, 3) for each in crossings_of(STREET, loop)] == [2, 8]
    near = shapely.LineString([at(5, NORTH), at(5, 0.01)])
    (approach,) = crossings_of(STREET, near)
    assert approach.gap_m == pytest.approx(22.2, abs=0.1)
    assert crossings_of(STREET, shapely.LineString([at(5, 0.002), at(5, 0.01)])) == ()
