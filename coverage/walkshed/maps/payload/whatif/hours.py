"""Opening hours in words, for the page: those of the study, and those that a what-if may give a station."""

from __future__ import annotations

from collections.abc import Iterable

from walkshed.model.results import Results
from walkshed.needs.rules.calendars import DayCalendar
from walkshed.needs.rules.hours import open_in_week
from walkshed.words.hours import hours_text

#: Hours that a what-if may give a station beside those that the study knows.
USUAL_HOURS = (
    *("24/7", "Mo-Su 08:00-21:00", "Mo-Su 06:00-20:00", "Mo-Fr 08:00-18:00"),
    *("Mo-Fr 08:30-12:00,14:00-17:30", "Tu-Su 09:00-17:00"),
)


#: Half hours of a week, from Monday 0:00.
HALF_HOURS = 7 * 48


def hours_week(
    hours: Iterable[str], moment: str, calendar: DayCalendar | None
) -> dict[str, str] | None:
    """Return of each opening hours 336 digits: 1 where they are open as the half hour begins.

    The week is that of a moment; None where no moment is asked for.
    """
    if not moment:
        return None

    week = {}
    for text in sorted(hours):
        stretches = open_in_week(text, moment, calendar)
        begins = [30 * number for number in range(HALF_HOURS)]
        is_open = [any(begin <= at < end for begin, end in stretches) for at in begins]
        week[text] = "".join("1" if now else "0" for now in is_open)
    return week


def hours_words(results: Results, language: str) -> dict[str, str]:
    """Return the words of each opening hours in a language."""
    stated = {station.hours for station in results.stations}
    stated |= {offer.hours for offer in results.offers}
    return {hours: hours_text(hours, language) for hours in sorted(stated | {*USUAL_HOURS} - {""})}
