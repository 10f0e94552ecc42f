"""What is judged in favor of a station that does not say it is counted in a note, where somebody hangs on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from small import table, write_study
from walkshed.study import read_study


def notes(folder: Path, walkers: str, rows: list[tuple[object, ...]]) -> list[str]:
    study = write_study(
        folder,
        stations=table("id,name,services,floor,elevator,step_free", rows),
        blocks=table("id,people", [("B1", 0, 100)]),
        toml=f'[[services]]\nid = "meals"\ncomplete = true\n[walk]\nwalkers = [{walkers}]\n',
    )
    return [note for note in read_study(study).inputs.notes if "may be too good" in note]


BARE = ("S1", 0, "One", "meals", "", "", "")
STEPS = ("S2", 0, "Two", "meals", 1, "", "")
TOLD = ("S3", 0, "Three", "meals", 1, "", "yes")


@pytest.mark.parametrize("walker", ["wheelchair", "pram"])
def test_unstated_floors_and_entrances_are_counted(tmp_path: Path, walker: str) -> None:
    (note,) = notes(tmp_path, f'"adult", "{walker}"', [BARE, STEPS, TOLD])
    assert note.startswith(f"{walker}: 1 of 3 stations does not state its floor")
    assert "2 not whether they are step-free" in note


def test_nothing_is_said_where_everything_is_stated_or_nobody_hangs_on_it(tmp_path: Path) -> None:
    assert notes(tmp_path / "a", '"wheelchair"', [TOLD]) == []
    assert notes(tmp_path / "b", '"adult", "older"', [BARE, STEPS]) == []
