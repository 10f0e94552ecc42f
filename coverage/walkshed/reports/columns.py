"""Columns of blocks × services as tables have them: one value per row, whole, rounded, or missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from walkshed.model.arrays import BoolArray, FloatArray, ObjectArray
from walkshed.model.judgments import VERDICTS
from walkshed.model.results import View
from walkshed.model.verdicts import REASONS
from walkshed.needs.phrases import cure_column, phrases
from walkshed.reports.figures import tenths


def by_block(values: Iterable[object], services: int) -> ObjectArray:
    """Return (b * s,) a value of each block, once per service."""
    return np.repeat(objects(values), services)


def by_service(values: Iterable[object], blocks: int) -> ObjectArray:
    """Return (b * s,) a value of each service, once per block."""
    return np.tile(objects(values), blocks)


def objects(values: Iterable[object]) -> ObjectArray:
    """Return values as an array of objects."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def chosen(names: Sequence[object], number: np.ndarray, *, without: object = "") -> ObjectArray:
    """Return (n,) the name of each number; ``without`` for -1."""
    found: ObjectArray = objects([*names, without])[number.ravel()]
    return found


def whole(values: np.ndarray, known: BoolArray) -> pd.arrays.IntegerArray:
    """Return (n,) whole numbers, missing where they are not known."""
    return pd.arrays.IntegerArray(values.ravel().astype(np.int64), ~known.ravel())


def judged_columns(view: View) -> dict[str, Any]:
    """Return the columns that every table of judgments shares, one row per block, then service."""
    judgments, services = view.judgments, view.inputs.services
    blocks, count = judgments.shape
    need = judgments.need
    stations = [station.id for station in view.stations]
    return {
        "block_id": by_block((block.id for block in view.blocks), count),
        "block_name": by_block((block.name for block in view.blocks), count),
        "kind": by_block((block.kind for block in view.blocks), count),
        "service": by_service((service.id for service in services), blocks),
        "share_served": np.round(judgments.share.ravel(), 4),
        "limit": chosen_numbers([each.limit for each in judgments.needs], need),
        "unit": chosen([each.unit for each in judgments.needs], need),
        "nearest_station": chosen(stations, judgments.nearest),
        "nearest_m": tenths(judgments.nearest_m.ravel()),
        "verdict": verdict_words(view),
        "cure": cure_column(view, phrases(view)),
        "cure_people": cure_people(view),
    }


def verdict_words(view: View) -> ObjectArray:
    """Return (b * s,) the values of the verdicts."""
    return chosen([verdict.value for verdict in VERDICTS], view.judgments.verdict)


def cure_people(view: View) -> pd.arrays.IntegerArray:
    """Return (b * s,) whole people who would gain by each cure; missing without one, and where blocks are counted."""
    judgments = view.judgments
    known = (judgments.mend > 0) & (not view.answer.matrix.weighs_blocks)
    return whole(np.floor(judgments.mend_people + 0.5), known)


def reason_columns(counts: np.ndarray, known: BoolArray) -> dict[str, pd.arrays.IntegerArray]:
    """Return the columns ``people_<reason>`` of (b, s, r) whole people."""
    return {
        f"people_{reason.value}": whole(counts[..., place], known)
        for place, reason in enumerate(REASONS)
    }


def chosen_numbers(values: Sequence[float], number: np.ndarray) -> FloatArray:
    """Return (n,) the value of each number; nan for -1."""
    found: FloatArray = np.array([*values, np.nan], dtype=np.float64)[number.ravel()]
    return found


def frame_of(columns: dict[str, Any], names: Sequence[str]) -> pd.DataFrame:
    """Return the columns in the order of their names; texts as pandas has texts in a table of few rows."""
    chosen_columns = {name: columns[name] for name in names}
    return pd.DataFrame(chosen_columns, columns=list(names), copy=False)
