"""Places that cannot belong to the study: in another country, or with longitude and latitude swapped."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from shapely.geometry.base import BaseGeometry

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.local import Local, LonLat
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message

#: No walk leads out of two degrees (220 km of latitude); a wrong country or a swapped pair nearly
#: always does.
FAR_DEGREES = 2.0

Box = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """The rows of one table and the places that were read for them; no table, no rows."""

    table: Table | None
    rows: tuple[tuple[Row, BaseGeometry], ...]


def at_extract(folder: StudyFolder) -> StudyFolder:
    """Return the folder, its place the middle of its extract where it has one."""
    extract = folder.extract
    if extract is None:
        return folder

    @functools.cache
    def where() -> LonLat | None:
        box = extract_box(extract)
        return None if box is None else ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)

    return replace(folder, local=replace(folder.local, where=where))


def local_of(folder: StudyFolder, tables: Sequence[Placed]) -> Local:
    """Return the habits where a study lies: as its extract's box tells, else the middle of its first placed table.

    Extracts cut by tools that write no box are common; their country must not be unknown for that.
    """
    local = at_extract(folder).local
    first = next((placed for placed in tables if placed.rows), None)
    if folder.extract is None or local.where() is not None or first is None:
        return local
    x, y = np.median(_centers(first), axis=0)
    return replace(local, where=lambda: (float(x), float(y)))


def check_neighborhood(tables: Sequence[Placed], streets: Box | None, book: FaultBook) -> None:
    """Write down places more than two degrees from the streets (or, where their box is unknown, from the median place).

    The first table whose places say where the study is comes first in ``tables``.
    """
    box, beside = streets, Message("the streets")
    if box is None:
        first = next((placed for placed in tables if len(placed.rows) > 2), None)
        if first is None:
            return
        x, y = np.median(_centers(first), axis=0)
        box, beside = (x, y, x, y), Message("the other places")

    for placed in tables:
        _check(placed, box, beside, book)


def _check(placed: Placed, box: Box, beside: str, book: FaultBook) -> None:
    """Write down the places of one table that lie far from a box."""
    table = placed.table
    if table is None or not placed.rows:
        return
    centers = _centers(placed)
    away = degrees_away(centers, box) > FAR_DEGREES
    swapped = away & (degrees_away(centers[:, ::-1], box) <= FAR_DEGREES)

    # all of them swapped: one fault of the table, not one for each row
    cure = "write the longitude (east) first"
    if len(centers) > 1 and swapped.all():
        swap = Message(
            "has longitude and latitude swapped in all {count} {count:place|places}",
            count=len(centers),
        )
        if not table.drawn:
            cure = "exchange the names of the two columns"
        book.fault(table.label, swap, cure)
        return

    column = table.place_column
    middle = f"{(box[0] + box[2]) / 2:.2f}, {(box[1] + box[3]) / 2:.2f}"
    for index in np.flatnonzero(away):
        row, (x, y) = placed.rows[index][0], centers[index]
        value = f"{x:.7g}, {y:.7g}"
        if swapped[index]:
            fact = "have longitude and latitude swapped"
            table.fault(book, row, column, fact, cure, value=value)
        else:
            fact = Message(
                "lie more than 200 km from {beside} ({middle})", beside=beside, middle=middle
            )
            correct = "correct the coordinates or crs"
            table.fault(book, row, column, fact, correct, value=value)


def _centers(placed: Placed) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    bounds = np.array([geometry.bounds for _, geometry in placed.rows], dtype=np.float64)
    return (bounds[:, :2] + bounds[:, 2:]) / 2


def degrees_away(
    points: np.ndarray[tuple[int, ...], np.dtype[np.float64]], box: Box
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return how far points lie outside of a box, in degrees along the farther axis; 0 inside."""
    outside = np.maximum(np.array(box[:2]) - points, points - np.array(box[2:]))
    away: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = np.maximum(outside, 0).max(axis=1)
    return away


def extract_box(path: Path) -> Box | None:
    """Return the box in the header of an OSM extract; None when it has none or cannot be read (told elsewhere)."""
    import osmium

    try:
        with osmium.io.Reader(str(path)) as reader:
            box = reader.header().box()
            low, high = box.bottom_left, box.top_right
            if not (low.valid() and high.valid()):
                return None
            return low.lon, low.lat, high.lon, high.lat
    except (RuntimeError, OSError, ValueError, osmium.InvalidLocationError):
        return None
