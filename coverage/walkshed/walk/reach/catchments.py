"""Catchments: the street pieces from which a station is within a limit, and the area drawn around them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely import MultiPolygon

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import TICKS, FloatArray, IntArray, ObjectArray, read_only
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors, Catchments
from walkshed.model.messages import Message
from walkshed.walk.reach.pieces import Paths, Spans, reached_spans, span_paths, to_pieces


@dataclass(frozen=True, slots=True)
class _Brush:
    """How areas are drawn around pieces."""

    buffer_m: float
    simplify_m: float


def catchments(
    net: StreetNetwork,
    stations: Anchors,
    *,
    limits_m: Sequence[float],
    buffer_m: float = 25.0,
    simplify_m: float = 0.0,
    threads: int | None = None,
) -> Catchments:
    """Return the catchment of each station and limit: pieces, meters of street, and area.

    A resident anywhere on a piece walks at most the limit to the station, and no resident off the
    pieces does (definition 6); the legs of the station are pieces too, but no street. ``limits_m``
    come in any order and are listed once each, ascending. The area is the ground within
    ``buffer_m`` of the pieces: a drawing, never a judgment. With ``simplify_m`` it loses the
    vertices that lie nearer than this to the line without them; ``area_m2`` stays as drawn, and
    areas of smaller limits lie in those of larger ones all the same. A station off the network has
    no pieces, 0 m and an empty area. Raises ``InvalidValueError`` for limits or a buffer that are
    not positive meters.
    """
    limits = np.unique(np.asarray(limits_m, dtype=np.float64))
    if len(limits) == 0 or not (np.isfinite(limits) & (limits > 0.0)).all():
        raise InvalidValueError(
            Message(
                "limits_m = {limits_m}: give one or more positive numbers of meters",
                limits_m=list(limits_m),
            )
        )
    if not (np.isfinite(buffer_m) and buffer_m > 0.0):
        raise InvalidValueError(
            Message(
                "buffer_m = {buffer_m} is not a valid width; give a positive number of meters (25 "
                "by "
                "default)",
                buffer_m=buffer_m,
            )
        )
    if not (np.isfinite(simplify_m) and simplify_m >= 0.0):
        raise InvalidValueError(
            Message(
                "simplify_m = {simplify_m} is not a valid tolerance; give meters, 0 to keep every "
                "vertex",
                simplify_m=simplify_m,
            )
        )

    spans = reached_spans(net, stations, limits)
    paths = span_paths(net, stations, spans)
    count = len(stations.start) - 1

    row = spans.station * len(limits) + spans.limit
    on_street = spans.way >= 0
    ticks = np.bincount(
        row[on_street],
        weights=(spans.high - spans.low)[on_street].astype(np.float64),
        minlength=count * len(limits),
    )

    brush = _Brush(buffer_m, simplify_m)
    geometry, area_m2 = _areas(spans, paths, (count, len(limits)), brush, threads)

    return Catchments(
        station=read_only(np.repeat(np.arange(count), len(limits)), np.int32),
        limit_m=read_only(np.tile(limits, count), np.float64),
        street_m=read_only(ticks / TICKS, np.float64),
        area_m2=read_only(area_m2, np.float64),
        geometry=geometry,
        pieces=to_pieces(limits, spans, paths),
    )


def smoothed(areas: ObjectArray, tolerance_m: float) -> ObjectArray:
    """Return areas with fewer vertices, valid, no line moved by more than ``tolerance_m`` (Douglas and Peucker 1973).

    Rings are thinned one by one, in a part of the time that watching over all of an area together
    takes; the areas that this spoils, because rings come to cross, are done again with that care. A
    small hole stays a hole.
    """
    from walkshed.walk.kernels.outline import thin

    thinned = np.empty(len(areas), dtype=object)
    thinned[:] = MultiPolygon()
    # Shapely before 2.2 takes no array that is read-only
    parts, area = shapely.get_parts(areas.copy(), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    if len(rings):
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        kept = np.zeros(len(xy), dtype=bool)
        thin(xy, np.searchsorted(ring, np.arange(len(rings) + 1)), tolerance_m, kept)
        plain = shapely.linearrings(xy[kept], indices=ring[kept])
        shapely.multipolygons(shapely.polygons(plain, indices=part), indices=area, out=thinned)

    # GEOS drops the first vertex of a ring after all others, if it is near the line that is left: a
    # line is moved by up to twice the tolerance then, so it is given half.
    spoiled = ~shapely.is_valid(thinned)
    thinned[spoiled] = shapely.simplify(areas[spoiled], tolerance_m / 2.0)
    return read_only(thinned, object)


def _nested(areas: ObjectArray) -> ObjectArray:
    """Return the thinned areas of one station.

    Each takes in what is left of that of the limit before.
    """
    nested = areas.copy()
    for larger in range(1, len(nested)):
        if not shapely.covers(nested[larger], nested[larger - 1]):
            parts = shapely.get_parts(shapely.union(nested[larger], nested[larger - 1]))
            nested[larger] = MultiPolygon(parts[shapely.get_dimensions(parts) == 2].tolist())
    return nested


def _areas(
    spans: Spans, paths: Paths, shape: tuple[int, int], brush: _Brush, threads: int | None
) -> tuple[ObjectArray, FloatArray]:
    """Return (stations * limits,) MultiPolygons, and their square meters.

    Each station's limits stand together; ``shape`` is stations and limits. Stations are shared out
    to threads. Square meters are those before any vertex is left out, and a station's areas are
    thinned before the next is drawn: all of a town's vertices would fill the memory.
    """
    from walkshed.walk.kernels.searches import threads_for
    from walkshed.walk.reach.areas import buffer_areas

    # segments of each station, by the first limit within which they lie
    stations, limits = shape
    segments, span_of = _segments(paths)
    fresh = _fresh(spans)[span_of]
    segments, span_of = segments[fresh], span_of[fresh]
    first_limit = spans.limit[span_of]
    bounds = np.searchsorted(spans.station[span_of], np.arange(stations + 1))

    geometry = np.empty(stations * limits, dtype=object)
    area_m2 = np.zeros(stations * limits)

    def draw(run: range) -> None:
        for station in run:
            rows = slice(bounds[station], bounds[station + 1])
            own = slice(station * limits, (station + 1) * limits)
            geometry[own] = buffer_areas(
                segments[rows], first_limit[rows], limits, buffer_m=brush.buffer_m
            )
            area_m2[own] = shapely.area(geometry[own])
            if brush.simplify_m > 0.0:
                geometry[own] = _nested(smoothed(geometry[own], brush.simplify_m))

    # Each thread draws a run of stations with about as many segments as any other.
    workers = max(1, min(threads_for(stations) if threads is None else threads, stations))
    ends = np.searchsorted(bounds, len(segments) * np.arange(1, workers) / workers)
    runs = [range(low, high) for low, high in pairwise([0, *ends.tolist(), stations])]
    with ThreadPoolExecutor(max(1, workers - 1)) as pool:
        others = [pool.submit(draw, run) for run in runs[1:]]
        draw(runs[0])  # this thread draws too, in memory that it has already
        for each in others:
            each.result()
    return read_only(geometry, object), read_only(area_m2, np.float64)


def _segments(paths: Paths) -> tuple[FloatArray, IntArray]:
    """Return (g, 4) the straight segments of all lines, and the line of each."""
    line = np.repeat(np.arange(len(paths.start) - 1), np.diff(paths.start))
    first = np.flatnonzero(line[1:] == line[:-1]) if len(line) else np.zeros(0, dtype=np.int64)
    return np.hstack([paths.xy[first], paths.xy[first + 1]]), line[first]


def _fresh(spans: Spans) -> IntArray:
    """Return (n,) True for stretches that no smaller limit of the same station has already in full."""
    order = np.lexsort((spans.limit, spans.high, spans.low, spans.way, spans.station))
    keys = np.column_stack([spans.station, spans.way, spans.low, spans.high])[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[order[1:]] = (np.diff(keys, axis=0) != 0).any(axis=1)
    return fresh
