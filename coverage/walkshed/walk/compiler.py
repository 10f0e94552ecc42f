"""Compiling once per machine: numba's cache, wherever this user may write, and a word of what it will cost.

Import this module inside functions: it loads numba.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Return the function compiled by numba, at its first call; it runs without Python's lock.

    The result is kept beside the module, or, where that folder is read-only, in numba's folder of this user's cache
    (``NUMBA_CACHE_DIR`` names another). Where neither can be written every process compiles anew.
    """
    try:
        kept: Any = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba: "no locator available"
        kept = njit(nogil=True)(function)
    return cast("Function", kept)


def kept() -> bool:
    """Return whether all that a run needs compiled is so already, in this process or on the disk."""
    from walkshed.walk import areas, settling, tracing

    needed = (
        settling.settle, settling.settle_seeds, settling.owners_within, settling.lower_two,
        areas.lower_field, tracing.settle_within,
    )  # fmt: skip
    return all(map(_is_kept, needed))


def _is_kept(function: Any) -> bool:  # noqa: ANN401 (a numba dispatcher)
    if function.signatures:
        return True
    where, plain = function.stats.cache_path, function.py_func
    if where is None or not Path(where).is_dir():
        return False
    return any(Path(where).glob(f"{plain.__module__.rpartition('.')[2]}.{plain.__qualname__}-*.nbi"))
