"""Catchments for the page: per station and limit the streets reached and the area drawn around them."""

from __future__ import annotations

from typing import Any

import numpy as np

from walkshed.maps.packing import pack_integers, pack_linestrings, pack_polygons
from walkshed.model.arrays import IntArray
from walkshed.model.results import Results
from walkshed.walk.reach.catchments import smoothed

#: The area is a drawing (the buffer of the streets); its outline is smoothed by at most this many
#: meters.
SMOOTHED_M = 2.0
#: So many areas are smoothed and packed at once: a town's outlines would take much memory.
AREAS_AT_ONCE = 64


def reached(results: Results) -> list[list[dict[str, Any]]]:
    """Return, per station, one entry per limit, smallest first.

    ``whole`` packs the indices of edges reached from end to end (as differences), ``cut`` the
    stretches of edges and legs that end at the limit, ``area`` the drawn polygons; ``street_m`` and
    ``area_ha`` come from the catchment.
    """
    catchments, network = results.catchments, results.network
    pieces = catchments.pieces
    parts = max(1, len(catchments.geometry) // AREAS_AT_ONCE)
    areas = [
        area
        for some in np.array_split(catchments.geometry, parts)
        for area in pack_polygons(network.plane, smoothed(some, SMOOTHED_M))
    ]

    # whole edges go by their number, what is cut off others as a line
    edge_m = np.append(network.edge_m, np.inf)  # the last stands for legs, whose edge is -1
    whole = (pieces.edge >= 0) & (pieces.from_m <= 0) & (pieces.to_m >= edge_m[pieces.edge])
    cut = pack_linestrings(network.plane, pieces.geometry[~whole])

    # both are sorted by station and limit: each area takes its run of them
    key = _keys(pieces.station, pieces.limit_m)
    whole_key, cut_key, whole_edge = key[whole], key[~whole], pieces.edge[whole].astype(np.int64)

    stations: list[list[dict[str, Any]]] = [[] for _ in results.stations]
    for row, row_key in enumerate(_keys(catchments.station, catchments.limit_m).tolist()):
        first, last = np.searchsorted(whole_key, [row_key, row_key + 1])
        cut_first, cut_last = np.searchsorted(cut_key, [row_key, row_key + 1])
        edges = np.sort(whole_edge[first:last])
        edges[1:] -= edges[:-1].copy()
        stations[int(catchments.station[row])].append(
            {
                "limit_m": round(float(catchments.limit_m[row]), 3),
                "street_m": round(float(catchments.street_m[row])),
                "area_ha": round(float(catchments.area_m2[row]) / 10_000, 1),
                "whole": pack_integers(edges, np.array([0, len(edges)], dtype=np.int64))[0],
                "cut": cut[int(cut_first) : int(cut_last)],
                "area": areas[row],
            }
        )
    return stations


def _keys(station: Any, limit_m: Any) -> IntArray:  # noqa: ANN401 (int and float arrays)
    """Return one integer per row that sorts by station, then limit (in 1/1024 m)."""
    ticks = np.round(np.asarray(limit_m, dtype=np.float64) * 1024).astype(np.int64)
    return np.asarray(station, dtype=np.int64) * (1 << 40) + ticks
