"""The ground within a buffer of reached streets, drawn as the outline of an exact distance field.

The field holds, at the points of a square grid, the distance to the nearest piece; between them the
outline is interpolated linearly. Nothing is filled and no hull is taken. With cells of h = 1.5 m
and a buffer of R = 25 m:

- All ground within R - h²/4(R - √2h) = 24.97 m of the pieces lies in the area: the distance to one
piece is convex, and bends by at most one part in its own length. - No ground beyond R + h/√2 =
26.06 m does: whatever is drawn is a mean of corners of its cell whose mean distance is at most R,
and no distance grows faster than the way to a corner. More than R shows only in the sharp corners
between two streets, which a cell cuts off. - What is too much and what is missing together are less
than 0.1 % of the true buffer (tests/walk).

Import this module inside functions: it loads numba.
"""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely import MultiPolygon

from walkshed.model.arrays import FloatArray, IntArray
from walkshed.walk.kernels import field, outline

#: Meters between grid points, for buffers of 25 m; narrower ones take a grid that is finer in
#: proportion.
CELL_M = 1.5
_WIDEST_CELL = CELL_M / 25.0

#: A grid of more tiles than this is drawn with cells twice as wide (a station with a limit beyond
#: some 3 km).
MOST_TILES = 400_000


def buffer_areas(
    segments: FloatArray, limit: IntArray, limits: int, *, buffer_m: float
) -> list[MultiPolygon]:
    """Return one MultiPolygon per limit: the ground within ``buffer_m`` of the segments of that and smaller limits.

    ``segments`` (g, 4) are ax, ay, bx, by on the plane; ``limit`` (g,) the first limit (index) at
    which each counts. All limits share one field on one grid, aligned to multiples of its cell, so
    that smaller areas lie in larger ones: no value of the field grows from limit to limit, and
    every step from values to areas keeps that order.
    """
    if len(segments) == 0:
        return [MultiPolygon()] * limits

    cell = min(CELL_M, buffer_m * _WIDEST_CELL)
    while True:
        # a crossed edge ends within one cell of the level
        reach, width = buffer_m + 1.5 * cell, field.CELLS * cell
        column0, columns = _tiles(segments[:, 0::2], reach, width)
        row0, rows = _tiles(segments[:, 1::2], reach, width)
        tiles = rows * columns
        if tiles <= MOST_TILES:
            break
        cell *= 2.0

    room = _tiles_near(segments, reach, width)
    most = int(min(room.sum(), tiles))
    slot, head = np.full(tiles, field.FAR, np.int32), np.full(tiles, -1, np.int32)
    bound = np.full(tiles, np.inf)
    tile_of, corner = np.empty(most, np.int32), np.empty((most, 2))
    squares, over = np.empty((most, 64)), np.empty((most, 64))

    onward, found, areas = np.empty(0, np.int32), 0, []
    for number in range(limits):
        rows_of = np.flatnonzero(limit == number)
        counted, entries = np.ascontiguousarray(segments[rows_of]), int(room[rows_of].sum())
        lists = head, np.empty(entries, np.int32), np.empty(entries, np.int32), np.empty(entries)

        # the field of distances, lowered to what this limit adds
        before = found
        found = field.share_out(
            counted,
            row0,
            column0,
            rows,
            columns,
            cell,
            buffer_m,
            reach,
            slot,
            tile_of,
            before,
            bound,
            *lists,
        )
        field.lower_field(
            counted,
            row0,
            column0,
            columns,
            cell,
            buffer_m,
            reach,
            slot,
            tile_of,
            before,
            found,
            bound,
            *lists,
            squares,
            over,
            corner,
        )

        # the outline at the level, as rings
        if len(onward) < found * outline.EDGES:
            onward = np.full(found * outline.EDGES, -1, np.int32)
        starts = np.empty(2 * field.CELLS**2 * found, np.int32)
        crossed = outline.march(over, columns, slot, tile_of, found, onward, starts)
        # rings: 4 or more
        xy, ring_from = np.empty((crossed + crossed // 4, 2)), np.zeros(crossed // 4 + 1, np.int64)
        rings = outline.trace(over, corner, cell, onward, starts, crossed, xy, ring_from)
        areas.append(_polygons(xy[: ring_from[rings]], ring_from[: rings + 1]))
    return areas


def _tiles(along: FloatArray, reach: float, width: float) -> tuple[int, int]:
    """Return the first tile along one axis, and how many there are, with one more than any segment needs around."""
    first = math.floor((along.min() - reach) / width) - 1
    return first, math.floor((along.max() + reach) / width) + 2 - first


def _tiles_near(segments: FloatArray, reach: float, width: float) -> IntArray:
    """Return (g,) more than the number of tiles that ``share_out`` looks at for each segment."""
    across, up = np.abs(segments[:, 2:] - segments[:, :2]).T
    in_row = np.minimum(1.0, (width + 2.0 * reach) / np.maximum(up, 1.0))
    columns, rows = (across * in_row + 2.0 * reach) / width + 3.0, (up + 2.0 * reach) / width + 3.0
    room: IntArray = columns.astype(np.int64) * rows.astype(np.int64)
    return room


def _polygons(xy: FloatArray, ring_from: IntArray) -> MultiPolygon:
    """Return closed rings, ground to their left, as one MultiPolygon.

    Rings do not touch each other.
    """
    count = len(ring_from) - 1
    if count == 0:
        return MultiPolygon()
    rings = shapely.linearrings(xy, indices=np.repeat(np.arange(count), np.diff(ring_from)))

    # Twice the area of each ring, about one place; a ring's last vertex is its first, and adds
    # nothing.
    x, y = (xy - xy[0]).T
    step = np.append(x[:-1] * y[1:] - x[1:] * y[:-1], 0.0)

    step[ring_from[1:] - 1] = 0.0
    area = np.add.reduceat(step, ring_from[:-1])

    outer, holes = np.flatnonzero(area > 0.0), np.flatnonzero(area < 0.0)
    if len(outer) == 1:
        return MultiPolygon([shapely.polygons(rings[outer[0]], holes=rings[holes])])

    # A hole is in the smallest outer ring around it.
    polygon = np.full(count, -1)
    polygon[outer] = np.arange(len(outer))
    begin = xy[ring_from[:-1]]
    for ring in outer[np.argsort(area[outer])]:
        left = holes[polygon[holes] < 0]
        within = shapely.contains_xy(shapely.polygons(rings[ring]), begin[left])
        polygon[left[within]] = polygon[ring]

    order = np.lexsort((area < 0.0, polygon))
    return MultiPolygon(list(shapely.polygons(rings[order], indices=polygon[order])))
