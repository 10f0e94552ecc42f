"""Compiled distances to segments on a grid: a field that exists only near the outline of their ground.

The plane is laid out in tiles of 7 by 7 cells (8 by 8 points), counted from the plane's origin. A
tile that one segment covers wholly, or that none comes near, needs no field; so the work grows with
the outline, not with the ground around it. In the others every point gets its squared distance to
the nearest segment; segments that another one shields from the whole tile are passed over, which
changes no value. Points on a border have the same value in all of their tiles.

Loops are spelled out and work arrays come from outside, as in ``settling``.
Import this module inside functions: it loads numba.
"""

from __future__ import annotations

import math

import numpy as np

from walkshed.model.arrays import FloatArray, Int32Array
from walkshed.walk.kernels.compiler import compiled

#: Cells along a tile; its points make rows of eight, which suits vector instructions.
CELLS = 7
#: What ``slot`` says of a tile: no segment is near; it is covered wholly. Else where its points are
#: kept.
FAR, COVERED = -1, -2
#: More than any rounding of distances between points and segments, in meters.
SLACK_M = 1e-6
#: Field values this near to the level are moved below it, so that no outline passes through a grid
#: point, where it could touch itself.
_NUDGE_M = 1e-6

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
    """List for every tile the segments that may be nearest to one of its points.

    Return how many tiles have a slot. Tiles stand in ``rows`` and ``columns`` from tile (``row0``,
    ``column0``) of the plane on. ``head`` begins the list of a tile, ``follows`` goes on; ``least``
    is less than any distance between the two. ``bound``: more than the distance of any point of the
    tile to its nearest segment.
    """
    width = CELLS * cell
    radius = width * math.sqrt(0.5) + SLACK_M
    listed = 0
    for i in range(len(segments)):
        ax, ay, bx, by = segments[i, 0], segments[i, 1], segments[i, 2], segments[i, 3]
        dx, dy = bx - ax, by - ay
        length2 = dx * dx + dy * dy
        inverse = 1.0 / length2 if length2 > SLACK_M**2 else 0.0
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
                middle = squared(x + 0.5 * width, y + 0.5 * width, ax, ay, dx, dy, inverse)
                if middle >= (min(reach, bound[tile]) + radius) ** 2:
                    continue
                middle = math.sqrt(middle)
                bound[tile] = min(bound[tile], middle + radius)

                # covered: all corners lie within the level, whatever else comes near
                covered = middle <= level - 0.5 * width
                corner = 0
                while covered and corner < 4:
                    away = squared(
                        x + width * (corner & 1), y + width * (corner >> 1), ax, ay, dx, dy, inverse
                    )
                    covered = away < (level - SLACK_M) ** 2
                    corner += 1
                if covered:
                    slot[tile] = COVERED
                    continue

                if slot[tile] == FAR:
                    slot[tile] = found
                    tile_of[found] = tile
                    found += 1

                # at the head of the tile's list
                least[listed] = middle - radius
                of_segment[listed] = i
                follows[listed] = head[tile]
                head[tile] = listed
                listed += 1
    return found


@compiled
def squared(
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
    """Lower the squared distances of points, ``squares`` (slots, 64), to those of listed segments.

    Empty the lists. Slots from ``old`` on are new: they begin at ``reach`` squared. ``over`` is by
    how much distances exceed the level; ``corner`` (slots, 2) the column and the row of each tile's
    first point.
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
                length2 = dx * dx + dy * dy
                inverse = 1.0 / length2 if length2 > SLACK_M**2 else 0.0
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
