"""Dates as offices write them: 2026-05-18, 2026年5月, 2026.5.8."""

from __future__ import annotations

import re
import unicodedata

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.tables.cells import text_in
from walkshed.inputs.tables.table import Row, Table

_DATE = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:年|[-./]|$)"
    r"(?:(?P<month>\d{1,2})(?:月|[-./]|$)(?:(?P<day>\d{1,2})日?)?)?(?: .*)?"
)


def date_in(row: Row, table: Table, column: str, book: FaultBook) -> str:
    """Return a date as ISO has it, to the day, the month or the year.

    "" for an empty cell and, with a fault, for another one.
    """
    text = text_in(row, table, column, book)
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is not None:
        month, day = int(found["month"] or 1), int(found["day"] or 1)
        if 1 <= month <= 12 and 1 <= day <= 31:
            parts = [found["year"], *(f"{int(part):02d}" for part in found.groups()[1:] if part)]
            return "-".join(parts)
    if text:
        cure = "write 2026-05-18, 2026-05 or 2026年5月, or leave it empty"
        table.fault(book, row, column, "is not a valid date", cure, value=text)
    return ""
