"""Words of the review sheet and its map, and what geocoding says of a row, in the study's language."""

from __future__ import annotations

from typing import Final

from walkshed.model.labels import Label
from walkshed.words.messages.saying import said

_WORDS: Final = {
    "title": Label("位置核对", "Places to review"),
    "of": Label("表", "table"),
    "streets": Label("道路", "streets"),
    "used": Label("采用的位置", "a place that is used"),
    "unused": Label("不采用（太粗或不确定）", "not used (too coarse, or not sure)"),
    "other": Label("其他结果", "another answer"),
    "ground": Label("挂接的小区", "the compound joined to"),
    "circle": Label("圆圈：位置的不确定范围", "circle: how far the true place may lie"),
    "none": Label("没有位置", "no place"),
    "number": Label("序号", "No."),
    "name": Label("名称", "name"),
    "address": Label("地址", "address"),
    "people": Label("影响人数", "residents"),
    "blocks": Label("影响小区数", "blocks"),
    "state": Label("状态", "state"),
    "told": Label("说明", "remarks"),
    "click": Label(
        "点击一行看它在哪里；按“全部”看全图。改正请写在同名的 .review.xlsx 里。",
        "A click on a row goes there, All shows everything. Correct in the .review.xlsx "
        "of the same name.",
    ),
    "all": Label("全部", "All"),
    "yes": Label("采用", "used"),
    "no": Label("待定位", "to be placed"),
    "hand": Label("已核对", "reviewed"),
    "empty": Label("没有需要核对的行。", "No row needs a review."),
    "credit": Label("© OpenStreetMap contributors", "© OpenStreetMap contributors"),
}
#: What a page says of its own language.
_LANG: Final = Label("zh-CN", "en")

#: What stands above the columns of the sheet.
_TITLES: Final = {
    "residents": Label(
        "核对表：影响居民多的在前。请把改正的经纬度填在黄色列，"
        "在 corrected_crs 注明坐标系（高德、腾讯填 gcj02，百度填 bd09），"
        "并写明核对人和日期；再运行 walkshed geocode 即可读回。",
        "Most residents first. Fill in the yellow columns where a place is wrong "
        "(corrected_crs: wgs84, gcj02 of Amap or Tencent, bd09 of Baidu), with who and when; "
        "the next  walkshed geocode  reads them back.",
    ),
    # where no block states its people
    "blocks": Label(
        "核对表：没有人口数据，影响小区多的在前。请把改正的经纬度填在黄色列，"
        "在 corrected_crs 注明坐标系（高德、腾讯填 gcj02，百度填 bd09），"
        "并写明核对人和日期；再运行 walkshed geocode 即可读回。",
        "Most blocks first, for no block states its people. "
        "Fill in the yellow columns where a place is wrong "
        "(corrected_crs: wgs84, gcj02 of Amap or Tencent, bd09 of Baidu), with who and when; "
        "the next  walkshed geocode  reads them back.",
    ),
    # compounds joined to the map
    "joined": Label(
        "挂接核对表：找不到的在前，其次影响居民多的。请在 corrected_ground 填图上的小区名或编号"
        "（如 w123；图上没有填“无”），或填经纬度和坐标系（corrected_crs：wgs84、gcj02 或 bd09），并写明核对人和日期；"
        "再运行 walkshed geocode 即可读回。",
        "Not found first, then most residents. Fill in corrected_ground with the map's name or id "
        "(w123, or none), or a place and its corrected_crs (wgs84, gcj02 or bd09), "
        "with who and when; "
        "the next  walkshed geocode  reads them back.",
    ),
}

#: How fine a place is, by the word that geocoding says.
_PRECISIONS: Final = {
    "door": Label("门口", "door"),
    "number": Label("门牌", "number"),
    "spot": Label("路口或车站", "crossing or stop"),
    "street": Label("道路", "street"),
    "compound": Label("小区或地块", "compound"),
    "community": Label("社区", "community"),
    "area": Label("区域", "area"),
}


def review_words(language: str) -> dict[str, str]:
    """Return the words of the sheet's map."""
    return {key: word.in_(language) for key, word in _WORDS.items()}


def page_language(language: str) -> str:
    """Return a language as a page names its own."""
    return _LANG.in_(language)


def sheet_title(language: str, *, joined: bool, by_blocks: bool) -> str:
    """Return what stands above a sheet of places, or of compounds that were ``joined`` to the map."""
    key = "blocks" if by_blocks else "residents"
    return _TITLES["joined" if joined else key].in_(language)


def said_in(cell: object, language: str) -> str:
    """Return what geocoding said in the study's language; data stay as they are."""
    precision = _PRECISIONS.get(str(cell))
    return said(cell, language) if precision is None else precision.in_(language)
