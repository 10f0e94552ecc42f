"""Messages: sentences that keep their values apart, so that each reader can have them in the own language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any, Self

from walkshed.model.labels import Label, filled

#: A text in JSON: itself, or {"template": …, "values": {…}}.
Data = str | Mapping[str, Any]
#: The place with which a message begins, and a field at its end.
_FIRST_FIELD, _LAST_FIELD = re.compile(r"\{(\w+)\}: "), re.compile(r"\{(\w+)\}$")


class Message(str):
    """An English sentence that remembers the template it was made of, and what was filled in.

    ``Message("{count} rows have no place", count=3)``: whoever takes it for text reads English;
    ``walkshed.words.messages`` looks up the template in a catalog and says it in another language,
    with the same values. Values that are messages or labels are said in that language, too. Text is
    data and stays as it is: words of ours among the values are messages or labels.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Return the message of a template (as ``model.labels.filled`` has it) and its values."""
        kept = {name: _kept(value) for name, value in values.items()}
        english = {name: in_english(value) for name, value in kept.items()}
        message = super().__new__(cls, filled(template, english))
        message.template, message.values = template, kept
        return message

    def __getnewargs_ex__(self) -> tuple[tuple[object, ...], dict[str, object]]:
        return (self.template,), dict(self.values)


class Listing(Message):
    """Several parts in one message, with a mark between them."""

    __slots__ = ()

    def __new__(cls, parts: Iterable[object], /, *, mark: str = ", ") -> Self:
        """Return the parts in one message; parts that are messages, and the mark, are said in each language."""
        named = {f"part_{number}": part for number, part in enumerate(parts)}
        template = "{mark}".join(f"{{{name}}}" for name in named)
        return super().__new__(cls, template, mark=Message(mark), **named)

    def __getnewargs_ex__(self) -> tuple[tuple[object, ...], dict[str, object]]:
        parts = [self.values[f"part_{number}"] for number in range(len(self.values) - 1)]
        return (parts,), {"mark": str(self.values["mark"])}


def in_english(value: object) -> object:
    """Return a value as the English sentence has it."""
    if isinstance(value, Label):
        return value.en
    return value


def fact_and_cure(text: str, place: str = "") -> tuple[str, str]:
    """Return the two halves of a message "fact; cure", each a message of its own; no fact where it has one half.

    The fact is told without the ``place`` (the name of a file, or of a server) with which the
    message begins.
    """
    if not isinstance(text, Message):
        fact, _, cure = text.rpartition(f"{place}: " if place else "")[2].rpartition("; ")
        return fact, cure

    # the template is parted, or the message with which it ends
    fact, _, cure = text.template.rpartition("; ")
    last = _LAST_FIELD.search(text.template)
    inner = text.values.get(last[1]) if last is not None else None
    if last is not None and not fact and isinstance(inner, Message):
        inner_fact, told_cure = fact_and_cure(inner)
        values = {**text.values, last[1]: inner_fact}
        return _without(place, text.template, values) if inner_fact else "", told_cure
    if not fact:
        return "", text
    return _without(place, fact, text.values), Message(cure, **text.values)


def without_place(text: Message, place: str) -> Message:
    """Return a message without the place with which it begins."""
    return _without(place, text.template, text.values)


def _without(place: str, template: str, values: Mapping[str, object]) -> Message:
    """Return a message without the place with which it begins."""
    first = _FIRST_FIELD.match(template)
    if first is not None:
        named = str(values[first[1]])
        if place in {named, PurePath(named).name}:
            template = template[first.end() :]
    return Message(template, **values)


def as_data(text: str) -> Data:
    """Return a text as it is stored as JSON: a message with its template and values, other text as it is."""
    if not isinstance(text, Message):
        return text
    values = {name: _value_as_data(value) for name, value in text.values.items()}
    return {"template": text.template, "values": values}


def of_data(data: Data) -> str:
    """Return the text or message that was stored."""
    if not isinstance(data, Mapping):
        return data
    values = {name: _value_of_data(value) for name, value in data["values"].items()}
    return Message(data["template"], **values)


def _value_of_data(value: object) -> object:
    """Return a value that was stored."""
    if isinstance(value, list):
        return Label(*value)
    return of_data(value) if isinstance(value, (str, Mapping)) else value


def _value_as_data(value: object) -> object:
    """Return a value as JSON has it; what JSON does not know as its text."""
    if isinstance(value, Label):
        return list(value)
    # a number of numpy, which is not loaded for the sake of it
    plain: object = value
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        plain = value.item()
    if isinstance(plain, str):
        return as_data(plain)
    return plain if plain is None or isinstance(plain, (bool, int, float)) else str(plain)


def words_of(error: BaseException) -> str:
    """Return what an error says, with its template where it has one."""
    words = error.args[0] if len(error.args) == 1 else None
    return words if isinstance(words, Message) else str(error)


def _kept(value: object) -> object:
    """Return a value without what should not live on: of an error only its words."""
    return words_of(value) if isinstance(value, BaseException) else value
