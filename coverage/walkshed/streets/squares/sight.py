"""What can be seen of a square from a place on it: straight lines inside its outline (definition 16).

Every step is a product, a sum or a root of numbers on the plane, in the order in which the page's
engine takes it (maps/browser/engine/squares.js), so that both answer alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ranges

#: Meters below which two places are one, and a place is on a line: far above what rounding moves.
SAME_M = 1e-6
#: A point so close to the outline stands on it: the resolution of OpenStreetMap.
ON_OUTLINE_M = 0.01
#: Lines are compared with so many sides at once, which stay in the processor's cache.
_ROWS = 1 << 15


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """The sides of s outlines: side ``v`` from ``begin[v]`` to ``end[v]``, the ground on its left."""

    start: IntArray  # (s + 1,)
    begin: FloatArray  # (k, 2)
    end: FloatArray  # (k, 2)
    step: IntArray  # (k,) from a side to the next of its ring


def sides_of(ring_from: IntArray, vertex_from: IntArray, vertex_xy: FloatArray) -> Sides:
    """Return the sides of outlines whose rings close by themselves."""
    step = np.ones(len(vertex_xy), dtype=np.int64)
    step[vertex_from[1:] - 1] = vertex_from[:-1] - vertex_from[1:] + 1
    following = np.arange(len(step)) + step
    return Sides(vertex_from[ring_from], vertex_xy, vertex_xy[following], step)


def sees(sides: Sides, square: IntArray, begin: FloatArray, end: FloatArray) -> BoolArray:
    """Return (n,) whether each straight line from ``begin`` to ``end`` lies on its square.

    Both ends lie on the ground or its outline. A line is broken where a side crosses it, and where
    it touches a vertex on its way: the walk goes by that vertex. What is left lies on the ground as
    a whole, or not at all, as its middle does.
    """
    clear = is_open(sides, square, begin, end)
    left = np.flatnonzero(clear)
    middle = begin[left] + 0.5 * (end[left] - begin[left])
    clear[left] = on_ground(sides, square[left], middle)
    return clear


def is_open(sides: Sides, square: IntArray, begin: FloatArray, end: FloatArray) -> BoolArray:
    """Return (n,) whether nothing is in the way of each straight line: no side crosses it, and it touches no vertex."""
    clear = np.ones(len(square), dtype=bool)
    for part in _parts(sides, square):
        clear[part] = ~_broken(sides, square[part], begin[part], end[part])
    return clear


def lies_on(sides: Sides, square: IntArray, begin: FloatArray, end: FloatArray) -> BoolArray:
    """Return (n,) whether each straight line lies on its square, which it may touch where it bends, or along a side.

    No side crosses it, and the middle of each part between the vertices that it touches is on the
    ground.
    """
    whole = np.ones(len(square), dtype=bool)
    for part in _parts(sides, square):
        crossed, row, vertex = _met(sides, square[part], begin[part], end[part])
        whole[part] = ~crossed

        # the parts of each line: from its beginning, by what it touches, to its end
        course = end[part] - begin[part]
        along = ((sides.begin[vertex] - begin[part][row]) * course[row]).sum(axis=1)
        squared = np.maximum((course * course).sum(axis=1), SAME_M * SAME_M)
        lines = np.arange(len(course))
        line = np.concatenate([lines, row, lines])
        share = np.concatenate([np.zeros(len(lines)), along / squared[row], np.ones(len(lines))])

        order = np.lexsort([share, line])
        line, share = line[order], share[order]
        piece = np.flatnonzero(line[1:] == line[:-1])

        middle = 0.5 * (share[piece] + share[piece + 1])
        place = begin[part][line[piece]] + middle[:, None] * course[line[piece]]
        off = ~on_ground(sides, square[part][line[piece]], place)
        whole[np.arange(len(whole))[part][line[piece][off]]] = False
    return whole


def on_ground(sides: Sides, square: IntArray, place: FloatArray) -> BoolArray:
    """Return (n,) whether places lie inside an odd number of rings, or on one."""
    inside = np.zeros(len(square), dtype=bool)
    for part in _parts(sides, square):
        row, side = _rows(sides, square[part])
        x, y = place[part][row].T
        (ax, ay), (bx, by) = sides.begin[side].T, sides.end[side].T

        # a ray to the east passes an odd number of sides
        passes = (ay > y) != (by > y)
        at = np.flatnonzero(passes)
        right = ax[at] + (y[at] - ay[at]) / (by[at] - ay[at]) * (bx[at] - ax[at]) > x[at]
        inside[part] = np.bincount(row[at[right]], minlength=len(square[part])) % 2 == 1

    out = np.flatnonzero(~inside)
    away_m, _ = nearest_on_outline(sides, square[out], place[out])
    inside[out] = away_m <= SAME_M
    return inside


def nearest_on_outline(
    sides: Sides, square: IntArray, place: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return (n,) the meters from places to the outlines of their squares, and (n, 2) the nearest place on each."""
    away_m, foot = np.empty(len(square)), np.empty((len(square), 2))
    for part in _parts(sides, square):
        row, side = _rows(sides, square[part])
        (ax, ay), (bx, by) = sides.begin[side].T, sides.end[side].T
        x, y = place[part][row].T
        ex, ey = bx - ax, by - ay
        squared = ex * ex + ey * ey

        share = ((x - ax) * ex + (y - ay) * ey) / np.where(squared > 0.0, squared, 1.0)
        share = np.clip(share, 0.0, 1.0)
        fx = np.where(share == 1.0, bx, ax + share * ex)
        fy = np.where(share == 1.0, by, ay + share * ey)

        far = np.sqrt((x - fx) * (x - fx) + (y - fy) * (y - fy))

        # the first of the nearest sides
        order = np.lexsort([far, row])
        first = order[np.searchsorted(row[order], np.arange(len(square[part])))]
        away_m[part], foot[part] = far[first], np.column_stack([fx, fy])[first]
    return away_m, foot


def _broken(sides: Sides, square: IntArray, begin: FloatArray, end: FloatArray) -> BoolArray:
    """Return (n,) whether a side crosses each line, or a vertex lies on its way."""
    broken, row, _ = _met(sides, square, begin, end)
    broken[row] = True
    return broken


def _met(
    sides: Sides, square: IntArray, begin: FloatArray, end: FloatArray
) -> tuple[BoolArray, IntArray, IntArray]:
    """Return (n,) whether a side crosses each line, and where vertices lie on the way: (line, vertex)."""
    count = sides.start[square + 1] - sides.start[square]
    vertex = ranges(sides.start[square], count)
    ax, ay = sides.begin[:, 0][vertex], sides.begin[:, 1][vertex]
    course = end - begin
    long = np.sqrt(course[:, 0] * course[:, 0] + course[:, 1] * course[:, 1])
    px, py, dx, dy, slack = (
        np.repeat(each, count)
        for each in (begin[:, 0], begin[:, 1], course[:, 0], course[:, 1], SAME_M * long)
    )

    # on which side of the line each vertex lies; 0 on it
    left = dx * (ay - py) - dy * (ax - px)
    turn = (left > slack).astype(np.int8) - (left < -slack).astype(np.int8)
    across = np.flatnonzero(turn * turn[np.arange(len(turn)) + sides.step[vertex]] < 0)
    touched = np.flatnonzero(turn == 0)

    # sides between whose ends the line passes, and that lie between the ends of the line
    row = np.searchsorted(np.cumsum(count), across, side="right")
    ax, ay = sides.begin[vertex[across]].T
    ex, ey = (sides.end - sides.begin)[vertex[across]].T
    room = SAME_M * np.sqrt(ex * ex + ey * ey)
    (px, py), (qx, qy) = begin[row].T, end[row].T
    one = ex * (py - ay) - ey * (px - ax)
    other = ex * (qy - ay) - ey * (qx - ax)
    crossed = ((one > room) & (other < -room)) | ((one < -room) & (other > room))
    parted = np.zeros(len(square), dtype=bool)
    parted[row[crossed]] = True

    # vertices on the way
    row = np.searchsorted(np.cumsum(count), touched, side="right")
    ax, ay = sides.begin[vertex[touched]].T
    along = course[row, 0] * (ax - begin[row, 0]) + course[row, 1] * (ay - begin[row, 1])
    room = SAME_M * long[row]
    on_way = (along > room) & (along < long[row] * long[row] - room)
    return parted, row[on_way], vertex[touched[on_way]]


def _parts(sides: Sides, square: IntArray) -> list[slice]:
    """Return runs of lines that are compared with few enough sides together."""
    rows = np.cumsum(sides.start[square + 1] - sides.start[square])
    if len(rows) == 0:
        return []
    steps = np.arange(_ROWS, int(rows[-1]) + _ROWS, _ROWS)
    ends = np.unique(np.append(np.searchsorted(rows, steps, side="right"), len(rows)))
    ends = ends[ends > 0]
    return [slice(low, high) for low, high in zip([0, *ends[:-1].tolist()], ends.tolist())]


def _rows(sides: Sides, square: IntArray) -> tuple[IntArray, IntArray]:
    """Return every line with every side of its square."""
    count = sides.start[square + 1] - sides.start[square]
    return np.repeat(np.arange(len(square)), count), ranges(sides.start[square], count)
