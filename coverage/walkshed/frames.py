"""The doors of the Python API: GeoDataFrames in, GeoDataFrames out, on the caller's index and CRS."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from walkshed.errors import InvalidValueError, NotFoundError, UnreadableFileError
from walkshed.model.network import PrivateRule, StreetNetwork
from walkshed.model.plane import Plane

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from walkshed.model.arrays import FloatArray, Int32Array, IntArray, ObjectArray
    from walkshed.model.walking import Anchors, Pace
    from walkshed.streets.extra import Lanes

DEGREES_EXTENT = 2.0  # lines without a CRS that span less than this are degrees: no town is two meters wide
COUNTRY_EXTENT = 40.0  # a country in degrees: wider than a town, and away from the origin at which towns are drawn
COUNTRY_AWAY = 20.0
WGS84 = "EPSG:4326"


def read_streets(
    path: str | Path, *, private: PrivateRule = "ends", profile: str = "walking", cache: bool = True
) -> StreetNetwork:
    """Return the walkable streets of an OSM extract (.osm.pbf, .osm, .osm.gz, .osm.bz2), read once for all walkers.

    ``private``: private ways may be walked at either end of a walk ("ends") or like any other ("open"). ``profile``
    names the walking profile. Without ``cache`` nothing is read from or kept in the user's cache folder. Raises
    ``NotFoundError``, ``UnreadableFileError``, and ``InvalidValueError`` when no way
    is walkable.
    """
    from walkshed.streets.cache import read_built

    return read_built(Path(path), private=private, profile=profile, cache=cache)[1]


def streets_from_lines(
    lines: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    split_crossings: bool = False,
    private: PrivateRule = "ends",
    source: str = "lines",
    beyond: Literal["unknown", "nothing"] = "nothing",
) -> StreetNetwork:
    """Return the street network of drawn lines.

    Junctions are vertices shared within 1 cm; a crossing without one is a bridge unless ``split_crossings``. A column
    ``name`` gives street names, ``highway`` classes, ``access = "private"`` private ways. Without a CRS coordinates are
    planar meters. Warns of lines that end within 1 m of another without touching it. Raises ``InvalidValueError`` for
    anything but lines, and for degrees where meters are meant.
    """
    from walkshed.streets.lines import network_from_lines

    plane, parts, columns, row = _drawn_lines(lines)
    net = network_from_lines(
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
    for note in net.notes:
        warnings.warn(note, UserWarning, stacklevel=2)
    return net


def _drawn_lines(lines: gpd.GeoDataFrame | gpd.GeoSeries) -> tuple[Plane, ObjectArray, Any, IntArray]:
    """Return the plane, single lines in degrees (meters without a CRS), the frame's columns and each line's row."""
    geometry = _geometry(lines, what="lines", kinds={"LineString", "MultiLineString"})
    if len(geometry) == 0:
        raise InvalidValueError("lines: the frame is empty; give at least one LineString")
    if lines.crs is None:
        _refuse_degrees(geometry)
        plane, places = Plane(planar=True), geometry
    else:
        places = np.asarray(lines.geometry.to_crs(WGS84).array, dtype=object)
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
    """Return the street network of a file of lines (GeoPackage, GeoJSON, Shapefile); errors name the file."""
    lines = _lines_file(path, "lines")
    return streets_from_lines(lines, split_crossings=split_crossings, private=private, source=path.name, beyond=beyond)


def read_lanes(path: Path, *, join_m: float) -> Lanes:
    """Return the lanes of a file, to be joined to an extract's streets within ``join_m``; errors name the file."""
    from walkshed.streets.extra import Lanes

    lines = _lines_file(path, "extra")
    if lines.crs is None:
        raise InvalidValueError(f"{path}: has no coordinate system; set it when exporting the layer (EPSG:4326)")
    try:
        _, parts, columns, row = _drawn_lines(lines)
    except InvalidValueError as error:
        raise InvalidValueError(f"{path}: {error}") from None
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
        raise NotFoundError(f"{path}: no such file; check [streets] {key}")
    try:
        return gpd.read_file(path)
    except Exception as error:  # pyogrio raises a family of its own, and GDAL's messages are the best there are
        raise UnreadableFileError(
            f"{path}: not a file of lines ({error}); give GeoPackage, GeoJSON or Shapefile"
        ) from error


def distances(
    net: StreetNetwork,
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    stations: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    limit_m: float,
    walker: str = "adult",
    max_snap_m: float = 100.0,
) -> pd.DataFrame:
    """Return the walking distance of every point and station within ``limit_m`` of each other, sorted by both.

    Columns ``origin`` and ``destination`` (index labels of ``points`` and ``stations``) and ``distance_m``, which
    includes the legs between each point and the street. ``walker`` is one that ships (adult, older, pram, wheelchair):
    ways closed to it are not walked. Raises ``InvalidValueError`` for frames that cannot be placed.
    """
    import pandas as pd

    from walkshed.walk.distances import pairs

    pace = _pace(net, walker)
    begin, end, _ = _both(net, points, stations, max_snap_m)
    found = pairs(net, begin, end, limit_m=float(limit_m), pace=pace)
    return pd.DataFrame(
        {
            "origin": points.index.take(found.point),
            "destination": stations.index.take(found.station),
            "distance_m": found.distance_m,
        }
    )


def nearest(
    net: StreetNetwork,
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    stations: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    limit_m: float | None = None,
    walker: str = "adult",
    max_snap_m: float = 100.0,
) -> pd.DataFrame:
    """Return, on the index of ``points``, the nearest station and the nearest other one, however far.

    Columns ``station``, ``distance_m``, ``second_station``, ``second_distance_m`` (missing where there is none),
    ``leg_m`` (from the point to the street) and ``status``: ``served`` (within ``limit_m``, or any distance without
    one), ``too_far``, ``cut_off`` (no path), ``no_provider`` (no station on the network), ``off_network``. Of stations
    equally far the one whose label sorts first wins. ``walker`` as in ``distances``.
    """
    import pandas as pd

    from walkshed.walk import distances as walking

    pace = _pace(net, walker)
    if limit_m is not None:
        _check_limit(limit_m)
    begin, end, rank = _both(net, points, stations, max_snap_m)
    found = walking.nearest(net, begin, end, rank=rank, pace=pace)
    first_m, on_network = found.distance_m[:, 0], begin.on_network
    status = np.full(len(points), "served", dtype=object)
    status[first_m > (np.inf if limit_m is None else limit_m)] = "too_far"
    status[np.isinf(first_m)] = "cut_off" if end.on_network.any() else "no_provider"
    status[~on_network] = "off_network"
    leg_m = np.full(len(points), np.nan)
    leg_m[on_network] = begin.leg_m[begin.start[:-1][on_network]]
    return pd.DataFrame(
        {
            "station": _labels(stations.index, found.station[:, 0]),
            "distance_m": _finite(first_m),
            "second_station": _labels(stations.index, found.station[:, 1]),
            "second_distance_m": _finite(found.distance_m[:, 1]),
            "leg_m": leg_m,
            "status": status,
        },
        index=points.index,
    )


def catchments(
    net: StreetNetwork,
    stations: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    limits_m: Iterable[float],
    walker: str = "adult",
    max_snap_m: float = 100.0,
    pieces: bool = False,
) -> gpd.GeoDataFrame:
    """Return one row per station and limit: the streets from which the station is within the limit, in walked meters.

    Columns ``station`` (index label), ``limit_m``, ``street_m``, ``area_m2``, ``geometry``: the 25 m around the
    reached streets, a drawing, in the CRS of ``stations``. With ``pieces`` one row per stretch of street instead:
    ``station``, ``limit_m``, ``name``, ``from_m``, ``to_m`` and the exact line; legs have the name "".
    """
    import geopandas as gpd

    from walkshed.walk.catchments import catchments as walked

    _check_walker(walker)
    if not isinstance(limits_m, Iterable):
        raise InvalidValueError(f"limits_m = {limits_m!r} is no list; give one, such as [500]")
    limits = tuple(sorted({_check_limit(limit) for limit in limits_m}))
    if not limits:
        raise InvalidValueError("limits_m is empty; give at least one limit, such as [500]")
    xy = _places_xy(net, stations, what="stations")
    end, _ = _station_anchors(net, stations, xy, max_snap_m)
    found = walked(net, end, limits_m=limits)
    if pieces:
        part = found.pieces
        street = part.edge >= 0
        names = np.full(len(part.edge), "", dtype=object)
        names[street] = [net.names[name] for name in net.name[part.edge[street]]]
        columns: dict[str, Any] = {
            "station": stations.index.take(part.station),
            "limit_m": part.limit_m,
            "name": names,
            "from_m": part.from_m,
            "to_m": part.to_m,
        }
        return gpd.GeoDataFrame(columns, geometry=_back(net, part.geometry, stations.crs), crs=stations.crs)
    columns = {
        "station": stations.index.take(found.station),
        "limit_m": found.limit_m,
        "street_m": found.street_m,
        "area_m2": found.area_m2,
    }
    return gpd.GeoDataFrame(columns, geometry=_back(net, found.geometry, stations.crs), crs=stations.crs)


def route(
    net: StreetNetwork,
    point: gpd.GeoDataFrame | gpd.GeoSeries,
    station: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    walker: str = "adult",
    max_snap_m: float = 100.0,
) -> gpd.GeoDataFrame:
    """Return the shortest walk from one point to one station, a row per street walked, in order.

    Columns ``name`` ("" for an unnamed way), ``kind`` (street, private, leg), ``steps``, ``meters``, ``geometry``; the
    meters sum to the distance. Empty when there is no path. Raises ``InvalidValueError`` unless each frame has one row.
    """
    import geopandas as gpd

    from walkshed.walk.routes import route as walk_route

    _check_walker(walker)
    for what, frame in (("point", point), ("station", station)):
        if len(frame) != 1:
            raise InvalidValueError(f"{what} has {len(frame)} rows; give one, such as points.iloc[[0]]")
    begin, end, _ = _both(net, point, station, max_snap_m)
    walk = walk_route(net, begin, end)
    stretches = walk.stretches if walk is not None else ()
    lines = [
        shapely.LineString(walk.xy[stretch.first : stretch.last + 1])
        if walk is not None and stretch.last > stretch.first
        else shapely.LineString()
        for stretch in stretches
    ]
    geometry = np.empty(len(lines), dtype=object)
    geometry[:] = lines
    return gpd.GeoDataFrame(
        {
            "name": [stretch.name for stretch in stretches],
            "kind": [stretch.kind for stretch in stretches],
            "steps": [stretch.steps for stretch in stretches],
            "meters": np.array([stretch.meters for stretch in stretches], dtype=np.float64),
        },
        geometry=_back(net, geometry, point.crs),
        crs=point.crs,
    )


def _both(
    net: StreetNetwork,
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    stations: gpd.GeoDataFrame | gpd.GeoSeries,
    max_snap_m: float,
) -> tuple[Anchors, Anchors, IntArray]:
    """Return the anchors of points and stations, and the place of each station in the order of labels."""
    from walkshed.walk.anchors import snap

    station_xy = _places_xy(net, stations, what="stations")
    point_xy = _places_xy(net, points, what="points")
    end, usable = _station_anchors(net, stations, station_xy, max_snap_m)
    begin = snap(net, point_xy, max_snap_m=max_snap_m, usable=usable)
    return begin, end, _ranks(stations.index)


def _station_anchors(
    net: StreetNetwork, stations: gpd.GeoDataFrame | gpd.GeoSeries, xy: FloatArray, max_snap_m: float
) -> tuple[Anchors, Any]:
    from walkshed.walk.anchors import snap, usable_components

    if not stations.index.is_unique:
        twice = stations.index[stations.index.duplicated()][0]
        raise InvalidValueError(f"stations: index label {twice!r} stands twice; give every station a label of its own")
    usable = usable_components(net, xy, max_snap_m=max_snap_m)
    return snap(net, xy, max_snap_m=max_snap_m, usable=usable), usable


def _ranks(index: pd.Index[Any]) -> IntArray:
    """Return the place of each label in sorted order; labels of mixed types are compared as text."""
    labels: list[Hashable] = list(index)
    try:
        order = sorted(range(len(labels)), key=lambda row: labels[row])  # type: ignore[arg-type,return-value]
    except TypeError:
        order = sorted(range(len(labels)), key=lambda row: str(labels[row]))
    rank = np.empty(len(labels), dtype=np.int64)
    rank[order] = np.arange(len(labels))
    return rank


def _places_xy(net: StreetNetwork, frame: gpd.GeoDataFrame | gpd.GeoSeries, *, what: str) -> FloatArray:
    """Return (n, 2) plane meters of a frame's places; an area stands at a point inside it."""
    geometry = _geometry(frame, what=what, kinds=None)
    if net.plane.planar:
        if frame.crs is not None:
            raise InvalidValueError(
                f"{what} have the CRS {frame.crs.to_string()}, but the streets are planar meters without one; "
                "give the streets their CRS, or take it off with set_crs(None, allow_override=True)"
            )
        places = geometry
    elif frame.crs is None:
        raise InvalidValueError(f"{what} have no CRS; say what their coordinates are, such as set_crs('EPSG:4326')")
    else:
        places = np.asarray(frame.geometry.to_crs(WGS84).array, dtype=object)
    inner = np.where(shapely.get_type_id(places) == 0, places, shapely.point_on_surface(places))
    lonlat = shapely.get_coordinates(inner)
    _check_on_earth(net.plane, lonlat, frame, what=what)
    return lonlat if net.plane.planar else net.plane.to_xy(lonlat)


def _geometry(frame: gpd.GeoDataFrame | gpd.GeoSeries, *, what: str, kinds: set[str] | None) -> ObjectArray:
    if not hasattr(frame, "geometry") or not hasattr(frame, "crs"):
        raise InvalidValueError(
            f"{what}: {type(frame).__name__} is no GeoDataFrame or GeoSeries; build one with geometry"
        )
    geometry = np.asarray(frame.geometry.array, dtype=object)
    missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    if missing.any():
        labels = ", ".join(repr(label) for label in frame.index[missing][:5])
        raise InvalidValueError(f"{what}: {int(missing.sum())} rows have no geometry ({labels}); drop or place them")
    if kinds is not None:
        other = sorted({shape.geom_type for shape in geometry} - kinds)
        if other:
            raise InvalidValueError(f"{what}: geometry {', '.join(other)} found; give {' or '.join(sorted(kinds))}")
    return geometry


def _check_on_earth(plane: Plane, lonlat: FloatArray, frame: Any, *, what: str) -> None:  # noqa: ANN401 (a frame)
    bad = ~np.isfinite(lonlat).all(axis=1)
    if not plane.planar:
        bad |= (np.abs(lonlat[:, 0]) > 180.0) | (np.abs(lonlat[:, 1]) > 90.0)
    if bad.any():
        labels = ", ".join(repr(label) for label in frame.index[bad][:5])
        raise InvalidValueError(f"{what}: rows {labels} lie nowhere on Earth; check the CRS ({frame.crs})")


def _refuse_degrees(geometry: ObjectArray) -> None:
    west, south, east, north = shapely.total_bounds(geometry)
    extent = max(east - west, north - south)
    on_earth = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    away = shapely.box(west, south, east, north).distance(shapely.Point(0, 0))
    if extent < DEGREES_EXTENT or (on_earth and extent < COUNTRY_EXTENT and away > COUNTRY_AWAY):
        raise InvalidValueError(
            f"lines without a CRS span only {extent:g}: these look like degrees, and meters are meant; "
            "say so with set_crs('EPSG:4326')"
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


def _labels(index: pd.Index[Any], position: Int32Array) -> ObjectArray:
    """Return labels by position, missing for -1."""
    taken = np.empty(len(position), dtype=object)
    taken[:] = [index[at] if at >= 0 else None for at in position]
    return taken


def _finite(meters: FloatArray) -> FloatArray:
    return np.where(np.isfinite(meters), meters, np.nan)


def _back(net: StreetNetwork, geometry: ObjectArray, crs: Any) -> Any:  # noqa: ANN401 (a pyproj CRS; a GeoSeries)
    """Return plane geometry in the caller's CRS."""
    import geopandas as gpd

    if net.plane.planar or crs is None:
        return gpd.GeoSeries(geometry)
    return gpd.GeoSeries(net.plane.geometry_to_lonlat(geometry), crs=WGS84).to_crs(crs)


def _check_limit(limit_m: object) -> float:
    """Return the limit; anything but a finite number above 0 is an error."""
    if not isinstance(limit_m, int | float | np.number) or not (np.isfinite(limit_m) and limit_m > 0):
        raise InvalidValueError(f"limit {limit_m!r} is no distance; give meters above 0")
    return float(limit_m)


def _pace(net: StreetNetwork, walker: str) -> Pace | None:
    """Return what closes ways to a walker that ships with the package; None where nothing is closed."""
    from walkshed.inputs.walkers import preset_walkers
    from walkshed.needs.access import pace_in_meters
    from walkshed.needs.walkers import walker_of

    return pace_in_meters(net, walker_of(preset_walkers(), walker))


def _check_walker(walker: str) -> None:
    if walker != "adult":
        raise InvalidValueError(f"walker {walker!r} is not known; this version walks as 'adult'")
