"""Parsed extracts and their networks, kept in this user's cache folder, so that a file is read once.

An entry is named by a digest of everything that its content depends on: the file, the profile, the
options, and the source code that reads. So no entry can be out of date, and none needs to be looked
for in vain. Entries are plain arrays and JSON, never pickles: a stranger who can write there cannot
make walkshed run anything. ``WALKSHED_CACHE=off`` in the environment switches the cache off; any
other value is the folder to use.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import struct
import zipfile
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from walkshed.cache import cache_folder, code_digest, drop_oldest
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.network import PrivateRule, StreetNetwork
from walkshed.model.paths import is_stream
from walkshed.osm import read_extract, read_streets
from walkshed.streets.build import Beyond, build_network
from walkshed.streets.entries import Arrays, extract_of, extract_words, network_of, network_words
from walkshed.streets.profile import profile_bytes
from walkshed.streets.squares.grounds import rules_bytes

#: The oldest entries go when all together are larger.
MOST_BYTES = 1 << 30

_DAMAGED = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    EOFError,
    IndexError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
    shapely.errors.ShapelyError,
)


def read_built(
    path: Path,
    *,
    private: PrivateRule = "ends",
    profile: str = "walking",
    beyond: Beyond = "unknown",
    cache: bool = True,
) -> tuple[Extract, StreetNetwork]:
    """Return ``read_extract(path)`` and its ``build_network(...)``, from the cache where they are in it.

    Raises what those two raise. A damaged entry counts as none, and a folder that cannot be written
    is no fault.
    """
    path = Path(path)
    entry = _entry(path, private, profile, beyond) if cache else None
    kept = None if entry is None else _read(entry)
    if kept is not None:
        extract, network = kept
        return replace(extract, source=path.name), replace(network, source=path.name)

    extract = read_extract(path)
    network = build_network(extract, private=private, profile=profile, beyond=beyond)
    if entry is not None:
        _write(entry, extract, network)
    return extract, network


def read_network(
    path: Path,
    *,
    private: PrivateRule = "ends",
    profile: str = "walking",
    beyond: Beyond = "unknown",
    cache: bool = True,
) -> StreetNetwork:
    """Return the network of ``read_built``, without all in the file that is no street.

    Raises what it raises.
    """
    path = Path(path)
    whole = _entry(path, private, profile, beyond) if cache else None
    if whole is None:
        return build_network(read_streets(path), private=private, profile=profile, beyond=beyond)

    # streets alone, else those of a whole extract
    alone = whole.with_name(f"{whole.stem}-streets.npz")
    for entry in (alone, whole):
        kept = _read_network(entry)
        if kept is not None:
            return replace(kept, source=path.name)

    network = build_network(read_streets(path), private=private, profile=profile, beyond=beyond)
    _write(alone, None, network)
    return network


def _entry(path: Path, private: str, profile: str, beyond: str) -> Path | None:
    """Return the file of an entry, named by the digest of all that it depends on.

    None without a cache.
    """
    folder = cache_folder()
    return None if folder is None else folder / f"{_key(path, private, profile, beyond)}.npz"


def _key(path: Path, private: str, profile: str, beyond: str) -> str:
    """Return the digest of all that an entry depends on.

    A file that cannot be read counts as an empty one.
    """
    digest = hashlib.sha256()
    try:
        content = b"" if is_stream(path) else path.read_bytes()
    except OSError:
        content = b""

    digest.update(code_digest(("model", "osm", "streets")))
    options = f"{private} {beyond}".encode()
    for part in (content, profile_bytes(profile), rules_bytes(), options):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:40]


def _read(entry: Path) -> tuple[Extract, StreetNetwork] | None:
    try:
        arrays = _arrays(entry, "")
        words = {name: json.loads(arrays.pop(name).tobytes()) for name in ("words", "network")}
        return extract_of(words["words"]["extract"], arrays), network_of(words["network"], arrays)
    except _DAMAGED:
        return None


def _read_network(entry: Path) -> StreetNetwork | None:
    try:
        arrays = _arrays(entry, ("net", "graph.", "squares."))
        return network_of(json.loads(arrays.pop("network").tobytes()), arrays)
    except _DAMAGED:
        return None


def _arrays(entry: Path, begins: str | tuple[str, ...]) -> Arrays:
    """Return the arrays of an entry whose names begin so.

    The file is closed at once: another run may replace it.
    """
    with np.load(io.BytesIO(entry.read_bytes()), allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files if name.startswith(begins)}


def _write(entry: Path, extract: Extract | None, network: StreetNetwork) -> None:
    """Write an entry in one step, and drop the oldest ones when they have become too many."""
    arrays: Arrays = {}
    if extract is not None:
        arrays["words"] = _json({"extract": extract_words(extract, arrays)})
    arrays["network"] = _json(network_words(network, arrays))

    part = entry.with_name(f"{entry.stem}.{os.getpid()}.part")
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            # the names are those of arrays, not that of savez's own option
            np.savez(file, **arrays)  # type: ignore[arg-type]
        part.replace(entry)
        drop_oldest(entry, "*.npz", most_bytes=MOST_BYTES)
    except OSError:  # a full disk, a read-only home: the next run reads the file again
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _json(words: dict[str, Any]) -> NDArray[np.uint8]:
    return np.frombuffer(
        json.dumps(words, ensure_ascii=False).encode("utf-8", "surrogatepass"), np.uint8
    )
