"""The places among which a best plan is found: where the walk of somebody just ends.

Along a street the residents within their limit of a station change only where the limit of one of
them ends. So some best plan stands at such ends alone, and these are few: the finite dominating set
of a network (R. L. Church and M. E. Meadows, Location modeling utilizing maximum service distance
criteria, Geographical Analysis 11, 1979).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from walkshed.model.arrays import FloatArray, Int32Array, IntArray, ranges, read_only
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors, Pace, on_own_feet
from walkshed.model.judged.coverage import Demand
from walkshed.siting.grounds.sweeping import last_offsets
from walkshed.siting.grounds.tracks import KEPT_OFF_M, Tracks
from walkshed.siting.solver.search import kernels
from walkshed.walk.distances import group, pairs
from walkshed.walk.terminals import leg_cost

#: However many rows are served from all places.
NO_LIMIT = 2**40


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
    """e places along stretches, with the rows of those who ask and are within their limit there.

    From place i these are ``row[start[i]:start[i + 1]]``, ascending.
    """

    stretch: IntArray  # (e,)
    offset_m: FloatArray  # (e,)
    start: IntArray  # (e + 1,)
    row: Int32Array

    def served(self, place: int) -> Int32Array:
        """Return the rows served from a place."""
        return self.row[self.start[place] : self.start[place + 1]]

    def take(self, places: IntArray) -> Ends:
        """Return some of the places."""
        count = np.diff(self.start)[places]
        return Ends(
            self.stretch[places],
            self.offset_m[places],
            np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
            self.row[ranges(self.start[places], count)],
        )


@dataclass(frozen=True, slots=True, eq=False)
class _OnEdges:
    """Who of those who ask comes out on an edge, where, and the cost left: rows ``start[edge]:start[edge + 1]``."""

    start: IntArray
    row: IntArray
    offset_m: FloatArray
    left_m: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Near:
    """What each of those who ask can still walk from a node: rows ``start[node]:start[node + 1]``."""

    start: IntArray
    row: IntArray
    left_m: FloatArray


def ends_of_walks(
    net: StreetNetwork,
    demand: Demand,
    stretches: Tracks,
    askings: tuple[Asking, ...],
    *,
    most: int = NO_LIMIT,
) -> Ends | None:
    """Return places on the stretches that serve all whom any other place on them can serve together.

    (1) From every end of an edge, who comes there and can walk on how far. (2) Along each stretch,
    between which offsets each is served. (3) The last offset before somebody is lost, where somebody
    was gained since the one before. Places lie ``KEPT_OFF_M`` before such an end, for coordinates
    are rounded; a stretch on which the same people are served for less than twice that may be
    missed. None where more than ``most`` rows are served from all places together.
    """
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

    # (2), (3)
    parts: list[Ends] = []
    listed = 0
    for begin in range(0, len(stretches.edge), AT_ONCE):
        rows = np.arange(begin, min(begin + AT_ONCE, len(stretches.edge)))
        spans = [
            _spans(
                net,
                stretches,
                rows,
                asking,
                first[number],
                (starts, ends),
                near[number],
                own[number],
            )
            for number, asking in enumerate(askings)
        ]
        found = _swept(len(rows), spans, most - listed)
        listed += len(found.row)
        if listed > most:
            return None
        parts.append(replace(found, stretch=rows[found.stretch]))
    return _joined(parts)


#: Stretches whose spans are held in memory at a time.
AT_ONCE = 2048
_Spans = tuple[IntArray, IntArray, FloatArray, FloatArray]


def undominated(ends: Ends, count: int) -> IntArray:
    """Return which places stay when those go that serve nobody beside whom another one serves, ascending.

    Rows are below ``count``. Of equal places the first stays.
    """
    # of equal ones the first, told by hashes
    random = np.random.default_rng(SEED).integers(1, 2**63, (2, count), dtype=np.uint64)
    some = np.flatnonzero(np.diff(ends.start))
    keys = np.column_stack(
        [np.add.reduceat(of_row[ends.row], ends.start[some]) for of_row in random]
    )
    _, first = np.unique(keys, axis=0, return_index=True)
    places = np.sort(some[first])

    # of those that are left, whoever another one outdoes goes
    distinct = ends.take(places)
    option = np.repeat(np.arange(len(places)), np.diff(distinct.start))
    order = np.argsort(distinct.row, kind="stable")
    of_row = np.searchsorted(distinct.row[order], np.arange(count + 1))
    nothing = np.zeros(len(places))
    kept = kernels.undominated(
        distinct.start,
        distinct.row.astype(np.int64),
        of_row,
        option[order],
        nothing,
        nothing.astype(np.int64),
    )
    return places[kept]


#: Of the hashes by which equal places are found.
SEED = 8


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


def _along(net: StreetNetwork, demand: Demand, asking: Asking) -> _OnEdges:
    """Return who comes out on which edge, at which offset, and the cost that is left."""
    anchors = demand.anchors
    cost = leg_cost(anchors, asking.pace)
    count = np.diff(anchors.start)[asking.point]
    row = np.repeat(np.arange(len(asking.point)), count)
    anchor = ranges(anchors.start[asking.point], count)
    left = asking.limit[row] - cost[anchor]
    kept = np.flatnonzero(left >= 0)
    start, order = group(anchors.edge[anchor[kept]], net.edge_count)
    kept = kept[order]
    return _OnEdges(start, row[kept], anchors.offset_m[anchor[kept]], left[kept])


def _spans(
    net: StreetNetwork,
    stretches: Tracks,
    rows: IntArray,
    asking: Asking,
    first: int,
    nodes: tuple[IntArray, IntArray],
    near: _Near,
    own: _OnEdges,
) -> _Spans:
    """Return between which offsets those who ask are served: place among ``rows``, row, begin, end.

    They come from either end of an edge, or out on the edge itself.
    """
    edge = stretches.edge[rows]
    per_m, leg_per_m = np.ones(len(rows)), 1.0
    if asking.pace is not None:
        per_m, leg_per_m = asking.pace.per_m[edge], asking.pace.leg_per_m
    leg = np.abs(stretches.away_m[rows]) * leg_per_m
    length_m = net.edge_m[edge]
    parts = []

    # from the start of the edge, and from its end
    for ahead, node in ((True, nodes[0]), (False, nodes[1])):
        open_ = np.flatnonzero((net.forward if ahead else net.backward)[edge] & np.isfinite(per_m))
        count = (near.start[1:] - near.start[:-1])[node[rows[open_]]]
        at = ranges(near.start[node[rows[open_]]], count)
        place = np.repeat(open_, count)
        reach = (near.left_m[at] - leg[place]) / per_m[place]
        begin, end = np.zeros(len(at)), reach
        if not ahead:
            begin, end = length_m[place] - reach, length_m[place]
        parts.append((place, near.row[at], begin, end))

    # from where they come out on it, backwards where that is allowed
    open_ = np.flatnonzero(np.isfinite(per_m))
    count = np.diff(own.start)[edge[open_]]
    at = ranges(own.start[edge[open_]], count)
    place = np.repeat(open_, count)
    reach = (own.left_m[at] - leg[place]) / per_m[place]
    back = np.where(net.backward[edge[place]], reach, 0.0)
    parts.append((place, own.row[at], own.offset_m[at] - back, own.offset_m[at] + reach))

    # within the stretch
    place, row, begin, end = (np.concatenate(column) for column in zip(*parts, strict=True))
    begin = np.maximum(begin, stretches.low_m[rows][place])
    end = np.minimum(end, stretches.high_m[rows][place])
    kept = begin <= end
    return place[kept], row[kept] + first, begin[kept], end[kept]


def _swept(count: int, spans: list[_Spans], most: int) -> Ends:
    """Return where somebody is lost along each of ``count`` stretches, by the spans of all who ask."""
    place, row, begin, end = (np.concatenate(column) for column in zip(*spans, strict=True))
    order = np.lexsort((begin, row, place))
    start = np.searchsorted(place[order], np.arange(count + 1))
    return Ends(*last_offsets(start, row[order], begin[order], end[order], KEPT_OFF_M, most))


def _joined(parts: list[Ends]) -> Ends:
    """Return the places of all parts, one after the other."""
    stretch = [np.empty(0, np.int64), *(part.stretch for part in parts)]
    offset_m = [np.empty(0), *(part.offset_m for part in parts)]
    counts = [np.empty(0, np.int64), *(np.diff(part.start) for part in parts)]
    rows = [np.empty(0, np.int32), *(part.row for part in parts)]
    start = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
    return Ends(np.concatenate(stretch), np.concatenate(offset_m), start, np.concatenate(rows))
