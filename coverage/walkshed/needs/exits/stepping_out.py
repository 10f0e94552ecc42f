"""Residents who step out of their block right where a station stands, on a way along its edge (definition 7)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import IntArray, frozen, ranges, read_only, to_ticks
from walkshed.model.ground.walking import Anchors, Feet
from walkshed.model.judged.coverage import Demand
from walkshed.needs.exits.candidates import SAME_NODE_M


def with_feet(demand: Demand, stations: Anchors) -> Demand:
    """Return the residents with an exit at the foot of every station on a way along the edge of their block.

    Exits at the ends of the stretch are there already; so no walk to these stations would be
    shorter from anywhere else on it. Such an exit leads to the street alone, also where that is the
    outline of a square: who crosses the square to elsewhere leaves at an end of the stretch, as if
    no station stood there. So no walk hangs on where another station stands, or a candidate. Where
    nothing is new the same value comes back.
    """
    block, foot = _new(demand, stations)
    if len(block) == 0:
        return demand
    points, exits = len(demand.weight), len(demand.exit_xy)
    first = len(demand.anchors.feet.edge)
    xy = stations.feet.xy[foot]

    # exits by block: those that are there, then the new ones
    owner = np.concatenate([demand.exit_block, block])
    order = np.argsort(owner, kind="stable")
    moved = np.empty(len(order), dtype=np.int64)
    moved[order] = np.arange(len(order))
    exit_start = np.searchsorted(owner[order], np.arange(len(demand.exit_start)))

    # every point of the block gets an anchor at each new foot
    size = np.diff(demand.start)[block]
    point = ranges(demand.start[block], size)
    new = np.repeat(np.arange(len(block)), size)
    away = demand.xy[point] - xy[new]
    leg_m = to_ticks(np.hypot(away[:, 0], away[:, 1]))

    of_point = np.repeat(np.arange(points), np.diff(demand.anchors.start))
    place = np.argsort(np.concatenate([of_point, point]), kind="stable")
    count = np.diff(demand.anchors.start) + np.bincount(point, minlength=points)

    feet = demand.anchors.feet
    anchors = replace(
        demand.anchors,
        start=read_only(np.concatenate([[0], np.cumsum(count)]), np.int64),
        foot=read_only(np.concatenate([demand.anchors.foot, first + new])[place], np.int32),
        leg_m=frozen(np.concatenate([demand.anchors.leg_m, leg_m])[place]),
        feet=Feet(
            read_only(np.concatenate([feet.edge, stations.feet.edge[foot]]), np.int32),
            frozen(np.concatenate([feet.offset_m, stations.feet.offset_m[foot]])),
            frozen(np.concatenate([feet.xy, xy])),
            None if feet.standing is None else feet.standing.with_streets(len(block)),
        ),
    )

    return replace(
        demand,
        exit_start=read_only(exit_start, np.int64),
        exit_xy=read_only(np.concatenate([demand.exit_xy, xy])[order], np.float64),
        anchors=anchors,
        foot_exit=read_only(
            moved[np.concatenate([demand.foot_exit, exits + np.arange(len(block))])], np.int32
        ),
        exit_leg_m=frozen(np.concatenate([demand.exit_leg_m, np.zeros(len(block))])),
        lasting=frozen(demand.lasting_anchors),
    )


def _new(demand: Demand, stations: Anchors) -> tuple[IntArray, IntArray]:
    """Return the blocks and the feet of stations that lie on their stretches.

    None where an exit is already.
    """
    stretches, feet = demand.stretches, stations.feet
    used = np.unique(stations.foot)
    by_edge = used[np.argsort(feet.edge[used], kind="stable")]
    low = np.searchsorted(feet.edge[by_edge], stretches.edge, side="left")
    high = np.searchsorted(feet.edge[by_edge], stretches.edge, side="right")
    foot = by_edge[ranges(low, high - low)]
    row = np.repeat(np.arange(len(low)), high - low)

    offset_m = feet.offset_m[foot]
    on = (offset_m >= stretches.low_m[row]) & (offset_m <= stretches.high_m[row])
    block, foot = stretches.block[row[on]], foot[on]

    # a place that an exit of the block has, or an earlier station, is none anew; a gate beside the
    # way has its foot there, and stands elsewhere
    had = demand.anchors.feet
    beside = np.hypot(*(had.xy - demand.exit_xy[demand.foot_exit]).T) > SAME_NODE_M
    nearby = np.flatnonzero(np.isin(had.edge, feet.edge[foot]) & ~beside)
    every = np.column_stack(
        [
            np.concatenate([demand.exit_block[demand.foot_exit[nearby]], block]).astype(np.float64),
            np.concatenate([had.edge[nearby], feet.edge[foot]]),
            np.concatenate([had.offset_m[nearby], feet.offset_m[foot]]),
        ]
    )

    _, once = np.unique(every, axis=0, return_index=True)
    new = np.sort(once[once >= len(nearby)]) - len(nearby)
    return block[new], foot[new].astype(np.int64)
