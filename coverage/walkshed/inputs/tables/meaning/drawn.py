"""Outlines however they are drawn: WKT or GeoJSON in a cell, lines that close."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.inputs.faults import FaultBook, first_of
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message

Points = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

OUTLINE = "geometry"
_WKT = re.compile(
    r"(?:SRID=(?P<srid>\d+);)?\s*(?P<wkt>(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b.*"
    r"|GEOMETRYCOLLECTION\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_DEGREES_TOUCH = 1e-6  # a tenth of a meter: the ends of a line that was meant to close
_NAMED = 10


def with_outlines(table: Table, kind: str, book: FaultBook) -> Table:
    """Return the table, outlines in its cells and lines that close as polygons; a note counts the lines.

    A column of outlines counts where one of its cells at least is one. Rows that have none there
    stand at their lon and lat.
    """
    if OUTLINE in table.headers and not table.drawn:
        table = _from_cells(table, book)
    return _with_lines_closed(table, book) if table.drawn and kind != "gates" else table


def _from_cells(table: Table, book: FaultBook) -> Table:
    """Return the table drawn by the outlines in its cells; as it is, less the column, where no cell is one."""
    header = table.headers[OUTLINE]
    if not any(_is_outline(row.cells.get(OUTLINE, "")) for row in table.rows):
        if any(row.cells.get(OUTLINE) for row in table.rows):
            told = "{table}: column {header!r} holds no outlines and is not used"
            book.note(Message(told, table=table.label, header=header))
        kept = {name: word for name, word in table.headers.items() if name != OUTLINE}
        return replace(table, headers=kept)

    codes = {
        found["srid"]
        for row in table.rows
        if (found := _WKT.fullmatch(row.cells.get(OUTLINE, ""))) and found["srid"]
    }
    crs = f"EPSG:{codes.pop()}" if len(codes) == 1 else table.crs
    drawn = replace(table, drawn=True, crs=crs)
    return replace(drawn, rows=tuple(_drawn_row(row, drawn, book) for row in table.rows))


def _is_outline(cell: str) -> bool:
    return bool(_WKT.fullmatch(cell)) or (cell.startswith("{") and '"coordinates"' in cell)


def _drawn_row(row: Row, table: Table, book: FaultBook) -> Row:
    """Return a row with the geometry of its cell, else the point of its columns; lost, and a fault, for others."""
    cell = row.cells.get(OUTLINE, "")
    if not cell:
        return replace(row, geometry=_point(row))
    geometry = _parsed(cell)
    if geometry is not None:
        return replace(row, geometry=geometry)

    cure = "write WKT: POLYGON ((116.64 23.66, 116.65 23.66, 116.65 23.67, 116.64 23.66))"
    value = " ".join(cell.split())
    table.fault(book, row, OUTLINE, "is not an outline that can be read", cure, value=value)
    return replace(row, lost=True)


def _parsed(cell: str) -> BaseGeometry | None:
    """Return the geometry that a cell writes down; None for what is none."""
    found = _WKT.fullmatch(cell)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = shapely.from_geojson(cell) if found is None else shapely.from_wkt(found["wkt"])
    except (shapely.errors.ShapelyError, ValueError, TypeError, RecursionError):
        return None
    return read if isinstance(read, BaseGeometry) and not read.is_empty else None


def _point(row: Row) -> BaseGeometry | None:
    """Return the point of a row's columns; None where they hold no two numbers."""
    try:
        return shapely.Point(float(row.cells["lon"]), float(row.cells["lat"]))
    except (KeyError, ValueError):
        return None


def _with_lines_closed(table: Table, book: FaultBook) -> Table:
    """Return the table with each line that ends where it begins as a polygon; a note names the rows."""
    closed: dict[int, BaseGeometry] = {}
    for at, row in enumerate(table.rows):
        area = None if row.geometry is None else _closed(row.geometry)
        if area is not None:
            closed[at] = area
    if not closed:
        return table

    rows = [
        replace(row, geometry=closed[at]) if at in closed else row
        for at, row in enumerate(table.rows)
    ]
    numbers = first_of([str(table.rows[at].number) for at in closed], _NAMED)
    told = "{table}: {count} closed lines are taken as outlines ({counted} {numbers})"
    if len(closed) == 1:
        told = "{table}: a closed line is taken as an outline ({counted} {numbers})"
    counted = Message(table.counted)
    said = Message(told, table=table.label, count=len(closed), counted=counted, numbers=numbers)
    book.note(said)
    return replace(table, rows=tuple(rows))


def _closed(geometry: BaseGeometry) -> BaseGeometry | None:
    """Return the area that lines go round; None unless each of them ends where it begins."""
    if geometry.geom_type not in {"LineString", "LinearRing", "MultiLineString"}:
        return None
    merged = geometry
    if geometry.geom_type == "MultiLineString":
        merged = shapely.line_merge(geometry)
    rings = [_ring(line) for line in shapely.get_parts(merged)]
    polygons = [shapely.Polygon(ring) for ring in rings if ring is not None]
    if not polygons or len(polygons) < len(rings):
        return None
    return _together(polygons)


def _ring(line: BaseGeometry) -> Points | None:
    """Return the corners of a line that closes; None for another one."""
    xy: Points = shapely.get_coordinates(line)
    if len(xy) < 4 or np.abs(xy[0] - xy[-1]).max() > _DEGREES_TOUCH:
        return None
    return xy


def _together(polygons: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return one polygon, or several as one; a ring within another is a hole."""
    if len(polygons) == 1:
        return polygons[0]
    whole = polygons[0]
    for polygon in polygons[1:]:
        whole = shapely.symmetric_difference(whole, polygon)
    return whole
