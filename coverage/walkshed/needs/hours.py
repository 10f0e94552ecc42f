"""Opening hours at a moment and over a week, by the calendar of mainland China.

OSM opening hours name weekdays; China moves them. Our reading: on a public holiday a rule of the
hours for ``PH`` decides, and where there is none the day counts as a Sunday; a weekend day worked
instead counts as a Monday. Hours that name no weekday at all are the same on every day.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Literal

from walkshed.model.places import Offer

DayKind = Literal["", "holiday", "workday", "unknown"]
MINUTES_PER_DAY = 24 * 60
_MONDAY, _SUNDAY = 0, 6
Stretch = tuple[int, int]  # minutes from the beginning of the week (or day), from and until


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays and make-up workdays of the years listed; ``as_of`` is the date of the file."""

    as_of: str
    years: frozenset[int]
    holidays: frozenset[date]
    workdays: frozenset[date]

    def kind(self, day: date) -> DayKind:
        """Return what kind of day it is: a holiday, a weekend day that is worked, "" for a plain day, or unknown."""
        if day in self.holidays:
            return "holiday"
        if day in self.workdays:
            return "workday"
        return "" if day.year in self.years else "unknown"


@cache
def china() -> Calendar:
    """Return the calendar that ships with the package."""
    data = tomllib.loads(
        resources.files("walkshed.needs").joinpath("holidays.toml").read_text(encoding="utf-8")
    )
    years = {int(year): listed for year, listed in data.items() if year != "as_of"}
    return Calendar(
        as_of=data["as_of"],
        years=frozenset(years),
        holidays=frozenset(day for listed in years.values() for day in _days(listed["holidays"])),
        workdays=frozenset(day for listed in years.values() for day in _days(listed["workdays"])),
    )


def open_at(moment: str, offers: Iterable[Offer]) -> Mapping[str, bool] | None:
    """Return whether each opening hours is open at an ISO moment; None where no moment is asked for."""
    if not moment:
        return None
    when = datetime.fromisoformat(moment)
    minute = when.hour * 60 + when.minute
    return {
        hours: any(begin <= minute < end for begin, end in open_on(hours, when.date()))
        for hours in sorted({offer.hours for offer in offers} - {""})
    }


def open_on(hours: str, day: date) -> list[Stretch]:
    """Return the minutes of a day in which the hours are open, as (from, until) from 0 to 1440.

    The library knows only some holidays of China: for a rule of ``PH`` it is asked about 1 October
    of the year, which it knows; for days that count as another weekday about the nearest such day,
    so that seasons stay.
    """
    kind = china().kind(day)
    if kind == "holiday" and "PH" in hours:
        return list(_open_minutes(hours, date(day.year, 10, 1), "CN"))
    if kind == "holiday":
        return list(_open_minutes(hours, _nearest(day, _SUNDAY), None))
    if kind == "workday":
        return list(_open_minutes(hours, _nearest(day, _MONDAY), None))
    return list(_open_minutes(hours, day, None))


def week_of(moment: str) -> tuple[tuple[str, DayKind], ...]:
    """Return the seven days, Monday first, of the week of an ISO moment, with the kind of each."""
    day = datetime.fromisoformat(moment).date()
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=number) for number in range(7)]
    return tuple((each.isoformat(), china().kind(each)) for each in days)


def open_in_week(hours: str, moment: str) -> list[Stretch]:
    """Return the minutes of the week of a moment in which the hours are open, from 0 to 10080, joined over midnight."""
    joined: list[Stretch] = []
    for number, (day, _) in enumerate(week_of(moment)):
        start = number * MINUTES_PER_DAY
        for begin, end in open_on(hours, date.fromisoformat(day)):
            if joined and joined[-1][1] == start + begin:
                joined[-1] = (joined[-1][0], start + end)
            else:
                joined.append((start + begin, start + end))
    return joined


def calendar_notes(moment: str, offers: Iterable[Offer]) -> tuple[str, ...]:
    """Return what a reader of hours should know: years that nobody has announced, offers without hours."""
    offers = tuple(offers)
    if not moment:
        stated = any(offer.hours for offer in offers)
        return (
            ("opening hours are given but no moment is asked for: [run] at; they are not judged",)
            if stated
            else ()
        )
    notes = []
    unknown = sorted({day[:4] for day, kind in week_of(moment) if kind == "unknown"})
    if unknown:
        years = ", ".join(unknown)
        notes.append(
            f"public holidays of {years} are unknown (calendar of {china().as_of}): hours go by weekday alone"
        )
    silent = sum(not offer.hours for offer in offers)
    if silent:
        notes.append(
            f"{silent} of {len(offers)} offers state no hours; they are taken as open at any time"
        )
    return tuple(notes)


@cache
def _open_minutes(hours: str, day: date, country: str | None) -> tuple[Stretch, ...]:
    from opening_hours import OpeningHours, State

    begin = datetime.combine(day, time())
    read = OpeningHours(hours) if country is None else OpeningHours(hours, country=country)
    found = []
    for since, until, state, _ in read.intervals(begin, begin + timedelta(days=1)):
        if state == State.OPEN:
            found.append((_minute(since, begin), _minute(until, begin)))
    return tuple(found)


def _nearest(day: date, weekday: int) -> date:
    return min(
        (day + timedelta(days=shift) for shift in range(-3, 4)),
        key=lambda each: each.weekday() != weekday,
    )


def _minute(moment: datetime, begin: datetime) -> int:
    return max(0, min(MINUTES_PER_DAY, int((moment - begin).total_seconds() // 60)))


def _days(listed: list[str]) -> Iterable[date]:
    for text in listed:
        first, _, last = text.partition("..")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            yield day
            day += timedelta(days=1)
