"""The ground between streets: the lines of the streets that bound it, and the faces that they enclose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import IntArray, ObjectArray, ranges
from walkshed.model.ground.network import StreetNetwork
from walkshed.needs.people.outlines import as_array, ground_of, handy, wide

_ROADS = ("trunk", "primary", "secondary", "tertiary")
#: Ways that carry traffic or a street's name bound a street block; footways, service ways and steps
#: cross it.
BOUNDING_CLASSES = frozenset(
    {
        *_ROADS,
        *(f"{road}_link" for road in _ROADS),
        *("unclassified", "residential", "living_street", "pedestrian", "road"),
    }
)
NEAR_STREET_M = 100.0  # where no dwelling is mapped: people live this close to a street


@dataclass(frozen=True, slots=True, eq=False)
class StreetLines:
    """The lines of some edges of a network on its plane."""

    edges: IntArray  # (n,)
    lines: ObjectArray  # (n,)


def lines_of(network: StreetNetwork, edges: IntArray) -> StreetLines:
    """Return the lines of ``edges`` (ascending)."""
    first, last = network.vertex_from[edges], network.vertex_from[edges + 1]
    sizes = last - first
    of_edge = np.repeat(np.arange(len(edges)), sizes)
    vertices = ranges(first, sizes)
    if len(edges) == 0:
        return StreetLines(edges, np.empty(0, dtype=object))
    return StreetLines(edges, shapely.linestrings(network.vertex_xy[vertices], indices=of_edge))


def all_lines(network: StreetNetwork) -> StreetLines:
    """Return the lines of all edges."""
    return lines_of(network, np.arange(network.edge_count, dtype=np.int64))


def bounding_lines(network: StreetNetwork) -> StreetLines:
    """Return the lines of the streets that bound street blocks."""
    bounding = np.array([name in BOUNDING_CLASSES for name in network.highway_classes], bool)
    return lines_of(network, np.flatnonzero(bounding[network.highway]).astype(np.int64))


def all_faces(streets: StreetLines, frame: shapely.Polygon | None = None) -> ObjectArray:
    """Return the faces that streets enclose, slivers among them.

    ``frame`` closes what runs off the edge of the data: all its ground then lies in a face.
    """
    lines = list(streets.lines)
    if frame is not None:
        lines.append(frame.exterior)
    if not lines:
        return np.empty(0, dtype=object)
    parts: ObjectArray = shapely.get_parts(shapely.polygonize([shapely.union_all(lines)]))
    return parts


def faces_between(streets: StreetLines) -> ObjectArray:
    """Return the faces that streets enclose, without slivers."""
    faces = all_faces(streets)
    kept: ObjectArray = faces[wide(faces)]
    return kept


def beside_streets(faces: ObjectArray, streets: StreetLines) -> ObjectArray:
    """Return the faces cut back to the ground within 100 m of a street: the middle of a lake has no residents."""
    inner = shapely.buffer(faces, -NEAR_STREET_M, quad_segs=2)
    deep = np.flatnonzero(~shapely.is_empty(inner))
    face, line = shapely.STRtree(streets.lines).query(faces[deep], predicate="intersects")

    cut = faces.copy()
    for position, row in enumerate(deep):
        around = shapely.union_all(streets.lines[np.sort(line[face == position])])
        near = shapely.buffer(around, NEAR_STREET_M, quad_segs=2)
        cut[row] = ground_of(shapely.intersection(faces[row], near))
    return cut


def northwest_first(outlines: ObjectArray) -> ObjectArray:
    """Return the outlines in rows of 50 m from north to south, each row from west to east."""
    centers = shapely.get_coordinates(shapely.centroid(outlines))
    ordered: ObjectArray = outlines[np.lexsort([centers[:, 0], -np.round(centers[:, 1] / 50.0)])]
    return ordered


def ground_around_streets(network: StreetNetwork) -> ObjectArray:
    """Return the ground within 100 m of any way, in pieces of a block's size.

    The last resort for a map whose streets enclose nothing: where people may live, not where they
    do.
    """
    ground = shapely.union_all(shapely.buffer(all_lines(network).lines, NEAR_STREET_M, quad_segs=2))
    return northwest_first(as_array(handy(ground)))
