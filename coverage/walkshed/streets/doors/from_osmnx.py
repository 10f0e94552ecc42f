"""The door from osmnx and networkx: a graph becomes a street network."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from walkshed.errors import InvalidValueError, shorten
from walkshed.model.arrays import FloatArray
from walkshed.model.ground.network import PrivateRule, StreetNetwork
from walkshed.model.ground.plane import Plane
from walkshed.model.marks import plain
from walkshed.osm.outlines.data_end import Drawn, data_ends
from walkshed.streets.assemble import Origin, RawEdges, assemble
from walkshed.streets.doors.to_networkx import CREDIT, DATE, EDGE, ENTERING, INNER, PLANE, SQUARES
from walkshed.streets.profile import Profile, read_profile
from walkshed.streets.squares.crossed import Entries, squares_at
from walkshed.streets.squares.grounds import Ground

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.Graph[Any]

Data = Mapping[str, Any]
Convert = Callable[[FloatArray], FloatArray]
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
            f"{shorten(repr(G))} is no networkx graph; give one, such as ox.graph_from_place(...)"
        )

    to_lonlat = _to_lonlat(G)
    lonlat, index = _node_places(G, to_lonlat)
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
    plane = _stated_plane(G)
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
        if _is_inner(data):
            continue
        if number in rows and data.get("reversed") is True:
            continue
        course = _course(lonlat[index[u]], lonlat[index[v]], data.get("geometry"), to_lonlat)
        own, opposite = _directions(profile, data)
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
        if _is_inner(data):
            continue
        course = _course(lonlat[index[u]], lonlat[index[v]], data.get("geometry"), to_lonlat)
        start, end = index[u], index[v]
        against = (start, course.tolist()) > (end, course[::-1].tolist())
        if against:
            start, end, course = end, start, course[::-1]
        key = (start, end, tuple(_words(data.get("osmid"))), course.tobytes())
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
                forward, backward = _directions(profile, tags)
            else:
                tags = against_it[number]
                backward, forward = _directions(profile, tags)
            rows.append(_Row(u, v, course, tags, forward, backward))
    return rows


def _is_inner(data: Data) -> bool:
    """Return whether an edge is a line across a square, which is no street.

    Files hold such marks as words.
    """
    return str(data.get(INNER)) == "True"


def _raw_edges(
    G: Graph,  # noqa: N803
    rows: list[_Row],
    lonlat: FloatArray,
    index: Mapping[Hashable, int],
) -> RawEdges:
    """Return the edges with what their attributes say; of a merged edge the first word counts."""
    profile = read_profile("walking")
    node_id = [_node_id(node, G.nodes[node].get("osm_node")) for node in index]
    length = np.array([len(row.course) for row in rows], dtype=np.int64)
    words = [{key: _words(row.data.get(key)) for key in _READ} for row in rows]

    return RawEdges(
        node_id=np.array(node_id, dtype=np.int64),
        node_lonlat=lonlat,
        start=np.array([row.start for row in rows], dtype=np.int32),
        end=np.array([row.end for row in rows], dtype=np.int32),
        vertex_from=np.concatenate([[0], np.cumsum(length)]),
        vertex_lonlat=np.vstack([row.course for row in rows]),
        way_id=np.array([_first_id(word["osmid"]) for word in words], dtype=np.int64),
        highway=tuple(word["highway"][0] if word["highway"] else "" for word in words),
        name=tuple(plain(" / ".join(word["name"])) for word in words),
        steps=np.array(["steps" in word["highway"] for word in words], dtype=bool),
        private=np.array([_is_private(profile, word) for word in words], dtype=bool),
        forward=np.array([row.forward for row in rows], dtype=bool),
        backward=np.array([row.backward for row in rows], dtype=bool),
        enterable=np.array([_is_enterable(profile, word) for word in words], dtype=bool),
    )


def _notes(edges: RawEdges) -> tuple[str, ...]:
    """Return a note on edges that do not say what they are."""
    silent = sum(not word for word in edges.highway)
    if not silent:
        return ()
    note = (
        f"{silent} of {len(edges.highway)} edges of the graph carry no highway: steps among them "
        "count as level ways, and platforms as streets; keep the attribute, or set it"
    )
    return (note,)


def _is_enterable(profile: Profile, words: Mapping[str, list[str]]) -> bool:
    """Return whether people step onto an edge between its ends.

    Of a merged edge the first word counts.
    """
    if words[ENTERING] == ["ends"]:
        return False
    return profile.enterable({key: values[0] for key, values in words.items() if values})


def _stated_plane(G: Graph) -> Plane | None:  # noqa: N803
    """Return the plane on which ``to_networkx`` found the graph's network.

    None for another graph.
    """
    words = str(G.graph.get(PLANE, "")).split()
    try:
        lon0, lat0 = map(float, words)
    except ValueError:
        return None
    return Plane(lon0=lon0, lat0=lat0)


def _to_lonlat(G: Graph) -> Convert:  # noqa: N803
    """Return a function from the graph's coordinates to WGS84 degrees."""
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError

    stated = G.graph.get("crs")
    if stated is None:
        raise InvalidValueError(
            'osmnx graph: has no CRS; set G.graph["crs"] = "epsg:4326" '
            "or the one its x and y are in"
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


def _node_places(
    G: Graph,  # noqa: N803
    to_lonlat: Convert,
) -> tuple[FloatArray, dict[Hashable, int]]:
    """Return (n, 2) degrees, and each node's row, from west to east whatever the graph's order."""
    places = []
    for node, data in G.nodes(data=True):
        try:
            x, y = float(data["x"]), float(data["y"])
        except (KeyError, TypeError, ValueError):
            raise InvalidValueError(
                f"osmnx graph, node {node!r}: has no x and y; add them as numbers"
            ) from None
        places.append((x, y, str(node), node))

    # nodes that ``to_networkx`` numbered keep their order
    if PLANE in G.graph and all(isinstance(place[3], int) for place in places):
        places.sort(key=lambda place: place[3])
    else:
        places.sort(key=lambda place: place[:3])

    xy = np.array([place[:2] for place in places], dtype=np.float64).reshape(-1, 2)
    lonlat = to_lonlat(xy)
    if not (np.isfinite(lonlat).all() and (np.abs(lonlat) <= [180.0, 90.0]).all()):
        raise InvalidValueError(
            f"osmnx graph: has nodes that lie nowhere on Earth; check its CRS ({G.graph['crs']})"
        )
    return lonlat, {place[3]: row for row, place in enumerate(places)}


def _course(
    start: FloatArray,
    end: FloatArray,
    geometry: Any,  # noqa: ANN401
    to_lonlat: Convert,
) -> FloatArray:
    """Return (v, 2) degrees from ``start`` to ``end``; a geometry that falls short is drawn on."""
    if geometry is None:
        return np.stack([start, end])

    # undirected graphs keep either direction
    course = to_lonlat(shapely.get_coordinates(geometry))
    if np.hypot(*(course[0] - start)) > np.hypot(*(course[-1] - start)):
        course = course[::-1]

    # an end that is the node's place is drawn once
    before = [] if np.allclose(course[0], start, rtol=0, atol=1e-9) else [course[:1]]
    after = [] if np.allclose(course[-1], end, rtol=0, atol=1e-9) else [course[-1:]]
    return np.vstack([start[None], *before, course[1:-1], *after, end[None]])


def _words(value: object) -> list[str]:
    """Return an attribute as sorted words: osmnx joins those of merged edges into lists."""
    if value is None or value != value:
        return []
    if isinstance(value, Iterable) and not isinstance(value, str):
        return sorted({str(word) for word in value})
    return [str(value)]


def _directions(profile: Profile, data: Data) -> tuple[bool, bool]:
    """Return whether walkers may go along an edge, and against it.

    The tags speak of the way as it was drawn.
    """
    tags = {key: str(value) for key, value in data.items() if isinstance(value, str)}
    rule = profile.answer("direction", tags)
    way = "both" if rule is None else rule.walk
    with_drawing, against_drawing = way != "backward", way != "forward"
    if data.get("reversed") is True:
        return against_drawing, with_drawing
    return with_drawing, against_drawing


def _is_private(profile: Profile, words: Mapping[str, list[str]]) -> bool:
    """Return whether any of the ways that an edge was merged from is walked at the ends only."""
    tags = {key: ";".join(values) for key, values in words.items() if values}
    rule = profile.answer("access", tags)
    return (rule is not None and rule.walk == "private") or profile.only_at_ends(tags)


def _node_id(node: Hashable, stated: object) -> int:
    """Return the OSM id that a node states, else its label where it can be one, else 0."""
    label = node if stated is None else stated
    if isinstance(label, int) and abs(label) < 2**63:
        return label
    return 0


def _first_id(words: list[str]) -> int:
    """Return the lowest OSM id, 0 without one."""
    return min((int(word) for word in words if word.lstrip("-").isdigit()), default=0)
