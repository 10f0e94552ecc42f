"""Streets that look joined on the map and are not: two nodes at one place, and ends that just miss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray, IntArray
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
    """The k vertices of walkable ways that are entered anywhere, way by way: what one could step over on."""

    node: IntArray  # (k,) OSM node
    lonlat: FloatArray  # (k, 2)
    way: IntArray  # (k,) OSM way


@dataclass(frozen=True, slots=True, eq=False)
class _Segments:
    """The s segments of edges that are entered anywhere, in meters."""

    edge: IntArray  # (s,)
    middle: FloatArray  # (s, 2)
    half_m: FloatArray  # (s,)


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
    shared = np.unique(place[order][1:][same & (node[1:] != node[:-1])])

    rows = np.flatnonzero(np.isin(place, shared)) if len(shared) else shared
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

    Steps: (1) dead ends, without those that are ``twins`` of another node; (2) the segments with
    one of them in a cell nearby; (3) distances between those; (4) without what an end hangs on.
    """
    # (1)
    degree = np.bincount(np.concatenate([edges.start, edges.end]), minlength=len(edges.node_id))
    ends = np.column_stack([edges.start, edges.end])
    dead = (degree[ends] == 1) & edges.enterable[:, None] & ~np.isin(edges.node_id[ends], twins)
    own_edge, side = np.nonzero(dead)
    if len(own_edge) == 0:
        return np.zeros(0, dtype=np.int64)
    node = ends[own_edge, side]
    low = edges.vertex_lonlat.min(axis=0)
    scale = METERS_PER_DEGREE * np.array([np.cos(np.radians(low[1])), 1.0])
    xy, end_xy = (edges.vertex_lonlat - low) * scale, (edges.node_lonlat[node] - low) * scale

    # (2)
    edge_of = np.repeat(np.arange(len(ends)), np.diff(edges.vertex_from))
    within = np.ones(len(xy), dtype=bool)
    within[edges.vertex_from[1:] - 1] = False
    within &= edges.enterable[edge_of]
    first = np.flatnonzero(within)
    begin, stop = xy[first], xy[first + 1]
    step_m = np.hypot(*(stop - begin).T)
    segments = _Segments(edge_of[first], (begin + stop) / 2, step_m / 2)
    near = _candidates(segments, end_xy, own_edge)

    # (3)
    lines = shapely.linestrings(np.stack([begin[near], stop[near]], axis=1))
    segment, end = shapely.STRtree(shapely.points(end_xy)).query(
        lines, predicate="dwithin", distance=NEAR_MISS_M
    )

    # (4)
    other, own = segments.edge[near[segment]], own_edge[end]
    neighbor = (ends[own][:, :, None] == ends[other][:, None, :]).any(axis=(1, 2))
    edge_m = np.bincount(segments.edge, step_m, len(ends))
    missed = (own != other) & ~(neighbor & (edge_m[own] <= NEAR_MISS_M))
    return np.unique(edges.node_id[node[end[missed]]])


def _candidates(segments: _Segments, end_xy: FloatArray, own_edge: IntArray) -> IntArray:
    """Return the rows of segments that a dead end of another edge may be near to.

    A short segment is one if such an end lies in its middle's cell or in one beside it.
    """
    extent = np.maximum(segments.middle.max(axis=0), end_xy.max(axis=0))
    cell = max(_CELL_M, float(np.sqrt(np.prod(extent + _CELL_M) / _MOST_CELLS)))
    columns, rows = (extent // cell).astype(np.int64) + 3
    column, row = (end_xy // cell).astype(np.int64).T

    # Whose end was written into a cell last, and whose first: equal where there is one edge only.
    last = np.full((columns, rows), -1, dtype=np.int32)
    first = last.copy()
    for east in range(3):
        for north in range(3):
            last[column + east, row + north] = own_edge
    for east in reversed(range(3)):
        for north in reversed(range(3)):
            first[column[::-1] + east, row[::-1] + north] = own_edge[::-1]

    at = (segments.middle // cell).astype(np.int64) + 1
    one, other = last[at[:, 0], at[:, 1]], first[at[:, 0], at[:, 1]]
    beside = (one >= 0) & ((one != segments.edge) | (other != segments.edge))
    return np.flatnonzero(beside | (segments.half_m + NEAR_MISS_M > cell))


def _named(words: list[str]) -> str:
    more = [] if len(words) <= MOST_NAMED else ["…"]
    return ", ".join([*words[:MOST_NAMED], *more])
