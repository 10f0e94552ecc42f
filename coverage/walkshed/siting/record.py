"""What a running solver has found so far, and when it has to stop."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from walkshed.model.arrays import IntArray

Stop = Callable[[], bool]


class Clock:
    """Tells whether time is up or the caller wants to stop; remembers which."""

    def __init__(self, time_limit_s: float, should_stop: Stop | None = None) -> None:
        self.begun = time.perf_counter()
        self._limit_s = time_limit_s
        self._should_stop = should_stop
        self.stopped = False

    @property
    def seconds(self) -> float:
        """Seconds since the clock was made."""
        return time.perf_counter() - self.begun

    @property
    def left_s(self) -> float:
        """Seconds until time is up, 0 at least."""
        return max(0.0, self._limit_s - self.seconds)

    def over(self) -> bool:
        """Return whether to stop now."""
        if not self.stopped and self._should_stop is not None and self._should_stop():
            self.stopped = True
        return self.stopped or self.left_s <= 0.0


class Record:
    """The best plan so far and the best bound, of a sum that is minimized.

    ``options`` are indices in the problem (new ones only), None before the first plan. ``close`` is how near to the
    bound a plan has to be for a proof: below 1 where all sums are whole numbers.
    """

    def __init__(self, *, whole: bool) -> None:
        self.options: IntArray | None = None
        self.cost = np.inf
        self.bound = -np.inf
        self.whole = whole
        self.infeasible = False
        self.finders: list[str] = []

    def offer(self, options: IntArray, cost: float) -> bool:
        """Keep a plan if it is better than the best so far; return whether it was."""
        if not np.isfinite(cost) or cost >= self.cost - 1e-9 * max(1.0, abs(self.cost)):
            return False
        self.options, self.cost = np.sort(options), float(cost)
        return True

    def raise_bound(self, bound: float) -> None:
        """Keep a bound if it is better, rounded up where sums are whole; it never passes the best plan."""
        if self.whole and np.isfinite(bound):
            bound = float(np.ceil(bound - 1e-6 * max(1.0, abs(bound) * 1e-3)))
        self.bound = max(self.bound, min(bound, self.cost))

    @property
    def target(self) -> float:
        """A plan must cost less than this to be an improvement worth finding."""
        if np.isinf(self.cost):
            return float("inf")
        return self.cost - (1.0 - 1e-6 if self.whole else 1e-9 * max(1.0, abs(self.cost)))

    @property
    def proven(self) -> bool:
        """Whether no better plan can exist."""
        return self.infeasible or (np.isfinite(self.cost) and self.bound >= self.target)
