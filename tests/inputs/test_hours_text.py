"""Hours as they are typed: what is read, what is refused, and rules that take away what others give."""

from __future__ import annotations

import pytest

from walkshed.inputs.hours.osm_text import (
    has_open_end,
    names_school_holidays,
    overridden,
    plain_hours,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mo-Fr 09:00-17:00", "Mo-Fr 09:00-17:00"),
        ("Ｍｏ-Ｆｒ 09：00-17：00", "Mo-Fr 09:00-17:00"),
        ("预约", '"预约"'),
        ("需电话预约", '"需电话预约"'),
        ("预约开放", '"预约开放"'),
        ("by appointment", '"by appointment"'),
        ("By appointment only", '"By appointment only"'),
        ('"by appointment"', '"by appointment"'),
        ("每天", None),
        ("25:00", None),
    ],
)
def test_hours_are_read_or_refused(text: str, expected: str | None) -> None:
    assert plain_hours(text) == expected


@pytest.mark.parametrize(
    "hours",
    [
        "08:30-12:00; 14:30-17:30",
        "08:30-12:00;14:30-17:30",
        "Mo-Fr 08:30-12:00; Mo-Fr 14:30-17:30",
        "Mo-Fr 08:30-12:00; 14:30-17:30",
        "Mo-Fr 08:30-12:00; Mo,We 14:30-17:30",
        "Mo-Fr 14:30-17:30; Mo-Su 08:30-12:00",
        "Apr-Sep 08:00-12:00; Jun 14:00-18:00",
        "Sa 10:00-12:00; Mo-Fr 08:30-12:00; Mo-Fr 14:30-17:30",
    ],
)
def test_a_rule_that_takes_the_place_of_another_is_told(hours: str) -> None:
    found = overridden(hours)
    assert found is not None
    assert hours.index(found[0]) < hours.rindex(found[1])


@pytest.mark.parametrize(
    "hours",
    [
        "08:30-12:00,14:30-17:30",
        "Mo-Fr 08:30-12:00,14:30-17:30; Sa 09:00-12:00",
        "Mo-Fr 09:00-17:00; We 10:00-20:00",
        "Mo-Su 09:00-17:00; PH off",
        "Mo-Su 09:00-17:00; May 01 off",
        "Apr-Sep 08:00-12:00; Oct-Mar 14:00-18:00",
        "Mo-Fr 08:30-12:00, Mo-Fr 14:30-17:30",
        '24/7 || "a; b"',
        "Mo 22:00-26:00; Tu 22:00-26:00",
    ],
)
def test_rules_that_are_meant_so_are_not(hours: str) -> None:
    assert overridden(hours) is None


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("Mo-Fr 09:00+", True),
        ("9:00+", True),
        ("Mo-Fr 09:00-17:00+", False),
        ("Mo-Fr 09:00-17:00", False),
        ('Mo-Fr 09:00-17:00 "09:00+"', False),
    ],
)
def test_hours_without_an_end_are_known(hours: str, expected: bool) -> None:
    assert has_open_end(hours) is expected


def test_rules_for_school_holidays_are_known() -> None:
    assert names_school_holidays("Mo-Fr 09:00-17:00; SH off")
    assert names_school_holidays("PH,SH 10:00-12:00")
    assert not names_school_holidays('Mo-Fr 09:00-17:00; PH off "not SH"')
