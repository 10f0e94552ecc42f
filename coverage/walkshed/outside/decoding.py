"""Bodies unpacked, measured while they are: a small answer cannot fill the memory."""

from __future__ import annotations

import zlib
from typing import Final

from walkshed.model.messages import Message

#: What is asked for. Whoever packs an answer otherwise (br, zstd) was not asked to.
ENCODINGS: Final = ("gzip", "deflate")
#: An answer may be packed twice by a careless proxy, not more often.
_MOST_LAYERS: Final = 3
#: Members of a gzip stream; more are made to take time.
_MOST_MEMBERS: Final = 64
_GZIP, _ZLIB, _RAW = 31, 15, -15  # window bits by which zlib knows its formats


class TooLargeError(Exception):
    """An answer that is larger than any; its words say how."""


class UnknownEncodingError(Exception):
    """An answer packed in a way that was not asked for, or damaged; its words say how."""


def decoded(body: bytes, encodings: str, most_bytes: int) -> bytes:
    """Return a body without its encodings (the header ``Content-Encoding``), the last applied first.

    What comes out of every layer is measured while it is unpacked. Raises ``TooLargeError`` beyond
    ``most_bytes`` and ``UnknownEncodingError``.
    """
    stated = [word.strip().lower() for word in encodings.split(",")]
    layers = [word.removeprefix("x-") for word in stated if word not in ("", "identity")]

    # no layer is unpacked before all are known
    if len(layers) > _MOST_LAYERS:
        raise UnknownEncodingError(Message("is packed {count} times over", count=len(layers)))
    unknown = [word for word in layers if word not in ENCODINGS]
    if unknown:
        raise UnknownEncodingError(
            Message("is packed as {unknown!r}, which was not asked for", unknown=unknown[0][:20])
        )

    for layer in reversed(layers):
        body = _unpacked(body, layer, most_bytes)
    return body


def _unpacked(body: bytes, layer: str, most_bytes: int) -> bytes:
    """Return a body without one layer; raises ``UnknownEncodingError`` for a damaged one."""
    if not body:
        return body

    try:
        if layer == "gzip":
            return _inflated(body, _GZIP, most_bytes)
        try:
            return _inflated(body, _ZLIB, most_bytes)
        except zlib.error:  # servers that take "deflate" for the bare stream
            return _inflated(body, _RAW, most_bytes)
    except zlib.error:
        raise UnknownEncodingError(
            Message("says that it is packed as {layer}, and is not", layer=layer)
        ) from None


def _inflated(body: bytes, bits: int, most_bytes: int) -> bytes:
    """Return the unpacked bytes; gzip may hold several members, one after the other."""
    parts: list[bytes] = []
    room = most_bytes

    while body:
        if len(parts) == _MOST_MEMBERS:
            raise TooLargeError(
                Message(
                    "consists of more than {most_members} {most_members:part|parts}",
                    most_members=_MOST_MEMBERS,
                )
            )

        # one byte more than there is room for tells a body that is too large
        unpacker = zlib.decompressobj(bits)
        part = unpacker.decompress(body, room + 1)
        if len(part) > room:
            raise TooLargeError(
                Message(
                    "unpacks to more than {most_bytes:,} {most_bytes:byte|bytes}",
                    most_bytes=most_bytes,
                )
            )
        if not unpacker.eof:
            raise zlib.error("cut short")

        parts.append(part)
        room -= len(part)
        body = unpacker.unused_data if bits == _GZIP else b""

    return b"".join(parts)
