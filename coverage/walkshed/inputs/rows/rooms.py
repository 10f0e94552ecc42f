"""The table of rooms in which a station may open: what each measures, costs and how it can be had."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.places.coordinates import place_of
from walkshed.inputs.places.systems import TableCrs
from walkshed.inputs.rows.floors.reading import floor_in
from walkshed.inputs.rows.premises import size_in
from walkshed.inputs.tables.cells import Identified, number_in, text_in, truth_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.plans.siting import Room


def read_rooms(
    table: Table,
    identified: Sequence[Identified],
    crs: TableCrs | None,
    book: FaultBook,
    *,
    priced: bool = False,
) -> list[tuple[Row, Room]]:
    """Return the rooms that can be read, with their rows; every fault of the table is in ``book``.

    ``priced``: a budget decides among them, so that each needs a cost.
    """
    found = []
    for row, key, name in identified:
        told = len(book.faults)
        place = place_of(row, table, crs, book)
        cost = _cost(row, table, book, priced=priced)
        middle = shapely.Point(0.0, 0.0) if place is None else place.centroid
        room = Room(
            key,
            name,
            float(middle.x),
            float(middle.y),
            area_m2=size_in(row, table, "area_m2", book),
            floor=floor_in(row, table, book),
            elevator=truth_in(row, table, "elevator", book),
            cost=cost,
            capacity=size_in(row, table, "capacity", book),
            obtained=text_in(row, table, "obtained", book),
        )

        # a room with any fault is none
        if place is not None and len(book.faults) == told:
            found.append((row, room))
    return found


def _cost(row: Row, table: Table, book: FaultBook, *, priced: bool) -> float | None:
    """Return what a room costs; None for an empty cell, which is a fault where rooms are ``priced``."""
    cost = number_in(row, table, "cost", book)
    if cost is not None and not 0 <= cost <= 1e12:
        value = row.cells["cost"]
        table.fault(book, row, "cost", "is out of range", "write 0 or more", value=value)

    if priced and not row.cells.get("cost", "").strip():
        cure = "write what the room costs, 0 for nothing"
        table.fault(book, row, "cost", "is missing beside a budget", cure)
    return cost
