"""Rows of a standard: within what distance a kind of block needs a service, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field

from walkshed.inputs.book import FaultBook, did_you_mean, words
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.settings import NameText, StudyToml
from walkshed.inputs.stations import service_words
from walkshed.inputs.toml_text import Section, TomlText, parse_toml, read_section
from walkshed.model.places import Kind, Need, Service

PRESETS = ("illustrative-500",)


class NeedRow(Section):
    """``[[needs]]``: one row of a standard."""

    kind: NameText = "*"
    service: NameText | None = None
    standard_item: NameText | None = None
    limit: Annotated[float, Field(gt=0, le=100_000)]
    unit: Literal["m", "min"] = "m"
    metric: Literal["network", "radius"] = "network"
    clause: Annotated[str, Field(min_length=1, max_length=1000)] = "—"
    source: Annotated[str, Field(min_length=1, max_length=1000)]
    verified: bool = False


def read_needs(
    toml: StudyToml, services: Sequence[Service], kinds: Iterable[str], folder: StudyFolder
) -> tuple[Need, ...]:
    """Return the rows of the study's standard in their order; every fault of them is in the folder's book.

    ``kinds`` are the words that the blocks use beside the kinds that are always known.
    """
    section, book = toml.needs, folder.book
    if section.file is not None:
        row = toml.line("needs", "file")
        path = folder.find(section.file, asked_by="needs.file", row=row)
        label = "" if path is None else folder.label(path)
        text = None if path is None else folder.read_text(path, label)
    elif section.preset is not None:
        if section.preset not in PRESETS:
            row = toml.line("needs", "preset")
            cure = did_you_mean(section.preset, PRESETS, otherwise=f"write one of {', '.join(PRESETS)}")
            column = "needs.preset"
            book.fault(toml.text.label, "is no preset", cure, row=row, column=column, value=section.preset)
            return ()
        label = section.preset
        text = files("walkshed.inputs").joinpath("presets", f"{label}.toml").read_text(encoding="utf-8")
    else:
        return ()
    parsed = None if text is None else parse_toml(text, label, book)
    return () if parsed is None else _rows(parsed, services, kinds, book)


def _rows(toml: TomlText, services: Sequence[Service], kinds: Iterable[str], book: FaultBook) -> tuple[Need, ...]:
    for name in toml.data:
        if name != "needs":
            line = toml.line(name)
            book.fault(toml.label, "is no table of a standard", "write each row as [[needs]]", row=line, value=name)
    raw = toml.data.get("needs")
    if not isinstance(raw, list) or not raw:
        book.fault(toml.label, "holds no [[needs]]", "add [[needs]] with kind, service, limit, source")
        return ()
    known_kinds = sorted({"*", *Kind, *kinds})
    known_services = {**service_words(services), "*": "*"}
    needs: dict[tuple[str, str, str | None], Need] = {}
    for number, entry in enumerate(raw):
        path = ("needs", number)
        row = read_section(NeedRow, entry, path, toml, book)
        if row is None:
            continue
        kind = words("kind").get(row.kind.lower(), row.kind)
        if kind not in known_kinds:
            cure = did_you_mean(row.kind, known_kinds)
            line = toml.line(*path, "kind")
            book.fault(toml.label, "is no kind of block here", cure, row=line, column="needs.kind", value=row.kind)
        service = _service(row, path, toml, known_services, services, book)
        if row.unit == "min":
            fact, cure = "is judged by a later version; this one judges meters", 'give the limit in meters: unit = "m"'
            book.fault(toml.label, fact, cure, row=toml.line(*path, "unit"), column="needs.unit", value=row.unit)
        if row.metric == "radius":
            fact, cure = "is judged by a later version; this one judges the walk", 'write metric = "network"'
            book.fault(toml.label, fact, cure, row=toml.line(*path, "metric"), column="needs.metric", value=row.metric)
        if service is None:
            continue
        key = (kind, service, row.standard_item)
        if key in needs:
            what = f"kind '{kind}' and {'service' if service else 'standard_item'} '{service or row.standard_item}'"
            book.fault(toml.label, f"has two rows for {what}", "keep one of them", row=toml.line(*path))
        needs[key] = Need(
            kind=kind,
            service=service,
            standard_item=row.standard_item,
            limit=row.limit,
            unit=row.unit,
            metric=row.metric,
            clause=row.clause,
            source=row.source,
            verified=row.verified,
            rule=f"{toml.label}, row {number + 1}",
        )
    return tuple(needs.values())


def _service(
    row: NeedRow,
    path: tuple[str | int, ...],
    toml: TomlText,
    known: dict[str, str],
    services: Sequence[Service],
    book: FaultBook,
) -> str | None:
    """Return the service id, ``"*"``, or ``""`` for a row of a standard_item; None, and a fault, for none of these."""
    if (row.service is None) == (row.standard_item is None):
        fact = (
            "names neither a service nor a standard_item"
            if row.service is None
            else "names both service and standard_item"
        )
        book.fault(toml.label, fact, "name one of the two", row=toml.line(*path))
        return None
    if row.service is None:
        return ""
    service = known.get(row.service) or known.get(row.service.lower())
    if service is None:
        if services:
            cure = did_you_mean(row.service, known)
            line = toml.line(*path, "service")
            fact = "is no service of study.toml"
            book.fault(toml.label, fact, cure, row=line, column="needs.service", value=row.service)
        return None
    return service
