"""Which boxes of one set overlap which of another, by cells of a grid."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray, IntArray, ranges

#: Boxes that lie in more cells than this are looked for in larger ones, so many times as long.
_MOST_CELLS, _LARGER = 64, 4
#: Cells are kept in a table of at most this many rows; where there are more cells, some share one.
_MOST_ROWS = 1 << 20
#: Where so many boxes crowd a cell that each would be tried with more than this, a tree finds the
#: pairs.
_MOST_TRIED = 64
#: Pairs are tried so many at once, which stay in the processor's cache.
_AT_ONCE = 1 << 17

Pairs = tuple[IntArray, IntArray]
_NO_ROWS = np.zeros(0, dtype=np.int64)


class Boxes(NamedTuple):
    """n boxes by their sides: (n,) each."""

    west: FloatArray
    south: FloatArray
    east: FloatArray
    north: FloatArray

    def some(self, rows: IntArray) -> Boxes:
        """Return some of them."""
        return Boxes(*(side[rows] for side in self))

    def around(self, begin: IntArray) -> Boxes:
        """Return the boxes around runs of them, each from a row of ``begin`` to before the next."""
        low, high = np.minimum.reduceat, np.maximum.reduceat
        if len(begin) == 0:
            return self.some(begin)
        return Boxes(
            low(self.west, begin),
            low(self.south, begin),
            high(self.east, begin),
            high(self.north, begin),
        )


def boxes_of(places: FloatArray | IntArray, first: IntArray) -> Boxes:
    """Return the boxes around the lines from some rows of (n, 2) places to the row after each."""
    x, y = np.ascontiguousarray(places.T)
    (x, far_x), (y, far_y) = ((side[first], side[first + 1]) for side in (x, y))
    return Boxes(
        np.minimum(x, far_x), np.minimum(y, far_y), np.maximum(x, far_x), np.maximum(y, far_y)
    )


def boxes_around(places: FloatArray, room: float) -> Boxes:
    """Return the boxes that reach ``room`` around (n, 2) places."""
    x, y = np.ascontiguousarray(places.T)
    return Boxes(x - room, y - room, x + room, y + room)


def overlap(one: Boxes, rows: IntArray, other: Boxes, other_rows: IntArray) -> IntArray:
    """Return which pairs of rows, one of each set, have boxes that overlap or touch."""
    a, b = rows, other_rows
    met = np.flatnonzero((one.west[a] <= other.east[b]) & (other.west[b] <= one.east[a]))
    a, b = a[met], b[met]
    return met[(one.south[a] <= other.north[b]) & (other.south[b] <= one.north[a])]


def overlapping(one: Boxes, other: Boxes, cell: float) -> Pairs:
    """Return the rows of boxes that overlap or touch, each pair once, in no order that means anything.

    ``cell`` is the side of the smallest cells, in the unit of the boxes: as long as most of
    ``other``.
    """
    if len(one.west) == 0 or len(other.west) == 0:
        return _NO_ROWS, _NO_ROWS

    # Those that are too long for such cells have larger ones.
    is_short = _cells_of(one, cell) <= _MOST_CELLS
    is_small = (other.east - other.west <= cell) & (other.north - other.south <= cell)
    every = np.arange(len(other.west))
    short, long = np.flatnonzero(is_short), np.flatnonzero(~is_short)
    small, large = np.flatnonzero(is_small), np.flatnonzero(~is_small)

    found = [
        _numbered(_close(one.some(short), other.some(small), cell), short, small),
        _numbered(overlapping(one.some(short), other.some(large), _LARGER * cell), short, large),
    ]
    if len(long):
        found.append(_numbered(overlapping(one.some(long), other, _LARGER * cell), long, every))

    first, second = zip(*found)
    return np.concatenate(first), np.concatenate(second)


def _cells_of(boxes: Boxes, cell: float) -> FloatArray:
    """Return in how many cells each box is entered, roughly."""
    across, up = (boxes.east - boxes.west) / cell + 2, (boxes.north - boxes.south) / cell + 2
    return np.asarray(across * up, dtype=np.float64)


def _numbered(pairs: Pairs, rows: IntArray, other_rows: IntArray) -> Pairs:
    return rows[pairs[0]], other_rows[pairs[1]]


def _close(one: Boxes, other: Boxes, cell: float) -> Pairs:
    """Return the pairs of boxes of which the ``other`` are no larger than a cell.

    Such a box reaches from the cell of its corner into the next ones at most. So each of ``one`` is
    compared with those whose corner lies in its own cells and in those one before them: no pair is
    met twice.
    """
    if len(one.west) == 0 or len(other.west) == 0:
        return _NO_ROWS, _NO_ROWS

    # The cells of the first set.
    west, south, east, north = (np.floor(side / cell).astype(np.int64) for side in one)
    first, low = int(west.min()) - 1, int(south.min()) - 1
    last, tall = int(east.max()), int(north.max()) - low + 1

    up = north - south + 2
    count = (east - west + 2) * up
    of, place = np.repeat(np.arange(len(count)), count), ranges(0, count)
    key = ((west - 1 - first)[of] + place // up[of]) * tall + (south - 1 - low)[of] + place % up[of]

    size = min((last - first + 1) * tall, _MOST_ROWS)
    slot = key if size < _MOST_ROWS else key & (_MOST_ROWS - 1)
    used = np.zeros(size, dtype=bool)
    used[slot] = True

    # Those of the second set whose corner lies in one of them, cell by cell.
    column, row = (np.floor(side / cell).astype(np.int64) for side in (other.west, other.south))
    inside = (column >= first) & (column <= last) & (row >= low) & (row < low + tall)
    rows = np.flatnonzero(inside)
    own = (column[rows] - first) * tall + row[rows] - low
    own_slot = own if size < _MOST_ROWS else own & (_MOST_ROWS - 1)
    met = np.flatnonzero(used[own_slot])
    met = met[np.argsort(own_slot[met])]
    rows, own, own_slot = rows[met], own[met], own_slot[met]
    near = other.some(rows)  # in this order they are looked at one after the other

    begin = np.concatenate([[0], np.cumsum(np.bincount(own_slot, minlength=size))])
    count = begin[slot + 1] - begin[slot]
    ends = np.concatenate([[0], np.cumsum(count)])
    if ends[-1] > _MOST_TRIED * (len(of) + len(column)):
        return _by_tree(one, other)

    # Both together, some at a time.
    found, found_other = [_NO_ROWS], [_NO_ROWS]
    runs = np.unique(np.searchsorted(ends, np.arange(0, ends[-1] + _AT_ONCE, _AT_ONCE)))
    for run, stop in zip(runs[:-1].tolist(), np.minimum(runs[1:], len(count)).tolist()):
        entry = np.repeat(np.arange(run, stop), count[run:stop])
        corner = ranges(begin[slot[run:stop]], count[run:stop])
        met = overlap(one, of[entry], near, corner)
        entry, corner = entry[met], corner[met]

        # by another cell that shares the row of the table they are not met
        same = key[entry] == own[corner]
        found.append(of[entry[same]])
        found_other.append(rows[corner[same]])
    return np.concatenate(found), np.concatenate(found_other)


def _by_tree(one: Boxes, other: Boxes) -> Pairs:
    """Return the pairs by a tree of the boxes' diagonals."""
    lines, other_lines = (
        shapely.linestrings(np.stack(boxes, axis=1).reshape(-1, 2, 2).astype(np.float64))
        for boxes in (one, other)
    )
    second, first = shapely.STRtree(lines).query(other_lines)
    return first, second
