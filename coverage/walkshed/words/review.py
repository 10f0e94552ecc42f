"""Words of the review sheet and its map, and what geocoding says of a row, in the study's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "title": "位置核对",
        "of": "表",
        "streets": "道路",
        "used": "采用的位置",
        "unused": "不采用（太粗或不像）",
        "other": "其他结果",
        "ground": "挂接的小区",
        "circle": "圆圈：位置的不确定范围",
        "none": "没有位置",
        "number": "序号",
        "name": "名称",
        "address": "地址",
        "people": "影响人数",
        "blocks": "影响小区数",
        "state": "状态",
        "told": "说明",
        "click": "点击一行看它在哪里；按“全部”看全图。改正请写在同名的 .review.xlsx 里。",
        "all": "全部",
        "yes": "采用",
        "no": "待定位",
        "hand": "已核对",
        "empty": "没有需要核对的行。",
        "credit": "© OpenStreetMap contributors",
    },
    "en": {
        "title": "Places to review",
        "of": "table",
        "streets": "streets",
        "used": "a place that is used",
        "unused": "not used (too coarse, or too unlike)",
        "other": "another answer",
        "ground": "the compound joined to",
        "circle": "circle: how far the true place may lie",
        "none": "no place",
        "number": "No.",
        "name": "name",
        "address": "address",
        "people": "residents",
        "blocks": "blocks",
        "state": "state",
        "told": "remarks",
        "click": "A click on a row goes there, All shows everything. Correct in the .review.xlsx of the same name.",
        "all": "All",
        "yes": "used",
        "no": "to be placed",
        "hand": "reviewed",
        "empty": "No row needs a review.",
        "credit": "© OpenStreetMap contributors",
    },
}


_PRECISIONS: Final = {
    "door": "门口",
    "number": "门牌",
    "street": "道路",
    "compound": "小区或地块",
    "community": "社区",
    "area": "区域",
}
#: What geocoding and the join say (English patterns) in Chinese.
_SENTENCES: Final = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"is written (.+) in the extract", r"图上写作{0}"),
        (r"may as well be (.+)", r"也可能是{0}"),
        (
            r"is a stop or a station of that name, not the place itself",
            r"是同名的车站，不是该地点本身",
        ),
        (r"house number (.+) is not mapped", r"图上没有门牌{0}"),
        (r"building (.+) is not mapped", r"图上没有{0}号楼"),
        (r"(.+) is not in the extract", r"图上没有{0}"),
        (r"(.+) is asked for, (.+) is mapped", r"要找的是{0}，图上是{1}"),
        (
            r"(.+) says (.+) \((\w+)\), (\d+) m from (.+)'s place",
            r"{0}给出{1}（{2}），与{4}的位置相距{3}米",
        ),
        (r"not found by (.+)", r"未找到（{0}）"),
        (r"nothing to look for: neither address nor name", r"没有可查的地址或名称"),
        (r"not asked: a service failed before", r"未查：在线服务此前出错"),
        (r"too coarse to walk from \((\w+)\); place it by hand", r"位置太粗（{0}），请人工定位"),
        (
            r"too unlike what was asked \(score (.+)\); place it by hand",
            r"与所查相差太大（得分{0}），请人工定位",
        ),
        (r"no ground of that name on the map", r"图上没有这个名字的小区"),
        (
            r"no ground of that name on the map, none at that address",
            r"图上没有这个名字的小区，该地址处也没有",
        ),
        (r"the map has it in parts: (.+)", r"图上分为几部分：{0}"),
        (r"(\d+) grounds fit as well: (.+)", r"有{0}个小区同样吻合：{1}"),
        (r"the map writes (.+)", r"图上写作{0}"),
        (r"it may be (.+)", r"也可能是{0}"),
        (r"the ledger says (.+), the map (.+)", r"名录写{0}，图上是{1}"),
        (r"its address lies (\d+) m away", r"其地址在{0}米之外"),
        (r"by its address alone; the map calls the ground (.+)", r"只凭地址；图上叫{0}"),
        (r"another row claims (.+) too", r"另有一行也对应{0}"),
        (r"none of the map's grounds, says the review", r"核对结果：图上没有"),
        (
            r"the review says (.+); the map has no ground of that name or id",
            r"核对填的是{0}，图上没有这个名字或编号",
        ),
        (r"the review says (.+); (\d+) grounds bear it: (.+)", r"核对填的是{0}，图上有{1}个：{2}"),
    )
)


def said_in(text: str, language: str) -> str:
    """Return what geocoding said, sentence by sentence, in the study's language; what is unknown stays as it is."""
    if language != "zh":
        return text
    if text in _PRECISIONS:
        return _PRECISIONS[text]
    whole = _one(text)
    return whole if whole != text else "；".join(_one(part) for part in text.split("; "))


def _one(sentence: str) -> str:
    for pattern, chinese in _SENTENCES:
        found = pattern.fullmatch(sentence)
        if found:
            return chinese.format(*(_PRECISIONS.get(part, part) for part in found.groups()))
    return sentence
