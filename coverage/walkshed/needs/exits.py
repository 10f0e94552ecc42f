"""Where the residents of a block come out onto the streets: the first kind of exit that exists (definition 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ObjectArray, read_only
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
NO_GATES: Mapping[str, FloatArray] = MappingProxyType({})


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
    candidates = _candidates(
        blocks, outlines, network, given, mapped_gates, usable, index, gates_complete=gates_complete
    )  # (1)
    groups: list[tuple[int, ExitKind | None, FloatArray]]
    groups = [(row, kind, xy) for row, kinds in enumerate(candidates) for kind, xy in kinds]
    # What a scenario opens has no kind of its own.
    groups += [
        (row, None, opened[block.id]) for row, block in enumerate(blocks) if block.id in opened
    ]
    sizes = [len(xy) for _, _, xy in groups]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    every = np.concatenate([NOWHERE, *(xy for _, _, xy in groups)])
    anchors = snap(network, every, max_snap_m=max_snap_m, index=index)  # (2)

    kept: list[list[int]] = [[] for _ in blocks]
    kinds: list[ExitKind] = [ExitKind.NONE] * len(blocks)
    for group, (row, kind, _) in enumerate(groups):  # (3)
        at = np.arange(first[group], first[group + 1])
        met = at[anchors.on_network[at]].tolist()
        if not met:
            continue
        beside_given = kinds[row] is ExitKind.GIVEN and kind is ExitKind.MAPPED
        if kind is None:
            kept[row].extend(met)
            kinds[row] = ExitKind.GIVEN if kinds[row] is ExitKind.NONE else kinds[row]
        elif kinds[row] is ExitKind.NONE or beside_given:
            kept[row].extend(met)
            kinds[row] = ExitKind.GIVEN if beside_given else kind
    start = np.concatenate([[0], np.cumsum([len(rows) for rows in kept])])
    chosen = np.array([row for rows in kept for row in rows], dtype=np.int64)
    return Exits(read_only(start, np.int64), tuple(kinds), anchors.take(chosen))


def _candidates(
    blocks: tuple[Block, ...],
    outlines: ObjectArray,
    network: StreetNetwork,
    given: Mapping[str, FloatArray],
    mapped_gates: FloatArray,
    usable: BoolArray,
    index: SegmentIndex,
    *,
    gates_complete: bool,
) -> list[list[tuple[ExitKind, FloatArray]]]:
    """Return, per block, the candidates of each kind, best kind first."""
    rings = shapely.boundary(outlines)
    crossings = _crossings(rings, network, usable)
    gates = _gates_by_block(mapped_gates, rings)
    samples = [NOWHERE if ring is None else _along(ring) for ring in rings]
    along = _runs_along(samples, network, index)
    found: list[list[tuple[ExitKind, FloatArray]]] = []
    for row, block in enumerate(blocks):
        own = given.get(block.id, NOWHERE)
        if outlines[row].geom_type == "Point":
            inferred = shapely.get_coordinates(outlines[row])
            mapped = NOWHERE
        else:
            inferred = samples[row]
            mapped = _once(
                np.concatenate([crossings[row], samples[row][along[row]], mapped_gates[gates[row]]])
            )
        kinds = [(ExitKind.GIVEN, own), (ExitKind.MAPPED, mapped), (ExitKind.INFERRED, inferred)]
        found.append(kinds[:1] if len(own) and gates_complete else kinds)
    return found


def _once(xy: FloatArray) -> FloatArray:
    """Return the points, to the millimeter, each once, from west to east."""
    return np.unique(np.round(xy, 3), axis=0).reshape(-1, 2)


def _crossings(rings: ObjectArray, network: StreetNetwork, usable: BoolArray) -> list[FloatArray]:
    """Return, per block, where ways meet its edge (n, 2): points of crossing, and ends of ways that run along it.

    Only ways that people can step onto count. Of a way that runs along the edge its ends are taken
    and nothing between: where two drawn lines run within a hair's breadth of each other, their
    crossings are rounding noise.
    """
    counted = usable[network.component] & network.enterable
    edge_of_vertex = np.repeat(np.arange(network.edge_count), np.diff(network.vertex_from))
    wanted = counted[edge_of_vertex]
    edges = np.flatnonzero(counted)
    compact = np.searchsorted(edges, edge_of_vertex[wanted])
    lines = (
        shapely.linestrings(network.vertex_xy[wanted], indices=compact)
        if len(edges)
        else np.empty(0, object)
    )
    row, line = shapely.STRtree(lines).query(rings, predicate="dwithin", distance=ALONG_EDGE_M)
    band = shapely.buffer(rings, ALONG_EDGE_M, quad_segs=2)
    shapely.prepare(band)
    beside = shapely.covered_by(lines[line], band[row])
    crossing = shapely.intersection(rings[row], lines[line])
    found: list[FloatArray] = []
    for block in range(len(rings)):
        mine = row == block
        points = shapely.get_coordinates(
            [
                part
                for part in shapely.get_parts(crossing[mine & ~beside])
                if part.geom_type == "Point"
            ]
        )
        at = edges[line[mine & beside]]
        ends = network.node_xy[np.concatenate([network.edge_start[at], network.edge_end[at]])]
        found.append(np.concatenate([NOWHERE, points, ends]))
    return found


def _gates_by_block(gates: FloatArray, rings: ObjectArray) -> list[list[int]]:
    """Return, per block, the gates within 15 m of its edge that are no nearer to another block's edge.

    The gate of the compound across a narrow street is not one's own; a gate in a shared wall is
    both neighbors'.
    """
    found: list[list[int]] = [[] for _ in rings]
    areal = np.flatnonzero(~shapely.is_empty(rings) & ~shapely.is_missing(rings))
    places = shapely.points(gates)
    gate, near = shapely.STRtree(rings[areal]).query(
        places, predicate="dwithin", distance=GATE_BESIDE_EDGE_M
    )
    away_m = shapely.distance(places[gate], rings[areal][near]) if len(gate) else np.empty(0)
    nearest_m = np.full(len(gates), np.inf)
    np.minimum.at(nearest_m, gate, away_m)
    for row in np.flatnonzero(away_m <= nearest_m[gate] + SHARED_WALL_M):
        found[int(areal[near[row]])].append(int(gate[row]))
    return [sorted(rows) for rows in found]


def _along(ring: shapely.Geometry) -> FloatArray:
    """Return points of the ring(s) at most 50 m apart (n, 2)."""
    points: list[FloatArray] = [NOWHERE]
    for line in shapely.get_parts(ring):
        count = max(1, int(np.ceil(line.length / EXIT_SPACING_M - ROUNDING)))
        places = shapely.line_interpolate_point(line, np.arange(count) * (line.length / count))
        points.append(shapely.get_coordinates(places))
    return np.concatenate(points)


def _runs_along(
    samples: list[FloatArray], network: StreetNetwork, index: SegmentIndex
) -> list[BoolArray]:
    """Return, per block, which of its edge's points have a way right beside them."""
    sizes = [len(xy) for xy in samples]
    near = snap(
        network, np.concatenate([NOWHERE, *samples]), max_snap_m=ALONG_EDGE_M, index=index
    ).on_network
    return np.split(near, np.cumsum(sizes)[:-1]) if samples else []
