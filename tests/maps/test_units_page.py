"""The page in feet, miles and twelve hours: it says what Python says, and judges as before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maps.conftest import Opener
from maps.invented import invented
from maps.test_browser import headline, looks, until
from walkshed.model.idioms import Habits
from walkshed.model.labels import OWN_WORDS, TIER
from walkshed.model.results import Results
from walkshed.words.quantities import MILE_M, clock_text, meters, plain_limit

pytestmark = pytest.mark.browser
OWN = Habits(
    units="us",
    clock=12,
    names={"en": {TIER["micro"].key: "<b>Clinic</b>"}},
    words={"en": ((OWN_WORDS["block"]["en"], ("census block", "census blocks")),)},
)
WALKS = [*range(0, 3300, 37), *(round(part * MILE_M / 4) for part in range(13))]


def with_habits(results: Results, habits: Habits) -> Results:
    """Return results of a study in English with the habits of an office."""
    settings = replace(results.inputs.settings, language=habits.spoken("en"), habits=habits)
    return replace(results, inputs=replace(results.inputs, settings=settings))


def said_by(page: Any, how: str, values: list[int]) -> list[str]:
    told: list[str] = page.evaluate(
        f"values => values.map((value) => walkshed.{how}(value))", values
    )
    return told


def test_python_and_the_page_say_the_same(open_page: Opener) -> None:
    """Walks, limits and times of day, in both languages and both units."""
    for habits in (OWN, Habits()):
        page = open_page(with_habits(invented(), habits))
        for language in ("en", "zh"):
            if language == "zh":
                page.locator("#language").click()
                until(page, "document.documentElement.lang === 'zh-CN'")
            spoken = habits.spoken(language)
            assert said_by(page, "lengthText", WALKS) == [meters(each, spoken) for each in WALKS]
            if habits.units == "us":
                told = [plain_limit(each, "m", spoken) for each in WALKS]
                assert said_by(page, "limitText", WALKS) == told
                times = list(range(0, 24 * 60, 30))
                told = [clock_text(each, spoken) for each in times]
                assert said_by(page, "clockText", times) == told


def test_the_page_judges_as_before(open_page: Opener) -> None:
    """Colors, counts of people and the list are those of the page in meters."""
    plain = open_page(with_habits(invented(), Habits()))
    figures, colors = headline(plain), looks(plain)
    page = open_page(with_habits(invented(), OWN))
    assert looks(page) == colors
    assert [text.replace("census ", "") for text in headline(page)] == list(figures)


def test_the_slider_goes_in_sixteenths_of_a_mile(open_page: Opener) -> None:
    """330 feet a step; a quarter and a half mile are among them."""
    page = open_page(with_habits(invented(), OWN))
    slider = page.locator("#limit-slider")
    slider.fill("402.336")
    until(page, "document.querySelector('#limit output').textContent === '¼ mile'")
    slider.press("ArrowRight")
    until(page, "document.querySelector('#limit output').textContent === '1,650 ft'")


def test_own_words_are_text(open_page: Opener) -> None:
    """Tiers and blocks are called as the office calls them; a name is never markup."""
    page = open_page(with_habits(invented(), OWN))
    body = page.locator("body").inner_text()
    assert "<b>Clinic</b>" in body
    assert "census blocks below standard" in body
