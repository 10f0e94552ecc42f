"""The corners around which people walk on a square, which of them see each other, and the shortest walks between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ranges, to_ticks
from walkshed.model.plane import Plane
from walkshed.streets.sight import SAME_M, is_open, sides_of


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
    """Return (k,) True at the corners: vertices at which a walk may bend, as they do not point outward, and entries."""
    before, after = outlines.neighbors()
    turn = _cross(outlines.xy - before, after - outlines.xy)
    is_corner: BoolArray = turn <= SAME_M * _long(after - before)
    is_corner[outlines.entry_vertex] = True
    return is_corner


def seen(outlines: Outlines, corner_vertex: IntArray, corner_from: IntArray, plane: Plane) -> Seen:
    """Return which corners see each other.

    A line that no shortest walk takes is left out: one that leaves the ground at once, and one that
    does not just touch the outline where the walk would bend.
    """
    # every pair of one square
    corner = np.arange(len(corner_vertex))
    after = np.repeat(corner_from[1:], np.diff(corner_from)) - 1 - corner
    one, other = np.repeat(corner, after), ranges(corner + 1, after)

    useful = _leads_in(outlines, corner_vertex, one, other)
    useful[useful] = _leads_in(outlines, corner_vertex, other[useful], one[useful])
    one, other = one[useful], other[useful]

    # what leads onto the ground at both ends lies on it, unless something is in between
    sides = sides_of(outlines.ring_from, outlines.vertex_from, outlines.xy)
    begin, end = outlines.xy[corner_vertex[one]], outlines.xy[corner_vertex[other]]
    open_way = is_open(sides, outlines.square[corner_vertex[one]], begin, end)
    one, other = one[open_way], other[open_way]
    lonlat = plane.to_lonlat(outlines.xy[corner_vertex])
    return Seen(one, other, to_ticks(plane.segment_m(lonlat[one], lonlat[other])))


def _leads_in(
    outlines: Outlines, corner_vertex: IntArray, corner: IntArray, to: IntArray
) -> BoolArray:
    """Return whether a line from each corner begins on the ground, and touches the outline where a walk bends."""
    before, after = outlines.neighbors()
    at = corner_vertex[corner]
    place, ahead = outlines.xy[at], outlines.xy[corner_vertex[to]] - outlines.xy[at]
    back, on = before[at] - place, after[at] - place
    slack = SAME_M * _long(ahead)
    off_next = _cross(on, ahead) >= -slack - SAME_M * _long(on)
    off_last = _cross(ahead, back) >= -slack - SAME_M * _long(back)
    outward = _cross(-back, on) >= 0.0
    inward = np.where(outward, off_next & off_last, off_next | off_last)

    # where it is no entry, both neighbors lie on one side of the line
    one, other = _cross(ahead, back), _cross(ahead, on)
    apart = ((one > slack) & (other < -slack)) | ((one < -slack) & (other > slack))
    is_entry = np.zeros(len(outlines.xy), dtype=bool)
    is_entry[outlines.entry_vertex] = True
    touches: BoolArray = inward & (is_entry[at] | ~apart)
    return touches


def shortest(corner_from: IntArray, lines: Seen) -> list[FloatArray]:
    """Return, by square, (n, n) the meters of the shortest walks between its corners, inf where there is none."""
    square = np.searchsorted(corner_from, lines.one, side="right") - 1
    bounds = np.searchsorted(square, np.arange(len(corner_from)))
    found = []
    for row in range(len(corner_from) - 1):
        size, part = (
            int(corner_from[row + 1] - corner_from[row]),
            slice(bounds[row], bounds[row + 1]),
        )
        one, other = lines.one[part] - corner_from[row], lines.other[part] - corner_from[row]
        meters = np.full((size, size), np.inf)
        meters[one, other] = meters[other, one] = lines.meters[part]
        np.fill_diagonal(meters, 0.0)
        if len(one) < size * (size - 1) // 2:
            for by in range(size):  # Floyd 1962, "Algorithm 97: Shortest path"
                np.minimum(meters, meters[:, by, None] + meters[by], out=meters)
        found.append(meters)
    return found


def lines_across(
    between: list[FloatArray], entry_from: IntArray, along: tuple[IntArray, FloatArray]
) -> tuple[IntArray, FloatArray]:
    """Return pairs of entries, (i, 2), that a line across joins, and its meters.

    ``between`` are the meters between the entries of each square, ``along`` pairs of entries that an
    edge joins, and its meters. A line that is no shorter than an edge, or than two lines by a third
    entry, is left out.
    """
    edge_square = np.searchsorted(entry_from, along[0][:, 0], side="right") - 1
    order = np.argsort(edge_square, kind="stable")
    bounds = np.searchsorted(edge_square[order], np.arange(len(entry_from)))
    pairs, meters = [np.zeros((0, 2), dtype=np.int64)], [np.zeros(0)]
    for row, walked in enumerate(between):
        kept = np.triu(np.isfinite(walked), 1)
        if len(walked) > 2:
            ahead = np.where(walked > 0.0, walked, np.inf)
            kept &= ((ahead[:, :, None] + ahead[:, None, :]) > walked).all(axis=0)
        edges = order[bounds[row] : bounds[row + 1]]
        ends = np.sort(along[0][edges] - entry_from[row], axis=1)
        shorter = along[1][edges] <= walked[ends[:, 0], ends[:, 1]]
        kept[ends[shorter, 0], ends[shorter, 1]] = False
        found = np.argwhere(kept)
        pairs.append(found + entry_from[row])
        meters.append(walked[kept])
    return np.concatenate(pairs), np.concatenate(meters)


def _cross(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0], dtype=np.float64)


def _long(course: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt((course * course).sum(axis=1)), dtype=np.float64)
