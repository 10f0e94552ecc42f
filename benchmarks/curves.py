"""How cost grows: ``python benchmarks/curves.py [--most-nodes 10000000] [--most-stations 100000]``.

Nearest station for every node of grids of 10^4 to 10^7 nodes, one station to 200 nodes; and 10^2 to
10^5 catchments of nodes within 1,000 m on a grid of 10^6. Memory is what the arrays of the graph
and of the search hold. README.md says how to read the figures, which go to ``results/curves.json``
too.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from searches import CATCHMENT_M, grid

from walkshed.walk.kernels import searches as kernels

TARGET = Path(__file__).parent / "results" / "curves.json"
#: Catchments are asked for in portions, as their answers need not be held all at once.
PORTION = 5_000


def best(job: object, repeats: int) -> float:
    found = np.inf
    for _ in range(repeats):
        begun = time.perf_counter()
        job()  # type: ignore[operator]
        found = min(found, time.perf_counter() - begun)
    return float(found)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--most-nodes", type=int, default=10_000_000)
    parser.add_argument("--most-stations", type=int, default=100_000)
    options = parser.parse_args()
    random, rows = np.random.default_rng(1), []
    # the compiler's seconds are not ours
    kernels.nearest_nodes(kernels.pack(*_arcs(30)), np.zeros(1, dtype=np.int32))
    print(
        f"{'nearest: nodes':>16}  {'arcs':>12}  {'seconds':>9}  {'ns per arc':>10}  {'bytes per arc':>13}"
    )
    for side in (100, 316, 1000, 3162):
        if side * side > options.most_nodes * 1.01:
            break
        arcs = kernels.pack(*_arcs(side))
        seeds = random.choice(arcs.nodes, arcs.nodes // 200, replace=False).astype(np.int32)
        seconds = best(
            lambda arcs=arcs, seeds=seeds: kernels.nearest_nodes(arcs, seeds),
            5 if side < 2000 else 2,
        )
        # Arcs and their index; then label, state, three lists, a ring of up to twice the nodes, and
        # the answer.
        held = arcs.arc.nbytes + arcs.into.nbytes + arcs.nodes * (8 + 1 + 12 + 8 + 12)
        row = {"nodes": arcs.nodes, "arcs": len(arcs.arc), "seconds": seconds, "bytes": held}
        rows.append({"task": "nearest", **row})
        per = 1e9 * seconds / len(arcs.arc)
        print(
            f"{arcs.nodes:16,}  {len(arcs.arc):12,}  {seconds:9.4f}  {per:10.1f}  {held / len(arcs.arc):13.1f}"
        )
        del arcs
    arcs = kernels.pack(*_arcs(1000))
    print(f"{'catchments':>16}  {'seconds':>9}  {'us per station':>14}")
    for count in (100, 1_000, 10_000, 100_000):
        if count > options.most_stations:
            break
        seeds = random.choice(arcs.nodes, count).astype(np.int32)
        begun = time.perf_counter()
        for low in range(0, count, PORTION):
            kernels.nodes_within(arcs, seeds[low : low + PORTION], limit=CATCHMENT_M)
        seconds = time.perf_counter() - begun
        rows.append({"task": "catchments", "stations": count, "seconds": seconds})
        print(f"{count:16,}  {seconds:9.3f}  {1e6 * seconds / count:14.1f}")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def _arcs(side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    graph = grid(side)
    return graph.into, graph.tail, graph.meters


if __name__ == "__main__":
    main()
