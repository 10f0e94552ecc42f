"""Rows of the table, how they are timed, and how they are printed."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

OURS = "walkshed"
#: So long jobs are run again and again, but for those that take longer once.
SHORT_S = 0.5
PEERS = (
    "igraph",
    "networkit",
    "networkx",
    "numba",
    "numpy",
    "osmium",
    "osmnx",
    "pandana",
    "pyrosm",
    "pyvalhalla",
    "rustworkx",
    "scipy",
    "shapely",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One engine doing one job; ``worst`` is its largest difference from walkshed's answer, in ``worst_unit``."""

    task: str
    network: str
    engine: str
    seconds: float
    ratio: float | None = None  # this engine's seconds by those of walkshed's first row of the task
    worst: float | None = None
    worst_unit: str = ""
    peak_mb: float | None = None  # what the job's memory rose by at most; only Linux tells


@dataclass(slots=True)
class Table:
    """What was measured so far; every row is told as it comes."""

    rows: list[Row] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def measure(
        self,
        task: str,
        network: str,
        engine: str,
        job: Callable[[], Any],
        *,
        repeats: int = 3,
        warm_up: bool = True,
        per: int = 1,
    ) -> Any:
        """Run a job a few times, keep the best seconds (by ``per``, for jobs of many), return its answer.

        Short jobs, of whatever engine, are run until ``SHORT_S`` is spent: three runs of a millisecond
        tell what else the machine did.
        """
        if warm_up:
            job()
        before, best, answer = _reset_peak(), np.inf, None
        made, spent = 0, 0.0
        while made < repeats or spent < SHORT_S:
            answer = None  # or the memory of two answers would be counted
            begun = time.perf_counter()
            answer = job()
            took = time.perf_counter() - begun
            best, made, spent = min(best, took), made + 1, spent + took
        peak = None if before is None else max(0.0, _peak_mb() - before)
        seconds = float(best) / per
        first = next(
            (row.seconds for row in self.rows if (row.task, row.network) == (task, network)), None
        )
        self.rows.append(
            Row(
                task,
                network,
                engine,
                seconds,
                None if first is None else seconds / first,
                peak_mb=peak,
            )
        )
        return answer

    def compare(self, worst: float, unit: str) -> None:
        """Note on the last row how far its answer lies from ours."""
        self.rows[-1] = replace(self.rows[-1], worst=worst, worst_unit=unit)

    def drop(self) -> None:
        """Take back the last row: its engine gave no answer."""
        self.rows.pop()

    def skip(self, engine: str, why: str) -> None:
        """Note that an engine did not take part."""
        line = f"{engine}: {why}"
        if line not in self.left_out:
            self.left_out.append(line)

    def text(self) -> str:
        """Return the table as text."""
        cells = [("task", "network", "engine", "seconds", "ratio", "largest difference", "peak MB")]
        for row in self.rows:
            gap = "(compared with)" if row.worst is None else f"{row.worst:.4g} {row.worst_unit}"
            ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
            peak = "" if row.peak_mb is None else f"{row.peak_mb:.0f}"
            cells.append(
                (row.task, row.network, row.engine, f"{row.seconds:.6f}", ratio, gap, peak)
            )
        widths = [max(len(line[k]) for line in cells) for k in range(len(cells[0]))]
        lines = []
        for line in cells:
            parts = [
                cell.rjust(w) if k in (3, 4, 6) else cell.ljust(w)
                for k, (cell, w) in enumerate(zip(line, widths))
            ]
            lines.append("  ".join(parts).rstrip())
        return "\n".join([*lines, *(f"left out: {line}" for line in self.left_out)])

    def write(self, path: Path, **more: Any) -> None:
        """Write the same as JSON."""
        machine = {
            "python": platform.python_version(),
            "system": platform.system(),
            "processor": platform.machine(),
        }
        content = {**more, "machine": machine, "versions": _versions()}
        content |= {"rows": [asdict(row) for row in self.rows], "left_out": self.left_out}
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def largest_gap(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Return the largest difference; inf when one of the two reaches what the other does not."""
    reached = np.isfinite(ours)
    if not np.array_equal(reached, np.isfinite(theirs)):
        return float("inf")
    return float(np.max(np.abs(ours[reached] - theirs[reached]), initial=0.0))


def _versions() -> dict[str, str]:
    found = {}
    for name in PEERS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _reset_peak() -> float | None:
    """Forget the highest memory so far (Linux); return the memory in use, MB."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
        return _status_mb("VmRSS:")
    except OSError:
        return None


def _peak_mb() -> float:
    return _status_mb("VmHWM:")


def _status_mb(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024.0
    return 0.0
