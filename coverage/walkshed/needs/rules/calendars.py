"""Which days are public holidays where a study lies: mainland China by its notices, elsewhere as the library knows.

The calendar of the State Council's notices holds for the mainland alone
(内地节假日安排仅适用于内地；港澳台地区及其他国家按当地规定).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Final, Literal, Protocol

from walkshed.model.ground.network import StreetNetwork
from walkshed.model.messages import Message
from walkshed.model.results import StudyInputs

DayKind = Literal["", "holiday", "workday", "unknown"]
MAINLAND: Final = "CN"
#: Macao, for which the library has no calendar of its own: it lends it the mainland's. West, south,
#: east, north, less the islands of Zhuhai beside it.
_MACAO: Final = ((113.528, 22.175, 113.566, 22.2165), (113.545, 22.105, 113.61, 22.175))
_TRIED_YEAR: Final = 2026
#: Holidays by month and day that the library lacks, or only knows on the day to which they move when
#: they fall on a weekend: 5 U.S.C. 6103; Banking and Financial Dealings Act 1971 and the yearly
#: proclamation of New Year's Day (all of the United Kingdom).
_KEPT: Final = {"US": ((7, 4),), "GB": ((1, 1), (12, 25), (12, 26))}


class DayCalendar(Protocol):
    """Says of days what they are."""

    @property
    def called(self) -> str:
        """How notes call it."""
        ...

    def kind(self, day: date) -> DayKind:
        """Return what kind of day it is: a holiday, a weekend day that is worked, "" for a plain day, or unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays and make-up workdays of the years listed; ``as_of`` is the date of the file."""

    as_of: str
    years: frozenset[int]
    holidays: frozenset[date]
    workdays: frozenset[date]

    @property
    def called(self) -> str:
        """How notes call it."""
        return Message("calendar of {as_of}", as_of=self.as_of)

    def kind(self, day: date) -> DayKind:
        """Return what kind of day it is."""
        if day in self.holidays:
            return "holiday"
        if day in self.workdays:
            return "workday"
        return "" if day.year in self.years else "unknown"


@dataclass(frozen=True, slots=True)
class LocalCalendar:
    """Public holidays as the opening-hours library knows them: of a country, else of the one that holds a place.

    ``place``: latitude and longitude. A year in which the library knows no holiday is unknown.
    """

    country: str
    place: tuple[float, float] | None = None

    @property
    def called(self) -> str:
        """How notes call it."""
        return Message(
            "{country}, by the opening-hours library", country=self.country or Message("the place")
        )

    def kind(self, day: date) -> DayKind:
        """Return what kind of day it is."""
        known = _library_days(self.country, self.place, day.year)
        if not known:
            return "unknown"
        return "holiday" if day in known else ""


@cache
def china() -> Calendar:
    """Return the mainland's calendar, which ships with the package."""
    text = (
        resources.files("walkshed.needs.rules")
        .joinpath("holidays.toml")
        .read_text(encoding="utf-8")
    )
    data = tomllib.loads(text)

    years = {int(year): listed for year, listed in data.items() if year != "as_of"}
    return Calendar(
        as_of=data["as_of"],
        years=frozenset(years),
        holidays=frozenset(day for listed in years.values() for day in _days(listed["holidays"])),
        workdays=frozenset(day for listed in years.values() for day in _days(listed["workdays"])),
    )


def calendar_of(country: str, lonlat: tuple[float, float]) -> DayCalendar:
    """Return the calendar of a country ("" for the one in which a place lies)."""
    if country:
        return china() if country == MAINLAND else LocalCalendar(country)
    lon, lat = lonlat
    if any(west <= lon <= east and south <= lat <= north for west, south, east, north in _MACAO):
        return LocalCalendar("MO")
    here = LocalCalendar("", (round(lat, 3), round(lon, 3)))
    mainland = _library_days(MAINLAND, None, _TRIED_YEAR)
    return china() if _library_days("", here.place, _TRIED_YEAR) == mainland else here


def calendar_here(inputs: StudyInputs, network: StreetNetwork) -> DayCalendar:
    """Return the calendar by which a study's hours are read: of the country stated, else of its place.

    Without a moment no day is looked at; finding out in which country a place lies would load the
    borders of all of them.
    """
    settings, plane = inputs.settings, network.plane
    if not settings.at:
        return china()
    country = settings.country
    if not country and inputs.country is not None:
        country = inputs.country.code
    return calendar_of(country, (plane.lon0, plane.lat0))


@cache
def _library_days(country: str, place: tuple[float, float] | None, year: int) -> frozenset[date]:
    """Return the public holidays of a year, of a country or of that of a place; empty where none is known."""
    found = _listed_days(country, place, year)
    if not country:  # a place is told by the days of its country alone
        country = next((each for each in _KEPT if found == _listed_days(each, None, year)), "")
    kept = _KEPT.get(country, ()) if found else ()
    return found | {date(year, month, day) for month, day in kept}


@cache
def _listed_days(country: str, place: tuple[float, float] | None, year: int) -> frozenset[date]:
    """Return the public holidays of a year as the library lists them; empty where it knows none."""
    import opening_hours

    try:
        if country:
            public = opening_hours.OpeningHours("PH", country=country)
        else:
            public = opening_hours.OpeningHours("PH", coords=place, auto_timezone=False)
    except opening_hours.UnknownCountryError:  # type: ignore[attr-defined]
        return frozenset()

    span = datetime(year, 1, 1), datetime(year + 1, 1, 1)  # noqa: DTZ001 (the place's own time)
    found: list[date] = []
    for since, until, state, _ in public.intervals(*span):
        if state == opening_hours.State.OPEN:
            found += _between(since.date(), until.date())
    return frozenset(found)


def _between(first: date, end: date) -> Iterable[date]:
    return [first + timedelta(days=number) for number in range((end - first).days)]


def _days(listed: list[str]) -> Iterable[date]:
    for text in listed:
        first, _, last = text.partition("..")
        end = date.fromisoformat(last or first) + timedelta(days=1)
        yield from _between(date.fromisoformat(first), end)
