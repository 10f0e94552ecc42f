"""A survey's workbook that was filled in: which fact each row is, what was answered, and every fault of it at once."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from walkshed.errors import SHEET_MARK, InputFaultsError
from walkshed.inputs.faults import FaultBook, did_you_mean
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.skills import Shift, Skills
from walkshed.inputs.survey.applied import Tables, known_now
from walkshed.inputs.survey.kept import as_places
from walkshed.inputs.survey.said import UnclearError, day_said, is_state, state_said
from walkshed.inputs.tables.sheets import Sheets
from walkshed.inputs.tables.workbook import sheets_told
from walkshed.model.marks import is_plain, plain
from walkshed.model.messages import Message
from walkshed.model.results import StudyInputs
from walkshed.model.survey_form import (
    ANSWER,
    COLUMNS,
    FACTS_HEAD,
    FACTS_SHEET,
    FILLED,
    TICKED,
    UNTICKED,
    in_all,
)
from walkshed.model.town.survey import Fact, FactKind, Finding, Verified

_ANSWERS: Mapping[str, Verified] = {
    word: answer for answer, label in ANSWER.items() for word in in_all(label)
}
_TICK = re.compile(rf"([{TICKED}{UNTICKED}])")
_LONGEST = 500
_ANEW = "write a new sheet with walkshed survey"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: where it stands, and what its cells say by column."""

    sheet: str
    number: int
    cells: Mapping[str, str]
    heads: Mapping[str, str]  # what each column is called there

    @property
    def item(self) -> str:
        """The number of the item."""
        return self.cells.get("number", "")


@dataclass(frozen=True, slots=True)
class Filled:
    """What a workbook brings: findings that are new or otherwise than those kept, and how many rows say nothing."""

    findings: tuple[Finding, ...]  # all that are kept from now on
    fresh: int  # of them, those that this workbook brings
    same: int  # of its answers, those that were kept already
    blank: int


def read_filled(path: Path, inputs: StudyInputs, skills: Skills) -> Filled:
    """Return what a filled workbook brings to a study; a blank row brings nothing.

    ``inputs`` are read with what earlier sheets brought. Raises ``InputFaultsError`` with every
    fault: a file that is none of these workbooks, an answer that is none, words that are no fact,
    two answers to one item, an item whose fact is another by now.
    """
    book = FaultBook()
    folder = StudyFolder(path.parent, book)
    rows, facts = rows_of(path, folder)
    kept = {finding.fact.key: finding for finding in inputs.surveyed.findings}
    tables = Tables(inputs.stations, inputs.offers, inputs.gates)
    found: dict[str, tuple[Row, Finding]] = {}
    blank = 0
    for row in rows:
        fact = facts.get(row.item)
        if fact is None:
            _refuse(book, row, "number", "is no item of this workbook", "copy no rows into it")
            continue
        finding = _finding(row, fact, skills.to_wgs84, book)
        if finding is None:
            blank += not _is_filled(row)
            continue

        # against the other rows, and against what is kept
        if fact.key in found:
            other, said = found[fact.key]
            if said != finding:
                told = Message(
                    "is answered otherwise in row {row} of {sheet}",
                    row=other.number,
                    sheet=other.sheet,
                )
                _refuse(book, row, "answer", told, "leave one of the two answers")
            continue
        found[fact.key] = row, finding
        _check_known(row, finding, _before(kept, fact), tables, inputs.surveyed.file, book)

    book.raise_if_any()
    after = dict(kept)
    for _, finding in found.values():
        before = _before(kept, finding.fact)
        renewed = _renewed(before, finding)
        after[renewed.fact.key] = renewed
    fresh = sum(kept.get(key) != finding for key, finding in after.items())
    return Filled(tuple(after.values()), fresh, len(found) - fresh, blank)


def answered(path: Path) -> bool:
    """Return whether somebody has filled in a row of a survey's workbook; True for what is none."""
    try:
        rows, _ = rows_of(path, StudyFolder(path.parent, book := FaultBook()))
        book.raise_if_any()
    except InputFaultsError:
        return True
    return any(map(_is_filled, rows))


def _is_filled(row: Row) -> bool:
    """Return whether somebody has written into a row."""
    return bool(_answer_text(row)) or any(row.cells.get(name) for name in FILLED[1:])


def _before(kept: Mapping[str, Finding], fact: Fact) -> Finding | None:
    """Return what an earlier sheet found of a fact, or of what it was before that sheet changed it."""
    if fact.key in kept:
        return kept[fact.key]
    changed = (each for each in kept.values() if each.answer is Verified.FALSE)
    return next((each for each in changed if replace(each.fact, known=each.now) == fact), None)


def _renewed(before: Finding | None, finding: Finding) -> Finding:
    """Return what is kept of a fact that was answered before: what settles it, by whoever said it first.

    A finding of what an earlier one had found stands for the planner's own word as that did.
    """
    if before is None:
        return finding
    if before.answer.settles and not finding.answer.settles:
        return before
    if before.answer is Verified.FALSE and before.now == finding.fact.known:
        if finding.answer is not Verified.FALSE:
            return before
        return replace(finding, fact=before.fact)
    is_same = (before.answer, before.now) == (finding.answer, finding.now)
    by_others = (before.who, before.when) != (finding.who, finding.when)
    return before if is_same and by_others else finding


def rows_of(path: Path, folder: StudyFolder) -> tuple[Sequence[Row], Mapping[str, Fact]]:
    """Return the rows of a survey's workbook and which fact each number is; none, and faults, for other files."""
    label = folder.label(path)
    data = folder.read_bytes(path, label)
    sheets = None if data is None else sheets_told(data, None, label, folder.book, also=FACTS_SHEET)
    if sheets is None:
        return (), {}
    facts = _facts(sheets, label, folder.book)
    rows = [
        row
        for name, page in sheets.pages.items()
        if name != FACTS_SHEET
        for row in _rows(f"{label}{SHEET_MARK}{name}", page.grid.cells)
    ]
    return rows, facts


def _facts(sheets: Sheets, label: str, book: FaultBook) -> Mapping[str, Fact]:
    """Return which fact each number is, by the hidden sheet; none, and a fault, where that is gone or changed."""
    page = sheets.pages.get(FACTS_SHEET)
    cells = [] if page is None else [row[: len(FACTS_HEAD)] for row in page.grid.cells]
    if not cells or tuple(cells[0]) != FACTS_HEAD:
        fact = "is no workbook of walkshed survey, or has lost its hidden sheet 'walkshed'"
        cure = "fill in the workbook that walkshed survey wrote, and save it as .xlsx"
        book.fault(label, fact, cure)
        return {}
    found: dict[str, Fact] = {}
    for number, row in enumerate(cells[1:], start=2):
        fact_of = _fact(row)
        if fact_of is None:
            sheet = f"{label}{SHEET_MARK}{FACTS_SHEET}"
            cure = "do not change the hidden sheet; take the workbook from a copy"
            book.fault(sheet, "is no item of a survey", cure, row=number, value=row[0])
        else:
            found[row[0]] = fact_of
    return found


def _fact(row: Sequence[str]) -> Fact | None:
    """Return the fact of a row of the hidden sheet; None for what is none."""
    kinds = {kind.value: kind for kind in FactKind}
    try:
        at = as_places(json.loads(row[3]))
    except (ValueError, RecursionError):
        return None
    if row[1] not in kinds or not at:
        return None
    if row[1] != FactKind.HOURS and not is_state(kinds[row[1]], row[4]):
        return None
    return Fact(kinds[row[1]], row[2], at, row[4])


def _rows(sheet: str, cells: Sequence[Sequence[str]]) -> list[Row]:
    """Return the rows of a sheet below its head; none of a sheet without one."""
    names = {word: key for key, (label, _) in COLUMNS.items() for word in in_all(label)}
    for at, line in enumerate(cells):
        columns = {
            names[text.lower()]: place for place, text in enumerate(line) if text.lower() in names
        }
        if not {"number", "answer"} <= columns.keys():
            continue
        heads = {key: line[place] for key, place in columns.items()}
        rows = [
            Row(sheet, number, {key: row[place] for key, place in columns.items()}, heads)
            for number, row in enumerate(cells[at + 1 :], start=at + 2)
        ]
        return [row for row in rows if row.item]
    return []


def _answer_text(row: Row) -> str:
    """Return the answer of a row: the ticked one of several, else what stands there; "" for none."""
    text = unicodedata.normalize("NFKC", row.cells.get("answer", "")).strip()
    parts = _TICK.split(text)
    if len(parts) == 1:
        return text

    # words before the first box, then boxes, each with the word behind it
    ticked, last = [parts[0].strip()] if parts[0].strip() else [], ""
    for mark, word in zip(parts[1::2], parts[2::2], strict=True):
        if mark in TICKED:
            ticked.append(word.strip() or last)
        last = word.strip() or last
    return "、".join(filter(None, ticked))


def _finding(row: Row, fact: Fact, shifts: Mapping[str, Shift], book: FaultBook) -> Finding | None:
    """Return what a row says of its fact; None for one that says nothing, and with its faults."""
    said = {name: plain(row.cells.get(name, "")).strip().removeprefix("'") for name in FILLED}
    told, before = _answer_text(row), len(book.faults)
    if not told:
        if any(said[name] for name in ("actual", "photo", "remark")):
            cure = "tick one of the answers, or empty the row"
            _refuse(book, row, "answer", "is filled in without an answer", cure, value=row.item)
        return None
    answer = _ANSWERS.get(told.lower())
    if answer is None:
        cure = did_you_mean(told, _ANSWERS)
        if "、" in told:
            cure = "tick one answer"
        _refuse(book, row, "answer", "is not one of the answers", cure, value=told)

    # by whom and when
    when = day_said(said["when"])
    if not said["who"]:
        _refuse(book, row, "who", "does not say who checked it", "write a name", value=row.item)
    if when is None:
        cure = "write the date, as in 2026-11-27"
        _refuse(book, row, "when", "is no date", cure, value=said["when"] or row.item)
    for name in FILLED:
        if len(said[name]) > _LONGEST or not is_plain(row.cells.get(name, "")):
            cure = "write at most 500 letters, without control characters"
            _refuse(book, row, name, "is no text for a cell", cure)

    # what is, where it is otherwise
    now = fact.known
    if answer is Verified.FALSE:
        try:
            now = state_said(fact, said["actual"], shifts)
        except UnclearError as unclear:
            value = said["actual"] or row.item
            _refuse(book, row, "actual", unclear.fact, unclear.cure, value=value)
    if answer is None or when is None or len(book.faults) > before:
        return None
    return Finding(
        fact, answer, now, said["actual"], said["who"], when, said["photo"], said["remark"]
    )


def _check_known(
    row: Row,
    finding: Finding,
    before: Finding | None,
    tables: Tables,
    file: str,
    book: FaultBook,
) -> None:
    """Write down a conflict with what an earlier sheet found, or with what the study says by now."""
    fact = finding.fact
    if before is not None and before.answer.settles and before.fact == fact:
        is_same = (before.answer, before.now) == (finding.answer, finding.now)
        if finding.answer.settles and not is_same:
            told = Message(
                "was answered otherwise by {who} on {when}: {found}",
                who=before.who,
                when=before.when,
                found=ANSWER[before.answer],
            )
            cure = Message(
                "write a new sheet with walkshed survey, or remove the older entry from {file}",
                file=file,
            )
            _refuse(book, row, "answer", told, cure)
        return

    # a gate or a lane that was found stands in no table
    if before is not None and before.answer is Verified.FALSE and before.now == fact.known:
        return
    now = known_now(finding, tables)
    if now is None:
        _refuse(book, row, "subject", "is no station of the study any more", _ANEW)
    elif now != fact.known:
        told = Message("is '{now}' by now; the sheet asked of '{known}'", now=now, known=fact.known)
        _refuse(book, row, "known", told, _ANEW)


def _refuse(
    book: FaultBook, row: Row, column: str, fact: str, cure: str, *, value: str | None = None
) -> None:
    """Write down a fault of a row."""
    shown = row.cells.get(column, "") if value is None else value
    name = row.heads.get(column, column)
    book.fault(row.sheet, fact, cure, row=row.number, column=name, value=shown or row.item)
