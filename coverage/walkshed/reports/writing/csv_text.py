"""Frames as CSV, column by column: what a column says over and over is made into text once.

For numbers, booleans and texts it is that of ``pandas.DataFrame.to_csv``, cell for cell, in a third of
the time on tables of many rows: most columns hold few values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from walkshed.model.arrays import Int32Array, IntArray, ObjectArray
from walkshed.reports.writing.harmless import harmless

#: So many rows are put together at once: a town's cells would take much memory as single texts.
ROWS_AT_ONCE = 1 << 13
_END = "\r\n"
#: A cell with one of these is put in quotes.
_SPECIAL = (",", '"', "\r", "\n")


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """The texts of a column, each once, and which of them stands in each row."""

    texts: ObjectArray  # the last one stands for -1, a missing value
    place: Int32Array  # (n,)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    r"""Return a frame as CSV: UTF-8 with the byte order mark that Excel needs, lines ended by \r\n, no index.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    return b"".join(csv_parts(frame))


def csv_parts(frame: pd.DataFrame) -> Iterator[bytes]:
    """Yield the content of ``csv_bytes`` a few thousand rows at a time; of a drawing all but its geometry."""
    if "geometry" in frame.columns:
        frame = frame.drop(columns="geometry")
    columns = [_column(frame.iloc[:, number]) for number in range(frame.shape[1])]
    if len(columns) == 1:  # an empty line would be no row
        columns[0].texts[columns[0].texts == ""] = '""'

    head = ",".join(_quoted(str(name)) for name in frame.columns)
    yield f"{head}{_END}".encode("utf-8-sig")
    for begin in range(0, len(frame), ROWS_AT_ONCE):
        cells = [each.texts[each.place[begin : begin + ROWS_AT_ONCE]].tolist() for each in columns]
        lines = [",".join(row) for row in zip(*cells, strict=True)]
        yield f"{_END.join(lines)}{_END}".encode()


def _column(column: pd.Series[Any]) -> _Column:
    """Return the cells of one column."""
    # numbers: equal floats may still be written apart (0.0 and -0.0), so their bits tell them apart
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "f":
        numbers = column.to_numpy()
        place, bits = pd.factorize(numbers.view(f"i{numbers.itemsize}"))
        return _told(
            place, ["" if value != value else str(value) for value in _floats(bits, numbers)]
        )
    place, values = pd.factorize(column, use_na_sentinel=True)
    if pd.api.types.is_numeric_dtype(column.dtype):  # whole numbers and booleans
        return _told(place, [str(value) for value in values.to_numpy().tolist()])

    # texts; among other things, 1 and True are equal and are not written alike
    if all(isinstance(value, str) for value in values):
        return _told(place, [_quoted(str(harmless(value))) for value in values])
    missing = column.isna().to_numpy()
    cells = [_quoted(str(harmless(value))) for value in column.tolist()]
    return _told(np.where(missing, -1, np.arange(len(column))), cells)


def _floats(bits: np.ndarray, like: np.ndarray) -> list[float]:
    """Return the floats of some bits, as Python has them."""
    floats: list[float] = bits.view(like.dtype).tolist()
    return floats


def _told(place: IntArray, texts: list[str]) -> _Column:
    """Return a column of some texts; -1 stands for an empty cell."""
    every = np.empty(len(texts) + 1, dtype=object)
    every[:] = [*texts, ""]
    return _Column(every, place.astype(np.int32))


def _quoted(text: str) -> str:
    """Return a cell's text, in quotes where it would break the line or the row."""
    if any(sign in text for sign in _SPECIAL):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text
