"""Rooms by the hour: stretches of the week, how they add up, and which of one room overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MINUTES_PER_DAY = 24 * 60
#: Minutes of the week, from and until, counted from Monday 0:00; none reaches over midnight.
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RoomUse:
    """A row of the ledger of rooms: what a room is used for, and when; ``area_m2`` is None where nobody says."""

    station: str
    room: str
    area_m2: float | None
    stretches: tuple[Stretch, ...]
    use: str  # as the planner wrote it, "" where only services are named
    services: tuple[str, ...]
    row: int

    @property
    def is_office(self) -> bool:
        """Whether the room is an office then."""
        return "办公" in self.use or "office" in self.use.lower()


@dataclass(frozen=True, slots=True)
class Clash:
    """Two uses of one room at the same time."""

    first: RoomUse
    second: RoomUse
    stretches: tuple[Stretch, ...]


def by_room(uses: Iterable[RoomUse]) -> dict[tuple[str, str], list[RoomUse]]:
    """Return the uses of each room, by station and room, in the order in which they are given."""
    rooms: dict[tuple[str, str], list[RoomUse]] = {}
    for use in uses:
        rooms.setdefault((use.station, use.room), []).append(use)
    return rooms


def clashes(uses: Iterable[RoomUse]) -> tuple[Clash, ...]:
    """Return the pairs of uses of one room that overlap."""
    found = []
    for of_room in by_room(uses).values():
        for one, other in combinations(of_room, 2):
            both = common(one.stretches, other.stretches)
            if both:
                found.append(Clash(one, other, both))
    return tuple(found)


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return stretches in order, those of a day that touch or overlap as one."""
    merged: list[Stretch] = []
    for begin, end in sorted(stretches):
        last = merged[-1] if merged else None
        is_same_day = last is not None and last[0] // MINUTES_PER_DAY == begin // MINUTES_PER_DAY
        if last is not None and is_same_day and begin <= last[1]:
            merged[-1] = (last[0], max(last[1], end))
        else:
            merged.append((begin, end))
    return tuple(merged)


def common(one: Sequence[Stretch], other: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Return what two lists of stretches share."""
    shared = [
        (max(a, c), min(b, d)) for a, b in joined(one) for c, d in joined(other) if a < d and c < b
    ]
    return joined(shared)


def without(whole: Sequence[Stretch], taken: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Return what is left of some stretches without others."""
    left = list(joined(whole))
    for begin, end in joined(taken):
        parts = ((start, min(stop, begin)) for start, stop in left)
        rests = ((max(start, end), stop) for start, stop in left)
        left = sorted({(a, b) for a, b in (*parts, *rests) if a < b})
    return joined(left)


def hours_of(stretches: Iterable[Stretch]) -> float:
    """Return how many hours stretches last, what overlaps once."""
    return sum(end - begin for begin, end in joined(stretches)) / 60.0


def spans_by_day(stretches: Iterable[Stretch]) -> list[tuple[list[int], tuple[Stretch, ...]]]:
    """Return days (0 is Monday) that are alike, with their spans in minutes of the day.

    Days without any are left out.
    """
    days: list[list[Stretch]] = [[] for _ in WEEKDAYS]
    for begin, end in joined(stretches):
        day = begin // MINUTES_PER_DAY
        days[day].append((begin - day * MINUTES_PER_DAY, end - day * MINUTES_PER_DAY))

    alike: dict[tuple[Stretch, ...], list[int]] = {}
    for day, spans in enumerate(days):
        if spans:
            alike.setdefault(tuple(spans), []).append(day)
    return [(numbers, spans) for spans, numbers in alike.items()]


def runs(days: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last of days that follow each other."""
    found: list[tuple[int, int]] = []
    for day in days:
        if found and found[-1][1] == day - 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def clock(minute: int) -> str:
    """Return a minute of the day as a clock shows it."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def opening_hours(stretches: Iterable[Stretch]) -> str:
    """Return stretches as OSM opening hours: ``Mo-Fr 08:30-11:30; Sa 09:00-12:00``; "" for none."""
    rules = []
    for days, spans in spans_by_day(stretches):
        names = [
            WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}-{WEEKDAYS[last]}"
            for first, last in runs(days)
        ]
        times = ",".join(f"{clock(begin)}-{clock(end)}" for begin, end in spans)
        rules.append(f"{','.join(names)} {times}")
    return "; ".join(rules)
