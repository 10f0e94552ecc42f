"""Lanes that the map lacks, joined to the network that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from walkshed.model.ground.plane import Plane
from walkshed.model.messages import Message
from walkshed.streets.assemble import RawEdges
from walkshed.streets.drawn.lines import JOIN_M, edges_of_lines
from walkshed.streets.names import names_of


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """Drawn lanes: LineStrings in WGS84 degrees and what is known of each.

    ``join_m`` as in ``[streets]``.
    """

    lines: ObjectArray
    names: Sequence[str]
    highway: Sequence[str]
    is_private: Sequence[bool]
    source: str
    join_m: float


@dataclass(frozen=True, slots=True)
class _Joint:
    """Where a lane's end meets an edge."""

    edge: int
    at: float  # segments from the edge's start, with the fraction of one
    xy: tuple[float, float]


def join_lanes(base: RawEdges, lanes: Lanes, plane: Plane) -> tuple[RawEdges, tuple[str, ...]]:
    """Return ``base`` with the lanes, and what was joined, in words.

    The ends of drawn lanes within ``join_m`` of an edge are joined to the nearest one (of equals
    the first), which is split there; the gap is walked as a part of the lane. Lanes join each other
    where they share a vertex. A lane that crosses a street without ending there passes over or
    under it. An end with nothing near stays a dead end.
    """
    # lanes as edges, and where their ends meet the base
    drawn = edges_of_lines(
        lanes.lines,
        plane=plane,
        names=lanes.names,
        highway=lanes.highway,
        is_private=lanes.is_private,
    )

    base_xy = plane.to_xy(base.vertex_lonlat)
    ends = _line_ends(lanes.lines, drawn, plane)
    ends_xy = plane.to_xy(drawn.node_lonlat[ends])
    joints = {
        ends[number]: joint
        for number, joint in _joints(ends_xy, base_xy, base.vertex_from, lanes.join_m).items()
    }

    # every node of the lanes is one of the base, a cut in one of its edges, or new
    nodes = _Nodes(base)
    cuts: dict[int, list[tuple[float, int]]] = {}
    node_of: dict[int, int] = {}
    for lane_node, joint in sorted(joints.items()):
        node_of[lane_node] = nodes.at_joint(joint, base, base_xy, plane, cuts)
    for lane_node in range(len(drawn.node_id)):
        if lane_node not in node_of:
            node_of[lane_node] = nodes.add(drawn.node_lonlat[lane_node])

    edges = _split(base, cuts, nodes) + _lane_edges(drawn, node_of, nodes)

    notes = []
    notes.append(
        Message(
            "{source}: {count} {count:lane|lanes} added, {joined} of their ends joined to the "
            "streets within "
            "{join_m:g} m",
            source=lanes.source,
            count=len(lanes.lines),
            joined=len(joints),
            join_m=lanes.join_m,
        )
    )
    if ends and not joints:
        notes.append(
            Message(
                "{source}: no lane meets a street; check its coordinate system, or raise "
                "extra_join_m",
                source=lanes.source,
            )
        )
    return _assembled(edges, nodes), tuple(notes)


class _Nodes:
    """The nodes of the joined network, grown while joints are made."""

    def __init__(self, base: RawEdges) -> None:
        self.ids = base.node_id.tolist()
        self.lonlat: list[FloatArray] = list(base.node_lonlat)

    def add(self, lonlat: FloatArray) -> int:
        """Add a node without an OSM id and return its number."""
        self.ids.append(0)
        self.lonlat.append(np.asarray(lonlat, dtype=np.float64))
        return len(self.ids) - 1

    def at_joint(
        self,
        joint: _Joint,
        base: RawEdges,
        base_xy: FloatArray,
        plane: Plane,
        cuts: dict[int, list[tuple[float, int]]],
    ) -> int:
        """Return the node where a lane joins: an end of the edge, an earlier cut, or a new cut."""
        # an end of the edge
        first, last = int(base.vertex_from[joint.edge]), int(base.vertex_from[joint.edge + 1]) - 1
        for row, node in ((first, base.start[joint.edge]), (last, base.end[joint.edge])):
            if np.hypot(*(base_xy[row] - joint.xy)) <= JOIN_M:
                return int(node)

        # a cut that another lane has made
        edge_cuts = cuts.setdefault(joint.edge, [])
        for at, node in edge_cuts:
            away_m = np.hypot(*(plane.to_xy(self.lonlat[node])[0] - joint.xy))
            if abs(at - joint.at) < 1e-9 or away_m <= JOIN_M:
                return node

        # a new one
        node = self.add(plane.to_lonlat(np.array([joint.xy]))[0])
        edge_cuts.append((joint.at, node))
        return node


@dataclass(frozen=True, slots=True, eq=False)
class _Edge:
    """An edge of the joined network."""

    start: int
    end: int
    lonlat: FloatArray
    row: int  # of the edges that it comes from
    source: RawEdges


def _line_ends(lines: ObjectArray, drawn: RawEdges, plane: Plane) -> list[int]:
    """Return the nodes of the drawn network at which a drawn line begins or ends."""
    ends = np.concatenate(
        [shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1)]
    )
    tree = shapely.STRtree(shapely.points(plane.to_xy(drawn.node_lonlat)))
    found = tree.query_nearest(shapely.points(plane.to_xy(ends)), all_matches=False)[1]
    return sorted({int(node) for node in found})


def _joints(
    ends_xy: FloatArray, base_xy: FloatArray, base_from: IntArray, join_m: float
) -> dict[int, _Joint]:
    """Return where ends meet the nearest edge of the base, of equally near ones the first."""
    lines = shapely.linestrings(
        base_xy, indices=np.repeat(np.arange(len(base_from) - 1), np.diff(base_from))
    )
    end, edge = shapely.STRtree(lines).query_nearest(
        shapely.points(ends_xy), max_distance=join_m, all_matches=True
    )

    joints: dict[int, _Joint] = {}
    for number, candidate in sorted(zip(end.tolist(), edge.tolist())):
        if number not in joints:
            vertices = base_xy[base_from[candidate] : base_from[candidate + 1]]
            joints[number] = _foot(candidate, vertices, ends_xy[number])
    return joints


def _foot(edge: int, vertices: FloatArray, point: FloatArray) -> _Joint:
    """Return the point of an edge that is nearest to a point."""
    start, along = vertices[:-1], np.diff(vertices, axis=0)
    square = np.maximum((along**2).sum(axis=1), 1e-18)
    share = np.clip(((point - start) * along).sum(axis=1) / square, 0.0, 1.0)
    feet = start + share[:, None] * along

    # of feet equally near (to a micrometer) the first
    segment = int(np.argmin(np.round(np.hypot(*(feet - point).T), 6)))
    x, y = feet[segment].tolist()
    return _Joint(edge, segment + float(share[segment]), (x, y))


def _split(base: RawEdges, cuts: dict[int, list[tuple[float, int]]], nodes: _Nodes) -> list[_Edge]:
    """Return the edges of the base in their order, those with joints as the stretches between."""
    edges: list[_Edge] = []
    for row in range(len(base.start)):
        lonlat = base.vertex_lonlat[base.vertex_from[row] : base.vertex_from[row + 1]]
        node, begin = int(base.start[row]), 0.0

        # up to each cut
        for at, cut in sorted(cuts.get(row, ())):
            between = lonlat[int(np.floor(begin)) + 1 : int(np.ceil(at))]
            stretch = np.vstack([nodes.lonlat[node], between, nodes.lonlat[cut]])
            edges.append(_Edge(node, cut, stretch, row, base))
            node, begin = cut, at

        # and on to the end
        if begin > 0.0:
            lonlat = np.vstack([nodes.lonlat[node], lonlat[int(np.floor(begin)) + 1 :]])
        edges.append(_Edge(node, int(base.end[row]), lonlat, row, base))
    return edges


def _lane_edges(drawn: RawEdges, node_of: dict[int, int], nodes: _Nodes) -> list[_Edge]:
    """Return the edges of the lanes, drawn out to the nodes at which they join."""
    edges: list[_Edge] = []
    for row in range(len(drawn.start)):
        lonlat = drawn.vertex_lonlat[drawn.vertex_from[row] : drawn.vertex_from[row + 1]]
        start, end = node_of[int(drawn.start[row])], node_of[int(drawn.end[row])]

        # the gap to a joint is walked as a part of the lane
        parts = [lonlat]
        if not np.array_equal(nodes.lonlat[start], lonlat[0]):
            parts.insert(0, nodes.lonlat[start][None])
        if not np.array_equal(nodes.lonlat[end], lonlat[-1]):
            parts.append(nodes.lonlat[end][None])
        edges.append(_Edge(start, end, np.vstack(parts), row, drawn))
    return edges


def _assembled(edges: list[_Edge], nodes: _Nodes) -> RawEdges:
    """Return edges of two sources as one, each walked as it is in its source."""

    def flags(name: str) -> BoolArray:
        return np.array([getattr(edge.source, name)[edge.row] for edge in edges], dtype=bool)

    count = [len(edge.lonlat) for edge in edges]
    return RawEdges(
        node_id=np.array(nodes.ids, dtype=np.int64),
        node_lonlat=np.vstack(nodes.lonlat),
        start=np.array([edge.start for edge in edges], dtype=np.int32),
        end=np.array([edge.end for edge in edges], dtype=np.int32),
        vertex_from=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        vertex_lonlat=np.vstack([edge.lonlat for edge in edges]),
        way_id=np.array([edge.source.way_id[edge.row] for edge in edges], dtype=np.int64),
        highway=names_of(edge.source.highway[edge.row] for edge in edges),
        name=names_of(edge.source.name[edge.row] for edge in edges),
        steps=flags("steps"),
        private=flags("private"),
        forward=flags("forward"),
        backward=flags("backward"),
        enterable=flags("enterable"),
    )
