"""The elements of an OSM file as osmium reads them: the only module that talks to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any

import numpy as np

from walkshed.model.arrays import IntArray
from walkshed.model.ground.extract import Tags
from walkshed.model.marks import plain_values
from walkshed.osm.files.asides import Asides
from walkshed.osm.files.versions import Versions, by_id, standing, tags_by_id

NO_TAGS: Tags = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RawRelation:
    """A relation: ``(type, id, role)`` of each member."""

    id: int
    members: tuple[tuple[str, int, str], ...]
    tags: Tags


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file's header says: the date ("" for none), whether it is a history, its box."""

    date: str
    history: bool
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The elements that stand, by ascending id; ``x`` and ``y`` are 1e-7 degrees."""

    node_id: IntArray
    x: IntArray
    y: IntArray
    node_tags: dict[int, Tags]
    way_id: IntArray
    way_tags: list[Tags]
    way_size: IntArray  # how many nodes each runs over
    way_refs: IntArray  # those nodes, end to end
    relations: list[RawRelation]
    newest: Any  # a datetime, or None
    repeated: int = 0
    deleted: int = 0


def read_by_osmium(content: bytes, file_format: str, asides: Asides) -> tuple[Stated, Held]:
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

    # of each element its last version, if that stands
    nodes = standing(found.nodes, gone["n"])
    ways, relations = standing(found.ways, gone["w"]), standing(found.relations, gone["r"])

    every = (nodes, ways, relations)
    drawn = by_id(found.ways, ways)
    sizes = [len(refs) for _, refs in drawn]
    every_ref = chain.from_iterable(refs for _, refs in drawn)

    return stated, Held(
        node_id=np.array(found.nodes.id, dtype=np.int64)[nodes.rows],
        x=np.array(found.x, dtype=np.int64)[nodes.rows],
        y=np.array(found.y, dtype=np.int64)[nodes.rows],
        node_tags=tags_by_id(found.nodes, nodes),
        way_id=np.array(found.ways.id, dtype=np.int64)[ways.rows],
        way_tags=[tags for tags, _ in drawn],
        way_size=np.array(sizes, dtype=np.int64),
        way_refs=np.fromiter(every_ref, dtype=np.int64, count=sum(sizes)),
        relations=by_id(found.relations, relations),
        newest=found.newest,
        repeated=sum(each.repeated for each in every),
        deleted=sum(each.deleted for each in every),
    )


def _header(content: bytes, file_format: str) -> Stated:
    import osmium

    with osmium.io.Reader(osmium.io.FileBuffer(content, file_format), osmium.osm.NOTHING) as reader:
        header = reader.header()
        date = (header.get("osmosis_replication_timestamp") or header.get("timestamp"))[:10]
        history = header.has_multiple_object_versions
        box = header.box()
    if not box.valid():
        return Stated(date, history, None)
    low, high = box.bottom_left, box.top_right
    return Stated(date, history, (low.lon, low.lat, high.lon, high.lat))


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
            way = (tags, tuple([node.ref for node in element.nodes]))
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
