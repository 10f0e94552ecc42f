"""Rows of one table that stand in different systems, told apart by their names or block by block.

Tables grow by pasting: the first forty rows from one source, the next thirty from another. A
boundary between two blocks is only as sharp as the rows beside it tell; those that could belong to
either are no system's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from walkshed.model.arrays import FloatArray, IntArray

NEAR_NAME_M: Final = 150.0
_OWN_VOTE: Final = 2.0
#: What two blocks must gain over one system for all rows, and within what of the best other
#: boundaries are as likely.
_CLEAR_GAIN: Final = 4.0
_AS_LIKELY: Final = 4.0
_NAMES_AGREE: Final = 0.8  # share of the votes; some names mean another thing
_FEWEST: Final = 3  # rows of a block


def groups_by_name(by_name: FloatArray, named_m: FloatArray) -> dict[int, IntArray] | None:
    """Return {system: its rows} as their names vote, if there are two such systems.

    None if one will do. ``by_name`` and ``named_m`` (n, s): log-likelihood ratios of the rows'
    names, and meters to what bears them, in each system.
    """
    count, systems = by_name.shape
    if systems < 2 or count < _FEWEST:
        return None

    # a row votes for the system in which its name is near, and clearly nearer than in any other
    votes = np.full(count, -1)
    near = named_m < NEAR_NAME_M
    for row in range(count):
        order = np.argsort(-by_name[row], kind="stable")
        if near[row, order[0]] and by_name[row, order[0]] - by_name[row, order[1]] >= _OWN_VOTE:
            votes[row] = order[0]

    # systems with a fair share of the votes
    counts = np.bincount(votes[votes >= 0], minlength=systems)
    parted = np.flatnonzero(counts >= max(2.0, 0.15 * counts.sum()))
    if len(parted) < 2:
        return None
    return {int(system): np.flatnonzero(votes == system) for system in parted}


def groups_in_blocks(
    scores: FloatArray, voted: Mapping[int, IntArray] | None
) -> tuple[IntArray, IntArray, IntArray] | None:
    """Return the rows above a boundary, those below it, and those between that may belong to either.

    ``scores`` (n, s): log-likelihood ratios of the rows in each system, in the order of the table;
    ``voted``: what their names say. None where one system does for all rows nearly as well as two,
    or the names contradict.
    """
    count, systems = scores.shape
    if systems < 2 or count < 2 * _FEWEST:
        return None

    # the best score with a boundary before each row, and two systems
    above = np.vstack([np.zeros(systems), np.cumsum(scores, axis=0)])
    below = above[-1] - above
    best = np.full(count + 1, -np.inf)
    for boundary in range(_FEWEST, count - _FEWEST + 1):
        best[boundary] = _best_of_two(above[boundary], below[boundary])
    if best.max() - above[-1].max() < _CLEAR_GAIN:
        return None

    # with these two systems: between which rows may the boundary lie?
    first, second = np.argmax(above[best.argmax()]), np.argmax(below[best.argmax()])
    pair = above[:, first] + below[:, second]
    likely = np.flatnonzero(pair >= pair.max() - _AS_LIKELY)
    low, high = int(likely.min()), int(likely.max())
    if low < _FEWEST or count - high < _FEWEST:
        return None

    # the names must not say otherwise
    rows = np.arange(count)
    rows_of = {int(second): rows[high:]}
    rows_of[int(first)] = rows[:low]
    for system, voters in (voted or {}).items():
        own = rows_of.get(system, rows[:0])
        if np.isin(voters, np.r_[own, rows[low:high]]).mean() < _NAMES_AGREE:
            return None
    return rows[:low], rows[high:], rows[low:high]


def _best_of_two(above: FloatArray, below: FloatArray) -> float:
    """Return the best score of two different systems above and below a boundary."""
    total = above[:, None] + below[None, :]
    np.fill_diagonal(total, -np.inf)
    return float(total.max())
