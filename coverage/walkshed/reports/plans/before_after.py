"""A plan before and after, service by service: the content of before_after.csv."""

from __future__ import annotations

from typing import Any

import pandas as pd

from walkshed.model.results import Results
from walkshed.needs.measures.totals import Totals, totals_by_service
from walkshed.reports.declared import COUNT, TEXT, WHOLE, Column, frame_of_rows

#: The four numbers, as columns are called, with what they are.
FOUR = {
    "served": ("达标", "served"),
    "out": ("未达标", "left out"),
    "in_doubt": ("待核实", "to be checked"),
    "unknown": ("待摸底或无标准", "not surveyed, or without a standard"),
}
#: When, as columns are called, with what it is.
WHEN = {"before": ("现状", "as it is"), "after": ("方案实施后", "with the plan")}


def _columns() -> tuple[Column, ...]:
    """Return the columns: blocks, then people, each in four parts before and after."""
    said = [Column("service", TEXT, "服务编号", "id of the service")]
    for of, kind, zh, en in (
        ("blocks", COUNT, "小区数", "blocks"),
        ("people", WHOLE, "人数", "people"),
    ):
        said.append(Column(of, kind, zh, en))
        for part, (part_zh, part_en) in FOUR.items():
            for when, (when_zh, when_en) in WHEN.items():
                name = f"{of}_{part}_{when}"
                said.append(
                    Column(name, kind, f"{when_zh}{part_zh}{zh}", f"{en} {part_en}, {when_en}")
                )
    return tuple(said)


BEFORE_AFTER_COLUMNS = _columns()


def before_after_frame(before: Results, after: Results) -> pd.DataFrame:
    """Return one row per service: blocks and people in four parts, which are all of them, without a plan and with it.

    Figures sum printed rows, as areas.csv has them, for the walker by whom the study judges; people
    are missing where no block has any.
    """
    pairs = zip(
        before.inputs.services,
        totals_by_service(before.main.judgments),
        totals_by_service(after.main.judgments),
        strict=True,
    )
    rows = [
        {
            "service": service.id,
            "blocks": now.blocks,
            "people": now.people if now.counted else None,
            **_parts(now, "before"),
            **_parts(then, "after"),
        }
        for service, now, then in pairs
    ]
    return frame_of_rows(rows, BEFORE_AFTER_COLUMNS)


def _parts(found: Totals, when: str) -> dict[str, Any]:
    """Return the four numbers of blocks and of people at a time."""
    blocks = {part: getattr(found, f"blocks_{part}") for part in FOUR}
    people = {part: getattr(found, f"people_{part}") if found.counted else None for part in FOUR}
    return {f"blocks_{part}_{when}": count for part, count in blocks.items()} | {
        f"people_{part}_{when}": count for part, count in people.items()
    }
