"""The walkable streets as a graph with exact geometry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, read_only
from walkshed.model.ground.arcs import Arcs, pack
from walkshed.model.ground.plane import Plane
from walkshed.model.ground.squares import Squares, no_squares

PrivateRule = Literal["ends", "open"]


@dataclass(frozen=True, slots=True, eq=False)
class ArcGraph:
    """The directed graph that the shortest-path kernel sees: arcs grouped by the node they lead *into*.

    Distances run from residents to stations, so searches start at stations and follow arcs
    backwards: arc ``a`` in ``into[h]:into[h + 1]`` is walked from ``tail[a]`` to ``h`` and costs
    ``meters[a]``.

    Private ways (definition 4) live in two extra layers of nodes, so that the kernel knows nothing
    of them. Layer *leave* holds walks that have not yet left the private way they began on, the
    public layer the streets, layer *arrive* walks that have entered the private way they end on.
    Arcs of zero meters lead leave → public → arrive, never back. A point on edge ``e`` departs to
    nodes ``leave_by[e]`` and a station on it is reached from ``arrive_by[e]`` (column 0 the edge's
    start, column 1 its end); on a public edge both are the street's own nodes.
    """

    into: IntArray  # (nodes + 1,)
    tail: Int32Array  # (arcs,)
    meters: FloatArray  # (arcs,)
    # (arcs,) index of the edge walked, -1 for a change of layer; lines across squares follow the edges
    edge: Int32Array
    street_node: Int32Array  # (nodes,) the node of the network that a graph node stands for
    leave_by: Int32Array  # (edges, 2)
    arrive_by: Int32Array  # (edges, 2)
    arcs: Arcs  # the same, as searches take it


def arc_graph(
    into: IntArray,
    tail: Int32Array,
    meters: FloatArray,
    *,
    edge: Int32Array,
    street_node: Int32Array,
    leave_by: Int32Array,
    arrive_by: Int32Array,
) -> ArcGraph:
    """Return the graph of these arcs, packed once for all searches."""
    return ArcGraph(
        into=into,
        tail=tail,
        meters=meters,
        edge=edge,
        street_node=street_node,
        leave_by=leave_by,
        arrive_by=arrive_by,
        arcs=pack(into, tail, meters),
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class StreetNetwork:
    """Walkable streets, split at junctions; n nodes, m edges, k vertices.

    Edge ``e`` runs from node ``edge_start[e]`` to ``edge_end[e]`` along the rows
    ``vertex_from[e]:vertex_from[e + 1]`` of ``vertex_xy`` (plane meters). ``vertex_m`` are the
    meters walked from the edge's start to each vertex: geodesic, 0 at the first and ``edge_m[e]``
    at the last, so that a cut's meters are its fraction of its segment times that segment's length.
    Parallel edges and loops are kept. ``forward`` and ``backward`` tell whether it may be walked
    along or against its direction (both, unless a tag speaks of pedestrians). ``edge_m`` are
    multiples of 1/1024 m.
    """

    plane: Plane
    node_xy: FloatArray  # (n, 2)
    node_id: IntArray  # (n,) OSM id; 0 where there is none
    edge_start: Int32Array  # (m,)
    edge_end: Int32Array  # (m,)
    edge_m: FloatArray  # (m,)
    vertex_from: IntArray  # (m + 1,)
    vertex_xy: FloatArray  # (k, 2)
    vertex_m: FloatArray  # (k,)
    way_id: IntArray  # (m,) OSM id; 0 where there is none
    highway: Int32Array  # (m,) index into highway_classes
    highway_classes: tuple[str, ...]
    name: Int32Array  # (m,) index into names; names[0] is ""
    names: tuple[str, ...]
    steps: BoolArray  # (m,)
    private: BoolArray  # (m,)
    # (m,) False on bridges and in tunnels: no stepping on or off between their ends
    enterable: BoolArray
    forward: BoolArray  # (m,)
    backward: BoolArray  # (m,)
    component: Int32Array  # (m,) 0 is the longest; joined regardless of direction
    component_m: FloatArray  # (c,) meters of each component
    graph: ArcGraph
    private_rule: PrivateRule
    profile: str  # name of the walking profile, or "lines" / "osmnx"
    source: str
    data_date: str | None
    attribution: str  # "© OpenStreetMap contributors" or ""
    # the extract's edge on the plane; None if nothing lies beyond
    bounds_xy: tuple[float, float, float, float] | None
    digest: str  # sha256 over geometry, topology and attributes, hex
    notes: tuple[str, ...] = ()
    # (e, 2) places within those bounds along which the data end: cut ways, the outline of the map
    data_end_xy: FloatArray = field(default_factory=lambda: read_only(np.zeros((0, 2)), np.float64))
    squares: Squares = field(default_factory=no_squares)  # what is crossed straight

    def __repr__(self) -> str:
        """``StreetNetwork(town.osm.pbf: 1,547 edges, 173.8 km, 2024-10-17)``."""
        edges = f"{self.edge_count:,} edges"
        kilometers = f"{float(self.edge_m.sum()) / 1000:,.1f} km"
        date = self.data_date or "undated"
        return f"StreetNetwork({self.source}: {edges}, {kilometers}, {date})"

    @property
    def edge_count(self) -> int:
        """The number of edges."""
        return len(self.edge_m)

    @property
    def node_count(self) -> int:
        """The number of street nodes (without the copies for private ways)."""
        return len(self.node_xy)
