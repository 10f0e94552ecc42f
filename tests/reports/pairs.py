"""Two runs at once into one folder, from processes that share nothing but the folder."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
#: Writes runs whose page tells who wrote it; told to begin by a line on stdin.
WRITES = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from reports.example import example
from walkshed.reports.write import write_run
print("ready", flush=True)
for number in range(int(sys.argv[3])):
    sys.stdin.readline()
    page = f"{sys.argv[4]} {number}".encode()
    write_run(example(), Path(sys.argv[2]), extra_files={"index.html": page})
    print("done", flush=True)
"""


def pairs(folder: Path, scratch: Path, count: int) -> list[str]:
    """Let two processes write ``count`` runs each, at the same time; return what went wrong, in words."""
    writers, wrong = [], []
    for who in ("one", "two"):
        temporary = scratch / who
        temporary.mkdir(parents=True)
        command = [sys.executable, "-c", WRITES, str(TESTS), str(folder), str(count), who]
        environment = os.environ | {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
        writers.append(
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
            )
        )
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for number in range(count):
        for writer in writers:
            writer.stdin.write("\n")
            writer.stdin.flush()
        told = [writer.stdout.readline() for writer in writers]
        wrong += [f"pair {number}: a run failed" for line in told if line != "done\n"]
        wrong += [f"pair {number}: {fact}" for fact in _wrong_in(folder, number)]
        left = [path.name for path in (*folder.parent.iterdir(), *folder.iterdir())]
        wrong += [f"pair {number}: {name} is left" for name in left if name.startswith(".")]
    for writer in writers:
        writer.stdin.close()
        writer.stdout.close()
        if writer.wait():
            wrong.append(f"a run ended with {writer.returncode}")
    return wrong


def _wrong_in(folder: Path, number: int) -> list[str]:
    """Return which files are not those that run.json tells of."""
    listed = json.loads((folder / "run.json").read_bytes())["files"]
    found = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    wrong = [
        f"{name} is not as run.json says"
        for name, digest in listed.items()
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest
    ]
    if found != {*listed, "run.json", "timing.json"}:
        wrong.append(f"the folder holds {sorted(found)}")
    if (folder / "index.html").read_text(encoding="utf-8").split()[1] != str(number):
        wrong.append("neither of the two is there")
    return wrong
