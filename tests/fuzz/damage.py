"""Damaged studies, one after another from a seed: each ends in an answer or in faults, never in another error.

As a program:  python tests/fuzz/damage.py --seed 1 --count 10000
"""

from __future__ import annotations

import argparse
import io
import random
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from contextlib import redirect_stderr
from functools import cache
from pathlib import Path

from walkshed.errors import WalkshedError
from walkshed.study import read_study
from walkshed.verbs.draft.drafting import draft

GOOD = Path(__file__).resolve().parents[1] / "inputs" / "good"
#: Pieces that have meaning somewhere reach further than random bytes.
PIECES = [
    *(piece.encode() for piece in "\"',;[]{}=*/；、，\n\r\t\0\ufeff<>&\\"),
    *(
        b"[[",
        b"..",
        b"\\ud800",
        b"\xff\xfe",
        b"\xc3\x28",
        b"null",
        b"true",
        b"nan",
        b"inf",
        b"1e400",
        b"-1",
        b"0",
    ),
    *(
        b"9" * 400,
        b"0x" + b"f" * 99,
        b"hub",
        b"EPSG:4547",
        b"Polygon",
        b"features",
        b"=cmd()",
        b"<script>",
        b"meals",
    ),
    *(
        b"24/7",
        b"Mo-Fr 09:00-25:99",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"&a;",
        b'lat="91"',
        b'lon="nan"',
        b'ref="0"',
    ),
    *("潮州市".encode(), b"'; DROP", b"[" * 300, b"{" * 300, b"../../etc", b"a" * 10_000),
]


def files() -> tuple[str, ...]:
    """Return the files of the good study, the ones with most rules first."""
    return tuple(sorted(path.name for path in GOOD.iterdir() if path.is_file()))


def damaged(random_: random.Random) -> tuple[str, bytes]:
    """Return a file of the good study and what became of its bytes."""
    name = random_.choice(files())
    data = (GOOD / name).read_bytes()
    # the format is known by the bytes, not by the name
    if name == "town.osm" and random_.random() < 0.4:
        data = as_pbf()
    for _ in range(random_.randint(1, 4)):
        start = random_.randint(0, len(data))
        end = min(len(data), start + random_.choice((0, 0, 1, 3, 10, 40)))
        kind = random_.random()
        if kind < 0.55:
            piece = random_.choice(PIECES)
        elif kind < 0.75:
            piece = random_.randbytes(random_.randint(1, 8))
        elif kind < 0.9:  # a stretch from elsewhere in the file, twice or moved
            other = random_.randint(0, len(data))
            piece = data[other : other + random_.choice((1, 5, 30, 120))]
        else:
            data, piece = data[:start], b""
            end = start
        data = data[:start] + piece + data[end:]
    return name, data


@cache
def as_pbf() -> bytes:
    """Return the streets of the good study as PBF."""
    import osmium

    with tempfile.TemporaryDirectory(prefix="walkshed-fuzz-") as folder:
        path = Path(folder) / "town.osm.pbf"
        with osmium.SimpleWriter(str(path)) as writer:
            for element in osmium.FileProcessor(str(GOOD / "town.osm")):
                writer.add(element)
        return path.read_bytes()


def outcome(name: str, data: bytes) -> str:
    """Return how a study with this file ends: ``answer``, or the name of walkshed's error; other errors pass."""
    with tempfile.TemporaryDirectory(prefix="walkshed-fuzz-") as folder:
        shutil.copytree(GOOD, folder, dirs_exist_ok=True)
        (Path(folder) / name).write_bytes(data)
        try:
            with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
                warnings.simplefilter("ignore")
                if name == "town.osm":  # a first draft of it, before the study that uses it
                    draft(Path(folder) / name, Path(folder) / "draft")
                study = read_study(folder)
                study.run()
        except WalkshedError as error:
            return type(error).__name__ if str(error).strip() else "error without words"
        return "answer"


def main() -> int:
    """Damage and read as often as asked; print what came of it, and every traceback."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    asked = parser.parse_args()
    ends: Counter[str] = Counter()
    begun = time.perf_counter()
    for number in range(asked.count):
        name, data = damaged(random.Random(f"{asked.seed}-{number}"))
        try:
            ends[outcome(name, data)] += 1
        except Exception:  # noqa: BLE001 (whatever it is, it is a find)
            ends["traceback"] += 1
            print(f"--- seed {asked.seed}-{number}, {name}", flush=True)
            traceback.print_exc(file=sys.stdout)
    seconds = time.perf_counter() - begun
    print(f"seed {asked.seed}, {asked.count} inputs, {seconds:.0f} s: {dict(sorted(ends.items()))}")
    return 1 if ends["traceback"] or ends["error without words"] else 0


if __name__ == "__main__":
    sys.exit(main())
