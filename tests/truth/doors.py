"""Where a station is entered: its point, the tagged entrances of its outline, else a point inside (definition 3)."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from truth.extract import Extract, Tags
from truth.plane import Plane

ON_OUTLINE_M = 0.5
#: Reading: a staircase leads to homes; ``building=entrance`` is the old way to write ``entrance=yes``.
NOT_FOR_VISITORS = {"emergency", "service", "garage", "staircase", "no"}


def entrances_of(extract: Extract | None, plane: Plane) -> np.ndarray:
    """Return the mapped entrances by which visitors come in, on the plane (n, 2)."""
    if extract is None:
        return np.zeros((0, 2))
    places = [
        extract.places[node]
        for node, tags in sorted(extract.node_tags.items())
        if node in extract.places and _for_visitors(tags)
    ]
    return plane.xy(np.array(places)) if places else np.zeros((0, 2))


def _for_visitors(tags: Tags) -> bool:
    old = "yes" if tags.get("building") == "entrance" else "no"
    return tags.get("entrance", old) not in NOT_FOR_VISITORS


def doors_of(places: list[BaseGeometry], entrances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the doors of stations on the plane (d, 2), and the station of each (d,), in their order.

    Reading: an entrance is a station's if it lies on its outline, to half a meter.
    """
    doors, owner = [], []
    points = shapely.points(entrances)
    for number, place in enumerate(places):
        own = np.zeros((0, 2))
        if place.area:
            away = shapely.distance(place.boundary, points)
            own = entrances[away <= ON_OUTLINE_M]
        if not len(own):
            own = shapely.get_coordinates(shapely.point_on_surface(place))
        doors.append(own)
        owner.append(np.full(len(own), number))
    return np.concatenate(doors), np.concatenate(owner)
