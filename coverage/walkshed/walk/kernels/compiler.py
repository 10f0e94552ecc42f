"""Compiling once per machine: numba's cache, wherever this user may write, and a word of what it will cost.

Import this module inside functions: it loads numba.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Return the function compiled by numba, at its first call; it runs without Python's lock.

    The result is kept beside the module, or, where that folder is read-only, in numba's folder of
    this user's cache (``NUMBA_CACHE_DIR`` names another). Where neither can be written every
    process compiles anew.
    """
    made: Any = njit(nogil=True, error_model="numpy")(function)
    with suppress(RuntimeError):  # numba: "no locator available"
        # What njit(cache=True) does with numba's own cache.
        made._cache = _Kept(function)  # type: ignore[no-untyped-call]  # noqa: SLF001
    return cast("Function", made)


class _Kept(FunctionCache):
    """numba's cache, which loads what is kept without first readying numba to compile, and so in a tenth of the time.

    Where nothing is kept, or what is kept is damaged, numba readies itself as it begins to compile.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:  # noqa: ANN401 (numba's)
        rtsys.initialize(target_context)  # memory for what the compiled function allocates
        try:
            return self._load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        # a half-written file may raise anything, and numba would fall over it
        except Exception:  # noqa: BLE001
            with suppress(OSError):
                self.flush()  # type: ignore[no-untyped-call]
            return None


def kept() -> bool:
    """Return whether all that a run needs compiled is so already, in this process or on the disk."""
    from walkshed.walk.kernels import field, joining, outline, settling, tracing, two_best

    needed = (
        joining.open_ends,
        joining.group_by_node,
        settling.settle,
        settling.settle_seeds,
        settling.owners_within,
        two_best.lower_two,
        field.share_out,
        field.lower_field,
        outline.march,
        outline.trace,
        outline.thin,
        tracing.settle_within,
    )
    return all(map(_is_kept, needed))


def _is_kept(function: Any) -> bool:  # noqa: ANN401 (a numba dispatcher)
    if function.signatures:
        return True
    where, plain = function.stats.cache_path, function.py_func
    if where is None or not Path(where).is_dir():
        return False
    return any(
        Path(where).glob(f"{plain.__module__.rpartition('.')[2]}.{plain.__qualname__}-*.nbi")
    )
