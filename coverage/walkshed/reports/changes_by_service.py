"""What changed between two ways of judging, service by service: the table to read before ``changes.csv``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from walkshed.model.coverage import Judgment
from walkshed.model.results import Language, Results
from walkshed.model.verdicts import Verdict
from walkshed.needs.wording import limit_text, walker_name
from walkshed.reports.changes import changes_between
from walkshed.reports.figures import is_failing

BY_SERVICE_COLUMNS = (
    *(
        "service",
        "name",
        "walker_before",
        "walker_after",
        "limits_before",
        "limits_after",
        "blocks",
    ),
    *(
        "blocks_failing_before",
        "blocks_failing_after",
        "blocks_better",
        "blocks_worse",
        "blocks_no_standard_after",
    ),
    *("people_served_before", "people_served_after", "why"),
)
#: So many reasons are told, those of most blocks first.
REASONS_TOLD = 3


def changes_by_service(before: Results, after: Results) -> pd.DataFrame:
    """Return one row per service of both runs, in the later order, for the blocks that both have, matched by id.

    ``blocks_better`` and ``blocks_worse`` pass from failing to served and back; ``people_served``
    sum printed rows; ``why`` names what was judged otherwise, with the number of blocks that
    changed for it.
    """
    language = after.inputs.settings.language
    rows_before = {
        (before.blocks[r.block].id, before.inputs.services[r.service].id): r
        for r in before.coverage.rows
    }
    told = changes_between(before, after)
    rows: list[dict[str, Any]] = []
    for number, service in enumerate(after.inputs.services):
        pairs = [
            (old, new)
            for new in after.coverage.rows[number :: after.coverage.services]
            if (old := rows_before.get((after.blocks[new.block].id, service.id))) is not None
        ]
        if not pairs:
            continue
        served = [
            (old.verdict is Verdict.SERVED, new.verdict is Verdict.SERVED) for old, new in pairs
        ]
        failing = [(is_failing(old), is_failing(new)) for old, new in pairs]
        moved = [(*one, *other) for one, other in zip(failing, served, strict=True)]
        why = told[told["service"] == service.id]["why"].value_counts(sort=False).sort_index()
        most = why.sort_values(ascending=False, kind="stable").head(REASONS_TOLD)
        rows.append(
            {
                "service": service.id,
                "name": (service.zh if language == "zh" else service.en) or service.id,
                "walker_before": walker_name(before, language),
                "walker_after": walker_name(after, language),
                "limits_before": _limits([old for old, _ in pairs], language),
                "limits_after": _limits([new for _, new in pairs], language),
                "blocks": len(pairs),
                "blocks_failing_before": sum(old for old, _ in failing),
                "blocks_failing_after": sum(new for _, new in failing),
                "blocks_better": sum(was and is_now for was, _, _, is_now in moved),
                "blocks_worse": sum(fails and had for _, fails, had, _ in moved),
                "blocks_no_standard_after": sum(
                    new.verdict is Verdict.NO_STANDARD for _, new in pairs
                ),
                "people_served_before": sum(old.printed_served for old, _ in pairs),
                "people_served_after": sum(new.printed_served for _, new in pairs),
                "why": _told(most, language),
            }
        )
    return pd.DataFrame.from_records(rows, columns=list(BY_SERVICE_COLUMNS))


def changes_by_service_and_walker(results: Results) -> pd.DataFrame:
    """Return the same from the study's first walker to each other one that it judges."""
    others = [name for name in results.by_walker if name != results.coverage.walker]
    frames = [
        changes_by_service(results, replace(results, coverage=results.by_walker[name]))
        for name in others
    ]
    return (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(columns=list(BY_SERVICE_COLUMNS))
    )


def _limits(rows: list[Judgment], language: Language) -> str:
    """Return the limits of all kinds of block, each once; a dash without any standard."""
    limits = dict.fromkeys(
        (row.need.unit, row.need.limit, limit_text(row, language)) for row in rows if row.need
    )
    return "/".join(text for _, _, text in sorted(limits)) or "–"


def _told(most: pd.Series[int], language: Language) -> str:
    zh = language == "zh"
    parts = [
        f"{why}（{count}个小区）"
        if zh
        else f"{why} ({count} {'block' if count == 1 else 'blocks'})"
        for why, count in most.items()
    ]
    return "；".join(parts) if zh else "; ".join(parts)
