"""House numbers that the map does not have, between those that it has on the same side of a street."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.geocode.geometry.shapes import flattened, in_degrees

#: Mapped numbers farther apart say too little of what lies between.
_MOST_BETWEEN_M: Final = 300.0
#: A house stands no farther from its street.
_BESIDE_STREET_M: Final = 120.0
#: How much longer the way along the street may be than the straight line between two houses.
_STRAIGHT: Final = 1.15
_LEAST_M: Final = 15.0


@dataclass(frozen=True, slots=True)
class Between:
    """The place of a number between two mapped ones of its side."""

    lon: float
    lat: float
    uncertainty_m: float
    lower: int
    upper: int


@dataclass(frozen=True, slots=True)
class _House:
    """A mapped house: its number, its place, how far along the street, on which side (1, -1)."""

    number: int
    place: shapely.Point  # in meters
    along_m: float
    side: int


def between(
    number: int, houses: Mapping[int, tuple[float, float]], street: BaseGeometry
) -> Between | None:
    """Return where a number lies between the nearest mapped ones of its parity, None where nothing tells.

    ``houses``: (lon, lat) by number. They must lie on one side of one stretch of the street, in the
    order of their numbers together with those next to them, no farther than 300 m apart, and no
    number of the other parity may lie on that side between them.
    """
    # the part of the street along which the two neighbors stand
    same = sorted(other for other in houses if other % 2 == number % 2)
    lower = [other for other in same if other < number]
    upper = [other for other in same if other > number]
    if not lower or not upper:
        return None
    lat = street.bounds[1]
    flat = {key: flattened(shapely.Point(place), lat) for key, place in houses.items()}
    line = _stretch(flattened(street, lat), [flat[lower[-1]], flat[upper[0]]])
    if line is None:
        return None
    first, last = (_house(key, flat[key], line) for key in (lower[-1], upper[0]))

    # one side, near, and nearly straight
    apart_m = float(shapely.distance(first.place, last.place))
    along_m = abs(last.along_m - first.along_m)
    if first.side != last.side or apart_m > _MOST_BETWEEN_M or along_m > apart_m * _STRAIGHT:
        return None

    # the numbers around them run the same way, and the other side's stay on the other side
    around = [_house(key, flat[key], line) for key in (*lower[-2:], *upper[:2])]
    steps = [there.along_m - here.along_m for here, there in itertools.pairwise(around)]
    if not (all(step > 0 for step in steps) or all(step < 0 for step in steps)):
        return None
    if _other_parity_on_side(number, flat, line, first, last):
        return None

    share = (number - first.number) / (last.number - first.number)
    place = shapely.line_interpolate_point(
        shapely.LineString([first.place, last.place]), share, normalized=True
    )
    place = in_degrees(place, lat)
    uncertainty_m = max(apart_m * max(share, 1.0 - share), _LEAST_M)
    return Between(place.x, place.y, uncertainty_m, first.number, last.number)


def _stretch(street: BaseGeometry, places: list[shapely.Point]) -> shapely.LineString | None:
    """Return the line of a street that is nearest to both places, None where there is no one such line."""
    merged = street if street.geom_type == "LineString" else shapely.line_merge(street)
    lines = shapely.get_parts(merged)
    nearest = [int(shapely.distance(lines, place).argmin()) for place in places]
    line = lines[nearest[0]]
    far = any(shapely.distance(line, place) > _BESIDE_STREET_M for place in places)
    return None if far or len(set(nearest)) > 1 else line


def _house(number: int, place: shapely.Point, line: shapely.LineString) -> _House:
    """Return a house as it stands along a line."""
    along_m = float(shapely.line_locate_point(line, place))
    step_m = min(1.0, line.length / 4.0)
    before = shapely.line_interpolate_point(line, max(along_m - step_m, 0.0))
    after = shapely.line_interpolate_point(line, min(along_m + step_m, line.length))
    cross = (after.x - before.x) * (place.y - before.y) - (after.y - before.y) * (
        place.x - before.x
    )
    return _House(number, place, along_m, 1 if cross > 0.0 else -1)


def _other_parity_on_side(
    number: int,
    flat: Mapping[int, shapely.Point],
    line: shapely.LineString,
    first: _House,
    last: _House,
) -> bool:
    """Return whether numbers of the other parity stand between two houses on their side."""
    low, high = sorted((first.along_m, last.along_m))
    others = [
        _house(key, place, line)
        for key, place in flat.items()
        if key % 2 != number % 2 and shapely.distance(line, place) <= _BESIDE_STREET_M
    ]
    return any(low < house.along_m < high and house.side == first.side for house in others)
