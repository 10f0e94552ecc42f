"""``[siting]`` of study.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

import shapely
from pydantic import Field
from shapely.geometry.base import BaseGeometry

from walkshed.inputs.faults import FaultBook, did_you_mean
from walkshed.inputs.study.toml_text import Section, TomlText, read_section
from walkshed.model.messages import Listing, Message
from walkshed.model.plans.goals import SitingGoal
from walkshed.model.plans.proposals import CandidateSource, InDoubt, SitingSettings
from walkshed.model.plans.siting import Outline, Room

if TYPE_CHECKING:
    from walkshed.inputs.study.settings import StudyToml

MADE_HERE: tuple[CandidateSource, ...] = ("auto", "streets")
SOURCES: tuple[CandidateSource, ...] = (*MADE_HERE, "rooms")
#: What the lists of the section hold.
_NO_SUCH = {
    "services": "is not a service of study.toml",
    "walkers": "is not a walker that this study judges",
}
Cost = Annotated[float, Field(ge=0, le=1e12)]
Word = Annotated[str, Field(min_length=1, max_length=200)]


class SitingSection(Section):
    """``[siting]``: ``candidates`` is ``auto``, ``streets`` or a table of rooms; ``rooms`` one for upgrades."""

    new: Annotated[int, Field(ge=1, le=200)] | None = None
    goal: SitingGoal = "coverage"
    candidates: Word = "auto"
    rooms: Word | None = None
    crs: str | None = None
    columns: dict[str, str] = {}  # noqa: RUF012 (of rooms: the planner's headers)
    not_in: Word | None = None
    only_in: Word | None = None
    spacing_m: Annotated[float, Field(ge=10, le=2000)] | None = None
    apart_m: Annotated[float, Field(ge=0, le=20_000)] = 0.0
    services: list[Word] = []  # noqa: RUF012 (pydantic copies defaults)
    services_per_site: Annotated[int, Field(ge=1, le=100)] | None = None
    service_m2: Annotated[float, Field(gt=0, le=10_000)] = 30.0
    add_services: Annotated[int, Field(ge=0, le=100)] = 0
    station_cost: Cost = 0.0
    service_cost: Cost = 0.0
    station_capacity: Annotated[float, Field(ge=0, le=1e6)] | None = None
    elevator_cost: Cost | None = None
    merge_cost: Cost | None = None
    budget: Cost | None = None
    walkers: list[Word] = []  # noqa: RUF012
    no_losers: bool = True
    single_source: bool = False
    doubt: InDoubt = "apart"


@dataclass(frozen=True, slots=True)
class SitingTables:
    """What the tables hold that the section names."""

    rooms: Sequence[Room]
    not_in: Sequence[Outline]
    only_in: Sequence[Outline]


def rooms_file(section: SitingSection) -> str | None:
    """Return the file of the table of rooms that ``candidates`` or ``rooms`` names; None without one."""
    if section.candidates in MADE_HERE:
        return section.rooms
    return None if _is_no_file(section.candidates) else section.candidates


def _is_no_file(candidates: str) -> bool:
    """Return whether ``candidates`` is a word that names neither a source nor, without an ending, a table."""
    return candidates not in MADE_HERE and not PurePath(candidates).suffix


def siting_settings(
    toml: StudyToml, placed: SitingTables, walkers: Sequence[str], book: FaultBook
) -> SitingSettings:
    """Return what the section says; services and walkers that the study does not have are faults.

    ``walkers`` are those that the study judges.
    """
    section = toml.siting
    services = [service.id for service in toml.services]
    _check_words("services", section.services, services, toml, book)
    _check_words("walkers", section.walkers, walkers, toml, book)
    _check_rooms(toml, book)

    source: CandidateSource = "rooms"
    if section.candidates in MADE_HERE:
        source = "streets" if section.candidates == "streets" else "auto"
    return SitingSettings(
        new=section.new,
        goal=section.goal,
        candidates=source,
        rooms=tuple(placed.rooms),
        spacing_m=section.spacing_m,
        apart_m=section.apart_m,
        services=tuple(dict.fromkeys(section.services)),
        services_per_site=section.services_per_site,
        service_m2=section.service_m2,
        add_services=section.add_services,
        station_cost=section.station_cost,
        service_cost=section.service_cost,
        station_capacity=section.station_capacity,
        elevator_cost=section.elevator_cost,
        merge_cost=section.merge_cost,
        budget=section.budget,
        walkers=tuple(dict.fromkeys(section.walkers)),
        no_losers=section.no_losers,
        single_source=section.single_source,
        doubt=section.doubt,
        not_in=_together(placed.not_in),
        only_in=_together(placed.only_in),
    )


def wished(siting: SitingSettings, wishes: Mapping[str, object]) -> SitingSettings:
    """Return what the study wishes, with the ``wishes`` of a caller in its place, by key of ``[siting]``.

    They are checked as the section is. Raises ``InputFaultsError`` with a fault for each that is no
    wish, or whose value cannot be used.
    """
    values: dict[str, Any] = {key: _plain(value) for key, value in wishes.items()}

    # None takes a wish back, 0 new stations are judged by what else is wished, rooms come as values
    stated = {key: value for key, value in values.items() if value is not None}
    if stated.get("new") == 0:
        stated.pop("new")
    rooms = stated.pop("rooms", ())
    outlines = {key: stated.pop(key) for key in ("not_in", "only_in") if key in stated}
    written = {
        key: list(value) if isinstance(value, tuple) else value for key, value in stated.items()
    }

    book = FaultBook()
    label = Message("what is asked of the siting")
    toml = TomlText(label, {}, {})
    read_section(SitingSection, written, ("siting",), toml, book)
    source = stated.get("candidates", siting.candidates)
    if isinstance(source, str) and source not in SOURCES:
        cure = did_you_mean(source, SOURCES)
        fact, column = "is no source of candidates", "siting.candidates"
        book.fault(label, fact, cure, column=column, value=source)
    if not isinstance(rooms, tuple) or not all(isinstance(room, Room) for room in rooms):
        fact, cure = "are no rooms", Message("give a tuple of Room")
        book.fault(label, fact, cure, column="siting.rooms", value=rooms)
    for key, outline in outlines.items():
        if not isinstance(outline, BaseGeometry):
            fact, cure = "is no outline", Message("give a polygon of shapely, in WGS84 degrees")
            book.fault(label, fact, cure, column=f"siting.{key}", value=outline)
    book.raise_if_any()

    lists: dict[str, Any] = {
        key: tuple(value) for key, value in values.items() if isinstance(value, list)
    }
    return replace(siting, **(values | lists))


def _plain(value: object) -> object:
    """Return a number of numpy as Python's own; anything else as it is."""
    item = getattr(value, "item", None)
    return item() if callable(item) and getattr(value, "ndim", 1) == 0 else value


def _together(outlines: Sequence[Outline]) -> BaseGeometry | None:
    """Return outlines as one; None where there are none."""
    return shapely.union_all([outline.geometry for outline in outlines]) if outlines else None


def _check_words(
    key: str, given: Sequence[str], known: Sequence[str], toml: StudyToml, book: FaultBook
) -> None:
    """Write down services or walkers that the study does not have; nothing where it has none at all."""
    if not known:
        return
    for word in given:
        if word in known:
            continue
        cure = did_you_mean(
            word, known, otherwise=Message("write some of {known}", known=Listing(known))
        )
        row, column = toml.line("siting", key), f"siting.{key}"
        book.fault(
            toml.text.label,
            _NO_SUCH[key],
            cure,
            row=row,
            column=column,
            value=word,
        )


def _check_rooms(toml: StudyToml, book: FaultBook) -> None:
    """Write down what stands beside ``candidates`` where these are a table of rooms."""
    section = toml.siting
    if section.candidates in MADE_HERE:
        return
    if _is_no_file(section.candidates):
        names = Message(
            "write one of {known}, or the file of a table of rooms, such as rooms.csv",
            known=Listing(MADE_HERE),
        )
        cure = did_you_mean(section.candidates, MADE_HERE, otherwise=names)
        row, column = toml.line("siting", "candidates"), "siting.candidates"
        fact, value = "is no source of candidates", section.candidates
        book.fault(toml.text.label, fact, cure, row=row, column=column, value=value)

    if section.rooms is not None:
        fact, cure = "stands beside another table of rooms", "keep one of the two"
        row, column = toml.line("siting", "rooms"), "siting.rooms"
        book.fault(toml.text.label, fact, cure, row=row, column=column, value=section.rooms)

    if section.spacing_m is not None:
        fact = "stands beside a table of rooms"
        cure = 'take spacing_m out, or write candidates = "streets"'
        row, column = toml.line("siting", "spacing_m"), "siting.spacing_m"
        book.fault(toml.text.label, fact, cure, row=row, column=column, value=section.spacing_m)
