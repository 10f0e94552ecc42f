"""The problems as linear programs with whole-numbered choices.

Numbers of constraints are those in the comments of the code. Columns: z_o = 1 if option o is
chosen, y_j = 1 if site j is opened. Conditions of every problem:

    (1) z_o ≤ y_j                          an option needs its site
    (2) sum over o at j of z_o ≤ k_j y_j   slots of a site
    (3) sum_j y_j ≤ p                      new sites
    (4) sum_j f_j y_j + sum_o f_o z_o ≤ B  budget
    (5) sum over o in group g of z_o = 1   one option of each group
    (6) z_a ≤ z_b                          prerequisites
    (11) y_j + y_k ≤ 1                     sites too near each other

A site with a single option is that option: y_j = z_o; a site that is open already has y_j = 1.
Neither has a column.

Without capacities, s_ik = 1 if row i is served at no cost up to D_ik, its k-th distinct cost
(D_i,K+1 is ``miss``):

    minimize sum_i ( D_i1 + sum_k (D_i,k+1 - D_ik) s_ik )
    (7) s_ik + sum over o with c_io = D_ik of z_o ≥ s_i,k-1
        where s_i0 = 1, and s_iK = 0 where row i must be served

(Elloumi 2010, "A tighter formulation of the p-median problem", J. Combinatorial Optimization 19).
For coverage K = 1 and (7) is Church and ReVelle's (1974) s_i + sum z_o ≥ 1; with s_i = 0 it is the
set cover of Toregas et al. (1971).

With shares a_io (cover only), s_i is the part of row i that is not served, and (7) is s_i + sum
a_io z_o ≥ 1.

With capacities, x_io is the share of row i that option o serves:

    maximize sum w_i x_io (cover), or minimize sum w_i d_io x_io (median) or the plan's cost
    (cover all)
    (8) sum_o x_io ≤ 1; = 1 where row i must be served
    (9) sum_i w_i x_io ≤ Q_o z_o
    (10) x_io ≤ z_o
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, begins_run
from walkshed.model.plans.siting import Goal, Problem
from walkshed.siting.solver.plans import to_serve
from walkshed.siting.solver.programs.mip import INFINITE, Model, Rows
from walkshed.siting.solver.search.core import NO_LIMIT, Core


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """How options and sites become columns: option o is column o."""

    of_site: IntArray  # (m,) -1: none
    is_site: BoolArray  # (q,) the option is its site
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class _Levels:
    """The levels of all rows: a row at one of its distinct costs, ascending; and the pairs by level."""

    cost: FloatArray  # (l,)
    beyond: FloatArray  # (l,) the row's next cost, ``miss`` after its last
    first: BoolArray  # (l,) of its row
    pair_level: IntArray  # (r,)
    pair_option: IntArray  # (r,)
    pair_share: FloatArray  # (r,)


def chain(core: Core, *, feasibility: bool = False) -> Model:
    """Return the uncapacitated model of a core; ``feasibility`` leaves the objective out."""
    columns = _columns(core)
    levels = _levels(core)

    # s_ik has a column unless the row must be served at this level at the latest
    has_column = np.isfinite(levels.beyond)
    column = columns.count + np.cumsum(has_column) - 1
    count = columns.count + int(has_column.sum())

    # (1) to (6)
    rows = Rows(count)
    _add_conditions(rows, core, columns)

    # (7)
    level = np.arange(len(levels.cost))
    later = level[~levels.first]
    rows.add(
        np.concatenate([level[has_column], levels.pair_level, later]),
        np.concatenate([column[has_column], levels.pair_option, column[later - 1]]),
        np.concatenate([np.ones(int(has_column.sum())), levels.pair_share, -np.ones(len(later))]),
        low=np.where(levels.first, 1.0, 0.0),
        high=INFINITE,
        rows=len(level),
    )

    # the objective: the plan's own cost, or that of service
    cost = np.zeros(count)
    constant = 0.0
    if not core.plan_cost:
        cost[column[has_column]] = (levels.beyond - levels.cost)[has_column]
        constant = core.constant + float(levels.cost[levels.first].sum())
    elif not feasibility:
        cost[: columns.count] = _plan_cost(core, columns)

    whole = np.arange(count) < columns.count
    return Model(cost, np.where(whole, 1.0, INFINITE), whole, rows, constant)


def add_least(rows: Rows, problem: Problem, serving: BoolArray, core: Core) -> None:
    """Add that the shares of what is chosen add up to the least that each row has to be served.

    ``serving`` (q of the problem) are the options that are chosen already.
    """
    if problem.least is None:
        return

    # what the chosen ones give is there in any case
    pair_option, pair_row = problem.option_of_pair, problem.demand.astype(np.int64)
    there = serving[pair_option]
    given = np.bincount(pair_row[there], problem.share[there], len(problem.least))
    lacking = problem.least - given

    # the rest comes from options still to be decided
    kept = np.flatnonzero(lacking > 1e-9)
    place = np.full(len(lacking), -1)
    place[kept] = np.arange(len(kept))
    number = np.full(len(problem.option_site), -1)
    number[core.option] = np.arange(len(core.option))
    pair = np.flatnonzero((place[pair_row] >= 0) & (number[pair_option] >= 0))
    rows.add(
        place[pair_row[pair]],
        number[pair_option[pair]],
        problem.share[pair],
        low=lacking[kept] - 1e-9,
        high=INFINITE,
        rows=len(kept),
    )


def _levels(core: Core) -> _Levels:
    """Return the levels of all rows of a core."""
    option = np.repeat(np.arange(len(core.option)), np.diff(core.start))
    order = np.lexsort((option, core.cost, core.row))
    row, cost = core.row[order], core.cost[order]

    # a level begins with the first pair of a row at a cost
    fresh = begins_run(row, cost)
    level_row, level_cost = row[fresh], cost[fresh]
    first = begins_run(level_row)
    last = np.ones(len(level_row), dtype=bool)
    last[:-1] = first[1:]

    beyond = np.empty(len(level_row))
    beyond[:-1] = level_cost[1:]
    beyond[last] = core.miss[level_row[last]]
    return _Levels(
        cost=level_cost,
        beyond=beyond,
        first=first,
        pair_level=np.cumsum(fresh) - 1,
        pair_option=option[order],
        pair_share=core.share[order],
    )


def assignment(
    core: Core, problem: Problem, serving: BoolArray, *, feasibility: bool = False
) -> Model:
    """Return the capacitated model.

    ``serving`` (q of the problem) are the options that are chosen already. Of ``core`` only the
    choices count; pairs and weights come from the problem.
    """
    # the options still to be decided have a column by their number in the core
    columns = _columns(core)
    number = np.full(len(problem.option_site), -1)
    number[core.option] = np.arange(len(core.option))

    # x_io: a column for every pair of an option that serves or may serve
    pair_option = problem.option_of_pair
    used = np.flatnonzero((number[pair_option] >= 0) | serving[pair_option])
    row, option = problem.demand[used].astype(np.int64), pair_option[used]
    weight = problem.weight[row]
    share = columns.count + np.arange(len(used))
    count = columns.count + len(used)

    # (1) to (6)
    rows = Rows(count)
    _add_conditions(rows, core, columns)

    # (8)
    must = to_serve(problem)
    rows.add(row, share, 1.0, low=np.where(must, 1.0, 0.0), high=1.0, rows=len(must))

    # (9): the capacity of an option that is chosen already is a number, not a term
    limited = np.flatnonzero(np.isfinite(problem.option_capacity))
    place = np.full(len(number), -1)
    place[limited] = np.arange(len(limited))
    within = place[option] >= 0
    undecided = limited[number[limited] >= 0]
    rows.add(
        np.concatenate([place[option[within]], place[undecided]]),
        np.concatenate([share[within], number[undecided]]),
        np.concatenate([weight[within], -problem.option_capacity[undecided]]),
        low=-INFINITE,
        high=np.where(number[limited] >= 0, 0.0, problem.option_capacity[limited]),
        rows=len(limited),
    )

    # (10)
    pair = np.flatnonzero(number[option] >= 0)
    _add_at_most(rows, share[pair], number[option[pair]])

    # the objective
    cost = np.zeros(count)
    if not feasibility:
        if problem.goal is Goal.COVER:
            cost[share] = -weight
        elif problem.goal is Goal.MEDIAN:
            cost[share] = weight * problem.distance_m[used]
        else:
            cost[: columns.count] = _plan_cost(core, columns)

    whole = np.arange(count) < columns.count
    return Model(cost, np.ones(count), whole, rows)


def start_values(core: Core, model: Model, options: IntArray) -> FloatArray:
    """Return values for the model's columns in which just ``options`` (of the problem) are chosen."""
    columns = _columns(core)
    values = np.zeros(len(model.cost))
    chosen = np.isin(core.option, options)
    values[: len(chosen)] = chosen

    sites = columns.of_site[core.site[chosen]]
    values[sites[sites >= 0]] = 1.0
    return values


def chosen_options(core: Core, values: FloatArray) -> IntArray:
    """Return the options (of the problem) that a solved model chooses."""
    return core.option[values[: len(core.option)] > 0.5]


def _columns(core: Core) -> _Columns:
    """Return the columns: one for each option, and for each closed site of several options."""
    count = np.bincount(core.site, minlength=len(core.site_cost))
    closed = (core.site_cost > 0.0) | (core.counts > 0)
    needed = closed & (count > 1)
    of_site = np.full(len(core.site_cost), -1)
    of_site[needed] = len(core.option) + np.arange(int(needed.sum()))
    return _Columns(
        of_site=of_site,
        is_site=(closed & (count == 1))[core.site],
        count=len(core.option) + int(needed.sum()),
    )


def _plan_cost(core: Core, columns: _Columns) -> FloatArray:
    """Return what each column costs; an option that is its site costs both."""
    cost = np.zeros(columns.count)
    opening = np.where(columns.is_site, core.site_cost[core.site], 0.0)
    cost[: len(core.option)] = core.option_cost + opening
    sites = np.flatnonzero(columns.of_site >= 0)
    cost[columns.of_site[sites]] = core.site_cost[sites]
    return cost


def _add_conditions(rows: Rows, core: Core, columns: _Columns) -> None:
    """Add constraints (1) to (6), (11) and the floor area of places."""
    # (1)
    options = np.arange(len(core.option))
    sited = options[columns.of_site[core.site] >= 0]
    _add_at_most(rows, sited, columns.of_site[core.site[sited]])

    # (2), where there are more options than slots
    count = np.bincount(core.site, minlength=len(core.site_cost))
    tight = np.flatnonzero(count > core.slots)
    place = np.full(len(core.site_cost), -1)
    place[tight] = np.arange(len(tight))
    inside = options[place[core.site] >= 0]
    own = tight[columns.of_site[tight] >= 0]
    rows.add(
        np.concatenate([place[core.site[inside]], place[own]]),
        np.concatenate([inside, columns.of_site[own]]),
        np.concatenate([np.ones(len(inside)), -core.slots[own].astype(float)]),
        low=-INFINITE,
        high=np.where(columns.of_site[tight] >= 0, 0.0, core.slots[tight]),
        rows=len(tight),
    )

    # (3)
    if core.new_sites < NO_LIMIT:
        counting = options[columns.is_site & (core.counts[core.site] > 0)]
        sites = np.flatnonzero((columns.of_site >= 0) & (core.counts > 0))
        column = np.concatenate([counting, columns.of_site[sites]])
        rows.add(np.zeros(len(column)), column, 1.0, low=-INFINITE, high=core.new_sites, rows=1)

    # (4)
    if np.isfinite(core.budget):
        cost = _plan_cost(core, columns)
        column = np.flatnonzero(cost)
        line = np.zeros(len(column))
        rows.add(line, column, cost[column], low=-INFINITE, high=core.budget, rows=1)

    # (5)
    grouped = options[core.group >= 0]
    groups, place = np.unique(core.group[grouped], return_inverse=True)
    rows.add(place, grouped, 1.0, low=1.0, high=1.0, rows=len(groups))

    # (6)
    _add_at_most(rows, core.prerequisite[:, 0], core.prerequisite[:, 1])

    # (11)
    column = columns.of_site.copy()
    single = options[columns.is_site]
    column[core.site[single]] = single
    pair = column[core.apart]
    pair = pair[(pair >= 0).all(axis=1)]
    place = np.arange(len(pair))
    rows.add(
        np.concatenate([place, place]),
        np.concatenate([pair[:, 0], pair[:, 1]]),
        1.0,
        low=-INFINITE,
        high=1.0,
        rows=len(pair),
    )

    # the floor area of a place is shared
    if core.halls is not None:
        taking = options[core.halls.of_option >= 0]
        rows.add(
            core.halls.of_option[taking],
            taking,
            core.halls.area_m2[taking],
            low=-INFINITE,
            high=core.halls.holds_m2,
            rows=len(core.halls.holds_m2),
        )


def _add_at_most(rows: Rows, lesser: IntArray, greater: IntArray) -> None:
    """Add a constraint for each pair of columns: the one is at most the other."""
    line = np.arange(len(lesser))
    rows.add(
        np.concatenate([line, line]),
        np.concatenate([lesser, greater]),
        np.concatenate([np.ones(len(line)), -np.ones(len(line))]),
        low=-INFINITE,
        high=0.0,
        rows=len(line),
    )
