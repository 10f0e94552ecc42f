"""Weighted quantiles and the commonest station, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from walkshed.model.arrays import FloatArray, Int32Array, IntArray, begins_run, distinct_places

#: Shares are sums of floats: a share this little below another is equal to it.
SHARE_TOLERANCE = 1e-9

#: A table with a row for every group may have so many times the places that its values need.
_MOST_ROOM = 3

Whole = Literal["given", "finite", "one"]


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Values of some groups in order, with the weight that lies at or below each of them."""

    groups: int
    group: IntArray  # (g,) those that have a value, ascending
    value: FloatArray  # (n,) by group, ascending
    starts: IntArray  # (g + 1,)
    within: FloatArray  # (n,) of the group's own weight
    weight: FloatArray  # (n,)

    def quantile(self, share: float, *, of: Whole = "given") -> FloatArray:
        """Return, per group, the smallest value within which ``share`` of its weight lies.

        Nan for an empty group. ``of`` says what the whole is: the weight given, that of the finite
        values alone (nan for a group that has none), or one, where the weights of a group are known
        to sum to it.
        """
        result = np.full(self.groups, np.nan)
        if not len(self.group):
            return result
        first, count = self.starts[:-1], np.diff(self.starts)

        # the weight that a group has in all
        if of == "one":
            total = np.ones(len(first))
        else:
            counts = np.isfinite(self.value) if of == "finite" else True
            total = np.add.reduceat(np.where(counts, self.weight, 0.0), first)

        # the first value that has enough at or below it, else the last
        enough = self.within >= np.repeat(total, count) * share - SHARE_TOLERANCE
        place = np.where(enough, np.arange(len(self.value)), len(self.value))
        found = self.value[np.minimum(np.minimum.reduceat(place, first), self.starts[1:] - 1)]
        if of == "finite":
            found = np.where(np.isfinite(found), found, np.nan)
        result[self.group] = found
        return result


def spread(group: IntArray, value: FloatArray, weight: FloatArray, groups: int) -> Spread:
    """Return the values (n,) of ``groups`` groups in order."""
    order = _order(group, value)
    group, value, weight = group[order], value[order], weight[order]
    starts = np.append(np.flatnonzero(begins_run(group)), len(group))

    # running weights within each group
    running = np.cumsum(weight)
    before = running[starts[:-1]] - weight[starts[:-1]] if len(group) else np.empty(0)
    within = running - np.repeat(before, np.diff(starts))
    return Spread(groups, group[starts[:-1]], value, starts, within, weight)


def _order(group: IntArray, value: FloatArray) -> IntArray:
    """Return the order by group, then value; what is equal keeps its order.

    Points come block by block, a few to each: then every block is a row of a small table, and to
    sort its rows takes a fifth of the time.
    """
    begins = begins_run(group)
    starts = np.flatnonzero(begins)
    count = np.diff(np.append(starts, len(group)))
    widest = int(count.max(initial=0))
    in_order = bool((group[1:] >= group[:-1]).all())

    if not in_order or len(starts) * widest > _MOST_ROOM * len(group):
        return np.lexsort([value, group])

    # places that a row does not need hold nan, which comes after all, and is not looked at
    row = np.cumsum(begins) - 1
    column = np.arange(len(group)) - starts[row]
    table = np.full((len(starts), widest), np.nan)
    table[row, column] = value

    order = np.argsort(table, axis=1, kind="stable") + starts[:, None]
    needed = np.arange(widest) < count[:, None]
    ordered: IntArray = order[needed]
    return ordered


def commonest(
    group: IntArray, station: Int32Array, weight: FloatArray, *, groups: int
) -> Int32Array:
    """Return, per group, the station with most weight, the lower one on a tie.

    -1 for an empty group.
    """
    result = np.full(groups, -1, dtype=np.int32)
    if len(group) == 0:
        return result

    # one number for group and station, -1 (no station) before all others
    many = int(station.max()) + 2
    keys, dense = distinct_places(group.astype(np.int64) * many + station + 1)
    of_group, of_station = keys // many, keys % many - 1

    # the heaviest of each group
    sums = np.round(np.bincount(dense, weights=weight), 9)
    order = np.lexsort([of_station, -sums, of_group])
    chosen, first = np.unique(of_group[order], return_index=True)
    result[chosen] = of_station[order[first]]
    return result
