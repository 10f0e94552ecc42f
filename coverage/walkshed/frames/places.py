"""What a frame's rows are on the ground: geometry checked, in plane meters, met by the streets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.plane import Plane
from walkshed.model.messages import Listing, Message

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from walkshed.model.arrays import FloatArray, Int32Array, IntArray, ObjectArray
    from walkshed.model.ground.walking import Anchors
    from walkshed.walk.anchors import EdgeIndex

WGS84 = "EPSG:4326"
#: Beyond 60° of the plane's center a place is as good as nowhere near it.
FAR_COSINE, FAR_M = 0.5, 1e7


def both_anchors(
    net: StreetNetwork,
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    stations: gpd.GeoDataFrame | gpd.GeoSeries,
    max_snap_m: float,
) -> tuple[Anchors, Anchors, IntArray]:
    """Return the anchors of points and stations, and the place of each station in the order of labels."""
    from walkshed.walk.anchors import snap

    station_xy = places_xy(net, stations, what=Message("stations"))
    point_xy = places_xy(net, points, what=Message("points"))
    end, index = station_anchors(net, stations, station_xy, max_snap_m)
    begin = snap(net, point_xy, max_snap_m=max_snap_m, index=index)
    return begin, end, _ranks(stations.index)


def station_anchors(
    net: StreetNetwork,
    stations: gpd.GeoDataFrame | gpd.GeoSeries,
    xy: FloatArray,
    max_snap_m: float,
) -> tuple[Anchors, EdgeIndex]:
    """Return where stations meet the network, and the index of the streets that count with them."""
    from walkshed.walk.anchors import index_edges, snap, usable_components

    max_snap_m = check_meters("max_snap_m", max_snap_m)

    # a station is told by its label
    if not stations.index.is_unique:
        twice = stations.index[stations.index.duplicated()][0]
        raise InvalidValueError(
            Message(
                "stations: index label {twice!r} stands twice; give every station a label of its "
                "own",
                twice=twice,
            )
        )
    if stations.index.nlevels == 1 and stations.index.hasnans:
        raise InvalidValueError("stations: an index label is missing; give every station a label")

    index = index_edges(net, usable=usable_components(net, xy, max_snap_m=max_snap_m))
    return snap(net, xy, max_snap_m=max_snap_m, index=index), index


def _ranks(index: pd.Index[Any]) -> IntArray:
    """Return the place of each label in sorted order; labels of mixed types are compared as text."""
    labels: list[Any] = list(index)
    try:
        order = sorted(range(len(labels)), key=lambda row: labels[row])
    except TypeError:
        order = sorted(range(len(labels)), key=lambda row: str(labels[row]))

    rank = np.empty(len(labels), dtype=np.int64)
    rank[order] = np.arange(len(labels))
    return rank


def places_xy(
    net: StreetNetwork, frame: gpd.GeoDataFrame | gpd.GeoSeries, *, what: str
) -> FloatArray:
    """Return (n, 2) plane meters of a frame's places; an area stands at a point inside it."""
    check_streets(net)
    geometry = geometry_of(frame, what=what, kinds=None)

    # both have a CRS, or neither
    if net.plane.planar and frame.crs is not None:
        raise InvalidValueError(
            Message(
                "{what} have the CRS {crs}, but the streets are planar meters without one; give "
                "the streets their CRS, or take it off with set_crs(None, allow_override=True)",
                what=what,
                crs=frame.crs.to_string(),
            )
        )
    if not net.plane.planar and frame.crs is None:
        raise InvalidValueError(
            Message(
                "{what} have no CRS; say what their coordinates are, such as set_crs('EPSG:4326')",
                what=what,
            )
        )

    # points, in degrees or in meters
    places = geometry
    if not net.plane.planar:
        places = np.asarray(frame.geometry.to_crs(WGS84).array, dtype=object)
    inner = np.where(shapely.get_type_id(places) == 0, places, shapely.point_on_surface(places))
    coordinates: FloatArray = shapely.get_coordinates(inner)
    _check_on_earth(net.plane, coordinates, frame, what=what)
    if net.plane.planar:
        return coordinates
    return _on_plane(net.plane, coordinates)


def _on_plane(plane: Plane, lonlat: FloatArray) -> FloatArray:
    """Return plane meters; places that no plane holds, a quarter of the Earth away, stand far off."""
    # the cosine of the angle at the Earth's middle, by the law of cosines of the sphere
    lon, lat = np.radians(lonlat - [plane.lon0, 0.0]).T
    lat0 = np.radians(plane.lat0)
    toward = np.sin(lat) * np.sin(lat0) + np.cos(lat) * np.cos(lat0) * np.cos(lon)

    xy = np.full(lonlat.shape, FAR_M)
    xy[toward > FAR_COSINE] = plane.to_xy(lonlat[toward > FAR_COSINE])
    return xy


def check_streets(net: object) -> None:
    """Raise ``InvalidValueError`` for anything but a street network."""
    if not isinstance(net, StreetNetwork):
        raise InvalidValueError(
            Message(
                "{net!r} is not a street network; read one, such as "
                "ws.read_streets('town.osm.pbf')",
                net=net,
            )
        )


def check_meters(name: str, value: object) -> float:
    """Return a distance as a float; raise ``InvalidValueError`` for anything but a number.

    Which numbers are allowed is the kernel's to say.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise InvalidValueError(
            Message(
                "{name} = {value!r} is not a valid distance; give meters", name=name, value=value
            )
        )
    return float(value)


def geometry_of(
    frame: gpd.GeoDataFrame | gpd.GeoSeries, *, what: str, kinds: set[str] | None
) -> ObjectArray:
    """Return a frame's shapes; a missing, an empty or (with ``kinds``) another kind of one raises."""
    # a frame with an active geometry
    if hasattr(frame, "active_geometry_name") and frame.active_geometry_name is None:
        raise InvalidValueError(
            Message(
                "{what}: the frame has no active geometry; choose the column with set_geometry",
                what=what,
            )
        )
    if not hasattr(frame, "geometry") or not hasattr(frame, "crs"):
        raise InvalidValueError(
            Message(
                "{what}: {name} is not a GeoDataFrame or GeoSeries; build one with geometry",
                what=what,
                name=type(frame).__name__,
            )
        )

    # a shape in every row
    geometry = np.asarray(frame.geometry.array, dtype=object)
    missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    if missing.any():
        labels = Listing(repr(label) for label in frame.index[missing][:5])
        raise InvalidValueError(
            Message(
                "{what}: {missing} {missing:row has|rows have} no geometry ({labels}); drop or "
                "place them",
                what=what,
                missing=int(missing.sum()),
                labels=labels,
            )
        )

    # of the kinds that are asked for
    if kinds is not None:
        other = sorted({shape.geom_type for shape in geometry} - kinds)
        if other:
            raise InvalidValueError(
                Message(
                    "{what}: geometry {other} found; give {kinds}",
                    what=what,
                    other=Listing(other),
                    kinds=Listing(sorted(kinds), mark=" or "),
                )
            )
    return geometry


def _check_on_earth(
    plane: Plane,
    lonlat: FloatArray,
    frame: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    what: str,
) -> None:
    """Raise ``InvalidValueError`` for coordinates that are no place on Earth."""
    bad = ~np.isfinite(lonlat).all(axis=1)
    if not plane.planar:
        bad |= (np.abs(lonlat[:, 0]) > 180.0) | (np.abs(lonlat[:, 1]) > 90.0)
    if bad.any():
        labels = Listing(repr(label) for label in frame.index[bad][:5])
        raise InvalidValueError(
            Message(
                "{what}: rows {labels} lie nowhere on Earth; check the CRS ({crs})",
                what=what,
                labels=labels,
                crs=frame.crs,
            )
        )


def labels_at(index: pd.Index[Any], position: Int32Array) -> ObjectArray:
    """Return labels by position, missing for -1."""
    taken = np.empty(len(position), dtype=object)
    taken[:] = [index[at] if at >= 0 else None for at in position]
    return taken


def in_crs(
    net: StreetNetwork,
    geometry: ObjectArray,
    crs: Any,  # noqa: ANN401 (a pyproj CRS)
) -> gpd.GeoSeries:
    """Return plane geometry in the caller's CRS."""
    import geopandas as gpd

    if net.plane.planar or crs is None:
        return gpd.GeoSeries(geometry)
    return gpd.GeoSeries(net.plane.geometry_to_lonlat(geometry), crs=WGS84).to_crs(crs)
