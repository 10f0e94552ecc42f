"""The planner's own tables read for a draft: which sheet, which datum, which services, groups and kinds they name.

Nothing is judged here: what is wrong with a table, the study that is drafted tells when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from walkshed.errors import SHEET_MARK, InvalidValueError
from walkshed.inputs.faults import FaultBook, column_names
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.further import filled_sheets
from walkshed.inputs.places.datum_sayings import sayings_of
from walkshed.inputs.places.geocoded import has_no_place
from walkshed.inputs.rows.stations import service_word
from walkshed.inputs.services import service_words_of
from walkshed.inputs.study.settings import is_service_id
from walkshed.inputs.study.specs import (
    FURTHER,
    LEDGERS,
    OFFERS,
    ROOMS,
    SERVICES,
    VISITORS,
    InputTable,
)
from walkshed.inputs.tables.cells import identify
from walkshed.inputs.tables.meaning.joining import whole_table
from walkshed.inputs.tables.meaning.lists import list_in
from walkshed.inputs.tables.reading import read_table
from walkshed.inputs.tables.table import Table
from walkshed.inputs.tables.workbook import sheet_called
from walkshed.model.catalogs import catalog
from walkshed.model.drafting import GivenTable, GivenTables
from walkshed.model.labels import LANGUAGES, Language
from walkshed.model.messages import Message
from walkshed.model.paths import why_no_file
from walkshed.model.town.places import Service
from walkshed.outside.forms import WORKBOOK, parts_of

#: Names that a study keeps for files of its own.
_TAKEN = ("study.toml", "sources.md", "offers.csv", "gates.csv")
_CHINESE = re.compile("[\u3400-\u9fff]")
_GROUPS = ("older_people", "children")


@dataclass(frozen=True, slots=True)
class Own:
    """What is the planner's own in a draft, as the options of the command line have it.

    ``stations`` and ``blocks`` are the files of each table, the first and those that go on with it;
    ``services`` are offered by every station, which are then all that offer them.
    """

    stations: tuple[Path, ...] = ()
    blocks: tuple[Path, ...] = ()
    services: tuple[str, ...] = ()
    needs: Path | None = None
    people_column: str | None = None


def given_tables(own: Own, extract: Path, taken: str) -> GivenTables:
    """Return what the planner's tables and needs say; one workbook may hold both tables.

    ``extract`` tells the order of coordinates, ``taken`` is the name of its file in the study. Raises
    ``InputFaultsError`` for a table that cannot be read at all.
    """
    names = dict.fromkeys((*_TAKEN, taken.lower()))
    needs: Mapping[str, bytes] = {}
    if own.needs is not None:
        _refuse_missing(own.needs, "needs")
        needs = _files(own.needs, "needs", names)[1]
    offered = _offered(own)
    given = GivenTables()
    if own.stations or own.blocks:
        given = _given_tables(own, offered, extract, names)
    return replace(given, offered=offered, needs=next(iter(needs), ""), others=needs)


def _given_tables(
    own: Own, offered: tuple[str, ...], extract: Path, names: dict[str, None]
) -> GivenTables:
    """Return what the planner's tables say; all stations have what is ``offered``, other files have ``names``."""
    book = FaultBook()
    columns = {} if own.people_column is None else {"people": own.people_column}
    stated: Mapping[str, Mapping[str, str]] = {"stations": {}, "blocks": columns}
    paths_of = {kind: paths for kind in stated if (paths := getattr(own, kind))}
    read = {
        kind: _read(paths, kind, extract, stated[kind], book) for kind, paths in paths_of.items()
    }
    stations, blocks = (next(iter(getattr(own, kind)), None) for kind in stated)
    if any(table is None for table in read.values()):
        book.faults = list(dict.fromkeys(book.faults))  # of one workbook that holds both
        book.raise_if_any()

    # one workbook may hold both, one sheet may not
    of_stations, of_blocks = read.get("stations"), read.get("blocks")
    both = stations is not None and blocks is not None and _same(stations, blocks)
    if both and of_stations is not None and of_blocks is not None:
        _refuse_one_sheet(of_stations, of_blocks)

    # the files, each under a name of its own
    given: dict[str, GivenTable] = {}
    for kind, paths in paths_of.items():
        table = read.get(kind)
        if table is None:
            continue
        copied = [_files(path, kind, names) for path in paths[1:]]
        if kind == "blocks" and both:
            name, files = given["stations"].name, given["stations"].files
        else:
            name, files = _files(paths[0], kind, names)
        every = {held: content for _, of in copied for held, content in of.items()}
        described = _table(table, kind, name, {**files, **every})
        further_names = tuple(name for name, _ in copied)
        given[kind] = replace(described, further=further_names, columns=stated[kind])

    # what they say, and what else their workbooks hold
    language = _language([table for table in read.values() if table is not None])
    paths = {"blocks": blocks, "stations": stations}
    books = {given[kind].name: path for kind, path in paths.items() if path is not None}
    further = _further(books)
    if of_stations is None or stations is None:
        return GivenTables(None, given.get("blocks"), further=further, language=language)
    services = _services(of_stations, _further_table(OFFERS, further, books))
    named = {service.id: service for service in services}
    whole = {word: Service(word, word, word, None, complete=True) for word in offered}
    together = {**whole, **named}.values()
    services = tuple(replace(one, complete=one.id in offered) for one in together)
    sheet = _service_sheet(stations)
    return GivenTables(
        given["stations"],
        given.get("blocks"),
        services,
        offers=() if services or sheet else _guessed(of_stations),
        service_sheet=sheet,
        further=further,
        datum_unsaid=_unsaid(further, books),
        title=_title(of_stations),
        language=language,
    )


def guessed_services(given: GivenTables) -> tuple[Service, ...]:
    """Return the services of offers that are guessed, and those that any community has; none counts as surveyed."""
    from walkshed.osm.tags.facilities import rule_table

    offered = {service for _, service in given.offers}
    return tuple(
        Service(service.id, service.zh, service.en, None, complete=False, site=service.site)
        for service in rule_table().services
        if service.core or service.id in offered
    )


def _offered(own: Own) -> tuple[str, ...]:
    """Return the services that every station offers; raises for a word that is none."""
    for word in own.services:
        if not is_service_id(word):
            told = "--service {word!r}: write one word for a service, such as clinic"
            raise InvalidValueError(Message(told, word=word))
    return tuple(dict.fromkeys(own.services))


def _read(
    paths: Sequence[Path], kind: str, extract: Path, stated: Mapping[str, str], book: FaultBook
) -> Table | None:
    """Return a table of the planner's, of all its files; None, and faults, for one that cannot be read."""
    before = len(book.faults)
    tables = [_read_one(path, kind, extract, stated, book) for path in paths]
    whole = whole_table(tables, stated, book)
    return whole if len(book.faults) == before else None


def _read_one(
    path: Path, kind: str, extract: Path, stated: Mapping[str, str], book: FaultBook
) -> Table | None:
    """Return one file of a table; None, and faults, for one that cannot be read."""
    _refuse_missing(path, kind)

    # what can be read of it; faults of cells are told by the study
    own = FaultBook()
    folder = StudyFolder(path.parent, own, extract=extract)
    table = read_table(path, kind, folder, _extra(kind), stated=stated)
    if table is None:
        book.faults += own.faults
    return table


def _refuse_missing(path: Path, kind: str) -> None:
    """Raise where there is no such file of a kind of the planner's own."""
    missing = why_no_file(path)
    if missing:
        told = "{file}: {missing}; give the file with your table of {kind}"
        what = Message(kind)
        raise InvalidValueError(Message(told, file=path.name, missing=missing, kind=what))


def _extra(kind: str) -> tuple[str, ...]:
    return tuple(name for name in _GROUPS if name in column_names()[kind])


def _refuse_one_sheet(stations: Table, blocks: Table) -> None:
    """Raise where one sheet would be both tables."""
    if stations.label == blocks.label:
        told = "{table}: is given as stations and as compounds; give each a sheet of its own"
        raise InvalidValueError(Message(told, table=stations.label))


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _files(path: Path, kind: str, names: dict[str, None]) -> tuple[str, Mapping[str, bytes]]:
    """Return the name of a table in the study, and the files that make it up; ``names`` are taken."""
    parts = parts_of(path)
    before = "" if not any(part.name.lower() in names for part in parts) else f"{kind}-"
    files = {f"{before}{part.name}": part.read_bytes() for part in parts}
    names |= {name.lower(): None for name in files}
    return f"{before}{path.name}", files


def _table(table: Table, kind: str, name: str, files: Mapping[str, bytes]) -> GivenTable:
    """Return what study.toml says of a table."""
    placed = [row for row in table.rows if not has_no_place(row, table)]
    sayings = sayings_of(table)
    said = [sayings.get(row.number) for row in placed]
    datums = {None if saying is None else saying.datum for saying in said}
    words = next((saying.words for saying in said if saying is not None), "")
    datum = datums.pop() if len(datums) == 1 else None
    given = GivenTable(
        name,
        files,
        sheet=table.label.partition(SHEET_MARK)[2],
        datum=datum or "",
        said=words,
        places=bool(placed) and table.crs in (None, "none"),
    )
    if kind != "blocks":
        return given

    cells = [row.cells for row in table.rows]
    alone = sum(bool(row.get("households")) and not row.get("people") for row in cells)
    groups = tuple(group for group in _GROUPS if any(row.get(group) for row in cells))
    return replace(given, groups=groups, homes_alone=alone)


def _services(table: Table, offers: Table | None) -> tuple[Service, ...]:
    """Return the services that stations and offers name, by their words; none counts as surveyed."""
    from walkshed.osm.tags.facilities import rule_table

    english = {service.zh: service.en for service in rule_table().services}
    words = dict.fromkeys(service_words_of(table, {}))
    if offers is not None:
        named = (
            service_word(word) for row in offers.rows for word in list_in(row, "service", words)
        )
        words |= dict.fromkeys(word for word in named if is_service_id(word))
    return tuple(
        Service(word, word, english.get(word, word), None, complete=False) for word in words
    )


def _further(books: Mapping[str, Path]) -> Mapping[str, str]:
    """Return {kind: file} of the filled sheets beside stations and blocks; ``books`` are {file: path}."""
    specs = [spec for spec in (*FURTHER, *LEDGERS) if spec is not SERVICES]
    return {
        kind: name
        for name, path in books.items()
        if WORKBOOK.ends(path)
        for kind in filled_sheets(path, specs)
    }


def _unsaid(further: Mapping[str, str], books: Mapping[str, Path]) -> frozenset[str]:
    """Return the kinds of further sheets that hold places and do not say in which system."""
    tables = {spec.kind: _further_table(spec, further, books) for spec in (ROOMS, VISITORS)}
    return frozenset(
        kind for kind, table in tables.items() if table is not None and not sayings_of(table)
    )


def _further_table(
    spec: InputTable, further: Mapping[str, str], books: Mapping[str, Path]
) -> Table | None:
    """Return a further sheet of a workbook; None without one."""
    path = books.get(further.get(spec.kind, ""))
    if path is None:
        return None
    sheet = filled_sheets(path, (spec,))[spec.kind]
    folder = StudyFolder(path.parent, FaultBook())
    return read_table(path, spec.kind, folder, may_be_empty=True, sheet=sheet)


def _guessed(table: Table) -> tuple[tuple[str, str], ...]:
    """Return (station, service) as the names of stations tell, by the rules for what a map shows."""
    from walkshed.osm.tags.facilities import rule_table

    rules = rule_table()
    return tuple(
        (key, service)
        for row, key, name in identify(table, "S", FaultBook())
        if (rule := rules.rule_for(rules.tags_of(name, row.cells.get("category", "")))) is not None
        for service in rule.services
    )


def _language(tables: Sequence[Table]) -> Language:
    """Return the language in which the planner calls columns and entries."""
    headers = [header for table in tables for header in table.headers.values()]
    names = [row.cells.get("name", "") for table in tables for row in table.rows]
    if _CHINESE.search("".join([*headers, *names])):
        return "zh"

    # the language that has the most of the columns' names
    columns = {name for kind in column_names().values() for name in kind}
    called = {header.strip().lower() for header in headers}

    def known(language: Language) -> int:
        return sum(catalog(language).get(name, name).lower() in called for name in columns)

    return max([one for one in LANGUAGES if one != "zh"], key=known)


def _title(table: Table) -> str:
    """Return the line above a table that says what it is; "" without one."""
    is_above = table.header_row is not None and table.header_row > 1
    first = table.asides[0] if table.asides and is_above else ""
    return "" if any(mark in first for mark in ":：") else " ".join(first.split())


def _service_sheet(path: Path) -> str:
    """Return the sheet of a workbook that lists the services; "" without one."""
    return sheet_called(path.read_bytes(), "services") if WORKBOOK.ends(path) else ""
