"""Parts of edges that geometry picks out: which lines they are, and from where to where along their edge."""

from __future__ import annotations

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ObjectArray, read_only, to_ticks
from walkshed.model.coverage import Stretches
from walkshed.model.network import StreetNetwork


def line_parts(geometry: ObjectArray) -> tuple[ObjectArray, IntArray]:
    """Return the lines that geometries consist of, and whose they are; lines that go on from each other are one."""
    merged = np.asarray(shapely.line_merge(geometry), dtype=object)
    parts, owner = shapely.get_parts(merged, return_index=True)
    lines = shapely.get_dimensions(parts) == 1
    return parts[lines], owner[lines]


def stretches_of(
    network: StreetNetwork,
    edge: IntArray,
    lines: ObjectArray,
    block: IntArray,
    ends_xy: FloatArray,
    *,
    whole: BoolArray,
) -> Stretches:
    """Return stretches of edges, drawn as ``lines``, by block; ``ends_xy``: the first ends of all, then the last ends.

    Those marked ``whole`` are all of their edge (of a loop, both ends are one place).
    """
    # meters on the plane along all edges, one after the other, and meters walked
    step = np.hypot(*np.diff(network.vertex_xy, axis=0).T)
    inner = np.repeat(np.arange(network.edge_count), np.diff(network.vertex_from))
    step[inner[1:] != inner[:-1]] = 0.0
    drawn_m = np.concatenate([[0.0], np.cumsum(step)]) if len(inner) else np.zeros(0)

    offsets = []
    for xy in (ends_xy[: len(edge)], ends_xy[len(edge) :]):
        first, last = network.vertex_from[edge], network.vertex_from[edge + 1] - 1
        place = drawn_m[first] + shapely.line_locate_point(lines, shapely.points(xy))
        after = np.clip(np.searchsorted(drawn_m, place, side="left"), first + 1, last)
        long_m = drawn_m[after] - drawn_m[after - 1]
        part_m = place - drawn_m[after - 1]
        share = np.clip(part_m / np.where(long_m > 0, long_m, 1.0), 0.0, 1.0)
        begin = network.vertex_m[after - 1]
        walked = to_ticks(begin + share * (network.vertex_m[after] - begin))
        offsets.append(np.clip(walked, 0.0, network.edge_m[edge]))
    low = np.where(whole, 0.0, np.minimum(*offsets))
    high = np.where(whole, network.edge_m[edge], np.maximum(*offsets))
    order = np.lexsort([low, edge, block])
    return Stretches(
        read_only(block[order], np.int64),
        read_only(edge[order], np.int32),
        read_only(low[order], np.float64),
        read_only(high[order], np.float64),
    )
