"""GeoPackage and Shapefile, and what else GDAL reads, as rows with a geometry each."""

from __future__ import annotations

import io
import tempfile
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.tables.cells import cell_text
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message
from walkshed.outside.forms import (
    SHAPEFILE,
    TABLES,
    FileForm,
    form_of,
    layers_of,
    not_one,
    parts_of,
)
from walkshed.outside.geopackage import CURE, stored_query
from walkshed.outside.shapefile import ShapefileTable, UnknownTextError, read_shapefile

if TYPE_CHECKING:
    import geopandas as gpd

_MOST_UNPACKED = 1_000_000_000  # bytes of a Shapefile in a ZIP


def read_layer(path: Path, label: str, folder: StudyFolder) -> Table | None:
    """Return the only layer of a GeoPackage or a Shapefile; None, and a fault, when it cannot be read."""
    book, form = folder.book, form_of(path, TABLES)
    assert form is not None  # its name has brought it here

    # every part of it, and nothing that GDAL would run
    for part in parts_of(path):
        if folder.read_bytes(part, folder.label(part)) is None:
            return None
    if query := stored_query(path):
        book.fault(label, query, CURE)
        return None

    layer = _layer(path, form, label, book)
    return None if layer is None else _features(layer, label)


def read_zipped(path: Path, label: str, folder: StudyFolder) -> Table | None:
    """Return the layer of the one Shapefile in a ZIP; None, and a fault, when it cannot be read."""
    book = folder.book
    data = folder.read_bytes(path, label)
    if data is None:
        return None

    # the Shapefile in it, whatever lies beside it
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if "__MACOSX" not in name]
            shapes = [name for name in names if SHAPEFILE.ends(Path(name))]
            if len(shapes) != 1:
                fact = Message("holds {count} Shapefiles, not one", count=len(shapes))
                book.fault(label, fact, "unpack it, and name the file that is meant")
                return None
            stem = shapes[0].rpartition(".")[0]
            parts = [name for name in names if name.rpartition(".")[0] == stem]
            size = sum(archive.getinfo(name).file_size for name in parts)
            if size > _MOST_UNPACKED:
                fact = Message("unpacks to {size_mb:.0f} MB", size_mb=size / 1e6)
                book.fault(label, fact, "unpack it, and name the .shp file in it")
                return None
            unpacked = {Path(name).suffix.lower(): archive.read(name) for name in parts}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, zlib.error, EOFError):
        cure = "pack it again as a ZIP without a password, or unpack it"
        book.fault(label, "cannot be read as a ZIP", cure)
        return None

    # as GDAL reads it from a folder
    with tempfile.TemporaryDirectory() as room:
        for suffix, content in unpacked.items():
            (Path(room) / f"layer{suffix}").write_bytes(content)
        layer = _layer(Path(room) / "layer.shp", SHAPEFILE, label, book)
    return None if layer is None else _features(layer, label)


def _features(layer: ShapefileTable, label: str) -> Table:
    """Return the features of a layer as rows."""
    frame = layer.frame
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    columns = {name: list(frame[name]) for name in names}
    rows = tuple(
        Row(number + 1, {name: cell_text(columns[name][number]) for name in names}, geometry)
        for number, geometry in enumerate(frame.geometry)
    )
    headers = {name: name for name in names}
    crs = layer_crs(frame)
    return Table(label, "feature", headers, rows, drawn=True, crs=crs, cut=layer.cut)


def _layer(path: Path, form: FileForm, label: str, book: FaultBook) -> ShapefileTable | None:
    """Return the frame of the only layer, its text read; None, and a fault, when it cannot be read."""
    import pyogrio

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layers = layers_of(path)
            if fact := not_one(layers):
                cure = "save the layer that is meant into a GeoPackage of its own"
                book.fault(label, fact, cure)
                return None
            if form is not SHAPEFILE:
                frame = pyogrio.read_dataframe(path, layer=layers[0])
                return ShapefileTable(frame, (), frozenset())

            layer = read_shapefile(path, layers[0])
            for note in layer.notes:
                book.note(Message("{file}: {note}", file=label, note=note))
            return layer

    except UnknownTextError as error:
        fact = Message("holds text that cannot be read: {error}", error=error)
        cure = "export the layer again with the encoding UTF-8 or GBK, or as GeoPackage"
    except Exception:  # noqa: BLE001 (the errors of GDAL, PROJ and GEOS have no family)
        fact = Message("cannot be read as a {form}", form=form.name)
        cure = "export the layer again, or close the program that holds it open"
        if form.has_parts:
            cure = Message(
                "export the layer again, or close the program that holds it open; a {form} is "
                "several files (.shp, .shx, .dbf, .prj): copy them all",
                form=form.name,
            )
    book.fault(label, fact, cure)
    return None


def layer_crs(frame: gpd.GeoDataFrame) -> str:
    """Return the code of a layer's system, else its name; "none" for a layer without one."""
    if frame.crs is None:
        return "none"
    code = frame.crs.to_epsg()
    return f"EPSG:{code}" if code else frame.crs.to_string() or "none"
