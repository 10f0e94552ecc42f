"""How addresses are written in five languages: one TOML file for each, and what reads them."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LANGUAGES: Final = ("de", "en", "es", "fr", "pt")
#: A name of many ambiguous abbreviations keeps only so many readings.
_MOST_READINGS: Final = 64


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one language; every word stands without accents, in small letters."""

    language: str
    meanings: Mapping[str, tuple[str, ...]]  # what each written form may stand for
    kinds: frozenset[str]  # what a street is: street, rua, ...
    endings: tuple[tuple[str, str], ...]  # (written ending, kind), the longest first
    particles: frozenset[str]
    titles: frozenset[str]

    def readings(self, words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """Return what words of a name may stand for, each word by its whole form."""
        split = [part for word in words for part in self._parts(word)]
        choices = [self.meanings.get(word, (word,)) for word in split]
        return tuple(itertools.islice(itertools.product(*choices), _MOST_READINGS))

    def without_small_words(self, reading: tuple[str, ...]) -> tuple[str, ...]:
        """Return a reading without particles and titles, which offices leave out."""
        return tuple(
            word for word in reading if word not in self.particles and word not in self.titles
        )

    def titles_agree(self, reading: tuple[str, ...], name: tuple[str, ...]) -> bool:
        """Return whether a reading may have the titles of a name: left out, but no others."""
        wanted = self.titles.intersection(reading)
        return any(
            wanted <= titles or titles <= wanted
            for titles in (self.titles.intersection(other) for other in self.readings(name))
        )

    def without_kind(self, reading: tuple[str, ...]) -> tuple[str, ...]:
        """Return a reading without the word that says what the street is, at either end."""
        if len(reading) > 1 and reading[0] in self.kinds:
            return reading[1:]
        if len(reading) > 1 and reading[-1] in self.kinds:
            return reading[:-1]
        return reading

    def _parts(self, word: str) -> tuple[str, ...]:
        """Return a word, or its two parts where it ends like a street: haupt, strasse."""
        for ending, kind in self.endings:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) > 2:
                return stem, kind
        return (word,)


@dataclass(frozen=True, slots=True)
class Marks:
    """Words of all languages that say what stands beside a street."""

    number: frozenset[str]
    postal: frozenset[str]
    unit: frozenset[str]
    floor: frozenset[str]
    around: frozenset[str]
    crossing: frozenset[str]
    corner: frozenset[str]
    countries: frozenset[str]
    states: frozenset[str]


@functools.cache
def all_rules() -> tuple[Rules, ...]:
    """Return the rules of every language."""
    return tuple(_rules(language, _toml(language)) for language in LANGUAGES)


@functools.cache
def all_marks() -> Marks:
    """Return the marks of all languages together."""
    tables = [_toml(language) for language in LANGUAGES]
    marks = {
        name: frozenset(word for table in tables for word in table["marks"][name])
        for name in ("number", "postal", "unit", "floor", "around", "crossing", "corner")
    }
    places = {
        name: frozenset(word for table in tables for word in table["places"][name])
        for name in ("countries", "states")
    }
    return Marks(**marks, **places)


def _rules(language: str, table: Mapping[str, Any]) -> Rules:
    """Return the rules that a file states."""
    meanings: dict[str, list[str]] = {}
    for section in (table["kinds"], table["words"]):
        for whole, forms in section.items():
            for form in (whole, *forms):
                meanings.setdefault(form, []).append(whole)

    endings = [
        (ending, kind) for kind, forms in table.get("endings", {}).items() for ending in forms
    ]
    return Rules(
        language=language,
        meanings={form: tuple(wholes) for form, wholes in meanings.items()},
        kinds=frozenset(table["kinds"]),
        endings=tuple(sorted(endings, key=lambda one: -len(one[0]))),
        particles=frozenset(table["left_out"]["particles"]),
        titles=frozenset(table["left_out"]["titles"]),
    )


@functools.cache
def _toml(language: str) -> Mapping[str, Any]:
    """Return the file of a language."""
    import tomllib
    from importlib.resources import files

    file = files("walkshed.geocode.wordings.languages").joinpath(f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
