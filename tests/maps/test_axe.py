"""No violation that axe knows, in every state of the page, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from maps.axe import violations
from maps.conftest import Opener
from maps.test_browser import until
from maps.test_states import drawn
from maps.test_whatif import begin, place
from walkshed.model.results import Results
from walkshed.study import ProposedSites, read_study

pytestmark = pytest.mark.browser


def states(page: Any) -> Iterator[str]:
    """Walk the page through its states, one after the other, and return their names as they stand."""
    yield "start"
    page.locator(".service").nth(1).click()
    yield "another service"
    page.locator("#walkers button").nth(1).click()
    yield "another walker"
    page.locator("#walkers button").first.click()
    page.locator(".worst button").first.click()
    yield "block"
    page.keyboard.press("Escape")
    page.locator(".station.offers").first.dispatch_event("click")
    yield "station"
    page.locator("#answers .limits button").first.click()
    yield "station, smaller catchment"
    page.keyboard.press("Escape")

    page.click("#drawer-toggle")
    yield "matrix"
    page.locator(".matrix tbody td").nth(3).hover()
    yield "matrix, a cell"
    page.click("#drawer-toggle")
    page.click("[data-list=all]")
    yield "all blocks"
    page.click("[data-list=areas]")
    yield "communities"
    page.locator("[data-area]").first.click()
    yield "one community"
    page.click("[data-list=blocks]")
    page.click("#layers summary")
    for box in page.locator("#layers input").all():
        box.set_checked(True)
    yield "all layers"
    page.click("#layers summary")
    page.locator("#search-field").fill("社区")
    page.wait_for_selector("#search-list li")
    page.keyboard.press("ArrowDown")
    yield "search"
    page.locator("#search-field").fill("没有这个地方")
    yield "search without a find"
    page.locator("#search-field").fill("")
    page.keyboard.press("Escape")
    page.click("[aria-controls=briefing]")
    yield "text for a report"
    page.click("#briefing-close")

    page.locator("#limit-slider").fill("800")
    page.wait_for_selector("#limit.tried, .limit.tried")
    yield "another limit"
    page.locator(".worst button").first.click()
    yield "block under another limit"
    page.keyboard.press("Escape")
    page.click("#limit button")
    begin(page)
    yield "what-if"
    place(page, 0.55, 0.62)
    yield "what-if, a new station"
    page.click("[data-act=remove]")
    page.click("#whatif-open")
    page.set_viewport_size({"width": 390, "height": 844})
    yield "phone"
    page.locator("path[data-block]").nth(40).dispatch_event("click")
    yield "phone, block"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_state_has_a_violation(gucheng: Results, open_page: Opener, language: str) -> None:
    page = open_page(gucheng, address=f"#lang={language}")
    found = {state: violations(page) for state in states(page)}
    assert len(found) == 21
    assert {state: faults for state, faults in found.items() if faults} == {}


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> ProposedSites:
    """A plan for an invented town, under a budget that leaves something."""
    study = read_study(drawn(tmp_path_factory.mktemp("planned")))
    return study.site(study.run(), budget=10.0, station_cost=4.0, candidates="streets")


def states_of_plan(page: Any) -> Iterator[str]:
    """Walk through what a plan adds to the page."""
    yield "a plan, before"
    page.locator(".proposal-switch button").nth(1).click()
    yield "a plan, after"
    page.locator("[data-proposal='1']").click()
    # its words fade in
    page.wait_for_selector(".proposal-told")
    until(page, "getComputedStyle(document.querySelector('.proposal-told')).opacity === '1'")
    yield "a proposal"
    page.keyboard.press("Escape")
    page.locator(".worst button").first.click()
    yield "a block after the plan"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_state_of_a_plan_has_a_violation(
    planned: ProposedSites, open_page: Opener, language: str
) -> None:
    compared = planned.plan, planned.after.results
    page = open_page(planned.before.results, proposed=compared, address=f"#lang={language}")
    found = {state: violations(page) for state in states_of_plan(page)}
    assert len(found) == 4
    assert {state: faults for state, faults in found.items() if faults} == {}
