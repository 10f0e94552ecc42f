"""Tables as offices keep them: marks for nothing, outlines in cells, floors in words, stations given twice."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
import shapely

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.places.datum_sayings import sayings_of
from walkshed.inputs.places.systems import WGS84
from walkshed.inputs.rows.blocks import read_blocks
from walkshed.inputs.rows.floors.reading import elevator_in, floor_in
from walkshed.inputs.rows.stations import read_stations
from walkshed.inputs.study.kinds import year_in
from walkshed.inputs.tables.cells import identify, truth_in
from walkshed.inputs.tables.meaning.lists import list_in
from walkshed.inputs.tables.reading import read_table
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.town.places import Service, Station

SQUARE = [[116.64, 23.66], [116.641, 23.66], [116.641, 23.661], [116.64, 23.661], [116.64, 23.66]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE]}


def read(
    folder: Path, name: str, content: str | bytes, kind: str
) -> tuple[Table | None, FaultBook]:
    data = content.encode("utf-8-sig") if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    study = StudyFolder(folder, FaultBook())
    return read_table(folder / name, kind, study), study.book


def cells_of(table: Table | None, column: str) -> list[str]:
    assert table is not None
    return [row.cells.get(column, "") for row in table.rows]


def stations_of(table: Table | None, *services: str) -> tuple[list[Station], FaultBook]:
    assert table is not None
    book = FaultBook()
    known = [Service(word, word, word, None, complete=False) for word in services]
    found = read_stations(table, identify(table, "S", book), WGS84, known, book, illustrative=False)
    return [station for _, station in found], book


@pytest.mark.parametrize("mark", ["/", "—", "——", "-", "无", "暂无", "[]", "／", "N/A"])
def test_marks_for_nothing_are_empty_cells(tmp_path: Path, mark: str) -> None:
    table, book = read(
        tmp_path, "b.csv", f"小区名称,总户数,60岁以上,社区\n甲,{mark},{mark},{mark}\n", "blocks"
    )
    assert [cells_of(table, name) for name in ("households", "older_people", "community")] == [
        [""]
    ] * 3
    assert book.faults == []


def test_no_answers_where_yes_and_no_are_asked(tmp_path: Path) -> None:
    table, _ = read(tmp_path, "s.csv", "名称,电梯,无障碍\n甲,无,-\n乙,暂无,有\n", "stations")
    assert cells_of(table, "elevator") == ["无", "暂无"]
    assert cells_of(table, "step_free") == ["", "有"]


@pytest.mark.parametrize("header", ["location", "高德坐标", "经纬度"])
def test_both_coordinates_in_a_column(tmp_path: Path, header: str) -> None:
    table, book = read(
        tmp_path, "s.csv", f'名称,{header}\n甲,"116.646101,23.658303"\n乙,\n', "stations"
    )
    assert cells_of(table, "lon") == ["116.646101", ""]
    assert cells_of(table, "lat") == ["23.658303", ""]
    assert book.faults == []
    assert table is not None
    said = sayings_of(table).get(2)
    assert (said.datum if said else None) == ("gcj02" if header == "高德坐标" else None)


def test_a_location_in_words_is_an_address(tmp_path: Path) -> None:
    table, _ = read(tmp_path, "s.csv", "name,location\nA,12 High Street\n", "stations")
    assert cells_of(table, "address") == ["12 High Street"]


def test_an_export_of_amap_says_its_datum_and_no_parents(tmp_path: Path) -> None:
    text = 'id,parent,name,typecode,location,adname\nB1,B0FF,甲,130105,"116.64,23.66",湘桥区\n'
    table, _ = read(tmp_path, "s.csv", text, "stations")
    assert table is not None
    assert sayings_of(table)[2].datum == "gcj02"
    assert "parent" not in table.headers


@pytest.mark.parametrize(
    "outline",
    [
        "POLYGON ((116.64 23.66, 116.641 23.66, 116.641 23.661, 116.64 23.661, 116.64 23.66))",
        "srid=4326;polygon((116.64 23.66,116.641 23.66,116.641 23.661,116.64 23.661,116.64 23.66))",
        "LINESTRING (116.64 23.66, 116.641 23.66, 116.641 23.661, 116.64 23.661, 116.64 23.66)",
        json.dumps(POLYGON),
    ],
)
def test_an_outline_in_a_cell(tmp_path: Path, outline: str) -> None:
    book = openpyxl.Workbook()
    for cells in (["小区名称", "边界"], ["甲", outline]):
        book.active.append(cells)
    book.save(tmp_path / "b.xlsx")
    study = StudyFolder(tmp_path, FaultBook())
    table = read_table(tmp_path / "b.xlsx", "blocks", study)
    assert table is not None
    assert table.drawn
    assert table.rows[0].geometry is not None
    assert table.rows[0].geometry.equals(shapely.Polygon(SQUARE))
    assert study.book.faults == []


def test_an_outline_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    text = '名称,wkt\n甲,"POLYGON ((1 1, 2 2"\n乙,"POLYGON ((0 0, 1 0, 1 1, 0 0))"\n'
    _table, book = read(tmp_path, "b.csv", text, "blocks")
    assert [str(fault) for fault in book.faults] == [
        (
            "b.csv, row 2, column 'wkt': 'POLYGON ((1 1, 2 2' is not an outline that can be read; "
            "write WKT: POLYGON ((116.64 23.66, 116.65 23.66, 116.65 23.67, 116.64 23.66))"
        )
    ]


def test_borders_in_words_are_no_outlines(tmp_path: Path) -> None:
    table, book = read(tmp_path, "b.csv", "名称,边界\n甲,东至太平路\n", "blocks")
    assert table is not None
    assert not table.drawn
    assert book.notes == ["b.csv: column '边界' holds no outlines and is not used"]


def feature(name: str, geometry: dict) -> dict:
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry}


LINE = {"type": "LineString", "coordinates": SQUARE}


def test_closed_lines_are_outlines(tmp_path: Path) -> None:
    halves = {"type": "MultiLineString", "coordinates": [SQUARE[:3], SQUARE[2:]]}
    collection = {
        "type": "FeatureCollection",
        "features": [feature("甲", LINE), feature("乙", halves)],
    }
    table, book = read(tmp_path, "b.geojson", json.dumps(collection), "blocks")
    assert table is not None
    assert all(row.geometry.equals(shapely.Polygon(SQUARE)) for row in table.rows)  # type: ignore[union-attr]
    assert book.notes == ["b.geojson: 2 closed lines are taken as outlines (feature 1, 2)"]


def test_an_open_line_is_a_fault(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": SQUARE[:4]}
    table, _ = read(tmp_path, "b.geojson", json.dumps(feature("甲", line)), "blocks")
    assert table is not None
    book = FaultBook()
    read_blocks(table, identify(table, "B", book), WGS84, (), book)
    assert "is a LineString, not a polygon" in str(book.faults[0])


@pytest.mark.parametrize("name", ["b.geojson", "b.geojsonl", "b.ndjson"])
def test_a_feature_on_each_line(tmp_path: Path, name: str) -> None:
    lines = "\n".join(json.dumps(feature(word, POLYGON)) for word in ("甲", "乙"))
    table, book = read(tmp_path, name, lines.encode(), "blocks")
    assert cells_of(table, "name") == ["甲", "乙"]
    assert book.faults == []


def test_services_however_they_are_parted(tmp_path: Path) -> None:
    text = (
        "名称,经度,纬度,服务功能\n"
        '甲,116.64,23.66,助餐/日托\n乙,116.65,23.66,"政务\n助餐"\n丙,116.66,23.66,"政务、助餐,日托"\n'
        "丁,116.67,23.66,助餐（堂食、送餐）；A/B\n"
    )
    table, _ = read(tmp_path, "s.csv", text, "stations")
    stations, book = stations_of(table, "助餐", "日托", "政务", "A/B")
    assert book.faults == []
    assert {station.name: station.services for station in stations} == {
        "甲": ("助餐", "日托"),
        "乙": ("政务", "助餐"),
        "丙": ("政务", "助餐", "日托"),
        "丁": ("助餐", "A/B"),
    }


LISTS = {
    "助餐/日托": ["助餐", "日托"],
    "政务\n图书阅览": ["政务", "图书阅览"],
    "政务代办 图书阅览": ["政务代办", "图书阅览"],
    "政务代办　图书阅览": ["政务代办", "图书阅览"],
    "1.政务 2.助餐": ["政务", "助餐"],
    "1、政务代办；2、助餐": ["政务代办", "助餐"],
    "①政务②助餐": ["政务", "助餐"],
    "（1）政务（2）助餐": ["政务", "助餐"],
    "助餐、日托等": ["助餐", "日托"],
    "助餐、日托等服务。": ["助餐", "日托"],
    "助餐+日托": ["助餐", "日托"],
    "助餐（堂食、送餐）、日托": ["助餐（堂食、送餐）", "日托"],
    "Home care, meals": ["Home care", "meals"],
    "A/B": ["A/B"],
    "24小时图书馆": ["24小时图书馆"],
}


@pytest.mark.parametrize(("text", "words"), LISTS.items())
def test_words_of_a_list(text: str, words: list[str]) -> None:
    assert list_in(Row(2, {"services": text}), "services", {"A/B"}) == words


@pytest.mark.parametrize(
    ("text", "meant"),
    [("有（1部）", True), ("无（计划加装）", False), ("有电梯", True), ("暂无", False)],
)
def test_answers_with_an_aside(text: str, meant: bool) -> None:
    book = FaultBook()
    row = Row(2, {"elevator": text})
    assert truth_in(row, Table("t.csv", "row", {}, (row,), drawn=False), "elevator", book) is meant
    assert book.faults == []


@pytest.mark.parametrize("text", ["有待加装", "有（拟停用）", "加装中"])
def test_what_is_no_answer_is_asked(text: str) -> None:
    book = FaultBook()
    row = Row(2, {"elevator": text})
    assert truth_in(row, Table("t.csv", "row", {}, (row,), drawn=False), "elevator", book) is None
    assert len(book.faults) == 1


FLOORS = {
    "2楼（电梯停用）": (2, None),
    "2楼（拟加装电梯）": (2, None),
    "3层，未装电梯": (3, False),
    "2楼（设有电梯）": (2, True),
    "架空层": (1, None),
    "会所二楼": (2, None),
    "会所2楼": (2, None),
    "2楼（有电梯）": (2, True),
    "二层(无电梯)": (2, False),
    "3楼，有电梯": (3, True),
    "底层": (1, None),
    "3号楼底层": (1, None),
    "12号楼3层": (3, None),
    "商场1楼": (1, None),
    "1-2F": (1, None),
    "一至三楼": (1, None),
    "3F": (3, None),
    "地下一层": (-1, None),
}


@pytest.mark.parametrize(("text", "meant"), FLOORS.items())
def test_floors_and_their_elevators(text: str, meant: tuple[int, bool | None]) -> None:
    book = FaultBook()
    row = Row(2, {"floor": text})
    table = Table("t.csv", "row", {"floor": "floor"}, (row,), drawn=False)
    assert (floor_in(row, table, book), elevator_in(row, table, book)) == meant
    assert book.faults == []


@pytest.mark.parametrize("text", ["共3层", "12号楼", "30号101室", "楼上", "总高3层"])
def test_what_names_no_floor_is_refused(text: str) -> None:
    book = FaultBook()
    row = Row(2, {"floor": text})
    assert floor_in(row, Table("t.csv", "row", {}, (row,), drawn=False), book) is None
    assert len(book.faults) == 1


def test_an_elevator_that_two_columns_tell_otherwise_is_a_fault() -> None:
    book = FaultBook()
    row = Row(2, {"floor": "2楼（有电梯）", "elevator": "无"})
    elevator_in(row, Table("t.csv", "row", {}, (row,), drawn=False), book)
    assert str(book.faults[0]) == (
        "t.csv, row 2, column 'elevator': '无' contradicts the floor (2楼(有电梯)); "
        "correct one of the two"
    )


def test_titles_notes_and_signatures_are_no_entries(tmp_path: Path) -> None:
    text = (
        "某街道阵地台账,,,\n填报单位：某街道,,填报人：张××  "
        "联系电话：021-1,\n序号,阵地名称,经度,纬度\n"
        "1,甲,116.64,23.66\n,合计,,\n注：坐标来自高德地图,,,\n填表人：李四,,审核：王五,2026年9月30"
        "日\n"
    )
    table, book = read(tmp_path, "s.csv", text, "stations")
    assert cells_of(table, "name") == ["甲"]
    assert book.notes == [
        "s.csv: rows 5 (a total), 6 (a remark), 7 (a remark) are not entries and are not read"
    ]
    assert table is not None
    assert sayings_of(table)[4].datum == "gcj02"


def test_a_line_in_a_column_that_is_not_read_is_no_entry(tmp_path: Path) -> None:
    text = (
        "序号,名称,经度,纬度\n1,甲,116.64,23.66\n本表由社区填报,,,\n"
        "序号,名称,经度,纬度\n2,乙,116.65,23.66\n"
    )
    table, book = read(tmp_path, "s.csv", text, "stations")
    assert cells_of(table, "name") == ["甲", "乙"]
    assert book.notes == [
        "s.csv, row 4: is the header again, no entry, and is not read",
        "s.csv: rows that hold nothing in any column that is read are left out (3)",
    ]


def test_sheets_are_told_apart_by_their_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["编号", "名称", "层级", "地址", "服务项目", "街道", "社区"])
    book.active.append([1, "甲站", "中心", "某路1号", "助餐", "某街道", "某社区"])
    compounds = book.create_sheet("Sheet2")
    compounds.append(["名称", "户数", "人口"])
    compounds.append(["甲小区", 100, 300])
    book.save(tmp_path / "t.xlsx")
    study = StudyFolder(tmp_path, FaultBook())
    names = [
        cells_of(read_table(tmp_path / "t.xlsx", kind, study), "name")
        for kind in ("stations", "blocks")
    ]
    assert names == [["甲站"], ["甲小区"]]
    assert study.book.faults == []


def test_a_station_may_be_named_like_a_remark(tmp_path: Path) -> None:
    table, _ = read(tmp_path, "s.csv", "名称,电话\n联系群众服务点,110\n单位食堂,\n", "stations")
    assert cells_of(table, "name") == ["联系群众服务点", "单位食堂"]


def test_columns_for_people_are_passed_over_in_silence(tmp_path: Path) -> None:
    text = "序号,名称,联系电话,备注,响应时间,photos,biz\n1,甲,110,x,30分钟,p,b\n"
    _, book = read(tmp_path, "s.csv", text, "stations")
    assert book.notes == [
        (
            "s.csv: column '响应时间' is a promise of arrival, the way included, and not used; "
            "what counts is readiness_min (响应准备) of [offers], the way is walked"
        ),
        "s.csv: columns 'photos', 'biz' are not known and not used",
    ]


def test_near_misses_of_headers_are_suggested(tmp_path: Path) -> None:
    table, book = read(tmp_path, "s.csv", "名称,联系地址,服务项目等\n甲,路,丙\n", "stations")
    assert book.notes == [
        "s.csv: column '联系地址' is not known and not used (did you mean '地址'?)",
        "s.csv: column '服务项目等' is not known and not used (did you mean '服务项目'?)",
    ]
    table, book = read(tmp_path, "t.csv", "阵地名,经度,纬度\n甲,1,1\n", "stations")
    assert table is not None
    identify(table, "S", book)
    assert "is it column '阵地名'?" in str(book.faults[0])


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1990年", 1990),
        ("93年", 1993),
        ("2012年6月", 2012),
        ("2008.10", 2008),
        ("2019-05-01", 2019),
        ("2015", 2015),
    ],
)
def test_years_however_they_are_dated(text: str, year: int) -> None:
    row = Row(2, {"year_built": text})
    assert year_in(row, Table("t.csv", "row", {}, (row,), drawn=False), FaultBook()) == year


def test_columns_of_a_list_of_compounds(tmp_path: Path) -> None:
    text = "小区名称,家庭户数,60岁以上,0-14岁,竣工时间,物业公司\n甲,120,30,20,2008.10,无\n"
    table, book = read(tmp_path, "b.csv", text, "blocks")
    assert table is not None
    assert set(table.headers) == {
        *("name", "households", "older_people", "children", "year_built", "management_company")
    }
    assert book.notes == []


def test_households_without_people_hint_at_their_size(tmp_path: Path) -> None:
    table, book = read(tmp_path, "b.csv", "名称,经度,纬度,户数\n甲,116.6,23.6,9\n", "blocks")
    assert table is not None
    read_blocks(table, identify(table, "B", book), WGS84, (), book)
    assert "1 of 1 block states households and no people; household_size" in book.notes[0]


def test_stations_that_may_be_given_twice_are_noted(tmp_path: Path) -> None:
    text = (
        "名称,层级,经度,纬度\n祁安四村居民区党群服务站,微阵地,116.64,23.66\n"
        "祁安四村居委党群站,微阵地,116.64,23.66\n大场医院,中心,116.64,23.66\n"
        "祁安五村居民区党群服务站,微阵地,116.65,23.66\n"
    )
    table, _ = read(tmp_path, "s.csv", text, "stations")
    _, book = stations_of(table)
    assert book.notes == [
        (
            "s.csv: stand at one place under names that are alike: row 2 and 3 "
            "('祁安四村居民区党群服务站', '祁安四村居委党群站'); "
            "keep one of the two if they are one station"
        )
    ]


def test_tiers_that_are_not_stated_are_noted(tmp_path: Path) -> None:
    table, _ = read(tmp_path, "s.csv", "名称,经度,纬度\n甲,116.64,23.66\n", "stations")
    _, book = stations_of(table)
    assert book.notes == ["s.csv: all 1 station states no tier; counted as micro-stations"]
