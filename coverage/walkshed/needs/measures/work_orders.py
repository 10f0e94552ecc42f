"""How soon crews were there, by the ledger of work orders: of all, by compound, by crew, by kind of work."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from walkshed.model.town.work_orders import HALF_HOUR_MIN, WorkOrder


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Orders together. ``timed`` say when a crew was there; the share is of these."""

    level: str  # "study", "block", "crew" or "kind"
    key: str
    orders: int
    timed: int
    in_half_hour: int
    median_min: float

    @property
    def share(self) -> float:
        """The share of timed orders with a crew there within half an hour (半小时到场率); nan without any."""
        return self.in_half_hour / self.timed if self.timed else math.nan


def arrivals(orders: Sequence[WorkOrder]) -> tuple[Arrivals, ...]:
    """Return all orders together, then those of each compound, crew and kind of work, by name."""
    found = [_together("study", "", orders)] if orders else []
    for level in ("block", "crew", "kind"):
        of_key: dict[str, list[WorkOrder]] = {}
        for order in orders:
            of_key.setdefault(getattr(order, level), []).append(order)
        found += [_together(level, key, of_key[key]) for key in sorted(of_key) if key]
    return tuple(found)


def _together(level: str, key: str, orders: Sequence[WorkOrder]) -> Arrivals:
    minutes = [order.minutes for order in orders if order.minutes is not None]
    return Arrivals(
        level=level,
        key=key,
        orders=len(orders),
        timed=len(minutes),
        in_half_hour=sum(each <= HALF_HOUR_MIN for each in minutes),
        median_min=median(minutes) if minutes else math.nan,
    )
