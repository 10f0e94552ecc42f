"""Floors as English, Portuguese, Spanish, German and French call them: G, 1st floor, 1.º andar, EG, R+1."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

_MINUS = re.compile(r"-\s?(\d{1,2})\s?(?:f|floor|andar|piso|planta|etage)?")
_AND = re.compile(r"\s*(?:[,;&]|\+(?!\d)|\b(?:and|e|y|und|et)\b)\s*")
_UP_TO = re.compile(r"(?<=[\w.])\s*(?:[-–—~]|\b(?:to|a|bis|à)\b)\s*(?=\d|g|e|t|r|p)")
#: What makes a number the first, the second …: 1st, 2nd, 1.o (º), 3er, 2e, 2ème, 1.
_ORDINAL = r"\.?\s?(?:st|nd|rd|th|er|ere|eme|e|o|a|°|ro|do|to|mo|vo|no)?\.?"


class Unsure:
    """A floor that may be at the street or above it: the first floor, where nobody says which that is."""


def western_floor(text: str, ground: int | None) -> int | Unsure | None:
    """Return the floor nearest the street of a text, 1 for the one at the street; None for what is no floor.

    ``ground`` is the number of the ground floor where the table was written: 0, 1, or unknown.
    """
    plain = _plain(text)
    one = _one(plain, ground)
    if one is not None:
        return one

    # lists and ranges: the nearest to the street counts
    ranges = [_UP_TO.split(part) for part in _AND.split(plain)]
    read = [_one(end.strip(), ground) for ends in ranges for end in ends]
    if len(read) < 2 or None in read or any(len(ends) > 2 for ends in ranges):
        return None
    floors = [floor for floor in read if isinstance(floor, int)]
    if len(floors) < len(read):
        return 1 if 1 in floors else Unsure()
    if min(floors) < 0 < max(floors) and len(ranges) == 1:
        return 1
    return min(floors, key=lambda floor: (floor - 1 if floor > 0 else -floor, floor))


def _one(plain: str, ground: int | None) -> int | Unsure | None:
    """Return one floor, 1 for the one at the street; None for what is none."""
    words = _words()
    if plain in words["ground"]:
        return 1
    if plain in words["basement"]:
        return -1

    found = _form("below").fullmatch(plain)
    if found is not None:
        return -int(found["n"] or found["m"]) or None
    if minus := _MINUS.fullmatch(plain):
        return -int(minus[1]) or None
    found = _form("above").fullmatch(plain)
    if found is not None:
        return int(found["n"] or found["m"]) + 1

    # the first floor: by the habit of the place
    found = _form("floor").fullmatch(plain)
    if found is None:
        return None
    number = int(found["n"] or found["m"])
    if ground is None:
        return Unsure()
    return number + 1 - ground if number >= ground else None


@functools.cache
def _form(of: str) -> re.Pattern[str]:
    """Return the pattern of a number beside a word for floors: 2nd floor, Level 2, 2."""
    listed = sorted(_words()[of], key=len, reverse=True)
    words = "|".join(re.escape(word) for word in listed)
    behind = rf"(?P<n>\d{{1,3}}){_ORDINAL}\s?(?:{words}){'?' if of == 'floor' else ''}"
    return re.compile(rf"{behind}|(?:{words})\s?(?P<m>\d{{1,3}})")


def _plain(text: str) -> str:
    """Return a text in lower case, without accents and points of abbreviations, numbers in digits."""
    parted = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(sign for sign in parted if not unicodedata.combining(sign))
    plain = re.sub(r"(?<=[a-z])\.", "", plain)
    plain = re.sub(r"[a-z]+", lambda found: _number_words().get(found[0], found[0]), plain)
    return " ".join(plain.split())


@functools.cache
def _words() -> Mapping[str, Any]:
    import tomllib
    from importlib.resources import files

    file = files("walkshed.inputs.rows.floors").joinpath("words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@functools.cache
def _number_words() -> Mapping[str, str]:
    """Return {word: number in digits}: first is 1."""
    return {word: number for number, words in _words()["numbers"].items() for word in words}
