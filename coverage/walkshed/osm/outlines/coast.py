"""The sea: coastlines of an extract made into polygons.

A coastline has land on its left and water on its right (OpenStreetMap wiki,
"Tag:natural=coastline"); the sea itself is on no map as an area. Within the extract's box the lines
part it into faces, and each face is what lies on that side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray, IntArray, ObjectArray

#: A line that breaks off so near the box's edge is carried on to it: clipping left out its next
#: node.
CARRIED_M = 150.0
#: An extract cut by a polygon loses the coast farther in. A line is carried so far, too, where no
#: street lies so near to either side of the way.
CARRIED_OVER_WATER_M, CLEAR_OF_STREETS_M = 1000.0, 50.0
METERS_PER_DEGREE = 111_320.0
#: Sides are looked at so far from a line, in degrees (about a centimeter).
ASIDE = 1e-7

Box = tuple[float, float, float, float]


def sea(lines: ObjectArray, bounds: Box, streets: FloatArray | None = None) -> shapely.MultiPolygon:
    """Return the water within ``bounds`` (west, south, east, north in degrees), right of ``lines``.

    ``lines`` are coastlines in drawing order, degrees; ``streets`` (k, 2) places on dry ground.
    Steps: (1) lines that go on in each other are one; (2) those that break off at the box's edge,
    or farther in with no street on the way, are carried to it; (3) box and lines part the ground
    into faces; (4) a face is sea where the coast along it has it on its right.

    A line that breaks off within a face parts nothing, and says that the coast there is incomplete:
    such a face is sea only if more of the coast says so than breaks off, and islands count for
    nothing, since they tell water around them but not how far it reaches. Nor is a face sea that
    islands alone tell and that holds most of the streets. Empty without coastlines.
    """
    # (1), (2)
    whole = _joined([shapely.get_coordinates(line) for line in lines])
    if not whole or not bounds[0] < bounds[2] or not bounds[1] < bounds[3]:
        return shapely.MultiPolygon()
    frame = shapely.box(*bounds)
    dry = shapely.STRtree(shapely.points(np.empty((0, 2)) if streets is None else streets))
    carried = [_carried(line, bounds, dry) for line in whole]

    # (3)
    noded = shapely.union_all(
        [frame.boundary, *(shapely.intersection(line, frame) for line in carried)]
    )
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    if len(faces) == 0:
        return shapely.MultiPolygon()

    # (4)
    votes = _votes(faces, carried, frame)
    whole_coast = votes.dangling == 0
    is_sea = np.where(whole_coast, votes.coast + votes.islands > 0, votes.coast > votes.dangling)
    if streets is not None and len(streets):
        street_face = dry.query(faces, predicate="contains")[0]
        share = np.bincount(street_face, minlength=len(faces)) / len(streets)
        is_sea &= (votes.coast != 0) | (share <= 0.5)
    return shapely.MultiPolygon([face for face, wet in zip(faces, is_sea, strict=True) if wet])


@dataclass(frozen=True, slots=True, eq=False)
class _Votes:
    """By face, in degrees of coastline: what says sea (land: below 0), and what breaks off within."""

    coast: FloatArray  # (f,) other lines
    islands: FloatArray  # (f,) closed lines within the box
    dangling: FloatArray  # (f,) lines with the face on both of their sides


def _votes(faces: ObjectArray, lines: list[shapely.LineString], frame: shapely.Polygon) -> _Votes:
    coast, islands, dangling = (np.zeros(len(faces)) for _ in range(3))

    # water lies to the right of a coast: each side gets its length
    for line in lines:
        ends = shapely.get_coordinates(line)
        step = np.diff(ends, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        drawn = length > 0
        step, length, middle = step[drawn], length[drawn], (ends[1:] + ends[:-1])[drawn] / 2
        aside = np.column_stack([step[:, 1], -step[:, 0]]) / length[:, None] * ASIDE

        right, left = (_face_of(faces, middle + side) for side in (aside, -aside))
        both = (right == left) & (right >= 0)
        np.add.at(dangling, right[both], length[both])
        votes = islands if line.is_closed and shapely.contains(frame, line) else coast
        for side, sign in ((right, 1.0), (left, -1.0)):
            apart = (side >= 0) & ~both
            np.add.at(votes, side[apart], sign * length[apart])
    return _Votes(coast, islands, dangling)


def _face_of(faces: ObjectArray, places: FloatArray) -> IntArray:
    """Return (n,) the face that holds each place; -1 for none."""
    face = np.full(len(places), -1, dtype=np.int64)
    found, row = shapely.STRtree(shapely.points(places)).query(faces, predicate="contains")
    face[row] = found
    return face


def _joined(lines: Iterable[FloatArray]) -> list[shapely.LineString]:
    """Return the lines, each with those that begin where it ends; rings stay closed."""
    rest = [line for line in lines if len(line) > 1]
    by_start: dict[tuple[float, float], list[int]] = {}
    for number, line in enumerate(rest):
        by_start.setdefault(tuple(line[0]), []).append(number)
    ends = {tuple(line[-1]) for line in rest}

    used: set[int] = set()
    whole = []
    # Lines that nothing leads into come first; what is left then are rings.
    order = sorted(range(len(rest)), key=lambda number: (tuple(rest[number][0]) in ends, number))
    for first in order:
        if first in used:
            continue

        chain: list[FloatArray] = []
        at = first
        while at not in used:
            used.add(at)
            chain.append(rest[at] if not chain else rest[at][1:])
            at = next((n for n in by_start.get(tuple(rest[at][-1]), ()) if n not in used), at)
        whole.append(shapely.LineString(np.concatenate(chain)))
    return whole


def _carried(line: shapely.LineString, bounds: Box, dry: shapely.STRtree) -> shapely.LineString:
    """Return the line, an end that breaks off within the box carried to the box's edge.

    ``dry`` are streets.
    """
    if line.is_closed:
        return line
    xy = shapely.get_coordinates(line)
    before, after = _to_edge(xy[0], bounds, dry), _to_edge(xy[-1], bounds, dry)
    return shapely.LineString(np.concatenate([before, xy, after]))


def _to_edge(end: FloatArray, bounds: Box, dry: shapely.STRtree) -> FloatArray:
    """Return (1, 2) the point of the box's edge to which an end within it is carried.

    (0, 2) if there is none. It is the nearest, if near; else the nearest with no street on the way,
    if any are known.
    """
    (west, south, east, north), (lon, lat) = bounds, end
    if not (west < lon < east and south < lat < north):
        return np.empty((0, 2))

    across = METERS_PER_DEGREE * np.cos(np.radians(lat))
    ways = sorted(
        [
            ((lon - west) * across, (west, lat)),
            ((east - lon) * across, (east, lat)),
            ((lat - south) * METERS_PER_DEGREE, (lon, south)),
            ((north - lat) * METERS_PER_DEGREE, (lon, north)),
        ]
    )

    for away, place in ways:
        over_water = away <= CARRIED_OVER_WATER_M and _is_clear((lon, lat), place, dry)
        if away <= CARRIED_M or over_water:
            return np.array([place])
    return np.empty((0, 2))


def _is_clear(start: tuple[float, float], end: tuple[float, float], dry: shapely.STRtree) -> bool:
    """Return whether streets are known, and none lies beside the way, north to south or east to west, in degrees."""
    if len(dry) == 0:
        return False
    across = METERS_PER_DEGREE * np.cos(np.radians(start[1]))
    beside = np.where(
        np.equal(start, end), CLEAR_OF_STREETS_M / np.array([across, METERS_PER_DEGREE]), 0.0
    )
    low, high = np.minimum(start, end) - beside, np.maximum(start, end) + beside
    return len(dry.query(shapely.box(*low, *high), predicate="intersects")) == 0
