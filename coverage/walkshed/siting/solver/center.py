"""p-center: the least distance within which everybody can be served, found by halving.

The optimum is one of the distances that occur. Whether all can be served within a distance is a
covering question (Minieka 1970, "The m-center problem", SIAM Review 12) with the same conditions on
sites, money, slots and capacities.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import read_only
from walkshed.model.plans.siting import Goal, Problem
from walkshed.siting.solver.plans import evaluate, to_serve
from walkshed.siting.solver.presolve import Presolved
from walkshed.siting.solver.record import Clock, Incumbent
from walkshed.siting.solver.sums import solve_sum


def solve_center(
    problem: Problem, presolved: Presolved, clock: Clock, incumbent: Incumbent
) -> tuple[str, ...]:
    """Fill the incumbent: the longest walk in meters, and the least not proven impossible."""
    incumbent.whole = False

    # every distance that occurs is a radius to try; the farthest nearest option is the least
    useful = problem.allowed[problem.option_of_pair]
    nearest_m = np.full(len(problem.weight), np.inf)
    np.minimum.at(nearest_m, problem.demand[useful], problem.distance_m[useful])
    least_m = float(nearest_m[to_serve(problem)].max(initial=0.0))
    radii_m = np.unique(np.append(problem.distance_m[useful], least_m))

    # radii below low are proven impossible; from high on they are proven possible
    low, high = int(np.searchsorted(radii_m, least_m)), len(radii_m)
    incumbent.raise_bound(radii_m[low])
    trial = len(radii_m) - 1
    while low < high:
        limited = within(problem, float(radii_m[trial]))
        covering = replace(limited, goal=Goal.COVER_ALL)
        inner = Incumbent(whole=False)
        solve_sum(covering, presolved, clock, inner, feasibility=True)

        # possible: the plan's own longest walk may be shorter than the radius
        if inner.options is not None:
            plan = evaluate(limited, np.concatenate([presolved.new, inner.options]))
            incumbent.offer(inner.options, plan.objective)
            high = int(np.searchsorted(radii_m, plan.objective))
        elif inner.infeasible:
            low = trial + 1
            if low == len(radii_m):
                incumbent.infeasible = True
                return ()
            incumbent.raise_bound(radii_m[low])
        else:  # out of time
            return ()
        trial = (low + high) // 2

    incumbent.finders.append("mip")
    incumbent.raise_bound(incumbent.cost)
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
