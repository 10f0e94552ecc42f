"""Compiled drawing of the ground within a level of segments: a distance field that exists only near its outline.

The plane is laid out in tiles of 7 by 7 cells (8 by 8 points), counted from the plane's origin. A
tile that one segment covers wholly, or that none comes near, needs no field; so the work grows with
the outline, not with the ground around it. In the others every point gets its squared distance to
the nearest segment; segments that another one shields from the whole tile are passed over, which
changes no value. Points on a border have the same value in all of their tiles. Outlines are those
of marching squares (Lorensen and Cline 1987, in the plane), the ground to the left.

Loops are spelled out and work arrays come from outside, as in ``settling``.
Import this module inside functions: it loads numba.
"""

from __future__ import annotations

import math

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray
from walkshed.walk.compiler import compiled

#: Cells along a tile; its points make rows of eight, which suits vector instructions.
CELLS = 7
#: Entries of a tile in ``onward``: 64 edges to the right of points, then 64 edges above points.
EDGES = 128
#: What ``slot`` says of a tile: no segment is near; it is covered wholly. Else where its points are
#: kept.
FAR, COVERED = -1, -2
#: More than any rounding of distances between points and segments, in meters.
_SLACK_M = 1e-6
#: Field values this near to the level are moved below it, so that no outline passes through a grid
#: point, where it could touch itself.
_NUDGE_M = 1e-6

#: The sine of no bend: less than that of any corner or curve of the outline, more than the rounding
#: of its vertices.
_STRAIGHT = 1e-8

_COLUMN, _ROW = np.arange(64.0) % 8.0, np.arange(64) // 8.0


@compiled
def share_out(
    segments: FloatArray,
    row0: int,
    column0: int,
    rows: int,
    columns: int,
    cell: float,
    level: float,
    reach: float,
    slot: Int32Array,
    tile_of: Int32Array,
    found: int,
    bound: FloatArray,
    head: Int32Array,
    follows: Int32Array,
    of_segment: Int32Array,
    least: FloatArray,
) -> int:
    """List for every tile the segments that may be nearest to one of its points; return how many tiles have a slot.

    Tiles stand in ``rows`` and ``columns`` from tile (``row0``, ``column0``) of the plane on.
    ``head`` begins the list of a tile, ``follows`` goes on; ``least`` is less than any distance
    between the two. ``bound``: more than the distance of any point of the tile to its nearest
    segment.
    """
    width = CELLS * cell
    radius = width * math.sqrt(0.5) + _SLACK_M
    listed = 0
    for i in range(len(segments)):
        ax, ay, bx, by = segments[i, 0], segments[i, 1], segments[i, 2], segments[i, 3]
        dx, dy = bx - ax, by - ay
        squared = dx * dx + dy * dy
        inverse = 1.0 / squared if squared > _SLACK_M**2 else 0.0
        low = max(0, math.floor((min(ay, by) - reach) / width) - row0)
        high = min(rows - 1, math.floor((max(ay, by) + reach) / width) - row0)
        for row in range(low, high + 1):
            y = (row0 + row) * width
            # Only the part of the segment within reach of this row can matter to it.
            first, last = 0.0, 1.0
            if dy != 0.0:
                one, other = (y - reach - ay) / dy, (y + width + reach - ay) / dy
                first, last = max(0.0, min(one, other)), min(1.0, max(one, other))
            left, right = ax + first * dx, ax + last * dx
            begin = max(0, math.floor((min(left, right) - reach) / width) - column0)
            end = min(columns - 1, math.floor((max(left, right) + reach) / width) - column0)
            for column in range(begin, end + 1):
                tile = row * columns + column
                if slot[tile] == COVERED:
                    continue
                # The middle of the tile, then its four corners.
                x = (column0 + column) * width
                middle = _squared(x + 0.5 * width, y + 0.5 * width, ax, ay, dx, dy, inverse)
                if middle >= (min(reach, bound[tile]) + radius) ** 2:
                    continue
                middle = math.sqrt(middle)
                bound[tile] = min(bound[tile], middle + radius)
                covered = middle <= level - 0.5 * width
                corner = 0
                while covered and corner < 4:
                    away = _squared(
                        x + width * (corner & 1), y + width * (corner >> 1), ax, ay, dx, dy, inverse
                    )
                    covered = away < (level - _SLACK_M) ** 2
                    corner += 1
                if covered:
                    slot[tile] = COVERED
                    continue
                if slot[tile] == FAR:
                    slot[tile] = found
                    tile_of[found] = tile
                    found += 1
                least[listed] = middle - radius
                of_segment[listed] = i
                follows[listed] = head[tile]
                head[tile] = listed
                listed += 1
    return found


@compiled
def _squared(
    x: float, y: float, ax: float, ay: float, dx: float, dy: float, inverse: float
) -> float:
    """Return the squared distance from a place to a segment."""
    px, py = x - ax, y - ay
    along = min(max((px * dx + py * dy) * inverse, 0.0), 1.0)
    ex, ey = px - along * dx, py - along * dy
    return ex * ex + ey * ey


@compiled
def lower_field(
    segments: FloatArray,
    row0: int,
    column0: int,
    columns: int,
    cell: float,
    level: float,
    reach: float,
    slot: Int32Array,
    tile_of: Int32Array,
    old: int,
    found: int,
    bound: FloatArray,
    head: Int32Array,
    follows: Int32Array,
    of_segment: Int32Array,
    least: FloatArray,
    squares: FloatArray,
    over: FloatArray,
    corner: FloatArray,
) -> None:
    """Lower the squared distances of points, ``squares`` (slots, 64), to those of listed segments; empty the lists.

    Slots from ``old`` on are new: they begin at ``reach`` squared. ``over`` is by how much
    distances exceed the level; ``corner`` (slots, 2) the column and the row of each tile's first
    point.
    """
    for at in range(found):
        tile = tile_of[at]
        entry = head[tile]
        head[tile] = -1
        nearest = squares[at]
        if at >= old:
            for k in range(64):
                nearest[k] = reach * reach
        if slot[tile] != at or entry < 0:
            continue
        row, column = (
            np.float64((row0 + tile // columns) * CELLS),
            np.float64((column0 + tile % columns) * CELLS),
        )
        corner[at, 0], corner[at, 1] = column, row
        while entry >= 0:
            if least[entry] < bound[tile]:
                i = of_segment[entry]
                ax, ay = segments[i, 0], segments[i, 1]
                dx, dy = segments[i, 2] - ax, segments[i, 3] - ay
                squared = dx * dx + dy * dy
                inverse = 1.0 / squared if squared > _SLACK_M**2 else 0.0
                # Plain selections on one run of points: the compiler turns this loop into vector
                # instructions.
                for k in range(64):
                    px, py = (column + _COLUMN[k]) * cell - ax, (row + _ROW[k]) * cell - ay
                    along = (px * dx + py * dy) * inverse
                    along = max(along, 0.0)
                    along = min(along, 1.0)
                    ex, ey = px - along * dx, py - along * dy
                    nearest[k] = min(nearest[k], ex * ex + ey * ey)
            entry = follows[entry]
        for k in range(64):
            more = math.sqrt(nearest[k]) - level
            over[at, k] = min(more, -_NUDGE_M) if more < _NUDGE_M else more


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
    """Write into ``onward`` for every grid edge that the outline crosses the one it crosses next; return how many.

    ``starts`` lists the former. An edge is ``slot * 128`` and its number in the tile: ``8 * row +
    column`` to the right of that point, 64 more above it. Other entries of ``onward`` are -1.
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

    The method is that of Douglas and Peucker (1973), from a ring's first vertex round to its last. A
    ring of which less than a triangle would stay is thinned with less tolerance: a hole stays a hole.
    """
    open_from, open_to = np.empty(len(xy), np.int64), np.empty(len(xy), np.int64)
    for ring in range(len(ring_from) - 1):
        first, last = ring_from[ring], ring_from[ring + 1] - 1
        allowed, stay = tolerance, 0
        while stay < 4:
            kept[first : last + 1] = allowed < _SLACK_M
            kept[first] = kept[last] = True
            stay, waiting = 2, 1
            open_from[0], open_to[0] = first, last
            while waiting > 0 and allowed >= _SLACK_M:
                waiting -= 1
                begin, end = open_from[waiting], open_to[waiting]

                # the vertex that is farthest from the straight line between the two
                ax, ay = xy[begin, 0], xy[begin, 1]
                dx, dy = xy[end, 0] - ax, xy[end, 1] - ay
                squared = dx * dx + dy * dy
                inverse = 1.0 / squared if squared > 0.0 else 0.0
                farthest, where = -1.0, begin
                for k in range(begin + 1, end):
                    away = _squared(xy[k, 0], xy[k, 1], ax, ay, dx, dy, inverse)
                    if away > farthest:
                        farthest, where = away, k

                if farthest > allowed * allowed:
                    kept[where] = True
                    stay += 1
                    open_from[waiting], open_to[waiting] = begin, where
                    open_from[waiting + 1], open_to[waiting + 1] = where, end
                    waiting += 2
            if allowed < _SLACK_M:
                break
            allowed *= 0.5
