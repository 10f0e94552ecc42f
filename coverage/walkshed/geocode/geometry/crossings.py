"""Where two named streets cross, or come nearest to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.geocode.geometry.shapes import flattened, in_degrees, meters_apart, together

#: Both sides of a dual carriageway, and the lanes that turn, make one crossing.
_ONE_CROSSING_M: Final = 120.0
#: A gap that a roundabout, a square or a bridge of another name leaves between two streets.
_MEET_M: Final = 40.0
#: What a crossing itself is wide.
_CORNER_M: Final = 25.0


@dataclass(frozen=True, slots=True)
class Crossing:
    """A place where two streets meet; ``gap_m`` is what lies between them, 0 where they touch."""

    lon: float
    lat: float
    uncertainty_m: float
    gap_m: float


def crossings_of(one: BaseGeometry, other: BaseGeometry) -> tuple[Crossing, ...]:
    """Return the places where two streets meet, from the south-west on.

    Where they do not touch, the place where they are nearest, if no more than a square lies between.
    """
    lat = (one.bounds[1] + one.bounds[3]) / 2.0
    first, second = flattened(one, lat), flattened(other, lat)
    gap_m = float(shapely.distance(first, second))
    if gap_m > _MEET_M:
        return ()

    # touching: the points (or the stretch) that both have; else the middle of the gap
    if gap_m == 0.0:
        pieces = list(shapely.get_parts(shapely.intersection(first, second)))
    else:
        pieces = [shapely.shortest_line(first, second)]
    places = [in_degrees(shapely.centroid(piece), lat) for piece in pieces]

    # places near each other are one crossing
    found = []
    for group in together(places, _ONE_CROSSING_M):
        middle = shapely.centroid(shapely.MultiPoint([places[index] for index in group]))
        radius_m = max(meters_apart(middle, places[index]) for index in group)
        found.append(
            Crossing(
                lon=float(middle.x),
                lat=float(middle.y),
                uncertainty_m=_CORNER_M + max(radius_m, gap_m / 2.0),
                gap_m=gap_m,
            )
        )
    return tuple(sorted(found, key=lambda crossing: (crossing.lon, crossing.lat)))
