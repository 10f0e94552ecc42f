"""Squares: walkable areas that are crossed straight (definition 16)."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, read_only


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """s squares: their outlines, the corners around which walks on them bend, their entries, and the lines across.

    Square ``q`` is the ground inside an odd number of its rings, ``ring_from[q]:ring_from[q + 1]``;
    ring ``r`` closes over rows ``vertex_from[r]:vertex_from[r + 1]`` of ``vertex_xy``, the ground on
    its left. Its corners, rows ``corner_from[q]:corner_from[q + 1]``, are the vertices at which a
    shortest walk may bend, and its entries. Of its n corners ``between_m`` holds the n × n meters of
    the shortest walks from each to each, from ``between_from[q]`` on; inf where none was found.

    Lines across are no streets: they have no number among the edges. The graph calls line ``i``
    edge m + i, of m edges. It joins two nodes of the streets, and is walked by the rules of the edge
    ``line_edge`` of the outline (private, steps). Lines that another walk replaces are left out.
    """

    ring_from: IntArray  # (s + 1,)
    vertex_from: IntArray  # (r + 1,)
    vertex_xy: FloatArray  # (k, 2) plane
    corner_from: IntArray  # (s + 1,)
    corner_vertex: IntArray  # (c,) row of vertex_xy
    between_from: IntArray  # (s + 1,)
    between_m: FloatArray  # multiples of 1/1024
    entry_from: IntArray  # (s + 1,)
    entry_corner: IntArray  # (e,) the corner at which each entry lies
    entry_edge: Int32Array  # (e,) an edge of the outline that begins or ends there
    entry_offset_m: FloatArray  # (e,) 0, or the length of that edge
    enterable: BoolArray  # (s,) whether people stand on it, and not only pass
    line_start: Int32Array  # (i,) node
    line_end: Int32Array  # (i,) node
    line_corner: IntArray  # (i, 2) the corners that it joins
    line_m: FloatArray  # (i,) multiples of 1/1024
    line_edge: Int32Array  # (i,)

    def __len__(self) -> int:
        """Return the number of squares."""
        return len(self.enterable)

    def __eq__(self, other: object) -> bool:
        """Return whether two networks have the very same squares."""
        return isinstance(other, Squares) and all(
            np.array_equal(getattr(self, one.name), getattr(other, one.name))
            for one in fields(self)
        )

    def __hash__(self) -> int:
        return hash(self.vertex_xy.tobytes())

    @property
    def segment_from(self) -> IntArray:
        """(s + 1,) where the sides of each square begin: side ``v`` runs from vertex ``v`` to the next of its ring."""
        starts: IntArray = self.vertex_from[self.ring_from]
        return starts

    @property
    def corner_xy(self) -> FloatArray:
        """(c, 2) where the corners lie."""
        places: FloatArray = self.vertex_xy[self.corner_vertex]
        return places

    def between(self, square: int) -> FloatArray:
        """Return (n, n) the meters between the corners of one square."""
        low, high = self.between_from[square], self.between_from[square + 1]
        size = int(self.corner_from[square + 1] - self.corner_from[square])
        meters: FloatArray = self.between_m[low:high].reshape(size, size)
        return meters

    def corners_between(self, square: int, first: int, last: int) -> list[int]:
        """Return the corners of a shortest walk from one corner of a square to another, both included.

        Corners count from the square's first one. The next is the nearest of those that lie on a
        shortest walk: what is nearer lies on the way to it.
        """
        between = self.between(square)
        corners = [first]
        while corners[-1] != last:
            # those on a shortest walk from here to the last one
            here = corners[-1]
            ahead = between[here] + between[:, last] == between[here, last]
            ahead[corners] = False

            reached = np.flatnonzero(ahead)
            corners.append(int(reached[np.argmin(between[here, reached])]))
        return corners

    def corners_of_line(self, line: int) -> IntArray:
        """Return the corners over which a line across leads, both ends included."""
        one, other = self.line_corner[line].tolist()
        square = int(np.searchsorted(self.corner_from, one, side="right")) - 1

        low = int(self.corner_from[square])
        return low + np.array(self.corners_between(square, one - low, other - low))

    def ruling_edge(self, edges: int) -> IntArray:
        """Return the edge by whose rules each edge of the graph is walked: itself, and that of a line across."""
        return np.concatenate([np.arange(edges), self.line_edge])


def no_squares() -> Squares:
    """Return the squares of a network without any."""
    start, none, meters = np.zeros(1), np.zeros(0), np.zeros(0)

    return Squares(
        ring_from=read_only(start, np.int64),
        vertex_from=read_only(start, np.int64),
        vertex_xy=read_only(np.zeros((0, 2)), np.float64),
        corner_from=read_only(start, np.int64),
        corner_vertex=read_only(none, np.int64),
        between_from=read_only(start, np.int64),
        between_m=read_only(meters, np.float64),
        entry_from=read_only(start, np.int64),
        entry_corner=read_only(none, np.int64),
        entry_edge=read_only(none, np.int32),
        entry_offset_m=read_only(meters, np.float64),
        enterable=read_only(none, np.bool_),
        line_start=read_only(none, np.int32),
        line_end=read_only(none, np.int32),
        line_corner=read_only(np.zeros((0, 2)), np.int64),
        line_m=read_only(meters, np.float64),
        line_edge=read_only(none, np.int32),
    )
