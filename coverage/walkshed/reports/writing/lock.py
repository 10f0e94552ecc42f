"""One writer at a time: runs that end together write into one folder one after the other.

The lock is the system's own, on an empty file in the folder: it binds whoever sees the folder, other
users and containers too, and ends with the process that holds it, so that a run that is killed leaves
nothing that binds. The file goes when the writer goes.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from walkshed.errors import OutputError
from walkshed.model.messages import Message
from walkshed.reports.writing.names import LOCK

#: Writing takes seconds; whoever holds a folder longer hangs.
WAIT_S = 120.0
_STEP_S = 0.02
#: How systems say that somebody else holds a lock.
_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK, getattr(errno, "EDEADLOCK", -1)})

if sys.platform == "win32":
    import msvcrt

    def _grip(descriptor: int) -> None:
        """Lock the first byte at once, or raise OSError."""
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _grip(descriptor: int) -> None:
        """Lock the file at once, or raise OSError."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone_in(folder: Path, *, wait_s: float = WAIT_S) -> Iterator[bool]:
    """Hold ``folder`` against other runs, and wait for one that writes there; yield whether the lock binds.

    The folder is made if need be, and goes again where nothing was written into it. A file system
    without locks binds nobody. Raises ``OutputError`` when the other run does not end, and OSError
    where the folder cannot be made or written to.
    """
    until = time.monotonic() + wait_s
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        descriptor, binds = _held(folder, until)
        try:
            yield binds
        finally:
            _let_go(descriptor, folder / LOCK)
    finally:
        for path in made:  # innermost first; not empty once the run is in place
            with suppress(OSError):
                path.rmdir()


def is_held(lock: Path) -> bool:
    """Return whether a living process holds a lock's file; a missing one is held by nobody."""
    try:
        descriptor = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        return _gripped(descriptor) is False
    finally:
        os.close(descriptor)


def _held(folder: Path, until: float) -> tuple[int, bool]:
    """Return the open lock of the folder, and whether it binds; wait for whoever holds it."""
    while True:
        descriptor = _opened(folder, until)
        try:
            gripped = _gripped(descriptor)
            # the file may have gone, and its folder been exchanged, while this run waited
            if gripped is None or (gripped and _is_at(descriptor, folder / LOCK)):
                return descriptor, gripped is not None
            if time.monotonic() > until:
                raise OutputError(
                    Message(
                        "{folder} is being written by another run of walkshed; wait for it to "
                        "end, or choose another folder with --out",
                        folder=folder,
                    )
                )
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        if not gripped:
            time.sleep(_STEP_S)


def _opened(folder: Path, until: float) -> int:
    """Return the lock's file, opened; the folder is made anew where another run has just taken it away."""
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)
    asked = 0  # where everybody may write, Linux lets nobody make what another user has made
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(folder / LOCK, flags | asked, 0o666)
        except FileNotFoundError:
            asked = os.O_CREAT - asked
            if time.monotonic() > until:
                raise
        except PermissionError:
            # Windows, while the last holder takes it away; or another user's
            if not (folder / LOCK).exists() or time.monotonic() > until:
                raise
            time.sleep(_STEP_S)
        else:
            # other users of the folder must be able to lock it as well
            with suppress(OSError):
                (folder / LOCK).chmod(0o666)
            return descriptor


def _gripped(descriptor: int) -> bool | None:
    """Return whether the file is locked now, by this call; None where the file system knows no locks."""
    try:
        _grip(descriptor)
    except OSError as error:
        return False if error.errno in _HELD else None
    return True


def _is_at(descriptor: int, place: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), place.stat())
    except OSError:
        return False


def _let_go(descriptor: int, place: Path) -> None:
    """Remove the lock's file, where it is still in the folder, and let the next run in."""
    if sys.platform != "win32" and _is_at(descriptor, place):
        with suppress(OSError):
            place.unlink()
    own = os.fstat(descriptor)
    os.close(descriptor)
    # Windows removes no open file; one that the next run has opened by now is the next run's to remove
    if sys.platform == "win32":
        with suppress(OSError):
            if os.path.samestat(own, place.stat()):
                place.unlink()
