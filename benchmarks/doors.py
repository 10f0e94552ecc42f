"""What users call, from files and points to tables and polygons, beside what they would otherwise do."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from reference import SplitGraph
from table import OURS, Table, largest_gap

import walkshed
from walkshed.model.network import StreetNetwork
from walkshed.model.walking import Anchors
from walkshed.osm import read_extract
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.areas import buffer_areas
from walkshed.walk.catchments import catchments
from walkshed.walk.distances import nearest, pairs

POINTS, STATIONS, SEED = 2_000, 50, 20261122
LIMITS_M = (300.0, 500.0, 1000.0)
BUFFER_M = 25.0


def reading(table: Table, path: Path, name: str) -> StreetNetwork:
    """Read the extract and build its walkable network; osmnx does both at once, from XML that it needs.

    The first row is the public door without its cache. The second reads areas, buildings and names too, as a study
    does. osmnx is given nothing but highways, which somebody has to write for it first, and then all ways of the town.
    """
    import osmnx

    task = "door: file to street network"
    network: StreetNetwork = table.measure(
        task, name, f"{OURS}, ws.read_streets", lambda: walkshed.read_streets(path, private="open", cache=False)
    )
    table.measure(task, name, f"{OURS}, all of the extract", lambda: build_network(read_extract(path), private="open"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WALKSHED_CACHE"] = folder
        task_again = f"{OURS}, read before (cache)"
        table.measure(task, name, task_again, lambda: walkshed.read_streets(path, private="open"))
        xml = Path(folder) / "town.osm"
        for engine, every in (("osmnx, highways only", False), ("osmnx, whole town", True)):
            write_ways(path, xml, every=every)
            table.measure(
                task, name, engine, lambda: osmnx.graph_from_xml(xml, retain_all=True), repeats=1, warm_up=False
            )
    return network


def write_ways(path: Path, xml: Path, *, every: bool) -> None:
    """Write the highways of an extract, or every way, as OSM XML, which is all that osmnx reads.

    Nodes that the extract lacks are left out: osmnx refuses ways that miss one.
    """
    import osmium

    held = {node.id for node in osmium.FileProcessor(str(path), osmium.osm.NODE)}
    ways = osmium.FileProcessor(str(path), osmium.osm.WAY)
    with osmium.BackReferenceWriter(str(xml), ref_src=str(path), overwrite=True) as writer:
        for way in ways if every else ways.with_filter(osmium.filter.KeyFilter("highway")):
            nodes = [node.ref for node in way.nodes if node.ref in held]
            if len(nodes) > 1:
                writer.add(way.replace(nodes=nodes))


def places(network: StreetNetwork) -> tuple[np.ndarray, np.ndarray, Anchors, Anchors]:
    """Return random residents and stations within 60 m of usable streets: where they are, and their anchors."""
    random = np.random.default_rng(SEED)
    usable = usable_components(network, np.empty((0, 2)))
    on_usable = np.flatnonzero(usable[network.component])
    weight = network.edge_m[on_usable] / network.edge_m[on_usable].sum()

    def around(count: int) -> np.ndarray:
        edge = random.choice(on_usable, size=count, p=weight)
        middle = (network.vertex_from[edge] + network.vertex_from[edge + 1]) // 2
        return network.vertex_xy[middle] + random.uniform(-40.0, 40.0, size=(count, 2))

    resident_xy, station_xy = around(POINTS), around(STATIONS)
    return resident_xy, station_xy, snap(network, resident_xy, usable=usable), snap(network, station_xy, usable=usable)


def distances(table: Table, name: str, network: StreetNetwork, begin: Anchors, end: Anchors, graph: SplitGraph) -> None:
    """Nearest station without a limit, and all pairs within the largest, part-way along edges and with legs.

    Engines that only know nodes get a graph that was split at all points and stations beforehand, free of charge.
    """
    task = f"walk: nearest of {STATIONS} for {POINTS:,} points"
    ours = table.measure(task, name, OURS, lambda: nearest(network, begin, end, second=False))
    table.measure(task, name, f"{OURS}, two nearest", lambda: nearest(network, begin, end))
    for engine, search in (("scipy", graph.scipy_nearest), ("networkx", graph.networkx_nearest)):
        table.compare(largest_gap(ours.distance_m[:, 0], table.measure(task, name, engine, search)), "m")

    limit_m = max(LIMITS_M)
    task = f"walk: pairs within {limit_m:g} m"
    found = table.measure(task, name, OURS, lambda: pairs(network, begin, end, limit_m=limit_m))
    dense = np.full((POINTS, STATIONS), np.inf)
    dense[found.point, found.station] = found.distance_m
    for engine, every in (("scipy", graph.scipy_pairs), ("networkx", graph.networkx_pairs)):
        answer = table.measure(task, name, engine, lambda every=every: every(limit_m), repeats=1)
        clear = np.abs(answer - limit_m) > 0.1  # a pair at the limit may fall on either side of it by rounding
        table.compare(largest_gap(dense[clear], answer[clear]), "m")


def frames(table: Table, name: str, network: StreetNetwork, resident_xy: np.ndarray, station_xy: np.ndarray) -> None:
    """The doors of the Python API, frames in and frames out, snapping and projections included."""

    def frame(xy: np.ndarray) -> gpd.GeoDataFrame:
        lonlat = network.plane.to_lonlat(xy)
        return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*lonlat.T), crs="EPSG:4326")

    points, stations = frame(resident_xy), frame(station_xy)
    for task, job in (
        ("nearest", lambda: walkshed.nearest(network, points, stations)),
        ("distances", lambda: walkshed.distances(network, points, stations, limit_m=max(LIMITS_M))),
        ("catchments", lambda: walkshed.catchments(network, stations, limits_m=LIMITS_M)),
    ):
        table.measure(f"door: ws.{task}, {POINTS:,} points, {STATIONS} stations", name, OURS, job)


def drawings(table: Table, name: str, network: StreetNetwork, stations: Anchors, graph: nx.MultiDiGraph) -> None:
    """Polygons around the streets within each limit; the difference is that from the true buffer (quad_segs 64)."""
    nodes = [int(network.edge_start[edge]) for edge in stations.edge[stations.start[:10]]]
    for limit_m in LIMITS_M:
        pieces = catchments(network, stations, limits_m=[limit_m], buffer_m=BUFFER_M).pieces
        bounds = np.searchsorted(pieces.station, np.arange(STATIONS + 1))
        lines = [pieces.geometry[low:high] for low, high in pairwise(bounds)]
        true = [shapely.unary_union(shapely.buffer(line, BUFFER_M, quad_segs=64)) for line in lines[:10]]
        task = f"polygon at {limit_m:g} m, per station"

        def apart(found: list[shapely.Geometry], true: list[shapely.Geometry] = true) -> float:
            gap = shapely.area(shapely.symmetric_difference(found[: len(true)], true)) / shapely.area(true)
            return float(gap.max()) * 100.0

        segments = []
        for line in lines:
            xy, part = shapely.get_coordinates(line, return_index=True)
            first = np.flatnonzero(part[1:] == part[:-1])
            segments.append(np.hstack([xy[first], xy[first + 1]]))

        def ours(segments: list[np.ndarray] = segments) -> list[shapely.Geometry]:
            return [buffer_areas(of, np.zeros(len(of), dtype=np.int64), 1, buffer_m=BUFFER_M)[0] for of in segments]

        table.compare(apart(table.measure(task, name, OURS, ours, per=STATIONS)), "% of area")
        for segs in (8, 16):

            def job(segs: int = segs, lines: list[np.ndarray] = lines) -> list[shapely.Geometry]:
                return [shapely.unary_union(shapely.buffer(line, BUFFER_M, quad_segs=segs)) for line in lines[:10]]

            found = table.measure(task, name, f"shapely, quad_segs {segs}", job, per=10, repeats=1, warm_up=False)
            table.compare(apart(found), "% of area")
        found = table.measure(
            task, name, "osmnx' example", lambda limit_m=limit_m: example(graph, nodes, limit_m),
            per=10, repeats=1, warm_up=False,
        )  # fmt: skip
        table.compare(apart(found), "% of area")
    if importlib.util.find_spec("valhalla") is None:
        table.skip("Valhalla", "pyvalhalla is not installed (it has wheels for some systems only)")
    else:
        table.skip("Valhalla", "its tiles of the extract are not built here")


def example(graph: nx.MultiDiGraph, nodes: list[int], limit_m: float) -> list[shapely.Geometry]:
    """Return isochrones as osmnx' notebook 13 draws them: an ego graph, its nodes and whole edges buffered, a union."""
    drawn = []
    for node in nodes:
        reached = nx.ego_graph(graph, node, radius=limit_m, distance="length")
        dots = [shapely.Point(data["x"], data["y"]) for _, data in reached.nodes(data=True)]
        lines = [data["geometry"] for _, _, data in reached.edges(data=True)]
        buffers = gpd.GeoSeries([*dots]).buffer(BUFFER_M).tolist() + gpd.GeoSeries([*lines]).buffer(BUFFER_M).tolist()
        drawn.append(gpd.GeoSeries(buffers).union_all())
    return drawn


def plain_graph(network: StreetNetwork) -> nx.MultiDiGraph:
    """Return the network as osmnx would hold it, in plane meters."""
    graph = nx.MultiDiGraph()
    for node, (x, y) in enumerate(network.node_xy.tolist()):
        graph.add_node(node, x=x, y=y)
    starts = np.repeat(np.arange(network.edge_count), np.diff(network.vertex_from))
    lines = shapely.linestrings(network.vertex_xy, indices=starts)
    ends = zip(network.edge_start.tolist(), network.edge_end.tolist(), network.edge_m.tolist(), lines)
    for row, (a, b, meters, line) in enumerate(ends):
        if network.forward[row]:
            graph.add_edge(a, b, length=meters, geometry=line)
        if network.backward[row]:
            graph.add_edge(b, a, length=meters, geometry=line)
    return graph
