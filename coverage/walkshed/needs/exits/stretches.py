"""Parts of edges that geometry picks out: which lines they are, and from where to where along their edge."""

from __future__ import annotations

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ObjectArray, read_only, to_ticks
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.judged.coverage import Stretches


def line_parts(geometry: ObjectArray) -> tuple[ObjectArray, IntArray]:
    """Return the lines that geometries consist of, and whose they are.

    Lines that go on from each other are one.
    """
    merged = np.asarray(shapely.line_merge(geometry), dtype=object)
    parts, owner = shapely.get_parts(merged, return_index=True)
    lines = shapely.get_dimensions(parts) == 1
    return parts[lines], owner[lines]


def stretches_of(
    network: StreetNetwork,
    edge: IntArray,
    lines: ObjectArray,
    block: IntArray,
    along: ObjectArray,
    *,
    whole: BoolArray,
) -> Stretches:
    """Return the stretches ``along`` edges, drawn as ``lines``, by block.

    Those marked ``whole`` are all of their edge. One that runs through the node in which a loop
    begins and ends is two stretches of the loop.
    """
    drawn_m = _drawn_m(network)
    first, middle, last = (
        _walked_m(network, drawn_m, edge, lines, places)
        for places in (
            shapely.get_point(along, 0),
            shapely.line_interpolate_point(along, 0.5, normalized=True),
            shapely.get_point(along, -1),
        )
    )
    low = np.where(whole, 0.0, np.minimum(first, last))
    high = np.where(whole, network.edge_m[edge], np.maximum(first, last))

    # what is drawn between the ends of a stretch lies between its offsets, or, around a loop,
    # beyond
    around = ~whole & ((middle < low) | (middle > high))
    low_m = np.concatenate([np.where(around, high, low), np.zeros(np.count_nonzero(around))])
    high_m = np.concatenate([np.where(around, network.edge_m[edge], high), low[around]])
    edge, block = np.concatenate([edge, edge[around]]), np.concatenate([block, block[around]])

    order = np.lexsort([low_m, edge, block])
    return Stretches(
        read_only(block[order], np.int64),
        read_only(edge[order], np.int32),
        read_only(low_m[order], np.float64),
        read_only(high_m[order], np.float64),
    )


def _drawn_m(network: StreetNetwork) -> FloatArray:
    """Return (k,) meters on the plane to each vertex along all edges, one after the other."""
    if len(network.vertex_xy) == 0:
        return np.zeros(0)
    step = np.hypot(*np.diff(network.vertex_xy, axis=0).T)
    inner = np.repeat(np.arange(network.edge_count), np.diff(network.vertex_from))
    step[inner[1:] != inner[:-1]] = 0.0
    return np.concatenate([[0.0], np.cumsum(step)])


def _walked_m(
    network: StreetNetwork,
    drawn_m: FloatArray,
    edge: IntArray,
    lines: ObjectArray,
    places: ObjectArray,
) -> FloatArray:
    """Return the meters walked from the start of each edge, drawn as ``lines``, to a place on it."""
    first, last = network.vertex_from[edge], network.vertex_from[edge + 1] - 1
    place = drawn_m[first] + shapely.line_locate_point(lines, places)
    after = np.clip(np.searchsorted(drawn_m, place, side="left"), first + 1, last)

    # by the share of its segment: what is drawn and what is walked differ in length
    long_m = drawn_m[after] - drawn_m[after - 1]
    part_m = place - drawn_m[after - 1]
    share = np.clip(part_m / np.where(long_m > 0, long_m, 1.0), 0.0, 1.0)
    begin = network.vertex_m[after - 1]
    walked = to_ticks(begin + share * (network.vertex_m[after] - begin))
    return np.asarray(np.clip(walked, 0.0, network.edge_m[edge]), dtype=np.float64)
