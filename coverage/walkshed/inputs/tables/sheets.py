"""The sheets of a workbook: their cells as text as far as they are filled, merged cells spread, formulas."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from walkshed.inputs.tables.cells import cell_text
from walkshed.inputs.tables.grid import Grid, Merge, spread
from walkshed.model.messages import Message

_MOST_CELLS = 5_000_000
_MOST_BYTES = 1 << 29  # unpacked
#: A table may have gaps; what stands beyond more blank rows or columns is a stray cell.
_MOST_BLANK_ROWS, _MOST_BLANK = 1000, 100
#: What openpyxl raises on a file that is no workbook, or a damaged one.
DAMAGED = (
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
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([^\"']+)[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBERED = re.compile(rb"\br=[\"'](\d+)[\"']")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_FORMULA = re.compile(rb"<f[ >/]")


class StrictError(Exception):
    """A workbook in the strict form of the format, which reads as empty."""


class TooLargeError(Exception):
    """A workbook that is larger than any table; says what exceeds what."""


@dataclass(frozen=True, slots=True)
class Page:
    """The cells of a sheet, and what is said of cells that stand far off ("" for none)."""

    grid: Grid
    far: str
    hidden: frozenset[int] = frozenset()  # rows, by number


@dataclass(frozen=True, slots=True)
class Sheets:
    """The names of a workbook's visible and hidden sheets, and the pages that were read, by name."""

    visible: list[str]
    hidden: list[str]
    pages: Mapping[str, Page]


def sheets_in(data: bytes, wanted: str | None, *, also: str = "") -> Sheets:
    """Return the sheets of a workbook, the visible ones read (of these only one that is ``wanted``).

    One sheet is read ``also`` where it is hidden.

    Raises ``StrictError``, ``TooLargeError`` and what ``DAMAGED`` lists.
    """
    _refuse_unreadable(data)
    every = _opened(data)
    visible = [name for name, sheet in every.items() if sheet.sheet_state == "visible"]
    hidden = [name for name in every if name not in visible]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = [name for name in visible if wanted in (None, name)]
        read += [name for name in hidden if name == also]
        pages = {name: _page(every[name], data) for name in read}
    return Sheets(visible, hidden, pages)


def formulas_in(data: bytes, sheet: str) -> Mapping[tuple[int, int], str]:
    """Return the formulas of a sheet, by the number of the row (from 1) and the column (from 0)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        texts = (archive.read(name) for name in parts if name.endswith(".xml"))
        has_formulas = any(_FORMULA.search(text) for text in texts)

    # a workbook is read a second time only where there is something to find
    if not has_formulas:
        return {}
    return {
        (cell.row, cell.column - 1): str(cell.value)
        for row in _opened(data, stored=False)[sheet].iter_rows()
        for cell in row
        if getattr(cell, "data_type", None) == "f"
    }


def _refuse_unreadable(data: bytes) -> None:
    """Raise where a workbook is too large to be unpacked, or in a form that would read as empty."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > _MOST_BYTES:
            raise TooLargeError(
                Message(
                    "unpacks to {unpacked:,.0f} MB, more than the {most_bytes:,.0f} MB of any "
                    "table",
                    unpacked=unpacked / 1000000.0,
                    most_bytes=_MOST_BYTES / 1000000.0,
                )
            )

        books = [
            part for part in archive.namelist() if part.lstrip("/").lower() == "xl/workbook.xml"
        ]
        if any(_STRICT in archive.read(part) for part in books):
            raise StrictError


def _opened(data: bytes, *, stored: bool = True) -> dict[str, Any]:
    """Return the sheets of a workbook by name, to be read row by row; values as stored, or formulas."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=stored)

    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a sheet says of its size is often wrong
    return {sheet.title: sheet for sheet in book.worksheets}


def _page(sheet: Any, data: bytes) -> Page:  # noqa: ANN401 (an openpyxl sheet)
    """Return the cells of a sheet as far as it is filled: what is only formatted is no cell."""
    rows = _filled_rows(sheet)

    # a stray cell at the sheet's end is no part of the table
    columns = sorted({at + 1 for texts in rows.values() for at, text in enumerate(texts) if text})
    height = _before_gap(sorted(rows), _MOST_BLANK_ROWS)
    width = _before_gap(columns, _MOST_BLANK)
    if height * width > _MOST_CELLS:
        raise TooLargeError(
            Message(
                "reaches over {height:,} {height:row|rows} and {width:,} {width:column|columns}",
                height=height,
                width=width,
            )
        )

    # every row as wide as the table, merged areas filled
    cells = [_wide(rows.get(number, []), width) for number in range(1, height + 1)]
    merges = _merges_within(sheet, data, height, width)
    filled = spread(cells, merges)
    ordered = sorted(merges, key=lambda merge: (merge.top, merge.left))
    grid = Grid(range(1, len(filled) + 1), filled, ordered)

    return Page(grid, _far(rows, height, width), _hidden_rows(sheet, data))


def _filled_rows(sheet: Any) -> dict[int, list[str]]:  # noqa: ANN401 (an openpyxl sheet)
    """Return the rows that hold text, by their numbers, each up to its last filled cell."""
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
            raise TooLargeError(
                Message(
                    "holds more than {most_cells:,} filled {most_cells:cell|cells}",
                    most_cells=_MOST_CELLS,
                )
            )
        if texts:
            rows[number] = texts
    return rows


def _wide(texts: list[str], width: int) -> list[str]:
    """Return a row cut or filled up to a width."""
    return [*texts[:width], *[""] * (width - len(texts))]


def _far(rows: Mapping[int, list[str]], height: int, width: int) -> str:
    """Return what is said of cells beyond the table, "" for none."""
    stray = [
        f"{_letters(at)}{number}"
        for number, texts in rows.items()
        for at, text in enumerate(texts)
        if text and (number > height or at >= width)
    ]
    if not stray:
        return ""

    if len(stray) == 1:
        return Message("what stands far off the table is left out (cell {cell})", cell=stray[0])
    return Message(
        "what stands far off the table is left out (cell {cell} and {count} more)",
        cell=stray[0],
        count=len(stray) - 1,
    )


def _before_gap(places: list[int], most_blank: int) -> int:
    """Return the last of ascending places before more than ``most_blank`` empty ones."""
    last = 0
    for place in places:
        if place - last > most_blank + 1:
            break
        last = place
    return last


def _merges_within(
    sheet: Any,  # noqa: ANN401 (an openpyxl sheet)
    data: bytes,
    height: int,
    width: int,
) -> list[Merge]:
    """Return the merged areas of a sheet as far as they lie within the table."""
    merges = [
        Merge(area.top, area.left, min(area.bottom, height - 1), min(area.right, width - 1))
        for area in _merges(sheet, data)
        if area.top < height and area.left < width
    ]

    # areas that overlap would be filled over and over
    covered = sum((each.bottom - each.top + 1) * (each.right - each.left + 1) for each in merges)
    if covered > 2 * _MOST_CELLS:
        raise TooLargeError("merges its cells over and over")
    return merges


def _merges(sheet: Any, data: bytes) -> list[Merge]:  # noqa: ANN401 (an openpyxl sheet)
    """Return the merged areas of a sheet.

    They are read from the file: openpyxl would make a cell of each place that they cover, and one
    may cover all 17 billion.
    """
    from openpyxl.utils import range_boundaries

    areas = []
    for reference in dict.fromkeys(_MERGE.findall(_part(sheet, data))):
        left, top, right, bottom = range_boundaries(reference.decode("ascii", "replace"))
        if None not in (left, top, right, bottom):
            areas.append(Merge(top - 1, left - 1, bottom - 1, right - 1))
    return areas


def _hidden_rows(sheet: Any, data: bytes) -> frozenset[int]:  # noqa: ANN401 (an openpyxl sheet)
    """Return the numbers of rows that are hidden: by hand, or by a filter."""
    hidden: set[int] = set()
    number = 0
    for row in _ROW.finditer(_part(sheet, data)):
        # a row that does not state its number follows the one before
        stated = _NUMBERED.search(row[1])
        number = number + 1 if stated is None else int(stated[1])
        if _HIDDEN.search(row[1]):
            hidden.add(number)
    return frozenset(hidden)


def _part(sheet: Any, data: bytes) -> bytes:  # noqa: ANN401 (an openpyxl sheet)
    """Return the XML of a sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(sheet._worksheet_path.lstrip("/"))  # noqa: SLF001 (no other way to it)


def _letters(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column + 1))


def _text(value: object) -> str:
    """Return a stored value as text; dates as ISO has them, to the minute where they have a time."""
    if isinstance(value, datetime) and value.time() != time(0):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return cell_text(value).strip()
