"""A run and the same run once more: what is the same, and what differs and why.

Tables, layers and the page are compared by their bytes, which the same inputs give. Where they
differ, run.json tells what else was otherwise (inputs, settings, versions) and the tables tell which
figures moved. A document is compared by its text, its tables and what its pictures are said to show:
their pixels depend on the fonts of a machine. Both runs are folders as ``write_run`` leaves them.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from walkshed.errors import InvalidValueError
from walkshed.model.messages import Message
from walkshed.model.paths import digest_of
from walkshed.reports.registry import ATLAS, FACTS, PRINTS, PROVENANCE, TABLES

#: What run.json tells of how a run was asked for and whom it judged by.
_ASKED = ("study", "scenario", "settings", "services", "needs", "walkers", "offers")
#: So many differing cells of a table are named.
_NAMED = 3
#: Columns that tell what a row of a table is about, those that tell most first.
_KEYS = (
    *("block_id", "id", "station", "hub", "level", "subdistrict", "community", "name"),
    *("service", "group", "walker", "what", "figure", "source", "where"),
)
_FILE = PROVENANCE.file
_FACTS_TOLD = re.compile(FACTS.encode() + rb"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is told twice: what it is called, and what it was then and is now, empty for nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TableChange:
    """A table whose rows differ: how many there are, in how many of them cells differ, and the first such cells."""

    file: str
    rows_before: int
    rows_after: int
    rows_differing: int
    cells: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Repetition:
    """What a run and its repetition have in common, and not."""

    same: tuple[str, ...]  # files that are equal byte by byte, documents but for pixels
    touched: tuple[str, ...]  # files of the run that are no longer as it wrote them, or gone
    versions: tuple[Change, ...]
    inputs: tuple[Change, ...]  # digests
    settings: tuple[Change, ...]
    figures: tuple[Change, ...]  # of the headline
    tables: tuple[TableChange, ...]
    others: tuple[str, ...]  # files that differ and are no tables

    @property
    def holds(self) -> bool:
        """Whether every file was repeated from the same inputs and settings; versions may differ."""
        differing = (self.touched, self.inputs, self.settings, self.figures)
        return not any((*differing, self.tables, self.others))


def run_facts(folder: Path) -> dict[str, Any]:
    """Return what a folder's run.json says. Raises InvalidValueError where it holds no run, or one of a plan."""
    cure = Message("name the folder of a run, which holds index.html and {file}", file=_FILE)
    try:
        facts: dict[str, Any] = json.loads((folder / _FILE).read_bytes())
    except FileNotFoundError:
        raise InvalidValueError(
            Message("{folder} holds no {file}; {cure}", folder=folder, file=_FILE, cure=cure)
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidValueError(
            Message("{folder}: {file} cannot be read; {cure}", folder=folder, file=_FILE, cure=cure)
        ) from error

    if not _is_run(facts):
        raise InvalidValueError(
            Message(
                "{folder}: {file} tells of no run; {cure}", folder=folder, file=_FILE, cure=cure
            )
        )
    if "siting" in facts:
        raise InvalidValueError(
            Message(
                "{folder} holds a plan of walkshed site, whose search ends by the clock; verify a "
                "run of its study",
                folder=folder,
            )
        )
    return facts


def repetition(run: Path, again: Path) -> Repetition:
    """Return what the folders of a run and of its repetition have in common, and not."""
    before, after = run_facts(run), run_facts(again)
    told_before, told_after = _files_of(before), _files_of(after)

    # what somebody changed since is told apart from what does not repeat
    touched = tuple(name for name, digest in told_before.items() if _digest(run / name) != digest)
    names = list(dict.fromkeys((*told_before, *told_after)))
    same = tuple(
        name
        for name in names
        if told_before.get(name) == told_after.get(name)
        or _tells_the_same(run / name, again / name)
    )
    differing = [name for name in names if name not in same]
    ours = {each.file for each in TABLES}
    tables = [name for name in differing if name in ours and name not in touched]

    return Repetition(
        same=tuple(name for name in same if name not in touched),
        touched=touched,
        versions=_changes(before.get("versions", {}), after.get("versions", {})),
        inputs=_changes(before.get("inputs", {}), after.get("inputs", {})),
        settings=_changes(
            {key: before.get(key) for key in _ASKED}, {key: after.get(key) for key in _ASKED}
        ),
        figures=_changes(before.get("headline", {}), after.get("headline", {})),
        tables=tuple(_table_change(name, run / name, again / name) for name in tables),
        others=tuple(name for name in differing if name not in tables),
    )


def _is_run(facts: object) -> bool:
    """Return whether a run.json is one of ours."""
    return (
        isinstance(facts, dict)
        and "walkshed" in facts
        and isinstance(facts.get("inputs"), dict)
        and isinstance(facts.get("files"), dict)
    )


def _files_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the digests of a run's files by name, without prints, which no two browsers make alike."""
    prints = {each.file for each in PRINTS}
    return {name: digest for name, digest in facts["files"].items() if name not in prints}


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, "" where it cannot be read."""
    try:
        return digest_of(path)
    except OSError:
        return ""


def _tells_the_same(first: Path, second: Path) -> bool:
    """Return whether two documents hold the same but for the pixels of their pictures."""
    if first.name == ATLAS.file:
        return _tell_the_same_facts(first, second)
    if first.suffix != ".docx":
        return False
    texts = []
    for path in (first, second):
        try:
            with zipfile.ZipFile(path) as file:
                names = [name for name in file.namelist() if not name.startswith("word/media/")]
                texts.append({name: file.read(name) for name in names})
        except (OSError, zipfile.BadZipFile):
            return False
    return texts[0] == texts[1]


def _tell_the_same_facts(first: Path, second: Path) -> bool:
    """Return whether two atlases tell the same, in whatever fonts."""
    try:
        told = [_FACTS_TOLD.findall(path.read_bytes()) for path in (first, second)]
    except OSError:
        return False
    return told[0] == told[1] != []


def _changes(before: object, after: object) -> tuple[Change, ...]:
    """Return where two sets of facts differ, by their path through them."""
    first, second = dict(_leaves("", before)), dict(_leaves("", after))
    names = dict.fromkeys((*first, *second))
    return tuple(
        Change(name, first.get(name, ""), second.get(name, ""))
        for name in names
        if first.get(name, "") != second.get(name, "")
    )


def _leaves(path: str, facts: object) -> Iterator[tuple[str, str]]:
    """Yield every plain fact by its path: keys joined by points, rows by their id or number."""
    if isinstance(facts, Mapping):
        for key, inner in facts.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(facts, list) and any(isinstance(row, Mapping) for row in facts):
        for number, row in enumerate(facts, start=1):
            yield from _leaves(f"{path}[{_row_name(row, number)}]", row)
    elif isinstance(facts, str):
        yield path, facts
    elif facts is not None:
        yield path, json.dumps(facts, ensure_ascii=False)


def _row_name(row: object, number: int) -> str:
    """Return by what a row of run.json is known: its id, or its number."""
    named = row.get("id") if isinstance(row, Mapping) else None
    return str(named) if named else str(number)


def _table_change(file: str, before: Path, after: Path) -> TableChange:
    """Return how the rows of a table differ; a row that one of the two lacks counts as differing."""
    header, first = _rows(before)
    header_after, second = _rows(after)
    columns = dict.fromkeys((*header, *header_after))

    differing, cells = 0, list[Change]()
    for where in dict.fromkeys((*first, *second)):
        one, other = first.get(where, {}), second.get(where, {})
        found = [name for name in columns if one.get(name, "") != other.get(name, "")]
        differing += bool(found)
        named = (
            Change(f"{where}: {name}", one.get(name, ""), other.get(name, "")) for name in found
        )
        cells += list(named)[: _NAMED - len(cells)]
    return TableChange(file, len(first), len(second), differing, tuple(cells))


def _rows(path: Path) -> tuple[Sequence[str], dict[str, dict[str, str]]]:
    """Return the header of a table, and its rows by what each is about; nothing of one that is not there."""
    if not path.is_file():
        return (), {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="")
        header = tuple(reader.fieldnames or ())
        rows = [dict(row) for row in reader]

    named: dict[str, dict[str, str]] = {}
    for about, row in zip(_about(header, rows), rows, strict=True):
        where, again = about, 2
        while where in named:
            where, again = f"{about} ({again})", again + 1
        named[where] = row
    return header, named


def _about(header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Return what each row is about: its cells in the first key columns that tell all rows apart, or in all of them."""
    keys = [name for name in _KEYS if name in header]
    about = [""] * len(rows)
    for count in range(1, len(keys) + 1):
        about = [" / ".join(row[name] for name in keys[:count] if row[name]) for row in rows]
        if len(set(about)) == len(rows):
            break
    return about
