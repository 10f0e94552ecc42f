"""Numbers and units as offices of five languages write them: read as meant or asked about, never another number."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from small import table, write_study
from walkshed.inputs import read_inputs
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.local import Local, country_at
from walkshed.inputs.tables.cells import number_in
from walkshed.inputs.tables.meaning import numbers
from walkshed.inputs.tables.meaning.numbers import with_numbers
from walkshed.inputs.tables.table import Row, Table, match_column

CJK_FREE = {"name": "name", "lon": "lon", "lat": "lat"}


def column(
    header: str,
    cells: list[str],
    *,
    kind: str = "stations",
    places: tuple[str, str] = ("-51.20", "-30.05"),
    local: Local | None = None,
    extra: tuple[str, ...] = (),
    more: dict[str, str] | None = None,
) -> tuple[list[float | None], FaultBook]:
    """Return the numbers of a column of a table that lies somewhere, and its faults."""
    name = match_column(header, kind, extra)
    assert name is not None, header
    rows = tuple(
        Row(at, {"lon": places[0], "lat": places[1], name: cell, **(more or {})})
        for at, cell in enumerate(cells, start=2)
    )
    headers = {**CJK_FREE, **{key: key for key in more or {}}, name: header}
    book = FaultBook()
    drawn = Table("t.csv", "row", headers, rows, drawn=False, local=local or Local())
    read = with_numbers(drawn, kind, extra, book)
    asked = bool(book.faults)
    return [None if asked else number_in(row, read, name, book) for row in read.rows], book


@pytest.mark.parametrize(
    ("header", "cells", "numbers"),
    [
        ("people", ["1,234", "98"], [1234, 98]),
        ("people", ["1 234", "1'234", "1’234", "1 234"], [1234] * 4),
        ("people", ["1,234.5", "2,000"], [1234.5, 2000]),
        ("people", ["1.234,5", "2.000"], [1234.5, 2000]),
        ("area", ["85,5", "1.200"], [85.5, 1200]),
        ("area", ["85.5", "1,200"], [85.5, 1200]),
        ("area", ["1.200", "1,200"], None),
        ("people", ["1.234", "2.345"], None),
        ("people", ["1,234", "2.345", "1 500"], None),
        ("people", ["1.234", "2.345", "1,500"], None),
        ("people", ["1.234", "0.5"], [1.234, 0.5]),
        ("people", ["1.234.567", "2.345"], [1234567, 2345]),
        ("capacity", ["1,200", "30 beds", "30 leitos", "30 Plätze"], [1200, 30, 30, 30]),
        ("Area (sq ft)", ["1200", "2,400"], [111.483648, 222.967296]),
        ("Area", ["12,500 sq ft", "1200 sqft"], [1161.288, 111.483648]),
        ("Area", ["12,500 sq ft", "1200 sqft", "300"], None),  # a bare one is asked about
        ("area_sqft", ["1200"], [111.483648]),
        ("Floor area (acres)", ["2"], [8093.7128448]),
        ("Area (acres)", ["2"], [8093.7128448]),
        ("Area (ha)", ["0.25"], [2500]),
        ("面积（亩）", ["3"], [2000]),
        ("面积（平方米）", ["3"], [3]),
        ("Area (arpent)", ["3"], None),
        ("Population (thousands)", ["1.5", "2"], [1500, 2000]),
        ("人口（万人）", ["2.3"], [23000]),
    ],
)
def test_numbers_are_read_by_the_column_or_asked(
    header: str, cells: list[str], numbers: list[float] | None
) -> None:
    kind = "stations" if "rea" in header or "面" in header or header == "capacity" else "blocks"
    if match_column(header, kind) is None:
        assert numbers is None  # a column that is not known is noted, and not read
        return
    read, book = column(header, cells, kind=kind)
    if numbers is None:
        assert book.faults
        return
    assert not book.faults
    assert read == pytest.approx(numbers)


def test_one_fault_for_a_column_however_long() -> None:
    _, book = column("people", ["1.234", "2.345"] * 500, kind="blocks")
    (fault,) = book.faults
    assert str(fault) == (
        "t.csv, row 2, column 'people': '1.234' can be 1234 or 1.234, and nothing in the column "
        'tells which; write digits only (1234), or decimal = "." or decimal = "," under [study] '
        "of study.toml: the mark of decimals"
    )


def test_what_other_columns_tell_is_asked_once_a_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows a table has: a table of 60,000 communities is read in seconds."""
    asked: Counter[str] = Counter()
    plainly = numbers._told

    def told(written: Mapping[str, Sequence[Any]], *, but: str) -> Any:
        asked[but] += 1
        return plainly(written, but=but)

    monkeypatch.setattr(numbers, "_told", told)
    column("people", ["1,234.5"] * 500, kind="blocks")
    assert set(asked.values()) == {1}


@pytest.mark.parametrize(("decimal", "people"), [(",", 1234), (".", 1.234)])
def test_study_toml_states_the_mark(decimal: str, people: float) -> None:
    local = Local(stated_decimal="," if decimal == "," else ".")
    read, book = column("people", ["1.234"], kind="blocks", local=local)
    assert read == [people]
    assert not book.faults


def test_decimal_commas_of_coordinates() -> None:
    read, book = column("area", ["1.200"], places=("-51,183801", "-30,008658"))
    assert read == [1200]
    assert not book.faults
    lon, _ = column("Longitude", ["-51,183", "-51,2"], places=("0", "-30,008658"))
    assert lon == [-51.183, -51.2]


def test_a_slip_in_a_table_of_points_stays_a_fault() -> None:
    read, book = column("people", ["1,23", "98"], kind="blocks")
    assert read == [None, 98]
    assert [fault.value for fault in book.faults] == ["1,23"]


def test_percentages_of_a_total() -> None:
    def share(cells: list[str], people: str = "200") -> tuple[list[float | None], FaultBook]:
        name, more = "pct_65plus", {"people": people} if people else None
        return column(name, cells, kind="blocks", extra=(name,), more=more)

    assert share(["12.5", "3"])[0] == [25, 6]
    assert share(["12.5%", "0.5 %"])[0] == [25, 1]
    assert share(["12,5%"])[0] == [25]
    assert share(["0.125", "0.03"])[1].faults[0].fact == "can be percentages or shares of 1"
    assert share(["125"])[1].faults[0].fact == "is not a valid percentage from 0 to 100"
    assert "no column 'people'" in share(["12.5"], people="")[1].faults[0].fact


def test_what_brackets_say_is_never_dropped() -> None:
    _, book = column("people (2019)", ["12"], kind="blocks")
    (note,) = book.notes
    assert note == "t.csv: what column 'people (2019)' says in brackets is not read"


@dataclass(frozen=True)
class Writing:
    """How an office of a language writes numbers, and its words for what they count."""

    country: str
    decimal: str
    thousands: tuple[str, ...]
    people: tuple[str, ...]
    area: tuple[str, ...]


WRITINGS = {
    "en": Writing("US", ".", (",", ""), ("", " people", " residents"), ("", " sq ft", " m²")),
    "pt": Writing("BR", ",", (".", " ", ""), ("", " hab.", " pessoas"), ("", " m²", " m2")),
    "es": Writing("ES", ",", (".", " ", ""), ("", " hab", " personas"), ("", " m²", " ha")),
    "de": Writing("DE", ",", (".", "'", ""), ("", " EW", " Einwohner"), ("", " m²", " qm")),
    "fr": Writing("FR", ",", ("\u202f", "\xa0", ""), ("", " habitants"), ("", " m²", " ha")),
}
FACTORS = {"sq ft": 0.09290304, "ha": 10_000.0}


def written(value: float, places: int, mark: str, writing: Writing) -> str:
    text = f"{value:,.{places}f}".replace(",", "T").replace(".", writing.decimal)
    return text.replace("T", mark)


@pytest.mark.parametrize("language", WRITINGS)
def test_generated_numbers_are_right_or_asked(language: str) -> None:
    writing, dice = WRITINGS[language], random.Random(language)
    told: Counter[str] = Counter()
    for _ in range(600):
        # a column of one hand: its marks, its unit, how many decimals
        is_people = dice.random() < 0.5
        mark = dice.choice(writing.thousands)
        unit = dice.choice(writing.people if is_people else writing.area)
        places = 0 if is_people else dice.choice((0, 0, 1, 2, 3))
        most = dice.choice((90, 900, 9_000, 2_000_000 if is_people else 90_000))
        values = [round(dice.uniform(1, most), places) for _ in range(dice.randint(1, 5))]
        cells = [written(value, places, mark, writing) + unit for value in values]

        # the country is known or not; coordinates are as the office writes, or as a map has them
        here = Local(stated_country=dice.choice((writing.country, "")))
        lon, lat = "-51.183801", "-30.008658"
        if dice.random() < 0.5:
            lon, lat = (text.replace(".", writing.decimal) for text in (lon, lat))
        header = "people" if is_people else "area"
        kind = "blocks" if is_people else "stations"
        read, book = column(header, cells, kind=kind, places=(lon, lat), local=here)

        meant = [value * FACTORS.get(unit.strip(), 1.0) for value in values]
        if book.faults:
            told["asked"] += 1
        elif read == pytest.approx(meant):
            told["right"] += 1
        else:
            told["wrong"] += 1
            pytest.fail(f"{cells} in {here.stated_country or 'no country'}, {lon}: {read}")
    assert told["right"] > 300, told


def test_the_country_of_a_place() -> None:
    places = {
        "BR": (-51.2, -30.05),
        "CN": (116.64, 23.66),
        "HK": (114.17, 22.3),
        "US": (-118.2, 34.05),
        "DE": (13.4, 52.5),
        "FR": (2.35, 48.85),
        "ES": (-3.7, 40.4),
        "": (0.0, 0.0),
    }
    assert {country_at(*place): place for place in places.values()} == places


def test_limits_in_miles_and_feet(tmp_path: Path) -> None:
    rows = table("id,name,services", [("S1", 0, "One", "meals")])
    homes = table("id,people", [("B1", 0, 100)])
    services = '[[services]]\nid = "meals"\ncomplete = true\n'
    for unit, limit, limit_m in (("mi", 0.5, 804.672), ("ft", 1000, 304.8), ("yd", 100, 91.44)):
        needs = f'[[needs]]\nservice = "*"\nlimit = {limit}\nunit = "{unit}"\nsource = "drawn"\n'
        study = write_study(
            tmp_path / unit, stations=rows, blocks=homes, toml=services, needs=needs
        )
        (need,) = read_inputs(study).needs
        assert (need.limit, need.unit) == (limit_m, "m")


def test_a_typed_number_is_no_thousand(tmp_path: Path) -> None:
    outline = '{"type":"Polygon","coordinates":[[[113,23],[113.001,23],[113.001,23.001],[113,23]]]}'
    blocks = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
        f'{{"id":"B1","people":1.234}},"geometry":{outline}}}]}}'
    )
    study = write_study(
        tmp_path,
        stations=table("id,name,services", [("S1", 0, "One", "meals")]),
        blocks=blocks,
        blocks_file="blocks.geojson",
        toml='[[services]]\nid = "meals"\n',
    )
    (block,) = read_inputs(study).blocks or ()
    assert block.people == 1.234
