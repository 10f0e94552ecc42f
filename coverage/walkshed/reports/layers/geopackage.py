"""Layers of a run as one GeoPackage whose bytes depend on nothing but the layers."""

from __future__ import annotations

import errno
import sqlite3
import warnings
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from walkshed.model.messages import Message
from walkshed.reports.layers.styles import Style

#: GeoPackage wants a time of last change per layer; the real one would differ from run to run. 1980
#: is the earliest year that archives and file systems all accept.
LAST_CHANGE = "1980-01-01T00:00:00.000Z"
#: Bytes of a path that SQLite opens (its MAX_PATHNAME is 512, with the journal's name).
LONGEST_PATH = 500


#: The table in which QGIS keeps styles of layers, as QGIS 3.22 makes it.
_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME
)
"""


def write_layers(
    layers: Mapping[str, gpd.GeoDataFrame], path: Path, styles: Sequence[Style] = ()
) -> None:
    """Write the frames as layers of a new GeoPackage, in their order, with ``styles``; ``path`` must not exist.

    Raises OSError when the file cannot be written.
    """
    refuse_path(path)
    # nobody has the file yet: nothing is lost with it
    unwatched = {"OGR_SQLITE_SYNCHRONOUS": "OFF"}
    pyogrio.set_gdal_config_options(unwatched)
    try:
        for name, frame in layers.items():
            _write_layer(name, frame, path)
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(unwatched))
    try:
        _write_styles(styles, path)
        _pack(path)
    except sqlite3.Error as error:
        raise OSError(
            errno.ENOSPC, Message("the GeoPackage cannot be written ({error})", error=error)
        ) from error
    _still_counters(path)


def refuse_path(path: Path) -> None:
    """Raise OSError for a path that SQLite does not open: too long, or not to be told in UTF-8."""
    try:
        size = len(str(path.resolve()).encode("utf-8"))
    except UnicodeEncodeError:
        raise OSError(
            Message(
                "its name is not in the encoding of this terminal (set PYTHONUTF8=1, or a UTF-8 "
                "locale)"
            )
        ) from None
    if size > LONGEST_PATH:
        raise OSError(
            Message(
                "its path has {size} {size:byte|bytes}, and that of a GeoPackage {longest_path} "
                "at most",
                size=size,
                longest_path=LONGEST_PATH,
            )
        )


def _write_styles(styles: Sequence[Style], path: Path) -> None:
    """Write styles where QGIS looks for them."""
    if not styles:
        return
    rows = [
        (
            "",
            "",
            each.layer,
            "geom",
            each.name,
            each.qml,
            "",
            each.default,
            each.name,
            "",
            None,
            LAST_CHANGE,
        )
        for each in styles
    ]
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA synchronous = OFF")
        with database:
            database.execute(_STYLES)
            database.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
                "VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
                (LAST_CHANGE,),
            )
            database.executemany(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
                "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, "
                "owner, ui, update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )


def _pack(path: Path) -> None:
    """Date the layers, and leave out free pages; beside the file, since the folder for temporary files may be full."""
    packed = path.with_name(f"{path.stem}-packed{path.suffix}")
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA synchronous = OFF")
        with database:
            database.execute("UPDATE gpkg_contents SET last_change = ?", (LAST_CHANGE,))
        database.execute("VACUUM INTO ?", (str(packed),))
    packed.replace(path)


def _still_counters(path: Path) -> None:
    """Set the counters of changes in the header of an SQLite file to 1.

    They count transactions, whose number hangs on how busy the machine was. The two must be equal
    (SQLite, "Database File Format", 1.3.7 and 1.3.14); nobody has the file open yet.
    """
    with path.open("r+b") as file:
        for place in (24, 92):
            file.seek(place)
            file.write((1).to_bytes(4, "big"))


def _write_layer(name: str, frame: gpd.GeoDataFrame, path: Path) -> None:
    plain = frame.assign(
        **{key: frame[key].astype(object) for key in frame if _is_text(frame, str(key))}
    )
    kind = _geometry_type(frame)
    with warnings.catch_warnings():
        # Lines without a CRS are planar meters on purpose (definition 1).
        warnings.filterwarnings("ignore", "'crs' was not provided", UserWarning)
        try:
            pyogrio.write_dataframe(
                plain,
                path,
                layer=name,
                driver="GPKG",
                append=path.exists(),
                geometry_type=kind,
                promote_to_multi=kind in ("MultiPolygon", "MultiLineString"),
            )
        except pyogrio.errors.DataSourceError as error:
            raise OSError(Message("layer {name!r}: {error}", name=name, error=error)) from error


def _is_text(frame: gpd.GeoDataFrame, key: str) -> bool:
    return key != frame.geometry.name and pd.api.types.is_string_dtype(frame[key])


def _geometry_type(frame: gpd.GeoDataFrame) -> str:
    """Return the one geometry type of the layer; "Unknown" where points and polygons are mixed."""
    kinds = set(shapely.get_type_id(frame.geometry.to_numpy()).tolist())
    for geometry_type, members in (
        ("Point", {0}),
        ("MultiLineString", {1, 5}),
        ("MultiPolygon", {3, 6}),
    ):
        if kinds and kinds <= members:
            return geometry_type
    return "Unknown"
