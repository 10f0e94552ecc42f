"""The scenario file: changes to a study, in TOML, as the page's what-if saves them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from shapely import Point

from walkshed.inputs.faults import FaultBook, did_you_mean
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.scenario.rows import (
    TABLES,
    AddRow,
    CloseRow,
    GateRow,
    MoveRow,
    OffersRow,
    PremisesRow,
    ScenarioSection,
)
from walkshed.inputs.scenario.scenario_file import Key, ScenarioFile
from walkshed.inputs.study.toml_text import parse_toml, read_section, refuse_newer
from walkshed.model.formats import SCENARIO_FORMAT
from walkshed.model.messages import Listing, Message
from walkshed.model.paths import STREAM, is_stream
from walkshed.model.results import StudyInputs
from walkshed.model.town.places import Gate, Station, Tier
from walkshed.model.town.scenario import Premises, Scenario


def read_scenario(path: Path, inputs: StudyInputs) -> Scenario:
    """Return the scenario in a file, checked against its study.

    Raises ``InputFaultsError`` with every fault of the file: the line, the key, the value and the
    cure.
    """
    path = Path(path)
    book = FaultBook()
    folder = StudyFolder(path.parent, book)

    # the text, and TOML of it
    text = None
    if path.is_file():
        text = folder.read_text(path, folder.label(path))
    else:
        fact = STREAM if is_stream(path) else "there is no such file"
        book.fault(str(path), fact, "name a scenario, as the map's what-if saves it")
    toml = None if text is None else parse_toml(text, folder.label(path), book)
    if toml is None:
        book.raise_if_any()
        raise AssertionError(path)  # no text without a fault
    refuse_newer(toml, "scenario", SCENARIO_FORMAT, book)

    scenario = _read(ScenarioFile(toml, inputs, book), next(iter(folder.digests.values())))
    book.raise_if_any()
    assert scenario is not None  # else there was a fault
    return scenario


def _read(file: ScenarioFile, digest: str) -> Scenario | None:
    """Return the scenario of a file; None, and a fault, for one without a usable ``[scenario]``."""
    head = _head(file)
    closed = _closed(file)
    services_added, services_removed = _offers(file, closed)
    added = _added(file)
    moved = _moved(file, closed)
    premises = _premises(file, closed)
    gates = _gates(file)
    if head is None:
        return None

    scenario = Scenario(
        name=head.name,
        note=head.note,
        file=file.toml.label,
        digest=digest,
        added=added,
        moved=moved,
        closed=frozenset(closed),
        services_added=services_added,
        services_removed=services_removed,
        premises=premises,
        gates=gates,
    )
    if not scenario.changes and not file.book.faults:
        cure = Message("add one of {names}", names=Listing(f"[[{name}]]" for name in TABLES))
        file.book.fault(file.toml.label, "changes nothing", cure)
    return scenario


def _head(file: ScenarioFile) -> ScenarioSection | None:
    """Return the section ``[scenario]``; None, and a fault, without one. Unknown tables are faults."""
    toml, book = file.toml, file.book
    known = [*TABLES, "scenario"]
    for name in toml.data:
        if name not in known:
            file.fault((name,), "is not a table of a scenario", did_you_mean(name, known), name)

    if "scenario" not in toml.data:
        book.fault(toml.label, "has no [scenario]", 'write [scenario] and name = "…" on top')
        return None
    return read_section(ScenarioSection, toml.data["scenario"], ("scenario",), toml, book)


def _added(file: ScenarioFile) -> tuple[Station, ...]:
    """Return the new stations; one without an id gets one that is free."""
    rows = file.rows("add", AddRow)
    stated = {row.id for _, row in rows if row.id}
    taken = set(file.stations)
    stations = []
    for number, row in rows:
        at = ("add", number)
        key = row.id or _free_id(taken | stated)
        if key in taken:
            fact, cure = "is the id of another station", "choose another, or leave id out"
            file.fault((*at, "id"), fact, cure, key)
        taken.add(key)

        stations.append(
            Station(
                id=key,
                name=row.name,
                tier=Tier(row.tier),
                parent=None,
                services=file.service_ids(row.services, (*at, "services")),
                geometry=file.place(row.lon, row.lat, at),
                illustrative=file.inputs.settings.illustrative,
                details={},
                floor=row.floor,
                elevator=row.elevator,
                step_free=row.step_free,
                hours=file.hours(row.hours, at),
            )
        )
    return tuple(stations)


def _free_id(taken: set[str]) -> str:
    """Return the first of new-1, new-2 … that is not taken."""
    ids = (f"new-{number}" for number in range(1, len(taken) + 2))
    return next(key for key in ids if key not in taken)


def _closed(file: ScenarioFile) -> list[str]:
    """Return the stations that are closed, each once."""
    found: list[str] = []
    for number, row in file.rows("close", CloseRow):
        at = ("close", number, "station")
        key = file.station(row.station, at)
        if key in found:
            file.fault(at, "is closed twice", "remove one", row.station)
        elif key is not None:
            found.append(key)
    return found


def _once(
    file: ScenarioFile,
    word: str,
    at: Key,
    seen: Mapping[str, object],
    closed: list[str],
) -> str | None:
    """Return the station of a row; a second row for it, or one for a closed station, is a fault."""
    key = file.station(word, at)
    if key in seen:
        file.fault(at, Message("has two [[{table}]]", table=at[0]), "make one of them", word)
    if key in closed:
        cure = Message("take it out of [[close]] or of [[{table}]]", table=at[0])
        file.fault(at, "is closed by this scenario", cure, word)
    return key


def _moved(file: ScenarioFile, closed: list[str]) -> Mapping[str, Point]:
    """Return where stations are moved to."""
    found: dict[str, Point] = {}
    for number, row in file.rows("move", MoveRow):
        key = _once(file, row.station, ("move", number, "station"), found, closed)
        place = file.place(row.lon, row.lat, ("move", number))
        if key is not None:
            found[key] = place
    return MappingProxyType(found)


def _offers(
    file: ScenarioFile, closed: list[str]
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Return the services that stations begin to offer, and those that they cease to."""
    added: dict[str, tuple[str, ...]] = {}
    removed: dict[str, tuple[str, ...]] = {}
    for number, row in file.rows("offers", OffersRow):
        at = ("offers", number)
        key = _once(file, row.station, (*at, "station"), added, closed)
        more = file.service_ids(row.add, (*at, "add"))
        fewer = file.service_ids(row.remove, (*at, "remove"))
        if not row.add and not row.remove:
            cure = 'write add = ["…"] or remove = ["…"]'
            file.fault(at, "adds and removes nothing", cure, row.station)
        if key is None:
            continue

        # only what is not there can be added, only what is there removed
        standing = {*file.stations[key].services}
        standing |= {offer.service for offer in file.inputs.offers if offer.station == key}
        for service in more:
            if service in standing:
                file.fault(
                    (*at, "add"),
                    Message("is offered at {station} already", station=key),
                    "take it out",
                    service,
                )
        for service in fewer:
            if service not in standing:
                file.fault(
                    (*at, "remove"),
                    Message("is not offered at {station}", station=key),
                    "take it out",
                    service,
                )
        added[key], removed[key] = more, fewer
    return MappingProxyType(added), MappingProxyType(removed)


def _premises(file: ScenarioFile, closed: list[str]) -> Mapping[str, Premises]:
    """Return what stations become: their floors, elevators, entrances, hours."""
    found: dict[str, Premises] = {}
    for number, row in file.rows("premises", PremisesRow):
        key = _once(file, row.station, ("premises", number, "station"), found, closed)
        hours = None if row.hours is None else file.hours(row.hours, ("premises", number))
        if key is not None:
            found[key] = Premises(row.floor, row.elevator, row.step_free, hours)
    return MappingProxyType(found)


def _gates(file: ScenarioFile) -> tuple[Gate, ...]:
    """Return the opened gates; blocks that are made from the map are known only when it is read."""
    blocks = file.inputs.blocks
    ids = [block.id for block in blocks or ()]
    by_name: dict[str, list[str]] = {}
    for block in blocks or ():
        by_name.setdefault(block.name, []).append(block.id)

    found = []
    for number, row in file.rows("open_gate", GateRow):
        at = ("open_gate", number)
        file.place(row.lon, row.lat, at)

        # the block that is meant by an id, or by a name that only one has
        named = by_name.get(row.block, [])
        if blocks is None or row.block in ids:
            found.append(Gate(row.block, row.lon, row.lat))
        elif len(named) == 1:
            found.append(Gate(named[0], row.lon, row.lat))
        elif named:
            file.fault((*at, "block"), "is the name of several blocks", "write the id", row.block)
        else:
            cure = did_you_mean(row.block, [*ids, *by_name])
            file.fault((*at, "block"), "is not a block of the study", cure, row.block)
    return tuple(found)
