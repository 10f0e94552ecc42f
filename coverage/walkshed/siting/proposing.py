"""From a run to proposals: what people lack, where a station could give it to them, and the best choice of places.

A candidate counts for a person exactly as the run would count it (``lacking``): a run with the
proposals added gains what is promised.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.places import Offer, Service
from walkshed.model.proposals import Proposal, SitePlan, SitingSettings, Unreachable
from walkshed.model.results import Results
from walkshed.model.siting import GainCurve, Goal, Problem, Solution, State, Status
from walkshed.model.walkers import Walker
from walkshed.needs.offers import would_offer
from walkshed.siting.asked import (
    check_costs,
    farthest_m,
    judged_walkers,
    services_asked,
)
from walkshed.siting.curves import gain_curve, ranked
from walkshed.siting.describing import (
    as_station,
    blocks_of,
    gains,
    mode_of,
    streets_of,
    unreachable,
    weighs_needs,
)
from walkshed.siting.goals import Aim, aim_of
from walkshed.siting.lacking import Lacking, Trial, lacking
from walkshed.siting.places import Places, joined, large_enough, places, station_anchors
from walkshed.siting.plans import evaluate
from walkshed.siting.problems import problem
from walkshed.siting.record import Tell
from walkshed.siting.solving import TIME_LIMIT_S, solve
from walkshed.siting.walking import Asked

#: Plans with fewer sites need not be proven further than this.
CURVE_GAP = 0.002


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
    … sites; (6) proposals in the order in which each adds most. ``unreached`` is told before (5)
    whom no candidate can serve.

    Raises ``InvalidValueError`` where there is nothing to decide: no new station and no budget, no
    surveyed service with a standard, no candidate.
    """
    aim = aim_of(settings.goal)
    services = services_asked(results, settings)  # (1)
    walkers = judged_walkers(results, settings)
    _check_numbers(settings, aim)
    services, settings = aim.services(results, services, settings), aim.settings(settings)
    within_m = farthest_m(results, walkers, services)
    found = places(results, settings, results.demand.xy, within_m)  # (2)
    lacks = lacking(results, _trial(results, found, settings), services, walkers)  # (3)
    made = _problem(results, found, lacks, settings, services)  # (4)
    if unreached is not None:
        unreached(unreachable(results, lacks, services, walkers, made.unreachable))
    aimed = aim.problem(Asked(results, found, settings, services, walkers, made))

    # (5) with a curve, each takes half of the time
    limit_s = time_limit_s / 2.0 if aim.has_curve else time_limit_s
    solution = solve(aimed.problem, time_limit_s=limit_s, gap=gap, tell=tell)
    if not solution.found:
        raise InvalidValueError(_no_plan(results, lacks, solution, settings))
    curve = _curve(aimed.problem, solution, limit_s, gap, tell) if aim.has_curve else None

    # (6)
    plan = _plan(results, settings, found, lacks, services, walkers, made, solution, curve)
    most = lacks.before + float(np.delete(made.weight, made.unreachable).sum())
    return aim.completed(plan, aimed, most)


def _check_numbers(settings: SitingSettings, aim: Aim) -> None:
    """Raise for settings that do not say how many stations, or at what cost."""
    if settings.new is None and settings.budget is None and not aim.serves_all:
        raise InvalidValueError("how many stations? give new = 5, or a budget")
    if settings.new is not None and settings.new < (0 if settings.add_services else 1):
        raise InvalidValueError(
            f"new = {settings.new}; ask for 1 station or more (or 0 with add_services)"
        )
    if settings.candidates == "rooms" and settings.budget is not None:
        check_costs(settings.rooms)


def _no_plan(results: Results, lacks: Lacking, solution: Solution, settings: SitingSettings) -> str:
    """Return why there is no plan, and for which blocks."""
    rows = [reason.demand for reason in solution.reasons if reason.demand >= 0]
    if not aim_of(settings.goal).serves_all or not rows:
        return "no plan: " + (
            "; ".join(each.text for each in solution.reasons) or "time ran out before any was found"
        )
    blocks = [results.blocks[block].name for block in blocks_of(results, lacks, np.array(rows))]
    named = ", ".join(blocks[:5]) + (
        f" and {len(blocks) - 5} more blocks" if len(blocks) > 5 else ""
    )
    limits = [f"{settings.new} new stations"] if settings.new is not None else []
    limits += [f"a budget of {settings.budget:g}"] if settings.budget is not None else []
    return (
        f"{' and '.join(limits)} cannot serve everybody: at best {named} lack a service; allow more, "
        "or write goal = 'coverage' to serve most"
    )


def _trial(results: Results, found: Places, settings: SitingSettings) -> Trial:
    """Return the candidates, then the standing stations, which stay; services may begin at all of them."""
    standing = station_anchors(results, results.stations, results.inputs.settings.max_snap_m)
    every = (*found.stations, *results.stations)
    stays = np.arange(len(every)) >= len(found.stations)
    begins = ~stays | (settings.add_services > 0)
    return Trial(every, joined(found.anchors, standing), stays, begins, results.offers)


def _problem(
    results: Results,
    found: Places,
    lacks: Lacking,
    settings: SitingSettings,
    services: tuple[Service, ...],
) -> Problem:
    """Return the problem: sites are the candidates, then the standing stations; an option is a service at a site."""
    fresh, standing, count = len(found.stations), len(results.stations), len(services)
    standing = standing if settings.add_services else 0
    station, row, share = lacks.pair_station, lacks.pair_row, lacks.pair_share
    sites = fresh + standing
    option = station * count + lacks.service[row]
    order = np.lexsort([row, option])
    every = (*found.stations, *results.stations)[:sites]
    new = np.arange(sites) < fresh
    rooms = [settings.station_cost if room is None else room.cost or 0.0 for room in found.room]
    return problem(
        Goal.COVER,
        weight=lacks.weight,
        start=np.searchsorted(option[order], np.arange(sites * count + 1)),
        demand=row[order],
        share=share[order],
        option_site=np.repeat(np.arange(sites), count),
        option_state=np.where(
            large_enough(results, every, services).ravel(), State.FREE, State.FORBIDDEN
        ),
        option_cost=np.full(sites * count, settings.service_cost),
        site_cost=np.concatenate([rooms, np.zeros(standing)]),
        site_state=np.where(new, State.FREE, State.STANDING),
        site_slots=np.concatenate([found.slots, np.full(standing, settings.add_services)]),
        new_sites=settings.new,
        budget=settings.budget,
    )


def _curve(
    made: Problem, solution: Solution, time_limit_s: float, gap: float, tell: Tell | None
) -> GainCurve | None:
    """Return the curve that ends in the solution; whoever interrupts the one wants no other."""
    sites = len(solution.sites)
    if sites == 0 or solution.status is Status.INTERRUPTED:
        return None
    fewer = gain_curve(
        made, sites - 1, time_limit_s=time_limit_s, gap=max(gap, CURVE_GAP), tell=tell
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
    results: Results,
    settings: SitingSettings,
    found: Places,
    lacks: Lacking,
    services: tuple[Service, ...],
    walkers: tuple[Walker, ...],
    made: Problem,
    solution: Solution,
    curve: GainCurve | None,
) -> SitePlan:
    order = ranked(made, solution)
    count, fresh = len(services), len(found.stations)
    proposals: list[Proposal] = []
    offers: list[Offer] = []
    modes = {service.id: mode_of(results, service.id) for service in services}
    for place, site in enumerate(order.site.tolist()):
        chosen = tuple(services[option % count].id for option in order.options[place].tolist())
        rows, more = order.gained[place]
        extends = site >= fresh
        station = (
            results.stations[site - fresh]
            if extends
            else as_station(results, found, site, chosen, len(proposals) + 1)
        )
        proposals.append(
            Proposal(
                rank=place + 1,
                station=station,
                extends=extends,
                services=chosen,
                streets=streets_of(results, station),
                community=station.community,
                kind="station" if extends else found.kind[site],
                room=None if extends else found.room[site],
                cost=float(made.option_cost[order.options[place]].sum() + made.site_cost[site]),
                gain=float(order.gain[place]),
                within_reach=blocks_of(results, lacks, lacks.pair_row[lacks.pair_station == site]),
                action="add_services" if extends else "new_station",
                **gains(results, lacks, services, rows, more),
            )
        )
        offers += [would_offer(station, each, modes[each]) for each in chosen]
    gained = evaluate(made, solution.options).objective
    return SitePlan(
        settings=settings,
        proposals=tuple(proposals),
        services=tuple(service.id for service in services),
        walkers=tuple(walker.id for walker in walkers),
        weighs_blocks=not bool(np.any(results.demand.people > 0)),
        before=lacks.before,
        after=lacks.before + gained,
        bound=lacks.before + solution.bound,
        total=lacks.total,
        candidates=fresh,
        spacing_m=found.spacing_m,
        unreachable=unreachable(results, lacks, services, walkers, made.unreachable),
        curve=curve,
        solution=solution,
        problem=made,
        stations=tuple(each.station for each in proposals if not each.extends),
        offers=tuple(offers),
        notes=found.notes,
        weighs_needs=weighs_needs(results, services),
    )
