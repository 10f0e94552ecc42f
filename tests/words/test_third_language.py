"""A further language is one catalog: everything that is said finds its words there, and nothing asks which it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from walkshed.errors import Fault
from walkshed.findings import Findings
from walkshed.maps.payload.whole import build_payload
from walkshed.model import catalogs, labels
from walkshed.model.labels import Label, own_words
from walkshed.model.messages import Listing, Message
from walkshed.study import read_study
from walkshed.words.messages.saying import fault_line, said
from walkshed.words.page import page_words

DATA = Path(__file__).parents[2] / "data"
LANGUAGE = "xx"


class Invented(Mapping[str, str]):
    """A catalog of a language that has every sentence: the English one between marks."""

    def __getitem__(self, text: str) -> str:
        return f"‹{text}›" if text else text

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def get(self, text: str, default: object = None) -> str:  # type: ignore[override]  # noqa: ARG002
        return self[text]


@pytest.fixture(autouse=True)
def third(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a third language be known to all who look up a catalog."""

    def found(language: str) -> Mapping[str, str]:
        return Invented() if language == LANGUAGE else catalogs.catalog(language)

    monkeypatch.setattr(labels, "catalog", found)
    monkeypatch.setattr("walkshed.words.messages.saying.catalog", found)


def test_labels_and_messages_are_found_in_the_catalog() -> None:
    assert Label("站点", "Station").in_(LANGUAGE) == "‹Station›"
    assert Label("共{n}米", "{n} m in all").said(LANGUAGE, n=3) == "‹3 m in all›"
    nested = Message("{count} of {what}", count=2, what=Listing([Message("a"), "b"]))
    assert said(nested, LANGUAGE) == "‹2 of ‹‹a›‹, ›b››"
    fault = Fault("s.csv", "is not a valid tier", "write one", row=3, column="tier", value="hubb")
    assert fault_line(fault, LANGUAGE).count("‹") >= 4


def test_what_an_office_says_in_one_language_stays_its_own_word() -> None:
    """ "office" is a word of the catalog and the source of a planner's rule; only what is given twice is translated."""
    assert own_words("办公室", "office", LANGUAGE) == "‹office›"
    assert own_words("office", "office", LANGUAGE) == "office"
    assert own_words("", "office", LANGUAGE) == "office"
    assert own_words("街道办", "", LANGUAGE) == "街道办"
    assert (own_words("街道办", "office", "zh"), own_words("", "office", "zh")) == ("街道办", "")


def test_everything_that_a_run_says_is_said_in_it() -> None:
    """The answer on the terminal, and the words of the page: no sentence of ours without the marks."""
    results = read_study(DATA / "gucheng").run().results
    settings = replace(results.inputs.settings, language=LANGUAGE, remarks=())
    results = replace(results, inputs=replace(results.inputs, settings=settings))

    lines = Findings(results).summary_lines()
    assert len(lines) > 3
    for line in lines[1:]:  # the first is the study's own name
        assert "‹" in line, line

    words = page_words(LANGUAGE, results.stations)["page"]
    assert [key for key, word in words.items() if not re.search("‹.*›", word, re.DOTALL)] == []


def test_the_page_names_things_in_each_of_its_languages() -> None:
    payload = build_payload(read_study(DATA / "gucheng").run().results)
    named = list(labels.LABELED)
    assert list(payload["words"]) == named
    assert all(list(service["names"]) == named for service in payload["services"])
    assert all(list(walker["names"]) == named for walker in payload["walkers"])
