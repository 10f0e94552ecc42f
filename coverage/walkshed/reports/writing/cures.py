"""What to do where a file cannot be written, in one message."""

from __future__ import annotations

from pathlib import Path

from walkshed.model.messages import Message
from walkshed.reports.writing.names import is_ours

#: How to write elsewhere, where a verb has the option.
ELSEWHERE = Message("choose another folder with --out")


def cure(error: OSError, place: Path, *, other: str = ELSEWHERE) -> str:
    """Return the message for a failed write: the fact, the place, and what to do about it.

    ``place`` is told where the error names no file, or one that only walkshed knows. ``other`` says
    how to write elsewhere.
    """
    path = place
    if isinstance(error.filename, str) and not any(map(is_ours, Path(error.filename).parts)):
        path = Path(error.filename)
    fact = error.strerror or error
    if isinstance(error, PermissionError):
        return Message(
            "{path} cannot be written: {fact}; close it in other programs (Excel, QGIS), take off "
            "its write protection, or {other}",
            path=path,
            fact=fact,
            other=other,
        )
    if isinstance(error, NotADirectoryError | FileExistsError):
        if path == place or path in place.parents:
            return Message("{path} is a file, not a folder; {other}", path=path, other=other)
        return Message(
            "{path} was put there by another program meanwhile; move it away, or {other}",
            path=path,
            other=other,
        )
    return Message(
        "{path} cannot be written: {fact}; free the disk or {other}",
        path=path,
        fact=fact,
        other=other,
    )
