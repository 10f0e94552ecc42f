"""The problems as linear programs with whole-numbered choices; constraint numbers as in the comments of the code.

Columns: z_o = 1 if option o is chosen, y_j = 1 if site j is opened. Conditions of every problem:

    (1) z_o ≤ y_j                          an option needs its site
    (2) sum over o at j of z_o ≤ k_j y_j   slots of a site
    (3) sum_j y_j ≤ p                      new sites
    (4) sum_j f_j y_j + sum_o f_o z_o ≤ B  budget
    (5) sum over o in group g of z_o = 1   one option of each group
    (6) z_a ≤ z_b                          prerequisites

A site with a single option is that option: y_j = z_o; a site that is open already has y_j = 1.
Neither has a column.

Without capacities, s_ik = 1 if row i is served at no cost up to D_ik, its k-th distinct cost
(D_i,K+1 is ``miss``):

    minimize sum_i ( D_i1 + sum_k (D_i,k+1 - D_ik) s_ik ) (7) s_ik + sum over o with c_io = D_ik of
    z_o ≥ s_i,k-1, where s_i0 = 1, and s_iK = 0 where row i must be served

(Elloumi 2010, "A tighter formulation of the p-median problem", J. Combinatorial Optimization 19).
For coverage K = 1 and (7) is Church and ReVelle's (1974) s_i + sum z_o ≥ 1; with s_i = 0 it is the
set cover of Toregas et al. (1971).

With shares a_io (cover only), s_i is the part of row i that is not served, and (7) is s_i + sum
a_io z_o ≥ 1.

With capacities, x_io is the share of row i that option o serves:

    maximize sum w_i x_io (cover), or minimize sum w_i d_io x_io (median) or the plan's cost (cover
    all) (8) sum_o x_io ≤ 1; = 1 where row i must be served (9) sum_i w_i x_io ≤ Q_o z_o (10) x_io ≤
    z_o
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, begins_run
from walkshed.model.siting import Goal, Problem
from walkshed.siting.core import NO_LIMIT, Core
from walkshed.siting.mip import INFINITE, Model, Rows


@dataclass(frozen=True, slots=True, eq=False)
class _Choices:
    """How sites and options become columns: option o is column o, site j column ``site_column[j]`` (-1: none)."""

    site_column: IntArray  # (m,)
    alone: BoolArray  # (q,) the option is its site
    columns: int


def chain(core: Core, *, feasibility: bool = False) -> Model:
    """Return the uncapacitated model of a core; ``feasibility`` leaves the objective out."""
    choices = _choices(core)
    pair_option = np.repeat(np.arange(len(core.option)), np.diff(core.start))
    order = np.lexsort((pair_option, core.cost, core.row))
    row, cost, option, share = (
        core.row[order],
        core.cost[order],
        pair_option[order],
        core.share[order],
    )
    # the first pair of a level: a row at one of its distinct costs
    fresh = begins_run(row, cost)
    level = np.cumsum(fresh) - 1
    level_row, level_cost = row[fresh], cost[fresh]
    levels = len(level_row)
    last = np.ones(levels, dtype=bool)
    last[:-1] = level_row[1:] != level_row[:-1]
    first = np.ones(levels, dtype=bool)
    first[1:] = last[:-1]
    beyond = np.empty(levels)
    beyond[:-1] = level_cost[1:]
    beyond[last] = core.miss[level_row[last]]
    has_column = np.isfinite(beyond)
    column = choices.columns + np.cumsum(has_column) - 1
    columns = choices.columns + int(has_column.sum())
    rows = Rows(columns)
    _conditions(rows, core, choices)
    at = np.arange(levels)  # (7)
    before = at[~first]
    rows.add(
        np.concatenate([at[has_column], level, before]),
        np.concatenate([column[has_column], option, column[before - 1]]),
        np.concatenate([np.ones(int(has_column.sum())), share, -np.ones(len(before))]),
        low=np.where(first, 1.0, 0.0),
        high=INFINITE,
        rows=levels,
    )
    weights = np.zeros(columns)
    if core.plan_cost and not feasibility:
        weights[: choices.columns] = _plan_cost(core, choices)
    elif not core.plan_cost:
        weights[column[has_column]] = (beyond - level_cost)[has_column]
    whole = np.zeros(columns, dtype=bool)
    whole[: choices.columns] = True
    upper = np.ones(columns)
    upper[choices.columns :] = INFINITE
    constant = 0.0 if core.plan_cost else core.constant + float(level_cost[first].sum())
    return Model(weights, upper, whole, rows, constant)


def assignment(
    core: Core, problem: Problem, serving: BoolArray, *, feasibility: bool = False
) -> Model:
    """Return the capacitated model. ``serving`` (q of the problem) are the options that are chosen already.

    Of ``core`` only the choices count; pairs and weights come from the problem.
    """
    choices = _choices(core)
    number = np.full(len(problem.option_site), -1)
    number[core.option] = np.arange(len(core.option))
    pair_option = problem.option_of_pair
    used = np.flatnonzero((number[pair_option] >= 0) | serving[pair_option])
    row, option = problem.demand[used].astype(np.int64), pair_option[used]
    share = choices.columns + np.arange(len(used))
    columns = choices.columns + len(used)
    weight = problem.weight[row]
    rows = Rows(columns)
    _conditions(rows, core, choices)
    must = np.full(len(problem.weight), problem.goal is not Goal.COVER)
    if problem.leave_out_unreachable:
        must[problem.unreachable] = False
    rows.add(row, share, 1.0, low=np.where(must, 1.0, 0.0), high=1.0, rows=len(must))  # (8)
    limited = np.flatnonzero(np.isfinite(problem.option_capacity))  # (9)
    place = np.full(len(number), -1)
    place[limited] = np.arange(len(limited))
    within = place[option] >= 0
    to_choose = limited[number[limited] >= 0]
    rows.add(
        np.concatenate([place[option[within]], place[to_choose]]),
        np.concatenate([share[within], number[to_choose]]),
        np.concatenate([weight[within], -problem.option_capacity[to_choose]]),
        low=-INFINITE,
        high=np.where(number[limited] >= 0, 0.0, problem.option_capacity[limited]),
        rows=len(limited),
    )
    open_choice = np.flatnonzero(number[option] >= 0)  # (10)
    at = np.arange(len(open_choice))
    rows.add(
        np.concatenate([at, at]),
        np.concatenate([share[open_choice], number[option[open_choice]]]),
        np.concatenate([np.ones(len(at)), -np.ones(len(at))]),
        low=-INFINITE,
        high=0.0,
        rows=len(at),
    )
    cost = np.zeros(columns)
    if not feasibility:
        if problem.goal is Goal.COVER:
            cost[share] = -weight
        elif problem.goal is Goal.MEDIAN:
            cost[share] = weight * problem.distance_m[used]
        else:
            cost[: choices.columns] = _plan_cost(core, choices)
    whole = np.zeros(columns, dtype=bool)
    whole[: choices.columns] = True
    return Model(cost, np.ones(columns), whole, rows)


def start_values(core: Core, model: Model, options: IntArray) -> FloatArray:
    """Return values for the model's columns in which just the given options (of the problem) are chosen."""
    choices = _choices(core)
    values = np.zeros(len(model.cost))
    chosen = np.isin(core.option, options)
    values[: len(chosen)] = chosen
    sites = choices.site_column[core.site[chosen]]
    values[sites[sites >= 0]] = 1.0
    return values


def chosen_options(core: Core, values: FloatArray) -> IntArray:
    """Return the options (of the problem) that a solved model chooses."""
    return core.option[values[: len(core.option)] > 0.5]


def _choices(core: Core) -> _Choices:
    count = np.bincount(core.site, minlength=len(core.site_cost))
    closed = (core.site_cost > 0.0) | (core.counts > 0)
    needed = closed & (count > 1)
    column = np.full(len(core.site_cost), -1)
    column[needed] = len(core.option) + np.arange(int(needed.sum()))
    return _Choices(
        column, (closed & (count == 1))[core.site], len(core.option) + int(needed.sum())
    )


def _plan_cost(core: Core, choices: _Choices) -> FloatArray:
    cost = np.zeros(choices.columns)
    cost[: len(core.option)] = core.option_cost + np.where(
        choices.alone, core.site_cost[core.site], 0.0
    )
    sites = np.flatnonzero(choices.site_column >= 0)
    cost[choices.site_column[sites]] = core.site_cost[sites]
    return cost


def _conditions(rows: Rows, core: Core, choices: _Choices) -> None:
    """Add constraints (1) to (6)."""
    options = np.arange(len(core.option))
    at_site = options[choices.site_column[core.site] >= 0]
    line = np.arange(len(at_site))
    rows.add(  # (1)
        np.concatenate([line, line]),
        np.concatenate([at_site, choices.site_column[core.site[at_site]]]),
        np.concatenate([np.ones(len(line)), -np.ones(len(line))]),
        low=-INFINITE,
        high=0.0,
        rows=len(line),
    )
    count = np.bincount(core.site, minlength=len(core.site_cost))
    tight = np.flatnonzero(count > core.slots)  # (2)
    place = np.full(len(core.site_cost), -1)
    place[tight] = np.arange(len(tight))
    inside = options[place[core.site] >= 0]
    own = tight[choices.site_column[tight] >= 0]
    rows.add(
        np.concatenate([place[core.site[inside]], place[own]]),
        np.concatenate([inside, choices.site_column[own]]),
        np.concatenate([np.ones(len(inside)), -core.slots[own].astype(float)]),
        low=-INFINITE,
        high=np.where(choices.site_column[tight] >= 0, 0.0, core.slots[tight]),
        rows=len(tight),
    )
    if core.new_sites < NO_LIMIT:  # (3)
        counting = options[choices.alone & (core.counts[core.site] > 0)]
        sites = np.flatnonzero((choices.site_column >= 0) & (core.counts > 0))
        column = np.concatenate([counting, choices.site_column[sites]])
        rows.add(np.zeros(len(column)), column, 1.0, low=-INFINITE, high=core.new_sites, rows=1)
    if np.isfinite(core.budget):  # (4)
        cost = _plan_cost(core, choices)
        column = np.flatnonzero(cost)
        rows.add(
            np.zeros(len(column)), column, cost[column], low=-INFINITE, high=core.budget, rows=1
        )
    grouped = options[core.group >= 0]  # (5)
    groups, place = np.unique(core.group[grouped], return_inverse=True)
    rows.add(place, grouped, 1.0, low=1.0, high=1.0, rows=len(groups))
    line = np.arange(len(core.prerequisite))  # (6)
    rows.add(
        np.concatenate([line, line]),
        np.concatenate([core.prerequisite[:, 0], core.prerequisite[:, 1]]),
        np.concatenate([np.ones(len(line)), -np.ones(len(line))]),
        low=-INFINITE,
        high=0.0,
        rows=len(line),
    )
