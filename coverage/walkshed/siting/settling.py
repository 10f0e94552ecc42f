"""What is settled before anything is solved: standing, required, and all that follows from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, IntArray
from walkshed.model.siting import Obstacle, Problem, Reason, State


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """The options of a problem, told apart, and what the settled ones use up."""

    chosen: BoolArray  # (q,) stands, is required, or follows from that
    free: BoolArray  # (q,) still to be decided
    open: BoolArray  # (m,) stands, is required, or holds a chosen option
    slots: IntArray  # (m,) new options that still fit
    prerequisite: IntArray  # (k, 2) pairs among free options
    opened: int  # new sites used up
    spent: float
    reasons: tuple[Reason, ...]  # why this alone has no answer; empty if it may have one


def settle(problem: Problem) -> Settled:
    """Return what is settled, and what that uses up.

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
        chosen[pairs[chosen[pairs[:, 0]], 1]] = True  # (1)
        out[pairs[out[pairs[:, 1]], 0]] = True  # (2)
        taken = np.unique(problem.group[chosen & grouped])
        out |= grouped & ~chosen & np.isin(problem.group, taken)
        left = problem.group[grouped & ~out]  # (3)
        groups, members = np.unique(left, return_counts=True)
        chosen |= grouped & ~out & np.isin(problem.group, groups[members == 1])
    new = chosen & ~standing
    opened = (problem.site_state == State.STANDING) | (problem.site_state == State.REQUIRED)  # (4)
    opened[problem.option_site[new]] = True
    fresh = opened & (problem.site_state != State.STANDING)
    slots = problem.site_slots - np.bincount(
        problem.option_site[new], minlength=len(problem.site_slots)
    )
    spent = float(problem.option_cost[new].sum() + problem.site_cost[fresh].sum())
    free = ~chosen & ~out & (slots > 0)[problem.option_site]
    pairs = pairs[free[pairs[:, 0]] & ~chosen[pairs[:, 1]]]
    lost = np.unique(pairs[~free[pairs[:, 1]], 0])
    if len(lost):  # a prerequisite found no slot: its option is out as well
        free = _without(free, pairs)
        pairs = pairs[free[pairs[:, 0]]]
    return Settled(
        chosen=chosen,
        free=free,
        open=opened,
        slots=slots,
        prerequisite=pairs,
        opened=int(fresh.sum()),
        spent=spent,
        reasons=_contradictions(problem, chosen, out, free, slots, int(fresh.sum()), spent),  # (5)
    )


def _without(free: BoolArray, pairs: IntArray) -> BoolArray:
    """Return ``free`` without options that wait for one that is not, in any number of steps."""
    free = free.copy()
    while len(lost := pairs[free[pairs[:, 0]] & ~free[pairs[:, 1]], 0]):
        free[lost] = False
    return free


def _contradictions(
    problem: Problem,
    chosen: BoolArray,
    out: BoolArray,
    free: BoolArray,
    slots: IntArray,
    opened: int,
    spent: float,
) -> tuple[Reason, ...]:
    found: list[Reason] = []
    if problem.new_sites is not None and opened > problem.new_sites:
        text = f"{opened} required sites are more than the {problem.new_sites} new ones allowed"
        found.append(Reason(Obstacle.REQUIRED, -1, text))
    if problem.budget is not None and spent > problem.budget:
        text = f"what is required costs {spent:g}, more than the budget of {problem.budget:g}"
        found.append(Reason(Obstacle.REQUIRED, -1, text))
    found.extend(
        Reason(
            Obstacle.REQUIRED, -1, f"site {site} has no room for all the services required there"
        )
        for site in np.flatnonzero(slots < 0)
    )
    found.extend(
        Reason(Obstacle.CHOICES, -1, f"option {option} is required and ruled out at once")
        for option in np.flatnonzero(chosen & out)
    )
    groups = np.unique(problem.group[problem.group >= 0])
    for group in groups:
        members = problem.group == group
        if (members & chosen).sum() > 1:
            found.append(
                Reason(Obstacle.CHOICES, -1, f"more than one option of group {group} is required")
            )
        elif not (members & (chosen | free)).any():
            found.append(Reason(Obstacle.CHOICES, -1, f"no option of group {group} can be chosen"))
    return tuple(found)
