"""What may be done about each center upstairs: nothing, an elevator, a listed room, a neighbor's ground floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from walkshed.model.places import Station, Tier
from walkshed.model.results import Results
from walkshed.model.siting import Room
from walkshed.needs.access import flights

#: A center moves no farther than this, in a straight line, or it is no longer the center of its
#: community.
NEAR_M = 800.0


@dataclass(frozen=True, slots=True, eq=False)
class Upgrade:
    """One choice for one center: ``action`` is ``leave``, ``elevator``, ``room`` or ``merge`` (into ``target``).

    ``station`` is the center afterwards: the same id, services and residents, at its new place.
    """

    name: str
    center: str
    action: str
    target: str
    cost: float
    station: Station
    needs: tuple[str, ...] = ()


def upgrades(
    results: Results,
    rooms: Sequence[Room],
    *,
    elevator_cost: float | None,
    merge_cost: float | None,
    near_m: float = NEAR_M,
) -> tuple[Upgrade, ...]:
    """Return the choices of every center that stands upstairs, center by center, nothing first.

    Without a cost there are no elevators, or mergers.
    """
    plane = results.network.plane
    at = {
        station.id: shapely.point_on_surface(place)
        for station, place in zip(
            results.stations,
            plane.geometry_to_xy(
                np.array([station.geometry for station in results.stations], dtype=object)
            ),
            strict=True,
        )
    }
    lonlat = np.array([(room.lon, room.lat) for room in rooms], dtype=np.float64).reshape(-1, 2)
    room_at = shapely.points(plane.to_xy(lonlat))
    houses = [station for station in results.stations if station.tier in (Tier.CENTER, Tier.HUB)]
    upstairs = [
        station for station in houses if station.tier is Tier.CENTER and flights(station) > 0
    ]
    into: dict[str, list[Upgrade]] = {}
    for center in upstairs:
        found = [Upgrade(f"{center.id}: leave", center.id, "leave", "", 0.0, center)]
        if center.elevator is not True and elevator_cost is not None:
            lifted = replace(center, elevator=True)
            found.append(
                Upgrade(f"{center.id}: elevator", center.id, "elevator", "", elevator_cost, lifted)
            )
        for room, place in zip(rooms, room_at, strict=True):
            if shapely.distance(at[center.id], place) <= near_m:
                moved = replace(
                    center,
                    geometry=shapely.Point(room.lon, room.lat),
                    floor=room.floor,
                    elevator=room.elevator,
                    step_free=None,
                )
                name = f"{center.id}: room {room.id}"
                found.append(Upgrade(name, center.id, "room", room.id, room.cost or 0.0, moved))
        into[center.id] = found
    listed: list[Upgrade] = []
    for center in upstairs:
        listed += into[center.id]
        for house in houses:
            if (
                merge_cost is None
                or house.id == center.id
                or shapely.distance(at[center.id], at[house.id]) > near_m
            ):
                continue
            moves = [each for each in into.get(house.id, []) if each.action == "room"]
            hosts = (
                [(house, ())]
                if flights(house) == 0
                else [(each.station, (each.name,)) for each in moves]
            )
            for host, needs in hosts:
                joined = replace(
                    center,
                    geometry=host.geometry,
                    floor=host.floor,
                    elevator=host.elevator,
                    step_free=host.step_free,
                )
                where = needs[0] if needs else house.id
                name = f"{center.id}: merge into {where}"
                listed.append(
                    Upgrade(name, center.id, "merge", house.id, merge_cost, joined, needs)
                )
    return tuple(listed)
