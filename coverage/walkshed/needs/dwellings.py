"""Which buildings house residents, and how much floor they have."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray, ObjectArray, read_only
from walkshed.model.extract import Extract, Tags
from walkshed.model.plane import Plane

# the world's tallest residential towers have about a hundred; more is a typing error
MAX_LEVELS = 120


@dataclass(frozen=True, slots=True, eq=False)
class Dwellings:
    """Residential buildings on the plane: one inner point and the gross floor area in m² of each."""

    xy: FloatArray  # (n, 2)
    floor_m2: FloatArray  # (n,)
    geometry: ObjectArray  # (n,)


def dwellings(extract: Extract | None, plane: Plane) -> Dwellings:
    """Return the buildings of ``extract`` that house residents.

    Floor area is footprint times ``building:levels``; where levels are missing, the median of the
    mapped ones stands in (1 when none is mapped), so that unmapped towers do not weigh as sheds
    beside mapped ones.
    """
    if extract is None or len(extract.buildings) == 0:
        return Dwellings(
            read_only(np.empty((0, 2)), float), read_only([], float), read_only([], object)
        )
    homes = [row for row, tags in enumerate(extract.buildings.tags) if houses_residents(tags)]
    outlines = plane.geometry_to_xy(extract.buildings.geometry[homes])
    mapped = np.array([_levels(extract.buildings.tags[row]) for row in homes], dtype=np.float64)
    known = mapped[np.isfinite(mapped)]
    typical = float(np.median(known)) if len(known) else 1.0
    floor_m2 = shapely.area(outlines) * np.where(np.isfinite(mapped), mapped, typical)
    inner = shapely.point_on_surface(outlines)
    kept = np.flatnonzero((floor_m2 > 0) & ~shapely.is_empty(inner))
    geometry = np.empty(len(kept), dtype=object)
    geometry[:] = outlines[kept]
    return Dwellings(
        read_only(shapely.get_coordinates(inner[kept]), np.float64),
        read_only(floor_m2[kept], np.float64),
        geometry,
    )


def houses_residents(tags: Tags) -> bool:
    """Return whether a building with these tags counts as a dwelling, by the rules of dwellings.toml."""
    not_kinds, not_keys = _rules()
    kind = tags.get("building", "yes")
    if kind in not_kinds:
        return False
    return kind != "yes" or not any(key in tags for key in not_keys)


@cache
def _rules() -> tuple[frozenset[str], frozenset[str]]:
    text = resources.files("walkshed.needs").joinpath("dwellings.toml").read_text(encoding="utf-8")
    rules = tomllib.loads(text)
    return frozenset(rules["not_dwellings"]), frozenset(rules["not_dwellings_when_tagged"])


def _levels(tags: Tags) -> float:
    try:
        levels = float(tags.get("building:levels", "nan").replace(",", ".").split(";")[0])
    except ValueError:
        return float("nan")
    return levels if 0 < levels <= MAX_LEVELS else float("nan")
