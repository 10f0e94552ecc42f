"""One writer at a time: runs that end together on one machine write into one folder one after the other."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from walkshed.errors import OutputError

#: Writing takes seconds; whoever holds a folder longer hangs.
WAIT_S = 120.0


@contextmanager
def alone_in(folder: Path, *, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold ``folder`` against other runs on this machine; wait for one that writes there.

    The lock is SQLite's, on an empty file in the folder for temporary files: it works alike on
    every system, and ends with the process that holds it, so that a run that is killed leaves
    nothing to be cleared away. Where no such file can be had, runs are not kept apart. Raises
    ``OutputError`` when the other run does not end.
    """
    name = hashlib.sha256(
        os.path.normcase(folder.resolve()).encode("utf-8", "surrogatepass")
    ).hexdigest()[:24]
    place = Path(tempfile.gettempdir()) / f"walkshed-{name}.lock"
    try:
        lock = sqlite3.connect(place, timeout=wait_s, isolation_level=None)
    except sqlite3.Error:
        yield
        return
    with closing(lock):
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if "locked" in str(error):
                raise OutputError(
                    f"{folder} is being written by another run of walkshed; wait for it to end, "
                    "or choose another folder with --out"
                ) from None
        yield
