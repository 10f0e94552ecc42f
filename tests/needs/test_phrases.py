"""The sentences of all judgments, each made once: filled with a judgment's own words they are its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from judged_rows import rows_of, with_rows
from reports.example import example
from walkshed.model.results import Results, View
from walkshed.words.judgments import (
    Phrases,
    cure_column,
    cure_templates,
    phrases,
    reason_column,
    reason_templates,
)
from walkshed.words.slots import filled, slots_of
from walkshed.words.verdicts import cure_text, reason_text

LANGUAGES = ("zh", "en")


def views_of(results: Results) -> Iterator[View]:
    """Yield the answers of every walker, then those of visitors."""
    yield from map(results.view, results.answers)
    yield from map(results.visitors_view, results.visitors)


@pytest.mark.parametrize("study", ["gucheng", "window"])
def test_a_template_with_the_words_of_its_slots_is_the_sentence(
    study: str, request: pytest.FixtureRequest
) -> None:
    results = request.getfixturevalue(study)
    walkers = [view.answer.walker for view in views_of(results)]
    assert len(walkers) > 1
    for view in views_of(results):
        found = phrases(view)
        for language in LANGUAGES:
            same_sentences(view, found, language)


def same_sentences(view: View, found: Phrases, language: str) -> None:
    """Every judgment's sentences, made of templates, are those that it has by itself."""
    reasons = reason_templates(view, found, language)
    cures = cure_templates(view, found, language)
    quiet = cure_templates(view, found, language, people=False)
    for row in rows_of(view.answer):
        number, words = found.of[row.block, row.service], slots_of(view, row, language)
        assert filled(reasons[number], words) == reason_text(view, row, language)
        assert filled(cures[number], words) == cure_text(view, row, language)
        assert filled(quiet[number], words) == cure_text(view, row, language, people=False)


@pytest.mark.parametrize("study", ["gucheng", "window"])
def test_a_column_of_sentences_is_that_of_the_judgments(
    study: str, request: pytest.FixtureRequest
) -> None:
    results = request.getfixturevalue(study)
    for view in views_of(results):
        rows, language = rows_of(view.answer), view.language
        assert reason_column(view, phrases(view)).tolist() == [
            reason_text(view, row, language) for row in rows
        ]
        assert cure_column(view, phrases(view)).tolist() == [
            cure_text(view, row, language) for row in rows
        ]
        some = np.arange(len(rows))[::-7]
        assert reason_column(view, phrases(view), some).tolist() == [
            reason_text(view, rows[cell], language) for cell in some
        ]


def test_alike_judgments_share_a_sentence(gucheng: Results) -> None:
    found = phrases(gucheng.view())
    assert len(found.examples) < found.of.size / 3
    assert set(found.of.ravel().tolist()) == set(range(len(found.examples)))


def test_a_name_that_looks_like_a_slot_stays_a_name() -> None:
    """Words are put in once: what a station is called is not looked at again."""
    town = example()
    stations = tuple(replace(each, name="{gain}{nearest_m}") for each in town.stations)
    rows = [replace(row, mend_people=12.0) for row in rows_of(town.main)]
    view = with_rows(replace(town, stations=stations), rows).view()
    same_sentences(view, phrases(view), "en")
    assert any("{gain}{nearest_m}, 312 m" in text for text in reason_column(view, phrases(view)))
