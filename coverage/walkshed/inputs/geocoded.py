"""Places that geocoding found for rows without coordinates, kept in a file of their own beside the planner's.

``stations.geocoded.csv`` is joined to ``stations.csv`` by id, name and address: a row that the planner has changed
since is not placed by an answer to another question, and coordinates of the planner's own always count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import shapely

from walkshed.inputs.book import FaultBook
from walkshed.inputs.cells import identify, number_in, text_in, truth_in
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.tables import Row, Table, read_table
from walkshed.model.geocoding import Query

GEOCODED = ".geocoded.csv"
#: What a row without an address is not looked up by: a name that says that it is not filled in yet.
_NOT_FILLED_IN = ("待填", "待定", "tbd", "to be named")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows of a table that have no coordinates, and where the answers go."""

    folder: Path
    table: Path  # the planner's file, never written
    extract: Path | None
    queries: tuple[Query, ...]  # ``id`` as the study will know the row; no text where there is nothing to look for
    names: tuple[tuple[str, str], ...]  # name and address of each, as the planner wrote them
    language: str
    count: int  # rows of the table

    @property
    def geocoded(self) -> Path:
        """The file of places."""
        return geocoded_path(self.table)


def geocoded_path(table: Path) -> Path:
    """Return where the places of a table's rows are kept: stations.geocoded.csv for stations.csv or stations.xlsx."""
    return table.with_name(f"{table.stem}{GEOCODED}")


def has_no_place(row: Row, table: Table) -> bool:
    """Return whether a row holds neither coordinates nor a drawing."""
    if table.drawn:
        return row.geometry is None or row.geometry.is_empty
    return not row.cells.get("lon") and not row.cells.get("lat")


def unplaced_queries(table: Table, city: str) -> tuple[tuple[Query, ...], tuple[tuple[str, str], ...]]:
    """Return what to look up for the rows without a place, and their names and addresses."""
    unheard = FaultBook()
    queries, names = [], []
    for row, key, name in identify(table, "S", unheard):
        if row.broken or not has_no_place(row, table):
            continue
        written = text_in(row, table, "name", unheard)
        address = text_in(row, table, "address", unheard, longest=1000)
        known = "" if any(word in (name or "").lower() for word in _NOT_FILLED_IN) else written
        queries.append(Query(address, known, city, key))
        names.append((written, address))
    return tuple(queries), tuple(names)


def with_geocoded(table: Table, path: Path, folder: StudyFolder) -> Table:
    """Return the table with the places that geocoding found for its rows without coordinates."""
    file = geocoded_path(path)
    if not file.is_file() or not any(has_no_place(row, table) for row in table.rows):
        return table
    answers = read_table(file, "geocoded", folder)
    if answers is None:
        return table
    book = folder.book
    found: dict[tuple[str, str, str], tuple[shapely.Point, str]] = {}
    for row in answers.rows:
        if truth_in(row, answers, "used", book) is False or row.broken:
            continue
        lon, lat = number_in(row, answers, "lon", book), number_in(row, answers, "lat", book)
        if lon is None or lat is None:
            continue
        cells = {
            name: text_in(row, answers, name, book, longest=1000).lstrip("'") for name in ("id", "name", "address")
        }
        found[cells["id"], cells["name"], cells["address"]] = shapely.Point(lon, lat), row.cells.get("doubts", "")
    unheard = FaultBook()
    placed: dict[int, shapely.Point] = {}
    doubted = []
    for row, key, _ in identify(table, "S", unheard):
        if not has_no_place(row, table):
            continue
        written = text_in(row, table, "name", unheard).lstrip("'")
        address = text_in(row, table, "address", unheard, longest=1000).lstrip("'")
        answer = found.get((key, written, address))
        if answer is not None:
            placed[row.number] = answer[0]
            if answer[1]:
                doubted.append(key)
    if placed:
        label = folder.label(file)
        book.note(f"{table.label}: {len(placed)} of {len(table.rows)} rows have their place from {label}")
    if doubted:
        shown = ", ".join(doubted[:8]) + (" …" if len(doubted) > 8 else "")
        book.note(f"{table.label}: the place of {len(doubted)} rows is doubtful, look at the review sheet ({shown})")
    rows = tuple(replace(row, placed=placed.get(row.number)) for row in table.rows)
    return replace(table, rows=rows)
