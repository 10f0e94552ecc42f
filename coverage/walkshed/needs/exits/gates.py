"""Which block each stated gate belongs to, where the blocks came from the map and were not known before."""

from __future__ import annotations

from dataclasses import replace

from walkshed.errors import Fault, InputFaultsError
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import Block, Gate


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
