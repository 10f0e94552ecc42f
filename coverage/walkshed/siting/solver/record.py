"""The best plan and bound of a running solver, and when it has to stop."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from walkshed.model.arrays import IntArray

Stop = Callable[[], bool]
#: Called with the gap of the best plan so far, a share of the plan's worth (inf before the first).
Tell = Callable[[float], None]
#: Seconds between two calls.
TELL_S = 0.5


class Clock:
    """Tells whether time is up or the caller wants to stop; remembers which."""

    def __init__(
        self, time_limit_s: float, should_stop: Stop | None = None, tell: Tell | None = None
    ) -> None:
        self.begun = time.perf_counter()
        self._limit_s = time_limit_s
        self._should_stop = should_stop
        self._tell = tell
        self._told_s = 0.0
        self._reserve_s = 0.0
        self.stopped = False

    def reserve(self, seconds: float) -> None:
        """Set time aside for what comes after the search: a third of the limit at most."""
        self._reserve_s = min(seconds, self._limit_s / 3.0)

    @property
    def seconds(self) -> float:
        """Seconds since the clock was made."""
        return time.perf_counter() - self.begun

    @property
    def left_s(self) -> float:
        """Seconds until the search has to end, 0 at least."""
        return max(0.0, self._limit_s - self._reserve_s - self.seconds)

    def tell(self, gap: float) -> None:
        """Report the gap to the caller, twice a second at most."""
        if self._tell is not None and self.seconds - self._told_s >= TELL_S:
            self._told_s = self.seconds
            self._tell(gap)

    def over(self) -> bool:
        """Return whether to stop now."""
        if not self.stopped and self._should_stop is not None and self._should_stop():
            self.stopped = True
        return self.stopped or self.left_s <= 0.0


class Incumbent:
    """The best plan so far and the best bound, of a sum that is minimized.

    ``options`` are indices in the problem (new ones only), None before the first plan. ``whole``:
    all sums are whole numbers, so that a plan within 1 of the bound is proven. ``enough`` is the
    gap, as a share of the plan's worth (what it serves, ``everybody`` less its cost, or the cost
    itself), at which the search may end.
    """

    def __init__(self, *, whole: bool, enough: float = 0.0, everybody: float | None = None) -> None:
        self.options: IntArray | None = None
        self.cost = np.inf
        self.bound = -np.inf
        self.whole = whole
        self.enough = enough
        self.everybody = everybody
        self.infeasible = False
        self.finders: list[str] = []

    def offer(self, options: IntArray, cost: float) -> bool:
        """Keep a plan if it is better than the best so far; return whether it was."""
        if not np.isfinite(cost) or cost >= self.cost - 1e-9 * max(1.0, abs(self.cost)):
            return False
        self.options, self.cost = np.sort(options), float(cost)
        return True

    def raise_bound(self, bound: float) -> None:
        """Keep a bound if it is better, rounded up where sums are whole, the plan's cost at most."""
        if self.whole and np.isfinite(bound):
            bound = float(np.ceil(bound - 1e-6 * max(1.0, abs(bound) * 1e-3)))
        self.bound = max(self.bound, min(bound, self.cost))

    @property
    def target(self) -> float:
        """A plan must cost less than this to be an improvement worth finding."""
        if np.isinf(self.cost):
            return float("inf")
        if self.whole:
            return self.cost - (1.0 - 1e-6)
        return self.cost - 1e-9 * max(1.0, abs(self.cost))

    @property
    def worth(self) -> float:
        """What gaps are shares of."""
        if self.everybody is None:
            return abs(self.cost)
        return abs(self.everybody - self.cost)

    @property
    def gap(self) -> float:
        """How much better another plan can be, as a share of the worth; inf before the first."""
        if not np.isfinite(self.cost) or not np.isfinite(self.bound) or not self.worth:
            return float("inf")
        return max(0.0, self.cost - self.bound) / self.worth

    @property
    def done(self) -> bool:
        """Whether the search may end: proven, or near enough to the bound."""
        return self.proven or (self.enough > 0.0 and self.gap <= self.enough)

    @property
    def proven(self) -> bool:
        """Whether no better plan can exist."""
        return self.infeasible or (np.isfinite(self.cost) and self.bound >= self.target)
