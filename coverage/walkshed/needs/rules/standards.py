"""Which need applies to a kind of block and a service."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from walkshed.model.arrays import FloatArray
from walkshed.model.town.places import Need, Service
from walkshed.model.town.walkers import Walker

SECONDS_PER_MINUTE = 60.0


def need_for(needs: tuple[Need, ...], kind: str, service: Service) -> Need | None:
    """Return the row of the standard that holds for ``kind`` and ``service``, None where no row does.

    A row speaks of a service by its id or by a line of the standard that the study maps it to. The
    most specific row wins: kind and service, then service alone, then kind alone, then ``*`` for
    both; of equals the first.
    """
    items = (service.standard_item or "").split(";")
    best: Need | None = None
    best_score = -1

    for need in needs:
        kind_fits = need.kind in {"*", kind}
        by_item = need.standard_item is not None and need.standard_item in items
        if not kind_fits or not (by_item or need.service in {"*", service.id}):
            continue

        score = 2 * (by_item or need.service == service.id) + (need.kind == kind)
        if score > best_score:
            best, best_score = need, score
    return best


def need_weights(needs: Sequence[Need | None]) -> FloatArray:
    """Return (n,) how much each need weighs beside others, where services or kinds are summed.

    1 without a need.
    """
    return np.array([1.0 if need is None else need.weight for need in needs], dtype=np.float64)


def limit_m(need: Need | None, walker: Walker) -> float:
    """Return the limit in meters, nan without a need.

    A limit in minutes stands for the meters of level street that it allows.
    """
    if need is None:
        return float("nan")
    return need.limit * SECONDS_PER_MINUTE * walker.speed_m_s if need.unit == "min" else need.limit
