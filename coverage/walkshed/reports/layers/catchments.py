"""How far stations reach, as drawings: areas and pieces of street, in WGS84 (in plain meters on a planar plane)."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from walkshed.model.arrays import begins_run
from walkshed.model.results import Results
from walkshed.reports.declared import (
    COUNT,
    METERS,
    NUMBER,
    TEXT,
    WHOLE_SQUARE_METERS,
    Column,
    drawn_frame,
)

_STATION = Column("station", TEXT, "站点编号", "id of the station")
_LIMIT = Column("limit_m", NUMBER, "限值（米）", "the limit, meters")
_STREET = Column("street", TEXT, "路名", "name of the street")
_HIGHWAY = Column("highway", TEXT, "道路等级（OSM）", "class of the way (OSM)")

CATCHMENTS_COLUMNS = (
    _STATION,
    Column("name", TEXT, "站点名称", "name of the station"),
    Column("tier", TEXT, "站点层级", "tier of the station"),
    _LIMIT,
    Column("street_m", METERS, "可达道路长度", "meters of street reached"),
    Column("area_m2", WHOLE_SQUARE_METERS, "图形面积", "area of the drawing"),
)
PIECES_COLUMNS = (
    _STATION,
    _LIMIT,
    Column(
        "edge", COUNT, "路段编号；-1 为站点到道路的一段", "the edge; -1 for the leg to the street"
    ),
    Column("way_id", COUNT, "OSM 道路编号", "id of the OSM way"),
    Column("from_m", METERS, "起点，沿路段", "where it begins along the edge"),
    Column("to_m", METERS, "终点，沿路段", "where it ends along the edge"),
    _STREET,
    _HIGHWAY,
)
REACHED_COLUMNS = (
    _STATION,
    _LIMIT,
    Column(
        "part",
        TEXT,
        "street 道路，leg 站点到道路的一段",
        "street, or leg for the way between a station and the street",
    ),
    _STREET,
    _HIGHWAY,
    Column("meters", METERS, "长度", "length"),
    Column("pieces", COUNT, "合并的段数", "how many pieces are joined"),
)


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
        "street_m": found.street_m,
        "area_m2": found.area_m2,
    }
    outlines = results.network.plane.geometry_to_lonlat(found.geometry)
    return drawn_frame(results, columns, CATCHMENTS_COLUMNS, outlines)


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
        "from_m": pieces.from_m,
        "to_m": pieces.to_m,
        "street": ["" if index < 0 else network.names[index] for index in name],
        "highway": ["" if index < 0 else network.highway_classes[index] for index in highway],
    }
    lines = network.plane.geometry_to_lonlat(pieces.geometry)
    return drawn_frame(results, columns, PIECES_COLUMNS, lines)


def reached_frame(results: Results) -> gpd.GeoDataFrame:
    """Return the same pieces joined to one MultiLineString per station, limit, highway class and street name.

    A town has hundreds of thousands of pieces, which a desktop GIS is slow to open; joined, they
    are a few thousand rows that draw the same. ``part`` is ``street``, or ``leg`` for the way
    between a station and the street; ``meters`` is their length and ``pieces`` their number.
    """
    pieces, network = results.catchments.pieces, results.network

    # the street of each piece, if it is on one
    on_street = pieces.edge >= 0
    edge = pieces.edge[on_street]
    name, highway = (np.full(len(pieces.edge), -1, dtype=np.int64) for _ in range(2))
    name[on_street], highway[on_street] = network.name[edge], network.highway[edge]

    # pieces that go together, in a run each
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
        "meters": np.add.reduceat(meters, starts) if len(starts) else meters,
        "pieces": np.diff(np.append(starts, len(order))).astype(np.int64),
    }
    drawn = network.plane.geometry_to_lonlat(np.asarray(joined, dtype=object))
    return drawn_frame(results, columns, REACHED_COLUMNS, drawn)
