"""The datum of rows of which nobody says anything: as the detective finds, else WGS84 with a doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.errors import WalkshedError
from walkshed.inputs.faults import first_of, words_of
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.places.systems import SHIFTED, TableCrs, parse_crs, shifted_crs
from walkshed.inputs.skills import Detect
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.arrays import FloatArray
from walkshed.model.geocoding import CrsFinding, DatumDoubt
from walkshed.model.messages import Message

STATE_IT = Message('state it: crs = "wgs84", "gcj02", "bd09", "cgcs2000" or "EPSG:nnnn"')
_WHOLE = Message("the table")  # all rows of it that have places
_MOST_SPANS = 6
_HALF_TURN, _QUARTER_TURN = 180.0, 90.0
_MOVED_DEG = 1e-6  # a decimeter
#: Outlines of communities have no place by a street or a name on the map.
_OF_WHOLE_QUARTERS = "areas.crs"
#: Centers of outlines lie by no street; only what bears their names tells.
_NAMED_NEEDED = 3


@dataclass(frozen=True, slots=True)
class Key:
    """The key of study.toml that states a table's system, and its line."""

    name: str
    line: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Unsaid:
    """Rows with places of which the table says nothing."""

    places: list[tuple[Row, BaseGeometry]]
    of: int  # rows with places
    plain: TableCrs

    @property
    def numbers(self) -> list[int]:
        """Their rows' numbers."""
        return [row.number for row, _ in self.places]

    @property
    def centers(self) -> FloatArray:
        """(n, 2) the places as they stand."""
        points = [shapely.get_coordinates(shapely.centroid(place))[0] for _, place in self.places]
        return np.array(points, dtype=np.float64)


def found_datums(
    word: str | None, unsaid: Unsaid, key: Key, table: Table, folder: StudyFolder
) -> dict[int, TableCrs] | None:
    """Return the system of each row as the detective finds it; None, and faults, where ``auto`` asks in vain."""
    plain = dict.fromkeys(unsaid.numbers, unsaid.plain)
    shifts = _is_shifted(unsaid.centers, folder)
    if word is None and not shifts:
        return plain
    if word is None and key.name == _OF_WHOLE_QUARTERS:
        _note_format(unsaid, key, table, folder)
        return plain

    # without a map nothing can be found
    if folder.skills.detect is None or folder.extract is None:
        if word is None and table.drawn:
            _note_format(unsaid, key, table, folder)
            return plain
        if word is None:
            return _doubted(unsaid, unsaid.numbers, key, table, folder)
        fact = "needs an OSM extract to compare places with"
        folder.book.fault("study.toml", fact, STATE_IT, row=key.line, column=key.name, value="auto")
        return None

    try:
        findings = _findings(folder.skills.detect, folder.extract, unsaid)
    except WalkshedError as error:
        if word is None:
            return plain  # what is wrong with the map is told elsewhere
        folder.book.fault(folder.label(folder.extract), "cannot be compared with", words_of(error))
        return None
    if word is None:
        return _unless_doubted(findings, unsaid, key, table, folder)

    # as the format says, or because there is nothing to tell
    means_wgs84 = (table.drawn or not shifts) and _degrees(unsaid)
    if means_wgs84 and all(finding.crs is None for finding in findings):
        return plain
    return _as_found(findings, unsaid, key, table, folder)


def _findings(detect: Detect, extract: Path, unsaid: Unsaid) -> tuple[CrsFinding, ...]:
    """Return what the detective finds of rows, by their places, names, addresses and sources."""
    names, addresses, sources = (
        [row.cells.get(column, "") for row, _ in unsaid.places]
        for column in ("name", "address", "coordinate_source")
    )
    return detect(extract, unsaid.centers, names, addresses, sources)


def _unless_doubted(
    findings: Sequence[CrsFinding], unsaid: Unsaid, key: Key, table: Table, folder: StudyFolder
) -> dict[int, TableCrs] | None:
    """Return the systems that are sure, and WGS84 with a doubt for the others.

    Degrees in another order and meters stay as they are: they have faults of their own.
    """
    numbers = unsaid.numbers
    by_row = dict.fromkeys(numbers, unsaid.plain)
    doubted: list[int] = []
    for finding in findings:
        rows = [numbers[index] for index in finding.rows]
        if finding.swapped:
            continue
        if finding.crs is None:
            doubted += rows
        elif finding.crs in SHIFTED and _tells(finding, table):
            crs = system_of(finding.crs, key, folder)
            if crs is None:
                return None
            by_row |= dict.fromkeys(rows, crs)
            which = rows_told(rows, unsaid.of, table)
            _note_found(finding, crs, which, table, folder)

    if doubted and table.drawn:
        _note_format(unsaid, key, table, folder)
    elif doubted and _degrees(unsaid):
        by_row |= _doubted(unsaid, doubted, key, table, folder)
    return by_row


def _note_format(unsaid: Unsaid, key: Key, table: Table, folder: StudyFolder) -> None:
    """Note a drawing that is WGS84 by its format alone, for those of map services are not."""
    if not _degrees(unsaid):
        return
    folder.book.note(
        Message(
            "{table}: is read as WGS84, as it says itself or by its format; outlines that are "
            "taken from DataV, Amap or Baidu are GCJ-02 or BD-09 all the same, 0.5 to 1.2 km off: "
            "{cure} in study.toml ({setting})",
            table=table.label,
            cure=STATE_IT,
            setting=key.name,
        )
    )


def _tells(finding: CrsFinding, table: Table) -> bool:
    """Return whether a finding holds for such a table, too: of points, or of outlines with known names."""
    return not table.drawn or finding.trials[0].named >= _NAMED_NEEDED


def _doubted(
    unsaid: Unsaid, rows: list[int], key: Key, table: Table, folder: StudyFolder
) -> dict[int, TableCrs]:
    """Return WGS84 for rows of which nothing tells their datum, and write the doubt down."""
    assumed = folder.skills.assumed.get(key.name)
    crs = unsaid.plain
    if assumed is not None:
        crs = system_of(assumed, key, folder) or crs

    folder.doubts.append(DatumDoubt(key.name, table.label, len(rows), unsaid.of))
    told = coordinates_told(rows_told(rows, unsaid.of, table))
    folder.book.note(
        Message(
            "{table}: nothing tells the datum of {told}; they are taken as WGS84, but may be "
            "GCJ-02 (Amap, Tencent) or BD-09 (Baidu), 0.5 to 1.2 km off: {cure} in study.toml "
            "({setting})",
            table=table.label,
            told=told,
            cure=STATE_IT,
            setting=key.name,
        )
    )
    return dict.fromkeys(rows, crs)


def _is_shifted(centers: FloatArray, folder: StudyFolder) -> bool:
    """Return whether the places lie where map services shift theirs."""
    shift = folder.skills.to_wgs84.get("gcj02")
    if shift is None:
        return False

    x, y = np.abs(centers).T
    degrees = centers[(x <= _HALF_TURN) & (y <= _QUARTER_TURN)]
    return bool(len(degrees)) and bool((np.abs(shift(degrees) - degrees) > _MOVED_DEG).any())


def _degrees(unsaid: Unsaid) -> bool:
    """Return whether all places can be degrees, longitude first."""
    x, y = np.abs(unsaid.centers).max(axis=0)
    return bool(x <= _HALF_TURN and y <= _QUARTER_TURN)


def _as_found(
    findings: Sequence[CrsFinding], unsaid: Unsaid, key: Key, table: Table, folder: StudyFolder
) -> dict[int, TableCrs] | None:
    """Return the systems found, each group of rows by itself; None, and a fault, where one is not clear."""
    numbers = unsaid.numbers
    unclear = [finding for finding in findings if finding.crs is None]
    is_mixed = len(findings) > 1 or len(numbers) < unsaid.of
    for finding in unclear:
        which = rows_told([numbers[index] for index in finding.rows], unsaid.of, table)
        _refuse_unclear(finding, which, key, table, folder, is_mixed=is_mixed)
    if unclear:
        return None

    by_row: dict[int, TableCrs] = {}
    for finding in findings:
        crs = system_of(finding.crs or "", key, folder)
        if crs is None:
            return None
        crs = replace(crs, swapped=finding.swapped)
        rows = [numbers[index] for index in finding.rows]
        by_row |= dict.fromkeys(rows, crs)
        _note_found(finding, crs, rows_told(rows, unsaid.of, table), table, folder)
    return by_row


def _refuse_unclear(
    finding: CrsFinding, which: str, key: Key, table: Table, folder: StudyFolder, *, is_mixed: bool
) -> None:
    """Write down rows whose system the detective cannot tell; ``is_mixed``: they are not the whole table."""
    source = Message(" ({group})", group=finding.group) if finding.group else ""
    cure = Message("{cure} in study.toml ({setting})", cure=STATE_IT, setting=key.name)
    if is_mixed:
        cure = Message(
            "{cure}; of several systems in one table: bring these rows into one, or into a table "
            "of their own",
            cure=cure,
        )
    column = table.headers.get(table.place_column, table.place_column)
    fact = Message(
        "the coordinate system of {which}{source} cannot be told: {reason}",
        which=which,
        source=source,
        reason=finding.doubt,
    )
    folder.book.fault(table.label, fact, cure, column=column)


def _note_found(
    finding: CrsFinding, crs: TableCrs, which: str, table: Table, folder: StudyFolder
) -> None:
    """Note which system was found for rows, how sure it is and why."""
    order = Message(", latitude first") if finding.swapped else ""
    folder.book.note(
        Message(
            "{table}: {places} are taken as {crs}{order} (confidence {confidence:.3g}); {reason}",
            table=table.label,
            places=coordinates_told(which),
            crs=crs.label,
            order=order,
            confidence=finding.confidence,
            reason=finding.reason,
        )
    )
    for note in finding.notes:
        folder.book.note(Message("{file}: {note}", file=table.label, note=note))


def system_of(word: str, key: Key, folder: StudyFolder) -> TableCrs | None:
    """Return the system that a word means, shifted or not."""
    if word in SHIFTED:
        return shifted_crs(word, key.name, key.line, folder)
    return parse_crs(word.lower())


def rows_told(numbers: list[int], of: int, table: Table) -> str:
    """Return rows in words, neighbors as spans: "rows 2–14, 17"."""
    if len(numbers) == of:
        return _WHOLE

    # a span ends where the next number is not the next row
    ordered = sorted(numbers)
    gaps = [at for at, (one, two) in enumerate(pairwise(ordered), start=1) if two != one + 1]
    bounds = pairwise([0, *gaps, len(ordered)])
    spans = [(ordered[low], ordered[high - 1]) for low, high in bounds]

    ends = [(table.number_told(a), b - a, table.number_told(b)) for a, b in spans]
    shown = first_of([f"{a}–{b}" if more else a for a, more, b in ends], _MOST_SPANS)
    if len(numbers) == 1:
        return table.row_told(numbers[0])
    if table.counted == "feature":
        return Message("features {numbers}", numbers=shown)
    return Message("rows {numbers}", numbers=shown)


def coordinates_told(which: str) -> str:
    """Return what to call the coordinates of rows that ``rows_told`` names."""
    if which == _WHOLE:
        return Message("the coordinates")
    return Message("the coordinates of {which}", which=which)
