"""Streets that look joined on the map and are not: two nodes at one place, and ends that just miss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray, IntArray, distinct, is_among
from walkshed.osm.bounds import corners
from walkshed.streets.assemble import RawEdges
from walkshed.streets.barriers import MOST_NAMED

#: An end so close to another street was probably meant to touch it.
NEAR_MISS_M = 1.0
METERS_PER_DEGREE = 111_320.0
#: Ends are looked for in cells of this size, in a grid of at most so many.
_CELL_M = 40.0
_MOST_CELLS = 4_000_000
_UNITS_PER_DEGREE = 1e7  # of OpenStreetMap's own coordinates


@dataclass(frozen=True, slots=True, eq=False)
class Vertices:
    """The k vertices of walkable ways that are entered anywhere, way by way."""

    node: IntArray  # (k,) OSM node
    lonlat: FloatArray  # (k, 2)
    way: IntArray  # (k,) OSM way


def near_notes(vertices: Vertices, edges: RawEdges) -> tuple[str, ...]:
    """Return notes on places with two nodes, and on ends that stop within a meter of another street.

    Bridges, tunnels and passages on other floors are left aside: they pass over and under the
    streets at the same place. ``edges`` are those before barriers part them.
    """
    twins = twin_nodes(vertices)
    missed = near_ends(edges, np.array([node for pair in twins for node in pair], dtype=np.int64))
    notes = []
    if twins:
        pairs = [f"{first} and {second}" for first, second in twins]
        notes.append(
            f"{len(twins)} places hold two nodes of streets that do not join "
            f"(nodes {_named(pairs)}); merge them where people can pass"
        )
    if len(missed):
        named = _named([f"node {node}" for node in missed.tolist()])
        notes.append(
            f"{len(missed)} streets end within {NEAR_MISS_M:g} m of another without touching it "
            f"({named}); join them where people can pass"
        )
    return tuple(notes)


def twin_nodes(vertices: Vertices) -> list[tuple[int, int]]:
    """Return pairs of nodes at the same place that no way holds both of, one pair per place."""
    units = np.round(vertices.lonlat * _UNITS_PER_DEGREE).astype(np.int64)
    place = units[:, 0] * (1 << 32) + units[:, 1]
    order = np.argsort(place)
    node = vertices.node[order]
    same = place[order][1:] == place[order][:-1]
    shared = distinct(place[order][1:][same & (node[1:] != node[:-1])])

    rows = np.flatnonzero(is_among(place, shared)) if len(shared) else shared
    ways_at: dict[int, dict[int, set[int]]] = {}
    for key, at, way in zip(place[rows].tolist(), vertices.node[rows], vertices.way[rows]):
        ways_at.setdefault(key, {}).setdefault(int(at), set()).add(int(way))

    pairs = []
    for ways_of in ways_at.values():
        (one, own), *others = sorted(ways_of.items())
        other = next((node for node, ways in others if own.isdisjoint(ways)), None)
        if other is not None:
            pairs.append((one, other))
    return sorted(pairs)


def near_ends(edges: RawEdges, twins: IntArray) -> IntArray:
    """Return the nodes of dead ends within ``NEAR_MISS_M`` of an edge that they do not touch.

    Steps: (1) dead ends, without those that are ``twins`` of another node; (2) the segments of
    other edges in a cell nearby; (3) distances between those; (4) without what an end hangs on.
    """
    # (1)
    degree = np.bincount(np.concatenate([edges.start, edges.end]), minlength=len(edges.node_id))
    ends = np.column_stack([edges.start, edges.end])
    dead = (degree[ends] == 1) & edges.enterable[:, None] & ~np.isin(edges.node_id[ends], twins)
    own_edge, side = np.nonzero(dead)
    if len(own_edge) == 0:
        return np.zeros(0, dtype=np.int64)
    node = ends[own_edge, side]

    # (2)
    low, high = corners(edges.vertex_lonlat)
    scale = METERS_PER_DEGREE * np.array([np.cos(np.radians(low[1])), 1.0])
    end_xy = (edges.node_lonlat[node] - low) * scale
    first, edge = _candidates(edges, (low, high, scale), end_xy, own_edge)
    begin, stop = ((edges.vertex_lonlat[row] - low) * scale for row in (first, first + 1))

    # (3)
    lines = shapely.linestrings(np.stack([begin, stop], axis=1))
    segment, end = shapely.STRtree(shapely.points(end_xy)).query(
        lines, predicate="dwithin", distance=NEAR_MISS_M
    )

    # (4)
    other, own = edge[segment], own_edge[end]
    missed = own != other
    for pair in np.flatnonzero(missed).tolist():
        joined = np.isin(ends[own[pair]], ends[other[pair]]).any()
        missed[pair] = not (joined and _meters(edges, own[pair], scale) <= NEAR_MISS_M)
    return np.unique(edges.node_id[node[end[missed]]])


def _candidates(
    edges: RawEdges,
    frame: tuple[FloatArray, FloatArray, FloatArray],
    end_xy: FloatArray,
    own_edge: IntArray,
) -> tuple[IntArray, IntArray]:
    """Return the first vertices and the edges of segments that another edge's dead end may be near.

    ``frame`` are the corners of all, ``end_xy`` counting from the first, and the meters per degree.
    A short segment is a candidate if such an end lies in its middle's cell or in one beside it.
    """
    low, high, scale = frame
    vertices = edges.vertex_lonlat
    extent = (high - low) * scale
    cell = max(_CELL_M, float(np.sqrt(np.prod(extent + _CELL_M) / _MOST_CELLS)))
    columns, rows = (extent // cell).astype(np.int64) + 3
    at = (end_xy // cell).astype(np.int64) @ (rows, 1)
    around = [int(east * rows + north) for east in range(3) for north in range(3)]

    # Whose end was written into a cell last, and whose first: equal where there is one edge only.
    last = np.full(columns * rows, -1, dtype=np.int32)
    for away in around:
        last[at + away] = own_edge
    once = last.copy()
    for away in reversed(around):
        once[at[::-1] + away] = own_edge[::-1]

    # Segments beside an end, and long ones; not those that lead from one edge to the next.
    sums = vertices[1:] + vertices[:-1]
    middle = ((sums - 2 * low) * (scale / (2 * cell))).astype(np.int32)
    place = (middle[:, 0] + 1) * rows + middle[:, 1] + 1
    reach = 2 * (cell - NEAR_MISS_M) / (np.sqrt(2) * scale)
    course = np.abs(vertices[1:] - vertices[:-1])
    near = (last[place] >= 0) | (course[:, 0] > reach[0]) | (course[:, 1] > reach[1])
    near[edges.vertex_from[1:-1] - 1] = False

    # Without those whose only ends nearby are their own edge's, and those that nobody steps on.
    first = np.flatnonzero(near)
    edge = np.searchsorted(edges.vertex_from, first, side="right") - 1
    one, other = last[place[first]], once[place[first]]
    is_own = (one == edge) & (other == edge) & (course[first] <= reach).all(axis=1)
    kept = edges.enterable[edge] & ~is_own
    return first[kept], edge[kept]


def _meters(edges: RawEdges, edge: int, scale: FloatArray) -> float:
    """Return the length of an edge, roughly."""
    course = edges.vertex_lonlat[edges.vertex_from[edge] : edges.vertex_from[edge + 1]] * scale
    return float(np.hypot(*np.diff(course, axis=0).T).sum())


def _named(words: list[str]) -> str:
    """Return the first few words, and dots for the others."""
    if len(words) > MOST_NAMED:
        words = [*words[:MOST_NAMED], "…"]
    return ", ".join(words)
