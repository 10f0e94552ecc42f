"""Places that geocoding found for rows without coordinates, kept in a file of their own beside the planner's.

``stations.geocoded.csv`` is joined to ``stations.csv`` by id, name and address: a row that the
planner has changed since is not placed by an answer to another question, and coordinates of the
planner's own always count.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import shapely

from walkshed.inputs.faults import FaultBook, first_of
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.tables.cells import identify, number_in, text_in, truth_in
from walkshed.inputs.tables.reading import read_table
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message

GEOCODED, REVIEW = ".geocoded.csv", ".review.xlsx"
_MOST_SHOWN = 8  # rows in a note


def places_name(table: Path, kind: str, folder: StudyFolder) -> str:
    """Return by what name the places of a table are kept: "stations" of stations.csv or stations.xlsx.

    Sheets of one workbook, and tables of one name in two formats, each have their kind as well:
    "模板.stations", "模板.blocks".
    """
    shared = table.stem.casefold() in folder.shared_names
    return f"{table.stem}.{kind}" if shared else table.stem


def geocoded_path(table: Path, kind: str, folder: StudyFolder) -> Path:
    """Return where the places of a table's rows are kept: stations.geocoded.csv for stations.csv."""
    return table.with_name(f"{places_name(table, kind, folder)}{GEOCODED}")


def review_path(table: Path, kind: str, folder: StudyFolder) -> Path:
    """Return the review sheet of a table: stations.review.xlsx."""
    return table.with_name(f"{places_name(table, kind, folder)}{REVIEW}")


def kept_places(table: Path, kind: str, folder: StudyFolder) -> Path | None:
    """Return the file that holds the places of a table: its own, else one that an older study kept by the table's name.

    None without one.
    """
    own, older = geocoded_path(table, kind, folder), table.with_name(f"{table.stem}{GEOCODED}")
    return next((file for file in (own, older) if folder.holds(file)), None)


def has_no_place(row: Row, table: Table) -> bool:
    """Return whether a row holds neither coordinates nor a drawing."""
    if table.drawn:
        return row.geometry is None or row.geometry.is_empty
    return not row.cells.get("lon") and not row.cells.get("lat")


def with_geocoded(
    table: Table, path: Path, kind: str, folder: StudyFolder, *, prefix: str
) -> Table:
    """Return the table with the places that geocoding found for its rows without coordinates.

    ``kind``: of the table ("stations", "blocks", "visitors", "rooms"); ``prefix`` begins what rows
    without an id and a name are called.
    """
    file = kept_places(path, kind, folder)
    if file is None or not any(has_no_place(row, table) for row in table.rows):
        return table
    answers = read_table(file, "geocoded", folder, may_be_empty=True)
    if answers is None:
        return table
    book = folder.book

    # the answers that are to be used, by what was asked
    found: dict[tuple[str, str, str], tuple[shapely.Point, str]] = {}
    for row in answers.rows:
        if truth_in(row, answers, "used", book) is False or row.broken:
            continue
        lon, lat = number_in(row, answers, "lon", book), number_in(row, answers, "lat", book)
        if lon is None or lat is None:
            continue
        cells = {
            name: text_in(row, answers, name, book, longest=1000).lstrip("'")
            for name in ("id", "name", "address")
        }
        found[cells["id"], cells["name"], cells["address"]] = (
            shapely.Point(lon, lat),
            row.cells.get("doubts", ""),
        )

    # the rows that ask the same and have no place of their own
    unheard = FaultBook()
    placed: dict[int, shapely.Point] = {}
    doubted = []
    for row, key, _ in identify(table, prefix, unheard):
        if not has_no_place(row, table):
            continue
        written = text_in(row, table, "name", unheard).lstrip("'")
        address = text_in(row, table, "address", unheard, longest=1000).lstrip("'")
        answer = found.get((key, written, address))
        if answer is not None:
            placed[row.number] = answer[0]
            if answer[1]:
                doubted.append(key)

    # what a planner should know of it
    if placed:
        label = folder.label(file)
        book.note(
            Message(
                "{table}: {count} of {total} {total:row|rows} {count:has|have} their place from "
                "{file}",
                table=table.label,
                count=len(placed),
                total=len(table.rows),
                file=label,
            )
        )
    if doubted:
        shown = first_of(doubted, _MOST_SHOWN)
        book.note(
            Message(
                "{table}: the {count:place|places} of {count} {count:row is|rows are} doubtful, "
                "look at the review sheet ({rows})",
                table=table.label,
                count=len(doubted),
                rows=shown,
            )
        )

    rows = tuple(replace(row, placed=placed.get(row.number)) for row in table.rows)
    return replace(table, rows=rows)


def reviewed_grounds(path: Path, folder: StudyFolder) -> dict[tuple[str, str, str], str]:
    """Return what a person said which ground on the map a compound is: {(id, name, address): ground}."""
    file = kept_places(path, "blocks", folder)
    if file is None:
        return {}
    answers = read_table(file, "geocoded", replace(folder, book=FaultBook()), may_be_empty=True)
    if answers is None:
        return {}
    found = {}
    for row in answers.rows:
        cells = {
            name: row.cells.get(name, "").lstrip("'")
            for name in ("id", "name", "address", "ground", "who")
        }
        if cells["ground"] and cells["who"] and not row.broken:
            found[cells["id"], cells["name"], cells["address"]] = cells["ground"]
    return found
