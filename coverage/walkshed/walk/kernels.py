"""The one seam to shortest paths: compiled searches over plain arrays, which know nothing of stations or streets.

Searches run against the arcs, from where walks end to where they begin: ``into`` and ``tail`` as in ``ArcGraph``, and
any non-negative ``weight`` per arc (meters, or seconds of one walker). Costs that are multiples of 1/1024 are summed
exactly. Arrays come in and go out; arguments are not changed, but for work arrays where the docstring says so.
Import this module inside functions: it loads numba.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from walkshed.model.arrays import FloatArray, Int32Array, IntArray

_NODE = np.int64(0xFFFFFFFF)


@njit(cache=True, nogil=True)
def _push(keys: FloatArray, loads: IntArray, size: int, key: float, load: int | np.int64) -> int:
    """Add an entry to a heap of four children per node, ordered by key, then load; return the new size."""
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


@njit(cache=True, nogil=True)
def _pop(keys: FloatArray, loads: IntArray, size: int) -> int:
    """Remove the first entry (read ``keys[0]`` and ``loads[0]`` before); return the new size."""
    size -= 1
    key = keys[size]
    load = loads[size]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if keys[other] < keys[least] or (keys[other] == keys[least] and loads[other] < loads[least]):
                least = other
        if key < keys[least] or (key == keys[least] and load <= loads[least]):
            break
        keys[at] = keys[least]
        loads[at] = loads[least]
        at = least
    keys[at] = key
    loads[at] = load
    return size


@njit(cache=True, nogil=True)
def _offer(cost: FloatArray, owner: Int32Array, row: int, new_cost: float, new_owner: int) -> bool:
    """Put a label among the best two of ``row`` with distinct owners, by cost, then owner; return whether it got in."""
    first_cost, first = cost[row, 0], owner[row, 0]
    if first == new_owner:
        if new_cost < first_cost:
            cost[row, 0] = new_cost
            return True
        return False
    if new_cost < first_cost or (new_cost == first_cost and new_owner < first):
        cost[row, 1], owner[row, 1] = first_cost, first
        cost[row, 0], owner[row, 0] = new_cost, new_owner
        return True
    second_cost, second = cost[row, 1], owner[row, 1]
    if new_cost < second_cost or (second != new_owner and new_cost == second_cost and new_owner < second):
        cost[row, 1], owner[row, 1] = new_cost, new_owner
        return True
    return False


@njit(cache=True, nogil=True)
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
) -> tuple[FloatArray, Int32Array]:
    """Return for each of ``rows`` the two cheapest owners: costs (rows, 2) and owners (rows, 2), inf and -1 for none.

    Owner o ends walks at the nodes of its seeds, at the seeds' cost. A row begins walks at the nodes of its reads, at
    their cost; direct entries bypass the graph. Equal costs go to the lower owner: the search is Dijkstra's over
    (cost, owner), two labels with distinct owners per node. A third owner at a node can never be among the first two
    elsewhere through it.
    """
    nodes = len(into) - 1
    cost = np.full((nodes, 2), np.inf)
    owner = np.full((nodes, 2), -1, dtype=np.int32)
    # Each label that gets in is pushed once; an arc offers at most the two final labels of its head.
    keys = np.empty(len(seed_node) + 2 * len(tail) + 1)
    loads = np.empty(len(keys), dtype=np.int64)
    size = 0
    for i in range(len(seed_node)):
        if _offer(cost, owner, seed_node[i], seed_cost[i], seed_owner[i]):
            size = _push(keys, loads, size, seed_cost[i], (np.int64(seed_owner[i]) << 32) | np.int64(seed_node[i]))
    while size > 0:
        reached = keys[0]
        load = loads[0]
        size = _pop(keys, loads, size)
        node = load & _NODE
        who = load >> 32
        slot = 0 if owner[node, 0] == who else 1
        if owner[node, slot] != who or cost[node, slot] != reached:
            continue
        for arc in range(into[node], into[node + 1]):
            onward = reached + weight[arc]
            if _offer(cost, owner, tail[arc], onward, who):
                size = _push(keys, loads, size, onward, (who << 32) | np.int64(tail[arc]))
    best = np.full((rows, 2), np.inf)
    best_owner = np.full((rows, 2), -1, dtype=np.int32)
    for i in range(len(read_row)):
        for slot in range(2):
            if owner[read_node[i], slot] >= 0:
                _offer(
                    best, best_owner, read_row[i], read_cost[i] + cost[read_node[i], slot], owner[read_node[i], slot]
                )
    for i in range(len(direct_row)):
        _offer(best, best_owner, direct_row[i], direct_cost[i], direct_owner[i])
    return best, best_owner


@njit(cache=True, nogil=True)
def settle_within(
    into: IntArray,
    tail: Int32Array,
    weight: FloatArray,
    seed_node: Int32Array,
    seed_cost: FloatArray,
    limit: float,
    epoch: int,
    stamp: IntArray,
    cost: FloatArray,
    via: IntArray,
    order: Int32Array,
    keys: FloatArray,
    loads: IntArray,
) -> int:
    """Settle every node within ``limit`` of one set of seeds; return how many.

    Writes into the work arrays: ``order[:count]`` are the nodes by cost, then number; ``cost`` of each; ``via`` the arc
    by which a walk goes on towards the seed, or -1 - i at the node of seed i. Entries of ``cost`` and ``via`` are valid
    where ``stamp == epoch``, so that a next search with another epoch needs no clearing. Sizes: one entry per node;
    ``keys`` and ``loads`` one per arc and per seed.
    """
    size = 0
    count = 0
    for i in range(len(seed_node)):
        node = seed_node[i]
        if seed_cost[i] <= limit and (stamp[node] != epoch or seed_cost[i] < cost[node]):
            stamp[node] = epoch
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
            if onward <= limit and (stamp[begin] != epoch or onward < cost[begin]):
                stamp[begin] = epoch
                cost[begin] = onward
                via[begin] = arc
                size = _push(keys, loads, size, onward, np.int64(begin))
    return count


@njit(cache=True, nogil=True)
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
) -> tuple[Int32Array, IntArray, FloatArray]:
    """Return (owner, row, cost) for every owner and row within ``limit``: sorted by owner, rows in no stated order.

    Owner o holds the seeds ``seed_from[o]:seed_from[o + 1]`` and the direct entries of the same kind. Node v is read
    by ``read_from[v]:read_from[v + 1]``: row ``read_row`` begins walks there at ``read_cost``.
    """
    nodes = len(into) - 1
    owners = len(seed_from) - 1
    stamp = np.full(nodes, -1, dtype=np.int64)
    cost = np.empty(nodes)
    via = np.empty(nodes, dtype=np.int64)
    order = np.empty(nodes, dtype=np.int32)
    keys = np.empty(len(tail) + len(seed_node) + 1)
    loads = np.empty(len(keys), dtype=np.int64)
    row_stamp = np.full(rows, -1, dtype=np.int64)
    row_cost = np.empty(rows)
    row_list = np.empty(rows, dtype=np.int64)
    out_owner = np.empty(1024, dtype=np.int32)
    out_row = np.empty(1024, dtype=np.int64)
    out_cost = np.empty(1024)
    filled = 0
    for who in range(owners):
        low, high = seed_from[who], seed_from[who + 1]
        count = settle_within(
            into, tail, weight, seed_node[low:high], seed_cost[low:high],
            limit, who, stamp, cost, via, order, keys, loads,
        )  # fmt: skip
        found = 0
        for k in range(count):
            node = order[k]
            for i in range(read_from[node], read_from[node + 1]):
                total = cost[node] + read_cost[i]
                row = read_row[i]
                if total <= limit:
                    if row_stamp[row] != who:
                        row_stamp[row] = who
                        row_cost[row] = total
                        row_list[found] = row
                        found += 1
                    elif total < row_cost[row]:
                        row_cost[row] = total
        for i in range(direct_from[who], direct_from[who + 1]):
            row = direct_row[i]
            if direct_cost[i] <= limit:
                if row_stamp[row] != who:
                    row_stamp[row] = who
                    row_cost[row] = direct_cost[i]
                    row_list[found] = row
                    found += 1
                elif direct_cost[i] < row_cost[row]:
                    row_cost[row] = direct_cost[i]
        if filled + found > len(out_row):
            room = max(2 * len(out_row), filled + found)
            grown_owner = np.empty(room, dtype=np.int32)
            grown_row = np.empty(room, dtype=np.int64)
            grown_cost = np.empty(room)
            grown_owner[:filled] = out_owner[:filled]
            grown_row[:filled] = out_row[:filled]
            grown_cost[:filled] = out_cost[:filled]
            out_owner, out_row, out_cost = grown_owner, grown_row, grown_cost
        for k in range(found):
            row = row_list[k]
            out_owner[filled + k] = who
            out_row[filled + k] = row
            out_cost[filled + k] = row_cost[row]
        filled += found
    return out_owner[:filled].copy(), out_row[:filled].copy(), out_cost[:filled].copy()
