"""How offices fill in tables: rows that count columns, units in headers, shares, headings, empty columns."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.places.datum_sayings import sayings_of
from walkshed.inputs.rows.blocks import read_blocks
from walkshed.inputs.tables.cells import identify
from walkshed.inputs.tables.reading import read_table
from walkshed.inputs.tables.table import Table

HEADER = ["编号", "名称", "户数", "人口", "老年人", "社区"]
ROW = [1, "祁连一村", 120, 1300, 300, "祁连社区"]


def read(folder: Path, rows: list[list[object]], kind: str = "blocks") -> tuple[Table, FaultBook]:
    """Return the table of a workbook of some rows, and what was said of it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "t.xlsx")
    faults = FaultBook()
    table = read_table(folder / "t.xlsx", kind, StudyFolder(folder, faults))
    assert table is not None
    return table, faults


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ([1, 2, 3, 4, 5, 6], "the numbers of the columns"),
        (["甲", "乙", "丙", "丁", "戊", "己"], "the numbers of the columns"),
        (["甲", "乙", 1, 2, 3, 4], "the numbers of the columns"),
        ([None, None, "户", "人", "（人）", None], "the units of the columns"),
        (["一、祁连片区"], "a heading"),
        (["（二）锦秋片区"], "a heading"),
    ],
)
def test_what_stands_between_header_and_rows_is_no_entry(
    tmp_path: Path, row: list[object], what: str
) -> None:
    table, book = read(tmp_path, [HEADER, row, ROW])
    assert [each.cells["name"] for each in table.rows] == ["祁连一村"]
    assert book.notes == [f"{table.label}, row 2: is {what}, no entry, and is not read"]


@pytest.mark.parametrize(
    "row",
    [
        [1, "2", 3, 4, 6, "7"],
        [1, "一村", 3, 4, 5, "一、二村"],
        ["甲", "乙小区", 1, 2, 3, "丙"],
        ["一、", "祁连一村", 120, 1300, 300, "祁连社区"],
    ],
)
def test_entries_that_look_a_little_like_it_are_read(tmp_path: Path, row: list[object]) -> None:
    table, book = read(tmp_path, [HEADER, row, ROW])
    assert (len(table.rows), book.notes) == (2, [])


def test_a_share_is_no_count(tmp_path: Path) -> None:
    table, book = read(tmp_path, [HEADER, ROW, [2, "二村", 90, 0.8, 0.25, ""]])
    read_blocks(table, identify(table, "B", book), None, ("older_people",), book)
    told = [(fault.column, fault.value, fault.fact) for fault in book.faults]
    assert ("老年人", "0.25", "is less than one") in told
    assert ("人口", "0.8", "is less than one") in told


@pytest.mark.parametrize(
    ("header", "cell", "wanted"),
    [
        ("人口（万人）", 0.13, "1300"),
        ("人口（万人）", "1300人", "1300人"),
        ("人口（人）", 1300, "1300"),
        ("人口（常住）", 1300, "1300"),
    ],
)
def test_the_unit_of_a_header_counts(
    tmp_path: Path, header: str, cell: object, wanted: str
) -> None:
    table, book = read(tmp_path, [["名称", header], ["甲", cell]])
    assert (table.rows[0].cells["people"], book.faults) == (wanted, [])


@pytest.mark.parametrize(
    ("header", "kind", "fact"),
    [
        ("人口（%）", "blocks", "holds '%', which is not a valid number of people"),
        ("户数（占比）", "blocks", "holds '占比', which is not a valid number of households"),
        (
            "接待能力（人/日）",
            "stations",
            "holds '人/日', which is not a valid number of people at one time",
        ),
        (
            "capacity (per day)",
            "stations",
            "holds 'per day', which is not a valid number of people at one time",
        ),
    ],
)
def test_a_share_and_a_rate_are_no_number(
    tmp_path: Path, header: str, kind: str, fact: str
) -> None:
    _, book = read(tmp_path, [["名称", header], ["甲", 12]], kind)
    assert [(fault.fact, fault.value) for fault in book.faults] == [(fact, header)]


def test_a_share_of_a_group_wants_its_people(tmp_path: Path) -> None:
    _, book = read(tmp_path, [["名称", "老年人（占比）"], ["甲", 12]])
    assert [fault.fact for fault in book.faults] == [
        "is a percentage, and the table has no column 'people' of which it is one"
    ]
    table, book = read(tmp_path, [["名称", "人口", "老年人（占比）"], ["甲", 200, 12]])
    assert (table.rows[0].cells["older_people"], book.faults) == ("24", [])


def test_an_area_may_be_in_mu(tmp_path: Path) -> None:
    table, book = read(tmp_path, [["名称", "面积（亩）"], ["甲", 3]], "stations")
    assert (float(table.rows[0].cells["area_m2"]), book.faults) == (pytest.approx(2000.0), [])


def test_a_pair_of_coordinates_beside_an_empty_column(tmp_path: Path) -> None:
    rows = [["名称", "高德坐标", "纬度"], ["甲", "121.41，31.30", None]]
    table, book = read(tmp_path, rows, "stations")
    assert (table.rows[0].cells["lon"], table.rows[0].cells["lat"]) == ("121.41", "31.3")
    assert (book.faults, book.notes) == ([], [])


def test_a_header_and_a_remark_that_name_two_systems_are_asked_about(tmp_path: Path) -> None:
    rows: list[list[object]] = [["名称", "百度经度", "百度纬度"], ["甲", 121.41, 31.3]]
    table, _ = read(tmp_path, [*rows, ["注：坐标来自高德地图。"]], "stations")
    assert [saying.datum for saying in sayings_of(table).values()] == [None]
    table, _ = read(tmp_path, [*rows, ["注：坐标来自百度地图。"]], "stations")
    assert [saying.datum for saying in sayings_of(table).values()] == ["bd09"]
