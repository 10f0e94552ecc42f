"""The walk that stands for each judgment: from the block's typical home to its nearest station, with street names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from walkshed.maps.drawing import pack_column, pack_integers, pack_lines
from walkshed.model.answers import Answer
from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.coverage import Demand
from walkshed.model.results import Results
from walkshed.model.walking import Route
from walkshed.walk.routes import routes

#: What a stretch of a walk is, by the number that stands for it in the payload.
STREET, PRIVATE, STEPS, LEG = range(4)
#: Nobody walks an hour for a service: beyond this the distance is told, but the walk is not drawn
#: (a page of a whole city would carry thousands of walks across it).
FARTHEST_WALK_M = 5000.0

Stretches = list[tuple[str, float, int, int]]
#: Line and stretches of walks, by station and point.
Walks = dict[tuple[int, int], tuple[FloatArray, Stretches]]


def typical_points(demand: Demand, answer: Answer) -> IntArray:
    """Return (b, s) the demand point whose distance is ``nearest_m``, the block's weighted median; -1 for none.

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
    wanted = dict.fromkeys(pair for _, pairs in asked for pair in pairs)
    found = _routes(results, list(wanted))
    return [_told(results, of, pairs, [found[pair] for pair in pairs]) for of, pairs in asked]


def _asked(demand: Demand, answer: Answer) -> tuple[IntArray, list[tuple[int, int]]]:
    """Return, (b, s), the number of each judgment's walk or -1, and the (station, point) of each walk."""
    typical = typical_points(demand, answer)
    services = np.broadcast_to(np.arange(typical.shape[1]), typical.shape)
    station = np.where(typical >= 0, answer.nearest_station[services, typical, 0], -1)
    drawn = (station >= 0) & (answer.judgments.nearest_m <= FARTHEST_WALK_M)

    # each pair once, in the order in which judgments ask for it
    points = len(demand.weight)
    keys = station[drawn].astype(np.int64) * points + typical[drawn]
    listed, first, place = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.argsort(order)
    of = np.full(typical.shape, -1, dtype=np.int64)
    of[drawn] = rank[place]
    pairs = [divmod(key, points) for key in listed[order].tolist()]
    return of, pairs


def _told(
    results: Results,
    of: IntArray,
    pairs: list[tuple[int, int]],
    found: list[tuple[FloatArray, Stretches]],
) -> dict[str, Any]:
    """Return the walks of one answer as the page takes them."""
    lines = [line for line, _ in found]
    start = np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(np.int64)
    names: dict[str, int] = {}
    numbers = [
        (names.setdefault(name, len(names)), round(10 * meters), kind, last)
        for _, stretches in found
        for name, meters, kind, last in stretches
    ]
    counts = np.cumsum([0, *(len(stretches) for _, stretches in found)])
    flat = np.array(numbers, dtype=np.int64).reshape(-1)
    return {
        "of": pack_column(of),
        "lines": pack_lines(
            results.network.plane, np.concatenate([np.zeros((0, 2)), *lines]), start
        ),
        "station": [station for station, _ in pairs],
        "stretches": pack_integers(flat, 4 * counts),
        "names": list(names),
    }


def _routes(results: Results, pairs: list[tuple[int, int]]) -> Walks:
    """Return line and stretches of the walk of each (station, point); one search per station."""
    found: Walks = {pair: (np.zeros((0, 2)), []) for pair in pairs}
    by_station: dict[int, list[int]] = {}
    for station, point in pairs:
        by_station.setdefault(station, []).append(point)
    for station, points in sorted(by_station.items()):
        anchors = results.demand.anchors.take(np.array(points))
        door = results.station_anchors.take(np.array([station]))
        for point, walk in zip(points, routes(results.network, anchors, door), strict=True):
            if walk is not None:
                found[station, point] = _by_the_exit(results, point, walk)
    return found


def _by_the_exit(results: Results, point: int, walk: Route) -> tuple[FloatArray, Stretches]:
    """Return the walk with the exit by which it leaves the block as a vertex: legs run from home to exit to street."""
    demand = results.demand
    leaving = demand.anchor_exit[demand.anchors.start[point] + walk.point_anchor]
    line = np.insert(walk.xy, 1, demand.exit_xy[leaving], axis=0)
    return line, [
        (
            stretch.name,
            round(stretch.meters, 1),
            _kind(stretch.kind, steps=stretch.steps),
            stretch.last + 1,
        )
        for stretch in walk.stretches
    ]


def _kind(kind: str, *, steps: bool) -> int:
    if steps:
        return STEPS
    return {"leg": LEG, "private": PRIVATE}.get(kind, STREET)
