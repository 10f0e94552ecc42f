"""How far a block lies from where the map data end."""

from __future__ import annotations

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.town.places import Block


def edge_gap_m(network: StreetNetwork, blocks: tuple[Block, ...]) -> FloatArray:
    """Return the meters from each block to where the data end; inf where nothing lies beyond.

    The data end at the box of the extract (≤ 0 for a block across it), and within it where ways
    break off or the mapped ground has its outline.
    """
    if network.bounds_xy is None or not blocks:
        return np.full(len(blocks), np.inf)
    outlines = network.plane.geometry_to_xy(
        np.array([block.geometry for block in blocks], dtype=object)
    )

    # The box.
    west, south, east, north = network.bounds_xy
    low_x, low_y, high_x, high_y = shapely.bounds(outlines).T
    gap_m = np.min([low_x - west, low_y - south, east - high_x, north - high_y], axis=0)

    # The ends within it.
    if len(network.data_end_xy):
        tree = shapely.STRtree(shapely.points(network.data_end_xy))
        (block, _), away_m = tree.query_nearest(outlines, return_distance=True, all_matches=False)
        gap_m[block] = np.minimum(gap_m[block], away_m)
    return np.asarray(gap_m, dtype=np.float64)
