"""The table of gates: through which points people leave their blocks, and the datum that nobody states.

A gate lies on the edge of its block, and nowhere near it in another datum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.inputs.faults import FaultBook, did_you_mean, drawn_as
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.places.coordinates import place_of
from walkshed.inputs.places.systems import SHIFTED, WGS84, TableCrs, shifted_crs
from walkshed.inputs.tables.cells import text_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.arrays import FloatArray
from walkshed.model.messages import Message
from walkshed.model.town.places import Block, Gate

#: Half of the gates lie nearer than this to the edge of their blocks, and in no other datum as near
#: as the second: shifted they are 350 m and more away.
_BESIDE_M, _APART_M = 60.0, 150.0
_METERS_PER_DEGREE = 111_195.0


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

    called = _called(blocks)
    gates = []
    for row in table.rows:
        if row.broken:
            continue

        # the block and the place, so that the faults of both are told
        key = _block(row, table, called, book)
        place = place_of(row, table, crs, book)
        if place is None or not key:
            continue
        if place.geom_type != "Point":
            fact = Message("is a {geometry}, not a point", geometry=drawn_as(place.geom_type))
            table.fault(book, row, "geometry", fact, "give each gate one point")
            continue
        gates.append((row, Gate(key, float(place.x), float(place.y))))

    if any(row.cells.get("hours") for row in table.rows):
        book.note(Message("{table}: hours are not judged by this version", table=table.label))
    return gates


def _called(blocks: Sequence[tuple[str, str]] | None) -> Mapping[str, Sequence[str]] | None:
    """Return {an id or a name: the ids of the blocks that it may mean}; an id means its block alone."""
    if blocks is None:
        return None
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
        fact = "is not a block of this study"
        cure = did_you_mean(word, called, otherwise="write the id or name of a block")
    table.fault(book, row, "block", fact, cure, value=word)
    return ""


@dataclass(frozen=True, slots=True)
class GateDatum:
    """The system in which gates lie by their blocks, and how near: meters in the median."""

    crs: TableCrs
    median_m: float


def datum_by_blocks(
    table: Table, blocks: Sequence[tuple[Row, Block]], key: str, folder: StudyFolder
) -> GateDatum | None:
    """Return the datum in which the gates lie on the edges of their blocks; None where that does not tell."""
    drawn = [block for _, block in blocks if block.geometry.geom_type != "Point"]
    outlines = {block.id: block.geometry for block in drawn}
    names = [(block.id, block.name) for _, block in blocks]

    # how near the gates lie in each system
    medians: list[GateDatum] = []
    for crs in (WGS84, *(shifted_crs(word, key, None, folder) for word in SHIFTED)):
        if crs is None:
            return None
        gates = [gate for _, gate in read_gates(table, crs, names, FaultBook())]
        away_m = [
            _away_m(shapely.Point(gate.lon, gate.lat), outlines[gate.block])
            for gate in gates
            if gate.block in outlines
        ]
        if not away_m:
            return None
        medians.append(GateDatum(crs, float(np.median(away_m))))

    # near in one of them, and far in all others
    best, *others = sorted(medians, key=lambda found: found.median_m)
    if best.median_m > _BESIDE_M or any(found.median_m < _APART_M for found in others):
        return None
    return best


def _away_m(gate: shapely.Point, outline: shapely.Geometry) -> float:
    """Return the meters from a gate to the edge of a block, about."""
    narrow = np.cos(np.radians(gate.y))

    def flat(lonlat: FloatArray) -> FloatArray:
        return lonlat * (narrow, 1.0) * _METERS_PER_DEGREE

    point, edge = shapely.transform([gate, outline.boundary], flat)
    return float(shapely.distance(point, edge))
