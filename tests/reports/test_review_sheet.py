"""The review sheet, written and read back: systems in the words of an office, every fault at once."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from walkshed.errors import InputFaultsError, UnreadableFileError
from walkshed.geocode.datums import wgs84_to_bd09, wgs84_to_gcj02
from walkshed.model.messages import Listing, Message
from walkshed.reports.review.reading import read_review
from walkshed.reports.review.sheet import review_bytes
from walkshed.words.review import said_in

PLACE = (116.6433, 23.6604)
GCJ02 = wgs84_to_gcj02([PLACE])[0].tolist()
BD09 = wgs84_to_bd09([PLACE])[0].tolist()


def sheet(folder: Path, *filled_in: dict[str, object]) -> Path:
    """Return a sheet of which the first rows are filled in."""
    rows = [
        {"id": f"S{number}", "number": number, "name": f"站{number}", "address": "某路1号"}
        for number in range(1, len(filled_in) + 2)
    ]
    book = openpyxl.load_workbook(io.BytesIO(review_bytes(rows, {}, "zh", joined=False)))
    page = book.active
    header = [cell.value for cell in page[2]]
    for row, cells in enumerate(filled_in, start=3):
        for name, value in cells.items():
            page.cell(row, 1 + header.index(name)).value = value
    path = folder / "站点.review.xlsx"
    book.save(path)
    return path


def corrected(lon: object, lat: object, system: object = None, **more: object) -> dict[str, object]:
    return {"corrected_lon": lon, "corrected_lat": lat, "corrected_crs": system, **more}


@pytest.mark.parametrize(
    ("system", "degrees"),
    [
        *(
            (word, GCJ02)
            for word in ("gcj02", "GCJ-02", "高德", "高德坐标", "火星坐标", "腾讯地图")
        ),
        *((word, BD09) for word in ("bd09", "BD-09", "百度", "百度坐标系", "bd09ll", "Baidu")),
        *((word, PLACE) for word in ("wgs84", "WGS-84", "GPS", "天地图", "国家2000")),
        *((word, PLACE) for word in ("CGCS2000", "EPSG:4326", "EPSG:4490")),
    ],
)
def test_a_system_may_be_named_as_offices_name_it(tmp_path, system, degrees):
    path = sheet(tmp_path, corrected(*degrees, system, who="王工", when="2026-11-22"))
    (review,) = read_review(path).values()
    assert (review.lon, review.lat) == pytest.approx(PLACE, abs=2e-7)
    assert (review.id, review.who, review.when) == ("S1", "王工", "2026-11-22")


@pytest.mark.parametrize("pair", ["116.6433,23.6604", "116.6433， 23.6604", "１１６.6433 23.6604"])
def test_both_numbers_may_stand_in_one_cell_as_map_services_copy_them(tmp_path, pair):
    for cells in (corrected(pair, None, "wgs84"), corrected(None, pair, "wgs84")):
        (review,) = read_review(sheet(tmp_path, cells)).values()
        assert (review.lon, review.lat) == PLACE


def test_every_fault_of_a_sheet_is_told_at_once(tmp_path):
    path = sheet(
        tmp_path,
        corrected(116.6433, 23.6604, "wgs84"),
        corrected(23.6604, 116.6433),
        corrected("东经116度", 23.66, "北京54"),
        corrected(116.64, None),
        corrected(116.6433, 23.6604, "某系统"),
        corrected(116.6433, 23.6605, "wgs84", id="S1"),
    )
    with pytest.raises(InputFaultsError) as caught:
        read_review(path)
    assert [str(fault) for fault in caught.value.faults] == [
        (
            "站点.review.xlsx, row 4, column 'corrected_lat': '116.6433' is not a place; "
            "write degrees, the longitude first; are the two numbers swapped?"
        ),
        (
            "站点.review.xlsx, row 5, column 'corrected_lon': '东经116度' is not a place; "
            "write degrees, the longitude first"
        ),
        (
            "站点.review.xlsx, row 5, column 'corrected_crs': '北京54' is not a system that is "
            "known; "
            "write wgs84, gcj02 (高德, 腾讯), bd09 (百度) or cgcs2000 (天地图)"
        ),
        "站点.review.xlsx, row 6, column 'corrected_lat': is empty; fill in longitude and latitude",
        (
            "站点.review.xlsx, row 7, column 'corrected_crs': '某系统' is not a system that is "
            "known; "
            "write wgs84, gcj02 (高德, 腾讯), bd09 (百度) or cgcs2000 (天地图)"
        ),
        (
            "站点.review.xlsx, row 8, column 'id': 'S1' is corrected otherwise in row 3; "
            "leave one of the two corrections"
        ),
    ]


@pytest.mark.parametrize("empty", [None, "", " "])
def test_a_place_on_the_mainland_says_whose_it_is(tmp_path, empty):
    """Map services' places are 0.5 to 1.2 km off there, and nowhere else."""
    with pytest.raises(InputFaultsError, match="column 'corrected_crs': is empty; write wgs84"):
        read_review(sheet(tmp_path, corrected(*PLACE, empty)))
    (review,) = read_review(sheet(tmp_path, corrected(24.94, 60.17, empty))).values()
    assert (review.lon, review.lat) == (24.94, 60.17)


def test_what_is_no_review_sheet_is_said_to_be_none(tmp_path):
    path = tmp_path / "站点.review.xlsx"
    path.write_bytes(b"no workbook")
    with pytest.raises(UnreadableFileError, match="cannot be read as a review sheet"):
        read_review(path)
    openpyxl.Workbook().save(path)
    with pytest.raises(UnreadableFileError, match="has not the columns"):
        read_review(path)


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        (Message("{part} is not mapped", part="会所"), "图上没有会所"),
        (
            Message(
                "house number {house} is not mapped, {mapped} is", house="3弄", mapped="3弄2号"
            ),
            "图上没有门牌3弄，有3弄2号",
        ),
        (
            Message("{street} runs {away:.0f} m from it", street="长安南路", away=1779.2),
            "长安南路离它 1779 米",
        ),
        (
            Listing(
                [
                    Message("{part} is not mapped", part="会所"),
                    Message("{aside} is not understood", aside="二期"),
                ],
                mark="; ",
            ),
            "图上没有会所；没有看懂“二期”",
        ),
        ("慧华苑", "慧华苑"),
        ("", ""),
    ],
)
def test_what_is_told_of_an_address_is_told_in_chinese(said, chinese):
    assert said_in(said, "zh") == chinese
    assert said_in(said, "en") == said


def test_a_sheet_says_messages_in_its_language():
    rows = [dict.fromkeys(("id", "number", "name"), "S1")]
    rows[0]["doubts"] = Message("{part} is not mapped", part="会所")
    rows[0]["reason"] = Message("not asked: a service failed before")
    content = review_bytes(rows, {}, "zh", joined=False)
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = {cell.value for cell in page[3]}
    assert {"图上没有会所", "未查询：此前有服务出错"} <= cells


def test_how_fine_a_crossing_or_a_stop_is_has_a_word_of_its_own():
    assert (said_in("spot", "zh"), said_in("spot", "en")) == ("路口或车站", "crossing or stop")
