"""What the page once said twice, and otherwise: a fault each, as it was seen."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from maps.conftest import Opener
from maps.invented import invented
from maps.test_browser import headline, until
from maps.test_limit import slide
from maps.test_states import drawn
from walkshed.maps.payload.proposals import Comparison, Mark
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results
from walkshed.study import ProposedSites, Study, read_study

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return read_study(drawn(tmp_path_factory.mktemp("街")))


@pytest.fixture(scope="module")
def planned(town: Study) -> ProposedSites:
    return town.site(town.run(), new=1, candidates="streets", time_limit_s=20.0)


def open_planned(open_page: Opener, planned: ProposedSites) -> Any:
    return open_page(planned.before.results, proposed=(planned.plan, planned.after.results))


def after(page: Any) -> None:
    page.locator(".proposal-switch button").nth(1).click()


def try_changes(page: Any) -> None:
    page.click("#whatif-open")
    page.wait_for_selector("#whatif [data-act=add]")


def test_before_is_never_labeled_after(open_page: Opener, planned: ProposedSites) -> None:
    page = open_planned(open_page, planned)
    page.locator(".service[data-service='0']").click()
    slide(page, 600)
    tried = headline(page)
    after(page)
    service = build_payload(planned.after.results)["services"][0]
    assert headline(page)[:2] == [
        f"{service['people_left_out']:,}",
        f"{service['people_served']:,}",
    ]
    assert headline(page) != tried
    assert "米试算" not in page.locator("#headline .subject").inner_text()
    assert page.locator("#limit button").is_hidden()


def test_the_first_value_of_the_slider_counts(open_page: Opener, planned: ProposedSites) -> None:
    page = open_planned(open_page, planned)
    after(page)
    slide(page, 450)
    assert "统一450米试算" in page.locator("#headline .subject").inner_text()
    assert page.locator("#limit-slider").input_value() == "450"


def test_a_block_is_told_as_judged_once_the_trial_is_left(
    open_page: Opener, planned: ProposedSites
) -> None:
    page = open_planned(open_page, planned)
    page.locator(".service[data-service='0']").click()
    try_changes(page)
    for station in (0, 1):
        page.locator(f".station[data-station='{station}']").press("Enter")
        page.click("[data-act=close-station]")
    page.locator("path[data-block='1']").dispatch_event("click")
    assert "→ 0（共" in page.locator("#whatif .block-now").inner_text()
    page.click("#whatif-open")
    told = page.locator("#answers .verdict").inner_text()
    assert "达标" in told
    assert not re.search(r"(^|\s)0 / ", told)
    assert page.locator("#answers .as-of-run").count() == 0


def test_a_trial_has_no_words_of_the_standard(open_page: Opener, planned: ProposedSites) -> None:
    """Neither in the list of all services of a block, nor in the text for a report, nor on paper."""
    page = open_planned(open_page, planned)
    page.locator(".service[data-service='0']").click()
    slide(page, 600)
    page.locator("path[data-block='3']").dispatch_event("click")
    assert page.locator("#answers .verdicts .reason").count() == 0
    page.click("#briefing-open")
    assert page.locator("#briefing-text").input_value() == ""
    assert "恢复后" in page.locator("#briefing-told").inner_text()
    page.click("#briefing-close")
    page.click("#limit button")
    try_changes(page)
    page.locator(".station[data-station='0']").press("Enter")
    page.click("[data-act=close-station]")
    assert "比选试算：1项改动" in page.locator("#headline .subject").inner_text()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#paragraph").inner_text() == ""
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")


def test_a_walker_chosen_in_the_plan_can_still_be_tried(
    open_page: Opener, planned: ProposedSites
) -> None:
    """The page holds its counts against the run, not against the plan that happens to be shown."""
    page = open_planned(open_page, planned)
    slide(page, 450)
    page.click("#limit button")
    after(page)
    page.locator("#walkers [data-walker='1']").click()
    slide(page, 500)
    assert "统一500米试算" in page.locator("#headline .subject").inner_text()


def test_a_bar_is_full_only_where_everybody_is_judged(open_page: Opener) -> None:
    town = invented()
    service = build_payload(town)["services"][3]
    page = open_page(town)
    page.locator(".service[data-service='3']").click()
    width = page.locator(".balance .in").evaluate("e => parseFloat(e.style.width)")
    assert width == pytest.approx(100 * service["people_served"] / service["people"], abs=0.1)
    assert width < 50
    unjudged = page.locator(".balance .unjudged").evaluate("e => parseFloat(e.style.width)")
    assert width + unjudged == pytest.approx(100, abs=0.1)


def test_one_headline_counts_one_thing(open_page: Opener) -> None:
    """People beside people: those who are not surveyed, and those who are served."""
    town = invented()
    service = build_payload(town)["services"][3]
    page = open_page(town)
    page.locator(".service[data-service='3']").click()
    assert headline(page)[:2] == [f"{service['people_unknown']:,}", f"{service['people_served']:,}"]
    names = page.locator("#headline .figure .name").all_inner_texts()
    assert names[:2] == ["people not surveyed", "people served"]


def test_what_is_spoken_is_what_is_seen(open_page: Opener) -> None:
    """A service of which some blocks are known, and a block that is served no more under a shorter limit."""
    town = invented()
    page = open_page(town)
    button = page.locator(".service[data-service='3']")
    assert button.locator(".count").inner_text() in str(button.get_attribute("aria-label"))
    button.click()
    served = page.locator("path[data-look='served']").first.get_attribute("data-block")
    slide(page, 200)
    look = page.locator(f"path[data-block='{served}']").get_attribute("data-look")
    label = str(page.locator(f"path[data-block='{served}']").get_attribute("aria-label"))
    assert label.endswith("Served") == (look == "served")
    for number in range(len(town.blocks)):
        path = page.locator(f"path[data-block='{number}']")
        if path.get_attribute("data-look") != "served":
            assert "Served" not in str(path.get_attribute("aria-label"))


def test_the_clock_moves_figures_and_list(open_page: Opener, planned: ProposedSites) -> None:
    page = open_planned(open_page, planned)
    page.locator(".service[data-service='0']").click()
    judged = headline(page)
    page.locator("#clock input").fill(str(6 * 48 + 40))  # Sunday, 20:00
    until(page, "document.querySelector('#headline .subject').textContent.includes('周日')")
    inputs = replace(
        planned.before.results.inputs,
        settings=replace(planned.before.results.inputs.settings, at="2026-11-29T20:00"),
    )
    then = build_payload(Study(inputs).run().results)["services"][0]
    assert headline(page) != judged
    assert headline(page)[:2] == [f"{then['people_left_out']:,}", f"{then['people_served']:,}"]
    page.locator("#clock button").click()
    assert headline(page) == judged


def test_no_mark_of_a_plan_lies_under_another(open_page: Opener, planned: ProposedSites) -> None:
    results: Results = planned.before.results
    compared = Comparison(
        after=planned.after.results, marks=_marks(results, 11), told={"zh": (), "en": ()}
    )
    page = open_page(results, proposed=compared)
    boxes = [mark.bounding_box() for mark in page.locator(".proposal").all()]
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    for number, (x, y) in enumerate(middles):
        for other_x, other_y in middles[:number]:
            assert (x - other_x) ** 2 + (y - other_y) ** 2 >= 28**2
    assert page.locator(".proposal-leader").count() == 10
    for number in range(1, 12):  # each can be pointed at
        page.locator(f"[data-proposal='{number}']").click(timeout=3000)
        page.locator(".proposal-told .leaflet-popup-close-button").last.click()
        until(page, "!document.querySelector('.proposal-told')")


def _marks(results: Results, count: int) -> tuple[Mark, ...]:
    texts = {"zh": "迁到一层", "en": "moves to the ground floor"}
    at = results.stations[0].geometry
    return tuple(
        Mark(rank=n, act="new", at=at, title=texts, place=texts, why=texts)
        for n in range(1, count + 1)
    )


def test_stations_offer_what_they_offer_in_what_is_shown(
    open_page: Opener, planned: ProposedSites
) -> None:
    """Marks that are dark offer the chosen service: today, after the plan, and as it is tried."""
    before = planned.before.results
    hall = replace(before.stations[0], services=("chess",))
    standing = planned.after.results.stations
    stations = tuple(hall if each.id == hall.id else each for each in standing)
    compared = Comparison(
        after=replace(planned.after.results, stations=stations),
        marks=_marks(before, 1),
        told={"zh": (), "en": ()},
    )
    page = open_page(before, proposed=compared)
    names = [service.id for service in before.inputs.services]

    def dark(service: str) -> list[int]:
        page.locator(f".service[data-service='{names.index(service)}']").click()
        marks = page.locator(".station.offers:not(.candidate)")
        numbers = marks.evaluate_all("all => all.map((e) => e.dataset.station)")
        return sorted(int(number) for number in numbers)

    today = [n for n, each in enumerate(before.stations) if "meals" in each.services]
    assert dark("meals") == today
    after(page)
    assert dark("meals") == [number for number in today if number != 0]
    assert 0 in dark("chess")
    page.locator(".proposal-switch button").nth(0).click()
    try_changes(page)
    page.locator(".station[data-station='1']").press("Enter")
    page.click("[data-act=close-station]")
    assert dark("meals") == [number for number in today if number != 1]
    page.click("#whatif-open")
    assert dark("meals") == today


def test_what_is_counted_when_the_page_is_left_by_the_plan(
    open_page: Opener, planned: ProposedSites, tmp_path: Path
) -> None:
    """From a trial straight into the plan: the panel closes, and nothing of it stays on the map."""
    page = open_planned(open_page, planned)
    page.locator(".service[data-service='0']").click()
    try_changes(page)
    page.locator(".station[data-station='1']").press("Enter")
    page.click("[data-act=close-station]")
    assert page.locator(".block-lost").count() > 0
    after(page)
    assert page.locator("#whatif").is_hidden()
    assert page.locator(".block-lost").count() == 0
    assert "改动" not in page.locator("#headline .subject").inner_text()
