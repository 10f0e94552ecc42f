"""Visitors: the content of ``visitors.csv`` and their headline, apart from residents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from walkshed.model.coverage import Judgment
from walkshed.model.results import Results
from walkshed.model.verdicts import ExitKind
from walkshed.needs.wording import cure_text
from walkshed.reports.figures import has_people, tenths

VISITORS_COLUMNS = (
    *("place_id", "place_name", "service", "visitors", "visitors_served", "limit", "unit"),
    *("nearest_station", "nearest_m", "verdict", "cure"),
)


def visitors_frame(results: Results) -> pd.DataFrame:
    """Return one row per place and service: visitors there, those within the limit on foot, as adults, and why not."""
    rows = [] if results.visitors is None else [_row(results, judgment) for judgment in results.visitors.rows]
    frame = pd.DataFrame.from_records(rows, columns=list(VISITORS_COLUMNS))
    return frame.astype({"visitors": "Int64", "visitors_served": "Int64"})


def visitors_headline(results: Results) -> dict[str, dict[str, int]]:
    """Return, by service, visitors and those served: sums of the rows of ``visitors_frame``; empty without visitors."""
    frame = visitors_frame(results)
    return {
        str(service): {"visitors": int(rows["visitors"].sum()), "served": int(rows["visitors_served"].sum())}
        for service, rows in frame.groupby("service", sort=False)
    }


def _row(results: Results, judgment: Judgment) -> dict[str, Any]:
    place, need = results.inputs.visitors[judgment.block], judgment.need
    counted = has_people(place)
    kinds = (ExitKind.GIVEN,) * len(results.inputs.visitors)  # visitors stand where the table says
    seen = replace(results, demand=replace(results.demand, exit_kind=kinds))
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
    }
