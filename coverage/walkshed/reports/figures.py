"""Small figures that all tables share: what is printed of people and meters, who fails, who stands under which hub."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from walkshed.model.arrays import FloatArray, whole
from walkshed.model.coverage import Judgment
from walkshed.model.places import Block, PeopleSource
from walkshed.model.results import Results
from walkshed.model.verdicts import REASONS
from walkshed.needs.hubs import hubs

__all__ = ["has_people", "hubs", "is_failing", "printed_people", "tenths", "whole_numbers"]


def has_people(block: Block) -> bool:
    """Return whether anybody stated or estimated the block's people."""
    return block.people_source != PeopleSource.NONE and block.people is not None


def printed_people(results: Results, block: int) -> int:
    """Return the whole people of a block, as every table prints them (0 where they are unknown)."""
    if results.coverage.services:
        return results.coverage.at(block, 0).printed_people
    return whole(results.blocks[block].people or 0.0)


def is_failing(judgment: Judgment) -> bool:
    """Return whether the block is underserved: it has a standard, was surveyed and does not meet the standard."""
    return judgment.verdict in REASONS


def whole_numbers(values: ArrayLike) -> pd.arrays.IntegerArray:
    """Return the values rounded to whole numbers, half up like all people; what is not finite is missing."""
    array = np.asarray(values, dtype=np.float64)
    missing = ~np.isfinite(array)
    return pd.arrays.IntegerArray(np.floor(np.where(missing, 0.0, array) + 0.5).astype(np.int64), missing)


def tenths(values: ArrayLike) -> FloatArray:
    """Return meters rounded to tenths; what is not finite becomes nan."""
    array = np.asarray(values, dtype=np.float64)
    rounded = np.round(np.where(np.isfinite(array), array, np.nan), 1)
    return np.asarray(rounded + 0.0, dtype=np.float64)  # + 0.0: no minus zero
