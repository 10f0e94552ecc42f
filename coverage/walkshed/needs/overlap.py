"""What the stations of one hub do twice, and what none of them does."""

from __future__ import annotations

import numpy as np

from walkshed.model.coverage import Coverage, Demand, Overlap
from walkshed.model.places import Station
from walkshed.needs.hubs import hubs
from walkshed.needs.judging import weighted_quantile
from walkshed.needs.situation import Situation


def hub_overlaps(
    demand: Demand, stations: tuple[Station, ...], found: tuple[Situation, ...], coverage: Coverage
) -> tuple[Overlap, ...]:
    """Return one row per hub and service, hubs in the order of stations; a hub has stations beside its own.

    People are counted within their own block's limit, as in the service matrix; without people,
    blocks.
    """
    tops = hubs(stations)
    row = {station.id: number for number, station in enumerate(stations)}
    worth = demand.people if np.any(demand.people > 0) else demand.weight
    result = []
    for head, station in enumerate(stations):
        members = np.array([tops[each.id] == station.id for each in stations])
        if members.sum() < 2 or row.get(tops[station.id]) != head:
            continue
        for service, situation in enumerate(found):
            rows = situation.rows
            use = rows.standing & rows.accepted() & members[rows.station]
            pair = np.unique(rows.point[use] * len(stations) + rows.station[use])
            times = np.bincount(pair // len(stations), minlength=len(worth))
            offering = np.unique(situation.table.station[situation.table.standing])
            result.append(
                Overlap(
                    hub=head,
                    service=service,
                    stations=int(members[offering].sum()),
                    people_once=float(worth[times == 1].sum()),
                    people_twice=float(worth[times > 1].sum()),
                    second_m=_second_m(coverage, service, members, worth),
                )
            )
    return tuple(result)


def _second_m(coverage: Coverage, service: int, members: np.ndarray, worth: np.ndarray) -> float:
    nearest = coverage.nearest_station[service][:, 0]
    mine = (nearest >= 0) & np.append(members, False)[nearest] & (worth > 0)
    group = np.zeros(int(mine.sum()), dtype=np.int64)
    return float(
        weighted_quantile(group, coverage.nearest_m[service][mine, 1], worth[mine], 1, 0.5)[0]
    )
