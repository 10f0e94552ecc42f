"""What the stations of one hub do twice, and what none of them does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray
from walkshed.model.ground.walking import Nearest
from walkshed.model.judged.coverage import Demand, Overlap
from walkshed.model.town.places import Station
from walkshed.needs.access.situation import Situation
from walkshed.needs.judging.matrix import worth_of
from walkshed.needs.judging.quantiles import spread
from walkshed.needs.measures.hubs import hubs


@dataclass(frozen=True, slots=True, eq=False)
class Hub:
    """A hub with the stations that stand under it; t stations in all."""

    head: int
    members: BoolArray  # (t,)


def hubs_with_stations(stations: tuple[Station, ...]) -> tuple[Hub, ...]:
    """Return the hubs that have stations beside their own, in the order of stations."""
    tops = hubs(stations)
    row = {station.id: number for number, station in enumerate(stations)}
    top = np.array([row.get(tops[station.id], -1) for station in stations], dtype=np.int64)
    heads, sizes = np.unique(top, return_counts=True)
    return tuple(
        Hub(head, top == head)
        for head, size in zip(heads.tolist(), sizes.tolist())
        if size > 1 and head >= 0 and top[head] == head
    )


def overlaps_of(
    demand: Demand, hub: Hub, service: int, situation: Situation, nearest: Nearest
) -> Overlap:
    """Return who is served once and twice by the stations of one hub.

    People are counted within their own block's limit, as in the service matrix; without people,
    blocks. ``nearest`` is the nearest and second nearest provider of each point, whoever's.
    """
    worth, rows, members = worth_of(demand), situation.rows, hub.members
    stations = len(members)

    # how many stations of the hub serve each point
    use = rows.standing & rows.accepted() & members[rows.station]
    pair = np.unique(rows.point[use].astype(np.int64) * stations + rows.station[use])
    times = np.bincount(pair // stations, minlength=len(worth))

    offering = np.unique(situation.table.station[situation.table.standing])
    return Overlap(
        hub=hub.head,
        service=service,
        stations=int(members[offering].sum()),
        people_once=float(worth[times == 1].sum()),
        people_twice=float(worth[times > 1].sum()),
        second_m=_second_m(nearest, members, worth),
    )


def _second_m(nearest: Nearest, members: BoolArray, worth: FloatArray) -> float:
    """Return the median walk to the second nearest for those whose nearest stands under the hub."""
    first = nearest.station[:, 0]
    mine = (first >= 0) & np.append(members, False)[first] & (worth > 0)
    group = np.zeros(int(mine.sum()), dtype=np.int64)
    # infinite where there is no second: such people count, too
    return float(spread(group, nearest.distance_m[mine, 1], worth[mine], 1).quantile(0.5)[0])
