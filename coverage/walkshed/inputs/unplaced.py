"""Rows of a study's tables that have no place yet: what ``walkshed geocode`` looks for, and for whom it matters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from walkshed.errors import WalkshedError
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.opened import open_study, table_of
from walkshed.inputs.places.geocoded import (
    REVIEW,
    geocoded_path,
    has_no_place,
    review_path,
    reviewed_grounds,
)
from walkshed.inputs.places.ledger import asked_of, is_ledger
from walkshed.inputs.skills import Skills
from walkshed.inputs.study.settings import StudyToml, language_of, streets_source
from walkshed.inputs.study.specs import BLOCKS, LOOKED_UP, STATIONS, InputTable
from walkshed.inputs.tables.cells import amount_in, identify, text_in
from walkshed.inputs.tables.neighborhood import at_extract
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.geocoding import LedgerMatch, Query

#: What a row without an address is not looked up by: a name that says that it is not filled in yet.
_NOT_FILLED_IN = ("待填", "待定", "tbd", "to be named")


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """A row of a list of compounds and the ground on the map that it was joined to, or not."""

    id: str
    number: int  # of the row
    match: LedgerMatch
    geometry: BaseGeometry | None  # WGS84 degrees


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """Rows of a table that have no coordinates, and where the answers go.

    ``joined``: of a list of compounds, every row, and what it found on the map; only what found
    nothing is looked up.
    """

    kind: str  # "stations", "blocks", "visitors", "rooms"
    folder: Path
    table: Path  # the planner's file, never written
    extract: Path | None
    # ``id`` as the study will know the row; no text where there is nothing to look for
    queries: tuple[Query, ...]
    names: tuple[tuple[str, str], ...]  # name and address of each, as the planner wrote them
    language: str
    count: int  # rows of the table
    people: dict[str, float]  # of rows that state how many live or come there, by id
    geocoded: Path  # the file of places
    review: Path  # the sheet of what to look at
    joined: tuple[Joined, ...] = ()
    left_out: bool = False  # study.toml says that a run leaves out what has no place

    @property
    def older_review(self) -> Path:
        """The sheet by the table's name alone, which sheets of one workbook once shared."""
        return self.table.with_name(f"{self.table.stem}{REVIEW}")


def read_unplaced(
    folder: Path, *, city: str = "", skills: Skills | None = None
) -> tuple[Wanted, ...]:
    """Return what to look up for the rows without coordinates, table by table: stations, blocks, visitors, rooms.

    Only study.toml, the streets and the stations must be sound: places are what is missing.
    Stations come first (whether or not a row lacks its place), then those other tables that can be
    read and lack something. Raises ``InputFaultsError``.
    """
    # study.toml, the streets and the stations: without them nothing can be looked up
    book = FaultBook()
    study, toml = open_study(Path(folder), book)
    study.skills = skills or Skills()
    streets = streets_source(toml, study)
    study.extract = None if streets is None else streets.extract
    table = table_of(toml, study, STATIONS)
    if table is not None:
        identify(table, STATIONS.prefix, book)
    book.raise_if_any()

    # the stations, then what else can be read; what is wrong with these, walkshed check says
    found = []
    if table is not None:
        found.append(_wanted(STATIONS, table, toml, study, city))
    for spec in LOOKED_UP:
        if spec is STATIONS:
            continue
        quiet = replace(study, book=FaultBook())
        other = table_of(toml, quiet, spec)
        if other is None or quiet.book.faults:
            continue
        wanted = _wanted(spec, other, toml, quiet, city)
        if wanted.queries or any(not one.match.sure for one in wanted.joined):
            found.append(wanted)
    return tuple(found)


def _wanted(
    spec: InputTable, table: Table, toml: StudyToml, study: StudyFolder, city: str
) -> Wanted:
    """Return what to look up for the rows of a table."""
    path, unheard = study.path / (spec.file(toml) or ""), FaultBook()
    rows = [(row, key) for row, key, _ in identify(table, spec.prefix, unheard) if not row.broken]
    joined = _joined(table, rows, path, study) if spec is BLOCKS else ()
    found = {one.id for one in joined if one.geometry is not None}

    # one query for each row without a place; a name that is a placeholder is none
    queries, names = [], []
    for row, key in rows:
        if key in found or not has_no_place(row, table):
            continue
        written = text_in(row, table, "name", unheard)
        address = text_in(row, table, "address", unheard, longest=1000)
        filled_in = not any(word in (written or key).lower() for word in _NOT_FILLED_IN)
        queries.append(Query(address, written if filled_in else "", city, key))
        names.append((written, address))

    people = {key: count for row, key in rows if (count := _people(row, table, toml)) is not None}
    return Wanted(
        kind=spec.kind,
        folder=study.path,
        table=path,
        extract=study.extract,
        queries=tuple(queries),
        names=tuple(names),
        language=language_of(toml.study, at_extract(study).local.row),
        count=len(table.rows),
        people=people,
        geocoded=geocoded_path(path, spec.kind, study),
        review=review_path(path, spec.kind, study),
        joined=joined,
        left_out=spec is STATIONS and toml.stations.unplaced == "leave_out",
    )


def _joined(
    table: Table, rows: list[tuple[Row, str]], path: Path, study: StudyFolder
) -> tuple[Joined, ...]:
    """Return what the rows of a list of compounds are joined to, as a run joins them."""
    if not is_ledger(table, study) or study.skills.join is None or study.extract is None:
        return ()
    named, said = (
        [(row, key) for row, key in rows if row.cells.get("name")],
        reviewed_grounds(path, study),
    )
    try:
        answers = study.skills.join(
            study.extract, [asked_of(row, key, table, said) for row, key in named]
        )
    except WalkshedError:
        return ()
    return tuple(
        Joined(key, row.number, match, place)
        for (row, key), (match, place) in zip(named, answers, strict=True)
    )


def _people(row: Row, table: Table, toml: StudyToml) -> float | None:
    unheard = FaultBook()
    people = amount_in(row, table, "people", unheard)
    households = amount_in(row, table, "households", unheard)
    if people is None and households is not None:
        return households * (toml.blocks.household_size or 1.0)
    return people
