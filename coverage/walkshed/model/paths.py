"""Paths that callers hand in."""

from __future__ import annotations

import os
from pathlib import Path

from walkshed.errors import InvalidValueError, shorten


def path_of(value: object, *, like: str) -> Path:
    """Return the path that a caller gave, a ``str`` or ``Path``; ``like`` shows in the message what to write.

    Raises ``InvalidValueError`` for anything else.
    """
    if isinstance(value, str | os.PathLike):
        path = os.fspath(value)
        if isinstance(path, str):
            return Path(path)
    raise InvalidValueError(
        f"{shorten(repr(value))} is no path; give a str or a Path, such as {like!r}"
    )
