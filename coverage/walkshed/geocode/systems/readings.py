"""A table read in every system in which it may stand, and how well each reading lies on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from walkshed.geocode.systems.evidence import Reference, named_m, named_ratio
from walkshed.geocode.systems.hypotheses import Hypothesis
from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.model.geocoding import CrsTrial

MARGIN_M: Final = 1500.0  # how far beyond the extract a study's point may lie
_INSIDE_NEEDED: Final = 0.7
_SAME_M: Final = 1.0


@dataclass(slots=True, eq=False)
class Reading:
    """One group of rows in one system."""

    hypothesis: Hypothesis
    xy: FloatArray
    inside: float
    lying: FloatArray  # (n,) log-likelihood ratios by streets and things
    by_name: FloatArray  # (n,) by names
    named_m: FloatArray

    @property
    def score(self) -> float:
        """What all rows say together."""
        return float(self.lying.sum() + self.by_name.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A table, what it is compared with, and the systems in which it may stand."""

    table: FloatArray  # (n, 2)
    reference: Reference
    systems: tuple[Hypothesis, ...]
    targets: list[list[Any]]  # what the name of each row may mean

    def readings(self, rows: IntArray) -> list[Reading]:
        """Return the readings that put most of some rows into the study.

        The best first, and each place once.
        """
        targets = [self.targets[row] for row in rows.tolist()]
        found: list[Reading] = []
        for system in self.systems:
            xy = self._places(system.lonlat(self.table[rows]))
            inside = float(self.reference.inside(xy, MARGIN_M).mean())
            if inside < _INSIDE_NEEDED or any(_same_place(xy, other.xy) for other in found):
                continue
            meters = named_m(targets, xy)
            lying = self.reference.lying(xy)
            found.append(Reading(system, xy, inside, lying, named_ratio(meters), meters))
        return sorted(found, key=lambda reading: -reading.score)

    def _places(self, lonlat: FloatArray) -> FloatArray:
        """Return the places on the plane, nan for those more than two degrees off."""
        xy = np.full_like(lonlat, np.nan)
        near: BoolArray = np.asarray(np.isfinite(lonlat).all(axis=1))
        near[near] = (np.abs(lonlat[near] - self.reference.center) < 2.0).all(axis=1)
        if near.any():
            xy[near] = self.reference.plane.to_xy(lonlat[near])
        return xy


def trial_of(reading: Reading, reference: Reference) -> CrsTrial:
    """Return a reading as it is reported."""
    here = reference.inside(reading.xy)
    street_m = float("nan")
    if here.any() and len(reference.streets.tree.geometries):
        street_m = float(np.median(reference.streets.distance_m(shapely.points(reading.xy[here]))))

    known = reading.named_m[np.isfinite(reading.named_m)]
    return CrsTrial(
        crs=reading.hypothesis.crs,
        swapped=reading.hypothesis.swapped,
        inside=reading.inside,
        street_m=street_m,
        named=len(known),
        named_m=float(np.median(known)) if len(known) else float("nan"),
        score=round(reading.score, 3),
    )


def _same_place(one: FloatArray, other: FloatArray) -> bool:
    both = np.isfinite(one).all(axis=1) & np.isfinite(other).all(axis=1)
    return bool(both.any() and np.hypot(*(one[both] - other[both]).T).max() < _SAME_M)
