"""Multipolygons, drawn by hand and counted in grid squares."""

from __future__ import annotations

import pytest

from drawn_osm import GRID, Drawing, square
from walkshed.osm.outlines.rings import closed_rings


def parks(drawing: Drawing, tmp_path):
    """The areas of the drawing by OSM type and id, in grid squares, and the notes."""
    extract = drawing.read(tmp_path)
    found = extract.areas
    sizes = {
        (kind, osm_id): shape.area / GRID**2
        for kind, osm_id, shape in zip(
            found.osm_type, found.osm_id.tolist(), found.geometry, strict=True
        )
    }
    return sizes, extract.notes


def multipolygon(*members: tuple[int, str]) -> tuple[list[tuple[str, int, str]], dict[str, str]]:
    return [("w", way, role) for way, role in members], {"type": "multipolygon", "leisure": "park"}


def rings(*squares: tuple[float, float, float]) -> Drawing:
    """Squares (x, y, size) as closed ways 1, 2, …"""
    drawing = Drawing()
    for number, (x, y, size) in enumerate(squares, start=1):
        corners = square(x, y, size, number * 10)
        drawing.nodes |= corners
        drawing.ways[number] = ([*corners, number * 10], {})
    return drawing


def test_a_hole(tmp_path):
    drawing = rings((0, 0, 4), (1, 1, 2))
    drawing.relations[9] = multipolygon((1, "outer"), (2, "inner"))
    sizes, _ = parks(drawing, tmp_path)
    assert sizes == pytest.approx({("r", 9): 12})


def test_an_island_in_a_lake_on_an_island(tmp_path):
    drawing = rings((0, 0, 6), (1, 1, 4), (2, 2, 2))
    drawing.relations[9] = multipolygon((3, "outer"), (1, "outer"), (2, "inner"))
    sizes, _ = parks(drawing, tmp_path)
    assert sizes == pytest.approx({("r", 9): 36 - 16 + 4})


def test_two_holes_that_share_an_edge(tmp_path):
    drawing = rings((0, 0, 4), (1, 1, 1), (2, 1, 1))
    drawing.relations[9] = multipolygon((1, "outer"), (2, "inner"), (3, "inner"))
    sizes, _ = parks(drawing, tmp_path)
    assert sizes == pytest.approx({("r", 9): 14})


def test_two_parts_that_touch(tmp_path):
    drawing = rings((0, 0, 2), (2, 0, 2))
    drawing.relations[9] = multipolygon((1, "outer"), (2, "outer"))
    sizes, _ = parks(drawing, tmp_path)
    assert sizes == pytest.approx({("r", 9): 8})


def test_an_outline_of_open_ways_in_any_direction_and_without_roles(tmp_path):
    drawing = Drawing(nodes=square(0, 0, 3, 1))
    drawing.ways = {1: ([1, 2], {}), 2: ([4, 3, 2], {}), 3: ([4, 1], {})}
    drawing.relations[9] = multipolygon((2, ""), (3, ""), (1, ""))
    sizes, notes = parks(drawing, tmp_path)
    assert sizes == pytest.approx({("r", 9): 9})
    assert notes == ()


def test_rings_that_touch_in_a_node(tmp_path):
    """A bow tie of open ways: whichever way they are paired at the node, the area is the two squares."""
    drawing = Drawing(
        nodes={1: (0, 0), 2: (2, 0), 3: (2, 2), 4: (0, 2), 5: (4, 2), 6: (4, 4), 7: (2, 4)}
    )
    drawing.ways = {1: ([1, 2, 3], {}), 2: ([3, 5, 6], {}), 3: ([6, 7, 3], {}), 4: ([3, 4, 1], {})}
    drawing.relations[9] = multipolygon((1, "outer"), (2, "outer"), (3, "outer"), (4, "outer"))
    sizes, _ = parks(drawing, tmp_path)
    assert sizes == pytest.approx({("r", 9): 8})


def test_a_boundary_is_an_area_and_its_label_is_no_ring(tmp_path):
    drawing = rings((0, 0, 3))
    drawing.nodes[99] = (1, 1)
    tags = {"type": "boundary", "boundary": "administrative", "name": "联合社区"}
    drawing.relations[9] = (
        [("w", 1, "outer"), ("n", 99, "admin_centre"), ("r", 8, "subarea")],
        tags,
    )
    sizes, _ = parks(drawing, tmp_path)
    assert sizes == pytest.approx({("r", 9): 9})


def test_a_missing_member_and_an_open_ring_are_counted_not_fatal(tmp_path):
    drawing = rings((0, 0, 3))
    drawing.ways[2] = ([10, 11, 12], {})
    drawing.relations = {
        8: multipolygon((1, "outer"), (77, "outer")),
        9: multipolygon((2, "outer")),
    }
    sizes, notes = parks(drawing, tmp_path)
    assert sizes == {}
    assert notes == (
        "1 multipolygon or boundary left out: the extract does not hold all its members",
        "1 multipolygon or boundary left out: its rings do not close",
    )


def test_a_way_that_crosses_itself_is_repaired_and_counted(tmp_path):
    drawing = Drawing(nodes=square(0, 0, 2, 1), ways={5: ([1, 2, 4, 3, 1], {"leisure": "park"})})
    sizes, notes = parks(drawing, tmp_path)
    assert sizes == pytest.approx({("w", 5): 2})
    assert notes == ("1 area crosses itself and was repaired by the even-odd rule",)


def test_closed_rings_stitches_at_ends():
    assert closed_rings([(1, 2), (3, 2), (3, 1)]) == [(1, 2, 3, 1)]
    assert closed_rings([(1, 2), (3, 2)]) is None
    assert closed_rings([]) == []
