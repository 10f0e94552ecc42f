"""From a run to proposals: what people lack, where a station could give it to them, and the best choice of places.

A candidate counts for a person exactly as the run would count it: candidates become stations, and the run's own judging
(walks, floors, scope, walkers, the limit of the person's own block) says whom each would serve with each service. So a
run with the proposals added gains what is promised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.model.places import Mode, Offer, Service, Station
from walkshed.model.proposals import Hindrance, Proposal, SitePlan, SitingSettings, Unreachable
from walkshed.model.results import Results
from walkshed.model.siting import GainCurve, Goal, Problem, Solution, State
from walkshed.model.walkers import Walker
from walkshed.needs.capacity import crowd
from walkshed.needs.hours import open_at
from walkshed.needs.offers import station_homes
from walkshed.needs.rows import holders
from walkshed.needs.situation import Situation, situations
from walkshed.needs.standards import limit_m, need_for, need_weights
from walkshed.needs.walkers import crew_of, walker_of
from walkshed.needs.walks import Walks
from walkshed.siting.curves import gain_curve, ranked
from walkshed.siting.places import Places, joined, places, station_anchors, streets_at
from walkshed.siting.plans import evaluate
from walkshed.siting.problems import problem
from walkshed.siting.solving import TIME_LIMIT_S, solve

#: Less than this is the rounding of sums, not people.
WORTH_NOTHING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class _Demand:
    """What is lacking: n rows, one for each walker, service and point that lacks some of it, and who could give it."""

    weight: FloatArray  # (n,) people (or shares of blocks) who lack it, times the weight of their need
    people: FloatArray  # (n,) people (or shares of blocks) who lack it
    service: IntArray  # (n,) index into the services asked for
    walker: IntArray  # (n,)
    point: IntArray  # (n,)
    before: float  # people who have it, over all rows, times the weights of their needs
    total: float
    pair_row: IntArray  # (r,)
    pair_station: IntArray  # (r,) candidates first, then standing stations
    refused: BoolArray  # (n,) within the limit of an adult's walk to some candidate, but closed to the walker


def propose(results: Results, settings: SitingSettings, *, time_limit_s: float = TIME_LIMIT_S) -> SitePlan:
    """Return the proposals for a study that was run.

    Method: (1) the services asked for, or all that are surveyed; (2) candidates near people who lack one of them;
    (3) whom each candidate, and each standing station, would serve with each service; (4) the problem: choose sites and
    services so that most people who lack a service gain it, each counted with the weight of the need; (5) its solution,
    and the curve of gains for 1, 2, … sites; (6) proposals in the order in which each adds most.

    Raises ``InvalidValueError`` where there is nothing to decide: no new station and no budget, no surveyed service
    with a standard, no candidate.
    """
    services = _services(results, settings)  # (1)
    walkers = judged_walkers(results, settings)
    if settings.new is None and settings.budget is None:
        raise InvalidValueError("how many stations? give new = 5, or a budget")
    within_m = _farthest(results, walkers, services)
    found = places(results, settings, results.demand.xy, within_m)  # (2)
    lacking = _demand(results, found, services, walkers)  # (3)
    made = _problem(results, found, lacking, settings, len(services))  # (4)
    solution, curve = _solved(made, time_limit_s)  # (5)
    if not solution.found:
        facts = "; ".join(reason.text for reason in solution.reasons) or "time ran out before any plan was found"
        raise InvalidValueError(f"no plan: {facts}")
    return _plan(results, settings, found, lacking, services, walkers, made, solution, curve)  # (6)


def _services(results: Results, settings: SitingSettings) -> tuple[Service, ...]:
    """Return the services to site for, in the study's order."""
    known = {service.id: service for service in results.inputs.services}
    unknown = sorted(set(settings.services) - set(known))
    if unknown:
        raise InvalidValueError(f"services {unknown} are none of this study's; write some of {', '.join(known)}")
    needs, kinds = results.inputs.needs, {block.kind for block in results.blocks}
    asked = [
        service
        for service in results.inputs.services
        if (service.id in settings.services if settings.services else service.complete)
        and any(need_for(needs, kind, service) is not None for kind in kinds)
    ]
    if not asked:
        raise InvalidValueError(
            "no service can be sited: none is surveyed ([[services]] complete = true) and has a standard; "
            "declare those complete whose stations are all listed, or name services"
        )
    return tuple(asked)


def judged_walkers(results: Results, settings: SitingSettings) -> tuple[Walker, ...]:
    """Return the walkers asked for, or the study's first; an error for one that the study does not judge."""
    main = results.coverage.walker
    judged = results.by_walker or {main: results.coverage}
    for name in settings.walkers:
        if name not in judged:
            raise InvalidValueError(
                f"walker {name!r} is not judged in this study; write one of {', '.join(judged)}, or add it to "
                "[walk] walkers"
            )
    return tuple(walker_of(results.inputs.walkers, name) for name in settings.walkers or (main,))


def _farthest(results: Results, walkers: tuple[Walker, ...], services: tuple[Service, ...]) -> float:
    """Return the meters beyond which no station serves anybody with one of the services."""
    everyone = (*walkers, walker_of(results.inputs.walkers, "adult"), crew_of(results.inputs.walkers))
    kinds = {block.kind for block in results.blocks}
    needs = [need_for(results.inputs.needs, kind, service) for kind in kinds for service in services]
    return max(1.01 * limit_m(need, walker) for need in needs if need is not None for walker in everyone)


def _demand(results: Results, found: Places, services: tuple[Service, ...], walkers: tuple[Walker, ...]) -> _Demand:
    inputs, demand = results.inputs, results.demand
    stations = (*found.stations, *results.stations)
    anchors = joined(found.anchors, station_anchors(results, results.stations, inputs.settings.max_snap_m))
    walks = Walks(results.network, demand, anchors, inputs.needs, adult=walker_of(inputs.walkers, "adult"))
    worth = demand.people if np.any(demand.people > 0) else demand.weight
    points, count, fresh = len(worth), len(services), len(found.stations)
    lacks = np.zeros((len(walkers), count, points))
    heads = np.zeros((len(walkers), count, points))
    refused = np.zeros((len(walkers), count, points), dtype=bool)
    pairs: list[tuple[IntArray, IntArray]] = []
    before = total = 0.0
    for w, walker in enumerate(walkers):
        seen = situations(
            walks, results.blocks, stations, services, inputs.needs, results.offers,
            walker=walker, crew=crew_of(inputs.walkers), open_now=open_at(inputs.settings.at, results.offers),
        )  # fmt: skip
        for s, situation in enumerate(seen):
            rows, accepted = situation.rows, situation.rows.accepted()
            served = _served(situation, demand.people)
            needed = np.isfinite(situation.limit_m)[situation.block_of]
            heads[w, s] = worth / len(walkers) * needed * (1.0 - served)
            share = worth / len(walkers) * needed * need_weights(situation.needs)[situation.block_of]
            lacks[w, s] = share * (1.0 - served)
            before += float((share * served).sum())
            total += float(share.sum())
            new = ~rows.standing & accepted
            pair = np.unique((rows.point * len(stations) + rows.station)[new])
            pairs.append(((w * count + s) * points + pair // len(stations), pair % len(stations)))
            refused[w, s] = holders(rows.point, ~rows.standing & rows.entitled & (rows.station < fresh), points)
    flat = lacks.ravel()
    kept = np.flatnonzero(flat > 0)
    number = np.full(len(flat), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    row = number[np.concatenate([row for row, _ in pairs])]
    at = np.concatenate([station for _, station in pairs])
    return _Demand(
        weight=flat[kept],
        people=heads.ravel()[kept],
        service=(kept // points) % count,
        walker=kept // (points * count),
        point=kept % points,
        before=before,
        total=total,
        pair_row=row[row >= 0],
        pair_station=at[row >= 0],
        refused=refused.ravel()[kept],
    )


def _served(situation: Situation, people: FloatArray) -> FloatArray:
    """Return (p,) the share of each point that the run counts as served."""
    rows = situation.rows
    has = holders(rows.point, rows.standing & rows.accepted(), len(people))
    return np.asarray(np.where(has, 1.0 - crowd(situation, people).full, 0.0), dtype=np.float64)


def _problem(results: Results, found: Places, lacking: _Demand, settings: SitingSettings, services: int) -> Problem:
    """Return the problem: sites are the candidates, then the standing stations; an option is a service at a site."""
    fresh, standing = len(found.stations), len(results.stations)
    station, row = lacking.pair_station, lacking.pair_row
    if not settings.add_services:
        row, station, standing = row[station < fresh], station[station < fresh], 0
    sites = fresh + standing
    option = station * services + lacking.service[row]
    order = np.lexsort([row, option])
    new = np.arange(sites) < fresh
    rooms = [settings.station_cost if room is None else room.cost for room in found.room]
    return problem(
        Goal.COVER,
        weight=lacking.weight,
        start=np.searchsorted(option[order], np.arange(sites * services + 1)),
        demand=row[order],
        option_site=np.repeat(np.arange(sites), services),
        option_state=np.zeros(sites * services),
        option_cost=np.full(sites * services, settings.service_cost),
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
    lacking: _Demand,
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
        rows = np.flatnonzero(order.newly == place)
        of_block = np.bincount(
            block_of[lacking.point[rows]], weights=lacking.weight[rows], minlength=len(results.blocks)
        )
        of_service = np.bincount(lacking.service[rows], weights=lacking.weight[rows], minlength=count)
        heads = np.bincount(lacking.service[rows], weights=lacking.people[rows], minlength=count)
        reached = np.unique(block_of[lacking.point[lacking.pair_row[lacking.pair_station == site]]])
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
        # What a new offer can take in is not known, so it is never full; its hours are open.
        offers += [Offer(station.id, each, modes[each], station.scope, station.hours) for each in chosen]
    gained = evaluate(made, solution.options).objective
    return SitePlan(
        settings=settings,
        proposals=tuple(proposals),
        services=tuple(service.id for service in services),
        walkers=tuple(walker.id for walker in walkers),
        weighs_blocks=not bool(np.any(results.demand.people > 0)),
        before=lacking.before,
        after=lacking.before + gained,
        bound=lacking.before + solution.bound,
        total=lacking.total,
        candidates=fresh,
        spacing_m=found.spacing_m,
        unreachable=_unreachable(results, lacking, services, walkers, solution),
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
    lacking: _Demand,
    services: tuple[Service, ...],
    walkers: tuple[Walker, ...],
    solution: Solution,
) -> tuple[Unreachable, ...]:
    """Return who can be reached from no candidate, by block, service, walker and reason, in that order."""
    on_network = results.demand.anchors.on_network
    block_of = results.demand.block
    found: dict[tuple[int, int, int, Hindrance], float] = {}
    for row in solution.unreachable.tolist():
        point = int(lacking.point[row])
        why = (
            Hindrance.OFF_NETWORK
            if not on_network[point]
            else Hindrance.NOT_ACCESSIBLE
            if lacking.refused[row]
            else Hindrance.NO_CANDIDATE
        )
        key = (int(block_of[point]), int(lacking.service[row]), int(lacking.walker[row]), why)
        found[key] = found.get(key, 0.0) + float(lacking.people[row])
    return tuple(
        Unreachable(block, services[service].id, walkers[walker].id, worth, why)
        for (block, service, walker, why), worth in sorted(found.items(), key=lambda item: (*item[0][:3], item[0][3]))
    )
