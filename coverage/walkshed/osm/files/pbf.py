"""The everyday kind of PBF file, decoded a block at a time: whole columns of numbers at once, not node by node.

What is rare (history, plain nodes, locations on ways, other compressions, odd granularities) and
whatever looks damaged is left to osmium, which reads everything and knows the words for what is
wrong; on what is read here the answers are the same (tests/osm).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np

from walkshed.model.arrays import IntArray
from walkshed.model.ground.extract import Tags
from walkshed.model.marks import plain
from walkshed.osm.files.blocks import decoded
from walkshed.osm.files.messages import alike, messages, way_ids
from walkshed.osm.files.wire import (
    DAMAGED,
    Header,
    RarePbf,
    fields,
    newest,
    numbers,
    read_header,
    signed,
    spans_of,
    summed,
    texts,
)

__all__ = ["Elements", "RarePbf", "read_elements"]

NO_TAGS: Tags = MappingProxyType({})
MEMBERS = "nwr"
#: What ``walkshed.model.marks`` takes out, in UTF-8; bytes that are no UTF-8 fail when they are
#: decoded.
_MARKED = re.compile(
    rb"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]"
    rb"|\xe2\x81[\xa6-\xa9]|\xef\xbf[\xbe\xbf]"
)
#: Granularity and offsets by which block fields may say what they are by default.
_AS_USUAL = {(17, 100), (18, 1000), (19, 0), (20, 0)}


@dataclass(slots=True)
class Elements:
    """What the blocks hold, in the order of the file."""

    header: Header | None = None
    node_id: list[IntArray] = field(default_factory=list)
    node_x: list[IntArray] = field(default_factory=list)  # 1e-7 degrees
    node_y: list[IntArray] = field(default_factory=list)
    node_tags: list[tuple[int, Tags]] = field(default_factory=list)
    way_id: list[IntArray] = field(default_factory=list)
    way_tags: list[Tags] = field(default_factory=list)
    way_size: list[IntArray] = field(default_factory=list)  # how many nodes each runs over
    way_refs: list[IntArray] = field(default_factory=list)  # those nodes, end to end
    relations: list[tuple[int, tuple[tuple[str, int, str], ...], Tags]] = field(
        default_factory=list
    )
    newest: int = 0  # seconds since 1970

    def add(self, later: Elements) -> None:
        """Add what a later block holds."""
        for name in (
            *("node_id", "node_x", "node_y", "node_tags", "relations"),
            *("way_id", "way_tags", "way_size", "way_refs"),
        ):
            getattr(self, name).extend(getattr(later, name))
        self.header = later.header or self.header
        self.newest = max(self.newest, later.newest)


def read_elements(content: bytes) -> Elements:
    """Return the elements of a PBF file.

    Raises ``RarePbf`` for a file that is not of the everyday kind.
    """
    found = Elements()
    try:
        for part in decoded(content, _read_blob):
            found.add(part)
    except DAMAGED as error:
        raise RarePbf from error
    return found


def _read_blob(kind: bytes, data: bytes) -> Elements:
    found = Elements()
    if kind == b"OSMHeader":
        found.header = read_header(data)
    elif kind == b"OSMData":
        table, groups = block_of(data)
        strings = [text.decode("utf-8") for text in table]
        for group in groups:
            _read_group(group, strings, found)
    return found


def block_of(data: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the string table and the groups of a block."""
    table: list[bytes] = []
    groups: list[bytes] = []
    for number, value in fields(data):
        if number == 1:
            table = texts(value)
            joined = b"\n".join(table)
            if b"\0" in joined:
                raise RarePbf
            if _MARKED.search(joined):
                table = [plain(text.decode("utf-8")).encode("utf-8") for text in table]
        elif number == 2:
            groups.append(value)
        elif (number, value) not in _AS_USUAL:
            raise RarePbf

    return table, groups


def _read_group(group: bytes, strings: list[str], found: Elements) -> None:
    """Add the elements of one group to ``found``."""
    parts, ways = messages(group)
    if not parts.keys() <= {2, 4, 5}:  # change sets (5) say nothing of the map
        raise RarePbf

    for low, high in parts.get(2, ()):
        _read_nodes(group[low:high], strings, found)

    if len(ways):
        joined, start = spans_of(group, ways[:, 8:10])
        found.way_id.append(way_ids(group, ways))
        found.way_refs.append(summed(joined, start))
        found.way_size.append(np.diff(start))

        # Tags, once for all ways that share them.
        rows, which = alike(group, ways)
        all_keys, all_values = (
            _indices(group, ways[rows, column : column + 2]) for column in (2, 4)
        )
        tags = _tags(all_keys, all_values, strings)
        found.way_tags += [tags[place] for place in which.tolist()]
        found.newest = max(found.newest, newest(group, ways[:, 6:8]))

    for relation, keys in read_relations(group, parts.get(4, []), found):
        refs = np.cumsum(signed(relation.get(9, b""))).tolist()

        values, roles, kinds = (
            numbers(relation.get(number, b"")).tolist() for number in (3, 8, 10)
        )
        members = tuple(
            [
                (MEMBERS[kind], ref, strings[role])
                for kind, ref, role in zip(kinds, refs, roles, strict=True)
            ]
        )

        found.relations.append((relation[1], members, _tags([keys], [values], strings)[0]))


def read_relations(
    group: bytes,
    spans: list[tuple[int, int]],
    dated: Any,  # noqa: ANN401
) -> list[tuple[dict[int, Any], list[int]]]:
    """Return the fields of relations by number, the id as a signed number, and the words that are keys of each.

    ``dated.newest`` learns their time.
    """
    relations = []
    for low, high in spans:
        relation = dict(fields(group[low:high]))
        if not relation.keys() <= {1, 2, 3, 4, 8, 9, 10}:
            raise RarePbf
        if relation[1] >= 1 << 63:
            relation[1] -= 1 << 64  # two's complement
        relations.append(relation)

    # keys and infos of all of them at once
    keys, infos = (
        _end_to_end([relation.get(number, b"") for relation in relations]) for number in (2, 4)
    )
    dated.newest = max(dated.newest, newest(*infos))
    return list(zip(relations, _indices(*keys), strict=True))


def _end_to_end(parts: list[bytes]) -> tuple[bytes, IntArray]:
    """Return parts joined, and the span of each."""
    ends = np.cumsum([0, *map(len, parts)])
    return b"".join(parts), np.column_stack([ends[:-1], ends[1:]])


@dataclass(frozen=True, slots=True)
class Nodes:
    """A column of nodes.

    ``words`` are indices of keys and values by turns, a 0 ends the words of a node.
    """

    id: IntArray
    x: IntArray
    y: IntArray
    words: IntArray
    newest: int


def read_nodes(data: bytes) -> Nodes:
    """Return the dense nodes of a message."""
    dense = dict(fields(data))
    if not dense.keys() <= {1, 5, 8, 9, 10}:
        raise RarePbf

    # columns of differences, summed
    ids, y, x = (np.cumsum(signed(dense.get(number, b""))) for number in (1, 8, 9))
    if not len(ids) == len(x) == len(y):
        raise RarePbf

    info = dict(fields(dense.get(5, b"")))
    if 6 in info:  # "visible": a history
        raise RarePbf
    latest = int(np.cumsum(signed(info[2])).max(initial=0)) if 2 in info else 0

    words = numbers(dense.get(10, b"")).astype(np.int64)
    if len(words) and np.count_nonzero(words == 0) != len(ids):
        raise RarePbf

    return Nodes(ids, x, y, words, latest)


def _read_nodes(data: bytes, strings: list[str], found: Elements) -> None:
    nodes = read_nodes(data)
    found.node_id.append(nodes.id)
    found.node_x.append(nodes.x)
    found.node_y.append(nodes.y)
    found.newest = max(found.newest, nodes.newest)

    # words of one node after the other, a 0 after each
    words, ends = nodes.words.tolist(), np.flatnonzero(nodes.words == 0)
    begins = np.concatenate([[0], ends + 1])[:-1]
    tagged = np.flatnonzero(ends > begins)  # few are
    for node, begin, end in zip(
        nodes.id[tagged].tolist(), begins[tagged].tolist(), ends[tagged].tolist(), strict=True
    ):
        pairs = words[begin:end]
        tags = {
            strings[key]: strings[value] for key, value in zip(pairs[::2], pairs[1::2], strict=True)
        }
        found.node_tags.append((node, MappingProxyType(tags)))


def _indices(group: bytes, spans: IntArray) -> list[list[int]]:
    joined, start = spans_of(group, spans)
    values = numbers(joined).tolist()
    return [values[low:high] for low, high in pairwise(start.tolist())]


def _tags(keys: list[list[int]], values: list[list[int]], strings: list[str]) -> list[Tags]:
    return [
        MappingProxyType(
            {strings[key]: strings[value] for key, value in zip(own, said, strict=True)}
        )
        if own
        else NO_TAGS
        for own, said in zip(keys, values, strict=True)
    ]
