"""The drawings of a run: pure functions from ``Results`` to GeoDataFrames in WGS84 (in plain meters on a planar plane).

What reaches no further than a number is rounded as it is declared; geometry keeps its full
precision.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from walkshed.model.arrays import IntArray, begins_run
from walkshed.model.ground.walking import Anchors
from walkshed.model.judged.judgments import VERDICTS
from walkshed.model.results import Results
from walkshed.needs.measures.totals import blocks_left, blocks_left_by, how_left
from walkshed.reports.columns import objects
from walkshed.reports.declared import (
    COUNT,
    DEGREES,
    FLAG,
    METERS,
    SHARE,
    TEXT,
    WHOLE,
    Column,
    drawn_frame,
)
from walkshed.reports.figures import hubs, whole_numbers

BLOCKS_COLUMNS = (
    Column("id", TEXT, "小区编号", "id of the block"),
    Column("name", TEXT, "小区名称", "name of the block"),
    Column("kind", TEXT, "小区类型", "kind of block"),
    Column("people", WHOLE, "人数", "people"),
    Column(
        "people_source",
        TEXT,
        "人口来源：given 填报，estimated 估算，none 无",
        "where the people come from: given, estimated or none",
    ),
    Column("<group>", WHOLE, "该人群的人数", "people of the group"),
    Column("households", WHOLE, "户数", "households"),
    Column("subdistrict", TEXT, "街道", "subdistrict"),
    Column("community", TEXT, "社区", "community"),
    Column(
        "exits",
        TEXT,
        "出入口来源：given 填报，mapped 地图，inferred 推定",
        "where its exits come from: given, mapped, inferred or none",
    ),
    Column("exit_count", COUNT, "出入口数", "exits"),
    Column("services_failing", COUNT, "未达标的服务数", "services for which it is underserved"),
    Column("verdict_<service>", TEXT, "该服务的结论", "its verdict for the service"),
    Column("share_<service>", SHARE, "该服务的达标人口比例", "its share of people served"),
    Column(
        "left",
        TEXT,
        "总体：served 各项达标，out 至少一项未达标，to_check 待核实，unknown 待摸底或无标准",
        "all services: served, out (lacks one at least), to_check or unknown",
    ),
    Column(
        "left_<service>",
        TEXT,
        "该服务：served 达标，out 未达标，to_check 待核实，unknown 待摸底或无标准",
        "the service: served, out, to_check or unknown",
    ),
)
STATIONS_COLUMNS = (
    Column("id", TEXT, "站点编号", "id of the station"),
    Column("name", TEXT, "站点名称", "name of the station"),
    Column("tier", TEXT, "站点层级", "tier of the station"),
    Column("parent", TEXT, "上级站点", "the station above it"),
    Column("hub", TEXT, "顶层枢纽；空为无", "the top station above it; empty for none"),
    Column("services", TEXT, "服务，以分号分隔", "its services, ; between"),
    Column(
        "status",
        TEXT,
        "接入情况：on_network 已接入路网，off_network 未接入",
        "on_network or off_network",
    ),
    Column("lon", DEGREES, "经度（WGS84）", "longitude (WGS84)"),
    Column("lat", DEGREES, "纬度（WGS84）", "latitude (WGS84)"),
    Column("anchor_lon", DEGREES, "接入点经度", "longitude of where it meets the network"),
    Column("anchor_lat", DEGREES, "接入点纬度", "latitude of where it meets the network"),
    Column("leg_m", METERS, "到接入点的距离", "meters from the station to there"),
    Column("street", TEXT, "接入的街道", "the street that it meets"),
    Column("doors", COUNT, "接入路网的处数", "how often it meets the network"),
    Column("nearest_way_m", METERS, "到最近可用道路的距离", "meters to the nearest usable way"),
    Column(
        "people_in_reach",
        WHOLE,
        "可达人数：最大限值之内",
        "people within the study's largest limit",
    ),
    Column("illustrative", FLAG, "是否示意", "whether it is illustrative"),
    Column(
        "reach_limit_m",
        METERS,
        "可达人数的限值：people_in_reach 所按，本研究最大者",
        "the limit of people_in_reach: the study's largest",
    ),
    Column(
        "<column>",
        TEXT,
        "原表中本工具不评估的列，照录",
        "what the table of stations holds and walkshed does not judge, as it stands there",
    ),
)
EXITS_COLUMNS = (
    Column("block", TEXT, "小区编号", "id of the block"),
    Column("block_name", TEXT, "小区名称", "name of the block"),
    Column(
        "kind",
        TEXT,
        "来源：given 填报，mapped 地图，inferred 推定",
        "where it comes from: given, mapped or inferred",
    ),
    Column("street", TEXT, "通向的街道", "the street it leads to"),
    Column("lon", DEGREES, "经度（WGS84）", "longitude (WGS84)"),
    Column("lat", DEGREES, "纬度（WGS84）", "latitude (WGS84)"),
)


def blocks_frame(results: Results) -> gpd.GeoDataFrame:
    """Return one row per block: who lives there, its exits, and per service its verdict and share.

    ``services_failing`` counts the services for which the block is underserved. ``exits`` says
    where the exits come from, ``exit_count`` how many there are. Columns ``verdict_<service>`` and
    ``share_<service>`` follow; ``left`` and ``left_<service>`` are how maps draw it.
    """
    judgments, demand, services = results.main.judgments, results.demand, results.inputs.services

    # who lives there
    people = np.where(judgments.counted, judgments.printed_people, np.nan)
    columns: dict[str, Any] = {
        "id": [block.id for block in results.blocks],
        "name": [block.name for block in results.blocks],
        "kind": [block.kind for block in results.blocks],
        "people": people,
        "people_source": [block.people_source.value for block in results.blocks],
    }
    for group in results.inputs.settings.groups:
        columns[group] = whole_numbers(
            [block.groups.get(group, np.nan) for block in results.blocks]
        )
    households = [
        np.nan if block.households is None else block.households for block in results.blocks
    ]

    # where it lies, and how it is left
    columns |= {
        "households": whole_numbers(households),
        "subdistrict": [block.subdistrict for block in results.blocks],
        "community": [block.community for block in results.blocks],
        "exits": [kind.value for kind in demand.exit_kind],
        "exit_count": np.diff(demand.exit_start).astype(np.int64),
        "services_failing": judgments.failing.sum(axis=1).astype(np.int64),
    }

    # service by service
    verdicts = [verdict.value for verdict in VERDICTS]
    for s, service in enumerate(services):
        codes = judgments.verdict[:, s].tolist()
        columns[f"verdict_{service.id}"] = [verdicts[code] for code in codes]
        columns[f"share_{service.id}"] = judgments.share[:, s]

    # as maps draw it
    columns["left"] = how_left(*blocks_left(judgments))
    for s, service in enumerate(services):
        columns[f"left_{service.id}"] = how_left(*blocks_left_by(judgments, s))

    outlines = objects(block.geometry for block in results.blocks)
    return drawn_frame(results, columns, BLOCKS_COLUMNS, outlines)


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

    # where each meets the network, by its shortest leg
    best = _shortest_leg(results)
    on = best >= 0
    rows = best[on]
    count = len(results.stations)
    lon, lat, leg = (np.full(count, np.nan) for _ in range(3))
    feet = network.plane.to_lonlat(anchors.met_xy[rows])
    lon[on], lat[on], leg[on] = feet[:, 0], feet[:, 1], anchors.street_leg_m[rows]
    street = [""] * count
    for index, edge in zip(np.flatnonzero(on), anchors.edge[rows], strict=True):
        street[index] = network.names[network.name[edge]]

    anybody = bool(results.main.judgments.counted.any())
    points = shapely.point_on_surface(objects([station.geometry for station in results.stations]))
    tops = hubs(results.stations)
    columns: dict[str, Any] = {
        "id": [station.id for station in results.stations],
        "name": [station.name for station in results.stations],
        "tier": [station.tier.value for station in results.stations],
        "parent": [station.parent or "" for station in results.stations],
        "hub": [tops[station.id] for station in results.stations],
        "services": [";".join(station.services) for station in results.stations],
        "status": np.where(on, "on_network", "off_network").astype(object),
        "lon": shapely.get_x(points),
        "lat": shapely.get_y(points),
        "anchor_lon": lon,
        "anchor_lat": lat,
        "leg_m": leg,
        "street": street,
        "doors": doors,
        "nearest_way_m": anchors.nearest_way_m,
        "people_in_reach": whole_numbers(results.station_people if anybody else [np.nan] * count),
        "illustrative": np.asarray(
            [station.illustrative for station in results.stations], dtype=bool
        ),
        "reach_limit_m": np.full(count, max(results.inputs.settings.limits_m)),
    }

    # what the planner wrote beside that
    details = dict.fromkeys(key for station in results.stations for key in station.details)
    taken = {*columns, "geometry", "fid", "geom"}
    for key in details:
        if key.lower() not in taken:
            taken.add(key.lower())
            columns[key] = [station.details.get(key, "") for station in results.stations]
    return drawn_frame(results, columns, STATIONS_COLUMNS, points)


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
        "lon": lonlat[:, 0],
        "lat": lonlat[:, 1],
    }
    points = np.asarray(shapely.points(lonlat), dtype=object)
    return drawn_frame(results, columns, EXITS_COLUMNS, points)


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
