"""Stations that are left out for want of a place, in words: who they are, and whom they may serve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from walkshed.model.arrays import IntArray, frozen
from walkshed.model.judged.judgments import DOUBTS, Judgment
from walkshed.model.judged.verdicts import Doubt
from walkshed.model.results import Language, View
from walkshed.model.town.places import Station
from walkshed.needs.judging.unplaced import may_serve

_NAMED = 3


def unplaced_names(stations: Sequence[Station], language: Language, named: int = _NAMED) -> str:
    """Return the names of some stations, the first few where they are many."""
    names, more = [station.name for station in stations[:named]], len(stations) - named
    if language == "zh":
        quoted = "、".join(f"“{name}”" for name in names)
        return f"{quoted}等{len(stations)}个站点" if more > 0 else quoted
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def unplaced_doubt_text(view: View, judgment: Judgment, language: Language) -> str:
    """Return that stations without a place may serve a block."""
    names = unplaced_names(_may_serve(view, judgment), language)
    if language == "zh":
        return f"（{names}未定位，可能已覆盖，待核实）"
    return f" Without a place, and may serve the block: {names}; to be checked."


def unplaced_cure_text(view: View, judgment: Judgment, cure: str, language: Language) -> str:
    """Return what is to be done first, their places, before the cure that is left."""
    names = unplaced_names(_may_serve(view, judgment), language)
    if language == "zh":
        first, then = f"请先补全{names}的坐标或地址", "；如仍不达标："
    else:
        first, then = f"First give coordinates or an address of {names}", "; if it still fails: "
    return f"{first}{then}{cure}" if cure else first


def unplaced_sets(view: View) -> IntArray:
    """Return (b, s) numbers that tell apart which stations without a place may serve a block; -1 for none in doubt."""
    judgments = view.judgments
    sets = np.full(judgments.shape, -1, dtype=np.int64)
    doubted = judgments.doubt == DOUBTS.index(Doubt.UNPLACED)
    if not doubted.any():
        return frozen(sets)

    may = np.array([may_serve(station, view.blocks) for station in view.inputs.unplaced])
    for column, service in enumerate(view.inputs.services):
        offering = [service.id in station.services for station in view.inputs.unplaced]
        _, number = np.unique(may[offering], axis=1, return_inverse=True)
        sets[:, column] = np.where(doubted[:, column], number.ravel(), -1)
    return frozen(sets)


def _may_serve(view: View, judgment: Judgment) -> list[Station]:
    """Return the stations without a place that may serve a block."""
    service = view.inputs.services[judgment.service].id
    return [
        station
        for station in view.inputs.unplaced
        if service in station.services and may_serve(station, view.blocks)[judgment.block]
    ]
