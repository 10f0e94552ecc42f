"""The work arrays of searches, kept from one search to the next."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.uint64]
Nodes = NDArray[np.uint32]
Flags = NDArray[np.uint8]

#: Waiting nodes that are walked from together: few enough that what they touch stays in the cache.
BATCH = 64


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """The work arrays of one search at a time.

    ``label`` and ``state`` (0) are left as they came.
    """

    label: Labels
    state: Flags
    met: Nodes
    far: Nodes
    now: Nodes
    ring: Nodes  # a power of two


def desk(nodes: int) -> Desk:
    """Return work arrays for a graph of so many nodes.

    Memory that no search touches is never filled.
    """
    met, far, now = (np.empty(nodes + 1, dtype=np.uint32) for _ in range(3))
    ring = np.empty(1 << (nodes + BATCH).bit_length(), dtype=np.uint32)
    return Desk(
        np.zeros(nodes, dtype=np.uint64), np.zeros(nodes, dtype=np.uint8), met, far, now, ring
    )


class _Kept(threading.local):
    """The desk that a thread used last."""

    desk: Desk | None = None


_kept = _Kept()
#: A desk for more nodes than this (60 MB) is not kept.
_MOST_KEPT = 2_000_000


def kept_desk(nodes: int) -> Desk:
    """Return this thread's work arrays, for searches that leave ``label`` and ``state`` as they came.

    A search within a limit touches little of a large graph; to be handed fresh memory costs more
    than to search. What is kept says nothing of any search.
    """
    last = _kept.desk
    if last is None or len(last.label) != nodes:
        last = desk(nodes)
        _kept.desk = last if nodes <= _MOST_KEPT else None
    return last
