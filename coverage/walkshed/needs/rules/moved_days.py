"""Opening hours as they hold on one day of a calendar: names of weekdays and ``PH`` become the weekday that it is.

A day that counts as another keeps its date, so that rules that name dates or seasons hold as they
are written. Only the day itself and the one before it, whose hours may reach over midnight, are
looked at.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from walkshed.needs.rules.calendars import DayCalendar

_NAMES: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONDAY, _SUNDAY = 0, 6
_DAY: Final = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
#: One item of the weekdays of a rule: Mo, Mo-Fr, PH, PH -1 days, SH, Mo[1].
_ITEM: Final = rf"(?:PH|SH|{_DAY})(?:\[[^\]]*\])?(?: [+-]\d+ days?)?(?:-{_DAY}(?!\[))?"
_WEEKDAYS: Final = re.compile(rf"(?<![A-Za-z]){_ITEM}(?:,{_ITEM})*(?![A-Za-z])")
_PLAIN: Final = re.compile(rf"({_DAY})(?:-({_DAY}))?")
_PUBLIC: Final = re.compile(r"PH(?: ([+-]\d+) days?)?")
_QUOTED: Final = re.compile(r'("[^"]*")')
#: What ends the selectors of the rule before.
_RULE_ENDS: Final = re.compile(r'\d\d:\d\d\+?|closed|unknown|;|\|\||"|24/7')
_BARE_COMMENT: Final = re.compile(r"(?:^|[;|,]\s*)[^;|\"]*$")
_TIMED: Final = re.compile(r"\d\d:\d\d|closed|unknown|sunrise|sunset|dawn|dusk")
_OPEN_STATED: Final = re.compile(r"24/7|\bopen\b|\b0?0:00\s*-\s*24:00", re.IGNORECASE)


def hours_on(hours: str, day: date, calendar: DayCalendar) -> str:
    """Return hours that hold on ``day`` as they are written, without ``PH`` and with its own weekday's name.

    On a public holiday a rule for ``PH`` that covers the date decides, and where there is none the
    day counts as a Sunday; a weekend day that is worked counts as a Monday. A bare comment ("by
    appointment") is unknown.
    """
    plain = _canonical(hours)
    if not _WEEKDAYS.search(plain):
        return plain

    days = tuple(_Day(each, plain, calendar) for each in (day - timedelta(days=1), day))
    never = _NAMES[(day.weekday() + 3) % 7]

    parts = _QUOTED.split(plain)
    parts[::2] = [
        _WEEKDAYS.sub(lambda found: _moved(found[0], days, never), part) for part in parts[::2]
    ]
    return "".join(parts)


@cache
def _canonical(hours: str) -> str:
    """Return hours as the library writes them, bare comments marked as unknown."""
    from opening_hours import OpeningHours

    parts = _QUOTED.split(str(OpeningHours(hours)))
    if _OPEN_STATED.search("".join(_QUOTED.split(hours)[::2])):
        return "".join(parts)
    for place in range(1, len(parts), 2):
        before = "".join(parts[:place])
        rule = _BARE_COMMENT.search(_QUOTED.sub("", before))
        if rule is not None and not _TIMED.search(rule[0]):
            parts[place] = f"unknown {parts[place]}"
    return "".join(parts)


class _Day:
    """One day: its own weekday, the one that it counts as, and whether rules for public holidays decide on it."""

    def __init__(self, day: date, plain: str, calendar: DayCalendar) -> None:
        self.day, self.calendar = day, calendar
        self.name = _NAMES[day.weekday()]
        kind = calendar.kind(day)
        self.holiday = kind == "holiday"
        self.counts_as = {"holiday": _SUNDAY, "workday": _MONDAY}.get(kind, day.weekday())
        self.by_rule = self.holiday and _is_named(plain, day)

    def matches(self, item: str) -> bool:
        """Return whether one item of a rule's weekdays means this day."""
        public = _PUBLIC.fullmatch(item)
        if public is not None:
            if public[1] is None:
                return self.holiday
            return self.calendar.kind(self.day - timedelta(days=int(public[1]))) == "holiday"

        found = _PLAIN.fullmatch(item)
        if found is None or self.by_rule:
            return False

        first = _NAMES.index(found[1])
        last = _NAMES.index(found[2] or found[1])
        return (self.counts_as - first) % 7 <= (last - first) % 7


def _is_named(plain: str, day: date) -> bool:
    """Return whether a rule for public holidays covers a date."""
    spoken = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), plain)
    for found in _WEEKDAYS.finditer(spoken):
        if "PH" not in found[0].split(","):
            continue

        # what stands before the weekdays, from the end of the rule before on
        ends = [end.end() for end in _RULE_ENDS.finditer(spoken[: found.start()])]
        dates = spoken[max(ends, default=0) : found.start()].strip(" ,")
        if not dates or _covers(dates, day):
            return True
    return False


@cache
def _covers(dates: str, day: date) -> bool:
    from opening_hours import OpeningHours

    rule = f"{dates} {_NAMES[day.weekday()]}"
    return bool(OpeningHours(rule).is_open(datetime.combine(day, time(12))))


def _moved(weekdays: str, days: tuple[_Day, ...], never: str) -> str:
    """Return the weekdays of a rule as the days' own names.

    Rules that name a place in a month stay.
    """
    items = weekdays.split(",")
    moved = [day.name for day in days if any(day.matches(item) for item in items)]
    kept = [
        item for item in items if _PLAIN.fullmatch(item) is None and _PUBLIC.fullmatch(item) is None
    ]
    return ",".join([*moved, *kept]) or never
