"""Every figure of a run that nobody has verified: the content of ``unverified.csv``."""

from __future__ import annotations

import pandas as pd

from walkshed.model.labels import Language
from walkshed.model.results import Results
from walkshed.model.town.places import CommunityRule, Need
from walkshed.model.town.walkers import Walker
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
    rows = [
        row
        for need in results.main.judgments.needs
        if not need.verified
        for row in _of_need(need, language)
    ]

    rule = results.inputs.community_rule
    if rule is not None and not rule.verified:
        rows.append(_of_communities(rule, language))

    # how people walk, and crews where any come to the door
    walkers = [walker_of(results.inputs.walkers, name) for name in results.answers]
    if any(offer.mode == "outreach" for offer in results.offers):
        walkers.append(crew_of(results.inputs.walkers))
    for walker in walkers:
        rows += _of_walker(walker, language)
    return frame_of_rows(rows, UNVERIFIED_COLUMNS)


def _of_need(need: Need, language: Language) -> list[dict[str, object]]:
    """Return the rows of a rule: its limit, and the sizes that it asks for."""
    what = need.standard_item or need.service
    head: dict[str, object] = {
        "what": what if need.kind == "*" else f"{what} ({need.kind})",
        "source": need.source_in(language),
        "where": need.rule,
        "why": need.unverified_in(language),
    }
    figures = (
        ("limit", need.limit, need.unit),
        ("min_area_m2", need.min_area_m2, "m2"),
        ("places_per_1000", need.places_per_1000, "places"),
    )
    return [
        head | {"figure": figure, "value": value, "unit": unit}
        for figure, value, unit in figures
        if value is not None
    ]


def _of_communities(rule: CommunityRule, language: Language) -> dict[str, object]:
    """Return the row of what a standard asks of communities."""
    return {
        "what": "community",
        "figure": "area_m2_per_100_households",
        "value": rule.area_m2_per_100_households,
        "unit": "m2",
        "source": rule.source_in(language),
        "where": rule.rule,
        "why": rule.unverified_in(language),
    }


def _of_walker(walker: Walker, language: Language) -> list[dict[str, object]]:
    """Return the rows of what is assumed of a walker."""
    return [
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
