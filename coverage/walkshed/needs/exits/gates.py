"""Which block each stated gate belongs to, where the blocks came from the map and were not known before."""

from __future__ import annotations

from dataclasses import replace

from walkshed.errors import Fault, InputFaultsError
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import Block, Gate
from walkshed.model.town.survey import Surveyed


def gates_of_blocks(gates: tuple[Gate, ...], blocks: tuple[Block, ...]) -> tuple[Gate, ...]:
    """Return ``gates`` with the ids of their blocks.

    A gate may name its block by id or by a name that is its alone. Raises ``InputFaultsError`` with
    a fault for every word that is no block of the study, or the name of several.
    """
    ids = {block.id for block in blocks}
    by_name: dict[str, list[str]] = {}
    for block in blocks:
        by_name.setdefault(block.name, []).append(block.id)

    faults = []
    for word in dict.fromkeys(gate.block for gate in gates if gate.block not in ids):
        several = by_name.get(word, [])
        if len(several) != 1:
            fact = "is not a block of this study"
            cure = "write an id or a name from coverage.csv"
            if several:
                fact = "is the name of several blocks"
                cure = Message("write one of the ids {several}", several=Listing(several))
            faults.append(Fault("[blocks] gates", fact, cure, column="block", value=word))

    if faults:
        raise InputFaultsError(tuple(faults))

    return tuple(
        gate if gate.block in ids else replace(gate, block=by_name[gate.block][0]) for gate in gates
    )


def refuse_lost_gates(surveyed: Surveyed, blocks: tuple[Block, ...]) -> None:
    """Raise ``InputFaultsError`` where a survey found gates of blocks that the study has no longer."""
    ids = {block.id for block in blocks}
    lost = [gate.block for gate in (*surveyed.opened, *surveyed.shut) if gate.block not in ids]
    if lost:
        fact = "is not a block of this study any more"
        cure = "give the block its id again, or take what was found of it out of the file"
        raise InputFaultsError(
            tuple(
                Fault(surveyed.file, fact, cure, column="subject", value=word)
                for word in dict.fromkeys(lost)
            )
        )
