"""The doors of a station: its point, the tagged entrances of its building, else a point inside it (definition 3)."""

from __future__ import annotations

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray, IntArray, read_only
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.plane import Plane
from walkshed.model.town.places import Station

# an entrance node belongs to an outline that passes this close: mapped ones lie on it exactly
ON_OUTLINE_M = 0.5


def station_doors(
    stations: tuple[Station, ...], plane: Plane, extract: Extract | None
) -> tuple[FloatArray, IntArray]:
    """Return (d, 2) doors on the plane and (t + 1,) where each station's begin.

    Every station has at least one. Entrances that the map marks as not for visitors
    (``entrance=emergency``, ``service``, ``garage``) do not count.
    """
    shapes = np.array([station.geometry for station in stations], dtype=object)
    outlines = plane.geometry_to_xy(shapes)
    tree = shapely.STRtree(shapely.points(_entrances(plane, extract)))
    doors: list[FloatArray] = []
    for outline in outlines:
        # entrances on the outline, else one point within it
        found = np.empty(0, dtype=np.int64)
        if shapely.get_dimensions(outline) == 2:
            found = np.sort(
                tree.query(shapely.boundary(outline), predicate="dwithin", distance=ON_OUTLINE_M)
            )
        inside = outline if outline.geom_type == "Point" else shapely.point_on_surface(outline)
        doors.append(shapely.get_coordinates(tree.geometries[found] if len(found) else inside))

    start = np.concatenate([[0], np.cumsum([len(xy) for xy in doors])])
    xy = np.concatenate(doors) if doors else np.empty((0, 2))
    return read_only(xy, np.float64), read_only(start, np.int64)


def _entrances(plane: Plane, extract: Extract | None) -> FloatArray:
    if extract is None or len(extract.entrances) == 0:
        return np.empty((0, 2))
    for_visitors = [
        row
        for row, tags in enumerate(extract.entrances.tags)
        if tags.get("entrance") not in {"emergency", "service", "garage", "staircase", "no"}
    ]
    return plane.to_xy(shapely.get_coordinates(extract.entrances.geometry[for_visitors]))
