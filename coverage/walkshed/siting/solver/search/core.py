"""The core of an uncapacitated problem: what is left to decide once presolve has taken the rest.

Every uncapacitated goal with a sum is one problem: choose options S to minimize

    sum over rows i of min(miss_i, min over o in S of c_io)

- cover (MCLP): c = 0, and a row that no option serves costs its weight;
- median: c = weight times meters, and a row must be served (miss is infinite, or the cost by way of
  what stands);
- cover all (LSCP): c = 0, every row must be served, and the plan's own cost is minimized instead.

With shares (cover only) a row is served to min(1, sum over o in S of its shares) instead, and costs
its weight for the rest; with a single source c is the weight of the rest that an option leaves.

Reductions, all exact: (a) options that stand or are required lower ``miss`` and leave; (b) pairs
that cost no less than ``miss`` leave, and so do rows without pairs; (c) rows served by the same
options at no cost, to the same shares, merge, their weights added; (d) an option that serves a
subset of another's rows and costs no less leaves (plain coverage only,
where no two sites are too near each other).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray
from walkshed.model.plans.siting import Goal, Halls, Problem
from walkshed.siting.solver.plans import to_serve
from walkshed.siting.solver.presolve import Presolved

SEED = 8  # of the hashes by which equal rows are found
NO_LIMIT = 2**62

UInt64Array = npt.NDArray[np.uint64]


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
    whole: bool  # all costs of service are whole numbers: two plans differ by 1 at least
    plan_cost: bool  # cover all: the plan's cost is minimized, not that of service
    apart: IntArray  # (k, 2) sites of which one at most may be opened
    dominated: int = 0  # options that reduction (d) has dropped
    halls: Halls | None = None  # of these options

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


def core_of(problem: Problem, presolved: Presolved) -> Core:
    """Return the core of an uncapacitated problem for the goals cover, cover all and median."""
    # what it costs to serve a row, and not to
    pair_option, row = problem.option_of_pair, problem.demand
    cost = np.zeros(len(pair_option))
    if problem.goal is Goal.MEDIAN:
        cost = problem.distance_m * problem.weight[row]
    miss = _cost_of_missing(problem)

    # where shares do not add up, what an option leaves of a row is the row's cost by it
    shares_add = problem.partial and not problem.single_source
    if problem.single_source:
        cost = problem.weight[row] * (1.0 - problem.share)

    # (a)
    forced = presolved.chosen[pair_option]
    left = np.ones(len(miss))
    if shares_add:
        done = np.bincount(row[forced], weights=problem.share[forced], minlength=len(miss))
        left = np.maximum(1.0 - done, 0.0)
        miss *= np.where(left > 1e-12, left, 0.0)
    else:
        np.minimum.at(miss, row[forced], cost[forced])

    # (b)
    useful = presolved.free[pair_option] & (cost < miss[row])

    # options and sites are numbered anew; open sites cost nothing more
    options = np.flatnonzero(presolved.free)
    number = np.full(len(presolved.free), -1)
    number[options] = np.arange(len(options))
    sites, site = np.unique(problem.option_site[options], return_inverse=True)
    opened = presolved.open[sites]

    share = problem.share if shares_add else np.ones(len(pair_option))

    # what the chosen ones leave of the limits
    new_sites, budget = NO_LIMIT, np.inf
    if problem.new_sites is not None:
        new_sites = problem.new_sites - presolved.opened
    if problem.budget is not None:
        budget = problem.budget - presolved.spent

    core = Core(
        start=_starts(number[pair_option[useful]], len(options)),
        row=row[useful].astype(np.int64),
        cost=cost[useful],
        share=np.minimum(share[useful] / left[row[useful]], 1.0),
        miss=miss,
        option=options,
        option_cost=problem.option_cost[options],
        site=site,
        site_cost=np.where(opened, 0.0, problem.site_cost[sites]),
        counts=np.where(opened, 0, 1),
        slots=presolved.slots[sites],
        group=problem.group[options].astype(np.int64),
        prerequisite=number[presolved.prerequisite],
        new_sites=new_sites,
        budget=budget,
        constant=0.0,
        whole=_all_whole(problem, miss, cost),
        plan_cost=problem.goal is Goal.COVER_ALL,
        apart=_pairs_left(problem.apart, sites[~opened], sites),
        halls=_halls_left(problem.halls, presolved.chosen, options),
    )
    return _compact(core)


def _pairs_left(
    apart: IntArray | None, closed: IntArray | Int32Array, sites: IntArray | Int32Array
) -> IntArray:
    """Return the pairs of ``apart`` among the ``closed`` ones of ``sites``, by their places in ``sites``."""
    if apart is None:
        return np.empty((0, 2), dtype=np.int64)
    pairs = apart[np.isin(apart, closed).all(axis=1)]
    return np.searchsorted(sites, pairs).astype(np.int64)


def _halls_left(halls: Halls | None, chosen: BoolArray, options: IntArray) -> Halls | None:
    """Return what the chosen options leave of the area of each place, for the ``options`` to be decided."""
    if halls is None:
        return None
    return Halls(
        halls.of_option[options],
        halls.area_m2[options],
        np.maximum(halls.holds_m2 - halls.taken_m2(chosen), 0.0),
    )


def _cost_of_missing(problem: Problem) -> FloatArray:
    """Return (n,) what a row costs that nothing serves: its weight to cover, inf if it must be served.

    Where rows are served by shares, what must be is a constraint of the model instead.
    """
    if problem.goal is Goal.COVER:
        kept = to_serve(problem) & (not problem.partial)
        return np.where(kept, np.inf, problem.weight)
    miss = np.full(len(problem.weight), np.inf)
    if problem.leave_out_unreachable:
        miss[problem.unreachable] = 0.0
    return miss


def keep(core: Core, kept: BoolArray) -> Core:
    """Return the core with the options ``kept`` only, compacted again.

    Groups and prerequisites must be kept whole.
    """
    pair = np.repeat(kept, np.diff(core.start))
    number = np.cumsum(kept) - 1
    sites, site = np.unique(core.site[kept], return_inverse=True)
    fewer = replace(
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
        apart=_pairs_left(core.apart, sites, sites),
        halls=halls_of(core.halls, kept),
    )
    return _compact(fewer)


def halls_of(halls: Halls | None, kept: BoolArray) -> Halls | None:
    """Return the places for the options ``kept`` only."""
    if halls is None:
        return None
    return replace(halls, of_option=halls.of_option[kept], area_m2=halls.area_m2[kept])


def without_dominated(core: Core) -> Core:
    """Return the core without the options that another one makes superfluous (d)."""
    kept = undominated(core)
    if kept.all():
        return core
    return replace(keep(core, kept), dominated=core.dominated + int((~kept).sum()))


def undominated(core: Core) -> BoolArray:
    """Return (q,) False for options that serve a subset of another option's rows and cost no less."""
    from walkshed.siting.solver.search import kernels

    conditions = core.cost.any() or core.partial or not core.plain or len(core.apart)
    if conditions or not len(core.option):
        return np.ones(len(core.option), dtype=bool)

    # the options of each row
    option = np.repeat(np.arange(len(core.option)), np.diff(core.start))
    order = np.argsort(core.row, kind="stable")
    of_row = _starts(core.row, len(core.miss))

    price = core.option_cost + core.site_cost[core.site]
    result: BoolArray = kernels.undominated(
        core.start, core.row, of_row, option[order], price, core.counts[core.site]
    )
    return result


def _all_whole(problem: Problem, miss: FloatArray, cost: FloatArray) -> bool:
    """Return whether everything that the goal sums up is a whole number."""
    if problem.partial:
        return False
    summed = [cost, miss[np.isfinite(miss)]]
    if problem.goal is Goal.COVER_ALL:
        summed += [problem.option_cost, problem.site_cost]
    return all(bool((part % 1 == 0).all()) for part in summed)


def _compact(core: Core) -> Core:
    """Drop rows without pairs (b) and merge rows that the same options serve at no cost (c)."""
    # (b)
    degree = np.bincount(core.row, minlength=len(core.miss))
    rows = np.flatnonzero(degree > 0)
    constant = core.constant + float(core.miss[degree == 0].sum())
    if core.cost.any():
        number = np.cumsum(degree > 0) - 1
        return replace(core, row=number[core.row], miss=core.miss[rows], constant=constant)

    # (c): rows with the same keys are alike; the first of them leads
    key = _keys(core)
    order = rows[np.lexsort((rows, key[rows, 1], key[rows, 0]))]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (key[order[1:]] != key[order[:-1]]).any(axis=1)
    leader = order[fresh]

    # merged rows stay in the order of their leaders
    rank = np.argsort(np.argsort(leader))
    number = np.full(len(core.miss), -1)
    number[leader] = rank
    merged = np.empty(len(leader))
    if len(order):
        merged[rank] = np.add.reduceat(core.miss[order], np.flatnonzero(fresh))

    # the pairs of the leaders stand for those of all
    option = np.repeat(np.arange(len(core.option)), np.diff(core.start))
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


def _keys(core: Core) -> UInt64Array:
    """Return (n, 2) hashes of which options serve each row, and to which shares."""
    random = np.random.default_rng(SEED)
    option = np.repeat(np.arange(len(core.option)), np.diff(core.start))
    share_bits = core.share.view(np.uint64) | np.uint64(1)
    key = np.zeros((len(core.miss), 2), dtype=np.uint64)
    for column in range(2):
        of_option = random.integers(1, 2**63, len(core.option), dtype=np.uint64)
        np.add.at(key[:, column], core.row, of_option[option] * share_bits)
    return key


def _starts(numbers: IntArray, size: int) -> IntArray:
    """Return (size + 1,) where each number below ``size`` begins once the numbers are sorted."""
    count = np.bincount(numbers, minlength=size)
    return np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
