"""Groups and prerequisites in the search: settle them first, and what is left is a core without any."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import BoolArray, IntArray
from walkshed.siting.core import Core, keep


def picks(core: Core, wanted: IntArray) -> IntArray | None:
    """Return one option of each group, those wanted where they fit, else the cheapest that does; None where none does.

    Prerequisites among grouped options hold, sites have slots for all, and the budget pays for
    them. Groups that others need come last, as they follow (a room is taken if somebody moves
    there).
    """
    needed = {int(b) for _, b in core.prerequisite}
    numbers = np.unique(core.group[core.group >= 0])
    members = {int(group): np.flatnonzero(core.group == group) for group in numbers}
    order = sorted(members, key=lambda group: (bool(needed & set(members[group].tolist())), group))
    hoped = set(wanted.tolist())
    for attempt in (hoped, set[int]()):
        found = _picked(core, [members[group] for group in order], attempt)
        if found is not None:
            return found
    return None


def settled(core: Core, picked: IntArray) -> Core:
    """Return the core with the options ``picked`` taken, and of the others those that need nothing more."""
    chosen = np.zeros(len(core.option), dtype=bool)
    chosen[picked] = True
    out = (core.group >= 0) | chosen
    pairs = core.prerequisite
    while True:
        lost = np.unique(pairs[~chosen[pairs[:, 1]] & out[pairs[:, 1]] & ~out[pairs[:, 0]], 0])
        if not len(lost):
            break
        out[lost] = True
    free = ~out
    # the search knows no prerequisites
    free[pairs[free[pairs[:, 0]] & free[pairs[:, 1]], 0]] = False
    pair = np.repeat(chosen, np.diff(core.start))
    miss = core.miss.copy()
    np.minimum.at(miss, core.row[pair], core.cost[pair])
    opened = np.zeros(len(core.site_cost), dtype=bool)
    opened[core.site[picked]] = True
    spent = float(core.option_cost[picked].sum() + core.site_cost[opened].sum())
    left = replace(
        core,
        miss=miss,
        site_cost=np.where(opened, 0.0, core.site_cost),
        counts=np.where(opened, 0, core.counts),
        slots=core.slots - np.bincount(core.site[picked], minlength=len(core.slots)),
        new_sites=core.new_sites - int(core.counts[opened].sum()),
        budget=core.budget - spent,
        group=np.full(len(core.group), -1),
        prerequisite=np.empty((0, 2), dtype=np.int64),
    )
    return keep(left, free)


def _picked(core: Core, members: list[IntArray], hoped: set[int]) -> IntArray | None:
    """Return one option of each group in turn, the first that fits: hoped for, else the cheapest."""
    chosen = np.zeros(len(core.option), dtype=bool)
    order = [
        sorted(
            group.tolist(),
            key=lambda option: (option not in hoped, core.option_cost[option], option),
        )
        for group in members
    ]
    least = [float(core.option_cost[group].min()) for group in members]
    reserve = sum(least)
    for group, cheapest in zip(order, least, strict=True):
        reserve -= cheapest
        for option in group:
            chosen[option] = True
            if _may(core, chosen, reserve):
                break
            chosen[option] = False
        else:
            return None
    pairs = core.prerequisite
    grouped = core.group >= 0
    if (chosen[pairs[:, 0]] & ~chosen[pairs[:, 1]]).any() or not grouped[chosen].all():
        return None
    return np.flatnonzero(chosen)


def _may(core: Core, chosen: BoolArray, reserve: float) -> bool:
    """Return whether the options chosen leave a way to go on; the other groups cost ``reserve`` at least."""
    picked = np.flatnonzero(chosen)
    if (np.bincount(core.site[picked], minlength=len(core.slots)) > core.slots).any():
        return False
    opened = np.unique(core.site[picked])
    spent = float(core.option_cost[picked].sum() + core.site_cost[opened].sum())
    if (
        spent + reserve > core.budget * (1.0 + 1e-12)
        or int(core.counts[opened].sum()) > core.new_sites
    ):
        return False
    done = np.unique(core.group[picked])
    pairs = core.prerequisite[chosen[core.prerequisite[:, 0]]]
    missing = pairs[~chosen[pairs[:, 1]], 1]
    # What is still missing must be in a group that has not been settled yet, and there agree with
    # itself.
    groups_missing = core.group[missing]
    agree = len(np.unique(groups_missing)) == len(np.unique(missing))
    return bool((groups_missing >= 0).all() and not np.isin(groups_missing, done).any() and agree)
