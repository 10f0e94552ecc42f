"""What parts the ground inside a compound: streets that bound street blocks, railways, rivers, shores (definition 3).

Nobody walks straight across them, however near a station lies. What runs on a bridge, in a tunnel
or under a cover parts nothing.
The outline of a square is such a street, whether a way or a relation says so.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from truth.extract import Extract, Tags
from truth.people import on_plane
from truth.plane import Plane
from truth.streets import square_outlines
from truth.walkable import bounds_street_blocks

RAILWAYS = {"rail", "light_rail", "subway", "narrow_gauge", "monorail"}
RIVERS = {"river", "canal", "stream", "tidal_channel", "fairway"}
#: Reading of "water areas": the tags under which OpenStreetMap draws standing and broad water.
WATER = {
    "natural": {"water"},
    "waterway": {"riverbank", "dock"},
    "landuse": {"reservoir", "basin"},
}


def divides_of(extract: Extract, plane: Plane) -> list[BaseGeometry]:
    """Return the lines on the plane that part ground."""
    lines = []
    for way in [*extract.ways, *square_outlines(extract)]:
        if not _parts_ground(way.tags):
            continue
        places = [extract.places[ref] for ref in way.refs if ref in extract.places]
        if len(places) > 1:
            lines.append(shapely.LineString(plane.xy(np.array(places))))
    shores = [
        on_plane(shape, plane).boundary
        for tags, shape in extract.areas
        if any(tags.get(key) in values for key, values in WATER.items())
    ]
    return [*lines, *shores]


def _parts_ground(tags: Tags) -> bool:
    """Return whether a way parts the ground on which it lies."""
    if bounds_street_blocks(tags):
        return not _stated(tags, "bridge") and not _stated(tags, "tunnel")
    if tags.get("railway") in RAILWAYS or tags.get("waterway") in RIVERS:
        return not any(_stated(tags, key) for key in ("bridge", "tunnel", "covered"))
    return False


def _stated(tags: Tags, key: str) -> bool:
    return tags.get(key, "no") != "no"
