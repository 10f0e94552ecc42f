"""Speed against other engines, in one run: ``make bench``, or ``python benchmarks/run.py --extract FILE --only TASK``.

Every row does one job on one machine with every engine, after a warm-up, and takes the best of a
few runs. Where two engines answer the same question, their answers are compared. "ratio" is an
engine's seconds by those of walkshed's first row of the task. Rows called "kernel" run from node to
node over prepared arrays; "walk" takes points and stations as they are; "door" is what a user
calls. The table goes to the screen, the same as JSON to ``benchmarks/results/bench.json``. Engines
that are not installed are named and left out.

Without ``--extract``, Porto of ``WALKSHED_TEST_DATA`` is measured beside Helsinki, where that
folder is there.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from doors import distances, frames, places, reading
from polygons import drawings
from reference import split_graph
from searches import Graph, grid, measure
from table import Table

from siting import siting
from walkshed.osm import read_extract
from walkshed.streets.build import build_network

ROOT = Path(__file__).parents[1]
T = TypeVar("T")


TASKS = ("reading", "kernels", "walks", "polygons", "doors", "grid", "siting")
#: Measured beside Helsinki where the test data is at hand.
PORTO = Path("osm") / "porto_portugal_r5.osm.pbf"


def town(table: Table, path: Path, tasks: set[str]) -> None:
    """Measure the chosen tasks on one extract."""
    name = path.name.removesuffix(".pbf").removesuffix(".osm")
    if "reading" in tasks:
        network = told("reading", name, lambda: reading(table, path, name))
    else:
        network = build_network(read_extract(path), private="open")
    where, begin, end = places(network)
    if "kernels" in tasks:
        streets = network.graph
        usable = np.unique(network.edge_start[network.component == 0])
        graph = Graph(name, streets.into, streets.tail, streets.meters, network.node_xy, usable)
        told("kernels", name, lambda: measure(table, graph, stations=50, limit_m=1500.0))
    if "walks" in tasks:
        told(
            "walks",
            name,
            lambda: distances(table, name, network, begin, end, split_graph(network, begin, end)),
        )
    if "polygons" in tasks:
        told("polygons", name, lambda: drawings(table, name, network, path))
    if "doors" in tasks:
        told("doors", name, lambda: frames(table, name, network, where, begin, end))


def told(task: str, name: str, job: Callable[[], T]) -> T:
    """Return a job's answer; say how long all of it took, the other engines' preparations included."""
    begun = time.perf_counter()
    answer = job()
    print(f"{name}, {task}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return answer


def main() -> int:
    """Run everything; return 1 when two engines disagree."""
    shipped = ROOT / "data" / "helsinki" / "helsinki.osm.pbf"
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--extract", type=Path, action="append", default=[], help="an .osm.pbf, beside Helsinki's"
    )
    parser.add_argument(
        "--grid", type=int, default=1000, metavar="SIDE", help="side of the generated grid; 0: none"
    )
    parser.add_argument(
        "--only", choices=TASKS, nargs="+", default=TASKS, metavar="TASK", help=", ".join(TASKS)
    )
    options = parser.parse_args()
    at_hand = Path(os.environ.get("WALKSHED_TEST_DATA", "")) / PORTO
    if not options.extract and at_hand.is_file():
        options.extract = [at_hand]
    tasks = set(options.only)
    extracts = [path for path in [shipped, *options.extract] if path.is_file()]
    missing = [path for path in options.extract if not path.is_file()]
    if missing or not extracts:
        parser.error(f"no such extract: {', '.join(map(str, missing or [shipped]))}")

    table = Table()
    for path in extracts if tasks - {"grid", "siting"} else []:
        town(table, path, tasks)
    if options.grid and "grid" in tasks:
        graph = grid(options.grid)
        told(
            "kernels",
            graph.name,
            lambda: measure(table, graph, stations=len(graph.into) // 200, limit_m=np.inf),
        )
    if "siting" in tasks:
        told("all", "siting", lambda: siting(table))
    print(table.text())
    target = ROOT / "benchmarks" / "results" / "bench.json"
    table.write(target, extracts=[path.name for path in extracts], tasks=sorted(tasks))
    print(f"also in {target.relative_to(ROOT).as_posix()}")
    apart = [
        row for row in table.rows if row.worst_unit in ("m", "nodes") and (row.worst or 0.0) > 0.5
    ]
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
