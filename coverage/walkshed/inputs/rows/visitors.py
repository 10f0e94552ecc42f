"""The table of places where visitors are: a name, a place, and how many."""

from __future__ import annotations

from collections.abc import Sequence

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.places.coordinates import area_at
from walkshed.inputs.places.systems import TableCrs
from walkshed.inputs.tables.cells import Identified, amount_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.town.places import Block, PeopleSource

#: The kind of block that rows of a standard name for them.
VISITOR = "visitor"


def read_visitors(
    table: Table, identified: Sequence[Identified], crs: TableCrs | None, book: FaultBook
) -> list[tuple[Row, Block]]:
    """Return the places in the order of the file, each with its row, as blocks of the kind ``visitor``.

    They belong to no subdistrict and no community, whatever the table says: visitors are residents
    of nowhere. ``crs`` is None where the coordinates have a fault of their own. Every fault of the
    table is in ``book``.
    """
    if "people" not in table.headers:
        cure = "add it with how many visitors are at each place (say, on a day)"
        book.fault(table.label, "has no column 'people'", cure, row=table.header_row)
        return []

    places = []
    for row, key, name in identified:
        if row.broken:
            continue
        people = amount_in(row, table, "people", book)
        if not row.cells.get("people"):
            cure = "write how many visitors are there, 0 for none"
            table.fault(book, row, "people", "is empty", cure)

        area = area_at(row, table, crs, book)
        if people is not None and area is not None:
            source = PeopleSource.GIVEN
            block = Block(key, name, VISITOR, people, source, {}, None, "", "", area)
            places.append((row, block))
    return places
