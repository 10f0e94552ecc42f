"""A first look at street lines of the planner's own: that they are lines, and that they lie on Earth."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from walkshed.errors import shorten
from walkshed.inputs.faults import FaultBook, drawn_as
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.tables.neighborhood import Box
from walkshed.model.messages import Message
from walkshed.model.results import StreetsSource
from walkshed.outside.forms import layers_of, not_one
from walkshed.outside.geopackage import CURE, stored_query
from walkshed.outside.shapefile import encoding_for


def look_at_lines(source: StreetsSource, folder: StudyFolder) -> Box | None:
    """Return the box of the lines in degrees; None, mostly with a fault, when it cannot be told."""
    label, book = folder.label(source.path), folder.book
    if query := stored_query(source.path):
        book.fault(label, query, CURE)
        return None

    # what the file says of its only layer
    info = _layer_info(source.path, label, book)
    if info is None:
        return None
    if not info["features"]:
        book.fault(label, "holds no lines", "export the layer again")
        return None
    kind = str(info["geometry_type"] or "Unknown")
    if "Line" not in kind and kind not in {"Unknown", "GeometryCollection"}:
        cure = "give the layer with the center lines of the streets"
        book.fault(label, Message("holds {geometry}, not lines", geometry=drawn_as(kind)), cure)
        return None
    if info["crs"] is None:
        cure = "set it when exporting the layer (for instance EPSG:4326)"
        book.fault(label, "has no coordinate system", cure)
        return None

    return _degrees(info["total_bounds"], str(info["crs"]), label, book)


def _layer_info(path: Path, label: str, book: FaultBook) -> dict[str, Any] | None:
    """Return what GDAL tells of the only layer; None, and a fault, when it cannot be read."""
    import pyogrio

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layers = layers_of(path)
            if fact := not_one(layers):
                book.fault(label, fact, "save the layer that is meant into a file of its own")
                return None

            info: dict[str, Any] = pyogrio.read_info(
                path,
                layer=layers[0],
                encoding=encoding_for(path),
                force_feature_count=True,
                force_total_bounds=True,
            )
            return info
    except Exception:  # noqa: BLE001 (the errors of GDAL, PROJ and GEOS have no family)
        book.fault(label, "cannot be read as street lines", "export the layer again")
        return None


def _degrees(
    bounds: tuple[float, float, float, float], crs_text: str, label: str, book: FaultBook
) -> Box | None:
    """Return a box in degrees; None, and a fault, where its numbers are not what its system says."""
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError, ProjError

    try:
        crs = CRS.from_user_input(crs_text)
    except CRSError:
        unknown = Message("has an unknown coordinate system ({crs})", crs=shorten(crs_text))
        book.fault(label, unknown, "export the layer again, for instance in EPSG:4326")
        return None

    # degrees that are called meters, or meters that are called degrees
    west, south, east, north = bounds
    in_degrees = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    fact = ""
    if crs.is_geographic and not in_degrees:
        fact = "are not degrees, although the file says so"
    if crs.is_projected and in_degrees:
        fact = "are degrees, although the file says meters"
    if fact:
        cure = "set the coordinate system when exporting the layer"
        book.fault(label, fact, cure, value=f"{west:.10g}, {south:.10g}")
        return None

    transformer = Transformer.from_crs(crs, 4326, always_xy=True)
    try:
        return transformer.transform_bounds(*bounds, errcheck=True)
    except ProjError:
        return None
