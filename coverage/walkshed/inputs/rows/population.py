"""Population of the planner's own: points with people, a grid of cells, or a raster of people per pixel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import shapely

from walkshed.errors import shorten
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.places.coordinates import area_of, place_of, systematic_trouble
from walkshed.inputs.places.systems import TableCrs
from walkshed.inputs.places.table_crs import crs_of
from walkshed.inputs.tables.cells import amount_in, identify
from walkshed.inputs.tables.reading import read_table
from walkshed.model.arrays import read_only
from walkshed.model.town.population import Population
from walkshed.outside.forms import RASTER

Form = Literal["points", "grid"]
_MOST_PIXELS = 4_000_000  # of a raster within the study's reach; a town has thousands


def read_population_file(path: Path) -> Population:
    """Return the population of one file, points or cells as it holds them; raises ``InputFaultsError``."""
    book = FaultBook()
    folder = StudyFolder(Path(path).parent, book)
    found = folder.find(Path(path).name, asked_by="--people", row=None)
    population = None if found is None else read_population(found, None, None, None, folder)
    book.raise_if_any()
    assert population is not None  # else there was a fault
    return population


def read_population(
    path: Path, form: Form | None, crs: str | None, line: int | None, folder: StudyFolder
) -> Population | None:
    """Return the people in a file; None, and faults, when it cannot be used.

    ``form`` says what is expected (None: whatever the file holds), ``crs`` what study.toml states,
    on ``line``.
    """
    label, book = folder.label(path), folder.book
    if RASTER.ends(path):
        return _raster(path, label, folder)
    table = read_table(path, "people", folder)
    stated = crs_of(crs, "people.crs", line, table, folder)
    if table is None:
        return None
    header = table.header_row
    if "people" not in table.headers:
        cure = "call the column with the number of people 'people' or 'population'"
        book.fault(label, "has no column 'people'", cure, row=header)
        return None
    missing = [name for name in ("lon", "lat") if not table.drawn and name not in table.headers]
    if missing:
        columns = " and ".join(f"'{name}'" for name in missing)
        book.fault(label, f"has no column {columns}", "add lon and lat in degrees", row=header)
        return None
    if stated is None or systematic_trouble(table, stated, book):
        return None
    named = "id" in table.headers or "name" in table.headers
    rows = (
        identify(table, "P", book)
        if named
        else [(row, f"P{n}", f"P{n}") for n, row in enumerate(table.rows, 1)]
    )
    ids: list[str] = []
    called: list[str] = []
    people: list[float] = []
    places: list[shapely.Geometry] = []
    for row, key, name in rows:
        count = amount_in(row, table, "people", book)
        place = None if row.broken else place_of(row, table, stated, book)
        area = None if place is None else area_of(place, row, table, book)
        if area is not None:
            ids.append(key)
            called.append(name)
            people.append(count or 0.0)
            places.append(area)
    return _population(label, form, ids, called, people, places, book)


def _population(
    label: str,
    form: Form | None,
    ids: list[str],
    names: list[str],
    people: list[float],
    places: list[shapely.Geometry],
    book: FaultBook,
) -> Population | None:
    kinds = {place.geom_type == "Point" for place in places}
    if not places:
        return None
    if len(kinds) > 1:
        book.fault(
            label, "holds both points and areas", "give points or cells, each in a file of its own"
        )
        return None
    found: Form = "points" if kinds.pop() else "grid"
    if form is not None and found != form:
        what = "areas, not points" if form == "points" else "points, not areas"
        book.fault(label, f"holds {what}", f"write {found} = … under [people] of study.toml")
        return None
    geometry = np.empty(len(places), dtype=object)
    geometry[:] = places
    return Population(
        found, label, tuple(ids), tuple(names), read_only(people, np.float64), geometry
    )


def _raster(path: Path, label: str, folder: StudyFolder) -> Population | None:
    """Return the pixels with people of a GeoTIFF as cells; the first band holds people per pixel."""
    book = folder.book
    try:
        import rasterio
        from rasterio.errors import RasterioError
    except ImportError:
        cure = "run  pip install 'walkshed[raster]'  , or convert it to polygons (QGIS: Raster pixels to polygons)"
        book.fault(label, "is a raster, which needs the package rasterio", cure)
        return None
    folder.digest(path, label)
    try:
        with rasterio.open(path) as raster:
            if raster.crs is None:
                book.fault(
                    label,
                    "has no coordinate system",
                    "set it in QGIS (Assign projection), and save it again",
                )
                return None
            if raster.width * raster.height > _MOST_PIXELS:
                fact = f"holds {raster.width} × {raster.height} pixels, far more than a town"
                book.fault(label, fact, "clip it to the town first (QGIS: Clip raster by extent)")
                return None
            band = raster.read(1, masked=True)
            values = np.asarray(band.filled(0), dtype=np.float64)
            crs, transform = (
                TableCrs(raster.crs.to_epsg() or 0, raster.crs.is_projected, str(raster.crs)),
                raster.transform,
            )
            wkt = raster.crs.to_wkt()
    except (RasterioError, OSError, ValueError) as error:
        reason = shorten(" ".join(str(error).split()), 120)
        book.fault(label, f"cannot be read as a GeoTIFF ({reason})", "export it again")
        return None
    if not np.isfinite(values).all() or (values < 0).any():
        low = float(np.nanmin(values))
        book.fault(
            label,
            "holds pixels that are no number of people",
            "set its no-data value",
            value=f"{low:g}",
        )
        return None
    row, column = np.nonzero(values > 0)
    if len(row) == 0:
        book.fault(label, "holds nobody", "give a raster of people per pixel")
        return None
    a, b, c, d, e, f = transform[:6]
    corners = np.stack(
        [
            np.column_stack(
                [a * (column + dx) + b * (row + dy) + c, d * (column + dx) + e * (row + dy) + f]
            )
            for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1))
        ],
        axis=1,
    )  # (n, 4 corners, 2)
    cells = shapely.polygons(corners)
    if crs.epsg not in {4326, 4490}:
        cells = _moved(cells, wkt)
    ids = tuple(f"P{r + 1}-{c + 1}" for r, c in zip(row, column))
    return Population("grid", label, ids, ids, read_only(values[row, column], np.float64), cells)


def _moved(
    cells: np.ndarray[tuple[int, ...], np.dtype[np.object_]], wkt: str
) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    from pyproj import CRS, Transformer

    transformer = Transformer.from_crs(CRS.from_wkt(wkt), 4326, always_xy=True)
    moved: np.ndarray[tuple[int, ...], np.dtype[np.object_]] = shapely.transform(
        cells, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    )
    return moved
