"""Compiled drawing of the outline of a field: by marching squares, as closed rings, with fewer vertices.

The field is that of ``field``, tile by tile. Outlines are those of marching squares (Lorensen and
Cline 1987, in the plane), the ground to the left.

Loops are spelled out and work arrays come from outside, as in ``settling``.
Import this module inside functions: it loads numba.
"""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray
from walkshed.walk.kernels.compiler import compiled
from walkshed.walk.kernels.field import CELLS, SLACK_M, squared

#: Entries of a tile in ``onward``: 64 edges to the right of points, then 64 edges above points.
EDGES = 128
#: The sine of no bend: less than that of any corner or curve of the outline, more than the rounding
#: of its vertices.
_STRAIGHT = 1e-8


@compiled
def march(
    over: FloatArray,
    columns: int,
    slot: Int32Array,
    tile_of: Int32Array,
    found: int,
    onward: Int32Array,
    starts: Int32Array,
) -> int:
    """Write into ``onward`` for every grid edge that the outline crosses the one it crosses next.

    Return how many. ``starts`` lists the former. An edge is ``slot * 128`` and its number in the
    tile: ``8 * row + column`` to the right of that point, 64 more above it. Other entries of
    ``onward`` are -1.
    """
    crossed = 0
    for at in range(found):
        tile = tile_of[at]
        if slot[tile] != at:
            continue

        above = 0
        for row in range(-1, CELLS):
            below, above = above, 0
            for column in range(8):
                above |= (over[at, 8 * row + 8 + column] < 0.0) << column
            # Cells whose corners are not all alike, one bit each.
            mixed = ((below ^ above) | (below ^ (below >> 1)) | (above ^ (above >> 1))) & 127

            column = -1
            while row >= 0 and mixed:
                column += 1
                mixed, here = mixed >> 1, mixed & 1
                if not here:
                    continue

                # Corners against the clock, from below left; side k leads from corner k to the
                # next.
                corners = (
                    (below >> column) & 3
                    | ((above >> (column + 1)) & 1) << 2
                    | ((above >> column) & 1) << 3
                )

                joined = True
                # two grounds that meet at their corners, or one that is a saddle
                if corners in (5, 10):
                    k = 8 * row + column
                    joined = over[at, k] + over[at, k + 1] + over[at, k + 8] + over[at, k + 9] < 0.0

                for side in range(4):
                    if (corners >> side) & 1 and not (corners >> (side + 1 & 3)) & 1:
                        # Out of the ground here, and into it at the next side that leads so.
                        back = side + 3 & 3
                        if joined:
                            back = side + 1 & 3
                            while not (corners >> (back + 1 & 3)) & 1:
                                back = back + 1 & 3
                        starts[crossed] = _edge(at, tile, row, column, side, columns, slot)
                        onward[starts[crossed]] = _edge(at, tile, row, column, back, columns, slot)
                        crossed += 1
    return crossed


@compiled
def _edge(
    at: int, tile: int, row: int, column: int, side: int, columns: int, slot: Int32Array
) -> int:
    """Return the number of a side of a cell: 0 below, 1 right, 2 above, 3 left."""
    if side == 1:
        column += 1
        if column == CELLS:
            at, column = slot[tile + 1], 0
    elif side == 2:
        row += 1
        if row == CELLS:
            at, row = slot[tile + columns], 0

    return at * EDGES + 64 * (side & 1) + 8 * row + column


@compiled
def trace(
    over: FloatArray,
    corner: FloatArray,
    cell: float,
    onward: Int32Array,
    starts: Int32Array,
    crossed: int,
    xy: FloatArray,
    ring_from: IntArray,
) -> int:
    """Write the closed rings of the outline; return how many. ``onward`` is left empty (-1).

    A vertex on the straight line between its neighbors is left out: most are, beside straight
    streets.
    """
    rings = 0
    filled = 0
    for start in range(crossed):
        begin = starts[start]
        second = onward[begin]
        edge = begin if second >= 0 else -1

        x = y = dx = dy = 0.0
        steps = 0
        while edge >= 0:
            at, k = edge >> 7, edge & 63

            # where the edge is crossed, between its two points
            here = over[at, k]
            if edge & 64 == 0:
                right, up = here / (here - over[at, k + 1]), 0.0
            else:
                right, up = 0.0, here / (here - over[at, k + 8])
            next_x, next_y = (
                (corner[at, 0] + (k & 7) + right) * cell,
                (corner[at, 1] + (k >> 3) + up) * cell,
            )

            ahead_x, ahead_y = next_x - x, next_y - y
            if steps > 1:
                # The vertex before this one, now that both of its neighbors are known.
                bend = abs(dx * ahead_y - dy * ahead_x)
                if bend > _STRAIGHT * (abs(dx) + abs(dy)) * (abs(ahead_x) + abs(ahead_y)):
                    xy[filled, 0] = x
                    xy[filled, 1] = y
                    filled += 1

            x, y, dx, dy = next_x, next_y, ahead_x, ahead_y
            steps += 1
            # Round to the first vertex, and to the second, before which the first one is still to
            # be told.
            after = onward[edge]
            onward[edge] = -1
            if after < 0 and edge == begin:
                after = second
            edge = after

        # the ring is closed by its first vertex
        if steps > 0:
            xy[filled, 0] = xy[ring_from[rings], 0]
            xy[filled, 1] = xy[ring_from[rings], 1]
            filled += 1
            rings += 1
            ring_from[rings] = filled
    return rings


@compiled
def thin(xy: FloatArray, ring_from: IntArray, tolerance: float, kept: BoolArray) -> None:
    """Mark the vertices of closed rings that stay when no line moves by more than ``tolerance``.

    The method is that of Douglas and Peucker (1973), from a ring's first vertex round to its last.
    A ring of which less than a triangle would stay is thinned with less tolerance: a hole stays a
    hole.
    """
    open_from, open_to = np.empty(len(xy), np.int64), np.empty(len(xy), np.int64)
    for ring in range(len(ring_from) - 1):
        first, last = ring_from[ring], ring_from[ring + 1] - 1

        # a ring that keeps too few vertices is tried with half the tolerance
        allowed, stay = tolerance, 0
        while stay < 4:
            kept[first : last + 1] = allowed < SLACK_M
            kept[first] = kept[last] = True
            stay, waiting = 2, 1
            open_from[0], open_to[0] = first, last
            while waiting > 0 and allowed >= SLACK_M:
                waiting -= 1
                begin, end = open_from[waiting], open_to[waiting]

                # the vertex that is farthest from the straight line between the two
                ax, ay = xy[begin, 0], xy[begin, 1]
                dx, dy = xy[end, 0] - ax, xy[end, 1] - ay
                length2 = dx * dx + dy * dy
                inverse = 1.0 / length2 if length2 > 0.0 else 0.0
                farthest, where = -1.0, begin
                for k in range(begin + 1, end):
                    away = squared(xy[k, 0], xy[k, 1], ax, ay, dx, dy, inverse)
                    if away > farthest:
                        farthest, where = away, k

                if farthest > allowed * allowed:
                    kept[where] = True
                    stay += 1
                    open_from[waiting], open_to[waiting] = begin, where
                    open_from[waiting + 1], open_to[waiting + 1] = where, end
                    waiting += 2

            if allowed < SLACK_M:
                break
            allowed *= 0.5
