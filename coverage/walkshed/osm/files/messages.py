"""The messages of a group: where they lie, and where the fields of its ways lie, all ways at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from walkshed.model.arrays import IntArray
from walkshed.osm.files.wire import RarePbf, varint

_WAY = 0x1A  # field 3, with a length
_ID = 0x08  # field 1, a number
#: The columns of a way's fields by tag: id, keys, values, info and references; -1 for all others.
_COLUMN = np.full(256, -1, dtype=np.int64)
_COLUMN[[_ID, 0x12, 0x1A, 0x22, 0x42]] = range(0, 10, 2)
_LEAST_WAY = 4  # bytes of a way and its tag
_MOST_BYTES = 10  # of a number: seven bits each


def messages(data: bytes) -> tuple[dict[int, list[tuple[int, int]]], IntArray]:
    """Return where a group's messages lie in it, by field number, and the parts of its ways.

    The ways are (n, 10): from and to of the fields id, keys, values, info and references, 0 and 0
    for one that is not there. Raises ``RarePbf`` for fields that everyday ways lack, or hold twice.
    """
    raw = np.frombuffer(data, dtype=np.uint8)
    spans = _nothing_but_ways(raw)
    if spans is not None:
        return {}, _way_parts(raw, *spans)

    found: dict[int, list[tuple[int, int]]] = {}
    begins: list[int] = []
    ends: list[int] = []

    # a message follows the other: its tag, its size, its bytes
    at, end = 0, len(data)
    while at < end:
        tag, size = data[at], data[at + 1]
        at += 2
        if size > 127:
            size, at = varint(data, at - 1)

        if tag == _WAY:
            begins.append(at)
            at += size
            ends.append(at)
        elif tag & 7 == 2 and tag < 128:
            found.setdefault(tag >> 3, []).append((at, at + size))
            at += size
        else:
            raise RarePbf

    if at != end:
        raise RarePbf

    spans = np.array(begins, dtype=np.int64), np.array(ends, dtype=np.int64)
    return found, _way_parts(raw, *spans)


def _nothing_but_ways(raw: NDArray[np.uint8]) -> tuple[IntArray, IntArray] | None:
    """Return where the messages of a group lie that holds ways only, as most with ways do; None for another.

    Every byte that might begin a way is taken for one, all at once. Those that do are then reached
    from the first, each from the one before it.
    """
    if len(raw) < _LEAST_WAY or raw[0] != _WAY:
        return None

    # its tag, its size in one byte or two, and first of all its id
    is_way = raw[:-3] == _WAY
    is_way &= (raw[2:-1] == _ID) | (raw[3:] == _ID)
    at = np.flatnonzero(is_way)
    if len(at) == 0 or at[0] > 0:
        return None
    low, high = raw[at + 1].astype(np.int64), raw[at + 2].astype(np.int64)
    begin = at + 2 + (low > 127)
    end = begin + np.where(low > 127, (low & 127) | high << 7, low)
    end[(low > 127) & (high > 127)] = len(raw) + 1

    # the way that begins where one ends; none where no byte there says so
    after = np.searchsorted(at, end)
    found = np.append(at, len(raw))[after] == end
    following = np.where(found, after, -1).tolist()
    ways, way = [], 0
    while 0 <= way < len(at):
        ways.append(way)
        way = following[way]
    return None if way < 0 else (begin[ways], end[ways])


def _way_parts(raw: NDArray[np.uint8], at: IntArray, stop: IntArray) -> IntArray:
    """Return the parts of ways that lie from ``at`` to ``stop``.

    Field after field, each time of all ways that have one more: five rounds at most.
    """
    parts = np.zeros((len(at), 10), dtype=np.int64)
    way = np.arange(len(at))
    while len(way):
        # A field's tag, and its number or its length.
        column = _COLUMN[raw[at]]
        if (column < 0).any() or parts[way, column + 1].any():
            raise RarePbf
        after, size = _numbers_at(raw, at + 1)

        # An id is the number itself; of other fields the bytes follow.
        is_id = column == 0
        parts[way, column] = np.where(is_id, at + 1, after)
        at = np.where(is_id, after, after + size)
        parts[way, column + 1] = at

        if (((size < 0) | (size > len(raw))) & ~is_id).any() or (at > stop).any():
            raise RarePbf
        more = at < stop
        way, at, stop = way[more], at[more], stop[more]
    if not parts[:, 1].all():  # without an id
        raise RarePbf
    return parts


def _numbers_at(raw: NDArray[np.uint8], at: IntArray) -> tuple[IntArray, IntArray]:
    """Return the places after the variable-length integers at some places, and the integers."""
    byte = raw[at].astype(np.int64)
    value, after = byte & 127, at + 1
    longer = np.flatnonzero(byte > 127)

    # byte by byte, those that go on
    for place in range(1, _MOST_BYTES):
        if not len(longer):
            return after, value
        byte = raw[after[longer]].astype(np.int64)
        value[longer] |= (byte & 127) << 7 * place
        after[longer] += 1
        longer = longer[byte > 127]

    if len(longer):
        raise RarePbf
    return after, value


def way_ids(data: bytes, ways: IntArray) -> IntArray:
    """Return the ids of ways as ``messages`` found them."""
    after, ids = _numbers_at(np.frombuffer(data, dtype=np.uint8), ways[:, 0])
    if (after != ways[:, 1]).any():
        raise RarePbf
    return ids


def alike(data: bytes, ways: IntArray) -> tuple[IntArray, IntArray]:
    """Return the rows of ways whose tags no way before has, and for each way its place among those.

    A town's ways share few sets of tags, and those of one block the same bytes: only the first of
    each need be looked at.
    """
    # values follow keys nearly always: the bytes of both as one
    known: dict[bytes, int] = {}
    spans = zip(ways[:, 2].tolist(), ways[:, 5].tolist(), strict=True)
    which = [known.setdefault(data[low:high], len(known)) for low, high in spans]
    place = np.array(which, dtype=np.int64)
    rows = _first_of(place)

    # the same bytes are the same tags where values begin at the same byte of them
    layout = ways[:, 3:6] - ways[:, 2:3]
    if (layout == layout[rows[place]]).all() and (ways[:, 3] <= ways[:, 4]).all():
        return rows, place

    apart: dict[tuple[bytes, bytes], int] = {}
    which = [
        apart.setdefault((data[key:key_to], data[value:value_to]), len(apart))
        for key, key_to, value, value_to in ways[:, 2:6].tolist()
    ]
    place = np.array(which, dtype=np.int64)
    return _first_of(place), place


def _first_of(place: IntArray) -> IntArray:
    """Return the first row of each place; places are numbered as they come."""
    highest = np.maximum.accumulate(place)
    return np.flatnonzero(np.diff(highest, prepend=-1))
