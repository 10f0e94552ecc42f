"""From a run to proposals: what people lack, where stations could give it to them, the best choice.

A candidate counts for a person exactly as the run would count it (``unserved_of``): a run with the
proposals added gains what is promised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import read_only
from walkshed.model.messages import Listing, Message
from walkshed.model.plans.proposals import (
    Proposal,
    SitePlan,
    SitingSettings,
    TooDear,
    Unreachable,
)
from walkshed.model.plans.siting import GainCurve, Goal, Problem, Solution, State, Status
from walkshed.model.results import Results
from walkshed.model.town.places import Mode, Service, Station
from walkshed.model.town.walkers import Walker
from walkshed.needs.measures.effects import counted
from walkshed.needs.rules.offers import would_offer
from walkshed.needs.rules.walkers import crew_of
from walkshed.siting.grounds.asking import askings
from walkshed.siting.grounds.dominating import Asking
from walkshed.siting.planning.candidates import beside_standing, too_near
from walkshed.siting.planning.describing import (
    WORTH_NOTHING,
    as_station,
    blocks_of,
    gains,
    mode_of,
    streets_of,
    unreachable,
    weighs_needs,
)
from walkshed.siting.planning.goals import Aim, aim_of
from walkshed.siting.planning.places import Places, joined, large_enough, places, station_anchors
from walkshed.siting.planning.unserved import Counts, Trial, Unserved, by_block, unserved_of
from walkshed.siting.planning.walking import Asked
from walkshed.siting.planning.wishes import (
    check_costs,
    farthest_m,
    judged_walkers,
    left_apart,
    services_asked,
)
from walkshed.siting.solver.curves import Ranked, gain_curve, ranked
from walkshed.siting.solver.dearer import further_sites, just_too_dear
from walkshed.siting.solver.plans import evaluate
from walkshed.siting.solver.problems import problem
from walkshed.siting.solver.record import Clock, Tell
from walkshed.siting.solver.solving import TIME_LIMIT_S, solve

#: Plans with fewer sites need not be proven further than this.
CURVE_GAP = 0.002
#: However long it takes to set a problem up, this part of the time is left to solve it.
LEAST_LEFT = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """The candidates for a study, what its people lack, and what each candidate would give to whom."""

    results: Results
    settings: SitingSettings
    services: tuple[Service, ...]
    walkers: tuple[Walker, ...]
    places: Places
    lacks: Unserved

    @property
    def sites(self) -> tuple[Station, ...]:
        """The candidates, then the stations that stand."""
        return (*self.places.stations, *self.results.stations)

    def unreached(self, problem: Problem) -> tuple[Unreachable, ...]:
        """Return whom no candidate can serve."""
        sites = len(self.sites)
        may_offer = np.zeros((sites, len(self.services)), dtype=bool)
        allowed = problem.allowed.reshape(-1, len(self.services))
        may_offer[: len(allowed)] = allowed
        return unreachable(
            self.results,
            self.lacks,
            self.services,
            self.walkers,
            rows=problem.unreachable,
            may_offer=may_offer,
        )


def propose(
    results: Results,
    settings: SitingSettings,
    *,
    time_limit_s: float = TIME_LIMIT_S,
    gap: float = 0.0,
    tell: Tell | None = None,
    unreached: Callable[[tuple[Unreachable, ...]], None] | None = None,
) -> SitePlan:
    """Return the proposals for a study that was run.

    Method: (1) the services asked for, or all that are surveyed; (2) candidates near people who
    lack one of them; (3) whom each candidate, and each standing station, would serve with each
    service; (4) the problem: choose sites and services so that most people who lack a service gain
    it, each counted with the weight of the need; (5) its solution, and the curve of gains for 1, 2,
    … sites; (6) proposals in the order in which each adds most. ``unreached`` is called before (5)
    with those whom no candidate can serve. ``time_limit_s`` is for (1) to (5) together.

    Raises ``InvalidValueError`` where there is nothing to decide: no new station and no budget, no
    surveyed service with a standard, no candidate.
    """
    # (1)
    clock = Clock(time_limit_s)
    aim = aim_of(settings.goal)
    services = services_asked(results, settings)
    walkers = judged_walkers(results, settings)
    _check_numbers(settings, aim)
    services, settings = aim.services(results, services, settings), aim.settings(settings)

    # (2)
    within_m = farthest_m(results, walkers, services)
    asked = _who_asks(results, settings, services, walkers)
    candidates = places(
        results,
        settings,
        results.demand.xy,
        within_m,
        asked=asked,
        services=len(services),
    )

    # (3)
    counts = Counts(
        counted(results, tuple(walker.id for walker in walkers), named=bool(settings.walkers)),
        np.ones(len(services), dtype=bool),
        apart=left_apart(results, settings, walkers, services),
    )
    trial = _trial(results, candidates, settings)
    lacks = unserved_of(results, trial, services, walkers, counts=counts)
    if settings.single_source:
        lacks = by_block(lacks, results.demand.block)
    judged = _Judged(results, settings, services, walkers, candidates, lacks)

    # (4)
    covering = _covering(judged)
    if unreached is not None:
        unreached(judged.unreached(covering))
    aimed = aim.problem(Asked(results, candidates, settings, services, walkers, covering))

    # (5): with a curve, each takes half of the time that (1) to (4) have left
    left_s = max(clock.left_s, LEAST_LEFT * time_limit_s)
    limit_s = left_s / 2.0 if aim.has_curve else left_s
    solution = solve(aimed.problem, time_limit_s=limit_s, gap=gap, tell=tell)
    if not solution.found:
        raise InvalidValueError(_no_plan(judged, aim, solution))
    curve = _curve(aimed.problem, solution, limit_s, gap, tell) if aim.has_curve else None

    # (6)
    plan = _plan(judged, covering, solution, curve)
    most = lacks.before + float(np.delete(covering.weight, covering.unreachable).sum())
    return aim.completed(plan, aimed, most)


def _who_asks(
    results: Results,
    settings: SitingSettings,
    services: tuple[Service, ...],
    walkers: tuple[Walker, ...],
) -> Callable[[], tuple[Asking, ...] | None] | None:
    """Return what tells who asks within which limits; None where more than limits decides whom a station serves.

    With limited places it counts who else comes, with other goals how far everybody walks, and
    where stations are kept apart what stands around.
    """
    if settings.goal not in ("coverage", "all") or settings.candidates == "rooms":
        return None
    if settings.station_capacity is not None or settings.spacing_m is not None:
        return None
    if settings.apart_m:
        return None

    # who walks: to a station the walker, from it a crew, which is the same way where none is one-way
    crew = crew_of(results.inputs.walkers)
    comes = [mode_of(results, service.id) is Mode.OUTREACH for service in services]
    if any(comes) and not (results.network.forward & results.network.backward).all():
        return None
    goers = tuple(tuple(crew if comes_here else one for comes_here in comes) for one in walkers)

    def who_asks() -> tuple[Asking, ...] | None:
        """Return whoever lacks something beside what stands."""
        standing = station_anchors(results, results.stations, results.inputs.settings.max_snap_m)
        stays = np.ones(len(results.stations), dtype=bool)
        trial = Trial(results.stations, standing, stays, ~stays, results.offers)
        lacks = unserved_of(results, trial, services, walkers)
        return askings(results, services, goers, (lacks.walker, lacks.service, lacks.point))

    return who_asks


def _check_numbers(settings: SitingSettings, aim: Aim) -> None:
    """Raise ``InvalidValueError`` where nothing says how many stations, or what they cost."""
    if settings.new is None and settings.budget is None and not aim.serves_all:
        raise InvalidValueError("how many stations? give new = 5, or a budget")
    if settings.single_source and settings.goal != "coverage":
        raise InvalidValueError(
            Message(
                "single_source counts people within the limits: goal = '{goal}' does without "
                "it; leave one of the two out",
                goal=settings.goal,
            )
        )
    least = 0 if settings.add_services else 1
    if settings.new is not None and settings.new < least:
        raise InvalidValueError(
            Message(
                "new = {new}; ask for 1 station or more (or 0 with add_services)", new=settings.new
            )
        )
    if settings.budget is None:
        return
    if settings.candidates == "rooms":
        check_costs(settings.rooms)
    elif settings.new is None and settings.station_cost + settings.service_cost == 0:
        raise InvalidValueError(
            Message(
                "a budget of {budget:g} limits nothing where stations have no price; write "
                "station_cost or service_cost under [siting], or say how many: --new 5",
                budget=settings.budget,
            )
        )


def _no_plan(judged: _Judged, aim: Aim, solution: Solution) -> str:
    """Return why there is no plan, and for which blocks."""
    results, settings = judged.results, judged.settings
    rows = [reason.demand for reason in solution.reasons if reason.demand >= 0]
    if not aim.serves_all or not rows:
        if not solution.reasons:
            return Message("no plan: time ran out before any was found")
        facts = Listing((reason.text for reason in solution.reasons), mark="; ")
        return Message("no plan: {facts}", facts=facts)

    blocks = blocks_of(results, judged.lacks, np.array(rows))
    named: Message = Listing(results.blocks[block].name for block in blocks[:5])
    if len(blocks) > 5:
        named = Message(
            "{names} and {count} more {count:block|blocks}", names=named, count=len(blocks) - 5
        )

    limits = []
    if settings.new is not None:
        limits.append(Message("{new} new {new:station|stations}", new=settings.new))
    if settings.budget is not None:
        limits.append(Message("a budget of {budget:g}", budget=settings.budget))
    return Message(
        "{limits} cannot serve everybody: at best {named} lack a service; allow more, or write "
        "goal = 'coverage' to serve most",
        limits=Listing(limits, mark=" and "),
        named=named,
    )


def _trial(results: Results, candidates: Places, settings: SitingSettings) -> Trial:
    """Return the candidates, then the standing stations, which stay; services may begin at all."""
    standing = station_anchors(results, results.stations, results.inputs.settings.max_snap_m)
    stations = (*candidates.stations, *results.stations)
    stays = np.arange(len(stations)) >= len(candidates.stations)
    begins = ~stays | (settings.add_services > 0)
    return Trial(stations, joined(candidates.anchors, standing), stays, begins, results.offers)


def _covering(judged: _Judged) -> Problem:
    """Return the problem of covering most; an option is a service at a site.

    Sites are the candidates, then the standing stations if they may take on services.
    """
    settings, lacks, candidates = judged.settings, judged.lacks, judged.places
    count = len(judged.services)
    new = len(candidates.stations)
    standing = len(judged.results.stations) if settings.add_services else 0
    sites = new + standing

    # which rows each option serves
    option = lacks.pair_station * count + lacks.service[lacks.pair_row]
    order = np.lexsort([lacks.pair_row, option])
    start = np.searchsorted(option[order], np.arange(sites * count + 1))

    # a service stands only where there is the floor area for it
    fits = large_enough(judged.results, judged.sites[:sites], judged.services)

    # nor beside one that stands with it
    xy, apart_m = candidates.anchors.point_xy, settings.apart_m
    standing_near = beside_standing(
        judged.results, xy, judged.services, judged.results.stations, apart_m
    )
    fits[:new] &= ~standing_near
    costs = [
        settings.station_cost if room is None else room.cost or 0.0 for room in candidates.room
    ]
    return problem(
        Goal.COVER,
        weight=lacks.weight,
        start=start,
        demand=lacks.pair_row[order],
        share=lacks.pair_share[order],
        option_site=np.repeat(np.arange(sites), count),
        option_state=np.where(fits.ravel(), State.FREE, State.FORBIDDEN),
        option_cost=np.full(sites * count, settings.service_cost),
        site_cost=np.concatenate([costs, np.zeros(standing)]),
        site_state=np.where(np.arange(sites) < new, State.FREE, State.STANDING),
        site_slots=np.concatenate([candidates.slots, np.full(standing, settings.add_services)]),
        new_sites=settings.new,
        budget=settings.budget,
        apart=too_near(xy, apart_m) if apart_m else None,
        single_source=settings.single_source,
    )


def _curve(
    covering: Problem, solution: Solution, time_limit_s: float, gap: float, tell: Tell | None
) -> GainCurve | None:
    """Return the curve that ends in the solution; None without sites, and after an interruption."""
    sites = len(solution.sites)
    if sites == 0 or solution.status is Status.INTERRUPTED:
        return None

    fewer = gain_curve(
        covering, sites - 1, time_limit_s=time_limit_s, gap=max(gap, CURVE_GAP), tell=tell
    )
    served = np.append(fewer.served, solution.objective)
    return GainCurve(
        new_sites=np.append(fewer.new_sites, sites),
        served=served,
        bound=np.append(fewer.bound, solution.bound),
        gain=np.diff(served, prepend=served[:1]),
        solutions=(*fewer.solutions, solution),
    )


def _plan(
    judged: _Judged, covering: Problem, solution: Solution, curve: GainCurve | None
) -> SitePlan:
    """Return the proposals of a solution in the order in which each adds most, and their worth."""
    results, lacks, services = judged.results, judged.lacks, judged.services
    order = ranked(covering, solution)
    proposals = tuple(_proposal(judged, covering, order, place) for place in range(len(order.site)))

    # new offers work as those that stand
    modes = {service.id: mode_of(results, service.id) for service in services}
    offers = tuple(
        would_offer(proposal.station, service, modes[service])
        for proposal in proposals
        for service in proposal.services
    )

    gained = evaluate(covering, solution.options).objective
    return SitePlan(
        settings=judged.settings,
        proposals=proposals,
        services=tuple(service.id for service in services),
        walkers=tuple(walker.id for walker in judged.walkers),
        weighs_blocks=results.main.matrix.weighs_blocks,
        before=lacks.before,
        after=lacks.before + gained,
        bound=lacks.before + solution.bound,
        total=lacks.total,
        candidates=len(judged.places.stations),
        spacing_m=judged.places.spacing_m,
        everywhere=judged.places.everywhere,
        unreachable=judged.unreached(covering),
        curve=curve,
        solution=solution,
        problem=covering,
        stations=tuple(proposal.station for proposal in proposals if not proposal.extends),
        offers=offers,
        notes=(*judged.places.notes, *_on_islands(judged, order)),
        weighs_needs=weighs_needs(results, services),
        too_dear=_too_dear(judged, covering, solution, order),
    )


def _on_islands(judged: _Judged, order: Ranked) -> tuple[Message, ...]:
    """Return a note on the proposals on streets that no way joins to those on which most people live."""
    net, demand, places = judged.results.network, judged.results.demand, judged.places
    people = np.maximum(demand.people, demand.weight)
    of_point = np.repeat(people, np.diff(demand.anchors.start))
    component = net.component[demand.anchors.edge]
    lived_on = np.bincount(component, of_point, minlength=len(net.component_m))
    main = int(np.argmax(lived_on))

    cut_off, served = [], 0.0
    for place, site in enumerate(order.site.tolist()):
        if site >= len(places.stations):
            continue
        feet = slice(places.anchors.start[site], places.anchors.start[site + 1])
        if not (net.component[places.anchors.edge[feet]] == main).any():
            cut_off.append(f"P{place + 1}")
            served += float(order.gain[place])
    if not cut_off:
        return ()
    return (
        Message(
            "{named} {n:stands|stand} on streets that no way of the map joins to the rest of the "
            "town, with {percent:.0f}% of the gain; where people can pass there, add the way "
            "([streets] extra)",
            named=Listing(cut_off),
            n=len(cut_off),
            percent=100.0 * served / max(float(order.gain.sum()), WORTH_NOTHING),
        ),
    )


def _too_dear(
    judged: _Judged, covering: Problem, solution: Solution, order: Ranked
) -> TooDear | None:
    """Return the station that the budget just does not pay for beside the plan."""
    if covering.budget is None:
        return None
    sites = further_sites(covering, solution.options)
    found = just_too_dear(covering, solution.options, sites)
    if found is None:
        return None
    options = sites[found.act][1]
    after = Ranked(
        site=read_only([*order.site.tolist(), int(covering.option_site[options[0]])], np.int64),
        options=(*order.options, options),
        gain=read_only([*order.gain.tolist(), found.step.gain], np.float64),
        newly=order.newly,
        gained=(*order.gained, (found.step.rows, found.step.more)),
    )
    return TooDear(_proposal(judged, covering, after, len(order.site)), found.short)


def _proposal(judged: _Judged, covering: Problem, order: Ranked, place: int) -> Proposal:
    """Return the proposal at a place in the order."""
    results, lacks, candidates = judged.results, judged.lacks, judged.places
    site, options = int(order.site[place]), order.options[place]
    count, new = len(judged.services), len(candidates.stations)
    services = tuple(judged.services[option % count].id for option in options.tolist())

    # services that a standing station takes on, or a new station
    extends = site >= new
    if extends:
        station, kind, room = results.stations[site - new], "station", None
    else:
        station = as_station(results, candidates, site, services, place + 1)
        kind, room = candidates.kind[site], candidates.room[site]

    rows, more = order.gained[place]
    return Proposal(
        rank=place + 1,
        station=station,
        extends=extends,
        services=services,
        streets=streets_of(results, station),
        community=station.community,
        kind=kind,
        room=room,
        cost=float(covering.option_cost[options].sum() + covering.site_cost[site]),
        gain=float(order.gain[place]),
        within_reach=blocks_of(results, lacks, lacks.pair_row[lacks.pair_station == site]),
        action="add_services" if extends else "new_station",
        **gains(results, lacks, judged.services, rows, more),
    )
