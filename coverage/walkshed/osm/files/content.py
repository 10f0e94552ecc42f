"""The bytes of an OSM file, and which format they are in."""

from __future__ import annotations

from pathlib import Path

from walkshed.errors import NotFoundError, UnreadableFileError
from walkshed.model.messages import Message
from walkshed.model.paths import STREAM, is_stream


def file_content(path: Path) -> bytes:
    """Return the bytes of a file. Raises ``NotFoundError`` and ``UnreadableFileError``."""
    if path.is_dir():
        raise UnreadableFileError(
            Message(
                "{path}: is a folder, not an OpenStreetMap file; name the .osm.pbf or .osm file "
                "in it",
                path=path,
            )
        )
    if is_stream(path):
        raise UnreadableFileError(
            Message("{path}: {fact}; save the extract, and name its file", path=path, fact=STREAM)
        )

    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(
            Message(
                "{path}: no such file; check the path, it is taken from {folder}",
                path=path,
                folder=Path.cwd(),
            )
        ) from None
    except OSError as error:
        raise UnreadableFileError(
            Message(
                "{path}: cannot be opened ({reason}); check its rights and whether it is still "
                "there",
                path=path,
                reason=error.strerror or error,
            )
        ) from None


def file_format(path: Path, content: bytes) -> str:
    """Return osmium's name of the format, by the first bytes."""
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if content[:2] == b"\x1f\x8b":
        return "osm.gz"
    if content[:3] == b"BZh":
        return "osm.bz2"
    # a blob's length, then field 1 of its header, 9 bytes of text
    if content[4:15] == b"\x0a\x09OSMHeader":
        return "pbf"

    if start[:1] == b"<" or content[:2] in (b"\xff\xfe", b"\xfe\xff"):  # XML, perhaps as UTF-16
        return "osm"

    fact = Message("is empty")
    if content:
        fact = Message(
            "is not OpenStreetMap data (it begins with {content!r})", content=content[:12]
        )
    raise UnreadableFileError(
        Message(
            "{path}: {fact}; give an extract as .osm.pbf, .osm, .osm.gz or .osm.bz2",
            path=path,
            fact=fact,
        )
    )
