"""Workbooks: the sheet that is meant, its cells as text, merged cells spread."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from walkshed.errors import SHEET_MARK
from walkshed.inputs.faults import did_you_mean
from walkshed.inputs.files import OLD_OFFICE, StudyFolder
from walkshed.inputs.tables.cell_text import cell_text
from walkshed.inputs.tables.grid import Grid, Headed, Known, Merge, head, spread

_MOST_CELLS = 5_000_000
_MOST_BYTES = 1 << 29  # unpacked
#: A table may have gaps; what stands beyond more blank rows or columns is a stray cell.
_MOST_BLANK_ROWS, _MOST_BLANK = 1000, 100
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([^\"']+)[\"']")
#: What openpyxl raises on a file that is no workbook, or a damaged one.
_DAMAGED = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    zipfile.BadZipFile,
    zlib.error,
)
#: The namespace of Strict Open XML (ISO/IEC 29500), which openpyxl does not know.
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBERED, _HIDDEN = (
    re.compile(rb"\br=[\"'](\d+)[\"']"),
    re.compile(rb"\bhidden=[\"'](?:1|true)[\"']"),
)
_MOST_TOLD = 20
_FORMULA = re.compile(rb"<f[ >/]")
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
#: Sheets that are called so are the ones meant, whatever else a workbook holds.
_SHEETS = {
    "stations": ("stations", "站点", "站点表"),
    "blocks": ("blocks", "小区", "小区名录", "小区表"),
    "offers": ("offers", "服务供给"),
    "gates": ("gates", "出入口", "大门"),
    "people": ("people", "人口"),
    "services": ("services", "服务类别"),
}


class _StrictError(Exception):
    """A workbook in the strict form of the format, which reads as empty."""


class _TooLargeError(Exception):
    """A workbook that is larger than any table; says what exceeds what."""


@dataclass(frozen=True, slots=True)
class _Page:
    """The cells of a sheet, and what is said of cells that stand far off ("" for none)."""

    grid: Grid
    far: str
    hidden: frozenset[int] = frozenset()  # rows, by number


def read_sheet(
    path: Path, label: str, kind: str, sheet: str | None, known: Known, folder: StudyFolder
) -> tuple[str, Grid, Headed, frozenset[int]] | None:
    """Return the label of the sheet, its cells, its header and the rows that have a fault already.

    None, and a fault, when it is not clear which sheet is meant, or its file cannot be read.

    ``sheet`` is what study.toml names. Without a name: the sheet called as the table is, else the
    only one that holds columns of such a table.
    """
    data = folder.read_bytes(path, label)
    if data is None:
        return None
    try:
        sheets, hidden, grids = _pages(data, sheet)
    except _DAMAGED:
        cure = "save it again as Excel workbook (.xlsx), without a password, or as CSV UTF-8"
        old = (
            ": it is an old one (.xls) under another name, or has a password"
            if data[:8] == OLD_OFFICE
            else ""
        )
        folder.book.fault(
            label, f"{'is empty' if not data else 'cannot be read as a workbook'}{old}", cure
        )
        return None
    except _StrictError:
        fact = "is a workbook in the form Strict Open XML, which cannot be read"
        cure = "save it as Excel workbook (.xlsx), not as Strict Open XML workbook, or as CSV UTF-8"
        folder.book.fault(label, fact, cure)
        return None
    except _TooLargeError as error:
        cure = "save the sheet that is meant in a workbook of its own, or as CSV UTF-8"
        folder.book.fault(label, str(error), cure)
        return None
    if sheet is not None and sheet not in sheets:
        cure = did_you_mean(sheet, list(sheets))
        folder.book.fault(label, "has no sheet of that name", cure, value=sheet)
        return None
    found = {
        name: (grid, headed)
        for name, page in grids.items()
        if (headed := head(grid := page.grid, known)) is not None
    }
    if not found:
        folder.book.fault(label, "is empty", "write a row of column names and a row per entry")
        return None
    called = [name for name in found if name.strip().lower() in _SHEETS.get(kind, ())]
    fitting = [name for name, (_, headed) in found.items() if headed.known >= 2]
    chosen = called if len(called) == 1 else list(found) if len(found) == 1 else fitting
    if len(chosen) != 1:
        what = f"{len(chosen)} sheets that may be meant" if chosen else "no sheet with such columns"
        cure = f'write sheet = "{(chosen or list(found))[0]}" under [{kind}] in study.toml'
        folder.book.fault(label, f"has {what} ({', '.join(chosen or found)})", cure)
        return None
    grid, headed = found[chosen[0]]
    if not headed.rows and hidden:
        cure = "show the sheet that is meant, or fill in a visible one"
        folder.book.fault(label, f"holds no rows but in hidden sheets ({', '.join(hidden)})", cure)
        return None
    called_so = f"{label}{SHEET_MARK}{chosen[0]}"
    if grids[chosen[0]].far:
        folder.book.note(f"{called_so}: {grids[chosen[0]].far}")
    _note_hidden(called_so, grids[chosen[0]], headed, folder)
    bad = _unusable(data, chosen[0], grid, headed, known)
    for number, name, text in bad:
        fact, cure = "is an error of a formula", "correct the formula, or write the value"
        if text not in _ERRORS:
            fact = "is a formula without a stored result"
            cure = "open the workbook in Excel or WPS and save it, or write the value"
        folder.book.fault(called_so, fact, cure, row=number, column=name, value=text)
    return called_so, grid, headed, frozenset(number for number, _, _ in bad)


def _note_hidden(label: str, page: _Page, headed: Headed, folder: StudyFolder) -> None:
    """Note rows of data that a filter or a person has hidden: they count."""
    numbers = [page.grid.numbers[place] for place in headed.rows]
    hidden = [number for number in numbers if number in page.hidden]
    if hidden:
        shown = ", ".join(map(str, hidden[:_MOST_TOLD])) + (
            " …" if len(hidden) > _MOST_TOLD else ""
        )
        folder.book.note(
            f"{label}: {len(hidden)} of {len(numbers)} rows are hidden (by a filter or by hand) and count "
            f"all the same: {'row' if len(hidden) == 1 else 'rows'} {shown}; delete those that are not meant"
        )


def _unusable(
    data: bytes, sheet: str, grid: Grid, headed: Headed, known: Known
) -> list[tuple[int, str, str]]:
    """Return (row, column, text) of cells in known columns that are formulas' errors or have no stored result.

    A program that writes formulas without computing them leaves cells that read as empty.
    """
    columns = [
        (at, name) for at, name in enumerate(headed.names) if name and known(name) is not None
    ]
    formulas: Mapping[tuple[int, int], str] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [
            name
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        ]
        has_formulas = any(_FORMULA.search(archive.read(name)) for name in parts)
    if has_formulas:
        page = _sheets(data, stored=False)[sheet]
        formulas = {
            (cell.row, cell.column - 1): str(cell.value)
            for row in page.iter_rows()
            for cell in row
            if getattr(cell, "data_type", None) == "f"
        }
    found = []
    for place in headed.rows:
        number = grid.numbers[place]
        for at, name in columns:
            text = grid.cells[place][at]
            formula = formulas.get((number, at), "")
            if text in _ERRORS or (formula and not text):
                found.append((number, name, text or formula))
    return found


def _sheets(data: bytes, *, stored: bool = True) -> dict[str, Any]:
    """Return the sheets of a workbook by name, to be read row by row; values as stored, or formulas."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=stored)
    for page in book.worksheets:
        page.reset_dimensions()  # what a sheet says of its size is often wrong
    return {page.title: page for page in book.worksheets}


def _pages(data: bytes, wanted: str | None) -> tuple[list[str], list[str], dict[str, _Page]]:
    """Return the names of visible and of hidden sheets, and the cells of the visible ones (of one that is wanted)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
        strict = unpacked <= _MOST_BYTES and any(
            _STRICT in archive.read(part)
            for part in archive.namelist()
            if part.lstrip("/").lower() == "xl/workbook.xml"
        )
    if strict:
        raise _StrictError
    if unpacked > _MOST_BYTES:
        raise _TooLargeError(
            f"unpacks to {unpacked / 1e6:,.0f} MB, more than the {_MOST_BYTES / 1e6:,.0f} MB of any table"
        )
    every = _sheets(data)
    visible = [name for name, page in every.items() if page.sheet_state == "visible"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pages = {name: _page(every[name], data) for name in visible if wanted in (None, name)}
    return visible, [name for name in every if name not in visible], pages


def _page(sheet: Any, data: bytes) -> _Page:  # noqa: ANN401 (an openpyxl sheet)
    """Return the cells of a sheet as far as it is filled: what is only formatted is no cell."""
    rows: dict[int, list[str]] = {}
    count = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if not any(value is not None for value in values):
            continue
        texts = [_text(value) for value in values]
        while texts and not texts[-1]:
            texts.pop()
        count += len(texts) - texts.count("")
        if count > _MOST_CELLS:
            raise _TooLargeError(f"holds more than {_MOST_CELLS:,} filled cells")
        if texts:
            rows[number] = texts

    # a stray cell at the sheet's end is no part of the table
    columns = sorted({at + 1 for texts in rows.values() for at, text in enumerate(texts) if text})
    height, width = _before_gap(sorted(rows), _MOST_BLANK_ROWS), _before_gap(columns, _MOST_BLANK)
    stray = [
        f"{_letters(at)}{number}"
        for number, texts in rows.items()
        for at, text in enumerate(texts)
        if text and (number > height or at >= width)
    ]
    if height * width > _MOST_CELLS:
        raise _TooLargeError(f"reaches over {height:,} rows and {width:,} columns")
    cells = [
        [*rows.get(number, [])[:width], *[""] * (width - len(rows.get(number, [])))]
        for number in range(1, height + 1)
    ]
    merges = [
        Merge(top, left, min(bottom, height - 1), min(right, width - 1))
        for top, left, bottom, right in _merges(sheet, data)
        if top < height and left < width
    ]
    if sum((m.bottom - m.top + 1) * (m.right - m.left + 1) for m in merges) > 2 * _MOST_CELLS:
        raise _TooLargeError("merges its cells over and over")
    filled = spread(cells, merges)
    grid = Grid(range(1, len(filled) + 1), filled, sorted(merges, key=lambda m: (m.top, m.left)))
    far = ""
    if stray:
        more = f" and {len(stray) - 1} more" if len(stray) > 1 else ""
        far = f"what stands far off the table is left out (cell {stray[0]}{more})"
    return _Page(grid, far, _hidden_rows(sheet, data))


def _before_gap(places: list[int], most_blank: int) -> int:
    """Return the last of ascending places before more than ``most_blank`` empty ones."""
    last = 0
    for place in places:
        if place - last > most_blank + 1:
            break
        last = place
    return last


def _merges(sheet: Any, data: bytes) -> list[tuple[int, int, int, int]]:  # noqa: ANN401 (an openpyxl sheet)
    """Return the merged areas of a sheet: top, left, bottom and right, from 0.

    They are read from the file: openpyxl would make a cell of each place that they cover, and one
    may cover all 17 billion.
    """
    from openpyxl.utils import range_boundaries

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.read(sheet._worksheet_path.lstrip("/"))  # noqa: SLF001 (no other way to it)
    areas = []
    for reference in dict.fromkeys(_MERGE.findall(part)):
        left, top, right, bottom = range_boundaries(reference.decode("ascii", "replace"))
        if None not in (left, top, right, bottom):
            areas.append((top - 1, left - 1, bottom - 1, right - 1))
    return areas


def _hidden_rows(sheet: Any, data: bytes) -> frozenset[int]:  # noqa: ANN401 (an openpyxl sheet)
    """Return the numbers of rows that are hidden: by hand, or by a filter."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.read(sheet._worksheet_path.lstrip("/"))  # noqa: SLF001 (no other way to it)
    hidden: set[int] = set()
    number = 0
    for row in _ROW.finditer(part):
        stated = _NUMBERED.search(row[1])
        number = int(stated[1]) if stated is not None else number + 1
        if _HIDDEN.search(row[1]):
            hidden.add(number)
    return frozenset(hidden)


def _letters(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column + 1))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == time(0)
            else value.isoformat(sep=" ", timespec="minutes")
        )
    if isinstance(value, date):
        return value.isoformat()
    return cell_text(value).strip()
