"""Groups and prerequisites in the search: decide them first; what is left is a core without any."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import BoolArray, IntArray
from walkshed.siting.solver.search.core import Core, keep


def picks(core: Core, wanted: IntArray) -> IntArray | None:
    """Return one option of each group: a wanted one where it fits, else the cheapest that does.

    None where no option of some group fits. Prerequisites among grouped options hold, sites have
    slots for all, and the budget pays for them. Groups that others need come last, as they follow
    (a room is taken if somebody moves there).
    """
    numbers = np.unique(core.group[core.group >= 0])
    members = {int(group): np.flatnonzero(core.group == group) for group in numbers}

    # groups that hold a prerequisite come last
    needed = {int(prerequisite) for _, prerequisite in core.prerequisite}
    order = sorted(members, key=lambda group: (bool(needed & set(members[group].tolist())), group))
    groups = [members[group] for group in order]

    # where the wanted ones lead nowhere, the cheapest may do
    picked = _picked(core, groups, set(wanted.tolist()))
    if picked is None:
        picked = _picked(core, groups, set())
    return picked


def with_picks(core: Core, picked: IntArray) -> Core:
    """Return the core with ``picked`` taken, and of the other options those that need no more."""
    chosen = np.zeros(len(core.option), dtype=bool)
    chosen[picked] = True

    # out is what is in a group, and what waits for something that is out
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

    # what the picked options serve, open and cost
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
        halls=None,
        prerequisite=np.empty((0, 2), dtype=np.int64),
    )
    return keep(left, free)


def _picked(core: Core, groups: list[IntArray], wanted: set[int]) -> IntArray | None:
    """Return the first option of each group in turn that fits: wanted ones, then cheap ones."""
    orders = [
        sorted(
            group.tolist(),
            key=lambda option: (option not in wanted, core.option_cost[option], option),
        )
        for group in groups
    ]

    # for the groups still to come, the money for their cheapest is set aside
    cheapest = [float(core.option_cost[group].min()) for group in groups]
    reserve = sum(cheapest)
    chosen = np.zeros(len(core.option), dtype=bool)
    for order, least in zip(orders, cheapest, strict=True):
        reserve -= least
        for option in order:
            chosen[option] = True
            if _can_go_on(core, chosen, reserve):
                break
            chosen[option] = False
        else:
            return None

    # every prerequisite is there, and none of them stands outside the groups
    pairs = core.prerequisite
    grouped = core.group >= 0
    if (chosen[pairs[:, 0]] & ~chosen[pairs[:, 1]]).any() or not grouped[chosen].all():
        return None
    return np.flatnonzero(chosen)


def _can_go_on(core: Core, chosen: BoolArray, reserve: float) -> bool:
    """Return whether the chosen options fit, and leave ``reserve`` for the groups to come."""
    picked = np.flatnonzero(chosen)
    if core.halls is not None and not core.halls.hold(chosen):
        return False
    if (np.bincount(core.site[picked], minlength=len(core.slots)) > core.slots).any():
        return False

    opened = np.unique(core.site[picked])
    spent = float(core.option_cost[picked].sum() + core.site_cost[opened].sum())
    if spent + reserve > core.budget * (1.0 + 1e-12):
        return False
    if int(core.counts[opened].sum()) > core.new_sites:
        return False

    # a prerequisite that is still missing must be in a group to come, and be the only one there
    done = np.unique(core.group[picked])
    pairs = core.prerequisite[chosen[core.prerequisite[:, 0]]]
    missing = np.unique(pairs[~chosen[pairs[:, 1]], 1])
    group = core.group[missing]
    alone = len(np.unique(group)) == len(missing)
    return bool((group >= 0).all() and not np.isin(group, done).any() and alone)
