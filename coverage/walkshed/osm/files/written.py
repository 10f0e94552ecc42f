"""OSM files written by osmium, on a disk that holds them: it ends the whole process where the disk is full."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from walkshed.model.ground.extract import Tags

#: Bytes of a file without elements, and of an element or a member without tags, at the very most.
_FILE, _ELEMENT, _MEMBER = 65_536, 64, 24
_CHUNK = b"\0" * 1_048_576


def reserve(target: Path, elements: Iterable[tuple[int, Tags]]) -> None:
    """Make sure that ``target`` can be written: take the place that it needs, and give it back.

    ``elements`` tells of each how many members (or nodes) it has, and its tags. Raises OSError
    where there is no place.
    """
    size = _FILE + sum(
        _ELEMENT + _MEMBER * members + sum(4 * len(key) + 4 * len(tags[key]) + 8 for key in tags)
        for members, tags in elements
    )

    # written and deleted again: a full disk shows here, as an error of Python
    try:
        with target.open("wb") as file:
            for begin in range(0, size, len(_CHUNK)):
                file.write(_CHUNK[: size - begin])
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from None
    finally:
        target.unlink(missing_ok=True)


def members_of(element: Any) -> int:  # noqa: ANN401 (an element of osmium)
    """Return how many nodes or members an element has."""
    return len(getattr(element, "nodes", None) or getattr(element, "members", None) or ())
