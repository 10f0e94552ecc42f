"""From what a search found at feet, which many points share, to the points that leave by them.

Import this module inside functions: it loads numba.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from walkshed.model.arrays import FloatArray, Int32Array, IntArray
from walkshed.walk.kernels import joining
from walkshed.walk.kernels.labels import own
from walkshed.walk.kernels.searches import threads_for
from walkshed.walk.kernels.two_best import lower_two

#: Joining so many points costs what a search does.
_POINTS_PER_SEARCH = 2_000


def lower_by_feet(
    start: IntArray,
    foot: Int32Array,
    leg: FloatArray,
    foot_cost: FloatArray,
    foot_owner: Int32Array,
    best: FloatArray,
    owner: Int32Array,
) -> None:
    """Lower the two cheapest owners of points (``best`` and ``owner``, (points, 2)) to those found at their feet."""
    joining.lower_two_by_feet(
        own(start, np.int64),
        own(foot, np.int32),
        own(leg, np.float64),
        foot_cost,
        foot_owner,
        best,
        owner,
    )


def lower_direct(
    row: IntArray, who: Int32Array, cost: FloatArray, best: FloatArray, owner: Int32Array
) -> None:
    """Lower the two cheapest owners of rows to what needs no node: ``row[k]`` comes to ``who[k]`` at ``cost[k]``."""
    lower_two(
        own(who, np.uint64) + np.uint64(1),  # labels are kept one too high
        np.uint64(0),
        own(row, np.int64),
        np.arange(len(row), dtype=np.uint32),
        own(cost, np.float64),
        best,
        owner,
    )


def joined(
    start: IntArray,
    foot: Int32Array,
    leg: FloatArray,
    found: tuple[IntArray, Int32Array, FloatArray],
    direct: tuple[IntArray, IntArray, FloatArray],
    *,
    limit: float,
    stations: int,
    threads: int | None = None,
) -> tuple[IntArray, Int32Array, FloatArray]:
    """Return (points + 1,) where the stations of each point begin, and stations and costs, by point, then station.

    ``found`` holds stations and costs by foot, ``direct`` those by point that need no node.
    """
    points = len(start) - 1
    of_point = own(start, np.int64), own(foot, np.int32), own(leg, np.float64)
    of_foot = own(found[0], np.int64), own(found[1], np.int32), own(found[2], np.float64)
    of_edge = own(direct[0], np.int64), own(direct[1], np.int64), own(direct[2], np.float64)

    workers = threads_for(points // _POINTS_PER_SEARCH) if threads is None else threads
    bounds = np.linspace(0, points, max(1, workers) + 1).astype(np.int64).tolist()
    at = np.zeros(points, dtype=np.int64)

    def join(low: int, high: int, *, out: tuple[Int32Array, FloatArray] | None) -> None:
        none = (np.empty(0, dtype=np.int32), np.empty(0))
        joining.stations_of_points(
            low,
            high,
            *of_point,
            *of_foot,
            *of_edge,
            limit,
            np.full(stations, np.inf),
            np.empty(stations, dtype=np.int32),
            at,
            out is not None,
            *(none if out is None else out),
        )

    # once to count, once to write
    _shared(join, bounds, out=None)
    begin = np.concatenate([[0], np.cumsum(at)])
    at = begin[:-1].copy()
    out = (np.empty(begin[-1], dtype=np.int32), np.empty(begin[-1]))
    _shared(join, bounds, out=out)
    return begin, *out


def _shared(join: Callable[..., None], bounds: list[int], **options: object) -> None:
    """Call ``join`` for every run of points, side by side where there are several."""
    if len(bounds) == 2:
        join(*bounds, **options)
        return
    with ThreadPoolExecutor(len(bounds) - 1) as pool:
        list(pool.map(lambda run: join(*run, **options), pairwise(bounds)))
