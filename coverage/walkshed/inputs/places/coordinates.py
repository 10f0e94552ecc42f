"""Places of rows: coordinates checked, brought to WGS84 degrees, drawings repaired."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.inputs.faults import FaultBook, drawn_as
from walkshed.inputs.places.systems import SAME_AS_WGS84, TableCrs
from walkshed.inputs.tables.cells import number_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message

_HALF_TURN, _QUARTER_TURN = 180.0, 90.0
_FEWEST_METERS = 1000.0  # smaller numbers are no coordinates in meters


def place_of(row: Row, table: Table, crs: TableCrs | None, book: FaultBook) -> BaseGeometry | None:
    """Return the place of a row in WGS84 degrees, flat; None, and a fault, when there is none that can be used.

    ``crs`` is None where the coordinates of the table have a fault of their own: no row has a place.
    """
    if crs is None:
        return None
    if row.broken or row.lost or row.placed is not None:
        return row.placed
    geometry = _flat(row, table, book)
    if geometry is None:
        return None

    # as it stands in its own system
    crs = crs.of(row.number)
    if crs.swapped:
        geometry = _exchanged(geometry)
    column = table.place_column
    x, y = shapely.get_coordinates(geometry)[0]
    trouble = _trouble(shapely.get_coordinates(geometry), crs)
    if trouble is not None:
        fact, cure = trouble
        table.fault(book, row, column, fact, cure, value=f"{x:.10g}, {y:.10g}")
        return None

    # brought to WGS84
    if crs.shift is not None:
        unshifted: BaseGeometry = shapely.transform(geometry, crs.shift)
        return unshifted
    if crs.epsg in SAME_AS_WGS84:
        return geometry
    moved = _to_lonlat(geometry, crs)
    if moved is None:
        fact, cure = (
            Message("is not a place in {crs}", crs=crs.label),
            "correct crs, or exchange the two coordinates",
        )
        table.fault(book, row, column, fact, cure, value=f"{x:.10g}, {y:.10g}")
    return moved


def area_at(row: Row, table: Table, crs: TableCrs | None, book: FaultBook) -> BaseGeometry | None:
    """Return the place of a row as ``place_of`` does, a point or an area as ``area_of`` has it."""
    place = place_of(row, table, crs, book)
    return None if place is None else area_of(place, row, table, book)


def _flat(row: Row, table: Table, book: FaultBook) -> BaseGeometry | None:
    """Return what a row draws, without heights, or the point of its columns; None, and a fault, without one."""
    if not table.drawn:
        return _point(row, table, book)
    if row.geometry is None or row.geometry.is_empty:
        table.fault(book, row, "geometry", "is missing", "draw it, or remove the feature")
        return None
    flat: BaseGeometry = shapely.force_2d(row.geometry)
    return flat


def systematic_trouble(table: Table, crs: TableCrs, book: FaultBook) -> bool:
    """Return whether all places of a table (two or more) are wrong in the same way, told as one fault of the table."""
    if crs.by_row:
        return False  # each group has been found where it lies

    unheard = FaultBook()
    drawn = [drawn_place(row, table, unheard) for row in table.rows]
    places = [
        shapely.get_coordinates(_exchanged(geometry) if crs.swapped else geometry)
        for geometry in drawn
        if geometry is not None
    ]
    troubles = {_trouble(xy, crs) for xy in places}
    trouble = troubles.pop() if len(troubles) == 1 and len(places) > 1 else None
    if trouble is None:
        return False

    fact, cure = trouble
    x, y = places[0][0]
    fact = Message(
        "all {count} {count:place|places}, from {x:.10g}, {y:.10g} on, {trouble}",
        count=len(places),
        x=x,
        y=y,
        trouble=fact,
    )
    column = table.headers.get(table.place_column, table.place_column)
    book.fault(table.label, fact, cure, column=column)
    return True


def look_at_numbers(table: Table, book: FaultBook) -> None:
    """Write down coordinates that can be none in any system, where the places of a table cannot be read."""
    for row in table.rows:
        for column, most in (("lon", _HALF_TURN), ("lat", _QUARTER_TURN)):
            if row.broken or row.placed is not None or column not in table.headers:
                continue
            number = number_in(row, table, column, book)
            if number is not None and most < abs(number) < _FEWEST_METERS:
                fact = Message("lies outside ±{most:.0f}°", most=most)
                cure = "correct the coordinates (degrees, longitude first)"
                table.fault(book, row, column, fact, cure, value=row.cells[column])


def drawn_place(row: Row, table: Table, book: FaultBook) -> BaseGeometry | None:
    """Return the place of a row as it stands in the file; None without one."""
    if row.broken or row.lost:
        return None
    place = row.geometry if table.drawn else _point(row, table, book)
    return None if place is None or place.is_empty else place


def _exchanged(geometry: BaseGeometry) -> BaseGeometry:
    swapped: BaseGeometry = shapely.transform(shapely.force_2d(geometry), lambda xy: xy[:, ::-1])
    return swapped


def _point(row: Row, table: Table, book: FaultBook) -> BaseGeometry | None:
    """Return the point of the columns lon and lat; None, and a fault, where one is missing or no number."""
    cells = row.cells
    if not cells.get("lon") and not cells.get("lat"):
        cure = "fill in lon and lat"
        if cells.get("address"):
            cure = "fill in lon and lat, or run  walkshed geocode STUDY  to place addresses"
        table.fault(book, row, "lon", "is empty", cure)
        return None

    lon = number_in(row, table, "lon", book, required=True)
    lat = number_in(row, table, "lat", book, required=True)
    if lon is None or lat is None:
        return None
    return shapely.Point(lon, lat)


def _trouble(xy: np.ndarray[Any, Any], crs: TableCrs) -> tuple[Message, str] | None:
    """Return what is wrong with coordinates, and the cure; None when they can be what they should be."""
    if not np.isfinite(xy).all():
        return Message("are not numbers"), "write plain numbers"
    x, y = np.abs(xy[:, 0]).max(), np.abs(xy[:, 1]).max()
    in_degrees = bool(x <= _HALF_TURN and y <= _QUARTER_TURN)

    # meters are known only by not being degrees
    if crs.projected:
        if not in_degrees:
            return None
        return Message(
            "are degrees, where {crs} has meters", crs=crs.label
        ), 'correct crs: "wgs84" has degrees'
    if len(xy) == 1 and x == 0 and y == 0:
        return Message(
            "are a place in the sea off Africa"
        ), "fill in the true longitude and latitude"
    if in_degrees:
        return None

    # no degrees: what they may be instead
    if x <= _QUARTER_TURN and y <= _HALF_TURN:
        fact = Message("have a latitude beyond 90°: longitude and latitude look swapped")
        return fact, "write the longitude (east) first"
    if x > 1000 or y > 1000:
        cure = 'state the coordinate system: crs = "EPSG:nnnn"'
        return Message("are not degrees; they look like meters"), cure
    return Message(
        "lie outside ±180° and ±90°"
    ), "correct the coordinates (degrees, longitude first)"


def _to_lonlat(geometry: BaseGeometry, crs: TableCrs) -> BaseGeometry | None:
    """Return a geometry in WGS84 degrees; None where its system does not reach."""
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    transformer = Transformer.from_crs(crs.epsg, 4326, always_xy=True)

    def convert(xy: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1], errcheck=True))

    try:
        moved: BaseGeometry = shapely.transform(geometry, convert)
    except ProjError:
        return None
    return moved if np.isfinite(shapely.get_coordinates(moved)).all() else None


def area_of(geometry: BaseGeometry, row: Row, table: Table, book: FaultBook) -> BaseGeometry | None:
    """Return a valid polygon, multipolygon or point; None, and a fault, when nothing with an area is left.

    Invalid polygons are repaired (``shapely.make_valid``) and a note says so.
    """
    kind = geometry.geom_type
    if kind == "Point":
        return geometry
    if kind not in {"Polygon", "MultiPolygon", "GeometryCollection"}:
        fact, cure = (
            Message("is a {geometry}, not a polygon", geometry=drawn_as(kind)),
            "draw the outline as a polygon, or give a point",
        )
        table.fault(book, row, "geometry", fact, cure)
        return None
    if kind != "GeometryCollection" and geometry.is_valid and geometry.area > 0:
        return geometry

    # a repair may leave lines and points beside polygons
    areas = _polygons(shapely.make_valid(geometry))
    if not areas:
        table.fault(book, row, "geometry", "is a polygon without an area", "draw the outline again")
        return None
    repaired = shapely.union_all(areas)
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry).split("[")[0].strip()
        book.note(
            Message(
                "{table}, {row}: an invalid polygon was repaired ({library_words})",
                table=table.label,
                row=table.row_told(row.number),
                library_words=reason,
            )
        )
    return repaired if repaired.is_valid and repaired.area > 0 else None


def _polygons(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Return the polygons with an area of which a geometry consists."""
    parts = shapely.get_parts(geometry)
    while any(part.geom_type.startswith(("Multi", "Geometry")) for part in parts):
        parts = shapely.get_parts(parts)
    return [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
