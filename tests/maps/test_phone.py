"""The page on a phone, for looking: a sheet over the map where a block is tapped, and targets for a finger."""

from __future__ import annotations

from typing import Any

import pytest

from maps.conftest import Opener
from walkshed.model.results import Results

pytestmark = pytest.mark.browser
#: Targets that a finger meets less than 40 px wide or high; links within a sentence are as high as it.
SMALL = """() => [...document.querySelectorAll("button, select, summary, input, .leaflet-bar a, [role=option]")]
  .filter((e) => e.offsetParent && !e.matches("p .link, .hint .link, input[type=checkbox], input[type=file]"))
  .map((e) => [e.id || e.className || e.tagName, e.textContent.trim().slice(0, 20), e.getBoundingClientRect()])
  .filter(([, , box]) => box.width && (box.height < 40 || box.width < 40))
  .map(([name, text, box]) => `${name} ${text}: ${box.width} × ${box.height}`)"""
#: A block in whose middle no station answers to the finger.
BARE = """() => [...document.querySelectorAll("path[data-block]")]
  .map((path) => [path, path.getBoundingClientRect()])
  .map(([path, box]) => [path, box.left + box.width / 2, box.top + box.height / 2])
  .filter(([path, x, y]) => document.elementFromPoint(x, y) === path)
  .map(([path, x, y]) => [path.dataset.block, x, y])[0]"""


def phone(open_page: Opener, results: Results) -> Any:
    return open_page(results, width=390, height=844, touch=True)


def test_a_tapped_block_is_explained_in_a_sheet_over_the_map(
    gucheng: Results, open_page: Opener
) -> None:
    page = phone(open_page, gucheng)
    page.locator("#map-frame").scroll_into_view_if_needed()
    number, x, y = page.evaluate(BARE)
    block = page.locator(f"path[data-block='{number}']")
    page.touchscreen.tap(x, y)
    assert page.locator("#answers h2").inner_text() == gucheng.blocks[int(number)].name

    # the sheet ends where the screen does, in its lower half; the block stands above it
    sheet = page.locator("#answers").bounding_box()
    assert sheet["y"] + sheet["height"] == pytest.approx(844, abs=1)
    assert sheet["y"] >= 844 / 2 - 1
    assert sheet["width"] == 390
    page.wait_for_timeout(300)
    shown = block.bounding_box()
    assert shown["y"] >= 0
    assert shown["y"] + shown["height"] / 2 < sheet["y"]

    # nor does the search lie over it, nor are the buttons of the map beside it
    search = page.locator("#search-field").bounding_box()
    assert shown["y"] >= search["y"] + search["height"]
    zoom = page.locator(".leaflet-control-zoom").bounding_box()
    assert shown["x"] + shown["width"] <= zoom["x"]

    # back to the list, which stands below the map again
    page.locator("#answers .back").tap()
    assert page.locator("#answers.sheet").count() == 0
    assert page.locator("#answers .worst").count() == 1


def test_targets_are_as_large_as_a_finger(gucheng: Results, open_page: Opener) -> None:
    page = phone(open_page, gucheng)
    assert page.evaluate(SMALL) == []
    page.click("#layers summary")
    page.click("[data-list=all]")
    page.click("#drawer-toggle")
    assert page.evaluate(SMALL) == []
    page.click("#drawer-toggle")
    page.click("[data-list=blocks]")
    page.locator(".worst button").first.click()
    assert page.evaluate(SMALL) == []


def test_nothing_is_wider_than_the_phone(gucheng: Results, open_page: Opener) -> None:
    page = phone(open_page, gucheng)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
