"""Rooms by the hour: the content of ``room_times.csv`` and ``station_rooms.csv``."""

from __future__ import annotations

import pandas as pd

from walkshed.model.results import Results
from walkshed.model.town.room_times import hours_of, opening_hours
from walkshed.needs.measures.room_times import room_weeks, station_rooms
from walkshed.reports.declared import (
    COUNT,
    FLAG,
    HOURS,
    SHARE,
    SQUARE_METERS,
    TEXT,
    Column,
    frame_of_rows,
)

_STATION = (
    Column("station_id", TEXT, "站点编号", "the station"),
    Column("station_name", TEXT, "站点名称", "its name"),
)
ROOM_TIMES_COLUMNS = (
    *_STATION,
    Column("room", TEXT, "房间", "the room"),
    Column("area_m2", SQUARE_METERS, "面积；空为未填", "its area; empty where nobody says"),
    Column("uses", TEXT, "用途，以分号分隔", "what it is used for, ; between"),
    Column("services", TEXT, "所服务的服务编号，以分号分隔", "services that it serves, ; between"),
    Column("occupied_h", HOURS, "时段占用：每周小时数", "hours of the week in which it is used"),
    Column("occupied_when", TEXT, "何时占用（OSM 写法）", "when, as OSM opening hours"),
    Column(
        "idle_h",
        HOURS,
        "闲置时段：站点开放而房间闲置的每周小时数；开放时间未知为空",
        "hours in which it is idle while its station is open; empty where hours are not known",
    ),
    Column("idle_when", TEXT, "何时闲置（OSM 写法）", "when, as OSM opening hours"),
    Column(
        "outside_h",
        HOURS,
        "站点开放时间以外使用的每周小时数",
        "hours in which it is used while its station is closed",
    ),
    Column("office_h", HOURS, "其中用作办公的每周小时数", "hours in which it is an office"),
    Column(
        "mixed",
        FLAG,
        "是否一室多用（不同时段用途不同）",
        "whether it is used for several things at different hours",
    ),
    Column(
        "clashes",
        TEXT,
        "冲突：同一时间用作两事的时段（OSM 写法），以 | 分隔",
        "when two uses clash, as OSM opening hours, | between",
    ),
)
STATION_ROOMS_COLUMNS = (
    *_STATION,
    Column("rooms", COUNT, "房间数", "rooms"),
    Column("rooms_without_area", COUNT, "其中未填面积的", "those without an area"),
    Column(
        "area_m2",
        SQUARE_METERS,
        "面积合计，每间只计一次",
        "their area together, each room once",
    ),
    Column(
        "office_share",
        SHARE,
        "办公面积占比；兼作办公的房间按办公时长计",
        "share of the area that is offices; a room that is one at times counts by its hours",
    ),
    Column("mixed_rooms", COUNT, "一室多用的房间数", "rooms used for several things"),
    Column("occupied_h", HOURS, "每周占用小时数，逐间相加", "hours used in a week, room by room"),
    Column(
        "idle_h",
        HOURS,
        "每周闲置小时数，逐间相加；开放时间未知为空",
        "hours idle in a week, room by room; empty where hours are not known",
    ),
    Column("clashes", COUNT, "冲突数", "clashes"),
)


def room_times_frame(results: Results) -> pd.DataFrame:
    """Return one row per room of the ledger, the columns of ``room_times.csv``."""
    rows = [
        {
            "station_id": week.station.id,
            "station_name": week.station.name,
            "room": week.room,
            "area_m2": week.area_m2,
            "uses": ";".join(dict.fromkeys(use.use for use in week.uses if use.use)),
            "services": ";".join(dict.fromkeys(key for use in week.uses for key in use.services)),
            "occupied_h": hours_of(week.occupied),
            "occupied_when": opening_hours(week.occupied),
            "idle_h": week.idle_h,
            "idle_when": opening_hours(week.idle or ()),
            "outside_h": None if week.outside is None else hours_of(week.outside),
            "office_h": week.office_h,
            "mixed": week.is_mixed,
            "clashes": "|".join(opening_hours(clash.stretches) for clash in week.clashes),
        }
        for week in room_weeks(results)
    ]
    return frame_of_rows(rows, ROOM_TIMES_COLUMNS)


def station_rooms_frame(results: Results) -> pd.DataFrame:
    """Return one row per station with rooms in the ledger, the columns of ``station_rooms.csv``."""
    rows = [
        {
            "station_id": each.station.id,
            "station_name": each.station.name,
            "rooms": len(each.rooms),
            "rooms_without_area": len(each.rooms) - len(each.measured),
            "area_m2": each.area_m2,
            "office_share": each.office_share,
            "mixed_rooms": sum(room.is_mixed for room in each.rooms),
            "occupied_h": each.occupied_h,
            "idle_h": each.idle_h,
            "clashes": each.clashes,
        }
        for each in station_rooms(room_weeks(results))
    ]
    return frame_of_rows(rows, STATION_ROOMS_COLUMNS)
