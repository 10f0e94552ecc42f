"""Hours as Chinese offices write them, text by text: what is read as what, and what is refused with which reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from walkshed.inputs.hours.reading import Hours, read_hours
from walkshed.inputs.hours.unclear import UnclearHoursError
from walkshed.words.hours import hours_text

HERE = Path(__file__).parent
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _listed(name: str) -> list[tuple[str, str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" ⇒ ") for line in lines if not line.startswith("#")]
    return [(text.replace("\\n", "\n"), meant) for text, meant in pairs]


def _spelled(meant: str) -> str:
    """Return OSM text of the table's short form for days of the month: ``odd``, ``even``, ``1,15``."""
    days, _, times = meant.partition(" ")
    named = {"odd": range(1, 32, 2), "even": range(2, 32, 2)}.get(days)
    if named is None and re.fullmatch(r"\d+(?:,\d+)*", days):
        named = [int(day) for day in days.split(",")]
    if named is None:
        return meant
    dates = [
        f"{month} {day:02d}"
        for month, length in zip(MONTHS, LENGTHS, strict=True)
        for day in named
        if day <= length
    ]
    return f"{','.join(dates)} {times}"


READ, REFUSED = _listed("read.txt"), _listed("refused.txt")


def test_the_tables_hold_more_than_what_the_cases_show() -> None:
    assert len({text for text, _ in (*READ, *REFUSED)}) >= 210


@pytest.mark.parametrize(("text", "meant"), READ)
def test_hours_are_read_as_they_are_meant(text: str, meant: str) -> None:
    assert read_hours(text).osm == _spelled(meant)


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_not_certain_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(UnclearHoursError) as caught:
        read_hours(text)
    told = f"{caught.value.fact}; {caught.value.cure}"
    assert any(one in told for one in reason.split("|"))
    assert caught.value.cure


@pytest.mark.parametrize("text", ["周一至周五", "工作日", "全年无休", "周六、周日"])
def test_days_without_times_are_told(text: str) -> None:
    assert read_hours(text).days_only
    assert not read_hours(f"{text} 8:30-17:30").days_only


#: Read once more, these would say other than they do: what is shown does not tell all.
ONE_WAY = re.compile("预约|^May-Sep 08:00-18:00$")


SHOWN = sorted({_spelled(meant) for _, meant in READ if not ONE_WAY.search(meant)})


@pytest.mark.parametrize("osm", SHOWN)
def test_what_is_shown_in_chinese_is_read_back_as_the_same_hours(osm: str) -> None:
    shown = hours_text(osm, "zh")
    assert not re.search("[A-Za-z]", shown)
    assert read_hours(shown) == Hours(osm, days_only=not re.search(r"\d:\d|24/7", osm))
