"""The drawings of a run: pure functions from ``Results`` to GeoDataFrames in WGS84 (in plain meters on a planar plane).

What reaches no further than a number is rounded as in ``tables``; geometry keeps its full
precision.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from walkshed.model.arrays import IntArray, ObjectArray, begins_run
from walkshed.model.judgments import VERDICTS
from walkshed.model.results import Results
from walkshed.model.walking import Anchors
from walkshed.reports.figures import hubs, tenths, whole_numbers


def blocks_frame(results: Results) -> gpd.GeoDataFrame:
    """Return one row per block: who lives there, its exits, and per service its verdict and share.

    ``services_failing`` counts the services for which the block is underserved. ``exits`` says
    where the exits come from, ``exit_count`` how many there are. Columns ``verdict_<service>`` and
    ``share_<service>`` come last.
    """
    judgments, demand, services = results.main.judgments, results.demand, results.inputs.services
    people = np.where(judgments.counted, judgments.printed_people, np.nan)
    verdicts = [verdict.value for verdict in VERDICTS]
    columns: dict[str, Any] = {
        "id": [block.id for block in results.blocks],
        "name": [block.name for block in results.blocks],
        "kind": [block.kind for block in results.blocks],
        "people": whole_numbers(people),
        "people_source": [block.people_source.value for block in results.blocks],
    }
    for group in results.inputs.settings.groups:
        columns[group] = whole_numbers(
            [block.groups.get(group, np.nan) for block in results.blocks]
        )
    households = [
        np.nan if block.households is None else block.households for block in results.blocks
    ]
    columns |= {
        "households": whole_numbers(households),
        "subdistrict": [block.subdistrict for block in results.blocks],
        "community": [block.community for block in results.blocks],
        "exits": [kind.value for kind in demand.exit_kind],
        "exit_count": np.diff(demand.exit_start).astype(np.int64),
        "services_failing": judgments.failing.sum(axis=1).astype(np.int64),
    }
    for s, service in enumerate(services):
        codes = judgments.verdict[:, s].tolist()
        columns[f"verdict_{service.id}"] = [verdicts[code] for code in codes]
        columns[f"share_{service.id}"] = np.round(judgments.share[:, s], 4)
    return _frame(results, columns, _objects([block.geometry for block in results.blocks]))


def stations_frame(results: Results) -> gpd.GeoDataFrame:
    """Return one row per station, sorted by id, at a point (within its outline, where it is drawn as one).

    ``status`` is ``on_network`` or ``off_network``; ``anchor_lon``, ``anchor_lat``, ``leg_m`` and
    ``street`` tell where it meets the network (the shortest leg, where it has several doors) and
    ``doors`` how often; ``nearest_way_m`` how far the nearest usable way is. ``people_in_reach``
    are the people within the study's largest limit, missing where no block has people. What the
    planner wrote and this version does not judge follows under its own names.
    """
    anchors, network = results.station_anchors, results.network
    doors = _meetings(anchors)
    best = _shortest_leg(results)
    on = best >= 0
    rows = best[on]
    count = len(results.stations)
    lon, lat, leg = (np.full(count, np.nan) for _ in range(3))
    feet = network.plane.to_lonlat(anchors.met_xy[rows])
    lon[on], lat[on], leg[on] = feet[:, 0].round(7), feet[:, 1].round(7), anchors.street_leg_m[rows]
    street = [""] * count
    for index, edge in zip(np.flatnonzero(on), anchors.edge[rows], strict=True):
        street[index] = network.names[network.name[edge]]
    anybody = bool(results.main.judgments.counted.any())
    points = shapely.point_on_surface(_objects([station.geometry for station in results.stations]))
    tops = hubs(results.stations)
    columns: dict[str, Any] = {
        "id": [station.id for station in results.stations],
        "name": [station.name for station in results.stations],
        "tier": [station.tier.value for station in results.stations],
        "parent": [station.parent or "" for station in results.stations],
        "hub": [tops[station.id] for station in results.stations],
        "services": [";".join(station.services) for station in results.stations],
        "status": np.where(on, "on_network", "off_network").astype(object),
        "lon": shapely.get_x(points).round(7),
        "lat": shapely.get_y(points).round(7),
        "anchor_lon": lon,
        "anchor_lat": lat,
        "leg_m": tenths(leg),
        "street": street,
        "doors": doors,
        "nearest_way_m": tenths(anchors.nearest_way_m),
        "people_in_reach": whole_numbers(results.station_people if anybody else [np.nan] * count),
        "illustrative": np.asarray(
            [station.illustrative for station in results.stations], dtype=bool
        ),
    }
    details = dict.fromkeys(key for station in results.stations for key in station.details)
    taken = {*columns, "geometry", "fid", "geom"}
    for key in details:
        if key.lower() not in taken:
            taken.add(key.lower())
            columns[key] = [station.details.get(key, "") for station in results.stations]
    return _frame(results, columns, points)


def catchments_frame(results: Results) -> gpd.GeoDataFrame:
    """Return one row per station and limit: meters of street reached and the area drawn around them (a drawing).

    ``area_m2`` is that of the outline before it lost vertices (each at most 0.5 m off the line that is left).
    """
    found = results.catchments
    columns = {
        "station": [results.stations[index].id for index in found.station],
        "name": [results.stations[index].name for index in found.station],
        "tier": [results.stations[index].tier.value for index in found.station],
        "limit_m": found.limit_m.copy(),
        "street_m": tenths(found.street_m),
        "area_m2": np.round(found.area_m2),
    }
    return _frame(results, columns, results.network.plane.geometry_to_lonlat(found.geometry))


def pieces_frame(results: Results) -> gpd.GeoDataFrame:
    """Return one row per station, limit and stretch of street from which the station is within the limit.

    ``from_m`` and ``to_m`` are meters along the edge ``edge`` (-1 for the leg between a station and
    the street).
    """
    pieces, network = results.catchments.pieces, results.network
    on_street = pieces.edge >= 0
    edge = np.where(on_street, pieces.edge, 0)
    nothing = np.zeros(len(edge), dtype=np.int64)
    some = network.edge_count > 0
    name = np.where(on_street, network.name[edge], -1) if some else nothing - 1
    highway = np.where(on_street, network.highway[edge], -1) if some else nothing - 1
    columns = {
        "station": [results.stations[index].id for index in pieces.station],
        "limit_m": pieces.limit_m.copy(),
        "edge": pieces.edge.astype(np.int64),
        "way_id": np.where(on_street, network.way_id[edge], 0) if some else nothing,
        "from_m": tenths(pieces.from_m),
        "to_m": tenths(pieces.to_m),
        "street": ["" if index < 0 else network.names[index] for index in name],
        "highway": ["" if index < 0 else network.highway_classes[index] for index in highway],
    }
    return _frame(results, columns, network.plane.geometry_to_lonlat(pieces.geometry))


def reached_frame(results: Results) -> gpd.GeoDataFrame:
    """Return the same pieces joined to one MultiLineString per station, limit, highway class and street name.

    A town has hundreds of thousands of pieces, which a desktop GIS is slow to open; joined, they
    are a few thousand rows that draw the same. ``part`` is ``street``, or ``leg`` for the way
    between a station and the street; ``meters`` is their length and ``pieces`` their number.
    """
    pieces, network = results.catchments.pieces, results.network
    on_street = pieces.edge >= 0
    edge = pieces.edge[on_street]
    name, highway = (np.full(len(pieces.edge), -1, dtype=np.int64) for _ in range(2))
    name[on_street], highway[on_street] = network.name[edge], network.highway[edge]
    keys = (pieces.station, pieces.limit_m, highway, name)
    order = np.lexsort(keys[::-1])
    begins = begins_run(*(key[order] for key in keys))
    first = order[begins]
    lines = np.asarray(pieces.geometry, dtype=object)[order]
    joined = shapely.multilinestrings(lines, indices=np.cumsum(begins) - 1) if len(order) else lines
    starts = np.flatnonzero(begins)
    meters = (pieces.to_m - pieces.from_m)[order]
    columns = {
        "station": [results.stations[index].id for index in pieces.station[first]],
        "limit_m": pieces.limit_m[first],
        "part": ["street" if index >= 0 else "leg" for index in highway[first]],
        "street": ["" if index < 0 else network.names[index] for index in name[first]],
        "highway": [
            "" if index < 0 else network.highway_classes[index] for index in highway[first]
        ],
        "meters": tenths(np.add.reduceat(meters, starts) if len(starts) else meters),
        "pieces": np.diff(np.append(starts, len(order))).astype(np.int64),
    }
    return _frame(
        results, columns, network.plane.geometry_to_lonlat(np.asarray(joined, dtype=object))
    )


def exits_frame(results: Results) -> gpd.GeoDataFrame:
    """Return one row per exit of a block: its kind and the street it leads to ("" where it reaches none)."""
    demand, network = results.demand, results.network
    owner = demand.exit_block
    edge = np.full(len(demand.exit_xy), -1, dtype=np.int64)
    used = np.unique(demand.anchors.foot)
    exits, first = np.unique(demand.foot_exit[used], return_index=True)
    edge[exits] = demand.anchors.feet.edge[used[first]]
    lonlat = network.plane.to_lonlat(demand.exit_xy)
    columns = {
        "block": [results.blocks[index].id for index in owner],
        "block_name": [results.blocks[index].name for index in owner],
        "kind": [demand.exit_kind[index].value for index in owner],
        "street": ["" if index < 0 else network.names[network.name[index]] for index in edge],
        "lon": lonlat[:, 0].round(7),
        "lat": lonlat[:, 1].round(7),
    }
    return _frame(results, columns, np.asarray(shapely.points(lonlat), dtype=object))


def _shortest_leg(results: Results) -> IntArray:
    """Return for each station the row of its anchor with the shortest leg, the first on a tie; -1 without an anchor."""
    anchors = results.station_anchors
    street_leg_m = anchors.street_leg_m
    rows = np.full(len(results.stations), -1, dtype=np.int64)
    for index, (first, end) in enumerate(zip(anchors.start[:-1], anchors.start[1:], strict=True)):
        if end > first:
            rows[index] = first + np.argmin(street_leg_m[first:end])
    return rows


def _meetings(anchors: Anchors) -> IntArray:
    """Return how often each station meets the network; who stands on a square meets it once there."""
    owner = np.repeat(np.arange(len(anchors.start) - 1), np.diff(anchors.start))
    counted = ~anchors.on_square | begins_run(owner, anchors.met_xy)
    return np.bincount(owner[counted], minlength=len(anchors.start) - 1)


def _objects(geometries: list[Any]) -> ObjectArray:
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array


def _frame(results: Results, columns: dict[str, Any], geometry: ObjectArray) -> gpd.GeoDataFrame:
    crs = None if results.network.plane.planar else "EPSG:4326"
    texts = {
        key: pd.Series(values, dtype="str")
        for key, values in columns.items()
        if isinstance(values, list)
    }
    return gpd.GeoDataFrame(columns | texts, geometry=gpd.GeoSeries(geometry, crs=crs), crs=crs)
