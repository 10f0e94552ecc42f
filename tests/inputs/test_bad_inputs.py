"""Every bad input is a folder: what differs from the good study, and the messages that a planner gets."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from walkshed.errors import Fault, InputFaultsError
from walkshed.inputs import read_inputs

HERE = Path(__file__).parent
BAD = sorted(path.parent for path in HERE.glob("bad/*/expected.txt"))


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.name)
def test_every_fault_is_told(case: Path, tmp_path: Path) -> None:
    shutil.copytree(HERE / "good", tmp_path, dirs_exist_ok=True)
    shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(tmp_path)
    told = [str(fault) for fault in caught.value.faults]
    assert told == (case / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert all("\n" not in line and str(tmp_path) not in line for line in told)


def test_there_are_bad_inputs() -> None:
    assert len(BAD) > 60


def test_a_folder_without_a_study_is_a_fault(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere", tmp_path / "study.toml", tmp_path / "a\0b"):
        with pytest.raises(InputFaultsError, match=r"study\.toml"):
            read_inputs(path)


def test_study_toml_may_not_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "study.toml").mkdir()
    with pytest.raises(InputFaultsError, match="is a folder, not a file"):
        read_inputs(tmp_path)


def test_faults_say_file_row_column_value_and_cure() -> None:
    fault = Fault(
        "stations.csv",
        "is not a valid tier",
        "did you mean 'hub'?",
        row=7,
        column="tier",
        value="hubb",
    )
    assert (
        str(fault)
        == "stations.csv, row 7, column 'tier': 'hubb' is not a valid tier; did you mean 'hub'?"
    )
    feature = Fault(
        "b.geojson", "is missing", "draw it", row=2, column="geometry", counted="feature"
    )
    assert str(feature) == "b.geojson, feature 2, column 'geometry': is missing; draw it"


def test_a_file_held_open_by_another_program_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(HERE / "good", tmp_path, dirs_exist_ok=True)
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "stations.csv":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(
        InputFaultsError, match=r"stations\.csv: cannot be read \(Permission denied\); close it in"
    ):
        read_inputs(tmp_path)


def test_a_truncated_extract_is_left_to_the_room_that_reads_it(tmp_path: Path) -> None:
    shutil.copytree(HERE / "good", tmp_path, dirs_exist_ok=True)
    (tmp_path / "town.osm").write_bytes(b"<osm><bounds minlat='x'")
    assert read_inputs(tmp_path).settings.streets.path.name == "town.osm"
