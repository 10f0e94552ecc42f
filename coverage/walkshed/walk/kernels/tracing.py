"""One compiled search that remembers its way, for the lines of routes: Dijkstra's, with a heap of four children a node.

Import this module inside functions: it loads numba.
"""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import FloatArray, Int32Array, IntArray
from walkshed.walk.kernels.compiler import compiled


@compiled
def _push(keys: FloatArray, loads: IntArray, size: int, key: float, load: int | np.int64) -> int:
    """Add an entry to a heap of four children per node, ordered by key, then load.

    Return the new size.
    """
    at = size
    while at > 0:
        above = (at - 1) >> 2
        if keys[above] < key or (keys[above] == key and loads[above] <= load):
            break

        keys[at] = keys[above]
        loads[at] = loads[above]
        at = above
    keys[at] = key
    loads[at] = load
    return size + 1


@compiled
def _pop(keys: FloatArray, loads: IntArray, size: int) -> int:
    """Remove the first entry (read ``keys[0]`` and ``loads[0]`` before); return the new size."""
    size -= 1
    key = keys[size]
    load = loads[size]

    # the last entry goes down from the top, past children that come before it
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if keys[other] < keys[least] or (
                keys[other] == keys[least] and loads[other] < loads[least]
            ):
                least = other

        if key < keys[least] or (key == keys[least] and load <= loads[least]):
            break

        keys[at] = keys[least]
        loads[at] = loads[least]
        at = least
    keys[at] = key
    loads[at] = load
    return size


@compiled
def settle_within(
    into: IntArray,
    tail: Int32Array,
    weight: FloatArray,
    seed_node: Int32Array,
    seed_cost: FloatArray,
    limit: float,
    cost: FloatArray,
    via: IntArray,
    order: Int32Array,
    keys: FloatArray,
    loads: IntArray,
) -> int:
    """Settle every node within ``limit`` of one set of seeds; return how many.

    Writes into the work arrays: ``order[:count]`` are the nodes by cost, then number; ``cost`` of
    each (before, and of all others, inf); ``via`` the arc by which a walk goes on towards the seed,
    or -1 - i at the node of seed i. Sizes: one entry per node; ``keys`` and ``loads`` one per arc
    and per seed.
    """
    size = 0
    count = 0
    for i in range(len(seed_node)):
        node = seed_node[i]
        if seed_cost[i] <= limit and seed_cost[i] < cost[node]:
            cost[node] = seed_cost[i]
            via[node] = -1 - i
            size = _push(keys, loads, size, seed_cost[i], np.int64(node))

    while size > 0:
        reached = keys[0]
        node = loads[0]
        size = _pop(keys, loads, size)
        if reached > cost[node]:
            continue

        order[count] = node
        count += 1
        for arc in range(into[node], into[node + 1]):
            onward = reached + weight[arc]
            begin = tail[arc]
            if onward <= limit and onward < cost[begin]:
                cost[begin] = onward
                via[begin] = arc
                size = _push(keys, loads, size, onward, np.int64(begin))
    return count
