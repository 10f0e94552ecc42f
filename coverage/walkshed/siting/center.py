"""p-center: the least distance within which everybody can be served, found by halving.

The answer is one of the distances that occur. Whether all can be served within a distance is a
covering question (Minieka 1970, "The m-center problem", SIAM Review 12) with the same conditions on
sites, money, slots and capacities.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import read_only
from walkshed.model.siting import Goal, Problem
from walkshed.siting.plans import evaluate, to_serve
from walkshed.siting.record import Clock, Record
from walkshed.siting.settling import Settled
from walkshed.siting.sums import solve_sum


def solve_center(
    problem: Problem, settled: Settled, clock: Clock, record: Record
) -> tuple[str, ...]:
    """Fill the record: meters of whoever is worst off, and the least meters not proven impossible."""
    record.whole = False
    pair_option, new = problem.option_of_pair, np.flatnonzero(settled.chosen & ~problem.standing)
    useful = problem.allowed[pair_option]
    best = np.full(len(problem.weight), np.inf)
    np.minimum.at(best, problem.demand[useful], problem.distance_m[useful])
    least = float(best[to_serve(problem)].max(initial=0.0))
    radii = np.unique(np.append(problem.distance_m[useful], least))
    # everything below low is proven impossible
    low, high = int(np.searchsorted(radii, least)), len(radii)
    record.raise_bound(radii[low])
    trial = len(radii) - 1
    while low < high:
        inner = Record(whole=False)
        limited = within(problem, float(radii[trial]))
        solve_sum(replace(limited, goal=Goal.COVER_ALL), settled, clock, inner, feasibility=True)
        if inner.options is not None:
            reached = evaluate(limited, np.concatenate([new, inner.options])).objective
            record.offer(inner.options, reached)
            high = int(np.searchsorted(radii, reached))
        elif inner.infeasible:
            low = trial + 1
            if low == len(radii):
                record.infeasible = True
                return ()
            record.raise_bound(radii[low])
        else:
            return ()
        trial = (low + high) // 2
    record.finders.append("mip")
    record.raise_bound(record.cost)
    return ()


def within(problem: Problem, limit_m: float) -> Problem:
    """Return the problem with the pairs within ``limit_m`` only."""
    near = problem.distance_m <= limit_m
    count = np.bincount(problem.option_of_pair[near], minlength=len(problem.option_site))
    return replace(
        problem,
        start=read_only(np.concatenate([[0], np.cumsum(count)]), np.int64),
        demand=read_only(problem.demand[near], np.int32),
        distance_m=read_only(problem.distance_m[near], np.float64),
        share=read_only(problem.share[near], np.float64),
    )
