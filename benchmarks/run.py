"""Speed against other engines, in one run: ``make bench``, or ``python benchmarks/run.py [--extract FILE] [--grid N]``.

Every row does one job on one machine with every engine, after a warm-up, and takes the best of a few runs. Where two
engines answer the same question, their answers are compared. "ratio" is an engine's seconds by those of walkshed's
first row of the task. Rows called "kernel" run from node to node over prepared arrays; "walk" takes points and stations
as they are; "door" is what a user calls. The table goes to the screen, the same as JSON to
``benchmarks/results/bench.json``. Engines that are not installed are named and left out.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from doors import distances, drawings, frames, places, plain_graph, reading
from reference import split_graph
from searches import Graph, grid, measure
from table import Table

ROOT = Path(__file__).parents[1]


def town(table: Table, path: Path) -> None:
    """Measure everything on one extract."""
    name = path.name.removesuffix(".pbf").removesuffix(".osm")
    network = reading(table, path, name)
    resident_xy, station_xy, residents, stations = places(network)
    streets = network.graph
    usable = np.unique(network.edge_start[network.component == 0])
    graph = Graph(name, streets.into, streets.tail, streets.meters, network.node_xy, usable)
    measure(table, graph, stations=50, limit_m=1500.0)
    distances(table, name, network, residents, stations, split_graph(network, residents, stations))
    drawings(table, name, network, stations, plain_graph(network))
    frames(table, name, network, resident_xy, station_xy)


def main() -> int:
    """Run everything; return 1 when two engines disagree."""
    shipped = ROOT / "data" / "helsinki" / "helsinki.osm.pbf"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extract", type=Path, action="append", default=[], help="an .osm.pbf, beside Helsinki's")
    parser.add_argument("--grid", type=int, default=1000, metavar="SIDE", help="side of the generated grid; 0: none")
    options = parser.parse_args()
    extracts = [path for path in [shipped, *options.extract] if path.is_file()]
    missing = [path for path in options.extract if not path.is_file()]
    if missing or not extracts:
        parser.error(f"no such extract: {', '.join(map(str, missing or [shipped]))}")

    table = Table()
    for path in extracts:
        town(table, path)
    if options.grid:
        measure(table, grid(options.grid), stations=max(1, options.grid**2 // 200), limit_m=np.inf)
    print(table.text())
    target = ROOT / "benchmarks" / "results" / "bench.json"
    table.write(target, extracts=[path.name for path in extracts])
    print(f"also in {target.relative_to(ROOT).as_posix()}")
    apart = [row for row in table.rows if row.worst_unit in ("m", "nodes") and (row.worst or 0.0) > 0.5]
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
