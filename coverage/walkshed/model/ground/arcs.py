"""The arcs of a graph as the compiled searches take them: whole ticks and tails, packed into one number each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import TICKS, FloatArray, Int32Array, IntArray, frozen
from walkshed.model.messages import Message

#: A round of the near/far queue is as wide as so many arcs of middling length. Any width gives the
#: same answers.
_ROUND_ARCS = 2.0
_WEIGHT = Message("weight")


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Arcs grouped by the node they lead into; made by ``pack``, good for many searches."""

    into: NDArray[np.uint32]  # (nodes + 1,)
    arc: NDArray[np.uint64]  # (arcs,) ticks << 32 | tail
    step: int  # ticks
    longest: int  # ticks: more than any walk without a detour costs

    @property
    def nodes(self) -> int:
        """The number of nodes."""
        return len(self.into) - 1


def pack(into: IntArray, tail: Int32Array, weight: FloatArray) -> Arcs:
    """Return the arcs packed.

    Raises ``InvalidValueError`` for weights that are no multiples of 1/1024, 0 or more.
    """
    ticks = whole_ticks(weight, _WEIGHT)
    most = int(ticks.max(initial=0))
    if most >= 1 << 32:
        raise InvalidValueError(
            Message(
                "an arc weighs {most:g}; the searches take arcs below {limit:g}",
                most=most / TICKS,
                limit=2**32 / TICKS,
            )
        )

    # ticks in the upper half of a number, the tail in the lower
    arc = ticks << np.uint64(32)
    arc |= tail.astype(np.uint64)

    middle = float(ticks.mean()) if len(ticks) else 0.0
    step = max(1, int(_ROUND_ARCS * middle))
    longest = int(ticks.sum(dtype=np.float64) * 1.001)
    return Arcs(frozen(into.astype(np.uint32)), frozen(arc), step, longest)


def whole_ticks(values: FloatArray, what: str) -> NDArray[np.uint64]:
    """Return costs as whole ticks.

    Raises ``InvalidValueError`` for what is no multiple of 1/1024, 0 or more.
    """
    ticks = np.asarray(values, dtype=np.float64) * TICKS
    whole = None
    if len(ticks) == 0 or 0.0 <= ticks.min() <= ticks.max() < 2.0**53:
        whole = ticks.astype(np.uint64)
    if whole is None or not np.array_equal(whole, ticks):
        raise InvalidValueError(
            Message(
                "a {what} is not a multiple of 1/1024, 0 or more; round costs with to_ticks",
                what=what,
            )
        )
    return whole
