"""The book in which a reading writes down its faults and notes, so that all of them are told at once."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from walkshed.errors import Fault, InputFaultsError
from walkshed.model.messages import Listing, Message


@dataclass(slots=True)
class FaultBook:
    """Faults and notes of one reading, in the order in which they were met; the one mutable thing of this room."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(
        self,
        file: str,
        fact: str,
        cure: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        counted: str = "row",
    ) -> None:
        """Write down a fault."""
        text = None if value is None else printable(value)
        self.faults.append(
            Fault(file, fact, cure, row=row, column=column, value=text, counted=counted)
        )

    def note(self, text: str) -> None:
        """Write down something that does not stop the reading; once, however often it is met."""
        if text not in self.notes:
            self.notes.append(text)

    def raise_if_any(self) -> None:
        """Raise every fault as one error, file by file and line by line; do nothing when there is none."""
        if self.faults:
            files = list(dict.fromkeys(fault.file for fault in self.faults))
            ordered = sorted(
                self.faults, key=lambda fault: (files.index(fault.file), fault.row or 0)
            )
            raise InputFaultsError(tuple(ordered))


def printable(value: object) -> str:
    """Return a value as the planner wrote it: text as it is, true and false as TOML has them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    try:
        return str(value)
    except ValueError:  # Python refuses to print integers of more than 4,300 digits
        return Message("a number of thousands of digits")


def nearest_word(word: str, known: Iterable[str], *, close_enough: float = 60.0) -> str | None:
    """Return the known word that looks most like ``word``; None when nothing comes close. Ties: the first by name."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(
        word[:100].lower(),
        sorted(set(known)),
        scorer=fuzz.ratio,
        processor=str.lower,
        score_cutoff=close_enough,
    )
    return None if found is None else str(found[0])


def first_of(words: Sequence[str], most: int, *, mark: str = ", ") -> str:
    """Return words in one text, the first ``most`` of them; … stands for the others."""
    shown = Listing(words[:most], mark=mark)
    return Message("{shown} …", shown=shown) if len(words) > most else shown


def quoted(names: Iterable[str]) -> str:
    """Return names in quotes, in one text: 'lon' and 'lat'."""
    return Listing([Message("'{name}'", name=name) for name in names], mark=" and ")


def either(words: Sequence[str]) -> str:
    """Return words of which one is to be chosen, in one text: a, b or c."""
    if len(words) == 1:
        return words[0]
    return Message("{several} or {last}", several=Listing(words[:-1]), last=words[-1])


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str | None = None) -> str:
    """Return a cure: the nearest known word, else ``otherwise``, else the list of what is known."""
    words = list(known)
    near = nearest_word(word, words)
    if near is not None:
        return Message("did you mean '{near}'?", near=near)
    if otherwise is not None:
        return otherwise
    return Message("write one of {known}", known=first_of(words, 20)) if words else "remove it"


def words_of(error: Exception) -> str:
    """Return what an error says, on one line; a message as it is."""
    words = error.args[0] if len(error.args) == 1 else None
    if isinstance(words, Message) and " ".join(words.split()) == words:
        return words
    return " ".join(str(error).split())


#: What geometries are called.
_DRAWN = {
    "Point": Message("Point"),
    "MultiPoint": Message("MultiPoint"),
    "LineString": Message("LineString"),
    "MultiLineString": Message("MultiLineString"),
    "LinearRing": Message("LinearRing"),
    "Polygon": Message("Polygon"),
    "MultiPolygon": Message("MultiPolygon"),
    "GeometryCollection": Message("GeometryCollection"),
}


def drawn_as(geom_type: str) -> str:
    """Return what a geometry of that type is called."""
    return _DRAWN.get(geom_type, geom_type)


@functools.cache
def column_names() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return, per table, the contract's column names with their other names: in ``columns.toml`` and in templates."""
    from walkshed.model.labels import further_words

    data = _columns_toml()
    return {
        table: {name: (*names, *further_words(name)) for name, names in data[table].items()}
        for table in data
        if table != "words"
    }


@functools.cache
def words(of: str) -> Mapping[str, str]:
    """Return {word, lower case: the contract's word} for a catalog as tier or kind: its ids, labels and aliases."""
    from walkshed.model import labels

    catalogs = {
        "tier": labels.TIER,
        "kind": labels.KIND,
        "form": labels.FORM,
        "scope": labels.SCOPE,
        "mode": labels.MODE,
        "basis": labels.BASIS,
        "means": labels.MEANS,
        "branch": labels.PARTY_BRANCH,
        "counted": labels.COUNTED,
    }
    catalog = catalogs[of]
    others = _columns_toml()["words"][of]
    found: dict[str, str] = {}
    for key, label in catalog.items():
        said = (label.in_(language) for language in labels.LANGUAGES)
        for word in (key, *said, *others.get(key, ())):
            found[word.lower()] = key
    return found


@functools.cache
def unread_words(of: str) -> frozenset[str]:
    """Return headers, lower case, of columns that are known and not read: ``silent`` ones, and ``response``."""
    return frozenset(word.lower() for word in _columns_toml()["words"]["unread"][of])


@functools.cache
def counted_things() -> frozenset[str]:
    """Return headers of columns that count beds or seats, and so for how many people there is room."""
    return frozenset(_columns_toml()["words"]["unread"]["things"])


@functools.cache
def answers(of: str) -> frozenset[str]:
    """Return words, lower case, that answer a question: ``yes``, ``no`` or ``limited``."""
    return frozenset(word.lower() for word in _columns_toml()["words"]["answers"][of])


@functools.cache
def _columns_toml() -> Mapping[str, Any]:
    import tomllib
    from importlib.resources import files

    return tomllib.loads(
        files("walkshed.inputs").joinpath("columns.toml").read_text(encoding="utf-8")
    )
