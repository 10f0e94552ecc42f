"""Runs killed at any moment: the folder is one whole run, the next run works, and nothing is left behind.

Here the moments at which a folder changes, and some of those between; ``make kills`` takes every
operation of every verb.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reports.example import example
from reports.killed_verbs import drawn_run, new_template, template
from reports.killing import DECISIVE, Verb, killed, moments
from walkshed.reports import write
from walkshed.reports.write import write_run
from walkshed.reports.writing.names import PART

TESTS = Path(__file__).parents[1]
#: Runs killed here take every n-th of the operations that only build.
STRIDE = 9

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system makes no process by fork")


@pytest.fixture
def same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are made once, and copied from then on: those of the drawn run are always the same."""
    made = tmp_path / "made"
    made.mkdir()
    write._build_tables(example(), made, {})

    def copied(_results: object, part: Path, _layers: object) -> None:
        for path in made.iterdir():
            (part / path.name).write_bytes(path.read_bytes())

    monkeypatch.setattr(write, "_build_tables", copied)
    # what a process wrote outlives it; forcing it to the disk is against losses of power
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@forks
@pytest.mark.parametrize("one_by_one", [False, True], ids=["as a whole", "one by one"])
@pytest.mark.parametrize("verb", [drawn_run(), template(), new_template()], ids=lambda v: v.name)
def test_a_killed_verb_leaves_one_whole_run(
    tmp_path: Path, same_tables: None, verb: Verb, *, one_by_one: bool
) -> None:
    if one_by_one != (not verb.whole) and verb.once:
        pytest.skip("a template is written in one way into one folder")
    every = moments(verb, tmp_path / "root", one_by_one=one_by_one)
    assert len(every) > 10
    wanted = [
        moment
        for moment in every
        if moment.operation in DECISIVE or moment.number % STRIDE == STRIDE - 1
    ]
    assert list(killed(verb, tmp_path / "root", wanted, one_by_one=one_by_one)) == []


#: Writes a run and dies in place of the n-th operation of a kind; works on every system.
KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from reports.example import example
from walkshed.reports import write
left = [int(sys.argv[4])]
def hook(event, arguments):
    if event == sys.argv[3] and "walkshed-part" in str(arguments[0]):
        if not left[0]:
            os._exit(9)
        left[0] -= 1
sys.addaudithook(hook)
write.write_run(example(), Path(sys.argv[2]), extra_files={"index.html": b"killed"})
"""


@pytest.mark.parametrize(
    ("older", "operation", "number"), [(False, "os.mkdir", 1), (True, "open", 12)]
)
def test_a_killed_run_is_no_obstacle_to_the_next(
    tmp_path: Path, *, older: bool, operation: str, number: int
) -> None:
    folder = tmp_path / "地图 1"
    if older:
        write_run(example(), folder, extra_files={"index.html": b"old", "curve.csv": b"old"})
    script = [sys.executable, "-c", KILLED, str(TESTS), str(folder), operation, str(number)]
    assert subprocess.run(script, check=False).returncode == 9
    assert list(tmp_path.rglob(f"{PART}*"))
    write_run(example(), folder, extra_files={"index.html": b"new"})
    write_run(example(), tmp_path / "fresh", extra_files={"index.html": b"new"})
    names, fresh = ({path.name for path in each.iterdir()} for each in (folder, tmp_path / "fresh"))
    assert names == fresh
    assert (folder / "index.html").read_bytes() == b"new"
    assert {path.name for path in tmp_path.iterdir()} == {"地图 1", "fresh"}


def test_a_part_of_another_folder_and_what_lies_in_it_are_let_alone(tmp_path: Path) -> None:
    """Parts beside a folder are named after it; whatever else bears such a name is not this run's."""
    other = tmp_path / f"{PART}0123abcd-000000"
    (other / "new").mkdir(parents=True)
    (other / "new" / "thesis.docx").write_bytes(b"years of work")
    write_run(example(), tmp_path / "town", extra_files={"index.html": b"new"})
    assert (other / "new" / "thesis.docx").read_bytes() == b"years of work"
    shutil.rmtree(other)
    assert [path.name for path in tmp_path.iterdir()] == ["town"]
