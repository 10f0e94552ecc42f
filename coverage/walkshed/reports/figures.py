"""Small figures that all tables share: what is printed of people and meters, who fails, who stands under which hub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from walkshed.model.arrays import FloatArray
from walkshed.model.coverage import Judgment
from walkshed.model.places import Block, PeopleSource, Station
from walkshed.model.results import Results
from walkshed.model.verdicts import REASONS


def has_people(block: Block) -> bool:
    """Return whether anybody stated or estimated the block's people."""
    return block.people_source != PeopleSource.NONE and block.people is not None


def printed_people(results: Results, block: int) -> int:
    """Return the whole people of a block, as every table prints them (0 where they are unknown)."""
    if results.coverage.services:
        return results.coverage.at(block, 0).printed_people
    return int(np.floor((results.blocks[block].people or 0.0) + 0.5))


def is_failing(judgment: Judgment) -> bool:
    """Return whether the block is underserved: it has a standard, was surveyed and does not meet the standard."""
    return judgment.verdict in REASONS


def hubs(stations: Iterable[Station]) -> dict[str, str]:
    """Return, by station id, the top station above it by ``parent``.

    A station that nobody is linked to and that is linked to nobody has "", unless it is a hub by tier. A parent that
    is not a station of the study ends the way up, and so does a circle.
    """
    parents: Mapping[str, str | None] = {station.id: station.parent for station in stations}
    above = set(parents.values())
    tops: dict[str, str] = {}
    for station in stations:
        top, seen = station.id, {station.id}
        while (parent := parents.get(top)) in parents and parent is not None and parent not in seen:
            seen.add(parent)
            top = parent
        linked = top != station.id or station.id in above or station.tier == "hub"
        tops[station.id] = top if linked else ""
    return tops


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
