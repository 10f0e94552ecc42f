"""What a plan is worth: who is served by what, counted anew from the problem and never taken from a solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, begins_run, read_only
from walkshed.model.siting import Goal, Problem, State
from walkshed.siting.mip import INFINITE, Model, Rows, minimize
from walkshed.siting.record import Clock


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """New options with all that follows from them; flows as in ``Solution``."""

    options: IntArray
    sites: IntArray
    cost: float
    objective: float
    served: FloatArray
    flow_demand: Int32Array
    flow_option: Int32Array
    flow_share: FloatArray


def evaluate(problem: Problem, options: IntArray) -> Plan:
    """Return the plan of the new ``options`` (required ones included): standing ones serve too.

    The objective is nan if demand that has to be served is not.
    """
    serving = problem.standing & problem.allowed
    serving[options] = True
    fresh = problem.site_state == State.REQUIRED
    fresh[problem.option_site[options]] = True
    fresh &= problem.site_state != State.STANDING
    sites = np.flatnonzero(fresh)
    cost = float(problem.option_cost[options].sum() + problem.site_cost[sites].sum())
    share_out = _shared_out if problem.capacitated else _added_up if problem.partial else _nearest
    row, option, share, meters = share_out(problem, serving)
    served: FloatArray = np.asarray(
        np.bincount(row, weights=share, minlength=len(problem.weight)), dtype=np.float64
    )
    served = np.asarray(np.where(served > 1.0 - 1e-9, 1.0, served), dtype=np.float64)
    return Plan(
        options=read_only(np.sort(options), np.int64),
        sites=read_only(sites, np.int64),
        cost=cost,
        objective=_objective(problem, row, share, meters, served, cost),
        served=read_only(served, np.float64),
        flow_demand=read_only(row, np.int32),
        flow_option=read_only(option, np.int32),
        flow_share=read_only(share, np.float64),
    )


def prune(problem: Problem, options: IntArray) -> IntArray:
    """Return the new options without those that add nothing: neither required nor asked for by a group or another.

    From the last to the first, so that of two that can stand in for each other the lower stays.
    """
    kept = np.sort(options)
    keep = (problem.option_state == State.REQUIRED) | (problem.group >= 0)
    keep[problem.prerequisite[:, 1]] = True
    keep |= _alone(problem, kept)
    whole = evaluate(problem, kept).objective
    for option in kept[::-1]:
        fewer = kept[kept != option]
        if keep[option]:
            continue
        worth = evaluate(problem, fewer).objective
        loss = whole - worth if problem.goal is Goal.COVER else worth - whole
        if np.isfinite(worth) and loss <= 1e-12 * max(1.0, abs(whole)):
            kept = fewer
    return kept


def _alone(problem: Problem, options: IntArray) -> BoolArray:
    """Return (q,) True for options that are the only ones to reach some row that counts."""
    serving = problem.standing & problem.allowed
    serving[options] = True
    pair = np.flatnonzero(serving[problem.option_of_pair])
    row = problem.demand[pair]
    counts = to_serve(problem) | ((problem.weight > 0) & (problem.goal is Goal.COVER))
    only = (np.bincount(row, minlength=len(counts)) == 1)[row] & counts[row]
    alone = np.zeros(len(serving), dtype=bool)
    if not problem.capacitated:
        alone[problem.option_of_pair[pair[only]]] = True
    return alone


def to_serve(problem: Problem) -> BoolArray:
    """Return (n,) True for rows that an answer has to serve (no row when the goal is to cover what one can)."""
    must = np.full(len(problem.weight), problem.goal is not Goal.COVER)
    if problem.leave_out_unreachable:
        must[problem.unreachable] = False
    return must


def _objective(
    problem: Problem,
    row: IntArray,
    share: FloatArray,
    meters: FloatArray,
    served: FloatArray,
    cost: float,
) -> float:
    if (served[to_serve(problem)] < 1.0 - 1e-7).any():
        return float("nan")
    if problem.goal is Goal.COVER:
        return float((problem.weight * served).sum())
    if problem.goal is Goal.MEDIAN:
        return float((problem.weight[row] * share * meters).sum())
    if problem.goal is Goal.CENTER:
        return float(meters.max(initial=0.0))
    return cost


def _nearest(
    problem: Problem, serving: BoolArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Return (row, option, share, meters) of each row's nearest serving option, the lower on a tie, sorted by row."""
    option = problem.option_of_pair
    used = np.flatnonzero(serving[option])
    order = used[np.lexsort((option[used], problem.distance_m[used], problem.demand[used]))]
    row = problem.demand[order].astype(np.int64)
    first = begins_run(row)
    return (
        row[first],
        option[order][first],
        np.ones(int(first.sum())),
        problem.distance_m[order][first],
    )


def _added_up(
    problem: Problem, serving: BoolArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Return (row, option, share, meters): the shares of all serving options, lower options first, up to whole rows."""
    option = problem.option_of_pair
    used = np.flatnonzero(serving[option])
    order = used[np.lexsort((option[used], problem.demand[used]))]
    row, share = problem.demand[order].astype(np.int64), problem.share[order]
    total = np.cumsum(share)
    first = np.searchsorted(row, row)  # where each row begins
    before = (total - share) - (total - share)[first]
    given = np.clip(1.0 - before, 0.0, share)
    kept = given > 1e-12
    return row[kept], option[order][kept], given[kept], problem.distance_m[order][kept]


def _shared_out(
    problem: Problem, serving: BoolArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Return (row, option, share, meters): most weight served within the capacities, then the shortest walks.

    A transport problem. Walks weigh a ten thousandth of being served, so that they only decide
    between equals. For the median all is served, and the walks are what counts.
    """
    option = problem.option_of_pair
    used = np.flatnonzero(serving[option])
    row, by = problem.demand[used].astype(np.int64), option[used]
    weight, meters = problem.weight[row], problem.distance_m[used]
    farthest = max(float(meters.max(initial=0.0)), 1.0)
    walk = meters / farthest * (1.0 if problem.goal is Goal.MEDIAN else 1e-4)
    rows, column = Rows(len(used)), np.arange(len(used))
    must = to_serve(problem)
    reached = np.bincount(row, minlength=len(must)) > 0
    rows.add(row, column, 1.0, low=np.where(must & reached, 1.0, 0.0), high=1.0, rows=len(must))
    limited = np.flatnonzero(np.isfinite(problem.option_capacity) & serving)
    place = np.full(len(serving), -1)
    place[limited] = np.arange(len(limited))
    within = place[by] >= 0
    capacity = problem.option_capacity[limited]
    rows.add(
        place[by[within]],
        column[within],
        weight[within],
        low=-INFINITE,
        high=capacity,
        rows=len(limited),
    )
    gain = 0.0 if problem.goal is Goal.MEDIAN else 1.0
    # Rows of no weight are served by whatever reaches them.
    model = Model(
        (walk - gain) * np.maximum(weight, 1e-3),
        np.ones(len(used)),
        np.zeros(len(used), bool),
        rows,
    )
    answer = minimize(model, Clock(np.inf))
    share = np.zeros(len(used)) if answer.values is None else np.clip(answer.values, 0.0, 1.0)
    flow = np.flatnonzero(share > 1e-9)
    order = flow[np.lexsort((by[flow], row[flow]))]
    return row[order], by[order], share[order], meters[order]
