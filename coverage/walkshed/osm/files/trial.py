"""A file that is not of the everyday kind, tried out by osmium in a process of its own.

osmium is fast because it trusts what it reads: a string that ends too early may end the process, a
small file may fill the memory. Everyday files never come here.
"""

from __future__ import annotations

import mmap
import subprocess
import sys
from pathlib import Path

from walkshed.errors import UnreadableFileError
from walkshed.model.messages import Message
from walkshed.osm.files.wire import DAMAGED, RarePbf, UnsoundPbf, blobs, fields, texts

#: What a trial may take: seconds and bytes, and more of both for each byte of the file.
_SECONDS, _BYTES_A_SECOND = 60.0, 100_000
_MEMORY, _MEMORY_PER_BYTE = 3 * 1024**3, 60
_TOLD, _TOO_LARGE = 3, 4  # exit codes: osmium says what is wrong; there is no room for the file

_TRIAL = f"""
import sys
try:
    import resource
    most = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except (ImportError, ValueError, OSError):
    pass
try:
    import osmium
    content = osmium.io.FileBuffer(sys.stdin.buffer.read(), sys.argv[1])
    with osmium.io.Reader(content) as reader:
        for element in osmium.OsmFileIterator(reader):
            dict(element.tags)
            if element.is_way():
                [node.ref for node in element.nodes]
            elif element.is_relation():
                [(member.type, member.ref, member.role) for member in element.members]
except MemoryError:
    sys.exit({_TOO_LARGE})
except Exception:
    sys.exit({_TOLD})
"""


def refuse_fatal_file(path: Path) -> None:
    """Raise ``UnreadableFileError`` for a PBF file of any size that osmium would not survive.

    Its blocks are unpacked one by one; the whole file is tried out only where they are not of the
    everyday kind.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if not _understood(path, content):
            _try_out(path, content[:], "pbf")


def refuse_fatal(path: Path, content: bytes) -> None:
    """Raise ``UnreadableFileError`` for a rare kind of PBF file that osmium does not survive, or reads without an end.

    What it refuses in its own words passes: they are told when it is read.
    """
    _understood(path, content)
    _try_out(path, content, "pbf")


def _understood(path: Path, content: bytes | mmap.mmap) -> bool:
    """Return whether all blocks could be unpacked.

    Raises ``UnreadableFileError`` for what must not reach osmium. A string with a NUL ends before
    its length says so: osmium then reads beyond its memory.
    """
    try:
        for kind, block in blobs(content):
            tables = [table for number, table in fields(block) if number == 1]
            if kind == b"OSMData" and any(b"\0" in b"".join(texts(table)) for table in tables):
                raise UnsoundPbf(Message("a text in it holds a NUL"))
    except UnsoundPbf as error:
        raise unsound(path, error) from None
    except (*DAMAGED, RarePbf):
        return False

    return True


def unsound(path: Path, error: UnsoundPbf) -> UnreadableFileError:
    """Return what to say of a file that is made to do harm."""
    return UnreadableFileError(
        Message(
            "{path}: is not a map ({error}); download or export it again, from a source that you "
            "trust",
            path=path,
            error=error,
        )
    )


def _try_out(path: Path, content: bytes, file_format: str) -> None:
    memory = _MEMORY + _MEMORY_PER_BYTE * len(content)
    command = [sys.executable, "-I", "-c", _TRIAL, file_format, str(memory)]
    seconds = _SECONDS + len(content) / _BYTES_A_SECOND

    try:
        done = subprocess.run(  # noqa: S603 (this interpreter, on our own words)
            command, input=content, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        fact = Message("takes more than {seconds:.0f} s to read", seconds=seconds)
    else:
        if done.returncode in (0, _TOLD):
            return
        fact = Message("is made so that reading it ends the program")
        if done.returncode == _TOO_LARGE:
            fact = Message(
                "takes more than {memory:.0f} GiB of memory to read", memory=memory / 1024**3
            )

    raise UnreadableFileError(
        Message(
            "{path}: {fact}; it is damaged or no map: download or export it again",
            path=path,
            fact=fact,
        )
    )
