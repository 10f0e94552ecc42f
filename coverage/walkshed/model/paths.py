"""Paths that callers hand in."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

from walkshed.errors import InvalidValueError, shorten
from walkshed.model.messages import Message

#: Why a path cannot be read as a file: what it is instead.
FOLDER, STREAM = Message("is a folder, not a file"), Message("is a pipe or a device, not a file")

#: What the system says where it refuses a file.
_REFUSALS = {
    errno.EACCES: Message("Permission denied"),
    errno.EPERM: Message("Operation not permitted"),
    errno.ENOENT: Message("No such file or directory"),
    errno.EISDIR: Message("Is a directory"),
    errno.ENOTDIR: Message("Not a directory"),
    errno.ENAMETOOLONG: Message("File name too long"),
    errno.ENOSPC: Message("No space left on device"),
    errno.EROFS: Message("Read-only file system"),
    errno.EIO: Message("Input/output error"),
    errno.EEXIST: Message("File exists"),
}


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, which may be too large to be held; raises OSError as the system does."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def why_refused(error: Exception) -> str:
    """Return in words why the system refuses a file: a message where the reason is known."""
    words = getattr(error, "strerror", None) or str(error)
    known = _REFUSALS.get(getattr(error, "errno", None) or 0)
    return known if known is not None and known == words else words


def is_stream(path: Path) -> bool:
    """Return whether a path is a pipe, a device or a socket.

    Reading one never ends, or works only once.
    """
    return path.exists() and not path.is_file() and not path.is_dir()


def why_no_file(path: Path) -> str:
    """Return in words why a path cannot be read as a file; no words for a file."""
    if not path.exists():
        return Message("there is no such file")
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
            "{value} is not a valid path; give a str or a Path, such as {like!r}",
            value=shorten(repr(value)),
            like=like,
        )
    )
