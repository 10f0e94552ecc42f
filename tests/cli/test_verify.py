"""A run repeated: the same wherever and whenever, or each cause of a difference named, with the figures that moved."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from small import table, write_study
from walkshed import cli
from walkshed.reports import provenance

STATIONS = table(
    "id,name,services", [("S1", 100, "Library", "books"), ("S2", 2000, "Desk", "books")]
)
BLOCKS = table(
    "id,people,kind", [("B1", 300, 100, "a"), ("B2", 900, 50, "a"), ("B3", 2200, 10, "a")]
)
SERVICES = '[[services]]\nid = "books"\nen = "Books"\nzh = "借书"\n'


def walkshed(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study that was run, below the working folder."""
    monkeypatch.chdir(tmp_path)
    write_study(tmp_path / "town", stations=STATIONS, blocks=BLOCKS, toml=SERVICES)
    done = walkshed("run", "town", "--out", "out/run", "--report", "--no-open")
    assert done.exit_code == 0, done.output
    return tmp_path


def test_a_run_repeats_to_the_byte_and_nothing_is_written(town: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(town.rglob("*")) if path.is_file()}
    done = walkshed("verify", "out/run")
    files = json.loads((town / "out/run/run.json").read_bytes())["files"]
    assert done.exit_code == 0, done.output
    assert done.stdout == f"the same: {len(files)} files, byte by byte\n"
    assert {path: path.read_bytes() for path in sorted(town.rglob("*")) if path.is_file()} == before


def test_another_place_clock_language_and_hash_do_not_matter(town: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "移到 别处"
    shutil.copytree(town / "town", elsewhere / "town")
    shutil.copytree(town / "out", elsewhere / "deep" / "out")
    environment = os.environ | {
        "TZ": "Asia/Shanghai",
        "LC_ALL": "zh_CN.UTF-8",
        "PYTHONHASHSEED": "7",
        "NUMBA_NUM_THREADS": "1",
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from walkshed.cli import main; main()",
            "verify",
            "deep/out/run",
            "town",
        ],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("the same:")


def test_a_changed_cell_is_named_with_what_it_moves(town: Path) -> None:
    file = town / "town" / "blocks.csv"
    file.write_text(file.read_text().replace(",100,a", ",130,a"))
    done = walkshed("verify", "out/run")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("it differs;")
    assert any("input blocks.csv: its content is another" in line for line in lines)
    assert "  figure people: 160 → 190" in lines
    assert "  figure services.books.people_served: 110 → 140" in lines
    assert "  coverage.csv: 1 of 3 rows differs" in lines
    assert "    B1: people: 100 → 130" in lines
    assert not any("setting" in line for line in lines)


def test_a_changed_setting_is_named(town: Path) -> None:
    needs = town / "town" / "needs.toml"
    needs.write_text(needs.read_text().replace("limit = 500", "limit = 900"))
    lines = walkshed("verify", "out/run").stdout.splitlines()
    assert "  setting needs[1].limit: 500.0 → 900.0" in lines
    assert "  figure services.books.people_left_out: 50 → 0" in lines
    assert "    B2: people_served: 0 → 50" in lines


def test_another_version_is_named_and_does_no_harm(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provenance.np, "__version__", "99.0")
    done = walkshed("verify", "out/run")
    assert done.exit_code == 0
    told = json.loads((town / "out/run/run.json").read_bytes())["versions"]
    assert f"  version of numpy: {told['numpy']} → 99.0" in done.stdout.splitlines()
    assert set(told) == {"walkshed", "python", "numpy", "shapely", "geos", "pyproj", "proj"}


def test_a_file_that_was_changed_since_is_told_apart(town: Path) -> None:
    with (town / "out/run/coverage.csv").open("a") as file:
        file.write("B9,typed by hand\n")
    (town / "out/run/matrix.csv").unlink()
    done = walkshed("verify", "out/run")
    assert done.exit_code == 1
    assert [line for line in done.stdout.splitlines() if "since the run wrote it" in line] == [
        "  coverage.csv: changed or gone since the run wrote it",
        "  matrix.csv: changed or gone since the run wrote it",
    ]
    assert "rows differ" not in done.stdout


def test_documents_are_compared_without_the_pixels_of_their_pictures(town: Path) -> None:
    """Another machine has other fonts; the text and what pictures show must be the same."""
    report, facts = town / "out/run/report.docx", town / "out/run/run.json"
    other = io.BytesIO()
    with zipfile.ZipFile(report) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content + b"\0" if name.startswith("word/media/") else content)
    told = json.loads(facts.read_bytes())
    told["files"]["report.docx"] = hashlib.sha256(other.getvalue()).hexdigest()
    facts.write_text(json.dumps(told))
    report.write_bytes(other.getvalue())
    assert walkshed("verify", "out/run").exit_code == 0


@pytest.mark.parametrize("named", [(), ("town",)])
def test_of_several_studies_in_a_folder_the_one_that_was_run_is_repeated(
    town: Path, named: tuple[str, ...]
) -> None:
    """Both read the same tables; only the run's own study.toml may judge them anew."""
    text = (town / "town" / "study.toml").read_text(encoding="utf-8")
    other = text.replace("Long Street", "Long Street at night")
    (town / "town" / "night.toml").write_text(other, encoding="utf-8")
    done = walkshed("run", "town/night.toml", "--out", "out/night", "--no-open")
    assert done.exit_code == 0, done.output
    assert json.loads((town / "out/night/run.json").read_bytes())["study_file"] == "night.toml"
    assert walkshed("verify", "out/night", *named).exit_code == 0
    assert walkshed("verify", "out/run", *named).exit_code == 0


def test_a_scenario_and_a_public_run_are_repeated_as_they_were(town: Path) -> None:
    closed = town / "town" / "closed.toml"
    closed.write_text('[scenario]\nname = "without the desk"\n[[close]]\nstation = "S2"\n')
    walkshed("run", "town", "--scenario", closed, "--out", "out/closed", "--no-open")
    walkshed("run", "town", "--public", "--out", "out/public", "--no-open")
    assert walkshed("verify", "out/closed").exit_code == 0
    assert "study" not in json.loads((town / "out/public/timing.json").read_bytes())
    assert walkshed("verify", "out/public", "town").exit_code == 0

    closed.rename(town / "closed.toml")
    done = walkshed("verify", "out/closed")
    assert done.exit_code == 1
    assert "--scenario FILE" in done.output
    assert walkshed("verify", "out/closed", "--scenario", "closed.toml").exit_code == 0


@pytest.mark.parametrize(
    ("path", "cure"),
    [
        ("nowhere", "holds no run.json"),
        ("town", "holds no run.json"),
        ("out/moved", "name the study"),
    ],
)
def test_what_cannot_be_repeated_is_told_with_its_cure(town: Path, path: str, cure: str) -> None:
    (town / "out/run").rename(town / "out/moved")
    shutil.move(town / "town", town / "away")
    done = walkshed("verify", path)
    assert done.exit_code == 1
    assert cure in " ".join(done.output.split())
