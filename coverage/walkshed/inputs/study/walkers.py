"""How people walk: presets, and a study's own file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from walkshed.inputs.faults import FaultBook, did_you_mean
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.study.sections import NameText
from walkshed.inputs.study.settings import StudyToml
from walkshed.inputs.study.toml_text import (
    Section,
    TomlText,
    parse_toml,
    read_section,
    read_toml_file,
)
from walkshed.model.town.walkers import Walker

Seconds = Annotated[float, Field(ge=0, le=3600)]
FIGURES = ("speed_m_s", "step_s", "flight_s", "flights_max", "elevator_wait_s")
CREW = "crew"


class WalkerRow(Section):
    """``[[walkers]]``."""

    id: NameText
    zh: NameText = ""
    en: NameText = ""
    speed_m_s: Annotated[float, Field(gt=0, le=10)]
    step_s: Seconds | None = None
    flight_s: Seconds | None = None
    flights_max: Annotated[float, Field(ge=0, le=200)] | None = None
    elevator_wait_s: Seconds = 0.0
    sources: dict[str, str] = {}  # noqa: RUF012 (pydantic copies defaults)


def preset_walkers() -> tuple[Walker, ...]:
    """Return the walkers that ship with the package."""
    book = FaultBook()
    toml = _preset(book)
    walkers = _rows(toml, book)
    book.raise_if_any()
    return walkers


def read_walkers(toml: StudyToml, folder: StudyFolder) -> tuple[Walker, ...]:
    """Return the study's walkers: the presets, replaced or joined by those of its own file; faults are in the book."""
    book = folder.book
    walkers = {walker.id: walker for walker in preset_walkers()}
    walkers |= {walker.id: walker for walker in _own_walkers(toml, folder)}

    # a crew is no walker that a study can name
    known = [key for key in walkers if key != CREW]
    named = [("walkers", word) for word in toml.walk.walkers]
    named += [("group_walkers", word) for word in (toml.walk.group_walkers or {}).values()]
    for key, word in named:
        if word in known:
            continue
        cure, row = did_you_mean(word, known), toml.line("walk", key)
        label, column = toml.text.label, f"walk.{key}"
        book.fault(label, "is not a walker", cure, row=row, column=column, value=word)
    return tuple(walkers.values())


def _own_walkers(toml: StudyToml, folder: StudyFolder) -> tuple[Walker, ...]:
    """Return the walkers of the study's own file; none, mostly with a fault, without one that can be read."""
    name = toml.walk.walkers_file
    if name is None:
        return ()
    row = toml.line("walk", "walkers_file")
    own = read_toml_file(name, folder, asked_by="walk.walkers_file", row=row)
    return () if own is None else _rows(own, folder.book)


def group_walkers(toml: StudyToml, groups: Iterable[str], book: FaultBook) -> Mapping[str, str]:
    """Return the walker of each group of people: the study's own, else the presets', else an adult."""
    preset = _preset(FaultBook()).data["groups"]
    stated = toml.walk.group_walkers or {}
    for group in stated:
        if group in tuple(groups):
            continue
        row, column = toml.line("walk", "group_walkers"), "walk.group_walkers"
        otherwise = "name it in [blocks] groups, or take it out"
        cure = did_you_mean(group, groups, otherwise=otherwise)
        fact = "is not a group of this study"
        book.fault(toml.text.label, fact, cure, row=row, column=column, value=group)

    return {group: stated.get(group, preset.get(group, "adult")) for group in groups}


def _preset(book: FaultBook) -> TomlText:
    """Return the file of walkers that ships with the package."""
    text = files("walkshed.inputs.study").joinpath("walkers.toml").read_text(encoding="utf-8")
    toml = parse_toml(text, "walkers", book)
    assert toml is not None
    return toml


def _rows(toml: TomlText, book: FaultBook) -> tuple[Walker, ...]:
    """Return the walkers of a file; every fault of it is in ``book``."""
    for name in toml.data:
        if name not in {"walkers", "groups"}:
            fact, line = "is not a table of walkers", toml.line(name)
            book.fault(toml.label, fact, "write [[walkers]]", row=line, value=name)
    raw = toml.data.get("walkers")
    if not isinstance(raw, list) or not raw:
        book.fault(toml.label, "holds no [[walkers]]", "add [[walkers]] with id and speed_m_s")
        return ()

    walkers: dict[str, Walker] = {}
    for number, entry in enumerate(raw):
        row = read_section(WalkerRow, entry, ("walkers", number), toml, book)
        if row is None:
            continue
        if row.id in walkers:
            fact, line = "is the id of two walkers", toml.line("walkers", number, "id")
            book.fault(toml.label, fact, "keep one of them", row=line, value=row.id)
        for figure in row.sources:
            if figure not in FIGURES:
                fact, line = "is not a figure of a walker", toml.line("walkers", number)
                cure = did_you_mean(figure, FIGURES)
                book.fault(toml.label, fact, cure, row=line, value=figure)
        walkers[row.id] = _walker(row)
    return tuple(walkers.values())


def _walker(row: WalkerRow) -> Walker:
    """Return a walker; a figure without a source is unverified."""
    given = [figure for figure in FIGURES if getattr(row, figure) is not None]
    return Walker(
        id=row.id,
        zh=row.zh or row.en or row.id,
        en=row.en or row.zh or row.id,
        speed_m_s=row.speed_m_s,
        step_s=row.step_s,
        flight_s=row.flight_s,
        flights_max=row.flights_max,
        elevator_wait_s=row.elevator_wait_s,
        sources={figure: row.sources.get(figure, "unverified") for figure in given},
    )
