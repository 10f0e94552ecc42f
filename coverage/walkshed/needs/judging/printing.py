"""Real people as the whole people that are printed (definition 8)."""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import FloatArray, IntArray
from walkshed.needs.judging.quantiles import SHARE_TOLERANCE


def printed(
    people: FloatArray, served: FloatArray, reasons: FloatArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Return whole people of n rows: all (n,), served (n,), and left out by reason (n, r), which sum to all − served.

    The reasons take the largest-remainder rounding (Hamilton's method), ties to the earlier reason.
    """
    everybody = np.floor(people + 0.5).astype(np.int64)
    whole_served = np.minimum(everybody, np.floor(served + 0.5).astype(np.int64))
    left = everybody - whole_served

    # each reason's quota of those left, rounded down
    exact = reasons.sum(axis=1)
    told = (left > 0) & (exact > 0)
    part = np.divide(left, exact, out=np.zeros(len(left)), where=told)
    quota = np.where(told[:, None], reasons * part[:, None], 0.0)
    floors = np.floor(quota + SHARE_TOLERANCE)

    # the largest remainders take who is still left
    order = np.argsort(np.round(floors - quota, 9), axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    missing = np.where(told, left - floors.sum(axis=1), 0.0)
    return everybody, whole_served, (floors + (rank < missing[:, None])).astype(np.int64)
