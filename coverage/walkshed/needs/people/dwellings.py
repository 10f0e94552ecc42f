"""Which buildings house residents, and how much floor they have."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, ObjectArray, read_only
from walkshed.model.ground.extract import Extract, Tags
from walkshed.model.ground.plane import Plane
from walkshed.needs.people.ground import ground_rules, on_closed_ground

# the world's tallest residential towers have about a hundred; more is a typing error
MAX_LEVELS = 120


@dataclass(frozen=True, slots=True, eq=False)
class Dwellings:
    """Buildings on the plane that house residents, or may: one inner point and the gross floor area in m² of each.

    ``stated`` tells those whose tags say that they are homes from the possible ones, of which the
    map only says that they are buildings (``building=yes``). ``has_levels``: its levels are mapped.
    """

    xy: FloatArray  # (n, 2)
    floor_m2: FloatArray  # (n,)
    geometry: ObjectArray  # (n,)
    stated: BoolArray  # (n,)
    has_levels: BoolArray  # (n,)


def dwellings(extract: Extract | None, plane: Plane) -> Dwellings:
    """Return the buildings of ``extract`` that house residents, or may.

    Floor area is footprint times ``building:levels``; where levels are missing, the median of the
    mapped ones stands in (1 when none is mapped), so that unmapped towers do not weigh as sheds
    beside mapped ones. A plain building on the ground of a workplace, a school or a campus is no
    home, nor is a dormitory there (ground.toml).
    """
    if extract is None or len(extract.buildings) == 0:
        nothing = read_only([], np.bool_)
        no_points = read_only(np.empty((0, 2)), np.float64)
        return Dwellings(no_points, read_only([], float), read_only([], object), nothing, nothing)

    # what the tags of the building itself say
    tags = extract.buildings.tags
    rows = np.array([row for row, own in enumerate(tags) if houses_residents(own)], dtype=np.int64)
    outlines = plane.geometry_to_xy(extract.buildings.geometry[rows])
    inner = shapely.point_on_surface(outlines)
    sound = np.flatnonzero((shapely.area(outlines) > 0) & ~shapely.is_empty(inner))
    rows, outlines = rows[sound], outlines[sound]
    xy = shapely.get_coordinates(inner[sound])

    # what the ground says on which it stands, where the building says too little
    kinds = [tags[row].get("building", "yes") for row in rows]
    stated = np.array([kind != "yes" for kind in kinds], dtype=np.bool_)
    doubtful = [kind == "yes" or kind in ground_rules().boarding for kind in kinds]
    asked = np.flatnonzero(np.array(doubtful, dtype=np.bool_))
    lived_in = np.ones(len(rows), dtype=np.bool_)
    lived_in[asked] = ~on_closed_ground(extract, plane, xy[asked])

    # floor area, by levels where they are mapped
    levels = np.array([_levels(tags[row]) for row in rows[lived_in]], dtype=np.float64)
    known = np.isfinite(levels)
    typical = float(np.median(levels[known])) if known.any() else 1.0
    footprint_m2 = shapely.area(outlines[lived_in])
    geometry = np.empty(len(levels), dtype=object)
    geometry[:] = outlines[lived_in]
    return Dwellings(
        read_only(xy[lived_in], np.float64),
        read_only(footprint_m2 * np.where(known, levels, typical), np.float64),
        geometry,
        read_only(stated[lived_in], np.bool_),
        read_only(known, np.bool_),
    )


def houses_residents(tags: Tags) -> bool:
    """Return whether a building with these tags counts as a dwelling, by the rules of dwellings.toml."""
    not_kinds, not_keys = _rules()
    kind = tags.get("building", "yes")
    if kind in not_kinds:
        return False
    return kind != "yes" or not_keys.isdisjoint(tags)


@cache
def _rules() -> tuple[frozenset[str], frozenset[str]]:
    text = (
        resources.files("walkshed.needs.people")
        .joinpath("dwellings.toml")
        .read_text(encoding="utf-8")
    )
    rules = tomllib.loads(text)
    return frozenset(rules["not_dwellings"]), frozenset(rules["not_dwellings_when_tagged"])


def _levels(tags: Tags) -> float:
    try:
        levels = float(tags.get("building:levels", "nan").replace(",", ".").split(";")[0])
    except ValueError:
        return float("nan")
    return levels if 0 < levels <= MAX_LEVELS else float("nan")
