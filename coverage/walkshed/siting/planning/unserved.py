"""What people lack, and which stations could give it to them, judged as the run judges stations.

Possible stations become stations, and the run's own judging (walks, floors, scope, walkers, hours,
the limit of the person's own block, room for those who come) says whom each would serve with each
service. So a run in which some of them stand gains what is promised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.model.ground.walking import Anchors
from walkshed.model.results import Results
from walkshed.model.town.places import Need, Offer, Service, Station
from walkshed.model.town.walkers import Walker
from walkshed.needs.access.capacity import shares
from walkshed.needs.access.rows import holders
from walkshed.needs.access.situation import People, Situation, situation_of, supply_for
from walkshed.needs.access.walks import Walks
from walkshed.needs.judging.matrix import worth_of
from walkshed.needs.rules.calendars import calendar_here
from walkshed.needs.rules.hours import open_at
from walkshed.needs.rules.walkers import crew_of, walker_of


@dataclass(frozen=True, slots=True, eq=False)
class Unserved:
    """n rows, one for each walker, service and point that lacks some of it; r pairs of row and station.

    A pair says that the station would serve ``pair_share`` of what the row lacks; shares of several
    stations add up, to all of it at most.
    """

    weight: FloatArray  # (n,) people (or shares of blocks) who lack it, times need_weight
    need_weight: FloatArray  # (n,) above 0
    service: IntArray  # (n,) index into the services asked for
    walker: IntArray  # (n,)
    point: IntArray  # (n,)
    before: float  # people who have it, over all rows, times the weights of their needs
    total: float
    pair_row: IntArray  # (r,)
    pair_station: IntArray  # (r,) index into the stations
    pair_share: FloatArray  # (r,)
    lacking: FloatArray  # (n,) the share of the point that lacks it
    # (n,) within the limit of an adult's walk to some station, but closed to the walker
    refused: BoolArray
    people: FloatArray  # (n,) people (or shares of blocks) who lack it, whatever it weighs
    #: The same of those whom the plan leaves out, as their verdict is to be checked; None for nobody.
    aside: Unserved | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Stations to be judged together: t of them, with where they meet the streets.

    Those of ``stays`` serve what they offer in any case, the others perhaps. Those of ``begins``
    may begin to serve what they do not offer yet, as they would offer it.
    """

    stations: tuple[Station, ...]
    anchors: Anchors
    stays: BoolArray  # (t,)
    begins: BoolArray  # (t,)
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """How much the people of each point count; those who count for nothing have rows, too, if they are ``kept``."""

    people: FloatArray  # (w, p) by walker
    services: BoolArray  # (s,) which of the services count
    apart: BoolArray | None = None  # (w, s, b) whose people are left out
    kept: bool = False


def unserved_of(
    results: Results,
    trial: Trial,
    services: tuple[Service, ...],
    walkers: tuple[Walker, ...],
    *,
    counts: Counts | None = None,
) -> Unserved:
    """Return what people lack beside the stations that stay, and who of the others would serve it.

    Rows go by walker, service and point. By default everybody counts, on average over the walkers,
    and every service. Those whom the counts leave ``apart`` are ``aside``.
    """
    # who walks where, and what each station would offer
    inputs, demand = results.inputs, results.demand
    walks = Walks(
        results.network,
        demand,
        trial.anchors,
        inputs.needs,
        adult=walker_of(inputs.walkers, "adult"),
    )
    people = People(results.blocks, walks)
    supply = supply_for(
        people,
        trial.stations,
        trial.offers,
        open_now=open_at(
            inputs.settings.at, trial.offers, calendar_here(results.inputs, results.network)
        ),
    )

    # judge each service for each walker as the run does
    worth = worth_of(demand)
    if counts is None:
        shared = np.tile(worth / len(walkers), (len(walkers), 1))
        counts = Counts(shared, np.ones(len(services), dtype=bool))
    apart = counts.apart
    if apart is None:
        apart = np.zeros((len(walkers), len(services), len(results.blocks)), dtype=bool)
    judged = []
    for walker, people_of_walker, left_out in zip(walkers, counts.people, apart, strict=True):
        for service, asked, out in zip(services, counts.services, left_out, strict=True):
            situation = situation_of(
                people,
                supply,
                service,
                needs=inputs.needs,
                walker=walker,
                crew=crew_of(inputs.walkers),
            )
            counting, apart_here = people_of_walker * asked, out[demand.block]
            judged.append(_lack_of(situation, counting, apart_here, demand.people, trial))

    # every point that lacks something becomes a row
    weight = np.concatenate([lack.weight for lack in judged])
    wanted = weight > 0
    if counts.kept:
        lacking = np.concatenate([lack.left for lack in judged])
        wanted |= (lacking > 0) & np.tile(worth > 0, len(judged))
    rows = _rows(judged, wanted, len(services))

    # whom the plan leaves out is told beside it
    out_of_plan = np.concatenate([lack.aside for lack in judged])
    if not out_of_plan.any():
        return rows
    return replace(rows, aside=_rows(judged, out_of_plan, len(services)))


def _rows(judged: list[_Lack], wanted: BoolArray, count: int) -> Unserved:
    """Return the ``wanted`` (w * s * p) of what is lacked of ``count`` services, with the pairs of their rows."""
    points = len(judged[0].weight)
    kept = np.flatnonzero(wanted)
    number = np.full(len(wanted), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    row = number[
        np.concatenate([place * points + lack.pair_point for place, lack in enumerate(judged)])
    ]
    needed = row >= 0
    return Unserved(
        weight=np.concatenate([lack.weight for lack in judged])[kept],
        need_weight=np.concatenate([lack.need_weight for lack in judged])[kept],
        service=(kept // points) % count,
        walker=kept // (points * count),
        point=kept % points,
        before=sum(lack.before for lack in judged),
        total=sum(lack.total for lack in judged),
        pair_row=row[needed],
        pair_station=np.concatenate([lack.pair_station for lack in judged])[needed],
        pair_share=np.concatenate([lack.pair_share for lack in judged])[needed],
        lacking=np.concatenate([lack.left for lack in judged])[kept],
        refused=np.concatenate([lack.refused for lack in judged])[kept],
        people=np.concatenate([lack.people for lack in judged])[kept],
    )


def by_block(lacks: Unserved, block_of: IntArray) -> Unserved:
    """Return what whole blocks lack: a row for each walker, service and block, a station's share of it as one.

    ``block_of`` (p,) is the block of each point. A row's point is one of the block's.
    """
    # rows of one walker, service and block become one
    keys = np.column_stack([lacks.walker, lacks.service, block_of[lacks.point]])
    _, first, row = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    row, count = row.ravel(), len(first)
    weight = np.bincount(row, lacks.weight, count).astype(np.float64)
    most = np.maximum(weight, np.finfo(float).tiny)

    # what a station gives to each of the points, as a share of what the block lacks
    stations = int(lacks.pair_station.max(initial=-1)) + 1
    key = row[lacks.pair_row] * max(stations, 1) + lacks.pair_station
    pair, place = np.unique(key, return_inverse=True)
    given = np.bincount(place, lacks.weight[lacks.pair_row] * lacks.pair_share, len(pair))
    pair_row = pair // max(stations, 1)
    share = given / most[pair_row]
    some = share > 0.0
    refused = np.bincount(row, ~lacks.refused, count) == 0
    return Unserved(
        weight=weight,
        need_weight=lacks.need_weight[first],
        service=lacks.service[first],
        walker=lacks.walker[first],
        point=lacks.point[first],
        before=lacks.before,
        total=lacks.total,
        pair_row=pair_row[some],
        pair_station=(pair % max(stations, 1))[some],
        pair_share=np.where(share > 1.0 - 1e-12, 1.0, share)[some],
        lacking=lacks.lacking[first],
        refused=refused,
        people=np.bincount(row, lacks.people, count).astype(np.float64),
        aside=None if lacks.aside is None else by_block(lacks.aside, block_of),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Lack:
    """What p points lack of one service for one walker, and which stations would give it to them."""

    weight: FloatArray  # (p,) as in Unserved
    people: FloatArray  # (p,) as in Unserved
    aside: BoolArray  # (p,) somebody lacks it whom the plan leaves out
    need_weight: FloatArray  # (p,)
    left: FloatArray  # (p,) the share that lacks what a standard gives
    refused: BoolArray  # (p,)
    before: float
    total: float
    pair_point: IntArray
    pair_station: IntArray
    pair_share: FloatArray


def _lack_of(
    situation: Situation, worth: FloatArray, apart: BoolArray, people: FloatArray, trial: Trial
) -> _Lack:
    """Return what the points lack; ``worth`` (p,) is what each counts for this walker, unless it is ``apart``."""
    rows, stations = situation.rows, len(trial.stations)
    served, share = _served(situation, people, trial)
    left = 1.0 - served

    # only points with a need count, each with the weight of the need
    needed = np.isfinite(situation.limit_m)[situation.block_of]
    need_weight = situation.by_need(weight_of, without=1.0)[situation.block_of]
    weight = worth * needed * need_weight
    lacked = weight * left
    weight = np.where(apart, 0.0, weight)

    # a station may serve a point by several rows, as it has several doors or offers
    serves = share > 0
    key = rows.point.astype(np.int64) * stations + rows.station
    pair, place = np.unique(key[serves], return_inverse=True)
    given = np.bincount(place, weights=share[serves], minlength=len(pair))

    # what it gives, as a share of what the point lacks
    lacking = left[pair // stations]
    part = np.divide(given, lacking, out=np.ones(len(pair)), where=lacking > 0)
    within_reach = _perhaps(situation, trial) & rows.entitled
    return _Lack(
        weight=weight * left,
        people=worth * needed * left,
        aside=apart & (lacked > 0),
        need_weight=need_weight,
        left=np.where(needed, left, 0.0),
        refused=holders(rows.point, within_reach, len(worth)),
        before=float((weight * served).sum()),
        total=float(weight.sum()),
        pair_point=pair // stations,
        pair_station=pair % stations,
        pair_share=np.minimum(part, 1.0),
    )


def weight_of(need: Need) -> float:
    """Return how much a need weighs beside others."""
    return need.weight


def _perhaps(situation: Situation, trial: Trial) -> BoolArray:
    """Return (r,) True for rows of stations that may serve, or not."""
    rows = situation.rows
    return np.asarray(
        np.where(rows.standing, ~trial.stays[rows.station], trial.begins[rows.station]), dtype=bool
    )


def _served(
    situation: Situation, people: FloatArray, trial: Trial
) -> tuple[FloatArray, FloatArray]:
    """Return (p,) the share of each point that is served in any case, (r,) what others would add."""
    rows = situation.rows
    accepted = rows.accepted()
    share = shares(situation, people, accepted)

    # shares that add up to a whole point but for rounding are a whole point
    stays = rows.standing & accepted & trial.stays[rows.station]
    total = np.bincount(rows.point[stays], weights=share[stays], minlength=len(people))
    served = np.minimum(np.where(total > 1.0 - 1e-12, 1.0, total), 1.0)

    added = np.where(accepted & _perhaps(situation, trial), share, 0.0)
    return served, added
