"""One table in several files: its rows in the order of the files, each told by its own file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.tables.meaning.headers import check_stated
from walkshed.inputs.tables.table import PART, Part, Table
from walkshed.model.messages import Message


def whole_table(
    tables: Sequence[Table | None], stated: Mapping[str, str], book: FaultBook
) -> Table | None:
    """Return a table of all its files; None where one could not be read.

    The headers that study.toml states are looked for in all of them: a fault for each that none has.
    """
    read = [table for table in tables if table is not None]
    if not read or len(read) < len(tables):
        return None
    check_stated(read, stated, book)
    return joined(read, book)


def joined(tables: Sequence[Table], book: FaultBook) -> Table | None:
    """Return the tables as one; None, and a fault, where one is drawn and another is not.

    The numbers of the rows of file k begin at k times ``PART``; who tells a row takes them apart.
    """
    first = tables[0]
    if len(tables) == 1:
        return first
    for other in tables[1:]:
        if (other.drawn, other.crs) != (first.drawn, first.crs):
            fact = Message(
                "cannot go on with {file}: its places are told in another way", file=first.label
            )
            cure = "give both as tables, or both as drawings in one coordinate system"
            book.fault(other.label, fact, cure)
            return None

    # the columns that any of the files has, and those that none has but one nearly
    headers: dict[str, str] = {}
    near: dict[str, str] = {}
    for table in tables:
        headers = {**table.headers, **headers}
        near = {**table.near, **near}
    exporters = {table.exporter for table in tables}
    rows = [
        replace(
            row, number=row.number + at * PART, cells={**dict.fromkeys(headers, ""), **row.cells}
        )
        for at, table in enumerate(tables)
        for row in table.rows
    ]
    return replace(
        first,
        label=" + ".join(table.label for table in tables),
        headers=headers,
        rows=tuple(rows),
        header_row=None,
        parts=tuple(Part(table.label, table.headers) for table in tables),
        asides=tuple(text for table in tables for text in table.asides),
        cut=frozenset().union(*(table.cut for table in tables)),
        exporter=exporters.pop() if len(exporters) == 1 else "",
        near={name: header for name, header in near.items() if name not in headers},
        likely_people=_each([table.likely_people for table in tables]),
        unread_counts=_each([table.unread_counts for table in tables]),
    )


def _each(several: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the words of several lists, each once."""
    return tuple(dict.fromkeys(word for words in several for word in words))
