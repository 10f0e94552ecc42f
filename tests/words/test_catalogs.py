"""Every sentence in every language: the same named fields in each, and nothing left open once they are filled in."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from string import Formatter

import pytest

import walkshed.words
from walkshed.model import labels
from walkshed.model.labels import LANGUAGES, Label

#: Sentences whose fields differ on purpose.
UNEQUAL = {
    # in English the cure alone names the station
    "walkshed.words.verdicts._REASONS.not_entitled_at",
    # in Chinese all of them are no number
    "walkshed.words.studies.drafted._STATIONS.all_guessed",
}
#: Of names that are cut short Chinese tells how many there are, English how many more.
ALIKE = {"more": "all"}


def catalogs() -> Iterator[tuple[str, object]]:
    """Yield what every module of words, and that of labels, holds at its top."""
    found = pkgutil.walk_packages(walkshed.words.__path__, "walkshed.words.")
    for module in (labels, *(import_module(each.name) for each in found if not each.ispkg)):
        for name, value in vars(module).items():
            yield f"{module.__name__}.{name}", value


def labels_in(name: str, value: object) -> Iterator[tuple[str, Label]]:
    """Yield the labels in a catalog, with their keys."""
    if isinstance(value, Label):
        yield name, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from labels_in(f"{name}.{key}", each)
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from labels_in(f"{name}.{number}", each)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from labels_in(f"{name}.{field.name}", getattr(value, field.name))


ALL = {key: label for name, value in catalogs() for key, label in labels_in(name, value)}


def fields_of(text: str) -> set[str]:
    """Return the names of the fields of a template."""
    names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    return {ALIKE.get(name, name) for name in names}


def test_the_catalogs_are_found() -> None:
    for name in ("verdicts._REASONS.served", "page.PAGE.title", "studies.drafts._SOURCES"):
        assert f"walkshed.words.{name}" in ALL


@pytest.mark.parametrize("key", ALL)
def test_a_sentence_has_the_same_fields_in_every_language(key: str) -> None:
    by_language = {language: fields_of(ALL[key].in_(language)) for language in LANGUAGES}
    alike = len(set(map(frozenset, by_language.values()))) == 1
    assert alike is (key not in UNEQUAL), by_language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_whole_once_it_is_filled_in(language: str) -> None:
    for key, label in ALL.items():
        names = fields_of(label.in_(language)) | set(ALIKE)
        said = label.said(language, **dict.fromkeys(names, 1234))
        assert bool(said) is any(label), key
        assert not re.search(r"[{}]", said), key
        assert not fields_of(label.in_(language)) or "234" in said, key
