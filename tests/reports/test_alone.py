"""Runs that end at the same moment: one after the other, whoever runs them, and the lock goes with them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reports.example import example
from reports.pairs import pairs
from walkshed.errors import OutputError
from walkshed.reports.write import write_run
from walkshed.reports.writing.lock import alone_in, is_held
from walkshed.reports.writing.names import LOCK


@pytest.mark.parametrize("exchanges", [True, False])
def test_runs_that_end_together_write_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, exchanges: bool
) -> None:
    if not exchanges:
        monkeypatch.setattr("walkshed.reports.writing.folders.exchange", lambda *_: False)
    folder = tmp_path / "town"
    pages = [f"page {number}".encode() for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for done in [
            pool.submit(write_run, example(), folder, extra_files={"index.html": page})
            for page in pages
        ]:
            done.result()
    assert (folder / "index.html").read_bytes() in pages
    assert [path.name for path in tmp_path.iterdir()] == ["town"]
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_pairs_of_processes_share_nothing_but_the_folder(tmp_path: Path) -> None:
    """Two folders for temporary files, as two users and two containers have."""
    assert pairs(tmp_path / "maps" / "town", tmp_path / "temporary", 3) == []


def test_a_run_that_hangs_is_named(tmp_path: Path) -> None:
    with alone_in(tmp_path):
        assert is_held(tmp_path / LOCK)
        with alone_in(tmp_path / "another"):
            pass
        with (
            pytest.raises(OutputError, match="is being written by another run of walkshed; wait"),
            alone_in(tmp_path / "x" / "..", wait_s=0.1),
        ):
            pass
    with alone_in(tmp_path, wait_s=0.1):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_of_a_dead_process_binds_nobody(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_bytes(b"")
    with alone_in(tmp_path, wait_s=0.1) as binds:
        assert binds
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_nothing_was_written_into_goes_again(tmp_path: Path) -> None:
    with alone_in(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b" / LOCK).exists()
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_locks_binds_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(_descriptor: int) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("walkshed.reports.writing.lock._grip", no_locks)
    with alone_in(tmp_path) as outer, alone_in(tmp_path, wait_s=0.1) as inner:
        assert (outer, inner) == (False, False)
    write_run(example(), tmp_path / "town", extra_files={"index.html": b"new"})
    assert (tmp_path / "town" / "index.html").read_bytes() == b"new"
