"""``walkshed site``: what it asks, what it writes, what it says."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from walkshed import cli
from walkshed.cli import shipped_studies


def test_site_writes_proposals(tmp_path: Path) -> None:
    out = tmp_path / "推荐"
    arguments = [
        "site",
        str(shipped_studies()["gucheng"]),
        "--new",
        "1",
        "--services",
        "meals，repairs",
    ]
    told = CliRunner().invoke(cli.app, [*arguments, "--out", str(out), "--no-open"])
    assert told.exit_code == 0, told.output
    assert "新增1个站点" in told.output
    assert "已证明为最优" in told.output
    assert {"proposals.csv", "curve.csv", "unreachable.csv", "index.html"} <= {
        path.name for path in out.iterdir()
    }


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 1, "give --new N or --budget B"),
        (("--new", "0"), 2, "--new"),
        (("--new", "2", "--services", "dinner"), 1, "none of this study's"),
    ],
)
def test_site_says_what_it_needs(
    arguments: tuple[str, ...], code: int, words: str, tmp_path: Path
) -> None:
    study = str(shipped_studies()["gucheng"])
    told = CliRunner().invoke(
        cli.app, ["site", study, *arguments, "--out", str(tmp_path / "out"), "--no-open"]
    )
    assert told.exit_code == code
    assert words in " ".join(told.output.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(
    sys.platform == "win32", reason="no pseudo-terminal, and no SIGINT to one process, there"
)
def test_ctrl_c_gives_the_best_plan_so_far(tmp_path: Path) -> None:
    """The real process on a terminal: it tells the gap while it searches, and stops at Ctrl-C with what it has."""
    import pty

    out = tmp_path / "out"
    arguments = [
        "site",
        str(shipped_studies()["gucheng"]),
        # what takes tens of seconds to prove
        *("--new", "25", "--goal", "distance"),
        "--out",
        str(out),
        "--no-open",
    ]
    code = "from walkshed.cli import main; main()"
    screen, its_screen = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments, "--time-limit", "600"],
        stderr=its_screen,
        stdout=subprocess.PIPE,
    )
    os.close(its_screen)
    seen = b""
    try:
        while b"gap" not in seen:
            assert select.select([screen], [], [], 120)[0], seen
            seen += os.read(screen, 65536)
        process.send_signal(signal.SIGINT)
        threading.Thread(target=_drain, args=(screen,), daemon=True).start()
        told, _ = process.communicate(timeout=120)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, seen
    table = pd.read_csv(out / "proposals.csv", encoding="utf-8-sig")
    assert 1 <= len(table) <= 25
    assert set(table["status"]) == {"interrupted"}
    assert "新增" in told.decode("utf-8")


def _drain(screen: int) -> None:
    with contextlib.suppress(OSError):
        while os.read(screen, 65536):
            pass
