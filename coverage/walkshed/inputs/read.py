"""A study's folder read into checked values: every fault of study.toml and of all tables is told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Generic, Literal, TypeVar

import shapely

from walkshed.inputs.areas import read_areas
from walkshed.inputs.blocks import read_blocks, read_gates
from walkshed.inputs.book import FaultBook
from walkshed.inputs.cells import identify
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.gate_datum import datum_by_blocks
from walkshed.inputs.geocoded import with_geocoded
from walkshed.inputs.kinds import read_kind_rules
from walkshed.inputs.ledger import is_ledger, with_grounds
from walkshed.inputs.lines import look_at_lines
from walkshed.inputs.needs import read_standard
from walkshed.inputs.neighborhood import Box, Placed, check_neighborhood, extract_box
from walkshed.inputs.offers import read_offers, with_offers
from walkshed.inputs.opened import open_study, table_of, with_columns, without_unplaced
from walkshed.inputs.population import read_population
from walkshed.inputs.scopes import note_scopes
from walkshed.inputs.settings import StudyToml, settings_of, streets_source
from walkshed.inputs.siting import read_rooms, rooms_file, siting_settings
from walkshed.inputs.skills import Skills
from walkshed.inputs.stations import read_stations
from walkshed.inputs.systems import TableCrs
from walkshed.inputs.table_crs import crs_of
from walkshed.inputs.tables import Row, Table, match_column
from walkshed.inputs.visitors import VISITOR, read_visitors
from walkshed.inputs.walkers import group_walkers, read_walkers
from walkshed.model.places import Area, Block, Gate, Offer, Station
from walkshed.model.population import Population
from walkshed.model.results import StreetsSource, StudyInputs
from walkshed.model.siting import Room


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
    book = FaultBook()
    study, toml = open_study(Path(folder), book)
    study.skills = skills or Skills()
    streets = streets_source(toml, study)
    study.extract = streets.path if streets is not None and streets.form == "osm" else None
    box = _streets_box(streets, study)
    stations = _stations(toml, study)
    blocks = _blocks(toml, study)
    gates = _gates(toml, blocks, study)
    population = _population(toml, study)
    offers = _offers(toml, [station for _, station in stations.found], study)
    areas = _areas(toml, study)
    visitors = _visitors(toml, study)
    walkers = read_walkers(toml, study)
    of_groups = group_walkers(toml, blocks.groups, book)
    kinds = {block.kind for _, block in blocks.found} - {""} | (
        {VISITOR} if toml.visitors.file else set()
    )
    standard = read_standard(toml, toml.services, kinds, study)
    rooms = _rooms(toml, study)
    judged = (*toml.walk.walkers, *of_groups.values())
    siting = siting_settings(toml, [room for _, room in rooms.found], judged, book)
    check_neighborhood(
        [blocks.placed, stations.placed, gates.placed, rooms.placed, visitors.placed, areas.placed],
        box,
        book,
    )
    note_scopes(
        [station for _, station in stations.found],
        offers,
        [block for _, block in blocks.found],
        [area for _, area in areas.found],
        book,
    )
    sources = study.sources()
    book.raise_if_any()
    assert streets is not None  # else there was a fault
    return StudyInputs(
        folder=study.path,
        settings=settings_of(toml, streets, blocks.groups, of_groups),
        services=toml.services,
        stations=with_offers([station for _, station in stations.found], offers),
        blocks=None if toml.blocks.file is None else tuple(block for _, block in blocks.found),
        gates=tuple(gate for _, gate in gates.found),
        needs=standard.needs,
        community_rule=standard.community,
        file_digests=MappingProxyType(dict(sorted(study.digests.items()))),
        sources=sources,
        notes=tuple(book.notes),
        offers=offers,
        walkers=walkers,
        visitors=tuple(place for _, place in visitors.found),
        areas=tuple(area for _, area in areas.found),
        population=population,
        siting=siting,
        datum_doubts=tuple(study.doubts),
    )


T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Reading(Generic[T]):
    """What came of one table: values with their rows, and, for blocks, the ids and names that gates may use."""

    placed: Placed
    found: Sequence[tuple[Row, T]] = ()
    names: Sequence[tuple[str, str]] | None = None
    groups: tuple[str, ...] = ()
    crs: TableCrs | None = None


_NOTHING = Placed(None, ())


def _streets_box(streets: StreetsSource | None, study: StudyFolder) -> Box | None:
    if streets is None:
        return None
    return extract_box(streets.path) if streets.form == "osm" else look_at_lines(streets, study)


def _stations(toml: StudyToml, study: StudyFolder) -> _Reading[Station]:
    table = table_of(toml, study, "stations", "file", toml.stations.file)
    if table is not None:
        table = with_geocoded(table, study.path / (toml.stations.file or ""), "stations", study)
        if toml.stations.unplaced == "leave_out":
            table = without_unplaced(table, study.book)
    crs = crs_of(toml.stations.crs, "stations.crs", toml.line("stations", "crs"), table, study)
    if table is None:
        return _Reading(_NOTHING)
    crs = with_columns(table, crs, study.book)
    rows = identify(table, "S", study.book)
    illustrative = toml.study.illustrative
    found = read_stations(table, rows, crs, toml.services, study.book, illustrative=illustrative)
    here = {station.id for _, station in found}
    # a station whose parent has no place stands by itself
    if toml.stations.unplaced == "leave_out":
        found = [(row, s if s.parent in here else replace(s, parent=None)) for row, s in found]
    return _Reading(Placed(table, tuple((row, station.geometry) for row, station in found)), found)


def _blocks(toml: StudyToml, study: StudyFolder) -> _Reading[Block]:
    section = toml.blocks
    groups = tuple(
        dict.fromkeys(match_column(group, "blocks") or group.strip() for group in section.groups)
    )
    weights = tuple(
        dict.fromkeys(match_column(each, "blocks") or each.strip() for each in section.weights)
    )
    rules = read_kind_rules(toml, study)
    table = table_of(toml, study, "blocks", "file", section.file, (*groups, *weights))
    if table is not None:
        path = study.path / (section.file or "")
        ledger, table = is_ledger(table, study), with_geocoded(table, path, "blocks", study)
        table = with_grounds(table, path, study) if ledger else table
    crs = crs_of(section.crs, "blocks.crs", toml.line("blocks", "crs"), table, study)
    if table is None:
        return _Reading(_NOTHING, groups=groups)
    crs = with_columns(table, crs, study.book)
    rows = identify(table, "B", study.book)
    found = read_blocks(
        table,
        rows,
        crs,
        groups,
        study.book,
        rules=rules,
        weights=weights,
        household_size=section.household_size,
    )
    names = [(key, name) for _, key, name in rows] or None
    return _Reading(
        Placed(table, tuple((row, block.geometry) for row, block in found)),
        found,
        names,
        groups,
        crs,
    )


def _visitors(toml: StudyToml, study: StudyFolder) -> _Reading[Block]:
    section = toml.visitors
    table = table_of(toml, study, "visitors", "file", section.file)
    if table is None:
        return _Reading(_NOTHING)
    if table is not None:
        table = with_geocoded(table, study.path / (section.file or ""), "visitors", study)
    crs = crs_of(section.crs, "visitors.crs", toml.line("visitors", "crs"), table, study)
    crs = with_columns(table, crs, study.book)
    found = read_visitors(table, identify(table, "V", study.book), crs, study.book)
    return _Reading(Placed(table, tuple((row, place.geometry) for row, place in found)), found)


def _areas(toml: StudyToml, study: StudyFolder) -> _Reading[Area]:
    section = toml.areas
    table = table_of(toml, study, "areas", "file", section.file)
    if table is None:
        return _Reading(_NOTHING)
    crs = crs_of(section.crs, "areas.crs", toml.line("areas", "crs"), table, study)
    if not table.drawn:
        cure = "give the outlines as GeoJSON, GeoPackage or Shapefile"
        study.book.fault(table.label, "draws no outlines", cure, row=table.header_row)
        return _Reading(_NOTHING)
    found = read_areas(table, crs, study.book)
    return _Reading(Placed(table, tuple((row, area.geometry) for row, area in found)), found)


def _offers(toml: StudyToml, stations: Sequence[Station], study: StudyFolder) -> tuple[Offer, ...]:
    table = table_of(toml, study, "offers", "file", toml.offers.file)
    return () if table is None else read_offers(table, stations, toml.services, study.book)


def _rooms(toml: StudyToml, study: StudyFolder) -> _Reading[Room]:
    name = rooms_file(toml.siting)
    key = "rooms" if name is not None and name == toml.siting.rooms else "candidates"
    table = table_of(toml, study, "siting", key, name)
    if table is not None:
        table = with_geocoded(table, study.path / (name or ""), "rooms", study)
    crs = crs_of(toml.siting.crs, "siting.crs", toml.line("siting", "crs"), table, study)
    if table is None:
        return _Reading(_NOTHING)
    crs = with_columns(table, crs, study.book)
    priced = toml.siting.budget is not None
    found = read_rooms(table, identify(table, "R", study.book), crs, study.book, priced=priced)
    return _Reading(
        Placed(table, tuple((row, shapely.Point(room.lon, room.lat)) for row, room in found)), found
    )


def _population(toml: StudyToml, study: StudyFolder) -> Population | None:
    section = toml.people
    form: Literal["points", "grid"] = "points" if section.points is not None else "grid"
    name = section.points if section.points is not None else section.grid
    if name is None:
        return None
    path = study.find(name, asked_by=f"people.{form}", row=toml.line("people", form))
    return (
        None
        if path is None
        else read_population(path, form, section.crs, toml.line("people", "crs"), study)
    )


def _gates(toml: StudyToml, blocks: _Reading[Block], study: StudyFolder) -> _Reading[Gate]:
    table = table_of(toml, study, "blocks", "gates", toml.blocks.gates)
    if table is None:
        return _Reading(_NOTHING)
    section, key = toml.blocks, "crs" if toml.blocks.gates_crs is None else "gates_crs"
    stated = section.crs if section.gates_crs is None else section.gates_crs
    if stated == "auto" and key == "crs" and (blocks.crs is None or not blocks.crs.by_row):
        crs = blocks.crs  # gates are few; they stand where the blocks do
    else:  # a wrong crs of [blocks] is told once, with the blocks
        told = study if stated is None or key == "gates_crs" else replace(study, book=FaultBook())
        crs = _gates_crs(stated, f"blocks.{key}", toml.line("blocks", key), table, blocks, told)
    crs = with_columns(table, crs, study.book)
    found = read_gates(table, crs, blocks.names, study.book)
    places = tuple((row, shapely.Point(gate.lon, gate.lat)) for row, gate in found)
    return _Reading(Placed(table, places), found)


def _gates_crs(
    stated: str | None,
    key: str,
    line: int | None,
    table: Table,
    blocks: _Reading[Block],
    study: StudyFolder,
) -> TableCrs | None:
    """Return the coordinates of gates; where nothing tells them, those in which they lie by their blocks."""
    told = key if stated is not None else "blocks.gates_crs"
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
            f"{table.label}: the coordinates are taken as {by_blocks.crs.label}: the gates lie "
            f"{by_blocks.median_m:.0f} m from the edge of their blocks in the median"
        )
    return by_blocks.crs
