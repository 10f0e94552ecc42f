"""Why a problem has no answer: for which demand, and what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import IntArray, read_only
from walkshed.model.siting import Goal, Obstacle, Problem, Reason
from walkshed.siting.plans import evaluate, to_serve
from walkshed.siting.record import Clock, Record
from walkshed.siting.settling import Settled
from walkshed.siting.sums import solve_sum

LIMIT_S = 10.0


def out_of_reach(problem: Problem) -> tuple[Reason, ...]:
    """Return a reason for every row that has to be served and that no allowed option reaches."""
    missing = np.intersect1d(problem.unreachable, np.flatnonzero(to_serve(problem)))
    listed = np.bincount(problem.demand, minlength=len(problem.weight)) > 0
    return tuple(
        Reason(
            Obstacle.FORBIDDEN, int(row), f"demand {row}: only forbidden sites or options reach it"
        )
        if listed[row]
        else Reason(
            Obstacle.UNREACHABLE, int(row), f"demand {row}: no site reaches it within its limit"
        )
        for row in missing
    )


def unserved(problem: Problem, settled: Settled) -> tuple[Reason, ...]:
    """Return what a problem without an answer lacks: the rows that a plan serving as much as possible leaves out.

    Found by covering as many rows as the same conditions allow (as much weight, under capacities).
    """
    weight = problem.weight if problem.capacitated else np.ones(len(problem.weight))
    relaxed = replace(problem, goal=Goal.COVER, weight=read_only(weight, np.float64))
    record = Record(whole=False)
    solve_sum(relaxed, settled, Clock(LIMIT_S), record)
    if record.options is None:
        text = "no combination of options fits the groups, prerequisites, slots, new sites and budget together"
        return (Reason(Obstacle.CHOICES, -1, text),)
    new = np.flatnonzero(settled.chosen & ~problem.standing)
    plan = evaluate(relaxed, np.concatenate([new, record.options]))
    left = np.flatnonzero((plan.served < 1.0 - 1e-7) & to_serve(problem))
    best = "at best" if record.proven else "in the best plan found"
    text = f"{_limits(problem)} serve {best} all but {len(left)} rows, this one among them"
    return tuple(Reason(Obstacle.LIMITS, int(row), f"demand {row}: {text}") for row in left)


def _limits(problem: Problem) -> str:
    words = []
    if problem.new_sites is not None:
        words.append(f"{problem.new_sites} new sites")
    if problem.budget is not None:
        words.append(f"a budget of {problem.budget:g}")
    if problem.capacitated:
        words.append("the capacities")
    return " and ".join(words) or "the conditions"


def rows_of(reasons: tuple[Reason, ...]) -> IntArray:
    """Return the demand rows that the reasons name, ascending."""
    return np.unique([reason.demand for reason in reasons if reason.demand >= 0]).astype(np.int64)
