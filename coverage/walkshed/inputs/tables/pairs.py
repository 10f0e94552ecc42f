"""One column that holds both coordinates (经纬度, 坐标): parted into lon and lat where their order is clear."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.tables.neighborhood import FAR_DEGREES, degrees_away, extract_box
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message

PAIR = "lon_lat"
_LOCATION = "location"  # in some tables a pair, in others an address
Order = Literal["lon,lat", "lat,lon"]

_PARTED = re.compile(r"(?P<one>[^,;、/|\s]+)(?P<mark>[,;、/|\s]+)(?P<two>[^,;、/|\s]+)")
_NUMBER = re.compile(
    r"(?:东经|北纬|西经|南纬|[ENWS])?([+-]?\d{1,3}(?:\.\d+)?)°?(?:[ENWS])?", re.IGNORECASE
)
_EAST = re.compile("[东西]经|[EW]", re.IGNORECASE)
_NORTH = re.compile("[北南]纬|[NS]", re.IGNORECASE)
_BELOW_ZERO = re.compile("西经|南纬|[WS]", re.IGNORECASE)
_QUARTER_TURN, _HALF_TURN = 90.0, 180.0

#: The two numbers as they stand, and the texts from which they were read.
_Pair = tuple[float, float, str, str]


def with_pairs_parted(table: Table, extract: Path | None, book: FaultBook) -> Table:
    """Return the table with a column of pairs as ``lon`` and ``lat``; a fault for each pair that cannot be parted.

    The order of a row's numbers is clear (1) where letters say it (东经, N), (2) where one number
    is beyond 90°, which only a longitude can be; else (3) where all clear rows of the table have
    one order; else (4) where in one order all pairs lie within two degrees of the extract's box,
    and none does in the other. A table that has lon and lat as well keeps these, and a note says
    so.
    """
    header = table.headers.get(PAIR)
    if header is None:
        return table
    if header.strip().lower() == _LOCATION and not _has_pairs(table):
        return _as_address(table, header, book)
    if not table.drawn and not any(row.cells.get(n) for row in table.rows for n in ("lon", "lat")):
        # columns of which no cell is filled in say nothing
        table = replace(
            table, headers={n: word for n, word in table.headers.items() if n not in ("lon", "lat")}
        )
    if table.drawn or {"lon", "lat"} & set(table.headers):
        book.note(
            Message(
                "{table}: column {header!r} is not used; the places come from elsewhere",
                table=table.label,
                header=header,
            )
        )
        return table

    # the order that holds where a row does not tell its own
    pairs = {row.number: _pair(row.cells.get(PAIR, "")) for row in table.rows}
    read = [pair for pair in pairs.values() if pair is not None]
    clear = [order for pair in read if (order := _own_order(pair)) is not None]
    common = _common(clear) if clear else _order_near(read, extract)

    headers = {name: word for name, word in table.headers.items() if name != PAIR}
    parted = replace(table, headers=headers | {"lon": header, "lat": header})
    rows = tuple(_parted(row, pairs[row.number], common, parted, book) for row in table.rows)
    return replace(parted, rows=rows)


def _has_pairs(table: Table) -> bool:
    """Return whether a cell of the column is a pair of numbers."""
    return any(_pair(row.cells.get(PAIR, "")) is not None for row in table.rows)


def _as_address(table: Table, header: str, book: FaultBook) -> Table:
    """Return the table with words of places as its addresses, unless it has others."""
    headers = {name: word for name, word in table.headers.items() if name != PAIR}
    if "address" in headers:
        told = "{table}: column {header!r} holds no coordinates and is not used"
        book.note(Message(told, table=table.label, header=header))
        return replace(table, headers=headers)
    rows = [
        replace(row, cells={**row.cells, "address": row.cells.get(PAIR, "")}) for row in table.rows
    ]
    return replace(table, headers=headers | {"address": header}, rows=tuple(rows))


def _parted(
    row: Row, pair: _Pair | None, common: Order | None, table: Table, book: FaultBook
) -> Row:
    """Return a row with its pair as two cells; lost, and a fault, where it cannot be parted."""
    cell = row.cells.get(PAIR, "")
    cells = {name: text for name, text in row.cells.items() if name != PAIR}
    empty = cells | {"lon": "", "lat": ""}
    if not cell or row.broken:
        return replace(row, cells=empty)

    order = None if pair is None else _own_order(pair) or common
    if pair is None or order is None:
        unclear = "may be longitude or latitude first"
        fact = "is not a pair of decimal degrees" if pair is None else unclear
        cure = "part them: one column for the longitude (lon), one for the latitude (lat)"
        table.fault(book, row, "lon", fact, cure, value=cell)
        return replace(row, cells=empty, lost=True)

    lon, lat = pair[:2] if order == "lon,lat" else pair[1::-1]
    return replace(row, cells=cells | {"lon": repr(lon), "lat": repr(lat)})


def _pair(cell: str) -> _Pair | None:
    """Return the two numbers of a cell; None where it does not hold two, or a decimal comma could part them."""
    plain = unicodedata.normalize("NFKC", cell).strip().strip("()[]").strip()
    found = _PARTED.fullmatch(plain)
    if found is None:
        return None
    one, two = _NUMBER.fullmatch(found["one"]), _NUMBER.fullmatch(found["two"])
    if one is None or two is None:
        return None

    # 116,39 may be one number with a decimal comma
    if found["mark"] == "," and "." not in one[1] and "." not in two[1]:
        return None
    first = float(one[1]) * _sign(found["one"])
    second = float(two[1]) * _sign(found["two"])
    return first, second, found["one"], found["two"]


def _sign(text: str) -> float:
    """Return -1 for a coordinate in the west or the south."""
    return -1.0 if _BELOW_ZERO.search(text) else 1.0


def _own_order(pair: _Pair) -> Order | None:
    """Return the order that letters or the size of the numbers tell."""
    first, second, one, two = pair

    # by letters: 东经 and E begin a longitude
    lon_first = bool(_EAST.search(one) or _NORTH.search(two))
    lat_first = bool(_NORTH.search(one) or _EAST.search(two))
    if lon_first != lat_first:
        return "lon,lat" if lon_first else "lat,lon"

    # by size: only a longitude is beyond 90°
    if _QUARTER_TURN < abs(first) <= _HALF_TURN and abs(second) <= _QUARTER_TURN:
        return "lon,lat"
    if _QUARTER_TURN < abs(second) <= _HALF_TURN and abs(first) <= _QUARTER_TURN:
        return "lat,lon"
    return None


def _common(orders: Sequence[Order]) -> Order | None:
    return orders[0] if len(set(orders)) == 1 else None


def _order_near(pairs: Sequence[_Pair], extract: Path | None) -> Order | None:
    """Return the order in which all pairs lie near the extract while none does in the other."""
    box = None if extract is None else extract_box(extract)
    if box is None or not pairs:
        return None

    xy = np.array([pair[:2] for pair in pairs], dtype=np.float64)
    as_written = degrees_away(xy, box) <= FAR_DEGREES
    exchanged = degrees_away(xy[:, ::-1], box) <= FAR_DEGREES
    if as_written.all() and not exchanged.any():
        return "lon,lat"
    if exchanged.all() and not as_written.any():
        return "lat,lon"
    return None
