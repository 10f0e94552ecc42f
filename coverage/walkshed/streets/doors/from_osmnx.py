"""The door from osmnx and networkx: a graph becomes a street network."""

from __future__ import annotations

import json
import warnings
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from walkshed.errors import InvalidValueError, shorten
from walkshed.model.arrays import FloatArray
from walkshed.model.ground.network import PrivateRule, StreetNetwork
from walkshed.model.ground.plane import Plane
from walkshed.model.marks import plain
from walkshed.model.messages import Message
from walkshed.osm.outlines.data_end import Drawn, data_ends
from walkshed.streets.assemble import Origin, RawEdges, assemble
from walkshed.streets.doors.graphs import (
    Convert,
    Data,
    course_of,
    degrees_of,
    directions,
    first_id,
    is_enterable,
    is_inner,
    is_private,
    node_id_of,
    node_places,
    stated_plane,
    words_of,
)
from walkshed.streets.doors.to_networkx import CREDIT, DATE, EDGE, ENTERING, SQUARES
from walkshed.streets.names import names_of
from walkshed.streets.profile import read_profile
from walkshed.streets.squares.crossed import squares_at
from walkshed.streets.squares.entering import Entries
from walkshed.streets.squares.grounds import Ground

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.Graph[Any]

#: Attributes that are read of an edge.
_READ = (
    *("osmid", "highway", "name", "access", "foot", "footway", "bridge", "tunnel", "layer"),
    *("level", "indoor", "location", "railway", "public_transport", "train", "subway", "monorail"),
    *("tram", "bus", ENTERING),
)


def network_from_osmnx(
    G: Graph,  # noqa: N803 (osmnx's name)
    *,
    private: PrivateRule = "ends",
) -> StreetNetwork:
    """Return the network of an osmnx graph, or of a networkx graph with ``x``, ``y`` and ``crs``.

    Every edge is taken for walkable, whatever it is: the graph's maker has chosen
    (``network_type="walk"``). Two edges along one course against each other are one edge walked
    both ways, and a lone one is walked both ways too, for osmnx's direction speaks of vehicles,
    unless ``oneway:foot``, ``foot:backward`` or ``conveying`` on it speak of walkers. Lengths are
    measured anew, on the ellipsoid. A graph of ``to_networkx`` comes back as it was. Warns of edges
    without ``highway``. Raises ``InvalidValueError`` for what is no graph, and without edges,
    coordinates or CRS.
    """
    if not (hasattr(G, "edges") and hasattr(G, "nodes") and hasattr(G, "graph")):
        raise InvalidValueError(
            Message(
                "{value} is not a networkx graph; give one, such as ox.graph_from_place(...)",
                value=shorten(repr(G)),
            )
        )

    to_lonlat = degrees_of(G)
    lonlat, index = node_places(G, to_lonlat)
    numbered = _numbered_edges(G, lonlat, index, to_lonlat)
    rows = _drawn_edges(G, lonlat, index, to_lonlat) if numbered is None else numbered

    edges = _raw_edges(G, rows, lonlat, index)
    notes = _notes(edges)
    for note in notes:
        warnings.warn(note, UserWarning, stacklevel=2)

    # Where the graph ends, and the plane in its middle, unless it says on which one it was made.
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    middle = (low + high) / 2
    bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    plane = stated_plane(G)
    if plane is None:
        plane = Plane(lon0=round(float(middle[0]), 6), lat0=round(float(middle[1]), 6))

    origin = Origin(
        profile="osmnx",
        source="osmnx",
        data_date=G.graph.get(DATE) or None,
        attribution=G.graph.get(CREDIT, "© OpenStreetMap contributors"),
        bounds_lonlat=bounds,
        ends_lonlat=data_ends(lonlat, Drawn(edges.vertex_lonlat, edges.vertex_from), bounds),
        notes=notes,
    )

    stated = "[]" if numbered is None else G.graph.get(SQUARES, "[]")
    grounds, entries = _stated_squares(json.loads(stated), edges)
    return assemble(
        edges,
        plane=plane,
        origin=origin,
        private=private,
        crossing=lambda edges, edge_m, plane: squares_at(edges, edge_m, entries, grounds, plane),
    )


def _stated_squares(stated: list[dict[str, Any]], edges: RawEdges) -> tuple[list[Ground], Entries]:
    """Return the squares that ``to_networkx`` wrote, with their entries.

    None where edges were taken away.
    """
    rows = [
        (number, edge, at_end)
        for number, square in enumerate(stated)
        for edge, at_end in square["entries"]
    ]
    if any(edge >= len(edges.way_id) for _, edge, _ in rows):
        stated, rows = [], []

    grounds = [
        Ground(tuple(map(np.array, square["rings"])), (), (), {}, square["enterable"])
        for square in stated
    ]

    ground, edge, end = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    at_end = end == 1
    node = np.where(at_end, edges.end[edge], edges.start[edge]).astype(np.int64)
    return grounds, Entries(ground, node, edge, at_end)


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """An edge between two rows of nodes: its course, its attributes, and how it is walked."""

    start: int
    end: int
    course: FloatArray  # (v, 2)
    data: Data
    forward: bool
    backward: bool


def _numbered_edges(
    G: Graph,  # noqa: N803
    lonlat: FloatArray,
    index: Mapping[Hashable, int],
    to_lonlat: Convert,
) -> list[_Row] | None:
    """Return the edges of a graph of ``to_networkx`` as they were; None for another graph."""
    profile = read_profile("walking")
    rows: dict[int, _Row] = {}
    for u, v, data in G.edges(data=True):
        number = data.get(EDGE)
        if not isinstance(number, int):
            return None
        if is_inner(data):
            continue
        if number in rows and data.get("reversed") is True:
            continue

        course = course_of(lonlat[index[u]], lonlat[index[v]], data.get("geometry"), to_lonlat)
        own, opposite = directions(profile, data)
        row = _Row(index[u], index[v], course, data, own, opposite)
        if data.get("reversed") is True:
            row = _Row(index[v], index[u], course[::-1], data, opposite, own)
        rows[number] = row

    return [rows[number] for number in sorted(rows)] or None


def _drawn_edges(
    G: Graph,  # noqa: N803
    lonlat: FloatArray,
    index: Mapping[Hashable, int],
    to_lonlat: Convert,
) -> list[_Row]:
    """Return the graph's edges, each course once, in an order that does not hang on the graph's."""
    # by ends, OSM ids and course: what is drawn along it, and what is drawn against it
    drawn: dict[tuple[int, int, tuple[str, ...], bytes], tuple[list[Data], list[Data]]] = {}
    for u, v, data in G.edges(data=True):
        if is_inner(data):
            continue

        course = course_of(lonlat[index[u]], lonlat[index[v]], data.get("geometry"), to_lonlat)
        start, end = index[u], index[v]
        against = (start, course.tolist()) > (end, course[::-1].tolist())
        if against:
            start, end, course = end, start, course[::-1]

        key = (start, end, tuple(words_of(data.get("osmid"))), course.tobytes())
        drawn.setdefault(key, ([], []))[int(against)].append(data)
    if not drawn:
        raise InvalidValueError("osmnx graph: has no edge; download or build it again")

    # along and against are one edge walked both ways; what is left over is one each
    profile = read_profile("walking")
    rows = []
    for (u, v, _, path), (along, against_it) in sorted(drawn.items(), key=lambda item: item[0]):
        course = np.frombuffer(path, dtype=np.float64).reshape(-1, 2)
        for number in range(max(len(along), len(against_it))):
            if number < len(along):
                tags = along[number]
                forward, backward = directions(profile, tags)
            else:
                tags = against_it[number]
                backward, forward = directions(profile, tags)
            rows.append(_Row(u, v, course, tags, forward, backward))
    return rows


def _raw_edges(
    G: Graph,  # noqa: N803
    rows: list[_Row],
    lonlat: FloatArray,
    index: Mapping[Hashable, int],
) -> RawEdges:
    """Return the edges with what their attributes say; of a merged edge the first word counts."""
    profile = read_profile("walking")
    node_id = [node_id_of(node, G.nodes[node].get("osm_node")) for node in index]
    length = np.array([len(row.course) for row in rows], dtype=np.int64)
    words = [{key: words_of(row.data.get(key)) for key in _READ} for row in rows]

    return RawEdges(
        node_id=np.array(node_id, dtype=np.int64),
        node_lonlat=lonlat,
        start=np.array([row.start for row in rows], dtype=np.int32),
        end=np.array([row.end for row in rows], dtype=np.int32),
        vertex_from=np.concatenate([[0], np.cumsum(length)]),
        vertex_lonlat=np.vstack([row.course for row in rows]),
        way_id=np.array([first_id(word["osmid"]) for word in words], dtype=np.int64),
        highway=names_of(word["highway"][0] if word["highway"] else "" for word in words),
        name=names_of(plain(" / ".join(word["name"])) for word in words),
        steps=np.array(["steps" in word["highway"] for word in words], dtype=bool),
        private=np.array([is_private(profile, word) for word in words], dtype=bool),
        forward=np.array([row.forward for row in rows], dtype=bool),
        backward=np.array([row.backward for row in rows], dtype=bool),
        enterable=np.array([is_enterable(profile, word) for word in words], dtype=bool),
    )


def _notes(edges: RawEdges) -> tuple[str, ...]:
    """Return a note on edges that do not say what they are."""
    silent = sum(not word for word in edges.highway)
    if not silent:
        return ()
    note = Message(
        "{silent} of {count} {count:edge|edges} of the graph carry no highway: steps among them "
        "count as level "
        "ways, and platforms as streets; keep the attribute, or set it",
        silent=silent,
        count=len(edges.highway),
    )
    return (note,)
