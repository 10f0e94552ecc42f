"""A whole city, from files to a map: how long a process takes, and how much memory.

    python benchmarks/city.py EXTRACT.osm.pbf CELLS.csv [--stations 100]

``CELLS.csv`` has one row per cell or point with the columns lon, lat and population. Each is a
block of its own; stations stand beside some of them, drawn by a fixed seed. Two runs are told: one
without the cache of streets, one with it. Memory is told where the system counts it (not on
Windows).
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
from processes import run_study

SEED = 20261122
SERVICES = 9


def write_study(folder: Path, extract: Path, cells: Path, stations: int) -> Path:
    """Write a study of the city; return its folder."""
    with cells.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    people = ["lon,lat,people", *(f"{row['lon']},{row['lat']},{row['population']}" for row in rows)]
    (folder / "people.csv").write_text("\n".join(people) + "\n", encoding="utf-8")
    chance = np.random.default_rng(SEED)
    weight = np.array([float(row["population"]) for row in rows])
    chosen = np.sort(
        chance.choice(
            len(rows), size=min(stations, len(rows)), replace=False, p=weight / weight.sum()
        )
    )
    told = ["id,name,tier,lon,lat,services"]
    for number, row in enumerate(chosen.tolist()):
        east, north = chance.uniform(-0.0005, 0.0005, size=2)
        offered = ";".join(
            f"s{service}" for service in range(SERVICES) if (number + service) % 3 == 0
        )
        lon, lat = float(rows[row]["lon"]) + east, float(rows[row]["lat"]) + north
        told.append(f"S{number:04d},Station {number},micro,{lon:.7f},{lat:.7f},{offered}")
    (folder / "stations.csv").write_text("\n".join(told) + "\n", encoding="utf-8")
    services = "".join(
        f'[[services]]\nid = "s{number}"\nen = "Service {number}"\n' for number in range(SERVICES)
    )
    (folder / "study.toml").write_text(
        f"""[study]
name = "{extract.name.split(".")[0]}"
language = "en"
illustrative = true
[streets]
file = "{extract.resolve().as_posix()}"
[stations]
file = "stations.csv"
crs = "wgs84"
[blocks]
from = "people"
[people]
points = "people.csv"
{services}
[needs]
preset = "illustrative-500"
""",
        encoding="utf-8",
    )
    return folder


def measure(study: Path, out: Path, environment: dict[str, str]) -> str:
    """Run the study in a process of its own; return seconds and memory in words."""
    took = run_study(study, out, environment)
    words = f"{took.wall_s:.1f} s, {took.processor_s:.1f} s of the processor"
    return words if took.peak_mb is None else f"{words}, at most {took.peak_mb:.0f} MB"


def main() -> int:
    """Measure one city."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("extract", type=Path)
    parser.add_argument("cells", type=Path)
    parser.add_argument("--stations", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "study").mkdir()
        study = write_study(
            Path(folder) / "study", options.extract, options.cells, options.stations
        )
        environment = {**os.environ, "WALKSHED_CACHE": str(Path(folder) / "kept")}
        for name in ("read anew", "read before"):
            print(f"{name}: {measure(study, Path(folder) / 'out', environment)}", flush=True)
        page = Path(folder) / "out" / "index.html"
        print(f"the map: {page.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
