"""Proposals on the page: their marks, what they say, and the blocks before and after."""

from __future__ import annotations

from typing import Any

import pytest

from walkshed.maps.page import build_map
from walkshed.maps.proposals import proposals
from walkshed.model.results import Results
from walkshed.study import Findings, ProposedSites, Study


@pytest.fixture(scope="module")
def sited(gucheng: Results) -> ProposedSites:
    return Study(gucheng.inputs).site(
        Findings(gucheng), new=2, spacing_m=300.0, candidates="streets", time_limit_s=20.0
    )


def test_payload_of_proposals(sited: ProposedSites) -> None:
    shown = proposals(sited.before.results, sited.plan, sited.after.results)
    assert [row["rank"] for row in shown["rows"]] == [1, 2]
    assert len(shown["after"]) == len(sited.before.results.coverage.rows)
    before = build_map(sited.before.results).payload
    assert "proposals" not in before
    assert shown["after"] != before["judgments"]["state"]
    public = build_map(sited.before.results, public=True, proposed=(sited.plan, sited.after.results)).payload
    assert "proposals" not in public


def test_marks_words_and_the_switch(sited: ProposedSites, open_page: Any) -> None:
    page = open_page(
        sited.before.results,
        address=f"#service={sited.plan.proposals[0].services[0]}",
        proposed=(sited.plan, sited.after.results),
    )
    assert page.locator(".proposal").count() == 2
    page.locator("[data-proposal='1']").click()
    told = page.locator(".proposal-told").inner_text()
    assert "推荐点1" in told
    assert "新增达标" in told
    assert page.locator(".after-block").count() == 0
    page.get_by_role("button", name="建成后").click()
    assert page.locator(".after-block").count() > 0
    assert page.locator("[data-after='served']").count() > 0
    page.get_by_role("button", name="现状").click()
    assert page.locator(".after-block").count() == 0
    page.locator("#language").click()
    assert page.get_by_role("button", name="Before").count() == 1
    page.locator("[data-proposal='2']").click()
    assert "open a station with" in page.locator(".proposal-told").inner_text()
