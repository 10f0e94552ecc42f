"""Where the data of an extract end, and which blocks lie near it (definition 10: ``doubt = edge``).

Reading: the data end at the box that the file states, and where a way breaks off because the file
lacks its next node. Ground on which nothing is mapped, open to the box, ends them too; that outline
is not told here, so a block is not said to lie far from the edge: only near it, or not known.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from truth.extract import Extract
from truth.plane import Plane


def edge_gap_m(
    extract: Extract | None, plane: Plane, outlines: list[BaseGeometry]
) -> np.ndarray | None:
    """Return at most how many meters each block lies from where the data end; None without a stated box."""
    if extract is None or extract.box is None:
        return None
    west, south, east, north = extract.box
    corners = np.array([(west, south), (east, south), (east, north), (west, north)])
    box = shapely.Polygon(plane.xy(corners))
    gap_m = np.array([_to_box_m(outline, box) for outline in outlines])

    # ways that break off
    ends = []
    for way in extract.ways:
        if "highway" not in way.tags:
            continue
        here = [ref in extract.places for ref in way.refs]
        for one, other, before, after in zip(way.refs, way.refs[1:], here, here[1:]):
            if before != after:
                ends.append(extract.places[one if before else other])
    if ends:
        tips = shapely.MultiPoint(plane.xy(np.array(ends)))
        gap_m = np.minimum(gap_m, shapely.distance(outlines, tips))
    return gap_m


def _to_box_m(outline: BaseGeometry, box: BaseGeometry) -> float:
    """Return the meters from a block to the sides of the box, 0 for one that is not all inside."""
    return outline.distance(box.boundary) if box.covers(outline) else 0.0
