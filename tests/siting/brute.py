"""Every plan tried: what the solvers are held to; written from the definitions, sharing no code with them."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from walkshed.model.plans.siting import Goal, Problem, State


def best(problem: Problem) -> float | None:
    """The best objective over all plans, None if there is no plan that fits."""
    values = [value for plan in plans(problem) if (value := worth(problem, plan)) is not None]
    if not values:
        return None
    return max(values) if problem.goal is Goal.COVER else min(values)


def plans(problem: Problem) -> list[np.ndarray]:
    """Every set of new options that fits all conditions, as (q,) bool."""
    p = problem
    options = len(p.option_site)
    closed = (p.option_state == State.FORBIDDEN) | (p.site_state[p.option_site] == State.FORBIDDEN)
    standing = p.option_state == State.STANDING
    variable = [
        o
        for o in range(options)
        if not closed[o] and not standing[o] and p.option_state[o] != State.REQUIRED
    ]
    fixed = np.array([p.option_state[o] == State.REQUIRED for o in range(options)], dtype=bool)
    if (fixed & closed).any():
        return []
    codes = np.arange(2 ** len(variable))
    table = np.tile(fixed, (len(codes), 1))
    for bit, option in enumerate(variable):
        table[:, option] = (codes >> bit) & 1
    fine = np.ones(len(codes), dtype=bool)
    opened = np.zeros((len(codes), len(p.site_cost)), dtype=bool)
    for site in range(len(p.site_cost)):
        count = table[:, p.option_site == site].sum(axis=1)
        fine &= count <= p.site_slots[site]
        opened[:, site] = (count > 0) | (p.site_state[site] == State.REQUIRED)
        if p.site_state[site] == State.STANDING:
            opened[:, site] = False
    if p.new_sites is not None:
        fine &= opened.sum(axis=1) <= p.new_sites
    if p.budget is not None:
        fine &= table @ p.option_cost + opened @ p.site_cost <= p.budget + 1e-9
    for group in set(p.group.tolist()) - {-1}:
        fine &= table[:, p.group == group].sum(axis=1) == 1
    for a, b in [] if p.apart is None else p.apart:
        fine &= ~(opened[:, a] & opened[:, b])
    for a, b in p.prerequisite:
        fine &= ~table[:, a] | table[:, b] | (standing[b] and not closed[b])
    return list(table[fine])


def worth(problem: Problem, plan: np.ndarray) -> float | None:
    """The objective of a plan, None where demand that has to be served is not."""
    p = problem
    closed = (p.option_state == State.FORBIDDEN) | (p.site_state[p.option_site] == State.FORBIDDEN)
    serving = (plan | (p.option_state == State.STANDING)) & ~closed
    meters = np.full((len(p.weight), len(p.option_site)), np.inf)
    for option in range(len(p.option_site)):
        rows = slice(p.start[option], p.start[option + 1])
        meters[p.demand[rows], option] = p.distance_m[rows]
    must = (
        np.isfinite(meters[:, ~closed]).any(axis=1)
        if p.leave_out_unreachable
        else np.ones(len(p.weight), bool)
    )
    meters[:, ~serving] = np.inf
    if np.isfinite(p.option_capacity[~closed]).any():
        return _capacitated(p, plan, meters, must)
    near = meters.min(axis=1, initial=np.inf)
    if (p.share < 1.0).any():
        shares = np.zeros_like(meters)
        for option in np.flatnonzero(serving):
            rows = slice(p.start[option], p.start[option + 1])
            shares[p.demand[rows], option] = p.share[rows]
        if p.single_source:
            return float((p.weight * shares.max(axis=1, initial=0.0)).sum())
        return float((p.weight * np.minimum(shares.sum(axis=1), 1.0)).sum())
    if p.goal is Goal.COVER:
        return float(p.weight[np.isfinite(near)].sum())
    if np.isinf(near[must]).any():
        return None
    if p.goal is Goal.COVER_ALL:
        return _cost(p, plan)
    if p.goal is Goal.MEDIAN:
        return float((p.weight[must] * near[must]).sum())
    return float(near[must].max(initial=0.0))


def _cost(p: Problem, plan: np.ndarray) -> float:
    cost = float(p.option_cost[plan].sum())
    for site in range(len(p.site_cost)):
        needed = plan[p.option_site == site].any() or p.site_state[site] == State.REQUIRED
        if needed and p.site_state[site] != State.STANDING:
            cost += float(p.site_cost[site])
    return cost


def _capacitated(
    p: Problem, plan: np.ndarray, meters: np.ndarray, must: np.ndarray
) -> float | None:
    if p.goal is Goal.CENTER:
        for radius in np.unique(meters[np.isfinite(meters)]):
            if (
                _shares(p, np.where(meters <= radius, meters, np.inf), must, np.zeros_like(meters))
                is not None
            ):
                return float(radius)
        return None if must.any() else 0.0
    if p.goal is Goal.COVER:
        served = _shares(p, meters, np.zeros_like(must), -np.ones_like(meters))
        return None if served is None else -served
    if p.goal is Goal.COVER_ALL:
        return None if _shares(p, meters, must, np.zeros_like(meters)) is None else _cost(p, plan)
    return _shares(p, meters, must, np.where(np.isfinite(meters), meters, 0.0))


def _shares(
    p: Problem, meters: np.ndarray, must: np.ndarray, unit_cost: np.ndarray
) -> float | None:
    """The least cost of sharing the demand out, None if what must be served cannot be."""
    pairs = np.argwhere(np.isfinite(meters))
    if not len(pairs):
        return None if must.any() else 0.0
    row, option = pairs.T
    by_row = (np.arange(len(p.weight))[:, None] == row).astype(float)
    limited = np.flatnonzero(np.isfinite(p.option_capacity))
    by_option = (limited[:, None] == option) * p.weight[row]
    reach_up = linprog(
        unit_cost[row, option] * p.weight[row],
        A_ub=np.vstack([by_row, by_option]),
        b_ub=np.concatenate([np.ones(len(p.weight)), p.option_capacity[limited]]),
        A_eq=by_row[must] if must.any() else None,
        b_eq=np.ones(int(must.sum())) if must.any() else None,
        bounds=(0, 1),
        method="highs",
    )
    return float(reach_up.fun) if reach_up.status == 0 else None
