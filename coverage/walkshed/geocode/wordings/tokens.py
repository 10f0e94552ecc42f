"""Western addresses as tokens: words, numbers, and what parts them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Sort(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    MARK = "mark"  # nº, #
    POSTAL = "postal"  # a postal code that is nothing else: 90040-000
    CROSSING = "crossing"  # &, /
    GAP = "gap"  # a comma, a dash between spaces, a bracket


@dataclass(frozen=True, slots=True)
class Token:
    """One token, folded, and as it was written."""

    sort: Sort
    text: str
    shown: str


#: nº, n.º, n°, №: the sign is told from the letters that it decomposes into.
_NUMBER_SIGN: Final = re.compile(r"\b[nN]\s?\.?\s?[ºoO°](?=[\s.\d])\.?|№|#")
_NONE: Final = re.compile(r"\bs\s?/\s?n\b", re.IGNORECASE)
_CALLE: Final = re.compile(r"\bc/\s?(?=[a-z])")
_ORDINAL: Final = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th|er|re|eme|[ºª°])(?![a-z\d])")
_TOKEN: Final = re.compile(
    r"(?P<postal>\d{5}-\d{3,4}(?![\d-])|\d{4}-\d{3}(?![\d-]))"
    r"|(?P<number>\d{1,3}\.\d{3}(?![\d.])|\d+°|\d+(?:[-/]\d+)*(?:-?[a-z](?![^\W\d]))?)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<mark>\#)"
    r"|(?P<crossing>[&/@+×])"
    r"|(?P<gap>[,;()\[\]|:]|\s[-–—]\s|\n)"
)


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the tokens of an address, from left to right."""
    plain = _NONE.sub(" ", _NUMBER_SIGN.sub(" # ", text))
    plain = _CALLE.sub("calle ", _folded(plain))
    plain = _ORDINAL.sub(r"\1°", plain)
    found = []
    for match in _TOKEN.finditer(plain):
        sort, shown = Sort(match.lastgroup or "gap"), match.group()
        kept = re.sub(r"[.°]", "", shown) if sort is Sort.NUMBER else shown
        found.append(Token(sort, kept, shown))
    return tuple(found)


@lru_cache(maxsize=65536)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words and numbers of a name, folded."""
    return tuple(token.text for token in tokens_of(name) if token.sort in (Sort.WORD, Sort.NUMBER))


def _folded(text: str) -> str:
    """Return a text in small letters, without accents; an apostrophe parts words."""
    text = text.replace("º", "°").replace("ª", "°").casefold()
    parts = unicodedata.normalize("NFKD", text)
    folded = "".join(char for char in parts if not unicodedata.combining(char))
    return re.sub(r"['’`´]", " ", folded)
