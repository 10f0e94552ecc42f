"""Rooms by the hour in words: used for what and when, idle when, and what clashes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from walkshed.model.labels import Composed, Label
from walkshed.model.town.places import Service
from walkshed.model.town.room_times import RoomUse, Stretch, clock, hours_of, runs, spans_by_day
from walkshed.needs.measures.room_times import RoomWeek, StationRooms
from walkshed.words.ledgers.said import Shown, alike, listed, said
from walkshed.words.quantities import FACTS, NAMES, SENTENCES, day_name, days_text

_TITLE = Label("房间时段", "Rooms by the hour")
_HEADS = (
    Label("站点", "Station"),
    Label("房间", "Room"),
    Label("面积（㎡）", "m²"),
    Label("用途与时段", "Used for, and when"),
    Label("占用（小时/周）", "Hours used a week"),
    Label("闲置（小时/周）", "Idle hours a week"),
    Label("冲突", "Clashes"),
)
_BASIS = Label(
    "闲置：站点开放而房间未排用途的时段（不计节假日）；站点开放时间未填的为“–”。",
    "Idle: while the station is open and nothing is planned for the room, in a week without "
    "holidays; – where the station states no hours.",
)

_OFFICE = Label("办公面积占比{share}%", "offices: {share}% of the area")
_NO_AREA = Label("（{n}间未填面积，不计）", " ({n} {n:room|rooms} without an area not counted)")
_SUM = Label(
    "{rooms}间房，一室多用{mixed}间，每周占用{used}小时",
    "{rooms} {rooms:room|rooms}, {mixed} of them for several uses, used {used} {used:hour|hours} "
    "a week",
)
_IDLE = Label("闲置{idle}小时", "idle {idle} {idle:hour|hours}")
_CLASHES = Label("时段冲突{n}处", "{n} {n:clash|clashes}")
_ROOM = Label("{room}：{uses}", "{room}: {uses}")
_USE = Label("{what}（{when}）", "{what} ({when})")
_ON = Label("{days} {times}", "{days} {times}")


def rooms_lines(each: StationRooms, services: Mapping[str, Service]) -> list[Label]:
    """Return what is said of a station's rooms: all together, then room by room."""
    facts = [
        said(
            _SUM,
            rooms=len(each.rooms),
            mixed=sum(room.is_mixed for room in each.rooms),
            used=_hours(each.occupied_h),
        )
    ]
    if math.isfinite(each.idle_h):
        facts.append(said(_IDLE, idle=_hours(each.idle_h)))
    if math.isfinite(each.office_share):
        facts.append(_office(each))
    if each.clashes:
        facts.append(said(_CLASHES, n=each.clashes))
    rooms = [said(_ROOM, room=week.room, uses=_uses(week, services)) for week in each.rooms]
    return [listed(facts, FACTS), *rooms]


def rooms_shown(weeks: Sequence[RoomWeek], services: Mapping[str, Service]) -> Shown:
    """Return the ledger as a table of the page."""
    rows = [
        (
            alike(week.station.name),
            alike(week.room),
            alike("–" if week.area_m2 is None else f"{week.area_m2:g}"),
            _uses(week, services),
            alike(_hours(hours_of(week.occupied))),
            alike(_hours(week.idle_h)),
            listed([when_said(clash.stretches) for clash in week.clashes], SENTENCES),
        )
        for week in weeks
    ]
    return Shown(_TITLE, (_BASIS,), _HEADS, tuple(rows))


def when_said(stretches: Sequence[Stretch]) -> Label:
    """Return stretches of the week in words: 周一至周五 08:30-11:30."""
    parts = []
    for days, spans in spans_by_day(stretches):
        times = ", ".join(f"{clock(begin)}-{clock(end)}" for begin, end in spans)
        parts.append(said(_ON, days=_days(days), times=times))
    return listed(parts, SENTENCES)


def _days(days: Sequence[int]) -> Label:
    """Return days of the week by name, those that follow each other by the first and the last."""

    def named(language: str, first: int, last: int) -> str:
        names = [day_name(day, "", language) for day in range(first, last + 1)]
        return days_text(names, language)

    return Composed(
        lambda language: NAMES.in_(language).join(named(language, *run) for run in runs(days))
    )


def _uses(week: RoomWeek, services: Mapping[str, Service]) -> Label:
    """Return what a room is used for, and when."""
    parts = [
        said(_USE, what=_what(use, services), when=when_said(use.stretches)) for use in week.uses
    ]
    return listed(parts, SENTENCES)


def _what(use: RoomUse, services: Mapping[str, Service]) -> Label:
    """Return a use: as the planner wrote it, and the services that are served."""
    names = [services[key].label for key in use.services if key in services]
    return listed([*([alike(use.use)] if use.use else []), *names], NAMES)


def _office(each: StationRooms) -> Label:
    """Return the share of offices, and how many rooms it leaves out."""
    share = said(_OFFICE, share=round(100 * each.office_share))
    left_out = len(each.rooms) - len(each.measured)
    rest = said(_NO_AREA, n=left_out) if left_out else alike("")
    return Composed(lambda language: share.in_(language) + rest.in_(language))


def _hours(value: float) -> str:
    """Return hours to a tenth; a dash where they are not known."""
    return f"{round(value, 1):g}" if math.isfinite(value) else "–"
