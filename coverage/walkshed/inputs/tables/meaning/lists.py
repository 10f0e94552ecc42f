"""Several words in a cell, however an office parts them: ``; 、 ,``, slashes, line breaks, numbers before each."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from walkshed.inputs.tables.table import Row

#: Not within brackets: 助餐（堂食、送餐） is one word.
_OUTSIDE: Final = r"(?![^(（]*[)）])"
#: Marks that part words in every list, and those that do where words are none of the known ones.
_SEPARATORS: Final = re.compile(rf"[;；、,，]{_OUTSIDE}")
_FINER: Final = re.compile(rf"[/／|｜\n+＋。]{_OUTSIDE}")
#: Blanks between Chinese words of two signs and more: 政务代办 图书阅览.
_BLANK: Final = re.compile(r"(?<=[\u4e00-\u9fff]{2})[ \u3000]+(?=[\u4e00-\u9fff]{2})")
#: 1. 2、 （3） ④ before words.
_NUMBERED: Final = re.compile(
    r"(?:(?:(?<=[;；、,，。\s])|^)\d{1,2}[.．、)）](?!\d)|[(（]\d{1,2}[)）]|[\u2460-\u2473])\s*"
)
#: 助餐、日托等: more than these, which are not named.
_AND_OTHERS: Final = re.compile(r"(?<=[\u4e00-\u9fff]{2})等(?:服务|项目|内容|功能)?$|(?:…|\.{3,})$")


def list_in(row: Row, column: str, known: Container[str] | None = None) -> list[str]:
    """Return the words of a cell, split at ``; ； 、 ,``, each once and in order.

    Where words are ``known``, what is none of them is parted further: at slashes, bars, line breaks
    and blanks between Chinese words, less numbers before them and 等 behind.
    """
    cell = row.cells.get(column, "")
    if known is None:
        return _once(_SEPARATORS.split(cell))
    if _in_line(cell) in known:
        return [_in_line(cell)]

    words: list[str] = []
    for part in _SEPARATORS.split(_NUMBERED.sub(";", cell)):
        if _in_line(part) in known:
            words.append(part)
            continue
        finer = [word for piece in _FINER.split(part) for word in _BLANK.split(piece)]
        words += [word if _in_line(word) in known else _AND_OTHERS.sub("", word) for word in finer]
    return _once(words)


def _once(words: list[str]) -> list[str]:
    return list(dict.fromkeys(word for word in map(_in_line, words) if word))


def _in_line(text: str) -> str:
    return " ".join(text.split())
