"""The walk that stands for each judgment: from the block's typical home to its nearest station, with street names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from walkshed.maps.drawing import pack_lines
from walkshed.model.arrays import FloatArray
from walkshed.model.coverage import Judgment
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


def typical_points(results: Results) -> list[int]:
    """Return, per judgment, the demand point whose distance is ``nearest_m``, the block's weighted median; -1 for none.

    Among points that share the distance, one whose nearest station is the block's comes first, then
    the lower index.
    """
    return [_typical(results, judgment) for judgment in results.coverage.rows]


def _typical(results: Results, judgment: Judgment) -> int:
    if not np.isfinite(judgment.nearest_m):
        return -1
    first, last = results.demand.start[judgment.block : judgment.block + 2]
    away = np.abs(results.coverage.nearest_m[judgment.service][first:last, 0] - judgment.nearest_m)
    elsewhere = (
        results.coverage.nearest_station[judgment.service][first:last, 0] != judgment.nearest
    )
    best = np.lexsort([elsewhere, np.round(away, 6)])[0]
    return int(first + best) if away[best] < 1.0 else -1


def walks(views: Sequence[Results]) -> list[dict[str, Any]]:
    """Return what the page draws of walks, for each of ``views``.

    ``{"of": [judgment → walk or -1], "lines": […], "station": […], "stretches": […], "names":
    […]}``. Walks are drawn from the home by its exit to the station's door and are shared by
    judgments of one home and station. A stretch is [name (index), meters, kind, last vertex]; the
    meters of a walk sum to its distance. The views are one run as several walkers are judged; a
    walk that stands for judgments of several is sought once.
    """
    asked = [_asked(view) for view in views]
    found = _routes(views[0], list(dict.fromkeys(pair for _, pairs in asked for pair in pairs)))
    return [_told(views[0], of, pairs, [found[pair] for pair in pairs]) for of, pairs in asked]


def _asked(results: Results) -> tuple[list[int], list[tuple[int, int]]]:
    """Return, per judgment, the number of its walk or -1, and the (station, point) of each walk."""
    pairs: dict[tuple[int, int], int] = {}
    of: list[int] = []
    for point, judgment in zip(typical_points(results), results.coverage.rows, strict=True):
        station = (
            int(results.coverage.nearest_station[judgment.service][point, 0]) if point >= 0 else -1
        )
        drawn = station >= 0 and judgment.nearest_m <= FARTHEST_WALK_M
        of.append(pairs.setdefault((station, point), len(pairs)) if drawn else -1)
    return of, list(pairs)


def _told(
    results: Results,
    of: list[int],
    pairs: list[tuple[int, int]],
    found: list[tuple[FloatArray, Stretches]],
) -> dict[str, Any]:
    """Return the walks of one view as the page takes them."""
    names: dict[str, int] = {}
    lines = [line for line, _ in found]
    start = np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(np.int64)
    return {
        "of": of,
        "lines": pack_lines(
            results.network.plane, np.concatenate([np.zeros((0, 2)), *lines]), start
        ),
        "station": [station for station, _ in pairs],
        "stretches": [
            [
                [names.setdefault(name, len(names)), meters, kind, last]
                for name, meters, kind, last in stretches
            ]
            for _, stretches in found
        ],
        "names": list(names),
    }


def _routes(results: Results, pairs: list[tuple[int, int]]) -> Walks:
    """Return line and stretches of the walk of each (station, point); one search per station."""
    found: Walks = {pair: (np.zeros((0, 2)), []) for pair in pairs}
    for station in sorted({station for station, _ in pairs}):
        points = [point for other, point in pairs if other == station]
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
