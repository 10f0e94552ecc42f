"""Goals that are sums (cover, cover all, median): the search, then HiGHS on what it leaves open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from walkshed.model.arrays import FloatArray
from walkshed.model.messages import Message
from walkshed.model.plans.siting import Goal, Problem
from walkshed.siting.solver.plans import evaluate
from walkshed.siting.solver.presolve import Presolved
from walkshed.siting.solver.programs.formulations import (
    add_least,
    assignment,
    chain,
    chosen_options,
    start_values,
)
from walkshed.siting.solver.programs.mip import MipSolution, Model, minimize
from walkshed.siting.solver.record import Clock, Incumbent
from walkshed.siting.solver.search import lagrangian as search
from walkshed.siting.solver.search import swapping
from walkshed.siting.solver.search.core import Core, core_of, keep, without_dominated

#: HiGHS is not asked for models of more entries than this: it would not get through its root in a
#: minute.
MOST_ENTRIES = 4_000_000
#: Where the gap is smaller already, HiGHS looks for proofs, not for plans.
NEARLY = 0.05


def solve_sum(
    problem: Problem,
    presolved: Presolved,
    clock: Clock,
    incumbent: Incumbent,
    *,
    feasibility: bool = False,
) -> tuple[str, ...]:
    """Fill the incumbent and return notes.

    Costs are those of ``core``: for the goal cover, what is not served. ``feasibility``: any plan
    will do. Raises KeyboardInterrupt as it comes; the incumbent holds the best so far.
    """
    begun_s = clock.seconds
    core = core_of(problem, presolved)

    # a row that must be served has lost everything that could reach it
    if np.isinf(core.constant):
        incumbent.infeasible = True
        return ()
    incumbent.raise_bound(_least(problem, core))

    # with capacities or shares, HiGHS does most of the work
    if problem.capacitated:
        _begin_cover(problem, presolved, core, clock, incumbent)
        if incumbent.done:
            return ()
        _solve_capacitated(problem, presolved, core, clock, incumbent, feasibility=feasibility)
        return ()
    if core.partial:
        _solve_partial(problem, presolved, core, clock, incumbent)
        return ()

    # to leave options out takes about as long as to set the problem up: not where that is too long,
    # and valuing the plan anew takes less than both
    set_up_s = clock.seconds - begun_s
    thinned = core if clock.left_s < 3.0 * set_up_s else without_dominated(core)
    clock.reserve(clock.seconds - begun_s)

    notes = []
    if thinned.dominated:
        notes.append(
            Message(
                "{dominated} of {count} {count:option|options} left out without loss: another one "
                "serves all "
                "that they serve, at no higher cost",
                dominated=thinned.dominated,
                count=len(core.option),
            )
        )
    rest = _searched(thinned, clock, incumbent, feasibility=feasibility)
    if rest is None:
        return tuple(notes)

    # the proof
    if len(rest.row) > MOST_ENTRIES:
        notes.append(
            Message(
                "{count} {count:pair is|pairs are} too many for a proof by HiGHS; the bound is "
                "the search's",
                count=len(rest.row),
            )
        )
        return tuple(notes)
    model = chain(rest, feasibility=feasibility)
    solution = minimize(
        model,
        clock,
        start=_start(rest, model, incumbent),
        whole=rest.whole,
        enough=_enough(incumbent),
        improve=incumbent.gap > NEARLY,
        tell=_gap_reporter(incumbent, clock),
    )
    _take(solution, rest, core, incumbent)
    return tuple(notes)


def _least(problem: Problem, core: Core) -> float:
    """Return what no plan costs less than: each row served by what serves it best.

    Under capacities a row may be served by several options, none of which costs less. The cost of a
    plan itself is 0 at least.
    """
    if core.plan_cost:
        return 0.0
    if problem.capacitated and problem.goal is Goal.COVER:
        return float(problem.weight[problem.unreachable].sum())
    best = core.miss.copy()
    np.minimum.at(best, core.row, core.cost)
    return core.constant + float(best.sum())


def _searched(core: Core, clock: Clock, incumbent: Incumbent, *, feasibility: bool) -> Core | None:
    """Fill the incumbent by search and return what is left to prove, None if nothing is."""
    incumbent.whole = core.whole
    swapping.greedy(core, incumbent, clock)
    _credit_search(incumbent)
    if feasibility and incumbent.options is not None:
        return None

    if not feasibility and not incumbent.done:
        core = search.lagrangian(core, incumbent, clock)
        swapping.exchange_choices(core, incumbent, clock)
        _credit_search(incumbent)
    if incumbent.done or clock.over():
        return None

    # the search has dropped options: compact what is left, where there is time for it
    everything = np.ones(len(core.option), dtype=bool)
    return without_dominated(keep(core, everything))


def _begin_cover(
    problem: Problem, presolved: Presolved, core: Core, clock: Clock, incumbent: Incumbent
) -> None:
    """Offer the plan that would cover most without capacities, as a beginning."""
    if problem.goal is not Goal.COVER or not core.free_of_choices:
        return
    uncapacitated = Incumbent(whole=core.whole)
    swapping.greedy(without_dominated(core), uncapacitated, clock)
    if uncapacitated.options is not None:
        plan = evaluate(problem, np.concatenate([presolved.new, uncapacitated.options]))
        incumbent.offer(uncapacitated.options, float(problem.weight.sum()) - plan.objective)
        _credit(incumbent, "search")


def _solve_capacitated(
    problem: Problem,
    presolved: Presolved,
    core: Core,
    clock: Clock,
    incumbent: Incumbent,
    *,
    feasibility: bool,
) -> None:
    """Fill the incumbent by the model with shares."""
    incumbent.whole = False

    everything = float(problem.weight.sum())
    model = assignment(core, problem, presolved.chosen, feasibility=feasibility)
    if problem.goal is Goal.COVER:
        model = replace(model, constant=everything)
    solution = minimize(
        model,
        clock,
        start=_start(core, model, incumbent),
        enough=_enough(incumbent),
        tell=_gap_reporter(incumbent, clock),
    )

    # the plan valued anew, in the unit that is minimized
    if solution.values is not None:
        options = chosen_options(core, solution.values)
        plan = evaluate(problem, np.concatenate([presolved.new, options]))
        cost = plan.objective
        if problem.goal is Goal.COVER:
            cost = everything - plan.objective
        elif problem.goal in {Goal.COVER_ALL, Goal.CENTER}:
            cost = plan.cost - presolved.spent
        if np.isfinite(plan.objective) and incumbent.offer(options, cost):
            _credit(incumbent, "mip")
    _close(solution, incumbent)


def _solve_partial(
    problem: Problem, presolved: Presolved, core: Core, clock: Clock, incumbent: Incumbent
) -> None:
    """Fill the incumbent for a core with shares: a greedy plan that adds shares up, then HiGHS."""
    if core.free_of_choices and problem.least is None:
        swapping.greedy_shares(core, incumbent, clock)
        _credit(incumbent, "search")
    if incumbent.done or clock.over():
        return

    model = chain(core)
    add_least(model.rows, problem, presolved.chosen, core)
    solution = minimize(
        model,
        clock,
        start=_start(core, model, incumbent),
        enough=_enough(incumbent),
        tell=_gap_reporter(incumbent, clock),
    )
    _take(solution, core, core, incumbent)


def _take(solution: MipSolution, rest: Core, core: Core, incumbent: Incumbent) -> None:
    """Offer the plan of HiGHS, valued anew by the whole core, and its bound."""
    if solution.values is not None:
        options = chosen_options(rest, solution.values)
        if incumbent.offer(options, swapping.worth(core, options)):
            _credit(incumbent, "mip")
    _close(solution, incumbent)


def _close(solution: MipSolution, incumbent: Incumbent) -> None:
    """Take over what HiGHS has proven."""
    if solution.proven or np.isfinite(solution.bound):
        _credit(incumbent, "mip")
    if solution.infeasible and incumbent.options is None:
        incumbent.infeasible = True
    elif solution.proven:
        incumbent.raise_bound(incumbent.cost)
    else:
        incumbent.raise_bound(solution.bound)


def _enough(incumbent: Incumbent) -> float:
    """Return how near to its bound a plan need be, in the incumbent's unit."""
    if not np.isfinite(incumbent.worth):
        return 0.0
    return incumbent.enough * incumbent.worth


def _gap_reporter(incumbent: Incumbent, clock: Clock) -> Callable[[float, float], None]:
    """Return a callback that reports the gap between HiGHS's cost and bound, or the incumbent's."""

    def report(cost: float, bound: float) -> None:
        best, least = min(cost, incumbent.cost), max(bound, incumbent.bound)
        worth = abs(best)
        if incumbent.everybody is not None:
            worth = abs(incumbent.everybody - best)

        gap = float("inf")
        if np.isfinite(best - least) and worth:
            gap = max(0.0, best - least) / worth
        clock.tell(gap)

    return report


def _start(core: Core, model: Model, incumbent: Incumbent) -> FloatArray | None:
    """Return the incumbent's plan as values of the model's columns, None without a plan."""
    if incumbent.options is None:
        return None
    return start_values(core, model, incumbent.options)


def _credit_search(incumbent: Incumbent) -> None:
    """Name the search among the finders if there is a plan by now."""
    if incumbent.options is not None:
        _credit(incumbent, "search")


def _credit(incumbent: Incumbent, finder: str) -> None:
    """Name a part of the solver among those that found or proved something."""
    if finder not in incumbent.finders:
        incumbent.finders.append(finder)
