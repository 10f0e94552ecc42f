"""What may be done about each center upstairs: nothing, an elevator, a room, another's floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from walkshed.model.plans.siting import Room
from walkshed.model.results import Results
from walkshed.model.town.places import Station, Tier
from walkshed.needs.access.floors import flights

#: A center moves no farther than this, in a straight line, or it is no longer the center of its
#: community.
NEAR_M = 800.0


@dataclass(frozen=True, slots=True, eq=False)
class Upgrade:
    """One choice for one center.

    ``action`` is ``leave``, ``elevator``, ``room`` or ``merge``, the last two into ``target``.
    ``station`` is the center afterwards: the same id, services and residents, at its new place.
    ``needs`` are names of choices that must be made too. ``hall`` is the listed room whose floor
    area it takes.
    """

    name: str
    center: str
    action: str
    target: str
    cost: float
    station: Station
    needs: tuple[str, ...] = ()
    hall: str | None = None


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
    # where stations and rooms are, in plane meters
    plane = results.network.plane

    def point(station: Station) -> shapely.Point:
        """Return where a station stands, in plane meters."""
        (drawn,) = plane.geometry_to_xy(np.array([station.geometry], dtype=object))
        return shapely.point_on_surface(drawn)

    geometry = np.array([station.geometry for station in results.stations], dtype=object)
    points = shapely.point_on_surface(plane.geometry_to_xy(geometry))
    point_of = dict(zip((station.id for station in results.stations), points, strict=True))
    lonlat = np.array([(room.lon, room.lat) for room in rooms], dtype=np.float64).reshape(-1, 2)
    room_points = shapely.points(plane.to_xy(lonlat))

    # what a center can do by itself
    houses = [station for station in results.stations if station.tier in (Tier.CENTER, Tier.HUB)]
    upstairs = [
        station for station in houses if station.tier is Tier.CENTER and flights(station) > 0
    ]
    own: dict[str, list[Upgrade]] = {}
    for center in upstairs:
        away_m = shapely.distance(point_of[center.id], room_points)
        near = [room for room, meters in zip(rooms, away_m, strict=True) if meters <= near_m]
        own[center.id] = [
            Upgrade(f"{center.id}: leave", center.id, "leave", "", 0.0, center),
            *_elevators(center, elevator_cost),
            *(_into_room(center, room) for room in near),
        ]

    # and with another center or hub, on whose ground floor, or in whose new room, it may stay
    choices: list[Upgrade] = []
    for center in upstairs:
        choices += own[center.id]
        if merge_cost is None:
            continue
        for house in houses:
            if house.id == center.id:
                continue

            # what counts is where the other one will stand then
            mergers = _into_house(center, house, own.get(house.id, []), merge_cost)
            choices += [
                merger
                for merger in mergers
                if shapely.distance(point_of[center.id], point(merger.station)) <= near_m
            ]
    return tuple(choices)


def asked_m2(station: Station, service_m2: float) -> float:
    """Return the floor area that a station takes: its own where it is known, else ``service_m2`` per service."""
    if station.area_m2 is not None:
        return station.area_m2
    return service_m2 * len(set(station.services))


def halls_m2(rooms: Sequence[Room]) -> dict[str, float]:
    """Return the area of each room into which centers may move or merge, where it is known."""
    return {room.id: room.area_m2 for room in rooms if room.area_m2 is not None}


def _elevators(center: Station, cost: float | None) -> list[Upgrade]:
    """Return the choice of an elevator, where the center has none and one has a price."""
    if center.elevator is True or cost is None:
        return []
    lifted = replace(center, elevator=True)
    return [Upgrade(f"{center.id}: elevator", center.id, "elevator", "", cost, lifted)]


def _into_room(center: Station, room: Room) -> Upgrade:
    """Return the move of a center into a listed room."""
    moved = replace(
        center,
        geometry=shapely.Point(room.lon, room.lat),
        floor=room.floor,
        elevator=room.elevator,
        step_free=None,
    )
    name = f"{center.id}: room {room.id}"
    return Upgrade(name, center.id, "room", room.id, room.cost or 0.0, moved, hall=room.id)


def _into_house(
    center: Station, house: Station, house_choices: list[Upgrade], cost: float
) -> list[Upgrade]:
    """Return the mergers of a center into a station on the ground floor, or into its new rooms."""
    hosts: list[tuple[Station, tuple[str, ...], str | None]] = [(house, (), None)]
    if flights(house) > 0:
        moves = [choice for choice in house_choices if choice.action == "room"]
        hosts = [(move.station, (move.name,), move.hall) for move in moves]

    mergers = []
    for host, needs, hall in hosts:
        joined = replace(
            center,
            geometry=host.geometry,
            floor=host.floor,
            elevator=host.elevator,
            step_free=host.step_free,
        )
        where = needs[0] if needs else house.id
        name = f"{center.id}: merge into {where}"
        merger = Upgrade(name, center.id, "merge", house.id, cost, joined, needs, hall)
        mergers.append(merger)
    return mergers
