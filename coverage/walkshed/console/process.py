"""The process of a command: its streams, its signals, and how it ends when it is told to."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
import threading
import time
from typing import Any, TextIO

#: How systems say that the reader of a pipe has left; Windows says EINVAL.
_CLOSED_PIPE = frozenset(
    {errno.EPIPE, errno.ESHUTDOWN, *((errno.EINVAL,) if sys.platform == "win32" else ())}
)
#: Seconds that a command has to end by itself once it is told to.
_LAST_CALL_S = 3.0


class _UntilClosed:
    """A stream whose reader may leave (``| head``): what comes after that is dropped, and the work goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the stream has)
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write as the stream does; nothing where nobody reads any more."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._drop(error)
            return len(text)

    def flush(self) -> None:
        """Flush as the stream does; nothing where nobody reads any more."""
        try:
            self._stream.flush()
        except OSError as error:
            self._drop(error)

    def _drop(self, error: OSError) -> None:
        """Send what is still held and all that follows nowhere; raise what is not a closed pipe."""
        if error.errno not in _CLOSED_PIPE:
            raise error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


def outlive_readers() -> None:
    """Let verbs end as they would, with their exit code, where a reader of their output has left: ``| head -1``."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None:
            setattr(sys, name, _UntilClosed(stream))


def speak_utf8() -> None:
    """Begin anew in Python's UTF-8 mode where the locale (C, POSIX) knows no letters but ASCII, so that paths do."""
    if sys.getfilesystemencoding() == "ascii":
        # the program that is started is this one
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606


def seldom_look_for_litter() -> None:
    """Let Python look for objects that hold each other, and that nobody else holds, a hundred times less often.

    A run makes a million small objects (outlines, cells, texts) that live until it ends, and hardly
    any of the others: to look through all of them again and again takes a tenth of its time.
    """
    gc.set_threshold(100_000, 50, 100)


def leave_when_told() -> None:
    """End soon after SIGTERM: as an error does, so that nothing half written stays behind, and else at once.

    Python hears a signal between two of its own steps. Where a library is in a long one, a thread
    that waits beside it ends the process; folders are whole at every moment, and the next run clears
    away what was being built.
    """
    signal.signal(signal.SIGTERM, _leave)
    if sys.platform == "win32":
        return
    heard, tells = os.pipe()
    os.set_blocking(tells, False)
    signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
    threading.Thread(target=_end_late, args=(heard,), name="last call", daemon=True).start()


def _leave(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _end_late(heard: int) -> None:
    """Wait for SIGTERM, and end the process where it has not ended some seconds after."""
    while signal.SIGTERM not in os.read(heard, 1):
        pass
    time.sleep(_LAST_CALL_S)
    os._exit(128 + signal.SIGTERM)


def may_open_browser() -> bool:
    """Return whether somebody sits before a screen: a terminal, no CI, and a display where the system needs one."""
    if os.environ.get("CI") or not sys.stdout.isatty():
        return False
    needs_display = sys.platform not in {"win32", "darwin", "cygwin"}
    return not needs_display or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
