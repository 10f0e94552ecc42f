"""A sheet as it is written: title, note, tables, number formats, widths, and how it is printed."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from walkshed.model.labels import Label, Language
from walkshed.model.marks import plain
from walkshed.reports.declared import NUMBER, SHARE, TEXT, Kind
from walkshed.reports.workbook import reported
from walkshed.reports.workbook.forms import Head
from walkshed.reports.workbook.reported import Grid, Row
from walkshed.reports.writing.harmless import harmless
from walkshed.words.report.lines import NO_ROWS, too_many

if TYPE_CHECKING:
    from openpyxl import Workbook

#: Letters that a cell can hold.
_MOST_LETTERS = 32_000
_FONT = Label("宋体", "Calibri")
_HEAD_FONT = Label("黑体", "Calibri")
#: The last of some rows is their sum.
_FILLS = {
    "head": "D9E2EC",
    "office": "FFF2CC",
    "sum": "F2F2F2",
    "offered": "7FC97F",
    "offered_too": "D5EED5",
    "lacking": "FDD49E",
}
_A4 = 9
_LINE_HEIGHT = 15.0


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the tables of a sheet."""

    title: str
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Page:
    """A sheet that is being written, row by row; ``row`` is the last one."""

    sheet: Any
    language: Language
    width: int  # columns
    letters: int  # of all columns together
    row: int = 0

    def add(self, cells: Sequence[object], height: float | None = None) -> None:
        """Write the next row."""
        self.row += 1
        if height is not None:
            self.sheet.row_dimensions[self.row].height = height
        self.sheet.append(list(cells))

    def styled(self, value: object, **style: Any) -> Any:  # noqa: ANN401 (a cell)
        """Return a cell with a value that is no formula, and a style."""
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self.sheet, value=safe(value))
        for name, what in style.items():
            setattr(cell, name, what)
        return cell

    def line(self, text: str, **font: Any) -> None:  # noqa: ANN401 (of a font)
        """Write a text over the whole width, on as many lines as it takes."""
        from openpyxl.styles import Alignment, Font

        lines = math.ceil(lettering_width(text) / max(self.letters, 1))
        size = font.get("size", 10)
        wraps = Alignment(wrap_text=True, vertical="center")
        head = _HEAD_FONT if font.get("bold") else _FONT
        style = Font(name=head.in_(self.language), **{"size": 10, **font})
        self.add([self.styled(text, font=style, alignment=wraps)], lines * _LINE_HEIGHT * size / 10)
        if self.width > 1:
            self.sheet.merged_cells.add(f"A{self.row}:{column_letter(self.width)}{self.row}")


def write_sheet(
    book: Workbook,
    name: str,
    heading: Heading,
    grids: Sequence[Grid],
    *,
    language: Language,
    kept: int = 0,
    room: int = 0,
) -> tuple[Any, list[int]]:
    """Write the tables of a sheet below its heading; return the sheet, and the row of the head of each table.

    The first table has the filter. Where it is the only one, its head stays in sight and is printed
    on every page, else the title is; ``kept`` columns stay in sight as well. ``room`` rows stay empty
    below the first table, for a chart.
    """
    sheet = book.create_sheet(name)
    widths = _widths(grids)
    page = _Page(sheet, language, len(widths), sum(widths))
    _set_up(sheet, widths)

    # where panes are frozen must be known before the first row
    alone = len(grids) == 1
    notes = (*heading.notes, *(_notes(grids[0], language) if alone else ()))
    first_head = 2 + len(notes)
    frozen = first_head if alone else 1
    sheet.freeze_panes = f"{column_letter(kept + 1)}{frozen + 1}"
    sheet.print_title_rows = f"{first_head}:{first_head}" if alone else "1:1"

    page.line(heading.title, bold=True, size=14)
    for note in notes:
        page.line(note, color="595959")

    # table by table
    heads = []
    for grid in grids:
        if not alone:
            page.add([])
            page.line(grid.form.title.in_(language), bold=True, size=12)
            for note in _notes(grid, language):
                page.line(note, color="595959")
        heads.append(page.row + 1)
        _write_grid(page, grid)
        if len(heads) == 1:
            last = max(page.row - grid.sums, heads[0])
            sheet.auto_filter.ref = f"A{heads[0]}:{column_letter(len(grid.columns))}{last}"
            for _ in range(room):
                page.add([])
    return sheet, heads


def _notes(grid: Grid, language: Language) -> tuple[str, ...]:
    """Return what stands above a table."""
    notes = (*(note.in_(language) for note in grid.form.notes), *grid.notes)
    count = max(grid.too_many, len(grid.rows))
    if count <= reported.MOST_ROWS:
        return notes
    return (*notes, too_many(count, reported.MOST_ROWS, grid.form.file, language))


def _write_grid(page: _Page, grid: Grid) -> None:
    """Write the head and the rows of a table."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    font, bold = (
        Font(name=name.in_(page.language), size=10, bold=name is _HEAD_FONT)
        for name in (_FONT, _HEAD_FONT)
    )
    thin = Side(style="thin", color="BFBFBF")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    fills = {key: PatternFill("solid", start_color=color) for key, color in _FILLS.items()}
    centered = Alignment(horizontal="center", vertical="center", wrap_text=True)

    head = {"font": bold, "border": border, "fill": fills["head"], "alignment": centered}
    titles = [column.label.in_(page.language) for column in grid.columns]
    lines = max(
        math.ceil(lettering_width(title) / column.width)
        for title, column in zip(titles, grid.columns, strict=True)
    )
    page.add([page.styled(title, **head) for title in titles], lines * _LINE_HEIGHT + 3)
    if max(grid.too_many, len(grid.rows)) > reported.MOST_ROWS:
        return
    if not grid.rows:
        page.line(NO_ROWS.in_(page.language))
        return

    # one style for each column, and how its cells are aligned
    styles = [
        {
            "border": border,
            "alignment": Alignment(
                wrap_text=column.kind is TEXT,
                vertical="center",
                horizontal="left" if column.kind is TEXT else "right",
            ),
        }
        for column in grid.columns
    ]
    colors = grid.colors or {}
    for number, row in enumerate(grid.rows):
        is_sum = number >= len(grid.rows) - grid.sums
        cells = []
        for place, (value, column) in enumerate(zip(row, grid.columns, strict=True)):
            style = styles[place] | {"font": bold if is_sum else font}
            style["number_format"] = number_format(column.kind, value)
            key = _fill(column, value, colors.get((number, place), ""), is_sum=is_sum)
            if key:
                style["fill"] = fills[key]
            cells.append(page.styled(value, **style))
        page.add(cells, _height(row, grid.columns))


def _fill(column: Head, value: object, color: str, *, is_sum: bool) -> str:
    """Return how a cell is filled; "" for white."""
    if column.by_office and value is None:
        return "office"
    return color or ("sum" if is_sum else "")


def number_format(kind: Kind, value: object) -> str:
    """Return how a spreadsheet shows a number of a kind, a blank behind it."""
    if kind is TEXT:
        return "General"
    if kind is SHARE:
        return "0.0%_ "
    whole = kind.digits is None and kind.dtype != "float64"
    if whole or (isinstance(value, int | float) and kind is NUMBER and float(value).is_integer()):
        return "#,##0_ "
    return "General" if kind.digits is None else f"#,##0.{'0' * kind.digits}_ "


def safe(value: object) -> object:
    """Return a value that no spreadsheet runs, cuts or refuses."""
    if not isinstance(value, str):
        return value
    return harmless(plain(value)[:_MOST_LETTERS]) or None


def _height(row: Row, columns: Sequence[Head]) -> float:
    """Return how high a row is whose texts are wrapped."""
    lines = [
        math.ceil(lettering_width(value) / column.width)
        for value, column in zip(row, columns, strict=True)
        if isinstance(value, str) and value
    ]
    return min(max(lines, default=1), 27) * _LINE_HEIGHT


def lettering_width(text: str) -> int:
    """Return how wide a text is, in letters; Chinese ones are twice as wide."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _widths(grids: Sequence[Grid]) -> list[int]:
    """Return how wide each column is: as the widest of the tables has it."""
    most = max(len(grid.columns) for grid in grids)
    widths = [0] * most
    for grid in grids:
        for place, column in enumerate(grid.columns):
            widths[place] = max(widths[place], column.width)
    return widths


def _set_up(sheet: Any, widths: Sequence[int]) -> None:  # noqa: ANN401 (openpyxl's)
    """Set widths, and print on A4, landscape, as wide as the paper."""
    from openpyxl.worksheet.properties import PageSetupProperties

    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[column_letter(place)].width = width
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.8
    sheet.page_margins.footer = 0.4
    sheet.HeaderFooter.oddFooter.center.text = "&P / &N"


def column_letter(number: int) -> str:
    """Return the letters of a column, which counts from 1."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))
