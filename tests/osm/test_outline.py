"""Where the data end: cut ways, and voids that are open to the box's edge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from drawn_osm import EAST, GRID, Drawing
from walkshed.osm import read_extract
from walkshed.osm.outlines.data_end import Drawn, _beyond, cut_places, data_ends

M = 1 / 111_320.0  # degrees per meter, at the equator
BOX_M = (0.0, 0.0, 6000.0, 6000.0)
NO_STREETS = Drawn(np.zeros((0, 2)), np.array([0]))


def grid(keep: shapely.Geometry, step: float = 100.0) -> np.ndarray:
    """Places every ``step`` meters of the box, those within ``keep``."""
    places = np.stack(np.meshgrid(*[np.arange(0.0, 6001.0, step)] * 2), axis=-1).reshape(-1, 2)
    return places[shapely.intersects_xy(keep, places)]


def ends(nodes: np.ndarray, **more) -> np.ndarray:
    """The ends in meters."""
    return data_ends(nodes * M, NO_STREETS, tuple(np.array(BOX_M) * M), **more) / M


def test_data_that_fill_their_box_end_nowhere_within() -> None:
    assert len(ends(grid(shapely.box(*BOX_M)))) == 0


def test_an_extract_cut_by_a_polygon_ends_along_it() -> None:
    """Within a diamond: no place of the outline is farther than two cells from the diamond's edge."""
    diamond = shapely.Polygon([(3000, 0), (6000, 3000), (3000, 6000), (0, 3000)])
    found = shapely.points(ends(grid(diamond)))
    assert shapely.distance(found, diamond.exterior).max() < 250  # at its tips
    aside = np.abs(shapely.get_x(found) - 3000)
    amid = found[(aside > 500) & (aside < 2500)]
    assert shapely.distance(amid, diamond.exterior).max() < 120
    inner = shapely.Point(3000, 3000)
    assert shapely.distance(found, inner).min() > 1900
    along = shapely.LineString([(4500, 1500), (5900, 2900)]).interpolate(range(0, 1300, 100))
    assert shapely.distance(along, shapely.MultiPoint(found)).max() < 150


def test_a_hole_within_the_town_is_no_end() -> None:
    """A lake of 2.4 km in its midst; the same ground open to the edge lies beyond the data."""
    town = shapely.box(*BOX_M)
    assert len(ends(grid(town - shapely.box(1800, 1800, 4200, 4200)))) == 0
    assert len(ends(grid(town - shapely.box(1800, 1800, 6000, 4200)))) > 0


def test_fields_a_kilometer_wide_are_no_end() -> None:
    town = shapely.box(*BOX_M)
    assert len(ends(grid(town - shapely.box(5100, 0, 6000, 900)))) > 0  # its corner is a void
    assert len(ends(grid(town - shapely.box(2600, 0, 3400, 6000)))) == 0


def test_a_long_straight_road_is_mapped_ground() -> None:
    """Its nodes stand 4 km apart; a farm road crosses the void, which is then none."""
    town = grid(shapely.box(0, 0, 6000, 3000))
    road = np.array([[0.0, 3700.0], [6000.0, 3700.0]])
    north = np.array([[0.0, 4500.0], [6000.0, 4500.0]])
    far = ends(np.vstack([town, road, north]))
    assert far[:, 1].min() < 3300
    streets = Drawn(np.vstack([road, north]) * M, np.array([0, 2, 4]))
    box = tuple(np.array(BOX_M) * M)
    near = data_ends(np.vstack([town, road, north]) * M, streets, box) / M
    assert near[:, 1].min() > 4400


def test_the_sea_is_no_end() -> None:
    """Water in the south, told by a coast that runs east to west or the other way; fields in the north."""
    town = grid(shapely.box(0, 2000, 6000, 4000))
    coast = np.array([[0.0, 2000.0], [3000.0, 1950.0], [6000.0, 2000.0]])  # water on its right
    found = ends(town, coast=[coast * M])
    assert found[:, 1].min() > 3900
    turned = ends(town, coast=[coast[::-1] * M])
    assert turned[:, 1].max() < 2100


def test_planar_lines_have_an_outline_too() -> None:
    diamond = shapely.Polygon([(3000, 0), (6000, 3000), (3000, 6000), (0, 3000)])
    found = data_ends(grid(diamond), NO_STREETS, BOX_M, planar=True)
    assert len(found)
    assert shapely.distance(shapely.points(found), diamond.exterior).max() < 250


@pytest.mark.parametrize(
    ("ways", "cut"),
    [
        ([[0, 1, 2]], []),
        ([[0, 1, -1]], [1]),
        ([[-1, 1, 2]], [1]),
        ([[0, -1, 2]], [0, 2]),
        ([[0, 1], [-1, 2]], [2]),
        ([[-1], [0, 1], [-1, -1]], []),
        ([[], [0, -1], []], [0]),
        ([], []),
    ],
)
def test_ways_break_off_beside_a_missing_node(ways: list[list[int]], cut: list[int]) -> None:
    lonlat = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]])
    start = np.cumsum([0, *map(len, ways)])
    rows = np.array([row for way in ways for row in way], dtype=np.int64)
    assert cut_places(start, rows, lonlat).tolist() == lonlat[cut].tolist()


def test_an_extract_says_where_its_ways_are_cut(tmp_path: Path) -> None:
    """Way 2 runs on to a node that the file does not hold; way 3 does so outside of the box."""
    town = Drawing(bounds=(0, 0, 10, 10))
    town.nodes |= {1: (1, 1), 2: (9, 1), 3: (9, 6), 5: (5, 12)}
    road = {"highway": "residential"}
    town.ways |= {1: ([1, 2], road), 2: ([2, 3, 99], road), 3: ([1, 5, 98], road)}
    path = tmp_path / "town.osm"
    path.write_bytes(town.xml())
    assert read_extract(path).ends.tolist() == [[EAST + 9 * GRID, 6 * GRID]]


@pytest.mark.parametrize("seed", range(12))
def test_voids_are_those_of_a_distance_transform(seed: int) -> None:
    """Against scipy's, on random grids of any shape."""
    from scipy import ndimage

    rng = np.random.default_rng(seed)
    mapped = rng.random(tuple(rng.integers(1, 60, 2))) < rng.choice([0.002, 0.02, 0.2])
    mapped.flat[rng.integers(mapped.size)] = True
    radius = float(rng.choice([1.5, 4.0, 9.3, 10.0]))
    void = ndimage.distance_transform_edt(~mapped) >= radius
    parts, _ = ndimage.label(void)
    edge = np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]])
    opened = np.isin(parts, edge[edge > 0])
    expected = np.zeros_like(mapped)
    if opened.any():
        expected = (ndimage.distance_transform_edt(~opened) < radius) & ~mapped
    assert np.array_equal(_beyond(mapped, radius), expected)
