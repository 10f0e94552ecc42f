"""Files enter a folder one by one, where it cannot be exchanged as a whole; whatever stops that is healed.

A part is a folder in the one that is written: ``new`` holds what is to come. First the older files
go into the part, under ``older``; then ``new`` is called ``placing``, which decides; then its files
enter the folder. The folder never holds files of two runs, and the file that says that it is whole
(``run.json``) goes first and comes last. A process that dies before the decision is undone by the
next one, and after it, finished.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from walkshed.model.messages import Message
from walkshed.reports.writing.names import sealed_last

#: Virus scanners of Windows hold a new file for a moment; whoever holds it longer is named.
_PAUSES_S = (0.05, 0.2, 0.5) if sys.platform == "win32" else ()
NEW, OLDER, PLACING = "new", "older", "placing"


def move_in(part: Path, folder: Path, older: Sequence[str]) -> None:
    """Let the files of ``part`` enter ``folder`` in place of the ``older`` ones.

    Raises OSError when one of them cannot be moved: everything is as before then, but for the part.
    """
    (part / OLDER).mkdir()
    entering = [path.name for path in (part / NEW).iterdir()]
    try:
        for name in reversed(sealed_last(older)):
            _move(folder / name, part / OLDER / name)
        (part / NEW).rename(part / PLACING)
        _move_all(part / PLACING, folder)
    except BaseException as error:
        _undo(part, folder, entering, keep=error)
        raise


def finish(part: Path, folder: Path) -> None:
    """Finish or undo what a process left that died while it moved files. Raises OSError where that is not possible."""
    if is_unfinished(part):
        decided = (part / PLACING).is_dir()
        _move_all(part / (PLACING if decided else OLDER), folder)
    shutil.rmtree(part, ignore_errors=True)


def is_unfinished(part: Path) -> bool:
    """Return whether files of a part are still to be moved: into the folder, or back into it."""
    waiting = PLACING if (part / PLACING).is_dir() else OLDER
    begun = waiting == PLACING or (part / NEW).is_dir()
    return begun and (part / waiting).is_dir() and any((part / waiting).iterdir())


def _undo(part: Path, folder: Path, entered: Sequence[str], *, keep: BaseException) -> None:
    """Take out what has entered, put back what has left; a failure becomes a note on the first error."""
    try:
        if (part / PLACING).is_dir():
            for name in reversed(sealed_last(entered)):
                if not (part / PLACING / name).exists():
                    _move(folder / name, part / PLACING / name)
            (part / PLACING).rename(part / NEW)
        _move_all(part / OLDER, folder)
    except OSError as error:
        keep.add_note(
            Message("{folder} could not be put back: {error}", folder=folder, error=error)
        )


def _move_all(source: Path, folder: Path) -> None:
    for name in sealed_last([path.name for path in source.iterdir()]):
        _move(source / name, folder / name)


def _move(source: Path, target: Path) -> None:
    """Move a file to a place where there is none; whatever was put there since is never overwritten."""
    if target.exists():
        raise FileExistsError(
            errno.EEXIST, Message("the file was put there by another program"), str(target)
        )
    for pause_s in _PAUSES_S:
        try:
            os.rename(source, target)  # noqa: PTH104 (one word for what it does on every system)
        except PermissionError:
            time.sleep(pause_s)
        else:
            return
    os.rename(source, target)  # noqa: PTH104
