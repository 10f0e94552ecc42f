"""Streets that look joined on the map and are not: two nodes at one place, and ends that just miss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import FloatArray, IntArray, distinct, is_among, spread
from walkshed.model.messages import Listing, Message
from walkshed.osm.outlines.bounds import corners
from walkshed.streets.assemble import RawEdges
from walkshed.streets.barriers import MOST_NAMED
from walkshed.streets.boxes import boxes_around, boxes_of, overlapping

#: An end so close to another street was probably meant to touch it.
NEAR_MISS_M = 1.0
METERS_PER_DEGREE = 111_320.0
#: Ends are looked for in cells of this size.
_CELL_M = 40.0
_UNITS_PER_DEGREE = 1e7  # of OpenStreetMap's own coordinates
#: Places are spread over a table of 2**_TABLE_BITS rows.
_TABLE_BITS = 21


@dataclass(frozen=True, slots=True, eq=False)
class Vertices:
    """The k vertices of walkable ways that are entered anywhere, way by way."""

    node: IntArray  # (k,) OSM node
    lonlat: FloatArray  # (k, 2)
    way: IntArray  # (k,) OSM way


def near_notes(twins: list[tuple[int, int]], edges: RawEdges) -> tuple[str, ...]:
    """Return notes on places with two nodes, and on ends that stop within a meter of another street.

    Bridges, tunnels and passages on other floors are left aside: they pass over and under the
    streets at the same place. ``twins`` are those of ``twin_nodes``, ``edges`` those before
    barriers part them.
    """
    missed = near_ends(edges, np.array([node for pair in twins for node in pair], dtype=np.int64))

    notes = []
    if twins:
        pairs = [Listing(pair, mark=" and ") for pair in twins]
        notes.append(
            Message(
                "{count} {count:place holds|places hold} two nodes of streets that do not join "
                "(nodes {names}); merge "
                "them where people can pass",
                count=len(twins),
                names=_named(pairs),
            )
        )

    if len(missed):
        named = _named([Message("node {id}", id=node) for node in missed.tolist()])
        notes.append(
            Message(
                "{count} {count:street ends|streets end} within {near_miss_m:g} m of another "
                "without touching it "
                "({named}); join them where people can pass",
                count=len(missed),
                near_miss_m=NEAR_MISS_M,
                named=named,
            )
        )
    return tuple(notes)


def twin_nodes(vertices: Vertices) -> list[tuple[int, int]]:
    """Return pairs of nodes at the same place that no way holds both of, one pair per place."""
    units = np.round(vertices.lonlat * _UNITS_PER_DEGREE).astype(np.int64)
    place = units[:, 0] * (1 << 32) + units[:, 1]

    # In a table, each place writes its node where others may write theirs: only those that find
    # another node than theirs can be twins.
    slot = spread(place, _TABLE_BITS)
    table = np.empty(1 << _TABLE_BITS, dtype=np.int64)
    table[slot] = vertices.node
    contested = np.zeros(len(table), dtype=bool)
    contested[slot[table[slot] != vertices.node]] = True
    rows = np.flatnonzero(contested[slot])
    order = rows[np.argsort(place[rows], kind="stable")]
    node = vertices.node[order]
    same = place[order][1:] == place[order][:-1]
    shared = distinct(place[order][1:][same & (node[1:] != node[:-1])])

    rows = rows[is_among(place[rows], shared)]
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
    other edges around them; (3) distances between those; (4) without what an end hangs on.
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
    low, _ = corners(edges.vertex_lonlat)
    scale = METERS_PER_DEGREE * np.array([np.cos(np.radians(low[1])), 1.0])
    end_xy = (edges.node_lonlat[node] - low) * scale
    count = np.diff(edges.vertex_from)
    begins = np.repeat(edges.enterable, count)
    begins[edges.vertex_from[1:] - 1] = False
    first = np.flatnonzero(begins)
    edge = np.repeat(np.arange(len(count), dtype=np.int32), count)[first]
    xy = np.empty((2, len(edges.vertex_lonlat)))
    for row, axis in enumerate(edges.vertex_lonlat.T):
        np.multiply(axis - low[row], scale[row], out=xy[row])
    vertex_xy = xy.T
    around = boxes_around(end_xy, NEAR_MISS_M)
    end, segment = overlapping(around, boxes_of(vertex_xy, first), _CELL_M)

    # (3)
    others = own_edge[end] != edge[segment]
    end, segment = end[others], segment[others]
    begin, stop = vertex_xy[first[segment]], vertex_xy[first[segment] + 1]
    close = _away_m(end_xy[end], begin, stop) <= NEAR_MISS_M
    end, segment = end[close], segment[close]

    # (4)
    own, other = own_edge[end], edge[segment]
    missed = np.ones(len(end), dtype=bool)
    for pair in range(len(end)):
        joined = np.isin(ends[own[pair]], ends[other[pair]]).any()
        missed[pair] = not (joined and _meters(edges, own[pair], scale) <= NEAR_MISS_M)
    return np.unique(edges.node_id[node[end[missed]]])


def _away_m(place: FloatArray, begin: FloatArray, stop: FloatArray) -> FloatArray:
    """Return the meters from each place to the segment between two others."""
    course = stop - begin
    squared = (course * course).sum(axis=1)
    share = ((place - begin) * course).sum(axis=1) / np.where(squared > 0.0, squared, 1.0)
    foot = begin + np.clip(share, 0.0, 1.0)[:, None] * course
    return np.asarray(np.hypot(*(place - foot).T), dtype=np.float64)


def _meters(edges: RawEdges, edge: int, scale: FloatArray) -> float:
    """Return the length of an edge, roughly."""
    course = edges.vertex_lonlat[edges.vertex_from[edge] : edges.vertex_from[edge + 1]] * scale
    return float(np.hypot(*np.diff(course, axis=0).T).sum())


def _named(words: Sequence[str]) -> str:
    """Return the first few words, and dots for the others."""
    if len(words) > MOST_NAMED:
        words = [*words[:MOST_NAMED], "…"]
    return Listing(words)
