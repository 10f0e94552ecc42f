"""Where the data of an extract end within its box: cut ways, and the outline of what is mapped.

A box says little of an extract that was cut by a polygon: its corners are empty, and the map ends
along the polygon. Two things tell where. A way of which the file lacks nodes breaks off at the cut.
And ground on which nothing at all is mapped, so wide that no town has such a hole, and open to the
box's edge, lies beyond the data. Water beyond a coast is no such ground: it has no residents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, distinct, ranges, read_only
from walkshed.osm.outlines.bounds import Box

#: Ground farther than this from anything that is mapped is a void: two tracks or farms are seldom
#: a kilometer apart.
VOID_M = 500.0
METERS_PER_DEGREE = 111_320.0
#: Ground is looked at in cells of this size, in a grid of at most so many on a side.
_CELL_M = 50.0
_MOST_CELLS = 300


class Drawn(NamedTuple):
    """Lines with a vertex at least: line ``i`` runs over ``vertices[start[i]:start[i + 1]]``."""

    vertices: FloatArray  # (k, 2)
    start: IntArray  # (n + 1,)


def cut_places(start: IntArray, rows: IntArray, lonlat: FloatArray) -> FloatArray:
    """Return (c, 2) the places at which ways break off, since the file lacks their next node.

    Way ``i`` runs over ``rows[start[i]:start[i + 1]]`` of ``lonlat``; -1 for nodes that are not
    there.
    """
    held = rows >= 0
    follows = np.ones(max(len(rows) - 1, 0), dtype=bool)
    follows[start[1:-1][(start[1:-1] > 0) & (start[1:-1] < len(rows))] - 1] = False
    before = np.flatnonzero(follows & held[:-1] & ~held[1:])
    after = np.flatnonzero(follows & ~held[:-1] & held[1:]) + 1
    return np.asarray(lonlat[distinct(rows[np.concatenate([before, after])])], dtype=np.float64)


def data_ends(
    nodes: FloatArray,
    streets: Drawn,
    box: Box,
    *,
    cuts: FloatArray | None = None,
    coast: Sequence[FloatArray] = (),
    planar: bool = False,
) -> FloatArray:
    """Return (e, 2) places within ``box`` along which the data end, in degrees (meters if planar).

    ``nodes`` are the places of all that the file holds, ``streets`` are walked along, ``cuts`` are
    where ways break off, ``coast`` are coastlines in drawing order, water on their right. Steps:
    (1) a grid over the box; (2) the cells in which something is mapped; (3) voids that are open to
    the box's edge, and the ground around them up to what is mapped; (4) their rims, without those
    on the water's side of a coast.
    """
    west, south, east, north = box
    broken = np.zeros((0, 2)) if cuts is None else cuts
    broken = broken[((broken >= (west, south)) & (broken <= (east, north))).all(axis=1)]
    if not (west < east and south < north):
        return read_only(broken, np.float64)

    # (1)
    scale = np.ones(2)
    if not planar:
        scale = METERS_PER_DEGREE * np.array([np.cos(np.radians((south + north) / 2)), 1.0])
    extent = np.array([east - west, north - south]) * scale
    cell = max(_CELL_M, float(extent.max()) / _MOST_CELLS)
    shape = np.ceil(extent / cell).astype(np.int64)

    # (2)
    mapped = np.zeros(tuple(shape), dtype=bool)
    shore = _drawn(coast)
    for places in (nodes, _along(streets, cell / scale), _along(shore, cell / scale)):
        column = (places[:, 0] - west) * (scale[0] / cell)
        row = (places[:, 1] - south) * (scale[1] / cell)
        held = (column >= 0) & (column < shape[0]) & (row >= 0) & (row < shape[1])
        if not held.all():
            column, row = column[held], row[held]
        mapped[column.astype(np.int32), row.astype(np.int32)] = True

    # (3), (4)
    rim = _rim(_beyond(mapped, VOID_M / cell))
    places = (np.argwhere(rim) + 0.5) * (cell / scale) + (west, south)
    places = places[~_at_sea(places, coast, scale)]
    return read_only(np.vstack([broken, places]), np.float64)


def _drawn(lines: Sequence[FloatArray]) -> Drawn:
    """Return lines end to end."""
    start = np.cumsum([0, *map(len, lines)], dtype=np.int64)
    return Drawn(np.concatenate([np.zeros((0, 2)), *lines]), start)


def _along(streets: Drawn, step: FloatArray) -> FloatArray:
    """Return places along the long segments of streets, at most ``step`` apart."""
    vertices = streets.vertices
    if len(vertices) == 0:
        return np.zeros((0, 2))

    course = np.diff(vertices, axis=0)
    is_long = (np.abs(course[:, 0]) > step[0]) | (np.abs(course[:, 1]) > step[1])
    is_long[streets.start[1:-1] - 1] = False  # from one line to the next
    long = np.flatnonzero(is_long)

    # as many places as keep the steps short, evenly along the segment
    parts = np.ceil(np.abs(course[long] / step).max(axis=1)).astype(np.int64)
    of = np.repeat(long, parts)
    share = ranges(0, parts) / np.repeat(parts, parts)
    return np.asarray(vertices[of] + course[of] * share[:, None])


def _beyond(mapped: BoolArray, radius: float) -> BoolArray:
    """Return the cells beyond the data; ``radius`` (cells) is how far from all data a void lies."""
    void = ~_around(mapped, radius)
    if not mapped.any() or not void.any():
        return np.zeros_like(mapped)
    return _around(_open_to_the_edge(void), radius) & ~mapped


def _around(cells: BoolArray, radius: float) -> BoolArray:
    """Return the cells less than ``radius`` cells away from a marked one, marked ones among them.

    Row by row: a disc is a stack of runs, and sums along a row tell whether a run holds a cell.
    """
    rows, columns = cells.shape
    sums = np.zeros((rows, columns + 1), dtype=np.int32)
    np.cumsum(cells, axis=1, out=sums[:, 1:])

    # a circle, row by row: how wide it is so far up or down
    found = cells.copy()
    for up in range(min(int(np.ceil(radius)), rows)):
        wide = int(np.ceil(np.sqrt(radius**2 - up**2))) - 1
        low = np.maximum(np.arange(columns) - wide, 0)
        high = np.minimum(np.arange(columns) + wide + 1, columns)

        run = sums[:, high] > sums[:, low]
        found[up:] |= run[: rows - up]
        found[: rows - up] |= run[up:]
    return found


def _open_to_the_edge(void: BoolArray) -> BoolArray:
    """Return the cells of voids that reach the edge of the grid."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    number = np.cumsum(void).reshape(void.shape) - 1
    right, up = void[:-1] & void[1:], void[:, :-1] & void[:, 1:]
    one = np.concatenate([number[:-1][right], number[:, :-1][up]])
    other = np.concatenate([number[1:][right], number[:, 1:][up]])
    count = int(np.count_nonzero(void))
    pairs = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(count, count))
    _, part = connected_components(pairs, directed=False)

    edge = np.zeros_like(void)
    edge[[0, -1]] = edge[:, [0, -1]] = True
    opened = void.copy()
    opened[void] = np.isin(part, part[edge[void]])
    return opened


def _rim(beyond: BoolArray) -> BoolArray:
    """Return the cells beyond the data that touch one that is not, by a side or a corner."""
    return beyond & _around(~beyond, 1.5)


def _at_sea(places: FloatArray, coast: Sequence[FloatArray], scale: FloatArray) -> BoolArray:
    """Return whether each place lies on the water's side of the coast that is nearest to it."""
    lines = [line * scale for line in coast if len(line) > 1]
    if not lines or not len(places):
        return np.zeros(len(places), dtype=bool)

    begin = np.concatenate([line[:-1] for line in lines])
    course = np.concatenate([np.diff(line, axis=0) for line in lines])
    length = np.hypot(*course.T)
    begin, course = begin[length > 0], course[length > 0] / length[length > 0][:, None]
    ends = begin + course * length[length > 0][:, None]

    tree = shapely.STRtree(shapely.linestrings(np.stack([begin, ends], axis=1)))
    place, segment = tree.query_nearest(shapely.points(places * scale))

    # Beyond a bend two segments are equally near: the sum of both tells the side.
    away = places[place] * scale - begin[segment]
    left = course[segment, 0] * away[:, 1] - course[segment, 1] * away[:, 0]

    return np.bincount(place, left, len(places)) < 0
