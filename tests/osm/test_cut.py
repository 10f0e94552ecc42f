"""Towns cut out of larger extracts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drawn_osm import EAST, GRID, Drawing
from walkshed.errors import InvalidValueError, NotFoundError, UnreadableFileError
from walkshed.osm import read_extract
from walkshed.osm.cut import cut_extract
from walkshed.osm.ground import Ground, ground_around, ground_of_file

#: A street through the box, one that leaves it, one outside; a relation of the second; a gate
#: outside on the second.
PROVINCE = Drawing(
    nodes={1: (0, 0), 2: (1, 0), 3: (1.5, 0), 4: (9, 0), 5: (8, 8), 6: (9, 9)},
    node_tags={4: {"barrier": "gate"}, 1: {"amenity": "clinic"}},
    ways={
        1: ([1, 2], {"highway": "residential"}),
        2: ([2, 3, 4], {"highway": "footway", "name": "long"}),
        3: ([5, 6], {"highway": "footway"}),
    },
    relations={
        7: ([("w", 2, "outer")], {"type": "multipolygon", "landuse": "grass"}),
        8: ([("w", 3, "")], {"a": "b"}),
    },
    bounds=(-1, -1, 10, 10),
)
BOX = (EAST - 0.5 * GRID, -0.5 * GRID, EAST + 2 * GRID, 2 * GRID)


def cut(tmp_path: Path, drawing: Drawing, ground: Ground) -> Path:
    source, target = tmp_path / "province.osm", tmp_path / "town.osm.pbf"
    source.write_bytes(drawing.xml())
    cut_extract(source, target, ground)
    return target


def test_ways_stay_whole_and_the_rest_stays_out(tmp_path: Path) -> None:
    town = read_extract(cut(tmp_path, PROVINCE, Ground(BOX)))
    assert town.ways.way_id.tolist() == [1, 2]
    # node 4 lies far outside, and keeps its tags
    assert town.ways.node_id.tolist() == [1, 2, 2, 3, 4]
    assert town.way_node_tags[4] == {"barrier": "gate"}
    assert town.bounds == pytest.approx(BOX, abs=1e-7)
    assert town.data_date == "2024-05-06"
    assert not any("not hold" in note for note in town.notes)


def test_the_same_cut_has_the_same_bytes_whatever_the_order_of_elements(tmp_path: Path) -> None:
    first = cut(tmp_path, PROVINCE, Ground(BOX)).read_bytes()
    assert cut(tmp_path, PROVINCE, Ground(BOX)).read_bytes() == first


def test_the_ground_ends_where_the_source_ends(tmp_path: Path) -> None:
    wide = (EAST - 5 * GRID, -5 * GRID, EAST + 2 * GRID, 2 * GRID)
    stated = read_extract(cut(tmp_path, PROVINCE, Ground(wide))).bounds
    assert stated == pytest.approx((EAST - GRID, -GRID, EAST + 2 * GRID, 2 * GRID), abs=1e-7)
    boxless = Drawing(PROVINCE.nodes, PROVINCE.node_tags, PROVINCE.ways)
    inferred = read_extract(cut(tmp_path, boxless, Ground(wide))).bounds
    assert inferred == pytest.approx((EAST, 0, EAST + 1.5 * GRID, 0), abs=1e-7)


def test_around_is_a_square_of_kilometers() -> None:
    west, south, east, north = ground_around(121.4, 31.3, 1.0).box
    assert (north - south) / 2 * 111.195 == pytest.approx(1.0, rel=1e-3)
    assert (east - west) > (north - south)
    for lon, lat, km in ((200, 0, 1), (0, 95, 1), (0, 0, 0), (0, 0, 900), (float("nan"), 0, 1)):
        with pytest.raises(InvalidValueError):
            ground_around(lon, lat, km)


def test_polygon_files(tmp_path: Path) -> None:
    poly = tmp_path / "town.poly"
    poly.write_text(
        "town\n1\n  1 1\n  3 1\n  3 2\n  1 2\nEND\n!2\n 1.5 1.2\n 2 1.2\n 2 1.5\nEND\nEND\n"
    )
    ground = ground_of_file(poly)
    assert ground.box == (1, 1, 3, 2)
    assert ground.polygon is not None
    assert ground.polygon.area == pytest.approx(2 - 0.5 * 0.5 * 0.3)
    square = {"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]]}
    drawn = tmp_path / "town.geojson"
    drawn.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": square}))
    assert ground_of_file(drawn).box == (1, 1, 2, 2)
    poly.write_text("town\n1\n  x y\nEND\n")
    with pytest.raises(InvalidValueError, match="line 3"):
        ground_of_file(poly)
    drawn.write_text("{")
    with pytest.raises(UnreadableFileError):
        ground_of_file(drawn)
    with pytest.raises(NotFoundError):
        ground_of_file(tmp_path / "no.poly")


def test_bad_sources_are_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="holds nothing within"):
        cut(tmp_path, PROVINCE, Ground((EAST + 4 * GRID, 4 * GRID, EAST + 5 * GRID, 5 * GRID)))
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"no such thing")
    for source, error in (
        (broken, UnreadableFileError),
        (tmp_path, UnreadableFileError),
        (tmp_path / "x", NotFoundError),
    ):
        with pytest.raises(error):
            cut_extract(source, tmp_path / "out.osm.pbf", Ground(BOX))
