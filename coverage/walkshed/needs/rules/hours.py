"""Opening hours at a moment and over a week, by the calendar of the place.

OSM opening hours name weekdays; holidays move them, and China weekends, too. Our reading: on a
public holiday a rule of the hours for ``PH`` decides, and where there is none the day counts as a
Sunday; a weekend day worked instead counts as a Monday. Rules that name a date or a season hold on
it whatever day it counts as. Hours that name no weekday at all are the same on every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache

from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import Offer
from walkshed.needs.rules.calendars import Calendar, DayCalendar, DayKind, china
from walkshed.needs.rules.moved_days import hours_on

MINUTES_PER_DAY = 24 * 60
Stretch = tuple[int, int]  # minutes from the beginning of the week (or day), from and until


def open_at(
    moment: str, offers: Iterable[Offer], calendar: DayCalendar | None = None
) -> Mapping[str, bool] | None:
    """Return whether each opening hours is open at an ISO moment.

    None where no moment is asked for. ``calendar``: of the place, the mainland's unless stated.
    """
    if not moment:
        return None
    when = datetime.fromisoformat(moment)
    minute = when.hour * 60 + when.minute
    return {
        hours: any(begin <= minute < end for begin, end in open_on(hours, when.date(), calendar))
        for hours in sorted({offer.hours for offer in offers} - {""})
    }


def open_on(hours: str, day: date, calendar: DayCalendar | None = None) -> list[Stretch]:
    """Return the minutes of a day in which the hours are open, as (from, until) from 0 to 1440."""
    return list(_open_minutes(hours_on(hours, day, calendar or china()), day))


def week_of(moment: str, calendar: DayCalendar | None = None) -> tuple[tuple[str, DayKind], ...]:
    """Return the seven days, Monday first, of the week of an ISO moment, with the kind of each."""
    day = datetime.fromisoformat(moment).date()
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=number) for number in range(7)]
    return tuple((each.isoformat(), (calendar or china()).kind(each)) for each in days)


def open_in_week(hours: str, moment: str, calendar: DayCalendar | None = None) -> list[Stretch]:
    """Return the minutes of the week of a moment in which the hours are open, from 0 to 10080, joined over midnight."""
    joined: list[Stretch] = []
    for number, (day, _) in enumerate(week_of(moment, calendar)):
        start = number * MINUTES_PER_DAY
        for begin, end in open_on(hours, date.fromisoformat(day), calendar):
            if joined and joined[-1][1] == start + begin:
                joined[-1] = (joined[-1][0], start + end)
            else:
                joined.append((start + begin, start + end))
    return joined


def calendar_notes(
    moment: str, offers: Iterable[Offer], calendar: DayCalendar | None = None
) -> tuple[str, ...]:
    """Return what a reader of hours should know: years that are not announced, offers without hours."""
    offers, calendar = tuple(offers), calendar or china()
    if not moment:
        if not any(offer.hours for offer in offers):
            return ()
        return (
            "opening hours are given but no moment is asked for: [run] at; they are not judged",
        )

    notes = []
    unknown = unknown_years(moment, calendar)
    if unknown:
        note = Message(
            "public holidays of {unknown} are unknown ({called}): hours go by weekday alone",
            unknown=Listing(unknown),
            called=calendar.called,
        )
        if not isinstance(calendar, Calendar):
            note = Message('{note}; [run] country = "…" states whose holidays they are', note=note)
        notes.append(note)

    distinct = {offer.hours for offer in offers}
    asked = sorted(hours for hours in distinct if is_unknown(hours, moment, calendar))
    if asked:
        first = Listing(asked[:5], mark="; ")
        notes.append(
            Message(
                "hours that only say whom to ask are not known, and not open: {asked}",
                asked=first if len(asked) <= 5 else Message("{names} …", names=first),
            )
        )

    silent = sum(not offer.hours for offer in offers)
    if silent:
        notes.append(
            Message(
                "{silent} of {count} {count:offer|offers} {silent:states|state} no hours; they "
                "are taken as open at any time",
                silent=silent,
                count=len(offers),
            )
        )

    return tuple(notes)


def unknown_years(moment: str, calendar: DayCalendar) -> list[str]:
    """Return the years of the moment's week whose public holidays nobody knows, sorted."""
    return sorted({day[:4] for day, kind in week_of(moment, calendar) if kind == "unknown"})


def is_unknown(hours: str, moment: str, calendar: DayCalendar | None = None) -> bool:
    """Return whether hours say nothing certain of an ISO moment: "by appointment"."""
    if not hours or not moment:
        return False
    from opening_hours import OpeningHours

    when = datetime.fromisoformat(moment)
    return bool(OpeningHours(hours_on(hours, when.date(), calendar or china())).is_unknown(when))


@cache
def _open_minutes(hours: str, day: date) -> tuple[Stretch, ...]:
    from opening_hours import OpeningHours, State

    begin = datetime.combine(day, time())
    found = []
    for since, until, state, _ in OpeningHours(hours).intervals(begin, begin + timedelta(days=1)):
        if state == State.OPEN:
            found.append((_minute(since, begin), _minute(until, begin)))
    return tuple(found)


def _minute(moment: datetime, begin: datetime) -> int:
    return max(0, min(MINUTES_PER_DAY, int((moment - begin).total_seconds() // 60)))
