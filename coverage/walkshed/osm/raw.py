"""The elements of an OSM file as they stand in it, by what reads its format."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from walkshed.errors import UnreadableFileError, shorten
from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.ground.extract import Tags
from walkshed.model.messages import Message
from walkshed.osm.files.asides import Asides, read_asides, remark_notes
from walkshed.osm.files.by_osmium import Held, RawRelation, Stated, read_by_osmium
from walkshed.osm.files.content import file_content, file_format
from walkshed.osm.files.trial import refuse_fatal, unsound
from walkshed.osm.files.wire import UnsoundPbf
from walkshed.osm.tags.ways import rows_of

#: OSM keeps degrees as integers of 1e-7.
_UNITS_PER_DEGREE = 1e7


@dataclass(frozen=True, slots=True, eq=False)
class RawFile:
    """Everything in the file, sorted by id within each type; one element per id."""

    digest: str
    data_date: str | None
    header_box: tuple[float, float, float, float] | None
    node_id: IntArray  # (n,) ascending; nodes with a location only
    node_lonlat: FloatArray  # (n, 2)
    node_tags: dict[int, Tags]  # tagged nodes with a location, ascending
    way_id: IntArray  # (w,) ascending
    way_tags: tuple[Tags, ...]  # w
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
            Message(
                "{path}: cannot be read as OpenStreetMap data ({reason}); download or export it "
                "again, the copy is damaged or cut short",
                path=path,
                reason=reason,
            )
        ) from None


def _parse(path: Path, content: bytes, file_format: str, asides: Asides) -> RawFile:
    everyday = None if file_format != "pbf" else _everyday(content)
    if file_format == "pbf" and everyday is None:
        refuse_fatal(path, content)

    stated, found = read_by_osmium(content, file_format, asides) if everyday is None else everyday

    # What is left out, and why.
    notes = remark_notes(asides)
    if found.deleted:
        notes.append(
            Message("{deleted} deleted {deleted:element|elements} left out", deleted=found.deleted)
        )
    if stated.history:
        notes.append("the file keeps old versions of elements; the last one of each is used")
    elif found.repeated:
        notes.append(
            Message(
                "{repeated} {repeated:element appears|elements appear} more than once; the last "
                "of each is used",
                repeated=found.repeated,
            )
        )

    # Nodes with a place on Earth.
    located = np.abs(found.x) <= 180 * _UNITS_PER_DEGREE
    located &= np.abs(found.y) <= 90 * _UNITS_PER_DEGREE
    if not located.all():
        notes.append(
            Message(
                "{count} {count:node|nodes} without a location left out",
                count=np.count_nonzero(~located),
            )
        )
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
        way_id=found.way_id,
        way_tags=tuple(found.way_tags),
        way_from=np.concatenate([[0], np.cumsum(found.way_size)]),
        way_refs=found.way_refs,
        relations=tuple(found.relations),
        notes=tuple(notes),
    )


def _everyday(content: bytes) -> tuple[Stated, Held] | None:
    """Return header and elements of an everyday PBF file, None where osmium must read it."""
    from walkshed.osm.files.pbf import RarePbf, read_elements

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

    return Stated(read.header.stated, history=False, box=read.header.box), Held(
        node_id=ids,
        x=np.concatenate([none, *read.node_x]),
        y=np.concatenate([none, *read.node_y]),
        node_tags=dict(read.node_tags),
        way_id=ways,
        way_tags=read.way_tags,
        way_size=np.concatenate([none, *read.way_size]),
        way_refs=np.concatenate([none, *read.way_refs]),
        relations=[RawRelation(*relation) for relation in read.relations],
        newest=datetime.fromtimestamp(read.newest, UTC),
    )


def _iso_date(moment: Any) -> str | None:  # noqa: ANN401 (a datetime or None)
    """Return the date; None for the epoch, which stands for elements without a timestamp."""
    return None if moment is None or moment.year <= 1970 else str(moment.date().isoformat())
