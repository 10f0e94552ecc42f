"""The file of subdistricts and communities: outlines with a name, one or more of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.inputs.faults import FaultBook, did_you_mean, drawn_as
from walkshed.inputs.places.coordinates import area_of, place_of
from walkshed.inputs.places.systems import TableCrs
from walkshed.inputs.tables.cells import text_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message
from walkshed.model.plans.siting import Outline
from walkshed.model.town.places import Area

#: Neighbors are drawn with slivers between them; more than a hundredth of the smaller is no sliver.
SLIVER = 0.01
_LEVELS: dict[str, Literal["subdistrict", "community"]] = {
    **dict.fromkeys(("subdistrict", "街道", "镇", "镇街", "乡镇", "街镇"), "subdistrict"),
    **dict.fromkeys(("community", "社区", "村", "居委会", "村居"), "community"),
}


def read_areas(table: Table, crs: TableCrs | None, book: FaultBook) -> list[tuple[Row, Area]]:
    """Return the areas in the order of the file, each with its row; every fault of the table is in ``book``.

    A row with a ``community`` is one, of the ``subdistrict`` that it names, if any; a row with a
    ``subdistrict`` and no more is a subdistrict. A ``name`` is that of a community, or of what
    ``level`` says. Parts of one name are one area. ``crs`` is None where the coordinates have a
    fault of their own.
    """
    if not {"name", "community", "subdistrict"} & set(table.headers):
        cure = (
            "add 'community' (with 'subdistrict' beside it, if you have it), or 'name' and 'level'"
        )
        book.fault(table.label, "has no column that names the areas", cure, row=table.header_row)
        return []

    found = []
    for row in table.rows:
        if row.broken:
            continue
        named = _named(row, table, book)
        outline = _outline(row, table, crs, book)
        if outline is not None and named is not None:
            found.append((row, Area(*named, outline)))

    _check_overlaps(found, table, book)
    return found


def read_outlines(table: Table, crs: TableCrs | None, book: FaultBook) -> list[tuple[Row, Outline]]:
    """Return ground that a planner draws, each piece with its row; every fault of the table is in ``book``."""
    found = []
    for row in table.rows:
        if row.broken:
            continue
        name = text_in(row, table, "name", book) or ""
        outline = _outline(row, table, crs, book)
        if outline is not None:
            found.append((row, Outline(name, outline)))
    return found


def _outline(row: Row, table: Table, crs: TableCrs | None, book: FaultBook) -> BaseGeometry | None:
    """Return the outline of a row; None, and a fault, where it has none."""
    place = place_of(row, table, crs, book)
    if place is None:
        return None

    # an area is drawn: a point would do for a block, not here
    if place.geom_type not in {"Polygon", "MultiPolygon", "GeometryCollection"}:
        fact = Message("is a {geometry}, not a polygon", geometry=drawn_as(place.geom_type))
        table.fault(book, row, "geometry", fact, "draw the outline of the area as a polygon")
        return None
    return area_of(place, row, table, book)


def _named(
    row: Row, table: Table, book: FaultBook
) -> tuple[Literal["subdistrict", "community"], str, str] | None:
    """Return level, subdistrict and community of a row; None, and a fault, where it names none."""
    columns = ("name", "level", "subdistrict", "community")
    name, word, subdistrict, community = (text_in(row, table, each, book) for each in columns)
    level = _LEVELS.get(word.lower()) if word else None
    if word and level is None:
        cure = did_you_mean(word, _LEVELS, otherwise="write subdistrict or community")
        table.fault(book, row, "level", "is not a valid level of an area", cure, value=word)
        return None

    # of what a bare name is the name
    if level == "subdistrict":
        subdistrict, community = subdistrict or name, ""
    elif level == "community" or not subdistrict:
        community = community or name

    if community:
        return "community", subdistrict, community
    if subdistrict and level != "community":
        return "subdistrict", subdistrict, ""
    column = next(each for each in ("community", "name", "subdistrict") if each in table.headers)
    table.fault(book, row, column, "is empty", "write the name of the community or subdistrict")
    return None


def _check_overlaps(found: Sequence[tuple[Row, Area]], table: Table, book: FaultBook) -> None:
    """Two areas of one level on the same ground are a fault: who lives there would belong to both."""
    outlines = np.array([area.geometry for _, area in found], dtype=object)
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    pairs = sorted((int(a), int(b)) for a, b in zip(first, second, strict=True) if a < b)

    for one, other in pairs:
        (row, area), (beside, neighbor) = found[other], found[one]
        if area.level != neighbor.level or area.name == neighbor.name:
            continue
        shared = shapely.area(shapely.intersection(outlines[one], outlines[other]))
        smaller = min(shapely.area(outlines[one]), shapely.area(outlines[other]))
        if shared > SLIVER * smaller:
            fact = Message(
                "overlaps {area!r} ({row}) by {shared:.0f}%",
                area=neighbor.label,
                row=table.row_told(beside.number),
                shared=100 * shared / smaller,
            )
            cure = "correct one of the outlines: who lives there would belong to both"
            table.fault(book, row, "geometry", fact, cure, value=area.label)
