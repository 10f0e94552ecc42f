"""Multipolygons from the members of a relation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry


def closed_rings(lines: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]] | None:
    """Return rings of node ids, first = last, stitched from lines of node ids at their ends.

    None if one stays open. Where more than two lines meet in a node any pairing will do: filled by
    the even-odd rule, all pairings of the same lines draw the same area.
    """
    rings: list[tuple[int, ...]] = []
    at_end: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        for node in (line[0], line[-1]):
            at_end.setdefault(node, []).append(index)

    used = [False] * len(lines)
    for first, line in enumerate(lines):
        if used[first]:
            continue
        used[first] = True
        ring = list(line)

        # on with a line that begins or ends where the ring does
        while ring[0] != ring[-1]:
            following = next((index for index in at_end[ring[-1]] if not used[index]), None)
            if following is None:
                return None
            used[following] = True
            more = lines[following]
            ring.extend(more[1:] if more[0] == ring[-1] else more[-2::-1])
        rings.append(tuple(ring))
    return rings


def polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry, repaired by the even-odd rule.

    Empty if nothing has an inside.
    """
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry, method="linework")
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry

    parts = [
        part
        for part in shapely.get_parts(geometry)
        if part.geom_type in ("Polygon", "MultiPolygon")
    ]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def even_odd(rings: Sequence[np.ndarray]) -> BaseGeometry:
    """Return the area inside an odd number of ``rings`` (arrays of lon, lat): holes, islands in them."""
    area: BaseGeometry = shapely.Polygon()
    for ring in rings:
        if len(ring) > 3:
            area = area.symmetric_difference(polygonal(shapely.Polygon(ring)))
    return polygonal(area)
