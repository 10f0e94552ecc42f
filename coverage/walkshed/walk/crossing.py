"""People and stations on squares: they walk straight to every entry, and to each other (definition 16)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    Int32Array,
    IntArray,
    begins_run,
    ranges,
    read_only,
    to_ticks,
)
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.squares import Squares
from walkshed.model.ground.walking import Anchors, Standing
from walkshed.streets.squares.sight import (
    ON_OUTLINE_M,
    Sides,
    lies_on,
    nearest_on_outline,
    on_ground,
    sees,
    sides_of,
)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """n places on squares: doors that lie on one, sorted by door, then square."""

    door: IntArray  # (n,)
    square: IntArray  # (n,)
    xy: FloatArray  # (n, 2) the door, or the nearest place on the outline where that is at it
    leg_m: FloatArray  # (n,) from the door to the place


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """Straight walks from places to the entries of their squares, w in all, sorted by place."""

    place: IntArray  # (w,)
    entry: IntArray  # (w,)
    meters: FloatArray  # (w,) multiples of 1/1024


@dataclass(frozen=True, slots=True, eq=False)
class Across:
    """Walks from points to stations on one square, by no street."""

    point_anchor: IntArray
    station_anchor: IntArray
    legs_m: FloatArray  # both legs, to the two places
    inner_m: FloatArray  # between the two places


def places_on(net: StreetNetwork, xy: FloatArray, usable: BoolArray | None) -> Places:
    """Return which doors, (d, 2) on the plane, lie on squares of usable components where people may stand."""
    squares = net.squares
    counted = squares.enterable
    if usable is not None and len(squares):
        of_square = net.component[squares.entry_edge[squares.entry_from[:-1]]]
        counted = counted & np.asarray(usable, dtype=np.bool_)[of_square]

    rows = np.flatnonzero(counted)
    if len(rows) == 0 or len(xy) == 0:
        none = np.zeros(0, dtype=np.int64)
        return Places(none, none, np.zeros((0, 2)), np.zeros(0))

    # squares whose box holds the door
    bounds = squares.segment_from[:-1]
    low = np.minimum.reduceat(squares.vertex_xy, bounds)[rows] - ON_OUTLINE_M
    high = np.maximum.reduceat(squares.vertex_xy, bounds)[rows] + ON_OUTLINE_M
    near, door = shapely.STRtree(shapely.points(xy)).query(shapely.box(*low.T, *high.T))
    order = np.lexsort([near, door])
    square, door = rows[near[order]], door[order]

    # on the outline, or within it
    sides = _sides(squares)
    away_m, foot = nearest_on_outline(sides, square, xy[door])
    beside = away_m <= ON_OUTLINE_M
    held = beside | on_ground(sides, square, xy[door])
    place = np.where(beside[:, None], foot, xy[door])
    leg_m = np.where(beside, to_ticks(away_m), 0.0)
    return Places(door[held], square[held], place[held], leg_m[held])


def _ways_to_entries(squares: Squares, places: Places) -> _Ways:
    """Return the shortest walk on the ground from each place to each entry of its square."""
    parts, owner, entries = [np.zeros(0)], [], []
    for row, corner_m in enumerate(_to_corners(squares, places.square, places.xy)):
        square = places.square[row]
        first, last = squares.entry_from[square], squares.entry_from[square + 1]

        corner = squares.entry_corner[first:last] - squares.corner_from[square]
        parts.append((corner_m[:, None] + squares.between(square)[:, corner]).min(axis=0))
        entries.append(np.arange(first, last))
        owner.append(np.full(last - first, row))

    meters = np.concatenate(parts)
    found = np.flatnonzero(np.isfinite(meters))
    none = np.zeros(0, dtype=np.int64)
    return _Ways(
        np.concatenate([none, *owner])[found],
        np.concatenate([none, *entries])[found],
        meters[found],
    )


def with_entries(
    net: StreetNetwork,
    places: Places,
    feet: tuple[IntArray, Int32Array, FloatArray, FloatArray, FloatArray],
) -> tuple[IntArray, Int32Array, FloatArray, FloatArray, FloatArray, Standing]:
    """Return door, edge, offset, leg and foot of anchors, those of doors on squares too, and the places.

    Sorted by door. Of the other feet of such a door stay those that lie straight across its square.
    """
    # what is straight across a square of the door, the first one; -1 for doors on none
    door, edge, offset, leg, foot = feet
    low = np.searchsorted(places.door, door, side="left")
    count = np.searchsorted(places.door, door, side="right") - low
    row, place = np.repeat(np.arange(len(door)), count), ranges(low, count)
    sides = _sides(net.squares)
    seen = np.flatnonzero(lies_on(sides, places.square[place], places.xy[place], foot[row]))[::-1]
    across = np.full(len(door), -1, dtype=np.int64)
    across[row[seen]] = place[seen]
    kept = (count == 0) | (across >= 0)
    door, edge, offset, leg, foot = door[kept], edge[kept], offset[kept], leg[kept], foot[kept]
    across = across[kept]

    # the entries first, then the others
    squares, ways = net.squares, _ways_to_entries(net.squares, places)
    entry_edge = squares.entry_edge[ways.entry]
    number = np.concatenate([places.door[ways.place], door])
    order = np.argsort(number, kind="stable")
    on_square = np.where(across >= 0, leg - np.append(places.leg_m, 0.0)[across], 0.0)
    inner_m = np.concatenate([ways.meters, np.maximum(on_square, 0.0)])[order]
    legs = places.leg_m[ways.place] + ways.meters
    entry_xy = squares.corner_xy[squares.entry_corner[ways.entry]]

    return (
        number[order],
        np.concatenate([entry_edge, edge])[order].astype(np.int32),
        np.concatenate([squares.entry_offset_m[ways.entry], offset])[order],
        np.concatenate([legs, leg])[order],
        np.concatenate([entry_xy, foot])[order],
        Standing(
            read_only(places.square, np.int32),
            read_only(places.xy, np.float64),
            read_only(np.concatenate([ways.place, across])[order], np.int32),
            read_only(inner_m, np.float64),
        ),
    )


def across(net: StreetNetwork, points: Anchors, stations: Anchors) -> Across:
    """Return the shortest walks on the ground between points and stations on one square, by the point's anchor."""
    begin, end = _standing(points), _standing(stations)
    one, other = points.feet.standing, stations.feet.standing
    if one is None or other is None or not (len(begin) and len(end)):
        none = np.zeros(0, dtype=np.int64)
        return Across(none, none, np.zeros(0), np.zeros(0))

    # between every two places on one square
    begins, of_begin = np.unique(one.place[points.foot[begin]], return_inverse=True)
    ends, of_end = np.unique(other.place[stations.foot[end]], return_inverse=True)
    row, column = np.nonzero(one.square[begins][:, None] == other.square[ends])
    inner_m = np.full((len(begins), len(ends)), np.inf)
    inner_m[row, column] = _between_places(
        net.squares,
        one.square[begins[row]].astype(np.int64),
        one.xy[begins[row]],
        other.xy[ends[column]],
    )

    # every point with every station
    near = np.isfinite(inner_m).any(axis=1)[of_begin]
    begin, of_begin = begin[near], of_begin[near]
    first, second = np.nonzero(np.isfinite(inner_m[of_begin][:, of_end]))
    a, b = begin[first], end[second]
    legs_m = points.street_leg_m[a] + stations.street_leg_m[b]
    return Across(a, b, legs_m, inner_m[of_begin[first], of_end[second]])


def _between_places(
    squares: Squares, square: IntArray, begin: FloatArray, end: FloatArray
) -> FloatArray:
    """Return the meters on the ground from each place to another, inf where no walk was found."""
    away = begin - end
    straight = to_ticks(np.sqrt(away[:, 0] * away[:, 0] + away[:, 1] * away[:, 1]))
    meters = np.where(sees(_sides(squares), square, begin, end), straight, np.inf)

    # around corners, where there is no straight line
    bent = np.flatnonzero(np.isinf(meters))
    leaving = _to_corners(squares, square[bent], begin[bent])
    coming = _to_corners(squares, square[bent], end[bent])
    for row, one, other in zip(bent.tolist(), leaving, coming):
        meters[row] = (one[:, None] + squares.between(int(square[row])) + other).min()
    return meters


def course(squares: Squares, square: int, begin: FloatArray, end: FloatArray) -> FloatArray:
    """Return (v, 2) the line of the shortest walk on the ground between two places, both included."""
    if sees(_sides(squares), np.array([square]), begin[None], end[None])[0]:
        return np.stack([begin, end])

    # by the corners that make the least of the whole
    both = np.array([square, square])
    to_corner, from_corner = _to_corners(squares, both, np.stack([begin, end]))
    between = squares.between(square)
    total = to_corner[:, None] + between + from_corner
    first, last = np.unravel_index(np.argmin(total), total.shape)

    corners = squares.corners_between(square, int(first), int(last))
    xy = squares.corner_xy[squares.corner_from[square] + np.array(corners)]
    return np.vstack([begin, xy, end])


def _to_corners(squares: Squares, square: IntArray, xy: FloatArray) -> list[FloatArray]:
    """Return, by place, the meters straight to each corner of its square, inf to those that it does not see."""
    count = squares.corner_from[square + 1] - squares.corner_from[square]
    place = np.repeat(np.arange(len(square)), count)
    corner = squares.corner_xy[ranges(squares.corner_from[square], count)]
    away = xy[place] - corner
    meters = to_ticks(np.sqrt(away[:, 0] * away[:, 0] + away[:, 1] * away[:, 1]))
    meters[~sees(_sides(squares), square[place], xy[place], corner)] = np.inf
    return np.split(meters, np.cumsum(count)[:-1])


def _sides(squares: Squares) -> Sides:
    return sides_of(squares.ring_from, squares.vertex_from, squares.vertex_xy)


def _standing(anchors: Anchors) -> IntArray:
    """Return one anchor for each place on a square of each point: the first of those that lead from there."""
    standing = anchors.feet.standing
    if standing is None:
        return np.zeros(0, dtype=np.int64)
    place = standing.place[anchors.foot]
    rows = np.flatnonzero(place >= 0)
    owner = np.searchsorted(anchors.start, rows, side="right") - 1
    return rows[begins_run(place[rows], owner)] if len(rows) else rows
