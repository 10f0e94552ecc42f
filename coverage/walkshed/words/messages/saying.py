"""Messages and faults, said in a language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from walkshed.errors import shorten
from walkshed.model.catalogs import catalog
from walkshed.model.labels import Label, filled_in
from walkshed.model.messages import Message

if TYPE_CHECKING:
    from walkshed.errors import Fault

#: Where a fault stands: its file, the row, the column; and what is wrong there, with the cure.
_ROW = {
    "row": Label("，第 {row} 行", ", row {row}"),
    "feature": Label("，第 {row} 个要素", ", feature {row}"),
}
_COLUMN = Label("，“{column}”列", ", column '{column}'")
_SETTING = Label("，“{column}”项", ", column '{column}'")
_FAULT = Label("{place}：{fact}；{cure}", "{place}: {fact}; {cure}")
_VALUE = Label("“{value}”{fact}", "{value!r} {fact}")
#: A comment of a TOML file, but for a line that is to be taken in.
COMMENT = re.compile(r"((?:^|[ \t])# )(?!\[|\w+ = )(.+)$", re.MULTILINE)
_LENGTH = Label("（共 {count} 个字符）", " ({count} {count:character|characters})")


def said(text: object, language: str) -> str:
    """Return a message in a language; text without a translation, which is data, as it is.

    Values that are messages are said in the language, too.
    """
    known = catalog(language)
    if not isinstance(text, Message):
        return known.get(str(text), str(text))
    values = {name: _value(value, language) for name, value in text.values.items()}
    return filled_in(known.get(text.template, text.template), language, values)


def comments_said(text: str, language: str) -> str:
    """Return a TOML file with its comments said in a language."""
    return COMMENT.sub(lambda found: found[1] + said(found[2], language), text)


def _value(value: object, language: str) -> object:
    """Return a value as a sentence in the language has it."""
    if isinstance(value, Label):
        return value.in_(language)
    return said(value, language) if isinstance(value, Message) else value


def fault_line(fault: Fault, language: str) -> str:
    """Return a fault in a line: where it is, what is wrong, and the cure."""
    place = fault.file
    if fault.row is not None:
        counted = _ROW.get(fault.counted, _ROW["row"])
        place += counted.said(language, row=fault.row)
    place += column_said(fault, language)

    fact = said(fault.fact, language)
    if fault.value is not None:
        fact = _VALUE.said(language, value=short_said(fault.value, language), fact=fact)
    return _FAULT.said(language, place=place, fact=fact, cure=said(fault.cure, language))


def column_said(fault: Fault, language: str) -> str:
    """Return the column or the setting in which a fault stands, as it goes on behind the place; "" for none."""
    if fault.column is None:
        return ""
    named = _SETTING if fault.file.endswith(".toml") else _COLUMN
    return named.said(language, column=fault.column)


def short_said(value: str, language: str) -> str:
    """Return a value, a long one cut in the middle, with its length in the language."""
    short = shorten(value)
    if short == value:
        return value
    cut = short.removesuffix(_LENGTH.said("en", count=len(value)))
    return cut + _LENGTH.said(language, count=len(value))
