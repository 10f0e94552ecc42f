"""The problem of walks, for goals that are about meters rather than limits.

Walks are meters along the streets for one walker, however far, to the nearest station that offers
the service, admits them and can be entered; floors add no meters. It chooses among the same places
and services as coverage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.model.messages import Message
from walkshed.model.plans.proposals import SitingSettings
from walkshed.model.plans.siting import Goal, Problem, State
from walkshed.model.results import Results
from walkshed.model.town.places import Mode, Service
from walkshed.model.town.walkers import Walker
from walkshed.needs.access.floors import floors_s
from walkshed.needs.access.walks import ByStation, Walks
from walkshed.needs.rules.calendars import calendar_here
from walkshed.needs.rules.hours import open_at
from walkshed.needs.rules.offers import admits, station_homes
from walkshed.needs.rules.standards import need_for
from walkshed.siting.planning.places import Places, joined, station_anchors
from walkshed.siting.planning.wishes import left_apart
from walkshed.siting.solver.problems import problem

MOST_PAIRS = 6_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What a goal is asked about: where stations may stand, for which services and whom, and the problem of coverage.

    Sites and options of ``coverage`` are those of every goal.
    """

    results: Results
    places: Places
    settings: SitingSettings
    services: tuple[Service, ...]
    walkers: tuple[Walker, ...]
    coverage: Problem


@dataclass(frozen=True, slots=True, eq=False)
class Walking:
    """A problem of walks, and the walks of today of those who can be served (inf: no way to the service)."""

    problem: Problem
    today_m: FloatArray  # (n,)
    weight: FloatArray  # (n,)


def walking(asked: Asked, objective: Goal) -> Walking:
    """Return the problem of walks; its options are those of coverage, and one for all that stands.

    Raises ``InvalidValueError`` for several walkers, for services added to standing stations, and
    for too many walks.
    """
    settings, services, walkers = asked.settings, asked.services, asked.walkers
    if len(walkers) > 1:
        raise InvalidValueError(
            Message("goal = '{goal}' takes one walker: name it in walkers", goal=settings.goal)
        )
    if settings.add_services:
        raise InvalidValueError(
            Message(
                "goal = '{goal}' takes new stations: leave out add_services", goal=settings.goal
            )
        )

    # how far everybody walks to each candidate, and to each station that stands
    results, coverage = asked.results, asked.coverage
    demand, new = results.demand, len(asked.places.stations)
    standing = station_anchors(results, results.stations, results.inputs.settings.max_snap_m)
    walks = Walks(
        results.network,
        demand,
        joined(asked.places.anchors, standing),
        results.inputs.needs,
        least_limit_m=np.inf,
    )
    reach = walks.reach(("m", "network"), walkers[0])

    # who needs which service, and their walk of today
    people = demand.people if np.any(demand.people > 0) else demand.weight
    needed = _needed(results, services, people)
    apart = left_apart(results, settings, walkers, services)
    if apart is not None:
        needed &= ~apart[0][:, demand.block]
    today_m = np.full(needed.shape, np.inf)
    for number, service in enumerate(services):
        for station, who in _providers(results, service, walkers[0]):
            point, meters = reach.of(new + station)
            admitted = who[demand.block[point]]
            np.minimum.at(today_m[number], point[admitted], meters[admitted])

    # an option for each candidate and service, and one for all that stands
    options = _options(asked, reach, needed, today_m)
    served = np.flatnonzero((needed & np.isfinite(today_m)).ravel())
    options.append((served, today_m.ravel()[served]))

    # rows of the problem are those who need a service
    used = np.flatnonzero(needed.ravel())
    place = np.full(needed.size, -1)
    place[used] = np.arange(len(used))
    weight = np.tile(people, len(services))[used]
    whole = problem(
        objective,
        weight=weight,
        start=np.concatenate([[0], np.cumsum([len(rows) for rows, _ in options])]),
        demand=place[np.concatenate([rows for rows, _ in options])],
        distance_m=np.concatenate([meters for _, meters in options]),
        option_site=np.append(coverage.option_site, new),
        option_cost=np.append(coverage.option_cost, 0.0),
        option_state=np.append(coverage.option_state, State.STANDING),
        site_cost=np.append(coverage.site_cost, 0.0),
        site_state=np.append(coverage.site_state, State.STANDING),
        site_slots=np.append(coverage.site_slots, 0),
        new_sites=coverage.new_sites,
        budget=coverage.budget,
        apart=coverage.apart,
        leave_out_unreachable=True,
    )

    reached = np.setdiff1d(np.arange(len(used)), whole.unreachable)
    return Walking(whole, today_m.ravel()[used][reached], weight[reached])


def _needed(results: Results, services: tuple[Service, ...], people: FloatArray) -> BoolArray:
    """Return (s, n) whether a standard gives a service to the people of each point."""
    demand = results.demand
    lived_in = (people > 0) & demand.anchors.on_network
    needed = np.zeros((len(services), len(people)), dtype=bool)
    for number, service in enumerate(services):
        kinds = [
            need_for(results.inputs.needs, block.kind, service) is not None
            for block in results.blocks
        ]
        needed[number] = np.array(kinds)[demand.block] & lived_in
    return needed


def _options(
    asked: Asked, reach: ByStation, needed: BoolArray, today_m: FloatArray
) -> list[tuple[IntArray, FloatArray]]:
    """Return whom each candidate would serve nearer than today, service by service, and their meters.

    Rows are places in the flattened (s, n). Raises ``InvalidValueError`` for too many.
    """
    services, points = needed.shape
    candidates = asked.places.stations
    room = asked.coverage.allowed.reshape(len(candidates), services)
    options: list[tuple[IntArray, FloatArray]] = []
    pairs = 0
    for site, candidate in enumerate(candidates):
        point, meters = reach.of(site)
        enters = bool(np.isfinite(floors_s(candidate, asked.walkers[0])))
        for number in range(services):
            nearer = needed[number][point] & (meters < today_m[number][point])
            nearer &= enters and bool(room[site, number])
            options.append((number * points + point[nearer], meters[nearer]))
            pairs += len(options[-1][0])

        if pairs > MOST_PAIRS:
            raise InvalidValueError(
                Message(
                    "goal = '{goal}': more than {most_pairs:,} walks; name one service, or raise "
                    "spacing_m",
                    goal=asked.settings.goal,
                    most_pairs=MOST_PAIRS,
                )
            )
    return options


def _providers(results: Results, service: Service, walker: Walker) -> list[tuple[int, np.ndarray]]:
    """Return the stations to which people walk for a service, each with (b,) the blocks whose people it admits."""
    number = {station.id: row for row, station in enumerate(results.stations)}
    offers = tuple(
        each for each in results.offers if each.service == service.id and each.mode is Mode.VISIT
    )
    opened = open_at(
        results.inputs.settings.at, offers, calendar_here(results.inputs, results.network)
    )
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
