"""Goals that are sums (cover, cover all, median): the search first, then HiGHS on what the search has left open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from walkshed.model.arrays import FloatArray
from walkshed.model.siting import Goal, Problem
from walkshed.siting import search, swapping
from walkshed.siting.core import Core, core_of, keep, without_dominated
from walkshed.siting.formulations import assignment, chain, chosen_options, start_values
from walkshed.siting.mip import Answer, Model, minimize
from walkshed.siting.plans import evaluate
from walkshed.siting.record import Clock, Record
from walkshed.siting.settling import Settled

#: HiGHS is not asked for models of more entries than this: it would not get through its root in a
#: minute.
MOST_ENTRIES = 4_000_000
#: Where the gap is smaller already, HiGHS looks for proofs, not for plans.
NEARLY = 0.05


def solve_sum(
    problem: Problem, settled: Settled, clock: Clock, record: Record, *, feasibility: bool = False
) -> tuple[str, ...]:
    """Fill the record (costs as in ``core``: what is not served, for the goal cover) and return notes.

    ``feasibility``: any plan will do. Raises KeyboardInterrupt as it comes; the record holds the
    best so far.
    """
    begun_s = clock.seconds
    core = core_of(problem, settled)
    if np.isinf(core.constant):  # a row that must be served has lost everything that could reach it
        record.infeasible = True
        return ()
    if problem.capacitated:
        return _capacitated(problem, settled, core, clock, record, feasibility=feasibility)
    if core.partial:
        return _partial(core, clock, record)
    thinned = without_dominated(core)
    # valuing the plan anew takes less than setting the problem up
    clock.keep_s(clock.seconds - begun_s)
    record.whole = thinned.whole
    notes = []
    if thinned.dominated:
        notes.append(
            f"{thinned.dominated} of {len(core.option)} options left out without loss: another one serves all that "
            "they serve, at no higher cost"
        )
    swapping.greedy(thinned, record, clock)
    if record.options is not None:
        _credit(record, "search")
    if feasibility and record.options is not None:
        return tuple(notes)
    if not feasibility and not record.done:
        thinned = search.lagrangian(thinned, record, clock)
        swapping.exchange_choices(thinned, record, clock)
        if record.options is not None:
            _credit(record, "search")
    if record.done or clock.over():
        return tuple(notes)
    rest = without_dominated(keep(thinned, np.ones(len(thinned.option), dtype=bool)))
    if len(rest.row) > MOST_ENTRIES:
        notes.append(
            f"{len(rest.row)} pairs are too many for a proof by HiGHS; the bound is the search's"
        )
        return tuple(notes)
    model = chain(rest, feasibility=feasibility)
    answer = minimize(
        model,
        clock,
        start=_start(rest, model, record),
        whole=rest.whole,
        enough=_enough(record),
        improve=record.gap > NEARLY,
        tell=_teller(record, clock),
    )
    _take(answer, rest, core, record)
    return tuple(notes)


def _capacitated(
    problem: Problem,
    settled: Settled,
    core: Core,
    clock: Clock,
    record: Record,
    *,
    feasibility: bool,
) -> tuple[str, ...]:
    """Solve the model with shares; for the goal cover, the plan of the uncapacitated search is where it begins."""
    record.whole = False
    new = np.flatnonzero(settled.chosen & ~problem.standing)
    everything = float(problem.weight.sum())
    if problem.goal is Goal.COVER and core.free_of_choices:
        trial = Record(whole=core.whole)
        swapping.greedy(without_dominated(core), trial, clock)
        if trial.options is not None:
            plan = evaluate(problem, np.concatenate([new, trial.options]))
            record.offer(trial.options, everything - plan.objective)
            _credit(record, "search")
    model = assignment(core, problem, settled.chosen, feasibility=feasibility)
    if problem.goal is Goal.COVER:
        model = replace(model, constant=everything)
    answer = minimize(
        model,
        clock,
        start=_start(core, model, record),
        enough=_enough(record),
        tell=_teller(record, clock),
    )
    if answer.values is not None:
        options = chosen_options(core, answer.values)
        plan = evaluate(problem, np.concatenate([new, options]))
        cost = everything - plan.objective if problem.goal is Goal.COVER else plan.objective
        cost = plan.cost - settled.spent if problem.goal in {Goal.COVER_ALL, Goal.CENTER} else cost
        if np.isfinite(plan.objective) and record.offer(options, cost):
            _credit(record, "mip")
    _close(answer, record)
    return ()


def _partial(core: Core, clock: Clock, record: Record) -> tuple[str, ...]:
    """Solve a core with shares: a greedy plan that adds shares up, then HiGHS."""
    if core.free_of_choices:
        swapping.greedy_shares(core, record, clock)
        _credit(record, "search")
    if not record.done and not clock.over():
        model = chain(core)
        _take(
            minimize(
                model,
                clock,
                start=_start(core, model, record),
                enough=_enough(record),
                tell=_teller(record, clock),
            ),
            core,
            core,
            record,
        )
    return ()


def _take(answer: Answer, rest: Core, core: Core, record: Record) -> None:
    """Offer the answer's plan, valued anew by the whole core, and its bound."""
    if answer.values is not None:
        options = chosen_options(rest, answer.values)
        if record.offer(options, swapping.worth(core, options)):
            _credit(record, "mip")
    _close(answer, record)


def _close(answer: Answer, record: Record) -> None:
    if answer.proven or np.isfinite(answer.bound):
        _credit(record, "mip")
    if answer.infeasible and record.options is None:
        record.infeasible = True
    elif answer.proven:
        record.raise_bound(record.cost)
    else:
        record.raise_bound(answer.bound)


def _enough(record: Record) -> float:
    """Return how near to its bound a plan need be, in the record's unit."""
    return record.enough * record.worth if np.isfinite(record.worth) else 0.0


def _teller(record: Record, clock: Clock) -> Callable[[float, float], None]:
    """Return who passes on how near HiGHS is, beside what the record has already."""

    def tell(cost: float, bound: float) -> None:
        best, least = min(cost, record.cost), max(bound, record.bound)
        worth = abs(best if record.everybody is None else record.everybody - best)
        clock.tell(
            max(0.0, best - least) / worth if np.isfinite(best - least) and worth else float("inf")
        )

    return tell


def _start(core: Core, model: Model, record: Record) -> FloatArray | None:
    return None if record.options is None else start_values(core, model, record.options)


def _credit(record: Record, finder: str) -> None:
    if finder not in record.finders:
        record.finders.append(finder)
