"""Who gains and who loses by a plan: two runs compared for every walker and group that the study judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray
from walkshed.model.judged.judgments import Judgments
from walkshed.model.plans.proposals import SitePlan
from walkshed.model.results import Results
from walkshed.needs.judging.matrix import worth_of

#: All residents, whatever their group.
EVERYBODY = "people"
#: Less than this is the rounding of sums, not people.
NOBODY = 1e-6
ADULT = "adult"


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What a plan does to one group of people, all of whom walk in one way; arrays are (b, s).

    ``gained`` and ``lost`` are people served after and not before, and the reverse, home by home: a
    block may hold both. Where no people are known they are shares of blocks. ``gained_in_doubt`` is
    the part of ``gained`` in blocks whose verdict is to be checked.
    """

    group: str
    walker: str
    before: FloatArray
    after: FloatArray
    gained: FloatArray
    lost: FloatArray
    gained_in_doubt: FloatArray


def effects(before: Results, after: Results) -> tuple[Effect, ...]:
    """Return what changes for all residents by each walker, then for each group by its own.

    The runs are of the same blocks and homes.
    """
    settings = before.inputs.settings
    pairs = [(EVERYBODY, walker) for walker in before.answers]
    pairs += [(group, settings.group_walkers[group]) for group in settings.groups]
    return tuple(
        _effect(before, after, group, walker)
        for group, walker in pairs
        if walker in before.answers and walker in after.answers
    )


def _effect(before: Results, after: Results, group: str, walker: str) -> Effect:
    """Return what changes for a group, home by home, by block and service."""
    demand = before.demand
    people = members(before, group)

    # shares of each home that are served, (s, p)
    today, then = before.answers[walker].served, after.answers[walker].served
    more = np.where(np.abs(then - today) > 1e-9, then - today, 0.0)

    def of_block(share: FloatArray) -> FloatArray:
        """Return (b, s) people of a share of each home."""
        return np.add.reduceat(people * share, demand.start[:-1], axis=1).T

    gained = of_block(np.maximum(more, 0.0))
    return Effect(
        group=group,
        walker=walker,
        before=of_block(today),
        after=of_block(then),
        gained=gained,
        lost=of_block(np.maximum(-more, 0.0)),
        gained_in_doubt=gained * before.answers[walker].judgments.doubted,
    )


def doubted(results: Results, walkers: Sequence[str], services: Sequence[str]) -> BoolArray:
    """Return (w, s, b) where a walker's verdict on a service fails, but is to be checked."""
    number = {service.id: place for place, service in enumerate(results.inputs.services)}
    columns = [number[service] for service in services]
    return np.array([results.answers[walker].judgments.doubted[:, columns].T for walker in walkers])


@dataclass(frozen=True, slots=True)
class InDoubt:
    """People (or blocks) whose verdict is to be checked, once for each service: who lack it, who gain it."""

    lacking: float
    gained: float


def in_doubt(before: Results, after: Results, plan: SitePlan) -> InDoubt:
    """Return those in doubt of the services and walkers of a plan, whatever their needs weigh."""
    lacking, gained = 0.0, 0.0
    number = {service.id: place for place, service in enumerate(before.inputs.services)}
    columns = [number[service] for service in plan.services]
    people = counted(before, plan.walkers, named=bool(plan.settings.walkers))
    doubt = doubted(before, plan.walkers, plan.services)
    for walker, of_walker, cells in zip(plan.walkers, people, doubt, strict=True):
        today = before.answers[walker].served[columns]
        then = after.answers[walker].served[columns]
        worth = of_walker * cells[:, before.demand.block]
        lacking += float((worth * (1.0 - today)).sum())
        gained += float((worth * np.maximum(then - today, 0.0)).sum())
    return InDoubt(lacking, gained)


def measured_gain(before: Results, after: Results, plan: SitePlan) -> float:
    """Return what a run with a plan gains over the one without, by the judgments of both.

    People (or blocks) of the plan's walkers count once for each of its services, with the weight of
    the need, as in the plan; those who were in doubt before only where the plan weighs them.
    """
    number = {service.id: place for place, service in enumerate(before.inputs.services)}
    columns = sorted(number[service] for service in plan.services)
    people = counted(before, plan.walkers, named=bool(plan.settings.walkers))
    counts = np.ones((len(plan.walkers), len(columns), len(before.blocks)), dtype=bool)
    if plan.settings.doubt == "apart":
        services = [before.inputs.services[column].id for column in columns]
        counts = ~doubted(before, plan.walkers, services)

    gained = 0.0
    for walker, of_walker, counting in zip(plan.walkers, people, counts, strict=True):
        of_block = np.add.reduceat(of_walker, before.demand.start[:-1])[:, None] * counting.T
        then, today = (results.answers[walker].judgments for results in (after, before))
        gained += _worth(then, columns, of_block) - _worth(today, columns, of_block)
    return gained


def _worth(judgments: Judgments, columns: list[int], people: FloatArray) -> float:
    """Return the ``people`` (b, s) served with some services, each times the weight of its need."""
    served = people * judgments.share[:, columns]
    judged = judgments.need[:, columns] >= 0
    return float((judgments.need_weight[:, columns] * served)[judged].sum())


def members(results: Results, group: str) -> FloatArray:
    """Return (p,) the people of a group at each home, who live where the people of their block do.

    Everybody counts as a share of the block where no people are known.
    """
    demand = results.demand
    if group == EVERYBODY:
        return worth_of(demand)
    stated = np.array([block.groups.get(group, 0.0) for block in results.blocks], dtype=np.float64)
    return demand.weight * stated[demand.block]


def counted(results: Results, walkers: tuple[str, ...], *, named: bool) -> FloatArray:
    """Return (w, p) how many people at each home each walker stands for.

    Where the planner has ``named`` walkers these are the people of their groups, adults the rest.
    Nobody says how many others there are (wheelchairs): for each of them everybody counts, divided
    by the number of walkers; so it is for all where groups, or people, are not known.
    """
    everybody = members(results, EVERYBODY)
    shared = np.tile(everybody / len(walkers), (len(walkers), 1))
    if not named or not np.any(results.demand.people > 0):
        return shared

    # the people of the groups that walk so, never more than live there
    known: dict[str, FloatArray] = {}
    for walker in walkers:
        groups = groups_of(results, walker)
        if groups and walker != ADULT:
            people = sum((members(results, group) for group in groups), np.zeros(len(everybody)))
            known[walker] = np.minimum(people, everybody)
    if ADULT in walkers and known:
        others = sum(known.values(), np.zeros(len(everybody)))
        known[ADULT] = np.maximum(everybody - others, 0.0)
    rows = [known.get(walker, shared[number]) for number, walker in enumerate(walkers)]
    return np.array(rows)


def groups_of(results: Results, walker: str) -> tuple[str, ...]:
    """Return the groups of people who walk so, of whom some block states how many they are."""
    settings = results.inputs.settings
    return tuple(
        group
        for group in settings.groups
        if settings.group_walkers[group] == walker
        and any(block.groups.get(group, 0.0) > 0 for block in results.blocks)
    )
