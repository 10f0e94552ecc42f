"""``walkshed check``: every fault of a study, or what was read."""

from __future__ import annotations

from pathlib import Path

from walkshed.console.console import Console
from walkshed.console.faults import faults_as_json
from walkshed.console.overview import overview
from walkshed.errors import Fault, InputFaultsError
from walkshed.model.messages import Message
from walkshed.study import check


def check_folder(console: Console, folder: Path) -> None:
    """Say what was read of a study, and its notes; raises ``InputFaultsError`` with every fault."""
    inputs = check(folder, tell=console.complain).inputs
    console.show(overview(inputs))
    for note in inputs.notes:
        console.say(Message("note: {note}", note=note))
    console.say("no fault")


def check_as_json(console: Console, folder: Path) -> bool:
    """Say {"faults": […], "notes": […]}; return whether there is no fault."""
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    try:
        notes = check(folder, tell=console.complain).inputs.notes
    except InputFaultsError as error:
        faults, notes = error.faults, error.notes
    console.say(faults_as_json(faults, notes, console.language))
    return not faults
