"""The text of hours in one spelling: one kind of dash, colon and bracket, exceptions behind what they except."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CHARACTERS: Final = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−─━﹣~〜∼～", "-"),
        **dict.fromkeys("∶ː︰﹕꞉", ":"),
        **dict.fromkeys("[【〔{「", "("),
        **dict.fromkeys("]】〕}」", ")"),
        **dict.fromkeys("。\n\r", ";"),
        **dict.fromkeys("﹑､", "、"),
        "週": "周",
        "禮": "礼",
        "點": "点",
        "時": "时",
        "節": "节",
        "開": "开",
        "間": "间",
        "\t": " ",
        "\u3000": " ",
        "\u200b": "",
        "\ufeff": "",
    }
)
_DASHES: Final = re.compile(r"\s*-(?:\s*-)*\s*")
_SPACES: Final = re.compile(r"\s+")
#: 除法定节假日外, 不含节假日: what is excepted stands behind the word.
_EXCEPT: Final = re.compile(r"除(?:了|去)?([^除外,;()]{1,20}?)(?:以|之)?外")
_EXCEPT_ASIDE: Final = re.compile(r"\(除(?:了|去)?([^除外,;()]{1,20})\)")
_WITHOUT: Final = re.compile(r"不(?:包括|包含|含)([^,;()]{1,20})")
_WITH: Final = re.compile(r"(?<!不)(?:包括|包含|含)([^,;()]{1,20})")
_DAILY_WITH: Final = re.compile(
    r"(?:每天|每日|天天) ?\(?(?:包括|包含|含)(?:国家)?(?:法定)?节假日\)?"
)
#: From nine to five, as people say it: 朝九晚五, 早9晚5, 早八点到晚八点 stays as it is.
_NINE_TO_FIVE: Final = re.compile(
    r"[朝早](\d{1,2}|[六七八九十]{1,2})(?:点|时)?晚(\d{1,2}|[四五六七八九十]{1,2})(?:点|时)?"
    r"(?![\d:点时])"
)
#: 早8:30晚5:30
_EARLY_LATE: Final = re.compile(r"(早上?\d{1,2}(?::\d{2}|[点时]半?))(?=晚上?\d{1,2}[:点时])")


def plain_text(text: str) -> str:
    """Return the text of hours in one spelling."""
    plain = unicodedata.normalize("NFKC", text.translate(_CHARACTERS)).translate(_CHARACTERS)
    plain = _SPACES.sub(" ", _DASHES.sub("-", plain)).strip(" ;,、")
    plain = _DAILY_WITH.sub("每天节假日在内", plain)
    plain = _EXCEPT_ASIDE.sub(r"(\1除外)", _EXCEPT.sub(r"\1除外", plain))
    plain = _WITHOUT.sub(r"\1除外", plain)
    plain = _WITH.sub(r"\1照常", plain)
    plain = _EARLY_LATE.sub(r"\1-", plain)
    return _NINE_TO_FIVE.sub(r"早\1点-晚\2点", plain)
