"""Distances in meters between shapes in degrees, near enough for telling places apart."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

M_PER_DEGREE: Final = 111_195.0


def flattened(shape: BaseGeometry, lat: float) -> BaseGeometry:
    """Return a shape in meters on a plane that is true near that latitude."""
    scale = np.array([np.cos(np.radians(lat)), 1.0]) * M_PER_DEGREE
    return shapely.transform(shape, lambda lonlat: lonlat * scale)


def in_degrees(shape: BaseGeometry, lat: float) -> BaseGeometry:
    """Return a shape of ``flattened`` in degrees again."""
    scale = np.array([np.cos(np.radians(lat)), 1.0]) * M_PER_DEGREE
    return shapely.transform(shape, lambda xy: xy / scale)


def meters_apart(one: BaseGeometry, other: BaseGeometry) -> float:
    """Return about how many meters lie between two shapes, 0 where they touch."""
    lat = float((one.bounds[1] + other.bounds[3]) / 2.0)
    return float(shapely.distance(flattened(one, lat), flattened(other, lat)))


def together(shapes: list[BaseGeometry], near_m: float) -> list[list[int]]:
    """Return the indexes of shapes in groups; between two groups lie more than ``near_m`` everywhere."""
    groups: list[list[int]] = []
    for index, shape in enumerate(shapes):
        near = [
            group
            for group in groups
            if any(meters_apart(shape, shapes[other]) <= near_m for other in group)
        ]
        groups = [group for group in groups if group not in near]
        groups.append(sorted([index, *(other for group in near for other in group)]))
    return sorted(groups)
