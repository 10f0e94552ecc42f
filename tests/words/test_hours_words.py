"""Opening hours as readers of each language see them."""

from __future__ import annotations

import re

import pytest

from walkshed.words.hours import hours_text


@pytest.mark.parametrize(
    ("osm", "zh", "en"),
    [
        (
            "Mo-Fr 08:30-17:30; PH off",
            "周一至周五 8:30–17:30；法定节假日休息",
            "Mon–Fri 8:30–17:30; public holidays: closed",
        ),
        (
            "Mo-Fr 08:30-12:00,14:30-17:30; Sa,Su 10:00-16:00",
            "周一至周五 8:30–12:00、14:30–17:30；周六、周日 10:00–16:00",
            "Mon–Fri 8:30–12:00, 14:30–17:30; Sat, Sun 10:00–16:00",
        ),
        ("24/7", "24小时开放", "open 24 hours"),
        ("24/7; PH off", "24小时开放；法定节假日休息", "open 24 hours; public holidays: closed"),
        ("Mo-Su 08:00-20:00", "每天 8:00–20:00", "daily 8:00–20:00"),
        ("Mo-Fr", "周一至周五（时段未注明）", "Mon–Fri (times not stated)"),
        ("Fr 22:00-06:00", "周五 22:00–次日6:00", "Fri 22:00–6:00 the next day"),
        ("Fr 22:00-30:00", "周五 22:00–次日6:00", "Fri 22:00–6:00 the next day"),
        ("05:00-09:00", "凌晨5:00–9:00", "5:00–9:00"),
        (
            "May-Sep Mo-Fr 08:00-18:00; Oct-Apr Mo-Fr 08:30-17:30",
            "5月至9月 周一至周五 8:00–18:00；10月至次年4月 周一至周五 8:30–17:30",
            "May–Sep Mon–Fri 8:00–18:00; Oct–Apr Mon–Fri 8:30–17:30",
        ),
        (
            "Jun 15-Sep 14 08:00-18:00",
            "6月15日至9月14日 8:00–18:00",
            "Jun 15–Sep 14 8:00–18:00",
        ),
        ("We[1] 09:00-11:00", "每月第1个周三 9:00–11:00", "Wed no. 1 of each month 9:00–11:00"),
        (
            "Fr[-1] 09:00-11:00",
            "每月最后一个周五 9:00–11:00",
            "the last Fri of each month 9:00–11:00",
        ),
        ("Jan 01,May 01 off", "1月1日、5月1日休息", "Jan 1, May 1: closed"),
        (
            'Mo-Fr 09:00-17:00 "按铃; 二楼"',
            "周一至周五 9:00–17:00（按铃; 二楼）",
            "Mon–Fri 9:00–17:00 (按铃; 二楼)",
        ),
        ('"需预约"', "需预约", "需预约"),
        # rules of rarer kinds: word by word
        ("sunrise-sunset", "日出-日落", "sunrise-sunset"),
        ("Mo-Fr 09:00-17:00 || SH off", "周一-周五 09:00-17:00，否则 学校假期 休息", None),
        ("", "", ""),
    ],
)
def test_hours_are_shown_in_the_readers_language(osm: str, zh: str, en: str | None) -> None:
    assert hours_text(osm, "zh") == zh
    if en is not None:
        assert hours_text(osm, "en") == en


def test_no_english_word_is_left_in_chinese() -> None:
    for osm in (
        "week 01-53/2 Mo 09:00-10:00",
        "PH -1 day off",
        "easter off",
        "Mo 08:00+",
        "dawn-dusk",
    ):
        assert not re.search("[A-Za-z]", hours_text(osm, "zh"))
