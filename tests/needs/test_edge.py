"""How far blocks lie from where the data end: the box, cut ways, and the outline of what is mapped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from drawn_osm import EAST, GRID, Drawing
from walkshed.model.town.places import Block, PeopleSource
from walkshed.needs.exits.edge import edge_gap_m
from walkshed.streets.build import build_network

ROAD = {"highway": "residential"}
METER = 1 / 111.32  # of the drawing's grid


def block(x_m: float, y_m: float, size_m: float = 100.0) -> Block:
    """A square whose lower left corner is so many meters from the drawing's."""
    west, south = x_m * METER * GRID, y_m * METER * GRID
    side = size_m * METER * GRID
    return Block(
        id="B1",
        name="B1",
        kind="",
        people=None,
        people_source=PeopleSource.NONE,
        groups={},
        households=None,
        subdistrict="",
        community="",
        geometry=shapely.box(EAST + west, south, EAST + west + side, south + side),
    )


def gaps(drawing: Drawing, folder: Path, *blocks: Block, **choices) -> list[float]:
    return edge_gap_m(build_network(drawing.read(folder), **choices), blocks).tolist()


def streets(width_m: float, height_m: float, **more) -> Drawing:
    """Streets every 400 m, corners every 400 m."""
    columns, rows = int(width_m // 400) + 1, int(height_m // 400) + 1
    drawing = Drawing(**more)
    drawing.nodes = {
        1 + row * columns + column: (column * 400 * METER, row * 400 * METER)
        for row in range(rows)
        for column in range(columns)
    }
    for row in range(rows):
        first = 1 + row * columns
        drawing.ways[row + 1] = (list(range(first, first + columns)), ROAD)
    for column in range(columns):
        down = list(range(1 + column, 1 + rows * columns, columns))
        drawing.ways[1000 + column] = (down, ROAD)
    return drawing


def test_the_box_is_the_edge_of_data_that_fill_it(tmp_path: Path) -> None:
    drawing = streets(4000, 4000, bounds=(0, 0, 4000 * METER, 4000 * METER))
    found = gaps(drawing, tmp_path, block(300, 2000), block(2000, 2000), block(-50, 2000))
    assert found == pytest.approx([300, 1900, -50], abs=15)
    assert gaps(drawing, tmp_path, block(300, 2000), beyond="nothing") == [np.inf]


def test_the_map_ends_before_its_box(tmp_path: Path) -> None:
    """Streets fill the southern part of a box of 4 by 8 km: a block 550 m from their end lies near it."""
    drawing = streets(4000, 4000, bounds=(0, 0, 4000 * METER, 8000 * METER))
    inside, near = gaps(drawing, tmp_path, block(1900, 1900), block(1900, 3350))
    assert near == pytest.approx(550, abs=130)  # to a cell of the outline
    assert inside > 1700


def test_a_way_that_breaks_off_is_an_edge(tmp_path: Path) -> None:
    drawing = streets(4000, 4000, bounds=(0, 0, 4000 * METER, 4000 * METER))
    middle = 1 + 5 * 11 + 5  # the corner at x = 2,000 m, y = 2,000 m
    drawing.ways[5000] = ([middle, 99_999], ROAD)
    assert gaps(drawing, tmp_path, block(2300, 1950)) == pytest.approx([300], abs=5)
    assert gaps(drawing, tmp_path, block(1950, 1950)) == [0.0]


def test_no_block_has_no_gap(tmp_path: Path) -> None:
    assert gaps(streets(800, 800), tmp_path) == []
