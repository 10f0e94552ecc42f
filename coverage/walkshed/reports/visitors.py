"""Visitors: the content of ``visitors.csv`` and their headline, apart from residents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from walkshed.model.coverage import Judgment
from walkshed.model.results import Language, Results
from walkshed.model.verdicts import ExitKind
from walkshed.needs.totals import visitors_totals
from walkshed.needs.wording import cure_text, walker_name
from walkshed.reports.figures import has_people, tenths

VISITORS_COLUMNS = (
    *("place_id", "place_name", "service", "visitors", "visitors_served", "limit", "unit"),
    *("nearest_station", "nearest_m", "verdict", "cure", "walker"),
)


def visitors_frame(results: Results) -> pd.DataFrame:
    """Return one row per walker, place and service: visitors there, those who are served, and why the others are not.

    Room is judged among visitors alone: the residents' use of an offer takes no place from them,
    nor theirs from it.

    The walkers are those that the study names; the rows of each count the same visitors once.
    """
    rows = [
        _row(results, name, row)
        for name, coverage in results.visitors.items()
        for row in coverage.rows
    ]
    frame = pd.DataFrame.from_records(rows, columns=list(VISITORS_COLUMNS))
    return frame.astype({"visitors": "Int64", "visitors_served": "Int64"})


def visitors_headline(results: Results, walker: str | None = None) -> dict[str, dict[str, int]]:
    """Return, by service, visitors and those served: sums of the rows of ``visitors_frame``; empty without visitors.

    For ``walker``, by default the first that the study names. A service without a standard counts
    nobody as served.
    """
    if not results.visitors:
        return {}
    who = walker or next(iter(results.visitors))
    counts = {
        each.id: visitors_totals(results, who, number)
        for number, each in enumerate(results.inputs.services)
    }
    return {
        key: {"visitors": visitors, "served": served or 0}
        for key, (visitors, served) in counts.items()
    }


def visitors_line(results: Results, language: Language) -> str:
    """Return the headline in one line: who of the visitors is served, by service; empty without visitors.

    Where offers state their places, it says that room is judged among visitors alone.
    """
    found = visitors_headline(results)
    if not found:
        return ""
    zh, services = language == "zh", results.inputs.services
    who = next(iter(results.visitors))
    names = {
        each.id: (each.zh if zh else each.en) or each.id
        for number, each in enumerate(services)
        if visitors_totals(results, who, number)[1] is not None
    }
    total, places = next(iter(found.values()))["visitors"], len(results.inputs.visitors)
    walker = walker_name(replace(results, coverage=results.visitors[who]), language)
    if zh:
        told = "，".join(
            f"{names[key]}{row['served']:,}人达标" for key, row in found.items() if key in names
        )
        room = "；接待能力只在访客之间核算，不与居民合计" if _room_counts(results) else ""
        return f"访客（另计，不计入居民）{places:,}处{total:,}人，按{walker}步行：{told or '无标准'}{room}"
    told = ", ".join(
        f"{names[key]} for {row['served']:,}" for key, row in found.items() if key in names
    )
    head = f"Visitors (apart from residents): {total:,} at {places:,} places, walker: {walker}"
    room = (
        "; room is judged among visitors alone, not shared with residents"
        if _room_counts(results)
        else ""
    )
    return f"{head}; {told or 'no standard'}{room}"


def _room_counts(results: Results) -> bool:
    """Return whether any visitor's verdict asks for places at an offer that states how many it has."""
    asked = {
        row.service
        for row in next(iter(results.visitors.values())).rows
        if row.need and row.need.places_per_1000
    }
    services = {results.inputs.services[number].id for number in asked}
    return any(offer.capacity is not None and offer.service in services for offer in results.offers)


def _row(results: Results, walker: str, judgment: Judgment) -> dict[str, Any]:
    place, need = results.inputs.visitors[judgment.block], judgment.need
    counted = has_people(place)
    kinds = (ExitKind.GIVEN,) * len(results.inputs.visitors)  # visitors stand where the table says
    seen = replace(
        results,
        demand=replace(results.demand, exit_kind=kinds),
        coverage=results.visitors[walker],
        blocks=results.inputs.visitors,
    )
    return {
        "place_id": place.id,
        "place_name": place.name,
        "service": results.inputs.services[judgment.service].id,
        "visitors": judgment.printed_people if counted else None,
        "visitors_served": judgment.printed_served if counted and need else None,
        "limit": need.limit if need else None,
        "unit": need.unit if need else "",
        "nearest_station": results.stations[judgment.nearest].id if judgment.nearest >= 0 else "",
        "nearest_m": float(tenths(judgment.nearest_m)),
        "verdict": judgment.verdict.value,
        "cure": cure_text(seen, judgment, results.inputs.settings.language),
        "walker": walker,
    }
