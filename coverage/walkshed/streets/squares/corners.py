"""The corners around which people walk on a square, which of them see each other, and the shortest walks between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ranges, to_ticks
from walkshed.model.ground.plane import Plane
from walkshed.streets.squares.sight import SAME_M, is_open, sides_of


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """The rings of s squares, one after the other, the ground on their left, with a vertex at each of e entries."""

    ring_from: IntArray  # (s + 1,)
    vertex_from: IntArray  # (r + 1,)
    xy: FloatArray  # (k, 2) plane
    entry_vertex: IntArray  # (e,)

    @property
    def side_from(self) -> IntArray:
        """(s + 1,) the first vertex of each square."""
        starts: IntArray = self.vertex_from[self.ring_from]
        return starts

    @property
    def square(self) -> IntArray:
        """(k,) the square of each vertex."""
        return np.repeat(np.arange(len(self.ring_from) - 1), np.diff(self.side_from))

    def neighbors(self) -> tuple[FloatArray, FloatArray]:
        """Return (k, 2) the vertex before each vertex of a ring, and the one after it."""
        before, after = np.arange(-1, len(self.xy) - 1), np.arange(1, len(self.xy) + 1)
        before[self.vertex_from[:-1]] = self.vertex_from[1:] - 1
        after[self.vertex_from[1:] - 1] = self.vertex_from[:-1]
        return self.xy[before], self.xy[after]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Pairs of corners of one square that see each other, and the meters between them."""

    one: IntArray  # (n,)
    other: IntArray  # (n,)
    meters: FloatArray  # (n,) multiples of 1/1024


def bends(outlines: Outlines) -> BoolArray:
    """Return (k,) True at vertices at which a walk may bend: those that do not point outward."""
    before, after = outlines.neighbors()
    turn = _cross(outlines.xy - before, after - outlines.xy)
    bending: BoolArray = turn <= SAME_M * _long(after - before)
    return bending


def corners_of(outlines: Outlines, bending: BoolArray) -> IntArray:
    """Return the vertices that count as corners: where a walk may bend, and entries."""
    is_corner = bending.copy()
    is_corner[outlines.entry_vertex] = True
    return np.flatnonzero(is_corner)


def seen(outlines: Outlines, corner_vertex: IntArray, corner_from: IntArray, plane: Plane) -> Seen:
    """Return which corners see each other.

    A line that no shortest walk takes is left out: one that leaves the ground at once, and one that
    does not just touch the outline where the walk would bend.
    """
    # every pair of one square
    corner = np.arange(len(corner_vertex))
    after = np.repeat(corner_from[1:], np.diff(corner_from)) - 1 - corner
    one, other = np.repeat(corner, after), ranges(corner + 1, after)

    cones = _cones(outlines, corner_vertex)
    useful = _leads_in(cones, one, other)
    useful[useful] = _leads_in(cones, other[useful], one[useful])
    one, other = one[useful], other[useful]

    # what leads onto the ground at both ends lies on it, unless something is in between
    sides = sides_of(outlines.ring_from, outlines.vertex_from, outlines.xy)
    begin, end = outlines.xy[corner_vertex[one]], outlines.xy[corner_vertex[other]]
    open_way = is_open(sides, outlines.square[corner_vertex[one]], begin, end)
    one, other = one[open_way], other[open_way]
    lonlat = plane.to_lonlat(outlines.xy[corner_vertex])
    return Seen(one, other, to_ticks(plane.segment_m(lonlat[one], lonlat[other])))


@dataclass(frozen=True, slots=True, eq=False)
class _Cones:
    """At c corners the ways to the vertex before and the vertex after, between which the ground lies."""

    x: FloatArray  # (c,)
    y: FloatArray
    back: tuple[FloatArray, FloatArray]
    on: tuple[FloatArray, FloatArray]
    room_back: FloatArray  # what counts as on the line to the vertex before
    room_on: FloatArray
    outward: BoolArray  # whether the corner points outward
    is_entry: BoolArray


def _cones(outlines: Outlines, corner_vertex: IntArray) -> _Cones:
    before, after = outlines.neighbors()
    place = outlines.xy[corner_vertex]
    back, on = before[corner_vertex] - place, after[corner_vertex] - place
    is_entry = np.zeros(len(outlines.xy), dtype=bool)
    is_entry[outlines.entry_vertex] = True

    return _Cones(
        np.ascontiguousarray(place[:, 0]),
        np.ascontiguousarray(place[:, 1]),
        (np.ascontiguousarray(back[:, 0]), np.ascontiguousarray(back[:, 1])),
        (np.ascontiguousarray(on[:, 0]), np.ascontiguousarray(on[:, 1])),
        SAME_M * _long(back),
        SAME_M * _long(on),
        _cross(-back, on) >= 0.0,
        is_entry[corner_vertex],
    )


def _leads_in(cones: _Cones, corner: IntArray, to: IntArray) -> BoolArray:
    """Return whether a line from each corner begins on the ground, and touches the outline where a walk bends."""
    dx, dy = cones.x[to] - cones.x[corner], cones.y[to] - cones.y[corner]
    slack = SAME_M * np.sqrt(dx * dx + dy * dy)
    of_next = dx * cones.on[1][corner] - dy * cones.on[0][corner]
    of_last = dx * cones.back[1][corner] - dy * cones.back[0][corner]
    off_next = of_next <= slack + cones.room_on[corner]
    off_last = of_last >= -slack - cones.room_back[corner]
    inward = np.where(cones.outward[corner], off_next & off_last, off_next | off_last)

    # where it is no entry, both neighbors lie on one side of the line
    apart = ((of_last > slack) & (of_next < -slack)) | ((of_last < -slack) & (of_next > slack))
    touches: BoolArray = inward & (cones.is_entry[corner] | ~apart)
    return touches


def shortest(corner_from: IntArray, lines: Seen) -> list[FloatArray]:
    """Return, by square, (n, n) the meters of the shortest walks between its corners, inf where there is none."""
    size = np.diff(corner_from)
    square = np.searchsorted(corner_from, lines.one, side="right") - 1
    one, other = lines.one - corner_from[square], lines.other - corner_from[square]
    seen_by = np.bincount(square, minlength=len(size))
    found: list[FloatArray] = [np.zeros((0, 0))] * len(size)

    # squares of about the same size together, in one pass of Floyd 1962, "Algorithm 97: Shortest
    # path"
    room = 4 * ((size + 3) // 4)
    for width in np.unique(room).tolist():
        rows = np.flatnonzero(room == width)
        place = np.full(len(size), -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        meters = np.full((len(rows), width, width), np.inf)

        own = np.flatnonzero(place[square] >= 0)
        at, a, b = place[square[own]], one[own], other[own]
        meters[at, a, b] = meters[at, b, a] = lines.meters[own]
        meters[:, np.arange(width), np.arange(width)] = 0.0

        # where all corners see each other there is nothing to go round
        bent = np.flatnonzero(seen_by[rows] < size[rows] * (size[rows] - 1) // 2)
        walked = meters[bent]
        for by in range(int(size[rows[bent]].max(initial=0))):
            np.minimum(walked, walked[:, :, by, None] + walked[:, None, by], out=walked)
        meters[bent] = walked

        for number, row in enumerate(rows.tolist()):
            found[row] = meters[number, : size[row], : size[row]]
    return found


def lines_across(
    between: list[FloatArray], entry_from: IntArray, along: tuple[IntArray, FloatArray]
) -> tuple[IntArray, FloatArray]:
    """Return pairs of entries, (i, 2), that a line across joins, and its meters.

    ``between`` are the meters between the entries of each square, ``along`` pairs of entries that
    an edge joins, and its meters. A line that is no shorter than an edge, or than two lines by a
    third entry, is left out.
    """
    count = np.diff(entry_from)
    flat = np.concatenate([np.zeros(0), *(each.ravel() for each in between)])
    base = np.cumsum(count * count) - count * count
    square = np.repeat(np.arange(len(count)), count)
    entry = np.arange(len(square))

    # every pair of one square that a walk on the ground joins
    after = entry_from[1:][square] - 1 - entry
    one, other = np.repeat(entry, after), ranges(entry + 1, after)
    of = square[one]
    begin = base[of] + (one - entry_from[of]) * count[of]  # row of the first entry's meters
    meters = flat[begin + other - entry_from[of]]
    joined = np.flatnonzero(np.isfinite(meters))
    one, other, of, begin, meters = (each[joined] for each in (one, other, of, begin, meters))

    # by a third entry
    pair = np.repeat(np.arange(len(one)), count[of])
    third = ranges(0, count[of])
    to_third = flat[begin[pair] + third]
    from_third = flat[(base[of] + (other - entry_from[of]) * count[of])[pair] + third]
    by_third = (to_third > 0.0) & (from_third > 0.0) & (to_third + from_third <= meters[pair])
    kept = np.ones(len(one), dtype=bool)
    kept[pair[by_third]] = False

    # by an edge
    ends = np.sort(along[0], axis=1)
    key = one * len(square) + other  # ascending
    place = np.searchsorted(key, ends[:, 0] * len(square) + ends[:, 1])
    place = np.minimum(place, max(len(key) - 1, 0))
    if len(key):
        same = key[place] == ends[:, 0] * len(square) + ends[:, 1]
        kept[place[same & (along[1] <= meters[place])]] = False
    pairs = np.column_stack([one, other])[kept].astype(np.int64)
    return pairs, np.asarray(meters[kept], dtype=np.float64)


def _cross(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0], dtype=np.float64)


def _long(course: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt((course * course).sum(axis=1)), dtype=np.float64)
