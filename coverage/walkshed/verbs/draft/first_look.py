"""After a draft with tables of the planner's own: places are looked up on the map, and the study is read once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from walkshed.console.console import Console
from walkshed.errors import InputFaultsError
from walkshed.inputs.faults import first_of
from walkshed.model.messages import Message

if TYPE_CHECKING:
    from walkshed.inputs.unplaced import Wanted

#: Notes that are told at once; walkshed check tells all.
_MOST_TOLD, _NAMED = 8, 5
#: Notes that ask for nothing, and those on one row among many.
_ROUTINE = re.compile(
    r", (?:row|feature) \d+|no entr|is read as GB18030|have their place from|kind_rules"
    r"|are found on the map by name|writes a sheet to review"
)


def look(console: Console, folder: Path) -> None:
    """Place what has no coordinates by the study's own map, and say what the tables leave open.

    Raises ``InputFaultsError`` with every fault of them: the study stays, to be mended there.
    """
    from walkshed.inputs.services import alike
    from walkshed.study import read_study
    from walkshed.verbs.geocode.placing import chain_of, place_rows, put_places

    # only the map is asked; walkshed geocode --provider asks others
    wanted = _unplaced(folder)
    put_places([place_rows(each, chain_of(each)) for each in wanted])
    inputs = read_study(folder).inputs

    # what the tables leave open
    idle = [one.name for one in (*inputs.stations, *inputs.unplaced) if not one.services]
    notes = list(inputs.notes)
    if idle:
        count = len(inputs.stations) + len(inputs.unplaced)
        told = (
            "{idle} of {count} {count:station|stations} "
            "{idle:names no service and serves|name no service and serve} nobody: {names}"
        )
        names = first_of(idle, _NAMED, mark="、")
        notes.insert(0, Message(told, idle=len(idle), count=count, names=names))
    if pairs := alike([service.zh for service in inputs.services]):
        named = [f"{one} / {other}" for one, other in pairs]
        told = "may be one service each, to be written alike in the table: {pairs}"
        notes.insert(0, Message(told, pairs=first_of(named, _NAMED, mark="; ")))
    for note in shortened(notes, folder):
        console.say(Message("· {remark}", remark=note))


def _unplaced(folder: Path) -> tuple[Wanted, ...]:
    """Return what to look up; nothing where the tables have faults, which reading the study tells."""
    from walkshed.inputs.unplaced import read_unplaced
    from walkshed.opening import skills

    try:
        return read_unplaced(folder, city="", skills=skills())
    except InputFaultsError:
        return ()


def shortened(notes: Sequence[str], folder: Path) -> tuple[str, ...]:
    """Return the notes, those that ask for something first, and no more than one reads at once."""
    ordered = sorted(notes, key=lambda note: bool(_ROUTINE.search(note)))
    if len(ordered) <= _MOST_TOLD:
        return tuple(ordered)
    told = "{count} more {count:note|notes}; run  walkshed check {folder}"
    more = Message(told, count=len(ordered) - _MOST_TOLD + 1, folder=folder)
    return (*ordered[: _MOST_TOLD - 1], more)
