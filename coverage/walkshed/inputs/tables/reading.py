"""Files as tables: CSV and workbooks, and drawings, with the contract's names of their columns."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from walkshed.inputs.faults import FaultBook, first_of
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.local import Local, LonLat
from walkshed.inputs.tables.drawings.geojson import read_geojson
from walkshed.inputs.tables.drawings.layers import read_layer, read_zipped
from walkshed.inputs.tables.drawings.parquet import read_parquet
from walkshed.inputs.tables.gate import table_through
from walkshed.inputs.tables.grid import MOST_TITLE_ROWS, Grid, asides, columns_of, head
from walkshed.inputs.tables.meaning.blanks import without_marks
from walkshed.inputs.tables.meaning.drawn import with_outlines
from walkshed.inputs.tables.meaning.examples import without_examples
from walkshed.inputs.tables.meaning.headers import (
    PLACES,
    contract_names,
    is_amap,
    likely_people,
    near_headers,
    unread_counts,
)
from walkshed.inputs.tables.meaning.numbers import middle, with_numbers
from walkshed.inputs.tables.neighborhood import at_extract
from walkshed.inputs.tables.pairs import with_pairs_parted
from walkshed.inputs.tables.table import Row, Table, match_column
from walkshed.model.messages import Listing, Message
from walkshed.outside.forms import (
    CSV,
    GEOJSON,
    GEOJSON_LINES,
    PARQUET,
    TABLES,
    WORKBOOK,
    ZIP,
    FileForm,
    form_of,
    in_words,
)

_NAMED = 10  # rows in a note
#: What people part cells by that no spreadsheet does.
_NO_MARKS = ("|", "，", "；", "、", "｜")


def read_table(
    path: Path,
    kind: str,
    folder: StudyFolder,
    extra_columns: tuple[str, ...] = (),
    *,
    may_be_empty: bool = False,
    sheet: str | None = None,
    stated: Mapping[str, str] = MappingProxyType({}),
) -> Table | None:
    """Return the table at ``path``; None, and faults, when it cannot be read.

    ``kind`` is ``"stations"``, ``"blocks"`` or ``"gates"``: whose column names apply.
    ``extra_columns`` are columns that study.toml names itself (groups of people), ``stated`` the
    headers that it takes for the contract's. ``sheet``: of a workbook.
    """
    label, book, folder = folder.label(path), folder.book, at_extract(folder)

    def known(header: str) -> str | None:
        return match_column(header, kind, extra_columns, stated)

    # by the form of the file
    form = form_of(path, (*TABLES, GEOJSON_LINES, ZIP))
    if form is None:
        fact = Message(
            "ends in {suffix!r}, which this version does not read as a table",
            suffix=path.suffix.lower(),
        )
        book.fault(label, fact, Message("save it as {forms}", forms=in_words(TABLES)))
        return None
    read = _READERS.get(form, _drawing)
    raw = read(_Asked(path, label, folder, known, kind, sheet))
    if raw is None:
        return None
    if not raw.rows and not may_be_empty:
        book.fault(label, "holds no rows", "fill it in, or take it out of study.toml")
        return None

    # the contract's names, clean cells, and both coordinates in columns of their own
    headers = contract_names(raw, kind, book, extra_columns, stated)
    named = replace(
        _renamed(raw, headers),
        exporter="gcj02" if is_amap(raw.headers) else "",
        near=near_headers(raw, headers, kind),
        likely_people=likely_people(raw, headers, kind),
        unread_counts=unread_counts(raw, headers),
    )
    filled_in = without_examples(table_through(named, kind, book), kind, book)
    clean = _without_strays(without_marks(filled_in, kind), book)
    if raw.rows and not clean.rows and not may_be_empty:
        cure = "fill it in, or take it out of study.toml"
        book.fault(clean.label, "holds no rows but the template's example", cure)
        return None
    parted = with_pairs_parted(clean, folder.extract, book)
    here = replace(parted, local=_local(parted, folder))
    return with_outlines(with_numbers(here, kind, extra_columns, book), kind, book)


def _local(table: Table, folder: StudyFolder) -> Local:
    """Return the habits where a table's places lie: in the extract, else at its own coordinates."""

    @functools.cache
    def where() -> LonLat | None:
        of_extract = None if folder.extract is None else folder.local.where()
        return of_extract or middle(table)

    return replace(folder.local, where=where)


def _renamed(raw: Table, headers: Mapping[str, str]) -> Table:
    """Return a table with its cells under the contract's names, those of other columns left out."""
    rows = []
    for row in raw.rows:
        cells = {name: row.cells.get(header, "").strip() for name, header in headers.items()}
        rows.append(replace(row, cells=cells))
    return replace(raw, headers=headers, rows=tuple(rows))


def _without_strays(table: Table, book: FaultBook) -> Table:
    """Return a table less the rows that hold nothing in any column that is read; a note names them."""
    if table.drawn or not {"id", "name"} & set(table.headers):
        return table
    strays = [row for row in table.rows if not row.broken and not any(row.cells.values())]
    if not strays or len(strays) == len(table.rows):
        return table
    numbers = first_of([str(row.number) for row in strays], _NAMED)
    told = "{table}: rows that hold nothing in any column that is read are left out ({rows})"
    book.note(Message(told, table=table.label, rows=numbers))
    gone = {row.number for row in strays}
    return replace(table, rows=tuple(row for row in table.rows if row.number not in gone))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A file that is to be read as a table: what it is called, and what is known of its columns."""

    path: Path
    label: str
    folder: StudyFolder
    known: Callable[[str], str | None]
    kind: str
    sheet: str | None


def _csv(asked: _Asked) -> Table | None:
    """Return the rows of a CSV file below its header; None, and a fault, when it cannot be read."""
    label, book = asked.label, asked.folder.book
    text = asked.folder.read_text(asked.path, label, chinese=True)
    grid = None if text is None else _csv_grid(text, label, book)
    if grid is None:
        return None

    headed = head(grid, asked.known)
    if headed is None:
        book.fault(label, "is empty", "write a row of column names and a row per entry")
        return None
    header = grid.cells[headed.header]
    number = grid.numbers[headed.header]
    if not _is_parted(header, label, number, book):
        return None
    if not _header_is_sound(header, label, number, book):
        return None

    rows = [_csv_row(grid.numbers[at], header, grid.cells[at], label, book) for at in headed.rows]
    _note_left_out(label, headed.left_out, book)
    return Table(
        label,
        "row",
        {name: name for name in header if name},
        tuple(rows),
        drawn=False,
        header_row=number,
        asides=asides(grid, headed),
    )


def _csv_grid(text: str, label: str, book: FaultBook) -> Grid | None:
    """Return the cells of a CSV text with the lines on which its rows begin, blank rows left out."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    numbers: list[int] = []
    found: list[list[str]] = []
    before = 0  # the line on which the row before ends

    try:
        for cells in lines:
            number, before = before + 1, lines.line_num
            if any(cell.strip() for cell in cells):
                numbers.append(number)
                found.append([cell.strip() for cell in cells])
    except csv.Error as error:
        cure = 'close each double quote, and write a quote inside a cell twice: ""'
        fact = Message("cannot be read as CSV ({library_words})", library_words=error)
        book.fault(label, fact, cure, row=before + 1)
        return None
    return Grid(numbers, found)


def _is_parted(header: Sequence[str], label: str, number: int, book: FaultBook) -> bool:
    """Return whether cells are parted by marks of CSV; a fault where other marks part them."""
    if len(header) > 1:
        return True
    mark = next((mark for mark in _NO_MARKS if mark in header[0]), None)
    if mark is None:
        return True
    fact = Message("parts its cells by {mark!r}, not by commas", mark=mark)
    cure = "save it again as CSV UTF-8 (cells parted by commas)"
    book.fault(label, fact, cure, row=number, value=header[0])
    return False


def _csv_row(
    number: int, header: Sequence[str], cells: Sequence[str], label: str, book: FaultBook
) -> Row:
    """Return one row; it is broken, and a fault, where it has more or fewer cells than the header."""
    row = Row(number, columns_of(header, cells))
    if len(cells) == len(header):
        return row

    fact = Message(
        "has {count} {count:cell|cells} where the header has {columns}",
        count=len(cells),
        columns=len(header),
    )
    cure = 'put text that holds a comma into double quotes: "a, b"'
    if len(cells) < len(header):
        cure = (
            "add the missing cells (a comma for an empty one), "
            "or put text with line breaks into quotes"
        )
    book.fault(label, fact, cure, row=number)
    return replace(row, broken=True)


def _workbook(asked: _Asked) -> Table | None:
    """Return the rows of the sheet that is meant; None, and a fault, when it cannot be read."""
    from walkshed.inputs.tables.workbook import read_sheet

    folder, known = asked.folder, asked.known
    sheet = read_sheet(asked.path, asked.label, asked.kind, folder, sheet=asked.sheet, known=known)
    if sheet is None:
        return None
    label, grid, headed = sheet.label, sheet.grid, sheet.headed

    # two columns of one name: only those that are known are a fault
    names = list(headed.names)
    for place, name in enumerate(names):
        if name and names.index(name) < place and known(name) is None:
            names[place] = ""
    number = grid.numbers[headed.header]
    if not _header_is_sound(names, label, number, folder.book):
        return None

    rows = []
    for place in headed.rows:
        # a formula's error has been told; what it was meant to say is not known
        cells, at = dict(columns_of(names, grid.cells[place])), grid.numbers[place]
        bad = {name for name in cells if (at, name) in sheet.unusable}
        cells |= dict.fromkeys(bad, "")
        lost = any(known(name) in PLACES for name in bad)
        nameless = any(known(name) in {"id", "name"} for name in bad)
        rows.append(Row(at, cells, broken=nameless, lost=lost))
    _note_left_out(label, headed.left_out, folder.book)
    return Table(
        label,
        "row",
        {name: name for name in names if name},
        tuple(rows),
        drawn=False,
        header_row=number,
        asides=asides(grid, headed),
    )


def _note_left_out(label: str, left_out: Sequence[tuple[int, str]], book: FaultBook) -> None:
    """Note the rows that are no entries."""
    if len(left_out) == 1:
        number, what = left_out[0]
        told = "{label}, row {number}: is {what}, no entry, and is not read"
        book.note(Message(told, label=label, number=number, what=Message(what)))
    elif left_out:
        named = [
            Message("{number} ({what})", number=number, what=Message(what))
            for number, what in left_out
        ]
        told = "{label}: rows {named} are not entries and are not read"
        book.note(Message(told, label=label, named=Listing(named)))


def _delimiter(text: str) -> str:
    """Return the mark between cells: the one of ``, ; tab`` in the header (Excel writes ; in much of Europe)."""
    # a title may hold none of them
    for header in text.lstrip("\r\n").split("\n")[:MOST_TITLE_ROWS]:
        for mark in ",\t;":
            if mark in header:
                return mark
    return ","


def _header_is_sound(header: Sequence[str], label: str, number: int, book: FaultBook) -> bool:
    """Return whether each column has a name of its own; a fault for each that two bear."""
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    for name in repeated:
        fact, cure = "is the name of two columns", "rename or remove one"
        book.fault(label, fact, cure, row=number, value=name)
    return not repeated


def _geojson(asked: _Asked) -> Table | None:
    return read_geojson(asked.path, asked.label, asked.folder)


def _zipped(asked: _Asked) -> Table | None:
    return read_zipped(asked.path, asked.label, asked.folder)


def _parquet(asked: _Asked) -> Table | None:
    data = asked.folder.read_bytes(asked.path, asked.label)
    return None if data is None else read_parquet(data, asked.label, asked.folder.book)


def _drawing(asked: _Asked) -> Table | None:
    return read_layer(asked.path, asked.label, asked.folder)


#: Who reads a form of file as a table; all others are GDAL's.
_READERS: Mapping[FileForm, Callable[[_Asked], Table | None]] = {
    CSV: _csv,
    WORKBOOK: _workbook,
    GEOJSON: _geojson,
    GEOJSON_LINES: _geojson,
    PARQUET: _parquet,
    ZIP: _zipped,
}
