"""Speed against other engines, in one run: ``make bench``, or ``python benchmarks/run.py [--extract FILE]``.

Every row does one job on one machine with every engine, after a warm-up, and takes the best of a few runs. Where two
engines answer the same question, their answers are compared. Engines that only know nodes get a graph that was split
at all points and stations beforehand, free of charge; walkshed takes points and stations as they are. The table goes to
the screen, the same as JSON to ``benchmarks/results/bench.json``.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from reference import SplitGraph, split_graph

from walkshed.model.network import StreetNetwork
from walkshed.model.walking import Anchors
from walkshed.osm import read_extract
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.catchments import catchments
from walkshed.walk.distances import nearest, pairs

ROOT = Path(__file__).parents[1]
POINTS, STATIONS, SEED = 2_000, 50, 20261122
LIMITS_M = (300.0, 500.0, 1000.0)
BUFFER_M = 25.0
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One engine doing one job; ``worst`` is its largest difference from walkshed's answer, in ``worst_unit``."""

    job: str
    engine: str
    seconds: float
    worst: float | None = None
    worst_unit: str = ""


def timed(job: Callable[[], Any], *, repeats: int = REPEATS, warm_up: bool = True) -> tuple[float, Any]:
    """Return the best seconds of a few runs and the last answer."""
    if warm_up:
        job()
    best = np.inf
    for _ in range(repeats):
        begun = time.perf_counter()
        answer = job()
        best = min(best, time.perf_counter() - begun)
    return float(best), answer


def reading(path: Path) -> tuple[list[Row], StreetNetwork]:
    """Read the extract and build its walkable network; osmnx does both at once, from XML that it needs."""
    import osmnx

    seconds, extract = timed(lambda: read_extract(path))
    rows = [Row("read extract (all tags)", "walkshed", seconds)]
    seconds, network = timed(lambda: build_network(extract, private="open"))
    rows.append(Row("build network", "walkshed", seconds))
    with tempfile.TemporaryDirectory() as folder:
        xml = Path(folder) / "ways.osm"
        write_ways(path, xml)
        seconds, _ = timed(lambda: osmnx.graph_from_xml(xml, retain_all=True), repeats=1, warm_up=False)
    rows.append(Row("read ways and build network", "osmnx", seconds))
    return rows, network


def write_ways(path: Path, xml: Path) -> None:
    """Write the highways of an extract as OSM XML, which is all that osmnx reads; nodes it lacks are left out."""
    import osmium

    held = {node.id for node in osmium.FileProcessor(str(path), osmium.osm.NODE)}
    with osmium.BackReferenceWriter(str(xml), ref_src=str(path), overwrite=True) as writer:
        for way in osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway")):
            nodes = [node.ref for node in way.nodes if node.ref in held]
            if len(nodes) > 1:
                writer.add(way.replace(nodes=nodes))


def places(network: StreetNetwork) -> tuple[Anchors, Anchors, list[Row]]:
    """Return random residents and stations within 60 m of usable streets, and how long the snapping took."""
    random = np.random.default_rng(SEED)
    usable = usable_components(network, np.empty((0, 2)))
    on_usable = np.flatnonzero(usable[network.component])
    weight = network.edge_m[on_usable] / network.edge_m[on_usable].sum()

    def around(count: int) -> np.ndarray:
        edge = random.choice(on_usable, size=count, p=weight)
        middle = (network.vertex_from[edge] + network.vertex_from[edge + 1]) // 2
        return network.vertex_xy[middle] + random.uniform(-40.0, 40.0, size=(count, 2))

    resident_xy, station_xy = around(POINTS), around(STATIONS)
    seconds, residents = timed(lambda: snap(network, resident_xy, usable=usable))
    return residents, snap(network, station_xy, usable=usable), [Row(f"snap {POINTS} points", "walkshed", seconds)]


def distances(network: StreetNetwork, residents: Anchors, stations: Anchors, graph: SplitGraph) -> list[Row]:
    """Nearest station without a limit, and all pairs within the largest."""
    rows = []
    job = f"nearest of {STATIONS} stations, {POINTS} points"
    seconds, ours = timed(lambda: nearest(network, residents, stations))
    rows.append(Row(f"{job} (two nearest)", "walkshed", seconds))
    for engine, search in (("scipy", graph.scipy_nearest), ("networkx", graph.networkx_nearest)):
        seconds, theirs = timed(search)
        rows.append(Row(job, engine, seconds, largest_gap(ours.distance_m[:, 0], theirs), "m"))

    limit_m = max(LIMITS_M)
    job = f"pairs within {limit_m:g} m"
    seconds, found = timed(lambda: pairs(network, residents, stations, limit_m=limit_m))
    rows.append(Row(job, "walkshed", seconds))
    dense = np.full((POINTS, STATIONS), np.inf)
    dense[found.point, found.station] = found.distance_m
    for engine, every in (("scipy", graph.scipy_pairs), ("networkx", graph.networkx_pairs)):
        seconds, table = timed(lambda every=every: every(limit_m), repeats=1)
        clear = np.abs(table - limit_m) > 0.1  # a pair at the limit may fall on either side of it by rounding
        rows.append(Row(job, engine, seconds, largest_gap(dense[clear], table[clear]), "m"))
    return rows


def drawings(network: StreetNetwork, stations: Anchors) -> list[Row]:
    """Pieces and polygons of every station and limit; shapely draws its polygons around the same pieces."""
    job = f"catchments of {STATIONS} stations, {len(LIMITS_M)} limits"
    seconds, ours = timed(lambda: catchments(network, stations, limits_m=LIMITS_M, buffer_m=BUFFER_M))
    rows = [Row(f"{job}: pieces and polygons", "walkshed", seconds)]
    key = ours.pieces.station * len(LIMITS_M) + np.searchsorted(LIMITS_M, ours.pieces.limit_m)
    bounds = np.searchsorted(key, np.arange(STATIONS * len(LIMITS_M) + 1))

    def buffered() -> list[Any]:
        lines = ours.pieces.geometry
        return [shapely.unary_union(shapely.buffer(lines[a:b], BUFFER_M)) for a, b in pairwise(bounds)]

    seconds, theirs = timed(buffered, repeats=1, warm_up=False)
    areas = shapely.area(theirs)
    worst = np.max(np.abs(ours.area_m2 - areas) / np.maximum(areas, 1.0))
    rows.append(Row(f"{job}: polygons of given pieces", "shapely", seconds, float(worst) * 100.0, "% of area"))
    return rows


def largest_gap(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Return the largest difference in meters; inf when one of the two reaches what the other does not."""
    reached = np.isfinite(ours)
    if not np.array_equal(reached, np.isfinite(theirs)):
        return float("inf")
    return float(np.max(np.abs(ours[reached] - theirs[reached]), initial=0.0))


def printed(rows: list[Row]) -> str:
    """Return the table as text."""
    width, engines = max(len(row.job) for row in rows), max(len(row.engine) for row in rows)
    lines = [f"{'job':<{width}}  {'engine':<{engines}}  {'seconds':>9}  largest difference"]
    for row in rows:
        gap = "" if row.worst is None else f"{row.worst:.4f} {row.worst_unit}"
        lines.append(f"{row.job:<{width}}  {row.engine:<{engines}}  {row.seconds:9.4f}  {gap}".rstrip())
    return "\n".join(lines)


def main() -> int:
    """Run everything; return 1 when two engines disagree."""
    shipped = sorted((ROOT / "data" / "helsinki").glob("*.osm.pbf"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extract", type=Path, default=shipped[0] if shipped else None, help="an .osm.pbf")
    extract: Path | None = parser.parse_args().extract
    if extract is None or not extract.is_file():
        parser.error("no extract found: name one with --extract FILE.osm.pbf")

    rows, network = reading(extract)
    residents, stations, snapped = places(network)
    graph = split_graph(network, residents, stations)
    rows += snapped + distances(network, residents, stations, graph) + drawings(network, stations)

    print(f"{extract.name}: {network.node_count:,} nodes, {network.edge_count:,} edges, best of {REPEATS}")
    print(printed(rows))
    machine = {"python": platform.python_version(), "system": platform.system(), "processor": platform.machine()}
    engines = {name: version(name) for name in ("numpy", "numba", "scipy", "networkx", "osmnx", "shapely")}
    target = ROOT / "benchmarks" / "results" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    content = {"extract": extract.name, "machine": machine, "versions": engines, "rows": [asdict(row) for row in rows]}
    target.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(f"also in {target.relative_to(ROOT).as_posix()}")
    apart = [row for row in rows if row.worst_unit == "m" and row.worst is not None and row.worst > 0.1]
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
