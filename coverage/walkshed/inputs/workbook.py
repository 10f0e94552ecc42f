"""Workbooks: the sheet that is meant, its cells as text, merged cells spread."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from walkshed.errors import SHEET_MARK
from walkshed.inputs.book import did_you_mean
from walkshed.inputs.cell_text import cell_text
from walkshed.inputs.files import OLD_OFFICE, StudyFolder
from walkshed.inputs.grid import Grid, Headed, Known, Merge, head, spread

_MOST_CELLS = 5_000_000
_FORMULA = re.compile(rb"<f[ >/]")
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
#: Sheets that are called so are the ones meant, whatever else a workbook holds.
_SHEETS = {
    "stations": ("stations", "站点", "站点表"),
    "blocks": ("blocks", "小区", "小区名录", "小区表"),
    "offers": ("offers", "服务供给"),
    "gates": ("gates", "出入口", "大门"),
    "people": ("people", "人口"),
}


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
        import openpyxl

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        zipfile.BadZipFile,
        SyntaxError,
    ):
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
    sheets = {each.title: each for each in book.worksheets if each.sheet_state == "visible"}
    if sheet is not None and sheet not in sheets:
        cure = did_you_mean(sheet, list(sheets))
        folder.book.fault(label, "has no sheet of that name", cure, value=sheet)
        return None
    wanted = {sheet: sheets[sheet]} if sheet is not None else sheets
    grids = {
        name: _grid(each)
        for name, each in wanted.items()
        if each.max_row * each.max_column <= _MOST_CELLS
    }
    found = {
        name: (grid, headed)
        for name, grid in grids.items()
        if (headed := head(grid, known)) is not None
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
    hidden = [each.title for each in book.worksheets if each.sheet_state != "visible"]
    if not headed.rows and hidden:
        cure = "show the sheet that is meant, or fill in a visible one"
        folder.book.fault(label, f"holds no rows but in hidden sheets ({', '.join(hidden)})", cure)
        return None
    called_so = f"{label}{SHEET_MARK}{chosen[0]}"
    bad = _unusable(data, chosen[0], grid, headed, known)
    for number, name, text in bad:
        fact, cure = "is an error of a formula", "correct the formula, or write the value"
        if text not in _ERRORS:
            fact = "is a formula without a stored result"
            cure = "open the workbook in Excel or WPS and save it, or write the value"
        folder.book.fault(called_so, fact, cure, row=number, column=name, value=text)
    return called_so, grid, headed, frozenset(number for number, _, _ in bad)


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
        import openpyxl

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            page = openpyxl.load_workbook(io.BytesIO(data))[sheet]
        formulas = {
            (cell.row, cell.column - 1): str(cell.value)
            for row in page.iter_rows()
            for cell in row
            if cell.data_type == "f"
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


def _grid(sheet: Any) -> Grid:  # noqa: ANN401 (an openpyxl sheet)
    cells = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    width = max((len(row) for row in cells), default=0)
    last = max((column + 1 for row in cells for column, cell in enumerate(row) if cell), default=0)
    cells = [[*row, *[""] * (width - len(row))] for row in cells]
    merges = [
        Merge(
            area.min_row - 1,
            area.min_col - 1,
            min(area.max_row, len(cells)) - 1,
            min(area.max_col, width) - 1,
        )
        for area in sheet.merged_cells.ranges
        if area.min_row <= len(cells) and area.min_col <= width
    ]
    filled = [row[: max(last, 1)] for row in spread(cells, merges)]
    merges = [
        Merge(m.top, m.left, m.bottom, min(m.right, max(last, 1) - 1))
        for m in merges
        if m.left < last
    ]
    return Grid(range(1, len(filled) + 1), filled, sorted(merges, key=lambda m: (m.top, m.left)))


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
