"""The everyday kind of PBF file, decoded a block at a time: whole columns of numbers at once, not node by node.

Format: https://wiki.openstreetmap.org/wiki/PBF_Format. What is rare (history, plain nodes, locations on ways, other
compressions, odd granularities) and whatever looks damaged is left to osmium, which reads everything and knows the
words for what is wrong; on what is read here the answers are the same (tests/osm).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from walkshed.model.arrays import IntArray
from walkshed.model.extract import Tags

NO_TAGS: Tags = MappingProxyType({})
_MEMBERS = "nwr"
_EVERYDAY = {b"OsmSchema-V0.6", b"DenseNodes"}
_MOST_BLOB = 32 * 1024 * 1024  # the format's own limit


class RarePbf(Exception):  # noqa: N818 (no error: a word between two modules of this room)
    """The file is for osmium to read."""


@dataclass(slots=True)
class Elements:
    """What the blocks hold, in the order of the file."""

    node_id: list[IntArray] = field(default_factory=list)
    node_x: list[IntArray] = field(default_factory=list)  # 1e-7 degrees
    node_y: list[IntArray] = field(default_factory=list)
    node_tags: list[tuple[int, Tags]] = field(default_factory=list)
    ways: list[tuple[int, tuple[int, ...], Tags]] = field(default_factory=list)
    relations: list[tuple[int, tuple[tuple[str, int, str], ...], Tags]] = field(default_factory=list)
    newest: int = 0  # seconds since 1970


def read_elements(content: bytes) -> Elements:
    """Return the elements of a PBF file. Raises ``RarePbf`` for a file that is not of the everyday kind."""
    found = Elements()
    try:
        for kind, data in _blobs(content):
            if kind == b"OSMHeader":
                if not {bytes(value) for number, value in _fields(data) if number == 4} <= _EVERYDAY:
                    raise RarePbf
            elif kind == b"OSMData":
                _read_block(data, found)
    except (IndexError, ValueError, KeyError, TypeError, OverflowError, zlib.error) as error:
        raise RarePbf from error
    return found


def _blobs(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the type and the unpacked bytes of each blob."""
    at = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        header = dict(_fields(content[at + 4 : at + 4 + size]))
        at += 4 + size
        length = header[3]
        blob = dict(_fields(content[at : at + length]))
        at += length
        if at > len(content) or not isinstance(length, int):
            raise RarePbf
        if 3 in blob:
            data = zlib.decompress(blob[3], bufsize=min(int(blob.get(2, 0)), _MOST_BLOB) or zlib.DEF_BUF_SIZE)
        elif 1 in blob:
            data = bytes(blob[1])
        else:
            raise RarePbf
        if len(data) != blob.get(2, len(data)):
            raise RarePbf
        yield bytes(header[1]), data


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Yield number and value of each field of a message: an int, or bytes."""
    at, end = 0, len(data)
    while at < end:
        key = data[at]
        at += 1
        if key > 127:
            key, at = _varint(data, at - 1)
        value = data[at]
        at += 1
        if value > 127:
            value, at = _varint(data, at - 1)
        kind = key & 7
        if kind == 0:
            yield key >> 3, value
        elif kind == 2:
            if at + value > end:
                raise RarePbf
            yield key >> 3, data[at : at + value]
            at += value
        else:
            raise RarePbf


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _numbers(packed: bytes) -> NDArray[np.uint64]:
    """Return the variable-length integers in ``packed``, seven bits to a byte, low ones first."""
    raw = np.frombuffer(packed, dtype=np.uint8)
    last = np.flatnonzero(raw < 128)
    if len(raw) and (len(last) == 0 or last[-1] != len(raw) - 1):
        raise RarePbf
    first = np.concatenate([[0], last[:-1] + 1]) if len(last) else last
    length = last - first + 1
    values = (raw[first] & 127).astype(np.uint64)
    for k in range(1, int(length.max(initial=0))):
        rows = np.flatnonzero(length > k)
        values[rows] |= (raw[first[rows] + k] & 127).astype(np.uint64) << np.uint64(7 * k)
    return np.asarray(values, dtype=np.uint64)


def _signed(packed: bytes) -> IntArray:
    """Return zigzag-coded integers: 0, -1, 1, -2 are written as 0, 1, 2, 3."""
    values = _numbers(packed)
    return (values >> np.uint64(1)).astype(np.int64) ^ -(values & np.uint64(1)).astype(np.int64)


def _read_block(data: bytes, found: Elements) -> None:
    """Add the elements of one block to ``found``."""
    strings: list[str] = []
    groups: list[bytes] = []
    for number, value in _fields(data):
        if number == 1:
            strings = [text.decode("utf-8") for _, text in _fields(value)]
        elif number == 2:
            groups.append(value)
        elif (number, value) not in {(17, 100), (18, 1000), (19, 0), (20, 0)}:  # granularities and offsets
            raise RarePbf
    for group in groups:
        ways, relations = [], []
        for number, value in _fields(group):
            if number == 2:
                _read_nodes(value, strings, found)
            elif number == 3:
                ways.append(_message(value, {1, 2, 3, 4, 8}))
            elif number == 4:
                relations.append(_message(value, {1, 2, 3, 4, 8, 9, 10}))
            elif number != 5:  # change sets say nothing of the map
                raise RarePbf
        if ways:
            refs = _summed(ways, 8)
            found.ways += [
                (_id(way), tuple(nodes), tags)
                for way, nodes, tags in zip(ways, refs, _tags(ways, strings), strict=True)
            ]
        if relations:
            _read_relations(relations, strings, found)
        for message in (*ways, *relations):
            _date(message, found)


def _message(data: bytes, known: set[int]) -> dict[int, Any]:
    fields = dict(_fields(data))
    if not fields.keys() <= known:
        raise RarePbf
    return fields


def _id(message: dict[int, Any]) -> int:
    """Return the id: an int64 that protobuf writes in two's complement."""
    value = int(message[1])
    return value - (1 << 64) if value >= 1 << 63 else value


def _date(message: dict[int, Any], found: Elements) -> None:
    info = dict(_fields(message.get(4, b"")))
    if 6 in info:  # "visible": a history
        raise RarePbf
    found.newest = max(found.newest, info.get(2, 0))


def _read_nodes(data: bytes, strings: list[str], found: Elements) -> None:
    dense = _message(data, {1, 5, 8, 9, 10})
    ids = np.cumsum(_signed(dense.get(1, b"")))
    x, y = np.cumsum(_signed(dense.get(9, b""))), np.cumsum(_signed(dense.get(8, b"")))
    if not len(ids) == len(x) == len(y):
        raise RarePbf
    found.node_id.append(ids)
    found.node_x.append(x)
    found.node_y.append(y)
    info = dict(_fields(dense.get(5, b"")))
    if 6 in info:
        raise RarePbf
    if 2 in info:
        found.newest = max(found.newest, int(np.cumsum(_signed(info[2])).max(initial=0)))
    keys = _numbers(dense.get(10, b"")).astype(np.int64)
    if len(keys) == 0:
        return
    # Keys and values by turns; a 0 ends a node.
    words, node, place = keys.tolist(), 0, 0
    ends = np.flatnonzero(keys == 0).tolist()
    for end in ends:
        if end > place:
            pairs = words[place:end]
            tags = {strings[key]: strings[value] for key, value in zip(pairs[::2], pairs[1::2], strict=True)}
            found.node_tags.append((int(ids[node]), MappingProxyType(tags)))
        node, place = node + 1, end + 1
    if node != len(ids):
        raise RarePbf


def _columns(messages: list[dict[int, Any]], number: int) -> tuple[bytes, list[int]]:
    """Return one field of all messages, end to end, and the count of numbers before each."""
    parts = [message.get(number, b"") for message in messages]
    joined = b"".join(parts)
    last = np.concatenate([[0], np.cumsum(np.frombuffer(joined, dtype=np.uint8) < 128)])
    return joined, last[np.cumsum([0, *map(len, parts)])].tolist()


def _summed(messages: list[dict[int, Any]], number: int) -> list[list[int]]:
    """Return a field of delta-coded ids for each message."""
    joined, start = _columns(messages, number)
    running = np.concatenate([[0], np.cumsum(_signed(joined))])
    first = np.array(start[:-1])
    values = (running[1:] - np.repeat(running[first], np.diff(start))).tolist()
    return [values[low:high] for low, high in pairwise(start)]


def _indices(messages: list[dict[int, Any]], number: int) -> list[list[int]]:
    joined, start = _columns(messages, number)
    values = _numbers(joined).astype(np.int64).tolist()
    return [values[low:high] for low, high in pairwise(start)]


def _tags(messages: list[dict[int, Any]], strings: list[str]) -> list[Tags]:
    return [
        MappingProxyType({strings[key]: strings[value] for key, value in zip(keys, values, strict=True)})
        if keys
        else NO_TAGS
        for keys, values in zip(_indices(messages, 2), _indices(messages, 3), strict=True)
    ]


def _read_relations(messages: list[dict[int, Any]], strings: list[str], found: Elements) -> None:
    roles, refs, kinds = _indices(messages, 8), _summed(messages, 9), _indices(messages, 10)
    for row, (message, tags) in enumerate(zip(messages, _tags(messages, strings), strict=True)):
        members = tuple(
            [
                (_MEMBERS[kind], ref, strings[role])
                for kind, ref, role in zip(kinds[row], refs[row], roles[row], strict=True)
            ]
        )
        found.relations.append((_id(message), members, tags))
