"""The cache folder of this user: by which code an entry was made, and which entries go when it is full.

An entry is named by a digest of all that its content depends on, the source code that makes it
included. So no entry is ever out of date, and none needs to be looked for in vain.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def cache_folder() -> Path | None:
    """Return the folder of the cache, which may not exist yet; None when it is switched off."""
    said = os.environ.get("WALKSHED_CACHE", "")
    if said.lower() in {"off", "0", "no", "false"}:
        return None
    if said:
        return Path(said)
    from platformdirs import user_cache_path

    return user_cache_path("walkshed", appauthor=False) / "streets"


def code_digest(rooms: Sequence[str]) -> bytes:
    """Return the digest of all modules of some rooms, their inner rooms included."""
    package = files("walkshed")
    digest = hashlib.sha256()
    for room in rooms:
        for module in _modules(package / room):
            digest.update(hashlib.sha256(module.read_bytes()).digest())
    return digest.digest()


def drop_oldest(newest: Path, pattern: str, *, most_bytes: int) -> None:
    """Drop the oldest entries beside the newest one until all together hold no more than ``most_bytes``."""
    with suppress(OSError):
        entries = [
            (path.stat().st_mtime, path.stat().st_size, path)
            for path in newest.parent.glob(pattern)
        ]
        total = sum(size for _, size, _ in entries)

        for _, size, path in sorted(entries, key=lambda entry: entry[:2]):
            if total <= most_bytes:
                break
            if path != newest:
                path.unlink(missing_ok=True)
                total -= size


def _modules(folder: Traversable) -> Iterator[Traversable]:
    """Yield the modules in a folder and below it, by name."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _modules(entry)
        elif entry.name.endswith(".py"):
            yield entry
