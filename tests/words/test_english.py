"""English as planners write it: one form for percent, the word for one thing and the word for more."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import walkshed
from walkshed.model.labels import Label, filled
from walkshed.model.messages import Message
from walkshed.words.messages.extraction import messages_in_code
from walkshed.words.messages.saying import said
from walkshed.words.page import PAGE
from walkshed.words.quantities import percent
from walkshed.words.slots import TEMPLATE, Slots
from walkshed.words.slots import filled as filled_slots

#: A number and a noun for more than one, which "1" would not go with.
_ALWAYS_MORE = re.compile(
    r"\{\w+(?::[^{}|]*)?\} (?:more )?(?:rows|blocks|stations|places|points|services|people|hours)\b"
)
#: What stays more than one: "2 of 3 …", "within 5 …" are told of what is whole.
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def english_texts() -> list[str]:
    """Return every English text of labels and messages in the code."""
    texts = list(messages_in_code())
    for path in Path(walkshed.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_label = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Label"
            if is_label and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                texts.append(str(node.args[1].value))
    return texts


def test_percent_has_one_form(english_texts: list[str]) -> None:
    """80%, never 80 %, in sentences as in figures."""
    assert percent(0.8, "en") == percent(0.8, "zh") == "80%"
    assert [text for text in english_texts if re.search(r"[\d}] %", text)] == []


def test_no_sentence_counts_one_as_many(english_texts: list[str]) -> None:
    """Every noun behind a number has a form for one."""
    assert [text for text in english_texts if _ALWAYS_MORE.search(text)] == []


@pytest.mark.parametrize(
    ("n", "words"), [(0, "0 stations"), (1, "1 station"), ("1", "1 station"), (2, "2 stations")]
)
def test_a_choice_follows_its_number(n: object, words: str) -> None:
    """As a label, as a message and by itself."""
    template = "{n} {n:station|stations}"
    assert filled(template, {"n": n}) == words
    assert Label("{n}个站点", template).said("en", n=n) == words
    assert Message(template, n=n) == said(Message(template, n=n), "en") == words


def test_formats_of_numbers_stand_beside_choices() -> None:
    """A number is written as its field says; the word follows the number."""
    template = "{n:,} of {all:,} {all:block|blocks} {n:is|are} served"
    assert filled(template, {"n": 1, "all": 1200}) == "1 of 1,200 blocks is served"


def test_a_number_that_comes_later_leaves_the_choice() -> None:
    """Sentences are made once for many blocks; people are filled in block by block."""
    cure = filled("({gain} {gain:person|people} would gain)", {"gain": TEMPLATE.gain})
    assert cure == "({gain} {gain:person|people} would gain)"
    words = Slots("–", "–", "–", "1", "–", "–")
    assert filled_slots(cure, words) == "(1 person would gain)"


def test_the_words_of_the_table() -> None:
    """Words that native planners asked for."""
    assert PAGE["failing_blocks"].en == "blocks below standard"
    assert PAGE["people_source_given"].en == "population: from your data"
    assert PAGE["limit_try"].en == "Test a distance"
    assert PAGE["limit_back"].en == "Reset"
