"""A Lagrangian bound, the plans found on the way to it, and which options no better plan holds.

With prices u on rows and a price v on the budget, the relaxed problem (Cornuejols, Fisher and
Nemhauser 1977, "Location of bank accounts to optimize float", Management Science 23) splits by
site:

    L(u, v) = sum_i u_i - v B
              + min over plans of sum over o chosen of ( v f_o + sum_i min(0, c_io - u_i) )

for u_i ≤ miss_i. Any L is a lower bound. To cover all at the least cost (LSCP), c = 0, v = 1 and
B = 0: L is the dual of set cover. Prices follow deflected subgradients (Camerini, Fratta and
Maffioli 1975) with steps by Polyak's rule. The relaxed plans, made feasible and improved by swaps,
are new plans; options whose choice would push L above the best plan are dropped for good, so that
the core shrinks while the search runs.

Of each group the relaxed plan holds the best option; prerequisites are left out there, which only
lowers L. To make it feasible the groups are decided first (``groups``), then the rest as if it had
none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.siting.solver.record import Clock, Incumbent
from walkshed.siting.solver.search import kernels
from walkshed.siting.solver.search.core import Core, halls_of
from walkshed.siting.solver.search.swapping import finite_miss, offer

STEPS = 1500
ROUND = 100  # steps between two attempts to drop options
PLAN_EVERY = 20
DEFLECTION = 0.9
PATIENCE = 20  # steps without a better bound before the step length is halved
SHORTEST = 1e-3


@dataclass(slots=True)
class _Prices:
    """The prices of the subgradient search, and the best of them so far."""

    row: FloatArray  # (n,)
    budget: float  # in units of ``scale``
    scale: float  # makes a step of the budget's price as long as those of rows; 0: no budget
    lowest: FloatArray  # (n,) below which a row's price makes no difference
    length: float  # of a step
    direction: FloatArray  # (n + 1,) of the last step, the budget last
    best_row: FloatArray
    best_budget: float
    best: float  # bound
    idle: int  # steps since then

    def keep_best(self, bound: float) -> None:
        """Keep these prices as the best so far."""
        self.best, self.best_row, self.best_budget = bound, self.row, self.budget
        self.idle = 0

    def shorten(self) -> None:
        """Go back to the best prices, for steps half as long."""
        self.length, self.idle = self.length / 2.0, 0
        self.row, self.budget = self.best_row, self.best_budget


def lagrangian(core: Core, incumbent: Incumbent, clock: Clock, *, steps: int = STEPS) -> Core:
    """Raise the incumbent's bound, offer it plans, and return the core that may hold a better plan.

    Its options are those that some better plan may hold.
    """
    if not len(core.option):
        incumbent.raise_bound(core.constant + float(core.miss.sum()))
        return core

    priced = _priced(core)
    prices = _first_prices(core, priced, incumbent)
    tried: set[bytes] = set()
    for step in range(steps):
        if clock.over() or incumbent.done or prices.length < SHORTEST:
            break
        clock.tell(incumbent.gap)

        # the relaxed plan at these prices, and the bound that it gives
        value = kernels.savings(priced.start, priced.row, priced.cost, prices.row)
        plan, total, _ = relaxed(priced, value, _cost_price(core, prices.budget, prices.scale))
        bound = priced.constant + float(prices.row.sum()) + total
        if step == 0 or bound > prices.best + 1e-7 * abs(prices.best):
            prices.keep_best(bound)
            incumbent.raise_bound(bound)
        else:
            prices.idle += 1

        # from time to time it is made feasible, unless it has been before
        if step % PLAN_EVERY == 0:
            key = np.packbits(np.isin(core.option, priced.option[plan])).tobytes()
            if key not in tried:
                tried.add(key)
                unpriced = replace(priced, miss=core.miss, budget=core.budget)
                offer(unpriced, plan[np.argsort(value[plan], kind="stable")], incumbent, clock)

        # from time to time options are dropped; the next step computes the plan anew
        if step % ROUND == ROUND - 1:
            priced = _with_options(priced, _worth_keeping(priced, prices, incumbent))
            if not len(priced.option):
                incumbent.raise_bound(incumbent.cost)
                break
        elif prices.idle >= PATIENCE:
            prices.shorten()
        else:
            _move(priced, prices, plan, bound, _aim(bound, incumbent))

    kept = _worth_keeping(priced, prices, incumbent)
    return replace(_with_options(priced, kept), miss=core.miss, budget=core.budget)


def relaxed(
    core: Core, value: FloatArray, budget_price: float
) -> tuple[IntArray, float, FloatArray]:
    """Return the relaxed plan: its options, its value, and what each other option adds.

    ``value`` is what each option saves at the prices of the rows, which the plan's value leaves
    out. The last is (q,) how much dearer the relaxed plan becomes if an option has to be in it (0
    for those in it). Each site takes its best options below 0, as many as fit; the best sites below
    0 are opened, as many as allowed.
    """
    # the best options of each site, in its slots
    value = value + budget_price * core.option_cost
    grouped = core.group >= 0
    order = np.lexsort((value, core.site))
    first: IntArray = np.searchsorted(core.site[order], np.arange(len(core.site_cost)))
    rank: IntArray = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - first[core.site[order]]
    within = (value < 0.0) & (rank < core.slots[core.site]) & ~grouped

    # the best sites, as many as may be opened
    saved = np.bincount(core.site[within], value[within], minlength=len(core.site_cost))
    worth = saved.astype(np.float64) + budget_price * core.site_cost
    counted = core.counts == 1
    opened = ~counted & (worth < 0.0)
    ranked = np.flatnonzero(counted & (worth < 0.0))
    ranked = ranked[np.argsort(worth[ranked], kind="stable")]
    opened[ranked[: core.new_sites]] = True
    plan = np.flatnonzero(within & opened[core.site])
    total = float(worth[opened].sum())
    if budget_price > 0.0:
        total -= budget_price * core.budget

    # the best option of each group
    best = np.full(int(core.group.max(initial=-1)) + 1, np.inf)
    np.minimum.at(best, core.group[grouped], value[grouped])
    at_best = np.flatnonzero(grouped)[value[grouped] <= best[core.group[grouped]]]
    number, first = np.unique(core.group[at_best], return_index=True)
    plan = np.sort(np.concatenate([plan, at_best[first]]))
    total += float(best[number].sum())

    # an option forced in pushes out the worst of its site if that is full
    crowded = np.bincount(core.site[within], minlength=len(core.site_cost)) >= core.slots
    weakest = np.full(len(core.site_cost), -np.inf)
    np.maximum.at(weakest, core.site[within], value[within])
    pushed_out = np.where(crowded, weakest, 0.0)
    extra = np.where(within, 0.0, value - pushed_out[core.site])

    # a site forced in pushes out the worst open site if no more may be opened
    last = 0.0
    if 0 < core.new_sites <= len(ranked):
        last = float(worth[ranked[core.new_sites - 1]])
    opening = np.where(opened, 0.0, worth - np.where(counted, last, 0.0))

    # an option of a group takes the place of the group's best
    dearer = np.maximum(extra, 0.0) + opening[core.site]
    dearer[grouped] = value[grouped] - best[core.group[grouped]]
    return plan, total, np.maximum(dearer, 0.0)


def _priced(core: Core) -> Core:
    """Return the core that the relaxation sees.

    Rows that must be served have a price; where cost is sought there is no budget. Any such price
    gives a bound; to cover all, no row is worth more than the cheapest option that serves it.
    """
    if not core.plan_cost:
        return replace(core, miss=finite_miss(core))
    cheapest = np.full(len(core.miss), np.inf)
    price = core.option_cost + core.site_cost[core.site]
    np.minimum.at(cheapest, core.row, np.repeat(price, np.diff(core.start)))
    return replace(core, miss=cheapest, budget=0.0)


def _cost_price(core: Core, budget_price: float, scale: float) -> float:
    """Return the price of a unit of cost: 1 where cost is sought, else that on the budget."""
    if core.plan_cost:
        return 1.0
    return budget_price * scale


def _first_prices(core: Core, priced: Core, incumbent: Incumbent) -> _Prices:
    """Return the prices to begin with: between a row's cost by the best plan and by its second best."""
    options = np.empty(0, dtype=np.int64) if incumbent.options is None else incumbent.options
    chosen = np.isin(priced.option, options)
    near, second, _ = kernels.nearest_two(
        priced.start, priced.row, priced.cost, priced.miss, chosen
    )
    dearest = np.zeros(len(priced.miss))
    np.maximum.at(dearest, priced.row, priced.cost)
    costly = np.isfinite(priced.miss) & (dearest > 0.0)
    second = np.where(costly, np.minimum(second, dearest), second)
    row = np.minimum((near + np.maximum(near, second)) / 2.0, priced.miss)

    lowest = np.full(len(priced.miss), np.inf)
    np.minimum.at(lowest, priced.row, priced.cost)
    scale = 0.0
    if np.isfinite(core.budget) and not core.plan_cost:
        scale = np.sqrt(len(core.miss) + 1.0) / max(core.budget, 1e-9)
    return _Prices(
        row=row,
        budget=0.0,
        scale=scale,
        lowest=lowest,
        length=1.0,
        direction=np.zeros(len(row) + 1),
        best_row=row,
        best_budget=0.0,
        best=-np.inf,
        idle=0,
    )


def _aim(bound: float, incumbent: Incumbent) -> float:
    """Return what the bound may rise to: the incumbent's cost, or a little more than now."""
    if incumbent.cost < 1e3 * max(abs(bound), 1.0):
        return incumbent.cost
    return bound + 0.05 * abs(bound) + 1.0


def _move(core: Core, prices: _Prices, plan: IntArray, bound: float, aim: float) -> None:
    """Take one step along the deflected subgradient, as long as ``aim`` is far from ``bound``."""
    # how often each row is served, and how much money is spent, beside once and all
    times = kernels.times_served(core.start, core.row, core.cost, prices.row, plan, len(prices.row))
    gradient = np.zeros(len(prices.row) + 1)
    gradient[:-1] = 1.0 - times
    if prices.scale > 0.0:
        sites = np.unique(core.site[plan])
        spent = float(core.option_cost[plan].sum() + core.site_cost[sites].sum())
        gradient[-1] = (spent - core.budget) * prices.scale
    prices.direction = gradient + DEFLECTION * prices.direction

    # a price at its limit stays there
    ahead = prices.direction.copy()
    ahead[:-1][(prices.row >= core.miss) & (ahead[:-1] > 0.0)] = 0.0
    ahead[:-1][(prices.row <= prices.lowest) & (ahead[:-1] < 0.0)] = 0.0
    if prices.budget <= 0.0 and ahead[-1] < 0.0:
        ahead[-1] = 0.0

    step = prices.length * max(aim - bound, 1e-6 * abs(bound)) / max(float(ahead @ ahead), 1e-12)
    lowest = np.minimum(prices.lowest, core.miss)
    prices.row = np.clip(prices.row + step * ahead[:-1], lowest, core.miss)
    prices.budget = max(0.0, prices.budget + step * float(ahead[-1]))


def _worth_keeping(core: Core, prices: _Prices, incumbent: Incumbent) -> BoolArray:
    """Return (q,) False for options with which, by the best prices, no plan can be better."""
    if not len(core.option):
        return np.zeros(0, dtype=bool)

    # the bound of all plans that hold the option
    value = kernels.savings(core.start, core.row, core.cost, prices.best_row)
    cost_price = _cost_price(core, prices.best_budget, prices.scale)
    _, total, dearer = relaxed(core, value, cost_price)
    bound = core.constant + float(prices.best_row.sum()) + total + dearer
    kept: BoolArray = bound < incumbent.target + 1e-9 * abs(incumbent.target)

    # groups stay whole, and so does what others need
    kept |= core.group >= 0
    kept[core.prerequisite[:, 1]] = True
    return kept


def _with_options(core: Core, kept: BoolArray) -> Core:
    """Return the core with some options only, its rows and sites as they are."""
    if kept.all():
        return core
    pair = np.repeat(kept, np.diff(core.start))
    number = np.cumsum(kept) - 1
    whole = kept[core.prerequisite].all(axis=1)
    return replace(
        core,
        start=np.concatenate([[0], np.cumsum(np.diff(core.start)[kept])]),
        row=core.row[pair],
        cost=core.cost[pair],
        share=core.share[pair],
        option=core.option[kept],
        option_cost=core.option_cost[kept],
        site=core.site[kept],
        group=core.group[kept],
        prerequisite=number[core.prerequisite[whole]],
        halls=halls_of(core.halls, kept),
    )
