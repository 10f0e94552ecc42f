"""Labels, which hold what a walk costs and to whom it leads in one number, and arrays as compiled code takes them.

Import this module inside functions: it loads numba.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import TICKS, Int32Array
from walkshed.model.ground.arcs import Arcs
from walkshed.model.messages import Message
from walkshed.walk.kernels.desks import Labels

#: No walk may cost more ticks than fit beside the owner in 62 bits.
_ROOM_BITS = 62


def own(values: ArrayLike, dtype: Any) -> NDArray[Any]:  # noqa: ANN401 (a numpy dtype)
    """Return the values as the compiler takes them, copied if need be: read-only arrays are another type to it."""
    return np.require(values, dtype, ("C_CONTIGUOUS", "ALIGNED", "WRITEABLE"))


def owner_bits(*owners: Int32Array) -> int:
    """Return how many bits hold every owner."""
    return max(1, max(int(owner.max(initial=0)) for owner in owners).bit_length())


def labels_of(ticks: Labels, owner: Int32Array, bits: int) -> Labels:
    """Return ticks and owners packed as labels."""
    return np.asarray((ticks << np.uint64(bits)) | owner.astype(np.uint64), dtype=np.uint64)


def dearest(arcs: Arcs, costs: Sequence[Labels]) -> int:
    """Return ticks that no walk exceeds: every arc once, and the dearest of each kind of beginning and end."""
    return arcs.longest + sum(int(cost.max(initial=0)) for cost in costs) + 1


def end_of(arcs: Arcs, bits: int, *costs: Labels) -> int:
    """Return the least label that no walk can have."""
    most = dearest(arcs, costs)
    if most.bit_length() + bits > _ROOM_BITS:
        raise InvalidValueError(
            Message(
                "walks of up to {most:g} to {owners} owners do not fit in {room_bits} bits; split "
                "the network or the stations",
                most=most / TICKS,
                owners=2**bits,
                room_bits=_ROOM_BITS,
            )
        )
    return most << bits


def limit_end(limit: float, arcs: Arcs, *costs: Labels) -> int:
    """Return the ticks just beyond a limit."""
    return math.floor(min(limit * TICKS, float(dearest(arcs, costs)))) + 1
