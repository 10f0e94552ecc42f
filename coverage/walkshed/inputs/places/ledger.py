"""A list of compounds without geometry (小区名录) finds its grounds on the map; doubts are told row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from walkshed.errors import WalkshedError
from walkshed.inputs.faults import FaultBook, first_of, words_of
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.places.geocoded import review_path, reviewed_grounds
from walkshed.inputs.tables.cells import amount_in, identify, text_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.geocoding import LedgerMatch, LedgerRow
from walkshed.model.messages import Listing, Message

_MOST_TOLD = 40


def is_ledger(table: Table, folder: StudyFolder) -> bool:
    """Return whether a table of blocks names compounds and places none, and there is a map to find them on."""
    places = table.drawn or bool({"lon", "lat"} & set(table.headers))
    has_map = folder.extract is not None and folder.skills.join is not None
    return "name" in table.headers and not places and has_map


def with_grounds(table: Table, path: Path, folder: StudyFolder) -> Table:
    """Return the ledger with the ground of each compound; those that are not found are left out, and noted.

    Rows that geocoding or a person has placed keep their place, and what a person said which ground
    a row is counts. Doubtful matches are used and noted, the row's number first, so that somebody
    can look at them.
    """
    assert folder.extract is not None
    assert folder.skills.join is not None

    # the rows that nothing has placed yet, and what a person said of them
    identified = [(row, key) for row, key, _ in identify(table, "B", FaultBook())]
    named = [
        (row, key)
        for row, key in identified
        if not row.broken and row.placed is None and row.cells["name"]
    ]
    said = reviewed_grounds(path, folder)
    asked = [asked_of(row, key, table, said) for row, key in named]

    try:
        answers = folder.skills.join(folder.extract, asked)
    except WalkshedError as error:
        reason = words_of(error)
        folder.book.fault(folder.label(folder.extract), "cannot be joined to", reason)
        return table
    joined = [_Joined(row, *answer) for (row, _), answer in zip(named, answers, strict=True)]

    # the ground of each, unless its place was known
    by_point = {row.number: row.placed for row, _ in identified if row.placed is not None}
    by_name = {each.row.number: each.ground for each in joined if each.ground is not None}
    if not by_name and not by_point:
        fact = Message(
            "none of its {count} {count:compound|compounds} is on the map by its name",
            count=len(named),
        )
        cure = "add lon and lat, or draw the blocks; is it the map of this town?"
        folder.book.fault(table.label, fact, cure, column="name")
        return table
    _note_joined(joined, table, path, folder)

    placed = by_name | by_point
    rows = tuple(
        replace(row, placed=placed.get(row.number), broken=row.broken or row.number not in placed)
        for row in table.rows
    )
    return replace(table, rows=rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Joined:
    """A row of a ledger, what of the map it was matched to, and its ground, if it has one there."""

    row: Row
    match: LedgerMatch
    ground: BaseGeometry | None


def _note_joined(joined: Sequence[_Joined], table: Table, path: Path, folder: StudyFolder) -> None:
    """Note how many compounds are found, which are doubtful, and which are not on the map."""
    found = [each for each in joined if each.ground is not None]
    doubted = [each for each in found if each.match.doubts]
    missing = [each.row for each in joined if each.ground is None]
    label, book = table.label, folder.book
    book.note(
        Message(
            "{label}: {count} of {total} {total:compound|compounds} {count:is|are} found on the "
            "map by name, {doubted} of them "
            "to be reviewed",
            label=label,
            count=len(found),
            total=len(joined),
            doubted=len(doubted),
        )
    )

    for each in doubted[:_MOST_TOLD]:
        book.note(
            Message(
                "{label}, row {row}: '{name}' to be reviewed: {doubts}",
                label=label,
                row=table.number_told(each.row.number),
                name=each.match.row.name,
                doubts=Listing(each.match.doubts, mark="; "),
            )
        )
    if len(doubted) > _MOST_TOLD:
        book.note(
            Message(
                "{label}: {count} more {count:row is|rows are} to be reviewed",
                label=label,
                count=len(doubted) - _MOST_TOLD,
            )
        )

    if missing:
        _note_missing(missing, table, book)
    if doubted or missing:
        sheet = review_path(path, "blocks", folder).name
        book.note(
            Message(
                "{label}: walkshed geocode  writes a sheet to review these joins ({sheet})",
                label=label,
                sheet=sheet,
            )
        )


def _note_missing(missing: Sequence[Row], table: Table, book: FaultBook) -> None:
    """Note compounds that are not on the map, and how many households with them."""
    unheard = FaultBook()
    homes = sum(amount_in(row, table, "households", unheard) or 0.0 for row in missing)
    names = [text_in(row, table, "name", unheard) for row in missing]
    book.note(
        Message(
            "{table}: {count} {count:compound|compounds} with {homes:,.0f} "
            "{homes:household|households} {count:is|are} not on the map and left out: {names}",
            table=table.label,
            count=len(missing),
            homes=homes,
            names=first_of(names, _MOST_TOLD, mark="、"),
        )
    )


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
