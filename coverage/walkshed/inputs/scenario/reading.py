"""The scenario file: changes to a study, in TOML, as the page's what-if saves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from shapely import Point

from walkshed.inputs.faults import FaultBook, did_you_mean
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.rows.stations import service_words
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
from walkshed.inputs.study.toml_text import (
    Section,
    TomlText,
    parse_toml,
    read_section,
    refuse_newer,
)
from walkshed.model.formats import SCENARIO_FORMAT
from walkshed.model.paths import STREAM, is_stream
from walkshed.model.results import StudyInputs
from walkshed.model.town.places import Gate, Station, Tier
from walkshed.model.town.scenario import Premises, Scenario

#: A place farther than this from every station of the study, in degrees, is taken for a slip.
FAR_DEGREES = 1.0
RowT = TypeVar("RowT", bound=Section)
_Rows = list[tuple[int, RowT]]


class _Reader:
    """One scenario being read: what the file says against what the study knows."""

    def __init__(self, toml: TomlText, inputs: StudyInputs, book: FaultBook) -> None:
        self.toml, self.inputs, self.book = toml, inputs, book
        self.stations = {station.id: station for station in inputs.stations}
        self.services = service_words(inputs.services)

    def rows(self, table: str, model: type[RowT]) -> _Rows[RowT]:
        """Return the rows of a table with their numbers; faulty ones are left out and told."""
        raw = self.toml.data.get(table, [])
        if not isinstance(raw, list):
            self.book.fault(
                self.toml.label,
                f"has [{table}] once only",
                f"write it as [[{table}]]",
                row=self.toml.line(table),
            )
            return []
        found = [
            (number, read_section(model, entry, (table, number), self.toml, self.book))
            for number, entry in enumerate(raw)
        ]
        return [(number, row) for number, row in found if row is not None]

    def fault(self, at: tuple[str | int, ...], fact: str, cure: str, value: object = None) -> None:
        """Write down a fault at a key."""
        column = f"{at[0]}.{at[2]}" if len(at) > 2 else None
        self.book.fault(
            self.toml.label, fact, cure, row=self.toml.line(*at), column=column, value=value
        )

    def station(self, word: str, at: tuple[str | int, ...]) -> str | None:
        """Return the id of the station meant by an id or a name that only one has."""
        named = [station.id for station in self.stations.values() if station.name == word]
        if word in self.stations:
            return word
        if len(named) == 1:
            return named[0]
        if named:
            self.fault(at, "is the name of several stations", "write the id", word)
        else:
            known = [*self.stations, *(station.name for station in self.stations.values())]
            self.fault(at, "is no station of the study", did_you_mean(word, known), word)
        return None

    def service_ids(self, wanted: Sequence[str], at: tuple[str | int, ...]) -> tuple[str, ...]:
        """Return the services meant, each once."""
        found = []
        for word in wanted:
            key = self.services.get(word) or self.services.get(word.lower())
            if key is None:
                self.fault(
                    at, "is no service of study.toml", did_you_mean(word, self.services), word
                )
            else:
                found.append(key)
        return tuple(dict.fromkeys(found))

    def place(self, lon: float, lat: float, at: tuple[str | int, ...]) -> Point:
        """Return the place; one that is far from all stations of the study is a fault."""
        points = [station.geometry.representative_point() for station in self.stations.values()]

        def near(x: float, y: float) -> bool:
            return not points or any(
                abs(p.x - x) <= FAR_DEGREES and abs(p.y - y) <= FAR_DEGREES for p in points
            )

        if not near(lon, lat):
            swapped = near(lat, lon)
            cure = "exchange lon and lat" if swapped else "write WGS84 degrees: lon east, lat north"
            self.fault(
                (*at, "lon"),
                "lies far from every station of the study",
                cure,
                f"{lon:.10g}, {lat:.10g}",
            )
        return Point(lon, lat)

    def hours(self, text: str | None, at: tuple[str | int, ...]) -> None:
        """Check opening hours."""
        if text:
            from opening_hours import OpeningHours

            try:
                OpeningHours(text)
            except Exception:  # noqa: BLE001 (the library's own error type is private)
                cure = "write them as OpenStreetMap does: Mo-Fr 08:30-12:00,14:00-17:30"
                self.fault((*at, "hours"), "are no opening hours", cure, text)


def read_scenario(path: Path, inputs: StudyInputs) -> Scenario:
    """Return the scenario in a file, checked against its study.

    Raises ``InputFaultsError`` with every fault of the file: the line, the key, the value and the
    cure.
    """
    path = Path(path)
    book = FaultBook()
    folder = StudyFolder(path.parent, book)
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
    scenario = _read(_Reader(toml, inputs, book), next(iter(folder.digests.values())))
    book.raise_if_any()
    assert scenario is not None  # else there was a fault
    return scenario


def _read(reader: _Reader, digest: str) -> Scenario | None:
    toml = reader.toml
    for name in toml.data:
        if name not in {*TABLES, "scenario"}:
            cure = did_you_mean(name, [*TABLES, "scenario"])
            reader.fault((name,), "is no table of a scenario", cure, name)
    if "scenario" not in toml.data:
        reader.book.fault(toml.label, "has no [scenario]", 'write [scenario] and name = "…" on top')
        head = None
    else:
        head = read_section(
            ScenarioSection, toml.data["scenario"], ("scenario",), toml, reader.book
        )
    closed = _closed(reader)
    added, removed = _offers(reader, closed)
    scenario = Scenario(
        name=head.name if head else "",
        note=head.note if head else "",
        file=toml.label,
        digest=digest,
        added=_added(reader),
        moved=_moved(reader, closed),
        closed=frozenset(closed),
        services_added=added,
        services_removed=removed,
        premises=_premises(reader, closed),
        gates=_gates(reader),
    )
    if head and not scenario.changes and not reader.book.faults:
        cure = f"add one of {', '.join(f'[[{name}]]' for name in TABLES)}"
        reader.book.fault(toml.label, "changes nothing", cure)
    return scenario if head else None


def _added(reader: _Reader) -> tuple[Station, ...]:
    rows = reader.rows("add", AddRow)
    stated = {row.id for _, row in rows if row.id}
    taken = set(reader.stations)
    stations = []
    for number, row in rows:
        at = ("add", number)
        key = row.id or _free_id(taken | stated)
        if key in taken:
            reader.fault(
                (*at, "id"), "is the id of another station", "choose another, or leave id out", key
            )
        taken.add(key)
        reader.hours(row.hours, at)
        stations.append(
            Station(
                id=key,
                name=row.name,
                tier=Tier(row.tier),
                parent=None,
                services=reader.service_ids(row.services, (*at, "services")),
                geometry=reader.place(row.lon, row.lat, at),
                illustrative=reader.inputs.settings.illustrative,
                details={},
                floor=row.floor,
                elevator=row.elevator,
                step_free=row.step_free,
                hours=row.hours,
            )
        )
    return tuple(stations)


def _free_id(taken: set[str]) -> str:
    return next(
        key for key in (f"new-{number}" for number in range(1, len(taken) + 2)) if key not in taken
    )


def _closed(reader: _Reader) -> list[str]:
    found: list[str] = []
    for number, row in reader.rows("close", CloseRow):
        at = ("close", number, "station")
        key = reader.station(row.station, at)
        if key in found:
            reader.fault(at, "is closed twice", "remove one", row.station)
        elif key is not None:
            found.append(key)
    return found


def _once(
    reader: _Reader,
    word: str,
    at: tuple[str | int, ...],
    seen: Mapping[str, object],
    closed: list[str],
) -> str | None:
    """Return the station of a row; a second row for it, or one for a closed station, is a fault."""
    key = reader.station(word, at)
    if key in seen:
        reader.fault(at, f"has two [[{at[0]}]]", "make one of them", word)
    if key in closed:
        reader.fault(
            at, "is closed by this scenario", f"take it out of [[close]] or of [[{at[0]}]]", word
        )
    return key


def _moved(reader: _Reader, closed: list[str]) -> Mapping[str, Point]:
    found: dict[str, Point] = {}
    for number, row in reader.rows("move", MoveRow):
        key = _once(reader, row.station, ("move", number, "station"), found, closed)
        place = reader.place(row.lon, row.lat, ("move", number))
        if key is not None:
            found[key] = place
    return MappingProxyType(found)


def _offers(
    reader: _Reader, closed: list[str]
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    added: dict[str, tuple[str, ...]] = {}
    removed: dict[str, tuple[str, ...]] = {}
    for number, row in reader.rows("offers", OffersRow):
        at = ("offers", number)
        key = _once(reader, row.station, (*at, "station"), added, closed)
        more = reader.service_ids(row.add, (*at, "add"))
        fewer = reader.service_ids(row.remove, (*at, "remove"))
        if not row.add and not row.remove:
            reader.fault(
                at, "adds and removes nothing", 'write add = ["…"] or remove = ["…"]', row.station
            )
        if key is None:
            continue
        standing = {*reader.stations[key].services}
        standing |= {offer.service for offer in reader.inputs.offers if offer.station == key}
        for service in more:
            if service in standing:
                reader.fault((*at, "add"), f"is offered at {key} already", "take it out", service)
        for service in fewer:
            if service not in standing:
                reader.fault((*at, "remove"), f"is not offered at {key}", "take it out", service)
        added[key], removed[key] = more, fewer
    return MappingProxyType(added), MappingProxyType(removed)


def _premises(reader: _Reader, closed: list[str]) -> Mapping[str, Premises]:
    found: dict[str, Premises] = {}
    for number, row in reader.rows("premises", PremisesRow):
        key = _once(reader, row.station, ("premises", number, "station"), found, closed)
        reader.hours(row.hours, ("premises", number))
        if key is not None:
            found[key] = Premises(row.floor, row.elevator, row.step_free, row.hours)
    return MappingProxyType(found)


def _gates(reader: _Reader) -> tuple[Gate, ...]:
    """Return the opened gates; blocks that are made from the map are known only when it is read."""
    blocks = reader.inputs.blocks
    by_id = {block.id: block.id for block in blocks or ()}
    by_name: dict[str, list[str]] = {}
    for block in blocks or ():
        by_name.setdefault(block.name, []).append(block.id)
    found = []
    for number, row in reader.rows("open_gate", GateRow):
        at = ("open_gate", number)
        reader.place(row.lon, row.lat, at)
        named = by_name.get(row.block, [])
        key = by_id.get(row.block) or (named[0] if len(named) == 1 else None)
        if blocks is None:
            key = row.block
        elif key is None and named:
            reader.fault((*at, "block"), "is the name of several blocks", "write the id", row.block)
        elif key is None:
            cure = did_you_mean(row.block, [*by_id, *by_name])
            reader.fault((*at, "block"), "is no block of the study", cure, row.block)
        if key is not None:
            found.append(Gate(key, row.lon, row.lat))
    return tuple(found)
