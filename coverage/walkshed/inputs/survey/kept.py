"""What a survey found, kept beside study.toml in a file of its own: ``study.survey.json``.

The planner's files stay as they are. There is one entry for each fact, with who found it and when;
whoever wants to take one back removes it from the file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.survey.said import is_state
from walkshed.model.formats import SURVEY_FORMAT
from walkshed.model.marks import is_plain
from walkshed.model.messages import Message
from walkshed.model.town.survey import Fact, FactKind, Finding, Verified

ENDING = ".survey.json"
_TEXTS = ("subject", "known", "now", "said", "who", "when", "photo", "remark")
#: How many places a fact has, where it is more than one.
_PLACES = {FactKind.LANE: 2}
_CURE = "write it again as walkshed survey --apply wrote it, or remove the entry"


def survey_path(study: Path) -> Path:
    """Return where the findings of a study.toml are kept."""
    return study.with_name(f"{study.stem}{ENDING}")


def survey_bytes(findings: Sequence[Finding]) -> bytes:
    """Return the file of some findings; of the same, the same bytes."""
    rows = [
        {
            "kind": each.fact.kind.value,
            "subject": each.fact.subject,
            "at": [list(place) for place in each.fact.places],
            "known": each.fact.known,
            "answer": each.answer.value,
            "now": each.now,
            "said": each.said,
            "who": each.who,
            "when": each.when,
            "photo": each.photo,
            "remark": each.remark,
        }
        for each in sorted(findings, key=lambda each: each.fact.key)
    ]
    content = {"format": SURVEY_FORMAT, "findings": rows}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


@dataclass(frozen=True, slots=True)
class Kept:
    """The findings in a file, each with its place in it, from 1."""

    file: str
    findings: tuple[tuple[int, Finding], ...] = ()


def read_kept(study: StudyFolder, study_toml: Path) -> Kept:
    """Return the findings that are kept beside study.toml, none without such a file; every fault goes into the book."""
    path = survey_path(study_toml)
    label = study.label(path)
    if not study.holds(path):
        return Kept(label)
    text = study.read_text(path, label)
    rows = [] if text is None else _rows(text, label, study.book)

    # entry by entry
    findings: list[tuple[int, Finding]] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        finding = _finding(row, label, number, study.book)
        if finding is None:
            continue
        before = seen.setdefault(finding.fact.key, number)
        if before != number:
            fact = Message("is the same fact as entry {before}", before=before)
            study.book.fault(
                label,
                fact,
                "remove one of the two",
                row=number,
                column="subject",
                value=finding.fact.subject or finding.fact.kind.value,
                counted="entry",
            )
            continue
        findings.append((number, finding))
    return Kept(label, tuple(findings))


def _rows(text: str, label: str, book: FaultBook) -> list[Any]:
    """Return the entries of a file; none, and a fault, where it is no such file."""
    cure = "take it back from a copy, or move it away and apply the filled sheets again"
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        book.fault(label, "is no valid JSON", cure, row=line)
        return []
    rows = content.get("findings") if isinstance(content, dict) else None
    if not isinstance(rows, list):
        book.fault(label, "has no list 'findings'", cure)
        return []

    # of a newer walkshed
    form = content.get("format")
    if not isinstance(form, int) or form > SURVEY_FORMAT:
        fact = Message(
            "is of format {form}; this walkshed reads {known}", form=str(form), known=SURVEY_FORMAT
        )
        book.fault(label, fact, "install a newer walkshed", column="format")
        return []
    return rows


def _finding(row: object, label: str, number: int, book: FaultBook) -> Finding | None:
    """Return the finding of an entry; None, and a fault for each wrong value."""

    def refuse(column: str, value: object) -> None:
        fact = "is not what such an entry says there"
        book.fault(label, fact, _CURE, row=number, column=column, value=value, counted="entry")

    if not isinstance(row, dict):
        refuse("findings", row)
        return None
    wrong = [name for name in _TEXTS if not isinstance(row.get(name), str)]
    kinds = {each.value: each for each in FactKind}
    answers = {each.value: each for each in Verified}
    wrong += ["kind"] if str(row.get("kind")) not in kinds else []
    wrong += ["answer"] if str(row.get("answer")) not in answers else []
    at = as_places(row.get("at"))
    wrong += ["at"] if at is None else []
    wrong += [name for name in _TEXTS if name not in wrong and not is_plain(row[name])]

    # what a fact of the kind may be; hours that were known are as the planner wrote them
    if not wrong:
        asked = ["known", "now"] if row["kind"] != FactKind.HOURS else ["now"]
        if row["kind"] == FactKind.HOURS and row["now"] == row["known"]:
            asked = []
        wrong += [name for name in asked if not is_state(kinds[row["kind"]], row[name])]
        wrong += ["at"] if len(at or ()) != _PLACES.get(kinds[row["kind"]], 1) else []
    wrong += ["when"] if "when" not in wrong and not _is_day(row["when"]) else []
    for name in wrong:
        refuse(name, row.get(name))
    if wrong or at is None:
        return None

    fact = Fact(kinds[row["kind"]], row["subject"], at, row["known"])
    return Finding(
        fact=fact,
        answer=answers[row["answer"]],
        now=row["now"],
        said=row["said"],
        who=row["who"],
        when=row["when"],
        photo=row["photo"],
        remark=row["remark"],
    )


def as_places(value: object) -> tuple[tuple[float, float], ...] | None:
    """Return places as degrees; None for anything else."""
    if not isinstance(value, list):
        return None
    found = []
    for place in value:
        is_pair = isinstance(place, list) and len(place) == 2
        if not is_pair or not all(type(part) in (int, float) for part in place):
            return None
        lon, lat = float(place[0]), float(place[1])
        if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):
            return None
        found.append((lon, lat))
    return tuple(found)


def _is_day(text: str) -> bool:
    """Return whether a text is an ISO date."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
