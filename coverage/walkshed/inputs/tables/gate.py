"""The gate for text: no cell and no value of study.toml passes with a character that whoever shows it would obey.

Control characters are a fault, with the file, the row, the column and the value, escaped. Controls
of direction, which nobody sees and which come along when something is copied, are taken out and
noted; line breaks of other programs become a blank. Behind the gate the cleaned text goes on in any
case, so that what refers to it is no fault as well. Files that walkshed has written itself are
cleaned without a word: a planner cannot mend them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.marks import escaped, has_direction, is_plain, is_refused, plain, plain_values
from walkshed.model.messages import Message

FACT, CURE = "holds characters that cannot be printed", "write it again"
#: Notes on the cells of one table; more are counted.
_MOST_TOLD = 40
#: Tables of walkshed's own making.
_OWN = frozenset({"geocoded"})

Path = tuple[str | int, ...]


def table_through(table: Table, kind: str, book: FaultBook) -> Table:
    """Return a table of clean cells; rows with a fault are broken."""
    told = 0
    rows: list[Row] = []
    for row in table.rows:
        bad = [name for name, text in row.cells.items() if not is_plain(text)]
        if not bad:
            rows.append(row)
            continue

        # what a planner wrote is told; what walkshed wrote is cleaned without a word
        broken = row.broken
        for name in bad if kind not in _OWN else ():
            text = row.cells[name]
            if is_refused(text):
                table.fault(book, row, name, FACT, CURE, value=escaped(text))
                broken = True
            elif has_direction(text):
                told += 1
                if told <= _MOST_TOLD:
                    book.note(_turned(table.label, table.row_told(row.number), name, text))

        clean = {name: plain(row.cells[name]).strip() for name in bad}
        rows.append(replace(row, cells=dict(row.cells) | clean, broken=broken))

    if told > _MOST_TOLD:
        book.note(
            Message(
                "{table}: {count} more {count:cell holds|cells hold} such marks",
                table=table.label,
                count=told - _MOST_TOLD,
            )
        )
    return replace(table, rows=tuple(rows))


def values_through(
    data: Mapping[str, Any],
    label: str,
    lines: Mapping[Path, int],
    book: FaultBook,
) -> dict[str, Any]:
    """Return what a TOML file holds, keys and texts clean."""
    for path, text in _texts(data, ()):
        if is_plain(text):
            continue

        # the line of the key, or of the nearest table that holds it
        parents = (path[:end] for end in range(len(path), 0, -1))
        row = next((lines[parent] for parent in parents if parent in lines), None)
        names = [plain(part) for part in path if isinstance(part, str)]
        column = f"{names[0]}.{names[-1]}" if len(names) > 1 else None

        if is_refused(text):
            book.fault(label, FACT, CURE, row=row, column=column, value=escaped(text))
        elif has_direction(text):
            line = Message("row {number}", number=row)
            book.note(_turned(label, line, column, text))

    cleaned = plain_values(dict(data))
    assert isinstance(cleaned, dict)
    return cleaned


def _turned(file: str, row: Message, column: str | None, text: str) -> Message:
    """Return what is said of a text with marks that turn the direction of writing."""
    return Message(
        "{file}, {row}, column {column!r}: '{text}' holds marks that turn the direction of "
        "writing; they are left out",
        file=file,
        row=row,
        column=column,
        text=escaped(text),
    )


def _texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every text in a value, keys too, and where it stands."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield (*path, key), key
            yield from _texts(held, (*path, key))
    elif isinstance(value, list):
        for number, held in enumerate(value):
            yield from _texts(held, (*path, number))
