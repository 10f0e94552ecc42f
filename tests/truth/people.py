"""Where residents live: at their buildings, else at a regular sample of the block's ground (definition 7)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from truth.extract import Extract, Tags
from truth.folder import data_of
from truth.plane import Plane

SAMPLE_POINTS = 36
SAMPLE_MIN_M = 10.0
MOST_LEVELS = 120


@dataclass(frozen=True)
class Homes:
    xy: np.ndarray
    floor_m2: np.ndarray


def homes_of(extract: Extract | None, plane: Plane) -> Homes:
    """Return the buildings that house residents: a point inside each, and its floor area.

    Floor area is footprint times levels; where levels are not mapped, the median of those that are
    stands in (1 without any). What houses nobody is data: dwellings.toml and ground.toml. Reading:
    ``building=entrance`` is the old way to write ``entrance=yes``, and no building.
    """
    if extract is None:
        return Homes(np.zeros((0, 2)), np.zeros(0))
    rules = data_of("dwellings.toml")
    never, unless = set(rules["not_dwellings"]), set(rules["not_dwellings_when_tagged"])
    ground = data_of("ground.toml")
    boarding = set(ground["boarding"])

    # buildings, but for those that are no homes
    shapes, levels, kinds = [], [], []
    for tags, shape in extract.areas:
        kind = tags.get("building")
        if kind in (None, "entrance") or kind in never or (kind == "yes" and unless & set(tags)):
            continue
        shapes.append(on_plane(shape, plane))
        levels.append(_levels(tags.get("building:levels", "")))
        kinds.append(kind)
    if not shapes:
        return Homes(np.zeros((0, 2)), np.zeros(0))
    xy = shapely.get_coordinates(shapely.point_on_surface(shapes))

    # on the ground of a workplace or a school a plain building, or a dormitory, is none
    doubtful = np.array([kind == "yes" or kind in boarding for kind in kinds])
    kept = ~(doubtful & _on_closed_ground(extract, plane, xy, ground))
    known = np.array([math.nan if level is None else level for level in levels])
    usual = float(np.median(known[~np.isnan(known)])) if (~np.isnan(known)).any() else 1.0
    floor_m2 = shapely.area(shapes) * np.where(np.isnan(known), usual, known)
    return Homes(xy[kept], floor_m2[kept])


def _on_closed_ground(extract: Extract, plane: Plane, xy: np.ndarray, ground: dict) -> np.ndarray:
    """Return whether the smallest area around each place, homes or closed ground, is closed ground."""
    areas = []
    for tags, shape in extract.areas:
        closed = any(_fits(tags, rule["tags"]) for rule in ground["closed"])
        if closed or tags.get("landuse") == "residential":
            areas.append((on_plane(shape, plane), closed))
    smallest = np.full(len(xy), np.inf)
    on_closed = np.zeros(len(xy), dtype=bool)
    points = shapely.points(xy)
    for shape, closed in areas:
        inside = shapely.intersects(shape, points) & (shape.area < smallest)
        smallest[inside] = shape.area
        on_closed[inside] = closed
    return on_closed


def _fits(tags: Tags, wanted: dict[str, str]) -> bool:
    return all(
        key in tags and (values == "*" or tags[key] in values.split("|"))
        for key, values in wanted.items()
    )


def _levels(text: str) -> float | None:
    """Return the number of levels that a tag states (of several the first), None for none."""
    found = re.match(r"\s*(\d+(?:[.,]\d+)?)\s*(?:;|$)", text)
    number = float(found.group(1).replace(",", ".")) if found else 0.0
    return number if 0 < number <= MOST_LEVELS else None


def residents_of(outline: BaseGeometry, homes: Homes) -> tuple[np.ndarray, np.ndarray]:
    """Return the points at which a block's residents live (n, 2), and the share of them at each."""
    if outline.area == 0:
        return shapely.get_coordinates(outline)[:1], np.ones(1)
    inside = shapely.intersects_xy(outline, homes.xy[:, 0], homes.xy[:, 1])
    if inside.any():
        floor_m2 = homes.floor_m2[inside]
        return homes.xy[inside], floor_m2 / floor_m2.sum()
    points = sample_of(outline)
    return points, np.full(len(points), 1 / len(points))


def sample_of(outline: BaseGeometry) -> np.ndarray:
    """Return about 36 points of a square grid in an outline.

    Reading of "a regular sample" (definition 7): squares of a 36th of the outline's ground, no
    finer than 10 m; as many whole columns and rows as its box holds, centered in the box; those
    whose point lies inside. Where none does, one point inside.
    """
    west, south, east, north = outline.bounds
    side = max(SAMPLE_MIN_M, math.sqrt(outline.area / SAMPLE_POINTS))
    columns, rows = max(1, int((east - west) / side)), max(1, int((north - south) / side))
    across = (west + east) / 2 + side * (np.arange(columns) - (columns - 1) / 2)
    up = (south + north) / 2 + side * (np.arange(rows) - (rows - 1) / 2)
    x, y = (grid.ravel() for grid in np.meshgrid(across, up))
    inside = shapely.contains_xy(outline, x, y)
    if not inside.any():
        return shapely.get_coordinates(shapely.point_on_surface(outline))
    return np.column_stack([x, y])[inside]


def on_plane(shape: BaseGeometry, plane: Plane) -> BaseGeometry:
    """Return a shape in degrees on the plane."""
    return shapely.transform(shape, plane.xy)
