"""Two folders exchange their names in one step, where the system can do that."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

#: Linux, renameat2(2): paths are relative to the working folder; exchange both names.
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
#: macOS, renamex_np(2).
_RENAME_SWAP = 2


def exchange(one: Path, two: Path) -> bool:
    """Exchange the names of two folders, so that nobody ever finds neither; return whether that was done.

    Nothing is done where the system or the file system has no such step (Windows; a network drive),
    or refuses it (a mounted folder).
    """
    paths = os.fsencode(one), os.fsencode(two)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            done = library.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE)
        elif sys.platform == "darwin":
            done = library.renamex_np(*paths, _RENAME_SWAP)
        else:
            return False
    except (AttributeError, OSError, TypeError):  # an old C library; Windows has none by that name
        return False
    return bool(done == 0)
