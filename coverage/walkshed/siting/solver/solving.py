"""Solve a siting problem: presolve, search, prove; always with a bound, a gap and a status."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import IntArray, read_only
from walkshed.model.plans.siting import Goal, Problem, Solution, Status
from walkshed.siting.solver.bundles import bundled
from walkshed.siting.solver.center import solve_center, within
from walkshed.siting.solver.plans import evaluate, prune
from walkshed.siting.solver.presolve import Presolved, presolve
from walkshed.siting.solver.reasons import out_of_reach, unserved
from walkshed.siting.solver.record import Clock, Incumbent, Stop, Tell
from walkshed.siting.solver.sums import solve_sum

TIME_LIMIT_S = 60.0


def solve(
    problem: Problem,
    *,
    time_limit_s: float = TIME_LIMIT_S,
    gap: float = 0.0,
    should_stop: Stop | None = None,
    tell: Tell | None = None,
    begin: IntArray | None = None,
) -> Solution:
    """Return the best solution of ``problem`` that is found in time, with its bound.

    Steps: (1) what is chosen already, what cannot be served at all, and which services come with
    their site; (2) greedy plans, swaps and
    a Lagrangian bound, which drops what no better plan holds; (3) HiGHS on the rest, starting from
    the best plan; (4) the better of both, valued anew from the problem. The path of the search does
    not depend on the clock, which only cuts it off: a proven solution is the same whatever the time
    limit. ``should_stop`` is asked many times a second; it and Ctrl-C end the search with the best
    solution so far (``interrupted``). A ``gap`` above 0 (a share: 0.01 is one hundredth) ends it as
    soon as no solution can be better by more; ``tell`` is called with the gap as it falls.
    ``begin`` are the options of a plan to begin with, for the goal cover.
    """
    clock = Clock(time_limit_s, should_stop, tell)
    everybody = float(problem.weight.sum()) if problem.goal is Goal.COVER else None
    incumbent = Incumbent(whole=False, enough=gap, everybody=everybody)

    # (1)
    presolved = presolve(problem)
    reasons = presolved.reasons or out_of_reach(problem)
    incumbent.infeasible = bool(reasons)
    if begin is not None and not reasons:
        worth = evaluate(problem, begin).objective
        incumbent.offer(np.setdiff1d(begin, presolved.new), float(problem.weight.sum()) - worth)
    bundles = bundled(problem) if begin is None else None

    # (2), (3)
    notes: tuple[str, ...] = ()
    if not reasons:
        search_and_prove = solve_center if problem.goal is Goal.CENTER else solve_sum
        try:
            if bundles is None:
                notes = search_and_prove(problem, presolved, clock, incumbent)
            else:
                smaller = bundles.problem
                notes = search_and_prove(smaller, presolve(smaller), clock, incumbent)
            if incumbent.infeasible:
                reasons = unserved(problem, presolved)
        except KeyboardInterrupt:
            clock.stopped = True

    # (4)
    if bundles is not None and incumbent.options is not None:
        incumbent.options = bundles.whole(incumbent.options)
    if incumbent.options is None:
        solution = _without_plan(problem, presolved, incumbent)
    else:
        solution = _with_plan(problem, presolved, incumbent, incumbent.options, clock)
    return replace(solution, reasons=reasons, seconds=clock.seconds, notes=notes)


def _without_plan(problem: Problem, presolved: Presolved, incumbent: Incumbent) -> Solution:
    """Return the solution without a plan: proven impossible, or none found in time."""
    if incumbent.infeasible:
        status, bound = Status.INFEASIBLE, float("nan")
    else:
        status, bound = Status.INTERRUPTED, _bound(problem, presolved, incumbent)

    nothing = read_only([], np.int64)
    return Solution(
        status=status,
        goal=problem.goal,
        sites=nothing,
        options=nothing,
        objective=float("nan"),
        bound=bound,
        gap=float("inf"),
        cost=float("nan"),
        served=read_only(np.zeros(len(problem.weight)), np.float64),
        flow_demand=read_only([], np.int32),
        flow_option=read_only([], np.int32),
        flow_share=read_only([], np.float64),
        unreachable=read_only(problem.unreachable, np.int64),
        reasons=(),
        seconds=0.0,
        solver=_solver(incumbent),
        notes=(),
    )


def _with_plan(
    problem: Problem,
    presolved: Presolved,
    incumbent: Incumbent,
    options: IntArray,
    clock: Clock,
) -> Solution:
    """Return the solution that chooses ``options``, pruned and valued anew."""
    # under capacities only walks up to the distance found are open: the least total of walks may
    # hold longer ones
    valued = within(problem, incumbent.cost) if problem.goal is Goal.CENTER else problem
    plan = evaluate(valued, prune(valued, np.concatenate([presolved.new, options])))

    # no bound lies on the wrong side of the plan
    bound = _bound(problem, presolved, incumbent)
    if incumbent.proven:
        status, bound = Status.OPTIMAL, plan.objective
    else:
        status = Status.INTERRUPTED if clock.stopped else Status.FEASIBLE
        nearer = max if problem.goal is Goal.COVER else min
        bound = nearer(bound, plan.objective)

    return Solution(
        status=status,
        goal=problem.goal,
        sites=plan.sites,
        options=plan.options,
        objective=plan.objective,
        bound=bound,
        gap=_gap(bound, plan.objective),
        cost=plan.cost,
        served=plan.served,
        flow_demand=plan.flow_demand,
        flow_option=plan.flow_option,
        flow_share=plan.flow_share,
        unreachable=read_only(problem.unreachable, np.int64),
        reasons=(),
        seconds=0.0,
        solver=_solver(incumbent),
        notes=(),
    )


def _solver(incumbent: Incumbent) -> str:
    """Return which parts of the solver found or proved the plan."""
    return " + ".join(incumbent.finders) or "presolve"


def _gap(bound: float, objective: float) -> float:
    """Return how far the bound lies from the objective, as a share of the objective."""
    if bound == objective:
        return 0.0
    if not objective:
        return float("inf")
    return abs(bound - objective) / abs(objective)


def _bound(problem: Problem, presolved: Presolved, incumbent: Incumbent) -> float:
    """Return the incumbent's bound in the goal's own unit.

    No plan serves more than all who can be reached, or costs less than 0.
    """
    if problem.goal is Goal.COVER:
        everybody = np.delete(problem.weight, problem.unreachable).sum()
        return float(min(everybody, problem.weight.sum() - incumbent.bound))
    if problem.goal is Goal.COVER_ALL:
        return presolved.spent + max(incumbent.bound, 0.0)
    return max(incumbent.bound, 0.0)
