"""How much a station's doubtful place matters: the residents whose answer could change with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from walkshed.model.geocoding import InDoubt
from walkshed.model.ground.walking import Pairs
from walkshed.model.judged.coverage import Demand
from walkshed.model.town.places import Need, Station

_METERS_PER_MINUTE = 72.0  # 1.2 m/s, for limits in minutes: an order of the rows, no verdict


def limits_of(needs: Sequence[Need]) -> tuple[float, ...]:
    """Return the distinct limits of a standard in meters."""
    return tuple(
        sorted({need.limit * (_METERS_PER_MINUTE if need.unit == "min" else 1.0) for need in needs})
    )


def in_doubt(
    demand: Demand,
    stations: Sequence[Station],
    pairs: Pairs,
    limits_m: Sequence[float],
    uncertainty_m: Mapping[str, float],
) -> InDoubt:
    """Return, by station, the people whose coverage would flip if it were off by its uncertainty.

    Where no block states its people, blocks count instead, each by the share of its points. A
    resident counts whose walk to the station differs from a limit by no more than the uncertainty
    and who has no other station with one of its services within that limit. ``pairs`` must reach as
    far as the largest limit and uncertainty together. An upper bound: the point can be off in one
    direction only.
    """
    count = len(demand.people)
    by_station = {
        index: (pairs.point[pairs.station == index], pairs.distance_m[pairs.station == index])
        for index in range(len(stations))
    }

    counted = bool(np.any(demand.people > 0))
    weight = demand.people if counted else demand.weight

    found = {}
    for index, station in enumerate(stations):
        if station.id not in uncertainty_m:
            continue

        off = uncertainty_m[station.id]
        points, meters = by_station[index]
        flips = np.zeros(count, dtype=bool)
        for service in station.services:
            # flips: it hangs on this limit, and no other station with the service is near
            others = np.full(count, np.inf)
            for other, (there, far) in by_station.items():
                if other != index and service in stations[other].services:
                    others[there] = np.minimum(others[there], far)
            for limit in limits_m:
                near = np.abs(meters - limit) <= off
                flips[points[near & (others[points] > limit)]] = True
        found[station.id] = float(weight[flips].sum())

    return InDoubt(found, "people" if counted else "blocks")
