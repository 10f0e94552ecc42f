"""What the blocks of a PBF file hold of streets: ids and places of all, the words of few."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from walkshed.model.arrays import IntArray, distinct, is_among
from walkshed.model.ground.extract import Tags
from walkshed.osm.files.messages import alike, messages, way_ids
from walkshed.osm.files.pbf import MEMBERS, block_of, read_nodes, read_relations
from walkshed.osm.files.wire import (
    Header,
    RarePbf,
    newest,
    numbers,
    read_header,
    signed,
    spans_of,
)
from walkshed.osm.tags import keys
from walkshed.osm.tags.street_words import Words, line_kinds, places, street_tags


@dataclass(slots=True)
class Found:
    """What the blocks of a file hold of streets, in the order of the file."""

    header: Header | None = None
    node_id: list[IntArray] = field(default_factory=list)
    node_x: list[IntArray] = field(default_factory=list)  # 1e-7 degrees
    node_y: list[IntArray] = field(default_factory=list)
    barriers: list[tuple[int, Tags]] = field(default_factory=list)
    # a group, and the spans of its ways' references
    ways: list[tuple[bytes, IntArray]] = field(default_factory=list)
    way_id: list[IntArray] = field(default_factory=list)
    tags: dict[int, Tags] = field(default_factory=dict)  # by way
    # by way, in the order of the file: kinds of tracks, and "coastline"
    lines: dict[int, str] = field(default_factory=dict)
    relation_id: list[int] = field(default_factory=list)
    squares: list[tuple[int, tuple[tuple[str, int, str], ...], Tags]] = field(default_factory=list)
    members: list[tuple[bytes, bytes]] = field(default_factory=list)  # ids and kinds, packed
    newest: int = 0  # seconds since 1970

    def add(self, later: Found) -> None:
        """Add what a later block holds."""
        for name in (
            *("node_id", "node_x", "node_y", "barriers", "ways", "way_id"),
            *("relation_id", "squares", "members"),
        ):
            getattr(self, name).extend(getattr(later, name))
        self.tags.update(later.tags)
        self.lines.update(later.lines)
        self.header = later.header or self.header
        self.newest = max(self.newest, later.newest)


def read_blob(kind: bytes, data: bytes) -> Found:
    """Return what a blob of some kind holds of streets. Raises ``RarePbf`` and ``wire.DAMAGED``."""
    found = Found()
    if kind == b"OSMHeader":
        found.header = read_header(data)
    elif kind == b"OSMData":
        _read_block(data, found)
    return found


def _read_block(data: bytes, found: Found) -> None:
    table, groups = block_of(data)
    for group in groups:
        parts, ways = messages(group)
        if not parts.keys() <= {2, 4, 5}:
            raise RarePbf
        for low, high in parts.get(2, ()):
            _read_nodes(group[low:high], table, found)
        if len(ways):
            _read_ways(group, ways, table, found)
        _read_relations(group, parts.get(4, []), table, found)


def _read_nodes(data: bytes, table: list[bytes], found: Found) -> None:
    """Add the nodes; of their tags those of barriers."""
    nodes = read_nodes(data)
    found.node_id.append(nodes.id)
    found.node_x.append(nodes.x)
    found.node_y.append(nodes.y)
    found.newest = max(found.newest, nodes.newest)

    # words of one node after the other, a 0 after each
    ends = np.flatnonzero(nodes.words == 0)
    begins = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    if ((ends - begins) % 2).any():
        raise RarePbf

    at = np.flatnonzero(is_among(nodes.words, places(table, {"barrier"})))
    node = np.searchsorted(ends, at)
    # among the keys, not the values
    for row in distinct(node[(at - begins[node]) % 2 == 0]).tolist():
        own = nodes.words[begins[row] : ends[row]].tolist()
        found.barriers.append((int(nodes.id[row]), _text(own[::2], own[1::2], table)))


def _read_ways(group: bytes, ways: IntArray, table: list[bytes], found: Found) -> None:
    """Add ids and references of all ways, and the tags of those that may be streets."""
    ids = way_ids(group, ways)
    found.ways.append((group, ways[:, 8:10]))
    found.way_id.append(ids)
    found.newest = max(found.newest, newest(group, ways[:, 6:8]))

    # Tags, once for all ways that share them.
    rows, which = alike(group, ways)
    key, first = _numbers(group, ways[rows, 2:4])
    value, same = _numbers(group, ways[rows, 4:6])
    if (first != same).any():
        raise RarePbf

    words = Words(key, value, first)

    for kinds in line_kinds(words, table):
        for way in np.flatnonzero(is_among(which, np.fromiter(kinds, np.int64, len(kinds)))):
            found.lines[int(ids[way])] = kinds[int(which[way])]

    tags = street_tags(words, table)
    chosen = np.flatnonzero(is_among(which, np.fromiter(tags, np.int64, len(tags))))
    own = map(tags.__getitem__, which[chosen].tolist())
    found.tags.update(zip(ids[chosen].tolist(), own, strict=True))


def _read_relations(
    group: bytes, spans: list[tuple[int, int]], table: list[bytes], found: Found
) -> None:
    """Add the squares that are mapped as relations.

    What all relations hold is kept too: it may tell the bounds.
    """
    squares = set(places(table, keys.WAY_KEYS).tolist())
    for relation, own in read_relations(group, spans, found):
        found.relation_id.append(relation[1])
        found.members.append((relation.get(9, b""), relation.get(10, b"")))
        if not squares.isdisjoint(own):
            refs, kinds = members_of(*found.members[-1])
            roles = numbers(relation.get(8, b"")).tolist()
            members = tuple(
                (MEMBERS[kind], ref, table[role].decode("utf-8"))
                for kind, ref, role in zip(kinds.tolist(), refs.tolist(), roles, strict=True)
            )
            tags = _text(own, numbers(relation.get(3, b"")).tolist(), table)
            found.squares.append((relation[1], members, tags))


def _text(keys_: list[int], values: list[int], table: list[bytes]) -> Tags:
    pairs = zip(keys_, values, strict=True)
    return MappingProxyType(
        {table[key].decode("utf-8"): table[value].decode("utf-8") for key, value in pairs}
    )


def _numbers(group: bytes, spans: IntArray) -> tuple[IntArray, IntArray]:
    joined, start = spans_of(group, spans)
    return numbers(joined).astype(np.int64), start


def members_of(refs: bytes, kinds: bytes) -> tuple[IntArray, NDArray[np.uint64]]:
    """Return the ids and the kinds of what a relation holds, from the columns of its message."""
    return np.cumsum(signed(refs)), numbers(kinds)
