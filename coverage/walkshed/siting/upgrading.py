"""Which upstairs centers to bring down, and how: the program of a study, made of what a run found, and its plan.

Whom a choice serves is judged as the run judges stations: the center at its new place, floor and elevator, door to
window, for each chosen walker. How full a room gets is left out, as it depends on all the other choices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import IntArray
from walkshed.model.places import Offer, Station, Tier
from walkshed.model.proposals import SitingSettings
from walkshed.model.results import Results, StudyInputs
from walkshed.model.siting import Room
from walkshed.needs.access import flights
from walkshed.needs.hours import open_at
from walkshed.needs.situation import situations
from walkshed.needs.walkers import crew_of, walker_of
from walkshed.needs.walks import Walks
from walkshed.siting.asked import judged_walkers
from walkshed.siting.places import station_anchors
from walkshed.siting.upgrades import Choice, Program, UpgradePlan, solve_upgrades

#: A center moves no farther than this, in a straight line, or it is no longer the center of its community.
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


@dataclass(frozen=True, slots=True, eq=False)
class Upgrades:
    """What may be done, what is done, and for whom it counts."""

    listed: tuple[Upgrade, ...]
    chosen: tuple[Upgrade, ...]  # one for each center
    program: Program
    plan: UpgradePlan
    walkers: tuple[str, ...]
    weighs_blocks: bool


def propose_upgrades(
    results: Results, settings: SitingSettings, *, near_m: float = NEAR_M, time_limit_s: float = 60.0
) -> Upgrades:
    """Return what to do about the centers of a study that stand upstairs, so that most people gain within the budget.

    (1) The choices of each center: nothing, an elevator, a listed room, or the rooms of a center or hub beside it that
    stands on the ground floor or, where that one moves into a room, of that room. (2) Whom each choice serves. (3) The
    program and its plan. Raises ``InvalidValueError`` without a budget, and where no center stands upstairs.
    """
    if settings.budget is None:
        raise InvalidValueError("upgrades need a budget: give --budget B, or budget in [siting] of study.toml")
    listed = upgrades(
        results,
        settings.rooms,
        elevator_cost=settings.elevator_cost,
        merge_cost=settings.merge_cost,
        near_m=near_m,
    )  # (1)
    if not listed:
        raise InvalidValueError("no center stands upstairs (column floor of the stations): there is nothing to upgrade")
    names = tuple(walker.id for walker in judged_walkers(results, settings))
    centers = list(dict.fromkeys(each.center for each in listed))
    staying = tuple(station for station in results.stations if station.id not in centers)
    weight, serves, served = _served(results, staying, listed, names)  # (2)
    taken = {each.name: each.target if each.action == "room" else None for each in listed}
    choices = [
        Choice(each.name, each.cost, rows, room=taken[each.name], needs=each.needs)
        for each, rows in zip(listed, serves, strict=True)
    ]
    program = Program(
        weight=weight,
        served=served,
        centers={
            center: tuple(choice for choice, each in zip(choices, listed, strict=True) if each.center == center)
            for center in centers
        },
        additions=(),
        budget=settings.budget,
    )
    plan = solve_upgrades(program, time_limit_s=time_limit_s)  # (3)
    chosen = tuple(each for each in listed if plan.choices[each.center] == each.name)
    return Upgrades(listed, chosen, program, plan, names, not bool(np.any(results.demand.people > 0)))


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
            plane.geometry_to_xy(np.array([station.geometry for station in results.stations], dtype=object)),
            strict=True,
        )
    }
    lonlat = np.array([(room.lon, room.lat) for room in rooms], dtype=np.float64).reshape(-1, 2)
    room_at = shapely.points(plane.to_xy(lonlat))
    houses = [station for station in results.stations if station.tier in (Tier.CENTER, Tier.HUB)]
    upstairs = [station for station in houses if station.tier is Tier.CENTER and flights(station) > 0]
    into: dict[str, list[Upgrade]] = {}
    for center in upstairs:
        found = [Upgrade(f"{center.id}: leave", center.id, "leave", "", 0.0, center)]
        if center.elevator is not True and elevator_cost is not None:
            lifted = replace(center, elevator=True)
            found.append(Upgrade(f"{center.id}: elevator", center.id, "elevator", "", elevator_cost, lifted))
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
            if merge_cost is None or house.id == center.id or shapely.distance(at[center.id], at[house.id]) > near_m:
                continue
            moves = [each for each in into.get(house.id, []) if each.action == "room"]
            hosts = [(house, ())] if flights(house) == 0 else [(each.station, (each.name,)) for each in moves]
            for host, needs in hosts:
                joined = replace(
                    center, geometry=host.geometry, floor=host.floor, elevator=host.elevator, step_free=host.step_free
                )
                where = needs[0] if needs else house.id
                name = f"{center.id}: merge into {where}"
                listed.append(Upgrade(name, center.id, "merge", house.id, merge_cost, joined, needs))
    return tuple(listed)


def upgrade_worth(found: Upgrades, one: Upgrade) -> float:
    """Return the people (by service) that only this choice of the plan serves, beyond the center left as it is."""
    rows = {choice.name: choice.serves for choices in found.program.centers.values() for choice in choices}
    others = [found.program.served, rows[f"{one.center}: leave"]]
    others += [rows[each.name] for each in found.chosen if each.center != one.center]
    alone = np.setdiff1d(rows[one.name], np.unique(np.concatenate(others)))
    return float(np.asarray(found.program.weight)[alone].sum())


def with_upgrades(inputs: StudyInputs, chosen: Sequence[Upgrade]) -> StudyInputs:
    """Return the study with its centers as they are after the chosen upgrades."""
    after = {each.center: each.station for each in chosen}
    return replace(inputs, stations=tuple(after.get(station.id, station) for station in inputs.stations))


def _served(
    results: Results, staying: tuple[Station, ...], listed: Sequence[Upgrade], walkers: tuple[str, ...]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], list[IntArray], IntArray]:
    """Return people by row (walker, service, point), the rows that each choice serves, and those served in any case."""
    inputs, demand = results.inputs, results.demand
    trials = tuple(replace(each.station, id=f"{each.center}/{number}") for number, each in enumerate(listed))
    stations = (*staying, *trials)
    home = {station.id for station in staying}
    offers: list[Offer] = [offer for offer in results.offers if offer.station in home]
    for each, trial in zip(listed, trials, strict=True):
        offers += [replace(offer, station=trial.id) for offer in results.offers if offer.station == each.center]
    anchors = station_anchors(results, stations, inputs.settings.max_snap_m)
    walks = Walks(results.network, demand, anchors, inputs.needs, adult=walker_of(inputs.walkers, "adult"))
    worth = demand.people if np.any(demand.people > 0) else demand.weight
    points, count = len(worth), len(inputs.services)
    weight = np.zeros((len(walkers), count, points))
    served: list[list[IntArray]] = [[] for _ in stations]
    for w, name in enumerate(walkers):
        seen = situations(
            walks, results.blocks, stations, inputs.services, inputs.needs, tuple(offers),
            walker=walker_of(inputs.walkers, name), crew=crew_of(inputs.walkers),
            open_now=open_at(inputs.settings.at, tuple(offers)),
        )  # fmt: skip
        for s, situation in enumerate(seen):
            weight[w, s] = worth / len(walkers) * np.isfinite(situation.limit_m)[situation.block_of]
            rows = situation.rows
            use = rows.standing & rows.accepted()
            order = np.argsort(rows.station[use], kind="stable")
            station, point = rows.station[use][order], rows.point[use][order]
            begins = np.searchsorted(station, np.arange(len(stations) + 1))
            for number in range(len(stations)):
                served[number].append((w * count + s) * points + point[begins[number] : begins[number + 1]])
    rows_of = [np.unique(np.concatenate(parts)).astype(np.int64) for parts in served]
    always = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *rows_of[: len(staying)]]))
    return weight.ravel(), rows_of[len(staying) :], always
