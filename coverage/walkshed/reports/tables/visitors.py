"""Visitors: the content of ``visitors.csv`` and their headline, apart from residents."""

from __future__ import annotations

import numpy as np
import pandas as pd

from walkshed.model.judged.verdicts import Verdict
from walkshed.model.labels import Language
from walkshed.model.results import Results, View
from walkshed.needs.measures.totals import visitors_totals
from walkshed.reports.columns import judged_columns, shared, whole
from walkshed.reports.declared import TEXT, WHOLE, Column, empty_frame, frame_of
from walkshed.words.answers.summary import visitors_text
from walkshed.words.verdicts import walker_name

VISITORS_COLUMNS = (
    Column("place_id", TEXT, "地点编号", "id of the place"),
    Column("place_name", TEXT, "地点名称", "name of the place"),
    *shared("service"),
    Column("visitors", WHOLE, "访客人数", "visitors"),
    Column("visitors_served", WHOLE, "其中达标人数", "those of them who are served"),
    *shared("limit", "unit", "nearest_station", "nearest_m", "verdict", "cure"),
    Column("walker", TEXT, "行走方式", "how they walk"),
)


def visitors_frame(results: Results) -> pd.DataFrame:
    """Return one row per walker, place and service: visitors there, those who are served, and why the others are not.

    Room is judged among visitors alone: the residents' use of an offer takes no place from them,
    nor theirs from it.

    The walkers are those that the study names; the rows of each count the same visitors once.
    """
    parts = [_part(results.visitors_view(name)) for name in results.visitors]
    if not parts:
        return empty_frame(VISITORS_COLUMNS)
    return pd.concat(parts, ignore_index=True)


def visitors_headline(results: Results, walker: str | None = None) -> dict[str, dict[str, int]]:
    """Return, by service, visitors and those served: sums of the rows of ``visitors_frame``; empty without visitors.

    For ``walker``, by default the first that the study names. A service without a standard counts
    nobody as served.
    """
    if not results.visitors:
        return {}
    who = walker or next(iter(results.visitors))
    counts = {
        each.id: visitors_totals(results.visitors[who].judgments, number)
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
    who = next(iter(results.visitors))
    judgments, services = results.visitors[who].judgments, results.inputs.services

    # services that have a standard
    unsurveyed = np.atleast_1d(judgments.has(Verdict.NOT_SURVEYED).any(axis=0))
    served = [
        (service.called(language), found[service.id]["served"], not unsurveyed[number])
        for number, service in enumerate(services)
        if visitors_totals(judgments, number)[1] is not None
    ]
    return visitors_text(
        served,
        language,
        total=next(iter(found.values()))["visitors"],
        places=len(results.inputs.visitors),
        walker=walker_name(results.visitors_view(who), language),
        room_counts=_room_counts(results),
    )


def _room_counts(results: Results) -> bool:
    """Return whether any visitor's verdict asks for places at an offer that states how many it has."""
    judgments = next(iter(results.visitors.values())).judgments
    asks = np.array([*(bool(need.places_per_1000) for need in judgments.needs), False])
    asked = np.atleast_1d(asks[judgments.need].any(axis=0))
    services = {
        service.id for service, some in zip(results.inputs.services, asked, strict=True) if some
    }
    return any(offer.capacity is not None and offer.service in services for offer in results.offers)


def _part(view: View) -> pd.DataFrame:
    """Return the rows of visitors as one walker."""
    judgments = view.judgments
    judged = judgments.counted[:, None] & (judgments.need >= 0)
    services = judgments.shape[1]
    columns = judged_columns(view)
    columns |= {
        "place_id": columns["block_id"],
        "place_name": columns["block_name"],
        "visitors": whole(
            np.repeat(judgments.printed_people, services), np.repeat(judgments.counted, services)
        ),
        "visitors_served": whole(judgments.printed_served, judged),
        "walker": view.answer.walker,
    }
    return frame_of(columns, VISITORS_COLUMNS)
