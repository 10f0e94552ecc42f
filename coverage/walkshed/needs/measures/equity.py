"""How unevenly the walks are spread: over everybody, and over each group of people."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from walkshed.model.arrays import FloatArray
from walkshed.model.judged.coverage import Demand, Inequality
from walkshed.model.town.places import Block
from walkshed.needs.judging.matrix import worth_of


def inequality(
    demand: Demand,
    blocks: tuple[Block, ...],
    service: int,
    nearest_m: FloatArray,
    *,
    own_walks: Mapping[str, FloatArray],
    groups: tuple[str, ...],
) -> tuple[Inequality, ...]:
    """Return one row per group for one service: everybody, then each group where its block's residents live.

    The walk is that to the nearest provider that admits, however far: ``nearest_m`` (p,), an
    adult's, or that of ``own_walks`` of the group, on the streets that are open to its own walker.
    Without people, blocks weigh equally.
    """
    weights = {"people": worth_of(demand)}
    for group in groups:
        counted = np.array([block.groups.get(group, 0.0) for block in blocks])
        weights[group] = demand.weight * counted[demand.block]
    return tuple(
        _row(service, group, own_walks.get(group, nearest_m), weight)
        for group, weight in weights.items()
    )


def _row(service: int, group: str, walk_m: FloatArray, weight: FloatArray) -> Inequality:
    """Return how unevenly walks (p,) are spread over people (p,)."""
    reached = np.isfinite(walk_m) & (weight > 0)
    order = np.argsort(walk_m[reached], kind="stable")
    meters, people = walk_m[reached][order], weight[reached][order]

    return Inequality(
        service=service,
        group=group,
        people=float(weight.sum()),
        people_unreached=float(weight.sum() - people.sum()),
        median_m=_quantile(meters, people, 0.5),
        worst_tenth_m=worst_tenth(meters, people),
        gini=gini(meters, people),
    )


def gini(values: FloatArray, weights: FloatArray) -> float:
    """Return the Gini coefficient of weighted values: half the mean difference between two people over the mean.

    0 where all are equal; nan without people, or where every value is 0. Sorted form (Sen 1973): Σ
    w_i v_i (W_i + W_{i-1}) ÷ (W Σ w_i v_i) − 1, with W_i the running weight.
    """
    total = float((values * weights).sum())
    if total <= 0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    value, weight = values[order], weights[order]
    running = np.cumsum(weight)
    return float((weight * value * (2 * running - weight)).sum() / (running[-1] * total) - 1.0)


def worst_tenth(values: FloatArray, weights: FloatArray, *, share: float = 0.1) -> float:
    """Return the mean of the largest values that hold a tenth of the weight, the last one counted in part."""
    left = share * float(weights.sum())
    if left <= 0:
        return float("nan")
    order = np.argsort(-values, kind="stable")
    value, weight = values[order], weights[order]
    taken = np.minimum(weight, np.maximum(0.0, left - (np.cumsum(weight) - weight)))
    return float((value * taken).sum() / taken.sum())


def _quantile(values: FloatArray, weights: FloatArray, share: float) -> float:
    if len(values) == 0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(running, running[-1] * share - 1e-9)])
