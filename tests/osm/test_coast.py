"""The sea between hand-drawn coastlines and the box of the extract: water lies to the right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from drawn_osm import EAST, GRID, Drawing
from walkshed.model.arrays import ObjectArray
from walkshed.model.ground.extract import Extract
from walkshed.osm import read_extract
from walkshed.osm.outlines.coast import sea

BOX = (0.0, 0.0, 10.0, 10.0)


def lines(*drawn: list[tuple[float, float]]) -> ObjectArray:
    found = np.empty(len(drawn), dtype=object)
    found[:] = [shapely.LineString(line) for line in drawn]
    return found


def test_water_lies_to_the_right() -> None:
    eastward = sea(lines([(-1, 4), (11, 4)]), BOX)
    assert eastward.equals(shapely.box(0, 0, 10, 4))
    assert sea(lines([(11, 4), (-1, 4)]), BOX).equals(shapely.box(0, 4, 10, 10))


def test_pieces_that_go_on_in_each_other_are_one_coast() -> None:
    """In any order; a peninsula between them stays land."""
    pieces = [[(6, 4), (11, 4)], [(4, 4), (5, 1), (6, 4)], [(-1, 4), (4, 4)]]
    found = sea(lines(*pieces), BOX)
    assert found.equals(sea(lines([(-1, 4), (4, 4), (5, 1), (6, 4), (11, 4)]), BOX))
    assert found.area == pytest.approx(40 - 3)
    assert not found.contains(shapely.Point(5, 3))
    assert found.contains(shapely.Point(5, 0.5))


def test_islands_are_left_out_of_the_sea() -> None:
    island = [(4, 1), (6, 1), (6, 3), (4, 3), (4, 1)]  # counterclockwise: land on the left
    found = sea(lines([(-1, 4), (11, 4)], island), BOX)
    assert found.area == pytest.approx(40 - 4)
    assert not found.contains(shapely.Point(5, 2))
    alone = sea(lines(island), BOX)
    assert alone.area == pytest.approx(100 - 4)  # an extract of an island


def test_two_shores_of_a_strait() -> None:
    found = sea(lines([(11, 6), (-1, 6)], [(-1, 8), (11, 8)]), BOX)
    assert found.equals(shapely.box(0, 6, 10, 8))


def test_a_line_that_breaks_off_within_draws_nothing() -> None:
    assert sea(lines([(-1, 4), (5, 4)]), BOX).is_empty
    assert sea(lines(), BOX).is_empty
    assert sea(lines([(-1, 4), (11, 4)]), (0.0, 0.0, 0.0, 0.0)).is_empty


#: Counterclockwise: land on the left, within.
ISLET = [(5.0, 2.0), (5.2, 2.0), (5.2, 2.2), (5.0, 2.2), (5.0, 2.0)]


def test_an_islet_beside_a_coast_that_breaks_off_does_not_drown_the_town() -> None:
    """As in every extract cut by a polygon: the coast ends far from the box's edges."""
    assert sea(lines([(2, 5), (8, 5)]), BOX).is_empty
    assert sea(lines([(2, 5), (8, 5)], ISLET), BOX).is_empty
    large = [(3, 1), (7, 1), (7, 3), (3, 3), (3, 1)]  # longer than the coast
    assert sea(lines([(2, 5), (4, 5)], large), BOX).is_empty


def test_a_scrap_of_coast_does_not_dry_a_sea_that_is_known() -> None:
    """A whole coast from edge to edge, and in the water a piece of an island's."""
    found = sea(lines([(-1, 4), (11, 4)], [(5, 1), (6, 1), (6, 2)]), BOX)
    assert found.equals(shapely.box(0, 0, 10, 4))


def test_islets_alone_do_not_drown_the_streets() -> None:
    """A lagoon's islet, and the town beside it; an island's own streets lie within its coast."""
    town = np.random.default_rng(1).uniform(0, 10, (200, 2))
    assert sea(lines(ISLET), BOX, town).is_empty
    ashore = np.random.default_rng(1).uniform(5.01, 5.19, (200, 2)) - (0, 3)
    found = sea(lines(ISLET), BOX, ashore)
    assert found.area == pytest.approx(100 - 0.04)


def test_a_line_that_breaks_off_at_the_edge_is_carried_to_it() -> None:
    near, far = 0.0010, 0.0020  # degrees: 111 and 223 m
    box = (0.0, 0.0, 1.0, 1.0)
    assert sea(lines([(near, 0.4), (1 - near, 0.4)]), box).area == pytest.approx(0.4)
    assert sea(lines([(far, 0.4), (1 - near, 0.4)]), box).is_empty


def test_a_line_that_breaks_off_farther_in_is_carried_past_streets() -> None:
    """Cut by a polygon: 445 m short of the east, where a street is in the way, and 780 m of the north."""
    box = (0.0, 0.0, 0.1, 0.1)
    coast = lines([(-0.01, 0.05), (0.05, 0.05), (0.096, 0.093)])
    town = np.array([[0.01, 0.06], [0.05, 0.09]])
    clear = sea(coast, box, town)
    assert clear.contains(shapely.Point(0.05, 0.02))
    assert not clear.contains(shapely.Point(0.098, 0.095))  # north of the way to the east

    past = sea(coast, box, np.vstack([town, [[0.098, 0.0931]]]))
    assert past.contains(shapely.Point(0.098, 0.095))  # east of the way to the north
    assert not past.contains(shapely.Point(0.09, 0.095))

    # Streets on both ways, or none known at all: the coast breaks off.
    assert sea(coast, box, np.vstack([town, [[0.098, 0.0931], [0.0961, 0.097]]])).is_empty
    assert sea(coast, box).is_empty

    # Farther in than a kilometer nothing is carried.
    assert sea(lines([(-0.01, 0.05), (0.085, 0.05)]), box, town).is_empty


def test_an_extract_keeps_its_coast_and_may_lack_nodes_of_it(tmp_path: Path) -> None:
    """The line runs out of the extract and comes back: two stretches, each carried to the edge."""
    town = Drawing(bounds=(0.0, 0.0, 10.0, 10.0))
    town.nodes |= {
        1: (0.5, 4.0),
        2: (9.5, 4.0),
        3: (9.5, 8.0),
        4: (0.5, 8.0),
        5: (2.0, 5.0),
        6: (3.0, 5.0),
    }
    town.ways |= {
        10: ([1, 2, 99, 3, 4], {"natural": "coastline"}),  # node 99 is not in the file
        11: ([5, 6], {"highway": "footway"}),
    }
    extract = town.read(tmp_path)
    assert [len(shapely.get_coordinates(line)) for line in extract.coast.geometry] == [2, 2]
    found = sea(extract.coast.geometry, extract.bounds)
    at = {y: shapely.Point(EAST + 5 * GRID, y * GRID) for y in (2, 6, 9)}
    assert [found.contains(at[y]) for y in (2, 6, 9)] == [True, False, True]


def test_without_a_coast_there_is_no_sea(tmp_path: Path) -> None:
    town = Drawing(bounds=(0.0, 0.0, 10.0, 10.0))
    town.nodes |= {1: (0.5, 4.0), 2: (9.5, 4.0)}
    town.ways[10] = ([1, 2], {"highway": "footway"})
    assert len(town.read(tmp_path).coast) == 0


def assert_streets_keep_dry(extract: Extract, sea_share: tuple[float, float]) -> None:
    found = sea(extract.coast.geometry, extract.bounds, extract.ways.lonlat)
    assert found.equals(sea(extract.coast.geometry, extract.bounds))
    low, high = sea_share
    assert low < found.area / shapely.box(*extract.bounds).area < high
    streets = [
        i
        for i, tags in enumerate(extract.ways.tags)
        if tags.get("highway") in {"residential", "primary"}
    ]
    start = extract.ways.start
    nodes = np.concatenate([extract.ways.lonlat[start[i] : start[i + 1]] for i in streets])
    assert shapely.contains(found, shapely.points(nodes)).mean() < 0.002


def test_helsinki_lies_at_the_sea(helsinki_extract_path: Path) -> None:
    extract = read_extract(helsinki_extract_path)
    assert_streets_keep_dry(extract, (0.04, 0.1))
    found = sea(extract.coast.geometry, extract.bounds)
    assert found.contains(shapely.Point(24.9435, 60.1776))  # Kaisaniemenlahti
    assert not found.contains(shapely.Point(24.9414, 60.1710))  # the railway station


@pytest.mark.data
def test_monaco_lies_at_the_sea(test_data: Path) -> None:
    extract = read_extract(test_data / "osm" / "monaco_2016_osrm.osm.pbf")
    assert_streets_keep_dry(extract, (0.3, 0.6))
    found = sea(extract.coast.geometry, extract.bounds)
    assert found.contains(shapely.Point(7.45, 43.72))
    assert found.contains(shapely.Point(7.4255, 43.7345))  # the harbor
    assert not found.contains(shapely.Point(7.4197, 43.7314))  # the palace
