"""Reasons and cures in words: every figure in them comes from the judgment, in both languages."""

from __future__ import annotations

import pytest

from reports.example import example
from walkshed.model.verdicts import Verdict
from walkshed.needs.wording import cure_text, meters, percent, reason_text, rule_text

RUN = example()
FAR = next(row for row in RUN.coverage.rows if row.verdict is Verdict.TOO_FAR)


def test_a_reason_names_the_share_the_limit_the_station_and_the_distance() -> None:
    assert reason_text(RUN, FAR, "en") == (
        "Only 33 % of residents live within 300 m; the nearest is Station C1, 312 m on foot. "
        "Close to the edge of the map: a station beyond it may serve the block."
    )
    assert reason_text(RUN, FAR, "zh") == (
        "仅33 %的居民在300 m内；最近为Station C1（步行312 m）（靠近地图边缘，界外站点可能已覆盖）"
    )


def test_the_cure_names_the_station_that_could_offer_it() -> None:
    assert cure_text(RUN, FAR, "en") == "Offer it at Station M1"
    assert cure_text(RUN, FAR, "zh") == "在Station M1增设此服务"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_judgment_has_words_and_only_the_served_need_no_cure(language: str) -> None:
    for row in RUN.coverage.rows:
        assert reason_text(RUN, row, language)
        assert bool(cure_text(RUN, row, language)) is (row.verdict is not Verdict.SERVED)


def test_a_rule_says_that_it_is_unverified() -> None:
    assert rule_text(FAR.need, "en") == "300 m on foot along streets; source: =Town plan (unverified)"
    assert rule_text(FAR.need, "zh") == "路网步行300米；来源：=Town plan（待核实）"
    assert rule_text(None, "en") == "no standard"


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0 %"), (0.001, "<1 %"), (0.999, "99 %"), (1, "100 %"), (0.5, "50 %")]
)
def test_percent_never_rounds_to_all_or_nothing(share: float, words: str) -> None:
    assert percent(share) == words


def test_meters() -> None:
    assert meters(1234.4) == "1,234 m"
    assert meters(float("inf")) == "–"
