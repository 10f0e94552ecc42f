"""What a plan of upgrades does, act by act: centers that change, and stations that open beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.messages import Message
from walkshed.model.plans.proposals import (
    Proposal,
    SitePlan,
    SitingSettings,
    TooDear,
    Unreachable,
)
from walkshed.model.plans.siting import Problem
from walkshed.model.results import Results
from walkshed.model.town.places import Service, Tier
from walkshed.model.town.walkers import Walker
from walkshed.needs.rules.offers import would_offer
from walkshed.siting.planning.choices import Upgrade
from walkshed.siting.planning.describing import (
    as_station,
    blocks_of,
    communities_at,
    gains,
    mode_of,
    streets_of,
    unreachable,
    weighs_needs,
)
from walkshed.siting.planning.places import Places, large_enough
from walkshed.siting.planning.unserved import Unserved
from walkshed.siting.solver.curves import Step, steps
from walkshed.siting.solver.dearer import further_sites, just_too_dear
from walkshed.siting.solver.plans import evaluate
from walkshed.siting.solver.upgrades import (
    Opening,
    Program,
    UpgradePlan,
    first_options,
    listed_choices,
    upgrade_problem,
)


@dataclass(frozen=True, slots=True, eq=False)
class JudgedChoices:
    """The candidates and the choices of the centers, and whom each would serve with what they lack.

    The stations of ``lacks`` are the candidates, those that are left as they are, and each choice.
    """

    results: Results
    settings: SitingSettings
    services: tuple[Service, ...]
    walkers: tuple[Walker, ...]  # for whom it counts
    everyone: tuple[Walker, ...]  # these, then the others whom the study judges
    sited: frozenset[str]  # services that new stations may offer
    places: Places | None  # for new stations
    choices: tuple[Upgrade, ...]
    staying: int  # stations that are left as they are
    lacks: Unserved

    def served_by_candidate(self, site: int) -> tuple[IntArray, FloatArray]:
        """Return the rows that a candidate may serve, and which share of each."""
        pairs = np.flatnonzero(self.lacks.pair_station == site)
        return self.lacks.pair_row[pairs], self.lacks.pair_share[pairs]

    def served_by_choice(self, number: int) -> tuple[IntArray, FloatArray]:
        """Return the rows that a center may serve by a choice, and which share of each."""
        candidates = 0 if self.places is None else len(self.places.stations)
        return self.served_by_candidate(candidates + self.staying + number)

    def unreached(self, problem: Problem) -> tuple[Unreachable, ...]:
        """Return whom no choice and no candidate can serve."""
        # a center keeps what it offers, a new station begins what its room can hold
        may_offer = np.ones((self.stations, len(self.services)), dtype=bool)
        if self.places is not None:
            sited = np.array([service.id in self.sited for service in self.services])
            fits = large_enough(self.results, self.places.stations, self.services)
            may_offer[: len(fits)] = fits & sited
        return unreachable(
            self.results,
            self.lacks,
            self.services,
            self.walkers,
            rows=problem.unreachable,
            may_offer=may_offer,
        )

    @property
    def stations(self) -> int:
        """How many stations ``lacks`` numbers: candidates, those that stay, and the choices."""
        candidates = 0 if self.places is None else len(self.places.stations)
        return candidates + self.staying + len(self.choices)


@dataclass(frozen=True, slots=True, eq=False)
class Act:
    """A center that changes, or (``upgrade`` is None) a station that opens: which options change."""

    upgrade: Upgrade | None
    opening: str
    away: IntArray  # options given up
    added: IntArray  # options taken


def acts_of(program: Program, plan: UpgradePlan, chosen: tuple[Upgrade, ...]) -> list[Act]:
    """Return what the plan does beside leaving centers as they are."""
    option_of = {choice.name: option for option, choice in enumerate(listed_choices(program))}
    leave = {center: option_of[choices[0].name] for center, choices in program.centers.items()}

    changes = [
        Act(
            upgrade=upgrade,
            opening="",
            away=np.array([leave[upgrade.center]]),
            added=np.array([option_of[upgrade.name]]),
        )
        for upgrade in chosen
        if upgrade.action != "leave"
    ]
    openings = [
        Act(
            upgrade=None,
            opening=opening,
            away=np.empty(0, dtype=np.int64),
            added=np.array([option_of[name] for name in services]),
        )
        for opening, services in plan.opened.items()
    ]
    return changes + openings


def options_of(program: Program, plan: UpgradePlan) -> IntArray:
    """Return the options that a plan chooses, ascending; rooms, which serve nobody, are left out."""
    option_of = {choice.name: option for option, choice in enumerate(listed_choices(program))}
    names = [*plan.choices.values()]
    names += [name for taken in plan.opened.values() for name in taken]
    return np.sort(np.array([option_of[name] for name in names], dtype=np.int64))


def site_plan(
    judged: JudgedChoices, program: Program, plan: UpgradePlan, acts: list[Act]
) -> SitePlan:
    """Return the plan act by act, in the order in which each adds most, and its worth."""
    results, services = judged.results, judged.services

    # half a plan may take from some what the other half gives back
    covering = upgrade_problem(replace(program, no_losers=False))

    # the whole plan
    whole = options_of(program, plan)
    best = evaluate(covering, whole).objective

    # each act: what it adds to those before it, and what the plan would lose without it
    proposals: list[Proposal] = []
    order = steps(covering, first_options(covering), [(act.away, act.added) for act in acts])
    for rank, step in enumerate(order, start=1):
        act = acts[step.act]
        without = np.sort(np.concatenate([np.setdiff1d(whole, act.added), act.away]))
        loss = best - evaluate(covering, without).objective
        if act.upgrade is not None:
            proposal = _changed(judged, act.upgrade, step, rank=rank, loss=loss)
        else:
            opening = next(each for each in program.openings if each.name == act.opening)
            taken = plan.opened[opening.name]
            proposal = _opened(judged, opening, taken, step, rank=rank, loss=loss)
        proposals.append(proposal)

    # new offers work as those that stand
    new = [proposal for proposal in proposals if not proposal.extends]
    modes = {service.id: mode_of(results, service.id) for service in services}
    offers = tuple(
        would_offer(proposal.station, service, modes[service])
        for proposal in new
        for service in proposal.services
    )

    candidates = judged.places
    return SitePlan(
        settings=judged.settings,
        proposals=tuple(proposals),
        services=tuple(service.id for service in services),
        walkers=tuple(walker.id for walker in judged.walkers),
        weighs_blocks=results.main.matrix.weighs_blocks,
        before=plan.before,
        after=plan.after,
        bound=plan.bound,
        total=judged.lacks.total,
        candidates=len(program.openings) + len(judged.choices),
        spacing_m=None if candidates is None else candidates.spacing_m,
        unreachable=judged.unreached(covering),
        curve=None,
        solution=plan.solution,
        problem=covering,
        stations=tuple(proposal.station for proposal in new),
        offers=offers,
        notes=(
            *(() if candidates is None else candidates.notes),
            *_without_center(results, proposals),
            *_without_area(results, program, plan, proposals),
        ),
        weighs_needs=weighs_needs(results, services),
    )


def too_dear(
    judged: JudgedChoices, program: Program, plan: UpgradePlan, *, rank: int
) -> TooDear | None:
    """Return the change of a center, or the station, that the budget just does not pay for beside the plan.

    ``rank`` is the number by which a station is named.
    """
    covering, whole = upgrade_problem(program), options_of(program, plan)
    names = [choice.name for choice in listed_choices(program)]
    option_of = {name: option for option, name in enumerate(names)}

    # every other choice of a center, then every station with the services that add most
    changes = [
        (each, (np.array([option_of[plan.choices[each.center]]]), np.array([option_of[each.name]])))
        for each in judged.choices
        if each.action != "leave" and each.name != plan.choices[each.center]
    ]
    stations = further_sites(covering, whole) if program.openings else ()
    acts = [*(change for _, change in changes), *stations]
    found = just_too_dear(covering, whole, acts)
    if found is None:
        return None

    if found.act < len(changes):
        upgrade = changes[found.act][0]
        proposal = _changed(judged, upgrade, found.step, rank=rank, loss=0.0)
        return TooDear(proposal, found.short)
    taken = tuple(names[option] for option in acts[found.act][1].tolist())
    opening = next(
        each for each in program.openings if taken[0] in {one.name for one in each.services}
    )
    proposal = _opened(judged, opening, taken, found.step, rank=rank, loss=0.0)
    return TooDear(proposal, found.short)


def _without_center(results: Results, proposals: list[Proposal]) -> tuple[str, ...]:
    """Return a note for each community whose center leaves it, and which keeps no other."""
    leaving = [each for each in proposals if each.action in {"room", "merge"}]
    before = {station.id: station for station in results.stations}
    if not leaving:
        return ()

    # whose each center is today: as it says, else by where it stands
    moved = {each.station.id: each.station for each in leaving}
    merged = {each.station.id for each in leaving if each.action == "merge"}
    centers = tuple(station for station in results.stations if station.tier is Tier.CENTER)
    homes_now = [
        (center.subdistrict or home[0], center.community) if center.community else home
        for center, home in zip(centers, communities_at(results, centers), strict=True)
    ]

    # and where every center stands afterwards
    places = communities_at(results, tuple(moved.get(one.id, one) for one in centers))
    homes_then = [
        place if center.id in moved else home
        for center, home, place in zip(centers, homes_now, places, strict=True)
    ]
    kept = {home for one, home in zip(centers, homes_then, strict=True) if one.id not in merged}

    notes: list[str] = []
    for center, home in zip(centers, homes_now, strict=True):
        if center.id not in moved or not home[1] or home in kept:
            continue
        note = Message(
            "{community} has no center of its own any more: {center} leaves it",
            community=home[1],
            center=before[center.id].name,
        )
        notes.append(note)
    return tuple(notes)


def _without_area(
    results: Results, program: Program, plan: UpgradePlan, proposals: list[Proposal]
) -> tuple[str, ...]:
    """Return a note for each center that goes where nobody has said how large the rooms are."""
    names = {station.id: station.name for station in results.stations}
    areas_m2 = {station.id: station.area_m2 for station in results.stations}
    notes: list[str] = []
    for each in proposals:
        if each.action not in {"room", "merge"}:
            continue
        name = plan.choices[each.station.id]
        choice = next(one for one in program.centers[each.station.id] if one.name == name)
        if choice.hall in program.halls_m2:
            continue
        place, center = names.get(each.target, each.target), names[each.station.id]
        of_house_m2 = areas_m2.get(each.target) if choice.hall is None else None
        note = Message(
            "whether {place} has {area:,.0f} m² for {center} is to be checked: its area is not "
            "listed",
            place=place,
            area=choice.area_m2,
            center=center,
        )
        if of_house_m2 is not None:
            note = Message(
                "whether {place}, of {whole:,.0f} m² with all that it offers today, has "
                "{area:,.0f} m² for {center} is to be checked",
                place=place,
                whole=of_house_m2,
                area=choice.area_m2,
                center=center,
            )
        notes.append(note)
    return tuple(notes)


def _changed(
    judged: JudgedChoices, upgrade: Upgrade, step: Step, *, rank: int, loss: float
) -> Proposal:
    """Return a center that gets an elevator, or moves."""
    results, station = judged.results, upgrade.station
    services = [offer.service for offer in results.offers if offer.station == upgrade.center]
    rows, _ = judged.served_by_choice(judged.choices.index(upgrade))

    kind, room = "station", None
    if upgrade.action == "room":
        kind = "room"
        room = next(room for room in judged.settings.rooms if room.id == upgrade.target)

    return Proposal(
        rank=rank,
        station=station,
        extends=True,
        services=tuple(dict.fromkeys(services)),
        streets=streets_of(results, station),
        community=station.community,
        kind=kind,
        room=room,
        cost=upgrade.cost,
        gain=step.gain,
        within_reach=blocks_of(results, judged.lacks, rows),
        action=upgrade.action,
        target=upgrade.target,
        loss=loss,
        **gains(results, judged.lacks, judged.services, step.rows, step.more),
    )


def _opened(
    judged: JudgedChoices,
    opening: Opening,
    taken: tuple[str, ...],
    step: Step,
    *,
    rank: int,
    loss: float,
) -> Proposal:
    """Return a new station, named by its ``rank`` among all acts, as the map and the tables number it."""
    results, candidates = judged.results, judged.places
    assert candidates is not None
    site = [station.id for station in candidates.stations].index(opening.name)
    rows, _ = judged.served_by_candidate(site)

    choices = [choice for choice in opening.services if choice.name in taken]
    services = tuple(choice.name.removeprefix(f"{opening.name}: ") for choice in choices)
    station = as_station(results, candidates, site, services, rank)
    return Proposal(
        rank=rank,
        station=station,
        extends=False,
        services=services,
        streets=streets_of(results, station),
        community=station.community,
        kind=candidates.kind[site],
        room=candidates.room[site],
        cost=opening.cost + sum(choice.cost for choice in choices),
        gain=step.gain,
        within_reach=blocks_of(results, judged.lacks, rows),
        target=opening.room or "",
        loss=loss,
        **gains(results, judged.lacks, judged.services, step.rows, step.more),
    )
