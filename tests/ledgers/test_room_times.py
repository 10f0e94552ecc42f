"""Rooms by the hour: what they say of hours and services, how long each stands idle, and what clashes."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.town import STATIONS, faults, workbook, write
from walkshed.inputs.ledgers.week_text import days_of, spans_of
from walkshed.maps.payload.whole import build_payload
from walkshed.model.town.room_times import clashes, common, hours_of, joined, opening_hours, without
from walkshed.study import read_study

HEAD = "站点,房间,面积㎡,星期,时段,用途,服务项目\n"
ROOMS = HEAD + (
    "南门站,多功能厅,80,周一至周五,8:30-11:30,服务,助餐\n"
    "南门站,多功能厅,80,周一、周三,14:00-16:00,活动,\n"
    "南门站,办公室,20,工作日,8:00-18:00,办公,\n"
)


def notes(folder: Path) -> str:
    return " ".join(read_study(folder).inputs.notes)


def test_an_offer_is_open_when_a_room_serves_it(tmp_path: Path) -> None:
    inputs = read_study(write(tmp_path, {"room_times": ROOMS})).inputs
    hours = {(offer.station, offer.service): offer.hours for offer in inputs.offers}
    assert hours == {("S1", "meals"): "Mo-Fr 08:30-11:30"}
    assert inputs.stations[0].services == ("meals", "law")
    assert "no room serves what the station lists; it keeps the station's hours: 南门站: law" in (
        " ".join(inputs.notes)
    )

    # judged at a moment: at noon the room serves no meals, while the station is open
    for at, verdict in (("2026-03-02T10:00", "served"), ("2026-03-02T12:00", "closed")):
        folder = write(tmp_path / at[-5:-3], {"room_times": ROOMS}, toml=f'[run]\nat = "{at}"\n')
        coverage = read_study(folder).run().coverage.set_index(["block_id", "service"])
        assert coverage.loc[("B1", "meals"), "verdict"] == verdict
        assert coverage.loc[("B1", "law"), "verdict"] == "served"


def test_a_service_that_only_a_room_serves_is_offered_with_a_note(tmp_path: Path) -> None:
    rows = HEAD + "花园站,活动室,,每天,19:00-21:00,,法律\n"
    inputs = read_study(write(tmp_path, {"room_times": rows})).inputs
    assert inputs.stations[1].services == ("meals", "law")
    (offer,) = inputs.offers
    assert (offer.hours, offer.scope.value) == ("Mo-Su 19:00-21:00", "compound")
    assert "it counts as offered: 花园站: law" in " ".join(inputs.notes)


def test_hours_of_rooms_hold_over_those_of_offers_and_nothing_comes_to_the_door_by_them(
    tmp_path: Path,
) -> None:
    toml = '[offers]\nfile = "offers.csv"\n'
    folder = write(tmp_path, {"room_times": ROOMS}, toml=toml)
    rows = "station,service,hours,mode\nS1,meals,Sa 09:00-12:00,visit\nS1,meals,,outreach\n"
    (folder / "offers.csv").write_text(rows, encoding="utf-8")
    offers = read_study(folder).inputs.offers
    assert [(offer.mode.value, offer.hours) for offer in offers] == [
        ("visit", "Mo-Fr 08:30-11:30"),
        ("outreach", "Mo-Fr 08:00-18:00"),
    ]
    assert "hours of rooms hold, not those of the table of offers: 南门站: meals" in notes(folder)


def test_a_station_that_does_not_run_offers_nothing_in_its_rooms(tmp_path: Path) -> None:
    kept = {"room_times": ROOMS, "operations": "站点,是否实体化运行\n南门站,否\n"}
    inputs = read_study(write(tmp_path, kept)).inputs
    assert inputs.offers == ()
    assert inputs.stations[0].idle_services == ("meals", "law")


def test_occupied_idle_and_the_share_of_offices(tmp_path: Path) -> None:
    findings = read_study(write(tmp_path, {"room_times": ROOMS})).run()
    rooms = findings.table("room_times.csv").set_index("room")
    hall, office = rooms.loc["多功能厅"], rooms.loc["办公室"]
    assert (hall.occupied_h, hall.idle_h, hall.outside_h, hall.office_h) == (19.0, 31.0, 0.0, 0.0)
    idle = "Mo,We 08:00-08:30,11:30-14:00,16:00-18:00; Tu,Th-Fr 08:00-08:30,11:30-18:00"
    assert hall.idle_when == idle
    assert hall.mixed
    assert (office.occupied_h, office.idle_h, office.office_h) == (50.0, 0.0, 50.0)

    # each room's area once: 20 of 100 m² are offices
    station = findings.table("station_rooms.csv").iloc[0]
    assert (station.area_m2, station.office_share, station.mixed_rooms) == (100.0, 0.2, 1)
    assert (station.occupied_h, station.idle_h, station.clashes) == (69.0, 31.0, 0)


def test_a_room_that_is_an_office_at_times_counts_by_its_hours(tmp_path: Path) -> None:
    rows = HEAD + "南门站,一室,40,周一,8:00-12:00,办公,\n南门站,一室,,周一,13:00-14:00,活动,\n"
    findings = read_study(write(tmp_path, {"room_times": rows})).run()
    assert findings.table("station_rooms.csv").iloc[0].office_share == 0.8


def test_idle_hours_are_empty_where_nobody_says_when_the_station_is_open(tmp_path: Path) -> None:
    rows = HEAD + "花园站,活动室,,每天,19:00-21:00,活动,\n"
    findings = read_study(write(tmp_path, {"room_times": rows})).run()
    room = findings.table("room_times.csv").iloc[0]
    assert (room.occupied_h, room.idle_h != room.idle_h, room.idle_when) == (14.0, True, "")
    assert findings.table("station_rooms.csv").iloc[0].rooms_without_area == 1


def test_clashes_are_named_in_notes_tables_and_on_the_page(tmp_path: Path) -> None:
    rows = ROOMS + "南门站,多功能厅,,周三,15:00-17:00,会议,\n南门站,办公室,,周六,9:00-10:00,会议,\n"
    folder = write(tmp_path, {"room_times": rows})
    assert (
        "room_times.csv: room '多功能厅' of 南门站 is used twice at the same time, "
        "We 15:00-16:00 (rows 3 and 5)"
    ) in notes(folder)
    findings = read_study(folder).run()
    room = findings.table("room_times.csv").iloc[0]
    assert (room.clashes, room.occupied_h) == ("We 15:00-16:00", 20.0)  # what overlaps counts once
    payload = build_payload(findings.results)["ledgers"]
    lines = [line["zh"] for line in payload["stations"][0]]
    assert lines[0] == (
        "2间房，一室多用2间，每周占用71小时，闲置30小时，办公面积占比20%，时段冲突1处"
    )
    assert lines[1].startswith("多功能厅：服务、助餐（周一至周五 08:30-11:30）；活动（周一、周三")
    (shown,) = payload["tables"]
    assert shown["rows"][0][-1] == {"zh": "周三 15:00-16:00", "en": "We 15:00-16:00"}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("南门站,厅,80,周八,8:30-9:30,活动,", [("星期", "names no days of the week")]),
        ("南门站,厅,80,周一,上午,活动,", [("时段", "names no hours of a day")]),
        ("南门站,厅,80,周一,22:00-2:00,活动,", [("时段", "names no hours of a day")]),
        (
            "南门站,厅,80,,,活动,",
            [("星期", "names no days of the week"), ("时段", "names no hours of a day")],
        ),
        ("南门站,,80,周一,8:30-9:30,活动,", [("房间", "is empty")]),
        ("南门站,厅,80,周一,8:30-9:30,,", [(None, "does not say what the room is used for")]),
        ("南门站,厅,大,周一,8:30-9:30,活动,", [("面积㎡", "is not a valid number")]),
        ("南门站,厅,80,周一,8:30-9:30,,理发", [("服务项目", "is not a service of study.toml")]),
        ("北门站,厅,80,周一,8:30-9:30,活动,", [("站点", "is not a station of this study")]),
    ],
)
def test_every_fault_is_told(
    tmp_path: Path, row: str, expected: list[tuple[str | None, str]]
) -> None:
    told = faults(write(tmp_path, {"room_times": f"{HEAD}{row}\n"}))
    assert [(fault.column, fault.fact) for fault in told] == expected
    assert {fault.row for fault in told} == {2}


def test_two_areas_of_one_room_are_a_fault_and_too_many_meters_a_note(tmp_path: Path) -> None:
    rows = HEAD + "南门站,厅,80,周一,8:30-9:30,活动,\n南门站,厅,90,周二,8:30-9:30,活动,\n"
    (fault,) = faults(write(tmp_path / "a", {"room_times": rows}))
    assert (fault.row, fault.fact) == (3, "is another area than in row 2 (80)")

    folder = write(tmp_path / "b", {"room_times": ROOMS})
    text = (folder / "stations.csv").read_text(encoding="utf-8").splitlines()
    sized = [f"{text[0]},area_m2", *(f"{line},90" for line in text[1:])]
    (folder / "stations.csv").write_text("\n".join(sized), encoding="utf-8")
    assert "measure 100 m² together, more than the station (90 m²)" in notes(folder)


def test_a_sheet_with_merged_stations(tmp_path: Path) -> None:
    folder = write(tmp_path, toml='[ledgers]\nfile = "台账.xlsx"\n')
    head = HEAD.strip().split(",")
    rows = [
        ["南门站", "厅", 80, "周一", "8:30-9:30", "活动", ""],
        [None, "室", 20, "周一", "8:30-9:30", "办公", ""],
    ]
    path = folder / "台账.xlsx"
    workbook(path, {"房间时段": [head, *rows]})
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("A2:A3")
    book.save(path)
    uses = read_study(folder).inputs.ledgers.room_times
    assert [(use.station, use.room) for use in uses] == [("S1", "厅"), ("S1", "室")]


_HAN = "一二三四五六日"
_WEEK = tuple(range(7))
_NAMED = {
    f"{prefix}{name}": (day,)
    for prefix in ("周", "星期", "每周", "礼拜")
    for day, name in enumerate(_HAN)
}
_SPANS = {
    f"周{first}{to}{prefix}{last}": _WEEK[_HAN.index(first) : _HAN.index(last) + 1]
    for first, last in ("一五", "二四", "一日")
    for to in ("至", "到", "-", "—", "~", " - ")
    for prefix in ("周", "")
}
_ALIKE = {
    _WEEK: ["每天", "每日", "天天", "Mo-Su", "daily", "周一至周日"],
    (0, 1, 2, 3, 4): ["工作日", "周一至周五（节假日除外）", "weekdays", "Mo - Fr", "Monday-Friday"],
    (0, 1, 2, 3): ["一至四", "周1至周4"],
    (5, 6): ["周末", "双休日", "周六、周日", "周六、日", "Sa,Su", "周六和周日", "周六 周日"],
    (0, 2, 4): ["周一、三、五", "一三五", "周一三五", "周一、周三、周五", "Mo,We,Fr"],
}
DAY_WORDS = {**_NAMED, **_SPANS, **{word: days for days, some in _ALIKE.items() for word in some}}
NO_DAYS = (
    "",
    "周八",
    "节假日",
    "月底",
    "每月15日",
    "农历初一",
    "8:30-9:30",
    "Mo-",
    "0",
    "周一至",
    "初一",
)


@pytest.mark.parametrize("word", DAY_WORDS)
def test_days_as_offices_write_them(word: str) -> None:
    assert days_of(word) == DAY_WORDS[word]


@pytest.mark.parametrize("word", NO_DAYS)
def test_what_names_no_day_is_refused(word: str) -> None:
    assert days_of(word) is None


@pytest.mark.parametrize("to", ["-", "－", "—", "–", "~", "～", "至", "到", " - ", "——"])
@pytest.mark.parametrize(
    "ends",
    [
        ("8:30", "11:30"),
        ("08:30", "11:30"),
        ("8：30", "11：30"),
        ("8.30", "11.30"),
        ("8点半", "11点半"),
        ("8点30分", "11点30"),
        ("8时30分", "11时30分"),
        ("上午8:30", "11:30"),
        ("上午8点半", "上午11点半"),
    ],
)
def test_times_as_offices_write_them(ends: tuple[str, str], to: str) -> None:
    assert spans_of(to.join(ends)) == ((510, 690),)


def test_times_of_the_afternoon_and_what_is_no_time() -> None:
    assert spans_of("下午2:00-5:00") == ((840, 1020),)
    assert spans_of("晚上7点至12点") == ((1140, 1440),)
    assert spans_of("8:00-12:00、14:00-17:30") == ((480, 720), (840, 1050))
    assert spans_of("全天") == ((0, 1440),)
    for text in (
        "",
        "上午",
        "8.5-11.5",
        "22:00-2:00",
        "25:00-26:00",
        "8:30",
        "11:00-9:00",
        "8:75-9",
    ):
        assert spans_of(text) is None, text


stretch = st.tuples(st.integers(0, 6), st.integers(0, 1380), st.integers(1, 60)).map(
    lambda drawn: (drawn[0] * 1440 + drawn[1], drawn[0] * 1440 + drawn[1] + drawn[2])
)
stretches = st.lists(stretch, max_size=6)


@given(stretches, stretches)
def test_stretches_add_up_minute_by_minute(one: list, other: list) -> None:
    def minutes(some: object) -> set[int]:
        return {minute for begin, end in some for minute in range(begin, end)}

    assert minutes(joined(one)) == minutes(one)
    assert minutes(common(one, other)) == minutes(one) & minutes(other)
    assert minutes(without(one, other)) == minutes(one) - minutes(other)
    assert hours_of(one) == len(minutes(one)) / 60


def test_opening_hours_are_those_of_the_library() -> None:
    from datetime import datetime

    from opening_hours import OpeningHours

    text = opening_hours([(510, 690), (1440 + 510, 1440 + 690), (5 * 1440, 6 * 1440)])
    assert text == "Mo-Tu 08:30-11:30; Sa 00:00-24:00"
    assert OpeningHours(text).is_open(datetime(2026, 3, 3, 9))  # noqa: DTZ001
    assert clashes([]) == ()


def test_stations_without_rooms_keep_everything(tmp_path: Path) -> None:
    inputs = read_study(write(tmp_path, {"room_times": ROOMS})).inputs
    assert inputs.stations[1].services == (STATIONS[1][4],)
