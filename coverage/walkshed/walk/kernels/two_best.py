"""Compiled reading of the labels that ``settling`` gives to nodes: costs and owners, and the two nearest of each row.

Import this module inside functions: it loads numba.
"""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import FloatArray, Int32Array, IntArray
from walkshed.walk.kernels.compiler import compiled
from walkshed.walk.kernels.desks import Labels, Nodes

_ONE = np.uint64(1)
_ZERO = np.uint64(0)


@compiled
def keep_two(
    best: FloatArray, owner: Int32Array, row: int | np.int64, cost: float, who: int | np.int32
) -> None:
    """Let an owner at some cost into the two least of a row, of distinct owners.

    Equal costs go to the lower owner.
    """
    first = owner[row, 0]
    if cost < best[row, 0] or (cost == best[row, 0] and who < first):
        if who != first:
            best[row, 1] = best[row, 0]
            owner[row, 1] = first
        best[row, 0] = cost
        owner[row, 0] = who
    elif who != first and (cost < best[row, 1] or (cost == best[row, 1] and who < owner[row, 1])):
        best[row, 1] = cost
        owner[row, 1] = who


@compiled
def lower_two(
    label: Labels,
    bits: np.uint64,
    read_row: IntArray,
    read_node: Nodes,
    read_cost: FloatArray,
    best: FloatArray,
    owner: Int32Array,
) -> None:
    """Lower ``best`` and ``owner`` (rows, 2), the least costs of distinct owners, to those of walks from nodes.

    Row ``read_row`` begins walks at ``read_node`` at ``read_cost``. Where ``bits`` is 0 the labels
    name no node: the reads are of node 0 to the end, in order, and the owners are the labels.
    """
    owners = (_ONE << bits) - _ONE
    for k in range(len(read_row)):
        row = read_row[k]
        found = label[read_node[k]]
        if found == _ZERO:
            continue
        found -= _ONE

        cost = read_cost[k]
        who = np.int32(found)
        if bits > _ZERO:
            cost += np.float64(found >> bits) / 1024.0
            who = np.int32(found & owners)

        keep_two(best, owner, row, cost, who)


@compiled
def read_labels(label: Labels, bits: np.uint64, cost: FloatArray, owner: Int32Array) -> None:
    """Write the cost and the owner of every label; inf and -1 where it is 0.

    Labels are kept one too high.
    """
    owners = (_ONE << bits) - _ONE
    for node in range(len(label)):
        found = label[node]
        if found > _ZERO:
            found -= _ONE
            cost[node] = np.float64(found >> bits) / 1024.0
            owner[node] = np.int32(found & owners)
        else:
            cost[node] = np.inf
            owner[node] = -1
