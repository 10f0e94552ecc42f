"""Read-only arrays and the one rounding of the project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Int8Array = NDArray[np.int8]
Int32Array = NDArray[np.int32]
BoolArray = NDArray[np.bool_]
ObjectArray = NDArray[Any]

#: Lengths, legs and seconds are multiples of 1/1024: a power of two, so that sums of them are exact
#: in float64 on every machine and in JavaScript (up to 2**43 m).
TICKS = 1024.0


def read_only(values: ArrayLike, dtype: Any) -> NDArray[Any]:  # noqa: ANN401 (a numpy dtype)
    """Return a read-only, contiguous copy of ``values``; the argument stays as it is."""
    array = np.array(values, dtype=dtype, order="C", copy=True)
    array.flags.writeable = False
    return array


def frozen(values: NDArray[Any]) -> NDArray[Any]:
    """Return an array that its maker has just filled, read-only from now on, without a copy."""
    values.flags.writeable = False
    return values


def ranges(begin: NDArray[Any] | int, count: NDArray[Any]) -> IntArray:
    """Return the whole numbers from each of ``begin`` on, ``count`` of them, one run after the other."""
    ends = np.cumsum(count)
    total = int(ends[-1]) if len(ends) else 0
    rows: IntArray = np.arange(total) + np.repeat(begin - (ends - count), count)
    return rows


def begins_run(*columns: NDArray[Any]) -> BoolArray:
    """Return (n,) True for each row that differs in some column from the row before it; the first row differs."""
    rows = len(columns[0])
    begins = np.ones(rows, dtype=bool)
    begins[1:] = False
    for column in columns:
        differs = column[1:] != column[:-1]
        begins[1:] |= differs if column.ndim == 1 else differs.any(axis=1)
    return begins


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Return the distinct ones of (n,) numbers, ascending.

    ``np.unique`` hashes integers, which takes ten times as long as to sort them.
    """
    ordered = np.sort(values)
    return ordered[begins_run(ordered)]


def distinct_places(values: NDArray[Any]) -> tuple[NDArray[Any], IntArray]:
    """Return the distinct ones of (n,) numbers, ascending, and (n,) for each number its place among them.

    ``np.unique`` gives the same in four times the time where numbers come almost in order.
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    begins = begins_run(ordered)
    place = np.empty(len(values), dtype=np.int64)
    place[order] = np.cumsum(begins) - 1
    return ordered[begins], place


def is_among(values: NDArray[Any], others: NDArray[Any]) -> BoolArray:
    """Return (n,) whether each of (n,) numbers is one of ``others``: ``np.isin``, by sorting."""
    if len(others) == 0:
        return np.zeros(len(values), dtype=bool)
    ordered = np.sort(others)
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return np.asarray(ordered[at] == values)


#: The odd number next to 2**64 by the golden ratio, as a signed one.
_MIXER = np.int64(0x9E3779B97F4A7C15 - (1 << 64))


def spread(values: IntArray, bits: int) -> NDArray[np.uint64]:
    """Return (n,) for each whole number a row of a table of 2**bits rows, equal ones in the same row.

    Products with an odd number scatter runs and multiples alike (Knuth, The Art of Computer
    Programming 3, 6.4).
    """
    rows: NDArray[np.uint64] = (values * _MIXER).view(np.uint64) >> np.uint64(64 - bits)
    return rows


def same_objects(things: Sequence[Any]) -> tuple[list[int], IntArray]:
    """Return the rows of objects that no row before holds, and (n,) for each row its place among those.

    Where many rows share few objects, as ways share tags, whatever follows from an object is found
    once. Places follow no order that means anything.
    """
    identity = np.fromiter(map(id, things), dtype=np.int64, count=len(things))
    _, first, which = np.unique(identity, return_index=True, return_inverse=True)
    return first.tolist(), which


def to_ticks(meters: ArrayLike) -> FloatArray:
    """Return ``meters`` (or seconds) rounded to multiples of 1/1024, half to even; infinities stay."""
    return np.asarray(
        np.round(np.asarray(meters, dtype=np.float64) * TICKS) / TICKS, dtype=np.float64
    )


def whole(people: float) -> int:
    """Return people as the whole number that is printed, halves up (definition 8)."""
    return int(np.floor(people + 0.5))
