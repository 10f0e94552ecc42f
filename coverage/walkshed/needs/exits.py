"""Where the residents of a block come out onto the streets: the first kind of exit that exists (definition 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import shapely

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    ObjectArray,
    begins_run,
    ranges,
    read_only,
)
from walkshed.model.network import StreetNetwork
from walkshed.model.places import Block
from walkshed.model.verdicts import ExitKind
from walkshed.model.walking import Anchors
from walkshed.walk.anchors import SegmentIndex, index_segments, snap

EXIT_SPACING_M = 50.0
GATE_BESIDE_EDGE_M = 15.0
# two edges whose distances to a gate differ by less are one wall between two compounds
SHARED_WALL_M = 1.0
# a way this close to a block's edge runs along it: residents step out onto it anywhere
ALONG_EDGE_M = 1.0
ROUNDING = 1e-6  # so that a length of 1,000.000001 m is not parted otherwise than one of 1,000 m

NOWHERE = np.empty((0, 2))
#: The kinds of candidates, best first; what a scenario opens has none of its own.
_KINDS: tuple[ExitKind | None, ...] = (ExitKind.GIVEN, ExitKind.MAPPED, ExitKind.INFERRED, None)
_POINT = 0  # shapely's number for points
NO_GATES: Mapping[str, FloatArray] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class _Candidates:
    """Places where residents of a block may come out; n of them."""

    block: IntArray  # (n,)
    kind: IntArray  # (n,) place in _KINDS
    xy: FloatArray  # (n, 2)

    def some(self, kept: BoolArray) -> _Candidates:
        """Return some of them."""
        return _Candidates(self.block[kept], self.kind[kept], self.xy[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Exits:
    """The exits of b blocks; block ``i`` has points ``start[i]:start[i + 1]`` of the anchors, all on the network."""

    start: IntArray  # (b + 1,)
    kind: tuple[ExitKind, ...]  # b
    anchors: Anchors  # a point per exit; two anchors where it stands between two sides of a gate


def exits_of(
    blocks: tuple[Block, ...],
    outlines: ObjectArray,
    network: StreetNetwork,
    *,
    given: Mapping[str, FloatArray],
    mapped_gates: FloatArray,
    gates_complete: bool,
    opened: Mapping[str, FloatArray] = NO_GATES,
    usable: BoolArray,
    max_snap_m: float,
) -> Exits:
    """Return the exits of ``blocks``; ``given`` holds stated gates by block id, ``mapped_gates`` those of the map.

    Steps: (1) the candidates of every kind; (2) which of them meet the network; (3) for each block
    the first kind of which one does, and beside them gates that are ``opened``. Gates that are
    declared complete leave no other kind to their block.
    """
    index = index_segments(network, usable=usable)
    candidates = _candidates(  # (1)
        blocks,
        outlines,
        network,
        given=given,
        mapped_gates=mapped_gates,
        gates_complete=gates_complete,
        usable=usable,
        index=index,
    )
    # what a scenario opens has no kind of its own
    extra = [(row, opened[block.id]) for row, block in enumerate(blocks) if block.id in opened]
    every = _joined([*candidates, _of_rows(extra, kind=None)])
    anchors = snap(network, every.xy, max_snap_m=max_snap_m, index=index)  # (2)
    return _first_kinds(every, anchors, len(blocks))  # (3)


def _first_kinds(every: _Candidates, anchors: Anchors, blocks: int) -> Exits:
    """Return, of candidates that meet the network, those of the first kind that each block has.

    Beside given gates those of the map count, too; what is opened comes beside any kind, and is
    given where there is no other.
    """
    met = anchors.on_network
    given, mapped, inferred, opened = (
        np.bincount(every.block[met & (every.kind == code)], minlength=blocks) > 0
        for code in range(len(_KINDS))
    )
    takes = np.ones((blocks, len(_KINDS)), dtype=bool)
    takes[:, _KINDS.index(ExitKind.INFERRED)] = ~given & ~mapped

    # kept in the order of the kinds
    kept = np.flatnonzero(met & takes[every.block, every.kind])
    order = np.lexsort([kept, every.kind[kept], every.block[kept]])
    chosen = kept[order]
    start = np.concatenate([[0], np.cumsum(np.bincount(every.block[chosen], minlength=blocks))])

    # the first kind names the block; a gate that is opened is given where there is no other
    names = (ExitKind.GIVEN, ExitKind.MAPPED, ExitKind.INFERRED, ExitKind.GIVEN, ExitKind.NONE)
    first = np.argmax(np.column_stack([given, mapped, inferred, opened, np.ones(blocks)]), axis=1)
    kinds = tuple(names[number] for number in first.tolist())
    return Exits(read_only(start, np.int64), kinds, anchors.take(chosen))


def _candidates(
    blocks: tuple[Block, ...],
    outlines: ObjectArray,
    network: StreetNetwork,
    *,
    given: Mapping[str, FloatArray],
    mapped_gates: FloatArray,
    gates_complete: bool,
    usable: BoolArray,
    index: SegmentIndex,
) -> list[_Candidates]:
    """Return the candidates of every kind, by block.

    Given gates as stated. Of the map: ways that cross the edge, points of the edge with a way right
    beside them, and gates near it. Inferred: points along the edge, or the block itself where it is
    drawn as a point.
    """
    rings = shapely.boundary(outlines)
    stated = _of_rows(
        [(row, given[block.id]) for row, block in enumerate(blocks) if block.id in given],
        kind=ExitKind.GIVEN,
    )
    sampled = _along(rings)
    beside = snap(network, sampled.xy, max_snap_m=ALONG_EDGE_M, index=index).on_network
    gate_block, gate = _gates_by_block(mapped_gates, rings)
    mapped = _once(
        [
            _crossings(rings, network, usable),
            sampled.some(beside),
            _Candidates(gate_block, _codes(gate_block, ExitKind.MAPPED), mapped_gates[gate]),
        ]
    )

    # a block that is drawn as a point
    places = np.flatnonzero(shapely.get_type_id(outlines) == _POINT)
    alone = _Candidates(
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
    return [stated, mapped, sampled, alone]


def _of_rows(rows: list[tuple[int, FloatArray]], *, kind: ExitKind | None) -> _Candidates:
    """Return candidates that are listed by block."""
    block = np.repeat([row for row, _ in rows], [len(xy) for _, xy in rows]).astype(np.int64)
    return _Candidates(
        block, _codes(block, kind), np.concatenate([NOWHERE, *(xy for _, xy in rows)])
    )


def _codes(block: IntArray, kind: ExitKind | None) -> IntArray:
    return np.full(len(block), _KINDS.index(kind), dtype=np.int64)


def _joined(parts: Sequence[_Candidates]) -> _Candidates:
    return _Candidates(
        np.concatenate([part.block for part in parts]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.xy for part in parts]),
    )


def _once(parts: Sequence[_Candidates]) -> _Candidates:
    """Return the points of every block, to the millimeter, each once, from west to east."""
    every = _joined(parts)
    block, xy = every.block, np.round(every.xy, 3) + 0.0
    order = np.lexsort([xy[:, 1], xy[:, 0], block])
    block, xy = block[order], xy[order]
    fresh = begins_run(block, xy)
    return _Candidates(block[fresh], _codes(block[fresh], ExitKind.MAPPED), xy[fresh])


def _crossings(rings: ObjectArray, network: StreetNetwork, usable: BoolArray) -> _Candidates:
    """Return where ways meet the edge of each block: points of crossing, and ends of ways that run along it.

    Only ways that people can step onto count. Of a way that runs along the edge its ends are taken
    and nothing between: where two drawn lines run within a hair's breadth of each other, their
    crossings are rounding noise.
    """
    # the streets as lines
    counted = usable[network.component] & network.enterable
    edge_of_vertex = np.repeat(np.arange(network.edge_count), np.diff(network.vertex_from))
    wanted = counted[edge_of_vertex]
    edges = np.flatnonzero(counted)
    compact = np.searchsorted(edges, edge_of_vertex[wanted])
    lines = np.empty(0, dtype=object)
    if len(edges):
        lines = shapely.linestrings(network.vertex_xy[wanted], indices=compact)

    # those that run along an edge, and where the others cross it
    row, line = shapely.STRtree(lines).query(rings, predicate="dwithin", distance=ALONG_EDGE_M)
    band = shapely.buffer(rings, ALONG_EDGE_M, quad_segs=2)
    shapely.prepare(band)
    beside = shapely.covered_by(lines[line], band[row])
    crossing = shapely.intersection(rings[row[~beside]], lines[line[~beside]])
    parts, owner = shapely.get_parts(crossing, return_index=True)
    points = shapely.get_type_id(parts) == _POINT
    at = edges[line[beside]]
    block = np.concatenate([row[~beside][owner[points]], row[beside], row[beside]])
    xy = np.concatenate(
        [
            shapely.get_coordinates(parts[points]),
            network.node_xy[network.edge_start[at]],
            network.node_xy[network.edge_end[at]],
        ]
    )
    return _Candidates(block, _codes(block, ExitKind.MAPPED), xy)


def _gates_by_block(gates: FloatArray, rings: ObjectArray) -> tuple[IntArray, IntArray]:
    """Return (block, gate) of gates within 15 m of a block's edge that are no nearer to another block's edge.

    The gate of the compound across a narrow street is not one's own; a gate in a shared wall is
    both neighbors'.
    """
    areal = np.flatnonzero(~shapely.is_empty(rings) & ~shapely.is_missing(rings))
    places = shapely.points(gates)
    gate, near = shapely.STRtree(rings[areal]).query(
        places, predicate="dwithin", distance=GATE_BESIDE_EDGE_M
    )
    away_m = shapely.distance(places[gate], rings[areal][near]) if len(gate) else np.empty(0)
    nearest_m = np.full(len(gates), np.inf)
    np.minimum.at(nearest_m, gate, away_m)
    own = away_m <= nearest_m[gate] + SHARED_WALL_M
    return areal[near[own]], gate[own]


def _along(rings: ObjectArray) -> _Candidates:
    """Return points of the ring(s) of each block at most 50 m apart; none for a block that has no edge."""
    lines, owner = shapely.get_parts(rings, return_index=True)
    length = shapely.length(lines)
    count = np.maximum(1, np.ceil(length / EXIT_SPACING_M - ROUNDING)).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), count)
    number = ranges(np.zeros(len(count), dtype=np.int64), count)
    places = shapely.line_interpolate_point(lines[line], number * (length / count)[line])
    block = owner[line]
    return _Candidates(block, _codes(block, ExitKind.INFERRED), shapely.get_coordinates(places))
