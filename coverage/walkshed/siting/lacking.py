"""What people lack, and who could give it to them: every possible station judged as the run would judge it.

Possible stations become stations, and the run's own judging (walks, floors, scope, walkers, hours,
the limit of the person's own block, room for those who come) says whom each would serve with each
service. So a run in which some of them stand gains what is promised.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.model.places import Need, Offer, Service, Station
from walkshed.model.results import Results
from walkshed.model.walkers import Walker
from walkshed.model.walking import Anchors
from walkshed.needs.calendars import calendar_here
from walkshed.needs.capacity import shares
from walkshed.needs.hours import open_at
from walkshed.needs.matrix import worth_of
from walkshed.needs.rows import holders
from walkshed.needs.situation import People, Situation, situation_of, supply_for
from walkshed.needs.walkers import crew_of, walker_of
from walkshed.needs.walks import Walks


@dataclass(frozen=True, slots=True, eq=False)
class Lacking:
    """n rows, one for each walker, service and point that lacks some of it; r pairs of row and station.

    A pair says that the station would serve ``pair_share`` of what the row lacks; shares of several
    stations add up, to all of it at most.
    """

    # (n,) people (or shares of blocks) who lack it, times the weight of their need
    weight: FloatArray
    need_weight: FloatArray  # (n,) above 0
    service: IntArray  # (n,) index into the services asked for
    walker: IntArray  # (n,)
    point: IntArray  # (n,)
    before: float  # people who have it, over all rows, times the weights of their needs
    total: float
    pair_row: IntArray  # (r,)
    pair_station: IntArray  # (r,) index into the stations
    pair_share: FloatArray  # (r,)
    # (n,) within the limit of an adult's walk to some station, but closed to the walker
    refused: BoolArray


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


def lacking(
    results: Results, trial: Trial, services: tuple[Service, ...], walkers: tuple[Walker, ...]
) -> Lacking:
    """Return what people lack beside the stations that stay, and which of the others would serve whom with it."""
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
        open_now=open_at(inputs.settings.at, trial.offers, calendar_here(results)),
    )
    worth = worth_of(demand)
    points, count, stations = len(worth), len(services), len(trial.stations)
    lacks, weigh = np.zeros((2, len(walkers), count, points))
    refused = np.zeros((len(walkers), count, points), dtype=bool)
    pairs: list[tuple[IntArray, IntArray, FloatArray]] = []
    before = total = 0.0
    for w, walker in enumerate(walkers):
        for s, service in enumerate(services):
            situation = situation_of(
                people,
                supply,
                service,
                needs=inputs.needs,
                walker=walker,
                crew=crew_of(inputs.walkers),
            )
            rows, served, share = situation.rows, *_served(situation, demand.people, trial)
            left = 1.0 - served
            weigh[w, s] = situation.by_need(weight_of, without=1.0)[situation.block_of]
            weight = (
                worth
                / len(walkers)
                * np.isfinite(situation.limit_m)[situation.block_of]
                * weigh[w, s]
            )
            lacks[w, s] = weight * left
            before += float((weight * served).sum())
            total += float(weight.sum())
            may = share > 0
            pair, place = np.unique(
                (rows.point.astype(np.int64) * stations + rows.station)[may], return_inverse=True
            )
            point = pair // stations
            of_pair = np.bincount(place, weights=share[may], minlength=len(pair))
            part = np.minimum(
                np.divide(of_pair, left[point], out=np.ones(len(pair)), where=left[point] > 0), 1.0
            )
            pairs.append(((w * count + s) * points + point, pair % stations, part))
            refused[w, s] = holders(rows.point, _perhaps(situation, trial) & rows.entitled, points)
    flat = lacks.ravel()
    kept = np.flatnonzero(flat > 0)
    number = np.full(len(flat), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    row = number[np.concatenate([row for row, _, _ in pairs])]
    return Lacking(
        weight=flat[kept],
        need_weight=weigh.ravel()[kept],
        service=(kept // points) % count,
        walker=kept // (points * count),
        point=kept % points,
        before=before,
        total=total,
        pair_row=row[row >= 0],
        pair_station=np.concatenate([station for _, station, _ in pairs])[row >= 0],
        pair_share=np.concatenate([part for _, _, part in pairs])[row >= 0],
        refused=refused.ravel()[kept],
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
    """Return (p,) the share of each point that is served in any case, and (r,) what each other row would add."""
    rows = situation.rows
    accepted = rows.accepted()
    stays = rows.standing & accepted & trial.stays[rows.station]
    share = shares(situation, people, accepted)
    always = np.bincount(rows.point[stays], weights=share[stays], minlength=len(people))
    always = np.where(always > 1.0 - 1e-12, 1.0, always)
    return np.minimum(always, 1.0), np.where(accepted & _perhaps(situation, trial), share, 0.0)
