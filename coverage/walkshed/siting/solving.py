"""Solve a siting problem: settle, reduce, search, prove; always with a bound, a gap, a time and a status."""

from __future__ import annotations

from typing import Any

import numpy as np

from walkshed.model.arrays import read_only
from walkshed.model.siting import Goal, Problem, Reason, Solution, Status
from walkshed.siting.center import solve_center, within
from walkshed.siting.plans import evaluate, prune
from walkshed.siting.reasons import out_of_reach, unserved
from walkshed.siting.record import Clock, Record, Stop, Tell
from walkshed.siting.settling import Settled, settle
from walkshed.siting.sums import solve_sum

TIME_LIMIT_S = 60.0


def solve(
    problem: Problem,
    *,
    time_limit_s: float = TIME_LIMIT_S,
    gap: float = 0.0,
    should_stop: Stop | None = None,
    tell: Tell | None = None,
) -> Solution:
    """Return the best answer to ``problem`` that is found in time, with its bound.

    Steps: (1) what is settled, and what cannot be served at all; (2) greedy plans, swaps and a
    Lagrangian bound, which drops what no better plan holds; (3) HiGHS on the rest, starting from
    the best plan; (4) the better of both, valued anew from the problem. The path of the search does
    not depend on the clock, which only cuts it off: a proven answer is the same whatever the time
    limit. ``should_stop`` is asked many times a second; it and Ctrl-C end the search with the best
    answer so far (``interrupted``). A ``gap`` above 0 (a share: 0.01 is one hundredth) ends it as
    soon as no answer can be better by more; ``tell`` is told the gap as it falls.
    """
    clock = Clock(time_limit_s, should_stop, tell)
    everybody = float(problem.weight.sum()) if problem.goal is Goal.COVER else None
    record = Record(whole=False, enough=gap, everybody=everybody)
    settled = settle(problem)  # (1)
    reasons = settled.reasons or out_of_reach(problem)
    notes: tuple[str, ...] = ()
    if reasons:
        record.infeasible = True
    else:
        try:
            run = solve_center if problem.goal is Goal.CENTER else solve_sum
            notes = run(problem, settled, clock, record)  # (2), (3)
            if record.infeasible:
                reasons = unserved(problem, settled)
        except KeyboardInterrupt:
            clock.stopped = True
    return _solution(problem, settled, record, clock, reasons, notes)  # (4)


def _solution(
    problem: Problem,
    settled: Settled,
    record: Record,
    clock: Clock,
    reasons: tuple[Reason, ...],
    notes: tuple[str, ...],
) -> Solution:
    rows = len(problem.weight)
    common: dict[str, Any] = {
        "goal": problem.goal,
        "unreachable": read_only(problem.unreachable, np.int64),
        "reasons": reasons,
        "solver": " + ".join(record.finders) or "presolve",
        "notes": notes,
    }
    bound = _bound(problem, settled, record)
    if record.options is None:
        nobody = read_only([], np.int64)
        return Solution(
            status=Status.INFEASIBLE if record.infeasible else Status.INTERRUPTED,
            sites=nobody,
            options=nobody,
            objective=float("nan"),
            bound=float("nan") if record.infeasible else bound,
            gap=float("inf"),
            cost=float("nan"),
            served=read_only(np.zeros(rows), np.float64),
            flow_demand=read_only([], np.int32),
            flow_option=read_only([], np.int32),
            flow_share=read_only([], np.float64),
            seconds=clock.seconds,
            **common,
        )
    new = np.flatnonzero(settled.chosen & ~problem.standing)
    # Under capacities, only walks up to the distance found are open: the least total of walks may
    # hold longer ones.
    valued = within(problem, record.cost) if problem.goal is Goal.CENTER else problem
    plan = evaluate(valued, prune(valued, np.concatenate([new, record.options])))
    objective = plan.objective
    if record.proven:
        status, bound = Status.OPTIMAL, objective
    else:
        status = Status.INTERRUPTED if clock.stopped else Status.FEASIBLE
        bound = max(bound, objective) if problem.goal is Goal.COVER else min(bound, objective)
    return Solution(
        status=status,
        sites=plan.sites,
        options=plan.options,
        objective=objective,
        bound=bound,
        gap=0.0
        if bound == objective
        else abs(bound - objective) / abs(objective)
        if objective
        else float("inf"),
        cost=plan.cost,
        served=plan.served,
        flow_demand=plan.flow_demand,
        flow_option=plan.flow_option,
        flow_share=plan.flow_share,
        seconds=clock.seconds,
        **common,
    )


def _bound(problem: Problem, settled: Settled, record: Record) -> float:
    """Return the record's bound in the goal's own unit: nothing serves more than everybody, or costs less than 0."""
    if problem.goal is Goal.COVER:
        everybody = np.delete(problem.weight, problem.unreachable).sum()
        return float(min(everybody, problem.weight.sum() - record.bound))
    if problem.goal is Goal.COVER_ALL:
        return settled.spent + max(record.bound, 0.0)
    return max(record.bound, 0.0)
