"""Plans: built greedily, improved by swaps, and what a plan is worth to a core."""

from __future__ import annotations

from typing import Any

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.siting.solver.record import Clock, Incumbent
from walkshed.siting.solver.search import groups, kernels
from walkshed.siting.solver.search.core import Core


def greedy(core: Core, incumbent: Incumbent, clock: Clock) -> None:
    """Offer greedy plans, by gain and (where money counts) by gain for cost, improved by swaps."""
    nothing = np.empty(0, dtype=np.int64)
    offer(core, nothing, incumbent, clock)
    if np.isfinite(core.budget) or core.plan_cost:
        offer(core, nothing, incumbent, clock, per_cost=True)


def greedy_shares(core: Core, incumbent: Incumbent, clock: Clock) -> None:
    """Offer plans for a core with shares: option by option, by gain, and by gain for cost."""
    modes = [False, True] if np.isfinite(core.budget) else [False]
    for per_cost in modes:
        options = core.option[_greedy_shares(core, clock, per_cost=per_cost)]
        incumbent.offer(options, worth(core, options))


def _greedy_shares(core: Core, clock: Clock, *, per_cost: bool) -> BoolArray:
    """Return (q,) the options of a plan that takes the best one that fits, again and again."""
    pair_option = np.repeat(np.arange(len(core.option)), np.diff(core.start))
    plan = _Plan(core)
    chosen = np.zeros(len(core.option), dtype=bool)
    while not (clock.over() and (per_cost or clock.stopped)):
        # what each option adds to what the rows have already
        left = np.maximum(1.0 - served_by(core, chosen), 0.0)
        added = core.miss[core.row] * np.minimum(core.share, left[core.row])
        gain: FloatArray = np.bincount(pair_option, added, len(chosen)).astype(np.float64)
        gain[chosen] = 0.0

        # in the order of gain, or of gain for the option's and its site's cost
        rating = gain
        if per_cost:
            opening = np.where(plan.opened_at(core.site), 0.0, core.site_cost[core.site])
            rating = gain / np.maximum(core.option_cost + opening, 1e-12)
        order = np.argsort(-rating, kind="stable").tolist()
        best = next((option for option in order if gain[option] > 0.0 and plan.fits(option)), -1)
        if best < 0:
            break

        plan.add(best)
        chosen[best] = True
    return chosen


def exchange_choices(core: Core, incumbent: Incumbent, clock: Clock) -> None:
    """Offer the incumbent's plan with a group's choice exchanged, until no exchange is better."""
    better = bool((core.group >= 0).any())
    while better and incumbent.options is not None and not clock.over() and not incumbent.done:
        before = incumbent.cost
        for option in np.flatnonzero(core.group >= 0):
            plan = np.flatnonzero(np.isin(core.option, incumbent.options))
            if option not in plan:
                others = plan[core.group[plan] != core.group[option]]
                offer(core, np.append(others, option), incumbent, clock)
        better = incumbent.cost < before


def worth(core: Core, options: IntArray) -> float:
    """Return the cost of a plan: of service, or its own; inf if it leaves out what must be, or a place is too small.

    ``options`` are numbered as in the problem.
    """
    chosen = np.isin(core.option, options)
    if core.halls is not None and not core.halls.hold(chosen):
        return float("inf")
    if len(core.apart):
        opened = np.zeros(len(core.site_cost), dtype=bool)
        opened[core.site[chosen]] = True
        if opened[core.apart].all(axis=1).any():
            return float("inf")
    if core.partial:
        missing = np.maximum(1.0 - served_by(core, chosen), 0.0)
        return core.constant + float((core.miss * missing).sum())

    near, _, _ = kernels.nearest_two(core.start, core.row, core.cost, core.miss, chosen)
    if not core.plan_cost or not np.isfinite(near).all():
        return core.constant + float(near.sum())

    sites = np.unique(core.site[chosen])
    return float(core.option_cost[chosen].sum() + core.site_cost[sites].sum())


def served_by(core: Core, chosen: BoolArray) -> FloatArray:
    """Return (n,) the sum of the shares to which the chosen options serve each row; may pass 1."""
    pair = np.repeat(chosen, np.diff(core.start))
    shares = np.bincount(core.row[pair], weights=core.share[pair], minlength=len(core.miss))
    return shares.astype(np.float64)


def finite_miss(core: Core) -> FloatArray:
    """Return ``miss`` with a finite price for rows that must be served.

    The price is more than any plan that serves them all costs.
    """
    must = np.isinf(core.miss)
    if not must.any():
        return core.miss
    worst = np.zeros(len(core.miss))
    np.maximum.at(worst, core.row, core.cost)
    return np.where(must, worst.sum() + core.miss[~must].sum() + 1.0, core.miss)


def offer(
    core: Core, wanted: IntArray, incumbent: Incumbent, clock: Clock, *, per_cost: bool = False
) -> None:
    """Offer a plan of the wanted options as far as they fit, completed greedily and swapped."""
    if core.free_of_choices:
        first = incumbent.options is None
        options = core.option[_improved(core, wanted, clock, per_cost=per_cost, first=first)]
        if core.plan_cost:
            options = _without_spare(core, options)
    else:
        # groups first, then the rest as if there were none
        picked = groups.picks(core, wanted)
        if picked is None:
            return
        rest = groups.with_picks(core, picked)
        wanted_of_rest = np.flatnonzero(np.isin(rest.option, core.option[wanted]))
        inner = Incumbent(whole=core.whole)
        offer(rest, wanted_of_rest, inner, clock, per_cost=per_cost)
        options = core.option[picked]
        if inner.options is not None:
            options = np.append(options, inner.options)

    cost = worth(core, options)
    if np.isfinite(cost):
        incumbent.offer(options, cost)


def _improved(
    core: Core, wanted: IntArray, clock: Clock, *, per_cost: bool, first: bool
) -> BoolArray:
    """Return (q,) the wanted options that fit, with additions and swaps until none saves anything.

    The ``first`` plan gets all its additions even where time is up: some plan is always returned.
    """
    plan = _Plan(core)
    chosen = np.zeros(len(core.option), dtype=bool)
    for option in wanted.tolist():
        if plan.fits(option):
            plan.add(option)
            chosen[option] = True

    miss = finite_miss(core)
    while True:
        late = clock.over()
        if late and (clock.stopped or not first):
            break

        # an addition, if any saves something
        near, second, who = kernels.nearest_two(core.start, core.row, core.cost, miss, chosen)
        incoming = kernels.best_addition(
            core.start, core.row, core.cost, near, chosen, per_cost, *plan.state()
        )

        # else a swap, but not where the plan's own cost is minimized
        outgoing = -1
        if incoming < 0 and not late and not core.plan_cost:
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
    return chosen


def _without_spare(core: Core, options: IntArray) -> IntArray:
    """Return options that serve all rows, without those whose rows the others serve as well.

    The dearest are left out first.
    """
    prices = (core.option_cost + core.site_cost[core.site]).tolist()
    price = dict(zip(core.option.tolist(), prices, strict=True))
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
        self._slots = core.slots.copy()
        self._near = neighbors(core)
        self._crowded = np.zeros(len(core.site_cost), dtype=np.int64)
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
            self._slots,
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
            self._crowd(site, 1)
        self._at[site] += 1
        self.spent += float(self._core.option_cost[option])

    def drop(self, option: int) -> None:
        """Count an option that has been dropped."""
        site = self._core.site[option]
        self._at[site] -= 1
        if self._at[site] == 0:
            self._opened -= int(self._core.counts[site])
            self.spent -= float(self._core.site_cost[site])
            self._crowd(site, -1)
        self.spent -= float(self._core.option_cost[option])

    def _crowd(self, site: int, more: int) -> None:
        """Count a site that is opened, or closed again: those too near it have no slots meanwhile."""
        if self._near is None:
            return
        start, other = self._near
        near = other[start[site] : start[site + 1]]
        self._crowded[near] += more
        self._slots[near] = np.where(self._crowded[near] > 0, 0, self._core.slots[near])


def neighbors(core: Core) -> tuple[IntArray, IntArray] | None:
    """Return (start, other): the sites too near site j are ``other[start[j]:start[j + 1]]``; None without any."""
    if not len(core.apart):
        return None
    site = np.concatenate([core.apart[:, 0], core.apart[:, 1]])
    other = np.concatenate([core.apart[:, 1], core.apart[:, 0]])
    order = np.argsort(site, kind="stable")
    return np.searchsorted(site[order], np.arange(len(core.site_cost) + 1)), other[order]
