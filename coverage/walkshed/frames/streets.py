"""The doors by which streets come in: an OSM extract, drawn lines, a file of lines or of unmapped lanes."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from walkshed.errors import InvalidValueError, NotFoundError, UnreadableFileError
from walkshed.frames.places import WGS84, geometry_of
from walkshed.model.ground.network import PrivateRule, StreetNetwork
from walkshed.model.ground.plane import Plane
from walkshed.model.messages import Message
from walkshed.model.paths import path_of
from walkshed.outside.forms import LINES, in_words, layers_of, not_one
from walkshed.outside.geopackage import CURE, stored_query
from walkshed.outside.shapefile import read_shapefile

if TYPE_CHECKING:
    import geopandas as gpd

    from walkshed.model.arrays import IntArray, ObjectArray
    from walkshed.streets.drawn.extra import Lanes

# lines without a CRS that span less than this are degrees: no town is two meters wide
DEGREES_EXTENT = 2.0
# a country in degrees: wider than a town, and away from the origin at which towns are drawn
COUNTRY_EXTENT = 40.0
COUNTRY_AWAY = 20.0


def read_streets(
    path: str | Path, *, private: PrivateRule = "ends", profile: str = "walking", cache: bool = True
) -> StreetNetwork:
    """Return the walkable streets of an OSM extract, read once for all walkers.

    ``path`` is a file (.osm.pbf, .osm, .osm.gz, .osm.bz2). ``private``: private ways may be walked
    at either end of a walk ("ends") or like any other ("open"). ``profile`` names the walking
    profile. Without ``cache`` nothing is read from or kept in the user's cache folder. Raises
    ``NotFoundError``, ``UnreadableFileError``, and ``InvalidValueError`` for what is no path and
    when no way is walkable.
    """
    from walkshed.streets.cache import read_network

    return read_network(
        path_of(path, like="town.osm.pbf"), private=private, profile=profile, cache=cache
    )


def streets_from_lines(
    lines: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    split_crossings: bool = False,
    private: PrivateRule = "ends",
    source: str = "lines",
    beyond: Literal["unknown", "nothing"] = "nothing",
) -> StreetNetwork:
    """Return the street network of drawn lines.

    Junctions are vertices shared within 1 cm; a crossing without one is a bridge unless
    ``split_crossings``. A column ``name`` gives street names, ``highway`` classes, ``access =
    "private"`` private ways. Without a CRS coordinates are planar meters. Warns of lines that end
    within 1 m of another without touching it. Raises ``InvalidValueError`` for anything but lines,
    and for degrees where meters are meant.
    """
    net = _network_of_lines(
        lines, split_crossings=split_crossings, private=private, source=source, beyond=beyond
    )
    for note in net.notes:
        warnings.warn(note, UserWarning, stacklevel=2)
    return net


def _network_of_lines(
    lines: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    split_crossings: bool,
    private: PrivateRule,
    source: str,
    beyond: Literal["unknown", "nothing"],
) -> StreetNetwork:
    """Return the network of ``streets_from_lines``; its notes are told by whoever asked for it."""
    from walkshed.streets.drawn.lines import network_from_lines

    plane, parts, columns, row = _drawn_lines(lines)
    return network_from_lines(
        parts,
        plane=plane,
        names=_words(columns, "name", row),
        highway=_words(columns, "highway", row),
        is_private=[word == "private" for word in _words(columns, "access", row)],
        split_crossings=split_crossings,
        private=private,
        source=source,
        beyond=beyond,
    )


def _drawn_lines(
    lines: gpd.GeoDataFrame | gpd.GeoSeries,
) -> tuple[Plane, ObjectArray, Any, IntArray]:
    """Return the plane, single lines in degrees (meters without a CRS), columns, and lines' rows."""
    geometry = geometry_of(lines, what=Message("lines"), kinds={"LineString", "MultiLineString"})
    if len(geometry) == 0:
        raise InvalidValueError(Message("lines: the frame is empty; give at least one LineString"))
    if lines.crs is None:
        _refuse_degrees(geometry)
        plane, places = Plane(planar=True), geometry
    else:
        places = np.asarray(lines.geometry.to_crs(WGS84).array, dtype=object)
        reach = np.abs(shapely.total_bounds(places)).reshape(2, 2).max(axis=0)
        if not (np.isfinite(reach).all() and (reach <= [180.0, 90.0]).all()):
            raise InvalidValueError(
                Message("lines lie nowhere on Earth; check the CRS ({crs})", crs=lines.crs)
            )
        plane = _plane_of(places)
    parts, row = shapely.get_parts(places, return_index=True)
    return plane, parts, lines if hasattr(lines, "columns") else None, row


def read_lines(
    path: Path,
    *,
    split_crossings: bool = False,
    private: PrivateRule = "ends",
    beyond: Literal["unknown", "nothing"] = "unknown",
) -> StreetNetwork:
    """Return the street network of a file of lines (GeoPackage, GeoJSON, Shapefile).

    Errors name the file.
    """
    lines = _lines_file(path, "lines")
    return _network_of_lines(
        lines, split_crossings=split_crossings, private=private, source=path.name, beyond=beyond
    )


def read_lanes(path: Path, *, join_m: float) -> Lanes:
    """Return the lanes of a file, to be joined to an extract's streets within ``join_m``.

    Errors name the file.
    """
    from walkshed.streets.drawn.extra import Lanes

    lines = _lines_file(path, "extra")
    if lines.crs is None:
        raise InvalidValueError(
            Message(
                "{path}: has no coordinate system; set it when exporting the layer (EPSG:4326)",
                path=path,
            )
        )
    try:
        _, parts, columns, row = _drawn_lines(lines)
    except InvalidValueError as error:
        raise InvalidValueError(Message("{path}: {error}", path=path, error=error)) from None
    return Lanes(
        lines=parts,
        names=_words(columns, "name", row),
        highway=[word or "footway" for word in _words(columns, "highway", row)],
        is_private=[word == "private" for word in _words(columns, "access", row)],
        source=path.name,
        join_m=join_m,
    )


def _lines_file(path: Path, key: str) -> gpd.GeoDataFrame:
    import geopandas as gpd

    if not path.is_file():
        raise NotFoundError(
            Message("{path}: no such file; check [streets] {key}", path=path, key=key)
        )
    if query := stored_query(path):
        raise UnreadableFileError(
            Message("{path}: {fact}; {cure}", path=path, fact=query, cure=CURE)
        )
    try:
        if path.suffix.lower() == ".shp":
            return read_shapefile(path).frame
        layers = layers_of(path)
        lines = gpd.read_file(path, layer=layers[0] if layers else None)
    # pyogrio raises a family of its own, and GDAL's messages are the best there are
    except Exception as error:
        raise UnreadableFileError(
            Message(
                "{path}: not a file of lines ({error}); give {forms}",
                path=path,
                error=error,
                forms=in_words(LINES),
            )
        ) from error
    # one of several would be taken without a word
    if len(layers) > 1:
        raise InvalidValueError(
            Message("{path}: {fact}; {cure}", path=path, fact=not_one(layers), cure=CURE)
        )
    return lines


def _refuse_degrees(geometry: ObjectArray) -> None:
    west, south, east, north = shapely.total_bounds(geometry)
    extent = max(east - west, north - south)
    on_earth = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    away = shapely.box(west, south, east, north).distance(shapely.Point(0, 0))
    if extent < DEGREES_EXTENT or (on_earth and extent < COUNTRY_EXTENT and away > COUNTRY_AWAY):
        raise InvalidValueError(
            Message(
                "lines without a CRS span only {extent:g}: these look like degrees, and meters "
                "are meant; say so with set_crs('EPSG:4326')",
                extent=extent,
            )
        )


def _plane_of(lonlat: ObjectArray) -> Plane:
    west, south, east, north = shapely.total_bounds(lonlat)
    return Plane(lon0=round((west + east) / 2, 6), lat0=round((south + north) / 2, 6))


def _words(columns: Any, name: str, row: IntArray) -> list[str]:  # noqa: ANN401 (a frame or None)
    """Return a text column repeated by part; "" where it is missing."""
    if columns is None or name not in columns.columns:
        return [""] * len(row)
    values = columns[name].tolist()
    return [value if isinstance(value := values[at], str) else "" for at in row]
