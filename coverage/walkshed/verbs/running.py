"""``walkshed run``: a study, run and written with its map."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from walkshed.console.console import Console
from walkshed.findings import reports_wanted
from walkshed.model.marks import plain
from walkshed.model.messages import Message
from walkshed.study import read_study

if TYPE_CHECKING:
    from walkshed.study import Study


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is written beside the map and its tables, and for whom."""

    pdf: bool = False
    png: bool = False
    public: bool = False  # only what may be passed on
    with_key: bool = False
    report: bool = False
    atlas: bool = False


def run_folder(
    console: Console,
    folder: Path,
    *,
    out: Path | None,
    scenario: Path | None = None,
    wanted: Wanted | None = None,
    opens: bool,
    cache: bool,
) -> None:
    """Run the study of a folder, with the changes of a scenario, and write it into ``out`` or maps/."""
    wanted = wanted or Wanted()
    study = read_study(folder, tell=console.complain)
    name = folder_name(study)
    if scenario is not None:
        study, name = study.with_scenario(scenario), f"{name}-{plain(scenario.stem)}"
    if wanted.public:
        name += "-public"

    # what cannot be printed or passed on is told before minutes of work, not after
    if wanted.pdf or wanted.png:
        from walkshed.maps.paper import find_browser

        find_browser()
    if not wanted.public:
        reports_wanted(study.inputs, asked=wanted.report, atlas=wanted.atlas)
    if wanted.public:
        from walkshed.maps.sources import refuse_key

        tiles = study.inputs.settings.map_tiles
        refuse_key(tiles, public=True, with_key=wanted.with_key)
    _remark_notes(console, study)
    target = out or Path("maps") / name
    _run(console, study, target, wanted=wanted, opens=opens, cache=cache)


def _remark_notes(console: Console, study: Study) -> None:
    """Say how much was noted of the tables, and where it is told."""
    count = len(study.inputs.notes)
    if count:
        folder = study.inputs.folder
        told = (
            "{count} {count:note|notes} on how the files are read;  "
            "walkshed check {folder}  shows {count:it|them}"
        )
        console.remark(Message(told, count=count, folder=folder))


def _run(
    console: Console,
    study: Study,
    target: Path,
    *,
    wanted: Wanted,
    opens: bool,
    cache: bool,
) -> None:
    """Run a study, write it into ``target`` with what is wanted, say the answer and show the map."""
    from walkshed.reports.writing.older import check_folder

    check_folder(target, public=wanted.public)
    console.announce_compiler()
    with console.progress_bar() as progress:
        findings = study.run(progress=progress, cache=cache)
        progress("files")
        page = findings.write(
            target,
            say=console.remark,
            pdf=wanted.pdf,
            png=wanted.png,
            public=wanted.public,
            with_key=wanted.with_key,
            report=wanted.report,
            atlas=wanted.atlas,
        )
    for line in findings.summary_lines():
        console.say(line)
    console.show_page(page, opens=opens)


def folder_name(study: Study) -> str:
    """Return the name of a study's folder, as a folder of results may bear it."""
    return plain(study.inputs.folder.resolve().name) or "study"
