"""A machine that refuses: full disks, pipes for files, files held or unreadable, old locales, a call to end."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.test_init import extract, grid_town
from study.test_geocode import TABLE, TOWN
from walkshed.cli import app
from walkshed.console.console import Console
from walkshed.console.faults import faults_told
from walkshed.osm import read_streets

GOOD = Path(__file__).parents[1] / "inputs" / "good"
GUCHENG = Path(__file__).parents[2] / "data" / "gucheng"
WRITE = Path.write_bytes
CLOSE = '[scenario]\nname = "x"\n[[close]]\nstation = "C1"\n'


def walkshed(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study without coordinates, its older places, an older run, an older comparison, and a scenario."""
    folder = tmp_path / "我的 study"
    shutil.copytree(GOOD, folder)
    (folder / "town.osm").write_text(TOWN, encoding="utf-8")
    (folder / "stations.csv").write_text(TABLE, encoding="utf-8")
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text.replace('file = "stations.csv"', 'file = "stations.csv"\nunplaced = "leave_out"')
    (folder / "study.toml").write_text(text, encoding="utf-8")
    (tmp_path / "x.toml").write_text(CLOSE, encoding="utf-8")
    extract(tmp_path, grid_town())
    for verb in VERBS:
        if verb != "init":
            assert walkshed(*arguments(verb, tmp_path)).exit_code == 0
    return folder


VERBS = ("geocode", "run", "compare", "init")


def arguments(verb: str, root: Path) -> list[str | Path]:
    study = root / "我的 study"
    return {
        "geocode": ["geocode", study, "--no-cache"],
        "run": ["run", study, "--no-open", "--out", root / "run"],
        "compare": ["compare", study, root / "x.toml", "--out", root / "compared"],
        "init": ["init", root / "大场 town.osm", root / "new"],
    }[verb]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "free the disk or choose another"),
        (errno.EACCES, "close it in other programs"),
    ],
    ids=["full", "held"],
)
def test_a_disk_that_is_full_or_files_that_are_held_cost_nothing(
    study: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: str
) -> None:
    root = study.parent
    before = contents(root)
    for verb in VERBS:
        for good in (0, 2):
            left = [good]

            def fill(path: Path, content: bytes, left: list[int] = left) -> int:
                if left[0]:
                    left[0] -= 1
                    return WRITE(path, content)
                WRITE(path, content[: len(content) // 2])
                raise OSError(number, os.strerror(number), str(path))

            with monkeypatch.context() as full:
                full.setattr(Path, "write_bytes", fill)
                done = walkshed(*arguments(verb, root))
            if verb == "compare" and good:
                assert done.exit_code == 0  # it writes one table
            else:
                assert done.exit_code == 1, (verb, done.output)
                assert told in done.stderr or "take off the write protection" in done.stderr
                assert contents(root) == before, verb


def test_a_full_folder_for_temporary_files_is_told_where_a_town_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Osmium would end the whole process."""
    source, real = extract(tmp_path, grid_town()), Path.open
    lat, lon = re.findall(r'l[ao][tn]="([0-9.]+)"', source.read_text(encoding="utf-8"))[-2:]

    def fill(path: Path, mode: str = "r", *rest: object, **options: object) -> object:
        if path.name == "town.osm.pbf" and mode == "wb":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, mode, *rest, **options)

    monkeypatch.setattr(Path, "open", fill)
    done = walkshed("init", source, tmp_path / "new", "--around", f"{lon},{lat},2")
    assert done.exit_code == 1
    assert "town.osm.pbf: No space left on device; free the disk" in done.stderr
    assert not (tmp_path / "new").exists()


def odd(kind: str, path: Path) -> None:
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such files")
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_pipes_and_devices_are_no_files(tmp_path: Path, kind: str) -> None:
    for name in ("study.toml", "stations.csv", "blocks.geojson", "town.osm"):
        folder = tmp_path / f"study without {Path(name).stem}"
        shutil.copytree(GOOD, folder)
        odd(kind, folder / name)
        for verb in ("check", "geocode"):
            if (verb, name) == ("geocode", "blocks.geojson"):
                continue
            done = walkshed(verb, folder)
            assert done.exit_code == 1
            assert "is a pipe or a device, not a file; " in done.output
    names = [f"odd.{ending}" for ending in ("osm.pbf", "poly", "geojson", "csv", "toml")]
    for name in names:
        odd(kind, tmp_path / name)
    pbf, poly, drawn, table, toml = (tmp_path / name for name in names)
    new, town = tmp_path / "new", GOOD / "town.osm"
    for line in (
        ("init", pbf, new),
        ("init", pbf, new, "--around", "116.64,23.66,1"),
        ("init", town, new, "--clip", poly),
        ("init", town, new, "--clip", drawn),
        ("init", town, new, "--people", table),
        ("run", GOOD, "--scenario", toml, "--out", new),
        ("compare", GOOD, toml, "--out", new),
        ("run", toml, "--out", new),
    ):
        done = walkshed(*line)
        assert done.exit_code == 1, line
        assert "is a pipe or a device, not a file; " in done.output, line
    assert not new.exists()
    with pytest.raises(OSError, match="is a pipe or a device"):
        read_streets(pbf)


def test_a_file_that_may_not_be_read_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "stations.csv":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    done = walkshed("run", GOOD, "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "stations.csv: cannot be read (Permission denied); close it" in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells paths in UTF-16")
@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_chinese_paths_in_a_locale_without_letters(tmp_path: Path, locale: str) -> None:
    shutil.copytree(GOOD, tmp_path / "古城")
    environment = os.environ | {
        "LC_ALL": locale,
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    }
    command = [sys.executable, "-m", "walkshed.cli", "run", "古城", "--no-open", "--out", "地图"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "地图" / "run.json").is_file()
    assert {os.fsencode(path.name) for path in tmp_path.iterdir()} == {
        name.encode() for name in ("古城", "地图")
    }


def test_a_name_in_no_encoding_is_told(tmp_path: Path) -> None:
    source = extract(tmp_path, grid_town())
    done = walkshed("init", source, tmp_path / "new", "--name", "\udcb9")
    assert done.exit_code == 1
    assert (
        r"name = '\udcb9': holds characters that cannot be printed; write it again" in done.stderr
    )
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without asking them")
@pytest.mark.parametrize("after_s", [0.4, 1.5, 3.0])
def test_a_call_to_end_is_heard_within_five_seconds(tmp_path: Path, after_s: float) -> None:
    command = [sys.executable, "-m", "walkshed.cli", "run", GUCHENG, "--no-open", "--out", "out"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as running:
        time.sleep(after_s)
        running.terminate()
        begun_s = time.monotonic()
        running.wait(60)
    assert time.monotonic() - begun_s < 5
    if running.returncode != 0:  # a fast machine was done
        assert running.returncode in (128 + signal.SIGTERM, -signal.SIGTERM)
        # nothing, or the whole run where it was told to end when that stood already
        assert not [path for path in tmp_path.iterdir() if not (path / "run.json").is_file()]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without asking them")
def test_a_call_to_end_is_heard_in_the_middle_of_a_long_step() -> None:
    """As a library that never comes back to Python in between: the handler is not run, and yet it ends."""
    script = (
        "import signal, time\nfrom walkshed.console import process as console\n"
        "console._LAST_CALL_S = 0.2\nconsole.leave_when_told()\n"
        "signal.signal(signal.SIGTERM, lambda *_: None)\nprint('ready', flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as running:
        assert running.stdout.readline() == b"ready\n"
        running.terminate()
        assert running.wait(10) == 128 + signal.SIGTERM


def test_a_call_to_end_that_an_import_wraps_is_heard_all_the_same() -> None:
    """Compiled libraries tell of whatever happens while they are imported as an error of the import."""
    wrapped = ImportError("initialization failed")
    wrapped.__cause__ = SystemExit(128 + signal.SIGTERM)
    with pytest.raises(SystemExit) as ended, faults_told(Console("en"), debug=False):
        raise wrapped
    assert ended.value.code == 128 + signal.SIGTERM
