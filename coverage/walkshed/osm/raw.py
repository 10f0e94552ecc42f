"""The elements of an OSM file as they stand in it: the only module that talks to osmium."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from walkshed.errors import NotFoundError, UnreadableFileError, shorten
from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.extract import Tags
from walkshed.osm.ways import rows_of
from walkshed.osm.wire import Header

NO_TAGS: Tags = MappingProxyType({})

#: OSM keeps degrees as integers of 1e-7.
_UNITS_PER_DEGREE = 1e7


@dataclass(frozen=True, slots=True)
class RawWay:
    """A way: its nodes by id, in drawing order."""

    id: int
    refs: tuple[int, ...]
    tags: Tags

    @property
    def closed(self) -> bool:
        """Whether it ends where it begins and has room for an inside."""
        return len(self.refs) > 3 and self.refs[0] == self.refs[-1]


@dataclass(frozen=True, slots=True)
class RawRelation:
    """A relation: ``(type, id, role)`` of each member."""

    id: int
    members: tuple[tuple[str, int, str], ...]
    tags: Tags


@dataclass(frozen=True, slots=True, eq=False)
class RawFile:
    """Everything in the file, sorted by id within each type; one element per id."""

    digest: str
    data_date: str | None
    header_box: tuple[float, float, float, float] | None
    node_id: IntArray  # (n,) ascending; nodes with a location only
    node_lonlat: FloatArray  # (n, 2)
    node_tags: dict[int, Tags]  # tagged nodes with a location, ascending
    ways: tuple[RawWay, ...]
    relations: tuple[RawRelation, ...]
    notes: tuple[str, ...]

    def rows(self, refs: IntArray) -> IntArray:
        """Return the rows of ``node_lonlat`` for node ids; -1 for nodes that the file does not hold."""
        return rows_of(self.node_id, refs)


def read_raw(path: Path) -> RawFile:
    """Return the elements of an OSM file.

    The format is known by the file's first bytes, not by its name. The file is taken into memory in
    one reading, so that the digest is that of the bytes that were parsed, and so that paths of any
    script open on every system. Raises ``NotFoundError`` and ``UnreadableFileError``.
    """
    content = file_content(path)
    try:
        return _parse(content, file_format(path, content))
    # what osmium raises on broken files
    except (RuntimeError, ValueError, OverflowError, MemoryError) as error:
        reason = shorten(" ".join(str(error).split()), 160) or type(error).__name__
        raise UnreadableFileError(
            f"{path}: cannot be read as OpenStreetMap data ({reason}); download or export it again, the copy is "
            "damaged or cut short"
        ) from None


def file_content(path: Path) -> bytes:
    """Return the bytes of a file. Raises ``NotFoundError`` and ``UnreadableFileError``."""
    if path.is_dir():
        raise UnreadableFileError(
            f"{path}: is a folder, not an OpenStreetMap file; name the .osm.pbf or .osm file in it"
        )
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(
            f"{path}: no such file; check the path, it is taken from {Path.cwd()}"
        ) from None
    except OSError as error:
        raise UnreadableFileError(
            f"{path}: cannot be opened ({error.strerror or error}); check its rights and whether it is still there"
        ) from None


def file_format(path: Path, content: bytes) -> str:
    """Return osmium's name of the format, by the first bytes."""
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if content[:2] == b"\x1f\x8b":
        return "osm.gz"
    if content[:3] == b"BZh":
        return "osm.bz2"
    # a blob's length, then field 1 of its header, 9 bytes of text
    if content[4:15] == b"\x0a\x09OSMHeader":
        return "pbf"
    if start[:1] == b"<" or content[:2] in (b"\xff\xfe", b"\xfe\xff"):  # XML, perhaps as UTF-16
        return "osm"
    fact = (
        "is empty"
        if not content
        else f"is not OpenStreetMap data (it begins with {content[:12]!r})"
    )
    raise UnreadableFileError(
        f"{path}: {fact}; give an extract as .osm.pbf, .osm, .osm.gz or .osm.bz2"
    )


@dataclass(slots=True)
class _Gathering:
    """What the one loop over the file fills."""

    ids: Any  # lists of int, or arrays
    x: Any
    y: Any
    node_tags: dict[int, Tags]
    ways: list[RawWay]
    relations: list[RawRelation]
    newest: Any = None
    deleted: int = 0
    header: Header | None = None  # of a file that osmium need not read


def _parse(content: bytes, file_format: str) -> RawFile:
    found = None if file_format != "pbf" else _everyday(content)
    if found is not None and found.header is not None:
        stated, history, header_box = found.header.stated, False, found.header.box
    else:
        found, stated, history, header_box = _by_osmium(content, file_format)
    notes = []
    if found.deleted:
        notes.append(f"{found.deleted} deleted elements left out")
    if history:
        notes.append("the file keeps old versions of elements; the last one of each is used")

    ids = np.array(found.ids, dtype=np.int64)
    x, y = np.array(found.x, dtype=np.int64), np.array(found.y, dtype=np.int64)
    located = (np.abs(x) <= 180 * _UNITS_PER_DEGREE) & (np.abs(y) <= 90 * _UNITS_PER_DEGREE)
    if not located.all():
        notes.append(f"{np.count_nonzero(~located)} nodes without a location left out")
    order = np.argsort(ids, kind="stable")
    order = order[located[order]]
    # of nodes with one id, the last one
    last = np.append(ids[order][1:] != ids[order][:-1], True)[: len(order)]
    repeated = int(np.count_nonzero(~last))
    order = order[last]
    ways, ways_again = _by_id(found.ways)
    relations, relations_again = _by_id(found.relations)
    repeated += ways_again + relations_again
    if repeated:
        notes.append(f"{repeated} elements appear more than once; the last of each is used")
    ids = ids[order]
    lonlat = np.column_stack([x[order], y[order]]) / _UNITS_PER_DEGREE
    known = set(ids.tolist())
    return RawFile(
        digest=hashlib.sha256(content).hexdigest(),
        data_date=stated or _iso_date(found.newest),
        header_box=header_box,
        node_id=ids,
        node_lonlat=lonlat,
        node_tags={key: found.node_tags[key] for key in sorted(found.node_tags) if key in known},
        ways=tuple(ways),
        relations=tuple(relations),
        notes=tuple(notes),
    )


def _by_osmium(
    content: bytes, file_format: str
) -> tuple[_Gathering, str, bool, tuple[float, float, float, float] | None]:
    """Return the elements, and what the header says."""
    import osmium

    found = _Gathering([], [], [], {}, [], [])
    try:
        stated, history, header_box = _header(content, file_format)
        with osmium.io.Reader(osmium.io.FileBuffer(content, file_format)) as reader:
            _gather(osmium.OsmFileIterator(reader), found, dated=not stated)
    except osmium.InvalidLocationError as error:
        raise ValueError(str(error)) from error
    return found, stated, history, header_box


def _header(
    content: bytes, file_format: str
) -> tuple[str, bool, tuple[float, float, float, float] | None]:
    """Return the date that the file states ("" for none), whether it is a history, and its box."""
    import osmium

    with osmium.io.Reader(osmium.io.FileBuffer(content, file_format), osmium.osm.NOTHING) as reader:
        header = reader.header()
        stated = (header.get("osmosis_replication_timestamp") or header.get("timestamp"))[:10]
        history = header.has_multiple_object_versions
        box = header.box()
    if not box.valid():
        return stated, history, None
    low, high = box.bottom_left, box.top_right
    return stated, history, (low.lon, low.lat, high.lon, high.lat)


def _everyday(content: bytes) -> _Gathering | None:
    """Return the elements of an everyday PBF file, None where osmium must read it."""
    from walkshed.osm.pbf import RarePbf, read_elements

    try:
        read = read_elements(content)
    except RarePbf:
        return None
    none = np.zeros(0, dtype=np.int64)
    ids = np.concatenate([none, *read.node_id])
    if read.header is None or (np.diff(ids) <= 0).any():  # nodes that appear twice, perhaps
        return None
    return _Gathering(
        ids=ids,
        x=np.concatenate([none, *read.node_x]),
        y=np.concatenate([none, *read.node_y]),
        node_tags=dict(read.node_tags),
        ways=[RawWay(*way) for way in read.ways],
        relations=[RawRelation(*relation) for relation in read.relations],
        newest=datetime.fromtimestamp(read.newest, UTC),
        header=read.header,
    )


def _gather(elements: Iterator[Any], found: _Gathering, *, dated: bool) -> None:
    """Fill ``found`` from the file's elements; written flat, for it runs once per element of a city."""
    ids, x, y = found.ids, found.x, found.y
    for element in elements:
        if element.deleted:
            found.deleted += 1
            continue
        if dated and (found.newest is None or element.timestamp > found.newest):
            found.newest = element.timestamp
        if element.is_node():
            location = element.location
            ids.append(element.id)
            x.append(location.x)
            y.append(location.y)
            if element.tags:
                found.node_tags[element.id] = MappingProxyType(dict(element.tags))
            elif element.id in found.node_tags:  # a later version without tags
                del found.node_tags[element.id]
        elif element.is_way():
            tags = MappingProxyType(dict(element.tags)) if element.tags else NO_TAGS
            found.ways.append(RawWay(element.id, tuple([node.ref for node in element.nodes]), tags))
        elif element.is_relation():
            members = tuple([(member.type, member.ref, member.role) for member in element.members])
            found.relations.append(
                RawRelation(element.id, members, MappingProxyType(dict(element.tags)))
            )


def _by_id(elements: list[Any]) -> tuple[list[Any], int]:
    """Return the elements by ascending id, the last of each id, and how many were dropped for that."""
    last = {element.id: element for element in elements}
    return [last[key] for key in sorted(last)], len(elements) - len(last)


def _iso_date(moment: Any) -> str | None:  # noqa: ANN401 (a datetime or None)
    """Return the date; None for the epoch, which stands for elements without a timestamp."""
    return None if moment is None or moment.year <= 1970 else str(moment.date().isoformat())
