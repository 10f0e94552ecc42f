"""Compiled searches over packed arcs, in whole ticks: labels of nodes, and what is within a limit of each owner.

A label is ``ticks << bits | owner``: one unsigned number whose order is that of (cost, owner), and
to which a walk adds ``ticks << bits``. The least label of a node is the least over all walks from
all seeds, whatever the order in which nodes are looked at; so a near/far queue (Davidson et al.
2014, "Work-efficient parallel GPU methods for single-source shortest paths") may take them in
batches that suit the processor's caches, and the answer, ties included, is the one that a strict
order would give. Zero lengths, loops and parallel arcs need no care.

Numbers are unsigned where speed counts: numba checks signed indices for -1 at every access. Loops
are spelled out and work arrays come from outside: slices and array functions would make the
compiler work seven times as long. Import this module inside functions: it loads numba.
"""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import FloatArray, Int32Array, IntArray
from walkshed.walk.kernels.compiler import compiled
from walkshed.walk.kernels.desks import BATCH, Flags, Labels, Nodes

_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_TAIL = np.uint64(0xFFFFFFFF)
_LENGTH = np.uint64(32)
_BATCH = np.uint64(BATCH)

# What ``state`` says of a node: not met, in the near queue, in the far list, walked from.
_NEAR, _FAR, _DONE = 1, 2, 3


@compiled
def settle(  # noqa: C901 (one flat loop, which the compiler likes best)
    into: Nodes,
    arc: Labels,
    first: Labels,
    second: bool,
    bits: np.uint64,
    step: np.uint64,
    end: np.uint64,
    label: Labels,
    state: Flags,
    met: Nodes,
    count: np.uint64,
    far: Nodes,
    now: Nodes,
    ring: Nodes,
    round_off: np.uint64,
) -> np.uint64:
    """Lower ``label`` to the least that walks give, from the ``count`` nodes in ``met`` on.

    Return how many are met. Labels are kept one too high: 0 is that of a node that no walk met, and
    0 - 1 is more than any. Such nodes have the state 0; the first ``count`` of ``met`` have a label
    and the state 2. No walk may reach the label ``end``. ``arc`` holds ``ticks << 32 | tail``. For
    the search of the ``second`` nearest, a label of the owner in ``first`` is no news to a node.
    ``step`` is the width of a round in labels: any gives the same answer. ``round_off`` is the
    length of ``ring`` less one.
    """
    owners = (_ONE << bits) - _ONE
    found = count
    waiting = count

    i = _ZERO
    while i < count:
        far[i] = met[i]
        i += _ONE
    while True:
        # 1. A round takes all that waits below ``top``; what was walked from meanwhile waits no
        # more.
        least = end
        kept = _ZERO
        i = _ZERO
        while i < waiting:
            node = np.uint64(far[i])
            i += _ONE
            if state[node] == _FAR:
                far[kept] = node
                kept += _ONE
                if label[node] - _ONE < least:
                    least = label[node] - _ONE

        if kept == _ZERO:
            return found
        top = least + step
        now, far = far, now
        waiting = _ZERO
        at = _ZERO
        while at < kept:
            # 2. The next batch from the list,
            stop = at + _BATCH
            if stop > kept:
                stop = kept
            head = _ZERO
            tail = _ZERO
            while at < stop:
                node = np.uint64(now[at])
                at += _ONE
                if state[node] == _FAR:
                    if label[node] - _ONE < top:
                        state[node] = _NEAR
                        ring[tail] = node
                        tail += _ONE
                    else:
                        far[waiting] = node
                        waiting += _ONE
            # 3. and all that is near it; each node is in the queue once at most.
            while head != tail:
                node = np.uint64(ring[head & round_off])
                head += _ONE
                state[node] = _DONE
                here = label[node] - _ONE
                i = np.uint64(into[node])
                last = np.uint64(into[node + _ONE])
                while i < last:
                    packed = arc[i]
                    i += _ONE

                    begin = packed & _TAIL
                    onward = here + ((packed >> _LENGTH) << bits)
                    if onward < end and onward < label[begin] - _ONE:
                        if second and ((onward ^ (first[begin] - _ONE)) & owners) == _ZERO:
                            continue
                        label[begin] = onward + _ONE

                        was = state[begin]
                        if was == 0:
                            met[found] = begin
                            found += _ONE

                        if onward < top:
                            if was != _NEAR:
                                state[begin] = _NEAR
                                ring[tail & round_off] = begin
                                tail += _ONE
                        elif was == 0:
                            state[begin] = _FAR
                            far[waiting] = begin
                            waiting += _ONE


@compiled
def settle_seeds(
    into: Nodes,
    arc: Labels,
    first: Labels,
    reached: Nodes,
    second: bool,
    bits: np.uint64,
    step: np.uint64,
    end: np.uint64,
    seed_node: Nodes,
    seed: Labels,
    label: Labels,
    state: Flags,
    met: Nodes,
    far: Nodes,
    now: Nodes,
    ring: Nodes,
) -> np.uint64:
    """Settle from seeds; return how many nodes are met.

    The search for the ``second`` nearest also begins wherever two nearest ones border on each
    other: ``first`` are the labels of the first search and ``reached`` the nodes that it met.
    """
    owners = (_ONE << bits) - _ONE
    count = _ZERO
    i = _ZERO
    while i < np.uint64(len(seed)):
        node = np.uint64(seed_node[i])
        own = second and ((seed[i] ^ (first[node] - _ONE)) & owners) == _ZERO
        if seed[i] < end and seed[i] < label[node] - _ONE and not own:
            label[node] = seed[i] + _ONE
            if state[node] == 0:
                state[node] = _FAR
                met[count] = node
                count += _ONE
        i += _ONE

    # for the second nearest also from nodes that the first search met
    k = _ZERO
    while second and k < np.uint64(len(reached)):
        node = np.uint64(reached[k])
        k += _ONE
        i = np.uint64(into[node])
        while i < np.uint64(into[node + _ONE]):
            begin = arc[i] & _TAIL
            onward = first[node] - _ONE + ((arc[i] >> _LENGTH) << bits)
            i += _ONE
            other = ((onward ^ (first[begin] - _ONE)) & owners) != _ZERO
            if other and onward < end and onward < label[begin] - _ONE:
                label[begin] = onward + _ONE
                if state[begin] == 0:
                    state[begin] = _FAR
                    met[count] = begin
                    count += _ONE

    return settle(
        into,
        arc,
        first,
        second,
        bits,
        step,
        end,
        label,
        state,
        met,
        count,
        far,
        now,
        ring,
        np.uint64(len(ring)) - _ONE,
    )


@compiled
def owners_within(
    into: Nodes,
    arc: Labels,
    step: np.uint64,
    end: np.uint64,
    seed_from: IntArray,
    seed_node: Nodes,
    seed: Labels,
    limit: float,
    read_slot: Nodes,
    read_from: IntArray,
    read_row: IntArray,
    read_cost: FloatArray,
    owners: IntArray,
    done: int,
    label: Labels,
    state: Flags,
    met: Nodes,
    far: Nodes,
    now: Nodes,
    ring: Nodes,
    row_cost: FloatArray,
    found_of: IntArray,
    out_row: Int32Array,
    out_cost: FloatArray,
) -> tuple[int, int, int]:
    """Search from ``owners[done:]`` as long as the answers fit.

    Return (searched, filled, room that the next needs). Writes rows and costs one owner after the
    other, and into ``found_of`` how many each has. ``row_cost`` (inf) is a work array, left as it
    came, as are those of the desk.
    """
    filled = 0
    round_off = np.uint64(len(ring)) - _ONE
    for number in range(done, len(owners)):
        who = owners[number]

        count = _ZERO
        for k in range(seed_from[who], seed_from[who + 1]):
            node = np.uint64(seed_node[k])
            if seed[k] < end and seed[k] < label[node] - _ONE:
                label[node] = seed[k] + _ONE
                if state[node] == 0:
                    state[node] = _FAR
                    met[count] = node
                    count += _ONE

        settled = np.int64(
            settle(
                into,
                arc,
                label,
                False,
                _ZERO,
                step,
                end,
                label,
                state,
                met,
                count,
                far,
                now,
                ring,
                round_off,
            )
        )

        # does it fit, whatever is found twice?
        begun = filled
        room = 0
        for k in range(settled):
            slot = np.int64(read_slot[met[k]])
            if slot > 0:
                room += read_from[slot] - read_from[slot - 1]
        fits = filled + room <= len(out_row)
        for k in range(settled):
            # the nodes met, each with the rows that begin there
            node = np.uint64(met[k])
            here = (label[node] - _ONE) / 1024.0
            label[node] = _ZERO
            state[node] = 0
            slot = np.int64(read_slot[node])
            if fits and slot > 0:
                for j in range(read_from[slot - 1], read_from[slot]):
                    total, row = here + read_cost[j], read_row[j]
                    if total <= limit and total < row_cost[row]:
                        if row_cost[row] == np.inf:
                            out_row[filled] = row
                            filled += 1
                        row_cost[row] = total

        if not fits:
            return number, filled, room

        for k in range(begun, filled):
            out_cost[k] = row_cost[out_row[k]]
            row_cost[out_row[k]] = np.inf
        found_of[number] = filled - begun
    return len(owners), filled, 0
