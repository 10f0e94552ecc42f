"""Workbooks and documents whose bytes depend on nothing but what stands in them."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

#: When a workbook was made differs from run to run. 1980 is the earliest year that archives have.
_DATE = (1980, 1, 1, 0, 0, 0)
_MADE = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def workbook_bytes(book: Workbook) -> bytes:
    """Return a workbook as a file; of the same cells, the same bytes."""
    made = io.BytesIO()
    book.save(made)
    return dated_as_ever(made.getvalue())


def dated_as_ever(made: bytes) -> bytes:
    """Return a file of an office program without the dates at which it and its parts were made."""
    still = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as source, zipfile.ZipFile(still, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _MADE.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            dated = zipfile.ZipInfo(entry.filename, _DATE)
            target.writestr(dated, content, compress_type=zipfile.ZIP_DEFLATED)
    return still.getvalue()
