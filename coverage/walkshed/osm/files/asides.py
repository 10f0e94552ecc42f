"""What OSM XML says beside its elements: an editor's deletions, a server's remarks, centers instead of places.

osmium passes over all of these. A file is looked through for the words first, and parsed only where
one of them stands in it.
"""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from walkshed.errors import UnreadableFileError, shorten
from walkshed.model.messages import Message
from walkshed.osm.files.trial import unsound
from walkshed.osm.files.wire import UnsoundPbf

_PIECE, _FED = 1 << 20, 1 << 16  # bytes that come out and go in at a time
#: XML of a map unpacks to ten to thirty times its size. What exceeds this many times and bytes is
#: made to fill the memory.
MOST_UNPACKED, UNPACKED_ALLOWANCE = 100, 16 * 1024 * 1024
#: Packed parts of a file (bgzip and pbzip2 make many); smaller ones are made to take time.
_FEW_MEMBERS, _LEAST_MEMBER = 64, 512
_WORDS = (b"delete", b"<remark", b"<center")
#: What unpacking and parsing raise on a file that is not whole.
_BROKEN = (expat.ExpatError, zlib.error, OSError, EOFError, ValueError, KeyError)
_KINDS = {"node": "n", "way": "w", "relation": "r"}


@dataclass(slots=True)
class Asides:
    """What was found beside the elements.

    Elements marked for deletion as ``(type, id)``, remarks, and whether ways have centers.
    """

    deleted: set[tuple[str, int]] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    centers: bool = False


def read_asides(path: Path, content: bytes, file_format: str) -> Asides:
    """Return what a file says beside its elements; nothing for PBF, and for XML that breaks off.

    Raises ``UnreadableFileError`` for a packed file that is made to fill the memory, and for half
    an answer.
    """
    try:
        found = _asides(content, file_format)
    except UnsoundPbf as error:
        raise unsound(path, error) from None
    _refuse_half_answers(path, found)
    return found


def _asides(content: bytes, file_format: str) -> Asides:
    found = Asides()
    if file_format == "pbf" or not _speaks(content, file_format):
        return found
    parser = expat.ParserCreate()
    parser.buffer_text = True
    open_tags: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        open_tags.append(name)
        if name == "remark":
            found.remarks.append("")
        elif name == "center" and open_tags[-2:-1] in (["way"], ["relation"]):
            found.centers = True
        elif attributes.get("action") == "delete" and name in _KINDS:
            found.deleted.add((_KINDS[name], int(attributes["id"])))

    def end(_: str) -> None:
        open_tags.pop()

    def text(words: str) -> None:
        if open_tags[-1:] == ["remark"]:
            found.remarks[-1] += words

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        for piece in _pieces(content, file_format):
            parser.Parse(piece, False)
    except _BROKEN:
        pass  # osmium reads the file next, and has the words for what is wrong with it
    return found


def _refuse_half_answers(path: Path, asides: Asides) -> None:
    """Raise ``UnreadableFileError`` for an Overpass answer that was cut short, or that holds no places."""
    for remark in asides.remarks:
        if "runtime error" in remark:
            raise UnreadableFileError(
                Message(
                    "{path}: is half an answer: Overpass broke off ({remark}); ask again for less "
                    "ground, or with a longer [timeout:…]",
                    path=path,
                    remark=shorten(" ".join(remark.split()), 160),
                )
            )

    if asides.centers:
        raise UnreadableFileError(
            Message(
                "{path}: was asked of Overpass with 'out center', which leaves out where the "
                "nodes of ways are; ask again with 'out body; >; out skel qt;'",
                path=path,
            )
        )


def remark_notes(asides: Asides) -> list[str]:
    """Return a note for every remark of the server that is no error."""
    return [
        Message("the server remarked: {remark}", remark=shorten(" ".join(remark.split()), 160))
        for remark in asides.remarks
        if remark.strip()
    ]


def _speaks(content: bytes, file_format: str) -> bool:
    """Return whether the file holds one of the words.

    UTF-16, which hides them, is parsed in any case.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if file_format == "osm":
        return any(word in content for word in _WORDS)

    # the end of a piece goes before the next: a word may lie across both
    tail = b""
    try:
        for piece in _pieces(content, file_format):
            joined = tail + piece
            if any(word in joined for word in _WORDS):
                return True
            tail = joined[-16:]
    except _BROKEN:
        pass
    return False


def _pieces(content: bytes, file_format: str) -> Iterator[bytes]:
    """Yield the text of a file piece by piece, unpacked, so that a small file cannot fill the memory."""
    if file_format == "osm":
        for at in range(0, len(content), _PIECE):
            yield content[at : at + _PIECE]
        return

    unpacked, members, at = 0, 0, 0
    most = MOST_UNPACKED * len(content) + UNPACKED_ALLOWANCE
    unpacker: Any = None
    while at < len(content):
        rest = content[at : at + _FED]
        at += len(rest)
        while rest or (unpacker is not None and not _is_hungry(unpacker)):
            if unpacker is None:
                members += 1
                if members > _FEW_MEMBERS + len(content) // _LEAST_MEMBER:
                    raise UnsoundPbf(
                        Message(
                            "it consists of more than {members:,} packed parts", members=members
                        )
                    )
                unpacker = (
                    zlib.decompressobj(31) if file_format == "osm.gz" else bz2.BZ2Decompressor()
                )

            piece = unpacker.decompress(rest, _PIECE)
            unpacked += len(piece)
            if unpacked > most:
                raise UnsoundPbf(
                    Message(
                        "{count:,} {count:byte|bytes} unpack to more than {most:,}, over {times} "
                        "times as many",
                        count=len(content),
                        most=most,
                        times=MOST_UNPACKED,
                    )
                )
            if piece:
                yield piece
            # what was not taken yet: zlib hands it back, bz2 keeps it
            rest = getattr(unpacker, "unconsumed_tail", b"")
            if unpacker.eof:
                rest, unpacker = unpacker.unused_data, None


def _is_hungry(unpacker: Any) -> bool:  # noqa: ANN401 (of zlib or bz2)
    """Return whether an unpacker waits for more; zlib's holds nothing back."""
    return bool(getattr(unpacker, "needs_input", True))
