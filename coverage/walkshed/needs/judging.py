"""Who is within the limit of which service, and why the others are not (definitions 8 to 10)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, whole
from walkshed.model.coverage import Coverage, Judgment
from walkshed.model.places import Block, Need, PeopleSource, Service, Station
from walkshed.model.verdicts import REASONS, Doubt, Mend, Verdict
from walkshed.needs.capacity import crowd
from walkshed.needs.edge import edge_gap_m
from walkshed.needs.mending import SHARE_TOLERANCE, Cure, best_changes, cure_of
from walkshed.needs.providers import nearest_admitting, quickest_crews, straight_to_admitting
from walkshed.needs.rows import holders
from walkshed.needs.situation import Situation
from walkshed.needs.walks import Walks


@dataclass(frozen=True, slots=True, eq=False)
class _Service:
    """What all blocks have in common for one service."""

    situation: Situation
    station: Int32Array  # (p, 2) nearest and second nearest provider that admits the point
    distance_m: FloatArray  # (p, 2)
    served: FloatArray  # (p,)
    shares: FloatArray  # (b, 1 + reasons): served, then by reason
    other_share: FloatArray  # (b,)
    nearest: Int32Array  # (b,)
    median_m: FloatArray  # (b,)
    radius_m: FloatArray  # (b,)
    reach_m: FloatArray  # (b,)
    cures: list[Cure]  # b
    crew_at: Int32Array  # (b,)
    crew_min: FloatArray  # (b,)
    crew_reach_min: FloatArray  # (b,)


def coverage(
    walks: Walks,
    blocks: tuple[Block, ...],
    stations: tuple[Station, ...],
    found: tuple[Situation, ...],
    *,
    min_share: float,
) -> Coverage:
    """Return the judgment of every block and service, for the walker of the situations.

    ``stations`` are sorted by id. For each service: (1) the nearest provider that admits each
    point, without a limit; (2) the first filter that leaves no provider; (3) who of those served
    finds no room; (4) sums over blocks; (5) the verdicts that follow, and their cures.
    """
    gap_m = edge_gap_m(walks.network, blocks)
    judged = [_judge_service(walks, blocks, stations, each, min_share=min_share) for each in found]
    rows = [
        [
            _judgment(number, each, row, blocks[row], gap_m[row], min_share=min_share)
            for row in range(len(blocks))
        ]
        for number, each in enumerate(judged)
    ]
    return Coverage(
        rows=tuple(
            rows[service][block] for block in range(len(blocks)) for service in range(len(found))
        ),
        services=len(found),
        nearest_station=tuple(each.station for each in judged),
        nearest_m=tuple(each.distance_m for each in judged),
        min_share=min_share,
        walker=found[0].walker.id if found else "adult",
        served=tuple(each.served for each in judged),
    )


def _judge_service(
    walks: Walks,
    blocks: tuple[Block, ...],
    stations: tuple[Station, ...],
    situation: Situation,
    *,
    min_share: float,
) -> _Service:
    demand, block_of, count = walks.demand, situation.block_of, len(blocks)
    provider = nearest_admitting(walks, situation)  # (1)
    station, distance_m = provider.station, provider.distance_m
    distance = distance_m[:, 0]
    reason = _reasons(situation, demand.anchors.on_network, distance)  # (2)
    full = np.where(reason < 0, crowd(situation, demand.people).full, 0.0)  # (3)
    shares = np.zeros((count, 1 + len(REASONS)))  # (4)
    np.add.at(shares, (block_of, reason + 1), demand.weight * (1.0 - full))
    shares[:, REASONS.index(Verdict.FULL) + 1] += np.bincount(
        block_of, weights=demand.weight * full, minlength=count
    )
    crowded = np.where(full > 0, REASONS.index(Verdict.FULL), reason)
    worth = demand.people if np.any(demand.people > 0) else demand.weight
    lacking = np.where(full > 0, full, reason >= 0)
    # (5)
    changes = best_changes(
        situation, crowded, demand.weight * lacking, worth * lacking, len(stations)
    )
    cures = [
        cure_of(
            _verdict(shares[row], situation.needs[row], situation.service, min_share=min_share),
            row,
            float(shares[row, 0]),
            changes,
            situation,
            stations,
            min_share=min_share,
        )
        for row in range(count)
    ]
    reached = np.isfinite(distance)
    crews = quickest_crews(walks, situation)
    come, minutes = (
        crews if crews is not None else (np.full(len(block_of), -1), np.full(len(block_of), np.nan))
    )
    straight = straight_to_admitting(walks, situation)
    near = np.isfinite(straight)
    limits = situation.limit_m[block_of]
    by_radius = np.array(
        [need is not None and need.metric == "radius" for need in situation.needs]
    )[block_of]
    other = np.where(by_radius, distance, straight) <= limits
    return _Service(
        situation=situation,
        station=station,
        distance_m=distance_m,
        served=np.where(reason < 0, 1.0 - full, 0.0),
        shares=shares,
        other_share=np.bincount(block_of, weights=demand.weight * other, minlength=count).astype(
            np.float64
        ),
        nearest=_commonest(block_of[reached], station[reached, 0], demand.weight[reached], count),
        median_m=weighted_quantile(
            block_of[reached], distance[reached], demand.weight[reached], count, 0.5
        ),
        radius_m=weighted_quantile(block_of[near], straight[near], demand.weight[near], count, 0.5),
        reach_m=weighted_quantile(block_of, distance, demand.weight, count, min_share, of_all=True),
        cures=cures,
        crew_at=_commonest(
            block_of[come >= 0], come[come >= 0].astype(np.int32), demand.weight[come >= 0], count
        ),
        crew_min=weighted_quantile(block_of, minutes, demand.weight, count, 0.5, of_all=True),
        crew_reach_min=weighted_quantile(
            block_of, minutes, demand.weight, count, min_share, of_all=True
        ),
    )


def _reasons(situation: Situation, on_network: BoolArray, distance_m: FloatArray) -> IntArray:
    """Return (p,) the first filter that leaves no provider, as an index into REASONS; -1 where none does.

    ``distance_m`` (p,) is the walk to the nearest provider that admits the point, however far.
    Written from the last filter to the first, so that the first one met stands.
    """
    rows, table, points = situation.rows, situation.table, len(distance_m)
    entitled = rows.standing & rows.entitled
    open_to_walker = entitled & rows.accessible
    admitted = (
        table.admits[table.standing].any(axis=0)
        if table.standing.any()
        else np.zeros(len(situation.needs))
    )
    filters = (
        (Verdict.CLOSED, ~holders(rows.point, open_to_walker & rows.open, points)),
        (Verdict.NOT_ACCESSIBLE, ~holders(rows.point, open_to_walker, points)),
        (Verdict.TOO_FAR, ~holders(rows.point, entitled, points)),
        (Verdict.CUT_OFF, np.isinf(distance_m)),
        (Verdict.NOT_ENTITLED, ~admitted.astype(bool)[situation.block_of]),
        (Verdict.NO_PROVIDER, np.full(points, not table.standing.any())),
        (Verdict.OFF_NETWORK, ~on_network),
    )
    reason = np.full(points, -1)
    for verdict, left in filters:
        reason[left] = REASONS.index(verdict)
    return reason


def _judgment(
    number: int, found: _Service, row: int, block: Block, gap_m: float, *, min_share: float
) -> Judgment:
    people = (
        block.people
        if block.people_source is not PeopleSource.NONE and block.people is not None
        else 0.0
    )
    share, *reason_shares = (float(value) for value in found.shares[row])
    situation = found.situation
    need, limit = situation.needs[row], float(situation.limit_m[row])
    verdict = _verdict(found.shares[row], need, situation.service, min_share=min_share)
    reach = float(found.reach_m[row])
    reasons = tuple(people * value for value in reason_shares)
    served = people * share if need is not None else 0.0
    printed_people, printed_served, printed_reasons = printed(
        people, served, reasons if need is not None else ()
    )
    red = verdict in REASONS
    cure = found.cures[row]
    return Judgment(
        block=row,
        service=number,
        need=need,
        limit_m=limit,
        people=people,
        served=served,
        share=share if need is not None else float("nan"),
        reasons=reasons,
        reason_shares=tuple(reason_shares),
        nearest=int(found.nearest[row]),
        nearest_m=float(found.median_m[row]),
        reach_m=reach,
        short_m=max(0.0, reach - limit) if need is not None else float("nan"),
        verdict=verdict,
        doubt=Doubt.EDGE if red and gap_m <= limit else Doubt.NONE,
        add_at=cure.station if cure.mend is Mend.ADD_SERVICE else -1,
        printed_people=printed_people,
        printed_served=printed_served,
        printed_reasons=printed_reasons,
        mend=cure.mend,
        mend_at=cure.station,
        mend_people=cure.people,
        other_share=float(found.other_share[row]) if need is not None else float("nan"),
        nearest_radius_m=float(found.radius_m[row]),
        crew_at=int(found.crew_at[row]),
        crew_min=float(found.crew_min[row]),
        crew_reach_min=float(found.crew_reach_min[row]),
    )


def _verdict(
    shares: FloatArray, need: Need | None, service: Service, *, min_share: float
) -> Verdict:
    """Return ``served`` if the share suffices, else the reason that holds most people; the first of equals.

    ``shares`` are those served, then those left out by reason. Without a need there is
    ``no_standard`` to judge by; a failing block of a service whose list of stations is not declared
    complete is ``not_surveyed``.
    """
    if need is None:
        return Verdict.NO_STANDARD
    if shares[0] >= min_share - SHARE_TOLERANCE:
        return Verdict.SERVED
    if not service.complete:
        return Verdict.NOT_SURVEYED
    return REASONS[int(np.argmax(np.round(shares[1:], 9)))]


def printed(
    people: float, served: float, reasons: tuple[float, ...]
) -> tuple[int, int, tuple[int, ...]]:
    """Return whole people: all, served, and left out by reason, which sum to all − served.

    The reasons take the largest-remainder rounding (Hamilton's method), ties to the earlier reason.
    """
    whole_people = whole(people)
    whole_served = min(whole_people, whole(served))
    if not reasons:
        return whole_people, whole_served, (0,) * len(REASONS)
    left, exact = whole_people - whole_served, sum(reasons)
    if left == 0 or exact <= 0:
        return whole_people, whole_people - left, (0,) * len(reasons)
    quotas = [reason * left / exact for reason in reasons]
    floors = [int(np.floor(quota + SHARE_TOLERANCE)) for quota in quotas]
    order = sorted(range(len(quotas)), key=lambda row: (round(floors[row] - quotas[row], 9), row))
    for row in order[: left - sum(floors)]:
        floors[row] += 1
    return whole_people, whole_served, tuple(floors)


def weighted_quantile(
    group: IntArray,
    value: FloatArray,
    weight: FloatArray,
    groups: int,
    share: float,
    *,
    of_all: bool = False,
) -> FloatArray:
    """Return, per group, the smallest value within which ``share`` of the group's weight lies; nan for an empty group.

    With ``of_all`` the weights of a group sum to 1 already and infinite values count; else shares
    are of those given.
    """
    result = np.full(groups, np.nan)
    if len(group) == 0:
        return result
    order = np.lexsort([value, group])
    group, value, weight = group[order], value[order], weight[order]
    starts = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
    running = np.cumsum(weight)
    before = running[starts] - weight[starts]
    count = np.diff(np.append(starts, len(group)))
    within = running - np.repeat(before, count)
    total = np.ones(len(starts)) if of_all else np.add.reduceat(weight, starts)
    enough = within >= np.repeat(total, count) * share - SHARE_TOLERANCE
    position = np.where(enough, np.arange(len(group)), len(group) - 1)
    first = np.minimum.reduceat(position, starts)
    last = starts + count - 1
    result[group[starts]] = value[np.minimum(first, last)]
    return result


def _commonest(group: IntArray, station: Int32Array, weight: FloatArray, groups: int) -> Int32Array:
    """Return, per group, the station with most weight, the lower one on a tie; -1 for an empty group."""
    result = np.full(groups, -1, dtype=np.int32)
    if len(group) == 0:
        return result
    many = int(station.max()) + 2  # one number for both, -1 (no station) before all others
    keys, dense = np.unique(group.astype(np.int64) * many + station + 1, return_inverse=True)
    of_group, of_station = keys // many, keys % many - 1
    sums = np.round(np.bincount(dense, weights=weight), 9)
    order = np.lexsort([of_station, -sums, of_group])
    chosen, first = np.unique(of_group[order], return_index=True)
    result[chosen] = of_station[order[first]]
    return result
