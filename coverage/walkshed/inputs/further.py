"""Further sheets of the workbook of stations or blocks: offers, gates, rooms …; left empty, they say nothing."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from walkshed.inputs.faults import first_of, nearest_word
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.study.settings import StudyToml
from walkshed.inputs.study.specs import FURTHER, LEDGERS, SERVICES, InputTable
from walkshed.inputs.tables.reading import read_table
from walkshed.inputs.tables.sheets import DAMAGED, Sheets, StrictError, TooLargeError, sheets_in
from walkshed.inputs.tables.table import Table
from walkshed.inputs.tables.workbook import SHEET_NAMES, sheets_called
from walkshed.model.messages import Message
from walkshed.outside.forms import TABLES, WORKBOOK, form_of

_NAMED = 10
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*?\bname=[\"']([^\"']+)[\"']")


def is_further(spec: InputTable, toml: StudyToml, study: StudyFolder) -> bool:
    """Return whether a table is a further sheet of the workbook that holds the stations or the blocks."""
    name, section = spec.file(toml), getattr(toml, spec.section)
    if spec not in FURTHER or name not in (toml.stations.file, toml.blocks.file):
        return False
    if spec.key(toml) == "candidates" or getattr(section, "sheet", None) is not None:
        return False  # asked for by itself
    return name is not None and form_of(study.path / name, TABLES) is WORKBOOK


def further_table(
    spec: InputTable, path: Path, study: StudyFolder, stated: Mapping[str, str]
) -> Table | None:
    """Return the table of a further sheet; None where it is left empty, and, with a note, where it is missing."""
    label = study.label(path)
    data = study.read_bytes(path, label)
    try:
        sheets = None if data is None else sheets_in(data, None)
    except (*DAMAGED, StrictError, TooLargeError):
        return None  # whoever reads its stations tells
    if sheets is None:
        return None

    called = _called(sheets, spec)
    if not called:
        _note_missing(sheets, spec, label, study)
        return None
    filled = [name for name in called if _is_filled(sheets, name)]
    if len(filled) > 1:
        fact, names = "has two sheets of one table", first_of(filled, _NAMED)
        study.book.fault(label, fact, "keep one", value=names)
    if len(filled) != 1:
        return None
    sheet = filled[0]
    table = read_table(path, spec.kind, study, may_be_empty=True, sheet=sheet, stated=stated)
    return table if table is not None and table.rows else None


def filled_sheets(path: Path, specs: Sequence[InputTable]) -> Mapping[str, str]:
    """Return {kind: sheet} of the visible sheets of a workbook that are called as tables are and hold rows."""
    try:
        data = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        listed = [html.unescape(name) for name in _SHEET.findall(book)]
        if not any(sheets_called(listed, spec.kind) for spec in specs):
            return {}  # without reading a cell
        sheets = sheets_in(data, None)
    except (*DAMAGED, StrictError, TooLargeError):
        return {}  # whoever reads its stations tells
    return {
        spec.kind: name
        for spec in specs
        for name in _called(sheets, spec)
        if _is_filled(sheets, name)
    }


def note_unread(toml: StudyToml, study: StudyFolder) -> None:
    """Note sheets of the workbook of stations that are filled in, and that study.toml does not name."""
    name = toml.stations.file
    if name is None or form_of(study.path / name, TABLES) is not WORKBOOK:
        return
    further = [spec for spec in FURTHER if spec.file(toml) is None and spec is not SERVICES]
    ledgers = () if toml.ledgers.model_fields_set else LEDGERS
    found, label = (
        filled_sheets(study.path / name, (*further, *ledgers)),
        study.label(study.path / name),
    )
    told = (
        "{label}: the sheets {found} are filled in and not read; write [{section}] and "
        'below it {key} = "{name}" in study.toml'
    )
    sections = [(spec.section, spec.key(toml), [spec]) for spec in further]
    for section, key, specs in (*sections, ("ledgers", "file", ledgers)):
        sheets = [found[spec.kind] for spec in specs if spec.kind in found]
        if sheets:
            values = {"section": section, "key": key, "name": name}
            study.book.note(Message(told, label=label, found=", ".join(sheets), **values))

    # sheets that may be meant
    sheets_there = _sheets_of(study.path / name)
    for spec in (*further, *ledgers):
        for sheet in () if sheets_there is None else sheets_near(sheets_there, spec):
            study.book.note(_not_read(label, sheet, spec))


def _sheets_of(path: Path) -> Sheets | None:
    """Return the sheets of a workbook; None for one that cannot be read, which whoever reads its stations tells."""
    try:
        return sheets_in(path.read_bytes(), None)
    except (*DAMAGED, StrictError, TooLargeError):
        return None


def _is_filled(sheets: Sheets, name: str) -> bool:
    """Return whether a sheet holds more than a header."""
    return sum(map(any, sheets.pages[name].grid.cells)) > 1


def _called(sheets: Sheets, spec: InputTable) -> list[str]:
    """Return the visible sheets that are called as a table is."""
    return sheets_called(sheets.visible, spec.kind)


def _note_missing(sheets: Sheets, spec: InputTable, label: str, study: StudyFolder) -> None:
    """Note a sheet that study.toml asks for and that is not there: renamed, hidden or removed."""
    names = SHEET_NAMES[spec.kind]
    hidden, near = sheets_called(sheets.hidden, spec.kind), sheets_near(sheets, spec)
    told = Message(
        "{label}: has no sheet '{wanted}', and is read without one", label=label, wanted=names[1]
    )
    if hidden:
        told = Message(
            "{label}: sheet '{sheet}' is hidden and not read", label=label, sheet=hidden[0]
        )
    elif near:
        told = _not_read(label, near[0], spec)
    study.book.note(told)


def _not_read(label: str, sheet: str, spec: InputTable) -> Message:
    """Return what is said of a sheet that may be meant to be a table's."""
    told = "{label}: sheet {sheet!r} is not read; if it is that of {near}, call it {near!r}"
    return Message(told, label=label, sheet=sheet, near=SHEET_NAMES[spec.kind][1])


def sheets_near(sheets: Sheets, spec: InputTable) -> list[str]:
    """Return the filled visible sheets that are called like a table, and as none."""
    every = {word for words in SHEET_NAMES.values() for word in words}
    called = {name for kind in SHEET_NAMES for name in sheets_called(sheets.visible, kind)}
    words = SHEET_NAMES[spec.kind]
    return [
        sheet
        for sheet in sheets.visible
        if sheet not in called
        and (nearest_word(sheet, every) in words or any(word in sheet for word in words))
        and _is_filled(sheets, sheet)
    ]
