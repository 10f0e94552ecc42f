"""Tables as planners keep them: GB18030, workbooks with titles and merged cells, units, floors in words."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from small import table, write_study
from walkshed.errors import InputFaultsError
from walkshed.inputs import read_inputs
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.rows.floors.reading import floor_in
from walkshed.inputs.tables import pairs
from walkshed.inputs.tables.cells import number_in
from walkshed.inputs.tables.pairs import with_pairs_parted
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.town.places import Station, Tier

GOOD = Path(__file__).parent / "good"
HEADER = [
    "站点名称",
    "层级",
    "上级",
    "经度",
    "纬度",
    "服务项目",
    "所在楼层",
    "有无电梯",
    "建筑面积（平方米）",
    "接待能力*",
]
ROWS = [
    [
        "北厅",
        "枢纽",
        "",
        "１１６．６４０",
        "23.66",
        "长者助餐；健康养老",
        "二楼",
        "有电梯",
        "1,230平方米",
        "５０人",
    ],
    ["东中心", "社区中心", "北厅", "116.642", "23.66", "长者助餐", "３层", "无", "230㎡", "约20人"],
    [
        "巷室",
        "微阵地",
        "东中心",
        "116.644",
        "23.66",
        "健康养老、长者助餐",
        "地下一层",
        "",
        "６０ 平米",
        "",
    ],
]


def study_with(folder: Path, name: str, toml_more: str = "") -> Path:
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    toml = (folder / "study.toml").read_text(encoding="utf-8")
    toml = toml.replace('file = "stations.csv"', f'file = "{name}"\n{toml_more}')
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    (folder / "stations.csv").unlink()
    return folder


def assert_loaded(stations: tuple[Station, ...]) -> None:
    by_name = {s.name: s for s in stations}
    hub, center, micro = by_name["北厅"], by_name["东中心"], by_name["巷室"]
    assert [
        (s.tier, s.parent, s.floor, s.elevator, s.area_m2, s.capacity) for s in (hub, center, micro)
    ] == [
        (Tier.HUB, None, 2, True, 1230.0, 50.0),
        (Tier.CENTER, "北厅", 3, False, 230.0, 20.0),
        (Tier.MICRO, "东中心", -1, None, 60.0, None),
    ]
    assert micro.services == ("clinic", "meals")
    assert hub.geometry == shapely.Point(116.640, 23.66)


def test_a_gb18030_csv_below_a_title(tmp_path: Path) -> None:
    lines = [
        ["湘桥区党群服务站点一览表", *[""] * 9],
        HEADER,
        *ROWS,
        ["合计", *[""] * 7, "1520", "70"],
    ]
    text = "\r\n".join(
        ",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in lines
    )
    folder = study_with(tmp_path, "站点.csv")
    (folder / "站点.csv").write_bytes(text.encode("gb18030"))
    inputs = read_inputs(folder)
    assert_loaded(inputs.stations)
    assert "站点.csv: is read as GB18030, not UTF-8" in inputs.notes
    assert "站点.csv, row 6: is a total, no entry, and is not read" in inputs.notes


def test_a_file_that_says_it_is_utf8_is_read_so(tmp_path: Path) -> None:
    """Its bytes of '¡' are those of 隆 in GBK; the mark at its beginning tells."""
    folder = write_study(
        tmp_path,
        stations=table("id,name,services", [("S1", 0, "¡", "meals")]),
        blocks=table("id,name,people", [("A", 100, "Lane", 40)]),
        toml='[[services]]\nid = "meals"\nzh = "a"\nen = "a"\n',
    )
    file = folder / "stations.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    inputs = read_inputs(folder)
    assert [station.name for station in inputs.stations] == ["¡"]
    assert not [note for note in inputs.notes if "GB18030" in note]


def workbook(path: Path, *, sheet: str = "Sheet1") -> openpyxl.Workbook:
    """Write a title over two rows, a header of two rows with merged cells, a merged column, a remark."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    page.append(["湘桥区党群服务站点一览表"])
    page.append(["填表日期：2026年11月"])
    upper = [*HEADER[:3], "坐标", "", *HEADER[5:], "所属街道"]
    page.append(upper)
    page.append([*[""] * 3, "经度", "纬度", *[""] * 6])
    for row in ROWS:
        page.append([*row, "太平街道" if row is ROWS[0] else ""])
    page.append(["注：数据由各社区填报"])
    page.merge_cells("A1:K1")
    page.merge_cells("A2:K2")
    page.merge_cells("D3:E3")
    for column in "ABCFGHIJK":
        page.merge_cells(f"{column}3:{column}4")
    page.merge_cells("K5:K7")
    page.merge_cells("A8:K8")
    book.save(path)
    return book


def test_a_workbook_with_titles_and_merged_cells(tmp_path: Path) -> None:
    folder = study_with(tmp_path, "站点.xlsx")
    workbook(folder / "站点.xlsx")
    inputs = read_inputs(folder)
    assert_loaded(inputs.stations)
    assert {s.subdistrict for s in inputs.stations} == {"太平街道"}  # merged over three rows
    assert "站点.xlsx › Sheet1, row 8: is a remark, no entry, and is not read" in inputs.notes
    assert "站点.xlsx" in inputs.file_digests


def test_faults_of_a_workbook_name_sheet_row_and_column(tmp_path: Path) -> None:
    folder = study_with(tmp_path, "站点.xlsx")
    book = workbook(folder / "站点.xlsx", sheet="各站点")
    book.active["G6"], book.active["I7"] = "楼上", "3亩"
    book.save(folder / "站点.xlsx")
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(folder)
    assert [str(fault) for fault in caught.value.faults] == [
        (
            "站点.xlsx › 各站点, row 6, column '所在楼层': '楼上' is not a valid floor; "
            "write a whole number: 1 for the ground floor, 2 for the one above, -1 for the basement"
        ),
        (
            "站点.xlsx › 各站点, row 7, column '建筑面积（平方米）': '3亩' is not a valid number; "
            "write digits only, with a point for decimals (1234.5)"
        ),
    ]


def test_the_sheet_that_is_meant(tmp_path: Path) -> None:
    folder = study_with(tmp_path, "台账.xlsx")
    book = workbook(folder / "台账.xlsx", sheet="2025年")
    copy = book.copy_worksheet(book.active)
    copy.title = "2026年"
    book.create_sheet("说明").append(["本表由街道填报"])
    book.save(folder / "台账.xlsx")
    with pytest.raises(
        InputFaultsError,
        match=r"2 sheets that may be meant .2025年, 2026年.; write sheet = \"2025年\"",
    ):
        read_inputs(folder)
    folder = study_with(tmp_path / "again", "台账.xlsx", 'sheet = "2026年"')
    book.save(folder / "台账.xlsx")
    assert_loaded(read_inputs(folder).stations)
    folder = study_with(tmp_path / "wrong", "台账.xlsx", 'sheet = "2027年"')
    book.save(folder / "台账.xlsx")
    with pytest.raises(InputFaultsError, match="'2027年' has no sheet of that name; did you mean"):
        read_inputs(folder)


def test_a_shapefile(tmp_path: Path) -> None:
    folder = study_with(tmp_path, "stations.shp")
    frame = gpd.GeoDataFrame(
        {"name": ["北厅", "南厅"], "tier": ["hub", "micro"], "services": ["meals", "meals"]},
        geometry=[shapely.Point(116.640, 23.66), shapely.Point(116.642, 23.66)],
        crs="EPSG:4326",
    )
    frame.to_file(folder / "stations.shp", encoding="utf-8")
    inputs = read_inputs(folder)
    assert [s.name for s in inputs.stations] == ["北厅", "南厅"]
    assert {"stations.shp", "stations.dbf", "stations.prj"} <= set(inputs.file_digests)


def test_western_bytes_are_no_chinese(tmp_path: Path) -> None:
    folder = study_with(tmp_path, "stations.csv")
    text = "name,lon,lat\nZürich Süd,116.64,23.66\nCafé Élan,116.641,23.66\n"
    (folder / "stations.csv").write_bytes(text.encode("cp1252"))
    with pytest.raises(InputFaultsError, match="is not UTF-8"):
        read_inputs(folder)


FLOORS = {
    "二楼": 2,
    "３层": 3,
    "地下一层": -1,
    "首层": 1,
    "一层": 1,
    "第二层": 2,
    "十二层": 12,
    "二十一楼": 21,
    "负二层": -2,
    "B1层": -1,
    "-1F": -1,
    "F3": 3,
    "2/F": 2,
    "一至三层": 1,
    "2-3层": 2,
    "一、二层": 1,
    "-1~2": 1,
    "临街": 1,
    "地下室": -1,
    "2楼、4楼": 2,
}


@pytest.mark.parametrize(("text", "floor"), FLOORS.items())
def test_floors_in_words(text: str, floor: int) -> None:
    book = FaultBook()
    row = Row(2, {"floor": text})
    assert (
        floor_in(row, Table("t.csv", "row", {"floor": "floor"}, (row,), drawn=False), book) == floor
    )
    assert not book.faults


NUMBERS = {
    ("area_m2", "230平方米"): 230.0,
    ("area_m2", "２３０ ｍ²"): 230.0,
    ("people", "1,234人"): 1234.0,
    ("people", "约2.3万人"): 23000.0,
    ("households", "58户"): 58.0,
    ("year_built", "1998年"): 1998.0,
    ("lon", "东经116.64°"): 116.64,
    ("lat", "23.66°N"): 23.66,
    ("people", "1,23"): None,
    ("area_m2", "3亩"): None,
    ("area_m2", "2公顷"): None,
    ("lon", "116.64人"): None,
    ("capacity", "20户"): None,
}


@pytest.mark.parametrize(("cell", "number"), NUMBERS.items())
def test_numbers_with_units(cell: tuple[str, str], number: float | None) -> None:
    column, text = cell
    book = FaultBook()
    row = Row(2, {column: text})
    assert (
        number_in(row, Table("t.csv", "row", {column: column}, (row,), drawn=False), column, book)
        == number
    )
    assert bool(book.faults) == (number is None)


TWO_PLACES = [(116.640, 23.66), (116.642, 23.661)]


@pytest.mark.parametrize("header", ["经纬度", "坐标（经纬度）", "coordinates", "lat_lon"])
@pytest.mark.parametrize(
    "cells",
    [
        ('"116.640,23.66"', '"116.642，23.661"'),
        ("116.640 23.66", "116.642；23.661"),
        ("23.66 116.640", '"(23.661, 116.642)"'),
        ("23.66/116.640", '"116.642, 23.661"'),  # each row is clear by itself
        ("东经116.640°、北纬23.66°", "N23.661 E116.642"),
    ],
)
def test_a_column_of_both_coordinates_is_parted(
    tmp_path: Path, header: str, cells: tuple[str, str]
) -> None:
    study = study_with(tmp_path, "places.csv")
    rows = "".join(f"S{n},{cell},meals\n" for n, cell in enumerate(cells, start=1))
    text = f"name,{header},services\n{rows}"
    (study / "places.csv").write_text(text, encoding="utf-8")
    found = read_inputs(study).stations
    assert [(each.geometry.x, each.geometry.y) for each in found] == TWO_PLACES


def table_of_pairs(*cells: str) -> Table:
    rows = tuple(Row(n, {"lon_lat": cell}) for n, cell in enumerate(cells, start=2))
    return Table("a.csv", "row", {"lon_lat": "坐标"}, rows, drawn=False)


def test_rows_that_are_not_clear_follow_the_others_or_the_streets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def places(table: Table, extract: Path | None = None) -> list[tuple[str, str]]:
        return [
            (row.cells["lon"], row.cells["lat"])
            for row in with_pairs_parted(table, extract, FaultBook()).rows
        ]

    assert places(table_of_pairs("44.1 90.2", "44.2 89.9")) == [("90.2", "44.1"), ("89.9", "44.2")]
    assert places(table_of_pairs("24.95 60.17")) == [("", "")]
    monkeypatch.setattr(pairs, "extract_box", lambda _: (24.9, 60.1, 25.0, 60.2))
    for cell in ("24.95 60.17", "60.17 24.95"):
        assert places(table_of_pairs(cell), Path("town.osm")) == [("24.95", "60.17")]
    # both orders lie near
    monkeypatch.setattr(pairs, "extract_box", lambda _: (44.0, 44.0, 45.0, 45.0))
    assert places(table_of_pairs("44.1 44.2"), Path("town.osm")) == [("", "")]


def test_two_columns_go_before_one_of_both(tmp_path: Path) -> None:
    study = study_with(tmp_path, "places.csv")
    text = "name,lon,lat,坐标,services\na,116.64,23.66,x,meals\n"
    (study / "places.csv").write_text(text, encoding="utf-8")
    inputs = read_inputs(study)
    assert inputs.stations[0].geometry == shapely.Point(116.64, 23.66)
    assert "places.csv: column '坐标' is not used; the places come from elsewhere" in inputs.notes
