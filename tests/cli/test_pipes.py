"""Output whose reader leaves early, as ``| head -1`` does: the work is done, and nothing is said about the pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD, BAD = (
    ROOT / "tests" / "inputs" / "good",
    ROOT / "tests" / "inputs" / "bad" / "study_broken_toml",
)


def left_alone(*arguments: str | Path, stream: str = "stdout") -> subprocess.CompletedProcess[str]:
    """Run a verb whose ``stream`` nobody reads any more."""
    read, write = os.pipe()
    os.close(read)
    other = "stderr" if stream == "stdout" else "stdout"
    script = f"import sys; from walkshed.cli import main; sys.argv[1:] = {[str(each) for each in arguments]!r}; main()"
    try:
        return subprocess.run(
            [sys.executable, "-c", script],
            text=True,
            check=False,
            **{stream: write, other: subprocess.PIPE},
        )
    finally:
        os.close(write)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--help",), 0),
        (("--version",), 0),
        (("check", GOOD), 0),
        (("check", "--json", GOOD), 0),
        (("check", "--json", BAD), 1),
        (("template", "DIR"), 0),
        (("run", GOOD, "--no-open", "--out", "DIR"), 0),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else str(value),
)
def test_verbs_end_as_if_somebody_read_on(
    arguments: tuple[str | Path, ...], code: int, tmp_path: Path
) -> None:
    done = left_alone(*(tmp_path / "out" if word == "DIR" else word for word in arguments))
    assert done.returncode == code
    # that a study has notes is said to whoever reads errors
    assert [line for line in done.stderr.splitlines() if "notes on how the files" not in line] == []
    assert ("DIR" in arguments) is (tmp_path / "out").is_dir()


def test_faults_that_nobody_reads_keep_their_code() -> None:
    done = left_alone("check", BAD, stream="stderr")
    assert (done.returncode, done.stdout) == (1, "")
