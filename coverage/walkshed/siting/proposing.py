"""From a run to proposals: what people lack, where a station could give it to them, and the best choice of places.

A candidate counts for a person exactly as the run would count it (``lacking``): a run with the proposals added gains
what is promised.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray
from walkshed.model.places import Mode, Offer, Service, Station
from walkshed.model.proposals import Hindrance, Proposal, SitePlan, SitingSettings, Unreachable
from walkshed.model.results import Results
from walkshed.model.siting import GainCurve, Goal, Problem, Solution, State
from walkshed.model.walkers import Walker
from walkshed.needs.offers import station_homes, would_offer
from walkshed.needs.standards import need_for, need_weights
from walkshed.siting.asked import farthest_m, judged_walkers, services_asked
from walkshed.siting.curves import gain_curve, ranked
from walkshed.siting.lacking import Lacking, Trial, lacking
from walkshed.siting.places import Places, joined, large_enough, places, station_anchors, streets_at
from walkshed.siting.plans import evaluate
from walkshed.siting.problems import problem
from walkshed.siting.solving import TIME_LIMIT_S, solve

#: Less than this is the rounding of sums, not people.
WORTH_NOTHING = 1e-9


def propose(results: Results, settings: SitingSettings, *, time_limit_s: float = TIME_LIMIT_S) -> SitePlan:
    """Return the proposals for a study that was run.

    Method: (1) the services asked for, or all that are surveyed; (2) candidates near people who lack one of them;
    (3) whom each candidate, and each standing station, would serve with each service; (4) the problem: choose sites and
    services so that most people who lack a service gain it, each counted with the weight of the need; (5) its solution,
    and the curve of gains for 1, 2, … sites; (6) proposals in the order in which each adds most.

    Raises ``InvalidValueError`` where there is nothing to decide: no new station and no budget, no surveyed service
    with a standard, no candidate.
    """
    services = services_asked(results, settings)  # (1)
    walkers = judged_walkers(results, settings)
    if settings.new is None and settings.budget is None:
        raise InvalidValueError("how many stations? give new = 5, or a budget")
    within_m = farthest_m(results, walkers, services)
    found = places(results, settings, results.demand.xy, within_m)  # (2)
    lacks = lacking(results, _trial(results, found, settings), services, walkers)  # (3)
    made = _problem(results, found, lacks, settings, services)  # (4)
    solution, curve = _solved(made, time_limit_s)  # (5)
    if not solution.found:
        facts = "; ".join(reason.text for reason in solution.reasons) or "time ran out before any plan was found"
        raise InvalidValueError(f"no plan: {facts}")
    return _plan(results, settings, found, lacks, services, walkers, made, solution, curve)  # (6)


def _trial(results: Results, found: Places, settings: SitingSettings) -> Trial:
    """Return the candidates, then the standing stations, which stay; services may begin at all of them."""
    standing = station_anchors(results, results.stations, results.inputs.settings.max_snap_m)
    every = (*found.stations, *results.stations)
    stays = np.arange(len(every)) >= len(found.stations)
    begins = ~stays | (settings.add_services > 0)
    return Trial(every, joined(found.anchors, standing), stays, begins, results.offers)


def _problem(
    results: Results, found: Places, lacks: Lacking, settings: SitingSettings, services: tuple[Service, ...]
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
        option_state=np.where(large_enough(results, every, services).ravel(), State.FREE, State.FORBIDDEN),
        option_cost=np.full(sites * count, settings.service_cost),
        site_cost=np.concatenate([rooms, np.zeros(standing)]),
        site_state=np.where(new, State.FREE, State.STANDING),
        site_slots=np.concatenate([found.slots, np.full(standing, settings.add_services)]),
        new_sites=settings.new,
        budget=settings.budget,
    )


def _solved(made: Problem, time_limit_s: float) -> tuple[Solution, GainCurve | None]:
    """Return the solution, and the curve that ends in it; half of the time is the solution's, half the curve's."""
    solution = solve(made, time_limit_s=time_limit_s / 2.0)
    sites = len(solution.sites)
    if not solution.found or sites == 0:
        return solution, None
    fewer = gain_curve(made, sites - 1, time_limit_s=time_limit_s / 2.0)
    served = np.append(fewer.served, solution.objective)
    return solution, GainCurve(
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
    modes = {service.id: _mode(results, service.id) for service in services}
    block_of = results.demand.block
    for place, site in enumerate(order.site.tolist()):
        chosen = tuple(services[option % count].id for option in order.options[place].tolist())
        rows, more = order.gained[place]
        of_block = np.bincount(block_of[lacks.point[rows]], weights=more, minlength=len(results.blocks))
        of_service = np.bincount(lacks.service[rows], weights=more, minlength=count)
        heads = np.bincount(lacks.service[rows], weights=more / lacks.need_weight[rows], minlength=count)
        reached = np.unique(block_of[lacks.point[lacks.pair_row[lacks.pair_station == site]]])
        gaining = np.lexsort([np.arange(len(of_block)), -np.round(of_block, 6)])
        station = _as_station(results, found, site, chosen, len(proposals) + 1)
        xy = results.network.plane.geometry_to_xy(np.array([station.geometry], dtype=object))[0].centroid
        proposals.append(
            Proposal(
                rank=place + 1,
                station=station,
                extends=site >= fresh,
                services=chosen,
                streets=streets_at(results, np.array([xy.x, xy.y])),
                community=station.community,
                kind="station" if site >= fresh else found.kind[site],
                room=None if site >= fresh else found.room[site],
                cost=float(made.option_cost[order.options[place]].sum() + made.site_cost[site]),
                gain=float(order.gain[place]),
                gain_by_service={services[s].id: float(of_service[s]) for s in range(count) if of_service[s] > 0},
                gain_by_kind=_by_kind(results, of_block.astype(np.float64)),
                gain_by_block=tuple((int(b), float(of_block[b])) for b in gaining if of_block[b] > WORTH_NOTHING),
                within_reach=tuple(int(block) for block in reached),
                people_by_service={services[s].id: float(heads[s]) for s in range(count) if heads[s] > 0},
            )
        )  # fmt: skip
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
        unreachable=_unreachable(results, lacks, services, walkers, solution),
        curve=curve,
        solution=solution,
        problem=made,
        stations=tuple(each.station for each in proposals if not each.extends),
        offers=tuple(offers),
        notes=(),
        weighs_needs=_weighs_needs(results, services),
    )


def _weighs_needs(results: Results, services: tuple[Service, ...]) -> bool:
    """Return whether the need of some kind of block for one of the services weighs other than 1."""
    kinds = {block.kind for block in results.blocks}
    needs = [need_for(results.inputs.needs, kind, service) for kind in kinds for service in services]
    return bool(np.any(need_weights(needs) != 1.0))


def _as_station(results: Results, found: Places, site: int, services: tuple[str, ...], number: int) -> Station:
    """Return a chosen site as the station it becomes, with a free id and its community."""
    fresh = len(found.stations)
    if site >= fresh:
        return results.stations[site - fresh]
    taken = {station.id for station in results.stations}
    key = f"P{number}"
    while key in taken:
        key += "+"
    candidate, room = found.stations[site], found.room[site]
    zh = results.inputs.settings.language == "zh"
    name = f"推荐点{number}" if zh else f"Proposal {number}"
    if room is not None or found.kind[site] == "feature":
        name += f"（{candidate.name}）" if zh else f" ({candidate.name})"
    subdistrict, community = _home(results, candidate)
    return replace(candidate, id=key, name=name, services=services, subdistrict=subdistrict, community=community)


def _home(results: Results, station: Station) -> tuple[str, str]:
    """Return subdistrict and community of the block in which (or nearest to which) a station stands."""
    home = int(station_homes((station,), results.blocks, results.network)[0])
    return ("", "") if home < 0 else (results.blocks[home].subdistrict, results.blocks[home].community)


def _mode(results: Results, service: str) -> Mode:
    """Return how new offers of a service work: as all standing ones do, if they all come to the door."""
    row = {station.id: number for number, station in enumerate(results.stations)}
    on = results.station_anchors.on_network
    modes = {offer.mode for offer in results.offers if offer.service == service and on[row[offer.station]]}
    return Mode.OUTREACH if modes == {Mode.OUTREACH} else Mode.VISIT


def _by_kind(results: Results, of_block: FloatArray) -> dict[str, float]:
    found: dict[str, float] = {}
    for block, gain in zip(results.blocks, of_block.tolist(), strict=True):
        if gain > WORTH_NOTHING:
            found[block.kind] = found.get(block.kind, 0.0) + gain
    return dict(sorted(found.items()))


def _unreachable(
    results: Results,
    lacks: Lacking,
    services: tuple[Service, ...],
    walkers: tuple[Walker, ...],
    solution: Solution,
) -> tuple[Unreachable, ...]:
    """Return who can be reached from no candidate, by block, service, walker and reason, in that order."""
    on_network = results.demand.anchors.on_network
    block_of = results.demand.block
    found: dict[tuple[int, int, int, Hindrance], float] = {}
    for row in solution.unreachable.tolist():
        point = int(lacks.point[row])
        why = (
            Hindrance.OFF_NETWORK
            if not on_network[point]
            else Hindrance.NOT_ACCESSIBLE
            if lacks.refused[row]
            else Hindrance.NO_CANDIDATE
        )
        key = (int(block_of[point]), int(lacks.service[row]), int(lacks.walker[row]), why)
        found[key] = found.get(key, 0.0) + float(lacks.weight[row] / lacks.need_weight[row])
    return tuple(
        Unreachable(block, services[service].id, walkers[walker].id, worth, why)
        for (block, service, walker, why), worth in sorted(found.items(), key=lambda item: (*item[0][:3], item[0][3]))
    )
