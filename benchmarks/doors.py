"""What users call, from files and points to tables and polygons, beside what they would otherwise do."""

from __future__ import annotations

import importlib.util
import os
import tempfile
import warnings
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
from reference import SplitGraph
from table import OURS, Table, largest_gap

import walkshed
from walkshed.model.cores import cores
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors
from walkshed.osm import read_extract
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.distances import nearest, pairs
from walkshed.walk.reach.catchments import catchments

POINTS, STATIONS, SEED = 2_000, 50, 20261122
LIMITS_M = (300.0, 500.0, 1000.0)


def reading(table: Table, path: Path, name: str) -> StreetNetwork:
    """Read the extract and build its walkable network; osmnx does both at once, from XML that it needs.

    The first row is the public door without its cache. The second reads areas, buildings and names
    too, as a study does. osmnx is given nothing but highways, which somebody has to write for it
    first, and then all ways of the town.
    """
    import osmnx

    task = "door: file to street network"
    network: StreetNetwork = table.measure(
        task,
        name,
        f"{OURS}, ws.read_streets",
        lambda: walkshed.read_streets(path, private="open", cache=False),
    )
    whole = table.measure(
        task,
        name,
        f"{OURS}, all of the extract",
        lambda: build_network(read_extract(path), private="open"),
    )
    table.compare(abs(whole.edge_m.sum() / network.edge_m.sum() - 1.0) * 100.0, "% of street")
    beside_pyrosm(table, task, name, path, network)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WALKSHED_CACHE"] = folder
        task_again = f"{OURS}, read before (cache)"
        again = table.measure(
            task, name, task_again, lambda: walkshed.read_streets(path, private="open")
        )
        table.compare(0.0 if again.digest == network.digest else np.inf, "% of street")
        xml = Path(folder) / "town.osm"
        for engine, every in (("osmnx, highways only", False), ("osmnx, whole town", True)):
            write_ways(path, xml, every=every)
            graph = table.measure(
                task,
                name,
                engine,
                lambda: osmnx.graph_from_xml(xml, retain_all=True),
                repeats=1,
                warm_up=False,
            )
            table.compare(unlike(network, graph), "% of street")
    return network


def beside_pyrosm(table: Table, task: str, name: str, path: Path, network: StreetNetwork) -> None:
    """Read the same file with pyrosm: streets alone, then areas and buildings as well, by each of its engines.

    As it comes it takes one thread for files below some 20 MB; `workers` asks for more, and its engine
    in memory reads the file once for all layers. Where pyarrow is installed it keeps what it has read:
    that is removed before each reading.
    """
    if importlib.util.find_spec("pyrosm") is None:
        table.skip("pyrosm", "not installed; pip install 'walkshed[bench]'")
        return
    import pyrosm

    def opened(options: dict[str, Any]) -> pyrosm.OSM:
        read = pyrosm.OSM(str(path), progress=False, **options)
        read.clear_cache(str(path))
        return read

    def streets(options: dict[str, Any]) -> gpd.GeoDataFrame:
        return opened(options).get_network("walking", nodes=True)[1]

    def whole(options: dict[str, Any]) -> gpd.GeoDataFrame:
        read = opened(options)
        _, edges = read.get_network("walking", nodes=True)
        for layer in (read.get_buildings, read.get_landuse, read.get_natural, read.get_pois):
            layer()
        return edges

    engines: dict[str, dict[str, Any]] = {
        "pyrosm": {},
        "pyrosm in threads": {"workers": cores()},
        "pyrosm in memory": {"engine": "in_memory"},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of layers that a file of streets alone lacks
        for engine, options in engines.items():
            for what, job in (("streets", streets), ("layers too", whole)):
                edges = table.measure(task, name, f"{engine}, {what}", partial(job, options))
                theirs = edges.groupby("id")["length"].sum().to_dict()
                table.compare(apart(meters_by_way(network), theirs), "% of street")


def meters_by_way(network: StreetNetwork) -> dict[int, float]:
    """Return the meters of street on each way."""
    meters: dict[int, float] = defaultdict(float)
    for way, length in zip(network.way_id.tolist(), network.edge_m.tolist()):
        meters[way] += length
    return meters


def apart(ours: dict[int, float], theirs: dict[int, float]) -> float:
    """Return by how many percent the meters of two engines differ, on the ways that both hold."""
    both = ours.keys() & theirs.keys()
    total = sum(ours[way] for way in both)
    return abs(sum(theirs[way] for way in both) / total - 1.0) * 100.0


def unlike(network: StreetNetwork, graph: nx.MultiDiGraph) -> float:
    """Return by how many percent the meters of street differ, on the ways that both engines hold whole.

    osmnx keeps motorways, and measures on a sphere.
    """
    theirs: dict[int, float] = defaultdict(float)
    merged = set()
    for _, _, data in graph.to_undirected(as_view=True).edges(data=True):
        ways = data["osmid"] if isinstance(data["osmid"], list) else [data["osmid"]]
        merged |= set(ways) if len(ways) > 1 else set()
        theirs[ways[0]] += data["length"]
    alone = {way: meters for way, meters in theirs.items() if way not in merged}
    return apart(meters_by_way(network), alone)


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


def places(network: StreetNetwork) -> tuple[tuple[np.ndarray, np.ndarray], Anchors, Anchors]:
    """Return random residents and stations within 60 m of usable streets: where they are, and their anchors.

    None stands on a square: the graphs of other engines hold no such places.
    """
    random = np.random.default_rng(SEED)
    usable = usable_components(network, np.empty((0, 2)))
    on_usable = np.flatnonzero(usable[network.component])
    weight = network.edge_m[on_usable] / network.edge_m[on_usable].sum()

    def around(count: int) -> np.ndarray:
        edge = random.choice(on_usable, size=count, p=weight)
        middle = (network.vertex_from[edge] + network.vertex_from[edge + 1]) // 2
        return network.vertex_xy[middle] + random.uniform(-40.0, 40.0, size=(count, 2))

    def beside_squares(count: int) -> np.ndarray:
        drawn = around(2 * count)
        anchors = snap(network, drawn, usable=usable)
        owner = np.repeat(np.arange(2 * count), np.diff(anchors.start))
        return np.delete(drawn, owner[anchors.on_square], axis=0)[:count]

    resident_xy, station_xy = beside_squares(POINTS), beside_squares(STATIONS)
    begin, end = snap(network, resident_xy, usable=usable), snap(network, station_xy, usable=usable)
    return (resident_xy, station_xy), begin, end


def distances(
    table: Table, name: str, network: StreetNetwork, begin: Anchors, end: Anchors, graph: SplitGraph
) -> None:
    """Nearest station without a limit, and all pairs within the largest, part-way along edges and with legs.

    Engines that only know nodes get a graph that was split at all points and stations beforehand,
    free of charge.
    """
    task = f"walk: nearest of {STATIONS} for {POINTS:,} points"
    ours = table.measure(task, name, OURS, lambda: nearest(network, begin, end, second=False))
    both = table.measure(task, name, f"{OURS}, two nearest", lambda: nearest(network, begin, end))
    table.compare(largest_gap(ours.distance_m[:, 0], both.distance_m[:, 0]), "m")
    for engine, search in (("scipy", graph.scipy_nearest), ("networkx", graph.networkx_nearest)):
        table.compare(
            largest_gap(ours.distance_m[:, 0], table.measure(task, name, engine, search)), "m"
        )

    limit_m = max(LIMITS_M)
    task = f"walk: pairs within {limit_m:g} m"
    found = table.measure(task, name, OURS, lambda: pairs(network, begin, end, limit_m=limit_m))
    dense = np.full((POINTS, STATIONS), np.inf)
    dense[found.point, found.station] = found.distance_m
    for engine, every in (("scipy", graph.scipy_pairs), ("networkx", graph.networkx_pairs)):
        answer = table.measure(task, name, engine, lambda every=every: every(limit_m))
        # a pair at the limit may fall on either side of it by rounding
        clear = np.abs(answer - limit_m) > 0.1
        table.compare(largest_gap(dense[clear], answer[clear]), "m")


def frames(
    table: Table,
    name: str,
    network: StreetNetwork,
    where: tuple[np.ndarray, np.ndarray],
    begin: Anchors,
    end: Anchors,
) -> None:
    """The doors of the Python API, frames in and frames out, snapping and projections included.

    The difference is that from the same question asked inside, of points that made no trip through
    degrees.
    """

    def frame(xy: np.ndarray) -> gpd.GeoDataFrame:
        lonlat = network.plane.to_lonlat(xy)
        return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*lonlat.T), crs="EPSG:4326")

    points, stations = map(frame, where)
    limit_m = max(LIMITS_M)
    inside = nearest(network, begin, end)
    task = f"door: ws.nearest, {POINTS:,} points, {STATIONS} stations"
    found = table.measure(task, name, OURS, lambda: walkshed.nearest(network, points, stations))
    meters = found[["distance_m", "second_distance_m"]].to_numpy(dtype=np.float64, na_value=np.inf)
    table.compare(largest_gap(inside.distance_m, meters), "m")

    task = f"door: ws.distances, {POINTS:,} points, {STATIONS} stations, {limit_m:g} m"
    found = table.measure(
        task, name, OURS, lambda: walkshed.distances(network, points, stations, limit_m=limit_m)
    )
    near = pairs(network, begin, end, limit_m=limit_m)
    dense, given = np.full((POINTS, STATIONS), np.inf), np.full((POINTS, STATIONS), np.inf)
    dense[near.point, near.station] = near.distance_m
    given[found["origin"], found["destination"]] = found["distance_m"]
    clear = np.abs(np.minimum(dense, given) - limit_m) > 0.1
    table.compare(largest_gap(dense[clear], given[clear]), "m")

    task = f"door: ws.catchments, {STATIONS} stations, {', '.join(f'{limit:g}' for limit in LIMITS_M)} m"
    found = table.measure(
        task, name, OURS, lambda: walkshed.catchments(network, stations, limits_m=LIMITS_M)
    )
    drawn = catchments(network, end, limits_m=LIMITS_M)
    table.compare(
        float(np.max(np.abs(found["area_m2"] / drawn.area_m2 - 1.0))) * 100.0, "% of area"
    )
