"""Where the data of an extract ends."""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import IntArray
from walkshed.osm.raw import RawFile

Box = tuple[float, float, float, float]


def data_bounds(raw: RawFile, start: IntArray, rows: IntArray) -> Box:
    """Return west, south, east, north of the ground that the file covers, in degrees.

    The header's box where it has one and holds any of the nodes. Else the box is inferred, for files cut from a larger
    one keep their crossing ways whole: such ways stick out, often by kilometers, and the box of all nodes would
    promise ground of which nothing else is known. But every way was kept because it has a node inside the cut, and
    every node that belongs to no way lies inside. The smallest box that holds those lone nodes and touches
    every way lies within the cut and comes close to it. (Members of relations are left aside: some programs keep
    relations whole.)
    """
    lonlat = raw.node_lonlat
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    if raw.header_box is not None:
        west, south, east, north = raw.header_box
        if west <= high[0] and low[0] <= east and south <= high[1] and low[1] <= north:
            return raw.header_box

    members = {(kind, ref) for relation in raw.relations for kind, ref, _ in relation.members}
    lone = np.ones(len(lonlat), dtype=bool)
    lone[rows[rows >= 0]] = False
    lone &= ~np.isin(raw.node_id, [ref for kind, ref in members if kind == "n"])
    lowest, highest = [lonlat[lone]], [lonlat[lone]]
    for index, way in enumerate(raw.ways):
        at = rows[start[index] : start[index + 1]]
        at = at[at >= 0]
        if len(at) and ("w", way.id) not in members:
            lowest.append(lonlat[at].min(axis=0)[None])
            highest.append(lonlat[at].max(axis=0)[None])
    touching_low, touching_high = np.vstack(highest), np.vstack(lowest)
    if len(touching_low) == 0:
        return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    south_west, north_east = touching_low.min(axis=0), touching_high.max(axis=0)
    # A way may reach right across the cut in one direction; what it says then is weaker than the nodes' own box.
    crossed = south_west > north_east
    south_west, north_east = np.where(crossed, low, south_west), np.where(crossed, high, north_east)
    return (float(south_west[0]), float(south_west[1]), float(north_east[0]), float(north_east[1]))
