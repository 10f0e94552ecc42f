"""How long something takes, as offices write it: 30分钟, 半小时, 1小时30分钟内, in minutes where that is sure."""

from __future__ import annotations

import re
import unicodedata

from walkshed.inputs.faults import unread_words
from walkshed.inputs.tables.table import Table

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_COUNT = r"\d+(?:\.\d+)?|[一二两三四五六七八九]|[二三四五]?十五?|半"
_TOLD = re.compile(
    rf"(?:≤|<=|不超过|最多|within\s*)?(?:(?P<h>{_COUNT})个?(?P<half>半)?(?:小时|钟头|hours?|h))?"
    rf"(?:(?P<m>{_COUNT})(?:分钟?|minutes?|mins?))?(?:以内|之内|内)?"
)
#: 24小时 may be how long somebody is there.
_FEWER_HOURS = 24.0


def minutes_of(text: str) -> float | None:
    """Return the minutes that a text surely means; None for a number without a unit, and for other words."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    found = _TOLD.fullmatch(plain)
    if found is None or (found["h"] is None and found["m"] is None):
        return None
    hours, minutes = _count(found["h"]) + (0.5 if found["half"] else 0.0), _count(found["m"])
    return hours * 60.0 + minutes if hours < _FEWER_HOURS else None


def _count(text: str | None) -> float:
    """Return a number in digits or in words up to 55; 0 for none."""
    if text is None:
        return 0.0
    if text == "半":
        return 0.5
    if text in _DIGITS:
        return float(_DIGITS[text])
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10.0 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
    return float(text)


def is_response(header: str) -> bool:
    """Return whether a column is the time in which somebody responds (响应时间)."""
    return unicodedata.normalize("NFKC", header).strip().lower() in unread_words("response")


def are_sure(table: Table, header: str) -> bool:
    """Return whether all that is filled in of a column are minutes for sure, and anything is."""
    filled = [text for row in table.rows if (text := row.cells.get(header, "").strip())]
    told = [text for text in filled if text not in ("/", "-", "—", "无", "暂无")]
    return bool(told) and all(minutes_of(text) is not None for text in told)
