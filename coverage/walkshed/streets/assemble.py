"""From raw edges to a StreetNetwork: lengths, components, the directed graph, the digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    Int32Array,
    IntArray,
    distinct,
    frozen,
    read_only,
    to_ticks,
)
from walkshed.model.ground.network import ArcGraph, PrivateRule, StreetNetwork, arc_graph
from walkshed.model.ground.plane import Plane
from walkshed.model.ground.squares import Squares, no_squares
from walkshed.streets.names import Names


@dataclass(frozen=True, slots=True, eq=False)
class RawEdges:
    """m edges between n nodes before anything is measured.

    Vertices are in degrees (meters on a planar plane); the first and last of an edge are its nodes'
    positions. ``node_id`` and ``way_id`` are 0 where there is none.
    """

    node_id: IntArray  # (n,)
    node_lonlat: FloatArray  # (n, 2)
    start: Int32Array  # (m,)
    end: Int32Array  # (m,)
    vertex_from: IntArray  # (m + 1,)
    vertex_lonlat: FloatArray  # (k, 2)
    way_id: IntArray  # (m,)
    highway: Names  # m
    name: Names  # m
    steps: BoolArray
    private: BoolArray
    forward: BoolArray
    backward: BoolArray
    enterable: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """Where a network comes from: what its outputs must say of it."""

    profile: str
    source: str
    data_date: str | None = None
    attribution: str = ""
    bounds_lonlat: tuple[float, float, float, float] | None = None
    # (e, 2) places within those bounds along which the data end
    ends_lonlat: FloatArray | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Pairs of nodes, l of them, that hang together by the ground between them, and whether that is private."""

    one: Int32Array  # (l,)
    other: Int32Array  # (l,)
    private: BoolArray  # (l,)


#: Lines across squares, from edges, their meters and the plane, and what to say of them.
Crossing = Callable[[RawEdges, FloatArray, Plane], tuple[Squares, tuple[str, ...]]]


def assemble(
    edges: RawEdges,
    *,
    plane: Plane,
    origin: Origin,
    private: PrivateRule = "ends",
    crossing: Crossing | None = None,
) -> StreetNetwork:
    """Return the StreetNetwork of ``edges``; ``crossing`` finds its squares (None: it has none).

    Steps: (1) vertices onto the plane; (2) geodesic meters along each edge, rounded once, and the
    lines across squares; (3) components, which such lines join; (4) names and classes as codes; (5)
    the directed graph; (6) the digest.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="assemble") as beside:
        # (1)
        placed = beside.submit(plane.to_xy, edges.vertex_lonlat)

        # (2)
        edge_m, vertex_m = measure(edges, plane)
        hashed = beside.submit(_hashed, edges, plane, private, edge_m)
        squares = no_squares()
        square_notes: tuple[str, ...] = ()
        if crossing is not None:
            squares, square_notes = crossing(edges, edge_m, plane)

    # (3)
    vertex_xy = placed.result()
    links = squares.line_start, squares.line_end
    component, component_m = components(
        len(edges.node_id), edges.start, edges.end, edge_m, links=links
    )

    # (4)
    names, name = edges.name.in_order(first="")
    classes, highway = edges.highway.in_order()

    # (5), (6)
    graph = directed_graph(edges, edge_m, private, squares)
    digest = _digest(hashed.result(), plane, squares)
    return StreetNetwork(
        plane=plane,
        node_xy=frozen(_nodes_xy(edges, vertex_xy, plane)),
        node_id=read_only(edges.node_id, np.int64),
        edge_start=read_only(edges.start, np.int32),
        edge_end=read_only(edges.end, np.int32),
        edge_m=read_only(edge_m, np.float64),
        vertex_from=read_only(edges.vertex_from, np.int64),
        vertex_xy=frozen(vertex_xy),
        vertex_m=frozen(vertex_m),
        way_id=read_only(edges.way_id, np.int64),
        highway=highway,
        highway_classes=classes,
        name=name,
        names=names,
        steps=read_only(edges.steps, np.bool_),
        private=read_only(edges.private, np.bool_),
        enterable=read_only(edges.enterable, np.bool_),
        forward=read_only(edges.forward, np.bool_),
        backward=read_only(edges.backward, np.bool_),
        component=component,
        component_m=component_m,
        graph=graph,
        private_rule=private,
        profile=origin.profile,
        source=origin.source,
        data_date=origin.data_date,
        attribution=origin.attribution,
        bounds_xy=_bounds_xy(plane, origin.bounds_lonlat),
        digest=digest,
        notes=(*origin.notes, *square_notes),
        data_end_xy=_ends_xy(plane, origin),
        squares=squares,
    )


def measure(edges: RawEdges, plane: Plane) -> tuple[FloatArray, FloatArray]:
    """Return (m,) edge meters, and (k,) meters from each edge's start to each vertex.

    Edge meters are multiples of 1/1024.
    """
    # meters from each vertex to the next of its edge
    vertices = edges.vertex_lonlat
    first = np.zeros(len(vertices), dtype=bool)
    first[edges.vertex_from[:-1]] = True
    steps = np.zeros(len(vertices))
    steps[1:] = plane.segment_m(vertices[:-1], vertices[1:], jumps=first[1:])

    # summed along each edge
    running = np.cumsum(steps)
    count = np.diff(edges.vertex_from)
    along = running - np.repeat(running[edges.vertex_from[:-1]], count)
    last = edges.vertex_from[1:] - 1
    edge_m = to_ticks(along[last])

    # rounding may have shortened the edge by half a tick
    along = np.minimum(along, np.repeat(edge_m, count))
    along[last] = edge_m
    along[edges.vertex_from[:-1]] = 0.0
    return edge_m, along


def components(
    nodes: int,
    start: Int32Array,
    end: Int32Array,
    edge_m: FloatArray,
    *,
    links: tuple[Int32Array, Int32Array] | None = None,
) -> tuple[Int32Array, FloatArray]:
    """Return (m,) the component of each edge, 0 the longest, and (c,) the meters of each.

    Direction does not count. ``links`` are more pairs of nodes that hang together, which have no
    length.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    # which nodes hang together
    one, other = start, end
    if links is not None:
        one, other = np.concatenate([start, links[0]]), np.concatenate([end, links[1]])
    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(nodes, nodes))
    _, of_node = connected_components(graph, directed=False)

    # numbered by length, of equals the one with the earlier edge first
    of_edge = of_node[start]
    labels, first, dense = np.unique(of_edge, return_index=True, return_inverse=True)
    meters = np.bincount(dense, weights=edge_m, minlength=len(labels))
    order = np.lexsort([first, -meters])
    rank = np.empty(len(labels), dtype=np.int32)
    rank[order] = np.arange(len(labels), dtype=np.int32)
    return read_only(rank[dense], np.int32), read_only(meters[order], np.float64)


def directed_graph(
    edges: RawEdges, edge_m: FloatArray, private: PrivateRule, squares: Squares
) -> ArcGraph:
    """Return the graph that searches run on, as in ``ArcGraph``.

    A walk may use private ways first (layer *leave*), then public ones, then private ones (layer
    *arrive*): the pattern private* public* private*, which is definition 4. Lines across squares
    follow the edges, by their numbers, and are walked both ways.
    """
    # edges, and lines across squares after them
    nodes, streets = len(edges.node_id), len(edges.start)
    ruling = squares.ruling_edge(streets)
    start = np.concatenate([edges.start, squares.line_start])
    end = np.concatenate([edges.end, squares.line_end])
    arc_m = np.concatenate([edge_m, squares.line_m])
    across = np.arange(len(ruling)) >= streets
    forward, backward = edges.forward[ruling] | across, edges.backward[ruling] | across

    # private ways, and their nodes' copies in the layers leave and arrive
    closed = edges.private[ruling] & (private == "ends")
    pocket = distinct(np.concatenate([start[closed], end[closed]])).astype(np.int64)
    leave_of, arrive_of = np.arange(nodes, dtype=np.int64), np.arange(nodes, dtype=np.int64)
    leave_of[pocket] = nodes + np.arange(len(pocket))
    arrive_of[pocket] = nodes + len(pocket) + np.arange(len(pocket))

    ends = np.column_stack([start, end]).astype(np.int64)
    leave_by = np.where(closed[:, None], leave_of[ends], ends)
    arrive_by = np.where(closed[:, None], arrive_of[ends], ends)

    # arcs of the three layers, forward and backward
    tails, heads, names = [], [], []
    layers = [(ends, ~closed), (leave_by, closed), (arrive_by, closed)]
    for nodes_of, used in layers:
        for direction, (a, b) in ((forward, (0, 1)), (backward, (1, 0))):
            chosen = np.flatnonzero(used & direction)
            tails.append(nodes_of[chosen, a])
            heads.append(nodes_of[chosen, b])
            names.append(chosen)

    # and from one layer to the next
    no_edge = np.full(len(pocket), -1, dtype=np.int64)
    tails += [leave_of[pocket], pocket]
    heads += [pocket, arrive_of[pocket]]
    names += [no_edge, no_edge]

    # sorted by the node that an arc leads into
    tail, head, edge = np.concatenate(tails), np.concatenate(heads), np.concatenate(names)
    total = nodes + 2 * len(pocket)
    head, tail, edge = _in_order(head, tail, edge, (total, total, len(ruling)))
    meters = np.append(arc_m, 0.0)[edge]  # without an edge (-1) it is none
    return arc_graph(
        into=read_only(np.searchsorted(head, np.arange(total + 1)), np.int64),
        tail=read_only(tail, np.int32),
        meters=read_only(meters, np.float64),
        edge=read_only(edge, np.int32),
        street_node=read_only(np.concatenate([np.arange(nodes), pocket, pocket]), np.int32),
        leave_by=read_only(leave_by[:streets], np.int32),
        arrive_by=read_only(arrive_by[:streets], np.int32),
    )


def _in_order(
    head: IntArray, tail: IntArray, edge: IntArray, counts: tuple[int, int, int]
) -> tuple[IntArray, IntArray, IntArray]:
    """Return columns sorted by the first, then the second, then the third; numbers from -1 up to ``counts``."""
    _, second, third = (int(count + 1).bit_length() for count in counts)
    if int(counts[0] + 1).bit_length() + second + third > 63:
        order = np.lexsort([edge, tail, head])
        return head[order], tail[order], edge[order]

    # As one number each: to sort numbers takes a tenth of the time of ordering rows.
    key = ((head + 1) << (second + third)) | ((tail + 1) << third) | (edge + 1)
    key.sort()
    low = (1 << third) - 1
    middle = (1 << second) - 1
    return (key >> (second + third)) - 1, ((key >> third) & middle) - 1, (key & low) - 1


def _bounds_xy(
    plane: Plane, bounds: tuple[float, float, float, float] | None
) -> tuple[float, float, float, float] | None:
    """Return the box on the plane around a box of degrees."""
    if bounds is None:
        return None

    west, south, east, north = bounds
    corners = plane.to_xy(np.array([[west, south], [east, south], [east, north], [west, north]]))
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _ends_xy(plane: Plane, origin: Origin) -> FloatArray:
    """Return (e, 2) where the data end on the plane; none where nothing lies beyond."""
    if origin.bounds_lonlat is None or origin.ends_lonlat is None:
        return read_only(np.zeros((0, 2)), np.float64)
    return read_only(plane.to_xy(origin.ends_lonlat), np.float64)


def _nodes_xy(edges: RawEdges, vertex_xy: FloatArray, plane: Plane) -> FloatArray:
    """Return (n, 2) where the nodes lie on the plane, as the vertices of their edges do."""
    node_xy = np.full((len(edges.node_id), 2), np.nan)
    node_xy[edges.start] = vertex_xy[edges.vertex_from[:-1]]
    node_xy[edges.end] = vertex_xy[edges.vertex_from[1:] - 1]

    # those on which no edge ends
    alone = np.flatnonzero(np.isnan(node_xy[:, 0]))
    node_xy[alone] = plane.to_xy(edges.node_lonlat[alone])
    return node_xy


def _scale(plane: Plane) -> float:
    """Return by what places are multiplied before they are hashed as whole numbers.

    1e-7 degrees is the resolution of OSM, about 1 cm.
    """
    return 1024.0 if plane.planar else 1e7


def _hashed(
    edges: RawEdges, plane: Plane, private: PrivateRule, edge_m: FloatArray
) -> hashlib._Hash:
    """Return what the digest of a network is after its streets."""
    digest = hashlib.sha256()
    digest.update(f"{plane.lon0:.6f} {plane.lat0:.6f} {plane.planar} {private}".encode())

    scale = _scale(plane)
    arrays = (
        np.round(edges.vertex_lonlat * scale).astype("<i8"),
        np.round(edge_m * 1024).astype("<i8"),
        edges.vertex_from.astype("<i8"),
        edges.start.astype("<i8"),
        edges.end.astype("<i8"),
        edges.way_id.astype("<i8"),
        np.column_stack(
            [edges.steps, edges.private, edges.forward, edges.backward, edges.enterable]
        ).astype("u1"),
    )

    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    digest.update("\0".join((*edges.highway, *edges.name)).encode())
    return digest


def _digest(hashed: hashlib._Hash, plane: Plane, squares: Squares) -> str:
    """Return sha256 over all that a distance or a name depends on, hex; the same everywhere."""
    digest = hashed.copy()
    if len(squares):
        scale = _scale(plane)
        outline = plane.to_lonlat(squares.vertex_xy)
        for array in (
            np.column_stack([squares.line_start, squares.line_end]),
            np.round(squares.line_m * 1024),
            np.round(outline * scale),
            squares.vertex_from,
            squares.ring_from,
            squares.enterable,
        ):
            digest.update(np.ascontiguousarray(array.astype("<i8")).tobytes())
    return digest.hexdigest()
