"""What is compiled once is loaded by the next process, which need not ready the compiler for that."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from walkshed.walk.kernels.field import squared
found = squared(1.0, 2.0, 0.0, 0.0, 4.0, 0.0, 1 / 16)
ready = "numba.typed.typeddict" in sys.modules
print(sum(squared.stats.cache_hits.values()), sum(squared.stats.cache_misses.values()), ready, found)
"""


def run(folder: Path) -> str:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder)}
    environment.pop("NUMBA_DISABLE_JIT", None)
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_second_process_loads_what_the_first_one_compiled(tmp_path: Path) -> None:
    assert run(tmp_path) == "0 1 True 4.0"
    assert run(tmp_path) == "1 0 False 4.0"


def test_what_is_damaged_is_compiled_again(tmp_path: Path) -> None:
    run(tmp_path)
    for kept in tmp_path.rglob("*.nbi"):
        kept.write_bytes(b"")
    assert run(tmp_path).endswith("4.0")
