"""The walk that stands for each judgment: from the block's typical home to its nearest station, with street names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from walkshed.maps.packing import pack_column, pack_integers, pack_lines
from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.judged.answers import Answer
from walkshed.model.judged.coverage import Demand
from walkshed.model.results import Results
from walkshed.needs.exits.inside import InsideWalks, inside_walks
from walkshed.walk.reach.pieces import cut
from walkshed.walk.routes.journeys import journeys

#: What a stretch of a walk is, by the number that stands for it in the payload.
STREET, PRIVATE, STEPS, LEG = range(4)
#: An hour is no walk to a service: beyond this the distance is told, but the walk is not drawn
#: (a page of a whole city would carry thousands of walks across it).
FARTHEST_WALK_M = 5000.0
#: So many walks are sought at once: all the vertices of a city's walks would take much memory.
WALKS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """The walks that an answer asks for: w pairs of station and point."""

    of: IntArray  # (b, s) the number of each judgment's walk, -1 for none
    station: IntArray  # (w,)
    point: IntArray  # (w,)
    meters: FloatArray  # (w,)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One walk as the page takes it, packed."""

    line: str
    stretches: str


def typical_points(demand: Demand, answer: Answer) -> IntArray:
    """Return (b, s) the point whose distance is the block's weighted median; -1 for none.

    Among points that share the distance, one whose nearest station is the block's comes first, then
    the lower index.
    """
    judgments, block_of = answer.judgments, demand.block
    typical = np.full(judgments.shape, -1, dtype=np.int64)
    for service in range(judgments.shape[1]):
        # points at the median, but for rounding
        median_m = judgments.nearest_m[:, service][block_of]
        away = np.abs(answer.nearest_m[service, :, 0] - median_m)
        near = np.flatnonzero(away < 1.0)  # nan: the block has no median
        block = block_of[near]

        # the best of each block
        station = answer.nearest_station[service, near, 0]
        elsewhere = station != judgments.nearest[block, service]
        order = np.lexsort([near, elsewhere, np.round(away[near], 6), block])
        blocks, first = np.unique(block[order], return_index=True)
        typical[blocks, service] = near[order[first]]
    return typical


def walks(results: Results, answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Return what the page draws of walks, for each of ``answers``.

    ``{"of": judgment → walk or -1, "lines": […], "station": […], "stretches": […], "names": […]}``.
    Walks are drawn from the home by its exit to the station's door and are shared by judgments of
    one home and station. ``of`` is packed, and so are the stretches of a walk, four numbers each:
    name (index), tenths of meters, kind, last vertex; the meters of a walk sum to its distance. A
    walk that stands for judgments of several answers is sought once.
    """
    asked = [_asked(results.demand, answer) for answer in answers]

    # a walk that several answers ask for is sought once
    points = len(results.demand.weight)
    keys = [pairs.station * points + pairs.point for pairs in asked]
    wanted = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *keys]))
    most_m = np.zeros(len(wanted))
    for pairs, key in zip(asked, keys, strict=True):
        np.maximum.at(most_m, np.searchsorted(wanted, key), pairs.meters)

    # some at a time: the paths of a whole city would take much memory
    inside = inside_walks(results.network, results.demand, results.station_anchors)
    found = [
        walk
        for some in np.array_split(np.arange(len(wanted)), max(1, len(wanted) // WALKS_AT_ONCE))
        for walk in _drawn(
            results, inside, wanted[some] // points, wanted[some] % points, most_m[some]
        )
    ]

    return [
        _told(pairs, [found[number] for number in np.searchsorted(wanted, key).tolist()], results)
        for pairs, key in zip(asked, keys, strict=True)
    ]


def _asked(demand: Demand, answer: Answer) -> _Asked:
    """Return the walks that the judgments of one answer ask for, each once, in the order in which they do."""
    typical = typical_points(demand, answer)
    services = np.broadcast_to(np.arange(typical.shape[1]), typical.shape)
    station = np.where(typical >= 0, answer.nearest_station[services, typical, 0], -1)
    drawn = (station >= 0) & (answer.judgments.nearest_m <= FARTHEST_WALK_M)

    points = len(demand.weight)
    keys = station[drawn].astype(np.int64) * points + typical[drawn]
    listed, first, place = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.argsort(order)
    of = np.full(typical.shape, -1, dtype=np.int64)
    of[drawn] = rank[place]
    meters = answer.nearest_m[services, typical, 0][drawn][first]
    return _Asked(of, listed[order] // points, listed[order] % points, meters[order])


def _told(asked: _Asked, found: list[_Walk], results: Results) -> dict[str, Any]:
    """Return the walks of one answer as the page takes them."""
    return {
        "of": pack_column(asked.of),
        "lines": [walk.line for walk in found],
        "station": asked.station.tolist(),
        "stretches": [walk.stretches for walk in found],
        "names": list(results.network.names),
    }


def _drawn(
    results: Results,
    inside: InsideWalks,
    station: IntArray,
    point: IntArray,
    most_m: FloatArray,
) -> list[_Walk]:
    """Return line and stretches of the walk of each station and point; none exceeds ``most_m``.

    A walk has the exit by which it leaves the block as a vertex: legs run from home to exit to
    street. One that is shorter inside the compound keeps to it.
    """
    demand, network = results.demand, results.network

    # each point's anchors are taken once
    homes, home = np.unique(point, return_inverse=True)
    anchors = demand.anchors.take(homes)
    found = journeys(
        network,
        anchors,
        results.station_anchors,
        point=home,
        station=station,
        most_m=most_m,
    )
    walks_inside = _asked_inside(inside, station, point)

    # the exit of each walk goes in after its first vertex, that of the station's compound before
    # its last one
    own = found.anchor - anchors.start[home] + demand.anchors.start[point]
    foot = demand.anchors.foot[own[found.reached]]
    exits = demand.exit_xy[demand.foot_exit[foot]]
    via = np.full((len(point), 2), np.nan)
    if results.station_anchors.via_xy is not None:
        via[found.reached] = results.station_anchors.via_xy[found.station_anchor[found.reached]]
    bends = np.isfinite(via[:, 0])

    places = [found.start[:-1][found.reached] + 1, found.start[1:][bends] - 1]
    xy = np.insert(found.xy, np.concatenate(places), np.concatenate([exits, via[bends]]), axis=0)
    start = found.start + np.concatenate([[0], np.cumsum(found.reached.astype(np.int64) + bends)])
    lines = pack_lines(network.plane, xy, start)

    # of each stretch: its name, its length in decimeters, its kind, and its last vertex
    kind = np.where(found.private, PRIVATE, STREET)
    kind = np.where(found.steps, STEPS, np.where(found.leg, LEG, kind))
    last = found.last + 1
    last[found.stretch_start[1:][bends] - 1] += 1
    numbers = np.column_stack([np.maximum(found.name, 0), np.round(10 * found.meters), kind, last])
    stretches = pack_integers(numbers.astype(np.int64).ravel(), 4 * found.stretch_start)
    drawn = [_Walk(line, some) for line, some in zip(lines, stretches, strict=True)]

    # a shorter walk inside the compound takes the place of that along the streets
    along_m = np.full(len(point), np.inf)
    walked = np.flatnonzero(found.reached)
    of_walk = np.repeat(np.arange(len(point)), np.diff(found.stretch_start))
    sums_m = np.bincount(of_walk, weights=found.meters, minlength=len(point))
    along_m[walked] = sums_m[walked]
    for number in np.flatnonzero(walks_inside.meters < along_m).tolist():
        drawn[number] = _drawn_inside(results, inside, walks_inside.row[number])
    return drawn


def _drawn_inside(results: Results, inside: InsideWalks, row: int) -> _Walk:
    """Return line and stretches of a walk inside a compound: straight, or along its ways."""
    network = results.network
    home = results.demand.xy[inside.point[row]]
    door = results.station_anchors.point_xy[inside.station[row]]

    if inside.court[row] < 0:
        xy = np.stack([home, door])
        numbers = [(0, inside.meters[row], LEG, 1)]
    else:
        court = inside.courts[inside.court[row]]
        leg_m, pieces, last_leg_m = court.path(network, int(inside.home[row]))
        edge, begin_m, end_m = (np.array(column) for column in zip(*pieces, strict=True))
        paths = cut(network, edge, np.minimum(begin_m, end_m), np.maximum(begin_m, end_m))
        lines = [paths.xy[begin:end] for begin, end in pairwise(paths.start)]
        for piece in np.flatnonzero(begin_m > end_m).tolist():
            lines[piece] = lines[piece][::-1]  # walked against the direction of its edge
        xy = np.concatenate([home[None], *lines, door[None]])

        # a leg, a stretch for each piece, a leg
        kinds = np.where(network.private[edge], PRIVATE, STREET)
        kinds = np.where(network.steps[edge], STEPS, kinds)
        last = np.cumsum([len(line) for line in lines])
        middle = zip(network.name[edge], np.abs(end_m - begin_m), kinds, last, strict=True)
        numbers = [(0, leg_m, LEG, 1), *middle, (0, last_leg_m, LEG, len(xy) - 1)]

    (line,) = pack_lines(network.plane, xy, np.array([0, len(xy)]))
    rows = [(name, round(10 * float(meters)), kind, at) for name, meters, kind, at in numbers]
    packed = np.array(rows, dtype=np.int64).ravel()
    (stretches,) = pack_integers(packed, np.array([0, len(packed)]))
    return _Walk(line, stretches)


@dataclass(frozen=True, slots=True, eq=False)
class _Inside:
    """For w walks the row of the one inside a compound, -1 for none, and its meters, inf for none."""

    row: IntArray
    meters: FloatArray


def _asked_inside(inside: InsideWalks, station: IntArray, point: IntArray) -> _Inside:
    """Return which of some walks lead inside a compound."""
    stations = 1 + max(int(inside.station.max(initial=0)), int(station.max(initial=0)))
    own = inside.point.astype(np.int64) * stations + inside.station
    asked = point.astype(np.int64) * stations + station
    place = np.searchsorted(own, asked)
    known = np.append(own, -1)[place] == asked
    return _Inside(
        np.where(known, place, -1), np.where(known, np.append(inside.meters, np.inf)[place], np.inf)
    )
