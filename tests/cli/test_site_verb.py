"""``walkshed site``: what it asks, what it writes, what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from walkshed import cli
from walkshed.cli import shipped_studies


def test_site_writes_proposals(tmp_path: Path) -> None:
    out = tmp_path / "推荐"
    arguments = ["site", str(shipped_studies()["gucheng"]), "--new", "1", "--services", "meals，repairs"]
    told = CliRunner().invoke(cli.app, [*arguments, "--out", str(out), "--no-open"])
    assert told.exit_code == 0, told.output
    assert "新增1个站点" in told.output
    assert "已证明为最优" in told.output
    assert {"proposals.csv", "curve.csv", "unreachable.csv", "index.html"} <= {path.name for path in out.iterdir()}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 1, "give --new N or --budget B"),
        (("--new", "0"), 2, "--new"),
        (("--new", "2", "--services", "dinner"), 1, "none of this study's"),
    ],
)
def test_site_says_what_it_needs(arguments: tuple[str, ...], code: int, words: str, tmp_path: Path) -> None:
    study = str(shipped_studies()["gucheng"])
    told = CliRunner().invoke(cli.app, ["site", study, *arguments, "--out", str(tmp_path / "out"), "--no-open"])
    assert told.exit_code == code
    assert words in " ".join(told.output.replace("│", " ").split())
    assert not (tmp_path / "out").exists()
