"""Gazetteers kept in the user's cache folder, so that a map's names are gathered once.

An entry is named by a digest of all that its content depends on: the extract's file and the source
code that reads it. So no entry is ever out of date; a damaged one counts as none, and a folder that
cannot be written is no fault.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from walkshed.cache import code_digest, drop_oldest
from walkshed.errors import NotFoundError, OutputError, UnreadableFileError
from walkshed.geocode.places.gazetteer import Gazetteer, build_gazetteer, open_gazetteer
from walkshed.model.ground.extract import Extract

#: The oldest entries go when all together are larger.
MOST_BYTES: Final = 1 << 28
ENDING: Final = ".names.sqlite"


def kept_gazetteer(
    source: Path, *, read: Callable[[Path], Extract], folder: Path | None
) -> Gazetteer:
    """Return the gazetteer of an extract's file, from ``folder`` where it is kept there.

    Only otherwise ``read`` reads the extract (and raises what it raises). Without a ``folder``
    nothing is kept.
    """
    entry = None if folder is None else _entry(source, folder)
    if entry is None:
        return build_gazetteer(read(source))
    with suppress(NotFoundError, UnreadableFileError):
        return open_gazetteer(entry)

    # with a full disk or a read-only home it is gathered again next time
    extract = read(source)
    try:
        gazetteer = build_gazetteer(extract, entry)
    except (OutputError, NotFoundError, UnreadableFileError):
        return build_gazetteer(extract)
    drop_oldest(entry, f"*{ENDING}", most_bytes=MOST_BYTES)
    return gazetteer


def _entry(source: Path, folder: Path) -> Path | None:
    """Return where the gazetteer of a file is kept; None for a file that cannot be read."""
    digest = hashlib.sha256()
    try:
        digest.update(source.read_bytes())
    except OSError:
        return None

    # the modules that read an extract and gather its names
    digest.update(code_digest(("model", "osm", "geocode")))
    return folder / f"{digest.hexdigest()[:40]}{ENDING}"
