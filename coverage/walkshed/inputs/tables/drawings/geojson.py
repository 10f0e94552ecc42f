"""GeoJSON as rows with a geometry each."""

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
from walkshed.inputs.tables.cells import cell_text
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message

_EXPORT = "export the layer again as GeoJSON"


def read_geojson(path: Path, label: str, folder: StudyFolder) -> Table | None:
    """Return the features of a GeoJSON file; None, and a fault, when it cannot be read."""
    book = folder.book
    text = folder.read_text(path, label)
    data = None if text is None else _collection(text, label, book)
    if data is None:
        return None

    rows: list[Row] = []
    headers: dict[str, str] = {}
    for number, feature in enumerate(data["features"], start=1):
        cells = _cells(feature)
        if cells is None:
            book.fault(label, "is not a feature", _EXPORT, row=number, counted="feature")
            continue
        headers |= {name: name for name in cells}
        geometry, sound = _geometry(feature.get("geometry"), number, label, book)
        rows.append(Row(number, cells, geometry, broken=not sound))

    return Table(label, "feature", headers, tuple(rows), drawn=True, crs=_geojson_crs(data))


def _collection(text: str, label: str, book: FaultBook) -> dict[str, Any] | None:
    """Return a FeatureCollection, of one feature or of a feature on each line; None, and a fault, for what is none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = _features_by_line(text)
        if lines is not None:
            return {"features": lines}
        row = getattr(error, "lineno", None)
        reason = getattr(error, "msg", None) or type(error).__name__
        book.fault(
            label, Message("is not JSON ({library_words})", library_words=reason), _EXPORT, row=row
        )
        return None

    if isinstance(data, dict) and isinstance(data.get("features"), list):
        return data
    if _is_feature(data):
        return {**data, "features": [data]}
    book.fault(label, "is JSON, but no GeoJSON FeatureCollection", _EXPORT)
    return None


def _features_by_line(text: str) -> list[Any] | None:
    """Return the features of GeoJSON lines (RFC 8142, with or without its mark); None for other text."""
    lines = [line.strip("\x1e \t\r") for line in text.split("\n")]
    try:
        read = [json.loads(line) for line in lines if line]
    except (ValueError, RecursionError):
        return None
    return read if len(read) > 1 and all(map(_is_feature, read)) else None


def _is_feature(data: Any) -> bool:  # noqa: ANN401 (JSON)
    return isinstance(data, dict) and data.get("type") == "Feature"


def _cells(feature: Any) -> dict[str, str] | None:  # noqa: ANN401 (JSON)
    """Return the properties of a feature as text, with its id where they hold none; None for no feature."""
    if not isinstance(feature, dict):
        return None
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        return None

    cells = {name: cell_text(value) for name, value in properties.items()}
    if "id" not in cells and feature.get("id") is not None:
        cells["id"] = cell_text(feature["id"])
    return cells


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
        fact = "has a geometry that is not GeoJSON"
        book.fault(label, fact, "draw it again", row=number, counted="feature")
        return None, False


def _geojson_crs(data: Mapping[str, Any]) -> str | None:
    """Return what the old ``crs`` member says (GeoJSON 2008; RFC 7946 knows WGS84 only)."""
    held: Any = data
    for key in ("crs", "properties", "name"):
        if not isinstance(held, dict):
            return None
        held = held.get(key)
    if not isinstance(held, str) or held.upper().endswith("CRS84"):
        return None
    return held
