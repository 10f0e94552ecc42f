"""The limit slider beside the rule: blocks, counts and worst list as a run with that one limit finds them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from judged_rows import with_main
from maps.conftest import Opener
from maps.engine_page import judged_by
from maps.invented import invented
from maps.test_browser import headline, looks, until
from walkshed.maps.payload.whole import build_payload

pytestmark = pytest.mark.browser
LIMITS = range(200, 1001, 100)
STATES = {"0": "served", "1": "partly", "2": "not_served", "3": "unknown"}


def slide(page: Any, limit: int) -> None:
    page.locator("#limit-slider").fill(str(limit))
    until(
        page,
        f"document.querySelector('#limit output').textContent.replace(',', '').startsWith('{limit}')",
    )


def worst_list(page: Any) -> list[int]:
    numbers = page.locator(".worst [data-block]").evaluate_all("e => e.map(b => b.dataset.block)")
    return [int(number) for number in numbers]


@pytest.mark.parametrize("columns", [6, 9])
def test_without_people_the_farthest_stand_first(open_page: Opener, columns: int) -> None:
    """Nobody is left out of any block, so that meters decide; never reached is the most."""
    town = invented(with_people=False, columns=columns)
    page = open_page(town)
    page.locator(".service[data-service='0']").click()
    by_number = []
    for limit in (200, 350, 600):
        slide(page, limit)
        tried = judged_by(town, float(limit))
        expected = build_payload(with_main(town, tried))["services"][0]["worst"]
        assert worst_list(page) == expected
        by_number.append(expected == sorted(expected))

        # of those whom nobody serves, whoever is farther off stands before the nearer
        unserved = [block for block in expected if tried.judgments.share[block, 0] == 0]
        meters = np.floor(tried.judgments.short_m[unserved, 0] + 0.5)
        assert list(meters) == sorted(meters, reverse=True)
    assert not all(by_number)


def test_nine_limits_are_those_of_a_run(open_page: Opener) -> None:
    town = invented()
    page = open_page(town)
    page.locator(".service[data-service='0']").click()
    before = (headline(page), looks(page), page.locator(".worst .name").all_inner_texts())
    assert page.locator("#limit-slider").input_value() == "300"
    for limit in LIMITS:
        slide(page, limit)
        expected = build_payload(with_main(town, judged_by(town, float(limit))))
        service = expected["services"][0]
        told = [int(text.replace(",", "")) for text in headline(page)]
        assert told == [
            service["people_left_out"],
            service["people_served"],
            service["blocks_failing"],
        ]
        shown = [
            f"{row['blocks_served']} served"
            if row["blocks_unknown"] and not row["blocks_failing"]
            else row["blocks_failing"]
            for row in expected["services"]
        ]
        assert page.locator(".service .count").all_inner_texts() == [str(one) for one in shown]
        count = len(expected["services"])
        assert looks(page) == [STATES[state] for state in expected["judgments"]["state"][::count]]
        assert worst_list(page) == service["worst"]
        assert f"one limit of {limit:,} m, tried" in page.locator("#headline .subject").inner_text()
        assert f"{limit:,} m on foot along streets, for all" in page.locator(".trace").inner_text()
    page.locator("#limit button").click()
    assert (headline(page), looks(page), page.locator(".worst .name").all_inner_texts()) == before
    assert page.locator("#limit button").is_hidden()


def test_a_block_says_what_is_tried_and_what_was_judged(open_page: Opener) -> None:
    page = open_page(invented())
    page.locator(".service[data-service='0']").click()
    slide(page, 1000)
    page.locator("path[data-look='served']").first.dispatch_event("click")
    told = page.locator(".as-of-run").inner_text()
    assert "one limit of 1,000 m, tried: Served" in told
    assert "as judged by the standard" in told
    assert "300 m" in page.locator(".verdict .numbers").last.inner_text()  # the rule of the run
    page.locator("#language").click()
    assert "统一1,000米试算：已覆盖" in page.locator(".as-of-run").inner_text()
    page.locator("#limit button").click()
    assert page.locator(".as-of-run").count() == 0


def test_both_sliders_are_one(open_page: Opener) -> None:
    page = open_page(invented())
    slide(page, 600)
    page.click("#whatif-open")
    page.wait_for_selector("#whatif [data-act=add]")
    assert page.locator("#whatif-limit").input_value() == "600"
    assert not page.locator("#whatif-own").is_checked()
    page.locator("#whatif-limit").fill("400")
    assert page.locator("#limit output").inner_text() == "400 m"
    page.check("#whatif-own")
    assert page.locator("#limit button").is_hidden()


def test_the_slider_is_reached_by_keyboard_and_printed_pages_say_what_was_tried(
    open_page: Opener,
) -> None:
    page = open_page(invented())
    page.locator(".service[data-service='0']").click()
    page.locator("#limit-slider").focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('#limit output').textContent === '350 m'")
    assert page.locator("#limit-slider").evaluate("e => e === document.activeElement")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#limit").is_hidden()
    assert page.locator("#paragraph").inner_text() == ""
    assert "350 m" in page.locator("#headline").inner_text()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")


def test_a_public_page_has_no_slider(open_page: Opener) -> None:
    assert open_page(invented(), public=True).locator("#limit").count() == 0
