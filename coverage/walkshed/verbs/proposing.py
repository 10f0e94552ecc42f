"""``walkshed site``: where the next stations should stand, written with the map before and after."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from walkshed.console.console import Console
from walkshed.errors import InvalidValueError
from walkshed.findings import reports_wanted
from walkshed.model.marks import plain
from walkshed.study import read_study
from walkshed.verbs.running import folder_name

if TYPE_CHECKING:
    from walkshed.model.plans.goals import SitingGoal
    from walkshed.study import SitingWishes, Study

#: Stages of two runs with the siting and the files (walkshed.study).
_STAGES = 16


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the siting; None and empty where the study decides."""

    new: int | None
    budget: float | None
    services: tuple[str, ...] | None
    walkers: tuple[str, ...] | None
    goal: SitingGoal | None
    upgrade: bool  # bring centers down from upper floors instead
    time_limit_s: float
    gap: float  # as a share
    report: bool = False  # write the workbook, too


def site_folder(
    console: Console,
    folder: Path,
    asked: Asked,
    *,
    scenario: Path | None,
    out: Path | None,
    opens: bool,
) -> None:
    """Propose stations for the study of a folder, with the changes of a scenario; write, say and show them."""
    from walkshed.reports.writing.older import check_folder

    study = read_study(folder, tell=console.complain)
    reports_wanted(study.inputs, asked=asked.report)
    wishes = _wishes(study, asked)
    name = folder_name(study)
    if scenario is not None:
        study, name = study.with_scenario(scenario), f"{name}-{plain(scenario.stem)}"
    target = out or Path("maps") / name
    check_folder(target)

    # what is said while the solver works is not said again
    heard: list[str] = []

    def hear(line: str) -> None:
        console.say(line)
        heard.append(line)

    with console.progress_bar(_STAGES) as progress:
        plan = study.upgrade if asked.upgrade else study.site
        proposed = plan(
            time_limit_s=asked.time_limit_s,
            gap=asked.gap,
            progress=progress,
            say=hear,
            **wishes,
        )
        progress("files")
        page = proposed.write(target, report=asked.report, say=console.remark)
    for line in proposed.summary_lines():
        if line not in heard:
            console.say(line)
    console.show_page(page, opens=opens)


def _wishes(study: Study, asked: Asked) -> SitingWishes:
    """Return what is wished for beside what study.toml says; refuses a siting without a number of stations."""
    from walkshed.siting.planning.goals import aim_of

    wanted = study.inputs.siting
    aim = "coverage" if asked.upgrade else asked.goal or wanted.goal
    numbers = (asked.new, asked.budget, wanted.new, wanted.budget)
    if not aim_of(aim).serves_all and all(number is None for number in numbers):
        raise InvalidValueError(
            "how many stations? give --new N or --budget B, or say so in [siting] of study.toml"
        )

    wishes: SitingWishes = {"goal": aim}
    if asked.new is not None:
        wishes["new"] = asked.new
    if asked.budget is not None:
        wishes["budget"] = asked.budget
    if asked.services is not None:
        wishes["services"] = asked.services
    if asked.walkers is not None:
        wishes["walkers"] = asked.walkers
    return wishes
