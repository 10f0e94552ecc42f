"""Forms of files: one list, from which tables, lines and outlines are read; several layers are never taken for one."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

import walkshed
from walkshed.errors import InvalidValueError
from walkshed.frames.streets import read_lines
from walkshed.osm.ground import ground_of_file
from walkshed.outside.forms import (
    CSV,
    GEOJSON,
    LINES,
    OUTLINES,
    SHAPEFILE,
    TABLES,
    WORKBOOK,
    form_of,
    in_words,
    parts_of,
)

ROOM = Path(walkshed.__file__).parent


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.csv", CSV),
        ("台账.XLSX", WORKBOOK),
        ("b.json", GEOJSON),
        ("c.Shp", SHAPEFILE),
        ("d.xls", None),
        ("csv", None),
    ],
)
def test_a_form_is_known_by_the_end_of_a_name(name: str, form: object) -> None:
    assert form_of(Path(name), TABLES) is form


def test_forms_in_a_sentence() -> None:
    assert in_words(LINES) == "GeoPackage, GeoJSON or Shapefile"


def test_a_shapefile_is_all_files_of_its_name(tmp_path: Path) -> None:
    for name in ("a.shp", "a.dbf", "a.shx", "ab.shp"):
        (tmp_path / name).touch()
    assert [part.name for part in parts_of(tmp_path / "a.shp")] == ["a.dbf", "a.shp", "a.shx"]
    assert parts_of(tmp_path / "a.gpkg") == [tmp_path / "a.gpkg"]


def test_no_other_module_lists_suffixes() -> None:
    """A new form is one line of forms.py, and a reader of its own where GDAL has none."""
    suffixes = {suffix for form in (*TABLES, *LINES, *OUTLINES) for suffix in form.suffixes}
    listed = re.compile("|".join(rf'[({{,] ?"{re.escape(suffix)}"' for suffix in sorted(suffixes)))
    found = [
        path.relative_to(ROOM).as_posix()
        for path in ROOM.rglob("*.py")
        if path.name != "forms.py" and listed.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.fixture
def two_layers(tmp_path: Path) -> Path:
    path = tmp_path / "two.gpkg"
    for number, name in enumerate(("old", "new")):
        box = shapely.box(150.0 + number, 23.0, 150.1 + number, 23.1)
        gpd.GeoDataFrame(geometry=[box], crs=4326).to_file(path, layer=name)
    return path


def test_an_outline_of_two_layers_is_refused(two_layers: Path) -> None:
    with pytest.raises(InvalidValueError, match=r"holds 2 layers with geometry \(old, new\)"):
        ground_of_file(two_layers)


def test_street_lines_of_two_layers_are_refused(two_layers: Path) -> None:
    with pytest.raises(InvalidValueError, match=r"two\.gpkg: holds 2 layers with geometry"):
        read_lines(two_layers)
