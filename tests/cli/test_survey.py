"""``walkshed survey`` at the command line: what it writes, what it takes back, and how it says that it cannot."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from small import table, write_study
from walkshed import cli
from walkshed.study import read_study

#: S1 is upstairs without an elevator; B1 lies within 500 m of it, B2 within 500 m of S2 alone.
STATIONS = table(
    "id,name,services,floor,elevator",
    [("S1", 100, "Library", "books", 3, "no"), ("S2", 2000, "Desk", "books", 1, "no")],
)
BLOCKS = table("id,people,kind", [("B1", 300, 100, "a"), ("B2", 2200, 10, "a")])
TOML = (
    '[[services]]\nid = "books"\nen = "Books"\nzh = "借书"\ncomplete = true\n'
    '[walk]\nwalkers = ["wheelchair"]\n'
)


def walkshed(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study below the working folder."""
    monkeypatch.chdir(tmp_path)
    write_study(tmp_path / "town", stations=STATIONS, blocks=BLOCKS, toml=TOML)
    return tmp_path


def filled(path: Path, actual: str) -> Path:
    """Fill in the row of S1: it is not as it is known."""
    book = openpyxl.load_workbook(path)
    page = book["Floors and elevators"]
    (row,) = [cells[0].row for cells in page.iter_rows(min_row=5) if cells[3].value == "Library"]
    for column, text in {"H": "Not true", "I": actual, "K": "Ana", "L": "2026-11-25"}.items():
        page[f"{column}{row}"] = text
    book.save(path)
    return path


def test_people_hang_on_a_floor_as_hand_solved(town: Path) -> None:
    """Nobody in a wheelchair reaches S1; were it reached, the 100 of B1 would be served. S2 serves 10 people."""
    frame = read_study(town / "town").survey().frame
    floors = frame[frame.kind == "floor"].set_index("subject").people
    assert floors.to_dict() == {"S1": 100.0, "S2": 10.0}
    assert (frame.kind == "floor").all()


def test_sheets_are_written_filled_in_and_taken_back(town: Path) -> None:
    done = walkshed("survey", "town")
    assert done.exit_code == 0, done.output
    assert "Floors and elevators: 2" in done.stdout
    path = town / "maps" / "town-survey" / "survey.xlsx"
    assert done.stdout.splitlines()[-1] == str(Path("maps") / "town-survey" / "survey.xlsx")
    assert [each.name for each in path.parent.iterdir()] == ["survey.xlsx"]
    assert walkshed("survey", "town").exit_code == 0
    assert sorted(each.name for each in path.parent.parent.iterdir()) == ["town-survey"]

    # what came back is in the next run, and verify names it
    assert walkshed("run", "town", "--out", "out", "--no-open").exit_code == 0
    done = walkshed("survey", "town", "--apply", filled(path, "floor=1"))
    assert done.exit_code == 0, done.output
    assert "1 answer taken, 0 known already, 1 row left blank" in done.stdout
    assert read_study("town").inputs.stations[0].floor == 1
    done = walkshed("verify", "out")
    assert done.exit_code == 1
    assert "input study.survey.json: is read now, and was not then" in done.stdout

    # once more changes nothing, and sheets that hold answers are not written over
    done = walkshed("survey", "town", "--apply", path)
    assert "0 answers taken, 1 known already, 1 row left blank" in done.stdout
    done = walkshed("survey", "town")
    assert done.exit_code == 1
    assert "holds answers" in done.stderr


def test_faults_are_told_in_words_and_nothing_is_written(town: Path) -> None:
    assert walkshed("survey", "town", "--out", "sheets").exit_code == 0
    done = walkshed("survey", "town", "--apply", filled(town / "sheets/survey.xlsx", "upstairs"))
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert "upstairs" in done.stderr
    assert not (town / "town" / "study.survey.json").exists()
    assert walkshed("survey", "town", "--apply", town / "none.xlsx").exit_code == 1
    assert walkshed("survey", "town", "--apply", "x.xlsx", "--out", "y").exit_code == 2
