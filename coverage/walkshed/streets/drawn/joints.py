"""Where drawn lines meet: shared places, crossings, and ends that just miss."""

from __future__ import annotations

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.model.ground.plane import Plane
from walkshed.streets.assemble import RawEdges

# so that vertices drawn exactly a centimeter apart are not parted by binary fractions
_EPSILON_M = 1e-9


def join_places(xy: FloatArray, radius_m: float) -> tuple[IntArray, IntArray]:
    """Return (k,) a place for every vertex, and for every place the row of the vertex that it is at.

    Vertices within ``radius_m`` of a place's own vertex belong to it; places are taken from west to
    east, then south to north, each vertex by the first one near enough. So no chain of close
    vertices grows into one place, and the order of the lines does not matter.
    """
    distinct, row, inverse = np.unique(xy, axis=0, return_index=True, return_inverse=True)
    owner = np.arange(len(distinct))
    places = np.asarray(shapely.points(distinct))

    # pairs that are near, the lower place first: it takes in the other
    pairs = shapely.STRtree(places).query(
        places, predicate="dwithin", distance=radius_m + _EPSILON_M
    )
    pairs = pairs[:, pairs[0] < pairs[1]]
    for first, second in pairs[:, np.lexsort(pairs)].T.tolist():
        if owner[second] == second and owner[first] == first:
            owner[second] = first

    kept, place = np.unique(owner, return_inverse=True)
    return place[inverse.ravel()].astype(np.int64), row[kept].astype(np.int64)


def split_crossing_lines(
    line_from: IntArray, xy: FloatArray, lonlat: FloatArray, plane: Plane, radius_m: float
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return the lines with a vertex wherever two cross, or one touches another in ``radius_m``."""
    line = np.repeat(np.arange(len(line_from) - 1), np.diff(line_from))

    # segment s runs from row begin[s] to the next one
    begin = np.flatnonzero(line[:-1] == line[1:])
    segments = np.asarray(shapely.linestrings(np.stack([xy[begin], xy[begin + 1]], axis=1)))
    # a segment of no length is a point: as a line GEOS finds nothing near it
    point = (xy[begin] == xy[begin + 1]).all(axis=1)
    segments[point] = shapely.points(xy[begin[point]])

    pairs = shapely.STRtree(segments).query(
        segments, predicate="dwithin", distance=radius_m + _EPSILON_M
    )
    one, two = begin[pairs[:, pairs[0] < pairs[1]]]

    # Proper crossings get a new vertex on both segments.
    a, along = xy[one], xy[one + 1] - xy[one]
    c, across = xy[two], xy[two + 1] - xy[two]
    area = _cross(along, across)
    with np.errstate(divide="ignore", invalid="ignore"):
        t, u = _cross(c - a, across) / area, _cross(c - a, along) / area

    proper = (t > 0) & (t < 1) & (u > 0) & (u < 1)
    point = a + np.where(proper, t, 0.0)[:, None] * along
    for end in (one, one + 1, two, two + 1):
        proper &= _apart(point, xy[end], radius_m)

    # An end (or a bend) on another segment lends its own vertex to it.
    rows = [one[proper], two[proper]]
    at = [t[proper], u[proper]]
    new_xy = [point[proper], point[proper]]
    new_lonlat = [plane.to_lonlat(point[proper])] * 2
    for segment, touching in ((one, two), (one, two + 1), (two, one), (two, one + 1)):
        start, direction = xy[segment], xy[segment + 1] - xy[segment]
        square = (direction**2).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = ((xy[touching] - start) * direction).sum(axis=1) / square

        inside = (share > 0) & (share < 1)
        foot = start + np.where(inside, share, 0.0)[:, None] * direction
        inside &= ~_apart(foot, xy[touching], radius_m)
        inside &= _apart(xy[touching], start, radius_m) & _apart(
            xy[touching], xy[segment + 1], radius_m
        )

        rows.append(segment[inside])
        at.append(share[inside])
        new_xy.append(xy[touching[inside]])
        new_lonlat.append(lonlat[touching[inside]])

    row = np.concatenate([np.arange(len(xy)), *rows])
    order = np.lexsort([np.concatenate([np.zeros(len(xy)), *at]), row])
    counts = np.bincount(line[row], minlength=len(line_from) - 1)
    return (
        np.concatenate([[0], np.cumsum(counts)]),
        np.vstack([xy, *new_xy])[order],
        np.vstack([lonlat, *new_lonlat])[order],
    )


def near_misses(edges: RawEdges, plane: Plane, radius_m: float) -> FloatArray:
    """Return the meters between dead ends and the nearest edge that they do not touch.

    One for every dead end within ``radius_m`` of such an edge.
    """
    degree = np.bincount(np.concatenate([edges.start, edges.end]), minlength=len(edges.node_id))
    ends = np.column_stack([edges.start, edges.end])
    edge, side = np.nonzero(degree[ends] == 1)
    if len(edge) == 0:
        return np.zeros(0)

    xy = plane.to_xy(edges.vertex_lonlat)
    lines = shapely.linestrings(
        xy, indices=np.repeat(np.arange(len(ends)), np.diff(edges.vertex_from))
    )
    dead_end = shapely.points(plane.to_xy(edges.node_lonlat)[ends[edge, side]])
    which, other = shapely.STRtree(lines).query(dead_end, predicate="dwithin", distance=radius_m)

    own = edge[which]
    missed = own != other
    # A stub shorter than the radius is near what it hangs on.
    neighbor = (ends[own][:, :, None] == ends[other][:, None, :]).any(axis=(1, 2))
    missed &= ~(neighbor & (shapely.length(lines)[own] <= radius_m))
    which, other = which[missed], other[missed]

    away_m = np.full(len(edge), np.inf)
    np.minimum.at(away_m, which, shapely.distance(dead_end[which], lines[other]))
    return np.asarray(away_m[np.isfinite(away_m)], dtype=np.float64)


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], dtype=np.float64)


def _apart(a: FloatArray, b: FloatArray, radius_m: float) -> BoolArray:
    return np.asarray(np.hypot(*(a - b).T) > radius_m + _EPSILON_M, dtype=np.bool_)
