"""PBF files written by hand, byte by byte."""

from __future__ import annotations

import zlib


def number(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def text(key: int, value: bytes) -> bytes:
    return number(key << 3 | 2) + number(len(value)) + value


def blob(kind: bytes, data: bytes) -> bytes:
    body = number(2 << 3) + number(len(data)) + text(3, zlib.compress(data))
    header = text(1, kind) + number(3 << 3) + number(len(body))
    return len(header).to_bytes(4, "big") + header + body


HEADER = blob(b"OSMHeader", text(4, b"OsmSchema-V0.6") + text(4, b"DenseNodes"))


def block(group: bytes, more: bytes = b"") -> bytes:
    return blob(
        b"OSMData",
        text(1, text(1, b"") + text(1, b"name") + text(1, "老街".encode())) + text(2, group) + more,
    )


NODES = text(
    2,
    text(1, bytes([2, 2]))
    + text(8, number(1000) + bytes([3]))
    + text(9, bytes([0, 4]))
    + text(10, bytes([0, 1, 2, 0])),
)
