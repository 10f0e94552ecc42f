"""The ledger of rooms by the hour (房间时段): what each room is used for and when, and the hours of services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from walkshed.inputs.faults import FaultBook, did_you_mean, first_of
from walkshed.inputs.ledgers.named import Names, has_columns, named_in
from walkshed.inputs.ledgers.week_text import days_of, spans_of
from walkshed.inputs.rows.premises import size_in
from walkshed.inputs.rows.stations import service_words
from walkshed.inputs.tables.cells import text_in
from walkshed.inputs.tables.meaning.lists import list_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message
from walkshed.model.town.places import Mode, Offer, Service, Station
from walkshed.model.town.room_times import (
    MINUTES_PER_DAY,
    RoomUse,
    Stretch,
    by_room,
    clashes,
    joined,
    opening_hours,
)

_NAMED = 10  # in a note
_COLUMNS = ("station", "room", "days", "times")


def read_room_times(
    table: Table, stations: Names, services: Sequence[Service], book: FaultBook
) -> tuple[RoomUse, ...]:
    """Return the uses of rooms in the order of the table; every fault of it is in ``book``.

    The area of a room counts once: rows that leave it empty have that of the room's first row.
    """
    if not has_columns(table, _COLUMNS, book):
        return ()
    known = service_words(services)
    uses = []
    for row in table.rows:
        if not row.broken:
            use = _use(row, table, stations, known, book)
            if use is not None:
                uses.append(use)

    measured = _measured(uses, table, book)
    _note_clashes(measured, stations, table, book)
    return measured


def _use(
    row: Row, table: Table, stations: Names, known: Mapping[str, str], book: FaultBook
) -> RoomUse | None:
    """Return the use of one row; None, and faults, where something of it is missing or wrong."""
    told = len(book.faults)
    station = named_in(row, table, "station", stations, book)
    room = text_in(row, table, "room", book)
    if not room and not row.cells.get("room"):
        table.fault(book, row, "room", "is empty", "write what the room is called")

    # what for, and when
    use = text_in(row, table, "use", book)
    services = _services(row, table, known, book)
    if not use and not services and len(book.faults) == told:
        cure = "write use (用途) or services (服务项目)"
        table.fault(book, row, None, "does not say what the room is used for", cure)
    area = size_in(row, table, "area_m2", book)
    stretches = _stretches(row, table, book)
    if len(book.faults) > told or station is None:
        return None
    return RoomUse(station, room, area, stretches, use, services, row.number)


def _services(row: Row, table: Table, known: Mapping[str, str], book: FaultBook) -> tuple[str, ...]:
    """Return the services that a room serves; a fault for each that is none of the study's."""
    found = []
    for word in list_in(row, "services"):
        key = known.get(word) or known.get(word.lower())
        if key is not None:
            found.append(key)
        elif known:
            cure = did_you_mean(word, known)
            table.fault(book, row, "services", "is not a service of study.toml", cure, value=word)
    return tuple(dict.fromkeys(found))


def _stretches(row: Row, table: Table, book: FaultBook) -> tuple[Stretch, ...]:
    """Return the minutes of the week that a row names; (), and a fault, for what names none."""
    days, spans = days_of(row.cells.get("days", "")), spans_of(row.cells.get("times", ""))
    if days is None:
        cure = "write 周一, 周一至周五, 周一、周三, 工作日 or 每天 (Mo, Mo-Fr, daily)"
        value = row.cells.get("days") or None
        table.fault(book, row, "days", "names no days of the week", cure, value=value)
    if spans is None:
        cure = (
            "write hours: 8:30-11:30, several with 、 between; two rows for what lasts past 24:00"
        )
        value = row.cells.get("times") or None
        table.fault(book, row, "times", "names no hours of a day", cure, value=value)
    return joined(
        (day * MINUTES_PER_DAY + begin, day * MINUTES_PER_DAY + end)
        for day in days or ()
        for begin, end in spans or ()
    )


def _measured(uses: Sequence[RoomUse], table: Table, book: FaultBook) -> tuple[RoomUse, ...]:
    """Return the uses with one area per room; a fault for a room that has two."""
    area: dict[tuple[str, str], RoomUse] = {}
    for use in uses:
        if use.area_m2 is None:
            continue
        first = area.setdefault((use.station, use.room), use)
        if first.area_m2 != use.area_m2:
            fact = Message(
                "is another area than in {row} ({area_m2:g})",
                row=table.row_told(first.row),
                area_m2=first.area_m2,
            )
            cure = "write the area of a room once, or alike"
            header = table.headers.get("area_m2", "area_m2")
            book.fault(
                table.label, fact, cure, row=use.row, column=header, value=f"{use.area_m2:g}"
            )

    # rows that leave it out have it from the others
    return tuple(
        replace(use, area_m2=area[use.station, use.room].area_m2)
        if (use.station, use.room) in area
        else use
        for use in uses
    )


def _note_clashes(uses: Sequence[RoomUse], stations: Names, table: Table, book: FaultBook) -> None:
    """Note every pair of rows that use one room at the same time."""
    for clash in clashes(uses):
        first, second = clash.first, clash.second
        when = opening_hours(clash.stretches)
        book.note(
            Message(
                "{table}: room {room!r} of {called} is used twice at the same time, {when} "
                "(rows {row} and {other_row}); if it serves both at a time, write both in one "
                "row",
                table=table.label,
                room=first.room,
                called=stations.called(first.station),
                when=when,
                row=first.row,
                other_row=second.row,
            )
        )


def with_room_hours(
    stations: Sequence[Station],
    offers: Sequence[Offer],
    uses: Sequence[RoomUse],
    book: FaultBook,
) -> tuple[tuple[Station, ...], tuple[Offer, ...]]:
    """Return stations and offers whose visits are open when a room serves them.

    A service that a room serves is offered, whether the station lists it or not; one that no room
    serves keeps its hours, with a note, and so does what comes to the door.
    """
    serving: dict[tuple[str, str], list[Stretch]] = {}
    for use in uses:
        for service in use.services:
            serving.setdefault((use.station, service), []).extend(use.stretches)
    hours = {key: opening_hours(stretches) for key, stretches in serving.items()}

    # what is stated already, then what rooms add
    by_id = {station.id: station for station in stations}
    stated = {(offer.station, offer.service) for offer in offers}
    timed = [
        replace(offer, hours=hours[offer.station, offer.service])
        if offer.mode is Mode.VISIT and (offer.station, offer.service) in hours
        else offer
        for offer in offers
    ]
    timed += [
        _offer(by_id[station], service, when)
        for (station, service), when in hours.items()
        if (station, service) not in stated and station in by_id
    ]

    _note_changes(stations, offers, hours, {station for station, _ in by_room(uses)}, book)
    _note_areas(stations, uses, book)
    every = [_with_services(station, hours) for station in stations]
    return tuple(every), tuple(dict.fromkeys(timed))


def _offer(station: Station, service: str, hours: str) -> Offer:
    """Return what a station offers in its rooms, all but the hours as the station has it."""
    return Offer(
        station.id, service, Mode.VISIT, station.scope, hours, station.capacity, station.area_m2
    )


def _with_services(station: Station, hours: Mapping[tuple[str, str], str]) -> Station:
    """Return a station with the services that its rooms serve among those that it lists."""
    own = [service for key, service in hours if key == station.id]
    if set(own) <= set(station.services):
        return station
    return replace(station, services=tuple(dict.fromkeys((*station.services, *own))))


def _note_changes(
    stations: Sequence[Station],
    offers: Sequence[Offer],
    hours: Mapping[tuple[str, str], str],
    with_rooms: set[str],
    book: FaultBook,
) -> None:
    """Note what rooms add to a station, what none of them serves, and hours that a table states otherwise."""
    added, unserved = [], []
    for station in stations:
        if station.id not in with_rooms:
            continue
        served = [service for key, service in hours if key == station.id]
        added += [f"{station.name}: {key}" for key in served if key not in station.services]
        unserved += [f"{station.name}: {key}" for key in station.services if key not in served]

    by_id = {station.id: station for station in stations}
    other = [
        f"{by_id[offer.station].name}: {offer.service}"
        for offer in offers
        if offer.mode is Mode.VISIT
        and offer.hours not in ("", by_id[offer.station].hours)
        and hours.get((offer.station, offer.service), offer.hours) != offer.hours
    ]
    for told, which in (
        ("rooms serve what their station does not list; it counts as offered", added),
        ("no room serves what the station lists; it keeps the station's hours", unserved),
        ("the hours of rooms hold, not those of the table of offers", other),
    ):
        if which:
            book.note(
                Message(
                    "{place}: {told}: {names}",
                    place=Message("[ledgers] room_times"),
                    told=Message(told),
                    names=first_of(which, _NAMED),
                )
            )


def _note_areas(stations: Sequence[Station], uses: Sequence[RoomUse], book: FaultBook) -> None:
    """Note stations whose rooms, each counted once, are larger than the station."""
    measured: dict[str, float] = {}
    for (key, _), of_room in by_room(uses).items():
        measured[key] = measured.get(key, 0.0) + (of_room[0].area_m2 or 0.0)

    for station in stations:
        total = measured.get(station.id, 0.0)
        if "service_area_m2" not in station.details and total > (station.area_m2 or total):
            book.note(
                Message(
                    "[ledgers] room_times: the rooms of {station} measure {total:g} m² "
                    "together, more than the station ({area_m2:g} m²)",
                    station=station.name,
                    total=total,
                    area_m2=station.area_m2,
                )
            )
