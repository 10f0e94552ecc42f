"""Words of the review sheet and its map, and what geocoding says of a row, in the study's language."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from walkshed.model.labels import Label
from walkshed.model.messages import Message
from walkshed.words.messages.saying import said
from walkshed.words.quantities import SENTENCES

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
#: What geocoding and the join say, which is the English text: numbers in ``n``, what is found as it is.
_SENTENCES: Final = (
    Label("图上写作{name}", "is written {name} in the extract"),
    Label("也可能是{name}", "may as well be {name}"),
    Label(
        "是同名的车站，不是该地点本身", "is a stop or a station of that name, not the place itself"
    ),
    Label("图上没有门牌{number}", "house number {number} is not mapped"),
    Label("图上没有{building}号楼", "building {building} is not mapped"),
    Label("图上没有门牌{number}，有{name}", "house number {number} is not mapped, {name} is"),
    Label(
        "门牌按图上{lower}号与{upper}号之间推算",
        "interpolated between numbers {lower} and {upper}",
    ),
    Label("图上没有{name}", "{name} is not mapped"),
    Label("要找的是它旁边（{word}）", "what lies beside it ({word}) is asked for"),
    Label("只说在它附近（{word}）", "only near it ({word}) is asked for"),
    Label("图上有{n}处同名", "{n} places bear that name"),
    Label("{street}离它{n}米", "{street} runs {n} m from it"),
    Label("图上的{name}不是{sort}", "{name} is no {sort} on the map"),
    Label("图上{one}与{other}相距{n}米", "{one} is mapped {n} m from {other}"),
    Label("两条路相距{n}米，未相交", "the streets come within {n} m of each other"),
    Label("两条路有{n}处相交", "the streets cross at {n} places"),
    Label("图上{one}与{other}不相交", "{one} and {other} do not meet on the map"),
    Label("只写了一部分，没有写在哪里", "a part without its ground"),
    Label("没有看懂{aside}", "{aside} is not understood"),
    Label("只说在{streets}之间", "between {streets} is asked for"),
    Label("图上没有{name}", "{name} is not in the extract"),
    Label("要找的是{asked}，图上是{mapped}", "{asked} is asked for, {mapped} is mapped"),
    Label(
        "{who}给出{what}（{precision}），与{other}的位置相距{n}米",
        "{who} says {what} ({precision}), {n} m from {other}'s place",
    ),
    Label("未找到（{who}）", "not found by {who}"),
    Label("没有可查的地址或名称", "nothing to look for: neither address nor name"),
    Label("未查：在线服务此前出错", "not asked: a service failed before"),
    Label(
        "位置太粗（{precision}），请人工定位",
        "too coarse to walk from ({precision}); place it by hand",
    ),
    Label(
        "不够确定，不采用（得分{score}），请人工定位",
        "not sure enough to be used (score {score}); place it by hand",
    ),
    Label("图上没有这个名字的小区", "no ground of that name on the map"),
    Label(
        "图上没有这个名字的小区，该地址处也没有",
        "no ground of that name on the map, none at that address",
    ),
    Label("图上分为几部分：{parts}", "the map has it in parts: {parts}"),
    Label("有{n}个小区同样吻合：{names}", "{n} grounds fit as well: {names}"),
    Label("图上写作{name}", "the map writes {name}"),
    Label("也可能是{name}", "it may be {name}"),
    Label("名录写{listed}，图上是{mapped}", "the ledger says {listed}, the map {mapped}"),
    Label("其地址在{n}米之外", "its address lies {n} m away"),
    Label("只凭地址；图上叫{name}", "by its address alone; the map calls the ground {name}"),
    Label("另有一行也对应{name}", "another row claims {name} too"),
    Label("核对结果：图上没有", "none of the map's grounds, says the review"),
    Label(
        "核对填的是{told}，图上没有这个名字或编号",
        "the review says {told}; the map has no ground of that name or id",
    ),
    Label(
        "核对填的是{told}，图上有{n}个：{names}",
        "the review says {told}; {n} grounds bear it: {names}",
    ),
)
_WITHIN_ONE: Final = rf"(?:(?!{re.escape(SENTENCES.en)}).)+"  # a field goes over no sentence's end
_SHAPES: Final = {"n": r"\d+", "precision": r"\w+"}


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
    """Return what geocoding said, sentence by sentence, in the study's language; what is unknown stays as it is."""
    text = cell if isinstance(cell, str) else str(cell)
    if text in _PRECISIONS:
        return _PRECISIONS[text].in_(language)
    whole = _one(text, language)
    if whole is not None:
        return whole
    parts = text.split(SENTENCES.en)
    told = [_one(part, language) for part in parts]
    if None in told and isinstance(text, Message):
        return said(text, language)
    return SENTENCES.in_(language).join(
        sentence or part for sentence, part in zip(told, parts, strict=True)
    )


def _one(sentence: str, language: str) -> str | None:
    """Return one sentence in a language; None for one that is unknown."""
    for pattern, label in _patterns():
        found = pattern.fullmatch(sentence)
        if found:
            fields = found.groupdict()
            precision = fields.get("precision", "")
            if precision in _PRECISIONS:
                fields["precision"] = _PRECISIONS[precision].in_(language)
            return label.said(language, **fields)
    return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], Label]]:
    """Return what each English sentence looks like, its fields as groups of their names."""
    found = []
    for label in _SENTENCES:
        pieces = re.split(r"\{(\w+)\}", label.en)
        for place in range(1, len(pieces), 2):
            pieces[place] = f"(?P<{pieces[place]}>{_SHAPES.get(pieces[place], _WITHIN_ONE)})"
        for place in range(0, len(pieces), 2):
            pieces[place] = re.escape(pieces[place])
        found.append((re.compile("".join(pieces)), label))
    return found
