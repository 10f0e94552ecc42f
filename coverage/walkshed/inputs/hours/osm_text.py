"""Opening hours as planners write them: read, or refused; and rules of which one takes away what another gives."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

#: Cells that say only whom to ask.
_ASK_FIRST: Final = re.compile(
    r"(?:需|请|须|电话|提前|网上|微信|凭|仅限)*预约\w{0,6}|by (?:prior )?(?:appointment|arrangement)(?: only)?"
    r"|(?:on|by) request",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r'("[^"]*")')
#: A leap year holds every date; each day's minutes are looked at by themselves.
_FIRST, _DAYS = datetime(2028, 1, 1), 366  # noqa: DTZ001 (the place's own time)
_DAY_MIN: Final = 24 * 60
_SEPARATOR: Final = ";"
#: 09:00+, but not 09:00-17:00+, which is read as if it ended at 17:00.
_OPEN_END: Final = re.compile(r"(?<![-\d])\d{1,2}:\d\d\+")
_SCHOOL: Final = re.compile(r"\bSH\b")


def plain_hours(text: str) -> str | None:
    """Return hours as the library reads them; None for what are none.

    A cell that only says to make an appointment becomes a comment, which is never open.
    """
    import opening_hours

    plain = unicodedata.normalize("NFKC", text).strip()
    if _ASK_FIRST.fullmatch(plain):
        plain = f'"{plain}"'

    try:
        opening_hours.OpeningHours(plain)
    except opening_hours.ParserError:  # type: ignore[attr-defined]
        return None
    return plain


def overridden(hours: str) -> tuple[str, str] | None:
    """Return two rules of which the second takes away the hours of the first, on a day that both name; None without.

    As in ``08:30-12:00; 14:30-17:30``: of two rules for a day the later one holds alone. Where
    their hours overlap (``Mo-Fr 09:00-17:00; We 10:00-20:00``) that is what is meant.
    """
    rules = _rules(hours)
    if len(rules) < 2:
        return None

    spans = [_minutes_by_day(rule) for rule in rules]
    for (one, first), (other, second) in combinations(zip(rules, spans, strict=True), 2):
        both = first.keys() & second.keys()
        if any(_are_apart(first[day], second[day]) for day in both):
            return one, other
    return None


def has_open_end(hours: str) -> bool:
    """Return whether hours say when they begin, and not when they end: the library reads until midnight."""
    return _OPEN_END.search(_QUOTED.sub("", hours)) is not None


def names_school_holidays(hours: str) -> bool:
    """Return whether a rule is for school holidays, which no calendar here knows."""
    return _SCHOOL.search(_QUOTED.sub("", hours)) is not None


def _are_apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return whether two spans of a day share no minute."""
    return one[0] >= other[1] or one[1] <= other[0]


def _rules(hours: str) -> list[str]:
    """Return the rules of hours that replace each other: what semicolons part, comments left out."""
    spoken = _QUOTED.sub("", hours)
    if "||" in spoken:
        return []
    return [rule.strip() for rule in spoken.split(_SEPARATOR) if rule.strip()]


def _minutes_by_day(rule: str) -> dict[int, tuple[int, int]]:
    """Return when a rule by itself opens and closes on each day of a year; days on which it is open only."""
    import opening_hours

    try:
        read = opening_hours.OpeningHours(rule)
    except opening_hours.ParserError:  # type: ignore[attr-defined]
        return {}

    # from the first minute to the last; what lasts beyond midnight ends there
    found: dict[int, tuple[int, int]] = {}
    for since, until, state, _ in read.intervals(_FIRST, _FIRST + timedelta(days=_DAYS)):
        if state != opening_hours.State.OPEN:
            continue
        day, begin = divmod(int((since - _FIRST).total_seconds()) // 60, _DAY_MIN)
        end = min(_DAY_MIN, int((until - _FIRST).total_seconds()) // 60 - day * _DAY_MIN)
        known = found.get(day, (begin, end))
        found[day] = min(known[0], begin), max(known[1], end)
    return found
