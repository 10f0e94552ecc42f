"""The cure of a verdict: at which station which change would serve whom, and what it is worth in residents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray
from walkshed.model.places import Station
from walkshed.model.verdicts import REASONS, Mend, Verdict
from walkshed.needs.access import mend_of
from walkshed.needs.situation import Situation

_ADDING = (
    Verdict.NO_PROVIDER,
    Verdict.NOT_ENTITLED,
    Verdict.CUT_OFF,
    Verdict.TOO_FAR,
    Verdict.NOT_ACCESSIBLE,
)
#: Shares are sums of floats: a share this little below another is equal to it.
SHARE_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """Per block, the station at which a change serves most of its people (the lower id on a tie), and how many."""

    station: Int32Array  # (b,) -1 for none
    share: FloatArray  # (b,) of the block's people who lack the service now
    people: FloatArray  # (t,) of the whole study, by station


@dataclass(frozen=True, slots=True)
class Cure:
    """One change at one station; ``people`` of the whole study would gain the service by it."""

    mend: Mend
    station: int
    people: float


NO_CURE = Cure(Mend.NONE, -1, 0.0)


def best_changes(
    situation: Situation, reason: IntArray, weight: FloatArray, people: FloatArray, stations: int
) -> dict[Verdict, Best]:
    """Return, by reason, the best single change against it; under ``served`` the best station to add the service.

    Each counts the residents who would be served by it and are not now: not_entitled by admitting
    them, not_accessible by an open ground floor, closed by being open, full by more places.
    """
    rows = situation.rows
    why = reason[rows.point]
    standing = rows.standing

    def code(verdict: Verdict) -> int:
        return REASONS.index(verdict)

    ways: dict[Verdict, BoolArray] = {
        Verdict.NOT_ENTITLED: standing & ~rows.entitled & rows.accessible & rows.open,
        Verdict.NOT_ACCESSIBLE: standing
        & rows.entitled
        & ~rows.accessible
        & rows.mendable
        & rows.open,
        Verdict.CLOSED: standing & rows.entitled & rows.accessible & ~rows.open,
        Verdict.FULL: standing & rows.accepted(),
    }
    found = {
        verdict: _best(situation, way & (why == code(verdict)), weight, people, stations)
        for verdict, way in ways.items()
    }
    addable = np.isin(why, [code(verdict) for verdict in _ADDING])
    adding = ~standing & rows.accepted() & addable
    return found | {Verdict.SERVED: _best(situation, adding, weight, people, stations)}


def cure_of(
    verdict: Verdict,
    block: int,
    share: float,
    changes: dict[Verdict, Best],
    situation: Situation,
    stations: tuple[Station, ...],
    *,
    min_share: float,
) -> Cure:
    """Return the one change that mends the verdict of a block: at a station that offers the service, else at another.

    A change that suffices goes before one that only helps; ``none`` where nothing at one standing
    station helps.
    """
    if verdict not in REASONS:
        return NO_CURE

    def suffices(best: Best) -> bool:
        return bool(
            best.station[block] >= 0 and share + best.share[block] >= min_share - SHARE_TOLERANCE
        )

    own, adding = changes.get(verdict), changes[Verdict.SERVED]
    if own is not None and own.station[block] >= 0 and (suffices(own) or not suffices(adding)):
        station = int(own.station[block])
        return Cure(
            _mend(verdict, stations[station], situation), station, float(own.people[station])
        )
    if suffices(adding):
        station = int(adding.station[block])
        return Cure(Mend.ADD_SERVICE, station, float(adding.people[station]))
    return NO_CURE


def _mend(verdict: Verdict, station: Station, situation: Situation) -> Mend:
    if verdict is Verdict.NOT_ACCESSIBLE:
        closed = mend_of(station, situation.walker)
        return Mend.GROUND_FLOOR if closed is Mend.NONE else closed  # the climb takes too long
    return {
        Verdict.NOT_ENTITLED: Mend.WIDEN_SCOPE,
        Verdict.CLOSED: Mend.OPEN,
        Verdict.FULL: Mend.PLACES,
    }[verdict]


def _best(
    situation: Situation, useful: BoolArray, weight: FloatArray, people: FloatArray, stations: int
) -> Best:
    blocks = len(situation.needs)
    best, share = np.full(blocks, -1, dtype=np.int32), np.zeros(blocks)
    if not useful.any():
        return Best(best, share, np.zeros(stations))
    # A station with two offers of the service still serves a point once.
    pair = np.unique(situation.rows.point[useful] * stations + situation.rows.station[useful])
    point, station = pair // stations, pair % stations
    of_station = np.bincount(station, weights=people[point], minlength=stations).astype(np.float64)
    keys, dense = np.unique(situation.block_of[point] * stations + station, return_inverse=True)
    sums = np.round(np.bincount(dense.ravel(), weights=weight[point]), 9)
    block, station = keys // stations, keys % stations
    order = np.lexsort([station, -sums, block])
    chosen, first = np.unique(block[order], return_index=True)
    best[chosen], share[chosen] = station[order][first], sums[order][first]
    return Best(best, share, of_station)
