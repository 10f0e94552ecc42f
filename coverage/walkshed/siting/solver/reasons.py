"""Why a problem has no solution: for which demand, and what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import IntArray, read_only
from walkshed.model.messages import Listing, Message
from walkshed.model.plans.siting import Goal, Obstacle, Problem, Reason
from walkshed.siting.solver.plans import evaluate, to_serve
from walkshed.siting.solver.presolve import Presolved
from walkshed.siting.solver.record import Clock, Incumbent
from walkshed.siting.solver.sums import solve_sum

LIMIT_S = 10.0


def out_of_reach(problem: Problem) -> tuple[Reason, ...]:
    """Return a reason for every row that has to be served and that no allowed option reaches."""
    missing = np.intersect1d(problem.unreachable, np.flatnonzero(to_serve(problem)))
    listed = np.bincount(problem.demand, minlength=len(problem.weight)) > 0

    reasons = []
    for row in missing.tolist():
        if listed[row]:
            text = Message("demand {row}: only forbidden sites or options reach it", row=row)
            reasons.append(Reason(Obstacle.FORBIDDEN, row, text))
        else:
            text = Message("demand {row}: no site reaches it within its limit", row=row)
            reasons.append(Reason(Obstacle.UNREACHABLE, row, text))
    return tuple(reasons)


def unserved(problem: Problem, presolved: Presolved) -> tuple[Reason, ...]:
    """Return the rows that a plan serving as much as possible leaves out, as reasons.

    The plan covers as many rows as the same conditions allow (as much weight, under capacities).
    """
    # the same conditions, but no row has to be served
    weight = problem.weight if problem.capacitated else np.ones(len(problem.weight))
    relaxed = replace(problem, goal=Goal.COVER, weight=read_only(weight, np.float64))
    incumbent = Incumbent(whole=False)
    solve_sum(relaxed, presolved, Clock(LIMIT_S), incumbent)

    # without any plan, the conditions contradict each other
    if incumbent.options is None:
        text = Message(
            "no combination of options fits the groups, prerequisites, slots, new sites and budget "
            "together"
        )
        return (Reason(Obstacle.CHOICES, -1, text),)

    # what even the best plan leaves out
    plan = evaluate(relaxed, np.concatenate([presolved.new, incumbent.options]))
    left = np.flatnonzero((plan.served < 1.0 - 1e-7) & to_serve(problem))
    limits = _limits_text(problem)
    if incumbent.proven:
        text = Message(
            "{limits} serve at best all but {count} {count:row|rows}, this one among them",
            limits=limits,
            count=len(left),
        )
    else:
        text = Message(
            "{limits} serve in the best plan found all but {count} {count:row|rows}, this one "
            "among them",
            limits=limits,
            count=len(left),
        )
    return tuple(
        Reason(Obstacle.LIMITS, int(row), Message("demand {row}: {text}", row=row, text=text))
        for row in left
    )


def _limits_text(problem: Problem) -> str:
    """Return the limits of a problem in words."""
    limits = []
    if problem.new_sites is not None:
        limits.append(
            Message("{new_sites} new {new_sites:site|sites}", new_sites=problem.new_sites)
        )
    if problem.budget is not None:
        limits.append(Message("a budget of {budget:g}", budget=problem.budget))
    if problem.capacitated:
        limits.append(Message("the capacities"))
    return Listing(limits, mark=" and ") if limits else Message("the conditions")


def rows_of(reasons: tuple[Reason, ...]) -> IntArray:
    """Return the demand rows that the reasons name, ascending."""
    return np.unique([reason.demand for reason in reasons if reason.demand >= 0]).astype(np.int64)
