"""Workbooks: the sheet that is meant, its header, and the cells of it that cannot be used."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from walkshed.errors import SHEET_MARK
from walkshed.inputs.faults import FaultBook, did_you_mean, first_of
from walkshed.inputs.files import OLD_OFFICE, StudyFolder
from walkshed.inputs.tables.grid import Grid, Headed, Known, head
from walkshed.inputs.tables.sheets import (
    DAMAGED,
    Page,
    Sheets,
    StrictError,
    TooLargeError,
    formulas_in,
    sheets_in,
)
from walkshed.inputs.tables.table import match_column
from walkshed.model.labels import further_words
from walkshed.model.messages import Listing, Message

_MOST_TOLD = 20
#: Sheets of one kind are not those of the other that fits them better.
_RIVALS = {"stations": "blocks", "blocks": "stations"}
_CLEARLY_MORE = 3  # known columns by which a sheet is meant, where several have some
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
#: Sheets that are called so are the ones meant, whatever else a workbook holds.
SHEET_NAMES = {
    "stations": ("stations", "站点", "站点表"),
    "blocks": ("blocks", "小区", "小区名录", "小区表"),
    "offers": ("offers", "服务明细", "服务明细表", "服务供给"),
    "gates": ("gates", "出入口", "出入口表", "大门"),
    "rooms": ("rooms", "房源", "房源表", "备选房源"),
    "visitors": ("visitors", "访客", "访客表"),
    "people": ("people", "人口"),
    "services": ("services", "服务类别", "服务类别表"),
    "operations": ("operations", "站点运行"),
    "population": ("population", "人口口径"),
    "governance": ("governance", "小区治理"),
    "work_orders": ("work_orders", "工单", "工单台账"),
    "relocations": ("relocations", "落地台账"),
    "room_times": ("room_times", "rooms by the hour", "房间时段"),
}


#: What offices add to a sheet's name: a year, a number, brackets, 表.
_ADDED = re.compile(
    r"[(\[【].*?[)\]】]|\d{4}年?(?:度|[一二三四1-4]季度|上半年|下半年|\d{1,2}月)?|[\s_·.-]+|\d+$|表$"
)


def sheets_called(names: Iterable[str], kind: str) -> list[str]:
    """Return the sheets that are called as a kind of table is; less a year, a number and brackets where none is."""
    words, listed = (*SHEET_NAMES.get(kind, ()), *further_words(kind)), list(names)
    exact = [name for name in listed if name.strip().lower() in words]
    return exact or [name for name in listed if _core(name) in words]


def _core(name: str) -> str:
    """Return the name of a sheet less what offices add to it: 2026年服务明细表（新） is 服务明细."""
    plain = unicodedata.normalize("NFKC", name).strip().lower()
    shorter = _ADDED.sub("", plain)
    return _ADDED.sub("", shorter)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet that is meant: what it is called, its cells, its header, the cells that have a fault already."""

    label: str
    grid: Grid
    headed: Headed
    unusable: frozenset[tuple[int, str]]  # row and column


def read_sheet(
    path: Path, label: str, kind: str, folder: StudyFolder, *, sheet: str | None, known: Known
) -> Sheet | None:
    """Return the sheet of a workbook that holds the table.

    None, and a fault, when it is not clear which sheet is meant, or its file cannot be read.

    ``sheet`` is what study.toml names. Without a name: the sheet called as the table is, else the
    only one that holds columns of such a table.
    """
    book = folder.book
    data = folder.read_bytes(path, label)
    sheets = None if data is None else sheets_told(data, sheet, label, book)
    if data is None or sheets is None:
        return None
    if sheet is not None and sheet not in sheets.visible:
        cure = did_you_mean(sheet, list(sheets.visible))
        book.fault(label, "has no sheet of that name", cure, value=sheet)
        return None

    # the sheet that is meant, among those that are not empty
    headed = {
        name: header
        for name, page in sheets.pages.items()
        if (header := head(page.grid, known)) is not None
    }
    name = _meant(headed, kind, label, book)
    if name is None:
        return None
    page, header = sheets.pages[name], headed[name]
    if not header.rows and sheets.hidden:
        fact = Message(
            "holds no rows but in hidden sheets ({hidden})", hidden=Listing(sheets.hidden)
        )
        book.fault(label, fact, "show the sheet that is meant, or fill in a visible one")
        return None

    # what is to be said of it
    called = f"{label}{SHEET_MARK}{name}"
    if page.far:
        book.note(Message("{file}: {note}", file=called, note=page.far))
    _note_hidden(called, page, header, book)
    unusable = list(_unusable(page.grid, header, known, formulas_in(data, name)))
    for cell in unusable:
        _refuse(cell, called, book)
    return Sheet(called, page.grid, header, frozenset((cell.row, cell.column) for cell in unusable))


def sheet_called(data: bytes, kind: str) -> str:
    """Return the sheet of a workbook that is called as a kind of table is, and holds rows; "" without one."""
    try:
        sheets = sheets_in(data, None)
    except (*DAMAGED, StrictError, TooLargeError):
        return ""
    called = sheets_called(sheets.pages, kind)
    return next((name for name in called if sum(map(any, sheets.pages[name].grid.cells)) > 1), "")


def sheets_told(
    data: bytes, wanted: str | None, label: str, book: FaultBook, *, also: str = ""
) -> Sheets | None:
    """Return the sheets of a workbook; None, and a fault, for what cannot be read as one."""
    try:
        return sheets_in(data, wanted, also=also)
    except DAMAGED:
        fact = "cannot be read as a workbook" if data else "is empty"
        if data[:8] == OLD_OFFICE:
            fact = (
                "cannot be read as a workbook: it is an old one (.xls) under another name, or has "
                "a password"
            )
        cure = "save it again as Excel workbook (.xlsx), without a password, or as CSV UTF-8"
    except StrictError:
        fact = "is a workbook in the form Strict Open XML, which cannot be read"
        cure = "save it as Excel workbook (.xlsx), not as Strict Open XML workbook, or as CSV UTF-8"
    except TooLargeError as error:
        fact = error.args[0]
        cure = "save the sheet that is meant in a workbook of its own, or as CSV UTF-8"
    book.fault(label, fact, cure)
    return None


def _meant(headed: Mapping[str, Headed], kind: str, label: str, book: FaultBook) -> str | None:
    """Return the name of the sheet that is meant; None, and a fault, where that is not clear."""
    if not headed:
        book.fault(label, "is empty", "write a row of column names and a row per entry")
        return None

    # sheets that are called as another table is are none of this one
    called = sheets_called(headed, kind)
    others = {
        name for other in SHEET_NAMES if other != kind for name in sheets_called(headed, other)
    }
    own = {name: page for name, page in headed.items() if name in called or name not in others}
    headed = own or headed

    # the one that is called so, else the only one, else the one with clearly the most such columns
    fitting = [name for name, header in headed.items() if header.known >= _rival(header, kind)]
    most = max(header.known for header in headed.values())
    clear = [name for name, header in headed.items() if header.known > most - _CLEARLY_MORE]
    choices = next(
        (names for names in (called, list(headed), fitting, clear) if len(names) == 1),
        fitting,
    )
    if len(choices) == 1:
        return choices[0]

    shown = choices or list(headed)
    fact = Message("has no sheet with such columns ({sheets})", sheets=Listing(shown))
    if choices:
        fact = Message(
            "has {count} {count:sheet|sheets} that may be meant ({sheets})",
            count=len(choices),
            sheets=Listing(shown),
        )
    cure = Message(
        'write sheet = "{sheet}" under [{section}] in study.toml', sheet=shown[0], section=kind
    )
    book.fault(label, fact, cure)
    return None


def _rival(headed: Headed, kind: str) -> int:
    """Return how many columns a sheet must have to be one of a kind: two, and as many as another kind knows."""
    other = _RIVALS.get(kind)
    if other is None:
        return 2
    found = {name for header in headed.names if header and (name := match_column(header, other))}
    return max(2, len(found))


def _note_hidden(label: str, page: Page, headed: Headed, book: FaultBook) -> None:
    """Note rows of data that a filter or a person has hidden: they count."""
    numbers = [page.grid.numbers[place] for place in headed.rows]
    hidden = [number for number in numbers if number in page.hidden]
    if not hidden:
        return

    shown = first_of([str(number) for number in hidden], _MOST_TOLD)
    rows = Message("rows {numbers}", numbers=shown)
    if len(hidden) == 1:
        rows = Message("row {number}", number=shown)
    book.note(
        Message(
            "{label}: {count} of {total} {total:row|rows} {count:is|are} hidden (by a filter or "
            "by hand) and count all "
            "the same: {rows}; delete those that are not meant",
            label=label,
            count=len(hidden),
            total=len(numbers),
            rows=rows,
        )
    )


@dataclass(frozen=True, slots=True)
class _Unusable:
    """A cell that is a formula's error, or a formula without a result: its row, its column, its text."""

    row: int
    column: str
    text: str


def _unusable(
    grid: Grid, headed: Headed, known: Known, formulas: Mapping[tuple[int, int], str]
) -> Iterator[_Unusable]:
    """Yield the cells in known columns that are errors of formulas or have no stored result.

    A program that writes formulas without computing them leaves cells that read as empty.
    """
    columns = [
        (at, name) for at, name in enumerate(headed.names) if name and known(name) is not None
    ]
    for place in headed.rows:
        number = grid.numbers[place]
        for at, name in columns:
            text = grid.cells[place][at]
            formula = formulas.get((number, at), "")
            if text in _ERRORS or (formula and not text):
                yield _Unusable(number, name, text or formula)


def _refuse(cell: _Unusable, label: str, book: FaultBook) -> None:
    """Write down a cell that cannot be used."""
    if cell.text in _ERRORS:
        fact, cure = "is an error of a formula", "correct the formula, or write the value"
    else:
        fact = "is a formula without a stored result"
        cure = "open the workbook in Excel or WPS and save it, or write the value"
    book.fault(label, fact, cure, row=cell.row, column=cell.column, value=cell.text)
