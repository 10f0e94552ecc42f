"""Tables made, by mischance or on purpose, larger than they look: read, or one fault; never much memory."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from inputs.test_planners_tables import assert_loaded, study_with, workbook
from walkshed.errors import InputFaultsError
from walkshed.inputs.read import read_inputs

NAME = "站点.xlsx"


def sheet_changed(path: Path, old: str, new: str) -> None:
    """Change the only sheet of a workbook in its XML, as no program of an office does."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    changed = re.sub(old, new, parts[name].decode("utf-8"), count=1)
    assert changed.encode() != parts[name]
    parts[name] = changed.encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    path.write_bytes(packed.getvalue())


def study(folder: Path, old: str, new: str) -> Path:
    """Return the study of a workbook with titles and merged cells whose sheet has been changed."""
    made = study_with(folder, NAME)
    workbook(made / NAME)
    sheet_changed(made / NAME, old, new)
    return made


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('<row r="1048576"><c r="K1048576" s="1"/></row>', ""),
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "cell XFD1048576"),
        ('<row r="900000"><c r="A900000"><v>1</v></c><c r="B900000"><v>2</v></c></row>', "A900000"),
    ],
    ids=["formatted", "stray", "stray row"],
)
def test_what_stands_at_the_end_of_the_sheet_is_no_part_of_the_table(
    row: str, said: str, tmp_path: Path
) -> None:
    inputs = read_inputs(study(tmp_path, "</sheetData>", f"{row}</sheetData>"))
    assert_loaded(inputs.stations)
    told = [note for note in inputs.notes if "far off the table" in note]
    assert len(told) == bool(said)
    assert all(said in note and note.startswith("站点.xlsx › Sheet1: ") for note in told)


@pytest.mark.parametrize("area", ["A20:XFD1048576", "L3:XFD1048576", "A9:A1048576"])
def test_a_merge_beyond_the_table_changes_nothing(area: str, tmp_path: Path) -> None:
    """One over the whole sheet covers 17 billion cells."""
    made = study(tmp_path, "</mergeCells>", f'<mergeCell ref="{area}"/></mergeCells>')
    assert_loaded(read_inputs(made).stations)


def test_gaps_within_a_table_stay_part_of_it(tmp_path: Path) -> None:
    made = study_with(tmp_path, NAME)
    book = workbook(made / NAME)
    page = book.active
    page.unmerge_cells("K5:K7")
    page.move_range("A7:K7", rows=500)
    book.save(made / NAME)
    assert {station.name for station in read_inputs(made).stations} == {"北厅", "东中心", "巷室"}


def test_a_workbook_that_unpacks_to_more_than_any_table_is_a_fault(tmp_path: Path) -> None:
    made = study_with(tmp_path, NAME)
    workbook(made / NAME)
    with (
        zipfile.ZipFile(made / NAME, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/image1.png", "w", force_zip64=True) as part,
    ):
        for _ in range(600):
            part.write(bytes(1 << 20))
    assert (made / NAME).stat().st_size < 2e6
    with pytest.raises(
        InputFaultsError, match=r"站点\.xlsx: unpacks to 629 MB, more than the 537 MB"
    ):
        read_inputs(made)


def drawn(folder: Path, name: str) -> Path:
    made = study_with(folder, name)
    frame = gpd.GeoDataFrame(
        {"name": ["北厅", "南厅"], "tier": ["hub", "micro"], "services": ["meals", "meals"]},
        geometry=[shapely.Point(116.640, 23.66), shapely.Point(116.642, 23.66)],
        crs="EPSG:4326",
    )
    frame.to_file(made / name, encoding="utf-8")
    return made


def test_no_query_that_a_geopackage_holds_is_run(tmp_path: Path) -> None:
    """A view that never ends, registered as a layer."""
    made = drawn(tmp_path, "stations.gpkg")
    assert len(read_inputs(made).stations) == 2
    with closing(sqlite3.connect(made / "stations.gpkg")) as base:
        base.execute(
            "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT i AS fid, NULL AS geom FROM n"
        )
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
            "VALUES ('endless', 'features', 'endless', 4326)"
        )
        base.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'POINT', 4326, 0, 0)"
        )
        base.commit()
    with pytest.raises(
        InputFaultsError, match=r"stations\.gpkg: holds a stored query \(the view endless\); export"
    ):
        read_inputs(made)


@pytest.mark.parametrize("part", ["shp", "shx", "dbf", "prj", "cpg"])
def test_a_damaged_shapefile_is_read_or_a_fault(part: str, tmp_path: Path) -> None:
    """Wherever it is damaged: never an error of the program."""
    made = drawn(tmp_path, "stations.shp")
    path = made / f"stations.{part}"
    sound = path.read_bytes()
    outcomes = []
    for at in range(0, len(sound), max(1, len(sound) // 40)):
        for bad in (0x00, 0xFF):
            path.write_bytes(sound[:at] + bytes([bad]) * 4 + sound[at + 4 :])
            outcomes.append(_outcome(made))
    assert set(outcomes) <= {"read", "fault"}
    assert "fault" in outcomes or part in {"shx", "cpg"}


def _outcome(study: Path) -> str:
    try:
        read_inputs(study)
    except InputFaultsError as error:
        return "fault" if "stations." in str(error) else str(error)
    return "read"
