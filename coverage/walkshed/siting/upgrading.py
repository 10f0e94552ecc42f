"""Which upstairs centers to bring down, and where stations open beside them: one program, one budget, one plan.

Whom a choice serves is judged as the run judges stations (``lacking``): the center at its new
place, floor and elevator, door to window, for each chosen walker, with room for those who come. So
a run with the plan built gains what is promised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.places import Offer, Service, Station
from walkshed.model.proposals import Proposal, SitePlan, SitingSettings, Unreachable
from walkshed.model.results import Results
from walkshed.model.siting import Problem, Room
from walkshed.needs.offers import would_offer
from walkshed.siting.asked import (
    check_budget,
    check_costs,
    farthest_m,
    judged_walkers,
    services_asked,
)
from walkshed.siting.choices import NEAR_M, Upgrade, upgrades
from walkshed.siting.curves import Step, steps
from walkshed.siting.describing import (
    as_station,
    blocks_of,
    gains,
    mode_of,
    streets_of,
    unreachable,
    weighs_needs,
)
from walkshed.siting.lacking import Lacking, Trial, lacking
from walkshed.siting.places import Places, all_places, joined, large_enough, station_anchors
from walkshed.siting.plans import evaluate
from walkshed.siting.record import Stop, Tell
from walkshed.siting.solving import TIME_LIMIT_S
from walkshed.siting.upgrades import (
    Choice,
    Opening,
    Program,
    UpgradePlan,
    first_options,
    listed_choices,
    solve_upgrades,
    upgrade_problem,
)


@dataclass(frozen=True, slots=True, eq=False)
class Upgrades:
    """What may be done, what is done, and for whom it counts.

    ``proposals`` tells the same plan act by act, in the order in which each adds most, as
    ``propose`` does.
    """

    listed: tuple[Upgrade, ...]
    chosen: tuple[Upgrade, ...]  # one for each center
    program: Program
    plan: UpgradePlan
    proposals: SitePlan

    @property
    def walkers(self) -> tuple[str, ...]:
        """Those for whom it counts."""
        return self.proposals.walkers

    @property
    def weighs_blocks(self) -> bool:
        """Whether blocks count, as no people are known."""
        return self.proposals.weighs_blocks


@dataclass(frozen=True, slots=True, eq=False)
class _Study:
    """What is judged: the candidates for new stations, the choices of the centers, and what people lack."""

    results: Results
    settings: SitingSettings
    services: tuple[Service, ...]
    sited: frozenset[str]  # services that new stations may offer
    found: Places | None
    listed: tuple[Upgrade, ...]
    lacks: Lacking
    fresh: int
    staying: int

    def served(self, station: int) -> tuple[IntArray, FloatArray]:
        """Return the rows that one of the stations judged may serve, and which share of each."""
        mine = np.flatnonzero(self.lacks.pair_station == station)
        return self.lacks.pair_row[mine], self.lacks.pair_share[mine]


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
    ``unreached`` is told before whom nothing of this can serve. (5) The acts, in the order in which
    each adds most.

    Raises ``InvalidValueError`` without a budget, and where no center stands upstairs.
    """
    if settings.budget is None:
        raise InvalidValueError(
            "upgrades need a budget: give --budget B, or budget in [siting] of study.toml"
        )
    check_costs(settings.rooms)
    listed = upgrades(
        results,
        settings.rooms,
        elevator_cost=settings.elevator_cost,
        merge_cost=settings.merge_cost,
        near_m=near_m,
    )  # (1)
    if not listed:
        raise InvalidValueError(
            "no center stands upstairs (column floor of the stations): there is nothing to upgrade"
        )
    judged = _judged(results, settings, listed)  # (2), (3)
    program = _program(judged)
    made = upgrade_problem(program)
    check_budget(made)
    if unreached is not None:
        unreached(_unreached(judged, made))
    # (4)
    plan = solve_upgrades(
        program, time_limit_s=time_limit_s, gap=gap, should_stop=should_stop, tell=tell
    )
    chosen = tuple(each for each in listed if plan.choices[each.center] == each.name)
    return Upgrades(listed, chosen, program, plan, _acts(judged, program, plan, chosen))  # (5)


def frontier(
    found: Upgrades, budgets: tuple[float, ...], *, time_limit_s: float = TIME_LIMIT_S
) -> list[UpgradePlan]:
    """Return the best plan for each budget, the time shared among them; for the budget of the plan it is the plan."""
    share_s = time_limit_s / max(len(budgets), 1)
    return [
        found.plan
        if each == found.program.budget
        else solve_upgrades(replace(found.program, budget=each), time_limit_s=share_s)
        for each in budgets
    ]


def _judged(results: Results, settings: SitingSettings, listed: tuple[Upgrade, ...]) -> _Study:
    """Judge candidates, then the stations that are left as they are, then each choice of each center."""
    walkers = judged_walkers(results, settings)
    services = services_asked(results, settings) if settings.services else results.inputs.services
    sited = {each.id for each in services if each.complete or each.id in settings.services}
    places = (
        all_places(results, settings, farthest_m(results, walkers, services)) if sited else None
    )
    centers = {each.center for each in listed}
    staying = tuple(station for station in results.stations if station.id not in centers)
    trials = tuple(
        replace(each.station, id=f"{each.center}/{number}") for number, each in enumerate(listed)
    )
    home = {station.id for station in staying}
    offers: list[Offer] = [offer for offer in results.offers if offer.station in home]
    for each, trial in zip(listed, trials, strict=True):
        offers += [
            replace(offer, station=trial.id)
            for offer in results.offers
            if offer.station == each.center
        ]
    standing = (*staying, *trials)
    anchors = station_anchors(results, standing, results.inputs.settings.max_snap_m)
    fresh = () if places is None else places.stations
    number = np.arange(len(fresh) + len(standing))
    every = Trial(
        stations=(*fresh, *standing),
        anchors=anchors if places is None else joined(places.anchors, anchors),
        stays=(number >= len(fresh)) & (number < len(fresh) + len(staying)),
        begins=number < len(fresh),
        offers=tuple(offers),
    )
    lacks = lacking(results, every, services, walkers)
    return _Study(
        results,
        settings,
        services,
        frozenset(sited),
        places,
        listed,
        lacks,
        len(fresh),
        len(staying),
    )


def _program(judged: _Study) -> Program:
    settings, listed, lacks = judged.settings, judged.listed, judged.lacks
    choices = []
    for number, each in enumerate(listed):
        rows, shares = judged.served(judged.fresh + judged.staying + number)
        room = each.target if each.action == "room" else None
        choices.append(
            Choice(each.name, each.cost, rows, room=room, needs=each.needs, shares=shares)
        )
    centers = dict.fromkeys(each.center for each in listed)
    return Program(
        weight=lacks.weight,
        served=np.empty(0, dtype=np.int64),
        centers={
            center: tuple(
                choice
                for choice, each in zip(choices, listed, strict=True)
                if each.center == center
            )
            for center in centers
        },
        additions=(),
        budget=settings.budget or 0.0,
        openings=_openings(judged),
        new_stations=settings.new,
        beside=lacks.before,
    )


def _openings(judged: _Study) -> tuple[Opening, ...]:
    """Return the candidates at which some service would serve somebody who lacks it."""
    found, settings = judged.found, judged.settings
    if found is None:
        return ()
    fits = large_enough(judged.results, found.stations, judged.services)
    openings = []
    for site, station in enumerate(found.stations):
        rows, shares = judged.served(site)
        of_service = judged.lacks.service[rows]
        services = tuple(
            Choice(
                f"{station.id}: {each.id}", settings.service_cost, rows[mine], shares=shares[mine]
            )
            for number, each in enumerate(judged.services)
            if each.id in judged.sited
            and fits[site, number]
            and (mine := of_service == number).any()
        )
        room = found.room[site]
        cost = settings.station_cost if room is None else room.cost or 0.0
        if services:
            openings.append(
                Opening(
                    station.id,
                    cost,
                    int(found.slots[site]),
                    services,
                    None if room is None else room.id,
                )
            )
    return tuple(openings)


def _acts(
    judged: _Study, program: Program, plan: UpgradePlan, chosen: tuple[Upgrade, ...]
) -> SitePlan:
    """Return the plan act by act: centers that change, and stations that open."""
    results, lacks, services = judged.results, judged.lacks, judged.services
    made, listed = upgrade_problem(program), listed_choices(program)
    number = {choice.name: option for option, choice in enumerate(listed)}
    leave = {center: number[choices[0].name] for center, choices in program.centers.items()}
    nothing = np.empty(0, dtype=np.int64)
    acts: list[tuple[Upgrade | str, IntArray, IntArray]] = [
        (each, np.array([leave[each.center]]), np.array([number[each.name]]))
        for each in chosen
        if each.action != "leave"
    ]
    acts += [
        (name, nothing, np.array([number[each] for each in taken]))
        for name, taken in plan.opened.items()
    ]
    whole = np.sort(
        np.concatenate(
            [
                [leave[each.center] for each in chosen if each.action == "leave"],
                *(added for _, _, added in acts),
            ]
        ).astype(np.int64)
    )
    best = evaluate(made, whole).objective
    proposals: list[Proposal] = []
    modes = {service.id: mode_of(results, service.id) for service in services}
    offers: list[Offer] = []
    base = first_options(made)
    for step in steps(made, base, [(away, added) for _, away, added in acts]):
        act, away, added = acts[step.act]
        without = np.sort(np.concatenate([np.setdiff1d(whole, added), away]))
        loss = best - evaluate(made, without).objective
        if isinstance(act, Upgrade):
            one = _changed(judged, act, step, len(proposals) + 1, loss)
        else:
            one = _opened(judged, program, act, plan.opened[act], step, len(proposals) + 1, loss)
            offers += [
                would_offer(one.station, service, modes[service]) for service in one.services
            ]
        proposals.append(one)
    return SitePlan(
        settings=judged.settings,
        proposals=tuple(proposals),
        services=tuple(service.id for service in services),
        walkers=tuple(walker.id for walker in judged_walkers(results, judged.settings)),
        weighs_blocks=not bool(np.any(results.demand.people > 0)),
        before=plan.before,
        after=plan.after,
        bound=plan.bound,
        total=lacks.total,
        candidates=len(program.openings)
        + sum(len(choices) for choices in program.centers.values()),
        spacing_m=None if judged.found is None else judged.found.spacing_m,
        unreachable=_unreached(judged, made),
        curve=None,
        solution=plan.solution,
        problem=made,
        stations=tuple(each.station for each in proposals if not each.extends),
        offers=tuple(offers),
        notes=() if judged.found is None else judged.found.notes,
        weighs_needs=weighs_needs(results, services),
    )


def _unreached(judged: _Study, made: Problem) -> tuple[Unreachable, ...]:
    walkers = judged_walkers(judged.results, judged.settings)
    return unreachable(judged.results, judged.lacks, judged.services, walkers, made.unreachable)


def _changed(judged: _Study, act: Upgrade, step: Step, rank: int, loss: float) -> Proposal:
    """Return a center that gets an elevator, or moves."""
    results, station = judged.results, act.station
    number = judged.fresh + judged.staying + judged.listed.index(act)
    rooms = {room.id: room for room in judged.settings.rooms}
    return Proposal(
        rank=rank,
        station=station,
        extends=True,
        services=tuple(
            dict.fromkeys(offer.service for offer in results.offers if offer.station == act.center)
        ),
        streets=streets_of(results, station),
        community=station.community,
        kind="room" if act.action == "room" else "station",
        room=rooms[act.target] if act.action == "room" else None,
        cost=act.cost,
        gain=step.gain,
        within_reach=blocks_of(results, judged.lacks, judged.served(number)[0]),
        action=act.action,
        target=act.target,
        loss=loss,
        **gains(results, judged.lacks, judged.services, step.rows, step.more),
    )


def _opened(
    judged: _Study,
    program: Program,
    name: str,
    taken: tuple[str, ...],
    step: Step,
    rank: int,
    loss: float,
) -> Proposal:
    """Return a new station, named by its ``rank`` among all acts, as the map and the tables number it."""
    results, found = judged.results, judged.found
    assert found is not None
    site = next(number for number, station in enumerate(found.stations) if station.id == name)
    opening = next(each for each in program.openings if each.name == name)
    services = tuple(
        each.name.removeprefix(f"{name}: ") for each in opening.services if each.name in taken
    )
    station: Station = as_station(results, found, site, services, rank)
    room: Room | None = found.room[site]
    return Proposal(
        rank=rank,
        station=station,
        extends=False,
        services=services,
        streets=streets_of(results, station),
        community=station.community,
        kind=found.kind[site],
        room=room,
        cost=opening.cost + sum(each.cost for each in opening.services if each.name in taken),
        gain=step.gain,
        within_reach=blocks_of(results, judged.lacks, judged.served(site)[0]),
        target="" if room is None else room.id,
        loss=loss,
        **gains(results, judged.lacks, judged.services, step.rows, step.more),
    )
