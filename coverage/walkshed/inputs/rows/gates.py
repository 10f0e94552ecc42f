"""The table of gates: through which points people leave their blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from walkshed.inputs.faults import FaultBook, did_you_mean
from walkshed.inputs.places.coordinates import place_of
from walkshed.inputs.places.systems import TableCrs
from walkshed.inputs.tables.cells import text_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.town.places import Gate


def read_gates(
    table: Table, crs: TableCrs | None, blocks: Sequence[tuple[str, str]] | None, book: FaultBook
) -> list[tuple[Row, Gate]]:
    """Return the gates in the order of the file, each with its row; every fault of the table is in ``book``.

    ``blocks`` are (id, name) of the study's blocks; None where they are made from the map and not
    known yet.
    """
    if "block" not in table.headers:
        cure = "add it with the id or name of each gate's block"
        book.fault(table.label, "has no column 'block'", cure, row=table.header_row)
        return []

    called = None if blocks is None else _called(blocks)
    gates = []
    for row in table.rows:
        if row.broken:
            continue

        # the block and the place, so that the faults of both are told
        key = _block(row, table, called, book)
        place = None if crs is None else place_of(row, table, crs, book)
        if place is None or not key:
            continue
        if place.geom_type != "Point":
            fact = f"is a {place.geom_type}, not a point"
            table.fault(book, row, "geometry", fact, "give each gate one point")
            continue
        gates.append((row, Gate(key, float(place.x), float(place.y))))

    if any(row.cells.get("hours") for row in table.rows):
        book.note(f"{table.label}: hours are not judged by this version")
    return gates


def _called(blocks: Sequence[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    """Return {an id or a name: the ids of the blocks that it may mean}; an id means its block alone."""
    ids = {key: [key] for key, _ in blocks}
    by_name: dict[str, list[str]] = {}
    for key, name in blocks:
        by_name.setdefault(name, []).append(key)
    return by_name | ids


def _block(
    row: Row, table: Table, called: Mapping[str, Sequence[str]] | None, book: FaultBook
) -> str:
    """Return the id of a gate's block; "", and a fault, where it is not clear."""
    word = text_in(row, table, "block", book)
    if not word:
        if not row.cells.get("block"):
            cure = "write the id or name of the gate's block"
            table.fault(book, row, "block", "is empty", cure)
        return ""
    if called is None:
        return word

    meant = called.get(word, ())
    if len(meant) == 1:
        return meant[0]
    if meant:
        fact, cure = "is the name of several blocks", "write the id"
    else:
        fact = "is no block of this study"
        cure = did_you_mean(word, called, otherwise="write the id or name of a block")
    table.fault(book, row, "block", fact, cure, value=word)
    return ""
