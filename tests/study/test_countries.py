"""The country of a study: found from the map, said on every output, and its holidays judged there and nowhere else."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from small import table, write_study
from walkshed.inputs import read_inputs
from walkshed.inputs.local import Local, country_at
from walkshed.needs.rules.calendars import calendar_of
from walkshed.needs.rules.hours import is_unknown
from walkshed.needs.rules.moved_days import hours_on
from walkshed.words.studies.country import country_text

PLACES = {
    "BR": (-51.2, -30.03),
    "US": (-87.63, 41.88),
    "CN": (121.4, 31.31),
    "DE": (13.4, 52.52),
    "FR": (2.35, 48.86),
    "GB": (-0.12, 51.5),
    "ES": (-3.7, 40.42),
    "PT": (-8.61, 41.15),
    "HK": (114.17, 22.3),
    "MO": (113.545, 22.195),
}


@pytest.mark.parametrize("country", PLACES)
def test_the_country_of_a_place(country: str) -> None:
    assert country_at(*PLACES[country]) == country
    assert country_at(0.0, 0.0) == ""
    assert country_at(500.0, 0.0) == ""


@pytest.mark.parametrize(
    ("code", "habits"),
    [
        ("BR", ("metric", ",", 0, 24, "BRL", False)),
        ("US", ("us", ".", 1, 12, "USD", False)),
        ("DE", ("metric", ",", 0, 24, "EUR", False)),
        ("CN", ("metric", ".", 1, 24, "CNY", True)),
        ("GB", ("metric", ".", 0, 24, "GBP", False)),
    ],
)
def test_the_habits_of_a_country(code: str, habits: tuple[object, ...]) -> None:
    row = Local(code).row
    assert row is not None
    found = (row.units, row.decimal, row.ground_floor, row.clock, row.currency, row.reviews_maps)
    assert found == habits


@pytest.mark.parametrize(
    ("stated", "language"),
    [
        ("", "zh"),
        ('country = "BR"', "pt"),
        ('country = "PT"', "pt"),
        ('country = "HK"', "zh"),
        ('country = "DE"', "en"),
        ('country = "US"', "en"),
        ('country = "US"\nlanguage = "zh"', "zh"),
        ('country = "BR"\nlanguages = ["en", "pt"]', "en"),
    ],
)
def test_the_language_is_that_of_the_countrys_offices(
    stated: str, language: str, tmp_path: Path
) -> None:
    """Where a study names none; the small town lies in Guangdong."""
    write_study(
        tmp_path,
        stations=table("id,name,services", [("S1", 0, "Hall", "meals")]),
        blocks=table("id,name,people", [("A", 100, "Lane", 40)]),
        toml='[[services]]\nid = "meals"\nzh = "a"\nen = "a"\n',
    )
    file = tmp_path / "study.toml"
    text = file.read_text("utf-8")
    assert 'language = "en"' in text
    file.write_text(text.replace('language = "en"', stated), "utf-8")
    assert read_inputs(tmp_path).settings.language == language


#: National holidays of a year beyond any doubt, and days that are none there.
HOLIDAYS = {
    "BR": (("2026-09-07", "2026-04-21", "2026-11-20"), ("2026-07-04", "2026-10-01")),
    "US": (("2026-07-04", "2026-01-19", "2026-05-25", "2026-09-07"), ("2026-04-21", "2026-10-01")),
    "DE": (("2026-10-03", "2026-05-01"), ("2026-07-14",)),
    "FR": (("2026-07-14", "2026-05-08"), ("2026-10-03",)),
    "GB": (("2026-01-01", "2026-12-25", "2026-05-04"), ("2026-07-14",)),
    "ES": (("2026-10-12", "2026-12-08"), ("2026-10-03",)),
    "PT": (("2026-04-25", "2026-06-10"), ("2026-10-12",)),
    "CN": (("2026-10-01", "2026-02-17"), ("2026-09-07", "2026-12-25")),
}


@pytest.mark.parametrize("country", HOLIDAYS)
def test_national_days_hold_in_their_country(country: str) -> None:
    days, others = HOLIDAYS[country]
    calendar = calendar_of(country, (0.0, 0.0))
    assert [calendar.kind(date.fromisoformat(day)) for day in days] == ["holiday"] * len(days)
    assert "holiday" not in [calendar.kind(date.fromisoformat(day)) for day in others]


@pytest.mark.parametrize("country", [each for each in HOLIDAYS if each != "CN"])
def test_nationwide_holidays_are_those_of_another_library(country: str) -> None:
    holidays = pytest.importorskip("holidays")
    calendar = calendar_of(country, (0.0, 0.0))
    # the US federal ones are not those of any state; the United Kingdom's are England's here
    division = {"GB": {"subdiv": "ENG"}}.get(country, {})
    theirs = set(holidays.country_holidays(country, years=2026, **division))
    ours = {
        day
        for number in range(365)
        if calendar.kind(day := date(2026, 1, 1) + timedelta(days=number)) == "holiday"
    }
    assert theirs - ours <= DIFFER.get(country, set())
    assert ours - theirs <= DIFFER.get(country, set())


#: Days on which the two libraries differ, each looked at.
DIFFER: dict[str, set[date]] = {
    # Easter Sunday; Corpus Christi, an optional day of public service
    "BR": {date(2026, 4, 5), date(2026, 6, 4)},
    # Columbus Day is kept by the federation and some states only
    "US": {date(2026, 10, 12)},
    # not in Scotland: the library knows the days of all of the kingdom
    "GB": {date(2026, 4, 6), date(2026, 8, 31)},
    # Sundays, which regions move as they like
    "ES": {date(2026, 11, 1), date(2026, 12, 6)},
}


@pytest.mark.parametrize(
    ("day", "where", "hours"),
    [
        ("2026-09-07", "BR", "Mo-Fr 08:00-18:00; PH off"),  # Independence Day, a Monday
        ("2026-05-25", "US", "Mo-Fr 08:00-18:00; PH off"),  # Memorial Day, a Monday
        ("2026-10-01", "CN", "Mo-Fr 08:00-18:00; PH off"),
    ],
)
def test_a_holiday_closes_where_it_holds_and_nowhere_else(day: str, where: str, hours: str) -> None:
    moment = f"{day}T10:00"
    for country in HOLIDAYS:
        calendar = calendar_of(country, (0.0, 0.0))
        shut = country == where or calendar.kind(date.fromisoformat(day)) == "holiday"
        assert open_now(hours, moment, country) is not shut
        assert not is_unknown(hours, moment, calendar)
    # Labor Day of the US is that day in 2026; Whit Monday of Germany and France is Memorial Day
    too = {"BR": {"US"}, "US": {"DE", "FR", "GB"}, "CN": set[str]()}[where]
    assert {c for c in HOLIDAYS if not open_now(hours, moment, c)} == {where} | too


def test_a_saturday_that_is_worked_in_china_is_a_saturday_elsewhere() -> None:
    day, hours = date(2026, 10, 10), "Mo-Fr 09:00-17:00"
    assert calendar_of("CN", (0.0, 0.0)).kind(day) == "workday"
    for country in HOLIDAYS:
        assert open_now(hours, f"{day}T10:00", country) is (country == "CN")


def open_now(hours: str, moment: str, country: str) -> bool:
    """Return whether hours are open at a moment by the calendar of a country."""
    from datetime import datetime

    from opening_hours import OpeningHours

    when = datetime.fromisoformat(moment)
    held = hours_on(hours, when.date(), calendar_of(country, (0.0, 0.0)))
    return bool(OpeningHours(held).is_open(when))


def test_the_country_is_said(tmp_path: Path) -> None:
    study = write_study(
        tmp_path,
        stations=table("id,name,services", [("S1", 0, "One", "health")]),
        blocks=table("id,people", [("B1", 0, 100)]),
        toml='[[services]]\nid = "health"\n',
    )
    text = (study / "study.toml").read_text(encoding="utf-8")
    stated = text.replace("[study]", '[study]\ncountry = "BR"', 1)
    (study / "study.toml").write_text(stated, encoding="utf-8")
    inputs = read_inputs(study)
    assert inputs.country is not None
    told = country_text(inputs, "en")
    assert told.startswith("Brazil (BR), as study.toml states; public holidays: BR")
    assert "currency: BRL" in told
    assert "published" not in told
    assert country_text(inputs, "zh").startswith("巴西 (BR)，按 study.toml；节假日：")


def test_the_country_of_an_extract_without_a_box_is_that_of_its_places(tmp_path: Path) -> None:
    """Many tools that cut extracts write no box into them."""
    nodes = ((1, -51.200, -30.05), (2, -51.201, -30.05))
    points = "".join(f'<node id="{key}" lon="{lon}" lat="{lat}"/>' for key, lon, lat in nodes)
    way = '<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>'
    study = write_study(
        tmp_path,
        stations="id,name,lon,lat,services\nS1,One,-51.2,-30.05,health\n",
        blocks="id,lon,lat,people\nB1,-51.201,-30.05,100\n",
        toml='[[services]]\nid = "health"\n',
        files={"town.osm": f'<osm version="0.6">{points}{way}</osm>'},
    )
    text = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(
        text.replace('lines = "ways.geojson"', 'file = "town.osm"'), encoding="utf-8"
    )
    told = country_text(read_inputs(study), "en")
    assert told.startswith("Brazil (BR), where the map lies; public holidays: BR")


@pytest.mark.parametrize(
    ("stated", "units", "clock", "currency"),
    [
        ('country = "US"', "us", 12, ""),
        ('country = "BR"', "metric", 24, ""),
        ('country = "US"\nunits = "metric"\nclock = 24\ncurrency = "US$"', "metric", 24, "US$"),
    ],
)
def test_units_and_clock_are_those_of_the_country_unless_the_study_says(
    tmp_path: Path, stated: str, units: str, clock: int, currency: str
) -> None:
    """Money is never guessed: costs may be in thousands."""
    folder = write_study(
        tmp_path,
        stations=table("id,name,services", [("S1", 100, "Library", "books")]),
        blocks=table("id,people", [("B1", 300, 100)]),
        toml='[[services]]\nid = "books"\n',
    )
    text = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(text.replace("[study]\n", f"[study]\n{stated}\n"), "utf-8")
    habits = read_inputs(folder).settings.habits
    assert (habits.units, habits.clock, habits.currency) == (units, clock, currency)
