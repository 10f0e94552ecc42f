"""A language as one office speaks it: with its own words for things, its units, its clock and its money."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Self

Units = Literal["metric", "us"]
Hours = Literal[24, 12]
#: A word for one, and for more than one; in languages without plurals both are the same.
Word = tuple[str, str]

#: No file, key or field: blocks.csv, [blocks], {blocks}, block_id, street blocks, block-services.
_BEFORE, _BEHIND = r"(?<![\[{\w./-])(?<!street )", r"(?![\w\]=./-]*[\w\]=/-])"


@dataclass(frozen=True, slots=True)
class Habits:
    """What an office has otherwise: units and clock, money, and its own words by language.

    ``names`` hold, by language, what a thing is called, by the key of its label; ``words`` pairs of a word as the
    sentences have it, one and more, and the office's own.
    """

    units: Units = "metric"
    clock: Hours = 24
    currency: str = ""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    words: Mapping[str, tuple[tuple[Word, Word], ...]] = field(default_factory=dict)

    def spoken(self, language: str) -> Idiom:
        """Return a language as the office speaks it."""
        return Idiom(language, self)


class Idiom(str):
    """The name of a language ("en"), which knows how one office speaks it.

    It is text like any other, equal to the bare name: whoever does not ask for the habits has the
    language itself.
    """

    __slots__ = ("habits",)

    habits: Habits

    def __new__(cls, language: str, habits: Habits) -> Self:
        """Return a language with the habits of an office."""
        idiom = super().__new__(cls, language)
        idiom.habits = habits
        return idiom

    def __getnewargs__(self) -> tuple[str, Habits]:  # type: ignore[override]
        return str(self), self.habits

    def name_of(self, thing: str) -> str | None:
        """Return the office's own name of a thing; None where it has none."""
        names = self.habits.names.get(self)
        return None if names is None else names.get(thing)

    def in_own_words(self, template: str) -> str:
        """Return a sentence with the office's words in place of ours, its fields as they are."""
        words = self.habits.words.get(self)
        return _reworded(template, words) if words else template


def habits_of(language: str) -> Habits:
    """Return the habits of an office; the plain ones for a bare name of a language."""
    return language.habits if isinstance(language, Idiom) else PLAIN


PLAIN: Final = Habits()


@functools.lru_cache(maxsize=4096)
def _reworded(template: str, words: tuple[tuple[Word, Word], ...]) -> str:
    """Return a template with other words, those at the head of a sentence with a capital."""
    for ours, own in words:
        for word, other in dict.fromkeys(zip(ours, own, strict=True)):
            template = _replaced(template, word, other)
    return template


def _replaced(template: str, word: str, other: str) -> str:
    """Return a template with another word; letters of one alphabet must be the whole word."""
    if not word.isascii():
        return re.sub(word, lambda _: other, template)

    def said(found: re.Match[str]) -> str:
        text = other[:1].upper() + other[1:] if found[2][0].isupper() else other
        return _article(found[1], text) + text

    return re.sub(rf"{_BEFORE}\b([Aa]n? )?({word}){_BEHIND}", said, template, flags=re.IGNORECASE)


def _article(article: str | None, word: str) -> str:
    """Return the article that goes before a word, "" for none."""
    if not article:
        return ""
    return f"{article[0]}n " if word[0].lower() in "aeiou" else f"{article[0]} "
