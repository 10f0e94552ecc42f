"""Opening hours by China's calendar: a plain week, a holiday week, and the days worked instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import numpy as np
import pytest
import shapely

from needs.judged import LAW, MEALS, Judged, block, judge, need, station
from needs.test_reasons import ISLANDS
from walkshed.model.judged.coverage import Week
from walkshed.model.town.places import Offer
from walkshed.needs.measures.week import service_week, week
from walkshed.needs.rules.calendars import calendar_of, china
from walkshed.needs.rules.hours import calendar_notes, open_at, open_in_week, open_on, week_of
from walkshed.reports.tables.hours import served_when

OFFICE = "Mo-Fr 09:00-12:00,14:00-17:00"
#: Holidays on a weekend that the library knows only by the day to which they move (5 U.S.C. 6103).
KEPT = {"US": [date(2026, 7, 4)]}
DAY = [(9 * 60, 12 * 60), (14 * 60, 17 * 60)]


def test_holidays_and_worked_weekends_are_those_of_chinese_calendar() -> None:
    peer = pytest.importorskip("chinese_calendar")
    calendar = china()
    assert calendar.years
    for year in calendar.years:
        day = date(year, 1, 1)
        while day.year == year:
            free, weekend = peer.is_holiday(day), day.weekday() >= 5
            expected = (
                "workday" if weekend and not free else "holiday" if day in peer.holidays else ""
            )
            assert calendar.kind(day) == expected, day
            day += timedelta(days=1)


def test_years_that_nobody_has_announced_are_unknown_and_said_so() -> None:
    later = max(china().years) + 1
    assert china().kind(date(later, 10, 1)) == "unknown"
    (note,) = calendar_notes(f"{later}-10-01T10:00", [Offer("s", "meals", hours=OFFICE)])
    assert note.startswith(f"public holidays of {later} are unknown (calendar of ")
    assert calendar_notes("2026-11-23T10:00", [Offer("s", "meals", hours=OFFICE)]) == ()
    (silent,) = calendar_notes(
        "2026-11-23T10:00", [Offer("s", "meals", hours=OFFICE), Offer("t", "meals")]
    )
    assert silent.startswith("1 of 2 offers states no hours")
    (unasked,) = calendar_notes("", [Offer("s", "meals", hours=OFFICE)])
    assert "[run] at" in unasked


# Golden Week 2026: Thursday 1 to Wednesday 7 October; Sunday 20 September and Saturday 10 October
# are worked instead.
@pytest.mark.parametrize(
    ("day", "hours", "expected"),
    [
        ("2026-11-23", OFFICE, DAY),  # Monday
        ("2026-11-24", OFFICE, DAY),
        ("2026-11-25", OFFICE, DAY),
        ("2026-11-26", OFFICE, DAY),
        ("2026-11-27", OFFICE, DAY),  # Friday
        ("2026-11-28", OFFICE, []),
        ("2026-11-29", OFFICE, []),
        ("2026-11-28", "Mo-Sa 09:00-10:00", [(540, 600)]),
        ("2026-11-29", "Su 09:00-10:00", [(540, 600)]),
        ("2026-10-01", OFFICE, []),  # the library knows this holiday …
        ("2026-10-02", OFFICE, []),  # … and not this one
        ("2026-10-07", OFFICE, []),
        ("2026-10-08", OFFICE, DAY),  # Thursday, back at work
        ("2026-10-10", OFFICE, DAY),  # Saturday, worked
        ("2026-09-20", OFFICE, DAY),  # Sunday, worked
        ("2026-10-10", "Sa 10:00-11:00", []),
        ("2026-10-02", "Mo-Su 09:00-10:00", [(540, 600)]),
        ("2026-10-02", "09:00-10:00", [(540, 600)]),
        ("2026-10-02", "24/7", [(0, 1440)]),
        ("2026-10-02", "Mo-Su 09:00-10:00; PH off", []),
        ("2026-10-02", "Mo-Fr 09:00-17:00; PH 10:00-12:00", [(600, 720)]),
        ("2026-10-08", "Mo-Fr 09:00-17:00; PH 10:00-12:00", [(540, 1020)]),
        ("2026-02-17", "Mo-Su 09:00-10:00; PH off", []),  # Spring Festival
        ("2026-11-23", "Mo 22:00-26:00", [(1320, 1440)]),
        ("2026-11-24", "Mo 22:00-26:00", [(0, 120)]),
    ],
)
def test_a_day(day: str, hours: str, expected: list[tuple[int, int]]) -> None:
    assert open_on(hours, date.fromisoformat(day)) == expected


def test_seasons_stay_on_holidays() -> None:
    hours = "Jan-Jun 08:00-09:00; Jul-Dec 10:00-11:00"
    assert open_on(hours, date(2026, 10, 2)) == [(600, 660)]
    assert open_on(hours, date(2026, 5, 4)) == [(480, 540)]


@pytest.mark.parametrize(
    ("day", "hours", "expected"),
    [
        # a date or a season holds on holidays and worked days as it is written
        ("2026-05-01", "Mo-Su 09:00-17:00; May 01 off", []),
        ("2026-05-01", "Mo-Su 09:00-17:00; May 1-3 10:00-12:00", [(600, 720)]),
        ("2026-10-03", "Mo-Su 09:00-17:00; Oct 01-03 off", []),
        ("2026-10-04", "Mo-Su 09:00-17:00; Oct 01-03 off", [(540, 1020)]),
        ("2026-10-10", "Mo-Fr 09:00-17:00; Oct 10 off", []),
        ("2026-10-10", "Mo-Fr 09:00-17:00; Oct 10-12 10:00-12:00", [(600, 720)]),
        ("2026-05-01", "Apr-Sep Mo-Su,PH 08:00-20:00; Oct-Mar Mo-Su,PH 09:00-16:00", [(480, 1200)]),
        ("2026-10-01", "Apr-Sep Mo-Su,PH 08:00-20:00; Oct-Mar Mo-Su,PH 09:00-16:00", [(540, 960)]),
        # no rule for holidays covers October: the day counts as a Sunday
        ("2026-10-01", "Mo-Sa 09:00-16:00; Su 10:00-11:00; Apr-Sep PH off", [(600, 660)]),
        ("2026-05-01", "Mo-Sa 09:00-16:00; Su 10:00-11:00; Apr-Sep PH off", []),
        # a rule for holidays decides wherever it stands, and whatever weekday it is
        ("2026-10-02", "PH 10:00-12:00; Mo-Fr 09:00-17:00", [(600, 720)]),
        ("2026-10-02", "Mo-Fr 09:00-17:00, PH off", []),
        ("2026-10-02", "PH,Mo-Fr 09:00-12:00; Sa,Su off", [(540, 720)]),
        ("2026-10-09", "Mo-Fr 09:00-17:00; PH off", [(540, 1020)]),
        ("2026-09-30", "PH -1 day 09:00-10:00", [(540, 600)]),
        # the night before a holiday reaches into it
        ("2026-10-01", "We 22:00-26:00", [(0, 120)]),
        ("2026-10-10", "Mo 22:00-26:00", [(1320, 1440)]),
        ("2026-10-11", "Mo 22:00-26:00", [(0, 120)]),
        # weekdays within a month, ranges over Sunday, quoted words
        ("2026-12-07", "Mo[1] 09:00-10:00", [(540, 600)]),
        ("2026-12-14", "Mo[1] 09:00-10:00", []),
        ("2026-10-02", "Fr-Mo 09:00-10:00", [(540, 600)]),
        ("2026-10-02", 'Mo-Fr 09:00-10:00 "Mo-Su, PH; ring"', []),
        # a bare comment is not known to be open
        ("2026-11-25", '"by appointment"', []),
        ("2026-11-25", '"需预约"', []),
        ("2026-11-25", 'Mo-Fr "by appointment"', []),
        ("2026-11-29", 'Mo-Fr 09:00-17:00 || "by appointment"', []),
        ("2026-11-25", 'Mo-Fr 09:00-17:00 || "by appointment"', [(540, 1020)]),
        ("2026-11-25", 'Mo-Fr 09:00-17:00 "ring the bell"', [(540, 1020)]),
        ("2026-11-25", '24/7 "ring the bell"', [(0, 1440)]),
        ("2026-11-25", 'Mo-Fr open "ring the bell"', [(0, 1440)]),
    ],
)
def test_dates_seasons_holidays_and_comments(
    day: str, hours: str, expected: list[tuple[int, int]]
) -> None:
    assert open_on(hours, date.fromisoformat(day)) == expected


PLACES = {
    "FI": (24.94, 60.17),
    "BR": (-51.2, -30.0),
    "MC": (7.42, 43.735),
    "HK": (114.17, 22.3),
    "SG": (103.85, 1.29),
    "US": (-77.04, 38.9),
}


@pytest.mark.parametrize("country", PLACES)
def test_elsewhere_holidays_are_those_that_the_library_knows(country: str) -> None:
    from opening_hours import OpeningHours

    public = OpeningHours("PH", country=country)
    here, stated = calendar_of("", PLACES[country]), calendar_of(country, (116.6, 23.6))
    kinds = set()
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        free = public.is_open(datetime.combine(day, time(12))) or day in KEPT.get(country, ())
        expected = "holiday" if free else ""
        assert here.kind(day) == stated.kind(day) == expected, day
        kinds.add(expected)
        open_then = bool(open_on("Mo-Fr 09:00-17:00", day, here))
        assert open_then == (day.weekday() < 5 and not expected), day
    assert kinds == {"holiday", ""}


def test_the_mainlands_calendar_holds_for_the_mainland_alone() -> None:
    for place in ((116.64, 23.66), (121.4, 31.31), (104.1, 30.8), (75.99, 39.47), (113.57, 22.27)):
        assert calendar_of("", place) is china()
    assert calendar_of("CN", (150.0, 23.7)) is china()
    for lonlat in ((113.543, 22.19), (121.56, 25.03), (113.56, 22.12)):  # Macao, Taipei, Coloane
        calendar = calendar_of("", lonlat)
        assert calendar.kind(date(2026, 10, 1)) == "unknown"
        (note,) = calendar_notes("2026-10-01T10:00", [Offer("s", "meals", hours=OFFICE)], calendar)
        assert note.startswith("public holidays of 2026 are unknown")
        assert '[run] country = "…"' in note


def test_abroad_golden_week_is_a_week_like_any_other() -> None:
    helsinki = calendar_of("", PLACES["FI"])
    assert open_on(OFFICE, date(2026, 10, 1), helsinki) == DAY  # Thursday
    assert open_on(OFFICE, date(2026, 10, 10), helsinki) == []  # Saturday
    assert open_on(OFFICE, date(2026, 6, 19), helsinki) == []  # Midsummer Eve


def test_hours_that_only_say_whom_to_ask_are_told() -> None:
    offers = [Offer("a", "meals", hours='"by appointment"'), Offer("b", "meals", hours=OFFICE)]
    (note,) = calendar_notes("2026-11-25T10:00", offers)
    assert note.endswith('are not known, and not open: "by appointment"')


def test_a_moment() -> None:
    offers = [
        Offer("a", "meals", hours=OFFICE),
        Offer("b", "meals", hours="24/7"),
        Offer("c", "meals"),
    ]
    assert open_at("", offers) is None
    assert open_at("2026-11-23T11:59", offers) == {OFFICE: True, "24/7": True}
    assert open_at("2026-11-23T12:00", offers) == {OFFICE: False, "24/7": True}


def test_a_week() -> None:
    kinds = [kind for _, kind in week_of("2026-10-07T10:00")]
    assert kinds == ["holiday", "holiday", "holiday", "", "", "workday", ""]
    assert week_of("2026-10-07T10:00")[0][0] == "2026-10-05"
    opened = open_in_week(OFFICE, "2026-10-07T10:00")
    assert [(begin // 1440, end // 1440) for begin, end in opened] == [(3, 3)] * 2 + [
        (4, 4)
    ] * 2 + [(5, 5)] * 2
    assert open_in_week("24/7", "2026-11-23T10:00") == [(0, 10080)]


def week_of_meals(found: Judged, moment: str) -> Week | None:
    """Return the week of the first service."""
    part = service_week(found.demand, found.situation(), moment, min_share=0.8)
    return week([part], moment)


def test_hours_in_which_a_block_is_served_by_hand() -> None:
    # 60 of 100 people reach the morning room, all reach the office; 0.8 must be served.
    blocks = [block("near", shapely.Point(100, 300)), block("far", shapely.Point(500, 300))]
    stations = [station("morning", 100, 300, "law"), station("office", 300, 300, "law")]
    offers = (
        Offer("morning", "meals", hours="Mo-Su 06:00-09:30"),
        Offer("office", "meals", hours=OFFICE),
    )
    found = judge(
        ISLANDS.net,
        blocks,
        stations,
        services=(MEALS, LAW),
        needs=(need(250),),
        offers=offers,
        open_now=open_at("2026-11-23T10:00", offers),
    )
    told = week_of_meals(found, "2026-11-23T10:00")
    assert told is not None
    # near: 06:00-12:00 and 14:00-17:00 on weekdays, 06:00-09:30 at weekends; far: office hours
    # only.
    assert told.hours[:, 0].tolist() == [5 * 9 + 2 * 3.5, 5 * 6]
    assert told.strip[0, 0].sum() == 5 * 18 + 2 * 7
    assert (
        served_when(told, told.strip[0, 0], "en")
        == "Mo-Fr 06:00-12:00,14:00-17:00; Sa-Su 06:00-09:30"
    )
    assert (
        served_when(told, told.strip[1, 0], "zh")
        == "周一至周五 09:00-12:00,14:00-17:00; 周六至周日 –"
    )
    golden = week_of_meals(found, "2026-10-07T10:00")
    assert golden is not None
    assert golden.hours[1, 0] == 3 * 6
    assert "周三（放假）" in served_when(golden, golden.strip[1, 0], "zh")
    assert "周六（调休上班）" in served_when(golden, golden.strip[1, 0], "zh")
    assert week([], "") is None
    assert found.answer.week is None  # nobody asked for a moment


def test_the_strip_agrees_with_judging_at_its_moments() -> None:
    rng = np.random.default_rng(5)
    blocks = [
        block(f"b{row}", shapely.Point(x, 300)) for row, x in enumerate(rng.uniform(0, 600, 12))
    ]
    hours = ("Mo-Fr 08:30-12:00", "Sa-Su 10:00-16:00", "Mo-Su 18:00-26:00", "")
    stations = [
        replace(station(f"s{row}", 150.0 * row, 300), hours=each) for row, each in enumerate(hours)
    ]
    for moment in ("2026-11-23T09:00", "2026-11-28T10:00", "2026-11-29T01:30", "2026-11-25T03:00"):
        offers = tuple(Offer(each.id, "meals", hours=each.hours) for each in stations)
        found = judge(
            ISLANDS.net, blocks, stations, needs=(need(100),), open_now=open_at(moment, offers)
        )
        told = week_of_meals(found, moment)
        assert told is not None
        day = date.fromisoformat(moment[:10]).weekday()
        half = 48 * day + 2 * int(moment[11:13]) + int(moment[14:16]) // 30
        for row, each in enumerate(blocks):
            assert told.strip[row, 0, half] == (found.of(each.id).verdict == "served")
