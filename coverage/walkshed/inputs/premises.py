"""What the tables say of rooms and hours: floors, scopes, opening hours."""

from __future__ import annotations

import re
import unicodedata

from walkshed.inputs.book import FaultBook, did_you_mean, words
from walkshed.inputs.cells import number_in, text_in
from walkshed.inputs.tables import Row, Table
from walkshed.model.places import Mode, Scope

_FLOOR = re.compile(r"(-?\d{1,3}|[bB]\d{1,2})(?:\s*(?:-|~|至|到)\s*(-?\d{1,3}))?\s*(?:F|f|层|楼)?")
_HAN = "零一二三四五六七八九"
_BASEMENT = {"地下", "地下室", "负一层", "负一楼", "basement"}
_GROUND = {"首层", "地面", "底层", "ground"}


def floor_in(row: Row, table: Table, book: FaultBook) -> int | None:
    """Return the floor nearest the street, counted as China does (1 is the ground floor); None for an empty cell.

    ``3``, ``3F``, ``三楼``, ``B1``, ``-1`` and ranges (``1-2``) are understood.
    """
    text = text_in(row, table, "floor", book)
    if not text:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.lower() in _GROUND:
        return 1
    if plain.lower() in _BASEMENT:
        return -1
    found = _FLOOR.fullmatch(_digits(plain))
    if found is not None:
        first = -int(found[1][1:]) if found[1][0] in "bB" else int(found[1])
        floors = [first, int(found[2])] if found[2] else [first]
        if 0 not in floors:
            return min(floors, key=lambda floor: (floor - 1 if floor > 0 else -floor, floor))
    cure = "write a whole number: 1 for the ground floor, 2 for the one above, -1 for the basement"
    table.fault(book, row, "floor", "is no floor", cure, value=text)
    return None


def _digits(text: str) -> str:
    """Return a Chinese number of one or two digits at the start in Arabic digits: 三楼 is 3楼, 十二层 is 12层."""
    found = re.match(r"(负)?([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)", text)
    assert found is not None
    if not found[2] and not found[3]:
        return text
    tens = (_HAN.index(found[2]) if found[2] else 1) if found[3] else 0
    ones = _HAN.index(found[4]) if found[4] else 0
    number = 10 * tens + ones if found[3] else _HAN.index(found[2])
    return f"{'-' if found[1] else ''}{number}{text[found.end() :]}"


def scope_in(row: Row, table: Table, book: FaultBook) -> Scope | None:
    """Return who may use it; None for an empty cell and, with a fault, for another word."""
    text = text_in(row, table, "scope", book)
    known = words("scope")
    if not text:
        return None
    if text.lower() in known:
        return Scope(known[text.lower()])
    cure = did_you_mean(text, list(Scope), otherwise="write one of all, subdistrict, community, compound")
    table.fault(book, row, "scope", "is no scope", cure, value=text)
    return None


def mode_in(row: Row, table: Table, book: FaultBook) -> Mode | None:
    """Return whether it is visited or comes to the door; None for an empty cell and, with a fault, another word."""
    text = text_in(row, table, "mode", book)
    known = words("mode")
    if not text:
        return None
    if text.lower() in known:
        return Mode(known[text.lower()])
    table.fault(book, row, "mode", "is no mode", "write visit or outreach", value=text)
    return None


def hours_in(row: Row, table: Table, book: FaultBook, *, longest: int = 1000) -> str:
    """Return opening hours that can be read as such; "" for an empty cell and, with a fault, for others."""
    text = text_in(row, table, "hours", book, longest=longest)
    if not text:
        return ""
    import opening_hours

    plain = unicodedata.normalize("NFKC", text)
    try:
        opening_hours.OpeningHours(plain)
    except opening_hours.ParserError:  # type: ignore[attr-defined]
        cure = "write OSM opening hours: Mo-Fr 08:30-12:00,14:30-17:30; Sa 09:00-12:00; PH off"
        table.fault(book, row, "hours", "are no opening hours", cure, value=text)
        return ""
    return plain


def size_in(row: Row, table: Table, column: str, book: FaultBook, *, largest: float = 1e6) -> float | None:
    """Return square meters or places, at least 0; None for an empty cell and, with a fault, for a wrong one."""
    number = number_in(row, table, column, book)
    if number is not None and not 0 <= number <= largest:
        table.fault(book, row, column, "is out of range", "write 0 or more", value=row.cells[column])
        return None
    return number
