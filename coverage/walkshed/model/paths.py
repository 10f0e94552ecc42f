"""Paths that callers hand in."""

from __future__ import annotations

import os
from pathlib import Path

from walkshed.errors import InvalidValueError, shorten
from walkshed.model.messages import Message

#: Why a path cannot be read as a file: what it is instead.
FOLDER, STREAM = "is a folder, not a file", "is a pipe or a device, not a file"


def is_stream(path: Path) -> bool:
    """Return whether a path is a pipe, a device or a socket.

    Reading one never ends, or works only once.
    """
    return path.exists() and not path.is_file() and not path.is_dir()


def why_no_file(path: Path) -> str:
    """Return in words why a path cannot be read as a file; no words for a file."""
    if not path.exists():
        return "there is no such file"
    if path.is_dir():
        return FOLDER
    if is_stream(path):
        return STREAM
    return ""


def path_of(value: object, *, like: str) -> Path:
    """Return the path that a caller gave, a ``str`` or ``Path``; ``like`` shows in the message what to write.

    Raises ``InvalidValueError`` for anything else.
    """
    if isinstance(value, str | os.PathLike):
        path = os.fspath(value)
        if isinstance(path, str):
            return Path(path)
    raise InvalidValueError(
        Message(
            "{value} is no path; give a str or a Path, such as {like!r}",
            value=shorten(repr(value)),
            like=like,
        )
    )
