"""Files as tables: CSV and workbooks, and drawings, with the contract's names of their columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from walkshed.errors import shorten
from walkshed.inputs.faults import FaultBook, column_names, nearest_word
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.tables.datum_words import datums_in, preferred
from walkshed.inputs.tables.drawings import read_geojson, read_layer
from walkshed.inputs.tables.gate import table_through
from walkshed.inputs.tables.grid import MOST_TITLE_ROWS, Grid, asides, columns_of, head
from walkshed.inputs.tables.pairs import with_pairs_parted
from walkshed.inputs.tables.table import Row, Table, match_column, match_cut
from walkshed.outside.forms import CSV, GEOJSON, TABLES, WORKBOOK, FileForm, form_of, in_words

#: Columns of which a table may hold several, of several datums.
PLACES = frozenset({"lon", "lat", "lon_lat"})
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
) -> Table | None:
    """Return the table at ``path``; None, and faults, when it cannot be read.

    ``kind`` is ``"stations"``, ``"blocks"`` or ``"gates"``: whose column names apply.
    ``extra_columns`` are columns that study.toml names itself (groups of people). ``sheet``: of a
    workbook.
    """
    label = folder.label(path)

    def known(header: str) -> str | None:
        return match_column(header, kind, extra_columns)

    form = form_of(path, TABLES)
    if form is None:
        fact = f"ends in {path.suffix.lower()!r}, which this version does not read as a table"
        folder.book.fault(label, fact, f"save it as {in_words(TABLES)}")
        return None
    read = _READERS.get(form, _drawing)
    raw = read(_Asked(path, label, folder, known, kind, sheet))
    if raw is None:
        return None
    if not raw.rows and not may_be_empty:
        folder.book.fault(label, "holds no rows", "fill it in, or take it out of study.toml")
        return None
    named = _with_contract_names(raw, kind, folder.book, extra_columns)
    return None if named is None else with_pairs_parted(named, folder.extract, folder.book)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A file that is to be read as a table: what it is called, and what is known of its columns."""

    path: Path
    label: str
    folder: StudyFolder
    known: Callable[[str], str | None]
    kind: str
    sheet: str | None


def _with_contract_names(
    raw: Table, kind: str, book: FaultBook, extra_columns: tuple[str, ...]
) -> Table | None:
    headers: dict[str, str] = {}
    unknown = []
    for header in raw.headers:
        name = match_column(header, kind, extra_columns)
        if name is None and header in raw.cut:
            name = match_cut(header, kind)
        if name is None:
            unknown.append(header)
        elif name not in headers:
            headers[name] = header
        elif name in PLACES and datums_in(header) | datums_in(headers[name]):
            kept = preferred([headers[name], header])
            gone = header if kept == headers[name] else headers[name]
            headers[name] = kept
            book.note(f"{raw.label}: column '{kept}' is read, column '{gone}' is not")
        else:
            fact = f"and '{shorten(headers[name])}' both mean '{name}'"
            book.fault(
                raw.label, fact, "keep one of the two columns", row=raw.header_row, value=header
            )
    if any(row.cells.get("") for row in raw.rows):
        book.note(f"{raw.label}: a column without a name is not used")
    for header in unknown:
        near = nearest_word(header, column_names()[kind])
        hint = f" (did you mean '{near}'?)" if near is not None and near not in headers else ""
        if header.strip():
            book.note(f"{raw.label}: column {shorten(header)!r} is not known and not used{hint}")
    rows = tuple(
        replace(
            row, cells={name: row.cells.get(header, "").strip() for name, header in headers.items()}
        )
        for row in raw.rows
    )
    named = replace(raw, headers=headers, rows=rows)
    return table_through(named, kind, book)


def _csv(asked: _Asked) -> Table | None:
    label, folder = asked.label, asked.folder
    text = folder.read_text(asked.path, label, chinese=True)
    if text is None:
        return None
    book = folder.book
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    numbers: list[int] = []
    found: list[list[str]] = []
    before = 0
    try:
        for cells in lines:
            number, before = before + 1, lines.line_num
            if any(cell.strip() for cell in cells):
                numbers.append(number)
                found.append([cell.strip() for cell in cells])
    except csv.Error as error:
        cure = 'close each double quote, and write a quote inside a cell twice: ""'
        book.fault(label, f"cannot be read as CSV ({error})", cure, row=before + 1)
        return None
    headed = head(Grid(numbers, found), asked.known)
    if headed is None:
        book.fault(label, "is empty", "write a row of column names and a row per entry")
        return None
    header = found[headed.header]
    number = numbers[headed.header]
    mark = next((mark for mark in _NO_MARKS if len(header) == 1 and mark in header[0]), None)
    if mark is not None:
        cure = "save it again as CSV UTF-8 (cells parted by commas)"
        book.fault(
            label, f"parts its cells by {mark!r}, not by commas", cure, row=number, value=header[0]
        )
        return None
    if not _header_is_sound(header, label, number, book):
        return None
    rows: list[Row] = []
    for place in headed.rows:
        cells = found[place]
        if len(cells) == len(header):
            rows.append(Row(numbers[place], columns_of(header, cells)))
            continue
        fact = f"has {len(cells)} cells where the header has {len(header)}"
        cure = 'put text that holds a comma into double quotes: "a, b"'
        if len(cells) < len(header):
            cure = "add the missing cells (a comma for an empty one), or put text with line breaks into quotes"
        book.fault(label, fact, cure, row=numbers[place])
        rows.append(Row(numbers[place], columns_of(header, cells), broken=True))
    _note_left_out(label, headed.left_out, book)
    return Table(
        label,
        "row",
        {name: name for name in header if name},
        tuple(rows),
        drawn=False,
        header_row=number,
        asides=asides(Grid(numbers, found), headed),
    )


def _workbook(asked: _Asked) -> Table | None:
    from walkshed.inputs.tables.workbook import read_sheet

    folder, known = asked.folder, asked.known
    read = read_sheet(asked.path, asked.label, asked.kind, asked.sheet, known, folder)
    if read is None:
        return None
    label, grid, headed, bad = read
    names = list(headed.names)
    # two columns of one name: only those that are known are a fault
    for place, name in enumerate(names):
        if name and names.index(name) < place and known(name) is None:
            names[place] = ""
    number = grid.numbers[headed.header]
    if not _header_is_sound(names, label, number, folder.book):
        return None
    rows = tuple(
        Row(
            grid.numbers[place],
            columns_of(names, grid.cells[place]),
            broken=grid.numbers[place] in bad,
        )
        for place in headed.rows
    )
    _note_left_out(label, headed.left_out, folder.book)
    headers = {name: name for name in names if name}
    return Table(
        label, "row", headers, rows, drawn=False, header_row=number, asides=asides(grid, headed)
    )


def _note_left_out(label: str, left_out: Sequence[tuple[int, str]], book: FaultBook) -> None:
    for number, what in left_out:
        book.note(f"{label}, row {number}: is {what}, no entry, and is not read")


def _delimiter(text: str) -> str:
    """Return the mark between cells: the one of ``, ; tab`` in the header (Excel writes ; in much of Europe)."""
    # a title may hold none of them
    for header in text.lstrip("\r\n").split("\n")[:MOST_TITLE_ROWS]:
        for mark in ",\t;":
            if mark in header:
                return mark
    return ","


def _header_is_sound(header: list[str], label: str, number: int, book: FaultBook) -> bool:
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    for name in repeated:
        book.fault(
            label, "is the name of two columns", "rename or remove one", row=number, value=name
        )
    return not repeated


def _geojson(asked: _Asked) -> Table | None:
    return read_geojson(asked.path, asked.label, asked.folder)


def _drawing(asked: _Asked) -> Table | None:
    return read_layer(asked.path, asked.label, asked.folder)


#: Who reads a form of file as a table; all others are GDAL's.
_READERS: Mapping[FileForm, Callable[[_Asked], Table | None]] = {
    CSV: _csv,
    WORKBOOK: _workbook,
    GEOJSON: _geojson,
}
