"""TOML read with the lines of its keys, and sections checked one by one so that one fault does not hide others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from walkshed.inputs.faults import FaultBook, did_you_mean, either, nearest_word
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.tables.gate import values_through
from walkshed.model.messages import Listing, Message

_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.-]+)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*\"?([\w.-]+)\"?\s*=")


class Section(BaseModel):
    """A table of a TOML file: exact types, no unknown keys."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


SectionT = TypeVar("SectionT", bound=Section)


@dataclass(frozen=True, slots=True)
class TomlText:
    """A TOML file: its label, its data and the line of each key."""

    label: str
    data: Mapping[str, Any]
    lines: Mapping[tuple[str | int, ...], int]

    def line(self, *path: str | int) -> int | None:
        """Return the line of a key, or of what holds it; None when it is nowhere."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return None


def parse_toml(text: str, label: str, book: FaultBook) -> TomlText | None:
    """Return the parsed file; None, and a fault, when it is not TOML."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = re.sub(r" *[(]at .*[)]$", "", str(error)) or type(error).__name__
        cure = "write one key = value per line; put text into quotes and \\ in paths as /"
        where = re.search(r"at line (\d+)", str(error))
        row = int(where[1]) if where else None
        fact = Message("is not TOML ({library_words})", library_words=reason)
        book.fault(label, fact, cure, row=row)
        return None

    lines = _lines(text)
    return TomlText(label, values_through(data, label, lines, book), lines)


def read_toml_file(
    name: str, folder: StudyFolder, *, asked_by: str, row: int | None
) -> TomlText | None:
    """Return a TOML file that study.toml names; None, and a fault, when it cannot be read.

    ``asked_by`` is the key that names it, ``row`` that key's line.
    """
    path = folder.find(name, asked_by=asked_by, row=row)
    if path is None:
        return None
    label = folder.label(path)
    text = folder.read_text(path, label)
    return None if text is None else parse_toml(text, label, folder.book)


def _lines(text: str) -> dict[tuple[str | int, ...], int]:
    """Return the line of each table and key; of what stands twice the first."""
    lines: dict[tuple[str | int, ...], int] = {}
    count: dict[str, int] = {}
    table: tuple[str | int, ...] = ()

    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            name = header[2]
            table = tuple(name.split("."))

            # an array of tables, and the table of it that begins here
            if header[1] == "[[":
                lines.setdefault(table, number)
                table = (*table, count.get(name, 0))
                count[name] = count.get(name, 0) + 1
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *key[1].split(".")), number)
    return lines


def read_section(
    model: type[SectionT],
    raw: object,
    path: tuple[str | int, ...],
    toml: TomlText,
    book: FaultBook,
) -> SectionT | None:
    """Return a checked section, keys with faults left at their defaults; None when a required key is not usable."""
    if not isinstance(raw, dict):
        name = _section_name(path)
        fact = Message("is not a table {section}", section=name)
        cure = Message("write {section} on a line and its keys below", section=name)
        book.fault(toml.label, fact, cure, row=toml.line(*path))
        return None
    usable = _known_keys(model, raw, path, toml, book)

    # all faults at once, and what is left without the keys that have them
    try:
        return model.model_validate(usable)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _write_down(dict(detail), path, toml, book)
            usable.pop(str(detail["loc"][0]), None)
    try:
        return model.model_validate(usable)
    except ValidationError:
        return None


def _known_keys(
    model: type[Section],
    raw: Mapping[str, Any],
    path: tuple[str | int, ...],
    toml: TomlText,
    book: FaultBook,
) -> dict[str, Any]:
    """Return the values under keys of a section; one under an unknown key, a fault, by the key that it is near."""
    name, known = _section_name(path), keys_of(model)
    usable = dict(raw)
    for key in [key for key in raw if key not in known]:
        otherwise = Message(
            "remove it; the keys of {section} are {keys}", section=name, keys=Listing(known)
        )
        cure = did_you_mean(key, known, otherwise=otherwise)
        row = toml.line(*path, key)
        fact = Message("is not a valid key of {section}", section=name)
        book.fault(toml.label, fact, cure, row=row, value=key)

        # read as what it is meant to be, so that what depends on it is checked as well
        near, value = nearest_word(key, known), usable.pop(key)
        if near is not None:
            usable.setdefault(near, value)
    return usable


def keys_of(model: type[Section]) -> list[str]:
    """Return the keys of a section as they are written in TOML; those made here are excluded."""
    fields = model.model_fields.items()
    return [field.alias or name for name, field in fields if not field.exclude]


def _write_down(
    detail: Mapping[str, Any], path: tuple[str | int, ...], toml: TomlText, book: FaultBook
) -> None:
    """Write down what pydantic found wrong with a value, in words of a planner."""
    key, kind = str(detail["loc"][0]), detail["type"]
    row, column = toml.line(*path, key), _column(path, key)
    if kind == "missing":
        lacking = Message("{section} has no {key}", section=_section_name(path), key=key)
        book.fault(toml.label, lacking, Message("add {key} = …", key=key), row=row)
        return
    if kind not in _FACTS:
        book.fault(toml.label, "cannot be used", detail["msg"], row=row, column=column)
        return

    # the limits that the cure names
    limits = {
        name: _plain(value) for name, value in detail.get("ctx", {}).items() if name != "error"
    }
    fact, cure = _FACTS[kind]
    words: list[str] = []
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", str(limits["expected"]))
        limits["expected"] = either([f'"{word}"' for word in words])
    told: str = Message(cure, **limits, key=key)

    # a word that is nearly one of them is that one
    if words:
        told = did_you_mean(str(detail["input"]), words, otherwise=told)
    book.fault(toml.label, fact, told, row=row, column=column, value=detail["input"])


_FACTS = {
    "literal_error": ("is not possible here", "write {expected}"),
    "string_type": ("is not valid text", 'write it in quotes: {key} = "…"'),
    "bool_type": ("is neither true nor false", "write true or false, without quotes"),
    "float_type": ("is not a valid number", "write a number, without quotes"),
    "int_type": ("is not a whole number", "write a whole number, without quotes"),
    "finite_number": ("is not a finite number", "write a plain number"),
    "list_type": ("is not a list", "write it as a list: {key} = […]"),
    "dict_type": ("is not a table", "write a table"),
    "greater_than": ("is out of range", "write a number greater than {gt}"),
    "greater_than_equal": ("is out of range", "write a number of at least {ge}"),
    "less_than": ("is out of range", "write a number less than {lt}"),
    "less_than_equal": ("is out of range", "write a number of at most {le}"),
    "too_short": ("is too short", "write at least one entry"),
    "too_long": ("is too long", "write at most {max_length} {max_length:entry|entries}"),
    "string_too_short": ("is empty", "write some text"),
    "string_too_long": ("is too long", "cut it to {max_length} {max_length:character|characters}"),
}


def _plain(value: object) -> object:
    """Return a whole number without its point; anything else as it is."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _section_name(path: tuple[str | int, ...]) -> str:
    if path and isinstance(path[-1], int):
        return Message("[[{name}]] {number}", name=path[0], number=path[-1] + 1)
    return f"[{'.'.join(map(str, path))}]"


def _column(path: tuple[str | int, ...], key: str) -> str:
    return f"{path[0]}.{key}"


def refuse_newer(toml: TomlText, section: str, newest: int, book: FaultBook) -> None:
    """Raise at once where a file says that it is of a newer format than ``newest``.

    What a newer walkshed means by it cannot be judged; faults in the rest would mislead.
    """
    table = toml.data.get(section)
    stated = table.get("format") if isinstance(table, dict) else None
    if not isinstance(stated, int) or stated <= newest:
        return

    fact = Message("is of a newer format than this walkshed reads ({newest})", newest=newest)
    cure = "update walkshed, or save the file with this version"
    row = toml.line(section, "format")
    book.fault(toml.label, fact, cure, row=row, column=f"{section}.format", value=stated)
    book.raise_if_any()
