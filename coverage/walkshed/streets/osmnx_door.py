"""The door to osmnx and networkx, both ways."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from walkshed.errors import InvalidValueError, shorten
from walkshed.model.arrays import FloatArray
from walkshed.model.network import PrivateRule, StreetNetwork
from walkshed.model.plane import Plane
from walkshed.streets.assemble import Origin, RawEdges, assemble
from walkshed.streets.profile import Profile, read_profile

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.Graph[Any]
    MultiDiGraph = nx.MultiDiGraph[Any]

Data = Mapping[str, Any]
Convert = Callable[[FloatArray], FloatArray]
_DECIMALS = 9  # 0.1 mm: brings OSM's seven decimals back exactly from the plane


def network_from_osmnx(G: Graph, *, private: PrivateRule = "ends") -> StreetNetwork:  # noqa: N803 (osmnx's name)
    """Return the network of an osmnx graph, or of any networkx graph with ``x``, ``y`` and a ``crs``.

    Every edge is taken for walkable, whatever it is: the graph's maker has chosen
    (``network_type="walk"``). Two edges along one course against each other are one edge walked
    both ways, and a lone one is walked both ways too, for osmnx's direction speaks of vehicles,
    unless ``oneway:foot``, ``foot:backward`` or ``conveying`` on it speak of walkers. Lengths are
    measured anew, on the ellipsoid. Raises ``InvalidValueError`` for what is no graph, and without
    edges, coordinates or CRS.
    """
    if not (hasattr(G, "edges") and hasattr(G, "nodes") and hasattr(G, "graph")):
        raise InvalidValueError(
            f"{shorten(repr(G))} is no networkx graph; give one, such as ox.graph_from_place(...)"
        )
    to_lonlat = _to_lonlat(G)
    lonlat, index = _node_places(G, to_lonlat)
    profile = read_profile("walking")
    # By ends, OSM ids and course: what is drawn along it, and what is drawn against it.
    drawn: dict[tuple[int, int, tuple[str, ...], bytes], tuple[list[Data], list[Data]]] = {}
    for u, v, data in G.edges(data=True):
        course = _course(lonlat[index[u]], lonlat[index[v]], data.get("geometry"), to_lonlat)
        against = (index[u], course.tolist()) > (index[v], course[::-1].tolist())
        ends = (index[v], index[u]) if against else (index[u], index[v])
        path = (course[::-1] if against else course).tobytes()
        key = (*ends, tuple(_words(data.get("osmid"))), path)
        drawn.setdefault(key, ([], []))[int(against)].append(data)
    if not drawn:
        raise InvalidValueError("osmnx graph: has no edge; download or build it again")

    rows: list[tuple[int, int, FloatArray, Data, bool, bool]] = []
    for (u, v, _, path), (along, against_it) in sorted(drawn.items(), key=lambda item: item[0]):
        course = np.frombuffer(path, dtype=np.float64).reshape(-1, 2)
        for number in range(max(len(along), len(against_it))):
            lone_against = number >= len(along)
            tags = against_it[number] if lone_against else along[number]
            own, opposite = _directions(profile, tags)
            rows.append(
                (u, v, course, tags, opposite, own)
                if lone_against
                else (u, v, course, tags, own, opposite)
            )
    length = np.array([len(row[2]) for row in rows], dtype=np.int64)
    words = [
        {key: _words(row[3].get(key)) for key in ("osmid", "highway", "name", "access", "foot")}
        for row in rows
    ]
    edges = RawEdges(
        node_id=np.array([_node_id(node) for node in index], dtype=np.int64),
        node_lonlat=lonlat,
        start=np.array([row[0] for row in rows], dtype=np.int32),
        end=np.array([row[1] for row in rows], dtype=np.int32),
        vertex_from=np.concatenate([[0], np.cumsum(length)]),
        vertex_lonlat=np.vstack([row[2] for row in rows]),
        way_id=np.array([_first_id(word["osmid"]) for word in words], dtype=np.int64),
        highway=tuple(word["highway"][0] if word["highway"] else "" for word in words),
        name=tuple(" / ".join(word["name"]) for word in words),
        steps=np.array(["steps" in word["highway"] for word in words], dtype=bool),
        private=np.array([_is_private(profile, word) for word in words], dtype=bool),
        forward=np.array([row[4] for row in rows], dtype=bool),
        backward=np.array([row[5] for row in rows], dtype=bool),
        enterable=np.array([_is_enterable(profile, row[3]) for row in rows], dtype=bool),
    )
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    middle = (low + high) / 2
    origin = Origin(
        profile="osmnx",
        source="osmnx",
        attribution="© OpenStreetMap contributors",
        bounds_lonlat=(float(low[0]), float(low[1]), float(high[0]), float(high[1])),
    )
    plane = Plane(lon0=round(float(middle[0]), 6), lat0=round(float(middle[1]), 6))
    return assemble(edges, plane=plane, origin=origin, private=private)


def _is_enterable(profile: Profile, data: Data) -> bool:
    """Return whether people step onto an edge between its ends; an edge merged of several ways asks the first."""
    tags = {
        key: words[0]
        for key in ("bridge", "tunnel", "layer", "location")
        if (words := _words(data.get(key)))
    }
    return profile.answer("entering", tags) is None


def to_networkx(net: StreetNetwork) -> MultiDiGraph:
    """Return the network as a graph that osmnx's functions take: every edge once per direction in which it is walked.

    Nodes are numbered as in ``net`` and carry ``x``, ``y`` (degrees), ``street_count`` and
    ``osm_node``; edges carry ``osmid``, ``highway``, ``name``, ``length`` (geodesic meters),
    ``oneway``, ``reversed`` and ``geometry``, and ``access="private"`` and ``oneway:foot`` where
    they apply. The rule for private ways is not in the graph. A planar network has no ``crs`` and
    its coordinates are meters.
    """
    import networkx as nx

    if not isinstance(net, StreetNetwork):
        raise InvalidValueError(
            f"{net!r} is no street network; read one, such as ws.read_streets('town.osm.pbf')"
        )
    graph: MultiDiGraph = nx.MultiDiGraph()
    if not net.plane.planar:
        graph.graph["crs"] = "epsg:4326"
    graph.graph["simplified"] = True
    places = np.round(net.plane.to_lonlat(net.node_xy), _DECIMALS)
    # Loops count at both of their ends, as in osmnx.stats.count_streets_per_node.
    streets = np.bincount(np.concatenate([net.edge_start, net.edge_end]), minlength=net.node_count)
    for node, ((x, y), osmid) in enumerate(zip(places.tolist(), net.node_id.tolist(), strict=True)):
        graph.add_node(node, x=x, y=y, osm_node=osmid, street_count=int(streets[node]))
    vertices = np.round(net.plane.to_lonlat(net.vertex_xy), _DECIMALS)
    lines = shapely.linestrings(
        vertices, indices=np.repeat(np.arange(net.edge_count), np.diff(net.vertex_from))
    )
    for edge in range(net.edge_count):
        u, v = int(net.edge_start[edge]), int(net.edge_end[edge])
        both = bool(net.forward[edge] and net.backward[edge])
        data: dict[str, Any] = {
            "osmid": int(net.way_id[edge]),
            "highway": net.highway_classes[net.highway[edge]],
            "length": float(net.edge_m[edge]),
            "oneway": not both,
        }
        if net.names[net.name[edge]]:
            data["name"] = net.names[net.name[edge]]
        if net.private[edge]:
            data["access"] = "private"
        if not both:
            data["oneway:foot"] = "yes" if net.forward[edge] else "-1"
        if net.forward[edge]:
            graph.add_edge(u, v, **data, reversed=False, geometry=lines[edge])
        if net.backward[edge]:
            graph.add_edge(v, u, **data, reversed=True, geometry=lines[edge].reverse())
    return graph


def _to_lonlat(G: Graph) -> Convert:  # noqa: N803
    """Return a function from the graph's coordinates to WGS84 degrees."""
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError

    stated = G.graph.get("crs")
    if stated is None:
        raise InvalidValueError(
            'osmnx graph: has no CRS; set G.graph["crs"] = "epsg:4326" or the one its x and y are in'
        )
    try:
        crs = CRS.from_user_input(stated)
    except CRSError:
        raise InvalidValueError(
            f"osmnx graph: CRS {stated!r} is unknown; write an EPSG code, such as epsg:4326"
        ) from None
    wgs84 = CRS.from_epsg(4326)
    if crs.equals(wgs84, ignore_axis_order=True):
        return lambda xy: np.asarray(xy, dtype=np.float64)
    transformer = Transformer.from_crs(crs, wgs84, always_xy=True)
    return lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))


def _node_places(G: Graph, to_lonlat: Convert) -> tuple[FloatArray, dict[Hashable, int]]:  # noqa: N803
    """Return (n, 2) degrees, and each node's row: from west to east, so that the graph's own order does not matter."""
    found = []
    for node, data in G.nodes(data=True):
        try:
            x, y = float(data["x"]), float(data["y"])
        except (KeyError, TypeError, ValueError):
            raise InvalidValueError(
                f"osmnx graph, node {node!r}: has no x and y; add them as numbers"
            ) from None
        found.append((x, y, str(node), node))
    found.sort(key=lambda place: place[:3])
    xy = np.array([place[:2] for place in found], dtype=np.float64).reshape(-1, 2)
    lonlat = to_lonlat(xy)
    if not (np.isfinite(lonlat).all() and (np.abs(lonlat) <= [180.0, 90.0]).all()):
        raise InvalidValueError(
            f"osmnx graph: has nodes that lie nowhere on Earth; check its CRS ({G.graph['crs']})"
        )
    return lonlat, {place[3]: row for row, place in enumerate(found)}


def _course(start: FloatArray, end: FloatArray, geometry: Any, to_lonlat: Convert) -> FloatArray:  # noqa: ANN401
    """Return (v, 2) degrees from ``start`` to ``end``; a geometry that falls short of its nodes is drawn on to them."""
    if geometry is None:
        return np.stack([start, end])
    course = to_lonlat(shapely.get_coordinates(geometry))
    # undirected graphs keep either direction
    if np.hypot(*(course[0] - start)) > np.hypot(*(course[-1] - start)):
        course = course[::-1]
    before = [] if np.allclose(course[0], start, rtol=0, atol=1e-9) else [course[:1]]
    after = [] if np.allclose(course[-1], end, rtol=0, atol=1e-9) else [course[-1:]]
    return np.vstack([start[None], *before, course[1:-1], *after, end[None]])


def _words(value: object) -> list[str]:
    """Return an attribute as sorted words: osmnx joins those of merged edges into lists."""
    if value is None or value != value:
        return []
    several = isinstance(value, Iterable) and not isinstance(value, str)
    return sorted({str(word) for word in value}) if several else [str(value)]  # type: ignore[attr-defined]


def _directions(profile: Profile, data: Data) -> tuple[bool, bool]:
    """Return whether walkers may go along an edge, and against it; the tags speak of the way as it was drawn."""
    tags = {key: str(value) for key, value in data.items() if isinstance(value, str)}
    rule = profile.answer("direction", tags)
    way = "both" if rule is None else rule.walk
    with_drawing, against_drawing = way != "backward", way != "forward"
    return (
        (against_drawing, with_drawing)
        if data.get("reversed") is True
        else (with_drawing, against_drawing)
    )


def _is_private(profile: Profile, words: Mapping[str, list[str]]) -> bool:
    """Return whether any of the ways that an edge was merged from is private."""
    tags = {key: ";".join(values) for key, values in words.items() if values}
    rule = profile.answer("access", tags)
    return rule is not None and rule.walk == "private"


def _node_id(node: Hashable) -> int:
    """Return a node's label where it can be an OSM id, else 0."""
    return node if isinstance(node, int) and abs(node) < 2**63 else 0


def _first_id(words: list[str]) -> int:
    """Return the lowest OSM id, 0 without one."""
    return min((int(word) for word in words if word.lstrip("-").isdigit()), default=0)
