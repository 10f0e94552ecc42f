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

_PIECE = 1 << 20
_WORDS = (b"delete", b"<remark", b"<center")
#: What unpacking and parsing raise on a file that is not whole.
_BROKEN = (expat.ExpatError, zlib.error, OSError, EOFError, ValueError, KeyError)
_KINDS = {"node": "n", "way": "w", "relation": "r"}


@dataclass(slots=True)
class Asides:
    """What was found: elements marked for deletion, ``(type, id)``; remarks; whether ways have centers."""

    deleted: set[tuple[str, int]] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    centers: bool = False


def read_asides(content: bytes, file_format: str) -> Asides:
    """Return what a file says beside its elements; nothing for PBF, and for XML that breaks off."""
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


def refuse_half_answers(path: Path, asides: Asides) -> None:
    """Raise ``UnreadableFileError`` for an Overpass answer that was cut short, or that holds no places."""
    for remark in asides.remarks:
        if "runtime error" in remark:
            raise UnreadableFileError(
                f"{path}: is half an answer: Overpass broke off "
                f"({shorten(' '.join(remark.split()), 160)}); ask again for less ground, or with a "
                "longer [timeout:…]"
            )
    if asides.centers:
        raise UnreadableFileError(
            f"{path}: was asked of Overpass with 'out center', which leaves out where the nodes of "
            "ways are; ask again with 'out body; >; out skel qt;'"
        )


def remark_notes(asides: Asides) -> list[str]:
    """Return a note for every remark of the server that is no error."""
    return [
        f"the server remarked: {shorten(' '.join(remark.split()), 160)}"
        for remark in asides.remarks
        if remark.strip()
    ]


def _speaks(content: bytes, file_format: str) -> bool:
    """Return whether the file holds one of the words; UTF-16, which hides them, is parsed in any case."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if file_format == "osm":
        return any(word in content for word in _WORDS)
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
    rest = content
    while rest:
        unpacker: Any = zlib.decompressobj(31) if file_format == "osm.gz" else bz2.BZ2Decompressor()
        while not unpacker.eof:
            piece = unpacker.decompress(rest, _PIECE)
            # what was not taken yet: zlib hands it back, bz2 keeps it
            rest = getattr(unpacker, "unconsumed_tail", b"")
            if not piece and not rest:
                break
            yield piece
        rest = unpacker.unused_data
