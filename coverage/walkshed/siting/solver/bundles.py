"""Services that come with a site at no cost of their own, as one option: whoever opens the site takes them all."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from walkshed.model.arrays import BoolArray, IntArray, read_only
from walkshed.model.plans.siting import Problem, State


@dataclass(frozen=True, slots=True, eq=False)
class Bundled:
    """A problem with fewer options, and which options of the whole problem each of them stands for.

    Option b stands for ``option[start[b]:start[b + 1]]``, ascending.
    """

    problem: Problem
    start: IntArray  # (b + 1,)
    option: IntArray

    def whole(self, options: IntArray) -> IntArray:
        """Return the options of the whole problem that ``options`` stand for."""
        parts = [self.option[self.start[one] : self.start[one + 1]] for one in options.tolist()]
        return np.sort(np.concatenate([np.empty(0, dtype=np.int64), *parts]))


def bundled(problem: Problem) -> Bundled | None:
    """Return the problem with the free services of each site as one option; None where none has several.

    (1) Services of a site are taken together where each is free of cost and conditions, and the
    site holds them all: no plan is better that leaves one out. A row that two of them serve would
    be listed twice: such sites stay as they are. (2) A bundle serves what its services serve.
    """
    # (1)
    options = len(problem.option_site)
    free = (problem.option_state == State.FREE) & problem.allowed
    if problem.capacitated:
        return None
    sites = len(problem.site_slots)
    counted = np.bincount(problem.option_site[free], minlength=sites)
    required = problem.option_site[problem.option_state == State.REQUIRED]
    needed = counted + np.bincount(required, minlength=sites)
    together = (counted > 1) & (problem.site_slots >= needed)
    together[problem.option_site[free & _bound(problem)]] = False
    together[_twice(problem, free)] = False
    joins = free & together[problem.option_site]
    if not joins.any():
        return None

    # an option's bundle bears the number of its site, any other comes after these
    key = np.where(joins, problem.option_site, sites + np.arange(options))
    _, lead, bundle = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(bundle, kind="stable")
    count = np.bincount(bundle, minlength=len(lead))

    # (2)
    of_pair = bundle[problem.option_of_pair]
    pairs = np.lexsort((problem.demand, of_pair))
    served = np.bincount(of_pair, minlength=len(lead))
    smaller = replace(
        problem,
        start=read_only(np.concatenate([[0], np.cumsum(served)]), np.int64),
        demand=read_only(problem.demand[pairs], np.int32),
        distance_m=read_only(problem.distance_m[pairs], np.float64),
        share=read_only(problem.share[pairs], np.float64),
        option_site=read_only(problem.option_site[lead], np.int32),
        option_cost=read_only(problem.option_cost[lead], np.float64),
        option_capacity=read_only(problem.option_capacity[lead], np.float64),
        option_state=read_only(problem.option_state[lead], np.int32),
        group=read_only(problem.group[lead], np.int32),
        prerequisite=read_only(bundle[problem.prerequisite], np.int64),
    )
    return Bundled(smaller, np.concatenate([[0], np.cumsum(count)]).astype(np.int64), order)


def _bound(problem: Problem) -> BoolArray:
    """Return (q,) True for options with a cost or a condition of their own."""
    conditions = (problem.option_cost > 0.0) | (problem.group >= 0)
    conditions[problem.prerequisite.ravel()] = True
    if problem.halls is not None:
        conditions[:] = True
    return conditions


def _twice(problem: Problem, free: BoolArray) -> IntArray:
    """Return the sites of which two free options serve one row."""
    pair = np.flatnonzero(free[problem.option_of_pair])
    site = problem.option_site[problem.option_of_pair[pair]].astype(np.int64)
    key = np.sort(site * len(problem.weight) + problem.demand[pair])
    return np.unique(key[1:][key[1:] == key[:-1]] // max(len(problem.weight), 1))
