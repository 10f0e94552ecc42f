"""Where the residents of a block come out onto the streets: the first kind of exit that exists (definition 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    ObjectArray,
    read_only,
)
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors
from walkshed.model.judged.coverage import Stretches
from walkshed.model.judged.verdicts import ExitKind
from walkshed.model.town.places import Block
from walkshed.needs.exits.candidates import (
    KINDS,
    NOWHERE,
    Candidates,
    candidates_of,
    joined,
    of_rows,
)
from walkshed.walk.anchors import index_edges, snap

#: A place that a survey tells of is told in degrees, to a centimeter.
SAME_EXIT_M = 1.0
NO_GATES: Mapping[str, FloatArray] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Exits:
    """The exits of b blocks.

    Block ``i`` has points ``start[i]:start[i + 1]`` of the anchors, all on the network.
    """

    start: IntArray  # (b + 1,)
    kind: tuple[ExitKind, ...]  # b
    anchors: Anchors  # a point per exit; several anchors where several streets are equally near
    stretches: Stretches  # where ways run along the edges of blocks that have exits there


def exits_of(
    blocks: tuple[Block, ...],
    outlines: ObjectArray,
    network: StreetNetwork,
    *,
    given: Mapping[str, FloatArray],
    mapped_gates: FloatArray,
    gates_complete: bool,
    opened: Mapping[str, FloatArray] = NO_GATES,
    barred: Mapping[str, FloatArray] = NO_GATES,
    shut_xy: FloatArray = NOWHERE,
    usable: BoolArray,
    max_snap_m: float,
) -> Exits:
    """Return the exits of ``blocks``.

    ``given`` holds stated gates by block id, ``mapped_gates`` those of the map. Steps: (1) the
    candidates of every kind, none where a closed barrier stands (``shut_xy``); (2) which of them
    meet the network; (3) for each block the first kind of which one does, and beside them gates
    that are ``opened``. Gates that are declared complete leave no other kind to their block, and
    none where they are all ``barred``: a place at which a survey found no way out.
    """
    index = index_edges(network, usable=usable)
    candidates, stretches = candidates_of(  # (1)
        blocks,
        outlines,
        network,
        given=given,
        mapped_gates=mapped_gates,
        gates_complete=gates_complete,
        shut_xy=shut_xy,
        usable=usable,
    )

    # where a survey found no way out
    if barred:
        candidates = [part.some(~_is_barred(part, blocks, barred)) for part in candidates]

    # what a scenario opens has no kind of its own
    extra = [(row, opened[block.id]) for row, block in enumerate(blocks) if block.id in opened]
    every = joined([*candidates, of_rows(extra, kind=None)])
    anchors = snap(network, every.xy, max_snap_m=max_snap_m, index=index)  # (2)
    return _first_kinds(every, anchors, stretches, len(blocks))  # (3)


def _is_barred(
    part: Candidates, blocks: tuple[Block, ...], barred: Mapping[str, FloatArray]
) -> BoolArray:
    """Return (n,) whether each candidate lies where its own block has no way out."""
    found = np.zeros(len(part.block), dtype=bool)
    for row, block in enumerate(blocks):
        for x, y in barred.get(block.id, NOWHERE):
            away = np.abs(part.xy - (x, y)).max(axis=1)
            found |= (part.block == row) & (away <= SAME_EXIT_M)
    return found


def _first_kinds(every: Candidates, anchors: Anchors, stretches: Stretches, blocks: int) -> Exits:
    """Return, of candidates that meet the network, those of the first kind that each block has.

    Beside given gates those of the map count, too; what is opened comes beside any kind, and is
    given where there is no other.
    """
    met = anchors.on_network
    given, mapped, inferred, opened = (
        np.bincount(every.block[met & (every.kind == code)], minlength=blocks) > 0
        for code in range(len(KINDS))
    )
    takes = np.ones((blocks, len(KINDS)), dtype=bool)
    takes[:, KINDS.index(ExitKind.INFERRED)] = ~given & ~mapped

    # kept in the order of the kinds
    kept = np.flatnonzero(met & takes[every.block, every.kind])
    order = np.lexsort([kept, every.kind[kept], every.block[kept]])
    chosen = kept[order]
    start = np.concatenate([[0], np.cumsum(np.bincount(every.block[chosen], minlength=blocks))])

    # the first kind names the block; a gate that is opened is given where there is no other
    names = (ExitKind.GIVEN, ExitKind.MAPPED, ExitKind.INFERRED, ExitKind.GIVEN, ExitKind.NONE)
    first = np.argmax(np.column_stack([given, mapped, inferred, opened, np.ones(blocks)]), axis=1)
    kinds = tuple(names[number] for number in first.tolist())
    return Exits(read_only(start, np.int64), kinds, anchors.take(chosen), stretches)
