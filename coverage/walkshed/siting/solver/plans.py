"""What a plan is worth: who is served by what, counted from the problem, not taken from a solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, begins_run, read_only
from walkshed.model.plans.siting import Goal, Problem, State
from walkshed.siting.solver.programs.mip import INFINITE, Model, Rows, minimize
from walkshed.siting.solver.record import Clock


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


@dataclass(frozen=True, slots=True, eq=False)
class _Flow:
    """Which option serves what share of which row, over how many meters; sorted by row."""

    row: IntArray
    option: IntArray
    share: FloatArray
    meters: FloatArray


def evaluate(problem: Problem, options: IntArray) -> Plan:
    """Return the plan of the new ``options`` (required ones included): standing ones serve too.

    The objective is nan if demand that has to be served is not.
    """
    # what is opened, and what that costs
    fresh = problem.site_state == State.REQUIRED
    fresh[problem.option_site[options]] = True
    fresh &= problem.site_state != State.STANDING
    sites = np.flatnonzero(fresh)
    cost = float(problem.option_cost[options].sum() + problem.site_cost[sites].sum())

    # which option serves whom
    serving = problem.standing & problem.allowed
    serving[options] = True
    if problem.capacitated:
        flow = _within_capacities(problem, serving)
    elif problem.partial:
        add = _largest_shares if problem.single_source else _shares_added
        flow = add(problem, serving)
    else:
        flow = _to_nearest(problem, serving)

    # shares that add up to a whole row but for rounding are a whole row
    total = np.bincount(flow.row, weights=flow.share, minlength=len(problem.weight))
    served: FloatArray = np.where(total > 1.0 - 1e-9, 1.0, total).astype(np.float64)
    return Plan(
        options=read_only(np.sort(options), np.int64),
        sites=read_only(sites, np.int64),
        cost=cost,
        objective=_objective(problem, flow, served, cost),
        served=read_only(served, np.float64),
        flow_demand=read_only(flow.row, np.int32),
        flow_option=read_only(flow.option, np.int32),
        flow_share=read_only(flow.share, np.float64),
    )


def fits(problem: Problem, options: IntArray) -> bool:
    """Return whether new options have slots, prerequisites, floor area, and sites that are not too near each other."""
    used = np.bincount(problem.option_site[options], minlength=len(problem.site_slots))
    chosen = np.isin(np.arange(len(problem.option_site)), options)
    pairs = problem.prerequisite
    satisfied = ~chosen[pairs[:, 0]] | chosen[pairs[:, 1]]
    holds = problem.halls is None or problem.halls.hold(chosen)
    room = bool((used <= problem.site_slots).all())
    return room and bool(satisfied.all()) and holds and not _crowded(problem, used > 0)


def _crowded(problem: Problem, used: BoolArray) -> bool:
    """Return whether two of the sites ``used`` (m,) that do not stand yet are too near each other."""
    if problem.apart is None:
        return False
    fresh = used & (problem.site_state != State.STANDING)
    return bool(fresh[problem.apart].all(axis=1).any())


def prune(problem: Problem, options: IntArray) -> IntArray:
    """Return the new options without those that add nothing.

    Options that are required, in a group or a prerequisite stay. From the last to the first, so
    that of two that can stand in for each other the lower stays.
    """
    kept = np.sort(options)
    stays = (problem.option_state == State.REQUIRED) | (problem.group >= 0)
    stays[problem.prerequisite[:, 1]] = True
    stays |= _sole_servers(problem, kept)

    whole = evaluate(problem, kept).objective
    for option in kept[::-1]:
        if stays[option]:
            continue
        fewer = kept[kept != option]
        worth = evaluate(problem, fewer).objective
        loss = whole - worth if problem.goal is Goal.COVER else worth - whole
        if np.isfinite(worth) and loss <= 1e-12 * max(1.0, abs(whole)):
            kept = fewer
    return kept


def _sole_servers(problem: Problem, options: IntArray) -> BoolArray:
    """Return (q,) True for options that are the only ones to reach some row that counts.

    Under capacities none is known to be.
    """
    serving = problem.standing & problem.allowed
    serving[options] = True
    sole = np.zeros(len(serving), dtype=bool)
    if problem.capacitated:
        return sole

    pair = np.flatnonzero(serving[problem.option_of_pair])
    row = problem.demand[pair]
    counts = to_serve(problem) | ((problem.weight > 0) & (problem.goal is Goal.COVER))
    only = (np.bincount(row, minlength=len(counts)) == 1)[row] & counts[row]
    sole[problem.option_of_pair[pair[only]]] = True
    return sole


def to_serve(problem: Problem) -> BoolArray:
    """Return (n,) True for rows that a plan has to serve: where the goal is to cover most, those kept in full."""
    must = np.full(len(problem.weight), problem.goal is not Goal.COVER)
    if problem.least is not None:
        must |= problem.least >= 1.0
    if problem.leave_out_unreachable:
        must[problem.unreachable] = False
    return must


def _objective(problem: Problem, flow: _Flow, served: FloatArray, cost: float) -> float:
    """Return the worth of a plan in the goal's unit, nan if it leaves out a row that must be served."""
    if (served[to_serve(problem)] < 1.0 - 1e-7).any():
        return float("nan")
    if problem.least is not None and (served < problem.least - 1e-7).any():
        return float("nan")
    if problem.goal is Goal.COVER:
        return float((problem.weight * served).sum())
    if problem.goal is Goal.MEDIAN:
        return float((problem.weight[flow.row] * flow.share * flow.meters).sum())
    if problem.goal is Goal.CENTER:
        return float(flow.meters.max(initial=0.0))
    return cost


def _to_nearest(problem: Problem, serving: BoolArray) -> _Flow:
    """Return each row's flow to its nearest serving option, the lower on a tie."""
    option = problem.option_of_pair
    used = np.flatnonzero(serving[option])
    order = used[np.lexsort((option[used], problem.distance_m[used], problem.demand[used]))]
    nearest = order[begins_run(problem.demand[order])]
    return _Flow(
        row=problem.demand[nearest].astype(np.int64),
        option=option[nearest],
        share=np.ones(len(nearest)),
        meters=problem.distance_m[nearest],
    )


def _shares_added(problem: Problem, serving: BoolArray) -> _Flow:
    """Return the shares of all serving options, lower options first, up to whole rows."""
    option = problem.option_of_pair
    used = np.flatnonzero(serving[option])
    order = used[np.lexsort((option[used], problem.demand[used]))]
    row, share = problem.demand[order].astype(np.int64), problem.share[order]

    # what lower options of the same row give leaves less for an option to give
    total = np.cumsum(share)
    first = np.searchsorted(row, row)
    before = (total - share) - (total - share)[first]
    given = np.clip(1.0 - before, 0.0, share)

    kept = given > 1e-12
    return _Flow(
        row=row[kept],
        option=option[order][kept],
        share=given[kept],
        meters=problem.distance_m[order][kept],
    )


def _largest_shares(problem: Problem, serving: BoolArray) -> _Flow:
    """Return each row's flow to the serving option that gives it the largest share, the lower on a tie."""
    option = problem.option_of_pair
    used = np.flatnonzero(serving[option])
    order = used[np.lexsort((option[used], -problem.share[used], problem.demand[used]))]
    largest = order[begins_run(problem.demand[order])]
    return _Flow(
        row=problem.demand[largest].astype(np.int64),
        option=option[largest],
        share=problem.share[largest],
        meters=problem.distance_m[largest],
    )


def _within_capacities(problem: Problem, serving: BoolArray) -> _Flow:
    """Return the flow that serves most weight within the capacities, by the shortest walks.

    A transport problem. Walks weigh a ten thousandth of being served, so that they only decide
    between equals. For the median all is served, and the walks are what counts.
    """
    option = problem.option_of_pair
    used = np.flatnonzero(serving[option])
    row, server = problem.demand[used].astype(np.int64), option[used]
    weight, meters = problem.weight[row], problem.distance_m[used]
    share = np.arange(len(used))  # a column for each pair

    # no row is served more than once, and those that must be served are, where anything reaches them
    rows = Rows(len(used))
    must = to_serve(problem)
    reached = np.bincount(row, minlength=len(must)) > 0
    rows.add(row, share, 1.0, low=np.where(must & reached, 1.0, 0.0), high=1.0, rows=len(must))

    # no option serves more weight than its capacity
    limited = np.flatnonzero(np.isfinite(problem.option_capacity) & serving)
    place = np.full(len(serving), -1)
    place[limited] = np.arange(len(limited))
    within = place[server] >= 0
    rows.add(
        place[server[within]],
        share[within],
        weight[within],
        low=-INFINITE,
        high=problem.option_capacity[limited],
        rows=len(limited),
    )

    # rows of no weight are served by whatever reaches them
    gain, walk_weight = (0.0, 1.0) if problem.goal is Goal.MEDIAN else (1.0, 1e-4)
    farthest_m = max(float(meters.max(initial=0.0)), 1.0)
    walk = meters / farthest_m * walk_weight
    cost = (walk - gain) * np.maximum(weight, 1e-3)
    model = Model(cost, np.ones(len(used)), np.zeros(len(used), bool), rows)
    values = minimize(model, Clock(np.inf)).values
    given = np.zeros(len(used)) if values is None else np.clip(values, 0.0, 1.0)

    flow = np.flatnonzero(given > 1e-9)
    order = flow[np.lexsort((server[flow], row[flow]))]
    return _Flow(row[order], server[order], given[order], meters[order])
