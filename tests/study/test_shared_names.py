"""Sheets of one workbook, and tables of one name in two formats, keep their own places; what was typed survives."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from study.test_geocode_tables import NUMBER_12, folder, rewrite, rows
from walkshed.study import read_study
from walkshed.verbs.geocode.geocoding import geocode

__all__ = ["folder"]
STATIONS = [
    ["编号", "名称", "地址", "经度", "纬度", "服务项目"],
    ["1", "甲站", "太平路12号", "", "", "meals"],
]
BLOCKS = [
    ["编号", "名称", "地址", "经度", "纬度", "户数"],
    ["1", "甲苑", "太平路12号", "", "", 120],
]
BY_HAND = (116.6431, 23.6607)


def as_csv(table: list[list[object]]) -> str:
    return "\n".join(",".join(map(str, cells)) for cells in table) + "\n"


def write_tables(folder: Path, form: str) -> None:
    """Write stations and blocks as two sheets of one workbook, or of one name in two formats."""
    book = openpyxl.Workbook()
    book.active.title = "站点"
    for cells in STATIONS:
        book.active.append(cells)
    page = book.create_sheet("小区")
    for cells in BLOCKS:
        page.append(cells)
    if form == "formats":
        del book["站点"]
        (folder / "模板.csv").write_text(as_csv(STATIONS), "utf-8")
    book.save(folder / "模板.xlsx")
    stations = "模板.csv" if form == "formats" else "模板.xlsx"
    rewrite(
        folder,
        ('file = "stations.csv"', f'file = "{stations}"'),
        ('file = "blocks.geojson"', 'file = "模板.xlsx"'),
        ('gates = "gates.csv"\n', ""),
    )


def correct(sheet: Path) -> None:
    """Type a correction of the first row into a review sheet."""
    book = openpyxl.load_workbook(sheet)
    header = [cell.value for cell in book.active[2]]
    said = dict(zip(("corrected_lon", "corrected_lat"), BY_HAND, strict=True))
    said |= {"corrected_crs": "wgs84"}
    for name, value in {**said, "who": "王工", "when": "2026-11-22"}.items():
        book.active.cell(3, 1 + header.index(name)).value = value
    book.save(sheet)


def places(folder: Path) -> tuple[tuple[float, float], tuple[float, float]]:
    inputs = read_study(folder).inputs
    assert inputs.blocks is not None
    (station,), (block,) = inputs.stations, inputs.blocks
    return station.geometry.coords[0], block.geometry.coords[0]


@pytest.mark.parametrize("form", ["sheets", "formats"])
def test_each_table_keeps_its_own_places_and_sheet(folder: Path, form: str) -> None:
    write_tables(folder, form)
    assert [placing.used for placing in geocode(folder)] == [1, 1]
    assert places(folder) == (pytest.approx(NUMBER_12), pytest.approx(NUMBER_12))
    for kind, name in (("stations", "甲站"), ("blocks", "甲苑")):
        assert rows(folder / f"模板.{kind}.geocoded.csv")["1"]["name"] == name

    for kind in ("stations", "blocks"):
        assert (folder / f"模板.{kind}.review.html").is_file()
    correct(folder / "模板.stations.review.xlsx")
    for _ in range(2):
        geocode(folder)
        assert places(folder) == (pytest.approx(BY_HAND), pytest.approx(NUMBER_12))
    correct(folder / "模板.blocks.review.xlsx")
    geocode(folder)
    assert places(folder) == (pytest.approx(BY_HAND), pytest.approx(BY_HAND))


def test_a_sheet_of_an_older_study_counts_for_the_table_whose_names_it_holds(folder: Path) -> None:
    write_tables(folder, "sheets")
    geocode(folder)
    correct(folder / "模板.stations.review.xlsx")
    for kind in ("stations", "blocks"):
        (folder / f"模板.{kind}.geocoded.csv").rename(folder / "模板.geocoded.csv")
    (folder / "模板.stations.review.xlsx").rename(folder / "模板.review.xlsx")
    (folder / "模板.blocks.review.xlsx").unlink()
    assert "1" in rows(folder / "模板.geocoded.csv")  # of one of the two, as older versions left it
    geocode(folder)
    assert places(folder) == (pytest.approx(BY_HAND), pytest.approx(NUMBER_12))


def test_what_was_typed_stays_when_its_row_is_gone_for_a_while(folder: Path) -> None:
    write_tables(folder, "formats")
    geocode(folder)
    correct(folder / "模板.stations.review.xlsx")
    (folder / "模板.csv").write_text(as_csv(STATIONS).replace("1,甲站", "2,乙站"), "utf-8")
    geocode(folder)
    page = openpyxl.load_workbook(folder / "模板.stations.review.xlsx").active
    (kept,) = [row for row in page.iter_rows(min_row=3, values_only=True) if str(row[0]) == "1"]
    assert {"甲站", *BY_HAND, "王工"} <= set(kept)
    (folder / "模板.csv").write_text(as_csv(STATIONS), "utf-8")
    geocode(folder)
    assert places(folder)[0] == pytest.approx(BY_HAND)
