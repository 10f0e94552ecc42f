"""What a running solver has found so far, and when it has to stop."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from walkshed.model.arrays import IntArray

Stop = Callable[[], bool]
#: Is told the gap of the best plan so far, as a share of what it is worth (inf before the first).
Tell = Callable[[float], None]
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
        self._kept_s = 0.0
        self.stopped = False

    def keep_s(self, seconds: float) -> None:
        """Keep some of the time for what comes after the search: a third of the limit at most."""
        self._kept_s = min(seconds, self._limit_s / 3.0)

    @property
    def seconds(self) -> float:
        """Seconds since the clock was made."""
        return time.perf_counter() - self.begun

    @property
    def left_s(self) -> float:
        """Seconds until the search has to end, 0 at least."""
        return max(0.0, self._limit_s - self._kept_s - self.seconds)

    def tell(self, gap: float) -> None:
        """Pass the gap on to whoever wants to know, twice a second at most."""
        if self._tell is not None and self.seconds - self._told_s >= TELL_S:
            self._told_s = self.seconds
            self._tell(gap)

    def over(self) -> bool:
        """Return whether to stop now."""
        if not self.stopped and self._should_stop is not None and self._should_stop():
            self.stopped = True
        return self.stopped or self.left_s <= 0.0


class Record:
    """The best plan so far and the best bound, of a sum that is minimized.

    ``options`` are indices in the problem (new ones only), None before the first plan. ``close`` is
    how near to the bound a plan has to be for a proof: below 1 where all sums are whole numbers.
    ``enough`` is the gap, as a share of the plan's worth (what it serves, ``everybody`` less its
    cost, or the cost itself), at which the search may end.
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
    def worth(self) -> float:
        """What gaps are shares of."""
        return abs(self.cost if self.everybody is None else self.everybody - self.cost)

    @property
    def gap(self) -> float:
        """How much better than the best plan another can be, as a share of its worth; inf before the first."""
        if not np.isfinite(self.cost) or not np.isfinite(self.bound):
            return float("inf")
        return max(0.0, self.cost - self.bound) / self.worth if self.worth else float("inf")

    @property
    def done(self) -> bool:
        """Whether the search may end: proven, or near enough to the bound."""
        return self.proven or (self.enough > 0.0 and self.gap <= self.enough)

    @property
    def proven(self) -> bool:
        """Whether no better plan can exist."""
        return self.infeasible or (np.isfinite(self.cost) and self.bound >= self.target)
