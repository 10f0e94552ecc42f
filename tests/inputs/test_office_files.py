"""Files as offices leave them: outlines and streets in GBK, rows that a filter hides, strict workbooks, Korean CSV."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from outside.test_encodings import write_shapefile
from walkshed.frames.streets import read_lines
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.tables.drawings.lines import look_at_lines
from walkshed.inputs.tables.reading import read_table
from walkshed.model.results import StreetsSource


def reading(folder: Path) -> StudyFolder:
    return StudyFolder(folder, FaultBook())


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_columns_of_a_shapefile_are_known_even_when_cut(tmp_path: Path, encoding: str) -> None:
    columns: dict[str, list[object]] = {
        "名称": ["甲苑小区"],
        "小区类型": ["老旧"],
        "所属社区": ["南门"],
    }
    write_shapefile(tmp_path / "b.shp", columns, encoding, None)
    study = reading(tmp_path)
    table = read_table(tmp_path / "b.shp", "blocks", study)
    assert table is not None
    assert study.book.faults == []
    cells = table.rows[0].cells
    assert (cells["name"], cells["kind"], cells["community"]) == ("甲苑小区", "老旧", "南门")


def test_text_of_no_known_encoding_is_a_fault(tmp_path: Path) -> None:
    write_shapefile(tmp_path / "b.shp", {"name": ["강남구 주민센터"]}, "euc_kr", None)
    study = reading(tmp_path)
    assert read_table(tmp_path / "b.shp", "blocks", study) is None
    (fault,) = study.book.faults
    assert "holds text that cannot be read" in str(fault)
    assert "UTF-8 or GBK" in str(fault)


def test_streets_in_gbk_keep_their_names(tmp_path: Path) -> None:
    line = shapely.LineString([(116.64, 23.66), (116.65, 23.66)])
    gpd.GeoDataFrame({"name": ["x" * 20]}, geometry=[line], crs="EPSG:4326").to_file(
        tmp_path / "w.shp"
    )
    data = (tmp_path / "w.dbf").read_bytes().replace(b"x" * 20, "太平路".encode("gbk").ljust(20))
    (tmp_path / "w.dbf").write_bytes(data)
    (tmp_path / "w.cpg").write_text("UTF-8")
    source = StreetsSource(tmp_path / "w.shp", "lines", "ends", "walking", False, "nothing")
    study = reading(tmp_path)
    assert look_at_lines(source, study) is not None
    assert study.book.faults == []
    network = read_lines(tmp_path / "w.shp")
    assert "太平路" in json.dumps(list(network.names), ensure_ascii=False)


def test_hidden_rows_are_counted_with_a_note(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for cells in (["名称", "经度", "纬度"], *([f"站{n}", 116.6, 23.6] for n in range(4))):
        book.active.append(cells)
    book.active.row_dimensions[3].hidden = True
    book.active.row_dimensions[5].hidden = True
    book.active.row_dimensions[9].hidden = True  # below the table
    book.save(tmp_path / "s.xlsx")
    study = reading(tmp_path)
    table = read_table(tmp_path / "s.xlsx", "stations", study)
    assert table is not None
    assert len(table.rows) == 4
    (note,) = study.book.notes
    assert "2 of 4 rows are hidden" in note
    assert "rows 3, 5;" in note


def test_a_strict_workbook_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["名称", "经度", "纬度"])
    book.active.append(["站", 116.6, 23.6])
    book.save(tmp_path / "plain.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "plain.xlsx") as plain,
        zipfile.ZipFile(tmp_path / "strict.xlsx", "w") as strict,
    ):
        for name in plain.namelist():
            data = plain.read(name).replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            strict.writestr(name, data)
    study = reading(tmp_path)
    assert read_table(tmp_path / "strict.xlsx", "stations", study) is None
    (fault,) = study.book.faults
    assert "Strict Open XML" in str(fault)


@pytest.mark.parametrize(
    ("encoding", "name"), [("euc_kr", "강남구 주민센터"), ("euc_jp", "渋谷区役所")]
)
def test_korean_and_japanese_tables_are_refused_by_name(
    tmp_path: Path, encoding: str, name: str
) -> None:
    (tmp_path / "s.csv").write_bytes(f"name,lon,lat\n{name},127.0,37.5\n".encode(encoding))
    study = reading(tmp_path)
    assert read_table(tmp_path / "s.csv", "stations", study) is None
    (fault,) = study.book.faults
    assert encoding.upper().replace("_", "-") in str(fault)
