"""How far each block is from where the map ends."""

from __future__ import annotations

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray
from walkshed.model.network import StreetNetwork
from walkshed.model.places import Block


def edge_gap_m(network: StreetNetwork, blocks: tuple[Block, ...]) -> FloatArray:
    """Return the meters from each block to the edge of the map data, ≤ 0 across it; inf where nothing lies beyond."""
    if network.bounds_xy is None:
        return np.full(len(blocks), np.inf)
    west, south, east, north = network.bounds_xy
    outlines = network.plane.geometry_to_xy(
        np.array([block.geometry for block in blocks], dtype=object)
    )
    box = shapely.bounds(outlines)
    gaps = [box[:, 0] - west, box[:, 1] - south, east - box[:, 2], north - box[:, 3]]
    return np.asarray(np.min(gaps, axis=0))
