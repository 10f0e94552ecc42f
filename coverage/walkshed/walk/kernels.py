"""The one seam to shortest paths: searches over plain arrays, which know nothing of stations or streets.

Searches run against the arcs, from where walks end to where they begin: ``into`` and ``tail`` as in
``ArcGraph``, and a non-negative ``weight`` per arc (meters, or seconds of one walker). Weights and
the costs of seeds are multiples of 1/1024 (others are refused) and are summed exactly. Arrays come
in and go out; arguments are not changed, but for work arrays where the docstring says so. Answers
are the same to the byte whatever the number of threads. Import this module inside functions: it
loads numba.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import TICKS, FloatArray, Int32Array, IntArray
from walkshed.walk import settling
from walkshed.walk.settling import Labels, Nodes
from walkshed.walk.tracing import settle_within
from walkshed.walk.two_best import lower_two, read_labels

__all__ = [
    "Arcs",
    "nearest_nodes",
    "nodes_within",
    "pack",
    "rows_within",
    "settle_within",
    "threads_for",
    "two_nearest",
]

#: A round of the near/far queue is as wide as so many arcs of middling length. Any width gives the
#: same answers.
_ROUND_ARCS = 2.0
#: No walk may cost more ticks than fit beside the owner in 62 bits.
_ROOM_BITS = 62
#: Rows that an answer is collected in at a time, at most.
_MOST_ROOM = 1 << 22
#: Fewer searches than this are not worth a second thread.
_SEARCHES_PER_THREAD = 16


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """The arcs of a graph as the compiled searches take them; made by ``pack``, good for many searches."""

    into: Nodes  # (nodes + 1,)
    arc: Labels  # (arcs,) ticks << 32 | tail
    step: int  # ticks
    longest: int  # ticks: more than any walk without a detour costs

    @property
    def nodes(self) -> int:
        """The number of nodes."""
        return len(self.into) - 1


def pack(into: IntArray, tail: Int32Array, weight: FloatArray) -> Arcs:
    """Return the arcs packed. Raises ``InvalidValueError`` for weights that are no multiples of 1/1024, 0 or more."""
    ticks = _ticks(weight, "weight")
    most = int(ticks.max(initial=0))
    if most >= 1 << 32:
        raise InvalidValueError(
            f"an arc weighs {most / TICKS:g}; the searches take arcs below {2**32 / TICKS:g}"
        )
    arc = ticks << np.uint64(32)
    arc |= tail.astype(np.uint64)
    middle = float(ticks.mean()) if len(ticks) else 0.0
    longest = int(ticks.sum(dtype=np.float64) * 1.001)
    return Arcs(into.astype(np.uint32), arc, max(1, int(_ROUND_ARCS * middle)), longest)


def two_nearest(
    into: IntArray,
    tail: Int32Array,
    weight: FloatArray,
    seed_node: Int32Array,
    seed_cost: FloatArray,
    seed_owner: Int32Array,
    read_row: IntArray,
    read_node: Int32Array,
    read_cost: FloatArray,
    direct_row: IntArray,
    direct_owner: Int32Array,
    direct_cost: FloatArray,
    rows: int,
    *,
    second: bool = True,
) -> tuple[FloatArray, Int32Array]:
    """Return for each of ``rows`` the two cheapest owners: costs (rows, 2) and owners (rows, 2), inf and -1 for none.

    Owner o ends walks at the nodes of its seeds, at the seeds' cost. A row begins walks at the
    nodes of its reads, at their cost; direct entries bypass the graph. Equal costs go to the lower
    owner. A third owner at a node can never be among the first two elsewhere through it. Without
    ``second`` only the first is searched, and the other column says inf and -1.
    """
    arcs = pack(into, tail, weight)
    bits = _owner_bits(seed_owner, direct_owner)
    seed = _ticks(seed_cost, "seed's cost")
    end = _end(arcs, bits, seed)
    cost, owner = np.full((rows, 2), np.inf), np.full((rows, 2), -1, dtype=np.int32)
    for label in _nearest(
        arcs, seed_node, _labels(seed, seed_owner, bits), bits, end, second=second
    ):
        lower_two(
            label,
            np.uint64(bits),
            np.uint64(end),
            _own(read_row, np.int64),
            _own(read_node, np.uint32),
            _own(read_cost, np.float64),
            cost,
            owner,
        )
    lower_two(
        _own(direct_owner, np.uint64),
        np.uint64(0),
        np.uint64(end),
        _own(direct_row, np.int64),
        np.arange(len(direct_row), dtype=np.uint32),
        _own(direct_cost, np.float64),
        cost,
        owner,
    )
    if not second:
        cost[:, 1], owner[:, 1] = np.inf, -1
    return cost, owner


def nearest_nodes(
    arcs: Arcs, seed_node: Int32Array, *, limit: float = np.inf, second: bool = False
) -> tuple[FloatArray, Int32Array]:
    """Return (1 or 2, nodes) the cost from every node to the nearest seed, and that seed's number; inf, -1 for none."""
    bits = max(1, len(seed_node).bit_length())
    end = min(_limit_end(limit, arcs) << bits, _end(arcs, bits))
    seed = np.arange(len(seed_node), dtype=np.uint64)
    labels = _nearest(arcs, seed_node, seed, bits, end, second=second)
    cost, owner = (
        np.empty((len(labels), arcs.nodes)),
        np.empty((len(labels), arcs.nodes), dtype=np.int32),
    )
    for label, one_cost, one_owner in zip(labels, cost, owner, strict=True):
        read_labels(label, np.uint64(bits), np.uint64(end), one_cost, one_owner)
    return cost, owner


def rows_within(
    into: IntArray,
    tail: Int32Array,
    weight: FloatArray,
    seed_from: IntArray,
    seed_node: Int32Array,
    seed_cost: FloatArray,
    limit: float,
    read_from: IntArray,
    read_row: IntArray,
    read_cost: FloatArray,
    direct_from: IntArray,
    direct_row: IntArray,
    direct_cost: FloatArray,
    rows: int,
    *,
    threads: int | None = None,
) -> tuple[Int32Array, Int32Array, FloatArray]:
    """Return (owner, row, cost) for every owner and row within ``limit``: sorted by owner, rows in no stated order.

    Owner o holds the seeds ``seed_from[o]:seed_from[o + 1]`` and the direct entries of the same
    kind. Node v is read by ``read_from[v]:read_from[v + 1]``: row ``read_row`` begins walks there
    at ``read_cost``. ``threads``: as many as the machine has and the work is worth, when None.
    """
    arcs = pack(into, tail, weight)
    seeds, reads = (seed_from, seed_node, seed_cost), (read_from, read_row, read_cost)
    return _rows_within(
        arcs, seeds, limit, reads, (direct_from, direct_row, direct_cost), rows, threads
    )


def nodes_within(
    arcs: Arcs, seed_node: Int32Array, *, limit: float, threads: int | None = None
) -> tuple[Int32Array, Int32Array, FloatArray]:
    """Return (seed's number, node, cost) for every seed and node within ``limit`` of each other, sorted by seed."""
    every, nobody, seeds = np.arange(arcs.nodes + 1), np.zeros(0), len(seed_node)
    reads, directs = (
        (every, every[:-1], np.zeros(arcs.nodes)),
        (np.zeros(seeds + 1), nobody, nobody),
    )
    return _rows_within(
        arcs,
        (np.arange(seeds + 1), seed_node, np.zeros(seeds)),
        limit,
        reads,
        directs,
        arcs.nodes,
        threads,
    )


def _rows_within(
    arcs: Arcs,
    seeding: Sequence[ArrayLike],
    limit: float,
    reading: Sequence[ArrayLike],
    direct: Sequence[ArrayLike],
    rows: int,
    threads: int | None,
) -> tuple[Int32Array, Int32Array, FloatArray]:
    seed = _ticks(np.asarray(seeding[2], dtype=np.float64), "seed's cost")
    end = min(_limit_end(limit, arcs, seed), _end(arcs, 0, seed))
    seeds = (_own(seeding[0], np.int64), _own(seeding[1], np.uint32), seed)
    reads, directs = (
        (_own(where, np.int64), _own(row, np.int64), _own(cost, np.float64))
        for where, row, cost in (reading, direct)
    )
    owners = len(seeds[0]) - 1
    workers = threads_for(owners) if threads is None else max(1, threads)
    # Each thread takes a run of owners, with work arrays of its own; the answers stand in the order
    # of the runs.
    bounds = np.linspace(0, owners, max(1, min(workers, owners)) + 1).astype(np.int64)
    runs = [np.arange(low, high, dtype=np.int64) for low, high in pairwise(bounds)]
    found_of = np.zeros(owners, dtype=np.int64)

    def walk(whom: IntArray) -> list[tuple[Int32Array, FloatArray]]:
        desk, row_cost = settling.desk(arcs.nodes, end), np.full(rows, np.inf)
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
                *reads,
                *directs,
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
            parts.append((of_row[:filled], of_cost[:filled]))
            room = max(needed, min(2 * len(of_row), _MOST_ROOM))
            of_row, of_cost = np.empty(room, dtype=np.int32), np.empty(room)
        return parts

    def copy(parts: list[tuple[Int32Array, FloatArray]], at: int) -> None:
        for part_row, part_cost in parts:
            row[at : at + len(part_row)], cost[at : at + len(part_row)] = part_row, part_cost
            at += len(part_row)

    if owners == 0:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), np.zeros(0)
    with ThreadPoolExecutor(len(runs)) as pool:
        both = pool.map if len(runs) > 1 else map
        answers = list(both(walk, runs))
        ends = np.cumsum([0, *(sum(len(part) for part, _ in parts) for parts in answers)]).tolist()
        row, cost = np.empty(ends[-1], dtype=np.int32), np.empty(ends[-1])
        list(both(copy, answers, ends[:-1]))
    return np.repeat(np.arange(owners, dtype=np.int32), found_of), row, cost


def _nearest(
    arcs: Arcs, seed_node: Int32Array, seed: Labels, bits: int, end: int, *, second: bool
) -> tuple[Labels, ...]:
    """Return the least label of every node and, with ``second``, the least of another owner; ``end`` for none."""
    nodes, packed = (
        _own(seed_node, np.uint32),
        (np.uint64(bits), np.uint64(arcs.step << bits), np.uint64(end)),
    )
    desk = settling.desk(arcs.nodes, end)
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
    other = np.full(arcs.nodes, end, dtype=np.uint64)
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
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return max(1, min(cores, searches // _SEARCHES_PER_THREAD))


def _own(values: ArrayLike, dtype: Any) -> NDArray[Any]:  # noqa: ANN401 (a numpy dtype)
    """Return the values as the compiler takes them, copied if need be: read-only arrays are another type to it."""
    return np.require(values, dtype, ("C_CONTIGUOUS", "ALIGNED", "WRITEABLE"))


def _ticks(values: FloatArray, what: str) -> Labels:
    """Return costs as whole ticks."""
    ticks = np.asarray(values, dtype=np.float64) * TICKS
    whole = (
        ticks.astype(np.uint64)
        if len(ticks) == 0 or 0.0 <= ticks.min() <= ticks.max() < 2.0**53
        else None
    )
    if whole is None or not np.array_equal(whole, ticks):
        raise InvalidValueError(
            f"a {what} is no multiple of 1/1024, 0 or more; round costs with to_ticks"
        )
    return whole


def _owner_bits(*owners: Int32Array) -> int:
    """Return how many bits hold every owner."""
    return max(1, max(int(owner.max(initial=0)) for owner in owners).bit_length())


def _labels(ticks: Labels, owner: Int32Array, bits: int) -> Labels:
    return np.asarray((ticks << np.uint64(bits)) | owner.astype(np.uint64), dtype=np.uint64)


def _dearest(arcs: Arcs, costs: Sequence[Labels]) -> int:
    """Return ticks that no walk exceeds: every arc once, and the dearest of each kind of beginning and end."""
    return arcs.longest + sum(int(cost.max(initial=0)) for cost in costs) + 1


def _end(arcs: Arcs, bits: int, *costs: Labels) -> int:
    """Return the least label that no walk can have."""
    dearest = _dearest(arcs, costs)
    if dearest.bit_length() + bits > _ROOM_BITS:
        raise InvalidValueError(
            f"walks of up to {dearest / TICKS:g} to {2**bits} owners do not fit in {_ROOM_BITS} bits; "
            "split the network or the stations"
        )
    return dearest << bits


def _limit_end(limit: float, arcs: Arcs, *costs: Labels) -> int:
    """Return the ticks just beyond a limit."""
    return math.floor(min(limit * TICKS, float(_dearest(arcs, costs)))) + 1
