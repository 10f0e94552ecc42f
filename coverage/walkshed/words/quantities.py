"""Meters and shares as a reader of either language is used to them."""

from __future__ import annotations

import math

import numpy as np

from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.results import Language

#: Stands among whole meters for a distance that there is none of.
NOWHERE = -1


def meters(value: float, language: Language) -> str:
    """Return whole meters with their unit: ``412 m``, ``412米``; a dash when there is no such distance."""
    if not math.isfinite(value):
        return "–"
    return f"{value:,.0f}米" if language == "zh" else f"{value:,.0f} m"


def whole_meters(values: FloatArray) -> IntArray:
    """Return meters as they are said, NOWHERE where there is no such distance."""
    known = np.isfinite(values)
    return np.where(known, np.round(np.where(known, values, 0.0)), NOWHERE).astype(np.int64)


def percent(share: float, language: Language) -> str:
    """Return a share as whole percent, never rounded up to 100 nor down to 0: ``33 %``, in Chinese ``33%``."""
    number = "<1" if 0 < share < 0.005 else f"{min(round(100 * share), 99 if share < 1 else 100)}"
    return f"{number}%" if language == "zh" else f"{number} %"
