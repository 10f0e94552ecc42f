"""The wire of PBF files: blobs, messages and packed numbers, whole columns of them at once.

Format: https://wiki.openstreetmap.org/wiki/PBF_Format and
https://protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from mmap import mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from walkshed.model.arrays import IntArray
from walkshed.model.messages import Message

_EVERYDAY = {b"OsmSchema-V0.6", b"DenseNodes"}
_MOST_BLOB = 32 * 1024 * 1024  # the format's own limit
_MOST_HEAD = 64 * 1024  # likewise, of the head before a blob
#: A map unpacks to two to five times its size. What exceeds this many times and bytes is made to
#: fill the memory.
MOST_UNPACKED, UNPACKED_ALLOWANCE = 50, 4 * 1024 * 1024
_MOST_SHIFT = 63  # a number ends after ten bytes of seven bits
#: What damaged bytes raise on their way through this room.
DAMAGED = (IndexError, ValueError, KeyError, TypeError, OverflowError, zlib.error)

Spans = NDArray[np.int64]  # (n, 2): from and to, bytes of a message


class RarePbf(Exception):  # noqa: N818 (no error: a word between modules of this room)
    """The file is for osmium to read."""


class UnsoundPbf(Exception):  # noqa: N818 (likewise)
    """The file must not be read at all: its words are what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of a file says: the date of its data ("" for none), and the box that it covers."""

    stated: str
    box: tuple[float, float, float, float] | None


def blobs(content: bytes | mmap) -> Iterator[tuple[bytes, bytes]]:
    """Yield the type and the unpacked bytes of each blob.

    Each is measured while it is unpacked. Raises ``UnsoundPbf`` for one beyond the format's limit,
    or when all of them together exceed what a map of this size may be.
    """
    unpacked = 0
    for kind, low, high in frames(content):
        data = inflated(content[low:high])
        unpacked += len(data)
        refuse_bomb(unpacked, len(content))
        yield kind_of(kind), data


def frames(content: bytes | mmap) -> Iterator[tuple[Any, int, int]]:
    """Yield the type of each blob, as its head says it, and from where to where it lies."""
    at = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        if size > _MOST_HEAD:
            raise RarePbf

        # the head says how long the blob is
        header = dict(fields(content[at + 4 : at + 4 + size]))
        at += 4 + size
        length = header[3]
        if not isinstance(length, int) or at + length > len(content):
            raise RarePbf
        yield header.get(1), at, at + length
        at += length


def kind_of(stated: Any) -> bytes:  # noqa: ANN401 (whatever the head of a blob says)
    """Return the type of a blob. Raises ``RarePbf`` for one without any."""
    if not isinstance(stated, bytes):
        raise RarePbf
    return stated


def inflated(blob: bytes) -> bytes:
    """Return the unpacked bytes of a blob. Raises ``UnsoundPbf`` beyond the format's limit."""
    parts = dict(fields(blob))
    if 3 in parts:
        data = _inflated(parts[3])
    elif 1 in parts:
        data = bytes(parts[1])
    else:
        raise RarePbf

    if len(data) != parts.get(2, len(data)):
        raise RarePbf
    return data


def is_bomb(unpacked: int, size: int) -> bool:
    """Return whether blobs of a file of ``size`` bytes unpack to more than those of a map may."""
    return unpacked > MOST_UNPACKED * size + UNPACKED_ALLOWANCE


def refuse_bomb(unpacked: int, size: int) -> None:
    """Raise ``UnsoundPbf`` where blobs of a file of ``size`` bytes unpack to more than a map may."""
    if is_bomb(unpacked, size):
        raise UnsoundPbf(
            Message(
                "{size:,} {size:byte|bytes} unpack to more than {unpacked:,}, over {times} times "
                "as many",
                size=size,
                unpacked=unpacked,
                times=MOST_UNPACKED,
            )
        )


def _inflated(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(packed, _MOST_BLOB + 1)
    if len(data) > _MOST_BLOB:
        raise UnsoundPbf(
            Message(
                "a block of it unpacks to more than the format's {most_blob:,} "
                "{most_blob:byte|bytes}",
                most_blob=_MOST_BLOB,
            )
        )
    if not unpacker.eof:
        raise RarePbf
    return data


def read_header(data: bytes) -> Header:
    """Return what an everyday file's header says, in osmium's words.

    Raises ``RarePbf`` for one of another kind.
    """
    found = list(fields(data))
    if not {bytes(value) for number, value in found if number == 4} <= _EVERYDAY:
        raise RarePbf

    last = dict(found)
    seconds = int(last.get(32, 0))  # of the replication that the file belongs to
    stated = datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds else ""
    if 1 not in last:
        return Header(stated, None)

    # the box, in billionths of a degree
    sides = dict(fields(last[1]))
    # left, right, top, bottom
    nano = [(sides[number] >> 1) ^ -(sides[number] & 1) for number in (1, 2, 3, 4)]
    left, right, top, bottom = (abs(side) // 100 * (1 if side >= 0 else -1) / 1e7 for side in nano)
    west, east = min(left, right), max(left, right)
    south, north = min(bottom, top), max(bottom, top)

    valid = west >= -180 and east <= 180 and south >= -90 and north <= 90
    return Header(stated, (west, south, east, north) if valid else None)


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Yield number and value of each field of a message: an int, or bytes."""
    at, end = 0, len(data)
    while at < end:
        key = data[at]
        at += 1
        if key > 127:
            key, at = varint(data, at - 1)

        value = data[at]
        at += 1
        if value > 127:
            value, at = varint(data, at - 1)

        # 0 is a number, 2 are bytes; everyday files hold no other kinds
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


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the variable-length integer at a place, and the place after it."""
    value, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
        if shift > _MOST_SHIFT:
            raise RarePbf


def texts(table: bytes) -> list[bytes]:
    """Return the entries of a string table, a message of nothing but field 1."""
    found: list[bytes] = []
    at, end = 0, len(table)
    while at < end:
        if table[at] != 0x0A:
            raise RarePbf

        size = table[at + 1]
        at += 2
        if size > 127:
            size, at = varint(table, at - 1)
        found.append(table[at : at + size])
        at += size

    if at != end:
        raise RarePbf
    return found


def spans_of(data: bytes, spans: Spans) -> tuple[bytes, IntArray]:
    """Return the bytes of ascending spans end to end, and the count of numbers before each, one more than spans."""
    # Spans ascend and do not overlap: a byte belongs to one if more have begun than ended.
    begins, ends = spans[spans[:, 1] > spans[:, 0]].T
    turns = np.zeros(len(data) + 1, dtype=np.int8)
    turns[begins] += 1
    turns[ends] -= 1
    held = np.cumsum(turns[:-1], dtype=np.int8).view(np.bool_)
    joined = np.frombuffer(data, dtype=np.uint8)[held]

    # A number ends with a byte below 128.
    before = np.concatenate([[0], np.cumsum(joined < 128)])
    length = spans[:, 1] - spans[:, 0]
    return joined.tobytes(), before[np.concatenate([[0], np.cumsum(length)])]


def numbers(packed: bytes) -> NDArray[np.uint64]:
    """Return the variable-length integers in ``packed``: seven bits to a byte, low ones first."""
    raw = np.frombuffer(packed + bytes(8), dtype=np.uint8)
    last = np.flatnonzero(raw[:-8] < 128)
    if len(packed) and (len(last) == 0 or last[-1] != len(packed) - 1):
        raise RarePbf

    if len(last) == 0:
        return np.zeros(0, dtype=np.uint64)

    first = np.concatenate([[0], last[:-1] + 1])
    length = last - first + 1
    if length.max() > _MOST_SHIFT // 7 + 1:
        raise RarePbf
    # Eight bytes from each first one, as one number; what lies beyond the last is masked, then the
    # gaps are closed.
    eight = np.ndarray(shape=(len(raw) - 7,), dtype="<u8", buffer=raw, strides=(1,))[first]
    eight &= _MASKS[np.minimum(length, 8)]
    values = (eight & _LOW[0]) | (eight & _HIGH[0]) >> np.uint64(1)
    values = (values & _LOW[1]) | (values & _HIGH[1]) >> np.uint64(2)
    values = (values & _LOW[2]) | (values & _HIGH[2]) >> np.uint64(4)

    # the bytes beyond the eighth, which few have
    for k in range(8, int(length.max())):
        rows = np.flatnonzero(length > k)
        values[rows] |= (raw[first[rows] + k] & 127).astype(np.uint64) << np.uint64(7 * k)
    return np.asarray(values, dtype=np.uint64)


_MASKS = np.array(
    [0x7F7F7F7F7F7F7F7F & ((1 << 8 * count) - 1) for count in range(9)], dtype=np.uint64
)
_LOW = np.array([0x007F007F007F007F, 0x00003FFF00003FFF, 0x000000000FFFFFFF], dtype=np.uint64)
_HIGH = np.array([0x7F007F007F007F00, 0x3FFF00003FFF0000, 0x0FFFFFFF00000000], dtype=np.uint64)


def signed(packed: bytes) -> IntArray:
    """Return zigzag-coded integers: 0, -1, 1, -2 are written as 0, 1, 2, 3."""
    values = numbers(packed)
    return (values >> np.uint64(1)).astype(np.int64) ^ -(values & np.uint64(1)).astype(np.int64)


def summed(joined: bytes, start: IntArray) -> IntArray:
    """Return delta-coded numbers that begin anew at each ``start``, end to end."""
    running = np.concatenate([[0], np.cumsum(signed(joined))])
    return np.asarray(running[1:] - np.repeat(running[start[:-1]], np.diff(start)), dtype=np.int64)


def newest(data: bytes, infos: Spans) -> int:
    """Return the latest time in the info messages of ways or relations, 0 for none.

    A history is ``RarePbf``.
    """
    joined, start = spans_of(data, infos)
    values = numbers(joined)
    if len(values) % 2 or (start % 2).any():
        raise RarePbf

    # nothing but numbers: versions, times, change sets, users
    keys, told = values[::2], values[1::2]
    if (keys & np.uint64(7)).any() or (keys == 6 << 3).any():  # other types; "visible"
        raise RarePbf
    return int(told[keys == 2 << 3].max(initial=0))
