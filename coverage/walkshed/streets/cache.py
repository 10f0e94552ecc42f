"""Parsed extracts and their networks, kept in this user's cache folder, so that a file is read once.

An entry is named by a digest of everything that its content depends on: the file, the profile, the options, and the
source code that reads. So no entry can be out of date, and none needs to be looked for in vain. Entries are plain
arrays and JSON, never pickles: whoever can write there cannot make walkshed run anything. ``WALKSHED_CACHE=off`` in the
environment switches the cache off; any other value is the folder to use.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from walkshed.model.arrays import read_only
from walkshed.model.extract import Extract, Features, Tags, Ways
from walkshed.model.network import ArcGraph, PrivateRule, StreetNetwork
from walkshed.model.plane import Plane
from walkshed.osm import read_extract
from walkshed.streets.build import Beyond, build_network
from walkshed.streets.profile import profile_bytes

#: The oldest entries go when all together are larger.
MOST_BYTES = 1 << 30

Arrays = dict[str, NDArray[Any]]

_FEATURES = ("areas", "buildings", "places", "gates", "entrances")
_DAMAGED = (
    OSError, ValueError, KeyError, TypeError, EOFError, IndexError, struct.error, zlib.error, zipfile.BadZipFile,
    shapely.errors.ShapelyError,
)  # fmt: skip


def read_built(
    path: Path,
    *,
    private: PrivateRule = "ends",
    profile: str = "walking",
    beyond: Beyond = "unknown",
    cache: bool = True,
) -> tuple[Extract, StreetNetwork]:
    """Return ``read_extract(path)`` and its ``build_network(...)``, from the cache where they are in it.

    Raises what those two raise. A damaged entry counts as none, and a folder that cannot be written is no fault.
    """
    path = Path(path)
    folder = cache_folder() if cache else None
    entry = None if folder is None else folder / f"{_key(path, private, profile, beyond)}.npz"
    kept = None if entry is None else _read(entry)
    if kept is not None:
        extract, network = kept
        return replace(extract, source=path.name), replace(network, source=path.name)
    extract = read_extract(path)
    network = build_network(extract, private=private, profile=profile, beyond=beyond)
    if entry is not None:
        _write(entry, extract, network)
    return extract, network


def cache_folder() -> Path | None:
    """Return the folder of the cache, which may not exist yet; None when it is switched off."""
    said = os.environ.get("WALKSHED_CACHE", "")
    if said.lower() in {"off", "0", "no", "false"}:
        return None
    if said:
        return Path(said)
    from platformdirs import user_cache_path

    return user_cache_path("walkshed", appauthor=False) / "streets"


def _key(path: Path, private: str, profile: str, beyond: str) -> str:
    """Return the digest of all that an entry depends on; of a file that cannot be read, that of nothing."""
    digest = hashlib.sha256()
    try:
        content = path.read_bytes()
    except OSError:
        content = b""
    package = files("walkshed")
    for room in ("model", "osm", "streets"):
        for module in sorted((package / room).iterdir(), key=lambda module: module.name):
            if module.name.endswith(".py"):
                digest.update(module.read_bytes())
    for part in (content, profile_bytes(profile), f"{private} {beyond}".encode()):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:40]


def _read(entry: Path) -> tuple[Extract, StreetNetwork] | None:
    try:
        content = entry.read_bytes()
    except OSError:
        return None
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        words = json.loads(arrays.pop("words").tobytes())
        return _extract(words["extract"], arrays), _network(words["network"], arrays)
    except _DAMAGED:
        return None


def _write(entry: Path, extract: Extract, network: StreetNetwork) -> None:
    """Write an entry in one step, and drop the oldest ones when they have become too many."""
    arrays: Arrays = {}
    words = {"extract": _extract_words(extract, arrays), "network": _network_words(network, arrays)}
    arrays["words"] = np.frombuffer(json.dumps(words, ensure_ascii=False).encode("utf-8", "surrogatepass"), np.uint8)
    part = entry.with_name(f"{entry.stem}.{os.getpid()}.part")
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # names of arrays, not of savez's own option
        part.replace(entry)
        _prune(entry)
    except OSError:  # a full disk, a read-only home: the next run reads the file again
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _prune(newest: Path) -> None:
    known = [(path.stat().st_mtime, path.stat().st_size, path) for path in newest.parent.glob("*.npz")]
    total = sum(size for _, size, _ in known)
    for _, size, path in sorted(known, key=lambda row: row[:2]):
        if total <= MOST_BYTES:
            break
        if path != newest:
            path.unlink(missing_ok=True)
            total -= size


def _extract_words(extract: Extract, arrays: Arrays) -> dict[str, Any]:
    """Put the arrays of an extract among ``arrays``; return the rest as JSON has it."""
    ways = extract.ways
    arrays |= {f"ways.{name}": getattr(ways, name) for name in ("way_id", "start", "node_id", "lonlat")}
    words: dict[str, Any] = {
        name: getattr(extract, name) for name in ("source", "digest", "data_date", "bounds", "notes")
    }
    words["ways"] = _dicts(ways.tags)
    words["nodes"] = [[node, dict(tags)] for node, tags in extract.way_node_tags.items()]
    for name in _FEATURES:
        of: Features = getattr(extract, name)
        shapes = [] if len(of) == 0 else shapely.to_wkb(of.geometry, byte_order=1).tolist()
        arrays[f"{name}.osm_id"] = of.osm_id
        arrays[f"{name}.wkb"] = np.frombuffer(b"".join(shapes), dtype=np.uint8)
        arrays[f"{name}.wkb_from"] = _starts(shapes)
        arrays[f"{name}.outline"] = np.concatenate([np.zeros(0, dtype=np.int64), *of.outline])
        arrays[f"{name}.outline_from"] = _starts(of.outline)
        words[name] = {"type": "".join(of.osm_type), "tags": _dicts(of.tags)}
    return words


def _extract(words: dict[str, Any], arrays: Arrays) -> Extract:
    ways = Ways(
        way_id=_frozen(arrays["ways.way_id"]),
        tags=_tags(words["ways"]),
        start=_frozen(arrays["ways.start"]),
        node_id=_frozen(arrays["ways.node_id"]),
        lonlat=_frozen(arrays["ways.lonlat"]),
    )
    of = {name: _features(words[name], name, arrays) for name in _FEATURES}
    return Extract(
        source=words["source"],
        digest=words["digest"],
        data_date=words["data_date"],
        bounds=tuple(words["bounds"]),
        ways=ways,
        way_node_tags=MappingProxyType({node: MappingProxyType(tags) for node, tags in words["nodes"]}),
        notes=tuple(words["notes"]),
        **of,
    )


def _features(words: dict[str, Any], name: str, arrays: Arrays) -> Features:
    shapes, outline = arrays[f"{name}.wkb"].tobytes(), _frozen(arrays[f"{name}.outline"])
    geometry = np.empty(len(words["type"]), dtype=object)
    geometry[:] = shapely.from_wkb([shapes[low:high] for low, high in pairwise(arrays[f"{name}.wkb_from"].tolist())])
    return Features(
        osm_type=tuple(words["type"]),
        osm_id=_frozen(arrays[f"{name}.osm_id"]),
        tags=_tags(words["tags"]),
        geometry=_frozen(geometry),
        outline=tuple(outline[low:high] for low, high in pairwise(arrays[f"{name}.outline_from"].tolist())),
    )


def _network_words(network: StreetNetwork, arrays: Arrays) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for owner, prefix in ((network, "net"), (network.graph, "graph")):
        for one in fields(owner):
            value = getattr(owner, one.name)
            if isinstance(value, np.ndarray):
                arrays[f"{prefix}.{one.name}"] = value
            elif isinstance(value, Plane):
                words[one.name] = [value.lon0, value.lat0, value.planar]
            elif not isinstance(value, ArcGraph):
                words[one.name] = value
    return words


def _network(words: dict[str, Any], arrays: Arrays) -> StreetNetwork:
    of: dict[str, dict[str, Any]] = {"net": {}, "graph": {}}
    for name, array in arrays.items():
        prefix, _, rest = name.partition(".")
        if prefix in of:
            of[prefix][rest] = _frozen(array)
    lon0, lat0, planar = words.pop("plane")
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in words.items()}
    graph = ArcGraph(**of["graph"])
    return StreetNetwork(plane=Plane(lon0=lon0, lat0=lat0, planar=planar), graph=graph, **plain, **of["net"])


def _dicts(tags: Iterable[Tags]) -> list[dict[str, str]]:
    return [dict(one) for one in tags]


def _tags(dicts: Iterable[Mapping[str, str]]) -> tuple[Tags, ...]:
    return tuple(map(MappingProxyType, dicts))


def _starts(parts: Iterable[Any]) -> NDArray[np.int64]:
    return np.cumsum([0, *(len(part) for part in parts)], dtype=np.int64)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    if not array.flags.c_contiguous:
        return read_only(array, array.dtype)
    array.flags.writeable = False
    return array
