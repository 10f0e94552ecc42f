"""The ledger of operations (站点运行): which stations run, whether they have a head, and how many staff them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from walkshed.inputs.faults import FaultBook, first_of
from walkshed.inputs.ledgers.named import Names, has_columns, id_of, named_in, refuse_twice
from walkshed.inputs.tables.cells import number_in, truth_in
from walkshed.inputs.tables.meaning.lists import list_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message
from walkshed.model.town.ledgers import Operation
from walkshed.model.town.places import Block, Offer, Station

_NAMED = 10  # in a note
_MOST_STAFF = 10_000
#: How officials write that something is so, or is not yet.
_DONE, _NOT_YET = ("已", "在"), ("未", "没", "尚未", "暂未", "停")


def read_operations(table: Table, stations: Names, book: FaultBook) -> tuple[Operation, ...]:
    """Return the rows in the order of the table, each station once; every fault of the table is in ``book``."""
    if not has_columns(table, ("station", "running"), book):
        return ()
    found: dict[str, tuple[Row, Operation]] = {}
    for row in table.rows:
        if row.broken:
            continue
        station = named_in(row, table, "station", stations, book)
        said = Operation(
            station or "",
            _running(row, table, book),
            truth_in(row, table, "head", book),
            _staff(row, table, book),
        )
        if station in found:
            refuse_twice(row, found[station][0], table, "station", book, value=station)
        elif station is not None:
            found[station] = row, said

    _note_operations([said for _, said in found.values()], stations, table.label, book)
    return tuple(said for _, said in found.values())


def _running(row: Row, table: Table, book: FaultBook) -> bool | None:
    """Return whether a station runs; None for an empty cell and, with a fault, for another word."""
    word = row.cells.get("running", "").strip()
    if word.startswith(_NOT_YET):
        return False
    if word.startswith(_DONE):
        return True
    return truth_in(row, table, "running", book)


def _staff(row: Row, table: Table, book: FaultBook) -> int | None:
    """Return how many people staff a station; None for an empty cell and, with a fault, for a wrong one."""
    number = number_in(row, table, "staff", book)
    if number is None or (number.is_integer() and 0 <= number <= _MOST_STAFF):
        return None if number is None else int(number)
    cure = "write whole people, 0 or more"
    table.fault(
        book, row, "staff", "is not a valid number of people", cure, value=row.cells["staff"]
    )
    return None


def _note_operations(
    operations: Sequence[Operation], stations: Names, label: str, book: FaultBook
) -> None:
    """Note the stations that do not run, those of which nobody says it, and rows that contradict themselves."""

    def listed(keys: Sequence[str]) -> str:
        return first_of([stations.called(key) for key in keys], _NAMED)

    rows = len(operations)

    # those that count for nothing, and those that count without anybody's word
    idle = [said.station for said in operations if said.running is False]
    if idle:
        told = Message(
            "{count} of {rows} {rows:station|stations} {count:does not run, and its|do not run, "
            "and their} offers do not count",
            count=len(idle),
            rows=rows,
        )
        book.note(Message("{place}: {told}: {names}", place=label, told=told, names=listed(idle)))
    silent = [said.station for said in operations if said.running is None]
    if silent:
        told = Message(
            "{count} of {rows} do not say whether they run, and are taken as running",
            count=len(silent),
            rows=rows,
        )
        book.note(Message("{place}: {told}: {names}", place=label, told=told, names=listed(silent)))

    # rows that contradict themselves
    empty = [
        said.station
        for said in operations
        if said.running and said.head is False and said.staff == 0
    ]
    if empty:
        told = Message(
            "{count} of {rows} {rows:station|stations} {count:runs|run}, with neither a head nor "
            "staff",
            count=len(empty),
            rows=rows,
        )
        book.note(
            Message(
                "{place}: {told}; make sure that they do: {names}",
                place=label,
                told=told,
                names=listed(empty),
            )
        )


def in_operation(
    stations: Sequence[Station], offers: Sequence[Offer], operations: Sequence[Operation]
) -> tuple[tuple[Station, ...], tuple[Offer, ...]]:
    """Return stations and offers as they stand: a station that does not run offers nothing by itself.

    What it would offer is kept as ``idle_services``.
    """
    running = {said.station: said.running for said in operations}
    idle = {station for station, runs in running.items() if runs is False}
    standing = []
    for station in stations:
        if station.id in idle:
            kept = replace(station, services=(), idle_services=station.services, running=False)
        elif station.id in running:
            kept = replace(station, running=running[station.id])
        else:
            kept = station
        standing.append(kept)
    return tuple(standing), tuple(offer for offer in offers if offer.station not in idle)


def note_shared(blocks: Sequence[Block], stations: Sequence[Station], book: FaultBook) -> None:
    """Note compounds that share a station which does not run."""
    idle = {station.id: station.name for station in stations if station.running is False}
    pairs = [
        f"{block.name} ({idle[key]})"
        for block in blocks
        for key in block.shared_stations
        if key in idle
    ]
    if pairs:
        told = Message(
            "{count} of {total} {total:block|blocks} {count:shares|share} a station that does not "
            "run",
            count=len(pairs),
            total=len(blocks),
        )
        book.note(Message("{told}: {names}", told=told, names=first_of(pairs, _NAMED)))


def with_shared_stations(
    found: Sequence[tuple[Row, Block]], table: Table | None, stations: Names, book: FaultBook
) -> tuple[Block, ...]:
    """Return the blocks with the stations elsewhere that serve them as their own (共用站点)."""
    if table is None or "shared_station" not in table.headers:
        return tuple(block for _, block in found)
    blocks = []
    for row, block in found:
        ids = [
            id_of(word, row, table, "shared_station", names=stations, book=book)
            for word in list_in(row, "shared_station")
        ]
        shared = tuple(dict.fromkeys(key for key in ids if key is not None))
        blocks.append(replace(block, shared_stations=shared))
    return tuple(blocks)
