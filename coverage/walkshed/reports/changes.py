"""What changed between two ways of judging, and why, in words: the content of ``changes.csv``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from walkshed.model.coverage import Judgment
from walkshed.model.labels import VERDICT, label
from walkshed.model.places import Need
from walkshed.model.results import Language, Results
from walkshed.needs.wording import cure_text, limit_text, reason_text, source_text, walker_name
from walkshed.reports.figures import has_people

CHANGES_COLUMNS = (
    *(
        "block_id",
        "block_name",
        "kind",
        "service",
        "people",
        "before",
        "after",
        "verdict_before",
        "verdict_after",
    ),
    *("people_served_before", "people_served_after", "why", "now", "cure"),
)


def changes_by_walker(results: Results) -> pd.DataFrame:
    """Return what changes from the study's first walker to each other one that it judges."""
    others = [name for name in results.by_walker if name != results.coverage.walker]
    frames = [
        changes_between(results, replace(results, coverage=results.by_walker[name]))
        for name in others
    ]
    if not frames:
        return pd.DataFrame(columns=list(CHANGES_COLUMNS))
    return pd.concat(frames, ignore_index=True)


def changes_between(before: Results, after: Results) -> pd.DataFrame:
    """Return one row per block and service of both runs whose verdict or people served differ, in the later order.

    ``before`` and ``after`` name the walker and rule of each; ``why`` says what was judged
    otherwise, ``now`` the verdict's reason in words, ``cure`` what would mend it. Blocks and
    services are matched by id.
    """
    language = after.inputs.settings.language
    earlier = {
        (before.blocks[r.block].id, before.inputs.services[r.service].id): r
        for r in before.coverage.rows
    }
    rows = []
    for new in after.coverage.rows:
        key = (after.blocks[new.block].id, after.inputs.services[new.service].id)
        old = earlier.get(key)
        if old is None or (old.verdict, old.printed_served) == (new.verdict, new.printed_served):
            continue
        rows.append(_row(before, after, old, new, language))
    frame = pd.DataFrame.from_records(rows, columns=list(CHANGES_COLUMNS))
    return frame.astype(
        dict.fromkeys(("people", "people_served_before", "people_served_after"), "Int64")
    )


def _row(
    before: Results, after: Results, old: Judgment, new: Judgment, language: Language
) -> dict[str, Any]:
    block, service = after.blocks[new.block], after.inputs.services[new.service]
    stated = has_people(block)
    return {
        "block_id": block.id,
        "block_name": block.name,
        "kind": block.kind,
        "service": service.id,
        "people": new.printed_people if stated else None,
        "before": _way(before, old, language),
        "after": _way(after, new, language),
        "verdict_before": label(VERDICT, old.verdict.value, language),
        "verdict_after": label(VERDICT, new.verdict.value, language),
        "people_served_before": old.printed_served if stated and old.need else None,
        "people_served_after": new.printed_served if stated and new.need else None,
        "why": _why(before, after, old, new, language),
        "now": reason_text(after, new, language),
        "cure": cure_text(after, new, language),
    }


def _way(results: Results, judgment: Judgment, language: Language) -> str:
    """Return walker and limit in a few words."""
    walker = walker_name(results, language)
    if judgment.need is None:
        return f"{walker}，无标准" if language == "zh" else f"{walker}, no standard"
    limit = limit_text(judgment, language)
    return f"{walker}，{limit}" if language == "zh" else f"{walker}, {limit}"


def _asked(judgment: Judgment, language: Language) -> str:
    """Return the limit in words, with the places per 1,000 people where the rule asks for any, and the metric."""
    need, zh = judgment.need, language == "zh"
    if need is None:
        return "–"
    words = limit_text(judgment, language)
    if need.metric == "radius":
        words = f"直线{words}" if zh else f"{words} as the crow flies"
    if need.places_per_1000 is None:
        return words
    places = f"{need.places_per_1000:g}"
    return f"{words}、每千人{places}个位置" if zh else f"{words} and {places} places per 1,000"


def _asks(need: Need | None) -> tuple[object, ...] | None:
    """Return what a rule asks, whoever says so."""
    return None if need is None else (need.limit, need.unit, need.metric, need.places_per_1000)


def _why(before: Results, after: Results, old: Judgment, new: Judgment, language: Language) -> str:
    """Return what was judged otherwise: walker, rule, moment; else the stations or residents themselves."""
    zh = language == "zh"
    parts = []
    if before.coverage.walker != after.coverage.walker:
        names = walker_name(before, language), walker_name(after, language)
        parts.append(
            f"行走方式：{names[0]}→{names[1]}" if zh else f"walker: {names[0]} → {names[1]}"
        )
    if _asks(old.need) != _asks(new.need):
        limits = [_asked(each, language) for each in (old, new)]
        source = (
            source_text(new.need, language) if new.need else ("无标准" if zh else "no standard")
        )
        parts.append(
            f"标准：{limits[0]}→{limits[1]}（{source}）"
            if zh
            else f"rule: {limits[0]} → {limits[1]} ({source})"
        )
    moments = before.inputs.settings.at, after.inputs.settings.at
    if moments[0] != moments[1]:
        shown = [
            (moment.replace("T", " ") or ("不限时" if zh else "any time")) for moment in moments
        ]
        parts.append(f"时刻：{shown[0]}→{shown[1]}" if zh else f"moment: {shown[0]} → {shown[1]}")
    if not parts:
        parts.append("站点、服务或人口有变" if zh else "stations, offers or residents differ")
    return "；".join(parts) if zh else "; ".join(parts)
