"""Coverage for every walker and every group of people: the content of ``coverage_by_walker.csv``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from walkshed.model.coverage import Judgment
from walkshed.model.results import Results
from walkshed.model.verdicts import REASONS
from walkshed.needs.judging import printed
from walkshed.needs.wording import cure_text
from walkshed.reports.figures import has_people, tenths

EVERYBODY = "people"
BY_WALKER_COLUMNS: tuple[str, ...] = (
    *(
        "block_id",
        "block_name",
        "kind",
        "service",
        "group",
        "walker",
        "people",
        "people_served",
        "share_served",
    ),
    *("limit", "unit", "nearest_station", "nearest_m", "verdict", "cure", "cure_people"),
    *(f"people_{reason.value}" for reason in REASONS),
)


def coverage_by_walker_frame(results: Results) -> pd.DataFrame:
    """Return one row per block, service and way of walking: everybody as each walker, and each group as its own.

    ``group`` is ``people`` for everybody (as if all walked so), else the group's column; its
    members live where the block's people live. ``cure_people`` are the residents of the whole
    study, as that walker, whom the cure serves.
    """
    rows = [row for group, walker in _pairs(results) for row in _rows(results, group, walker)]
    frame = pd.DataFrame.from_records(rows, columns=list(BY_WALKER_COLUMNS))
    whole = [
        "people",
        "people_served",
        "cure_people",
        *(f"people_{reason.value}" for reason in REASONS),
    ]
    numbers = ("share_served", "limit", "nearest_m")
    return frame.astype(dict.fromkeys(whole, "Int64") | dict.fromkeys(numbers, "float64"))


def _pairs(results: Results) -> Iterator[tuple[str, str]]:
    """Yield (group, walker): everybody as each walker of the study, then each group as its own."""
    settings = results.inputs.settings
    for walker in settings.walkers or (results.coverage.walker,):
        if walker in results.by_walker:
            yield EVERYBODY, walker
    for group in settings.groups:
        walker = settings.group_walkers.get(group, "")
        if walker in results.by_walker:
            yield group, walker


def _rows(results: Results, group: str, walker: str) -> Iterator[dict[str, Any]]:
    seen = replace(results, coverage=results.by_walker[walker])
    for judgment in seen.coverage.rows:
        yield _row(seen, judgment, group, walker)


def _row(results: Results, judgment: Judgment, group: str, walker: str) -> dict[str, Any]:
    block, service = results.blocks[judgment.block], results.inputs.services[judgment.service]
    need = judgment.need
    people, served, reasons = _people(results, judgment, group)
    judged = people is not None and need is not None
    language = results.inputs.settings.language
    return {
        "block_id": block.id,
        "block_name": block.name,
        "kind": block.kind,
        "service": service.id,
        "group": group,
        "walker": walker,
        "people": people,
        "people_served": served if judged else None,
        "share_served": round(judgment.share, 4),
        "limit": need.limit if need else None,
        "unit": need.unit if need else "",
        "nearest_station": results.stations[judgment.nearest].id if judgment.nearest >= 0 else "",
        "nearest_m": float(tenths(judgment.nearest_m)),
        "verdict": judgment.verdict.value,
        "cure": cure_text(results, judgment, language),
        "cure_people": int(judgment.mend_people + 0.5)
        if judgment.mend and not results.matrix.weighs_blocks
        else None,
        **{
            f"people_{reason.value}": count if judged else None
            for reason, count in zip(REASONS, reasons, strict=True)
        },
    }


def _people(
    results: Results, judgment: Judgment, group: str
) -> tuple[int | None, int | None, tuple[int, ...]]:
    """Return whole people of a group, those served, and those left out by reason; they sum."""
    block = results.blocks[judgment.block]
    none = (0,) * len(REASONS)
    if group == EVERYBODY:
        if not has_people(block):
            return None, None, none
        return judgment.printed_people, judgment.printed_served, judgment.printed_reasons
    if group not in block.groups:
        return None, None, none
    people = block.groups[group]
    if judgment.need is None:
        return printed(people, 0.0, ())[0], None, none
    return printed(
        people, people * judgment.share, tuple(people * share for share in judgment.reason_shares)
    )
