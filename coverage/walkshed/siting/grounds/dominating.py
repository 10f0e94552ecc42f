"""The places among which a best plan is found: where the walk of somebody just ends.

Along a street the residents within their limit of a station change only where the limit of one of
them ends. So some best plan stands at such ends alone, and these are few: the finite dominating set
of a network (R. L. Church and M. E. Meadows, Location modeling utilizing maximum service distance
criteria, Geographical Analysis 11, 1979).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import TICKS, FloatArray, IntArray, ranges, read_only
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors, Pace, on_own_feet
from walkshed.model.judged.coverage import Demand
from walkshed.siting.grounds.tracks import KEPT_OFF_M, Tracks
from walkshed.walk.distances import group, pairs
from walkshed.walk.terminals import leg_cost


@dataclass(frozen=True, slots=True, eq=False)
class Asking:
    """Residents who ask for a station within a limit: k rows of point and limit, each once.

    Limits are in the unit of ``pace``; None: meters open to all.
    """

    pace: Pace | None
    point: IntArray  # (k,)
    limit: FloatArray  # (k,)


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """s places along stretches, with the rows of those who ask and are within their limit there."""

    stretch: IntArray  # (s,)
    offset_m: FloatArray  # (s,)
    rows: tuple[IntArray, ...]  # s


@dataclass(frozen=True, slots=True, eq=False)
class _Near:
    """What each of those who ask can still walk from a node: rows ``start[node]:start[node + 1]``."""

    start: IntArray
    row: IntArray
    left_m: FloatArray

    def of(self, node: int) -> tuple[IntArray, FloatArray]:
        """Return the rows that reach a node, and the meters that they can walk on."""
        rows = slice(self.start[node], self.start[node + 1])
        return self.row[rows], self.left_m[rows]


def ends_of_walks(
    net: StreetNetwork, demand: Demand, stretches: Tracks, askings: tuple[Asking, ...]
) -> Ends:
    """Return places on the stretches that serve all whom any other place on them can serve together.

    (1) From every end of an edge, who comes there and can walk on how far. (2) Along each stretch,
    between which offsets each is served. (3) The last offset before somebody is lost, where somebody
    was gained since the one before. Places lie ``KEPT_OFF_M`` before such an end, for coordinates
    are rounded; a stretch on which the same people are served for less than twice that may be
    missed.
    """
    found_stretch: list[int] = []
    found_m: list[float] = []
    found_rows: list[IntArray] = []

    # (1)
    nodes, node_of = np.unique(
        np.concatenate([net.edge_start[stretches.edge], net.edge_end[stretches.edge]]),
        return_inverse=True,
    )
    starts, ends = np.split(node_of, 2)
    at_nodes = _anchors_at(net, stretches, nodes, starts, ends)
    first = np.concatenate([[0], np.cumsum([len(asking.point) for asking in askings])])
    near = [_reaching(net, demand, at_nodes, asking) for asking in askings]
    own = [_along(net, demand, asking) for asking in askings]

    # (2)
    for stretch, edge in enumerate(stretches.edge.tolist()):
        low, high = stretches.low_m[stretch], stretches.high_m[stretch]
        away_m = abs(float(stretches.away_m[stretch]))
        parts = []
        for number, asking in enumerate(askings):
            per_m = 1.0 if asking.pace is None else float(asking.pace.per_m[edge])
            leg = away_m * (1.0 if asking.pace is None else asking.pace.leg_per_m)
            if not np.isfinite(per_m):
                continue
            length = float(net.edge_m[edge])
            if net.forward[edge]:
                row, left = near[number].of(int(starts[stretch]))
                reach = (left - leg) / per_m
                parts.append((first[number] + row, np.zeros(len(row)), reach))
            if net.backward[edge]:
                row, left = near[number].of(int(ends[stretch]))
                reach = (left - leg) / per_m
                parts.append((first[number] + row, length - reach, np.full(len(row), length)))
            row, place, left, behind = own[number].get(edge, _NOBODY)
            reach = (left - leg) / per_m
            back = np.where(behind, 0.0, reach)
            parts.append((first[number] + row, place - back, place + reach))
        if not parts:
            continue
        rows = np.concatenate([part[0] for part in parts])
        begin = np.maximum(np.concatenate([part[1] for part in parts]), low)
        end = np.minimum(np.concatenate([part[2] for part in parts]), high)
        kept = begin <= end
        rows, begin, end = _joined(rows[kept], begin[kept], end[kept])

        # (3)
        for offset_m in _last_offsets(begin, end):
            served = (begin <= offset_m) & (offset_m <= end)
            found_stretch.append(stretch)
            found_m.append(np.floor(offset_m * TICKS) / TICKS)
            found_rows.append(np.unique(rows[served]))
    return Ends(np.array(found_stretch, dtype=np.int64), np.array(found_m), tuple(found_rows))


def undominated(rows: tuple[IntArray, ...], count: int) -> IntArray:
    """Return which places stay when those go that serve nobody beside whom another one serves, ascending.

    ``rows`` (below ``count``) are those served from each; of equal places the first stays.
    """
    size = np.array([len(served) for served in rows], dtype=np.int64)
    order = np.lexsort([np.arange(len(rows)), -size])
    times = np.bincount(np.concatenate([*rows, np.empty(0, np.int64)]), minlength=count)

    kept: list[int] = []
    holders: dict[int, list[int]] = {}  # sets of places that stay, by each row in them
    for place in order.tolist():
        served = rows[place]
        if not len(served):
            continue
        marks = np.zeros(count, dtype=np.uint8)
        marks[served] = 1
        bits = int.from_bytes(np.packbits(marks).tobytes(), "big")
        rarest = int(served[np.argmin(times[served])])
        if any(bits & other == bits for other in holders.get(rarest, ())):
            continue
        kept.append(place)
        for row in served.tolist():
            holders.setdefault(row, []).append(bits)
    return np.sort(np.array(kept, dtype=np.int64))


#: No street is as long; the same in doubles as in whole meters.
_LONGER_THAN_ANY_M = 2.0**20
_EMPTY = np.empty(0, dtype=np.int64)
_NOBODY = (_EMPTY, np.empty(0), np.empty(0), np.empty(0, dtype=bool))


def _anchors_at(
    net: StreetNetwork, stretches: Tracks, nodes: IntArray, starts: IntArray, ends: IntArray
) -> Anchors:
    """Return the nodes as stations without a leg, each on one of its edges."""
    edge = np.empty(len(nodes), dtype=np.int64)
    offset_m = np.zeros(len(nodes))
    edge[ends], offset_m[ends] = stretches.edge, net.edge_m[stretches.edge]
    edge[starts], offset_m[starts] = stretches.edge, 0.0
    xy = net.node_xy[nodes]
    return on_own_feet(
        start=read_only(np.arange(len(nodes) + 1), np.int64),
        edge=read_only(edge, np.int32),
        offset_m=read_only(offset_m, np.float64),
        leg_m=read_only(np.zeros(len(nodes)), np.float64),
        xy=read_only(xy, np.float64),
        point_xy=read_only(xy, np.float64),
        nearest_way_m=read_only(np.zeros(len(nodes)), np.float64),
    )


def _reaching(net: StreetNetwork, demand: Demand, nodes: Anchors, asking: Asking) -> _Near:
    """Return who of those who ask reaches each node, and the cost that is left."""
    most = float(asking.limit.max(initial=0.0))
    walks = pairs(net, demand.anchors, nodes, limit_m=most, pace=asking.pace)

    # a point may ask with several limits
    start, rows = group(asking.point, len(demand.weight))
    count = np.diff(start)[walks.point]
    pair = np.repeat(np.arange(len(walks.point)), count)
    row = rows[ranges(start[walks.point], count)]
    left = asking.limit[row] - walks.distance_m[pair]

    kept = np.flatnonzero(left >= 0)
    node = walks.station[pair[kept]]
    order = np.argsort(node, kind="stable")
    begin = np.searchsorted(node[order], np.arange(len(nodes.start)))
    return _Near(begin, row[kept][order], left[kept][order])


_OnEdge = tuple[IntArray, FloatArray, FloatArray, np.ndarray]


def _along(net: StreetNetwork, demand: Demand, asking: Asking) -> dict[int, _OnEdge]:
    """Return by edge who comes out on it: rows, offsets, the cost left, and whether none may walk back."""
    anchors = demand.anchors
    cost = leg_cost(anchors, asking.pace)
    count = np.diff(anchors.start)[asking.point]
    row = np.repeat(np.arange(len(asking.point)), count)
    anchor = ranges(anchors.start[asking.point], count)
    left = asking.limit[row] - cost[anchor]
    kept = np.flatnonzero(left >= 0)
    row, anchor, left = row[kept], anchor[kept], left[kept]

    edge = anchors.edge[anchor]
    start, order = group(edge, net.edge_count)
    return {
        number: (
            row[rows],
            anchors.offset_m[anchor[rows]],
            left[rows],
            np.full(len(rows), not net.backward[number]),
        )
        for number in np.unique(edge).tolist()
        for rows in (order[start[number] : start[number + 1]],)
    }


def _joined(
    rows: IntArray, begin: FloatArray, end: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return the same intervals, those of one row that touch as one."""
    order = np.lexsort([begin, rows])
    rows, begin, end = rows[order], begin[order], end[order]
    if not len(rows):
        return rows, begin, end

    # the farthest end so far, of each row by itself
    apart = rows * _LONGER_THAN_ANY_M
    farthest = np.maximum.accumulate(end + apart)
    new = np.ones(len(rows), dtype=bool)
    new[1:] = begin[1:] + apart[1:] > farthest[:-1]
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(rows)) - 1
    return rows[first], begin[first], farthest[last] - apart[last]


def _last_offsets(begin: FloatArray, end: FloatArray) -> list[float]:
    """Return the offsets just before an interval ends, where one began since the last such end."""
    at = np.concatenate([begin, end])
    ends = np.repeat([False, True], [len(begin), len(end)])
    order = np.lexsort([ends, at])
    at, ends = at[order], ends[order]
    last = np.flatnonzero(ends[1:] & ~ends[:-1])
    return [
        float(max(after - KEPT_OFF_M, (before + after) / 2.0))
        for before, after in zip(at[last].tolist(), at[last + 1].tolist(), strict=True)
    ]
