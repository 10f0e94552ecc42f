"""What a table says of the datum of its coordinates: in headers, in a column of its own, around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from walkshed.errors import SHEET_MARK
from walkshed.inputs.tables.datum_words import datums_in, one_of, same_datum
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Listing, Message


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said of rows: a datum, or (None) words that do not agree or mean another system; and where."""

    datum: str | None
    where: str
    words: str


def sayings_of(table: Table) -> Mapping[int, Saying]:
    """Return what a table says of its rows, by their number.

    A cell of the column of sources and the headers of the coordinates come first; what neither says
    the lines above and below the table may say, then the names of its sheet and its file.
    """
    of_places = ("geometry",) if table.drawn else ("lon", "lat")
    headers = dict.fromkeys(table.headers[name] for name in of_places if name in table.headers)
    of_headers = _said(headers, "", title=False)
    lines = _lines(table)
    around = lines or _of_names(table) or _exported(table)
    of_headers = _against(of_headers, lines)

    found: dict[int, Saying] = {}
    for row in table.rows:
        saying = _of_row(row, table, of_headers) or around
        if saying is not None:
            found[row.number] = saying
    return found


def _of_row(row: Row, table: Table, of_headers: Saying | None) -> Saying | None:
    """Return what the row's own cell and the headers say together."""
    cell = row.cells.get("coordinate_source", "")
    column = Message("column '{header}'", header=table.headers.get("coordinate_source", ""))
    own = _said([cell], column, title=False)
    if own is None or of_headers is None:
        return own or of_headers

    # what leaves it open is not settled by the other
    if own.datum is None:
        return own
    if of_headers.datum is None:
        return of_headers
    if same_datum(own.datum, of_headers.datum):
        return own
    where = Message("{one} and {other}", one=column, other=of_headers.where)
    return Saying(None, where, f"{cell} / {of_headers.words}")


def _lines(table: Table) -> Saying | None:
    """Return what the lines above and below a table say."""
    return _said(table.asides, Message("a line beside the table"), title=True)


def _against(of_headers: Saying | None, lines: Saying | None) -> Saying | None:
    """Return what headers say; nothing certain where a line beside the table says another datum."""
    if of_headers is None or lines is None or None in (of_headers.datum, lines.datum):
        return of_headers
    if same_datum(of_headers.datum or "", lines.datum or ""):
        return of_headers
    where = Message("{one} and {other}", one=of_headers.where, other=lines.where)
    return Saying(None, where, f"{of_headers.words} / {lines.words}")


def _of_names(table: Table) -> Saying | None:
    """Return what the names of a table's sheet and file say."""
    # a name counts only where it names one datum
    file, _, sheet = table.label.partition(SHEET_MARK)
    of_sheet, of_file = Message("the name of the sheet"), Message("the name of the file")
    for name, where in ((sheet, of_sheet), (file, of_file)):
        saying = _said([name], where, title=True)
        if saying is not None and saying.datum is not None:
            return saying
    return None


def _exported(table: Table) -> Saying | None:
    """Return what the columns of a map service's export say: that it is one."""
    if not table.exporter:
        return None
    where = Message("columns typecode and adname, as Amap exports them")
    return Saying(table.exporter, where, "typecode")


def _said(texts: Iterable[str], where: str, *, title: bool) -> Saying | None:
    """Return what texts say together; None where they say nothing."""
    speaking = [text for text in texts if datums_in(text, title=title)]
    if not speaking:
        return None

    found = frozenset[str]().union(*(datums_in(text, title=title) for text in speaking))
    return Saying(one_of(found), where or _columns(speaking), " / ".join(speaking))


def _columns(headers: Sequence[str]) -> Message:
    """Return columns in words."""
    if len(headers) == 1:
        return Message("column '{header}'", header=headers[0])
    named = Listing([Message("'{name}'", name=header) for header in headers])
    return Message("columns {headers}", headers=named)
