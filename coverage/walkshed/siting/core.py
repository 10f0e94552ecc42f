"""The core of an uncapacitated problem: what is left to decide once everything that is settled has been taken out.

Every uncapacitated goal with a sum is one problem: choose options S to minimize

    sum over rows i of min(miss_i, min over o in S of c_io)

- cover (MCLP): c = 0, and a row that nobody serves costs its weight;
- median: c = weight times meters, and a row must be served (miss is infinite, or the cost by way of what stands);
- cover all (LSCP): c = 0, every row must be served, and the plan's own cost is minimized instead.

With shares (cover only) a row is served to min(1, sum over o in S of its shares) instead, and costs
its weight for the rest.

Reductions, all exact: (a) options that stand or are required lower ``miss`` and leave; (b) pairs
that cost no less than ``miss`` leave, and so do rows without pairs; (c) rows served by the same
options at no cost, to the same shares, merge, their weights added; (d) an option that serves a
subset of another's rows and costs no less leaves (plain coverage only).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.model.siting import Goal, Problem
from walkshed.siting.settling import Settled

SEED = 8  # of the hashes by which equal rows are found
NO_LIMIT = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Core:
    """n rows, q options at m sites, all undecided; arrays as the kernels want them."""

    start: IntArray  # (q + 1,)
    row: IntArray  # (r,) ascending within an option
    cost: FloatArray  # (r,) of serving the row by the option
    share: FloatArray  # (r,) of the row that the option serves
    miss: FloatArray  # (n,) cost of a row that none of these options serves; inf: must be served
    option: IntArray  # (q,) index in the problem
    option_cost: FloatArray  # (q,)
    site: IntArray  # (q,) index below m
    site_cost: FloatArray  # (m,) 0 for sites that are open already
    counts: IntArray  # (m,) 1 if opening the site uses up one of the new sites
    slots: IntArray  # (m,) options that still fit
    group: IntArray  # (q,) -1: none
    prerequisite: IntArray  # (k, 2) among these options
    new_sites: int  # that may still be opened
    budget: float  # that is still there
    constant: float  # cost of the rows that are gone
    whole: bool  # all costs of service are whole numbers: two answers differ by 1 at least
    plan_cost: bool  # cover all: the plan's cost is minimized, not that of service
    dominated: int = 0  # options that reduction (d) has dropped

    @property
    def plain(self) -> bool:
        """Whether every option has its site to itself and no other condition than costs and numbers."""
        return (
            len(np.unique(self.site)) == len(self.site)
            and not len(self.prerequisite)
            and bool((self.group < 0).all() and (self.slots[self.site] > 0).all())
        )

    @property
    def partial(self) -> bool:
        """Whether an option serves less than the whole of a row."""
        return bool((self.share < 1.0).any())

    @property
    def free_of_choices(self) -> bool:
        """Whether there are neither groups nor prerequisites: what the search can handle."""
        return not len(self.prerequisite) and bool((self.group < 0).all())


def core_of(problem: Problem, settled: Settled) -> Core:
    """Return the core of an uncapacitated problem for the goals cover, cover all and median."""
    goal, pair_option = problem.goal, problem.option_of_pair
    weigh = (
        problem.distance_m * problem.weight[problem.demand]
        if goal is Goal.MEDIAN
        else np.zeros(len(pair_option))
    )
    miss = problem.weight.copy() if goal is Goal.COVER else np.full(len(problem.weight), np.inf)
    if problem.leave_out_unreachable and goal is not Goal.COVER:
        miss[problem.unreachable] = 0.0
    forced = settled.chosen[pair_option]  # (a)
    done = np.bincount(problem.demand[forced], weights=problem.share[forced], minlength=len(miss))
    if problem.partial:
        left = np.maximum(1.0 - done, 0.0)
        miss *= np.where(left > 1e-12, left, 0.0)
    else:
        left = np.ones(len(miss))
        np.minimum.at(miss, problem.demand[forced], weigh[forced])
    useful = settled.free[pair_option] & (weigh < miss[problem.demand])  # (b)
    options = np.flatnonzero(settled.free)
    sites, site = np.unique(problem.option_site[options], return_inverse=True)
    opened = settled.open[sites]
    number = np.full(len(settled.free), -1)
    number[options] = np.arange(len(options))
    return _compact(
        Core(
            start=_starts(number[pair_option[useful]], len(options)),
            row=problem.demand[useful].astype(np.int64),
            cost=weigh[useful],
            share=np.minimum(problem.share[useful] / left[problem.demand[useful]], 1.0),
            miss=miss,
            option=options,
            option_cost=problem.option_cost[options],
            site=site,
            site_cost=np.where(opened, 0.0, problem.site_cost[sites]),
            counts=np.where(opened, 0, 1),
            slots=settled.slots[sites],
            group=problem.group[options].astype(np.int64),
            prerequisite=number[settled.prerequisite],
            new_sites=NO_LIMIT if problem.new_sites is None else problem.new_sites - settled.opened,
            budget=np.inf if problem.budget is None else problem.budget - settled.spent,
            constant=0.0,
            whole=_whole(problem, miss, weigh),
            plan_cost=goal is Goal.COVER_ALL,
        )
    )


def keep(core: Core, kept: BoolArray) -> Core:
    """Return the core with the options ``kept`` only, compacted again. Groups and prerequisites must be whole."""
    pair = np.repeat(kept, np.diff(core.start))
    number = np.cumsum(kept) - 1
    sites, site = np.unique(core.site[kept], return_inverse=True)
    return _compact(
        replace(
            core,
            start=np.concatenate([[0], np.cumsum(np.diff(core.start)[kept])]),
            row=core.row[pair],
            cost=core.cost[pair],
            share=core.share[pair],
            option=core.option[kept],
            option_cost=core.option_cost[kept],
            site=site,
            site_cost=core.site_cost[sites],
            counts=core.counts[sites],
            slots=core.slots[sites],
            group=core.group[kept],
            prerequisite=number[core.prerequisite],
        )
    )


def without_dominated(core: Core) -> Core:
    """Return the core without the options that another one makes superfluous (d)."""
    kept = undominated(core)
    if kept.all():
        return core
    return replace(keep(core, kept), dominated=core.dominated + int((~kept).sum()))


def undominated(core: Core) -> BoolArray:
    """Return (q,) False for options that serve a subset of another option's rows and cost no less."""
    from walkshed.siting import kernels

    if core.cost.any() or core.partial or not core.plain or not len(core.option):
        return np.ones(len(core.option), dtype=bool)
    price = core.option_cost + core.site_cost[core.site]
    order = np.argsort(core.row, kind="stable")
    of_row = _starts(core.row, len(core.miss))
    option = np.repeat(np.arange(len(core.option)), np.diff(core.start))
    result: BoolArray = kernels.undominated(
        core.start, core.row, of_row, option[order], price, core.counts[core.site]
    )
    return result


def _whole(problem: Problem, miss: FloatArray, weigh: FloatArray) -> bool:
    """Return whether everything that the goal sums up is a whole number."""
    plan = [problem.option_cost, problem.site_cost] if problem.goal is Goal.COVER_ALL else []
    return not problem.partial and all(
        bool((part % 1 == 0).all()) for part in (weigh, miss[np.isfinite(miss)], *plan)
    )


def _compact(core: Core) -> Core:
    """Drop rows without pairs (b) and merge rows that the same options serve at no cost (c)."""
    degree = np.bincount(core.row, minlength=len(core.miss))
    alone = degree == 0
    constant = core.constant + float(core.miss[alone].sum())
    if core.cost.any():
        kept = ~alone
        number = np.cumsum(kept) - 1
        return replace(core, row=number[core.row], miss=core.miss[kept], constant=constant)
    random = np.random.default_rng(SEED)
    to_share = core.share.view(np.uint64) | np.uint64(1)
    option = np.repeat(np.arange(len(core.option)), np.diff(core.start))
    key = np.zeros((len(core.miss), 2), dtype=np.uint64)
    for column in range(2):
        of_option = random.integers(1, 2**63, len(core.option), dtype=np.uint64)
        np.add.at(key[:, column], core.row, of_option[option] * to_share)
    rows = np.flatnonzero(~alone)
    order = rows[np.lexsort((rows, key[rows, 1], key[rows, 0]))]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (key[order[1:]] != key[order[:-1]]).any(axis=1)
    leader = order[fresh]
    miss = np.add.reduceat(core.miss[order], np.flatnonzero(fresh)) if len(order) else np.empty(0)
    rank = np.argsort(np.argsort(leader))  # merged rows stay in the order of their first members
    number = np.full(len(core.miss), -1)
    number[leader] = rank
    merged = np.empty(len(leader))
    merged[rank] = miss
    kept_pair = number[core.row] >= 0
    return replace(
        core,
        start=_starts(option[kept_pair], len(core.option)),
        row=number[core.row[kept_pair]],
        cost=core.cost[kept_pair],
        share=core.share[kept_pair],
        miss=merged,
        constant=constant,
    )


def _starts(sorted_or_not: IntArray, size: int) -> IntArray:
    return np.concatenate([[0], np.cumsum(np.bincount(sorted_or_not, minlength=size))]).astype(
        np.int64
    )
