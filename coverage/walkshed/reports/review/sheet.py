"""The review sheet: what a person should look at, the most important first, and what a person has said."""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np

from walkshed.errors import UnreadableFileError
from walkshed.geocode.datums import bd09_to_wgs84, gcj02_to_wgs84
from walkshed.geocode.ledger import NO_GROUND
from walkshed.inputs.tables.datum_words import datums_in, one_of
from walkshed.model.geocoding import Review
from walkshed.model.marks import plain
from walkshed.model.messages import Message
from walkshed.reports.writing.harmless import harmless
from walkshed.reports.writing.same_bytes import workbook_bytes
from walkshed.words.review import said_in, sheet_title

_SHIFTS: Final = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}
#: Columns that a person fills in; the first one only where a list of compounds was joined to the
#: map.
GROUND: Final = "corrected_ground"
CORRECTION: Final = ("corrected_lon", "corrected_lat", "corrected_crs", "who", "when")
_COLUMNS: Final = (
    *(
        "id",
        "number",
        "name",
        "address",
        "lon",
        "lat",
        "precision",
        "uncertainty_m",
        "people_in_doubt",
        "used",
    ),
    *("reason", "doubts", "matched", "source", "alternatives"),
)
_JOINED: Final = (
    *(
        "id",
        "number",
        "row",
        "name",
        "address",
        "community",
        "ground",
        "ground_name",
        "alternatives",
        "doubts",
        "how",
    ),
    *(
        "people_in_doubt",
        "used",
        "reason",
        "lon",
        "lat",
        "precision",
        "uncertainty_m",
        "matched",
        "source",
    ),
)
_TOLD: Final = ("reason", "doubts")
_WIDE: Final = frozenset({"name", "address", "doubts", "reason", "alternatives", "ground_name"})
_NO_GROUND_WORDS: Final = frozenset({"none", "no", "无", "没有", "不在图上", "-", "—"})


def review_bytes(
    rows: Sequence[Mapping[str, object]],
    reviews: Mapping[str, Review],
    language: str,
    *,
    joined: bool,
) -> bytes:
    """Return the review sheet as a workbook, rows in their order; what a person said stands in it again."""
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    book.properties.creator = "walkshed"
    page = book.active
    page.title = "review"
    by_blocks = any("blocks_in_doubt" in row for row in rows)
    page.append([sheet_title(language, joined=joined, by_blocks=by_blocks)])
    filled_in, shown_of = ((GROUND, *CORRECTION), _JOINED) if joined else (CORRECTION, _COLUMNS)
    at = shown_of.index("people_in_doubt") + 1
    columns = (
        *shown_of[:at],
        *(("blocks_in_doubt",) if by_blocks else ()),
        *shown_of[at:],
        *filled_in,
    )
    page.append(list(columns))
    for row in rows:
        said = _said(reviews.get(str(row["id"])))
        shown = {name: cell for name, cell in row.items() if name not in filled_in} | said
        told = {name: said_in(shown.get(name, ""), language) for name in _TOLD}
        page.append([harmless((shown | told).get(name, "")) for name in columns])
    page["A1"].font = Font(bold=True)
    yellow = PatternFill("solid", start_color="FFF2CC")
    for place, name in enumerate(columns, start=1):
        header = page.cell(2, place)
        header.font = Font(bold=True)
        page.column_dimensions[header.column_letter].width = 28 if name in _WIDE else 14
        if name in filled_in:
            for number in range(2, page.max_row + 1):
                page.cell(number, place).fill = yellow
    systems = DataValidation(type="list", formula1='"wgs84,gcj02,bd09"', allow_blank=True)
    first = page.cell(3, columns.index("corrected_crs") + 1)
    systems.add(f"{first.coordinate}:{first.column_letter}{max(page.max_row, 3)}")
    page.add_data_validation(systems)
    page.freeze_panes = "A3"
    return workbook_bytes(book)


def _said(review: Review | None) -> dict[str, object]:
    if review is None:
        return {}
    said: dict[str, object] = {"who": review.who, "when": review.when, GROUND: review.ground}
    if review.lon is not None:
        said |= {"corrected_lon": review.lon, "corrected_lat": review.lat, "corrected_crs": "wgs84"}
    return said


def read_review(path: Path, *, names: Mapping[str, str] | None = None) -> dict[str, Review]:
    """Return the rows of a review sheet about which a person said something, by id.

    ``names``: by id, of the rows that count (None: all). Raises ``UnreadableFileError``.
    """
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
    found: dict[str, Review] = {}
    for number, cells in enumerate(table[1:], start=3):
        # cells at the end of a row that were never filled are not in the file
        row: dict[str, Any] = dict.fromkeys(header) | dict(zip(header, cells, strict=False))
        ground = plain(str(row.get(GROUND) or "")).strip().lstrip("'")
        place = _place(row, number, path)
        if place is None and not ground:
            continue
        when = plain(str(row["when"] or "")).split(" ")[0]
        who = plain(str(row["who"] or "")).strip() or "not stated"
        key = plain(str(row["id"])).lstrip("'")
        name = plain(str(row.get("name") or "")).lstrip("'")
        if names is not None and names.get(key) != name:
            continue
        ground = NO_GROUND if ground.lower() in _NO_GROUND_WORDS else ground
        lon, lat = (None, None) if place is None else place
        found[key] = Review(key, lon, lat, who, when, "" if place is not None else ground, name)
    return found


def _ask_whose(number: int, path: Path) -> NoReturn:
    """Raise ``UnreadableFileError``: on the mainland a map service's places are 0.5 to 1.2 km off those of another."""
    raise UnreadableFileError(
        Message(
            "{path}, row {number}: corrected_crs is empty; write wgs84, gcj02 (Amap, Tencent) or "
            "bd09 (Baidu): whose coordinates these are",
            path=path,
            number=number,
        )
    )


def _place(row: Mapping[str, Any], number: int, path: Path) -> tuple[float, float] | None:
    lon, lat = row["corrected_lon"], row["corrected_lat"]
    if lon in (None, "") and lat in (None, ""):
        return None

    # two numbers, in whatever digits they were typed
    said = str(row["corrected_crs"] or "").strip()
    system = one_of(datums_in(said)) or said
    try:
        degrees = (
            float(unicodedata.normalize("NFKC", str(lon))),
            float(unicodedata.normalize("NFKC", str(lat))),
        )
    except ValueError:
        degrees = (math.nan, math.nan)

    place = np.array([degrees])
    inside = bool((np.abs(place) <= [180.0, 90.0]).all())
    if inside and not said and not np.array_equal(gcj02_to_wgs84(place), place):
        _ask_whose(number, path)
    if not inside or system not in {"", "wgs84", "cgcs2000", *_SHIFTS}:
        cure = Message("write degrees, the longitude first, and wgs84, gcj02 or bd09")
        raise UnreadableFileError(
            Message(
                "{path}, row {number}: {lon!r}, {lat!r} ({system}) is no place; {cure}",
                path=path,
                number=number,
                lon=lon,
                lat=lat,
                system=said or "wgs84",
                cure=cure,
            )
        )
    if system in _SHIFTS:
        place = _SHIFTS[system](place)
    return round(float(place[0, 0]), 7), round(float(place[0, 1]), 7)
