"""The sea: coastlines of an extract made into polygons.

A coastline has land on its left and water on its right (OpenStreetMap wiki,
"Tag:natural=coastline"); the sea itself is on no map as an area. Within the extract's box the lines
part it into faces, and each face is what lies on that side.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray, ObjectArray

#: A line that breaks off so near the box's edge is carried on to it: clipping left out its next
#: node.
CARRIED_M = 150.0
METERS_PER_DEGREE = 111_320.0
#: Sides are looked at so far from a line, in degrees (about a centimeter).
ASIDE = 1e-7

Box = tuple[float, float, float, float]


def sea(lines: ObjectArray, bounds: Box) -> shapely.MultiPolygon:
    """Return the water within ``bounds`` (west, south, east, north in degrees) that lies to the right of ``lines``.

    ``lines`` are coastlines in drawing order, degrees. Steps: (1) lines that go on in each other
    are one; (2) those that break off at the box's edge are carried to it; (3) box and lines part
    the ground into faces; (4) a face is sea where most of the coast along it, by length, has it on
    its right. A line that breaks off within parts nothing, so where the coast is incomplete nothing
    is drawn. Empty without coastlines.
    """
    whole = _joined([shapely.get_coordinates(line) for line in lines])  # (1)
    if not whole or not bounds[0] < bounds[2] or not bounds[1] < bounds[3]:
        return shapely.MultiPolygon()
    frame = shapely.box(*bounds)
    carried = [_carried(line, bounds) for line in whole]  # (2)
    noded = shapely.union_all(
        [frame.boundary, *(shapely.intersection(line, frame) for line in carried)]
    )
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))  # (3)
    if len(faces) == 0:
        return shapely.MultiPolygon()
    tree = shapely.STRtree(faces)
    votes = np.zeros(len(faces))
    for line in carried:  # (4)
        ends = shapely.get_coordinates(line)
        step = np.diff(ends, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        step, length, middle = (
            step[length > 0],
            length[length > 0],
            (ends[1:] + ends[:-1])[length > 0] / 2,
        )
        right = np.column_stack([step[:, 1], -step[:, 0]]) / length[:, None] * ASIDE
        for side, sign in ((right, 1.0), (-right, -1.0)):
            row, face = tree.query(shapely.points(middle + side), predicate="within")
            np.add.at(votes, face, sign * length[row])
    return shapely.MultiPolygon([face for face, vote in zip(faces, votes, strict=True) if vote > 0])


def _joined(lines: Iterable[FloatArray]) -> list[shapely.LineString]:
    """Return the lines, those that begin where another one ends as its continuation; rings stay closed."""
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


def _carried(line: shapely.LineString, bounds: Box) -> shapely.LineString:
    """Return the line with an end that lies just within the box carried to the nearest point of the box's edge."""
    if line.is_closed:
        return line
    xy = shapely.get_coordinates(line)
    before, after = _to_edge(xy[0], bounds), _to_edge(xy[-1], bounds)
    return shapely.LineString(np.concatenate([before, xy, after]))


def _to_edge(end: FloatArray, bounds: Box) -> FloatArray:
    """Return the point of the box's edge nearest to an end within it, as (1, 2); (0, 2) where there is none near."""
    (west, south, east, north), (lon, lat) = bounds, end
    if not (west < lon < east and south < lat < north):
        return np.empty((0, 2))
    across = METERS_PER_DEGREE * np.cos(np.radians(lat))
    ways = [
        ((lon - west) * across, (west, lat)),
        ((east - lon) * across, (east, lat)),
        ((lat - south) * METERS_PER_DEGREE, (lon, south)),
        ((north - lat) * METERS_PER_DEGREE, (lon, north)),
    ]
    away, place = min(ways)
    return np.array([place]) if away <= CARRIED_M else np.empty((0, 2))
