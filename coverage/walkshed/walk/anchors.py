"""Where points meet the street network: the foot of the perpendicular on the nearest usable edge (definition 3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import (
    TICKS,
    BoolArray,
    FloatArray,
    Int32Array,
    IntArray,
    ranges,
    read_only,
    to_ticks,
)
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors, on_own_feet
from walkshed.model.messages import Message
from walkshed.walk.crossing import places_on, with_entries

#: A component of the network longer than this is usable without holding a station (definition 3).
USABLE_COMPONENT_M = 500.0


@dataclass(frozen=True, slots=True, eq=False)
class EdgeIndex:
    """A spatial index over the usable edges.

    Made by ``index_edges``, good for many snaps. ``tree`` is None when no edge is usable; its items
    are the rows of ``edge``.
    """

    tree: shapely.STRtree | None
    edge: IntArray  # (g,)


def usable_components(
    net: StreetNetwork, station_xy: FloatArray, *, max_snap_m: float = 100.0
) -> BoolArray:
    """Return (c,) True for components longer than 500 m and for those that hold a station.

    A station, (s, 2) plane meters, is held by the component of the walkable edge nearest to it, if
    that lies within ``max_snap_m``. Raises ``InvalidValueError`` for coordinates that are not
    finite.
    """
    usable = np.asarray(net.component_m > USABLE_COMPONENT_M)
    held = snap(net, station_xy, max_snap_m=max_snap_m)
    usable[net.component[held.edge]] = True
    return read_only(usable, np.bool_)


def index_edges(net: StreetNetwork, *, usable: BoolArray | None = None) -> EdgeIndex:
    """Return an index over all edges, or over those in components marked in ``usable`` (c,).

    Bridges and tunnels are left out: people join them at their ends, which other edges share.
    """
    counts = net.enterable
    if usable is not None:
        counts = counts & np.asarray(usable, dtype=np.bool_)[net.component]
    return index_of(net, np.flatnonzero(counts))


def index_of(net: StreetNetwork, edge: IntArray) -> EdgeIndex:
    """Return an index over some edges, all of which count."""
    if len(edge) == 0:
        return EdgeIndex(None, edge)

    # their vertices end to end
    size = np.diff(net.vertex_from)[edge]
    xy = net.vertex_xy[ranges(net.vertex_from[edge], size)]
    start = np.concatenate([[0], np.cumsum(size)])
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, xy, (start,))
    return EdgeIndex(shapely.STRtree(lines), edge)


def snap(
    net: StreetNetwork,
    xy: FloatArray,
    *,
    max_snap_m: float = 100.0,
    usable: BoolArray | None = None,
    start: ArrayLike | None = None,
    index: EdgeIndex | None = None,
) -> Anchors:
    """Return the anchors of points on the nearest usable edges.

    ``xy`` is (d, 2) plane meters, one row per door. ``start`` (p + 1,) groups doors into points,
    which then have one anchor per door that is near enough; without it every row is a point. A
    point of several doors lies, for ``point_xy``, at the first of them; each anchor's ``door_xy``
    says where its leg begins. ``usable`` (c,) marks the components that count (all, when None).
    ``index`` is one made by ``index_edges`` with the same ``usable``, to be shared by several
    calls.

    The leg runs straight from the door to the foot. Between feet equally near (to 1/1024 m) none is
    preferred: the door has an anchor at each, so that no answer hangs on an order. Streets that end
    at the very foot without joining (the two sides of a closed gate) are met each: who stands at
    the gate walks either way. Doors farther than ``max_snap_m`` have no anchor. A door on a square
    has one at each entry, with the walk across the square as its leg, and besides those feet that
    lie straight across it. Raises ``InvalidValueError`` for coordinates that are not finite, or for
    a limit that is no distance.
    """
    xy = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    _check(xy, max_snap_m)
    point_start = np.arange(len(xy) + 1) if start is None else np.asarray(start, dtype=np.int64)

    if index is None:
        index = index_edges(net, usable=usable)
    door, edge, offset, leg, foot = nearest_feet(net, xy, index)
    door_m = np.full(len(xy), np.inf)
    door_m[door] = leg

    near = leg <= max_snap_m
    door, edge, offset, leg, foot = door[near], edge[near], offset[near], leg[near], foot[near]

    # doors on squares meet the network at the entries of their squares
    standing = None
    places = places_on(net, xy, usable)
    if len(places.door):
        door_m[places.door] = np.minimum(door_m[places.door], places.leg_m)
        door, edge, offset, leg, foot, standing = with_entries(
            net, places, (door, edge, offset, leg, foot)
        )

    # of a point's doors the nearest way counts
    count = len(point_start) - 1
    point_of_door = np.repeat(np.arange(count), np.diff(point_start))
    nearest = np.full(count, np.inf)
    np.minimum.at(nearest, point_of_door, door_m)

    first = np.minimum(point_start[:-1], max(len(xy) - 1, 0))
    with_doors = (np.diff(point_start) > 0)[:, None]
    point_xy = np.where(with_doors, xy[first] if len(xy) else 0.0, np.nan).reshape(-1, 2)

    return on_own_feet(
        start=read_only(np.searchsorted(point_of_door[door], np.arange(count + 1)), np.int64),
        edge=read_only(edge, np.int32),
        offset_m=read_only(offset, np.float64),
        leg_m=read_only(leg, np.float64),
        xy=read_only(foot, np.float64),
        point_xy=read_only(point_xy, np.float64),
        nearest_way_m=read_only(nearest, np.float64),
        door_xy=None if start is None else read_only(xy[door], np.float64),
        standing=standing,
    )


def _check(xy: FloatArray, max_snap_m: float) -> None:
    bad = np.flatnonzero(~np.isfinite(xy).all(axis=1))
    if len(bad):
        row = int(bad[0])
        raise InvalidValueError(
            Message(
                "row {row}: coordinates ({x}, {y}) are not finite; check the coordinates and "
                "their reference system, or leave the row out",
                row=row,
                x=xy[row, 0],
                y=xy[row, 1],
            )
        )

    if not max_snap_m >= 0.0:
        raise InvalidValueError(
            Message(
                "max_snap_m = {max_snap_m} is not a valid distance; give meters, 0 or more (100 "
                "by default)",
                max_snap_m=max_snap_m,
            )
        )


def nearest_feet(
    net: StreetNetwork, xy: FloatArray, index: EdgeIndex
) -> tuple[IntArray, Int32Array, FloatArray, FloatArray, FloatArray]:
    """Return, for each door that has a nearest edge: door, edge, offset, leg and (n, 2) foot, sorted by door.

    Squares do not count.
    """
    if index.tree is None or len(xy) == 0:
        none = np.zeros(0)
        return none.astype(np.int64), none.astype(np.int32), none, none, none.reshape(0, 2)

    points = shapely.points(xy)
    (_, _), distance = index.tree.query_nearest(points, return_distance=True, all_matches=False)
    # Everything within one rounding step of the nearest can share its rounded leg, and nothing else
    # can.
    door, item = index.tree.query(
        points, predicate="dwithin", distance=np.asarray(distance) + 1.0 / TICKS
    )

    # every straight segment of those edges
    edge = index.edge[item]
    size = net.vertex_from[edge + 1] - net.vertex_from[edge] - 1
    vertex = ranges(net.vertex_from[edge], size)
    door, edge = np.repeat(door, size), np.repeat(edge, size)
    foot, fraction = _feet(xy[door], net.vertex_xy[vertex], net.vertex_xy[vertex + 1])
    away = xy[door] - foot
    # no hypot: the page's engine takes the same steps, each rounded alike
    leg = to_ticks(np.sqrt(away[:, 0] * away[:, 0] + away[:, 1] * away[:, 1]))
    walked = net.vertex_m[vertex] + fraction * (net.vertex_m[vertex + 1] - net.vertex_m[vertex])
    offset = np.clip(to_ticks(walked), 0.0, net.edge_m[edge])

    # public ways before private ones, then the lower edge
    order = np.lexsort((offset, edge, ~net.private[edge], leg, door))
    door, edge, offset, leg, foot = door[order], edge[order], offset[order], leg[order], foot[order]
    chosen = _equally_near(net, door, edge, offset, leg)
    return door[chosen], edge[chosen].astype(np.int32), offset[chosen], leg[chosen], foot[chosen]


def _equally_near(
    net: StreetNetwork, door: IntArray, edge: IntArray, offset: FloatArray, leg: FloatArray
) -> IntArray:
    """Return the rows (sorted by door, leg, private first, edge, offset) that become anchors: all shortest legs.

    Streets that join in the very foot are met once there: on a private one, if there is one, since
    from its beginning a walk may go on along any, and else on the lowest edge. Those that end in it
    without joining (the two sides of a closed gate) are met each.
    """
    first = np.flatnonzero(np.diff(door, prepend=-1))
    shortest = np.repeat(leg[first], np.diff(np.append(first, len(door))))
    rows = np.flatnonzero(leg == shortest)
    door, edge, offset = door[rows], edge[rows], offset[rows]

    # a place is a node, or an edge and an offset
    at_start, at_end = offset == 0.0, offset == net.edge_m[edge]
    node = np.where(at_start, net.edge_start[edge], net.edge_end[edge])
    place = np.where(at_start | at_end, -1 - node, edge)
    within = np.where(at_start | at_end, 0.0, offset)
    _, distinct = np.unique(np.column_stack([door, place, within]), axis=0, return_index=True)
    return rows[np.sort(distinct)]


def _feet(point: FloatArray, start: FloatArray, end: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the foot of each point on its segment, (n, 2), and its fraction of the segment.

    Ends are met exactly.
    """
    along = end - start
    squared = (along**2).sum(axis=1)
    safe = np.where(squared > 0.0, squared, 1.0)
    fraction = np.clip(((point - start) * along).sum(axis=1) / safe, 0.0, 1.0)
    foot = np.where((fraction == 1.0)[:, None], end, start + fraction[:, None] * along)
    return np.asarray(foot, dtype=np.float64), np.asarray(fraction, dtype=np.float64)
