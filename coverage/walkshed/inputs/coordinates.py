"""Places of rows: coordinates checked, brought to WGS84 degrees, drawings repaired."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.errors import WalkshedError, shorten
from walkshed.inputs.book import FaultBook
from walkshed.inputs.cells import number_in
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.skills import Shift
from walkshed.inputs.tables import Row, Table

_SAME_AS_WGS84 = {4326, 4490}  # CGCS2000 and WGS84 differ by centimeters
_SHIFTED = {"gcj02": "GCJ-02", "bd09": "BD-09"}
_OTHER_WORDS = {"gcj-02": "gcj02", "bd-09": "bd09", "bd09ll": "bd09", "wgs-84": "wgs84", "cgcs-2000": "cgcs2000"}
_STATE_IT = 'state it: crs = "wgs84", "gcj02", "bd09", "cgcs2000" or "EPSG:nnnn"'
_HALF_TURN, _QUARTER_TURN = 180.0, 90.0


@dataclass(frozen=True, slots=True)
class TableCrs:
    """The coordinates of a table: an EPSG code, whether they are meters, and what the planner calls them.

    ``shift`` brings degrees of a shifted system to WGS84; ``swapped`` tables hold the latitude first.
    """

    epsg: int
    projected: bool
    label: str
    shift: Shift | None = None
    swapped: bool = False


WGS84 = TableCrs(4326, projected=False, label="wgs84")


def crs_of(stated: str | None, key: str, line: int | None, table: Table | None, folder: StudyFolder) -> TableCrs | None:
    """Return the coordinates of a table: what study.toml states, else what the file says, else WGS84.

    None, and a fault, when it is not known, contradicts the file, or (``auto``) cannot be told from the places.
    """
    book = folder.book
    given = None
    if stated is not None:
        word = stated.strip().lower()
        word = _OTHER_WORDS.get(word, word)
        if word == "auto":
            return _detected(key, line, table, folder)
        given = _shifted(word, key, line, folder) if word in _SHIFTED else _parse(word)
        if given is None:
            if word not in _SHIFTED:
                cure = 'write "wgs84", "gcj02", "bd09", "cgcs2000", "auto" or "EPSG:nnnn" (geographic or projected)'
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
    return given if given is not None and given.shift is not None else own


def _shifted(word: str, key: str, line: int | None, folder: StudyFolder) -> TableCrs | None:
    shift = folder.skills.to_wgs84.get(word)
    if shift is None:
        cure = "read the study with walkshed.read_study, or convert the coordinates to WGS84"
        fact = "needs a conversion that this reading was not given"
        folder.book.fault("study.toml", fact, cure, row=line, column=key, value=word)
        return None
    return TableCrs(4326, projected=False, label=_SHIFTED[word], shift=shift)


def _detected(key: str, line: int | None, table: Table | None, folder: StudyFolder) -> TableCrs | None:
    """Return the system in which the detective finds the whole table; None, and a fault, where it is not clear."""
    if table is None:
        return WGS84  # its file has a fault already
    own = None if table.crs in (None, "none") else _parse(str(table.crs).lower())
    if own is not None and own.projected:
        return own  # the file says so; only degrees are ever shifted
    detect, extract, book = folder.skills.detect, folder.extract, folder.book
    if detect is None or extract is None:
        fact = "needs an OSM extract to compare places with"
        book.fault("study.toml", fact, _STATE_IT, row=line, column=key, value="auto")
        return None
    unheard = FaultBook()
    places = [(row, place) for row in table.rows if (place := _drawn(row, table, unheard)) is not None]
    if not places:
        return WGS84  # empty cells are told row by row
    centers = np.array([shapely.get_coordinates(shapely.centroid(place))[0] for _, place in places], dtype=np.float64)
    names = [row.cells.get("name", "") for row, _ in places]
    addresses = [row.cells.get("address", "") for row, _ in places]
    try:
        findings = detect(extract, centers, names, addresses)
    except WalkshedError as error:
        book.fault(folder.label(extract), "cannot be compared with", " ".join(str(error).split()))
        return None
    column = "geometry" if table.drawn else table.headers.get("lon", "lon")
    unclear = [finding for finding in findings if finding.crs is None]
    for finding in unclear:
        which = _rows_told([places[index][0].number for index in finding.rows], len(places))
        fact = f"the coordinate system of {which} cannot be told: {finding.reason.split('; state it:')[0]}"
        book.fault(table.label, fact, f"{_STATE_IT} in study.toml ({key})", column=column)
    if unclear:
        return None
    systems = {(finding.crs, finding.swapped): finding for finding in findings}
    if len(systems) > 1:
        told = "; ".join(
            f"{_rows_told([places[index][0].number for index in finding.rows], 0)} look like {finding.crs}"
            for finding in findings
        )
        book.fault(table.label, f"stands in several coordinate systems ({told})", "part the table", column=column)
        return None
    (found,) = systems.values()
    word = found.crs or ""
    crs = _shifted(word, key, line, folder) if word in _SHIFTED else _parse(word.lower())
    if crs is None:
        return None
    order = ", latitude first" if found.swapped else ""
    book.note(
        f"{table.label}: the coordinates are taken as {crs.label}{order} "
        f"(confidence {found.confidence:.3g}); {found.reason}"
    )
    for note in found.notes:
        book.note(f"{table.label}: {note}")
    return replace(crs, swapped=found.swapped)


def _rows_told(numbers: list[int], of: int) -> str:
    if len(numbers) == of:
        return "the table"
    shown = ", ".join(map(str, numbers[:6])) + (" …" if len(numbers) > 6 else "")
    return f"row {shown}" if len(numbers) == 1 else f"rows {shown}"


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
    if row.broken or row.placed is not None:
        return row.placed
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
    if crs.swapped:
        geometry = _exchanged(geometry)
    trouble = _trouble(shapely.get_coordinates(geometry), crs)
    column = "geometry" if table.drawn else "lon"
    if trouble is not None:
        fact, cure = trouble
        x, y = shapely.get_coordinates(geometry)[0]
        table.fault(book, row, column, fact, cure, value=f"{x:.10g}, {y:.10g}")
        return None
    if crs.shift is not None:
        unshifted: BaseGeometry = shapely.transform(geometry, crs.shift)
        return unshifted
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
    drawn = [_drawn(row, table, unheard) for row in table.rows]
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
    example = f"all {len(places)} places, from {x:.10g}, {y:.10g} on,"
    book.fault(table.label, f"{example} {fact}", cure, column="geometry" if table.drawn else table.headers["lon"])
    return True


def _drawn(row: Row, table: Table, book: FaultBook) -> BaseGeometry | None:
    """Return the place of a row as it stands in the file; None without one."""
    place = None if row.broken else row.geometry if table.drawn else _point(row, table, book)
    return None if place is None or place.is_empty else place


def _exchanged(geometry: BaseGeometry) -> BaseGeometry:
    swapped: BaseGeometry = shapely.transform(shapely.force_2d(geometry), lambda xy: xy[:, ::-1])
    return swapped


def _point(row: Row, table: Table, book: FaultBook) -> BaseGeometry | None:
    cells = row.cells
    if not cells.get("lon") and not cells.get("lat"):
        cure = "fill in lon and lat"
        if cells.get("address"):
            cure += ", or run  walkshed geocode STUDY  to place addresses"
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
