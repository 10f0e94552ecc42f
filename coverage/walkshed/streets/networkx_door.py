"""The door to networkx and osmnx: a street network becomes a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.network import StreetNetwork

if TYPE_CHECKING:
    import networkx as nx

    MultiDiGraph = nx.MultiDiGraph[Any]

#: What is written beside osmnx's own attributes, of edges and of the graph.
EDGE, ENTERING = "edge", "entering"
PLANE, DATE, CREDIT = "plane", "data_date", "attribution"
DECIMALS = 9  # 0.1 mm: brings OSM's seven decimals back exactly from the plane


def to_networkx(net: StreetNetwork) -> MultiDiGraph:
    """Return the network as a graph that osmnx's functions take.

    Every edge stands in it once per direction in which it is walked. Nodes are numbered as in
    ``net`` and carry ``x``, ``y`` (degrees), ``street_count`` and ``osm_node``; edges carry
    ``osmid``, ``highway``, ``name``, ``length`` (geodesic meters), ``oneway``, ``reversed``,
    ``geometry`` and ``edge`` (the number in ``net``), and where they apply ``access="private"``,
    ``oneway:foot`` and ``entering="ends"`` (bridges and tunnels: nobody steps on between their
    ends). The graph carries the plane, the date and the credit of its data, so that
    ``streets_from_osmnx`` gives the same network again. The rule for private ways is not in the
    graph. A planar network has no ``crs`` and its coordinates are meters.
    """
    import networkx as nx

    if not isinstance(net, StreetNetwork):
        raise InvalidValueError(
            f"{net!r} is no street network; read one, such as ws.read_streets('town.osm.pbf')"
        )
    graph: MultiDiGraph = nx.MultiDiGraph()
    graph.graph["simplified"] = True
    graph.graph[CREDIT] = net.attribution
    if not net.plane.planar:
        graph.graph["crs"] = "epsg:4326"
        graph.graph[PLANE] = f"{net.plane.lon0!r} {net.plane.lat0!r}"
    if net.data_date is not None:
        graph.graph[DATE] = net.data_date

    # Loops count at both of their ends, as in osmnx.stats.count_streets_per_node.
    places = np.round(net.plane.to_lonlat(net.node_xy), DECIMALS)
    streets = np.bincount(np.concatenate([net.edge_start, net.edge_end]), minlength=net.node_count)
    for node, ((x, y), osmid) in enumerate(zip(places.tolist(), net.node_id.tolist(), strict=True)):
        graph.add_node(node, x=x, y=y, osm_node=osmid, street_count=int(streets[node]))

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
    return graph


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
