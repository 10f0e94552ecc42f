"""Bytes of tables as text: Chinese encodings are read, what only looks like them is not."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from walkshed.outside.encodings import cut_decoded, decoding_of, gb18030_text
from walkshed.outside.shapefile import UnknownTextError, read_shapefile

HEADER = "id,name,services\n"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "牌坊街党群服务中心",
            "甲小区",
            "站",
            "廟前巷乙小區",
            "臺北市大安區活動中心",
            "䶮街党群服务中心",
            "𠮷祥里",
        ),
        *("鎔基路１２号", "囍苑（二期）", "Côte 花园", "①号楼·北门", "懿德社区、犇牛村"),
    ],
)
def test_chinese_is_read_simplified_traditional_and_rare(name: str) -> None:
    text = f"{HEADER}S1,{name},助餐；文化\n"
    assert gb18030_text(text.encode("gb18030")) == text


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        *(
            (name, "euc_kr")
            for name in ("강남구 주민센터", "서울특별시청", "하늘마을도서관", "북구 경로당")
        ),
        *(
            (name, "euc_jp")
            for name in ("東京都渋谷区", "さくら図書館", "名古屋市中区役所", "老人福祉センター")
        ),
        *(("Библиотека", "cp1251"), ("Müller Straße", "cp1252"), ("Café Zoë", "cp1252")),
        *(("ห้องสมุด", "cp874"), ("臺北市大安區", "big5"), ("さくら小学校", "cp932")),
        *(("Βιβλιοθήκη", "cp1253"), ("Łódź", "cp1250"), ("Çağ Ünal", "cp1254")),
    ],
)
def test_other_encodings_are_no_chinese(name: str, encoding: str) -> None:
    assert gb18030_text(f"{HEADER}S1,{name},meals\n".encode(encoding)) is None


@pytest.mark.parametrize("word", ["太平路", "联通大厦", "太平路社区"])
def test_chinese_that_happens_to_be_utf8_is_chinese(word: str) -> None:
    found = decoding_of([word.encode("gbk")], "")
    assert found is not None
    assert found.encoding == "gb18030"


@pytest.mark.parametrize(
    "word",
    ["Müller", "São João", "Café", "Ålesund", "Ñuñoa", "Gabès", "Łódź", "Библиотека", "Πόλη"],
)
def test_letters_of_two_bytes_are_what_they_are(word: str) -> None:
    found = decoding_of([word.encode("utf-8")], "")
    assert found is not None
    assert found.encoding == "utf-8"


def test_a_cut_character_is_left_out() -> None:
    for encoding in ("utf-8", "gb18030", "big5"):
        data = "老旧小區".encode(encoding) if encoding != "big5" else "老舊小區".encode(encoding)
        assert cut_decoded(data[:-1], encoding) == data.decode(encoding)[:-1]
        assert cut_decoded(data, encoding) == data.decode(encoding)
    assert cut_decoded("Müller".encode("cp1252"), "utf-8") is None


@pytest.mark.parametrize(
    ("encoding", "declared", "expected"),
    [
        *(
            ("gb18030", word, "gb18030")
            for word in ("", "OEM", "UTF-8", "1252", "936", "GBK", "ISO-8859-1")
        ),
        *(("utf-8", word, "utf-8") for word in ("", "OEM", "936", "1252", "UTF-8")),
        *(("big5", word, "big5hkscs") for word in ("Big5", "950")),
        ("cp1252", "1252", "cp1252"),
        ("cp1251", "1251", "cp1251"),
    ],
)
def test_bytes_decide_before_what_is_said_of_them(
    encoding: str, declared: str, expected: str
) -> None:
    words = {
        "big5": ["廟前巷乙小區", "牌坊街甲小區"],
        "cp1252": ["Müller", "São Bento"],
        "cp1251": ["Библиотека"],
    }
    texts = [
        word.encode(encoding) for word in words.get(encoding, ["牌坊街甲小区", "庙前巷乙小区"])
    ]
    found = decoding_of([b"name", *texts], declared)
    assert found is not None
    assert found.encoding == expected


def test_nothing_fits() -> None:
    assert decoding_of(["Müller Straße".encode("cp1252")], "") is None
    assert decoding_of(["강남구 주민센터".encode("euc_kr")], "UTF-8") is None


def write_shapefile(
    file: Path, columns: dict[str, list[object]], encoding: str, cpg: str | None
) -> None:
    """Write a Shapefile of points whose .dbf is in an encoding, with a .cpg that says what it says."""
    count = len(next(iter(columns.values())))
    names = {f"c{place}": values for place, values in enumerate(columns.values())}
    places = [shapely.Point(116.64 + 0.001 * row, 23.66) for row in range(count)]
    ascii_only = {
        key: ["x" * 40] * count if isinstance(values[0], str) else values
        for key, values in names.items()
    }
    gpd.GeoDataFrame(ascii_only, geometry=places, crs="EPSG:4326").to_file(file)
    data = bytearray(file.with_suffix(".dbf").read_bytes())
    data[29] = 0
    widths = []
    for place, name in enumerate(columns):
        at = 32 + 32 * place
        data[at : at + 11] = name.encode(encoding)[:10].ljust(11, b"\0")
        widths.append(data[at + 16])
    row_at, length = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    for row in range(count):
        at = row_at + row * length + 1
        for width, values in zip(widths, columns.values(), strict=True):
            if isinstance(values[row], str):
                data[at : at + width] = str(values[row]).encode(encoding)[:width].ljust(width)
            at += width
    file.with_suffix(".dbf").write_bytes(bytes(data))
    file.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        file.with_suffix(".cpg").write_text(cpg)


@pytest.mark.parametrize("cpg", [None, "OEM", "UTF-8", "GBK", "ISO-8859-1"])
@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_shapefile_is_read_whatever_its_cpg_says(
    tmp_path: Path, encoding: str, cpg: str | None
) -> None:
    columns: dict[str, list[object]] = {
        "名称": ["牌坊街甲小区", "庙前巷乙小区"],
        "户数": [100, 50],
        "小区类型": ["老旧", "商住"],
    }
    write_shapefile(tmp_path / "b.shp", columns, encoding, cpg)
    table = read_shapefile(tmp_path / "b.shp")
    third = "小区类型" if encoding == "gbk" else "小区类"
    assert list(table.frame.columns) == ["名称", "户数", third, "geometry"]
    assert table.frame["名称"].tolist() == ["牌坊街甲小区", "庙前巷乙小区"]
    assert table.frame["户数"].tolist() == [100, 50]
    assert table.cut == ({"小区类"} if encoding == "utf-8" else frozenset())
    read_as = encoding.upper() if encoding == "utf-8" else "GB18030"
    said = cpg is not None and cpg.lower() == encoding
    assert any(f"read as {read_as}" in note for note in table.notes) is not said


def test_a_value_cut_inside_a_character_lacks_that(tmp_path: Path) -> None:
    name = "很长的小区名称" * 4
    write_shapefile(tmp_path / "b.shp", {"name": [name]}, "utf-8", None)
    table = read_shapefile(tmp_path / "b.shp")
    (read,) = table.frame["name"]
    assert name.startswith(read)
    assert len(read) == 26  # of 80 bytes
    assert "1 text is cut inside its last character, which is left out" in table.notes


def test_a_shapefile_in_no_encoding_is_refused(tmp_path: Path) -> None:
    write_shapefile(tmp_path / "b.shp", {"name": ["강남구 주민센터"]}, "euc_kr", None)
    with pytest.raises(UnknownTextError, match="neither UTF-8 nor GBK"):
        read_shapefile(tmp_path / "b.shp")
