"""Blocks and stations in outlines of communities drawn by hand, on a plane in meters."""

from __future__ import annotations

from dataclasses import replace

import shapely

from needs.judged import block, station
from walkshed.model.ground.plane import Plane
from walkshed.model.town.places import Area, Block, Station
from walkshed.needs.people.areas import in_areas

PLANE = Plane(planar=True)
# x = 0 … 100: West in Harbor; 100 … 200: East, which names no subdistrict; Hill is the subdistrict
# of x = 150 … 300.
WEST = Area("community", "Harbor", "West", shapely.box(0, 0, 100, 100))
EAST = Area("community", "", "East", shapely.box(100, 0, 200, 100))
HILL = Area("subdistrict", "Hill", "", shapely.box(150, 0, 300, 100))


def place(name: str, west: float, east: float, **words: str) -> Block:
    return replace(block(name, shapely.box(west, 10, east, 20)), **words)


def names(places: tuple[Block, ...] | tuple[Station, ...]) -> list[tuple[str, str]]:
    return [(each.subdistrict, each.community) for each in places]


def test_most_of_a_block_and_at_least_half_of_it() -> None:
    blocks = (
        place("most", 70, 120),
        place("half", 60, 140),
        place("astride", 170, 260),
        place("out", 195, 205),
    )
    filled, _, notes = in_areas((WEST, EAST, HILL), blocks, (), PLANE)
    # 30 of 50 m in West; 40 of 80 m in each, so the first by name (subdistrict, then community):
    # East names none; 30 of 90 m in East, but 90 of 90 in Hill; 5 of 10 m in East, all in Hill.
    assert names(filled) == [("Harbor", "West"), ("", "East"), ("Hill", ""), ("Hill", "East")]
    assert notes == (
        "no community of [areas] holds half of 1 block: astride",
        "no subdistrict of [areas] holds half of 1 block: half",
    )


def test_a_station_is_where_it_stands() -> None:
    stations = (
        station("a", 50, 50),
        station("edge", 100, 50),
        station("hill", 250, 50),
        replace(station("drawn", 0, 0), geometry=shapely.box(80, 40, 118, 60)),
    )
    _, filled, _ = in_areas((EAST, WEST, HILL), (), stations, PLANE)
    assert names(filled) == [("Harbor", "West"), ("", "East"), ("Hill", ""), ("Harbor", "West")]


def test_what_a_table_says_stays_and_is_noted() -> None:
    blocks = (place("kept", 10, 20, community="South"), place("same", 110, 120, community="East"))
    stations = (replace(station("s", 50, 50), subdistrict="Hill"),)
    filled, standing, notes = in_areas((WEST, EAST), blocks, stations, PLANE)
    assert names(filled) == [("Harbor", "South"), ("", "East")]
    assert names(standing) == [("Hill", "West")]
    assert notes == (
        (
            "1 of the blocks names another community than the outline of [areas] that holds it "
            "(the table's word stands): kept (South; West)"
        ),
        (
            "1 of the stations names another subdistrict than the outline of [areas] that holds it "
            "(the table's word stands): s (Hill; Harbor)"
        ),
    )


def test_names_with_and_without_the_word_for_their_level_are_one() -> None:
    south = Area("community", "太平街道", "南门社区", shapely.box(0, 0, 100, 100))
    square = Area("community", "太平街道", "太平社区", shapely.box(100, 0, 200, 100))
    blocks = (
        place("a", 10, 20, community="南门", subdistrict="太平"),
        place("b", 30, 40),
        place("c", 110, 120),
    )
    filled, _, notes = in_areas((south, square), blocks, (), PLANE)
    assert names(filled) == [("太平", "南门"), ("太平", "南门"), ("太平", "太平社区")]
    assert notes == ()


def test_parts_of_one_name_are_one_area_and_nothing_changes_without_areas() -> None:
    parts = tuple(replace(WEST, geometry=shapely.box(x, 0, x + 10, 100)) for x in (0, 20, 40))
    blocks = (place("b", 0, 50),)  # 30 of 50 m
    filled, _, _ = in_areas(parts, blocks, (), PLANE)
    assert names(filled) == [("Harbor", "West")]
    assert in_areas((), blocks, (), PLANE) == (blocks, (), ())
