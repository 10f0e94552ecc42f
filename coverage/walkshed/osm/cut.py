"""A town cut out of a large extract in one streaming pass; ways stay whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from walkshed.errors import InvalidValueError, NotFoundError, UnreadableFileError, shorten
from walkshed.model.messages import Message
from walkshed.model.paths import STREAM, is_stream
from walkshed.osm.files.asides import read_asides
from walkshed.osm.files.content import file_content, file_format
from walkshed.osm.files.trial import refuse_fatal_file
from walkshed.osm.files.written import members_of, reserve
from walkshed.osm.ground import Box, Ground

#: Of nodes outside the ground these tags matter on a way that sticks out: who may pass, and where
#: doors are.
_KEPT_KEYS = ("barrier", "highway", "entrance", "access", "foot")


def cut_extract(source: Path, target: Path, ground: Ground) -> int:
    """Write what lies in the ground's box to ``target`` (.osm.pbf); return how many elements.

    One pass over ``source``, which must hold nodes before ways before relations, as extracts do:
    locations are kept in memory (16 bytes a node), so that a way with one node inside keeps all of
    its nodes. Relations are kept if a member is. The file says the ground that it covers, never
    more than ``source`` itself says. The same source and ground give the same bytes. Raises
    ``UnreadableFileError``, ``NotFoundError`` and, for a ground without data,
    ``InvalidValueError``.
    """
    from osmium.io import Header, Reader

    source, target = Path(source), Path(target)
    if source.is_dir():
        raise UnreadableFileError(
            Message(
                "{source}: is a folder, not an OpenStreetMap file; name the .osm.pbf file in it",
                source=source,
            )
        )
    if is_stream(source):
        raise UnreadableFileError(
            Message(
                "{source}: {fact}; save the extract, and name its file", source=source, fact=STREAM
            )
        )
    if not source.is_file():
        raise NotFoundError(
            Message(
                "{source}: no such file; check the path, it is taken from {folder}",
                source=source,
                folder=Path.cwd(),
            )
        )

    if _is_pbf(source):
        refuse_fatal_file(source)
    # before osmium: it would unpack without an end
    deleted = _marked_for_deletion(source)
    with _told(source):
        with Reader(str(source)) as reader:
            stated: Header = reader.header()
            covered = _stated_box(stated)
            moment = stated.get("osmosis_replication_timestamp") or stated.get("timestamp")
        box = ground.box if covered is None else _overlap(ground.box, covered)
        kept = _gather(source, box, deleted)

    if not kept.inside_lonlat:
        west, south, east, north = ground.box
        raise InvalidValueError(
            Message(
                "{source}: holds nothing within {west:.4f},{south:.4f} – {east:.4f},{north:.4f}; "
                "longitude comes first: check the place",
                source=source,
                west=west,
                south=south,
                east=east,
                north=north,
            )
        )

    # the source does not say where it ends: not beyond the last node that it holds
    if covered is None:
        lonlat = np.array(kept.inside_lonlat)
        (west, south), (east, north) = lonlat.min(axis=0).tolist(), lonlat.max(axis=0).tolist()
        box = (west, south, east, north)

    _write(target, box, moment, kept)
    return len(kept.nodes) + len(kept.ways) + len(kept.relations)


@dataclass(slots=True)
class _Kept:
    """Elements of the cut as osmium's mutable ones, by id."""

    nodes: dict[int, Any]
    ways: dict[int, Any]
    relations: dict[int, Any]
    inside_lonlat: list[tuple[float, float]]
    # the version of every deletion, by type and id
    deleted: dict[tuple[str, int], int]

    def is_outdated(self, kind: str, element: Any) -> bool:  # noqa: ANN401 (an element of osmium)
        """Return whether an element is deleted, or older than what is kept.

        A deletion takes effect.
        """
        known = {"n": self.nodes, "w": self.ways, "r": self.relations}[kind]
        at, version = (kind, element.id), element.version

        kept = known.get(element.id)
        newest = 0 if kept is None else kept.version
        if version < max(self.deleted.get(at, 0), newest):
            return True

        if element.deleted:
            self.deleted[at] = version
            known.pop(element.id, None)
            return True
        return at in self.deleted and version <= self.deleted[at]


def _marked_for_deletion(source: Path) -> dict[tuple[str, int], int]:
    """Return what an editor has marked for deletion in an XML file, later than every version."""
    with source.open("rb") as file:
        start = file.read(64)
    kind = file_format(source, start)
    if kind == "pbf":
        return {}
    asides = read_asides(source, file_content(source), kind)
    return dict.fromkeys(asides.deleted, 1 << 62)


def _gather(source: Path, box: Box, deleted: dict[tuple[str, int], int]) -> _Kept:
    """Return what the box holds; written flat, for it runs once per element of a province."""
    import osmium
    from osmium.osm import mutable

    west, south, east, north = (round(value * 1e7) for value in box)
    kept = _Kept({}, {}, {}, [], deleted)
    outside_tags: dict[int, dict[str, str]] = {}
    nodes, ways, relations = kept.nodes, kept.ways, kept.relations
    inside = osmium.IdTracker()

    elements: Any = osmium.FileProcessor(str(source)).with_locations("flex_mem")
    for element in elements:
        if element.deleted:
            kept.is_outdated(element.type_str(), element)
            continue
        if element.is_node():
            location = element.location
            if west <= location.x <= east and south <= location.y <= north:
                if kept.is_outdated("n", element):
                    continue
                place = (location.x / 1e7, location.y / 1e7)
                nodes[element.id] = mutable.Node(location=place, **_attributes(element))
                inside.add_node(element.id)
                kept.inside_lonlat.append(place)
            elif element.id in nodes and not kept.is_outdated("n", element):
                del nodes[element.id]  # moved away since
            elif element.tags and any(key in element.tags for key in _KEPT_KEYS):
                outside_tags[element.id] = dict(element.tags)

        # a way of which the box holds a node, with all of its nodes
        elif element.is_way():
            if not inside.contains_any_references(element) or kept.is_outdated("w", element):
                continue
            refs = []
            for node in element.nodes:
                refs.append(node.ref)
                location = node.location
                if node.ref not in nodes and location.valid():
                    place = (location.x / 1e7, location.y / 1e7)
                    tags = outside_tags.get(node.ref, {})
                    nodes[node.ref] = mutable.Node(
                        id=node.ref, version=1, location=place, tags=tags
                    )
            ways[element.id] = mutable.Way(nodes=refs, **_attributes(element))

        # a relation of which anything is kept by now
        elif element.is_relation() and not kept.is_outdated("r", element):
            members = [(member.type, member.ref, member.role) for member in element.members]
            known = {"n": nodes, "w": ways, "r": relations}
            if any(ref in known[kind] for kind, ref, _ in members):
                relations[element.id] = mutable.Relation(members=members, **_attributes(element))
    return kept


def _attributes(element: Any) -> dict[str, Any]:  # noqa: ANN401 (an element of osmium)
    """Return what an element is known by; who drew it is left out."""
    return {
        "id": element.id,
        "version": element.version or 1,
        "timestamp": element.timestamp,
        "tags": dict(element.tags),
    }


def _write(target: Path, box: Box, moment: str, kept: _Kept) -> None:
    """Write the elements by type and id, under a header with the box and the date of the data."""
    import osmium

    header = osmium.io.Header()
    header.set("generator", "walkshed")
    if moment:
        header.set("osmosis_replication_timestamp", moment)
    west, south, east, north = box
    header.add_box(osmium.osm.Box(west, south, east, north))

    # the place on the disk first: osmium ends the process where the disk is full
    elements = [*kept.nodes.values(), *kept.ways.values(), *kept.relations.values()]
    reserve(target, ((members_of(element), element.tags or {}) for element in elements))

    with osmium.SimpleWriter(str(target), header=header, overwrite=True) as writer:
        for node in sorted(kept.nodes):
            writer.add_node(kept.nodes[node])
        for way in sorted(kept.ways):
            writer.add_way(kept.ways[way])
        for relation in sorted(kept.relations):
            writer.add_relation(kept.relations[relation])


def _stated_box(header: Any) -> Box | None:  # noqa: ANN401 (osmium's header)
    box = header.box()
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return (low.lon, low.lat, high.lon, high.lat)


def _overlap(one: Box, two: Box) -> Box:
    """Return the overlap of two boxes; without one, the first, which then holds nothing."""
    west, south = max(one[0], two[0]), max(one[1], two[1])
    east, north = min(one[2], two[2]), min(one[3], two[3])
    return (west, south, east, north) if west < east and south < north else one


@contextmanager
def _told(source: Path) -> Iterator[None]:
    """Turn what osmium raises on broken files into the message that a planner can use."""
    from osmium import InvalidLocationError

    try:
        yield
    except (RuntimeError, ValueError, OverflowError, MemoryError, InvalidLocationError) as error:
        if isinstance(error, InvalidValueError):
            raise
        reason = shorten(" ".join(str(error).split()), 160) or type(error).__name__
        raise UnreadableFileError(
            Message(
                "{source}: cannot be read as OpenStreetMap data ({reason}); download or export it "
                "again, the copy is damaged or cut short",
                source=source,
                reason=reason,
            )
        ) from None


def _is_pbf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(15)[4:] == b"\x0a\x09OSMHeader"
