"""What is just too dear: the act more that a plan's budget does not pay for, and that asks least on top of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import IntArray
from walkshed.model.plans.siting import Problem, State
from walkshed.siting.solver.curves import Step, step_between
from walkshed.siting.solver.plans import Plan, evaluate, fits

#: Money, and people, below which two sums are the same.
_SAME = 1e-9

#: Options given up, and options taken.
Change = tuple[IntArray, IntArray]


@dataclass(frozen=True, slots=True, eq=False)
class Dearer:
    """An act that the budget does not pay for: its number, the money that lacks, and whom it would serve."""

    act: int
    short: float
    step: Step


def just_too_dear(problem: Problem, options: IntArray, acts: Sequence[Change]) -> Dearer | None:
    """Return the act that lacks least money beside a plan's ``options`` and adds to what they serve.

    Of acts that lack the same, that which adds most, then the first. None without a budget, and
    where no act that would add something is too dear.
    """
    if problem.budget is None:
        return None
    before, found = evaluate(problem, options), None
    for number, (away, added) in enumerate(acts):
        trial = _with_groups(problem, np.concatenate([np.setdiff1d(options, away), added]))
        after = evaluate(problem, trial)
        short, gain = after.cost - problem.budget, after.objective - before.objective
        # a plan by which somebody would lose what is kept has no worth: nan is more than nothing else
        if short <= _SAME or not gain > _SAME or not fits(problem, trial):
            continue
        if found is None or (short, -gain) < (found.short - _SAME, -found.step.gain):
            found = Dearer(number, short, step_between(problem, before, after, number))
    return found


def further_sites(problem: Problem, options: IntArray) -> tuple[Change, ...]:
    """Return, for each price of a site that may still open, the one whose services add most.

    Without capacities: what each service adds is then its own, and a site adds the sum of the best
    that fit into it.
    """
    if problem.capacitated:
        return ()
    plan = evaluate(problem, options)
    if problem.new_sites is not None and len(plan.sites) >= problem.new_sites:
        return ()

    # what each option would add to the plan
    lacking = 1.0 - plan.served
    added = problem.weight[problem.demand] * np.minimum(problem.share, lacking[problem.demand])
    gain = np.bincount(problem.option_of_pair, added, minlength=len(problem.option_site))
    gain[~problem.allowed | (problem.option_state != State.FREE)] = 0.0

    best: dict[float, tuple[float, IntArray]] = {}
    for taken in _of_closed_sites(problem, plan, gain > _SAME):
        order = np.lexsort([taken, -gain[taken]])
        site = int(problem.option_site[taken[0]])
        chosen = np.sort(taken[order[: problem.site_slots[site]]])
        price = float(problem.site_cost[site] + problem.option_cost[chosen].sum())
        worth = float(gain[chosen].sum())
        if price not in best or worth > best[price][0] + _SAME:
            best[price] = worth, chosen
    nothing = np.empty(0, dtype=np.int64)
    return tuple((nothing, chosen) for _, (_, chosen) in sorted(best.items()))


def _of_closed_sites(problem: Problem, plan: Plan, adds: np.ndarray) -> Iterator[IntArray]:
    """Yield, for each site that may open and is not, its options that add something."""
    closed = problem.site_state == State.FREE
    closed[plan.sites] = False
    options = np.flatnonzero(adds & closed[problem.option_site])
    first = np.flatnonzero(np.diff(problem.option_site[options], prepend=-1))
    yield from (part for part in np.split(options, first[1:]) if len(part))


def _with_groups(problem: Problem, options: IntArray) -> IntArray:
    """Return the options with one of each group that they leave open: one that they need, else the first."""
    chosen = np.zeros(len(problem.option_site), dtype=bool)
    chosen[options] = True
    needed = problem.prerequisite[chosen[problem.prerequisite[:, 0]], 1]
    for group in np.setdiff1d(problem.group[problem.group >= 0], problem.group[options]):
        members = np.flatnonzero(problem.group == group)
        asked = np.intersect1d(members, needed)
        chosen[asked[0] if len(asked) else members[0]] = True
    return np.flatnonzero(chosen)
