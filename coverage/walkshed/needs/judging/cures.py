"""The cure of a verdict: at which station which change would serve whom, and what it is worth in residents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    Int8Array,
    Int32Array,
    IntArray,
    distinct,
    distinct_places,
)
from walkshed.model.judged.judgments import MENDS, VERDICTS
from walkshed.model.judged.verdicts import REASONS, Mend, Verdict
from walkshed.model.town.places import Station, Tier
from walkshed.needs.access.floors import mend_of
from walkshed.needs.access.situation import Situation
from walkshed.needs.judging.quantiles import SHARE_TOLERANCE

_ADDING = (
    Verdict.NO_PROVIDER,
    Verdict.NOT_ENTITLED,
    Verdict.CUT_OFF,
    Verdict.TOO_FAR,
    Verdict.NOT_ACCESSIBLE,
)
#: What mends a verdict at the station itself; what opens a building depends on the building.
_OWN_MENDS: Mapping[Verdict, Mend] = {
    Verdict.NOT_ENTITLED: Mend.WIDEN_SCOPE,
    Verdict.CLOSED: Mend.OPEN,
    Verdict.FULL: Mend.PLACES,
}


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """Per block, the station at which a change serves most of its people (the lower id on a tie), and how many."""

    station: Int32Array  # (b,) -1 for none
    share: FloatArray  # (b,) of the block's people who lack the service now
    people: FloatArray  # (t,) of the whole study, by station


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """The best changes: by reason at stations that offer the service, and a service that is added elsewhere.

    ``added`` at a station that may take it on, ``beside`` a station of any kind.
    """

    own: Mapping[Verdict, Best]
    added: Best
    beside: Best


@dataclass(frozen=True, slots=True, eq=False)
class Cures:
    """The one change that mends each block's verdict.

    ``people`` of the whole study would gain the service by it. A new station is a change near
    ``station``: from there so many would be served.
    """

    mend: Int8Array  # (b,) place in MENDS
    station: Int32Array  # (b,) -1 for none
    people: FloatArray  # (b,)


def cures(
    situation: Situation,
    changes: Changes,
    stations: tuple[Station, ...],
    *,
    verdict: Int8Array,
    share: FloatArray,
    min_share: float,
) -> Cures:
    """Return the cure of every block: at a station that offers the service, at one that may, or a new one beside one.

    A change that suffices goes before one that only helps; none where nothing at one standing
    station helps, and where the verdict is no reason. ``verdict`` (b,) are places in VERDICTS,
    ``share`` (b,) what is served now.
    """
    blocks = len(verdict)
    mend = np.full(blocks, MENDS.index(Mend.NONE), dtype=np.int8)
    station, people = np.full(blocks, -1, dtype=np.int32), np.zeros(blocks)

    def suffices(best: Best) -> BoolArray:
        enough = share + best.share >= min_share - SHARE_TOLERANCE
        return np.asarray((best.station >= 0) & enough, dtype=bool)

    # a service where it is lacking: a new station beside one, or rather at one that may take it on
    red = np.isin(verdict, [VERDICTS.index(reason) for reason in REASONS])
    for word, best in (
        (Mend.NEW_STATION, changes.beside),
        (Mend.ADD_SERVICE, changes.added),
    ):
        added = red & suffices(best)
        mend[added] = MENDS.index(word)
        station[added], people[added] = best.station[added], best.people[best.station[added]]
    elsewhere = mend != MENDS.index(Mend.NONE)

    # a change at a station that offers it, where that suffices or nothing else does
    for reason, own in changes.own.items():
        chosen = (verdict == VERDICTS.index(reason)) & red & (own.station >= 0)
        chosen &= suffices(own) | ~elsewhere
        if chosen.any():
            at = own.station[chosen]
            mend[chosen] = _mends(reason, stations, situation)[at]
            station[chosen], people[chosen] = at, own.people[at]
    return Cures(mend, station, people)


def best_changes(
    situation: Situation,
    reason: IntArray,
    *,
    weight: FloatArray,
    people: FloatArray,
    stations: tuple[Station, ...],
) -> Changes:
    """Return, by reason, the best single change against it, and the best places to add the service.

    Each counts the residents who would be served by it and are not now: not_entitled by admitting
    them, not_accessible by an open ground floor, closed by being open, full by more places.
    ``reason`` (p,) are places in REASONS, -1 for none; ``weight`` and ``people`` (p,) those who
    lack the service.
    """
    rows = situation.rows
    why = reason[rows.point]
    standing = rows.standing

    def code(verdict: Verdict) -> int:
        return REASONS.index(verdict)

    ways: dict[Verdict, BoolArray] = {
        Verdict.NOT_ENTITLED: standing & ~rows.entitled & rows.accessible & rows.open,
        Verdict.NOT_ACCESSIBLE: (
            standing & rows.entitled & ~rows.accessible & rows.mendable & rows.open
        ),
        Verdict.CLOSED: standing & rows.entitled & rows.accessible & ~rows.open,
        Verdict.FULL: standing & rows.accepted(),
    }
    addable = np.isin(why, [code(verdict) for verdict in _ADDING])
    adding = ~standing & rows.accepted() & addable
    takes = may_take_on(situation.service.id, stations)[rows.station]

    def best(useful: BoolArray) -> Best:
        return _best(situation, useful, weight=weight, people=people, stations=len(stations))

    own = {verdict: best(way & (why == code(verdict))) for verdict, way in ways.items()}
    added = best(adding & takes)
    return Changes(own, added, added if takes.all() else best(adding))


def may_take_on(service: str, stations: tuple[Station, ...]) -> BoolArray:
    """Return (t,) whether each station is a place at which a service may be added.

    A facility that was read off the map, of one service alone, is no such place (a school does not
    open at a pharmacy), unless some station offers that service and its own together.
    """
    together = [set(station.services) for station in stations if len(station.services) > 1]
    beside = set().union(*(services for services in together if service in services))

    facility = [
        station.illustrative and station.tier is Tier.MICRO and len(station.services) == 1
        for station in stations
    ]
    fits = [not beside.isdisjoint(station.services) for station in stations]
    takes: BoolArray = ~np.array(facility, dtype=bool) | np.array(fits, dtype=bool)
    return takes


def _mends(reason: Verdict, stations: tuple[Station, ...], situation: Situation) -> Int8Array:
    """Return (t,) what mends a reason at each station, as places in MENDS."""
    if reason is Verdict.NOT_ACCESSIBLE:
        closed = [mend_of(station, situation.walker) for station in stations]
        # the climb takes too long
        words: list[Mend] = [Mend.GROUND_FLOOR if mend is Mend.NONE else mend for mend in closed]
    else:
        words = [_OWN_MENDS[reason]] * len(stations)
    return np.array([MENDS.index(mend) for mend in words], dtype=np.int8)


def _best(
    situation: Situation,
    useful: BoolArray,
    *,
    weight: FloatArray,
    people: FloatArray,
    stations: int,
) -> Best:
    blocks = situation.blocks
    best, share = np.full(blocks, -1, dtype=np.int32), np.zeros(blocks)
    if not useful.any():
        return Best(best, share, np.zeros(stations))

    # a station with two offers of the service still serves a point once
    rows, offered_at = situation.rows, situation.table.station
    point, station = rows.point[useful].astype(np.int64), rows.station[useful].astype(np.int64)
    if len(offered_at) > len(np.unique(offered_at)):
        pair = distinct(point * stations + station)
        point, station = pair // stations, pair % stations
    of_station = np.bincount(station, weights=people[point], minlength=stations)

    # what each station would serve of each block
    keys, dense = distinct_places(situation.block_of[point] * stations + station)
    sums = np.round(np.bincount(dense, weights=weight[point]), 9)
    block, station = keys // stations, keys % stations

    # the best of each block
    order = np.lexsort([station, -sums, block])
    chosen, first = np.unique(block[order], return_index=True)
    best[chosen], share[chosen] = station[order][first], sums[order][first]
    return Best(best, share, of_station.astype(np.float64))
