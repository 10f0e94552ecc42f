"""An office's own words, units, clock and money: said on every output, and the figures stay the same."""

from __future__ import annotations

import copy
import pickle

import pytest

from walkshed.model.idioms import Habits, Idiom, habits_of
from walkshed.model.labels import KIND, OWN_WORDS, TIER, Label, label
from walkshed.words.hours import hours_text
from walkshed.words.page import page_words
from walkshed.words.quantities import (
    clock_text,
    limits_text,
    measured,
    meters,
    moment_text,
    money,
    plain_limit,
)

CENSUS = Habits(
    units="us",
    names={"en": {TIER["micro"].key: "Clinic"}},
    words={"en": ((OWN_WORDS["block"]["en"], ("census block", "census blocks")),)},
)
US = CENSUS.spoken("en")
TWELVE = Habits(clock=12).spoken("en")


def test_an_idiom_is_its_language() -> None:
    """Whoever does not ask for habits has the language: equal, hashed alike, kept by copies."""
    assert US == "en"
    assert {US: 1}["en"] == 1
    for kept in (copy.deepcopy(US), pickle.loads(pickle.dumps(US))):
        assert isinstance(kept, Idiom)
        assert habits_of(kept) == CENSUS
    assert habits_of("en").units == "metric"


@pytest.mark.parametrize(
    ("ours", "own"),
    [
        ("{n} {n:block|blocks} of {blocks:,}", "{n} {n:census block|census blocks} of {blocks:,}"),
        ("Blocks below standard", "Census blocks below standard"),
        ("Open a gate of this block.", "Open a gate of this census block."),
        ("see blocks.geojson, [blocks], block_id", "see blocks.geojson, [blocks], block_id"),
        ("12.0 block-services in street blocks", "12.0 block-services in street blocks"),
    ],
)
def test_words_of_sentences(ours: str, own: str) -> None:
    """Whole words, with a capital where the sentence begins; no file, key or field."""
    assert Label("", ours).in_(US) == own
    assert Label("", ours).in_("en") == ours


def test_an_article_follows_its_word() -> None:
    """A block, an area."""
    habits = Habits(words={"en": ((OWN_WORDS["block"]["en"], ("area", "areas")),)})
    assert Label("", "a block passes").in_(habits.spoken("en")) == "an area passes"


def test_chinese_words() -> None:
    """小区 is another word in sentences; 小区站 is a tier."""
    habits = Habits(words={"zh": ((OWN_WORDS["block"]["zh"], ("街区", "街区")),)})
    zh = habits.spoken("zh")
    assert Label("{n}个小区（街坊）不达标", "").in_(zh) == "{n}个街区不达标"
    assert TIER["compound"].in_(zh) == "小区站"


def test_names_of_things() -> None:
    """A tier is called as the office calls it, in the language for which it says so."""
    assert label(TIER, "micro", US) == "Clinic"
    assert label(TIER, "hub", US) == "Hub"
    assert label(TIER, "micro", CENSUS.spoken("zh")) == "微阵地"
    assert label(KIND, "old", US) == "Old compound"
    assert page_words(US, ())["tier"]["micro"] == "Clinic"


@pytest.mark.parametrize(
    ("meter", "walk", "limit"),
    [
        (402.336, "1,320 ft", "¼ mile"),
        (804.672, "2,640 ft", "½ mile"),
        (805, "2,640 ft", "½ mile"),
        (1207, "3,960 ft", "¾ mile"),
        (1609.344, "5,280 ft", "1 mile"),
        (2414.016, "1.5 mi", "1½ miles"),
        (3218.688, "2 mi", "2 miles"),
        (300, "985 ft", "985 ft"),
        (868, "2,850 ft", "2,850 ft"),
        (2000, "1.24 mi", "1.24 mi"),
        (0, "0 ft", "0 ft"),
    ],
)
def test_feet_and_miles(meter: float, walk: str, limit: str) -> None:
    """0.3048 m to a foot, 5,280 feet to a mile; a limit at quarters of a mile is meant as them."""
    assert meters(meter, US) == walk
    assert plain_limit(meter, "m", US) == limit


def test_rules_name_both_units() -> None:
    """Rules in miles say the meters by which they are judged."""
    assert measured("network", "m", [804.672], US) == "½ mile (805 m) on foot along streets"
    assert limits_text([402.336, 804.672], "m", US) == "¼ mile (402 m)–½ mile (805 m)"
    assert measured("radius", "m", [300, 500], "en") == "300–500 m as the crow flies"
    assert measured("network", "min", [15], US) == "15 min on foot along streets"
    # half a mile where meters are usual, and a half where a comma marks it
    assert limits_text([402.336, 804.672], "m", "pt") == "402–805 m"
    assert plain_limit(804.672, "m", "en") == "805 m"
    assert plain_limit(7.5, "min", "pt") == "7,5 min"
    assert (plain_limit(1500, "m", "en"), plain_limit(7.5, "min", "en")) == ("1500 m", "7.5 min")
    assert meters(float("inf"), US) == "–"


@pytest.mark.parametrize(
    ("minute", "said"),
    [(0, "12:00 am"), (9 * 60, "9:00 am"), (12 * 60 + 30, "12:30 pm"), (17 * 60 + 30, "5:30 pm")],
)
def test_a_clock_of_twelve_hours(minute: int, said: str) -> None:
    """Midnight is 12 am, noon 12 pm; the bare language has 24 hours."""
    assert clock_text(minute, TWELVE) == said
    assert clock_text(17 * 60 + 30, "en") == "17:30"


def test_hours_and_moments_by_the_clock() -> None:
    """Opening hours and the moment of judgment are told alike."""
    assert hours_text("Mo-Fr 08:30-17:00", TWELVE) == "Mon–Fri 8:30 am–5:00 pm"
    assert moment_text("2026-11-25T14:30", TWELVE) == "2026-11-25 2:30 pm"
    assert moment_text("2026-11-25T14:30", Habits(clock=12).spoken("zh")) == "2026-11-25 下午2:30"
    assert moment_text("2026-11-25T14:30", "en") == "2026-11-25 14:30"


@pytest.mark.parametrize(
    ("currency", "said"),
    [
        ("$", "$1,200,000"),
        ("R$", "R$1,200,000"),
        ("USD", "USD 1,200,000"),
        ("元", "1,200,000元"),
        ("", "1,200,000"),
    ],
)
def test_money(currency: str, said: str) -> None:
    """A symbol stands before the number, a code before a space, 元 behind; never 1.2e+06."""
    assert money(1_200_000, Habits(currency=currency).spoken("en")) == said
    assert money(0.5, Habits(currency=currency).spoken("en")).strip("USDR$元 ") == "0.50"
