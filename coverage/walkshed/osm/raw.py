"""The elements of an OSM file as they stand in it: the only module that talks to osmium."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from walkshed.errors import NotFoundError, UnreadableFileError, shorten
from walkshed.model.arrays import BoolArray, FloatArray, IntArray, same_objects
from walkshed.model.extract import Tags
from walkshed.model.marks import plain_values
from walkshed.model.paths import STREAM, is_stream
from walkshed.osm.asides import Asides, read_asides, remark_notes
from walkshed.osm.trial import refuse_fatal, unsound
from walkshed.osm.versions import Versions, by_id, standing, tags_by_id
from walkshed.osm.ways import rows_of
from walkshed.osm.wire import UnsoundPbf

NO_TAGS: Tags = MappingProxyType({})

#: OSM keeps degrees as integers of 1e-7.
_UNITS_PER_DEGREE = 1e7


@dataclass(frozen=True, slots=True)
class RawWay:
    """A way; its nodes stand in the columns of ``RawFile``."""

    id: int
    tags: Tags


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
    way_from: IntArray  # (w + 1,) where each way's nodes begin among the references
    way_refs: IntArray  # (r,) nodes by id, each way's in drawing order
    relations: tuple[RawRelation, ...]
    notes: tuple[str, ...]

    def refs_of(self, way: int) -> IntArray:
        """Return the nodes of the way in a row, by id, in drawing order."""
        return self.way_refs[self.way_from[way] : self.way_from[way + 1]]

    def rows(self, refs: IntArray) -> IntArray:
        """Return the rows of ``node_lonlat`` for node ids; -1 for those that are not there."""
        return rows_of(self.node_id, refs)


def passing(ways: Sequence[RawWay], test: Callable[[Tags], bool]) -> BoolArray:
    """Return whether the tags of each way pass a test, which is asked once of tags that ways share."""
    first, which = same_objects([way.tags for way in ways])
    return np.array([test(ways[row].tags) for row in first], dtype=bool)[which]


def read_raw(path: Path) -> RawFile:
    """Return the elements of an OSM file.

    The format is known by the file's first bytes, not by its name. The file is taken into memory in
    one reading, so that the digest is that of the bytes that were parsed, and so that paths of any
    script open on every system. Raises ``NotFoundError`` and ``UnreadableFileError``.
    """
    content = file_content(path)
    kind = file_format(path, content)
    asides = read_asides(path, content, kind)
    try:
        return _parse(path, content, kind, asides)
    except UnsoundPbf as error:
        raise unsound(path, error) from None
    # what osmium raises on broken files
    except (RuntimeError, ValueError, OverflowError, MemoryError) as error:
        reason = shorten(" ".join(str(error).split()), 160) or type(error).__name__
        raise UnreadableFileError(
            f"{path}: cannot be read as OpenStreetMap data ({reason}); download or export it "
            "again, the copy is damaged or cut short"
        ) from None


def file_content(path: Path) -> bytes:
    """Return the bytes of a file. Raises ``NotFoundError`` and ``UnreadableFileError``."""
    if path.is_dir():
        raise UnreadableFileError(
            f"{path}: is a folder, not an OpenStreetMap file; name the .osm.pbf or .osm file in it"
        )
    if is_stream(path):
        raise UnreadableFileError(f"{path}: {STREAM}; save the extract, and name its file")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(
            f"{path}: no such file; check the path, it is taken from {Path.cwd()}"
        ) from None
    except OSError as error:
        raise UnreadableFileError(
            f"{path}: cannot be opened ({error.strerror or error}); check its rights and whether "
            "it is still there"
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


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a file's header says: the date ("" for none), whether it is a history, its box."""

    date: str
    history: bool
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True, eq=False)
class _Elements:
    """The elements that stand, by ascending id; ``x`` and ``y`` are 1e-7 degrees."""

    node_id: IntArray
    x: IntArray
    y: IntArray
    node_tags: dict[int, Tags]
    ways: list[RawWay]
    way_size: IntArray  # how many nodes each runs over
    way_refs: IntArray  # those nodes, end to end
    relations: list[RawRelation]
    newest: Any  # a datetime, or None
    repeated: int = 0
    deleted: int = 0


def _parse(path: Path, content: bytes, file_format: str, asides: Asides) -> RawFile:
    everyday = None if file_format != "pbf" else _everyday(content)
    if file_format == "pbf" and everyday is None:
        refuse_fatal(path, content)
    stated, found = _by_osmium(content, file_format, asides) if everyday is None else everyday

    # What is left out, and why.
    notes = remark_notes(asides)
    if found.deleted:
        notes.append(f"{found.deleted} deleted elements left out")
    if stated.history:
        notes.append("the file keeps old versions of elements; the last one of each is used")
    elif found.repeated:
        notes.append(f"{found.repeated} elements appear more than once; the last of each is used")

    # Nodes with a place on Earth.
    located = np.abs(found.x) <= 180 * _UNITS_PER_DEGREE
    located &= np.abs(found.y) <= 90 * _UNITS_PER_DEGREE
    if not located.all():
        notes.append(f"{np.count_nonzero(~located)} nodes without a location left out")
    ids = found.node_id[located]
    lonlat = np.column_stack([found.x[located], found.y[located]]) / _UNITS_PER_DEGREE
    lost = set(found.node_id[~located].tolist())
    return RawFile(
        digest=hashlib.sha256(content).hexdigest(),
        data_date=stated.date or _iso_date(found.newest),
        header_box=stated.box,
        node_id=ids,
        node_lonlat=lonlat,
        node_tags={key: found.node_tags[key] for key in sorted(found.node_tags) if key not in lost},
        ways=tuple(found.ways),
        way_from=np.concatenate([[0], np.cumsum(found.way_size)]),
        way_refs=found.way_refs,
        relations=tuple(found.relations),
        notes=tuple(notes),
    )


def _by_osmium(content: bytes, file_format: str, asides: Asides) -> tuple[_Stated, _Elements]:
    """Return what the header says, and the elements that stand."""
    import osmium

    try:
        stated = _header(content, file_format)
        with osmium.io.Reader(osmium.io.FileBuffer(content, file_format)) as reader:
            found = _gather(osmium.OsmFileIterator(reader), dated=not stated.date)
    except osmium.InvalidLocationError as error:
        raise ValueError(str(error)) from error

    gone: dict[str, set[int]] = {"n": set(), "w": set(), "r": set()}
    for kind, number in asides.deleted:
        gone[kind].add(number)
    nodes = standing(found.nodes, gone["n"])
    ways, relations = standing(found.ways, gone["w"]), standing(found.relations, gone["r"])
    every = (nodes, ways, relations)
    drawn = by_id(found.ways, ways)
    sizes = [len(refs) for _, refs in drawn]
    every_ref = chain.from_iterable(refs for _, refs in drawn)
    return stated, _Elements(
        node_id=np.array(found.nodes.id, dtype=np.int64)[nodes.rows],
        x=np.array(found.x, dtype=np.int64)[nodes.rows],
        y=np.array(found.y, dtype=np.int64)[nodes.rows],
        node_tags=tags_by_id(found.nodes, nodes),
        ways=[way for way, _ in drawn],
        way_size=np.array(sizes, dtype=np.int64),
        way_refs=np.fromiter(every_ref, dtype=np.int64, count=sum(sizes)),
        relations=by_id(found.relations, relations),
        newest=found.newest,
        repeated=sum(each.repeated for each in every),
        deleted=sum(each.deleted for each in every),
    )


def _header(content: bytes, file_format: str) -> _Stated:
    import osmium

    with osmium.io.Reader(osmium.io.FileBuffer(content, file_format), osmium.osm.NOTHING) as reader:
        header = reader.header()
        date = (header.get("osmosis_replication_timestamp") or header.get("timestamp"))[:10]
        history = header.has_multiple_object_versions
        box = header.box()
    if not box.valid():
        return _Stated(date, history, None)
    low, high = box.bottom_left, box.top_right
    return _Stated(date, history, (low.lon, low.lat, high.lon, high.lat))


def _everyday(content: bytes) -> tuple[_Stated, _Elements] | None:
    """Return header and elements of an everyday PBF file, None where osmium must read it."""
    from walkshed.osm.pbf import RarePbf, read_elements

    try:
        read = read_elements(content)
    except RarePbf:
        return None
    none = np.zeros(0, dtype=np.int64)
    ids = np.concatenate([none, *read.node_id])
    ways = np.concatenate([none, *read.way_id])
    relations = np.array([relation[0] for relation in read.relations], dtype=np.int64)
    # where one may appear twice, versions decide
    if read.header is None or any((np.diff(each) <= 0).any() for each in (ids, ways, relations)):
        return None
    return _Stated(read.header.stated, history=False, box=read.header.box), _Elements(
        node_id=ids,
        x=np.concatenate([none, *read.node_x]),
        y=np.concatenate([none, *read.node_y]),
        node_tags=dict(read.node_tags),
        ways=list(map(RawWay, ways.tolist(), read.way_tags)),
        way_size=np.concatenate([none, *read.way_size]),
        way_refs=np.concatenate([none, *read.way_refs]),
        relations=[RawRelation(*relation) for relation in read.relations],
        newest=datetime.fromtimestamp(read.newest, UTC),
    )


@dataclass(slots=True)
class _Gathering:
    """What the one loop over the file fills: all versions of its elements, in its order."""

    nodes: Versions = field(default_factory=Versions)  # elements are tags, None for none
    x: list[int] = field(default_factory=list)  # of nodes
    y: list[int] = field(default_factory=list)
    ways: Versions = field(default_factory=Versions)  # elements are ways with their nodes
    relations: Versions = field(default_factory=Versions)
    newest: Any = None


def _gather(elements: Iterator[Any], *, dated: bool) -> _Gathering:
    """Return the file's elements; written flat, for it runs once per element of a city."""
    found = _Gathering()
    x, y = found.x, found.y
    for element in elements:
        number, version, deleted = element.id, element.version, element.deleted
        if dated and not deleted and (found.newest is None or element.timestamp > found.newest):
            found.newest = element.timestamp
        if element.is_node():
            location = element.location
            x.append(location.x)
            y.append(location.y)
            own = _tags(element) if element.tags else None
            found.nodes.add(number, version, own, deleted=deleted)
        elif element.is_way():
            tags = _tags(element) if element.tags else NO_TAGS
            way = (RawWay(number, tags), tuple([node.ref for node in element.nodes]))
            found.ways.add(number, version, way, deleted=deleted)
        elif element.is_relation():
            members = tuple([(member.type, member.ref, member.role) for member in element.members])
            relation = RawRelation(number, members, _tags(element))
            found.relations.add(number, version, relation, deleted=deleted)
    return found


def _tags(element: Any) -> Tags:  # noqa: ANN401 (an element of osmium)
    """Return the tags of an element, clean."""
    tags = dict(element.tags)
    if not all(map(str.isprintable, (*tags, *tags.values()))):
        tags = plain_values(tags)
    return MappingProxyType(tags)


def _iso_date(moment: Any) -> str | None:  # noqa: ANN401 (a datetime or None)
    """Return the date; None for the epoch, which stands for elements without a timestamp."""
    return None if moment is None or moment.year <= 1970 else str(moment.date().isoformat())
