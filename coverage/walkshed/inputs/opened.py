"""A study's folder opened: its study.toml, the tables that it names, and whether their places can be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from shapely import Point

from walkshed.errors import InputFaultsError
from walkshed.inputs.faults import FaultBook, column_names, did_you_mean, first_of, quoted
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.further import further_table, is_further
from walkshed.inputs.local import Local
from walkshed.inputs.places.coordinates import look_at_numbers, systematic_trouble
from walkshed.inputs.places.geocoded import has_no_place
from walkshed.inputs.places.systems import WGS84, TableCrs
from walkshed.inputs.study.settings import PLACE_FILE, StudyToml, read_study_toml, streets_source
from walkshed.inputs.study.siting import rooms_file
from walkshed.inputs.study.specs import EVERY, LEDGERS, STATIONS, InputTable
from walkshed.inputs.study.toml_text import parse_toml, refuse_newer
from walkshed.inputs.tables.meaning.joining import whole_table
from walkshed.inputs.tables.reading import read_table
from walkshed.inputs.tables.table import Table
from walkshed.model.formats import STUDY_FORMAT
from walkshed.model.messages import Message
from walkshed.model.paths import is_stream, why_no_file, why_refused
from walkshed.model.results import StreetsSource

STUDY_FILE = "study.toml"
_NAMED = 10  # rows in a note


def study_file(path: Path) -> Path:
    """Return the study.toml that a path names: itself, or the one in its folder."""
    return path if path.suffix.lower() == ".toml" else path / STUDY_FILE


def open_study(path: Path, book: FaultBook) -> tuple[StudyFolder, StudyToml]:
    """Return the study's folder and its study.toml; raises at once when there is none that can be read."""
    file = study_file(path)
    study = StudyFolder(file.parent, book)
    cure = Message("name a folder that holds a {file}, or the file itself", file=STUDY_FILE)
    try:
        missing = why_no_file(file)
    except (OSError, ValueError) as error:
        missing = Message("cannot be opened ({reason})", reason=why_refused(error))
    if missing:
        book.fault(str(file), missing, cure)
    text = None if missing else study.read_text(file, study.label(file))
    parsed = None if text is None else parse_toml(text, study.label(file), book)
    if parsed is None:
        book.raise_if_any()
        raise AssertionError(file)  # no text without a fault
    refuse_newer(parsed, "study", STUDY_FORMAT, book)
    toml = read_study_toml(parsed, book)
    _check_stated(toml, book)
    study.shared_names = _shared_names(toml)
    section, run = toml.study, toml.run
    stated = section.country or run.country or ""
    study.local = Local(stated, section.decimal or "", section.ground_floor)
    return study, toml


def _shared_names(toml: StudyToml) -> frozenset[str]:
    """Return the names (without endings) by which the study calls several of its tables with places."""
    files = (toml.stations.file, toml.blocks.file, toml.visitors.file, rooms_file(toml.siting))
    names = Counter(Path(file).stem.casefold() for file in files if file is not None)
    return frozenset(name for name, times in names.items() if times > 1)


def table_of(toml: StudyToml, study: StudyFolder, spec: InputTable) -> Table | None:
    """Return a table that study.toml names; None without one, and with a fault."""
    name, key = spec.file(toml), spec.key(toml)
    if name is None:
        return None
    section = spec.called or spec.section
    line = toml.line(section, key)
    path = study.find(name, asked_by=f"{section}.{key}", row=line)
    if path is None:
        return None

    # one sheet of several in the workbook of stations may be left empty
    stated, paths = spec.stated(toml), [path]
    tables: list[Table | None] = []
    if is_further(spec, toml, study):
        sheet, paths = further_table(spec, path, study, stated), []
        tables += [] if sheet is None else [sheet]
    for name in spec.further(toml) if key == "file" else ():
        further = study.find(name, asked_by=f"{section}.{key}", row=line)
        if further is not None:
            paths.append(further)

    # A draft of a town where the map shows no station is a study all the same: every service is not
    # surveyed.
    may_be_empty = spec is STATIONS and toml.stations.source == "osm"
    asked_sheet = getattr(toml, spec.section).sheet if key == "file" else None
    tables += [
        read_table(
            path,
            spec.kind,
            study,
            spec.columns(toml),
            may_be_empty=may_be_empty,
            sheet=asked_sheet,
            stated=stated,
        )
        for path in paths
    ]
    return whole_table(tables, stated, study.book)


def _check_stated(toml: StudyToml, book: FaultBook) -> None:
    """Write down the names that ``[… .columns]`` gives to columns and that the contract does not know."""
    kinds = tuple(spec.kind for spec in LEDGERS)
    for kind in toml.ledgers.columns:
        if kind not in kinds:
            row = toml.line("ledgers", "columns", kind)
            cure = did_you_mean(kind, kinds)
            book.fault(
                toml.text.label, "is no ledger", cure, row=row, column="ledgers.columns", value=kind
            )

    for spec in EVERY:
        known = (*column_names()[spec.kind], *spec.columns(toml))
        section = ".".join(spec.stated_at)
        for name in spec.stated(toml):
            if name in known:
                continue
            row = toml.line(*spec.stated_at, name)
            fact = Message("is no column of {kind}", kind=spec.kind)
            cure = did_you_mean(name, known)
            book.fault(toml.text.label, fact, cure, row=row, column=section, value=name)


def place_to_fetch(folder: Path) -> tuple[str, tuple[str | None, str | None], Path] | None:
    """Return the place's name, its servers and the file to make, where a study names a place that is not there yet.

    None for every other study; whatever is wrong with study.toml is told by ``read_inputs``.
    """
    import tomllib

    file = study_file(folder)
    try:
        if is_stream(file):
            return None
        streets = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("streets")
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(streets, dict) or "lines" in streets:
        return None
    place, name = streets.get("place"), streets.get("file", PLACE_FILE)
    servers = (streets.get("nominatim_url"), streets.get("overpass_url"))
    words = [word for word in (place, name, *servers) if word is not None]
    if not isinstance(place, str) or not all(
        isinstance(word, str) and "\0" not in word for word in words
    ):
        return None
    path = file.parent / name
    return None if path.exists() else (place, servers, path)


def streets_named(folder: Path) -> StreetsSource | None:
    """Return the streets that a study names, whatever else is wrong with it; None where that cannot be told."""
    try:
        study, toml = open_study(folder, FaultBook())
    except InputFaultsError:
        return None
    return streets_source(toml, study)


def with_nowhere(table: Table, book: FaultBook) -> Table:
    """Return the table, its rows that have no place placed at an empty point; a note names them."""
    left_out = [row for row in table.rows if row.placed is None and has_no_place(row, table)]
    if not left_out:
        return table
    names = [
        row.cells.get("name") or row.cells.get("id") or table.row_told(row.number)
        for row in left_out
    ]
    book.note(
        Message(
            "{table}: {count} of {total} {total:row|rows} {count:has no place and is|have no "
            "place and are} left out: {names}",
            table=table.label,
            count=len(left_out),
            total=len(table.rows),
            names=first_of(names, _NAMED),
        )
    )
    gone = {row.number for row in left_out}
    rows = [replace(row, placed=Point()) if row.number in gone else row for row in table.rows]
    return replace(table, rows=tuple(rows))


def with_columns(table: Table, crs: TableCrs | None, book: FaultBook) -> TableCrs | None:
    """Return ``crs`` when places can be read; None, and a fault, when a column is missing or all are wrong alike."""
    missing = [name for name in ("lon", "lat") if name not in table.headers]
    if (
        len(missing) == 2
        and table.rows
        and all(row.broken or row.placed is not None for row in table.rows)
    ):
        return crs or WGS84  # geocoding has placed every row
    if not table.drawn and (missing or crs is None):
        look_at_numbers(table, book)
    if table.drawn or not missing:
        return None if crs is None or systematic_trouble(table, crs, book) else crs
    near = [table.near[name] for name in ("lon", "lat", "lon_lat") if name in table.near]
    fact = Message("has no column {names}", names=quoted(missing))
    cure = Message("add lon and lat in degrees")
    if "address" in table.headers:
        cure = Message(
            "add lon and lat in degrees, or run  walkshed geocode STUDY  to place addresses"
        )
    if near:
        cure = Message("is it column '{near}'? else {cure}", near=near[0], cure=cure)
    book.fault(table.label, fact, cure, row=table.header_row)
    return None
