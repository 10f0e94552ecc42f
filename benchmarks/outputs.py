"""Whether two versions of the code write the same answers, cell by cell.

    python benchmarks/outputs.py write BEFORE --source OTHER_CHECKOUT
    python benchmarks/outputs.py write AFTER
    python benchmarks/outputs.py compare BEFORE AFTER

``write`` runs the shipped studies, and a draft of Dachang where ``WALKSHED_TEST_DATA`` holds its
extract. ``compare`` reads every table, layer and provenance of both, names each cell that differs,
and ends with 1 if any does. The pages themselves are compared by their size alone: how a page keeps
its data may change, and what it shows is held to the tables by the tests in a browser.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import geopandas as gpd
import pyogrio

ROOT = Path(__file__).parents[1]
STUDIES = {
    "gucheng": "gucheng/study.toml",
    "window": "gucheng/window.toml",
    "visitors": "gucheng/visitors.toml",
    "helsinki": "helsinki/study.toml",
}
DACHANG = "osm/shanghai_baoshan_dachang.osm.pbf"
VERB = "import sys; sys.argv[0] = 'walkshed'; from walkshed.cli import main; main()"
#: Differences named in full; the others are counted.
SHOWN = 20


def write(target: Path, source: Path) -> None:
    """Write the outputs of every study into ``target``, by the code of the checkout ``source``."""

    def verb(*words: str | Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(source / "coverage")}
        command = [sys.executable, "-c", VERB, *map(str, words)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)

    for name, study in STUDIES.items():
        verb("run", source / "data" / study, "--out", target / name, "--no-open")

    extract = Path(os.environ.get("WALKSHED_TEST_DATA", "")) / DACHANG
    if extract.is_file():
        # the draft lies outside of target, which holds nothing but answers
        with tempfile.TemporaryDirectory() as drafts:
            draft = Path(drafts) / "dachang"
            verb("init", extract, draft)
            verb("run", draft, "--out", target / "dachang", "--no-open")


def compare(before: Path, after: Path) -> int:
    """Print what differs; return how many cells do."""
    count = 0
    names = {path.relative_to(root) for root in (before, after) for path in root.rglob("*")}
    for name in sorted(name for name in names if (before / name).suffix):
        for line in _differences(before / name, after / name):
            count += 1
            if count <= SHOWN:
                print(f"{name}: {line}")
    print(f"{count} differences in {len(names)} files and folders")
    return count


def _differences(before: Path, after: Path) -> Iterator[str]:
    if not (before.is_file() and after.is_file()):
        yield "in one of the two only"
    elif before.suffix == ".csv":
        yield from _of_tables(before, after)
    elif before.suffix == ".gpkg":
        yield from _of_layers(before, after)
    elif before.name == "run.json":
        yield from _of_facts(
            json.loads(before.read_text("utf-8")), json.loads(after.read_text("utf-8"))
        )
    elif before.suffix == ".html":
        old, new = (path.stat().st_size / 1e6 for path in (before, after))
        print(f"{before.parent.name}: the page has {old:.2f} MB, then {new:.2f} MB")


def _of_tables(before: Path, after: Path) -> Iterator[str]:
    rows = []
    for path in (before, after):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows.append(list(csv.reader(file)))
    for number, (old, new) in enumerate(zip_longest(*rows, fillvalue=()), start=1):
        for column, (one, other) in enumerate(zip_longest(old, new, fillvalue=None)):
            if one != other:
                yield f"row {number}, column {column + 1}: {one!r}, then {other!r}"


def _of_layers(before: Path, after: Path) -> Iterator[str]:
    layers = [[name for name, _ in pyogrio.list_layers(path)] for path in (before, after)]
    if layers[0] != layers[1]:
        yield f"layers {layers[0]}, then {layers[1]}"
        return
    for layer in layers[0]:
        old, new = (gpd.read_file(path, layer=layer) for path in (before, after))
        if list(old.columns) != list(new.columns) or len(old) != len(new):
            yield f"{layer}: {old.shape} {list(old.columns)}, then {new.shape} {list(new.columns)}"
            continue
        for column in old.columns:
            one, other = old[column], new[column]
            if column == old.geometry.name:
                one, other = one.to_wkb(), other.to_wkb()
            apart = ~((one == other) | (one.isna() & other.isna()))
            for row in apart[apart].index:
                yield f"{layer}, row {row}, {column}: {str(one[row])[:60]}, then {str(other[row])[:60]}"


def _of_facts(old: object, new: object, where: str = "") -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from _of_facts(old.get(key), new.get(key), f"{where}.{key}")
    elif old != new:
        yield f"{where}: {str(old)[:80]}, then {str(new)[:80]}"


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    writing = verbs.add_parser("write")
    writing.add_argument("target", type=Path)
    writing.add_argument(
        "--source", type=Path, default=ROOT, help="a checkout; by default this one"
    )
    comparing = verbs.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    options = parser.parse_args()
    if options.verb == "write":
        write(options.target.resolve(), options.source.resolve())
        return 0
    return 1 if compare(options.before, options.after) else 0


if __name__ == "__main__":
    sys.exit(main())
