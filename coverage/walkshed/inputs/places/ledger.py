"""A list of compounds without geometry (小区名录) finds its grounds on the map; doubts are told row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from walkshed.errors import WalkshedError
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.places.geocoded import review_path, reviewed_grounds
from walkshed.inputs.tables.cells import amount_in, identify, text_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.geocoding import LedgerRow

_MOST_TOLD = 40


def is_ledger(table: Table, folder: StudyFolder) -> bool:
    """Return whether a table of blocks names compounds and places none, and there is a map to find them on."""
    nowhere = not table.drawn and not {"lon", "lat"} & set(table.headers)
    return (
        nowhere
        and "name" in table.headers
        and folder.extract is not None
        and folder.skills.join is not None
    )


def with_grounds(table: Table, path: Path, folder: StudyFolder) -> Table:
    """Return the ledger with the ground of each compound; those that are not found are left out, and noted.

    Rows that geocoding or a person has placed keep their place, and what a person said which ground
    a row is counts. Doubtful matches are used and noted, the row's number first, so that somebody
    can look at them.
    """
    assert folder.extract is not None
    assert folder.skills.join is not None
    unheard, book = FaultBook(), folder.book
    identified = [(row, key) for row, key, _ in identify(table, "B", unheard)]
    open_rows = [
        (row, key)
        for row, key in identified
        if not row.broken and row.placed is None and row.cells["name"]
    ]
    named = [row for row, _ in open_rows]
    said = reviewed_grounds(path, folder)
    asked = [asked_of(row, key, table, said) for row, key in open_rows]
    by_point = {row.number: row.placed for row, _ in identified if row.placed is not None}
    try:
        answers = folder.skills.join(folder.extract, asked)
    except WalkshedError as error:
        book.fault(
            folder.label(folder.extract), "cannot be joined to", " ".join(str(error).split())
        )
        return table
    placed = {
        row.number: place
        for row, (_, place) in zip(named, answers, strict=True)
        if place is not None
    }
    if not placed and not by_point:
        cure = "add lon and lat, or draw the blocks; is it the map of this town?"
        book.fault(
            table.label,
            f"none of its {len(named)} compounds is on the map by its name",
            cure,
            column="name",
        )
        return table
    missing = [row for row in named if row.number not in placed]
    doubted = [
        (row, match)
        for row, (match, place) in zip(named, answers, strict=True)
        if place is not None and match.doubts
    ]
    book.note(
        f"{table.label}: {len(placed)} of {len(named)} compounds are found on the map by name, "
        f"{len(doubted)} of them to be reviewed"
    )
    for row, match in doubted[:_MOST_TOLD]:
        book.note(
            f"{table.label}, row {row.number}: '{match.row.name}' to be reviewed: {'; '.join(match.doubts)}"
        )
    if len(doubted) > _MOST_TOLD:
        book.note(f"{table.label}: {len(doubted) - _MOST_TOLD} more rows are to be reviewed")
    if missing:
        homes = sum(amount_in(row, table, "households", unheard) or 0.0 for row in missing)
        shown = "、".join(text_in(row, table, "name", unheard) for row in missing[:_MOST_TOLD])
        book.note(
            f"{table.label}: {len(missing)} compounds with {homes:,.0f} households are not on the map and left out: "
            f"{shown}{' …' if len(missing) > _MOST_TOLD else ''}"
        )
    if doubted or missing:
        sheet = review_path(path, "blocks", folder).name
        book.note(
            f"{table.label}: walkshed geocode  writes a sheet to review these joins ({sheet})"
        )
    placed |= by_point
    rows = tuple(
        replace(row, placed=placed.get(row.number), broken=row.broken or row.number not in placed)
        for row in table.rows
    )
    return replace(table, rows=rows)


def asked_of(
    row: Row, key: str, table: Table, said: Mapping[tuple[str, str, str], str]
) -> LedgerRow:
    """Return a row as the join asks for it, with the ground that a person said it is."""
    book = FaultBook()
    name = text_in(row, table, "name", book)
    address = text_in(row, table, "address", book, longest=1000)
    return LedgerRow(
        name=name,
        community=text_in(row, table, "community", book),
        address=address,
        households=amount_in(row, table, "households", book),
        kind=text_in(row, table, "kind", book),
        ground=said.get((key, name, address), ""),
    )
