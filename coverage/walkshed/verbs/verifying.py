"""``walkshed verify``: a run repeated from its study, and compared with what stands in its folder."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from walkshed.console.console import Console
from walkshed.errors import InvalidValueError
from walkshed.model.messages import Message
from walkshed.study import Study, study_with

if TYPE_CHECKING:
    from walkshed.reports.compared.repeated import Change, Repetition

#: So many changes of one kind are told; the others are counted.
_TOLD = 12


def verify_run(
    console: Console, run: Path, study: Path | None = None, *, scenario: Path | None = None
) -> bool:
    """Repeat a run in a folder of its own, say whether it is the same, and return whether it is.

    Nothing is fetched, and nothing is written into the folders of run and study. ``study``: where
    the study lies, if the run does not tell; ``scenario``: the changes it was run with, if they lie
    outside its folder. Raises InvalidValueError where ``run`` holds no run, or
    its study is not found, and InputFaultsError where the study has faults by now.
    """
    from walkshed.reports.compared.repeated import repetition, run_facts
    from walkshed.reports.registry import REPORTS

    facts = run_facts(run)
    opened, listed = _study_of(run, facts, study, scenario), facts["files"]
    # what leaves the office is written anew as far as the run wrote it, whoever asked for it
    written = tuple(word for word, file in REPORTS.items() if file.file in listed)
    opened = Study(replace(opened.inputs, report=written))
    with tempfile.TemporaryDirectory() as folder, console.progress_bar() as progress:
        findings = opened.run(progress=progress)
        progress("files")
        again = Path(folder) / "run"
        public = "coverage.csv" not in listed
        findings.write(again, public=public, with_key=public)
        found = repetition(run, again)

    _tell(console, found)
    return found.holds


def _study_of(
    run: Path, facts: Mapping[str, Any], study: Path | None, scenario: Path | None
) -> Study:
    """Return the study of a run, as it stands now, with the run's scenario."""
    folder = _folder_of(run) if study is None else study
    if folder is None or (study is None and not folder.exists()):
        raise InvalidValueError(
            Message(
                "{run} lies elsewhere than when it was written, or does not tell where its study "
                "is; name the study:  walkshed verify {run} STUDY",
                run=run,
            )
        )

    # a folder may hold several studies, each with a study.toml of its own name
    file = folder / str(facts.get("study_file", "")) if folder.is_dir() else folder
    opened = study_with(file, {})
    told = facts.get("scenario")
    if not told:
        return opened

    # a run knows its scenario's name, not where it lay
    changes = scenario or opened.inputs.folder / str(told["file"])
    if not changes.is_file():
        raise InvalidValueError(
            Message(
                "{run} was made with the scenario {file!r}, which is not in the study's folder; "
                "name it with --scenario FILE",
                run=run,
                file=str(told["file"]),
            )
        )
    return opened.with_scenario(changes)


def _folder_of(run: Path) -> Path | None:
    """Return the folder of the study as the run tells the way to it, None where it does not."""
    from walkshed.reports.registry import SECONDS

    try:
        told = json.loads((run / SECONDS.file).read_bytes()).get("study")
    except (OSError, ValueError, AttributeError):
        return None
    return run / told if isinstance(told, str) and told else None


def _tell(console: Console, found: Repetition) -> None:
    """Say whether a run was repeated, and what differs: first the causes, then the figures."""
    if found.holds:
        told = "the same: {count} {count:file|files}, byte by byte"
        console.say(Message(told, count=len(found.same)))
        _tell_versions(console, found.versions)
        return

    console.say(
        Message("it differs; {count} {count:file is|files are} the same", count=len(found.same))
    )
    for name in found.touched:
        console.say(Message("  {name}: changed or gone since the run wrote it", name=name))
    _tell_versions(console, found.versions)
    for change in found.inputs:
        console.say(_told_input(change))
    _tell_changes(console, Message("setting"), found.settings)
    _tell_changes(console, Message("figure"), found.figures)

    # which cells moved
    for table in found.tables:
        told = "  {file}: {count} of {rows} {rows:row|rows} {count:differs|differ}"
        rows = max(table.rows_before, table.rows_after)
        console.say(Message(told, file=table.file, count=table.rows_differing, rows=rows))
        for cell in table.cells:
            console.say(f"    {_moved(cell)}")
    for name in found.others:
        console.say(Message("  {name}: differs", name=name))


def _tell_versions(console: Console, versions: Sequence[Change]) -> None:
    """Say which versions are others than those of the run."""
    for change in versions:
        console.say(Message("  version of {moved}", moved=_moved(change)))


def _told_input(change: Change) -> Message:
    """Return what became of an input file."""
    if not change.before:
        return Message("  input {name}: is read now, and was not then", name=change.name)
    if not change.after:
        return Message("  input {name}: was read then, and is not now", name=change.name)
    return Message(
        "  input {name}: its content is another (SHA-256 {before} then, {after} now)",
        name=change.name,
        before=change.before[:12],
        after=change.after[:12],
    )


def _tell_changes(console: Console, what: Message, changes: Sequence[Change]) -> None:
    """Say the first changes of a kind, and how many more there are."""
    for change in changes[:_TOLD]:
        console.say(Message("  {what} {moved}", what=what, moved=_moved(change)))
    more = len(changes) - _TOLD
    if more > 0:
        console.say(Message("  {what}: {count} more {count:differs|differ}", what=what, count=more))


def _moved(change: Change) -> str:
    """Return a change in one line: its name, what it was, and what it is."""
    return f"{change.name}: {change.before or '–'} → {change.after or '–'}"
