"""Places of rows: coordinates checked, brought to WGS84 degrees, drawings repaired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.errors import shorten
from walkshed.inputs.book import FaultBook
from walkshed.inputs.cells import number_in
from walkshed.inputs.tables import Row, Table

_SAME_AS_WGS84 = {4326, 4490}  # CGCS2000 and WGS84 differ by centimeters
_LATER_CRS = {
    "gcj02": "convert the coordinates to WGS84 first (GCJ-02 is shifted by some 500 m)",
    "bd09": "convert the coordinates to WGS84 first (BD-09 is shifted by some 1,200 m)",
    "auto": 'state it: crs = "wgs84", "cgcs2000" or "EPSG:nnnn"',
}
_HALF_TURN, _QUARTER_TURN = 180.0, 90.0


@dataclass(frozen=True, slots=True)
class TableCrs:
    """The coordinates of a table: an EPSG code, whether they are meters, and what the planner calls them."""

    epsg: int
    projected: bool
    label: str


WGS84 = TableCrs(4326, projected=False, label="wgs84")


def crs_of(stated: str | None, key: str, line: int | None, table: Table | None, book: FaultBook) -> TableCrs | None:
    """Return the coordinates of a table: what study.toml states, else what the file says, else WGS84.

    None, and a fault, when it is not known, comes in a later version, or contradicts the file.
    """
    given = None
    if stated is not None:
        word = stated.strip().lower()
        if word in _LATER_CRS:
            fact = "is understood by a later version; this one does not shift coordinates yet"
            book.fault("study.toml", fact, _LATER_CRS[word], row=line, column=key, value=stated)
            return None
        given = _parse(word)
        if given is None:
            cure = 'write "wgs84", "cgcs2000" or "EPSG:nnnn" (a geographic or projected system)'
            book.fault("study.toml", "is no known coordinate system", cure, row=line, column=key, value=stated)
            return None
    own_text = None if table is None else table.crs
    if table is None or own_text is None:
        return given or WGS84
    own = _parse(own_text.lower())
    if own is None:
        if given is not None:
            return given
        fact = (
            "has no coordinate system"
            if own_text == "none"
            else f"has a coordinate system without code ({shorten(own_text)})"
        )
        book.fault(table.label, fact, f'state it in study.toml: {key.split(".")[1]} = "EPSG:nnnn"')
        return None
    if given is not None and given.epsg != own.epsg and not {given.epsg, own.epsg} <= _SAME_AS_WGS84:
        fact = f"contradicts the file itself, which says EPSG:{own.epsg}"
        book.fault("study.toml", fact, "take crs out, or save the file again", row=line, column=key, value=stated)
        return None
    return own


def _parse(word: str) -> TableCrs | None:
    if word in {"wgs84", "epsg:4326", "ogc:crs84"}:
        return WGS84
    if word == "cgcs2000":
        return TableCrs(4490, projected=False, label=word)
    code = word.rsplit(":", 1)[-1]
    if "epsg" not in word or not (code.isascii() and code.isdigit()):
        return None
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        crs = CRS.from_epsg(int(code))
    except (CRSError, OverflowError, ValueError):
        return None
    if not (crs.is_geographic or crs.is_projected) or len(crs.axis_info) != 2:
        return None
    return TableCrs(int(code), projected=crs.is_projected, label=f"EPSG:{code}")


def place_of(row: Row, table: Table, crs: TableCrs, book: FaultBook) -> BaseGeometry | None:
    """Return the place of a row in WGS84 degrees, flat; None, and a fault, when there is none that can be used."""
    if row.broken:
        return None
    if table.drawn:
        drawn = row.geometry
        if drawn is None or drawn.is_empty:
            table.fault(book, row, "geometry", "is missing", "draw it, or remove the feature")
            return None
        geometry: BaseGeometry | None = shapely.force_2d(drawn)
    else:
        geometry = _point(row, table, book)
    if geometry is None:
        return None
    trouble = _trouble(shapely.get_coordinates(geometry), crs)
    column = "geometry" if table.drawn else "lon"
    if trouble is not None:
        fact, cure = trouble
        x, y = shapely.get_coordinates(geometry)[0]
        table.fault(book, row, column, fact, cure, value=f"{x:.10g}, {y:.10g}")
        return None
    if crs.epsg in _SAME_AS_WGS84:
        return geometry
    moved = _to_lonlat(geometry, crs)
    if moved is None:
        x, y = shapely.get_coordinates(geometry)[0]
        fact, cure = f"is no place in {crs.label}", "correct crs, or exchange the two coordinates"
        table.fault(book, row, column, fact, cure, value=f"{x:.10g}, {y:.10g}")
    return moved


def systematic_trouble(table: Table, crs: TableCrs, book: FaultBook) -> bool:
    """Return whether all places of a table (two or more) are wrong in the same way, told as one fault of the table."""
    unheard = FaultBook()
    drawn = [row.geometry if table.drawn else _point(row, table, unheard) for row in table.rows if not row.broken]
    places = [shapely.get_coordinates(geometry) for geometry in drawn if geometry is not None and not geometry.is_empty]
    troubles = {_trouble(xy, crs) for xy in places}
    trouble = troubles.pop() if len(troubles) == 1 and len(places) > 1 else None
    if trouble is None:
        return False
    fact, cure = trouble
    x, y = places[0][0]
    example = f"all {len(places)} places, from {x:.10g}, {y:.10g} on,"
    book.fault(table.label, f"{example} {fact}", cure, column="geometry" if table.drawn else table.headers["lon"])
    return True


def _point(row: Row, table: Table, book: FaultBook) -> BaseGeometry | None:
    cells = row.cells
    if not cells.get("lon") and not cells.get("lat"):
        cure = "fill in lon and lat"
        if cells.get("address"):
            cure += "; addresses are placed by a later version"
        table.fault(book, row, "lon", "is empty", cure)
        return None
    lon = number_in(row, table, "lon", book, required=True)
    lat = number_in(row, table, "lat", book, required=True)
    return None if lon is None or lat is None else shapely.Point(lon, lat)


def _trouble(xy: np.ndarray[Any, Any], crs: TableCrs) -> tuple[str, str] | None:
    """Return what is wrong with coordinates, and the cure; None when they can be what they should be."""
    if not np.isfinite(xy).all():
        return "are no numbers", "write plain numbers"
    x, y = np.abs(xy[:, 0]).max(), np.abs(xy[:, 1]).max()
    if crs.projected:
        if x <= _HALF_TURN and y <= _QUARTER_TURN:
            return f"are degrees, where {crs.label} has meters", 'correct crs: "wgs84" has degrees'
        return None
    if len(xy) == 1 and x == 0 and y == 0:
        return "are a place in the sea off Africa", "fill in the true longitude and latitude"
    if x <= _HALF_TURN and y <= _QUARTER_TURN:
        return None
    if x <= _QUARTER_TURN and y <= _HALF_TURN:
        return "have a latitude beyond 90°: longitude and latitude look swapped", "write the longitude (east) first"
    if x > 1000 or y > 1000:
        return "are no degrees; they look like meters", 'state the coordinate system: crs = "EPSG:nnnn"'
    return "lie outside ±180° and ±90°", "correct the coordinates (degrees, longitude first)"


def _to_lonlat(geometry: BaseGeometry, crs: TableCrs) -> BaseGeometry | None:
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
    if geometry.geom_type == "Point":
        return geometry
    if geometry.geom_type not in {"Polygon", "MultiPolygon", "GeometryCollection"}:
        fact = f"is a {geometry.geom_type}, not a polygon"
        table.fault(book, row, "geometry", fact, "draw the outline as a polygon, or give a point")
        return None
    if geometry.geom_type != "GeometryCollection" and geometry.is_valid and geometry.area > 0:
        return geometry
    parts = shapely.get_parts(shapely.make_valid(geometry))
    while any(part.geom_type.startswith(("Multi", "Geometry")) for part in parts):
        parts = shapely.get_parts(parts)
    areas = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
    if not areas:
        table.fault(book, row, "geometry", "is a polygon without an area", "draw the outline again")
        return None
    repaired = shapely.union_all(areas)
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry).split("[")[0].strip()
        book.note(f"{table.label}, {table.counted} {row.number}: an invalid polygon was repaired ({reason})")
    return repaired if repaired.is_valid and repaired.area > 0 else None
