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
_MOST_BYTES = 10  # of a number: seven bits each


def messages(data: bytes) -> tuple[dict[int, list[tuple[int, int]]], IntArray]:
    """Return where a group's messages lie in it, by field number, and the parts of its ways.

    The ways are (n, 10): from and to of the fields id, keys, values, info and references, 0 and 0
    for one that is not there. Raises ``RarePbf`` for fields that everyday ways lack, or hold twice.
    """
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

    spans = (np.array(side, dtype=np.int64) for side in (begins, ends))
    return found, _way_parts(np.frombuffer(data, dtype=np.uint8), *spans)


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


def alike(data: bytes, ways: IntArray) -> tuple[IntArray, IntArray]:
    """Return the rows of ways whose tags no way before has, and for each way its place among those.

    A town's ways share few sets of tags, and those of one block the same bytes: only the first of
    each need be looked at.
    """
    known: dict[tuple[bytes, bytes], int] = {}
    which = [
        known.setdefault((data[key:key_to], data[value:value_to]), len(known))
        for key, key_to, value, value_to in ways[:, 2:6].tolist()
    ]
    place = np.array(which, dtype=np.int64)
    return np.unique(place, return_index=True)[1], place
