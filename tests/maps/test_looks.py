"""What was seen to look wrong in pictures of the page, each held by what a browser measures."""

from __future__ import annotations

from typing import Any

import pytest

from maps.conftest import Opener
from maps.invented import invented
from maps.test_browser import until
from walkshed.model.results import Results

pytestmark = pytest.mark.browser
#: Facts of the headline that break within, though they would fit a line.
BROKEN = """() => [...document.querySelectorAll(".trace .fact")]
  .filter((fact) => fact.getBoundingClientRect().height > 1.8 * parseFloat(getComputedStyle(fact).fontSize))
  .map((fact) => fact.textContent)"""
WINDOWS = [(1440, 900), (1366, 768), (1024, 700)]


def height(page: Any, selector: str) -> float:
    return float(page.locator(selector).bounding_box()["height"])


def on_paper(page: Any) -> None:
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")


@pytest.mark.parametrize(("width", "tall"), WINDOWS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_head_leaves_the_window_to_the_map(
    open_page: Opener, width: int, tall: int, language: str
) -> None:
    """With four figures, in long words: the rule stands below them where it finds no room beside them."""
    page = open_page(
        invented(near_edge=True),
        width=width,
        height=tall,
        address=f"#service=mediation&lang={language}",
    )
    assert page.locator("#headline .figure").count() == 4
    assert height(page, "#masthead") < 200
    assert page.evaluate(BROKEN) == []

    # what is said of the study is as wide as its words, or breaks in two lines, and no deeper
    assert height(page, "#invented") < 3 * 12 * 1.45


def test_a_date_of_the_head_is_in_one_line_on_a_phone(gucheng: Results, open_page: Opener) -> None:
    page = open_page(gucheng, width=390, height=844, touch=True, address="#lang=en")
    assert page.evaluate(BROKEN) == []


def test_paper_says_all_sources_and_nothing_of_buttons(window: Results, open_page: Opener) -> None:
    page = open_page(window)
    on_paper(page)
    assert page.locator("#clock").is_hidden()
    colophon = page.locator("#colophon")
    assert colophon.evaluate("e => e.scrollWidth <= e.clientWidth")
    scale, sources = page.locator(".leaflet-control-scale").bounding_box(), colophon.bounding_box()
    assert scale["y"] + scale["height"] <= sources["y"]


def test_the_moment_of_the_run_is_not_told_beside_figures_of_another(
    window: Results, open_page: Opener
) -> None:
    page = open_page(window)
    told = "document.querySelector('.trace').textContent.includes('评估时刻')"
    assert page.evaluate(told)
    page.locator("#clock input").fill(str(6 * 48 + 40))
    until(page, f"!{told}")
    assert "周日" in page.locator("#headline .subject").inner_text()
    page.locator("#clock button").click()
    assert page.evaluate(told)


def test_the_people_of_a_cell_stand_in_the_place_of_names(
    gucheng: Results, open_page: Opener
) -> None:
    page = open_page(gucheng)
    names = page.locator(".map-label.block")
    assert names.first.is_visible()
    page.click("#drawer-toggle")
    page.locator(".matrix .filled").first.hover()
    assert page.locator(".map-label.lit").count() > 0
    assert not any(name.is_visible() for name in names.all())
    page.click("#drawer-toggle")
    until(page, "!document.querySelector('.lighting')")
    assert names.first.is_visible()


def test_the_cell_that_the_keyboard_is_on_is_never_under_the_head(
    gucheng: Results, open_page: Opener
) -> None:
    page = open_page(gucheng)
    page.click("#drawer-toggle")
    cells = page.locator(".matrix tbody td")
    cells.nth(cells.count() - 1).focus()
    head = page.locator(".matrix thead th").nth(1)
    for _ in range(len(gucheng.stations) - 1):
        page.keyboard.press("ArrowUp")
        cell, above = page.locator("td:focus").bounding_box(), head.bounding_box()
        assert cell["y"] >= above["y"] + above["height"] - 1
