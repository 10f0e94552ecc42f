"""``walkshed compare``: a study as it stands beside scenarios, and beside other studies of the same blocks."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from walkshed.console.console import Console
from walkshed.console.overview import changed, compared
from walkshed.model.messages import Message
from walkshed.study import read_study
from walkshed.verbs.running import folder_name


def compare_folders(
    console: Console,
    folder: Path,
    others: Sequence[Path],
    *,
    relocated: bool = False,
    out: Path | None,
) -> None:
    """Run a study, its scenarios and the other studies, and write and show what differs.

    ``relocated``: the study before its centers found their places counts as a scenario.
    """
    from walkshed.reports.comparison import (
        changed_rows,
        check_comparison_folder,
        comparison_rows,
        write_comparison,
    )

    study = read_study(folder, tell=console.complain)
    beside = [read_study(file, tell=console.complain) for file in others if _is_study(file)]
    trials = [study.with_scenario(file) for file in others if not _is_study(file)]
    if relocated:
        earlier = study.before_relocations()
        assert earlier.inputs.scenario is not None
        name, note = earlier.inputs.scenario.name, earlier.inputs.scenario.note
        console.say(Message("{name}: {note}", name=name, note=note))
        trials.append(earlier)
    target = out if out is not None else Path("maps") / f"{folder_name(study)}-compare"
    check_comparison_folder(target)  # before minutes of work, not after

    with console.progress_bar() as progress:
        before, *runs = (one.run(progress=progress).results for one in (study, *trials, *beside))
    after, judged_otherwise = runs[: len(trials)], runs[len(trials) :]
    paths = write_comparison(before, target, scenarios=after, others=judged_otherwise)

    if trials:
        console.show(compared(comparison_rows(before, after)))
    if beside:
        console.show(changed(changed_rows(before, judged_otherwise)))
    console.say("\n".join(map(str, paths)))


def _is_study(file: Path) -> bool:
    """Return whether a file is a study rather than a scenario: a folder, or a study.toml whatever its name."""
    if file.is_dir() or file.name == "study.toml":
        return True
    if not file.is_file():
        return False  # which reading it as a scenario tells
    try:
        return "study" in tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False  # which reading it as a scenario tells
