"""Every figure of a run that nobody has verified: the content of ``unverified.csv``."""

from __future__ import annotations

import pandas as pd

from walkshed.model.results import Results
from walkshed.needs.rules.walkers import crew_of, walker_of
from walkshed.reports.declared import NUMBER, TEXT, Column, frame_of_rows

UNVERIFIED_COLUMNS = (
    Column(
        "what",
        TEXT,
        "关于什么：标准条目、社区或行走方式",
        "of what: a line of the standard, a community, a walker",
    ),
    Column("figure", TEXT, "哪个数", "which figure"),
    Column("value", NUMBER, "数值", "its value"),
    Column("unit", TEXT, "单位", "its unit"),
    Column("source", TEXT, "出处", "where it comes from"),
    Column(
        "where",
        TEXT,
        "写在哪个文件或预设的哪一条",
        "the file or preset, and the row, that states it",
    ),
    Column("why", TEXT, "为何未核实", "why nobody has verified it"),
)
_UNITS = {
    "speed_m_s": "m/s",
    "step_s": "s",
    "flight_s": "s",
    "flights_max": "",
    "elevator_wait_s": "s",
}


def unverified_frame(results: Results) -> pd.DataFrame:
    """Return one row per unverified figure that decided something: limits, sizes, and how walkers walk.

    ``why`` tells why nobody has verified it, and what speaks for it, where the standard says so.
    """
    language = results.inputs.settings.language
    rows: list[dict[str, object]] = []
    for need in results.main.judgments.needs:
        if need.verified:
            continue
        what = need.standard_item or need.service
        head = {
            "what": what if need.kind == "*" else f"{what} ({need.kind})",
            "source": need.source_in(language),
            "where": need.rule,
            "why": need.unverified_in(language),
        }
        rows.append(head | {"figure": "limit", "value": need.limit, "unit": need.unit})
        if need.min_area_m2 is not None:
            rows.append(head | {"figure": "min_area_m2", "value": need.min_area_m2, "unit": "m2"})
        if need.places_per_1000 is not None:
            rows.append(
                head
                | {"figure": "places_per_1000", "value": need.places_per_1000, "unit": "places"}
            )
    rule = results.inputs.community_rule
    if rule is not None and not rule.verified:
        head = {
            "what": "community",
            "source": rule.source_in(language),
            "where": rule.rule,
            "why": rule.unverified_in(language),
        }
        value = {
            "figure": "area_m2_per_100_households",
            "value": rule.area_m2_per_100_households,
            "unit": "m2",
        }
        rows.append(head | value)
    walkers = [walker_of(results.inputs.walkers, name) for name in results.answers]
    if any(offer.mode == "outreach" for offer in results.offers):
        walkers.append(crew_of(results.inputs.walkers))
    for walker in walkers:
        rows += [
            {
                "what": walker.called(language),
                "figure": figure,
                "value": getattr(walker, figure),
                "unit": _UNITS[figure],
                "source": "",
                "where": f"walkers, {walker.id}",
                "why": "",
            }
            for figure in walker.unverified()
        ]
    return frame_of_rows(rows, UNVERIFIED_COLUMNS)
