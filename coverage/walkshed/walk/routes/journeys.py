"""The shortest walks of many pairs of point and station at once, as columns: lines, and stretches by name.

A walk goes over pieces: the leg from the point's door to the street, parts of edges, the leg to the
station's door. Its line has the vertices of its pieces; its stretches join neighboring pieces of
one name and kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, begins_run, ranges
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors
from walkshed.walk.reach.pieces import Paths, cut
from walkshed.walk.routes.drawing import drawn_off_streets
from walkshed.walk.routes.trees import Ways, ways_of

#: The edge of a piece that lies on none: a leg, and a walk between two places on one square.
_LEG, _ACROSS = -1, -2


@dataclass(frozen=True, slots=True, eq=False)
class Journeys:
    """w walks with their lines and stretches; those that lead nowhere have neither.

    The line of walk ``i`` runs over ``xy[start[i]:start[i + 1]]``, from the point's door to the
    station's; its stretches are rows ``stretch_start[i]:stretch_start[i + 1]``, each ending at
    vertex ``last`` of the line. ``anchor`` is the anchor by which the walk leaves its point,
    ``station_anchor`` that by which it comes to its station.
    """

    reached: BoolArray  # (w,)
    anchor: IntArray  # (w,) row of the points' anchors, -1 without a walk
    station_anchor: IntArray  # (w,) row of the stations' anchors
    start: IntArray  # (w + 1,)
    xy: FloatArray  # (v, 2)
    stretch_start: IntArray  # (w + 1,)
    leg: BoolArray  # (s,) whether the stretch is a leg, which lies on no street
    name: IntArray  # (s,) index of the street's name, -1 for a leg
    steps: BoolArray  # (s,)
    private: BoolArray  # (s,)
    meters: FloatArray  # (s,)
    last: IntArray  # (s,)


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """q pieces, end to end, as they are walked; from > to walks an edge backward."""

    first: IntArray  # (n + 1,) where each walk begins
    edge: IntArray  # (q,) _LEG for a leg; lines across squares follow the edges
    from_m: FloatArray  # (q,)
    to_m: FloatArray  # (q,)


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """The lines of n walks over q pieces: no vertex twice in a row."""

    start: IntArray  # (n + 1,)
    xy: FloatArray  # (v, 2)
    last: IntArray  # (q,) the vertex of its walk's line at which each piece ends


@dataclass(frozen=True, slots=True, eq=False)
class _Stretches:
    start: IntArray  # (n + 1,)
    kind: IntArray  # (s,) see _kinds
    meters: FloatArray  # (s,)
    last: IntArray  # (s,)


def journeys(
    net: StreetNetwork,
    points: Anchors,
    stations: Anchors,
    *,
    point: IntArray,
    station: IntArray,
    most_m: FloatArray | None = None,
) -> Journeys:
    """Return the shortest walk of each pair ``point[w]``, ``station[w]``; one search per station.

    Where meters are known that each walk does not exceed, ``most_m`` (w,) keeps the searches short;
    a longer walk may count as one that leads nowhere.

    (1) How each walk begins: straight along one edge, or at a node, and the edges that it goes
    over; (2) its pieces; (3) the lines of all pieces; (4) stretches by name.
    """
    if most_m is None:
        most_m = np.full(len(point), np.inf)
    ways = ways_of(net, points, stations, point=point, station=station, most_m=most_m)  # (1)
    pieces = _pieces(net, points, stations, ways)  # (2)

    across = ways.across_m >= 0.0
    ends = (points, ways.anchor), (stations, ways.station_anchor)
    drawn = drawn_off_streets(net, ends, pieces.edge, pieces.first, across=across)
    lines = _lines(net, pieces, drawn)  # (3)

    meters = np.abs(pieces.to_m - pieces.from_m)  # (4)
    for (anchors, anchor), place in zip(ends, (pieces.first[:-1], pieces.first[1:] - 1)):
        meters[place] = np.where(across, anchors.street_leg_m[anchor], anchors.leg_m[anchor])

    # what crosses a square goes by the rules of its outline
    ruling = net.squares.ruling_edge(net.edge_count)
    rule = np.where(pieces.edge < 0, pieces.edge, np.append(ruling, -1)[pieces.edge])
    rule[pieces.first[:-1][across] + 1] = points.edge[ways.anchor[across]]
    stretches = _stretches(pieces, _kinds(net, rule), meters, lines)

    count = len(point)
    reached, anchor = np.zeros(count, dtype=bool), np.full(count, -1, dtype=np.int64)
    reached[ways.walk], anchor[ways.walk] = True, ways.anchor
    station_anchor = np.full(count, -1, dtype=np.int64)
    station_anchor[ways.walk] = ways.station_anchor

    leg = stretches.kind == _LEG
    return Journeys(
        reached=reached,
        anchor=anchor,
        station_anchor=station_anchor,
        start=_among(lines.start, ways.walk, count),
        xy=lines.xy,
        stretch_start=_among(stretches.start, ways.walk, count),
        leg=leg,
        name=np.where(leg, -1, stretches.kind >> 2),
        steps=~leg & ((stretches.kind & 2) > 0),
        private=~leg & ((stretches.kind & 1) > 0),
        meters=stretches.meters,
        last=stretches.last,
    )


def _pieces(net: StreetNetwork, points: Anchors, stations: Anchors, ways: Ways) -> _Pieces:
    """Return the pieces of every walk: a leg, parts of edges, a leg.

    Between places on one square, the way across. The first edge is left by one of its ends, the
    last one entered by one; those between are walked as a whole, a loop along its direction, if
    that is open.
    """
    edges = np.diff(ways.edge_start)
    count = np.where(ways.alone, 3, 4 + edges)
    first = np.concatenate([[0], np.cumsum(count)])
    edge = np.full(first[-1], _LEG, dtype=np.int64)
    from_m, to_m = np.zeros(len(edge)), np.zeros(len(edge))

    # the first part: to an end of its edge, or straight to the station, along it or across a square
    a, b = ways.anchor, ways.station_anchor
    out, entry = first[:-1] + 1, first[1:] - 2
    across = ways.across_m >= 0.0
    edge[out] = np.where(across, _ACROSS, points.edge[a])
    from_m[out] = np.where(across, 0.0, points.offset_m[a])
    far_m = np.where(ways.leaves_by == 1, net.edge_m[points.edge[a]], 0.0)
    to_m[out] = np.where(ways.alone, stations.offset_m[b], far_m)
    to_m[out[across]] = ways.across_m[across]

    # the last part: from an end of the station's edge
    through = ~ways.alone
    last, own = entry[through], stations.edge[b[through]]
    edge[last], to_m[last] = own, stations.offset_m[b[through]]
    from_m[last] = np.where(ways.comes_by[through] == 1, net.edge_m[own], 0.0)

    # whole edges between them, and lines across squares
    place = ranges(out + 1, edges)
    squares = net.squares
    starts = np.concatenate([net.edge_start, squares.line_start])[ways.edge]
    ends = np.concatenate([net.edge_end, squares.line_end])[ways.edge]
    ahead = (ways.tail == starts) & (ways.head == ends)
    loop = np.flatnonzero(starts == ends)
    ahead[loop] = np.append(net.forward, np.ones(len(squares.line_m), dtype=bool))[ways.edge[loop]]
    whole_m = np.concatenate([net.edge_m, squares.line_m])[ways.edge]
    edge[place] = ways.edge
    from_m[place], to_m[place] = np.where(ahead, 0.0, whole_m), np.where(ahead, whole_m, 0.0)
    return _Pieces(first, edge, from_m, to_m)


def _lines(net: StreetNetwork, pieces: _Pieces, drawn: Paths) -> _Lines:
    """Return the lines of all walks; ``drawn`` has those of pieces on no street.

    A piece adds its vertices but for the first one, where the one before it ends, and those that
    stay in place. A walk of no length has its door twice.
    """
    start, xy = _vertices(net, pieces, drawn)
    keep = np.append(False, (xy[1:] != xy[:-1]).any(axis=1))[: len(xy)]
    keep[start[:-1]] = False
    keep[start[pieces.first[:-1]]] = True  # where a walk begins
    kept = np.concatenate([[0], np.cumsum(keep)])[start]

    # the vertex at which each piece ends, counted within its walk
    walk = np.repeat(np.arange(len(pieces.first) - 1), np.diff(pieces.first))
    last = kept[1:] - kept[pieces.first[:-1]][walk] - 1
    line_start, line_xy = kept[pieces.first], xy[keep]

    short = np.flatnonzero(np.diff(line_start) == 1)
    if len(short):
        doors = xy[start[pieces.first[short + 1]] - 1]
        line_xy = np.insert(line_xy, line_start[short] + 1, doors, axis=0)
        longer = np.zeros(len(line_start), dtype=np.int64)
        longer[short + 1] = 1
        line_start = line_start + np.cumsum(longer)
    last[pieces.first[1:] - 1] = np.diff(line_start) - 1
    return _Lines(line_start, line_xy, last)


def _vertices(net: StreetNetwork, pieces: _Pieces, drawn: Paths) -> tuple[IntArray, FloatArray]:
    """Return (q + 1,) where the line of each piece starts, and the vertices of all of them."""
    edge = pieces.edge
    off = (edge < 0) | (edge >= net.edge_count)
    low = np.minimum(pieces.from_m, pieces.to_m)
    high = np.maximum(pieces.from_m, pieces.to_m)

    # nearly all edges are walked as a whole, and need no cut
    whole = ~off & (low == 0.0) & (high == np.append(net.edge_m, -1.0)[np.where(off, -1, edge)])
    part = ~off & ~whole
    cuts = cut(net, edge[part], low[part], high[part])
    begin, size = net.vertex_from[edge[whole]], np.diff(net.vertex_from)[edge[whole]]
    ends = np.concatenate([[0], np.cumsum(size)])
    uncut = net.vertex_xy[ranges(begin, size)]

    # where the vertices of each piece stand among those of cuts, whole edges and what is no street
    count, origin = (np.empty(len(edge), dtype=np.int64) for _ in range(2))
    count[part], count[whole], count[off] = np.diff(cuts.start), size, np.diff(drawn.start)
    origin[part], origin[whole] = cuts.start[:-1], len(cuts.xy) + ends[:-1]
    origin[off] = len(cuts.xy) + len(uncut) + drawn.start[:-1]

    # every piece in its turn, backward where it is walked so
    start = np.concatenate([[0], np.cumsum(count)])
    piece = np.repeat(np.arange(len(edge)), count)
    at = np.arange(start[-1]) - start[piece]
    backward = (pieces.from_m > pieces.to_m)[piece]
    row = origin[piece] + np.where(backward, count[piece] - 1 - at, at)
    return start, np.concatenate([cuts.xy, uncut, drawn.xy])[row]


def _kinds(net: StreetNetwork, edge: IntArray) -> IntArray:
    """Return what tells stretches apart: name, steps and private as one number, _LEG for a leg."""
    name = net.name[edge].astype(np.int64)
    return np.where(edge < 0, _LEG, (name * 2 + net.steps[edge]) * 2 + net.private[edge])


def _stretches(pieces: _Pieces, kind: IntArray, meters: FloatArray, lines: _Lines) -> _Stretches:
    """Return the stretches of all walks: pieces of no length are left out, neighbors of one kind are joined."""
    walks = len(pieces.first) - 1
    walk = np.repeat(np.arange(walks), np.diff(pieces.first))
    some = np.flatnonzero(meters != 0.0)
    walk, kind, meters, last = walk[some], kind[some], meters[some], lines.last[some]

    # a stretch begins where the walk or the kind changes
    begin = np.flatnonzero(begins_run(walk, kind))
    ends = np.append(begin, len(some))[1:] - 1
    of_walk = walk[begin]
    start = np.searchsorted(of_walk, np.arange(walks + 1))

    # a last leg of less than half a millimeter has no stretch of its own
    last_vertex = last[ends]
    final = start[1:][np.diff(start) > 0] - 1
    last_vertex[final] = (np.diff(lines.start) - 1)[of_walk[final]]
    sums = np.add.reduceat(meters, begin) if len(begin) else np.empty(0)
    return _Stretches(start, kind[begin], sums, last_vertex)


def _among(start: IntArray, walk: IntArray, count: int) -> IntArray:
    """Return where the rows of all ``count`` walks begin, if those of ``walk`` begin at ``start``.

    Others have none.
    """
    sizes = np.zeros(count, dtype=np.int64)
    sizes[walk] = np.diff(start)
    return np.concatenate([[0], np.cumsum(sizes)])
