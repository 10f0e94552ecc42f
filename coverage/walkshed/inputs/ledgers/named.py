"""What the rows of a ledger name: a station or a compound of the study, by its id or by a name that only one has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from walkshed.inputs.faults import FaultBook, did_you_mean
from walkshed.inputs.tables.cells import text_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.labels import Label
from walkshed.model.messages import Message

#: What messages call those whom a ledger names.
KINDS = {"station": Label("站点", "station"), "block": Label("小区", "block")}


@dataclass(frozen=True, slots=True)
class Names:
    """Ids of the stations (or blocks) of a study, and the ids that bear each name; ``what`` they are in messages."""

    what: str
    ids: tuple[str, ...]
    by_name: Mapping[str, tuple[str, ...]]

    def called(self, key: str) -> str:
        """Return the name that an id bears, the id where it bears none."""
        return next((name for name, ids in self.by_name.items() if key in ids), key)


def names_of(what: str, pairs: Iterable[tuple[str, str]]) -> Names:
    """Return the names of some (id, name)."""
    by_name: dict[str, tuple[str, ...]] = {}
    ids = []
    for key, name in pairs:
        ids.append(key)
        by_name[name] = (*by_name.get(name, ()), key)
    return Names(what, tuple(ids), by_name)


def named_in(
    row: Row, table: Table, column: str, names: Names, book: FaultBook, *, required: bool = True
) -> str | None:
    """Return the id that a cell names; None for an empty cell, a fault where it is ``required``, and for no name."""
    word = text_in(row, table, column, book)
    if word:
        return id_of(word, row, table, column, names=names, book=book)
    if required and not row.cells.get(column):
        cure = Message("write the id or name of a {what}", what=KINDS[names.what])
        table.fault(book, row, column, "is empty", cure)
    return None


def id_of(
    word: str, row: Row, table: Table, column: str, *, names: Names, book: FaultBook
) -> str | None:
    """Return the id that a word means; None, and a fault, where nothing or several bear it."""
    bearers = names.by_name.get(word, ())
    if word in names.ids:
        return word
    if len(bearers) == 1:
        return bearers[0]

    if bearers:
        fact = Message("is the name of several {what}s", what=KINDS[names.what])
        table.fault(book, row, column, fact, "write the id", value=word)
    elif names.ids:  # a study without any has a fault of its own
        otherwise = Message("write the id or name of a {what}", what=KINDS[names.what])
        cure = did_you_mean(word, [*names.ids, *names.by_name], otherwise=otherwise)
        table.fault(
            book,
            row,
            column,
            Message("is not a {what} of this study", what=KINDS[names.what]),
            cure,
            value=word,
        )
    return None


def has_columns(table: Table, columns: Iterable[str], book: FaultBook) -> bool:
    """Return whether a table has the columns that it cannot do without; a fault for each that is missing."""
    missing = [name for name in columns if name not in table.headers]
    for name in missing:
        fact = Message("has no column '{name}'", name=name)
        book.fault(table.label, fact, "add it, or leave the ledger out", row=table.header_row)
    return not missing


def refuse_twice(
    row: Row, first: Row, table: Table, column: str, book: FaultBook, *, value: str | None
) -> None:
    """Write down a row whose station or block another one names already."""
    fact = Message("stands in {other_row}, too", other_row=table.row_told(first.number))
    table.fault(book, row, column, fact, "keep one of the two rows", value=value)
