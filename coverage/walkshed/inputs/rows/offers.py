"""The table of offers: what a station offers, when, to whom and for how many."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from walkshed.inputs.faults import FaultBook, did_you_mean, first_of
from walkshed.inputs.rows.premises import hours_in, mode_in, scope_in, size_in
from walkshed.inputs.rows.stations import known_service, service_words
from walkshed.inputs.tables.cells import number_in, text_in
from walkshed.inputs.tables.meaning.lists import list_in
from walkshed.inputs.tables.meaning.minutes import is_response, minutes_of
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import Mode, Offer, Scope, Service, Station

_NAMED = 10


def read_offers(
    table: Table,
    stations: Sequence[Station],
    services: Sequence[Service],
    book: FaultBook,
    *,
    lost: Container[str] = (),
) -> tuple[Offer, ...]:
    """Return the offers in the order of the file; every fault of the table is in ``book``.

    What a row leaves empty is the station's own. ``stations`` are those that could be read; those of ``lost`` ids
    and names have faults of their own.
    """
    missing = [name for name in ("station", "service") if name not in table.headers]
    for name in missing:
        fact, cure = (
            Message("has no column '{name}'", name=name),
            Message("add it: the {name} of each offer", name=name),
        )
        book.fault(table.label, fact, cure, row=table.header_row)
    if missing:
        return ()

    by_id = {station.id: station for station in stations}
    by_name: dict[str, list[str]] = {}
    for station in stations:
        by_name.setdefault(station.name, []).append(station.id)
    known = service_words(services)

    promised = is_response(table.headers.get("readiness_min", ""))
    visited: list[Row] = []
    offers: dict[Offer, Row] = {}
    for row in table.rows:
        if row.broken:
            continue

        # what the row states
        told = len(book.faults)
        station_id = None
        if row.cells.get("station", "") not in lost:
            station_id = _named(row, table, by_id, by_name, book)
        named = _services(row, table, known, services, book)
        stated = Offer(
            station_id or "",
            "",
            mode=mode_in(row, table, book) or Mode.VISIT,
            hours=hours_in(row, table, book),
            capacity=size_in(row, table, "capacity", book),
            area_m2=size_in(row, table, "area_m2", book),
            readiness_min=_readiness(row, table, book),
        )
        scope = scope_in(row, table, book)
        if stated.readiness_min and stated.mode is Mode.VISIT and promised:
            visited.append(row)
            stated = replace(stated, readiness_min=0.0)
        elif stated.readiness_min and stated.mode is Mode.VISIT:
            table.fault(
                book,
                row,
                "readiness_min",
                "is given for an offer that is visited",
                "write mode = outreach, or empty the cell",
            )
        if station_id is None or len(book.faults) > told:
            continue

        # with what is the station's own; two rows that say the same are one offer
        for service in named:
            offer = _joined(replace(stated, service=service), scope, by_id[station_id])
            if offer in offers:
                same = Message(
                    "says the same as {other_row}", other_row=table.row_told(offers[offer].number)
                )
                table.fault(book, row, None, same, "keep one of the two rows")
            offers.setdefault(offer, row)
    if visited:
        _note_visited(visited, table, book)
    return tuple(offers)


def _note_visited(rows: Sequence[Row], table: Table, book: FaultBook) -> None:
    """Note the rows that promise to come and do not say that they do."""
    numbers = first_of([table.number_told(row.number) for row in rows], _NAMED)
    told = (
        "{table}: column {header!r} is not used for offers that are visited (rows {numbers}); "
        "where somebody comes to the door write mode = outreach"
    )
    header = table.headers["readiness_min"]
    book.note(Message(told, table=table.label, header=header, numbers=numbers))


def _joined(stated: Offer, scope: Scope | None, station: Station) -> Offer:
    """Return an offer with what its row leaves empty as its station has it."""
    return replace(
        stated,
        scope=scope or station.scope,
        hours=stated.hours or station.hours,
        capacity=station.capacity if stated.capacity is None else stated.capacity,
        area_m2=station.area_m2 if stated.area_m2 is None else stated.area_m2,
    )


def with_offers(stations: Sequence[Station], offers: Sequence[Offer]) -> tuple[Station, ...]:
    """Return the stations with the services of their offers joined to those that they list."""
    joined = []
    for station in stations:
        own = [offer.service for offer in offers if offer.station == station.id]
        joined.append(replace(station, services=tuple(dict.fromkeys((*station.services, *own)))))
    return tuple(joined)


def _named(
    row: Row,
    table: Table,
    by_id: dict[str, Station],
    by_name: dict[str, list[str]],
    book: FaultBook,
) -> str | None:
    """Return the id of the station that a row names; None, and a fault, where it is not clear."""
    word = text_in(row, table, "station", book)
    if not word:
        if not row.cells.get("station"):
            table.fault(book, row, "station", "is empty", "write the id or name of the station")
        return None

    # an id, or a name that only one has
    named = by_name.get(word, [])
    if word in by_id:
        return word
    if len(named) == 1:
        return named[0]

    if named:
        fact = "is the name of several stations"
        table.fault(book, row, "station", fact, "write the id", value=word)
    elif by_id:
        cure = did_you_mean(word, [*by_id, *by_name], otherwise="write the id or name of a station")
        table.fault(book, row, "station", "is not a station of this study", cure, value=word)
    return None


def _services(
    row: Row, table: Table, known: Mapping[str, str], services: Sequence[Service], book: FaultBook
) -> tuple[str, ...]:
    """Return the ids of the services that a row names, each once; a fault for each that is none of the study's."""
    word = text_in(row, table, "service", book)
    if not word and not row.cells.get("service"):
        table.fault(book, row, "service", "is empty", "write the id of a service")
        return ()

    found = []
    for each in list_in(row, "service", known) if word else ():
        key = known_service(each, known)
        if key is not None:
            found.append(key)
        elif services:
            ids = Listing(service.id for service in services)
            cure = did_you_mean(each, known, otherwise=Message("write one of {ids}", ids=ids))
            table.fault(book, row, "service", "is not a service of study.toml", cure, value=each)
    return tuple(dict.fromkeys(found))


def _readiness(row: Row, table: Table, book: FaultBook) -> float:
    """Return the minutes until a crew leaves; 0 for an empty cell and, with a fault, for a wrong one."""
    number = minutes_of(row.cells.get("readiness_min", ""))
    if number is None:
        number = number_in(row, table, "readiness_min", book)
    if number is None or 0 <= number <= 24 * 60:
        return number or 0.0

    cure = "write the minutes until a crew leaves, 0 to 1440"
    value = row.cells["readiness_min"]
    table.fault(book, row, "readiness_min", "is out of range", cure, value=value)
    return 0.0
