"""A list of compounds without geometry (小区名录) finds its grounds on the map; doubts are told row by row."""

from __future__ import annotations

from dataclasses import replace

from walkshed.errors import WalkshedError
from walkshed.inputs.book import FaultBook
from walkshed.inputs.cells import amount_in, text_in
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.tables import Row, Table
from walkshed.model.geocoding import LedgerRow

_MOST_TOLD = 40


def is_ledger(table: Table, folder: StudyFolder) -> bool:
    """Return whether a table of blocks names compounds and places none, and there is a map to find them on."""
    nowhere = not table.drawn and not {"lon", "lat"} & set(table.headers)
    return nowhere and "name" in table.headers and folder.extract is not None and folder.skills.join is not None


def with_grounds(table: Table, folder: StudyFolder) -> Table:
    """Return the ledger with the ground of each compound; those that are not found are left out, and noted.

    Doubtful matches are used and noted, the row's number first, so that somebody can look at them.
    """
    assert folder.extract is not None
    assert folder.skills.join is not None
    unheard, book = FaultBook(), folder.book
    named = [row for row in table.rows if not row.broken and text_in(row, table, "name", unheard)]
    asked = [_asked(row, table, unheard) for row in named]
    try:
        answers = folder.skills.join(folder.extract, asked)
    except WalkshedError as error:
        book.fault(folder.label(folder.extract), "cannot be joined to", " ".join(str(error).split()))
        return table
    placed = {row.number: place for row, (_, place) in zip(named, answers, strict=True) if place is not None}
    if not placed:
        cure = "add lon and lat, or draw the blocks; is it the map of this town?"
        book.fault(table.label, f"none of its {len(named)} compounds is on the map by its name", cure, column="name")
        return table
    missing = [row for row in named if row.number not in placed]
    doubted = [
        (row, match) for row, (match, place) in zip(named, answers, strict=True) if place is not None and match.doubts
    ]
    book.note(
        f"{table.label}: {len(placed)} of {len(named)} compounds are found on the map by name, "
        f"{len(doubted)} of them to be reviewed"
    )
    for row, match in doubted[:_MOST_TOLD]:
        book.note(f"{table.label}, row {row.number}: '{match.row.name}' to be reviewed: {'; '.join(match.doubts)}")
    if len(doubted) > _MOST_TOLD:
        book.note(f"{table.label}: {len(doubted) - _MOST_TOLD} more rows are to be reviewed")
    if missing:
        homes = sum(amount_in(row, table, "households", unheard) or 0.0 for row in missing)
        shown = "、".join(text_in(row, table, "name", unheard) for row in missing[:_MOST_TOLD])
        book.note(
            f"{table.label}: {len(missing)} compounds with {homes:,.0f} households are not on the map and left out: "
            f"{shown}{' …' if len(missing) > _MOST_TOLD else ''}"
        )
    rows = tuple(
        replace(row, placed=placed.get(row.number), broken=row.broken or row.number not in placed) for row in table.rows
    )
    return replace(table, rows=rows)


def _asked(row: Row, table: Table, book: FaultBook) -> LedgerRow:
    return LedgerRow(
        name=text_in(row, table, "name", book),
        community=text_in(row, table, "community", book),
        address=text_in(row, table, "address", book, longest=1000),
        households=amount_in(row, table, "households", book),
        kind=text_in(row, table, "kind", book),
    )
