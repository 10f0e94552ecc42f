"""Opening hours as OpenStreetMap writes them, at one moment of a plain day (no holiday)."""

from __future__ import annotations

import re
from datetime import datetime

from truth.folder import UnreadError

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_TIMES = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_DAYS = re.compile(r"^((?:(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?,?\s*)+)")


def is_open(hours: str, moment: datetime) -> bool:
    """Return whether the hours are open: of several rules the last that names the day decides.

    Hours that nobody stated are open at any time.
    """
    if not hours.strip() or hours.strip() == "24/7":
        return True
    decided = False
    for rule in hours.split(";"):
        rule = rule.strip()
        named = _DAYS.match(rule)
        days = _named(named.group(1)) if named else set(range(7))
        rest = rule[named.end() :].strip() if named else rule
        if moment.weekday() not in days:
            continue
        if rest in {"off", "closed"}:
            decided = False
            continue
        spans = _TIMES.findall(rest)
        if rest and (not spans or re.sub(r"[\s,]", "", _TIMES.sub("", rest))):
            raise UnreadError(f"hours {hours!r}")
        now = 60 * moment.hour + moment.minute
        decided = not rest or any(
            60 * int(h1) + int(m1) <= now < 60 * int(h2) + int(m2) for h1, m1, h2, m2 in spans
        )
    return decided


def _named(text: str) -> set[int]:
    """Return the weekdays of ``Mo-Fr,Su``; a public holiday (PH) is no plain day."""
    days: set[int] = set()
    for part in re.split(r"[,\s]+", text.strip(", ")):
        if part == "PH":
            continue
        first, _, last = part.partition("-")
        low, high = DAYS.index(first), DAYS.index(last or first)
        days |= {day % 7 for day in range(low, (high if high >= low else high + 7) + 1)}
    return days
