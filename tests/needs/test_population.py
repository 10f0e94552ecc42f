"""People of points and cells, shared out over blocks: sums that anyone can check."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from needs.judged import block
from needs.test_blocks import TOWN
from needs.test_demand import extract
from walkshed.model.town.places import PeopleSource
from walkshed.model.town.population import Population
from walkshed.needs.people.dwellings import dwellings
from walkshed.needs.people.population import blocks_of_population, share_population

WEST, EAST = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
NO_HOMES = dwellings(extract(), TOWN.net.plane)


def population(form, *rows):
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [place for place, _ in rows]
    ids = tuple(f"P{n}" for n in range(len(rows)))
    return Population(
        form, "people.csv", ids, ids, np.array([float(people) for _, people in rows]), geometry
    )


def blocks():
    return block("west", geometry=WEST, people=None), block("east", geometry=EAST, people=None)


def test_points_belong_to_the_block_around_them() -> None:
    points = population(
        "points",
        (shapely.Point(50, 50), 10),
        (shapely.Point(60, 60), 5),
        (shapely.Point(150, 50), 7),
        (shapely.Point(999, 0), 3),
    )
    shared = share_population(blocks(), points, TOWN.net, NO_HOMES)
    assert [(each.people, each.people_source) for each in shared.blocks] == [
        (15, PeopleSource.GIVEN),
        (7, PeopleSource.GIVEN),
    ]
    assert shared.outside == 3


def test_a_cell_is_shared_by_area_and_its_part_outside_counts_for_nobody() -> None:
    # 50 m west, 100 m east, 50 m outside
    cell = population("grid", (shapely.box(50, 0, 250, 100), 80))
    shared = share_population(blocks(), cell, TOWN.net, NO_HOMES)
    assert [each.people for each in shared.blocks] == pytest.approx([20, 40])
    assert shared.outside == pytest.approx(20)
    assert {each.people_source for each in shared.blocks} == {PeopleSource.ESTIMATED}


def test_a_cell_with_mapped_homes_is_shared_by_their_floor() -> None:
    homes = dwellings(
        extract(
            buildings=[
                (shapely.box(60, 10, 70, 20), {"building": "house", "building:levels": "3"}),
                (shapely.box(110, 10, 120, 20), {"building": "house", "building:levels": "1"}),
            ]
        ),
        TOWN.net.plane,
    )
    cell = population("grid", (shapely.box(50, 0, 250, 100), 80))
    shared = share_population(blocks(), cell, TOWN.net, homes)
    assert [each.people for each in shared.blocks] == pytest.approx([60, 20])
    assert shared.outside == pytest.approx(0)


def test_blocks_that_get_nobody_for_want_of_a_mapped_home_are_counted() -> None:
    """One mapped house takes the people of its cell: whoever lives beside it must be stated."""
    house = (shapely.box(60, 10, 70, 20), {"building": "house"})
    homes = dwellings(extract(buildings=[house]), TOWN.net.plane)
    cell = population("grid", (shapely.box(50, 0, 250, 100), 80))
    shared = share_population(blocks(), cell, TOWN.net, homes)
    assert [each.people for each in shared.blocks] == [80, 0]
    assert shared.notes == (
        (
            "people.csv: 1 of 2 blocks gets nobody: the map shows homes in other blocks of the same "
            "cells and none in this one; state its people if somebody lives there"
        ),
    )
    # without any mapped home the ground counts, and a cell that only touches is none
    assert share_population(blocks(), cell, TOWN.net, NO_HOMES).notes == (
        "20 people of people.csv live in no block",
    )
    west = population("grid", (WEST, 80))
    assert share_population(blocks(), west, TOWN.net, homes).notes == ()


def test_overlapping_blocks_do_not_double_a_cell_and_stated_people_stay() -> None:
    twice = (block("a", geometry=WEST, people=None), block("b", geometry=WEST, people=None))
    cell = population("grid", (WEST, 50))
    assert sum(
        each.people for each in share_population(twice, cell, TOWN.net, NO_HOMES).blocks
    ) == pytest.approx(50)
    stated = (block("a", geometry=WEST, people=9.0), block("b", geometry=EAST, people=None))
    kept = share_population(stated, cell, TOWN.net, NO_HOMES).blocks
    assert [each.people for each in kept] == [9.0, 0.0]


def test_places_of_a_population_can_be_the_blocks() -> None:
    made = blocks_of_population(
        population("points", (shapely.Point(1, 2), 3), (shapely.Point(4, 5), 0))
    )
    assert [(each.id, each.people, each.geometry.x) for each in made] == [
        ("P0", 3, 1),
        ("P1", 0, 4),
    ]
