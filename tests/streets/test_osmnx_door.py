"""To osmnx and back, and total lengths against osmnx on real streets."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import networkx as nx
import numpy as np
import osmium
import pytest
import shapely
from pyproj import Geod

from drawn_osm import EAST, GRID, Drawing
from walkshed.errors import InvalidValueError
from walkshed.osm import read_extract
from walkshed.streets.build import build_network
from walkshed.streets.doors.from_osmnx import network_from_osmnx
from walkshed.streets.doors.to_networkx import to_networkx


@pytest.fixture
def net(tmp_path):
    """A street with a bend, a twin of it, a loop, an escalator down and a private lane."""
    drawing = Drawing(
        nodes={1: (0, 0), 2: (1, 1), 3: (2, 0), 4: (3, 1), 5: (3, 0), 6: (0, 3), 7: (2, 3)},
        ways={
            1: ([1, 2, 3], {"highway": "residential", "name": "解放路"}),
            2: ([1, 3], {"highway": "residential"}),
            3: ([3, 4, 5, 3], {"highway": "footway"}),
            4: ([1, 6], {"highway": "steps", "conveying": "backward"}),
            5: ([3, 7], {"highway": "service", "access": "private"}),
        },
    )
    return build_network(drawing.read(tmp_path))


def test_the_graph_has_an_edge_per_direction(net):
    graph = to_networkx(net)
    assert graph.number_of_nodes() == 4
    assert graph.number_of_edges() == 2 * 4 + 1
    assert graph.graph["crs"] == "epsg:4326"
    index = {data["osm_node"]: node for node, data in graph.nodes(data=True)}
    assert graph.nodes[index[3]]["x"] == round(EAST + 2 * GRID, 9)
    assert graph.number_of_edges(index[1], index[3]) == 2
    assert graph.number_of_edges(index[1], index[6]) == 0
    assert graph.number_of_edges(index[6], index[1]) == 1
    back = graph[index[3]][index[1]]
    bent = next(data for data in back.values() if data.get("name") == "解放路")
    assert bent["reversed"]
    assert bent["geometry"].coords[0] == (graph.nodes[index[3]]["x"], graph.nodes[index[3]]["y"])
    assert len(bent["geometry"].coords) == 3
    assert {data.get("access") for _, _, data in graph.edges(data=True) if data["osmid"] == 5} == {
        "private"
    }


def test_there_and_back_is_the_same_network(net):
    again = network_from_osmnx(to_networkx(net))
    assert again.edge_m.sum() == net.edge_m.sum()
    assert sorted(again.edge_m.tolist()) == sorted(net.edge_m.tolist())
    assert sorted(again.way_id.tolist()) == sorted(net.way_id.tolist())
    assert np.array_equal(again.component_m, net.component_m)
    assert again.names == net.names
    assert again.way_id[again.private].tolist() == [5]
    assert again.way_id[again.steps].tolist() == [4]
    one_way = np.flatnonzero(~(again.forward & again.backward))
    assert again.way_id[one_way].tolist() == [4]
    edge = int(one_way[0])
    ends = (
        (again.edge_start[edge], again.edge_end[edge])
        if again.forward[edge]
        else (again.edge_end[edge], again.edge_start[edge])
    )
    north, south = again.node_xy[ends[0]], again.node_xy[ends[1]]
    assert north[1] > south[1]  # node 6 lies north of node 1, and the escalator runs down


def test_everything_that_is_walked_by_comes_back(tmp_path):
    """Bridges, tunnels, parted gates, pockets, loops and twins: the digest knows them all."""
    drawing = Drawing(
        nodes={1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (3, 1), 5: (3, 0), 6: (0, 3), 7: (2, 3)},
        ways={
            1: ([6, 1, 2, 3], {"highway": "residential", "name": "解放路"}),
            2: ([1, 3], {"highway": "footway", "bridge": "yes"}),
            3: ([3, 4, 5, 3], {"highway": "footway", "tunnel": "yes"}),
            4: ([1, 6], {"highway": "steps", "conveying": "backward"}),
            5: ([3, 7], {"highway": "service", "access": "private"}),
            6: ([7, 6], {"railway": "platform"}),
        },
        node_tags={2: {"barrier": "wall"}},
    )
    net = build_network(drawing.read(tmp_path))
    again = network_from_osmnx(to_networkx(net))
    assert not net.enterable.all()
    assert net.node_id.tolist().count(2) == 2
    assert again.digest == net.digest
    assert np.array_equal(again.node_id, net.node_id)
    assert (again.plane, again.data_date) == (net.plane, net.data_date)
    assert again.attribution == net.attribution


def test_helsinki_comes_back(helsinki_extract_path):
    net = build_network(read_extract(helsinki_extract_path))
    graph = to_networkx(net)
    assert network_from_osmnx(graph).digest == net.digest
    turned = nx.MultiDiGraph(**graph.graph)
    turned.add_nodes_from(list(graph.nodes(data=True))[::-1])
    turned.add_edges_from(list(graph.edges(data=True))[::-1])
    assert network_from_osmnx(turned).digest == net.digest


def test_a_graph_without_the_numbers_of_its_edges_keeps_bridges(net, tmp_path):
    drawing = Drawing(
        nodes={1: (0, 0), 2: (2, 0), 3: (4, 0)},
        ways={
            1: ([1, 2], {"highway": "residential"}),
            2: ([2, 3], {"highway": "residential", "bridge": "yes"}),
        },
    )
    graph = to_networkx(build_network(drawing.read(tmp_path)))
    for *_, data in graph.edges(data=True):
        del data["edge"]
    again = network_from_osmnx(graph)
    assert again.way_id[again.enterable].tolist() == [1]


def test_edges_without_highway_are_told_of():
    graph = plain(osmid=5, highway="path")
    graph.add_edge(10, 20, osmid=6)
    with pytest.warns(UserWarning, match="1 of 2 edges of the graph carry no highway"):
        net = network_from_osmnx(graph)
    assert any("carry no highway" in note for note in net.notes)


def test_tags_of_a_graph_of_osmnx_are_read_by_the_profile():
    graph = plain(osmid=5, highway="footway", level="-1")
    graph.add_edge(10, 20, osmid=6, highway="footway", railway="platform", subway="yes")
    graph.add_edge(10, 20, osmid=7, highway="primary", layer="-1")
    net = network_from_osmnx(graph)
    assert net.way_id[~net.enterable].tolist() == [5]
    assert net.way_id[net.private].tolist() == [6]


def test_osmnx_takes_the_graph(net):
    osmnx = pytest.importorskip("osmnx")
    graph = to_networkx(net)
    nodes, edges = osmnx.graph_to_gdfs(graph)
    assert len(nodes) == 4
    assert edges.geometry.notna().all()
    projected = osmnx.project_graph(graph)
    assert projected.graph["crs"].is_projected
    assert network_from_osmnx(projected).edge_m.sum() == pytest.approx(net.edge_m.sum(), abs=0.01)
    start, goal = min(graph.nodes), max(graph.nodes)
    assert osmnx.shortest_path(graph, goal, start, weight="length")


def plain(**attributes) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node(10, x=100.0, y=0.0)
    graph.add_node(20, x=100.001, y=0.0)
    graph.add_edge(10, 20, **attributes)
    return graph


def test_a_lone_edge_is_walked_both_ways_for_oneway_speaks_of_vehicles():
    net = network_from_osmnx(plain(osmid=5, oneway=True, highway="residential"))
    assert (net.forward.tolist(), net.backward.tolist()) == ([True], [True])
    assert net.node_id.tolist() == [10, 20]
    assert net.way_id.tolist() == [5]


def test_attributes_of_merged_edges():
    net = network_from_osmnx(
        plain(
            osmid=[8, 7],
            highway=["steps", "footway"],
            name=["b", "a"],
            access=["yes", "private"],
            length=1.0,
        )
    )
    assert net.way_id.tolist() == [7]
    assert net.names[net.name[0]] == "a / b"
    assert net.steps.tolist() == [True]
    assert net.private.tolist() == [True]
    assert net.edge_m[0] == pytest.approx(111.3195, abs=1e-3)


def test_an_undirected_graph_whose_geometry_runs_the_other_way():
    graph = nx.Graph(plain(osmid=5, highway="path"))
    graph.edges[10, 20]["geometry"] = shapely.LineString(
        [(100.001, 0), (100.0005, 0.001), (100.0, 0)]
    )
    net = network_from_osmnx(graph)
    assert net.edge_m[0] == pytest.approx(
        Geod(ellps="WGS84").line_length([100, 100.0005, 100.001], [0, 0.001, 0]), abs=1e-3
    )


def test_a_geometry_that_falls_short_is_drawn_on_to_its_nodes():
    line = shapely.LineString([(100.0002, 0), (100.0008, 0)])
    graph = plain(osmid=5, highway="path", geometry=line)
    assert network_from_osmnx(graph).edge_m[0] == pytest.approx(111.3195, abs=1e-3)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda graph: graph.graph.pop("crs"), "has no CRS; set"),
        (lambda graph: graph.graph.update(crs="moon"), "CRS 'moon' is unknown"),
        (lambda graph: graph.nodes[10].pop("x"), "node 10: has no x and y"),
        (lambda graph: graph.nodes[10].update(x=30_000_000.0), "lie nowhere on Earth"),
        (lambda graph: graph.remove_edge(10, 20), "has no edge"),
    ],
)
def test_graphs_that_cannot_be_used(change, says):
    graph = plain(osmid=5)
    change(graph)
    with pytest.raises(InvalidValueError, match=says):
        network_from_osmnx(graph)


def agrees_with_osmnx(path: Path, folder: Path) -> None:
    """Total length within 0.1 % of osmnx's graph of the same ways, its edges measured on the ellipsoid."""
    import osmnx

    net = build_network(read_extract(path))
    chosen = set(net.way_id.tolist())
    located: dict[int, tuple[float, float]] = {}
    parts = []
    for element in osmium.FileProcessor(str(path)).with_locations():
        if not element.is_way() or element.id not in chosen:
            continue
        stretch: list[int] = []
        for node in [*element.nodes, None]:
            if node is not None and node.location.valid():
                located[node.ref] = (node.lon, node.lat)
                stretch.append(node.ref)
                continue
            if len(stretch) > 1:  # a clipped way: osmnx knows no missing nodes
                refs = "".join(f'<nd ref="{ref}"/>' for ref in stretch)
                tag = f'<tag k="highway" v={quoteattr(element.tags.get("highway", "platform"))}/>'
                parts.append(f'<way id="{len(parts) + 1}" version="1">{refs}{tag}</way>')
            stretch = []
    nodes = "".join(
        f'<node id="{ref}" version="1" lon="{lon}" lat="{lat}"/>'
        for ref, (lon, lat) in located.items()
    )
    drawn = folder / "same_ways.osm"
    drawn.write_text(f'<osm version="0.6">{nodes}{"".join(parts)}</osm>', encoding="utf-8")

    graph = osmnx.graph_from_xml(drawn, bidirectional=True, simplify=False, retain_all=True)
    ends = np.array(
        [
            (graph.nodes[u]["x"], graph.nodes[u]["y"], graph.nodes[v]["x"], graph.nodes[v]["y"])
            for u, v in graph.edges()
        ]
    )
    _, _, meters = Geod(ellps="WGS84").inv(*ends.T)
    total = meters.sum() / 2  # every segment once per direction
    assert net.edge_m.sum() == pytest.approx(total, rel=1e-3)
    # The same streets through the other door.
    through = network_from_osmnx(osmnx.simplify_graph(graph))
    assert through.edge_m.sum() == pytest.approx(total, rel=1e-3)
    assert through.component_m[0] == pytest.approx(net.component_m[0], rel=0.02)


def test_helsinki_is_as_long_as_osmnx_says(helsinki_extract_path, tmp_path):
    agrees_with_osmnx(helsinki_extract_path, tmp_path)


@pytest.mark.data
@pytest.mark.parametrize("name", ["shanghai_baoshan_dachang", "shenzhen_nanshan"])
def test_chinese_towns_are_as_long_as_osmnx_says(test_data, tmp_path, name):
    agrees_with_osmnx(test_data / "osm" / f"{name}.osm.pbf", tmp_path)
