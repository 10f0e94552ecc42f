"""Where the data of an extract ends."""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray

Box = tuple[float, float, float, float]


def corners(places: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the lowest and the highest coordinates of (k, 2) places.

    Column by column: numpy takes several times as long over rows of two.
    """
    x, y = places.T
    return np.array([x.min(), y.min()]), np.array([x.max(), y.max()])


def header_bounds(header_box: Box | None, lonlat: FloatArray) -> Box | None:
    """Return the header's box if it holds any of the nodes."""
    if header_box is None:
        return None
    low, high = corners(lonlat)
    west, south, east, north = header_box
    holds = west <= high[0] and low[0] <= east and south <= high[1] and low[1] <= north
    return header_box if holds else None


def inferred_bounds(
    lonlat: FloatArray, start: IntArray, rows: IntArray, node: BoolArray, way: BoolArray
) -> Box:
    """Return west, south, east, north of the ground that a file without a box covers, in degrees.

    Way ``i`` runs over the nodes ``rows[start[i]:start[i + 1]]`` (-1 for those that the file does
    not hold); ``node`` and ``way`` mark what no relation holds.

    Files cut from a larger one keep their crossing ways whole: such ways stick out, often by
    kilometers, and the box of all nodes would promise ground of which nothing else is known. But
    every way was kept because it has a node inside the cut, and every node that belongs to no way
    lies inside. The smallest box that holds those lone nodes and touches every way lies within the
    cut and comes close to it. (Members of relations are left aside: some programs keep relations
    whole.)
    """
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)

    # nodes of no way, and ways whose nodes are held, if they are asked
    held = rows >= 0
    lone = node.copy()
    lone[rows[held]] = False
    before = np.concatenate([[0], np.cumsum(held)])[start]
    asked = way & (np.diff(before) > 0)

    lowest, highest = lonlat[lone], lonlat[lone]
    if asked.any():
        # Only ways with nodes: each begins where the one before it ends, as ``reduceat`` has it.
        kept = np.flatnonzero(np.diff(before) > 0)
        at, begin = lonlat[rows[held]], before[:-1][kept]
        counted = asked[kept]
        lowest = np.vstack([lowest, np.minimum.reduceat(at, begin)[counted]])
        highest = np.vstack([highest, np.maximum.reduceat(at, begin)[counted]])

    if len(lowest) == 0:
        return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))

    south_west, north_east = highest.min(axis=0), lowest.max(axis=0)
    # A way may reach right across the cut in one direction; what it says then is weaker than the
    # nodes' own box.
    crossed = south_west > north_east
    south_west, north_east = np.where(crossed, low, south_west), np.where(crossed, high, north_east)

    return (float(south_west[0]), float(south_west[1]), float(north_east[0]), float(north_east[1]))
