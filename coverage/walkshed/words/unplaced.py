"""Stations that are left out for want of a place, in words: who they are, and whom they may serve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from walkshed.model.arrays import IntArray, frozen
from walkshed.model.judged.judgments import DOUBTS, Judgment
from walkshed.model.judged.verdicts import Doubt
from walkshed.model.labels import Label, Language
from walkshed.model.results import View
from walkshed.model.town.places import Station
from walkshed.needs.judging.unplaced import may_serve
from walkshed.words.quantities import NAMES, joined

_NAMED = 3


_QUOTED = Label("“{name}”", "{name}")
_AND_MORE = Label("{named}等{all}个站点", "{named} and {more} more")
_DOUBT = Label(
    "（{named}未定位，可能已覆盖，待核实）",
    " Without a place, and may serve the block: {named}; to be checked.",
)
#: What is to be done first, alone or before the cure that is left.
_FIRST = Label("请先补全{named}的坐标或地址", "First give coordinates or an address of {named}")
_THEN = Label("{first}；如仍不达标：{cure}", "{first}; if it still fails: {cure}")


def unplaced_names(stations: Sequence[Station], language: Language, named: int = _NAMED) -> str:
    """Return the names of some stations, the first few where they are many."""
    quoted = [_QUOTED.said(language, name=station.name) for station in stations[:named]]
    listed, more = joined(quoted, NAMES, language), len(stations) - named
    if more <= 0:
        return listed
    return _AND_MORE.said(language, named=listed, all=len(stations), more=more)


def unplaced_doubt_text(view: View, judgment: Judgment, language: Language) -> str:
    """Return that stations without a place may serve a block."""
    return _DOUBT.said(language, named=unplaced_names(_may_serve(view, judgment), language))


def unplaced_cure_text(view: View, judgment: Judgment, cure: str, language: Language) -> str:
    """Return what is to be done first, their places, before the cure that is left."""
    first = _FIRST.said(language, named=unplaced_names(_may_serve(view, judgment), language))
    return _THEN.said(language, first=first, cure=cure) if cure else first


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
