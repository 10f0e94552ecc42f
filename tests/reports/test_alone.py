"""Runs that end at the same moment, and runs that are killed: the folder is one whole run, and the next one works."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reports.example import example
from walkshed.errors import OutputError
from walkshed.reports import write
from walkshed.reports.alone import alone_in
from walkshed.reports.write import write_run

TESTS = Path(__file__).parents[1]

#: Writes a run and dies, as by kill -9, in place of the n-th file that it would put in place.
KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from reports.example import example
from walkshed.reports import write
real, left = os.replace, [int(sys.argv[3])]
def replace(source, target):
    if not left[0]:
        os._exit(9)
    left[0] -= 1
    real(source, target)
write.os.replace = replace
write.write_run(example(), Path(sys.argv[2]), extra_files={"index.html": b"killed"})
"""


def test_runs_that_end_together_write_one_after_the_other(tmp_path: Path) -> None:
    pages = [f"page {number}".encode() for number in range(3)]
    with ThreadPoolExecutor(3) as pool:
        for done in [
            pool.submit(write_run, example(), tmp_path, extra_files={"index.html": page})
            for page in pages
        ]:
            done.result()
    assert (tmp_path / "index.html").read_bytes() in pages
    assert not list(tmp_path.glob(f"{write.PART}*"))


def test_a_run_that_hangs_is_named(tmp_path: Path) -> None:
    with alone_in(tmp_path):
        with alone_in(tmp_path / "another"):
            pass
        with (
            pytest.raises(OutputError, match="is being written by another run of walkshed; wait"),
            alone_in(tmp_path / "x" / "..", wait_s=0.1),
        ):
            pass
    with alone_in(tmp_path, wait_s=0.1):
        pass


def test_without_a_folder_for_temporary_files_runs_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with alone_in(tmp_path):
        pass


@pytest.mark.parametrize(("older", "files"), [(False, 1), (True, 1), (True, 4)])
def test_a_killed_run_is_no_obstacle_to_the_next(
    tmp_path: Path, *, older: bool, files: int
) -> None:
    folder = tmp_path / "地图 1"
    if older:
        write_run(example(), folder, extra_files={"index.html": b"old", "proposals.csv": b"old"})
    script = [sys.executable, "-c", KILLED, str(TESTS), str(folder), str(files)]
    assert subprocess.run(script, check=False).returncode == 9
    assert list(folder.glob(f"{write.PART}*"))
    write_run(example(), folder, extra_files={"index.html": b"new"})
    write_run(example(), tmp_path / "fresh", extra_files={"index.html": b"new"})
    names, fresh = ({path.name for path in each.iterdir()} for each in (folder, tmp_path / "fresh"))
    assert names == fresh
    assert (folder / "index.html").read_bytes() == b"new"
