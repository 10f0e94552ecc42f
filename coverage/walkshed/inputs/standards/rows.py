"""Rows of a standard: within what distance a kind of block needs a service, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

from walkshed.inputs.faults import FaultBook, did_you_mean, words
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.rows.stations import service_words
from walkshed.inputs.standards.items import compare_items
from walkshed.inputs.standards.sections import CommunitySection, NeedRow
from walkshed.inputs.study.settings import StudyToml
from walkshed.inputs.study.toml_text import (
    TomlText,
    parse_toml,
    read_section,
    read_toml_file,
)
from walkshed.inputs.tables.meaning.units import length_m
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import Basis, CommunityRule, Kind, Need, Service


@dataclass(frozen=True, slots=True)
class Standard:
    """The rows of a standard, and its rule for whole communities if it has one."""

    needs: tuple[Need, ...] = ()
    community: CommunityRule | None = None


def presets() -> dict[str, Traversable]:
    """Return the standards that ship, by name: the files of the folder ``presets``."""
    folder = files("walkshed.inputs.standards").joinpath("presets")
    found = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return dict(sorted((file.name.removesuffix(".toml"), file) for file in found))


def read_standard(
    toml: StudyToml, services: Sequence[Service], kinds: Iterable[str], folder: StudyFolder
) -> Standard:
    """Return the study's standard, rows in their order; every fault of them is in the folder's book.

    ``kinds`` are the words that the blocks use beside the kinds that are always known.
    """
    book = folder.book
    parsed = _parsed(toml, folder)
    if parsed is None:
        return Standard()

    # services are compared with rows only where each row is what its writer meant
    before = len(book.faults)
    needs = _rows(parsed, services, kinds, book)
    if len(book.faults) == before:
        compare_items(parsed.label, needs, services, book)
    return Standard(needs, _community(parsed, book))


def _parsed(toml: StudyToml, folder: StudyFolder) -> TomlText | None:
    """Return the file of the standard, the study's own or one that ships; None without one that can be read."""
    section, book = toml.needs, folder.book
    if section.file is not None:
        row = toml.line("needs", "file")
        return read_toml_file(section.file, folder, asked_by="needs.file", row=row)
    if section.preset is None:
        return None

    known = presets()
    if section.preset in known:
        text = known[section.preset].read_text(encoding="utf-8")
        return parse_toml(text, section.preset, book)
    row, column = toml.line("needs", "preset"), "needs.preset"
    cure = did_you_mean(
        section.preset, known, otherwise=Message("write one of {known}", known=Listing(known))
    )
    label = toml.text.label
    book.fault(label, "is not a preset", cure, row=row, column=column, value=section.preset)
    return None


def _community(toml: TomlText, book: FaultBook) -> CommunityRule | None:
    """Return the rule for whole communities; None without one."""
    if "community" not in toml.data:
        return None
    row = read_section(CommunitySection, toml.data["community"], ("community",), toml, book)
    if row is None:
        return None
    return CommunityRule(
        row.area_m2_per_100_households,
        row.clause,
        row.source_zh,
        row.source_en,
        row.verified,
        f"{toml.label}, community",
        row.unverified_zh or row.unverified_en or "",
        row.unverified_en or row.unverified_zh or "",
        _basis(row.basis, ("community", "basis"), toml, book),
    )


def _rows(
    toml: TomlText, services: Sequence[Service], kinds: Iterable[str], book: FaultBook
) -> tuple[Need, ...]:
    """Return the rows of a standard; every fault of them is in ``book``."""
    for name in toml.data:
        if name not in {"needs", "community"}:
            fact, cure = "is not a table of a standard", "write each row as [[needs]]"
            book.fault(toml.label, fact, cure, row=toml.line(name), value=name)
    raw = toml.data.get("needs")
    if not isinstance(raw, list) or not raw:
        cure = "add [[needs]] with kind, service, limit, source"
        book.fault(toml.label, "holds no [[needs]]", cure)
        return ()

    # one row for a kind of block and a service, or an item
    known = _Known(sorted({"*", *Kind, *kinds}), {**service_words(services), "*": "*"})
    needs: dict[tuple[str, str, str | None], Need] = {}
    for number, entry in enumerate(raw):
        need = _need(entry, number, known, toml, book)
        if need is None:
            continue
        key = (need.kind, need.service, need.standard_item)
        if key in needs:
            fact = Message(
                "has two rows for kind '{kind}' and {key} '{name}'",
                kind=need.kind,
                key="service" if need.service else "standard_item",
                name=need.service or need.standard_item,
            )
            row = toml.line("needs", number)
            book.fault(toml.label, fact, "keep one of them", row=row)
        needs[key] = need
    return tuple(needs.values())


@dataclass(frozen=True, slots=True)
class _Known:
    """The words that rows may use: kinds of blocks, and services by what they are called."""

    kinds: Sequence[str]
    services: Mapping[str, str]

    @property
    def has_services(self) -> bool:
        """Whether the study has services at all; without any that is told once."""
        return set(self.services) != {"*"}


def _need(
    entry: object, number: int, known: _Known, toml: TomlText, book: FaultBook
) -> Need | None:
    """Return one row of a standard; None, and faults, for one that cannot be used."""
    path = ("needs", number)
    row = read_section(NeedRow, entry, path, toml, book)
    if row is None:
        return None

    kind = words("kind").get(row.kind.lower(), row.kind)
    if kind not in known.kinds:
        fact, cure = "is not a kind of block here", did_you_mean(row.kind, known.kinds)
        line = toml.line(*path, "kind")
        book.fault(toml.label, fact, cure, row=line, column="needs.kind", value=row.kind)
    if row.walk_m is not None and row.unit != "min":
        fact, cure = "is stated beside a limit in meters", 'write unit = "min", or leave it out'
        line = toml.line(*path, "walk_m")
        book.fault(toml.label, fact, cure, row=line, column="needs.walk_m", value=row.walk_m)
    basis = _basis(row.basis, (*path, "basis"), toml, book)
    service = _service(row, number, known, toml, book)
    source = row.source or row.source_zh or row.source_en
    if source is None:
        fact = Message("[[needs]] {number} has no source", number=number + 1)
        cure = 'add source = "…", or source_zh and source_en: who says so, and where'
        book.fault(toml.label, fact, cure, row=toml.line(*path))
    if service is None or source is None:
        return None

    limit, unit = _limit(row)
    return Need(
        kind=kind,
        service=service,
        standard_item=row.standard_item,
        limit=limit,
        unit=unit,
        metric=row.metric,
        clause=row.clause,
        source=source,
        verified=row.verified,
        rule=f"{toml.label}, row {number + 1}",
        places_per_1000=row.places_per_1000,
        min_area_m2=row.min_area_m2,
        weight=row.weight,
        source_zh=row.source_zh or row.source or source,
        source_en=row.source_en or row.source or source,
        unverified_zh=row.unverified_zh or row.unverified_en or "",
        unverified_en=row.unverified_en or row.unverified_zh or "",
        basis=basis,
        minutes=None if row.walk_m is None else row.limit,
    )


def _limit(row: NeedRow) -> tuple[float, Literal["m", "min"]]:
    """Return the limit of a row in meters, or in minutes without a walk that stands for them."""
    if row.walk_m is not None:
        return row.walk_m, "m"
    if row.unit == "min":
        return row.limit, "min"
    return round(row.limit * (length_m(row.unit) or 1.0), 3), "m"


def _basis(
    text: str | None, path: tuple[str | int, ...], toml: TomlText, book: FaultBook
) -> Basis | None:
    """Return what kind of text a rule stands on; None where nobody says and, with a fault, for another word."""
    if text is None:
        return None
    known = words("basis")
    if text.lower() in known:
        return Basis(known[text.lower()])

    cure = did_you_mean(text, known, otherwise=f"write one of {', '.join(Basis)}")
    column = ".".join(str(part) for part in path if isinstance(part, str))
    line = toml.line(*path)
    book.fault(
        toml.label, "is not a valid basis of a rule", cure, row=line, column=column, value=text
    )
    return None


def _service(
    row: NeedRow, number: int, known: _Known, toml: TomlText, book: FaultBook
) -> str | None:
    """Return the service id, ``"*"``, or ``""`` for a row of a standard_item; None, and a fault, for none of these."""
    path = ("needs", number)
    if (row.service is None) == (row.standard_item is None):
        fact = "names both service and standard_item"
        if row.service is None:
            fact = "names neither a service nor a standard_item"
        book.fault(toml.label, fact, "name one of the two", row=toml.line(*path))
        return None
    if row.service is None:
        return ""

    service = known.services.get(row.service) or known.services.get(row.service.lower())
    if service is None and known.has_services:
        fact, cure = "is not a service of study.toml", did_you_mean(row.service, known.services)
        line = toml.line(*path, "service")
        book.fault(toml.label, fact, cure, row=line, column="needs.service", value=row.service)
    return service
