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


def run_pairs(scratch: Path, count: int) -> list[str]:
    """Let two ``walkshed run``, of two towns, write one folder at the same time; return what went wrong, in words.

    Each time one whole run stands there, and both end well, or one says in a line why it did not.
    """
    from cli.test_init import extract, grid_town
    from walkshed.verbs.draft.drafting import draft

    scratch.mkdir(parents=True)
    town, folder = extract(scratch, grid_town()), scratch / "maps" / "town"
    names = ("one", "two")
    for name in names:
        draft(town, scratch / name, name=name)
        (scratch / f"temporary-{name}").mkdir()

    wrong = []
    for number in range(count):
        runs = [_begun(scratch, name, folder) for name in names]
        told = [run.communicate(timeout=600)[0].strip() for run in runs]
        failed = [(run.returncode, words) for run, words in zip(runs, told) if run.returncode]
        wrong += [
            f"pair {number}: exit {code}, {words!r}"
            for code, words in failed
            if code != 1 or len(failed) > 1 or "another" not in words
        ]
        wrong += [f"pair {number}: {fact}" for fact in _unlisted(folder)]
        whose = json.loads((folder / "run.json").read_bytes())["study"]
        if whose not in names:  # the digests of run.json say whether all else is that run's, too
            wrong.append(f"pair {number}: {whose!r} is neither of the two")
        left = [path.name for path in (*folder.parent.iterdir(), *folder.iterdir())]
        wrong += [f"pair {number}: {name} is left" for name in left if name.startswith(".")]
    return wrong


def _begun(scratch: Path, name: str, folder: Path) -> subprocess.Popen[str]:
    """Begin a run with a folder for temporary files of its own."""
    verb = "from walkshed.cli import main; main()"
    command = [sys.executable, "-c", verb, "run", str(scratch / name), "--out", str(folder)]
    own = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch / f"temporary-{name}"))
    return subprocess.Popen(
        [*command, "--no-open"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | own,
    )


def _wrong_in(folder: Path, number: int) -> list[str]:
    """Return which files are not those of a run of this number."""
    wrong = _unlisted(folder)
    if (folder / "index.html").read_text(encoding="utf-8").split()[1] != str(number):
        wrong.append("neither of the two is there")
    return wrong


def _unlisted(folder: Path) -> list[str]:
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
    return wrong
