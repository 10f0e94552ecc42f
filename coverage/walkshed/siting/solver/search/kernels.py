"""Compiled loops of the search; every one is deterministic, and ties go to the lower option.

Arrays as in ``core.Core``. ``near`` and ``second`` are, for each row, the costs of the best and
second best chosen option (``miss`` where there is none), ``who`` the best one's number (-1: none).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from walkshed.model.arrays import BoolArray, FloatArray, IntArray


@njit(cache=True)
def undominated(
    start: IntArray,
    row: IntArray,
    of_row: IntArray,
    option: IntArray,
    price: FloatArray,
    counts: IntArray,
) -> BoolArray:
    """Return (q,) False for options whose rows all belong to another that costs and counts no more.

    Row i is served by the options ``option[of_row[i]:of_row[i + 1]]``. Of equals the lower stays;
    an option without rows is superfluous.
    """
    kept = np.ones(len(price), np.bool_)
    for a in range(len(price)):
        size = start[a + 1] - start[a]
        if size == 0:
            kept[a] = False
            continue

        # only options that serve the option's rarest row can hold all of its rows
        rare, least = -1, 1 << 60
        for at in range(start[a], start[a + 1]):
            degree = of_row[row[at] + 1] - of_row[row[at]]
            if degree < least:
                rare, least = row[at], degree

        for at in range(of_row[rare], of_row[rare + 1]):
            b = option[at]
            other = start[b + 1] - start[b]
            if b == a or not kept[b] or other < size:
                continue
            if price[b] > price[a] or counts[b] > counts[a]:
                continue
            if other == size and price[b] == price[a] and counts[b] == counts[a] and b > a:
                continue

            # both lists of rows ascend: walk along them side by side
            i, j = start[a], start[b]
            while i < start[a + 1] and j < start[b + 1]:
                if row[i] == row[j]:
                    i += 1
                elif row[i] < row[j]:
                    break
                j += 1
            if i == start[a + 1]:
                kept[a] = False
                break
    return kept


@njit(cache=True)
def nearest_two(
    start: IntArray, row: IntArray, cost: FloatArray, miss: FloatArray, chosen: BoolArray
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return (near, second, who) for the chosen options."""
    near, second = miss.copy(), miss.copy()
    who = np.full(len(miss), -1, np.int64)
    for o in range(len(chosen)):
        if not chosen[o]:
            continue
        for at in range(start[o], start[o + 1]):
            i, c = row[at], cost[at]
            if c < near[i]:
                second[i] = near[i]
                near[i] = c
                who[i] = o
            elif c < second[i]:
                second[i] = c
    return near, second, who


@njit(cache=True)
def fits(
    o: int,
    r: int,
    chosen_at: IntArray,
    site: IntArray,
    option_cost: FloatArray,
    site_cost: FloatArray,
    counts: IntArray,
    slots: IntArray,
    opened: int,
    spent: float,
    new_sites: int,
    budget: float,
) -> bool:
    """Return whether option ``o`` may be added to the plan once ``r`` (-1: none) has left it.

    ``chosen_at`` (m,) counts the options chosen at each site.
    """
    # what leaves gives back its slot, its cost and, with the last of its site, the site
    here = chosen_at[site[o]]
    if r >= 0:
        spent -= option_cost[r]
        if chosen_at[site[r]] == 1:
            spent -= site_cost[site[r]]
            opened -= counts[site[r]]
        if site[r] == site[o]:
            here -= 1

    if here >= slots[site[o]]:
        return False

    spent += option_cost[o]
    if here == 0:
        spent += site_cost[site[o]]
        opened += counts[site[o]]
    return opened <= new_sites and spent <= budget * (1.0 + 1e-12)


@njit(cache=True)
def best_addition(
    start: IntArray,
    row: IntArray,
    cost: FloatArray,
    near: FloatArray,
    chosen: BoolArray,
    per_cost: bool,
    chosen_at: IntArray,
    site: IntArray,
    option_cost: FloatArray,
    site_cost: FloatArray,
    counts: IntArray,
    slots: IntArray,
    opened: int,
    spent: float,
    new_sites: int,
    budget: float,
) -> int:
    """Return the option whose addition saves most, -1 if none saves anything.

    ``per_cost``: saves most for what it and its site cost.
    """
    best, most = -1, 0.0
    for o in range(len(chosen)):
        if chosen[o]:
            continue

        gain = 0.0
        for at in range(start[o], start[o + 1]):
            saved = near[row[at]] - cost[at]
            if saved > 0.0:
                gain += saved
        if per_cost:
            price = option_cost[o]
            if chosen_at[site[o]] == 0:
                price += site_cost[site[o]]
            gain = gain / price if price > 0.0 else gain * 1e12

        if gain > most and fits(
            o,
            -1,
            chosen_at,
            site,
            option_cost,
            site_cost,
            counts,
            slots,
            opened,
            spent,
            new_sites,
            budget,
        ):
            best, most = o, gain
    return best


@njit(cache=True)
def best_swap(
    start: IntArray,
    row: IntArray,
    cost: FloatArray,
    near: FloatArray,
    second: FloatArray,
    who: IntArray,
    chosen: BoolArray,
    tolerance: float,
    chosen_at: IntArray,
    site: IntArray,
    option_cost: FloatArray,
    site_cost: FloatArray,
    counts: IntArray,
    slots: IntArray,
    opened: int,
    spent: float,
    new_sites: int,
    budget: float,
) -> tuple[int, int]:
    """Return (out, in), the exchange that saves most, (-1, -1) if none saves more than ``tolerance``.

    The loss of an option that leaves is summed once; for each option that comes in, one pass over
    its rows gives its gain and how much it softens each loss (Resende and Werneck 2007, "A fast
    swap-based local search procedure for location problems", Annals of Operations Research 150).
    """
    # what each chosen option costs if it leaves
    total = len(chosen)
    inside: list[int] = [o for o in range(total) if chosen[o]]
    loss = np.zeros(total)
    for i in range(len(near)):
        if who[i] >= 0:
            loss[who[i]] += second[i] - near[i]

    softer = np.zeros(total)
    best_out, best_in, most = -1, -1, tolerance
    for o in range(total):
        if chosen[o]:
            continue

        # what the option saves, and how much of each loss it makes good
        gain = 0.0
        for r in inside:
            softer[r] = 0.0
        for at in range(start[o], start[o + 1]):
            i, c = row[at], cost[at]
            if c < near[i]:
                gain += near[i] - c
                if who[i] >= 0:
                    softer[who[i]] += second[i] - near[i]
            elif c < second[i]:
                softer[who[i]] += second[i] - c

        for r in inside:
            saved = gain - loss[r] + softer[r]
            if saved > most and fits(
                o,
                r,
                chosen_at,
                site,
                option_cost,
                site_cost,
                counts,
                slots,
                opened,
                spent,
                new_sites,
                budget,
            ):
                best_out, best_in, most = r, o, saved
    return best_out, best_in


@njit(cache=True)
def savings(start: IntArray, row: IntArray, cost: FloatArray, price: FloatArray) -> FloatArray:
    """Return (q,) what each option saves at these prices, 0 or less.

    That is the sum over the option's rows of min(0, cost - price).
    """
    saved = np.zeros(len(start) - 1)
    for o in range(len(start) - 1):
        total = 0.0
        for at in range(start[o], start[o + 1]):
            total += min(0.0, cost[at] - price[row[at]])
        saved[o] = total
    return saved


@njit(cache=True)
def times_served(
    start: IntArray,
    row: IntArray,
    cost: FloatArray,
    price: FloatArray,
    options: IntArray,
    rows: int,
) -> FloatArray:
    """Return (n,) how many of ``options`` serve each row at its price or below."""
    times = np.zeros(rows)
    for o in options:
        for at in range(start[o], start[o + 1]):
            if cost[at] <= price[row[at]]:
                times[row[at]] += 1.0
    return times
