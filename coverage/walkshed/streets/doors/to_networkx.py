"""The door to networkx and osmnx: a street network becomes a graph."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.messages import Message

if TYPE_CHECKING:
    import networkx as nx

    MultiDiGraph = nx.MultiDiGraph[Any]

#: What is written beside osmnx's own attributes, of edges and of the graph.
EDGE, ENTERING, INNER = "edge", "entering", "inner"
PLANE, DATE, CREDIT, SQUARES = "plane", "data_date", "attribution", "squares"
DECIMALS = 9  # 0.1 mm: brings OSM's seven decimals back exactly from the plane


def to_networkx(net: StreetNetwork) -> MultiDiGraph:
    """Return the network as a graph that osmnx's functions take.

    Every edge stands in it once per direction in which it is walked. Nodes are numbered as in
    ``net`` and carry ``x``, ``y`` (degrees), ``street_count`` and ``osm_node``; edges carry
    ``osmid``, ``highway``, ``name``, ``length`` (geodesic meters), ``oneway``, ``reversed``,
    ``geometry`` and ``edge`` (the number in ``net``), and where they apply ``access="private"``,
    ``oneway:foot`` and ``entering="ends"`` (bridges and tunnels: there is no stepping on between
    their ends). Lines across squares stand in it beside the streets, marked by ``inner=True``:
    leave them out where lengths of streets are summed. The graph carries the plane, the date and
    the credit of its data, and the outlines of squares, so that ``streets_from_osmnx`` gives the
    same network again. The rule for private ways is not in the graph. A planar network has no
    ``crs`` and its coordinates are meters.
    """
    import networkx as nx

    if not isinstance(net, StreetNetwork):
        raise InvalidValueError(
            Message(
                "{net!r} is not a street network; read one, such as "
                "ws.read_streets('town.osm.pbf')",
                net=net,
            )
        )

    # where the network comes from
    graph: MultiDiGraph = nx.MultiDiGraph()
    graph.graph["simplified"] = True
    graph.graph[CREDIT] = net.attribution
    if not net.plane.planar:
        graph.graph["crs"] = "epsg:4326"
        graph.graph[PLANE] = f"{net.plane.lon0!r} {net.plane.lat0!r}"
    if net.data_date is not None:
        graph.graph[DATE] = net.data_date

    # nodes; loops count at both of their ends, as in osmnx.stats.count_streets_per_node
    places = np.round(net.plane.to_lonlat(net.node_xy), DECIMALS)
    streets = np.bincount(np.concatenate([net.edge_start, net.edge_end]), minlength=net.node_count)
    for node, ((x, y), osmid) in enumerate(zip(places.tolist(), net.node_id.tolist(), strict=True)):
        graph.add_node(node, x=x, y=y, osm_node=osmid, street_count=int(streets[node]))

    # edges, once for each direction in which they are walked
    vertices = np.round(net.plane.to_lonlat(net.vertex_xy), DECIMALS)
    lines = shapely.linestrings(
        vertices, indices=np.repeat(np.arange(net.edge_count), np.diff(net.vertex_from))
    )
    for edge in range(net.edge_count):
        u, v = int(net.edge_start[edge]), int(net.edge_end[edge])
        data = _edge_data(net, edge)
        if net.forward[edge]:
            graph.add_edge(u, v, **data, reversed=False, geometry=lines[edge])
        if net.backward[edge]:
            graph.add_edge(v, u, **data, reversed=True, geometry=lines[edge].reverse())

    # what is crossed straight
    if len(net.squares):
        graph.graph[SQUARES] = json.dumps(_outlines(net))
        _add_lines_across(graph, net)
    return graph


def _add_lines_across(graph: MultiDiGraph, net: StreetNetwork) -> None:
    """Add the lines across squares, each both ways."""
    squares = net.squares
    ends = zip(squares.line_start.tolist(), squares.line_end.tolist())
    for number, (u, v) in enumerate(ends):
        corners = squares.corners_of_line(number)
        line = shapely.LineString(
            np.round(net.plane.to_lonlat(squares.corner_xy[corners]), DECIMALS)
        )

        data = _edge_data(net, int(squares.line_edge[number])) | {
            EDGE: net.edge_count + number,
            "length": float(squares.line_m[number]),
            "oneway": False,
            INNER: True,
        }
        data.pop("oneway:foot", None)
        graph.add_edge(u, v, **data, reversed=False, geometry=line)
        graph.add_edge(v, u, **data, reversed=True, geometry=line.reverse())


def _outlines(net: StreetNetwork) -> list[dict[str, Any]]:
    """Return by square its rings in degrees and its entries.

    An entry is an edge of the outline, and whether that edge ends there.
    """
    squares = net.squares
    places = np.round(net.plane.to_lonlat(squares.vertex_xy), DECIMALS)
    rings = [places[low:high].tolist() for low, high in pairwise(squares.vertex_from)]
    edges, at_end = squares.entry_edge.tolist(), (squares.entry_offset_m > 0.0).tolist()

    return [
        {
            "rings": rings[squares.ring_from[row] : squares.ring_from[row + 1]],
            "entries": list(zip(edges[low:high], at_end[low:high])),
            "enterable": bool(squares.enterable[row]),
        }
        for row, (low, high) in enumerate(pairwise(squares.entry_from))
    ]


def _edge_data(net: StreetNetwork, edge: int) -> dict[str, Any]:
    """Return the attributes of an edge that both of its directions carry."""
    both = bool(net.forward[edge] and net.backward[edge])
    data: dict[str, Any] = {
        EDGE: edge,
        "osmid": int(net.way_id[edge]),
        "highway": net.highway_classes[net.highway[edge]],
        "length": float(net.edge_m[edge]),
        "oneway": not both,
    }

    if net.names[net.name[edge]]:
        data["name"] = net.names[net.name[edge]]
    if net.private[edge]:
        data["access"] = "private"
    if not net.enterable[edge]:
        data[ENTERING] = "ends"
    if not both:
        data["oneway:foot"] = "yes" if net.forward[edge] else "-1"
    return data
