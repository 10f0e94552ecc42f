"""Who is within the limit of which service, and why the others are not (definitions 8 to 10)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray
from walkshed.model.coverage import Coverage, Demand, Judgment
from walkshed.model.network import StreetNetwork
from walkshed.model.places import Block, Need, PeopleSource, Service, Station
from walkshed.model.verdicts import REASONS, Doubt, Verdict
from walkshed.model.walking import Anchors, Nearest, Pairs
from walkshed.needs.standards import limit_m, need_for
from walkshed.walk.distances import nearest

#: Shares are sums of floats: a share this little below ``min_share`` is equal to it.
SHARE_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class _Service:
    """What all blocks have in common for one service."""

    needs: list[Need | None]  # b
    limit_m: FloatArray  # (b,)
    station: Int32Array  # (p, 2) nearest and second nearest provider
    distance_m: FloatArray  # (p, 2)
    reason: IntArray  # (p,) index into REASONS, -1 where served
    shares: FloatArray  # (b, 1 + reasons): served, then by reason
    nearest: Int32Array  # (b,)
    median_m: FloatArray  # (b,)
    reach_m: FloatArray  # (b,)


def coverage(
    network: StreetNetwork,
    demand: Demand,
    blocks: tuple[Block, ...],
    stations: tuple[Station, ...],
    anchors: Anchors,
    services: tuple[Service, ...],
    needs: tuple[Need, ...],
    pairs: Pairs,
    *,
    min_share: float,
) -> Coverage:
    """Return the judgment of every block and service.

    ``stations`` are sorted by id and ``anchors`` are theirs; ``pairs`` hold the walks from demand points to all
    stations up to the largest limit. For each service: (1) the need and limit of each block; (2) the nearest provider
    of each point, without a limit; (3) the first filter that leaves no provider; (4) sums over blocks; (5) verdicts.
    """
    block_of = demand.block
    gap_m = edge_gap_m(network, blocks)
    rows: list[list[Judgment]] = []
    found: list[_Service] = []
    for number, service in enumerate(services):
        offering = np.array([service.id in station.services for station in stations], dtype=bool)
        rows_of = _judge_service(
            network, demand, blocks, block_of, anchors, service, needs, offering, min_share=min_share
        )
        add_at = _mending_station(pairs, demand, block_of, rows_of.limit_m, offering, min_share=min_share)
        rows.append(
            [
                _judgment(number, service, row, blocks[row], rows_of, add_at[row], gap_m[row], min_share=min_share)
                for row in range(len(blocks))
            ]
        )
        found.append(rows_of)
    return Coverage(
        rows=tuple(rows[service][block] for block in range(len(blocks)) for service in range(len(services))),
        services=len(services),
        nearest_station=tuple(result.station for result in found),
        nearest_m=tuple(result.distance_m for result in found),
        min_share=min_share,
    )


def _judge_service(
    network: StreetNetwork,
    demand: Demand,
    blocks: tuple[Block, ...],
    block_of: IntArray,
    anchors: Anchors,
    service: Service,
    needs: tuple[Need, ...],
    offering: BoolArray,
    *,
    min_share: float,
) -> _Service:
    of_block = [need_for(needs, block.kind, service) for block in blocks]  # (1)
    limits = np.array([limit_m(need) for need in of_block])
    providers = np.flatnonzero(offering & anchors.on_network)
    result = nearest(network, demand.anchors, anchors.take(providers))  # (2)
    station = _renumbered(result, providers)
    distance = result.distance_m[:, 0]
    reason = _reasons(demand.anchors.on_network, len(providers) > 0, distance, limits[block_of])  # (3)
    shares = np.zeros((len(blocks), 1 + len(REASONS)))  # (4)
    np.add.at(shares, (block_of, reason + 1), demand.weight)
    reached = np.isfinite(distance)
    return _Service(
        needs=of_block,
        limit_m=limits,
        station=station,
        distance_m=result.distance_m,
        reason=reason,
        shares=shares,
        nearest=_commonest(block_of[reached], station[reached, 0], demand.weight[reached], len(blocks)),
        median_m=weighted_quantile(block_of[reached], distance[reached], demand.weight[reached], len(blocks), 0.5),
        reach_m=weighted_quantile(block_of, distance, demand.weight, len(blocks), min_share, of_all=True),
    )


def _renumbered(result: Nearest, providers: IntArray) -> Int32Array:
    """Return station indices of the whole study for those among the providers; -1 stays."""
    table = np.append(providers, -1).astype(np.int32)
    return table[result.station]


def _reasons(on_network: BoolArray, any_provider: bool, distance_m: FloatArray, limits_m: FloatArray) -> IntArray:
    """Return (p,) the first filter that leaves no provider, as an index into REASONS; -1 where none does."""
    reason = np.full(len(distance_m), -1)
    reason[~(distance_m <= limits_m)] = REASONS.index(Verdict.TOO_FAR)  # nan limits, too: not judged, see verdict
    reason[np.isinf(distance_m)] = REASONS.index(Verdict.CUT_OFF)
    if not any_provider:
        reason[:] = REASONS.index(Verdict.NO_PROVIDER)
    reason[~on_network] = REASONS.index(Verdict.OFF_NETWORK)
    return reason


def _judgment(
    number: int,
    service: Service,
    row: int,
    block: Block,
    found: _Service,
    add_at: int,
    gap_m: float,
    *,
    min_share: float,
) -> Judgment:
    people = block.people if block.people_source is not PeopleSource.NONE and block.people is not None else 0.0
    share, *reason_shares = (float(value) for value in found.shares[row])
    need, limit = found.needs[row], float(found.limit_m[row])
    verdict = _verdict(share, reason_shares, need, service, min_share=min_share)
    reach = float(found.reach_m[row])
    reasons = tuple(people * value for value in reason_shares)
    served = people * share if need is not None else 0.0
    printed_people, printed_served, printed_reasons = printed(people, served, reasons if need is not None else ())
    red = verdict in REASONS
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
        add_at=add_at if verdict is not Verdict.SERVED else -1,
        printed_people=printed_people,
        printed_served=printed_served,
        printed_reasons=printed_reasons,
    )


def _verdict(
    share: float, reason_shares: list[float], need: Need | None, service: Service, *, min_share: float
) -> Verdict:
    """Return ``served`` if the share suffices, else the reason that holds most people; the first of equals.

    Without a need there is ``no_standard`` to judge by; a failing block of a service whose list of stations is not
    declared complete is ``not_surveyed``.
    """
    if need is None:
        return Verdict.NO_STANDARD
    if share >= min_share - SHARE_TOLERANCE:
        return Verdict.SERVED
    if not service.complete:
        return Verdict.NOT_SURVEYED
    return REASONS[int(np.argmax(np.round(reason_shares, 9)))]


def printed(people: float, served: float, reasons: tuple[float, ...]) -> tuple[int, int, tuple[int, ...]]:
    """Return whole people: all, served, and left out by reason, which sum to all − served.

    The reasons take the largest-remainder rounding (Hamilton's method), ties to the earlier reason.
    """
    whole = int(np.floor(people + 0.5))
    whole_served = min(whole, int(np.floor(served + 0.5)))
    if not reasons:
        return whole, whole_served, (0,) * len(REASONS)
    left, exact = whole - whole_served, sum(reasons)
    if left == 0 or exact <= 0:
        return whole, whole - left, (0,) * len(reasons)
    quotas = [reason * left / exact for reason in reasons]
    floors = [int(np.floor(quota + SHARE_TOLERANCE)) for quota in quotas]
    order = sorted(range(len(quotas)), key=lambda row: (round(floors[row] - quotas[row], 9), row))
    for row in order[: left - sum(floors)]:
        floors[row] += 1
    return whole, whole_served, tuple(floors)


def weighted_quantile(
    group: IntArray, value: FloatArray, weight: FloatArray, groups: int, share: float, *, of_all: bool = False
) -> FloatArray:
    """Return, per group, the smallest value within which ``share`` of the group's weight lies; nan for an empty group.

    With ``of_all`` the weights of a group sum to 1 already and infinite values count; else shares are of those given.
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
    keys, dense = np.unique(np.column_stack([group, station]), axis=0, return_inverse=True)
    sums = np.round(np.bincount(dense.ravel(), weights=weight), 9)
    order = np.lexsort([keys[:, 1], -sums, keys[:, 0]])
    chosen, first = np.unique(keys[order, 0], return_index=True)
    result[chosen] = keys[order[first], 1]
    return result


def _mending_station(
    pairs: Pairs, demand: Demand, block_of: IntArray, limits_m: FloatArray, offering: BoolArray, *, min_share: float
) -> Int32Array:
    """Return, per block, the standing station without the service that is within the limit for most people, if enough.

    Enough is ``min_share``; -1 where no station has it. Such a station mends the verdict by offering the service.
    """
    of_pair = block_of[pairs.point]
    useful = (pairs.distance_m <= limits_m[of_pair]) & ~offering[pairs.station]
    result = np.full(len(limits_m), -1, dtype=np.int32)
    if not useful.any():
        return result
    keys = np.column_stack([of_pair[useful], pairs.station[useful]])
    distinct, dense = np.unique(keys, axis=0, return_inverse=True)
    sums = np.round(np.bincount(dense.ravel(), weights=demand.weight[pairs.point[useful]]), 9)
    enough = sums >= min_share - SHARE_TOLERANCE
    distinct, sums = distinct[enough], sums[enough]
    order = np.lexsort([distinct[:, 1], -sums, distinct[:, 0]])
    chosen, first = np.unique(distinct[order, 0], return_index=True)
    result[chosen] = distinct[order[first], 1]
    return result


def edge_gap_m(network: StreetNetwork, blocks: tuple[Block, ...]) -> FloatArray:
    """Return the meters from each block to the edge of the map data, ≤ 0 across it; inf where nothing lies beyond."""
    if network.bounds_xy is None:
        return np.full(len(blocks), np.inf)
    west, south, east, north = network.bounds_xy
    outlines = network.plane.geometry_to_xy(np.array([block.geometry for block in blocks], dtype=object))
    box = shapely.bounds(outlines)
    return np.asarray(np.min([box[:, 0] - west, box[:, 1] - south, east - box[:, 2], north - box[:, 3]], axis=0))
