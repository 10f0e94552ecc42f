"""Which upstairs centers to bring down, and where stations open beside them, under one budget.

Whom a choice serves is judged as the run judges stations (``unserved_of``): the center at its new
place, floor and elevator, door to window, for each chosen walker, with room for those who come. So
a run with the plan built gains what is promised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.plans.proposals import SitePlan, SitingSettings, Unreachable, WithoutRule
from walkshed.model.results import Results
from walkshed.needs.measures.effects import EVERYBODY, NOBODY, counted, members
from walkshed.needs.rules.walkers import walker_of
from walkshed.siting.planning.acts import (
    JudgedChoices,
    acts_of,
    options_of,
    site_plan,
    too_dear,
)
from walkshed.siting.planning.candidates import beside_standing, too_near
from walkshed.siting.planning.choices import NEAR_M, Upgrade, asked_m2, halls_m2, upgrades
from walkshed.siting.planning.places import (
    all_places,
    joined,
    large_enough,
    station_anchors,
)
from walkshed.siting.planning.unserved import Counts, Trial, unserved_of
from walkshed.siting.planning.wishes import (
    check_budget,
    check_costs,
    farthest_m,
    judged_walkers,
    left_apart,
    services_asked,
)
from walkshed.siting.solver.plans import evaluate
from walkshed.siting.solver.record import Stop, Tell
from walkshed.siting.solver.solving import TIME_LIMIT_S
from walkshed.siting.solver.upgrades import (
    Choice,
    Opening,
    Program,
    UpgradePlan,
    first_options,
    solve_upgrades,
    upgrade_problem,
)


@dataclass(frozen=True, slots=True, eq=False)
class Upgrades:
    """What may be done, what is done, and for which walkers it counts.

    ``proposals`` is the same plan act by act, in the order in which each adds most, as ``propose``
    gives it.
    """

    listed: tuple[Upgrade, ...]
    chosen: tuple[Upgrade, ...]  # one for each center
    program: Program
    plan: UpgradePlan
    proposals: SitePlan

    @property
    def walkers(self) -> tuple[str, ...]:
        """The walkers for whom it counts."""
        return self.proposals.walkers

    @property
    def weighs_blocks(self) -> bool:
        """Whether blocks count, as no people are known."""
        return self.proposals.weighs_blocks


def propose_upgrades(
    results: Results,
    settings: SitingSettings,
    *,
    near_m: float = NEAR_M,
    time_limit_s: float = TIME_LIMIT_S,
    gap: float = 0.0,
    should_stop: Stop | None = None,
    tell: Tell | None = None,
    unreached: Callable[[tuple[Unreachable, ...]], None] | None = None,
) -> Upgrades:
    """Return what to do about the centers upstairs, and which stations to open, so that most people gain.

    (1) The choices of each center: nothing, an elevator, a listed room, or the rooms of a center or
    hub beside it that stands on the ground floor or, where that one moves into a room, of that
    room. (2) Places for new stations: the listed rooms, and candidates along the streets if a
    station there has a price. (3) Whom each would serve. (4) The program and its plan;
    ``unreached`` is called before with those whom nothing of this can serve. Where nobody may lose
    (``no_losers``), half of the time goes to the best plan without that rule, its price. (5) The
    acts, in the order in which each adds most.

    Raises ``InvalidValueError`` without a budget, and where no center stands upstairs.
    """
    if settings.budget is None:
        raise InvalidValueError(
            "upgrades need a budget: give --budget B, or budget in [siting] of study.toml"
        )
    if settings.single_source:
        raise InvalidValueError(
            "single_source is about new stations; leave it out of [siting] for upgrades"
        )
    check_costs(settings.rooms)

    # (1)
    choices = upgrades(
        results,
        settings.rooms,
        elevator_cost=settings.elevator_cost,
        merge_cost=settings.merge_cost,
        near_m=near_m,
    )
    if not choices:
        raise InvalidValueError(
            "no center stands upstairs (column floor of the stations): there is nothing to upgrade"
        )

    # (2), (3)
    judged = _judged(results, settings, choices)

    # (4)
    program = _program(judged)
    covering = upgrade_problem(program)
    check_budget(covering)
    if unreached is not None:
        unreached(judged.unreached(covering))
    ruled = program.no_losers
    limit_s = time_limit_s / 2.0 if ruled else time_limit_s
    plan = solve_upgrades(
        program, time_limit_s=limit_s, gap=gap, should_stop=should_stop, tell=tell
    )
    free = None
    if ruled:
        free = _without_rule(judged, program, limit_s, gap, should_stop)

    # (5)
    chosen = tuple(choice for choice in choices if plan.choices[choice.center] == choice.name)
    proposals = site_plan(judged, program, plan, acts_of(program, plan, chosen))
    further = too_dear(judged, program, plan, rank=len(proposals.proposals) + 1)
    proposals = replace(proposals, without_rule=free, too_dear=further)
    return Upgrades(choices, chosen, program, plan, proposals)


def _without_rule(
    judged: JudgedChoices, program: Program, limit_s: float, gap: float, should_stop: Stop | None
) -> WithoutRule:
    """Return the best plan by which some may lose, and who does, of all walkers that the study judges."""
    free = replace(program, no_losers=False)
    plan = solve_upgrades(free, time_limit_s=limit_s, gap=gap, should_stop=should_stop)
    covering = upgrade_problem(free)
    today = evaluate(covering, first_options(covering)).served
    then = evaluate(covering, options_of(free, plan)).served

    # what a row lacks beside the stations that stay is a part of its people
    lacks, people = judged.lacks, members(judged.results, EVERYBODY)
    lost = people[lacks.point] * lacks.lacking * np.maximum(today - then, 0.0)
    of_walker = np.bincount(lacks.walker, weights=lost, minlength=len(judged.everyone))
    losing = {
        walker.id: float(many)
        for walker, many in zip(judged.everyone, of_walker, strict=True)
        if many > NOBODY
    }
    return WithoutRule(plan.after, losing)


def frontier(
    found: Upgrades, budgets: tuple[float, ...], *, time_limit_s: float = TIME_LIMIT_S
) -> list[UpgradePlan]:
    """Return the best plan for each budget, the time shared among them.

    For the budget of the plan that was found it is that plan.
    """
    share_s = time_limit_s / max(len(budgets), 1)
    return [
        found.plan
        if budget == found.program.budget
        else solve_upgrades(replace(found.program, budget=budget), time_limit_s=share_s)
        for budget in budgets
    ]


def _judged(
    results: Results, settings: SitingSettings, choices: tuple[Upgrade, ...]
) -> JudgedChoices:
    """Judge candidates, stations that are left as they are, and each choice of each center."""
    # upgrades concern every service, new stations those that are surveyed or named
    walkers = judged_walkers(results, settings)
    asked = results.inputs.services
    if settings.services:
        asked = services_asked(results, settings)

    # whoever the study judges must not lose, whatever service it is: those asked for come first
    names = {walker.id for walker in walkers}
    others = [name for name in results.answers if name not in names]
    everyone = (*walkers, *(walker_of(results.inputs.walkers, name) for name in others))
    services = (*asked, *(each for each in results.inputs.services if each not in asked))
    people = counted(results, tuple(walker.id for walker in walkers), named=bool(settings.walkers))
    nobody = np.zeros((len(others), people.shape[1]))
    counts = Counts(
        people=np.concatenate([people, nobody]),
        services=np.arange(len(services)) < len(asked),
        apart=left_apart(results, settings, everyone, services),
        kept=True,
    )
    # a station begins no service that its room cannot hold, unless the planner names it
    sited = frozenset(
        service.id
        for service in asked
        if service.id in settings.services or (service.complete and service.site)
    )
    places = None
    if sited:
        # centers may move though no place is left for a new station
        within_m = farthest_m(results, walkers, asked)
        places = all_places(results, settings, within_m, may_be_none=bool(choices))

    # a center stands once for each of its choices, with the offers that it has
    centers = {choice.center for choice in choices}
    staying = tuple(station for station in results.stations if station.id not in centers)
    changed = tuple(
        replace(choice.station, id=f"{choice.center}/{number}")
        for number, choice in enumerate(choices)
    )
    offers = [offer for offer in results.offers if offer.station not in centers]
    for choice, station in zip(choices, changed, strict=True):
        offers += [
            replace(offer, station=station.id)
            for offer in results.offers
            if offer.station == choice.center
        ]

    # candidates come before them
    stations = (*staying, *changed)
    anchors = station_anchors(results, stations, results.inputs.settings.max_snap_m)
    candidates = 0
    if places is not None:
        candidates = len(places.stations)
        stations = (*places.stations, *stations)
        anchors = joined(places.anchors, anchors)

    number = np.arange(len(stations))
    trial = Trial(
        stations=stations,
        anchors=anchors,
        stays=(number >= candidates) & (number < candidates + len(staying)),
        begins=number < candidates,
        offers=tuple(offers),
    )
    return JudgedChoices(
        results=results,
        settings=settings,
        services=asked,
        walkers=walkers,
        everyone=everyone,
        sited=sited,
        places=places,
        choices=choices,
        staying=len(staying),
        lacks=unserved_of(results, trial, services, everyone, counts=counts),
    )


def _program(judged: JudgedChoices) -> Program:
    """Return everything that may be done, with whom it would serve."""
    centers: dict[str, list[Choice]] = {}
    for number, upgrade in enumerate(judged.choices):
        rows, shares = judged.served_by_choice(number)
        choice = Choice(
            upgrade.name,
            upgrade.cost,
            rows,
            room=upgrade.target if upgrade.action == "room" else None,
            needs=upgrade.needs,
            shares=shares,
            hall=upgrade.hall,
            area_m2=asked_m2(upgrade.station, judged.settings.service_m2),
        )
        centers.setdefault(upgrade.center, []).append(choice)

    return Program(
        weight=judged.lacks.weight,
        served=np.empty(0, dtype=np.int64),
        centers={center: tuple(choices) for center, choices in centers.items()},
        additions=(),
        budget=judged.settings.budget or 0.0,
        openings=_openings(judged),
        new_stations=judged.settings.new,
        beside=judged.lacks.before,
        no_losers=judged.settings.no_losers,
        halls_m2=halls_m2(judged.settings.rooms),
        apart=_too_near(judged),
    )


def _too_near(judged: JudgedChoices) -> tuple[tuple[str, str], ...]:
    """Return the names of candidates of which one at most may open, as they are too near each other."""
    candidates, apart_m = judged.places, judged.settings.apart_m
    if candidates is None:
        return ()
    names = [station.id for station in candidates.stations]
    pairs = too_near(candidates.anchors.point_xy, apart_m)
    return tuple((names[one], names[other]) for one, other in pairs.tolist())


def _openings(judged: JudgedChoices) -> tuple[Opening, ...]:
    """Return the candidates at which some service would serve somebody who lacks it."""
    candidates, settings = judged.places, judged.settings
    if candidates is None:
        return ()

    fits = large_enough(judged.results, candidates.stations, judged.services)
    centers = {choice.center for choice in judged.choices}
    standing = tuple(each for each in judged.results.stations if each.id not in centers)
    xy = candidates.anchors.point_xy
    fits &= ~beside_standing(judged.results, xy, judged.services, standing, settings.apart_m)
    openings = []
    for site, station in enumerate(candidates.stations):
        # the services for which there are people, and the floor area
        rows, shares = judged.served_by_candidate(site)
        service_of_row = judged.lacks.service[rows]
        services = []
        for number, service in enumerate(judged.services):
            own = service_of_row == number
            helps = bool((judged.lacks.weight[rows[own]] > 0).any())
            if service.id in judged.sited and fits[site, number] and helps:
                name = f"{station.id}: {service.id}"
                services.append(Choice(name, settings.service_cost, rows[own], shares=shares[own]))
        if not services:
            continue

        room = candidates.room[site]
        opening = Opening(
            name=station.id,
            cost=settings.station_cost,
            slots=int(candidates.slots[site]),
            services=tuple(services),
        )
        if room is not None:
            opening = replace(opening, cost=room.cost or 0.0, room=room.id)
        openings.append(opening)
    return tuple(openings)
