"""``walkshed survey``: the sheets to check on the ground, and what comes back of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from walkshed.console.console import Console
from walkshed.model.messages import Message
from walkshed.model.survey_form import SHEET
from walkshed.model.town.survey import FactKind
from walkshed.study import read_study
from walkshed.verbs.running import folder_name


def survey_folder(
    console: Console, folder: Path, *, out: Path | None, items: int, cache: bool
) -> None:
    """Write the sheets of the study of a folder into ``out`` or maps/, and say what is on them."""
    study = read_study(folder, tell=console.complain)
    target = out or Path("maps") / f"{folder_name(study)}-survey"
    console.announce_compiler()
    with console.progress_bar() as progress:
        progress("survey")
        survey = study.survey(items=items, cache=cache, progress=progress)
    path = survey.write(target)

    # how many of each kind, and what was not looked at
    counts = Counter(item.fact.kind for item in survey.items)
    for kind in FactKind:
        if counts[kind]:
            console.say(Message("{sheet}: {count}", sheet=SHEET[kind], count=counts[kind]))
    told = "{judged} {judged:fact was|facts were} judged again with {judged:it|each} turned"
    console.remark(Message(told, judged=survey.judged))
    if survey.left:
        told = (
            "{left} more {left:was|were} not, for want of time: {left:it|they} may hang on fewer "
            "people than those on the sheets, and may not"
        )
        console.remark(Message(told, left=survey.left))
    if not survey.items:
        console.say(Message("nothing to check: no fact that is turned would turn a verdict"))
    console.say(str(path))


def apply_filled(console: Console, folder: Path, filled: Path) -> None:
    """Take back filled sheets beside the study of a folder, and say what they brought."""
    study = read_study(folder, tell=console.complain)
    found = study.apply_survey(filled)
    brought = found.filled
    console.say(
        Message(
            "{fresh} {fresh:answer|answers} taken, {same} known already, {blank} {blank:row|rows} "
            "left blank",
            fresh=brought.fresh,
            same=brought.same,
            blank=brought.blank,
        )
    )
    if not brought.fresh:
        console.remark(Message("nothing is changed"))
        return
    console.say(str(found.path))

    # read again: what it makes of the study
    again = read_study(folder)
    for note in again.inputs.notes:
        if note.startswith(again.inputs.surveyed.file):
            console.remark(note)
