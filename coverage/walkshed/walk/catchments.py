"""Catchments: the street pieces from which a station is within a limit, and the area drawn around them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import shapely
from shapely import MultiPolygon

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import TICKS, FloatArray, IntArray, ObjectArray, read_only
from walkshed.model.network import StreetNetwork
from walkshed.model.walking import Anchors, Catchments
from walkshed.walk.pieces import Paths, Spans, reached_spans, span_paths, to_pieces


def catchments(
    net: StreetNetwork,
    stations: Anchors,
    *,
    limits_m: Sequence[float],
    buffer_m: float = 25.0,
    simplify_m: float = 0.0,
    threads: int | None = None,
) -> Catchments:
    """Return the catchment of each station and limit: pieces, meters of street, and the area around them.

    A resident anywhere on a piece walks at most the limit to the station, and nobody off the pieces
    does (definition 6); the legs of the station are pieces too, but no street. ``limits_m`` come in
    any order and are listed once each, ascending. The area is the ground within ``buffer_m`` of the
    pieces: a drawing, never a judgment. A station off the network has no pieces, 0 m and an empty
    area. Raises ``InvalidValueError`` for limits or a buffer that are not positive meters.
    """
    limits = np.unique(np.asarray(limits_m, dtype=np.float64))
    if len(limits) == 0 or not (np.isfinite(limits) & (limits > 0.0)).all():
        raise InvalidValueError(
            f"limits_m = {list(limits_m)}: give one or more positive numbers of meters"
        )
    if not (np.isfinite(buffer_m) and buffer_m > 0.0):
        raise InvalidValueError(
            f"buffer_m = {buffer_m} is no width; give a positive number of meters (25 by default)"
        )
    if not (np.isfinite(simplify_m) and simplify_m >= 0.0):
        raise InvalidValueError(
            f"simplify_m = {simplify_m} is no tolerance; give meters, 0 to keep every vertex"
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
    geometry = _areas(spans, paths, count, len(limits), buffer_m, threads)
    area_m2 = shapely.area(geometry)
    if simplify_m > 0.0:
        geometry = smoothed(geometry, simplify_m)
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
    parts, area = shapely.get_parts(areas, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    thinned = np.empty(len(areas), dtype=object)
    thinned[:] = MultiPolygon()
    # GEOS drops the first vertex of a ring after all others, if it is near the line that is left: a
    # line is moved by up to twice the tolerance then. Open lines keep their ends; where it must be
    # rings half the tolerance is given.
    if len(rings):
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        lines = shapely.linestrings(xy, indices=ring)
        plain = np.asarray(
            shapely.simplify(lines, tolerance_m, preserve_topology=False), dtype=object
        )
        gone = shapely.get_num_coordinates(plain) < 4  # a small hole, thinned to nothing
        plain[gone] = shapely.simplify(rings[gone], tolerance_m / 2.0)
        xy, ring = shapely.get_coordinates(plain, return_index=True)
        polygons = shapely.polygons(shapely.linearrings(xy, indices=ring), indices=part)
        shapely.multipolygons(polygons, indices=area, out=thinned)
    spoiled = ~shapely.is_valid(thinned)
    thinned[spoiled] = shapely.simplify(areas[spoiled], tolerance_m / 2.0)
    return read_only(thinned, object)


def _areas(
    spans: Spans, paths: Paths, stations: int, limits: int, buffer_m: float, threads: int | None
) -> ObjectArray:
    """Return (stations * limits,) MultiPolygons, each station's limits together; stations are shared out to threads."""
    from walkshed.walk.areas import buffer_areas
    from walkshed.walk.kernels import threads_for

    segments, span_of = _segments(paths)
    fresh = _fresh(spans)[span_of]
    segments, span_of = segments[fresh], span_of[fresh]
    first_limit = spans.limit[span_of]
    bounds = np.searchsorted(spans.station[span_of], np.arange(stations + 1))

    def around(run: range) -> list[MultiPolygon]:
        drawn: list[MultiPolygon] = []
        for station in run:
            rows = slice(bounds[station], bounds[station + 1])
            drawn += buffer_areas(segments[rows], first_limit[rows], limits, buffer_m=buffer_m)
        return drawn

    # Each thread draws a run of stations with about as many segments as any other.
    workers = max(1, min(threads_for(stations) if threads is None else threads, stations))
    ends = np.searchsorted(bounds, len(segments) * np.arange(1, workers) / workers)
    runs = [range(low, high) for low, high in pairwise([0, *ends.tolist(), stations])]
    geometry = np.empty(stations * limits, dtype=object)
    if workers == 1:
        geometry[:] = around(runs[0])
    else:
        with ThreadPoolExecutor(workers) as pool:
            geometry[:] = [area for drawn in pool.map(around, runs) for area in drawn]
    geometry.flags.writeable = False
    return geometry


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
