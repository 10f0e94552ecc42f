"""Words that say in which coordinates numbers stand, such as 经度（GCJ02）, 高德坐标, lng_wgs84 and 国家2000."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

#: An old datum of the mainland, a city's own, or a code: no word of a table settles it.
OTHER = "other"

#: What each datum is called.
_NAMES = {
    "gcj02": r"gcj[\s_-]*0?2|(?<![a-z])gcj(?![a-z])|火星\s*(?:坐标|系)|国测局",
    "bd09": r"bd[\s_-]*0?9(?:[\s_-]*ll)?(?![\d]|[\s_-]*mc)",
    "cgcs2000": r"cgcs[\s_-]*(?:2000)?|国家\s*(?:大地)?\s*(?:坐标系?)?\s*2000|2000\s*国家(?:大地)?"
    r"|国家大地|大地\s*2000|(?<!\d)2000\s*(?:坐标|大地)|epsg[\s:_-]*4490",
    "wgs84": r"wgs[\s_-]*(?:19)?(?:84)?(?!\d)|(?<!\d)84\s*(?:坐标|系)|地球坐标|epsg[\s:_-]*4326",
    OTHER: r"西安\s*(?:19)?80|(?:19)?80\s*西安|北京\s*(?:19)?54|(?:19)?54\s*北京|xi'?an\s*(?:19)?80"
    r"|beijing\s*(?:19)?54|(?<!\d)(?:19)?(?:54|80)\s*(?:年\s*)?坐标|bd[\s_-]*09[\s_-]*mc|百度墨卡托"
    r"|(?:地方|独立|城市|城建)坐标|epsg[\s:_-]*(?!4326|4490)\d+",
}
#: Whose coordinates they are.
_SOURCES = {
    "gcj02": r"高德|腾讯|amap|autonavi|gaode|tencent|qq\s*(?:地图|map)|soso",
    "bd09": r"百度|baidu",
    "cgcs2000": r"天地图|tianditu",
    "wgs84": r"(?<![a-z])gps(?![a-z])|openstreetmap|(?<![a-z])osm(?![a-z])",
}
#: What is short enough to mean a year, a town or a street elsewhere (火星街道, 保定 is BD), and a
#: datum in a cell or header of coordinates.
_SHORT = {
    "wgs84": r"(?<![\d.])84(?=$|\))",
    "cgcs2000": r"(?<![\d.])2000(?=$|\))",
    "gcj02": r"火星|(?<![a-z])mars(?![a-z])",
    "bd09": r"(?<![a-z])bd(?![a-z\d]|[\s_-]*\d)",
}
#: A place or an office that only bears the name of one: 百度大厦, 高德置地广场, 火星街道.
_PLACE = re.compile(
    r"(?:高德|腾讯|百度|火星|天地图)(?:置地|科技|国际|滨海|总部)*"
    r"(?:大厦|大楼|广场|中心|公寓|花园|园区?|城|街道?|路|村|镇|乡|社区|小区|校区|公司|门口|旁)+办?"
)
#: How a company's name speaks of coordinates in a title: 高德地图.xlsx, 百度POI.
_MAP = r"(?:地图|坐标|poi|map)"
#: Its map by which to find the way says nothing of them: 可在百度地图搜索站点名称.
_WAY = re.compile(
    r"(?:高德|腾讯|百度|amap|baidu|tencent|qq)\s*(?:地图|map)s?(?:app)?\s*(?:上|中|里|内)?\s*"
    r"(?:导航|搜索?|查询|查找|扫码|前往|打开|标注|核[对实]|可见|可查)"
)

_ANY = "|".join([*_NAMES.values(), *_SOURCES.values()])
_OF_CELLS = {
    datum: re.compile("|".join(part[datum] for part in (_NAMES, _SOURCES, _SHORT) if datum in part))
    for datum in _NAMES
}
#: In a title or the name of a file a company alone says who wrote it: 腾讯文档, 百度网盘.
_OF_TITLES = {
    datum: re.compile(
        "|".join(
            [words]
            + [
                rf"(?:{source})\s*{_MAP}|坐标\w*[\s:为是取自用采]*(?:{source})"
                for source in [_SOURCES.get(datum)]
                if source
            ]
        )
    )
    for datum, words in _NAMES.items()
}
#: What stands before the datum into which something was brought, or not.
_EACH = f"(?:{_ANY}|{'|'.join(_SHORT.values())})"
_INTO = re.compile(rf"(?:转换?|纠偏|校正|->|=>|→|\bto\b)\s*(?:为|成|至|到)?\s*(?={_EACH})")
_NOT = re.compile(
    rf"(?:非|不是|(?:(?:未|没有?)(?:转换?|纠偏)?|[待需应拟要](?:转换?|纠偏))(?:为|成|至|到)?"
    rf"|\bnot\s|\bnon-?|\bto be converted (?:in)?to)\s*(?={_EACH})"
)
#: A header less the words of its datum: 高德地图坐标系经度 is 经度.
_TAKEN_OUT = tuple(
    re.compile(rf"(?:{_ANY}|{'|'.join(_SHORT.values())}){beside}")
    for beside in ("", "(?:地图)?(?:的)?", "(?:地图)?(?:的)?坐标系?统?(?:的|下)?")
)
_SAME = {"cgcs2000": "wgs84"}  # they differ by centimeters
_PREFERRED = ("wgs84", "cgcs2000", "gcj02", "bd09")


def datums_in(text: str, *, title: bool = False) -> frozenset[str]:
    """Return the datums that a text names: none, one, or several that it leaves open.

    "高德转WGS84" names WGS84, "非火星坐标" and "待转WGS84" leave it open (that and ``OTHER``), 百度大厦
    is a place. ``title``: a line above a table or the name of its file, where a company alone says
    nothing of coordinates, nor does its map by which to find the way.
    """
    plain = _PLACE.sub(" ", unicodedata.normalize("NFKC", text).strip().lower())
    if title:
        plain = _WAY.sub(" ", plain)
    denied = _NOT.search(plain) is not None
    into = list(_INTO.finditer(plain))
    if into and not denied:
        plain = plain[into[-1].end() :]
    patterns: Mapping[str, re.Pattern[str]] = _OF_TITLES if title else _OF_CELLS
    found = {datum for datum, pattern in patterns.items() if pattern.search(plain)}
    return frozenset(found | {OTHER} if found and denied else found)


def one_of(datums: frozenset[str]) -> str | None:
    """Return the datum that is meant; None for several that are not the same, and for others."""
    plain = {_SAME.get(datum, datum) for datum in datums}
    if len(plain) != 1 or OTHER in plain:
        return None
    return min(datums, key=_PREFERRED.index)


def same_datum(one: str, other: str) -> bool:
    """Return whether two datums mean the same to within centimeters."""
    return _SAME.get(one, one) == _SAME.get(other, other)


def headers_without_datum(header: str) -> tuple[str, ...]:
    """Return what a header may be called less the words of a datum; () where it holds none."""
    plain = unicodedata.normalize("NFKC", header).strip().lower()
    shorter = [pattern.sub("", plain) for pattern in _TAKEN_OUT]
    return tuple(dict.fromkeys(text for text in shorter if text and text != plain))


def preferred(headers: Sequence[str]) -> str:
    """Return which of several headers of one coordinate to read: WGS84 before a shifted datum before none."""

    def rank(header: str) -> int:
        datum = one_of(datums_in(header))
        return len(_PREFERRED) if datum is None else _PREFERRED.index(datum)

    return min(headers, key=rank)
