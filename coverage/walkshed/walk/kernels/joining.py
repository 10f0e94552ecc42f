"""Compiled joining of feet, which many points share: to the nodes around them before a search, to points after it.

Import this module inside functions: it loads numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from walkshed.model.arrays import TICKS, BoolArray, FloatArray, Int32Array, IntArray
from walkshed.walk.kernels.compiler import compiled
from walkshed.walk.kernels.two_best import keep_two


@compiled
def open_ends(
    ends_m: FloatArray,
    is_open: BoolArray,
    leg: FloatArray,
    per_m: FloatArray,
    anchor: IntArray,
    at_end: IntArray,
    cost: FloatArray,
) -> int:
    """Write the open ends of edges that anchors come to, an edge's start before its end, and return how many.

    ``ends_m`` and ``is_open`` (a, 2) tell of the two ends of each anchor's edge. An end at the
    anchor itself is always open, and its part of the edge costs nothing. ``per_m`` (a,) is what a
    meter costs, inf where the edge is closed to the walker; empty, a meter costs 1.
    """
    count = 0
    for a in range(len(leg)):
        for side in range(2):
            along = ends_m[a, side]
            if along > 0.0:
                if not is_open[a, side]:
                    continue
                if len(per_m) > 0:
                    along = np.rint(along * per_m[a] * TICKS) / TICKS

            total = along + leg[a]
            if total < np.inf:
                anchor[count] = a
                at_end[count] = side
                cost[count] = total
                count += 1
    return count


@compiled
def group_by_node(
    node: Int32Array, slot: NDArray[np.uint32], start: IntArray, order: IntArray
) -> int:
    """Sort rows by node, nodes in the order of their first rows, and return how many nodes there are.

    Node v with ``slot[v]`` > 0 holds ``order[start[slot[v] - 1]:start[slot[v]]]``. ``slot`` (nodes,)
    comes as zeros, ``start`` (rows + 1,) and ``order`` (rows,) are written.
    """
    # how many rows each node holds, one place late
    groups = 0
    for k in range(len(node)):
        if slot[node[k]] == 0:
            groups += 1
            slot[node[k]] = groups
            start[groups] = 0
        start[slot[node[k]]] += 1

    # where the next row of each node goes
    start[0] = 0
    for g in range(groups):
        start[g + 1] += start[g]
    for k in range(len(node) - 1, -1, -1):
        g = slot[node[k]]
        start[g] -= 1
        order[start[g]] = k

    # each start is now that of its own group
    for g in range(groups):
        start[g] = start[g + 1]
    start[groups] = len(node)
    return groups


@compiled
def lower_two_by_feet(
    start: IntArray,
    foot: Int32Array,
    leg: FloatArray,
    foot_cost: FloatArray,
    foot_owner: Int32Array,
    best: FloatArray,
    owner: Int32Array,
) -> None:
    """Lower ``best`` and ``owner`` (points, 2), the least costs of distinct owners, to those of walks by feet.

    Point p leaves by the feet of anchors ``start[p]:start[p + 1]``, at the cost of their legs;
    ``foot_cost`` and ``foot_owner`` (feet, 2) are what the two nearest of each foot cost from
    there.
    """
    for p in range(len(start) - 1):
        for a in range(start[p], start[p + 1]):
            f = foot[a]
            for k in range(2):
                who = foot_owner[f, k]
                if who < 0:
                    break
                keep_two(best, owner, p, leg[a] + foot_cost[f, k], who)


@compiled
def stations_of_points(  # noqa: C901 (one flat loop, which the compiler likes best)
    low: int,
    high: int,
    start: IntArray,
    foot: Int32Array,
    leg: FloatArray,
    found_from: IntArray,
    found_station: Int32Array,
    found_cost: FloatArray,
    direct_from: IntArray,
    direct_station: IntArray,
    direct_cost: FloatArray,
    limit: float,
    work: FloatArray,
    seen: Int32Array,
    at: IntArray,
    write: bool,
    out_station: Int32Array,
    out_cost: FloatArray,
) -> None:
    """Join points ``low`` to ``high`` to the stations within ``limit``, each at its least cost, by station.

    ``found_from`` (feet + 1,) says where the stations of each foot begin, ``direct_from``
    (points + 1,) those that need no node. Without ``write`` the number of stations of each point
    goes into ``at[p]``; with it the stations of point p go to ``at[p]`` and after. ``work`` (inf)
    and ``seen`` are work arrays of a place per station, ``work`` left as it came.
    """
    for p in range(low, high):
        count = 0

        # over the nodes that the point's anchors come to
        for a in range(start[p], start[p + 1]):
            f = foot[a]
            for k in range(found_from[f], found_from[f + 1]):
                cost = leg[a] + found_cost[k]
                if cost <= limit:
                    s = found_station[k]
                    if work[s] == np.inf:
                        seen[count] = s
                        count += 1
                    if cost < work[s]:
                        work[s] = cost

        # straight along one edge
        for k in range(direct_from[p], direct_from[p + 1]):
            cost = direct_cost[k]
            if cost <= limit:
                s = np.int32(direct_station[k])
                if work[s] == np.inf:
                    seen[count] = s
                    count += 1
                if cost < work[s]:
                    work[s] = cost

        if write:
            # few stations each: sorted as cards are
            for i in range(1, count):
                s = seen[i]
                j = i
                while j > 0 and seen[j - 1] > s:
                    seen[j] = seen[j - 1]
                    j -= 1
                seen[j] = s

            for i in range(count):
                out_station[at[p] + i] = seen[i]
                out_cost[at[p] + i] = work[seen[i]]
        else:
            at[p] = count
        for i in range(count):
            work[seen[i]] = np.inf
