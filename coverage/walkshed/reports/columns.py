"""Columns of blocks × services as tables have them, one value per row; and those that such tables share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from walkshed.model.arrays import BoolArray, FloatArray, ObjectArray
from walkshed.model.judged.judgments import VERDICTS
from walkshed.model.judged.verdicts import REASONS
from walkshed.model.labels import VERDICT
from walkshed.model.results import View
from walkshed.reports.declared import METERS, NUMBER, SHARE, TEXT, WHOLE, Column
from walkshed.words.judgments import cure_column, phrases

#: The columns that every table of judgments shares, and their people by reason.
_SHARED = (
    Column("block_id", TEXT, "小区编号", "id of the block"),
    Column("block_name", TEXT, "小区名称", "name of the block"),
    Column("kind", TEXT, "小区类型", "kind of block"),
    Column("service", TEXT, "服务编号", "id of the service"),
    Column("people", WHOLE, "人数；无人给出时为空", "people; empty where nobody stated them"),
    Column("people_served", WHOLE, "其中达标人数", "those of them who are served"),
    Column(
        "share_served",
        SHARE,
        "达标人口比例；无人口数时各点权重相等",
        "share of people served; points weigh equally where there are no people",
    ),
    Column("limit", NUMBER, "限值", "the limit"),
    Column("unit", TEXT, "限值单位：m 米，min 分钟", "unit of the limit: m or min"),
    Column(
        "nearest_station", TEXT, "对多数人最近的站点", "the station that is nearest for most people"
    ),
    Column(
        "nearest_m",
        METERS,
        "到最近站点的步行距离（按人加权的中位数）",
        "walk to the nearest station, median over people",
    ),
    Column("verdict", TEXT, "评估结论", "the verdict"),
    Column("doubt", TEXT, "待核实的原因；空为无", "why it is to be checked; empty where it is not"),
    Column("cure", TEXT, "如何改善，一句话", "what would mend it, a sentence"),
    Column(
        "cure_people",
        WHOLE,
        "照此改善后全项目新达标的居民",
        "residents of the whole study whom the cure would serve",
    ),
    *(
        Column(
            f"people_{reason.value}",
            WHOLE,
            f"因“{VERDICT[reason.value].zh}”未达标的人数",
            f"people not served: {VERDICT[reason.value].en}",
        )
        for reason in REASONS
    ),
)
_BY_NAME = {column.name: column for column in _SHARED}
#: People by the reason for which they are not served.
REASON_COLUMNS = tuple(_BY_NAME[f"people_{reason.value}"] for reason in REASONS)


def shared(*names: str) -> tuple[Column, ...]:
    """Return the shared columns of some names."""
    return tuple(_BY_NAME[name] for name in names)


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
        "share_served": judgments.share.ravel(),
        "limit": chosen_numbers([each.limit for each in judgments.needs], need),
        "unit": chosen([each.unit for each in judgments.needs], need),
        "nearest_station": chosen(stations, judgments.nearest),
        "nearest_m": judgments.nearest_m.ravel(),
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
