"""One run of a study in a process of its own: seconds, memory, stages, and the page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: Runs the verb, then tells what the process took: seconds of the processor, and MB at most.
RUN = """
import json, os, sys
sys.argv[0] = "walkshed"
from walkshed.cli import main
try:
    main()
finally:
    spent = os.times()
    try:
        import resource
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak_mb = most / (2**20 if sys.platform == "darwin" else 2**10)
    except ImportError:
        peak_mb = None
    print(json.dumps([spent.user + spent.system, peak_mb]))
"""


@dataclass(frozen=True, slots=True)
class ProcessRun:
    """What one run took; ``peak_mb`` is None where the system does not tell."""

    wall_s: float
    processor_s: float
    peak_mb: float | None
    stages_s: Mapping[str, float]
    page_mb: float


def run_study(study: Path, out: Path, environment: Mapping[str, str] | None = None) -> ProcessRun:
    """Run a study in a process of its own; ``environment`` as of this process, where None.

    What Python has compiled is kept, as it is for everybody who has installed walkshed.
    """
    environment = {**(os.environ if environment is None else environment)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", RUN, "run", str(study), "--out", str(out), "--no-open"]
    begun = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    wall_s = time.perf_counter() - begun
    processor_s, peak_mb = json.loads(done.stdout.splitlines()[-1])
    stages_s = json.loads((out / "timing.json").read_text(encoding="utf-8"))["seconds"]
    page_mb = (out / "index.html").stat().st_size / 1e6
    return ProcessRun(wall_s, processor_s, peak_mb, stages_s, page_mb)
