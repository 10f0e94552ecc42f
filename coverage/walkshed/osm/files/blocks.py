"""The blocks of a PBF file, unpacked and decoded side by side, one to a core."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from walkshed.model.cores import cores
from walkshed.osm.files.wire import (
    DAMAGED,
    RarePbf,
    frames,
    inflated,
    is_bomb,
    kind_of,
    refuse_bomb,
)

Part = TypeVar("Part")
#: A block takes some tens of times its own size while it is decoded: more threads win little.
_MOST_THREADS = 4


def decoded(content: bytes, decode: Callable[[bytes, bytes], Part]) -> Iterator[Part]:
    """Yield what ``decode`` returns for the type and the unpacked bytes of each blob, in the order of the file.

    zlib, and numpy at its larger arrays, let go of Python's lock. ``decode`` runs in several
    threads and must touch nothing that they share. What is wrong is raised in its place: the first
    fault in the file, whichever thread is done first. Raises what ``wire.blobs`` and ``decode``
    raise.
    """
    threads = min(cores(), _MOST_THREADS)
    opened: deque[Future[tuple[int, Part | None, Exception | None]]] = deque()
    unpacked = 0

    pool = ThreadPoolExecutor(threads, thread_name_prefix="osm-block")
    try:
        for kind, low, high in frames(content):
            opened.append(pool.submit(_part, kind, content[low:high], decode, len(content)))
            if len(opened) > threads:  # one waits for each thread that is done, no more: memory
                unpacked, part = _taken(opened.popleft(), unpacked, len(content))
                yield part
        while opened:
            unpacked, part = _taken(opened.popleft(), unpacked, len(content))
            yield part
    finally:
        # After a fault, or Ctrl-C: what has begun takes a moment, the rest is not begun.
        pool.shutdown(wait=True, cancel_futures=True)


def _part(
    kind: Any,  # noqa: ANN401 (whatever the head of a blob says)
    blob: bytes,
    decode: Callable[[bytes, bytes], Part],
    size: int,
) -> tuple[int, Part | None, Exception | None]:
    """Return how long a blob is, and what is decoded of it, or why nothing is.

    One that alone exceeds what a file of ``size`` bytes may unpack to is not decoded.
    """
    data = inflated(blob)
    if is_bomb(len(data), size):
        return len(data), None, None
    try:
        return len(data), decode(kind_of(kind), data), None
    except (*DAMAGED, RarePbf) as error:
        return len(data), None, error


def _taken(
    opened: Future[tuple[int, Part | None, Exception | None]], before: int, size: int
) -> tuple[int, Any]:
    """Return how much is unpacked by now, and a blob's part.

    Raises its fault, that of the budget first.
    """
    length, part, fault = opened.result()
    refuse_bomb(before + length, size)
    if fault is not None:
        raise fault
    return before + length, part
