"""The template's own example: a row that was left in is no entry, and what is left of it beside own words is told."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import replace

from walkshed.inputs.faults import FaultBook, first_of
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.labels import EXAMPLE, LANGUAGES, Label
from walkshed.model.messages import Message

#: The tables of the template in which an example stands, by what its row is called.
_NAMES = {"stations": EXAMPLE["station"], "blocks": EXAMPLE["block"]}
_NAMED = 10


def without_examples(table: Table, kind: str, book: FaultBook) -> Table:
    """Return the table without the template's example: its row, and words of it in other rows; both are noted."""
    if kind not in _NAMES:
        return table
    rows = []
    for row in table.rows:
        if _plain(row.cells.get("name", "")) in _in_each_language(_NAMES[kind]):
            told = "{table}, {row}: is the template's example ('{name}'), no entry, and is not read"
            where, name = table.row_told(row.number), row.cells["name"]
            book.note(Message(told, table=table.label, row=where, name=name))
            continue
        rows.append(_without_words(row, table, book))
    return replace(table, rows=tuple(rows))


def _without_words(row: Row, table: Table, book: FaultBook) -> Row:
    """Return a row, cells that still hold a word of the example emptied; a note says that others may, too."""
    left = [name for name, text in row.cells.items() if _plain(text) in _words()]
    if not left:
        return row
    told = (
        "{table}, {row}: {words} are the template's example and are not read; look whether other "
        "cells of that row are the example's, too"
    )
    words = first_of([row.cells[name] for name in left], _NAMED)
    where = table.row_told(row.number)
    book.note(Message(told, table=table.label, row=where, words=words))
    return replace(row, cells={**row.cells, **dict.fromkeys(left, "")})


def _in_each_language(label: Label) -> list[str]:
    return [label.in_(language) for language in LANGUAGES]


@functools.cache
def _words() -> frozenset[str]:
    """Return the words of the examples, in all languages."""
    return frozenset(word for label in EXAMPLE.values() for word in _in_each_language(label))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
