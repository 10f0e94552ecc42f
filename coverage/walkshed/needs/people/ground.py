"""Ground without residents: workplaces, schools and campuses, parks, water, by the rules of ground.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from walkshed.model.ground.extract import Extract, Tags
from walkshed.model.ground.plane import Plane
from walkshed.model.ground.tag_rules import TagRule, fits, tag_rule
from walkshed.needs.people.outlines import as_array
from walkshed.osm.outlines.coast import sea

#: The ground this near to a home goes with it, in a wood or an office park, too: two houses within
#: 100 m of each other are neighbors.
NEAR_HOME_M = 50.0


@dataclass(frozen=True, slots=True)
class GroundRules:
    """ground.toml."""

    closed: tuple[TagRule, ...]
    open: tuple[TagRule, ...]
    boarding: frozenset[str]


@cache
def ground_rules() -> GroundRules:
    """Return the shipped rules."""
    text = (
        resources.files("walkshed.needs.people").joinpath("ground.toml").read_text(encoding="utf-8")
    )
    raw = tomllib.loads(text)
    closed, open_ground = (
        tuple(tag_rule(row["tags"]) for row in raw[key]) for key in ("closed", "open")
    )
    return GroundRules(closed, open_ground, frozenset(raw["boarding"]))


def is_residential(tags: Tags) -> bool:
    """Return whether an area with these tags is where people live."""
    return tags.get("landuse") == "residential"


def is_closed(tags: Tags) -> bool:
    """Return whether an area with these tags is a workplace, a school, a park or the like."""
    return not is_residential(tags) and _fits(tags, ground_rules().closed)


def is_open(tags: Tags) -> bool:
    """Return whether an area with these tags is water or green."""
    return not is_residential(tags) and _fits(tags, ground_rules().open)


def on_closed_ground(extract: Extract, plane: Plane, points: FloatArray) -> BoolArray:
    """Return, for each point of the plane (n, 2), whether the smallest area that says so is closed ground."""
    areas = extract.areas.tags
    rows = [row for row, tags in enumerate(areas) if is_closed(tags) or is_residential(tags)]
    on_closed: BoolArray = np.zeros(len(points), dtype=np.bool_)
    if not rows or len(points) == 0:
        return on_closed

    # from the largest to the smallest, so that the smallest speaks last
    outlines = plane.geometry_to_xy(extract.areas.geometry[rows])
    order = np.argsort(-shapely.area(outlines), kind="stable")
    closed = np.array([is_closed(areas[rows[row]]) for row in order], dtype=np.bool_)
    area, point = _held(outlines[order], shapely.STRtree(shapely.points(points)))
    by_size = np.argsort(area, kind="stable")
    on_closed[point[by_size]] = closed[area[by_size]]
    return on_closed


def uninhabited(extract: Extract, plane: Plane, homes: shapely.STRtree) -> ObjectArray:
    """Return the outlines on the plane of closed and open ground, without the ground near ``homes`` (points) on it.

    The sea is open ground, too: it is on no map as an area, and what lies right of the coast.
    """
    tags = extract.areas.tags
    rows = [row for row, own in enumerate(tags) if is_closed(own) or is_open(own)]
    grounds = list(extract.areas.geometry[rows])
    if len(extract.coast):
        ocean = sea(extract.coast.geometry, extract.bounds, extract.ways.lonlat)
        grounds += [] if ocean.is_empty else [ocean]

    outlines: ObjectArray = shapely.make_valid(plane.geometry_to_xy(as_array(grounds)))
    if len(outlines) == 0 or len(homes) == 0:
        return outlines

    # homes on the ground keep what is near them
    kept: ObjectArray = outlines.copy()
    area, home = _held(outlines, homes)
    for row in np.unique(area):
        near = shapely.buffer(homes.geometries[home[area == row]], NEAR_HOME_M, quad_segs=2)
        kept[row] = shapely.difference(outlines[row], shapely.union_all(near))
    return kept


def _held(outlines: ObjectArray, points: shapely.STRtree) -> tuple[IntArray, IntArray]:
    """Return the pairs of an outline and a point that lies in it."""
    shapely.prepare(outlines)
    pairs = points.query(outlines, predicate="intersects")
    return pairs[0].astype(np.int64), pairs[1].astype(np.int64)


def _fits(tags: Tags, rules: tuple[TagRule, ...]) -> bool:
    """Return whether one of the rules finds all its keys and values in the tags."""
    return any(fits(tags, rule) for rule in rules)
