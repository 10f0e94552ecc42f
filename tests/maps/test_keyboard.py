"""By keyboard alone: find a block, hear its reason, place a station, save the scenario; and the map as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from maps.conftest import Opener
from maps.test_browser import looks, until
from maps.test_limit import slide
from maps.test_states import drawn
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results
from walkshed.study import Study, read_study

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return read_study(drawn(tmp_path_factory.mktemp("街"))).run().results


def focused(page: Any) -> str:
    return str(
        page.evaluate("document.activeElement.id || document.activeElement.dataset.act || ''")
    )


def tab_to(page: Any, name: str) -> None:
    for _ in range(120):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"never reached by tab: {name}")


def test_a_planner_without_a_mouse(open_page: Opener, town: Results, tmp_path: Path) -> None:
    page = open_page(town)
    page.keyboard.press("/")
    assert focused(page) == "search-field"
    page.keyboard.type("区9")
    page.keyboard.press("Enter")
    assert page.locator("#answers h2").inner_text() == "区9"
    assert page.locator("#answers .verdict .reason").inner_text()
    page.evaluate("document.activeElement.blur()")
    tab_to(page, "whatif-open")
    page.keyboard.press("Enter")
    page.wait_for_selector("#whatif [data-act=add]")
    tab_to(page, "add")
    page.keyboard.press("Enter")
    assert page.locator(".station.candidate").count() == 1
    tab_to(page, "save")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    file = tmp_path / "scenario.toml"
    download.value.save_as(file)
    scenario = Study(town.inputs).with_scenario(file).inputs.scenario
    (added,) = scenario.added
    number = next(i for i, block in enumerate(town.blocks) if block.name == "区9")
    lat, lon = build_payload(town)["blocks"][number]["middle"]
    assert (added.geometry.x, added.geometry.y) == pytest.approx((lon, lat), abs=1e-6)


def test_every_tab_stop_is_no_error_and_is_named(open_page: Opener, town: Results) -> None:
    """Once around the page: the fixture fails on any error, and stations and blocks are one stop each."""
    page = open_page(town)
    stops = []
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            "() => { const e = document.activeElement; return e === document.body ? null : "
            "{ station: e.dataset.station, block: e.dataset.block, inMap: Boolean(e.closest('.folium-map')) }; }"
        )
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) < 80
    in_map = [stop for stop in stops if stop["inMap"]]
    assert sum(stop["station"] is not None for stop in in_map) == 1
    assert sum(stop["block"] is not None for stop in in_map) == 1


def test_in_a_what_if_arrows_move_the_station(open_page: Opener, town: Results) -> None:
    page = open_page(town)
    page.click("#whatif-open")
    page.wait_for_selector("#whatif [data-act=add]")
    assert page.locator(".station[tabindex='0']").count() == len(town.stations)
    page.locator(".station[data-station='2']").focus()
    page.keyboard.press("ArrowUp")
    assert page.locator(".changes li").count() == 1
    page.click("[data-act=undo]")
    page.click("#whatif-open")
    assert page.locator(".station[tabindex='0']").count() == 1


def test_the_table_says_what_the_map_shows(open_page: Opener, town: Results) -> None:
    payload = build_payload(town)
    words = payload["words"]["zh"]
    page = open_page(town)
    page.click("[data-list=all]")

    def assert_alike() -> None:
        rows = page.locator(".all-blocks tbody tr")
        assert rows.count() == len(town.blocks)
        assert rows.evaluate_all("all => all.map((row) => row.className)") == looks(page)
        labels = page.eval_on_selector_all(
            "path[data-block]",
            "all => all.sort((a, b) => a.dataset.block - b.dataset.block).map((p) => p.getAttribute('aria-label'))",
        )
        cells = rows.evaluate_all(
            "all => all.map((row) => [...row.cells].map((c) => c.textContent.trim()))"
        )
        assert [f"{name}, {state}" for name, state, _ in cells] == labels

    for service in range(3):
        page.locator(f".service[data-service='{service}']").click()
        assert_alike()
    page.locator(".service[data-service='0']").click()
    out = page.locator(".all-blocks .out").all_inner_texts()
    left = payload["services"][0]["people_left_out"]
    assert sum(int(text.replace(",", "")) for text in out) == left
    slide(page, 900)
    assert_alike()
    page.locator("#clock input").fill(str(6 * 48 + 4))
    until(page, "document.querySelector('#headline .subject').textContent.includes('周日')")
    assert_alike()
    page.click("#limit button")
    assert_alike()
    assert words["page"]["closed_then"] in page.locator(".all-blocks").inner_text()
    page.locator(".all-blocks [data-block='3']").press("Enter")
    assert page.locator("#answers h2").inner_text() == town.blocks[3].name
    page.locator("#answers .back").press("Enter")
    assert page.evaluate("document.activeElement.dataset.block") == "3"


def test_on_paper_the_worst_stand_for_all(open_page: Opener, town: Results) -> None:
    page = open_page(town)
    page.locator(".service[data-service='0']").click()
    page.click("[data-list=all]")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".all-blocks").count() == 0
    assert page.locator(".worst > li").count() > 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".all-blocks").count() == 1
