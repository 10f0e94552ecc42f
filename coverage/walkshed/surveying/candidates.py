"""A fact that may be worth a walk: why it is in doubt, how many people may hang on it at most, and how many do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import FloatArray
from walkshed.model.town.survey import Fact, Reason
from walkshed.surveying.town import Town


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A fact, where it stands on the plane, and what judging again finds; ``most`` bounds that from above."""

    fact: Fact
    reason: Reason
    name: str  # of the block or the station; "" for a lane
    area: tuple[str, str]  # subdistrict and community
    xy: tuple[float, float]
    most: float
    people: Callable[[], float]
    # the ends of ways at which it is, on the plane: what may be at one of them is asked once
    ends: tuple[tuple[float, float], ...] = ()


def having(town: Town) -> FloatArray:
    """Return (p,) how many services each point has, for the walker who has most."""
    return np.asarray(town.served.sum(axis=1).max(axis=0))
