"""What the ledgers say, in every language at once: lines beside a station or a compound, and tables of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from walkshed.model.labels import Composed, Label, number_said


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of the page: its title, what must be said of it, the heads of its columns, and its rows."""

    title: Label
    notes: tuple[Label, ...]
    heads: tuple[Label, ...]
    rows: tuple[tuple[Label, ...], ...]


def said(sentence: Label, **fields: object) -> Label:
    """Return a sentence with its fields filled in; a field that is a label speaks the sentence's language."""

    def say(language: str) -> str:
        known = {
            name: value.in_(language) if isinstance(value, Label) else value
            for name, value in fields.items()
        }
        return sentence.said(language, **known)

    return Composed(say)


def alike(text: object) -> Label:
    """Return what is written alike in every language: a name, a whole number."""
    return Composed(lambda _: str(text))


def number(text: str) -> Label:
    """Return a number, written as English has it, with the marks of each language."""
    return Composed(lambda language: number_said(text, language))


def listed(parts: Iterable[Label], mark: Label) -> Label:
    """Return parts as one text, with a mark of each language between."""
    known = list(parts)
    return Composed(lambda language: mark.in_(language).join(part.in_(language) for part in known))


def first_names(names: Sequence[str], most: int, more: Label) -> Label:
    """Return the first few names; ``more`` says how many there are of ``{named}``, ``{all}`` in all."""
    from walkshed.words.quantities import NAMES

    named = listed(map(alike, names[:most]), NAMES)
    return named if len(names) <= most else said(more, named=named, all=len(names))
