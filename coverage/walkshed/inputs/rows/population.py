"""Population of the planner's own: points with people, a grid of cells, or a raster of people per pixel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
import shapely

from walkshed.errors import shorten
from walkshed.inputs.faults import FaultBook, quoted
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.places.coordinates import area_at, systematic_trouble
from walkshed.inputs.places.systems import SAME_AS_WGS84
from walkshed.inputs.places.table_crs import crs_of
from walkshed.inputs.tables.cells import Identified, amount_in, identify
from walkshed.inputs.tables.meaning.joining import whole_table
from walkshed.inputs.tables.reading import read_table
from walkshed.inputs.tables.table import Table
from walkshed.model.arrays import FloatArray, IntArray, read_only
from walkshed.model.messages import Message
from walkshed.model.town.population import Population
from walkshed.outside.forms import RASTER

Form = Literal["points", "grid"]
Geometries = np.ndarray[tuple[int, ...], np.dtype[np.object_]]
_MOST_PIXELS = 4_000_000  # of a raster within the study's reach; a town has thousands


def read_population_file(path: Path, people_column: str | None = None) -> Population:
    """Return the population of one file, points or cells as it holds them; raises ``InputFaultsError``.

    ``people_column`` is the header of the column with the people, where the caller states it.
    """
    book = FaultBook()
    folder = StudyFolder(Path(path).parent, book)
    found = folder.find(Path(path).name, asked_by="--people", row=None)
    stated = {} if people_column is None else {"people": people_column}
    population = None
    if found is not None:
        population = read_population(found, None, None, None, folder, stated=stated)
    book.raise_if_any()
    assert population is not None  # else there was a fault
    return population


def read_population(
    path: Path,
    form: Form | None,
    crs: str | None,
    line: int | None,
    folder: StudyFolder,
    *,
    stated: Mapping[str, str] = MappingProxyType({}),
) -> Population | None:
    """Return the people in a file; None, and faults, when it cannot be used.

    ``form`` says what is expected (None: whatever the file holds), ``crs`` what study.toml states,
    on ``line``, and ``stated`` the headers that it names.
    """
    label, book = folder.label(path), folder.book
    if RASTER.ends(path):
        return _raster_population(path, label, folder)

    # a table with the columns that it needs, in one system
    table = whole_table([read_table(path, "people", folder, stated=stated)], stated, book)
    system = crs_of(crs, "people.crs", line, table, folder)
    if table is None or not _has_columns(table, book):
        return None
    if system is None or systematic_trouble(table, system, book):
        return None

    entries: list[_Entry] = []
    for row, key, name in _identified(table, book):
        count = amount_in(row, table, "people", book)
        if row.broken:
            continue
        area = area_at(row, table, system, book)
        if area is not None:
            entries.append(_Entry(key, name, count or 0.0, area))
    return _population(label, form, entries, book)


def _has_columns(table: Table, book: FaultBook) -> bool:
    """Return whether a table says how many people are where; a fault where it does not."""
    header = table.header_row
    if "people" not in table.headers:
        cure = (
            "call the column with the number of people 'people' or 'population', or state it: "
            'people = "…" under [people.columns], or init --people-column'
        )
        book.fault(table.label, "has no column 'people'", cure, row=header)
        return False

    missing = [name for name in ("lon", "lat") if not table.drawn and name not in table.headers]
    if missing:
        fact = Message("has no column {names}", names=quoted(missing))
        book.fault(table.label, fact, "add lon and lat in degrees", row=header)
    return not missing


def _identified(table: Table, book: FaultBook) -> list[Identified]:
    """Return the rows with their ids and names; P1, P2 … where the table names none."""
    if {"id", "name"} & set(table.headers):
        return identify(table, "P", book)
    return [(row, f"P{number}", f"P{number}") for number, row in enumerate(table.rows, start=1)]


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """People at one point or in one cell."""

    id: str
    name: str
    people: float
    place: shapely.Geometry


def _population(
    label: str, form: Form | None, entries: Sequence[_Entry], book: FaultBook
) -> Population | None:
    """Return points or cells with their people; None, and a fault, where they are not what is expected."""
    if not entries:
        return None
    kinds = {entry.place.geom_type == "Point" for entry in entries}
    if len(kinds) > 1:
        cure = "give points or cells, each in a file of its own"
        book.fault(label, "holds both points and areas", cure)
        return None

    found: Form = "points" if kinds.pop() else "grid"
    if form is not None and found != form:
        fact = "holds areas, not points" if form == "points" else "holds points, not areas"
        cure = Message("write {key} = … under [people] of study.toml", key=found)
        book.fault(label, fact, cure)
        return None

    geometry = np.empty(len(entries), dtype=object)
    geometry[:] = [entry.place for entry in entries]
    return Population(
        found,
        label,
        tuple(entry.id for entry in entries),
        tuple(entry.name for entry in entries),
        read_only([entry.people for entry in entries], np.float64),
        geometry,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Raster:
    """The first band of a GeoTIFF, people per pixel, and where its pixels lie."""

    people: FloatArray  # (rows, columns)
    corner: tuple[float, float, float, float, float, float]  # affine: (column, row) -> (x, y)
    wkt: str
    is_degrees: bool  # of WGS84, or of CGCS2000, which differs by centimeters


def _raster_population(path: Path, label: str, folder: StudyFolder) -> Population | None:
    """Return the pixels with people of a GeoTIFF as cells; the first band holds people per pixel."""
    book = folder.book
    raster = _read_raster(path, label, folder)
    if raster is None:
        return None
    if not np.isfinite(raster.people).all() or (raster.people < 0).any():
        fact, cure = "holds pixels that are not numbers of people", "set its no-data value"
        book.fault(label, fact, cure, value=f"{float(np.nanmin(raster.people)):g}")
        return None

    row, column = np.nonzero(raster.people > 0)
    if len(row) == 0:
        book.fault(label, "holds nobody", "give a raster of people per pixel")
        return None
    ids = tuple(f"P{r + 1}-{c + 1}" for r, c in zip(row, column))
    people = read_only(raster.people[row, column], np.float64)
    return Population("grid", label, ids, ids, people, _pixels(raster, row, column))


def _read_raster(path: Path, label: str, folder: StudyFolder) -> _Raster | None:
    """Return a GeoTIFF; None, and a fault, for one that cannot be used, or without the package for it."""
    book = folder.book
    try:
        import rasterio
        from rasterio.errors import RasterioError
    except ImportError:
        cure = (
            "run  pip install 'walkshed[raster]'  , "
            "or convert it to polygons (QGIS: Raster pixels to polygons)"
        )
        book.fault(label, "is a raster, which needs the package rasterio", cure)
        return None

    folder.digest(path, label)
    try:
        with rasterio.open(path) as file:
            if file.crs is None:
                cure = "set it in QGIS (Assign projection), and save it again"
                book.fault(label, "has no coordinate system", cure)
                return None
            if file.width * file.height > _MOST_PIXELS:
                fact = Message(
                    "holds {width} × {height} pixels, far more than a town",
                    width=file.width,
                    height=file.height,
                )
                book.fault(label, fact, "clip it to the town first (QGIS: Clip raster by extent)")
                return None

            # pixels without data hold nobody
            people = np.asarray(file.read(1, masked=True).filled(0), dtype=np.float64)
            is_degrees = file.crs.to_epsg() in SAME_AS_WGS84
            return _Raster(people, file.transform[:6], file.crs.to_wkt(), is_degrees)
    except (RasterioError, OSError, ValueError) as error:
        words = shorten(" ".join(str(error).split()), 120)
        fact = Message("cannot be read as a GeoTIFF ({library_words})", library_words=words)
        book.fault(label, fact, "export it again")
        return None


def _pixels(raster: _Raster, row: IntArray, column: IntArray) -> Geometries:
    """Return pixels as squares in WGS84 degrees."""
    a, b, c, d, e, f = raster.corner
    corners = []
    for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1)):
        x = a * (column + dx) + b * (row + dy) + c
        y = d * (column + dx) + e * (row + dy) + f
        corners.append(np.column_stack([x, y]))

    cells: Geometries = shapely.polygons(np.stack(corners, axis=1))  # (n, 4 corners, 2)
    return cells if raster.is_degrees else _in_degrees(cells, raster.wkt)


def _in_degrees(cells: Geometries, wkt: str) -> Geometries:
    """Return shapes of another system in WGS84 degrees."""
    from pyproj import CRS, Transformer

    transformer = Transformer.from_crs(CRS.from_wkt(wkt), 4326, always_xy=True)
    moved: Geometries = shapely.transform(
        cells, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    )
    return moved
