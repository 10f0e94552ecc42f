"""The ground around the streets within each limit of a station, beside other ways to draw it.

Stations stand at nodes, where every engine can begin. The difference is that from the true buffer
of the streets that are reached, with 64 segments to a quarter circle.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from doors import LIMITS_M, SEED
from table import OURS, Table

from walkshed.model.ground.network import StreetNetwork
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.reach.areas import buffer_areas
from walkshed.walk.reach.catchments import catchments

STATIONS = 6
BUFFER_M = 25.0
#: Drawing is over so soon that it is done again and again, for the best of many.
OURS_REPEATS = 20


def drawings(table: Table, name: str, network: StreetNetwork, path: Path) -> None:
    """Measure polygons at every limit."""
    usable = usable_components(network, np.empty((0, 2)))
    on_usable = np.unique(network.edge_start[usable[network.component]])
    nodes = np.random.default_rng(SEED).choice(on_usable, STATIONS, replace=False)
    stations = snap(network, network.node_xy[nodes], usable=usable)
    graph, valhalla = plain_graph(network), Valhalla.ready(path, table)
    for limit_m in LIMITS_M:
        pieces = catchments(network, stations, limits_m=[limit_m], buffer_m=BUFFER_M).pieces
        bounds = np.searchsorted(pieces.station, np.arange(STATIONS + 1))
        lines = [pieces.geometry[low:high] for low, high in pairwise(bounds)]
        segments = [straight(of) for of in lines]
        true = unions(lines, 64)

        def ours(segments: list[np.ndarray] = segments) -> list[shapely.Geometry]:
            return [
                buffer_areas(of, np.zeros(len(of), dtype=np.int64), 1, buffer_m=BUFFER_M)[0]
                for of in segments
            ]

        jobs: dict[str, Callable[[], list[shapely.Geometry]]] = {
            OURS: ours,
            "shapely, quad_segs 8": lambda lines=lines: unions(lines, 8),
            "shapely, quad_segs 16": lambda lines=lines: unions(lines, 16),
            "osmnx' example": lambda limit_m=limit_m: example(graph, nodes.tolist(), limit_m),
        }
        if valhalla is not None:
            jobs["Valhalla (own streets)"] = lambda limit_m=limit_m: valhalla.around(
                network, nodes, limit_m
            )
        for engine, job in jobs.items():
            many = OURS_REPEATS if engine == OURS else 1
            task = f"polygon at {limit_m:g} m, per station"
            found = table.measure(
                task, name, engine, job, per=STATIONS, repeats=many, warm_up=many > 1
            )
            apart = shapely.area(shapely.symmetric_difference(found, true)) / shapely.area(true)
            table.compare(float(apart.max()) * 100.0, "% of area")


def straight(lines: np.ndarray) -> np.ndarray:
    """Return (g, 4) the segments of lines."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    first = np.flatnonzero(line[1:] == line[:-1])
    return np.hstack([xy[first], xy[first + 1]])


def unions(lines: list[np.ndarray], segs: int) -> list[shapely.Geometry]:
    """Return the union of the buffers of each station's lines."""
    return [shapely.unary_union(shapely.buffer(of, BUFFER_M, quad_segs=segs)) for of in lines]


def example(graph: nx.MultiDiGraph, nodes: list[int], limit_m: float) -> list[shapely.Geometry]:
    """Return isochrones as osmnx' notebook 13 draws them: an ego graph, its nodes and whole edges buffered, a union."""
    drawn = []
    for node in nodes:
        reached = nx.ego_graph(graph, node, radius=limit_m, distance="length")
        dots = [shapely.Point(data["x"], data["y"]) for _, data in reached.nodes(data=True)]
        lines = [data["geometry"] for _, _, data in reached.edges(data=True)]
        buffers = (
            gpd.GeoSeries([*dots]).buffer(BUFFER_M).tolist()
            + gpd.GeoSeries([*lines]).buffer(BUFFER_M).tolist()
        )
        drawn.append(gpd.GeoSeries(buffers).union_all())
    return drawn


def plain_graph(network: StreetNetwork) -> nx.MultiDiGraph:
    """Return the network as osmnx would hold it, in plane meters, turned round: searches run from stations."""
    graph = nx.MultiDiGraph()
    for node, (x, y) in enumerate(network.node_xy.tolist()):
        graph.add_node(node, x=x, y=y)
    starts = np.repeat(np.arange(network.edge_count), np.diff(network.vertex_from))
    lines = shapely.linestrings(network.vertex_xy, indices=starts)
    ends = zip(
        network.edge_start.tolist(), network.edge_end.tolist(), network.edge_m.tolist(), lines
    )
    for row, (a, b, meters, line) in enumerate(ends):
        if network.forward[row]:
            graph.add_edge(b, a, length=meters, geometry=line)
        if network.backward[row]:
            graph.add_edge(a, b, length=meters, geometry=line)
    return graph


class Valhalla:
    """Valhalla's isodistances on foot, over tiles that it makes of the extract beforehand, free of charge."""

    def __init__(self, config: dict[str, Any], folder: tempfile.TemporaryDirectory[str]) -> None:
        import valhalla

        self.folder = folder  # goes when this does
        self.actor = valhalla.Actor(config)

    @classmethod
    def ready(cls, path: Path, table: Table) -> Valhalla | None:
        """Return Valhalla with tiles of an extract, or say why not."""
        if importlib.util.find_spec("valhalla") is None:
            table.skip(
                "Valhalla", "pyvalhalla is not installed (it has wheels for some systems only)"
            )
            return None
        import valhalla

        held = tempfile.TemporaryDirectory(prefix="walkshed-valhalla-")
        folder = Path(held.name)
        tiles = folder / "tiles"
        tiles.mkdir()
        config = valhalla.get_config(tile_extract="", tile_dir=tiles)
        for part in ("mjolnir", "loki", "thor", "odin", "meili"):
            config[part]["logging"] = {"type": ""}
        settings = folder / "valhalla.json"
        settings.write_text(json.dumps(config), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "valhalla",
            "valhalla_build_tiles",
            "-c",
            str(settings),
            str(path.resolve()),
        ]
        # its own programs
        beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        try:  # it leaves files where it runs
            subprocess.run(
                command,
                check=True,
                capture_output=True,
                cwd=folder,
                env={**os.environ, "PATH": beside},
            )
            return cls(config, held)
        except (OSError, subprocess.CalledProcessError, RuntimeError) as error:
            table.skip("Valhalla", f"made no tiles of the extract ({error})")
            return None

    def around(
        self, network: StreetNetwork, nodes: np.ndarray, limit_m: float
    ) -> list[shapely.Geometry]:
        """Return its polygons on the plane; its contours run around places reached, on its own grid."""
        drawn = []
        for lon, lat in network.plane.to_lonlat(network.node_xy[nodes]).tolist():
            answer = self.actor.isochrone(
                {
                    "locations": [{"lon": lon, "lat": lat}],
                    "costing": "pedestrian",
                    "contours": [{"distance": limit_m / 1000.0}],
                    "polygons": True,
                    "reverse": True,
                }
            )
            shape = shapely.from_geojson(json.dumps(answer["features"][0]["geometry"]))
            drawn.append(shapely.make_valid(shapely.transform(shape, network.plane.to_xy)))
        return drawn
