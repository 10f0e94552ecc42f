"""A large run of a generated town: processor and memory of a whole process, its stages, and the page.

    python benchmarks/large.py [--side 100] [--stations 300] [--runs 3]

The town has side × side blocks, streets every 100 m with gaps, and stations of 3 of 9 services
(``generated.py``). Of several runs with a warm compile cache the median counts.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from generated import TownSize, write_town
from processes import run_study


def main() -> int:
    """Measure one town."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--side", type=int, default=100)
    parser.add_argument("--stations", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        size = TownSize(options.side, options.stations)
        study = write_town(Path(folder) / "study", size)
        run_study(study, Path(folder) / "warm")
        runs = [run_study(study, Path(folder) / "out") for _ in range(options.runs)]

    processor_s = statistics.median(each.processor_s for each in runs)
    peaks = [each.peak_mb for each in runs if each.peak_mb is not None]
    peak = f", at most {statistics.median(peaks):.0f} MB" if peaks else ""
    print(f"{options.side} x {options.side} blocks, {options.stations} stations:", end=" ")
    print(f"{processor_s:.1f} s of the processor{peak}, page {runs[0].page_mb:.1f} MB")
    for stage in runs[0].stages_s:
        seconds = statistics.median(each.stages_s[stage] for each in runs)
        print(f"  {stage}: {seconds:.2f} s of wall")
    return 0


if __name__ == "__main__":
    sys.exit(main())
