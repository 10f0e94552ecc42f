"""The workbook of a survey: a sheet to print for every kind of fact, a hidden one that tells which fact a row is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from walkshed.model.labels import Label
from walkshed.model.survey_form import (
    ANSWER,
    BOX,
    COLUMNS,
    FACTS_HEAD,
    FACTS_SHEET,
    FILLED,
    PRIORITY,
    SHEET,
)
from walkshed.model.town.survey import FactKind, SurveyItem, Verified
from walkshed.reports.workbook.paper import column_letter, lettering_width, safe
from walkshed.reports.writing.same_bytes import workbook_bytes
from walkshed.words.studies.survey import (
    HOW,
    HOW_TO,
    TITLE,
    check_text,
    known_text,
    place_words,
)

if TYPE_CHECKING:
    from openpyxl import Workbook

_FONT, _HEAD_FONT = Label("宋体", "Calibri"), Label("黑体", "Calibri")
_A4 = 9
_LINE_HEIGHT, _ROW_MIN = 14.0, 58.0
_HEAD, _TO_FILL = "D9E2EC", "FFFBEA"
#: Above the table: a title, and how to fill in.
_HEAD_ROW = 4


def survey_workbook(
    items: Sequence[SurveyItem],
    study: str,
    language: str,
    *,
    figures: Mapping[tuple[str, str], str] | None = None,
) -> bytes:
    """Return the workbook as a file; of the same items, the same bytes.

    Items stand on the sheet of their kind in the order in which they come. ``figures`` name the
    figure of an area.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    book.properties.creator = "walkshed"
    by_kind = sorted(items, key=lambda item: list(FactKind).index(item.fact.kind))
    for kind, group in groupby(by_kind, key=lambda item: item.fact.kind):
        _add_sheet(book, kind, list(group), study, language, figures or {})
    if not book.worksheets:
        # a workbook has a sheet, though there is nothing to check
        _add_sheet(book, FactKind.GATE, [], study, language, {})
    _add_facts(book, items)
    return workbook_bytes(book)


def _add_sheet(
    book: Workbook,
    kind: FactKind,
    items: Sequence[SurveyItem],
    study: str,
    language: str,
    figures: Mapping[tuple[str, str], str],
) -> None:
    """Add the sheet of a kind of fact: title, how to fill in, head, a row for each item."""
    from openpyxl.styles import Alignment, Font

    name = SHEET[kind].in_(language)
    sheet = book.create_sheet(name)
    widths = [width for _, width in COLUMNS.values()]
    _set_up(sheet, widths)

    # over the whole width
    title = TITLE.said(language, study=study, sheet=name)
    lines = (title, HOW.in_(language), HOW_TO[kind].in_(language))
    for row, text in enumerate(lines, start=1):
        cell = sheet.cell(row, 1, safe(text))
        face = (_HEAD_FONT if row == 1 else _FONT).in_(language)
        cell.font = Font(name=face, size=14 if row == 1 else 10, bold=row == 1)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(widths))
        count = -(-lettering_width(text) * (14 if row == 1 else 10) // (sum(widths) * 10))
        sheet.row_dimensions[row].height = max(1, count) * (20.0 if row == 1 else _LINE_HEIGHT)

    # the table
    _add_head(sheet, language)
    for row, item in enumerate(items, start=_HEAD_ROW + 1):
        figure = figures.get((item.subdistrict, item.community), "")
        _add_row(sheet, row, _cells(item, figure, language), language)
    _add_choices(sheet, len(items), language)


def _cells(item: SurveyItem, figure: str, language: str) -> Mapping[str, str]:
    """Return what is printed of an item, by column."""
    return {
        "number": item.number,
        "priority": PRIORITY[item.priority].in_(language),
        "community": item.community or item.subdistrict,
        "subject": item.name,
        "place": place_words(item, figure, language),
        "check": check_text(item, language),
        "known": known_text(item, language),
        "answer": "\n".join(f"{BOX}{label.in_(language)}" for label in ANSWER.values()),
    }


def _add_head(sheet: Any, language: str) -> None:  # noqa: ANN401 (openpyxl's)
    """Write the names of the columns."""
    from openpyxl.styles import Alignment, Font, PatternFill

    for place, (label, _) in enumerate(COLUMNS.values(), start=1):
        cell = sheet.cell(_HEAD_ROW, place, label.in_(language))
        cell.font = Font(name=_HEAD_FONT.in_(language), size=10, bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.fill = PatternFill("solid", start_color=_HEAD)
        cell.border = _border()
    sheet.row_dimensions[_HEAD_ROW].height = 2 * _LINE_HEIGHT + 4


def _add_row(sheet: Any, row: int, cells: Mapping[str, str], language: str) -> None:  # noqa: ANN401
    """Write an item; what is filled in by hand is paper-colored and unlocked."""
    from openpyxl.styles import Alignment, Font, PatternFill

    high = 1
    for place, (key, (_, width)) in enumerate(COLUMNS.items(), start=1):
        text = str(safe(cells.get(key, "")) or "")
        cell = sheet.cell(row, place, text or None)
        # a cell that is text is never a formula
        cell.number_format = "@"
        cell.font = Font(name=_FONT.in_(language), size=10)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.border = _border()
        if key in FILLED:
            cell.fill = PatternFill("solid", start_color=_TO_FILL)
        high = max(high, -(-lettering_width(text) // (width - 1)))
    sheet.row_dimensions[row].height = max(_ROW_MIN, high * _LINE_HEIGHT)


def _add_choices(sheet: Any, rows: int, language: str) -> None:  # noqa: ANN401 (openpyxl's)
    """Offer the four answers in the column of results; other words are judged when they come back."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if not rows:
        return
    words = ",".join(ANSWER[answer].in_(language) for answer in Verified)
    choice = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    choice.showErrorMessage = False
    letter = column_letter(list(COLUMNS).index("answer") + 1)
    choice.add(f"{letter}{_HEAD_ROW + 1}:{letter}{_HEAD_ROW + rows}")
    sheet.add_data_validation(choice)


def _border() -> Any:  # noqa: ANN401 (openpyxl's)
    """Return thin lines around a cell."""
    from openpyxl.styles import Border, Side

    thin = Side(style="thin", color="7F7F7F")
    return Border(left=thin, right=thin, top=thin, bottom=thin)


def _set_up(sheet: Any, widths: Sequence[int]) -> None:  # noqa: ANN401 (openpyxl's)
    """Print on A4, landscape, as wide as the paper, with the head on every page."""
    from openpyxl.worksheet.properties import PageSetupProperties

    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[column_letter(place)].width = width
    sheet.freeze_panes = f"A{_HEAD_ROW + 1}"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.6
    sheet.HeaderFooter.oddFooter.center.text = "&P / &N"


def _add_facts(book: Workbook, items: Sequence[SurveyItem]) -> None:
    """Add the sheet that planners do not see: which fact each number is, and how it was known."""
    sheet = book.create_sheet(FACTS_SHEET)
    sheet.sheet_state = "hidden"
    sheet.append(list(FACTS_HEAD))
    for item in items:
        fact = item.fact
        at = json.dumps([list(place) for place in fact.places])
        sheet.append([item.number, fact.kind.value, fact.subject, at, fact.known])
    for line in sheet.iter_rows():
        for cell in line:
            cell.data_type, cell.number_format = "s", "@"
