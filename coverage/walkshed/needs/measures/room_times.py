"""Rooms over the week: when each is used, when it is idle while its station is open, and the share of offices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from walkshed.model.results import Results
from walkshed.model.town.places import Station
from walkshed.model.town.room_times import (
    MINUTES_PER_DAY,
    Clash,
    RoomUse,
    Stretch,
    by_room,
    clashes,
    hours_of,
    joined,
    without,
)
from walkshed.needs.rules.calendars import DayKind
from walkshed.needs.rules.hours import open_on

#: Mondays in winter and in summer: where hours differ between them, none is the week that is meant.
_WINTER, _SUMMER = date(2026, 1, 12), date(2026, 7, 13)


@dataclass(frozen=True, slots=True)
class RoomWeek:
    """A room of a station over the week. ``open`` is None where nobody says when its station is open."""

    station: Station
    room: str
    area_m2: float | None
    uses: tuple[RoomUse, ...]
    clashes: tuple[Clash, ...]
    open: tuple[Stretch, ...] | None

    @property
    def occupied(self) -> tuple[Stretch, ...]:
        """When it is used."""
        return joined(stretch for use in self.uses for stretch in use.stretches)

    @property
    def idle(self) -> tuple[Stretch, ...] | None:
        """When it is not used while its station is open."""
        return None if self.open is None else without(self.open, self.occupied)

    @property
    def outside(self) -> tuple[Stretch, ...] | None:
        """When it is used while its station is closed."""
        return None if self.open is None else without(self.occupied, self.open)

    @property
    def idle_h(self) -> float:
        """Hours of the week in which it is idle; nan where that is not known."""
        return math.nan if self.idle is None else hours_of(self.idle)

    @property
    def office_h(self) -> float:
        """Hours of the week in which it is an office."""
        return hours_of(stretch for use in self.uses if use.is_office for stretch in use.stretches)

    @property
    def office_share(self) -> float:
        """The share of its hours in which it is an office."""
        others = hours_of(
            stretch for use in self.uses if not use.is_office for stretch in use.stretches
        )
        return self.office_h / (self.office_h + others)

    @property
    def is_mixed(self) -> bool:
        """Whether it is used for several things at different hours (一室多用)."""
        return len({(use.use, use.services) for use in self.uses}) > 1


@dataclass(frozen=True, slots=True)
class StationRooms:
    """The rooms of a station together, each room's area counted once."""

    station: Station
    rooms: tuple[RoomWeek, ...]

    @property
    def measured(self) -> tuple[RoomWeek, ...]:
        """Those of which the area is known."""
        return tuple(room for room in self.rooms if room.area_m2 is not None)

    @property
    def area_m2(self) -> float:
        """Their area; nan where nobody has measured any."""
        known = [room.area_m2 or 0.0 for room in self.measured]
        return sum(known) if known else math.nan

    @property
    def office_share(self) -> float:
        """The share of the area that is offices; a room that is one at times counts by its hours."""
        offices = sum((room.area_m2 or 0.0) * room.office_share for room in self.measured)
        return offices / self.area_m2 if self.area_m2 > 0 else math.nan

    @property
    def occupied_h(self) -> float:
        """Hours of the week, room by room."""
        return sum(hours_of(room.occupied) for room in self.rooms)

    @property
    def idle_h(self) -> float:
        """Idle hours of the week, room by room; nan where those of one are not known."""
        return sum(room.idle_h for room in self.rooms)

    @property
    def clashes(self) -> int:
        """How many pairs of uses overlap."""
        return sum(len(room.clashes) for room in self.rooms)


def room_weeks(results: Results) -> tuple[RoomWeek, ...]:
    """Return every room of the ledger over the week, in the order in which the ledger names them."""
    inputs, moment = results.inputs, results.inputs.settings.at
    stations = {station.id: station for station in (*results.stations, *inputs.unplaced)}
    weeks = []
    for (key, room), uses in by_room(inputs.ledgers.room_times).items():
        if key in stations:
            opened = plain_week(stations[key].hours, moment)
            weeks.append(
                RoomWeek(stations[key], room, uses[0].area_m2, tuple(uses), clashes(uses), opened)
            )
    return tuple(weeks)


def station_rooms(weeks: Sequence[RoomWeek]) -> tuple[StationRooms, ...]:
    """Return the rooms station by station."""
    found: dict[str, list[RoomWeek]] = {}
    for week in weeks:
        found.setdefault(week.station.id, []).append(week)
    return tuple(StationRooms(rooms[0].station, tuple(rooms)) for rooms in found.values())


class _Plain:
    """A calendar on which every day is a plain one: what a week without holidays is like."""

    called = "a week without holidays"

    def kind(self, day: date) -> DayKind:  # noqa: ARG002 (every day is alike)
        """Return that a day is plain."""
        return ""


def plain_week(hours: str, moment: str) -> tuple[Stretch, ...] | None:
    """Return when hours are open in a week without holidays, that of an ISO moment or any.

    None for no hours, for hours that are never certain, and for those that differ by season where
    no moment is asked for.
    """
    if not hours:
        return None
    days = [date.fromisoformat(moment[:10])] if moment else [_WINTER, _SUMMER]
    weeks = {_week_from(hours, day - timedelta(days=day.weekday())) for day in days}
    only = weeks.pop()
    return None if weeks or not only else only


def _week_from(hours: str, monday: date) -> tuple[Stretch, ...]:
    """Return the minutes of the week from a Monday in which hours are open, day by day."""
    return joined(
        (number * MINUTES_PER_DAY + begin, number * MINUTES_PER_DAY + end)
        for number in range(7)
        for begin, end in open_on(hours, monday + timedelta(days=number), _Plain())
    )
