"""Stations inside compounds: others come to them by its exits (definition 3)."""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    ranges,
    read_only,
    to_ticks,
)
from walkshed.model.ground.walking import Anchors, on_own_feet, standing_of
from walkshed.model.judged.coverage import Demand
from walkshed.model.judged.verdicts import ExitKind
from walkshed.needs.exits.yards import crossed, fine, holding


def by_exits(demand: Demand, stations: Anchors, doors: FloatArray, door_start: IntArray) -> Anchors:
    """Return where stations meet the streets: those inside a compound at its exits, like its residents.

    ``doors`` (d, 2) of stations, rows ``door_start[i]:door_start[i + 1]`` for station ``i``, meet
    the streets at ``stations``. (1) The doors inside, and the exits of their compounds, but for
    those that other stations alone bring about: no station's place hangs on where others stand. (2)
    Their own feet count besides, but for those through a wall: where exits are given or mapped, a
    leg must keep to the compound, or lead to a way along its edge onto which its residents step,
    too. (3) Both together.
    """
    door, yard = holding(demand.yards, doors)  # (1)
    block = demand.yards.block[yard]
    count = demand.lasting_anchors[block]
    met = count > 0
    door, yard, block, count = door[met], yard[met], block[met], count[met]
    if not len(door):
        return stations
    pair = np.repeat(np.arange(len(door)), count)
    row = ranges(demand.anchors.start[demand.start[block]], count)
    foot = demand.anchors.foot[row]
    exit_xy = demand.exit_xy[demand.foot_exit[foot]]
    away = doors[door[pair]] - fine(exit_xy)
    leg_m = straight_m(away) + demand.exit_leg_m[foot]
    station = np.searchsorted(door_start, door[pair], side="right") - 1

    kept = ~_through_a_wall(demand, stations, doors[door], yard)  # (2)

    own = np.repeat(np.arange(len(stations.start) - 1), np.diff(stations.start))  # (3)
    owner = np.concatenate([own[kept], station])
    order = np.argsort(owner, kind="stable")
    feet = demand.anchors.feet

    standing = standing_of(stations).take(np.flatnonzero(kept))
    standing = standing.beside(standing_of(demand.anchors).take(row)).take(order)

    def joined(own: np.ndarray, at_exits: np.ndarray) -> np.ndarray:
        return np.concatenate([own[kept], at_exits])[order]

    return on_own_feet(
        start=read_only(np.searchsorted(owner[order], np.arange(len(stations.start))), np.int64),
        edge=read_only(joined(stations.edge, feet.edge[foot]), np.int32),
        offset_m=read_only(joined(stations.offset_m, feet.offset_m[foot]), np.float64),
        leg_m=read_only(joined(stations.leg_m, leg_m), np.float64),
        xy=read_only(joined(stations.xy, feet.xy[foot]), np.float64),
        point_xy=stations.point_xy,
        nearest_way_m=stations.nearest_way_m,
        door_xy=read_only(joined(door_of_each(stations), doors[door[pair]]), np.float64),
        via_xy=read_only(joined(np.full((len(kept), 2), np.nan), exit_xy), np.float64),
        standing=standing,
    )


def doors_inside(demand: Demand, stations: Anchors) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the doors of stations that stand inside compounds (n, 2), whose they are, and (t,) anchors at exits.

    ``stations`` are those that ``by_exits`` returned: their last anchors are those at exits.
    """
    doors, owner = doors_of(stations)
    door, yard = holding(demand.yards, doors)
    count = demand.lasting_anchors[demand.yards.block[yard]]
    at_exits = np.bincount(owner[door], weights=count, minlength=len(stations.start) - 1)
    inside = np.unique(door)
    return doors[inside], owner[inside], at_exits.astype(np.int64)


def _through_a_wall(
    demand: Demand, stations: Anchors, inside: FloatArray, yard: IntArray
) -> BoolArray:
    """Return (a,) the anchors of stations whose leg leads from a door ``inside`` a yard through its edge.

    Where exits are inferred no wall is known.
    """
    wall = np.zeros(len(stations.foot), dtype=bool)
    doors = door_of_each(stations)
    for xy, number in zip(inside, yard.tolist(), strict=True):
        kind = demand.exit_kind[demand.yards.block[number]]
        if kind in (ExitKind.GIVEN, ExitKind.MAPPED):
            own = np.flatnonzero((doors == xy).all(axis=1))
            edges = demand.yards.edges[slice(*demand.yards.edge_start[number : number + 2])]
            out = crossed(doors[own], stations.xy[own], edges)
            wall[own] |= out & ~_on_stretch(demand, number, stations, own)
    return wall


def _on_stretch(demand: Demand, yard: int, stations: Anchors, anchors: IntArray) -> BoolArray:
    """Return which anchors lie on a way along the edge of a yard."""
    along = demand.stretches.some(demand.stretches.block == demand.yards.block[yard])
    edge, offset_m = stations.edge[anchors, None], stations.offset_m[anchors, None]
    on = (edge == along.edge) & (along.low_m <= offset_m) & (offset_m <= along.high_m)
    return np.asarray(on.any(axis=1), dtype=bool)


def door_of_each(stations: Anchors) -> FloatArray:
    """Return (a, 2) where the leg of each anchor begins."""
    if stations.door_xy is not None:
        return stations.door_xy
    owner = np.repeat(np.arange(len(stations.start) - 1), np.diff(stations.start))
    places: FloatArray = stations.point_xy[owner]
    return places


def doors_of(stations: Anchors) -> tuple[FloatArray, IntArray]:
    """Return the doors of stations that meet a street, the place of those that meet none, and whose they are."""
    owner = np.repeat(np.arange(len(stations.start) - 1), np.diff(stations.start))
    off = np.flatnonzero(~stations.on_network)
    rows = np.column_stack(
        [
            np.concatenate([owner, off]),
            np.concatenate([door_of_each(stations), stations.point_xy[off]]),
        ]
    )
    rows = np.unique(rows, axis=0)
    return rows[:, 1:], rows[:, 0].astype(np.int64)


def straight_m(away: FloatArray) -> FloatArray:
    """Return the length of differences (n, 2) in multiples of 1/1024."""
    return to_ticks(straight_off(away))


def straight_off(away: FloatArray) -> FloatArray:
    """Return the length of differences (n, 2), by the steps that the page's engine takes."""
    length: FloatArray = np.sqrt(away[:, 0] * away[:, 0] + away[:, 1] * away[:, 1])
    return length
