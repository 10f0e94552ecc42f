"""The doors to walking: distances, nearest stations, catchments and routes, as frames.

They come on the caller's index and in the caller's CRS.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.frames.places import (
    both_anchors,
    check_meters,
    check_streets,
    in_crs,
    labels_at,
    places_xy,
    station_anchors,
)
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.messages import Message

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from walkshed.model.arrays import FloatArray
    from walkshed.model.ground.walking import Pace


def distances(
    net: StreetNetwork,
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    stations: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    limit_m: float,
    walker: str = "adult",
    max_snap_m: float = 100.0,
) -> pd.DataFrame:
    """Return the walking distance of every point and station within ``limit_m`` of each other.

    Rows come in the order of the rows of ``points``, and then of ``stations``. Columns ``origin``
    and ``destination`` (index labels of ``points`` and ``stations``) and ``distance_m``, which
    includes the legs between each point and the street. ``walker`` is one that ships (adult, older,
    pram, wheelchair): ways closed to it are not walked. Raises ``InvalidValueError`` for frames
    that cannot be placed.
    """
    import pandas as pd

    from walkshed.walk.distances import pairs

    limit, pace = check_meters("limit_m", limit_m), _pace(net, walker)
    begin, end, _ = both_anchors(net, points, stations, max_snap_m)
    walks = pairs(net, begin, end, limit_m=limit, pace=pace)
    return pd.DataFrame(
        {
            "origin": points.index.take(walks.point),
            "destination": stations.index.take(walks.station),
            "distance_m": walks.distance_m,
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

    Columns ``station``, ``distance_m``, ``second_station``, ``second_distance_m`` (missing where
    there is none), ``leg_m`` (from the point to the street, or the square) and ``status``:
    ``served`` (within ``limit_m``, or any distance without one), ``too_far``, ``cut_off`` (no
    path), ``no_provider`` (no station on the network), ``off_network``. Of stations equally far the
    one whose label sorts first wins. ``walker`` as in ``distances``.
    """
    import pandas as pd

    from walkshed.walk import distances as walking

    pace = _pace(net, walker)
    if limit_m is not None:
        _check_limit(limit_m)
    begin, end, rank = both_anchors(net, points, stations, max_snap_m)
    nearest_two = walking.nearest(net, begin, end, rank=rank, pace=pace)

    # the later reasons outrank the earlier
    first_m, on_network = nearest_two.distance_m[:, 0], begin.on_network
    status = np.full(len(points), "served", dtype=object)
    if limit_m is not None:
        status[first_m > limit_m] = "too_far"
    status[np.isinf(first_m)] = "cut_off" if end.on_network.any() else "no_provider"
    status[~on_network] = "off_network"

    leg_m = np.full(len(points), np.nan)
    leg_m[on_network] = begin.street_leg_m[begin.start[:-1][on_network]]
    return pd.DataFrame(
        {
            "station": labels_at(stations.index, nearest_two.station[:, 0]),
            "distance_m": _finite(first_m),
            "second_station": labels_at(stations.index, nearest_two.station[:, 1]),
            "second_distance_m": _finite(nearest_two.distance_m[:, 1]),
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
    """Return one row per station and limit: the streets from which it is within the limit, walked.

    Columns ``station`` (index label), ``limit_m``, ``street_m``, ``area_m2``, ``geometry``: the 25
    m around the reached streets, a drawing, in the CRS of ``stations``. With ``pieces`` one row per
    stretch of street instead: ``station``, ``limit_m``, ``name``, ``from_m``, ``to_m`` and the
    exact line; legs have the name "". ``walker`` as in ``distances``: streets that can only be left
    by a way closed to it are not reached.
    """
    import geopandas as gpd

    from walkshed.walk.reach.catchments import catchments as walked

    # limits, each once, the smallest first
    streets = _open_to(net, walker)
    if not isinstance(limits_m, Iterable):
        raise InvalidValueError(
            Message(
                "limits_m = {limits_m!r} is not a list; give one, such as [500]", limits_m=limits_m
            )
        )
    limits = tuple(sorted({_check_limit(limit) for limit in limits_m}))
    if not limits:
        raise InvalidValueError("limits_m is empty; give at least one limit, such as [500]")

    xy = places_xy(net, stations, what=Message("stations"))
    end, _ = station_anchors(net, stations, xy, max_snap_m)
    areas = walked(streets, end, limits_m=limits)

    # the areas, or the pieces of street that they are drawn around
    geometry = areas.geometry
    columns: dict[str, Any] = {
        "station": stations.index.take(areas.station),
        "limit_m": areas.limit_m,
        "street_m": areas.street_m,
        "area_m2": areas.area_m2,
    }
    if pieces:
        part = areas.pieces
        street = part.edge >= 0
        names = np.full(len(part.edge), "", dtype=object)
        names[street] = [net.names[name] for name in net.name[part.edge[street]]]
        geometry = part.geometry
        columns = {
            "station": stations.index.take(part.station),
            "limit_m": part.limit_m,
            "name": names,
            "from_m": part.from_m,
            "to_m": part.to_m,
        }
    return gpd.GeoDataFrame(columns, geometry=in_crs(net, geometry, stations.crs), crs=stations.crs)


def route(
    net: StreetNetwork,
    point: gpd.GeoDataFrame | gpd.GeoSeries,
    station: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    walker: str = "adult",
    max_snap_m: float = 100.0,
) -> gpd.GeoDataFrame:
    """Return the shortest walk from one point to one station, a row per street walked, in order.

    Columns ``name`` ("" for an unnamed way), ``kind`` (street, private, leg), ``steps``,
    ``meters``, ``geometry``; the meters sum to the distance. Empty when there is no path.
    ``walker`` as in ``distances``. Raises ``InvalidValueError`` unless each frame has one row.
    """
    import geopandas as gpd

    from walkshed.walk.routes.route import route as walk_route

    streets = _open_to(net, walker)
    for what, frame in ((Message("point"), point), (Message("station"), station)):
        if len(frame) != 1:
            raise InvalidValueError(
                Message(
                    "{what} has {count} {count:row|rows}; give one, such as points.iloc[[0]]",
                    what=what,
                    count=len(frame),
                )
            )

    begin, end, _ = both_anchors(net, point, station, max_snap_m)
    walk = walk_route(streets, begin, end)
    stretches = () if walk is None else walk.stretches

    # a stretch of no length has an empty line
    geometry = np.empty(len(stretches), dtype=object)
    for row, stretch in enumerate(stretches):
        geometry[row] = shapely.LineString()
        if walk is not None and stretch.last > stretch.first:
            geometry[row] = shapely.LineString(walk.xy[stretch.first : stretch.last + 1])

    return gpd.GeoDataFrame(
        {
            "name": [stretch.name for stretch in stretches],
            "kind": [stretch.kind for stretch in stretches],
            "steps": [stretch.steps for stretch in stretches],
            "meters": np.array([stretch.meters for stretch in stretches], dtype=np.float64),
        },
        geometry=in_crs(net, geometry, point.crs),
        crs=point.crs,
    )


def _finite(meters: FloatArray) -> FloatArray:
    """Return meters, nan where there is no way."""
    return np.where(np.isfinite(meters), meters, np.nan)


def _check_limit(limit_m: object) -> float:
    """Return the limit; anything but a finite number above 0 is an error."""
    if isinstance(limit_m, bool) or not isinstance(limit_m, int | float | np.number):
        raise InvalidValueError(
            Message(
                "limit {limit_m!r} is not a valid distance; give meters above 0", limit_m=limit_m
            )
        )
    if not (np.isfinite(limit_m) and limit_m > 0):
        raise InvalidValueError(
            Message(
                "limit {limit_m!r} is not a valid distance; give meters above 0", limit_m=limit_m
            )
        )
    return float(limit_m)


def _pace(net: StreetNetwork, walker: str) -> Pace | None:
    """Return what closes ways to a walker that ships with the package; None if nothing does."""
    check_streets(net)
    from walkshed.inputs.study.walkers import preset_walkers
    from walkshed.needs.access.floors import pace_in_meters
    from walkshed.needs.rules.walkers import walker_of

    return pace_in_meters(net, walker_of(preset_walkers(), walker))


def _open_to(net: StreetNetwork, walker: str) -> StreetNetwork:
    """Return the streets that are open to a walker that ships with the package."""
    from walkshed.walk.closed import open_streets

    return open_streets(net, _pace(net, walker))
