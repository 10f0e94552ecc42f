"""In which coordinates a table stands: as stated, as the file says, or as its places tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from walkshed.errors import shorten
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.places.coordinates import drawn_place
from walkshed.inputs.places.datum_sayings import Saying, sayings_of
from walkshed.inputs.places.systems import (
    SAME_AS_WGS84,
    SHIFTED,
    WGS84,
    TableCrs,
    parse_crs,
    shifted_crs,
    word_of,
)
from walkshed.inputs.places.unsaid_datum import (
    STATE_IT,
    Key,
    Unsaid,
    coordinates_told,
    found_datums,
    rows_told,
    system_of,
)
from walkshed.inputs.tables.datum_words import same_datum
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message


def crs_of(
    stated: str | None, key: str, line: int | None, table: Table | None, folder: StudyFolder
) -> TableCrs | None:
    """Return the coordinates of a table, the first that is known of four.

    (1) What study.toml states; (2) meters that the file itself names; (3) what headers, cells and
    lines of the table say of each row; (4) what the detective finds of the rows of which nobody
    says anything. Where that is unsure, ``auto`` is a fault; else degrees are WGS84, with a doubt
    where map services shift theirs.

    None, and a fault, when it is not known or contradicts the file.
    """
    # (1) study.toml
    asked = Key(key, line)
    word = None if stated is None else word_of(stated)
    if stated is not None and word is not None and word != "auto":
        given = _stated(word, stated, asked, folder)
        if given is None or table is None:
            return given
        return _beside_file(given, stated, asked, table, folder)
    if table is None:
        return WGS84  # its file has a fault already

    # (2) the file, where it says meters; only degrees are ever shifted
    own = None if table.crs in (None, "none") else parse_crs(str(table.crs).lower())
    if own is None and table.crs is not None and word is None:
        _tell_no_code(key, table, folder)
        return None
    if own is not None and own.epsg not in SAME_AS_WGS84:
        return own

    # (3) and (4)
    return _row_by_row(word, own or WGS84, asked, table, folder)


def _stated(word: str, stated: str, key: Key, folder: StudyFolder) -> TableCrs | None:
    """Return the system that study.toml states; None, and a fault, for one that is not known."""
    if word in SHIFTED:
        return shifted_crs(word, key.name, key.line, folder)
    given = parse_crs(word)
    if given is None:
        fact = "is not a known coordinate system"
        cure = (
            'write "wgs84", "gcj02", "bd09", "cgcs2000", "auto" '
            'or "EPSG:nnnn" (geographic or projected)'
        )
        folder.book.fault("study.toml", fact, cure, row=key.line, column=key.name, value=stated)
    return given


def _beside_file(
    given: TableCrs, stated: str, key: Key, table: Table, folder: StudyFolder
) -> TableCrs | None:
    """Return what study.toml states, unless the file itself says otherwise; a note where words of the table do."""
    if table.crs is None or table.crs == "none":
        _note_other_words(given, key.name, table, folder)
        return given
    own = parse_crs(table.crs.lower())
    if own is None:
        return given

    if given.epsg != own.epsg and not {given.epsg, own.epsg} <= SAME_AS_WGS84:
        fact = Message("contradicts the file itself, which says EPSG:{epsg}", epsg=own.epsg)
        cure = "take crs out, or save the file again"
        folder.book.fault("study.toml", fact, cure, row=key.line, column=key.name, value=stated)
        return None
    return given if given.shift is not None else own


def _note_other_words(given: TableCrs, key: str, table: Table, folder: StudyFolder) -> None:
    """Note rows that call their coordinates otherwise than study.toml, which holds."""
    word = word_of(given.label)
    others = [
        saying
        for saying in sayings_of(table).values()
        if saying.datum is not None and not same_datum(saying.datum, word)
    ]
    if not others:
        return

    first = others[0]
    folder.book.note(
        Message(
            "{table}: {count} {count:row says|rows say} {datum} ({where}); {key} of study.toml, "
            "{given}, holds",
            table=table.label,
            count=len(others),
            datum=SHIFTED.get(first.datum or "", first.datum),
            where=first.where,
            key=key,
            given=given.label,
        )
    )


def _tell_no_code(key: str, table: Table, folder: StudyFolder) -> None:
    """Write down that a drawing does not tell its system."""
    fact = "has no coordinate system"
    if table.crs != "none":
        fact = Message("has a coordinate system without code ({crs})", crs=shorten(str(table.crs)))
    cure = Message('state it in study.toml: {setting} = "EPSG:nnnn"', setting=key.split(".")[1])
    folder.book.fault(table.label, fact, cure)


def _row_by_row(
    word: str | None, plain: TableCrs, key: Key, table: Table, folder: StudyFolder
) -> TableCrs | None:
    """Return the system of each row: as the table says of it, else as the detective finds."""
    unheard = FaultBook()
    drawn = [(row, drawn_place(row, table, unheard)) for row in table.rows]
    places = [(row, place) for row, place in drawn if place is not None]
    if not places:
        return plain  # empty cells are told row by row

    # as the table says
    sayings = sayings_of(table)
    said = [row for row, _ in places if row.number in sayings]
    by_row = _as_said(said, sayings, key, table, folder)
    if by_row is None:
        return None

    # as the detective finds
    unsaid = [(row, place) for row, place in places if row.number not in sayings]
    if unsaid:
        found = found_datums(word, Unsaid(unsaid, len(places), plain), key, table, folder)
        if found is None:
            return None
        by_row |= found

    first = by_row[places[0][0].number]
    if all(crs == first for crs in by_row.values()):
        return first
    return replace(plain, by_row=MappingProxyType(by_row))


def _as_said(
    rows: list[Row], sayings: Mapping[int, Saying], key: Key, table: Table, folder: StudyFolder
) -> dict[int, TableCrs] | None:
    """Return the systems of the rows of which the table says one; None, and faults, where it is not clear."""
    groups: dict[Saying, list[int]] = {}
    for row in rows:
        groups.setdefault(sayings[row.number], []).append(row.number)

    by_row: dict[int, TableCrs] = {}
    clear = True
    for saying, numbers in groups.items():
        which = rows_told(numbers, len(table.rows), table)
        crs = None
        if saying.datum is None:
            fact = Message(
                "{which}: '{words}' ({where}) does not tell one coordinate system",
                which=which,
                words=saying.words,
                where=saying.where,
            )
            folder.book.fault(
                table.label,
                fact,
                Message("{cure} in study.toml ({setting})", cure=STATE_IT, setting=key.name),
            )
        else:
            crs = system_of(saying.datum, key, folder)
        if crs is None:
            clear = False
            continue

        by_row |= dict.fromkeys(numbers, crs)
        if crs.shift is not None:
            told = coordinates_told(which)
            folder.book.note(
                Message(
                    "{table}: {told} are taken as {crs} ({where})",
                    table=table.label,
                    told=told,
                    crs=crs.label,
                    where=saying.where,
                )
            )
    return by_row if clear else None
