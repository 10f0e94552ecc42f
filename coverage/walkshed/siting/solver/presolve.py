"""Presolve: what stands or is required, and all that follows from it, before anything is solved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, Int32Array, IntArray
from walkshed.model.messages import Message
from walkshed.model.plans.siting import Obstacle, Problem, Reason, State


@dataclass(frozen=True, slots=True, eq=False)
class Presolved:
    """The options of a problem, told apart, and what the chosen ones use up."""

    chosen: BoolArray  # (q,) stands, is required, or follows from that
    new: IntArray  # the chosen ones that do not stand yet, ascending
    free: BoolArray  # (q,) still to be decided
    open: BoolArray  # (m,) stands, is required, or holds a chosen option
    slots: IntArray  # (m,) new options that still fit
    prerequisite: IntArray  # (k, 2) pairs among free options
    opened: int  # new sites used up
    spent: float
    reasons: tuple[Reason, ...]  # why this alone has no solution; empty if it may have one


def presolve(problem: Problem) -> Presolved:
    """Return what is chosen before anything is solved, and what that uses up.

    Until nothing changes: (1) required options pull in their prerequisites; (2) an option whose
    prerequisite is out, or whose group has a chosen one, is out; (3) the last option of a group is
    chosen. Then (4) what the chosen use up, and (5) whether that alone exceeds a limit.
    """
    standing = problem.standing & problem.allowed
    chosen = standing | (problem.option_state == State.REQUIRED)
    out = ~problem.allowed
    grouped = problem.group >= 0

    # what stands needs nothing any more
    pairs = problem.prerequisite[~standing[problem.prerequisite[:, 0]]]
    before = -1
    while before != (before := int(chosen.sum() + out.sum())):
        # (1)
        chosen[pairs[chosen[pairs[:, 0]], 1]] = True

        # (2)
        out[pairs[out[pairs[:, 1]], 0]] = True
        taken = np.unique(problem.group[chosen & grouped])
        out |= grouped & ~chosen & np.isin(problem.group, taken)

        # (3)
        left = problem.group[grouped & ~out]
        groups, members = np.unique(left, return_counts=True)
        chosen |= grouped & ~out & np.isin(problem.group, groups[members == 1])

    # (4)
    added = chosen & ~standing
    opened = (problem.site_state == State.STANDING) | (problem.site_state == State.REQUIRED)
    opened[problem.option_site[added]] = True
    fresh = opened & (problem.site_state != State.STANDING)
    spent = float(problem.option_cost[added].sum() + problem.site_cost[fresh].sum())
    used = np.bincount(problem.option_site[added], minlength=len(problem.site_slots))
    slots = problem.site_slots - used

    # nothing more opens too near to what is opened
    slots = np.where(_too_near(problem, opened, fresh), 0, slots)

    # an option whose prerequisite finds no slot is out as well
    free = ~chosen & ~out & (slots > 0)[problem.option_site]
    pairs = pairs[free[pairs[:, 0]] & ~chosen[pairs[:, 1]]]
    free = _without_waiting(free, pairs)
    pairs = pairs[free[pairs[:, 0]]]

    # (5)
    reasons = (
        *_exceeded(problem, slots, int(fresh.sum()), spent),
        *_neighbors(problem, fresh),
        *_contradictions(problem.group, chosen, out, free),
    )
    return Presolved(
        chosen=chosen,
        new=np.flatnonzero(chosen & ~problem.standing),
        free=free,
        open=opened,
        slots=slots,
        prerequisite=pairs,
        opened=int(fresh.sum()),
        spent=spent,
        reasons=reasons,
    )


def _too_near(problem: Problem, opened: BoolArray, fresh: BoolArray) -> BoolArray:
    """Return (m,) True for closed sites too near to one that the chosen options open."""
    near = np.zeros(len(opened), dtype=bool)
    if problem.apart is not None:
        first, second = problem.apart.T
        near[second[fresh[first]]] = True
        near[first[fresh[second]]] = True
    return np.asarray(near & ~opened, dtype=bool)


def _without_waiting(free: BoolArray, pairs: IntArray) -> BoolArray:
    """Return ``free`` without options that wait for one that is not, in any number of steps."""
    free = free.copy()
    while len(lost := pairs[free[pairs[:, 0]] & ~free[pairs[:, 1]], 0]):
        free[lost] = False
    return free


def _exceeded(problem: Problem, slots: IntArray, opened: int, spent: float) -> list[Reason]:
    """Return a reason for every limit that what is required exceeds by itself."""
    texts = []
    if problem.new_sites is not None and opened > problem.new_sites:
        texts.append(
            Message(
                "{opened} required {opened:site is|sites are} more than the {new_sites} new ones "
                "allowed",
                opened=opened,
                new_sites=problem.new_sites,
            )
        )
    if problem.budget is not None and spent > problem.budget:
        texts.append(
            Message(
                "what is required costs {spent:g}, more than the budget of {budget:g}",
                spent=spent,
                budget=problem.budget,
            )
        )
    texts += [
        Message("site {site} has no room for all the services required there", site=site)
        for site in np.flatnonzero(slots < 0)
    ]
    return [Reason(Obstacle.REQUIRED, -1, text) for text in texts]


def _neighbors(problem: Problem, fresh: BoolArray) -> list[Reason]:
    """Return a reason for every two sites that are required and too near each other."""
    if problem.apart is None:
        return []
    return [
        Reason(
            Obstacle.REQUIRED,
            -1,
            Message(
                "sites {one} and {other} are required, but too near each other",
                one=one,
                other=other,
            ),
        )
        for one, other in problem.apart[fresh[problem.apart].all(axis=1)].tolist()
    ]


def _contradictions(
    group: Int32Array, chosen: BoolArray, out: BoolArray, free: BoolArray
) -> list[Reason]:
    """Return a reason for every option and group whose conditions contradict each other."""
    texts = [
        Message("option {option} is required and ruled out at once", option=option)
        for option in np.flatnonzero(chosen & out)
    ]
    for number in np.unique(group[group >= 0]):
        members = group == number
        if (members & chosen).sum() > 1:
            texts.append(
                Message("more than one option of group {number} is required", number=number)
            )
        elif not (members & (chosen | free)).any():
            texts.append(Message("no option of group {number} can be chosen", number=number))
    return [Reason(Obstacle.CHOICES, -1, text) for text in texts]
