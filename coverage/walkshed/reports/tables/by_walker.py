"""Coverage for every walker and every group of people: the content of ``coverage_by_walker.csv``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from walkshed.model.arrays import BoolArray, IntArray
from walkshed.model.judged.verdicts import REASONS
from walkshed.model.results import Results, View
from walkshed.needs.judging.printing import printed
from walkshed.reports.columns import (
    REASON_COLUMNS,
    judged_columns,
    reason_columns,
    shared,
    whole,
)
from walkshed.reports.declared import TEXT, Column, empty_frame, frame_of

EVERYBODY = "people"
BY_WALKER_COLUMNS: tuple[Column, ...] = (
    *shared("block_id", "block_name", "kind", "service"),
    Column("group", TEXT, "人群：people 为全体", "group of people: people are all of them"),
    Column("walker", TEXT, "行走方式", "how they walk"),
    *shared("people", "people_served", "share_served", "limit", "unit"),
    *shared("nearest_station", "nearest_m", "verdict", "cure", "cure_people"),
    *REASON_COLUMNS,
)


def coverage_by_walker_frame(results: Results) -> pd.DataFrame:
    """Return one row per block, service and way of walking: everybody as each walker, and each group as its own.

    ``group`` is ``people`` for everybody (as if all walked so), else the group's column; its
    members live where the block's people live. ``cure_people`` are the residents of the whole
    study, as that walker, whom the cure serves.
    """
    parts = [_part(results.view(walker), group) for group, walker in _pairs(results)]
    if not parts:
        return empty_frame(BY_WALKER_COLUMNS)
    return pd.concat(parts, ignore_index=True)


def _pairs(results: Results) -> Iterator[tuple[str, str]]:
    """Yield (group, walker): everybody as each walker of the study, then each group as its own."""
    settings = results.inputs.settings
    for walker in settings.walkers or (results.main.walker,):
        if walker in results.answers:
            yield EVERYBODY, walker
    for group in settings.groups:
        walker = settings.group_walkers.get(group, "")
        if walker in results.answers:
            yield group, walker


def _part(view: View, group: str) -> pd.DataFrame:
    """Return the rows of one group of people as one walker."""
    people, served, reasons, stated = _people(view, group)
    services = view.judgments.shape[1]
    judged = stated[:, None] & (view.judgments.need >= 0)
    columns = judged_columns(view) | reason_columns(reasons, judged)
    columns |= {
        "group": group,
        "walker": view.answer.walker,
        "people": whole(np.repeat(people, services), np.repeat(stated, services)),
        "people_served": whole(served, judged),
    }
    return frame_of(columns, BY_WALKER_COLUMNS)


def _people(view: View, group: str) -> tuple[IntArray, IntArray, IntArray, BoolArray]:
    """Return whole people of a group, those served, those left out by reason (they sum), and where they are known.

    Shapes (b,), (b, s), (b, s, r) and (b,).
    """
    judgments = view.judgments
    if group == EVERYBODY:
        people, counted = judgments.printed_people, judgments.counted
        return people, judgments.printed_served, judgments.printed_reasons, counted

    # members of the group live where the block's people live
    stated = np.array([group in block.groups for block in view.blocks], dtype=bool)
    members = np.array([block.groups.get(group, 0.0) for block in view.blocks])
    has_need = judgments.need >= 0
    served = np.where(has_need, members[:, None] * judgments.share, 0.0)
    reasons = members[:, None, None] * judgments.reason_shares * has_need[:, :, None]
    blocks, services = judgments.shape
    _, whole_served, whole_reasons = printed(
        np.repeat(members, services), served.ravel(), reasons.reshape(-1, len(REASONS))
    )
    return (
        np.floor(members + 0.5).astype(np.int64),
        whole_served.reshape(blocks, services),
        whole_reasons.reshape(blocks, services, len(REASONS)),
        stated,
    )
