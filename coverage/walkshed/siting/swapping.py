"""Plans: built greedily, improved by swaps, and what a plan is worth to a core."""

from __future__ import annotations

from typing import Any

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.siting import groups, kernels
from walkshed.siting.core import Core
from walkshed.siting.record import Clock, Record


def greedy(core: Core, record: Record, clock: Clock) -> None:
    """Offer the record greedy plans (by gain, and by gain for cost where money counts), improved by swaps."""
    modes = [False, True] if np.isfinite(core.budget) or core.plan_cost else [False]
    for per_cost in modes:
        offer(core, np.empty(0, dtype=np.int64), record, clock, per_cost=per_cost)


def greedy_shares(core: Core, record: Record, clock: Clock) -> None:
    """Offer the record plans for a core with shares: one option after the other, by gain, and by gain for cost."""
    pair_option = np.repeat(np.arange(len(core.option)), np.diff(core.start))
    for per_cost in [False, True] if np.isfinite(core.budget) else [False]:
        plan, chosen = _Plan(core), np.zeros(len(core.option), dtype=bool)
        while not clock.over():
            left = np.maximum(1.0 - served_by(core, chosen), 0.0)
            worth_of = core.miss[core.row] * np.minimum(core.share, left[core.row])
            gain = np.bincount(pair_option, weights=worth_of, minlength=len(chosen))
            gain[chosen] = 0.0
            price = core.option_cost + np.where(
                plan.opened_at(core.site), 0.0, core.site_cost[core.site]
            )
            order = np.argsort(
                -(gain / np.maximum(price, 1e-12) if per_cost else gain), kind="stable"
            )
            best = next(
                (int(option) for option in order if gain[option] > 0.0 and plan.fits(int(option))),
                -1,
            )
            if best < 0:
                break
            plan.add(best)
            chosen[best] = True
        record.offer(core.option[chosen], worth(core, core.option[chosen]))


def exchange_choices(core: Core, record: Record, clock: Clock) -> None:
    """Offer the record its own plan with one group's choice exchanged for another, until no exchange is better."""
    better = bool((core.group >= 0).any())
    while better and record.options is not None and not clock.over() and not record.done:
        before = record.cost
        for option in np.flatnonzero(core.group >= 0):
            plan = np.flatnonzero(np.isin(core.option, record.options))
            if option not in plan:
                others = plan[core.group[plan] != core.group[option]]
                offer(core, np.append(others, option), record, clock)
        better = record.cost < before


def worth(core: Core, options: IntArray) -> float:
    """Return the cost of the plan of ``options`` (of the problem): of service, or its own; inf if rows go without."""
    chosen = np.isin(core.option, options)
    if core.partial:
        return core.constant + float(
            (core.miss * np.maximum(1.0 - served_by(core, chosen), 0.0)).sum()
        )
    near, _, _ = kernels.nearest_two(core.start, core.row, core.cost, core.miss, chosen)
    if not core.plan_cost or not np.isfinite(near).all():
        return core.constant + float(near.sum())
    return float(
        core.option_cost[chosen].sum() + core.site_cost[np.unique(core.site[chosen])].sum()
    )


def served_by(core: Core, chosen: BoolArray) -> FloatArray:
    """Return (n,) the sum of the shares to which the chosen options serve each row; it may pass 1."""
    pair = np.repeat(chosen, np.diff(core.start))
    return np.bincount(core.row[pair], weights=core.share[pair], minlength=len(core.miss)).astype(
        np.float64
    )


def finite_miss(core: Core) -> FloatArray:
    """Return ``miss`` with a price for rows that must be served: more than any plan that serves them all costs."""
    must = np.isinf(core.miss)
    if not must.any():
        return core.miss
    worst = np.zeros(len(core.miss))
    np.maximum.at(worst, core.row, core.cost)
    return np.where(must, worst.sum() + core.miss[~must].sum() + 1.0, core.miss)


def offer(
    core: Core, wanted: IntArray, record: Record, clock: Clock, *, per_cost: bool = False
) -> None:
    """Build a plan from the wanted options as far as they fit, complete it greedily, swap, and offer it."""
    if not core.free_of_choices:
        picked = groups.picks(core, wanted)
        if picked is not None:
            inner = Record(whole=core.whole)
            rest = groups.settled(core, picked)
            here = np.flatnonzero(np.isin(rest.option, core.option[wanted]))
            offer(rest, here, inner, clock, per_cost=per_cost)
            found = (
                core.option[picked]
                if inner.options is None
                else np.append(core.option[picked], inner.options)
            )
            cost = worth(core, found)
            if np.isfinite(cost):
                record.offer(found, cost)
        return
    miss = finite_miss(core)
    chosen = np.zeros(len(core.option), dtype=bool)
    plan = _Plan(core)
    for option in wanted:
        if plan.fits(int(option)):
            plan.add(int(option))
            chosen[option] = True
    while not clock.over():
        near, second, who = kernels.nearest_two(core.start, core.row, core.cost, miss, chosen)
        incoming = kernels.best_addition(
            core.start, core.row, core.cost, near, chosen, per_cost, *plan.state()
        )
        outgoing = -1
        if incoming < 0 and not core.plan_cost:
            tolerance = 1e-9 * max(1.0, float(near.sum()))
            outgoing, incoming = kernels.best_swap(
                core.start, core.row, core.cost, near, second, who, chosen, tolerance, *plan.state()
            )
        if incoming < 0:
            break
        if outgoing >= 0:
            plan.drop(outgoing)
            chosen[outgoing] = False
        plan.add(incoming)
        chosen[incoming] = True
    options = core.option[chosen]
    if core.plan_cost:
        options = _without_spare(core, options)
    cost = worth(core, options)
    if np.isfinite(cost):
        record.offer(options, cost)


def _without_spare(core: Core, options: IntArray) -> IntArray:
    """Return options that serve all rows without those, the dearest first, whose rows others of them serve as well."""
    price = dict(
        zip(
            core.option.tolist(),
            (core.option_cost + core.site_cost[core.site]).tolist(),
            strict=True,
        )
    )
    for option in sorted(options.tolist(), key=lambda option: (-price[option], -option)):
        fewer = options[options != option]
        if np.isfinite(worth(core, fewer)):
            options = fewer
    return options


class _Plan:
    """What the options of a plan use up."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._at = np.zeros(len(core.site_cost), dtype=np.int64)
        self._opened = 0
        self.spent = 0.0

    def state(self) -> Any:  # noqa: ANN401 (arguments of the kernels, told apart there)
        """Return the arguments by which the kernels check conditions."""
        core = self._core
        return (
            self._at,
            core.site,
            core.option_cost,
            core.site_cost,
            core.counts,
            core.slots,
            self._opened,
            self.spent,
            core.new_sites,
            core.budget,
        )

    def opened_at(self, site: IntArray) -> BoolArray:
        """Return whether an option of the plan is at each of the sites."""
        return np.asarray(self._at[site] > 0, dtype=bool)

    def fits(self, option: int) -> bool:
        """Return whether the option can be added."""
        return bool(kernels.fits(option, -1, *self.state()))

    def add(self, option: int) -> None:
        """Count an option that has been added."""
        site = self._core.site[option]
        if self._at[site] == 0:
            self._opened += int(self._core.counts[site])
            self.spent += float(self._core.site_cost[site])
        self._at[site] += 1
        self.spent += float(self._core.option_cost[option])

    def drop(self, option: int) -> None:
        """Count an option that has been dropped."""
        site = self._core.site[option]
        self._at[site] -= 1
        if self._at[site] == 0:
            self._opened -= int(self._core.counts[site])
            self.spent -= float(self._core.site_cost[site])
        self.spent -= float(self._core.option_cost[option])
