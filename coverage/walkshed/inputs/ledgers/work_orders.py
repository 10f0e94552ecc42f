"""The ledger of work orders (工单): reported when, and a crew there when."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.ledgers.named import Names, has_columns, named_in
from walkshed.inputs.tables.cells import text_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message
from walkshed.model.town.work_orders import WorkOrder

_WEEK = timedelta(days=7)
_DATE = r"((?:19|20)\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?"
_TIME = r"(上午|下午|晚上)?\s*(\d{1,2})\s*[:点时]\s*(?:(\d{1,2})\s*分?(?::?\s*\d{1,2}(?:\.0+)?\s*秒?)?)?"
_MOMENT = re.compile(rf"{_DATE}\s*T?\s*{_TIME}")
_CLOCK = re.compile(_TIME)


def read_work_orders(
    table: Table, stations: Names, blocks: Names, book: FaultBook
) -> tuple[WorkOrder, ...]:
    """Return the orders in the order of the table; every fault of it is in ``book``."""
    if not has_columns(table, ("block", "reported", "arrived"), book):
        return ()
    found, late, silent = [], 0, 0
    for row in table.rows:
        if row.broken:
            continue
        order = _order(row, table, stations, blocks, book)
        if order is None:
            continue
        found.append(order)
        silent += order.minutes is None
        late += order.minutes is not None and timedelta(minutes=order.minutes) > _WEEK

    if silent:
        told = Message(
            "{silent} of {count} {count:order|orders} {silent:does|do} not say when a crew was "
            "there",
            silent=silent,
            count=len(found),
        )
        book.note(Message("{table}: {told}; they count in no share", table=table.label, told=told))
    if late:
        told = Message(
            "{late} of {count} {count:order|orders} took more than a week",
            late=late,
            count=len(found),
        )
        book.note(
            Message(
                "{table}: {told}; make sure that both times are right", table=table.label, told=told
            )
        )
    return tuple(found)


def _order(
    row: Row, table: Table, stations: Names, blocks: Names, book: FaultBook
) -> WorkOrder | None:
    """Return the order of one row; None, and faults, where something of it is missing or wrong."""
    told = len(book.faults)
    block = named_in(row, table, "block", blocks, book)
    reported = _moment(row, table, "reported", book)
    arrived = _moment(row, table, "arrived", book, after=reported)
    crew = text_in(row, table, "crew", book)
    bearers = stations.by_name.get(crew, ())

    minutes = None
    if reported is not None and arrived is not None:
        minutes = (arrived - reported).total_seconds() / 60.0
        if minutes < 0:
            fact = "is before the report"
            cure = "correct one of the two times, or write the date before the time"
            table.fault(book, row, "arrived", fact, cure, value=row.cells["arrived"])
    if len(book.faults) > told or block is None or reported is None:
        return None
    return WorkOrder(
        block=block,
        crew=bearers[0] if len(bearers) == 1 else crew,
        kind=text_in(row, table, "kind", book),
        reported=reported.isoformat(timespec="minutes"),
        minutes=minutes,
    )


def _moment(
    row: Row, table: Table, column: str, book: FaultBook, *, after: datetime | None = None
) -> datetime | None:
    """Return the moment of a cell; a time alone is of the day of ``after``.

    None for an empty cell (a fault where a report has no time) and, with a fault, for another one.
    """
    raw = row.cells.get(column, "")
    plain = unicodedata.normalize("NFKC", raw).strip()
    if not plain:
        if column == "reported":
            table.fault(book, row, column, "is empty", "write date and time: 2026-05-18 8:30")
        return None

    found = _MOMENT.fullmatch(plain)
    alone = None if found or column == "reported" else _CLOCK.fullmatch(plain)
    try:
        if found is not None:
            year, month, day = (int(part) for part in found.groups()[:3])
            return _at(datetime(year, month, day), *found.groups()[3:])  # noqa: DTZ001 (local)
        if alone is not None:
            if after is None:
                return None  # the report has a fault of its own
            midnight = after.replace(hour=0, minute=0)
            return _at(midnight, *alone.groups())
    except ValueError:
        pass
    cure = "write date and time: 2026-05-18 8:30"
    table.fault(book, row, column, "is not a valid date with a time of day", cure, value=raw)
    return None


def _at(day: datetime, half: str | None, hour: str, minute: str | None) -> datetime:
    """Return the moment of a day; raises ValueError for no time."""
    number = int(hour)
    if half in {"下午", "晚上"} and number < 12:
        number += 12
    return day.replace(hour=number, minute=int(minute or 0))
