"""Work on long columns, shared out among the cores that this process may use."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from walkshed.model.arrays import FloatArray

#: Fewer rows than this per thread are done before a thread has begun.
_LEAST_ROWS = 10_000
_MOST_THREADS = 4


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shared_out(job: Callable[[slice], FloatArray], rows: int) -> FloatArray:
    """Return what ``job`` makes of so many rows: of runs of them, side by side, one after the other in the answer.

    ``job`` takes each row by itself and lets go of Python's lock, so that the answer is the same
    for any number of threads.
    """
    threads = min(cores(), _MOST_THREADS, rows // _LEAST_ROWS)
    if threads < 2:
        return job(slice(0, rows))
    ends = np.linspace(0, rows, threads + 1).astype(np.int64).tolist()
    with ThreadPoolExecutor(threads, thread_name_prefix="rows") as pool:
        parts = list(pool.map(job, map(slice, ends[:-1], ends[1:])))
    return np.concatenate(parts)
