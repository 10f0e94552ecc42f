"""Where the residents of blocks may come out: the candidates of every kind of exit (definition 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    ObjectArray,
    begins_run,
    ranges,
)
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.judged.coverage import Stretches
from walkshed.model.judged.verdicts import ExitKind
from walkshed.model.town.places import Block, Form
from walkshed.needs.exits.stretches import line_parts, stretches_of
from walkshed.needs.people.faces import lines_of

EXIT_SPACING_M = 50.0
GATE_BESIDE_EDGE_M = 15.0
# two edges whose distances to a gate differ by less are one wall between two compounds
SHARED_WALL_M = 1.0
# a way this close to a block's edge, for so many meters or all of its length, runs along it:
# residents step out onto it anywhere; a block that ways follow for less in all is touched by chance
ALONG_EDGE_M = 1.0
ALONG_PART_MIN_M, ALONG_EDGE_MIN_M = 10.0, 25.0
SAME_NODE_M = 0.01
ROUNDING = 1e-6  # so that a length of 1,000.000001 m is not parted otherwise than one of 1,000 m
NOWHERE = np.empty((0, 2))
#: The kinds of candidates, best first; what a scenario opens has none of its own.
KINDS: tuple[ExitKind | None, ...] = (ExitKind.GIVEN, ExitKind.MAPPED, ExitKind.INFERRED, None)
_POINT = 0  # shapely's number for points


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Places where residents of a block may come out; n of them."""

    block: IntArray  # (n,)
    kind: IntArray  # (n,) place in KINDS
    xy: FloatArray  # (n, 2)

    def some(self, kept: BoolArray) -> Candidates:
        """Return some of them."""
        return Candidates(self.block[kept], self.kind[kept], self.xy[kept])


def candidates_of(
    blocks: tuple[Block, ...],
    outlines: ObjectArray,
    network: StreetNetwork,
    *,
    given: Mapping[str, FloatArray],
    mapped_gates: FloatArray,
    gates_complete: bool,
    shut_xy: FloatArray,
    usable: BoolArray,
) -> tuple[list[Candidates], Stretches]:
    """Return the candidates of every kind, by block, and the ways that run along its edge.

    Given gates as stated. Of the map: ways that cross the edge, the ends of those that run along
    it, and gates near it. Inferred: points along the edge, or the block itself where it is drawn as
    a point.
    """
    rings = shapely.boundary(outlines)
    stated = of_rows(
        [(row, given[block.id]) for row, block in enumerate(blocks) if block.id in given],
        kind=ExitKind.GIVEN,
    )

    sampled = _along(rings)
    crossings, stretches = _met(rings, network, usable, shut_xy)

    walled = np.array([block.form is Form.COMPOUND for block in blocks], dtype=bool)
    gate_block, gate = _gates_by_block(mapped_gates, rings, walled)
    mapped = _once(
        [
            crossings,
            Candidates(gate_block, _codes(gate_block, ExitKind.MAPPED), mapped_gates[gate]),
        ]
    )
    mapped = mapped.some(~_near(shapely.points(mapped.xy), shut_xy))

    # a block that is drawn as a point
    places = np.flatnonzero(shapely.get_type_id(outlines) == _POINT)
    alone = Candidates(
        places, _codes(places, ExitKind.INFERRED), shapely.get_coordinates(outlines[places])
    )

    is_place = np.zeros(len(blocks), dtype=bool)
    is_place[places] = True
    mapped = mapped.some(~is_place[mapped.block])

    if gates_complete and len(stated.block):
        closed = np.zeros(len(blocks), dtype=bool)
        closed[stated.block] = True
        mapped, sampled, alone = (
            each.some(~closed[each.block]) for each in (mapped, sampled, alone)
        )
        stretches = stretches.some(~closed[stretches.block])

    return [stated, mapped, sampled, alone], stretches


def of_rows(rows: list[tuple[int, FloatArray]], *, kind: ExitKind | None) -> Candidates:
    """Return candidates that are listed by block."""
    block = np.repeat([row for row, _ in rows], [len(xy) for _, xy in rows]).astype(np.int64)
    return Candidates(
        block, _codes(block, kind), np.concatenate([NOWHERE, *(xy for _, xy in rows)])
    )


def _codes(block: IntArray, kind: ExitKind | None) -> IntArray:
    return np.full(len(block), KINDS.index(kind), dtype=np.int64)


def joined(parts: Sequence[Candidates]) -> Candidates:
    """Return the candidates of all parts, one after the other."""
    return Candidates(
        np.concatenate([part.block for part in parts]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.xy for part in parts]),
    )


def _once(parts: Sequence[Candidates]) -> Candidates:
    """Return the points of every block, to the millimeter, each once, from west to east."""
    every = joined(parts)
    xy = np.round(every.xy, 3) + 0.0
    order = np.lexsort([xy[:, 1], xy[:, 0], every.block])
    block = every.block[order]
    fresh = begins_run(block, xy[order])

    # each where it is: a millimeter aside, an exit at a junction would stand on one street alone
    return Candidates(block[fresh], _codes(block[fresh], ExitKind.MAPPED), every.xy[order][fresh])


def _met(
    rings: ObjectArray, network: StreetNetwork, usable: BoolArray, shut_xy: FloatArray
) -> tuple[Candidates, Stretches]:
    """Return where ways meet the edge of each block, and the stretches of ways that run along it.

    Only ways that people can step onto count. Where a way runs along the edge the ends of the
    stretch are taken and no crossing between: where two drawn lines run within a hair's breadth of
    each other, their crossings are rounding noise. A junction ends a stretch, since it ends the
    edge.
    """
    # the streets as lines
    edges = np.flatnonzero(usable[network.component] & network.enterable)
    lines = lines_of(network, edges).lines

    # what of them lies right beside the edge: all of a line, a part of it, or a crossing's
    row, line = shapely.STRtree(lines).query(rings, predicate="dwithin", distance=ALONG_EDGE_M)
    band = shapely.buffer(rings, ALONG_EDGE_M)
    shapely.prepare(band)
    whole = shapely.covered_by(lines[line], band[row])
    near, pair = line_parts(shapely.intersection(lines[line[~whole]], band[row[~whole]]))
    pair = np.flatnonzero(~whole)[pair]
    long = shapely.length(near) >= ALONG_PART_MIN_M

    # or a short one of a way that keeps close without meeting it, and does not end at a closed
    # gate; what touches the edge but for a hair branches off, and follows nothing
    meets = shapely.distance(near, rings[row[pair]]) <= SAME_NODE_M
    long |= ~meets & ~_near(near, shut_xy)

    along = np.concatenate([lines[line[whole]], near[long]])
    owner = np.concatenate([np.flatnonzero(whole), pair[long]])
    followed_m = np.bincount(row[owner], weights=shapely.length(along), minlength=len(rings))
    enough = followed_m[row[owner]] >= ALONG_EDGE_MIN_M
    along, owner = along[enough], owner[enough]

    # crossings, of lines that run along an edge nowhere, or of the other parts of those that do
    partly = np.zeros(len(row), dtype=bool)
    partly[owner] = True
    short = ~long & partly[pair]  # of lines that run along it elsewhere
    across = _crossings(
        np.concatenate([rings[row[~partly]], rings[row[pair[short]]]]),
        np.concatenate([lines[line[~partly]], near[short]]),
    )
    crosser = np.concatenate([np.flatnonzero(~partly), pair[short]])
    parts, of_crosser = shapely.get_parts(across, return_index=True)
    points = shapely.get_type_id(parts) == _POINT

    ends = shapely.get_coordinates(
        np.concatenate([shapely.get_point(along, 0), shapely.get_point(along, -1)])
    )
    block = np.concatenate([row[crosser[of_crosser[points]]], row[owner], row[owner]])
    xy = np.concatenate([shapely.get_coordinates(parts[points]), ends])

    return (
        Candidates(block, _codes(block, ExitKind.MAPPED), xy),
        stretches_of(
            network, edges[line[owner]], lines[line[owner]], row[owner], along, whole=whole[owner]
        ),
    )


def _crossings(rings: ObjectArray, lines: ObjectArray) -> ObjectArray:
    """Return where each line crosses its ring.

    One that ends short of it by a hair meets it where it ends.
    """
    across = np.asarray(shapely.intersection(rings, lines), dtype=object)
    for end in (0, -1):
        tip = shapely.get_point(lines, end)
        short = shapely.is_empty(across) & (shapely.distance(tip, rings) <= SAME_NODE_M)
        across[short] = tip[short]
    return across


def _near(shapes: ObjectArray, places_xy: FloatArray) -> BoolArray:
    """Return (n,) True where a shape holds one of some places."""
    holds = np.zeros(len(shapes), dtype=bool)
    near, _ = shapely.STRtree(shapely.points(places_xy)).query(
        shapes, predicate="dwithin", distance=SAME_NODE_M
    )
    holds[near] = True
    return holds


def _gates_by_block(
    gates: FloatArray, rings: ObjectArray, walled: BoolArray
) -> tuple[IntArray, IntArray]:
    """Return (block, gate) of gates within 15 m of a compound's edge that are no nearer to another compound's edge.

    Blocks that are not ``walled`` have no gates: those of the streets lead into the yards beside
    them. The gate of the compound across a narrow street is not one's own; a gate in a shared wall
    is both neighbors'.
    """
    areal = np.flatnonzero(walled & ~shapely.is_empty(rings) & ~shapely.is_missing(rings))
    places = shapely.points(gates)
    gate, near = shapely.STRtree(rings[areal]).query(
        places, predicate="dwithin", distance=GATE_BESIDE_EDGE_M
    )
    away_m = shapely.distance(places[gate], rings[areal][near]) if len(gate) else np.empty(0)

    nearest_m = np.full(len(gates), np.inf)
    np.minimum.at(nearest_m, gate, away_m)
    own = away_m <= nearest_m[gate] + SHARED_WALL_M
    return areal[near[own]], gate[own]


def _along(rings: ObjectArray) -> Candidates:
    """Return points of the ring(s) of each block at most 50 m apart.

    A block without an edge has none.
    """
    lines, owner = shapely.get_parts(rings, return_index=True)
    length = shapely.length(lines)
    count = np.maximum(1, np.ceil(length / EXIT_SPACING_M - ROUNDING)).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), count)
    number = ranges(0, count)
    places = shapely.line_interpolate_point(lines[line], number * (length / count)[line])
    block = owner[line]
    return Candidates(block, _codes(block, ExitKind.INFERRED), shapely.get_coordinates(places))
