"""A study's folder read into checked values: every fault of study.toml and of all tables is told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.inputs.faults import FaultBook, did_you_mean
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.ledgers.counts import with_people
from walkshed.inputs.ledgers.named import Names, names_of
from walkshed.inputs.ledgers.operations import with_shared_stations
from walkshed.inputs.ledgers.reading import Known, read_ledgers
from walkshed.inputs.ledgers.standing import Standing, as_kept
from walkshed.inputs.opened import open_study, study_file, table_of, with_columns, with_nowhere
from walkshed.inputs.places.geocoded import with_geocoded
from walkshed.inputs.places.ledger import is_ledger, with_grounds
from walkshed.inputs.places.systems import TableCrs
from walkshed.inputs.places.table_crs import crs_of
from walkshed.inputs.rows.areas import read_areas, read_outlines
from walkshed.inputs.rows.blocks import check_people, read_blocks
from walkshed.inputs.rows.gates import datum_by_blocks, read_gates
from walkshed.inputs.rows.offers import read_offers
from walkshed.inputs.rows.population import read_population
from walkshed.inputs.rows.premises import note_favorable
from walkshed.inputs.rows.rooms import read_rooms
from walkshed.inputs.rows.scopes import note_scopes, note_spellings
from walkshed.inputs.rows.stations import (
    check_services,
    known_service,
    read_stations,
    service_words,
)
from walkshed.inputs.rows.unplaced import note_idle, offers_of, standing_and_unplaced
from walkshed.inputs.rows.visitors import VISITOR, read_visitors
from walkshed.inputs.services import with_services
from walkshed.inputs.skills import Skills
from walkshed.inputs.standards.rows import read_standard
from walkshed.inputs.study.kinds import KindRules, read_kind_rules
from walkshed.inputs.study.report import annex_settings, report_template
from walkshed.inputs.study.settings import StudyToml, settings_of, streets_source
from walkshed.inputs.study.siting import SitingTables, siting_settings
from walkshed.inputs.study.specs import (
    AREAS,
    BLOCKS,
    GATES,
    NOT_IN,
    OFFERS,
    ONLY_IN,
    PEOPLE,
    PLACED,
    ROOMS,
    STATIONS,
    VISITORS,
    InputTable,
    block_groups,
    block_weights,
)
from walkshed.inputs.study.walkers import group_walkers, read_walkers
from walkshed.inputs.survey.applied import Tables, applied
from walkshed.inputs.survey.kept import read_kept
from walkshed.inputs.tables.cells import Identified, identify
from walkshed.inputs.tables.drawings.lines import look_at_lines
from walkshed.inputs.tables.neighborhood import (
    Box,
    Placed,
    check_neighborhood,
    extract_box,
    local_of,
)
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message
from walkshed.model.plans.siting import Outline, Room
from walkshed.model.results import StreetsSource, StudyInputs
from walkshed.model.town.places import Area, Block, Gate, Offer, Station
from walkshed.model.town.population import Population


def read_inputs(folder: Path, *, skills: Skills | None = None) -> StudyInputs:
    """Return the checked study in ``folder`` (or the study.toml itself).

    Stations are sorted by id, blocks and gates keep the order of their files; places are in WGS84
    degrees. ``skills`` are what other rooms do for the reading (shifted coordinates, the coordinate
    detective, the join of lists to the map). Raises ``InputFaultsError`` with every fault of
    study.toml and of all its tables.

    1. Read study.toml, section by section.
    2. Look at the streets: the file exists, and where it lies.
    3. Read stations, blocks, gates and needs, each as far as the faults before it allow.
    4. Compare their places with each other.
    """
    # study.toml, and the streets
    book = FaultBook()
    study, toml = open_study(Path(folder), book)
    study.skills = skills or Skills()
    streets = streets_source(toml, study)
    study.extract = None if streets is None else streets.extract
    toml = with_services(toml, study)
    box = _streets_box(streets, study)

    # the tables, and what refers to their rows
    readings = _readings(toml, study)
    stations, unplaced = standing_and_unplaced(_values(readings[STATIONS.kind], Station))
    known = Known(_named(readings, STATIONS), _named(readings, BLOCKS), toml.services)
    homes = readings[BLOCKS.kind]
    blocks = with_shared_stations(homes.found, homes.placed.table, known.stations, book)
    rooms = _values(readings[ROOMS.kind], Room)
    population = _population(toml, study)
    every_offer = _offers(toml, (*stations, *unplaced), known.stations, study)
    ledgers, areas = read_ledgers(toml, study, known), _values(readings[AREAS.kind], Area)
    blocks, ledgers = with_people(
        blocks,
        ledgers,
        header="" if homes.placed.table is None else homes.placed.table.headers.get("people", ""),
        wanted=toml.ledgers.people_basis or "",
        otherwise=bool(toml.people.points or toml.people.grid or toml.blocks.people_total),
        book=book,
    )
    stands = as_kept(Standing(stations, unplaced, every_offer, blocks, areas), ledgers, book)
    stations, blocks = stands.stations, stands.blocks
    # and what was found on the ground
    kept = read_kept(study, study_file(Path(folder)))
    gates = _values(readings[GATES.kind], Gate)
    found = Tables(stations, offers_of(stations, stands.offers), gates)
    found, surveyed = applied(found, kept, book)
    stations, offers = found.stations, found.offers

    walkers = read_walkers(toml, study)
    of_groups = group_walkers(toml, block_groups(toml), book)
    kinds = {block.kind for block in blocks} - {""}
    kinds |= {VISITOR} if toml.visitors.file else set()
    standard = read_standard(toml, toml.services, kinds, study)
    judged = (*toml.walk.walkers, *of_groups.values())
    placed = SitingTables(
        rooms,
        _values(readings[NOT_IN.kind], Outline),
        _values(readings[ONLY_IN.kind], Outline),
    )
    siting = siting_settings(toml, placed, judged, book)
    template = report_template(toml, study)
    annexes = annex_settings(toml, book)

    # what they say of each other
    first_to_last = (BLOCKS, STATIONS, GATES, ROOMS, VISITORS, AREAS, NOT_IN, ONLY_IN)
    places = [readings[spec.kind].placed for spec in first_to_last]
    check_neighborhood(places, box, book)
    note_favorable(stations, walkers, judged, book)
    note_scopes(stations, offers, blocks, stands.areas, book)
    note_spellings((*stations, *unplaced), blocks, stands.areas, book)
    note_idle(stations, unplaced, every_offer, book)

    sources = study.sources()
    book.raise_if_any()
    assert streets is not None  # else there was a fault
    country = local_of(study, places).row
    return StudyInputs(
        folder=study.path,
        settings=settings_of(toml, streets, block_groups(toml), of_groups, country=country),
        services=toml.services,
        stations=stations,
        blocks=None if toml.blocks.file is None else blocks,
        gates=gates,
        needs=standard.needs,
        community_rule=standard.community,
        file_digests=MappingProxyType(dict(sorted(study.digests.items()))),
        sources=sources,
        notes=tuple(book.notes),
        offers=offers,
        walkers=walkers,
        visitors=_values(readings[VISITORS.kind], Block),
        areas=stands.areas,
        country=country,
        population=population,
        siting=siting,
        datum_doubts=tuple(study.doubts),
        unplaced=stands.unplaced,
        ledgers=ledgers,
        report=tuple(dict.fromkeys(toml.report.write)),
        report_template=template,
        surveyed=surveyed,
        annexes=annexes,
        file=study_file(Path(folder)).name,
    )


T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """What came of one table: its values, each with its row, what its rows are called, and its coordinates."""

    placed: Placed
    found: Sequence[tuple[Row, Any]] = ()
    rows: Sequence[Identified] = ()
    crs: TableCrs | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """A table that is opened, with what reading its rows may ask: other tables, and how blocks are sorted."""

    toml: StudyToml
    study: StudyFolder
    table: Table
    rows: Sequence[Identified]
    crs: TableCrs | None
    before: Mapping[str, _Reading]
    rules: KindRules | None


def _named(readings: Mapping[str, _Reading], spec: InputTable) -> Names:
    """Return the names of the rows of a table, those with faults of their own, too."""
    pairs = ((key, name) for _, key, name in readings[spec.kind].rows)
    return names_of(spec.kind.removesuffix("s"), pairs)


def _values(reading: _Reading, kind: type[T]) -> tuple[T, ...]:
    """Return the values of a table, all of which are of one kind."""
    return tuple(value for _, value in reading.found if isinstance(value, kind))


def _streets_box(streets: StreetsSource | None, study: StudyFolder) -> Box | None:
    if streets is None:
        return None
    return extract_box(streets.path) if streets.form == "osm" else look_at_lines(streets, study)


def _readings(toml: StudyToml, study: StudyFolder) -> Mapping[str, _Reading]:
    """Return what came of every table whose rows have places, by kind; without a table, nothing."""
    rules = read_kind_rules(toml, study)
    readings: dict[str, _Reading] = {}
    for spec in PLACED:
        # the rows, with the places that geocoding has found
        table = table_of(toml, study, spec)
        if table is not None and spec.looked_up:
            table = _looked_up(spec, table, toml, study)

        # where they lie
        crs = _crs(spec, table, toml, study, readings)
        if table is None or not _has_outlines(spec, table, study.book):
            readings[spec.kind] = _Reading(Placed(None, ()))
            continue
        if not spec.drawn:
            crs = with_columns(table, crs, study.book)

        # what they say
        rows = identify(table, spec.prefix, study.book) if spec.prefix else ()
        opened = _Opened(toml, study, table, rows, crs, readings, rules)
        found = _READERS[spec.kind](opened)
        places = [(row, _place(value)) for row, value in found]
        placed = Placed(table, tuple(pair for pair in places if not pair[1].is_empty))
        readings[spec.kind] = _Reading(placed, found, rows, crs)
    return readings


def _looked_up(spec: InputTable, table: Table, toml: StudyToml, study: StudyFolder) -> Table:
    """Return the table with the places that geocoding, or a join to the map, has found for its rows."""
    path = study.path / (spec.file(toml) or "")
    joined = spec is BLOCKS and is_ledger(table, study)
    placed = with_geocoded(table, path, spec.kind, study, prefix=spec.prefix)
    if joined:
        return with_grounds(placed, path, study)
    if spec is STATIONS and toml.stations.unplaced == "leave_out":
        return with_nowhere(placed, study.book)
    return placed


def _crs(
    spec: InputTable,
    table: Table | None,
    toml: StudyToml,
    study: StudyFolder,
    before: Mapping[str, _Reading],
) -> TableCrs | None:
    """Return the coordinates of a table as its section states them; gates stand where their blocks do unless told."""
    if spec is not GATES:
        stated = getattr(toml, spec.section).crs
        line = toml.line(spec.section, "crs")
        return crs_of(stated, f"{spec.section}.crs", line, table, study)
    if table is None:
        return None
    section, blocks = toml.blocks, before[BLOCKS.kind].crs
    key, stated = "gates_crs", section.gates_crs
    if stated is None:
        key, stated = "crs", section.crs
    if stated == "auto" and key == "crs" and (blocks is None or not blocks.by_row):
        return blocks  # gates are few; they stand where the blocks do

    # a wrong crs of [blocks] is told once, with the blocks
    told = study if stated is None or key == "gates_crs" else replace(study, book=FaultBook())
    return _gates_crs(stated, key, table, before[BLOCKS.kind], told, line=toml.line("blocks", key))


def _gates_crs(
    stated: str | None,
    key: str,
    table: Table,
    blocks: _Reading,
    study: StudyFolder,
    *,
    line: int | None,
) -> TableCrs | None:
    """Return the coordinates of gates; where nothing tells them, those in which they lie by their blocks."""
    told = f"blocks.{key}" if stated is not None else "blocks.gates_crs"
    quiet = replace(study, book=FaultBook(), doubts=[])
    crs = crs_of(stated, told, line, table, quiet)
    by_blocks = datum_by_blocks(table, blocks.found, told, study) if quiet.doubts else None
    if by_blocks is None:
        study.book.faults += quiet.book.faults
        for note in quiet.book.notes:
            study.book.note(note)
        study.doubts += quiet.doubts
        return crs
    if by_blocks.crs.shift is not None:
        study.book.note(
            Message(
                "{table}: the coordinates are taken as {crs}: the gates lie {median_m:.0f} m from "
                "the edge of their blocks in the median",
                table=table.label,
                crs=by_blocks.crs.label,
                median_m=by_blocks.median_m,
            )
        )
    return by_blocks.crs


def _has_outlines(spec: InputTable, table: Table, book: FaultBook) -> bool:
    """Return whether a table that must be drawn is; a fault where it is not."""
    if table.drawn or not spec.drawn:
        return True
    cure = "give the outlines as GeoJSON, GeoPackage or Shapefile"
    book.fault(table.label, "draws no outlines", cure, row=table.header_row)
    return False


def _place(value: Any) -> BaseGeometry:  # noqa: ANN401 (a station, a block, a gate …)
    """Return where a value lies."""
    if isinstance(value, Gate | Room):
        return shapely.Point(value.lon, value.lat)
    place: BaseGeometry = value.geometry
    return place


def _stations(opened: _Opened) -> Sequence[tuple[Row, Station]]:
    toml, book = opened.toml, opened.study.book
    illustrative = toml.study.illustrative
    every = _offered_by_all(toml, book)
    # where no list of stations is complete, what they offer is still to be surveyed
    is_whole = any(service.complete for service in toml.services)
    is_asked = toml.offers.file is None and toml.stations.source == "given" and is_whole
    if is_asked and not toml.stations.services:
        check_services(opened.table, book)
    return read_stations(
        opened.table,
        opened.rows,
        opened.crs,
        toml.services,
        book,
        illustrative=illustrative,
        otherwise=every,
    )


def _offered_by_all(toml: StudyToml, book: FaultBook) -> tuple[str, ...]:
    """Return the services that [stations] states for rows that name none; a fault for each unknown one."""
    known = service_words(toml.services)
    stated = [(word, known_service(word, known)) for word in toml.stations.services]
    for word, key in stated:
        if key is None and toml.services:
            cure = did_you_mean(word, known, otherwise="add it as [[services]]")
            row = toml.line("stations", "services")
            fact, column = "is not a service of study.toml", "stations.services"
            book.fault(toml.text.label, fact, cure, row=row, column=column, value=word)
    return tuple(dict.fromkeys(key for _, key in stated if key is not None))


def _blocks(opened: _Opened) -> Sequence[tuple[Row, Block]]:
    toml = opened.toml
    others = toml.people.points or toml.people.grid or toml.blocks.people_total
    if not others and not toml.ledgers.file and not toml.ledgers.population:
        check_people(opened.table, BLOCKS.stated(toml), opened.study.book)
    return read_blocks(
        opened.table,
        opened.rows,
        opened.crs,
        block_groups(toml),
        opened.study.book,
        rules=opened.rules,
        weights=block_weights(toml),
        household_size=toml.blocks.household_size,
    )


def _gates(opened: _Opened) -> Sequence[tuple[Row, Gate]]:
    blocks = [(key, name) for _, key, name in opened.before[BLOCKS.kind].rows]
    return read_gates(opened.table, opened.crs, blocks or None, opened.study.book)


def _areas(opened: _Opened) -> Sequence[tuple[Row, Area]]:
    return read_areas(opened.table, opened.crs, opened.study.book)


def _outlines(opened: _Opened) -> Sequence[tuple[Row, Outline]]:
    return read_outlines(opened.table, opened.crs, opened.study.book)


def _visitors(opened: _Opened) -> Sequence[tuple[Row, Block]]:
    return read_visitors(opened.table, opened.rows, opened.crs, opened.study.book)


def _rooms(opened: _Opened) -> Sequence[tuple[Row, Room]]:
    priced = opened.toml.siting.budget is not None
    return read_rooms(opened.table, opened.rows, opened.crs, opened.study.book, priced=priced)


#: What the rows of each kind of table become.
_READERS: Mapping[str, Callable[[_Opened], Sequence[tuple[Row, Any]]]] = {
    "stations": _stations,
    "blocks": _blocks,
    "gates": _gates,
    "areas": _areas,
    "not_in": _outlines,
    "only_in": _outlines,
    "visitors": _visitors,
    "rooms": _rooms,
}


def _offers(
    toml: StudyToml, stations: Sequence[Station], named: Names, study: StudyFolder
) -> tuple[Offer, ...]:
    table = table_of(toml, study, OFFERS)
    if table is None:
        return ()

    # stations whose rows have faults are not unknown
    read = {word for station in stations for word in (station.id, station.name)}
    lost = {*named.ids, *named.by_name} - read
    return read_offers(table, stations, toml.services, study.book, lost=lost)


def _population(toml: StudyToml, study: StudyFolder) -> Population | None:
    form: Literal["points", "grid"] = "points" if toml.people.points is not None else "grid"
    name = PEOPLE.file(toml)
    if name is None:
        return None
    path = study.find(name, asked_by=f"people.{form}", row=toml.line("people", form))
    if path is None:
        return None
    crs, line = toml.people.crs, toml.line("people", "crs")
    return read_population(path, form, crs, line, study, stated=PEOPLE.stated(toml))
