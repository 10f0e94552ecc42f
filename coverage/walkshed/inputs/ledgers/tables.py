"""Where a ledger stands: a file of its own, or the sheet of that name in the one workbook of all ledgers."""

from __future__ import annotations

from pathlib import Path

from walkshed.inputs.faults import FaultBook, nearest_word
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.study.settings import StudyToml
from walkshed.inputs.study.specs import LEDGERS, InputTable
from walkshed.inputs.tables.meaning.joining import whole_table
from walkshed.inputs.tables.reading import read_table
from walkshed.inputs.tables.sheets import DAMAGED, Sheets, StrictError, TooLargeError, sheets_in
from walkshed.inputs.tables.table import Table
from walkshed.inputs.tables.workbook import SHEET_NAMES, sheets_called
from walkshed.model.messages import Message
from walkshed.outside.forms import TABLES, WORKBOOK, form_of

_SECTION = "ledgers"


def ledger_sheets(toml: StudyToml, study: StudyFolder) -> Sheets | None:
    """Return the sheets of the one workbook of ledgers; None without one, and, with a fault, for what is none.

    Sheets that are nearly called as a ledger is are noted.
    """
    name, line = toml.ledgers.file, toml.line(_SECTION, "file")
    if name is None:
        return None
    path = study.find(name, asked_by=f"{_SECTION}.file", row=line)
    if path is None:
        return None
    if form_of(path, TABLES) is not WORKBOOK:
        cure = 'name a workbook, or write the key of the ledger: operations = "operations.csv"'
        fact, column = "is not a workbook, which has a sheet per ledger", f"{_SECTION}.file"
        study.book.fault(toml.text.label, fact, cure, row=line, column=column, value=name)
        return None

    sheets = _sheets(path, study)
    if sheets is not None:
        _note_sheets(sheets, study.label(path), study.book)
    return sheets


def ledger_table(
    spec: InputTable, toml: StudyToml, study: StudyFolder, sheets: Sheets | None
) -> Table | None:
    """Return the table of a ledger; None where the study keeps none, and, with a fault, for one that cannot be read.

    ``sheets`` are those of the one workbook of all ledgers.
    """
    name, key = spec.file(toml), spec.key(toml)
    if name is None:
        return None
    if key != "file":
        path = study.find(name, asked_by=f"{_SECTION}.{key}", row=toml.line(_SECTION, key))
        if path is None:
            return None
        stated = spec.stated(toml)
        table = read_table(path, spec.kind, study, stated=stated)
        return whole_table([table], stated, study.book)

    # of the one workbook, the sheet that is called so, where it is filled in
    path = study.path / name
    sheet = _filled_sheet(sheets, spec.kind, study.label(path), study.book)
    if sheet is None:
        return None
    stated = spec.stated(toml)
    table = read_table(path, spec.kind, study, may_be_empty=True, sheet=sheet, stated=stated)
    return whole_table([table], stated, study.book)


def _note_sheets(sheets: Sheets, label: str, book: FaultBook) -> None:
    """Note sheets that look like a ledger's and are none, and a workbook without any ledger."""
    ledgers = [word for spec in LEDGERS for word in SHEET_NAMES[spec.kind]]
    every = [word for words in SHEET_NAMES.values() for word in words]
    known = {name for kind in SHEET_NAMES for name in sheets_called(sheets.visible, kind)}
    for sheet in sheets.visible:
        near = nearest_word(sheet, every)
        if sheet not in known and near in ledgers:
            book.note(
                Message(
                    "{label}: sheet {sheet!r} is not read; if it is a ledger, call it {near!r}",
                    label=label,
                    sheet=sheet,
                    near=near,
                )
            )

    if not any(sheets_called(sheets.visible, spec.kind) for spec in LEDGERS):
        names = ", ".join(SHEET_NAMES[spec.kind][-1] for spec in LEDGERS)
        book.note(
            Message(
                "{label}: [ledgers] finds no sheet of a ledger in it ({names})",
                label=label,
                names=names,
            )
        )


def _filled_sheet(sheets: Sheets | None, kind: str, label: str, book: FaultBook) -> str | None:
    """Return the sheet that is called as a ledger is, where it holds more than a header; None without one."""
    if sheets is None:
        return None
    called = sheets_called(sheets.visible, kind)
    filled = [sheet for sheet in called if len(sheets.pages[sheet].grid.cells) > 1]
    if len(filled) > 1:
        book.fault(label, "has two sheets of one ledger", "keep one", value=", ".join(filled))
    return filled[0] if filled else None


def _sheets(path: Path, study: StudyFolder) -> Sheets | None:
    """Return the sheets of a workbook; None, and a fault, where it cannot be read."""
    label = study.label(path)
    data = study.read_bytes(path, label)
    try:
        return None if data is None else sheets_in(data, None)
    except (*DAMAGED, StrictError, TooLargeError):
        cure = "save it again as Excel workbook (.xlsx), without a password"
        study.book.fault(label, "cannot be read as a workbook of ledgers", cure)
        return None
