"""A text of hours as marks: days, times, what stands between them; by the words of one language."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:\s?[:.h]\s?(?P<minute>\d{2}))?(?!\d)"
    r"\s?(?P<half>[ap]\.?\s?m\b\.?)?(?:\s?h\b)?"
)
#: 8a-5p
_SHORT = re.compile(r"(?<=\d)(?=[ap]\b)([ap])")
_SIGNS = {"-": "to", ",": "and", "&": "and", "/": "and", "+": "and", ";": "end", "|": "end"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: ``day``, ``time``, ``to``, ``and``, ``end``, ``off``, ``except``, ``all_day``.

    ``days``: those of a day, as OSM names them.
    ``half``: am or pm of a time, "" where it is not said.
    """

    kind: str
    days: str = ""
    minutes: int = 0
    half: str = ""


def languages() -> tuple[str, ...]:
    """Return the languages of which the words are known."""
    return tuple(name for name in _toml() if name != "clock")


def has_twelve_hours(language: str) -> bool:
    """Return whether who writes the language has clocks of 12 hours."""
    return language in _toml()["clock"]["twelve"]


def marks_of(text: str, language: str) -> list[Mark] | None:
    """Return the marks of a text; None where it holds a word that the language has not."""
    plain = _plain(text)
    if has_twelve_hours(language):
        plain = _SHORT.sub(r"\1m", plain)
    words, found = _words(language), list[Mark]()
    pattern, at = _pattern(language), 0
    while at < len(plain):
        if plain[at] in " :.\n":
            found += [Mark("end")] if plain[at] == "\n" else []
            at += 1
            continue
        if plain[at] in _SIGNS:
            found.append(Mark(_SIGNS[plain[at]]))
            at += 1
            continue

        # 2a and 24h are words before they are times
        word = pattern.match(plain, at)
        if word is not None:
            found += _of_word(words[word[0]])
            at = word.end()
            continue
        time = _TIME.match(plain, at)
        if time is None or (mark := _of_time(time)) is None:
            return None
        found.append(mark)
        at = time.end()
    return found


def _of_word(kind: str) -> list[Mark]:
    """Return the marks of a word: none for what says nothing."""
    if kind == "filler":
        return []
    if kind == "noon":
        return [Mark("time", minutes=720, half="pm")]
    if kind == "midnight":
        return [Mark("time", minutes=1440, half="am")]
    if kind in {"to", "and", "off", "except", "all_day"}:
        return [Mark(kind)]
    return [Mark("day", days=kind)]


def _of_time(found: re.Match[str]) -> Mark | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = f"{found['half'][0]}m" if found["half"] else ""
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return Mark("time", minutes=60 * hour + minute, half=half)


def _plain(text: str) -> str:
    """Return a text in lower case, without accents, with one kind of dash; lines stay."""
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower())
    plain = "".join(sign for sign in parted if not unicodedata.combining(sign))
    plain = re.sub("[–—−‒~]", "-", plain).replace("ß", "ss").replace("'", "").replace("’", "")
    return re.sub(r"(?<=[a-z])\.(?![a-z])", "", plain.strip())


@functools.cache
def _words(language: str) -> Mapping[str, str]:
    """Return {word: what it marks} of a language."""
    return {word: kind for kind, words in _toml()[language].items() for word in words}


@functools.cache
def _pattern(language: str) -> re.Pattern[str]:
    listed = sorted(_words(language), key=len, reverse=True)
    words = "|".join(re.escape(word) for word in listed)
    return re.compile(rf"(?:{words})(?![a-z0-9])")


@functools.cache
def _toml() -> Mapping[str, Any]:
    import tomllib
    from importlib.resources import files

    file = files("walkshed.inputs.western_hours").joinpath("words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
