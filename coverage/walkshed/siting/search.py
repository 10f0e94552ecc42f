"""A Lagrangian bound, the plans found on the way to it, and which options no better plan holds.

With prices u on rows and a price v on the budget, the relaxed problem (Cornuejols, Fisher and
Nemhauser 1977, "Location of bank accounts to optimize float", Management Science 23) splits by
site:

    L(u, v) = sum_i u_i - v B + min over plans of sum over o chosen of ( v f_o + sum_i min(0, c_io -
    u_i) )

for u_i ≤ miss_i. Any L is a lower bound. To cover all at the least cost (LSCP), c = 0, v = 1 and B
= 0: L is the dual of set cover. Prices follow deflected subgradients (Camerini, Fratta and Maffioli
1975) with steps by Polyak's rule. The relaxed plans, made feasible and improved by swaps, are new
plans; options whose choice would push L above the best plan are dropped for good, so that the core
shrinks while the search runs.

Of each group the relaxed plan holds the best option; prerequisites are left out there, which only
lowers L. To make it feasible the groups are settled first (``groups``), then the rest as if it had
none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.siting import kernels
from walkshed.siting.core import Core
from walkshed.siting.record import Clock, Record
from walkshed.siting.swapping import finite_miss, offer

STEPS = 1500
ROUND = 100  # steps between two attempts to drop options
PLAN_EVERY = 20
DEFLECTION = 0.9
PATIENCE = 20  # steps without a better bound before the step length is halved
SHORTEST = 1e-3


@dataclass(slots=True)
class _Prices:
    """Where the subgradient search stands."""

    row: FloatArray
    budget: float
    length: float
    direction: FloatArray
    idle: int
    best_row: FloatArray
    best_budget: float
    best: float


def lagrangian(core: Core, record: Record, clock: Clock, *, steps: int = STEPS) -> Core:
    """Raise the record's bound, offer it plans, and return the core without the options that no better plan holds."""
    if not len(core.option):
        record.raise_bound(core.constant + float(core.miss.sum()))
        return core
    priced = _priced(core)
    low = np.full(len(core.miss), np.inf)
    np.minimum.at(low, priced.row, priced.cost)
    limited = np.isfinite(core.budget) and not core.plan_cost
    scale = np.sqrt(len(core.miss) + 1.0) / max(core.budget, 1e-9) if limited else 0.0
    prices = _first_prices(priced, record)
    tried: set[bytes] = set()
    for step in range(steps):
        if clock.over() or record.done or prices.length < SHORTEST:
            break
        clock.tell(record.gap)
        value = kernels.savings(priced.start, priced.row, priced.cost, prices.row)
        plan, total, _ = relaxed(priced, value, _money(core, prices, scale))
        bound = priced.constant + float(prices.row.sum()) + total
        if step == 0 or bound > prices.best + 1e-7 * abs(prices.best):
            prices.best, prices.best_row, prices.best_budget, prices.idle = (
                bound,
                prices.row,
                prices.budget,
                0,
            )
            record.raise_bound(bound)
        else:
            prices.idle += 1
        if step % PLAN_EVERY == 0:
            key = np.packbits(np.isin(core.option, priced.option[plan])).tobytes()
            if key not in tried:
                tried.add(key)
                honest = replace(priced, miss=core.miss, budget=core.budget)
                offer(honest, plan[np.argsort(value[plan], kind="stable")], record, clock)
        if step % ROUND == ROUND - 1:
            priced = _columns(priced, _worth_keeping(priced, prices, scale, record))
            if not len(priced.option):
                record.raise_bound(record.cost)
                break
            continue  # numbers have changed: the next step computes the plan anew
        _move(priced, prices, plan, low, bound, scale, record)
    kept = _worth_keeping(priced, prices, scale, record)
    return replace(_columns(priced, kept), miss=core.miss, budget=core.budget)


def relaxed(
    core: Core, value: FloatArray, budget_price: float
) -> tuple[IntArray, float, FloatArray]:
    """Return the relaxed plan: its options, its value without the rows' prices, and what each other option adds.

    The last is (q,) how much dearer the relaxed plan becomes if an option has to be in it (0 for
    those in it). Each site takes its best options below 0, as many as fit; the best sites below 0
    are opened, as many as allowed.
    """
    value = value + budget_price * core.option_cost
    grouped = core.group >= 0
    order = np.lexsort((value, core.site))
    first: IntArray = np.searchsorted(core.site[order], np.arange(len(core.site_cost)))
    rank: IntArray = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - first[core.site[order]]
    within = (value < 0.0) & (rank < core.slots[core.site]) & ~grouped
    saved: FloatArray = np.bincount(
        core.site[within], value[within], minlength=len(core.site_cost)
    ).astype(np.float64)
    worth = saved + budget_price * core.site_cost
    counted = core.counts == 1
    opened = ~counted & (worth < 0.0)
    ranked = np.flatnonzero(counted & (worth < 0.0))
    ranked = ranked[np.argsort(worth[ranked], kind="stable")]
    opened[ranked[: core.new_sites]] = True
    full = len(ranked) >= core.new_sites
    last = float(worth[ranked[core.new_sites - 1]]) if full and core.new_sites > 0 else 0.0
    plan = np.flatnonzero(within & opened[core.site])
    total = float(worth[opened].sum()) - (budget_price * core.budget if budget_price > 0.0 else 0.0)
    best = np.full(int(core.group.max(initial=-1)) + 1, np.inf)
    np.minimum.at(best, core.group[grouped], value[grouped])
    at_best = np.flatnonzero(grouped)[value[grouped] <= best[core.group[grouped]]]
    number, first = np.unique(core.group[at_best], return_index=True)
    plan = np.sort(np.concatenate([plan, at_best[first]]))
    total += float(best[number].sum())

    # An option forced in pushes out the worst of its site if that is full; a site forced in, the
    # worst open site.
    taken = np.bincount(core.site[within], minlength=len(core.site_cost))
    crowded = taken >= core.slots
    worst = np.full(len(core.site_cost), 0.0)
    np.maximum.at(worst, core.site[within], np.where(within, value, 0.0)[within])
    weakest = np.full(len(core.site_cost), -np.inf)
    np.maximum.at(weakest, core.site[within], value[within])
    extra = np.where(within, 0.0, value - np.where(crowded, weakest, 0.0)[core.site])
    dearer = np.maximum(extra, 0.0) + np.where(
        opened[core.site], 0.0, worth[core.site] - np.where(counted, last, 0.0)[core.site]
    )
    dearer[grouped] = value[grouped] - best[core.group[grouped]]
    return plan, total, np.maximum(dearer, 0.0)


def _priced(core: Core) -> Core:
    """Return the core that the relaxation sees: a price for rows that must be served, no budget where cost is sought.

    Any such price gives a bound; to cover all, no row is worth more than the cheapest option that
    serves it.
    """
    if not core.plan_cost:
        return replace(core, miss=finite_miss(core))
    cheapest = np.full(len(core.miss), np.inf)
    price = core.option_cost + core.site_cost[core.site]
    np.minimum.at(cheapest, core.row, np.repeat(price, np.diff(core.start)))
    return replace(core, miss=cheapest, budget=0.0)


def _money(core: Core, prices: _Prices, scale: float, *, best: bool = False) -> float:
    """Return the price of a unit of cost: 1 where cost is sought, else that on the budget."""
    if core.plan_cost:
        return 1.0
    return (prices.best_budget if best else prices.budget) * scale


def _first_prices(core: Core, record: Record) -> _Prices:
    chosen = (
        np.isin(core.option, record.options)
        if record.options is not None
        else np.zeros(len(core.option), bool)
    )
    near, second, _ = kernels.nearest_two(core.start, core.row, core.cost, core.miss, chosen)
    dearest = np.zeros(len(core.miss))
    np.maximum.at(dearest, core.row, core.cost)
    second = np.where(np.isfinite(core.miss) & (dearest > 0.0), np.minimum(second, dearest), second)
    row = np.minimum((near + np.maximum(near, second)) / 2.0, core.miss)
    return _Prices(row, 0.0, 1.0, np.zeros(len(row) + 1), 0, row, 0.0, -np.inf)


def _move(
    core: Core,
    prices: _Prices,
    plan: IntArray,
    low: FloatArray,
    bound: float,
    scale: float,
    record: Record,
) -> None:
    """Take one step along the deflected subgradient."""
    if prices.idle >= PATIENCE:
        prices.length, prices.idle = prices.length / 2.0, 0
        prices.row, prices.budget = prices.best_row, prices.best_budget
        return
    spent = float(core.option_cost[plan].sum() + core.site_cost[np.unique(core.site[plan])].sum())
    gradient = np.empty(len(prices.row) + 1)
    gradient[:-1] = 1.0 - kernels.times_served(
        core.start, core.row, core.cost, prices.row, plan, len(prices.row)
    )
    gradient[-1] = (spent - core.budget) * scale if scale > 0.0 else 0.0
    prices.direction = gradient + DEFLECTION * prices.direction
    ahead = prices.direction.copy()
    ahead[:-1][(prices.row >= core.miss) & (ahead[:-1] > 0.0)] = 0.0
    ahead[:-1][(prices.row <= low) & (ahead[:-1] < 0.0)] = 0.0
    if prices.budget <= 0.0 and ahead[-1] < 0.0:
        ahead[-1] = 0.0
    aim = (
        record.cost if record.cost < 1e3 * max(abs(bound), 1.0) else bound + 0.05 * abs(bound) + 1.0
    )
    step = prices.length * max(aim - bound, 1e-6 * abs(bound)) / max(float(ahead @ ahead), 1e-12)
    prices.row = np.clip(prices.row + step * ahead[:-1], np.minimum(low, core.miss), core.miss)
    prices.budget = max(0.0, prices.budget + step * float(ahead[-1]))


def _worth_keeping(core: Core, prices: _Prices, scale: float, record: Record) -> BoolArray:
    """Return (q,) False for options with which, by the best prices, no plan can be better than the record."""
    if not len(core.option):
        return np.zeros(0, dtype=bool)
    value = kernels.savings(core.start, core.row, core.cost, prices.best_row)
    _, total, dearer = relaxed(core, value, _money(core, prices, scale, best=True))
    with_it = core.constant + float(prices.best_row.sum()) + total + dearer
    kept: BoolArray = with_it < record.target + 1e-9 * abs(record.target)
    kept |= core.group >= 0  # groups stay whole, and so does what others need
    kept[core.prerequisite[:, 1]] = True
    return kept


def _columns(core: Core, kept: BoolArray) -> Core:
    """Return the core with some options only, its rows and sites as they are."""
    if kept.all():
        return core
    pair = np.repeat(kept, np.diff(core.start))
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
        prerequisite=(np.cumsum(kept) - 1)[core.prerequisite[kept[core.prerequisite].all(axis=1)]],
    )
