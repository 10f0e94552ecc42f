"""Reasons and cures in words: every figure in them comes from the judgment, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from judged_rows import rows_of
from reports.example import example
from walkshed.model.judged.verdicts import Doubt, Mend, Verdict
from walkshed.model.town.walkers import ADULT
from walkshed.words.quantities import meters, percent
from walkshed.words.verdicts import cure_text, reason_text, rule_text

RUN = example()
RUN = replace(
    RUN, inputs=replace(RUN.inputs, settings=replace(RUN.inputs.settings, at="2026-11-23T10:00"))
)
VIEW = RUN.view()
FAR = next(row for row in rows_of(RUN.main) if row.verdict is Verdict.TOO_FAR)


def test_a_reason_names_the_share_the_limit_the_station_and_the_distance() -> None:
    assert reason_text(VIEW, FAR, "en") == (
        "Only 33% of residents live within 300 m; the nearest is Station C1, 312 m on foot. "
        "Close to the edge of the map: a station beyond it may serve the block."
    )
    assert reason_text(VIEW, FAR, "zh") == (
        "仅33%的居民在300米内；最近为Station C1（步行312米）（靠近地图边缘，界外站点可能已覆盖）"
    )


def test_the_cure_names_the_station_that_could_offer_it() -> None:
    assert cure_text(VIEW, FAR, "en") == "Offer it at Station M1"
    assert cure_text(VIEW, FAR, "zh") == "在Station M1增设此服务"


def test_the_cure_names_the_station_near_which_another_could_stand() -> None:
    beside = replace(FAR, mend=Mend.NEW_STATION)
    assert cure_text(VIEW, beside, "en") == "Open a facility near Station M1 that offers it"
    assert cure_text(VIEW, beside, "zh") == "在Station M1附近新设站点提供此服务"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_judgment_has_words_and_only_the_served_need_no_cure(language: str) -> None:
    for row in rows_of(RUN.main):
        assert reason_text(VIEW, row, language)
        assert bool(cure_text(VIEW, row, language)) is (row.verdict is not Verdict.SERVED)


def test_a_rule_says_that_it_is_unverified() -> None:
    assert (
        rule_text(FAR.need, "en") == "300 m on foot along streets; source: =Town plan (unverified)"
    )
    assert rule_text(FAR.need, "zh") == "路网步行300米；来源：=Town plan（待核实）"
    assert rule_text(None, "en") == "no standard"


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0%"), (0.001, "<1%"), (0.999, "99%"), (1, "100%"), (0.5, "50%")]
)
def test_percent_never_rounds_to_all_or_nothing(share: float, words: str) -> None:
    assert percent(share, "en") == words
    assert percent(share, "zh") == words.replace(" ", "")


def test_meters_have_the_unit_of_the_language() -> None:
    assert meters(1234.4, "en") == "1,234 m"
    assert meters(1234.4, "zh") == "1,234米"
    assert meters(float("inf"), "zh") == meters(float("inf"), "en") == "–"


ZH = {
    Verdict.SERVED: r"\d+%的居民步行300米内可达；最近为.+（[\d,]+米）",
    Verdict.OFF_NETWORK: r"100米内没有可步行的道路",
    Verdict.NO_PROVIDER: r"没有站点提供此服务",
    Verdict.CUT_OFF: r"有站点提供，但没有道路连通",
    Verdict.TOO_FAR: r"(仅\d+%的居民在300米内；)?最近为.+（步行[\d,]+米）(，标准为300米)?",
    Verdict.NOT_ENTITLED: r"有站点提供此服务，但都不面向本小区居民",
    Verdict.NOT_ACCESSIBLE: r".+步行[\d,]+米，但成年人无法无障碍到达（有台阶或超过规定时间）",
    Verdict.CLOSED: r"300米内有站点，但2026年11月23日10:00未开放",
    Verdict.FULL: r"300米内有站点，但接待能力不足，尚有\d+%的居民得不到服务",
    Verdict.NOT_SURVEYED: r"此服务待摸底(；已知最近为.+（[\d,]+米）)?",
    Verdict.NO_STANDARD: r"没有适用的配置标准",
}


@pytest.mark.parametrize("verdict", ZH)
def test_chinese_sentences_are_chinese_throughout(verdict: Verdict) -> None:
    """Every form of a sentence, whole: units are Chinese, and no Latin letter comes from us."""
    station = RUN.stations[FAR.nearest].name
    forms = [
        replace(
            FAR,
            verdict=verdict,
            doubt=Doubt.NONE,
            share=share,
            mend=mend,
            short_m=short_m,
            limit_m=300.0,
        )
        for share in (0.0, 0.33, 1.0)
        for mend in (Mend.NONE, Mend.ADD_SERVICE)
        for short_m in (12.0, float("inf"))
    ]
    for form in forms:
        assert re.fullmatch(ZH[verdict], reason_text(VIEW, form, "zh")), reason_text(
            VIEW, form, "zh"
        )
        words = (reason_text(VIEW, form, "zh") + cure_text(VIEW, form, "zh")).replace(station, "")
        words = words.replace(RUN.stations[FAR.add_at].name, "").replace("complete = true", "")
        assert not re.search(r"[A-Za-z]|\d \w", words), words


def test_the_cure_by_a_station_or_a_shorter_way() -> None:
    form = replace(FAR, mend=Mend.NONE, short_m=12.3, limit_m=300.0)
    assert cure_text(VIEW, form, "zh").startswith(
        "建议在该小区步行300米范围内增设站点，或打通近路（要让80%的居民达标，还差12米）"
    )
    assert cure_text(VIEW, form, "en").startswith(
        "Open a facility within 300 m, or shorten the walk by 12 m (for 80% of residents)"
    )
    # no way through could be so much shorter
    far = replace(form, short_m=3_561.0)
    assert cure_text(VIEW, far, "zh") == "建议在该小区步行300米范围内增设站点；先核对出入口"
    assert cure_text(VIEW, far, "en") == "Open a facility within 300 m; check the exits first"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_mend_has_words_that_name_the_station_and_what_it_is_worth(language: str) -> None:
    said = set()
    for mend in Mend:
        if mend is Mend.NONE:
            continue
        form = replace(
            FAR, verdict=Verdict.NOT_ACCESSIBLE, mend=mend, mend_at=3, mend_people=1234.4
        )
        words = cure_text(VIEW, form, language)
        assert "Station M1" in words
        assert "1,234" in words
        said.add(words)
    assert len(said) == len(Mend) - 1


def test_limits_and_sources_in_the_language_of_the_reader() -> None:
    minutes = replace(
        FAR.need, unit="min", limit=10.0, source_zh="某标准", source_en="some standard"
    )
    assert rule_text(minutes, "zh") == "路网步行10分钟（按行走者步速）；来源：某标准（待核实）"
    assert rule_text(minutes, "en") == (
        "10 min on foot along streets (at the walker's own pace); "
        "source: some standard (unverified)"
    )
    # an adult's 1.2 m/s, and half of it
    slow = replace(ADULT, id="slow", zh="慢行者", en="Slow walker", speed_m_s=0.6)
    assert rule_text(minutes, "zh", [ADULT, slow]) == (
        "路网步行10分钟（按行走者步速，平路成年人720米、慢行者360米）；来源：某标准（待核实）"
    )
    assert rule_text(minutes, "en", [ADULT, slow]) == (
        "10 min on foot along streets (at the walker's own pace, on the level adult 720 m, slow "
        "walker 360 m); source: some standard (unverified)"
    )
    # beside meters that are walked, minutes say how many meters they are to the one who walks
    view = replace(RUN, inputs=replace(RUN.inputs, walkers=(ADULT,))).view()
    far = replace(FAR, need=minutes, doubt=Doubt.NONE, share=0.0)
    assert (
        reason_text(view, far, "zh") == "最近为Station C1（步行312米），标准为10分钟（平路720米）"
    )
    assert reason_text(view, far, "en") == (
        "The nearest is Station C1, 312 m on foot; the limit is 10 min (720 m on the level)."
    )
    some = reason_text(view, replace(far, share=0.33), "en")
    assert some.startswith("Only 33% of residents live within 10 min (720 m on the level); ")
