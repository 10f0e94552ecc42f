"""The review sheet as it is written: what a person should look at, the most important first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from walkshed.model.geocoding import Review
from walkshed.reports.writing.harmless import harmless
from walkshed.reports.writing.same_bytes import workbook_bytes
from walkshed.words.review import said_in, sheet_title

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
    # offered, not enforced: other words for them are understood
    systems = DataValidation(
        type="list",
        formula1='"wgs84,gcj02,bd09,cgcs2000"',
        allow_blank=True,
        showErrorMessage=False,
    )
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
