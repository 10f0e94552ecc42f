"""Drawings: GeoJSON, GeoPackage and Shapefile as rows with a geometry each."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.tables.cell_text import cell_text
from walkshed.inputs.tables.table import Row, Table
from walkshed.outside.forms import SHAPEFILE, TABLES, form_of, layers_of, not_one, parts_of
from walkshed.outside.geopackage import CURE, stored_query
from walkshed.outside.shapefile import UnknownTextError, read_shapefile


def read_geojson(path: Path, label: str, folder: StudyFolder) -> Table | None:
    """Return the features of a GeoJSON file; None, and a fault, when it cannot be read."""
    text = folder.read_text(path, label)
    if text is None:
        return None
    book = folder.book
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        row = getattr(error, "lineno", None)
        cure = "export the layer again as GeoJSON"
        book.fault(
            label,
            f"is not JSON ({getattr(error, 'msg', None) or type(error).__name__})",
            cure,
            row=row,
        )
        return None
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        book.fault(
            label, "is JSON, but no GeoJSON FeatureCollection", "export the layer again as GeoJSON"
        )
        return None
    rows, headers = [], dict[str, str]()
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
            book.fault(
                label,
                "is no feature",
                "export the layer again as GeoJSON",
                row=number,
                counted="feature",
            )
            continue
        cells = {
            name: cell_text(value) for name, value in (feature.get("properties") or {}).items()
        }
        if "id" not in cells and feature.get("id") is not None:
            cells["id"] = cell_text(feature["id"])
        headers.update({name: name for name in cells})
        geometry, sound = _geometry(feature.get("geometry"), number, label, book)
        rows.append(Row(number, cells, geometry, broken=not sound))
    return Table(label, "feature", headers, tuple(rows), drawn=True, crs=_geojson_crs(data))


def _geometry(
    raw: Any,  # noqa: ANN401 (JSON)
    number: int,
    label: str,
    book: FaultBook,
) -> tuple[BaseGeometry | None, bool]:
    """Return a feature's geometry and whether it could be read."""
    if raw is None:
        return None, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return shapely.from_geojson(json.dumps(raw)), True
    except (shapely.errors.ShapelyError, ValueError, TypeError, RecursionError):
        book.fault(
            label,
            "has a geometry that is not GeoJSON",
            "draw it again",
            row=number,
            counted="feature",
        )
        return None, False


def _geojson_crs(data: Mapping[str, Any]) -> str | None:
    """Return what the old ``crs`` member says (GeoJSON 2008; RFC 7946 knows WGS84 only)."""
    crs = data.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or name.upper().endswith("CRS84"):
        return None
    return name


def read_layer(path: Path, label: str, folder: StudyFolder) -> Table | None:
    """Return the only layer of a GeoPackage or a Shapefile; None, and a fault, when it cannot be read."""
    import pyogrio

    book, form = folder.book, form_of(path, TABLES)
    assert form is not None  # its name has brought it here
    for part in parts_of(path):
        if folder.read_bytes(part, folder.label(part)) is None:
            return None
    if query := stored_query(path):
        book.fault(label, query, CURE)
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layers = layers_of(path)
            if fact := not_one(layers):
                cure = "save the layer that is meant into a GeoPackage of its own"
                book.fault(label, fact, cure)
                return None
            cut = frozenset[str]()
            if form is SHAPEFILE:
                read = read_shapefile(path, layers[0])
                frame, cut = read.frame, read.cut
                for note in read.notes:
                    book.note(f"{label}: {note}")
            else:
                frame = pyogrio.read_dataframe(path, layer=layers[0])
    except UnknownTextError as error:
        cure = "export the layer again with the encoding UTF-8 or GBK, or as GeoPackage"
        book.fault(label, f"holds text that cannot be read: {error}", cure)
        return None
    except Exception:  # noqa: BLE001 (GDAL's, PROJ's and GEOS' errors on a damaged file have no family)
        cure = "export the layer again, or close the program that holds it open"
        if form.has_parts:
            cure += f"; a {form.name} is several files (.shp, .shx, .dbf, .prj): copy them all"
        book.fault(label, f"cannot be read as a {form.name}", cure)
        return None
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    columns = {name: list(frame[name]) for name in names}
    rows = tuple(
        Row(number + 1, {name: cell_text(columns[name][number]) for name in names}, geometry)
        for number, geometry in enumerate(frame.geometry)
    )
    code = None if frame.crs is None else frame.crs.to_epsg()
    crs = f"EPSG:{code}" if code else None if frame.crs is None else frame.crs.to_string()
    headers = {name: name for name in names}
    return Table(label, "feature", headers, rows, drawn=True, crs=crs or "none", cut=cut)
