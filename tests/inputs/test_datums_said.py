"""Words of tables that state a datum: in headers, in a column of their own, around the table; they decide."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pytest

from walkshed.geocode.datums import wgs84_to_bd09, wgs84_to_gcj02
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.places.coordinates import place_of
from walkshed.inputs.places.table_crs import crs_of
from walkshed.inputs.tables.datum_words import datums_in, one_of
from walkshed.inputs.tables.reading import read_table
from walkshed.inputs.tables.table import match_column
from walkshed.opening import skills

SHIFTS = {
    "gcj02": wgs84_to_gcj02,
    "bd09": wgs84_to_bd09,
    "cgcs2000": np.asarray,
    "wgs84": np.asarray,
}
#: What offices write in a column 坐标系 or 坐标来源.
CELLS = {
    "gcj02": [
        *("GCJ-02", "gcj02", "GCJ 02", "火星坐标", "火星坐标系", "国测局坐标", "高德", "高德地图"),
        *("腾讯地图", "Amap", "腾讯", "高德/腾讯", "GCJ-02（高德）", "WGS84转GCJ02", "Tencent map"),
    ],
    "bd09": ["BD-09", "bd09ll", "BD09", "百度", "百度地图", "Baidu", "百度坐标系", "高德转百度"],
    "cgcs2000": [
        *("CGCS2000", "国家2000", "2000国家大地坐标系", "国家大地坐标系2000", "天地图", "2000"),
        *("大地2000", "CGCS 2000", "EPSG:4490", "EPSG4490"),
    ],
    "wgs84": [
        *("WGS84", "WGS-84", "wgs 1984", "84", "84坐标", "GPS", "手持GPS", "OpenStreetMap"),
        *("高德转WGS84", "百度（已转84）", "EPSG:4326", "epsg 4326", "GCJ02=>WGS84", "主要为WGS84"),
    ],
}
#: Headers of longitude and latitude, of one column with both.
PAIRS = {
    "gcj02": [
        *(("经度（GCJ02）", "纬度（GCJ02）"), ("高德经度", "高德纬度"), ("gcj02_lng", "gcj02_lat")),
        *(("lng_gcj02", "lat_gcj02"), ("火星坐标系经度", "火星坐标系纬度"), ("经度(腾讯)", "纬度")),
        *(("amap_lon", "amap_lat"), ("经度_高德", "纬度_高德"), ("高德坐标",), ("坐标（火星）",)),
    ],
    "bd09": [
        *(("经度（百度）", "纬度（百度）"), ("bd_lng", "bd_lat"), ("bd09_x", "bd09_y")),
        *(("百度经度", "百度纬度"), ("百度坐标",), ("lng(bd09ll)", "lat(bd09ll)")),
    ],
    "cgcs2000": [
        ("经度（国家2000）", "纬度（国家2000）"),
        ("CGCS2000经度", "CGCS2000纬度"),
        ("天地图坐标",),
    ],
    "wgs84": [
        ("lng_wgs84", "lat_wgs84"),
        ("经度（WGS84）", "纬度（WGS84）"),
        ("lon_84", "lat_84"),
        ("GPS坐标",),
    ],
}


@pytest.mark.parametrize(
    ("datum", "word"), [(datum, word) for datum, words in CELLS.items() for word in words]
)
def test_a_word_names_its_datum(datum: str, word: str) -> None:
    assert one_of(datums_in(word)) == datum


@pytest.mark.parametrize(
    "word",
    [
        *(
            "高德/百度",
            "WGS84（由GCJ-02转换）",
            "非火星坐标",
            "高德（未转WGS84）",
            "西安80",
            "北京54",
        ),
        *("EPSG:4549", "EPSG 4549", "城市坐标系", "bd09mc", "百度墨卡托", "not GCJ-02", "非84"),
        *(
            "待转WGS84",
            "需转换为GCJ-02",
            "to be converted to WGS84",
            "54坐标系",
            "80坐标",
            "1980年坐标",
        ),
    ],
)
def test_words_that_leave_it_open_are_asked_about(word: str) -> None:
    assert datums_in(word)
    assert one_of(datums_in(word)) is None


@pytest.mark.parametrize(
    "word",
    [
        *("测绘院", "现场采集", "谷歌", "来源2", "手机", "", "1984年", "2000年"),
        *("百度大厦", "腾讯大厦旁", "高德置地广场", "火星街道办", "火星社区", "百度科技园东门"),
    ],
)
def test_other_words_say_nothing(word: str) -> None:
    assert datums_in(word) == frozenset()


def test_a_company_in_the_name_of_a_file_is_no_datum() -> None:
    for name in ("腾讯文档_站点.xlsx", "百度网盘.csv", "人口（2000）.csv", "站点2000.xlsx"):
        assert datums_in(name, title=True) == frozenset()
    assert datums_in("高德POI.xlsx", title=True) == {"gcj02"}
    assert datums_in("注：坐标取自百度", title=True) == {"bd09"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "火星街道社区服务站点.xlsx",
            "长沙市芙蓉区火星街道站点一览表",
            "站点_BD.csv",
            "Mars Street.csv",
        ),
        *(
            "注：可在百度地图搜索站点名称",
            "请用高德地图导航前往",
            "腾讯地图可查",
            "百度大厦周边坐标",
        ),
    ],
)
def test_a_place_or_a_way_to_find_it_in_a_title_is_no_datum(text: str) -> None:
    """火星 is a subdistrict, BD a town (保定), and a footnote may tell how to get there."""
    assert datums_in(text, title=True) == frozenset()


def test_a_title_that_speaks_of_coordinates_beside_them_still_decides() -> None:
    assert datums_in("请用高德地图导航；坐标为BD-09", title=True) == {"bd09"}
    assert datums_in("百度大厦周边站点（火星坐标）", title=True) == {"gcj02"}


@pytest.mark.parametrize(
    "header", ["坐标体系", "坐标基准", "datum", "coord_type", "经纬度坐标系", "空间参考"]
)
def test_a_column_of_datums_is_known_by_its_names(header: str) -> None:
    assert match_column(header, "stations") == "coordinate_source"


def test_the_datum_is_no_part_of_a_headers_name() -> None:
    for headers in (pair for pairs in PAIRS.values() for pair in pairs):
        names = tuple(match_column(header, "stations") for header in headers)
        assert names in {("lon", "lat"), ("lon_lat",)}
    assert match_column("高德名称", "stations") is None


class Reading:
    """Tables written into a folder and placed as a study places them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.book = FaultBook()
        self.study = StudyFolder(folder, self.book, skills=skills())

    def places(
        self,
        header: list[str],
        rows: list[list[str]],
        *,
        name: str = "s.csv",
        crs: str | None = None,
    ) -> list[tuple[float, float] | None]:
        with (self.folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        table = read_table(self.folder / name, "stations", self.study)
        assert table is not None, self.book.faults
        found = crs_of(crs, "stations.crs", 9, table, self.study)
        if found is None:
            return []
        points = [place_of(row, table, found, self.book) for row in table.rows]
        return [None if point is None else (point.x, point.y) for point in points]


def test_what_a_table_says_decides_in_two_hundred_tables(tmp_path: Path) -> None:
    """Any word, any place of the mainland, from one row on: in cells, in headers, in both, row by row."""
    chance = random.Random(16)
    for number in range(200):
        datum, reading = chance.choice(list(SHIFTS)), Reading(tmp_path)
        count = chance.choice((1, 2, 5, 30))
        truth = [(chance.uniform(103, 121), chance.uniform(22, 36)) for _ in range(count)]
        datums = [datum] * count
        form = ("cells", "headers", "both", "mixed", "file")[number % 5]
        header = (
            ["经度", "纬度"] if form in ("cells", "mixed") else list(chance.choice(PAIRS[datum]))
        )
        if form == "mixed":
            datums = [chance.choice(list(SHIFTS)) for _ in truth]
        if form == "file":
            header = ["经度", "纬度"]
        stands = [SHIFTS[each]([place])[0] for each, place in zip(datums, truth, strict=True)]
        rows = []
        for row, (each, (x, y)) in enumerate(zip(datums, stands, strict=True)):
            cells = [f"{x:.9f},{y:.9f}"] if len(header) == 1 else [f"{x:.9f}", f"{y:.9f}"]
            word = chance.choice(CELLS[each]) if form in ("cells", "both", "mixed") else ""
            rows.append([f"站{row}", *cells, word])
        name = f"站点_{datum}.csv" if form == "file" else "s.csv"
        found = reading.places(["名称", *header, "坐标来源"], rows, name=name)
        assert reading.book.faults == [], (form, datum, header, rows[:2])
        assert reading.study.doubts == []
        np.testing.assert_allclose(found, truth, atol=2e-8)


def test_a_stated_crs_holds_and_a_note_tells_of_other_words(tmp_path: Path) -> None:
    reading = Reading(tmp_path)
    found = reading.places(["名称", "高德经度", "高德纬度"], [["a", "116.6", "23.6"]], crs="wgs84")
    assert found == [(116.6, 23.6)]
    (note,) = reading.book.notes
    assert "1 row says GCJ-02" in note
    assert "stations.crs of study.toml, wgs84, holds" in note


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        (["经度（GCJ02）", "纬度（GCJ02）"], "百度"),
        (["经度", "纬度"], "高德/百度"),
        (["经度（GCJ02）", "纬度（百度）"], ""),
        (["经度", "纬度"], "西安80"),
    ],
)
@pytest.mark.parametrize("crs", [None, "auto"])
def test_words_that_do_not_agree_are_a_fault(
    tmp_path: Path, header: list[str], cell: str, crs: str | None
) -> None:
    reading = Reading(tmp_path)
    rows = [["a", "116.6", "23.6", cell]]
    assert reading.places(["名称", *header, "坐标来源"], rows, crs=crs) == []
    (fault,) = reading.book.faults
    assert "does not tell one coordinate system" in str(fault)
    assert "study.toml (stations.crs)" in str(fault)


def test_of_two_pairs_of_columns_the_one_in_wgs84_is_read(tmp_path: Path) -> None:
    reading = Reading(tmp_path)
    ((x, y),) = wgs84_to_gcj02([(116.6, 23.6)]).tolist()
    header = ["名称", "高德经度", "高德纬度", "lng_wgs84", "lat_wgs84"]
    assert reading.places(header, [["a", str(x), str(y), "116.6", "23.6"]]) == [(116.6, 23.6)]
    assert any("column '高德经度' is not" in note for note in reading.book.notes)


def test_a_title_above_the_table_says_it(tmp_path: Path) -> None:
    reading = Reading(tmp_path)
    ((x, y),) = wgs84_to_bd09([(116.6, 23.6)]).tolist()
    text = f"某街道站点台账,,\n坐标系：百度,,\n名称,经度,纬度\na,{x:.9f},{y:.9f}\n"
    (tmp_path / "s.csv").write_text(text, encoding="utf-8")
    table = read_table(tmp_path / "s.csv", "stations", reading.study)
    assert table is not None
    crs = crs_of(None, "stations.crs", None, table, reading.study)
    assert crs is not None
    point = place_of(table.rows[0], table, crs, reading.book)
    assert point is not None
    np.testing.assert_allclose((point.x, point.y), (116.6, 23.6), atol=2e-8)


def test_nothing_said_is_doubted_on_the_mainland_only(tmp_path: Path) -> None:
    for place, doubted in (((116.6, 23.6), True), ((24.94, 60.17), False), ((-51.2, -30.0), False)):
        reading = Reading(tmp_path)
        assert reading.places(["名称", "经度", "纬度"], [["a", *map(str, place)]]) == [place]
        assert [doubt.key for doubt in reading.study.doubts] == ["stations.crs"] * doubted


def test_auto_needs_no_answer_where_nothing_is_shifted(
    tmp_path: Path, helsinki_extract_path: Path
) -> None:
    reading = Reading(tmp_path)
    reading.study.extract = helsinki_extract_path
    assert reading.places(["name", "lon", "lat"], [["a", "24.94", "60.17"]], crs="auto") == [
        (24.94, 60.17)
    ]
