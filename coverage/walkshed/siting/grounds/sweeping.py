"""Compiled loops over stretches of street and places on them."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from walkshed.model.arrays import TICKS, BoolArray, FloatArray, Int32Array, IntArray


@njit(cache=True)
def last_offsets(
    start: IntArray,
    row: IntArray,
    begin: FloatArray,
    end: FloatArray,
    kept_off_m: float,
    most: int,
) -> tuple[IntArray, FloatArray, IntArray, Int32Array]:
    """Return (stretch, offset_m, first, served): the last offsets before an end since one began.

    Along stretch k row ``row[i]`` is served from ``begin[i]`` to ``end[i]``, for i from
    ``start[k]`` to ``start[k + 1]``, by row and begin. At the offset of end e the rows
    ``served[first[e]:first[e + 1]]`` are served, ascending. More than ``most`` of these are not
    listed: ``first`` then ends above ``most``.
    """
    stretch_of, offset_of = np.empty(1024, np.int64), np.empty(1024)
    first, served = np.zeros(1025, np.int64), np.empty(1 << 16, np.int32)
    count = 0
    for stretch in range(len(start) - 1):
        # spans of one row that touch are one
        low, high = start[stretch], start[stretch + 1]
        rows = np.empty(high - low, np.int64)
        begins, ends = np.empty(high - low), np.empty(high - low)
        spans = 0
        for at in range(low, high):
            if spans and rows[spans - 1] == row[at] and begin[at] <= ends[spans - 1]:
                ends[spans - 1] = max(ends[spans - 1], end[at])
                continue
            rows[spans], begins[spans], ends[spans] = row[at], begin[at], end[at]
            spans += 1

        # begins and ends along the stretch, of equal ones begins first
        places = np.concatenate((begins[:spans], ends[:spans]))
        order = np.argsort(places, kind="mergesort")
        for at in range(len(order) - 1):
            if order[at] >= spans or order[at + 1] < spans:
                continue
            before, after = places[order[at]], places[order[at + 1]]
            offset = max(after - kept_off_m, (before + after) / 2.0)

            # who is served there
            held = first[count]
            if held + spans > len(served):
                larger = np.empty(2 * len(served) + spans, np.int32)
                larger[:held] = served[:held]
                served = larger
            last = -1
            for span in range(spans):
                if begins[span] <= offset <= ends[span] and rows[span] != last:
                    served[held] = last = rows[span]
                    held += 1

            if count == len(stretch_of):
                stretch_of = np.concatenate((stretch_of, np.empty_like(stretch_of)))
                offset_of = np.concatenate((offset_of, np.empty_like(offset_of)))
                first = np.concatenate((first, np.empty(len(first) - 1, np.int64)))
            stretch_of[count], offset_of[count] = stretch, np.floor(offset * TICKS) / TICKS
            count += 1
            first[count] = held
            if held > most:
                return stretch_of[:count], offset_of[:count], first[: count + 1], served[:held]
    return stretch_of[:count], offset_of[:count], first[: count + 1], served[: first[count]]


@njit(cache=True)
def apart(xy: FloatArray, least_m: float) -> BoolArray:
    """Return (n,) False for places closer than ``least_m`` to an earlier one that stays."""
    # places that stay, in chains by hashes of the square that they are in
    mask = 1
    while mask < 2 * len(xy):
        mask *= 2
    mask -= 1
    head, following = np.full(mask + 1, -1), np.full(len(xy), -1)
    kept = np.ones(len(xy), np.bool_)
    for place in range(len(xy)):
        x, y = xy[place]
        column, line = int(np.floor(x / least_m)), int(np.floor(y / least_m))

        # neighbors are in the same square or one beside it
        for square in range(9):
            near = (
                (column + square % 3 - 1) * 73856093 ^ (line + square // 3 - 1) * 19349663
            ) & mask
            other = head[near]
            while other >= 0 and kept[place]:
                if math.hypot(xy[other, 0] - x, xy[other, 1] - y) < least_m:
                    kept[place] = False
                other = following[other]

        if kept[place]:
            here = (column * 73856093 ^ line * 19349663) & mask
            following[place], head[here] = head[here], place
    return kept


@njit(cache=True)
def along(
    vertex_from: IntArray,
    vertex_m: FloatArray,
    vertex_xy: FloatArray,
    edge: IntArray,
    offset_m: FloatArray,
) -> FloatArray:
    """Return (n, 2) the places at ``offset_m`` along edges, by the vertices before and after."""
    xy = np.empty((len(edge), 2))
    for place in range(len(edge)):
        meters = offset_m[place]
        before, last = vertex_from[edge[place]], vertex_from[edge[place] + 1] - 1
        while before < last and vertex_m[before + 1] <= meters:
            before += 1
        xy[place] = vertex_xy[before]
        if before < last and meters > vertex_m[before]:
            steep = (vertex_xy[before + 1] - vertex_xy[before]) / (
                vertex_m[before + 1] - vertex_m[before]
            )
            xy[place] = steep * (meters - vertex_m[before]) + vertex_xy[before]
    return xy
