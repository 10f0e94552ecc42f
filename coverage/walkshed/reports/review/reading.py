"""The review sheet as it comes back: what a person said of each row, and every fault of it at once."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from walkshed.errors import UnreadableFileError
from walkshed.geocode.datums import bd09_to_wgs84, gcj02_to_wgs84
from walkshed.geocode.ledger import NO_GROUND
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.tables.datum_words import datums_in, one_of
from walkshed.model.geocoding import Review
from walkshed.model.marks import plain
from walkshed.model.messages import Message
from walkshed.reports.review.sheet import CORRECTION, GROUND

_SHIFTS: Final = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}
_NO_GROUND_WORDS: Final = frozenset({"none", "no", "无", "没有", "不在图上", "-", "—"})
#: Two numbers in one cell, as map services copy them: 121.38, 31.31.
_PAIR: Final = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*[,;，；、\s]\s*([-+]?\d+(?:\.\d+)?)\s*")

Place = tuple[float, float]


def read_review(path: Path, *, names: Mapping[str, str] | None = None) -> dict[str, Review]:
    """Return the rows of a review sheet about which a person said something, by id.

    ``names``: by id, of the rows that count (None: all). Raises ``UnreadableFileError`` for a file
    that is no review sheet, ``InputFaultsError`` with every fault of one that is.
    """
    header, rows = _cells(path)
    book = FaultBook()
    found: dict[str, Review] = {}
    told_at: dict[str, int] = {}
    for number, cells in rows:
        # cells at the end of a row that were never filled are not in the file
        row: dict[str, Any] = dict.fromkeys(header) | dict(zip(header, cells, strict=False))
        review = _review(row, number, path, book)
        if review is None or (names is not None and names.get(review.id) != review.name):
            continue

        # two rows that say two things of one
        other = found.get(review.id)
        if other is not None and _place_of(other) != _place_of(review):
            fact = Message("is corrected otherwise in row {row}", row=told_at[review.id])
            cure = Message("leave one of the two corrections")
            book.fault(path.name, fact, cure, row=number, column="id", value=review.id)
        found[review.id], told_at[review.id] = review, number
    book.raise_if_any()
    return found


def _cells(path: Path) -> tuple[list[str], list[tuple[int, list[Any]]]]:
    """Return the header of a review sheet and its rows, each with its number."""
    import openpyxl

    try:
        content = io.BytesIO(path.read_bytes())
        page = openpyxl.load_workbook(content, data_only=True, read_only=True).active
        page.reset_dimensions()
        table = [list(row) for row in page.iter_rows(min_row=2, values_only=True)]
    except Exception as error:  # noqa: BLE001 (openpyxl raises whatever it meets)
        cure = Message(
            "close it where it is open, save it as .xlsx, or delete it to have it made again"
        )
        raise UnreadableFileError(
            Message(
                "{path}: cannot be read as a review sheet ({reason}); {cure}",
                path=path,
                reason=type(error).__name__,
                cure=cure,
            )
        ) from None

    header = [str(cell) for cell in table[0]] if table else []
    if not {"id", *CORRECTION} <= set(header):
        raise UnreadableFileError(
            Message(
                "{path}: has not the columns of a review sheet; delete it to have it made again",
                path=path,
            )
        )
    return header, list(enumerate(table[1:], start=3))


def _review(row: Mapping[str, Any], number: int, path: Path, book: FaultBook) -> Review | None:
    """Return what a row says, None where it says nothing or has a fault, which is written down."""
    ground = plain(str(row.get(GROUND) or "")).strip().lstrip("'")
    faults = len(book.faults)
    place = _place(row, number, path, book)
    if len(book.faults) > faults or (place is None and not ground):
        return None

    ground = NO_GROUND if ground.lower() in _NO_GROUND_WORDS else ground
    lon, lat = (None, None) if place is None else place
    return Review(
        id=plain(str(row["id"])).lstrip("'"),
        lon=lon,
        lat=lat,
        who=plain(str(row["who"] or "")).strip() or "not stated",
        when=plain(str(row["when"] or "")).split(" ")[0],
        ground="" if place is not None else ground,
        name=plain(str(row.get("name") or "")).lstrip("'"),
    )


def _place_of(review: Review) -> tuple[object, ...]:
    """Return where a review says that a row is."""
    return review.lon, review.lat, review.ground


def _place(row: Mapping[str, Any], number: int, path: Path, book: FaultBook) -> Place | None:
    """Return the corrected place of a row in WGS84, None without one or with a fault."""
    cells = {name: _text(row[name]) for name in CORRECTION[:3]}
    lon, lat, system = cells.values()
    if not lon and not lat:
        return None

    # both numbers in one cell
    pair = _PAIR.fullmatch(lon or lat)
    if pair and not (lon and lat):
        lon, lat = pair.groups()

    # each fault of the row
    faults = len(book.faults)
    degrees = [_degrees(text) for text in (lon, lat)]
    for name, text, value, most in zip(
        CORRECTION, (lon, lat), degrees, (180.0, 90.0), strict=False
    ):
        if not text:
            book.fault(
                path.name,
                Message("is empty"),
                Message("fill in longitude and latitude"),
                row=number,
                column=name,
            )
        elif not abs(value) <= most:
            fact, cure = Message("is not a place"), Message("write degrees, the longitude first")
            if 90.0 < abs(degrees[1]) <= 180.0:
                cure = Message("write degrees, the longitude first; are the two numbers swapped?")
            book.fault(path.name, fact, cure, row=number, column=name, value=text)
    if not system and _is_shifted(degrees):
        book.fault(
            path.name,
            Message("is empty"),
            Message(
                "write wgs84, gcj02 (高德, 腾讯), bd09 (百度) or cgcs2000 (天地图): whose "
                "coordinates "
                "these are"
            ),
            row=number,
            column=CORRECTION[2],
        )
    datum = one_of(datums_in(system)) if system else "wgs84"
    if datum is None:
        cure = Message("write wgs84, gcj02 (高德, 腾讯), bd09 (百度) or cgcs2000 (天地图)")
        book.fault(
            path.name,
            Message("is not a system that is known"),
            cure,
            row=number,
            column=CORRECTION[2],
            value=system,
        )
    if len(book.faults) > faults or datum is None:
        return None

    place = np.array([degrees])
    if datum in _SHIFTS:
        place = _SHIFTS[datum](place)
    return round(float(place[0, 0]), 7), round(float(place[0, 1]), 7)


def _is_shifted(degrees: list[float]) -> bool:
    """Return whether a place lies on the mainland, where map services' places are 0.5 to 1.2 km off."""
    place = np.array([degrees])
    if not (np.abs(place) <= [180.0, 90.0]).all():
        return False
    return not np.array_equal(gcj02_to_wgs84(place), place)


def _text(cell: object) -> str:
    """Return a cell as text, digits as they are on a keyboard, "" for an empty one."""
    return "" if cell is None else unicodedata.normalize("NFKC", plain(str(cell))).strip()


def _degrees(text: str) -> float:
    """Return a number, not-a-number where a text is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
