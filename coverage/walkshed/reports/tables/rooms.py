"""Rooms and places: who would come to each offer, what a standard asks, and rooms per 100 households."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from walkshed.model.results import Results
from walkshed.needs.measures.community_rooms import is_room_of_community
from walkshed.needs.rules.offers import station_homes
from walkshed.reports.declared import (
    COUNT,
    NUMBER,
    SQUARE_METERS,
    TEXT,
    WHOLE,
    Column,
    frame_of_rows,
)

CAPACITY_COLUMNS = (
    Column("station", TEXT, "站点编号", "id of the station"),
    Column("name", TEXT, "站点名称", "name of the station"),
    Column("service", TEXT, "服务编号", "id of the service"),
    Column("places", WHOLE, "座位（接待）数", "places"),
    Column("people", WHOLE, "会来的人数（两步移动搜寻法）", "people who would come (E2SFCA)"),
    Column("people_full", WHOLE, "其中没有位置的人数", "those of them who find no room"),
    Column("places_required", WHOLE, "标准要求的座位数", "places that the standard asks for"),
    Column("places_short", WHOLE, "还缺的座位数", "places short"),
    Column("area_m2", NUMBER, "面积（平方米）", "floor area, square meters"),
    Column(
        "area_required_m2",
        NUMBER,
        "标准要求的面积（平方米）",
        "square meters that the standard asks for",
    ),
    Column("area_short_m2", NUMBER, "还缺的面积（平方米）", "square meters short"),
    Column("at", TEXT, "时刻；空为不限时", "the moment; empty for any time"),
)
ROOMS_COLUMNS = (
    Column("subdistrict", TEXT, "街道", "subdistrict"),
    Column("community", TEXT, "社区", "community"),
    Column("households", NUMBER, "户数", "households"),
    Column("area_m2", NUMBER, "服务用房面积（平方米）", "service rooms, square meters"),
    Column(
        "per_100_households_m2",
        SQUARE_METERS,
        "每百户服务用房面积",
        "service rooms per 100 households",
    ),
    Column(
        "required_m2",
        NUMBER,
        "标准要求的每百户面积（平方米）",
        "square meters per 100 households that the standard asks for",
    ),
    Column("short_m2", SQUARE_METERS, "还缺的面积", "square meters short"),
    Column("stations", COUNT, "站点数", "stations"),
    Column(
        "stations_without_area",
        COUNT,
        "其中面积未知的站点",
        "those of them whose area nobody knows",
    ),
    Column(
        "stations_not_counted",
        COUNT,
        "不计入的站点：卫生、教育、警务等机构",
        "stations that are not rooms of the community: clinics, schools, police and the like",
    ),
)


def capacity_frame(results: Results) -> pd.DataFrame:
    """Return one row per offer whose places or rooms are known: who would come, what is asked, what is short.

    ``people`` would come (E2SFCA with weights 1, 0.68 and 0.22 per third of the limit, each person
    shared among the offers in reach); ``people_full`` of them find no room, and would need
    ``places_short``. What a standard asks is missing where it asks nothing. Nobody comes to what is
    closed at the moment ``at`` ("" for any time).
    """
    rows = [
        {
            "station": results.stations[each.station].id,
            "name": results.stations[each.station].name,
            "service": results.inputs.services[each.service].id,
            "places": each.places,
            "people": each.people,
            "people_full": each.people_full,
            "places_required": _up(each.places_required),
            "places_short": _up(each.places_short),
            "area_m2": each.area_m2,
            "area_required_m2": each.area_required_m2,
            "area_short_m2": _short(each.area_required_m2, each.area_m2),
            "at": results.inputs.settings.at,
        }
        for each in results.main.capacity
    ]
    return frame_of_rows(rows, CAPACITY_COLUMNS)


def rooms_frame(results: Results) -> pd.DataFrame:
    """Return one row per community: households, service rooms of its stations, and square meters per 100 households.

    Stations count for the community they name, else for that of the block in which they stand.
    ``stations`` are those, ``stations_without_area`` those of them whose rooms nobody has measured:
    where that is all of them the square meters are missing, not 0. A health center, a school or a
    police station that stands in a community is none of its rooms: ``stations_not_counted``.
    ``required`` and ``short_m2`` are missing where the standard asks nothing of communities.
    """
    rule = results.inputs.community_rule
    homes = station_homes(results.stations, results.blocks, results.network)

    # the rooms of each community, and whether nobody has measured them
    area: dict[tuple[str, str], float] = {}
    count: dict[tuple[str, str], list[bool]] = {}
    others: dict[tuple[str, str], int] = {}
    for station, home in zip(results.stations, homes):
        block = results.blocks[home] if home >= 0 else None
        community = station.community or (block.community if block else "")
        subdistrict = station.subdistrict or (block.subdistrict if block else "")
        if community:
            key = (subdistrict, community)
            if not is_room_of_community(station):
                others[key] = others.get(key, 0) + 1
                continue
            count.setdefault(key, []).append(station.area_m2 is None)
            area[key] = area.get(key, 0.0) + (station.area_m2 or 0.0)

    # its households
    households: dict[tuple[str, str], float] = {}
    for each in results.blocks:
        if each.community and each.households is not None:
            key = (each.subdistrict, each.community)
            households[key] = households.get(key, 0.0) + each.households

    required = math.nan if rule is None else rule.area_m2_per_100_households
    rows: list[dict[str, Any]] = []
    for key in sorted({*area, *others, *households}):
        unknown = count.get(key, [])
        homes_of = households.get(key, math.nan)
        rooms = math.nan if unknown and all(unknown) else area.get(key, 0.0)
        rows.append(
            {
                "subdistrict": key[0],
                "community": key[1],
                "households": homes_of,
                "area_m2": rooms,
                "per_100_households_m2": rooms / homes_of * 100 if homes_of > 0 else math.nan,
                "required_m2": required,
                "short_m2": _short(required * homes_of / 100, rooms),
                "stations": len(unknown),
                "stations_without_area": sum(unknown),
                "stations_not_counted": others.get(key, 0),
            }
        )
    return frame_of_rows(rows, ROOMS_COLUMNS)


def _up(value: float) -> float:
    """Return whole places, rounded up: half a place serves nobody."""
    return math.ceil(value - 1e-9) if math.isfinite(value) else value


def _short(required: float, there: float) -> float:
    return (
        max(0.0, required - there) if math.isfinite(required) and math.isfinite(there) else math.nan
    )
