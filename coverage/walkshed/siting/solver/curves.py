"""What each further new site adds, and what each site of one plan adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, Int32Array, IntArray, read_only
from walkshed.model.messages import Message
from walkshed.model.plans.siting import GainCurve, Goal, Problem, Solution, Status
from walkshed.siting.solver.plans import Plan, evaluate
from walkshed.siting.solver.record import Clock, Stop, Tell
from walkshed.siting.solver.solving import TIME_LIMIT_S, solve


def gain_curve(
    problem: Problem,
    up_to: int,
    *,
    time_limit_s: float = TIME_LIMIT_S,
    gap: float = 0.0,
    should_stop: Stop | None = None,
    tell: Tell | None = None,
) -> GainCurve:
    """Return the best coverage with 0, 1, … ``up_to`` new sites.

    Each number is solved by itself: the best five sites need not hold the best four.
    ``time_limit_s`` is for all of them together. Fewer points are returned if the caller
    interrupts, and where the time left would not do for another one; where no plan has so few
    sites (some are required) the curve begins later. Raises ``InvalidValueError`` for goals other
    than cover.
    """
    if problem.goal is not Goal.COVER:
        raise InvalidValueError(
            Message(
                "goal = '{goal}' has no gain by number of sites; use 'cover'", goal=problem.goal
            )
        )

    # every number of sites gets its share of the time that is left
    clock = Clock(time_limit_s, should_stop)
    numbers: list[int] = []
    solutions: list[Solution] = []
    least_s = 0.0  # what one of them took at least, its set-up above all
    for number in range(up_to + 1):
        if clock.left_s < least_s:
            break
        share_s = clock.left_s / (up_to + 1 - number)
        fewer = replace(problem, new_sites=number)
        solution = solve(fewer, time_limit_s=share_s, gap=gap, should_stop=should_stop, tell=tell)
        least_s = solution.seconds if number <= 1 else min(least_s, solution.seconds)
        if solution.found:
            if solutions:
                solution = _no_worse(solution, solutions[-1])
            numbers.append(number)
            solutions.append(solution)
        if solution.status is Status.INTERRUPTED:
            break

    served = np.array([solution.objective for solution in solutions], dtype=np.float64)
    return GainCurve(
        new_sites=read_only(numbers, np.int64),
        served=read_only(served, np.float64),
        bound=read_only([solution.bound for solution in solutions], np.float64),
        gain=read_only(np.diff(served, prepend=served[:1]), np.float64),
        solutions=tuple(solutions),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """The sites of a plan in the order in which each adds most to those before it.

    ``gain`` sums to the plan's. ``options`` are the new ones at each site. ``newly`` (n,) is, for
    each row, the place in the order (0, 1, …) of the site that first serves it in full, -1 for rows
    that are served without these sites or never in full. ``gained`` are, for each place in the
    order, the rows of which more is served than before, and how much weight that is.
    """

    site: IntArray
    options: tuple[IntArray, ...]
    gain: FloatArray
    newly: Int32Array
    gained: tuple[tuple[IntArray, FloatArray], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One act in the order in which acts add most, and whom it serves better or worse."""

    act: int  # its number
    gain: float
    rows: IntArray  # of which it changes how much is served
    more: FloatArray  # weight, below 0 for what is lost
    newly: IntArray  # rows that become served in full


def steps(
    problem: Problem, base: IntArray, acts: Sequence[tuple[IntArray, IntArray]]
) -> tuple[Step, ...]:
    """Return acts in the order in which each adds most to the options ``base`` and to those before it.

    An act takes options away and adds others: (away, added). On a tie the earlier comes first.
    """
    taken, before = base, evaluate(problem, base)
    left = list(range(len(acts)))
    order = []
    while left:
        # try every act that is left on top of those taken
        trials = {
            act: np.concatenate([np.setdiff1d(taken, acts[act][0]), acts[act][1]]) for act in left
        }
        plans = {act: evaluate(problem, trial) for act, trial in trials.items()}
        best = max(left, key=lambda act: (plans[act].objective, -act))

        # what the best of them changes
        order.append(step_between(problem, before, plans[best], best))
        taken, before = trials[best], plans[best]
        left.remove(best)
    return tuple(order)


def step_between(problem: Problem, before: Plan, after: Plan, act: int) -> Step:
    """Return what an act changes of how much of each row is served."""
    more = problem.weight * (after.served - before.served)
    changed = np.flatnonzero(more)
    newly = np.flatnonzero((after.served >= 1.0) & (before.served < 1.0))
    return Step(act, after.objective - before.objective, changed, more[changed], newly)


def ranked(problem: Problem, solution: Solution) -> Ranked:
    """Return the sites of a cover solution by gain, standing ones that get new options among them.

    On a tie the lower site comes first.
    """
    # the new options of each site
    site_of = problem.option_site[solution.options]
    sites = [int(site) for site in np.unique(np.append(site_of, solution.sites))]
    options = [solution.options[site_of == site] for site in sites]

    # opening a site with its options is one act
    nothing = np.empty(0, dtype=np.int64)
    order = steps(problem, nothing, [(nothing, added) for added in options])
    newly = np.full(len(problem.weight), -1, dtype=np.int32)
    for place, step in enumerate(order):
        newly[step.newly] = place

    return Ranked(
        site=read_only([sites[step.act] for step in order], np.int64),
        options=tuple(options[step.act] for step in order),
        gain=read_only([step.gain for step in order], np.float64),
        newly=read_only(newly, np.int32),
        gained=tuple((step.rows, step.more) for step in order),
    )


def _no_worse(solution: Solution, fewer: Solution) -> Solution:
    """Return the solution, or that with fewer sites if it did better (time ran out)."""
    if solution.objective >= fewer.objective:
        return solution
    gap = float("inf")
    if fewer.objective:
        gap = abs(solution.bound - fewer.objective) / fewer.objective
    return replace(fewer, bound=solution.bound, gap=gap, status=solution.status)
