"""The full-size table of ``make truth``: studies run by the command line, and their files told a second time.

Shipped studies as they are; drafts of whole extracts where WALKSHED_TEST_DATA names the folder that
holds them. Exit code 1 where anything differs.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from truth.compare import Comparison, compared, rows_of
from truth.runs import both
from walkshed import cli

DATA = Path(__file__).parents[2] / "data"
SHIPPED = ("gucheng", "gucheng/window.toml", "gucheng/visitors.toml", "helsinki")
DRAFTED = ("shanghai_baoshan_dachang", "chengdu_xindu_dafeng", "jiangxi_guixi")


def studies(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the name and the path of every study; a draft comes as it is, and as if all were surveyed."""
    for name in SHIPPED:
        yield name, DATA / name
    extracts = os.environ.get("WALKSHED_TEST_DATA")
    for name in DRAFTED if extracts else ():
        draft = folder / name
        _run("init", str(Path(extracts or "") / "osm" / f"{name}.osm.pbf"), str(draft))
        yield f"{name}, a draft", draft
        toml = draft / "study.toml"
        text = toml.read_text(encoding="utf-8")
        surveyed = draft / "surveyed.toml"
        surveyed.write_text(text.replace("complete = false", "complete = true"), encoding="utf-8")
        yield f"{name}, surveyed", surveyed


def files_compared(path: Path, out: Path) -> tuple[Comparison, Comparison]:
    """Return the tables that a run writes, and its unrounded numbers, each beside the truth."""
    _run("run", str(path), "--out", str(out))
    exact, told, _ = both(path)
    by_walker = out / "coverage_by_walker.csv"
    table = by_walker if by_walker.exists() else out / "coverage.csv"
    printed = compared(rows_of(table), told.judgments)
    first = compared(rows_of(out / "coverage.csv"), told.judgments)
    printed.differences += first.of("doubt")
    return printed, exact


def main() -> int:
    """Print the table; return 1 where anything differs."""
    failed = False
    print("| study | rows | verdicts that differ | share | meters | other differences |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for number, (name, path) in enumerate(studies(folder)):
            printed, exact = files_compared(path, folder / f"out-{number}")
            verdicts = {(one.block, one.service, one.walker) for one in exact.of("verdict")}
            others = len(exact.differences) - len(exact.of("verdict"))
            print(
                f"| {name} | {exact.rows} | {len(verdicts)} | {exact.worst_share:.1e} "
                f"| {exact.worst_m:.4f} | {others} |",
                flush=True,
            )
            for one in [*printed.differences, *exact.differences][:20]:
                print(f"    {one}", flush=True)
            failed = failed or bool(printed.differences or exact.differences)
    return int(failed)


def _run(*words: str) -> None:
    told = CliRunner().invoke(cli.app, list(words))
    if told.exit_code != 0:
        raise SystemExit(told.output)


if __name__ == "__main__":
    sys.exit(main())
