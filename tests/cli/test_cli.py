"""The verbs: exit codes, where words go, and that no traceback reaches a planner."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import webbrowser
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from walkshed import cli
from walkshed.console import console
from walkshed.console.process import may_open_browser
from walkshed.errors import OutputError, OutsideServiceError
from walkshed.verbs import running

GOOD = Path(__file__).parents[1] / "inputs" / "good"
HEAVY = (
    "pandas",
    "geopandas",
    "numba",
    "shapely",
    "osmnx",
    "networkx",
    "numpy",
    "scipy",
    "folium",
    "osmium",
    "pydantic",
)


def walkshed(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@dataclass
class FakeStudy:
    """Stands for a study whose run takes no time; remembers where it was written."""

    folder: Path
    written: list[Path] = field(default_factory=list)
    asked: list[set[str]] = field(default_factory=list)

    @property
    def inputs(self) -> SimpleNamespace:
        settings = SimpleNamespace(map_tiles="none")
        return SimpleNamespace(folder=self.folder, settings=settings, notes=(), report=())

    def run(self, *, progress: object, cache: bool) -> FakeStudy:  # noqa: ARG002
        assert callable(progress)
        progress("streets")
        return self

    def write(self, folder: Path, **asked: bool) -> Path:
        self.written.append(folder)
        self.asked.append({name for name, wanted in asked.items() if wanted})
        return folder / "index.html"

    def summary_lines(self) -> list[str]:
        return [f"answer of {self.folder.name}"]


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, FakeStudy]:
    """Replace the reading of studies; return what was read, by the name of its folder."""
    read: dict[str, FakeStudy] = {}

    def fake(folder: Path, **_tell: object) -> FakeStudy:
        return read.setdefault(folder.name, FakeStudy(folder))

    monkeypatch.setattr(running, "read_study", fake)
    monkeypatch.setattr(
        cli, "shipped_studies", lambda: {n: tmp_path / n for n in ("gucheng", "helsinki", "monaco")}
    )
    monkeypatch.chdir(tmp_path)
    return read


def speak(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", language)


def test_help_imports_nothing_heavy() -> None:
    script = f"import sys, walkshed.cli; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_help_names_the_verbs() -> None:
    told = walkshed("--help")
    assert told.exit_code == 0
    assert all(verb in told.stdout for verb in ("demo", "check", "run"))


def test_version() -> None:
    told = walkshed("--version")
    assert (told.exit_code, told.stdout.split()[0]) == (0, "walkshed")


def test_check_of_a_sound_study() -> None:
    told = walkshed("check", GOOD)
    assert told.exit_code == 0
    assert "1 center, 1 hub, 1 micro" in told.stdout
    assert "420 people" in told.stdout
    assert "note: stations.csv: 1 of 3 stations off the ground floor" in told.stdout
    assert told.stdout.rstrip().endswith("no fault")


def test_check_reads_the_streets_too(tmp_path: Path) -> None:
    folder = tmp_path / "断的 study"
    shutil.copytree(GOOD, folder)
    (town,) = folder.glob("*.osm*")
    town.write_bytes(town.read_bytes()[:-40])  # a download that broke off
    told = walkshed("check", folder)
    assert told.exit_code == 1
    assert "no fault" not in told.stdout
    assert "damaged or cut short" in told.stderr
    (fault,) = json.loads(walkshed("check", "--json", folder).stdout)["faults"]
    assert fault["file"] == town.name
    assert fault["fact"].startswith("cannot be read as OpenStreetMap data")
    assert fault["cure"] == "download or export it again, the copy is damaged or cut short"


@pytest.mark.parametrize("verb", ["check", "run"])
def test_faults_go_to_stderr_a_line_each(verb: str, tmp_path: Path) -> None:
    folder = tmp_path / "坏的 study"
    shutil.copytree(GOOD, folder)
    shutil.copytree(GOOD.parent / "bad" / "stations_all_at_once", folder, dirs_exist_ok=True)
    told = walkshed(verb, folder)
    expected = (folder / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert told.exit_code == 1
    assert told.stdout == ""
    assert told.stderr.splitlines() == [*expected, f"{len(expected)} faults"]


def test_names_may_look_like_markup(tmp_path: Path) -> None:
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    toml = (
        (GOOD / "study.toml")
        .read_text(encoding="utf-8")
        .replace("Three corners", "[red]<script>[/blue]")
    )
    (tmp_path / "study.toml").write_text(toml, encoding="utf-8")
    told = walkshed("check", tmp_path)
    assert told.exit_code == 0
    assert "[red]<script>[/blue]" in told.stdout


@pytest.mark.parametrize(
    "arguments", [["check"], ["chek", "x"], ["run", "x", "--outt", "y"], ["demo", "x", "--all"]]
)
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    assert walkshed(*arguments).exit_code == 2


def test_an_unknown_demo_names_those_that_exist(fakes: dict[str, FakeStudy]) -> None:
    told = walkshed("demo", "paris")
    assert told.exit_code == 2
    assert "gucheng, helsinki, monaco" in " ".join(told.stderr.split())
    assert fakes == {}


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (
            OutsideServiceError("Overpass did not answer;\n try again"),
            3,
            "walkshed: Overpass did not answer; try again\n",
        ),
        (
            OutputError("maps/x is not a folder; choose another"),
            1,
            "walkshed: maps/x is not a folder; choose another\n",
        ),
        (
            ZeroDivisionError("division by zero"),
            70,
            (
                "walkshed: a program error, ZeroDivisionError: division by zero; "
                "please report it with the traceback that 'walkshed --debug …' shows\n"
            ),
        ),
    ],
)
def test_errors_become_a_line_and_a_code(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, line: str
) -> None:
    def fail(_folder: Path, **_tell: object) -> None:
        raise error

    monkeypatch.setattr(running, "read_study", fail)
    told = walkshed("run", "x")
    assert (told.exit_code, told.stderr) == (code, line)


def test_debug_keeps_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_folder: Path, **_tell: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(running, "read_study", fail)
    assert isinstance(walkshed("--debug", "run", "x").exception, ZeroDivisionError)


def test_run_writes_into_maps_by_default(fakes: dict[str, FakeStudy]) -> None:
    told = walkshed("run", "towns/我的 town")
    assert told.exit_code == 0
    assert fakes["我的 town"].written == [Path("maps") / "我的 town"]
    assert told.stdout.splitlines() == [
        "answer of 我的 town",
        str(Path("maps") / "我的 town" / "index.html"),
    ]
    assert told.stderr == ""


def test_run_writes_where_it_is_told(fakes: dict[str, FakeStudy], tmp_path: Path) -> None:
    assert walkshed("run", "town", "--out", tmp_path / "out").exit_code == 0
    assert fakes["town"].written == [tmp_path / "out"]


def test_a_public_run_has_a_folder_of_its_own(fakes: dict[str, FakeStudy]) -> None:
    assert walkshed("run", "studies/gucheng", "--public", "--no-open").exit_code == 0
    (study,) = [fake for fake in fakes.values() if fake.written]
    assert study.written == [Path("maps") / "gucheng-public"]
    assert study.asked == [{"public", "say"}]


def test_no_browser_no_print_and_no_run(
    fakes: dict[str, FakeStudy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WALKSHED_BROWSER", "no-such-browser")
    found = walkshed("run", "studies/gucheng", "--pdf", "--no-open")
    assert found.exit_code == 1
    assert "WALKSHED_BROWSER = 'no-such-browser' is not a program" in found.stderr
    assert not any(fake.written for fake in fakes.values())


def test_strangers_files_are_refused_before_the_run(
    fakes: dict[str, FakeStudy], tmp_path: Path
) -> None:
    (tmp_path / "thesis.docx").write_text("mine", encoding="utf-8")
    told = walkshed("run", "town", "--out", tmp_path)
    assert told.exit_code == 1
    assert told.stderr.startswith("walkshed: ")
    assert fakes["town"].written == []


@pytest.mark.parametrize(
    ("language", "name"),
    [("zh_CN.UTF-8", "gucheng"), ("fi_FI.UTF-8", "monaco"), ("C", "monaco")],
)
def test_demo_speaks_the_language_of_the_place(
    fakes: dict[str, FakeStudy], monkeypatch: pytest.MonkeyPatch, language: str, name: str
) -> None:
    speak(monkeypatch, language)
    assert walkshed("demo").exit_code == 0
    assert list(fakes) == [name]
    assert fakes[name].written == [Path("maps") / name]


def test_demo_all_runs_two_and_opens_one(
    fakes: dict[str, FakeStudy], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(console, "may_open_browser", lambda: True)
    speak(monkeypatch, "zh_CN.UTF-8")
    assert walkshed("demo", "--all", "--out", "out").exit_code == 0
    assert [study.written for study in fakes.values()] == [
        [Path("out/gucheng")],
        [Path("out/monaco")],
    ]
    assert len(opened) == 1
    assert opened[0].startswith("file://")
    assert opened[0].endswith("out/gucheng/index.html")
    assert walkshed("demo", "--no-open").exit_code == 0
    assert len(opened) == 1


def test_a_browser_opens_only_before_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("CI", raising=False)
    assert may_open_browser()
    monkeypatch.setenv("CI", "true")
    assert not may_open_browser()
    monkeypatch.delenv("CI")
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not may_open_browser()


def test_a_console_without_chinese_gets_question_marks(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(GOOD, folder)
    toml = (GOOD / "study.toml").read_text(encoding="utf-8").replace("Three corners", "示例古城")
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "walkshed.cli", "check", str(folder)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"????" in done.stdout


def spoil_extract(folder: Path, content: bytes) -> None:
    shutil.copytree(GOOD, folder)
    (folder / "town.osm").write_bytes(content)


HALF = (GOOD / "town.osm").read_bytes()[:200]
MOTORWAY = (GOOD / "town.osm").read_bytes().replace(b"residential", b"motorway")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "town.osm: is empty; give an extract as .osm.pbf, .osm, .osm.gz or .osm.bz2"),
        (HALF, "town.osm: cannot be read as OpenStreetMap data"),
        (b"<html>502 Bad Gateway</html>", "town.osm: cannot be read as OpenStreetMap data"),
        (MOTORWAY, "town.osm: holds no walkable way"),
    ],
    ids=["empty", "cut short", "a page of an error", "no walkable way"],
)
def test_check_reads_the_streets_as_a_run_does(tmp_path: Path, content: bytes, fault: str) -> None:
    folder = tmp_path / "study"
    spoil_extract(folder, content)
    told = walkshed("check", folder)
    assert (told.exit_code, told.stdout) == (1, "")
    first, last = told.stderr.splitlines()
    assert first.startswith(fault)
    assert last == "1 fault"
    assert walkshed("run", folder, "--out", tmp_path / "out").exit_code == 1
    assert not (tmp_path / "out").exists()


def test_faults_of_the_streets_stand_beside_those_of_the_tables(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    spoil_extract(folder, b"")
    (folder / "stations.csv").write_text(
        "id,name,lon,lat,services\nA,A,116.64,23.66,meels\n", encoding="utf-8"
    )
    told = walkshed("check", folder, "--json")
    assert told.exit_code == 1
    assert [fault["file"] for fault in json.loads(told.stdout)["faults"]] == [
        "stations.csv",
        "town.osm",
    ]


def test_the_people_of_check_are_those_of_the_tables(tmp_path: Path) -> None:
    """Definition 8: each row is rounded, and totals sum printed rows: 0.5 + 0.5 people are 2."""
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    blocks = (tmp_path / "blocks.geojson").read_text(encoding="utf-8")
    blocks = blocks.replace('"people": 120', '"people": 120.5').replace(
        '"people": 300', '"people": 300.5'
    )
    (tmp_path / "blocks.geojson").write_text(blocks, encoding="utf-8")
    assert "422 people" in walkshed("check", tmp_path).stdout


def test_what_the_machine_refuses_is_no_program_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_folder: Path, **_tell: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "maps/x")

    monkeypatch.setattr(running, "read_study", fail)
    told = walkshed("run", "x")
    assert (told.exit_code, told.stderr) == (
        1,
        "walkshed: maps/x: No space left on device; free the disk, and run again\n",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without a word to it")
def test_a_run_that_is_told_to_stop_leaves_nothing(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys, walkshed.reports.write as write\n"
        "from walkshed.cli import main\n"
        "write.provenance = lambda *_: os.kill(os.getpid(), signal.SIGTERM)\n"
        f"sys.argv = ['walkshed', 'run', {str(GOOD)!r}, '--out', {str(tmp_path / 'out')!r}, '--no-open']\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 128 + signal.SIGTERM
    told = rf"walkshed: \d notes on how the files are read;  walkshed check {re.escape(str(GOOD))}  shows them\n"
    assert re.fullmatch(told, done.stderr)
    assert not (tmp_path / "out").exists()
