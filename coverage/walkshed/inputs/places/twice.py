"""Stations that a table may hold twice: at one place, and called alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import Station

#: One house; degrees of latitude have this many meters.
_NEAR_M, _M_PER_DEGREE = 60.0, 111_195.0
#: How alike names are, of 100, less what all stations are called: at one spot, and in one house.
_ALIKE_AT_SPOT, _ALIKE_NEAR = 60.0, 85.0
_SPOT_M = 5.0
_CALLED = re.compile(
    r"党群|服务|中心|阵地|站点?|居民区|居民委员会|居委会?|社区|党建|党员|微|驿|点|第?[(（].*?[)）]|\s"
)
_NAMED = 5


def note_twice(found: Sequence[tuple[Row, Station]], table: Table, book: FaultBook) -> None:
    """Note pairs of stations that may be one and the same."""
    pairs = [_called(one, other, table) for one, other in _alike(found)]
    if not pairs:
        return
    shown = Listing(pairs[:_NAMED], mark="; ")
    more = " …" if len(pairs) > _NAMED else ""
    told = (
        "{table}: stand at one place under names that are alike: {pairs}{more}; "
        "keep one of the two if they are one station"
    )
    book.note(Message(told, table=table.label, pairs=shown, more=more))


def _called(one: tuple[Row, Station], other: tuple[Row, Station], table: Table) -> Message:
    """Return two stations as a note names them."""
    first, second = sorted((one, other), key=lambda pair: pair[0].number)
    told = "row {first} and {second} ('{one}', '{other}')"
    if table.counted != "row":
        told = "feature {first} and {second} ('{one}', '{other}')"
    return Message(
        told,
        first=table.number_told(first[0].number),
        second=table.number_told(second[0].number),
        one=first[1].name,
        other=second[1].name,
    )


def _alike(
    found: Sequence[tuple[Row, Station]],
) -> Iterator[tuple[tuple[Row, Station], tuple[Row, Station]]]:
    """Yield the pairs that are near each other and called alike, in the order of their rows."""
    from rapidfuzz import fuzz

    standing = [pair for pair in found if not pair[1].geometry.is_empty]
    standing = sorted(standing, key=lambda pair: pair[0].number)
    if len(standing) < 2:
        return
    points = shapely.point_on_surface(np.array([one.geometry for _, one in standing], dtype=object))
    xy = shapely.get_coordinates(points) * _M_PER_DEGREE
    xy[:, 0] *= np.cos(np.radians(xy[:, 1].mean() / _M_PER_DEGREE))

    tree = shapely.STRtree(shapely.points(xy))
    first, second = tree.query(shapely.points(xy), predicate="dwithin", distance=_NEAR_M)
    for one, other in sorted(zip(first.tolist(), second.tolist(), strict=True)):
        if one >= other:
            continue
        names = [_CALLED.sub("", standing[at][1].name) for at in (one, other)]
        likeness = fuzz.ratio(*names) if all(names) else 0.0
        at_spot = float(np.hypot(*(xy[one] - xy[other]))) <= _SPOT_M
        if likeness >= (_ALIKE_AT_SPOT if at_spot else _ALIKE_NEAR):
            yield standing[one], standing[other]
