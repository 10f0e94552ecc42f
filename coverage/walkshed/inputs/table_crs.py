"""In which coordinates a table stands: as stated, as the file says, or as its places tell."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import shapely

from walkshed.errors import WalkshedError, shorten
from walkshed.inputs.book import FaultBook
from walkshed.inputs.coordinates import drawn_place
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.systems import (
    SAME_AS_WGS84,
    SHIFTED,
    WGS84,
    TableCrs,
    parse_crs,
    shifted_crs,
    word_of,
)
from walkshed.inputs.tables import Table
from walkshed.model.geocoding import CrsFinding

_STATE_IT = 'state it: crs = "wgs84", "gcj02", "bd09", "cgcs2000" or "EPSG:nnnn"'
_MOST_SPANS = 6


def crs_of(
    stated: str | None, key: str, line: int | None, table: Table | None, folder: StudyFolder
) -> TableCrs | None:
    """Return the coordinates of a table: what study.toml states, else what the file says, else WGS84.

    None, and a fault, when it is not known, contradicts the file, or (``auto``) cannot be told from
    the places.
    """
    book = folder.book
    given = None
    if stated is not None:
        word = word_of(stated)
        if word == "auto":
            return _detected(key, line, table, folder)
        given = shifted_crs(word, key, line, folder) if word in SHIFTED else parse_crs(word)
        if given is None:
            if word not in SHIFTED:
                cure = 'write "wgs84", "gcj02", "bd09", "cgcs2000", "auto" or "EPSG:nnnn" (geographic or projected)'
                book.fault(
                    "study.toml",
                    "is no known coordinate system",
                    cure,
                    row=line,
                    column=key,
                    value=stated,
                )
            return None
    own_text = None if table is None else table.crs
    if table is None or own_text is None:
        return given or WGS84
    own = parse_crs(own_text.lower())
    if own is None:
        if given is not None:
            return given
        fact = (
            "has no coordinate system"
            if own_text == "none"
            else f"has a coordinate system without code ({shorten(own_text)})"
        )
        book.fault(table.label, fact, f'state it in study.toml: {key.split(".")[1]} = "EPSG:nnnn"')
        return None
    if given is not None and given.epsg != own.epsg and not {given.epsg, own.epsg} <= SAME_AS_WGS84:
        fact = f"contradicts the file itself, which says EPSG:{own.epsg}"
        book.fault(
            "study.toml",
            fact,
            "take crs out, or save the file again",
            row=line,
            column=key,
            value=stated,
        )
        return None
    return given if given is not None and given.shift is not None else own


def _detected(
    key: str, line: int | None, table: Table | None, folder: StudyFolder
) -> TableCrs | None:
    """Return the systems in which the detective finds a table, each group of rows by itself.

    None, and a fault that names the rows, where it is not clear.
    """
    if table is None:
        return WGS84  # its file has a fault already
    own = None if table.crs in (None, "none") else parse_crs(str(table.crs).lower())
    if own is not None and own.projected:
        return own  # the file says so; only degrees are ever shifted
    detect, extract, book = folder.skills.detect, folder.extract, folder.book
    if detect is None or extract is None:
        fact = "needs an OSM extract to compare places with"
        book.fault("study.toml", fact, _STATE_IT, row=line, column=key, value="auto")
        return None
    unheard = FaultBook()
    places = [
        (row, place)
        for row in table.rows
        if (place := drawn_place(row, table, unheard)) is not None
    ]
    if not places:
        return WGS84  # empty cells are told row by row
    centers = np.array(
        [shapely.get_coordinates(shapely.centroid(place))[0] for _, place in places],
        dtype=np.float64,
    )
    cells = {
        name: [row.cells.get(name, "") for row, _ in places]
        for name in ("name", "address", "coordinate_source")
    }
    try:
        findings = detect(
            extract, centers, cells["name"], cells["address"], cells["coordinate_source"]
        )
    except WalkshedError as error:
        book.fault(folder.label(extract), "cannot be compared with", " ".join(str(error).split()))
        return None
    numbers = [row.number for row, _ in places]
    column = "geometry" if table.drawn else table.headers.get("lon", "lon")
    unclear = [finding for finding in findings if finding.crs is None]
    for finding in unclear:
        which = _rows_told([numbers[index] for index in finding.rows], len(places), table.counted)
        source = f" ({finding.group})" if finding.group else ""
        fact = f"the coordinate system of {which}{source} cannot be told: {finding.reason.split('; state it:')[0]}"
        cure = f"{_STATE_IT} in study.toml ({key})"
        if len(findings) > 1:
            cure += "; of several systems in one table: bring these rows into one, or into a table of their own"
        book.fault(table.label, fact, cure, column=column)
    if unclear:
        return None
    systems = [_crs_found(finding, key, line, folder) for finding in findings]
    by_row: dict[int, TableCrs] = {}
    for finding, crs in zip(findings, systems, strict=True):
        if crs is None:
            return None
        by_row |= dict.fromkeys((numbers[index] for index in finding.rows), crs)
        which = _rows_told([numbers[index] for index in finding.rows], len(places), table.counted)
        told = "the coordinates" if which == "the table" else f"the coordinates of {which}"
        order = ", latitude first" if finding.swapped else ""
        book.note(
            f"{table.label}: {told} are taken as {crs.label}{order} "
            f"(confidence {finding.confidence:.3g}); {finding.reason}"
        )
        for note in finding.notes:
            book.note(f"{table.label}: {note}")
    (first, *_) = by_row.values()
    return (
        first
        if len(set(map(id, systems))) == 1
        else replace(first, by_row=MappingProxyType(by_row))
    )


def _crs_found(
    finding: CrsFinding, key: str, line: int | None, folder: StudyFolder
) -> TableCrs | None:
    word = finding.crs or ""
    crs = shifted_crs(word, key, line, folder) if word in SHIFTED else parse_crs(word.lower())
    return None if crs is None else replace(crs, swapped=finding.swapped)


def _rows_told(numbers: list[int], of: int, counted: str) -> str:
    """Return rows in words, neighbors as spans: "rows 2–14, 17"."""
    if len(numbers) == of:
        return "the table"
    ordered = sorted(numbers)
    breaks = [
        0,
        *(at for at, (one, two) in enumerate(pairwise(ordered), start=1) if two != one + 1),
        len(ordered),
    ]
    spans = [(ordered[low], ordered[high - 1]) for low, high in pairwise(breaks)]
    shown = ", ".join(
        f"{low}" if low == high else f"{low}–{high}" for low, high in spans[:_MOST_SPANS]
    )
    return f"{counted}{'s' if len(numbers) > 1 else ''} {shown}{' …' if len(spans) > _MOST_SPANS else ''}"
