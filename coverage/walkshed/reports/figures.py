"""Small figures that all tables share: what is printed of people and meters, who fails, who stands under which hub."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from walkshed.model.arrays import FloatArray
from walkshed.model.town.places import Block
from walkshed.needs.measures.hubs import hubs

__all__ = ["groups", "hubs", "tenths", "whole_numbers"]


def groups(blocks: tuple[Block, ...]) -> Iterator[tuple[str, str, str, list[int]]]:
    """Yield (level, name, subdistrict, blocks): the study, then kinds, flags, subdistricts and communities by name.

    Communities of one name in two subdistricts are two; ``subdistrict`` is "" for all but
    communities.
    """
    every = list(range(len(blocks)))
    yield "study", "", "", every
    for level in ("kind", "flag", "subdistrict", "community"):
        members: dict[tuple[str, str], list[int]] = {}
        for number in every:
            block = blocks[number]
            within = block.subdistrict if level == "community" else ""
            for name in block.flags if level == "flag" else (str(getattr(block, level)),):
                members.setdefault((name, within), []).append(number)
        for name, within in sorted(members):
            yield level, name, within, members[name, within]


def whole_numbers(values: ArrayLike) -> pd.arrays.IntegerArray:
    """Return the values rounded to whole numbers, half up like all people; what is not finite is missing."""
    array = np.asarray(values, dtype=np.float64)
    missing = ~np.isfinite(array)
    return pd.arrays.IntegerArray(
        np.floor(np.where(missing, 0.0, array) + 0.5).astype(np.int64), missing
    )


def tenths(values: ArrayLike) -> FloatArray:
    """Return meters rounded to tenths; what is not finite becomes nan."""
    array = np.asarray(values, dtype=np.float64)
    rounded = np.round(np.where(np.isfinite(array), array, np.nan), 1)
    return np.asarray(rounded + 0.0, dtype=np.float64)  # + 0.0: no minus zero
