"""Other goals than most people served: nobody left out (LSCP), least walking (p-median), least worst walk (p-center).

They choose among the same places and services. Walks are meters along the streets for one walker,
however far, to the nearest station that offers the service, admits them and can be entered; floors
add no meters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, read_only
from walkshed.model.places import Mode, Service
from walkshed.model.proposals import SitingGoal, SitingSettings
from walkshed.model.results import Results
from walkshed.model.siting import Goal, Problem, State
from walkshed.model.walkers import Walker
from walkshed.needs.access import floors_s
from walkshed.needs.calendars import calendar_here
from walkshed.needs.hours import open_at
from walkshed.needs.offers import admits, station_homes
from walkshed.needs.standards import need_for
from walkshed.needs.walks import Walks
from walkshed.siting.describing import mode_of
from walkshed.siting.places import Places, joined, station_anchors
from walkshed.siting.problems import problem

GOALS: Mapping[SitingGoal, Goal] = {
    "coverage": Goal.COVER,
    "all": Goal.COVER_ALL,
    "distance": Goal.MEDIAN,
    "worst": Goal.CENTER,
}
#: Every candidate is joined to everybody: fewer positions than for coverage.
WALKING_SPACING_M = 250.0
MOST_PAIRS = 6_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Walking:
    """A problem of walks, and what the meters of today sum up to (inf where somebody has no way to the service)."""

    problem: Problem
    before: float


def everybody(made: Problem) -> Problem:
    """Return the problem of serving everybody whom a candidate can reach: at the least cost, else with fewest sites."""
    if made.partial:
        raise InvalidValueError(
            "goal = 'all' counts no capacity; leave out station_capacity and capacity, or write goal = 'coverage'"
        )
    free = (made.site_state == State.FREE).astype(np.float64)
    priced = bool(made.site_cost.any() or made.option_cost.any())
    return replace(
        made,
        goal=Goal.COVER_ALL,
        site_cost=made.site_cost if priced else read_only(free, np.float64),
        leave_out_unreachable=True,
    )


def visited(
    results: Results, services: tuple[Service, ...], settings: SitingSettings
) -> tuple[Service, ...]:
    """Return the services to which people walk; an error where none is left, or one asked for comes to the door."""
    walked = tuple(service for service in services if mode_of(results, service.id) is Mode.VISIT)
    brought = [service.id for service in services if service not in walked]
    if not walked or (settings.services and brought):
        raise InvalidValueError(
            f"goal = '{settings.goal}' is about walks, but {', '.join(brought)} come to the door"
        )
    return walked


def walking(
    results: Results,
    found: Places,
    settings: SitingSettings,
    services: tuple[Service, ...],
    walkers: tuple[Walker, ...],
    made: Problem,
) -> Walking:
    """Return the problem of walks; its options are those of ``made``, and one for all that stands.

    Raises ``InvalidValueError`` for several walkers, for services added to standing stations, and
    for too many walks.
    """
    if len(walkers) > 1 or settings.add_services:
        wrong = (
            "one walker: name it in walkers"
            if len(walkers) > 1
            else "new stations: leave out add_services"
        )
        raise InvalidValueError(f"goal = '{settings.goal}' takes {wrong}")
    demand, fresh, count = results.demand, len(found.stations), len(services)
    standing = station_anchors(results, results.stations, results.inputs.settings.max_snap_m)
    walks = Walks(
        results.network,
        demand,
        joined(found.anchors, standing),
        results.inputs.needs,
        least_limit_m=np.inf,
    )
    reach = walks.reach(("m", "network"), walkers[0])
    worth = demand.people if np.any(demand.people > 0) else demand.weight
    points = len(worth)
    asked = np.zeros((count, points), dtype=bool)
    today = np.full((count, points), np.inf)
    for number, service in enumerate(services):
        kinds = [
            need_for(results.inputs.needs, block.kind, service) is not None
            for block in results.blocks
        ]
        asked[number] = np.array(kinds)[demand.block] & (worth > 0) & demand.anchors.on_network
        for station, who in _providers(results, service, walkers[0]):
            point, meters = reach.of(fresh + station)
            admitted = who[demand.block[point]]
            np.minimum.at(today[number], point[admitted], meters[admitted])
    options: list[tuple[np.ndarray, FloatArray]] = []
    room = made.allowed.reshape(fresh, count)
    for site in range(fresh):
        point, meters = reach.of(site)
        enters = bool(np.isfinite(floors_s(found.stations[site], walkers[0])))
        for number in range(count):
            nearer = (
                asked[number][point]
                & (meters < today[number][point])
                & (enters and room[site, number])
            )
            options.append((number * points + point[nearer], meters[nearer]))
        if sum(len(rows) for rows, _ in options) > MOST_PAIRS:
            raise InvalidValueError(
                f"goal = '{settings.goal}': more than {MOST_PAIRS:,} walks; name one service, or raise spacing_m"
            )
    has = np.flatnonzero((asked & np.isfinite(today)).ravel())
    options.append((has, today.ravel()[has]))
    used = np.flatnonzero(asked.ravel())
    place = np.full(count * points, -1)
    place[used] = np.arange(len(used))
    weight = np.tile(worth, count)[used]
    whole = problem(
        GOALS[settings.goal],
        weight=weight,
        start=np.concatenate([[0], np.cumsum([len(rows) for rows, _ in options])]),
        demand=place[np.concatenate([rows for rows, _ in options])],
        distance_m=np.concatenate([meters for _, meters in options]),
        option_site=np.append(made.option_site, fresh),
        option_cost=np.append(made.option_cost, 0.0),
        option_state=np.append(made.option_state, State.STANDING),
        site_cost=np.append(made.site_cost, 0.0),
        site_state=np.append(made.site_state, State.STANDING),
        site_slots=np.append(made.site_slots, 0),
        new_sites=made.new_sites,
        budget=made.budget,
        leave_out_unreachable=True,
    )
    reached = np.setdiff1d(np.arange(len(used)), whole.unreachable)
    now = today.ravel()[used][reached]
    return Walking(whole, _summed(settings.goal, now, weight[reached]))


def outcome(goal: SitingGoal, made: Problem, value: float) -> float:
    """Return the meters of an objective or a bound: the mean walk of those who can walk at all, or the longest."""
    if goal == "worst":
        return value
    reached = np.delete(made.weight, made.unreachable).sum()
    return value / float(reached) if reached else 0.0


def _summed(goal: SitingGoal, meters: FloatArray, weight: FloatArray) -> float:
    if goal == "worst":
        return float(meters.max(initial=0.0))
    return float((meters * weight).sum() / weight.sum()) if weight.sum() else 0.0


def _providers(results: Results, service: Service, walker: Walker) -> list[tuple[int, np.ndarray]]:
    """Return the stations to which people walk for a service, each with (b,) the blocks whose people it admits."""
    number = {station.id: row for row, station in enumerate(results.stations)}
    offers = tuple(
        each for each in results.offers if each.service == service.id and each.mode is Mode.VISIT
    )
    opened = open_at(results.inputs.settings.at, offers, calendar_here(results))
    who = admits(
        offers,
        results.stations,
        results.blocks,
        station_homes(results.stations, results.blocks, results.network),
    )
    found = []
    for offer, admitted in zip(offers, who, strict=True):
        station = number[offer.station]
        enters = np.isfinite(floors_s(results.stations[station], walker))
        if enters and (opened is None or not offer.hours or opened[offer.hours]):
            found.append((station, admitted))
    return found
