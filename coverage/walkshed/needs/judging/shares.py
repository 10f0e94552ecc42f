"""Who is within the limit of which service, and why the others are not (definitions 8 to 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    Int8Array,
    Int32Array,
    IntArray,
    frozen,
    read_only,
)
from walkshed.model.ground.walking import Nearest
from walkshed.model.judged.judgments import DOUBTS, VERDICTS, Judgments, codes_of
from walkshed.model.judged.verdicts import REASONS, Doubt, Verdict
from walkshed.model.town.places import Block, Need, PeopleSource
from walkshed.needs.access.capacity import full_share
from walkshed.needs.access.providers import nearest_admitting, quickest_crews, straight_to_admitting
from walkshed.needs.access.rows import holders
from walkshed.needs.access.situation import People, Situation, Supply
from walkshed.needs.judging.cures import Cures, best_changes, cures
from walkshed.needs.judging.guessing import nearest_inside
from walkshed.needs.judging.matrix import worth_of
from walkshed.needs.judging.printing import printed
from walkshed.needs.judging.quantiles import SHARE_TOLERANCE, commonest, spread

_FULL = REASONS.index(Verdict.FULL)


@dataclass(frozen=True, slots=True, eq=False)
class JudgedPoints:
    """One service before one walker, point by point: p points."""

    nearest: Nearest  # the nearest and second nearest provider that admits the point
    served: FloatArray  # (p,)


@dataclass(frozen=True, slots=True, eq=False)
class JudgedService:
    """One service before one walker, block by block: b blocks, r reasons."""

    needs: tuple[Need, ...]
    need_of: Int32Array  # (b,) place in ``needs``, -1 without one
    limit_m: FloatArray  # (b,)
    share: FloatArray  # (b,) served, need or not
    reason_shares: FloatArray  # (b, r)
    verdict: Int8Array  # (b,)
    other_share: FloatArray  # (b,)
    nearest: Int32Array  # (b,)
    median_m: FloatArray  # (b,)
    radius_m: FloatArray  # (b,)
    reach_m: FloatArray  # (b,)
    cures: Cures
    crew_at: Int32Array  # (b,)
    crew_min: FloatArray  # (b,)
    crew_reach_min: FloatArray  # (b,)
    inside: BoolArray  # (b,) some walk to the nearest station inside their compound
    in_doubt: BoolArray  # (b,) served if these walks are straight, and not if they are much longer


def judged_service(
    people: People, supply: Supply, situation: Situation, *, min_share: float
) -> tuple[JudgedService, JudgedPoints]:
    """Return the judgment of every block for one service and walker, and of every point.

    (1) The nearest provider that admits each point, without a limit; (2) the first filter that
    leaves no provider; (3) who of those served finds no room; (4) sums over blocks; (5) the
    verdicts that follow, and their cures; (6) distances as a block has them.
    """
    demand, blocks = people.walks.demand, situation.blocks
    block_of, weight = situation.block_of, demand.weight

    provider = nearest_admitting(people.walks, situation)  # (1)
    distance = provider.distance_m[:, 0]
    reason = _reasons(situation, demand.anchors.on_network, distance)  # (2)
    full = np.where(reason < 0, full_share(situation, demand.people), 0.0)  # (3)

    share, reason_shares = _shares(situation, weight, reason, full)  # (4)
    verdict = _verdicts(situation, share, reason_shares, min_share=min_share)  # (5)
    lacking = np.where(full > 0, full, reason >= 0)
    changes = best_changes(
        situation,
        np.where(full > 0, _FULL, reason),
        weight=weight * lacking,
        people=worth_of(demand) * lacking,
        stations=supply.stations,
    )
    mends = cures(
        situation, changes, supply.stations, verdict=verdict, share=share, min_share=min_share
    )

    away = spread(block_of, distance, weight, blocks)  # (6)
    reached = np.isfinite(distance)
    nearest = commonest(
        block_of[reached], provider.station[reached, 0], weight[reached], groups=blocks
    )
    straight = straight_to_admitting(people.walks, situation)
    crew_at, crew_min, crew_reach_min = _crews(people, situation, min_share=min_share)
    points = JudgedPoints(provider, np.where(reason < 0, 1.0 - full, 0.0))
    return JudgedService(
        needs=situation.needs,
        need_of=situation.need_of,
        limit_m=situation.limit_m,
        share=share,
        reason_shares=reason_shares,
        verdict=verdict,
        other_share=_other_share(situation, weight, distance, straight),
        nearest=nearest,
        median_m=away.quantile(0.5, of="finite"),
        radius_m=spread(block_of, straight, weight, blocks).quantile(0.5, of="finite"),
        reach_m=away.quantile(min_share, of="one"),
        cures=mends,
        crew_at=crew_at,
        crew_min=crew_min,
        crew_reach_min=crew_reach_min,
        inside=nearest_inside(people.walks, nearest, provider),
        in_doubt=np.zeros(blocks, dtype=bool),
    ), points


def judgments(
    services: Sequence[JudgedService],
    blocks: tuple[Block, ...],
    gap_m: FloatArray,
    missing: BoolArray,
    unplaced: BoolArray,
) -> Judgments:
    """Return the judgments of all services as columns.

    ``gap_m`` (b,) are the meters from each block to the edge of the map data; ``missing`` (b, s)
    marks where the map lacks a way to any provider, ``unplaced`` (b, s) where a station without a place
    may stand. (1) Needs, each once; (2) people as they are printed; (3) doubt, where a station beyond
    the edge may serve a block, or a missing way, or, before both, a shorter walk inside its compound
    than was counted, or, before all, a station without a place.
    """
    needs, need = _needs(services, len(blocks))  # (1)
    has_need = need >= 0

    def stacked(parts: Sequence[np.ndarray], dtype: type) -> np.ndarray:
        if not parts:
            return frozen(np.zeros((len(blocks), 0), dtype=dtype))
        return read_only(np.stack(parts, axis=1), dtype)

    people, counted = _people(blocks)  # (2)
    share = stacked([each.share for each in services], np.float64)
    reason_shares = (
        stacked([each.reason_shares for each in services], np.float64)
        if services
        else frozen(np.zeros((len(blocks), 0, len(REASONS))))
    )
    printed_people, printed_served, printed_reasons = _printed(
        people, share, reason_shares, has_need
    )

    limit_m = stacked([each.limit_m for each in services], np.float64)  # (3)
    verdict = stacked([each.verdict for each in services], np.int8)
    red = np.isin(verdict, codes_of(*REASONS))
    near_edge = red & (gap_m[:, None] <= limit_m)
    doubt = np.where(near_edge, DOUBTS.index(Doubt.EDGE), DOUBTS.index(Doubt.NONE))
    by_guess = red & stacked([each.in_doubt for each in services], np.bool_)
    doubt = np.where(red & missing, DOUBTS.index(Doubt.STREETS), doubt)
    doubt = np.where(by_guess, DOUBTS.index(Doubt.INSIDE), doubt)
    doubt = np.where(red & unplaced, DOUBTS.index(Doubt.UNPLACED), doubt)

    return Judgments(
        needs=needs,
        need=need,
        limit_m=limit_m,
        people=people,
        counted=counted,
        share=frozen(np.where(has_need, share, np.nan)),
        reason_shares=reason_shares,
        nearest=stacked([each.nearest for each in services], np.int32),
        nearest_m=stacked([each.median_m for each in services], np.float64),
        reach_m=stacked([each.reach_m for each in services], np.float64),
        verdict=verdict,
        doubt=read_only(doubt, np.int8),
        printed_people=printed_people,
        printed_served=printed_served,
        printed_reasons=printed_reasons,
        mend=stacked([each.cures.mend for each in services], np.int8),
        mend_at=stacked([each.cures.station for each in services], np.int32),
        mend_people=stacked([each.cures.people for each in services], np.float64),
        other_share=frozen(
            np.where(has_need, stacked([each.other_share for each in services], np.float64), np.nan)
        ),
        nearest_radius_m=stacked([each.radius_m for each in services], np.float64),
        crew_at=stacked([each.crew_at for each in services], np.int32),
        crew_min=stacked([each.crew_min for each in services], np.float64),
        crew_reach_min=stacked([each.crew_reach_min for each in services], np.float64),
        inside=stacked([each.inside for each in services], np.bool_),
    )


def _reasons(situation: Situation, on_network: BoolArray, distance_m: FloatArray) -> Int8Array:
    """Return (p,) the first filter that leaves no provider, as an index into REASONS; -1 where none does.

    ``distance_m`` (p,) is the walk to the nearest provider that admits the point, however far.
    Written from the last filter to the first, so that the first one met stands.
    """
    rows, table, points = situation.rows, situation.table, len(distance_m)
    entitled = rows.standing & rows.entitled
    open_to_walker = entitled & rows.accessible
    admitted = np.asarray(table.admits[table.standing].any(axis=0), dtype=bool)
    filters = (
        (Verdict.CLOSED, ~holders(rows.point, open_to_walker & rows.open, points)),
        (Verdict.NOT_ACCESSIBLE, ~holders(rows.point, open_to_walker, points)),
        (Verdict.TOO_FAR, ~holders(rows.point, entitled, points)),
        (Verdict.CUT_OFF, np.isinf(distance_m)),
        (Verdict.NOT_ENTITLED, ~admitted[situation.block_of]),
        (Verdict.NO_PROVIDER, np.full(points, not table.standing.any())),
        (Verdict.OFF_NETWORK, ~on_network & np.isinf(distance_m)),
    )
    reason = np.full(points, -1, dtype=np.int8)
    for verdict, left in filters:
        reason[left] = REASONS.index(verdict)
    return reason


def _shares(
    situation: Situation, weight: FloatArray, reason: Int8Array, full: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return (b,) the share of each block that is served, and (b, r) the shares left out by reason."""
    blocks, columns = situation.blocks, 1 + len(REASONS)
    cell = situation.block_of * columns + reason + 1
    sums = np.bincount(cell, weights=weight * (1.0 - full), minlength=blocks * columns)
    shares = sums.astype(np.float64).reshape(blocks, columns)
    if full.any():
        without_room = np.bincount(situation.block_of, weights=weight * full, minlength=blocks)
        shares[:, 1 + _FULL] += without_room
    return shares[:, 0], shares[:, 1:]


def _verdicts(
    situation: Situation, share: FloatArray, reason_shares: FloatArray, *, min_share: float
) -> Int8Array:
    """Return (b,) ``served`` if the share suffices, else the reason that holds most people; the first of equals.

    Without a need there is ``no_standard`` to judge by; a failing block of a service whose list of
    stations is not declared complete is ``not_surveyed``.
    """
    reasons = np.array(codes_of(*REASONS), dtype=np.int8)
    if situation.service.complete:
        failing = reasons[np.argmax(np.round(reason_shares, 9), axis=1)]
    else:
        failing = np.full(situation.blocks, VERDICTS.index(Verdict.NOT_SURVEYED), dtype=np.int8)
    enough = share >= min_share - SHARE_TOLERANCE
    judged = np.where(enough, VERDICTS.index(Verdict.SERVED), failing)
    no_standard = VERDICTS.index(Verdict.NO_STANDARD)
    return np.where(situation.need_of >= 0, judged, no_standard).astype(np.int8)


def _other_share(
    situation: Situation, weight: FloatArray, distance: FloatArray, straight: FloatArray
) -> FloatArray:
    """Return (b,) the share within the limit by the metric that does not decide."""
    radius = situation.by_need(lambda need: need.metric == "radius", without=0.0) > 0
    block_of = situation.block_of
    other = np.where(radius[block_of], distance, straight) <= situation.limit_m[block_of]
    sums = np.bincount(block_of, weights=weight * other, minlength=situation.blocks)
    return sums.astype(np.float64)


def _crews(
    people: People, situation: Situation, *, min_share: float
) -> tuple[Int32Array, FloatArray, FloatArray]:
    """Return (b,) whose crew is first for most, its median minutes, and those until enough doors."""
    blocks, block_of = situation.blocks, situation.block_of
    weight = people.walks.demand.weight
    crews = quickest_crews(people.walks, situation)
    if crews is None:
        never = np.full(blocks, np.nan)
        return np.full(blocks, -1, dtype=np.int32), never, never

    station, minutes = crews
    comes = station >= 0
    first = commonest(
        block_of[comes], station[comes].astype(np.int32), weight[comes], groups=blocks
    )
    times = spread(block_of, minutes, weight, blocks)
    return first, times.quantile(0.5, of="one"), times.quantile(min_share, of="one")


def _needs(services: Sequence[JudgedService], blocks: int) -> tuple[tuple[Need, ...], Int32Array]:
    """Return the needs of all services, each once, and (b, s) the place of each block's."""
    found: dict[Need, int] = {}
    need = np.full((blocks, len(services)), -1, dtype=np.int32)
    for column, judged in enumerate(services):
        of_service = [found.setdefault(each, len(found)) for each in judged.needs]
        need[:, column] = np.array([*of_service, -1])[judged.need_of]

    # in the order in which blocks, then services, meet them
    listed, first = np.unique(need, return_index=True)
    order = listed[np.argsort(first)]
    order = order[order >= 0]
    place = np.full(len(found) + 1, -1, dtype=np.int32)
    place[order] = np.arange(len(order))
    distinct = tuple(found)
    return tuple(distinct[number] for number in order), frozen(place[need])


def _people(blocks: tuple[Block, ...]) -> tuple[FloatArray, BoolArray]:
    """Return (b,) the people of each block, 0 where nobody stated or estimated them, and whether anybody did."""
    counted = [
        block.people_source is not PeopleSource.NONE and block.people is not None
        for block in blocks
    ]
    people = [block.people or 0.0 for block in blocks]
    known = read_only(counted, np.bool_)
    return frozen(np.where(known, np.array(people, dtype=np.float64), 0.0)), known


def _printed(
    people: FloatArray, share: FloatArray, reason_shares: FloatArray, has_need: BoolArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Return whole people: (b,) all, (b, s) served, and (b, s, r) left out by reason; 0 without a need."""
    blocks, services = share.shape
    every = np.repeat(people, services)
    served = np.where(has_need, people[:, None] * share, 0.0).ravel()
    reasons = (people[:, None, None] * reason_shares * has_need[:, :, None]).reshape(
        blocks * services, len(REASONS)
    )
    _, whole_served, whole_reasons = printed(every, served, reasons)
    return (
        frozen(np.floor(people + 0.5).astype(np.int64)),
        frozen(whole_served.reshape(blocks, services)),
        frozen(whole_reasons.reshape(blocks, services, len(REASONS))),
    )
