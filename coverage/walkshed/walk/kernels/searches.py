"""The one seam to shortest paths: searches over plain arrays, which know nothing of stations or streets.

Searches run against the arcs, from where walks end to where they begin: ``into`` and ``tail`` as in
``ArcGraph``, and a non-negative ``weight`` per arc (meters, or seconds of one walker). Weights and
the costs of seeds are multiples of 1/1024 (others are refused) and are summed exactly. Arrays come
in and go out; arguments are not changed, but for work arrays where the docstring says so. Answers
are the same to the byte whatever the number of threads. Import this module inside functions: it
loads numba.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from walkshed.model.arrays import FloatArray, Int32Array, IntArray
from walkshed.model.cores import cores
from walkshed.model.ground.arcs import Arcs, pack, whole_ticks
from walkshed.model.messages import Message
from walkshed.walk.kernels import desks, joining, settling
from walkshed.walk.kernels.desks import Labels
from walkshed.walk.kernels.labels import end_of, labels_of, limit_end, own, owner_bits
from walkshed.walk.kernels.two_best import lower_two, read_labels

__all__ = [
    "Arcs",
    "nearest_nodes",
    "nodes_within",
    "pack",
    "rows_within",
    "threads_for",
    "two_nearest",
]

#: Rows that an answer is collected in at a time, at most.
_MOST_ROOM = 1 << 22
#: Fewer searches than this are not worth a second thread.
_SEARCHES_PER_THREAD = 16
#: So many searches are made before it is decided whether the others are shared out, which pays from
#: so many answers on.
_TRIAL = 8
_ROWS_PER_THREAD = 20_000
#: What faults call the cost with which a search begins.
_SEED = Message("seed's cost")


@dataclass(frozen=True, slots=True, eq=False)
class Reads:
    """Where rows begin walks: of a node v with ``slot[v]`` > 0 the entries ``start[slot[v] - 1]:start[slot[v]]``.

    Most nodes have none, and the pages of ``slot`` that hold none are never filled.
    """

    slot: NDArray[np.uint32]  # (nodes,)
    start: IntArray  # (k + 1,)
    row: IntArray  # (r,)
    cost: FloatArray  # (r,)


def reads_at(node: Int32Array, row: IntArray, cost: FloatArray, nodes: int) -> Reads:
    """Return the entries (r,) by the node at which each begins."""
    slot = np.zeros(nodes, dtype=np.uint32)
    start, order = np.empty(len(node) + 1, dtype=np.int64), np.empty(len(node), dtype=np.int64)
    groups = joining.group_by_node(own(node, np.int32), slot, start, order)
    return Reads(slot, start[: groups + 1], row[order], cost[order])


def two_nearest(
    arcs: Arcs,
    seed_node: Int32Array,
    seed_cost: FloatArray,
    seed_owner: Int32Array,
    *,
    read_row: IntArray,
    read_node: Int32Array,
    read_cost: FloatArray,
    rows: int,
    second: bool = True,
) -> tuple[FloatArray, Int32Array]:
    """Return for each of ``rows`` the two cheapest owners: costs (rows, 2) and owners (rows, 2), inf and -1 for none.

    Owner o ends walks at the nodes of its seeds, at the seeds' cost. A row begins walks at the
    nodes of its reads, at their cost. Equal costs go to the lower owner. A third owner at a node
    can never be among the first two elsewhere through it. Without ``second`` only the first is
    searched; the other column is what reads of different nodes leave in it.
    """
    bits = owner_bits(seed_owner)
    seed = whole_ticks(seed_cost, _SEED)
    end = end_of(arcs, bits, seed)

    cost, owner = np.full((rows, 2), np.inf), np.full((rows, 2), -1, dtype=np.int32)

    # each read of a row takes what the search left at its node
    row, node = own(read_row, np.int64), own(read_node, np.uint32)
    begun = own(read_cost, np.float64)
    for label in _nearest(
        arcs, seed_node, labels_of(seed, seed_owner, bits), bits, end, second=second
    ):
        lower_two(label, np.uint64(bits), row, node, begun, cost, owner)
    return cost, owner


def nearest_nodes(
    arcs: Arcs, seed_node: Int32Array, *, limit: float = np.inf, second: bool = False
) -> tuple[FloatArray, Int32Array]:
    """Return (1 or 2, nodes) the cost from every node to the nearest seed, and that seed's number.

    Inf, -1 for none.
    """
    bits = max(1, len(seed_node).bit_length())
    end = min(limit_end(limit, arcs) << bits, end_of(arcs, bits))

    seed = np.arange(len(seed_node), dtype=np.uint64)
    labels = _nearest(arcs, seed_node, seed, bits, end, second=second)

    cost = np.empty((len(labels), arcs.nodes))
    owner = np.empty((len(labels), arcs.nodes), dtype=np.int32)
    for label, one_cost, one_owner in zip(labels, cost, owner, strict=True):
        read_labels(label, np.uint64(bits), one_cost, one_owner)
    return cost, owner


def rows_within(
    arcs: Arcs,
    seed_from: IntArray,
    seed_node: Int32Array,
    seed_cost: FloatArray,
    *,
    limit: float,
    reads: Reads,
    rows: int,
    threads: int | None = None,
) -> tuple[Int32Array, Int32Array, FloatArray]:
    """Return (owner, row, cost) for every owner and row within ``limit``: sorted by owner, rows in no stated order.

    Owner o holds the seeds ``seed_from[o]:seed_from[o + 1]``; ``reads`` tell which rows begin walks
    at which nodes. ``threads``: as many as the machine has and the work is worth, when None.
    """
    seeds = (seed_from, seed_node, seed_cost)
    return _rows_within(arcs, seeds, limit, reads, rows=rows, threads=threads)


def nodes_within(
    arcs: Arcs, seed_node: Int32Array, *, limit: float, threads: int | None = None
) -> tuple[Int32Array, Int32Array, FloatArray]:
    """Return (seed's number, node, cost) for every seed and node within ``limit`` of each other, sorted by seed."""
    every, seeds = np.arange(arcs.nodes + 1), len(seed_node)
    return _rows_within(
        arcs,
        (np.arange(seeds + 1), seed_node, np.zeros(seeds)),
        limit,
        Reads(every[1:].astype(np.uint32), every, every[:-1], np.zeros(arcs.nodes)),
        rows=arcs.nodes,
        threads=threads,
    )


def _rows_within(
    arcs: Arcs,
    seeding: Sequence[ArrayLike],
    limit: float,
    reads: Reads,
    *,
    rows: int,
    threads: int | None,
) -> tuple[Int32Array, Int32Array, FloatArray]:
    seed = whole_ticks(np.asarray(seeding[2], dtype=np.float64), _SEED)
    end = min(limit_end(limit, arcs, seed), end_of(arcs, 0, seed))
    seeds = (own(seeding[0], np.int64), own(seeding[1], np.uint32), seed)
    reading = (
        own(reads.slot, np.uint32),
        own(reads.start, np.int64),
        own(reads.row, np.int64),
        own(reads.cost, np.float64),
    )

    owners = len(seeds[0]) - 1
    found_of = np.zeros(owners, dtype=np.int64)

    def walk(
        whom: IntArray, place: tuple[desks.Desk, FloatArray] | None = None
    ) -> list[tuple[Int32Array, FloatArray]]:
        desk, row_cost = place or (desks.kept_desk(arcs.nodes), np.full(rows, np.inf))
        found = found_of[whom[0] : whom[-1] + 1]
        of_row, of_cost = np.empty(4096, dtype=np.int32), np.empty(4096)

        parts, done = [], 0
        while done < len(whom):
            done, filled, needed = settling.owners_within(
                arcs.into,
                arcs.arc,
                np.uint64(arcs.step),
                np.uint64(end),
                *seeds,
                float(limit),
                *reading,
                whom,
                done,
                desk.label,
                desk.state,
                desk.met,
                desk.far,
                desk.now,
                desk.ring,
                row_cost,
                found,
                of_row,
                of_cost,
            )

            # the answers so far; what did not fit begins anew with room for it
            parts.append((of_row[:filled], of_cost[:filled]))
            room = max(needed, min(2 * len(of_row), _MOST_ROOM))
            of_row, of_cost = np.empty(room, dtype=np.int32), np.empty(room)
        return parts

    if owners == 0:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), np.zeros(0)

    # The first owners alone show whether the others are worth a second thread. Each thread takes a
    # run of owners, with work arrays of its own; the answers stand in the order of the runs.
    trial = owners if threads == 1 else min(owners, _TRIAL)
    place = desks.kept_desk(arcs.nodes), np.full(rows, np.inf)
    answers = [walk(np.arange(trial, dtype=np.int64), place)]
    workers = threads or _threads_worth(int(found_of[:trial].sum()), trial, owners - trial)
    bounds = np.linspace(trial, owners, max(1, min(workers, owners - trial)) + 1).astype(np.int64)
    runs = [np.arange(low, high, dtype=np.int64) for low, high in pairwise(bounds) if low < high]
    if len(runs) > 1:
        with ThreadPoolExecutor(len(runs)) as pool:
            answers += pool.map(walk, runs)
    else:
        answers += [walk(run, place) for run in runs]

    rows_found = [part for parts in answers for part, _ in parts]
    costs_found = [part for parts in answers for _, part in parts]
    return (
        np.repeat(np.arange(owners, dtype=np.int32), found_of),
        np.concatenate(rows_found),
        np.concatenate(costs_found),
    )


def _threads_worth(found: int, searched: int, left: int) -> int:
    """Return how many threads the searches that are left are worth, by what the first ones found."""
    enough = found * left >= _ROWS_PER_THREAD * max(searched, 1)
    return threads_for(left) if enough else 1


def _nearest(
    arcs: Arcs, seed_node: Int32Array, seed: Labels, bits: int, end: int, *, second: bool
) -> tuple[Labels, ...]:
    """Return the least label of every node and, with ``second``, the least of another owner.

    All are one too high; 0 stands for none.
    """
    nodes = own(seed_node, np.uint32)
    packed = (np.uint64(bits), np.uint64(arcs.step << bits), np.uint64(end))
    desk = desks.desk(arcs.nodes)
    lists = (desk.met, desk.far, desk.now, desk.ring)

    met = settling.settle_seeds(
        arcs.into,
        arcs.arc,
        desk.label,
        desk.met[:0],
        False,
        *packed,
        nodes,
        seed,
        desk.label,
        desk.state,
        *lists,
    )

    if not second:
        return (desk.label,)

    # once more, past the owner that was found first
    other = np.zeros(arcs.nodes, dtype=np.uint64)
    settling.settle_seeds(
        arcs.into,
        arcs.arc,
        desk.label,
        desk.met[:met].copy(),
        True,
        *packed,
        nodes,
        seed,
        other,
        np.zeros(arcs.nodes, dtype=np.uint8),
        *lists,
    )
    return desk.label, other


def threads_for(searches: int) -> int:
    """Return how many threads so many searches are worth on this machine."""
    return max(1, min(cores(), searches // _SEARCHES_PER_THREAD))
