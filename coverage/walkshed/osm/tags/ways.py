"""Ways for the street network, from columns of references: cut where the extract lacks a node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from walkshed.model.arrays import FloatArray, IntArray, frozen, ranges, read_only, spread
from walkshed.model.ground.extract import Multipolygon, Tags, Ways
from walkshed.model.messages import Message
from walkshed.osm.tags import keys

#: Nodes are looked up in a table of at most 2**_MOST_BITS rows.
_MOST_BITS = 24


def rows_of(node_id: IntArray, refs: IntArray) -> IntArray:
    """Return the rows of ascending ``node_id`` that hold ``refs``.

    -1 for nodes that are not there.
    """
    if len(node_id) == 0:
        return np.full(len(refs), -1, dtype=np.int64)

    # A table in which each node writes its row: most are found at once, unless another one wrote
    # there.
    bits = max(10, (4 * len(node_id)).bit_length())
    table = np.zeros(1 << min(bits, _MOST_BITS), dtype=np.int32)
    bits = len(table).bit_length() - 1
    table[spread(node_id, bits)] = np.arange(len(node_id))
    rows: IntArray = table[spread(refs, bits)].astype(np.int64)

    # The others by searching in order, which goes through memory in order.
    others = np.flatnonzero(node_id[rows] != refs)
    others = others[np.argsort(refs[others])]
    at = np.searchsorted(node_id, refs[others])
    at[at == len(node_id)] = 0
    rows[others] = np.where(node_id[at] == refs[others], at, -1)
    return rows


def street_ways(
    way_id: IntArray,
    tags: Sequence[Tags],
    start: IntArray,
    *,
    refs: IntArray,
    rows: IntArray,
    lonlat: FloatArray,
) -> tuple[Ways, tuple[str, ...]]:
    """Return the ways in unbroken stretches of at least two nodes, and what they lack.

    Way ``i`` runs over ``refs[start[i]:start[i + 1]]``, at the same ``rows`` of ``lonlat``; -1 for
    nodes that the extract does not hold.
    """
    missing = np.concatenate([[0], np.cumsum(rows < 0)])
    whole = missing[start[1:]] == missing[start[:-1]]
    usable = whole & (np.diff(start) > 1)
    lost = int(np.count_nonzero(whole & ~usable))
    way, low, high = np.flatnonzero(usable), start[:-1][usable], start[1:][usable]

    # ways that lack a node are parted there
    broken = np.flatnonzero(~whole)
    if len(broken):
        cut: list[tuple[int, int, int]] = []
        for index in broken.tolist():
            parts = _unbroken(rows, int(start[index]), int(start[index + 1]))
            stretches = [(begin, count) for begin, count in parts if count > 1]
            lost += not stretches
            cut += [(index, begin, begin + count) for begin, count in stretches]

        # they take their places among the others, by way
        more = np.array(cut, dtype=np.int64).reshape(-1, 3)
        both = np.concatenate([np.column_stack([way, low, high]), more])
        way, low, high = both[np.lexsort([both[:, 1], both[:, 0]])].T

    notes = []
    if len(broken):
        notes.append(
            Message(
                "{count} {count:way is|ways are} cut where the extract does not hold "
                "{count:its|their} nodes",
                count=len(broken),
            )
        )
    if lost:
        notes.append(
            Message(
                "{lost} {lost:way|ways} left out: fewer than two of {lost:its|their} nodes are in "
                "the extract",
                lost=lost,
            )
        )

    # nodes of the stretches, end to end
    count = high - low
    ends = np.concatenate([[0], np.cumsum(count)])
    if lost or len(broken):
        at = ranges(low, count)
        refs, rows, way_id = refs[at], rows[at], way_id[way]
        tags = [tags[row] for row in way.tolist()]
    ways = Ways(
        way_id=read_only(way_id, np.int64),
        tags=tuple(tags),
        start=read_only(ends, np.int64),
        node_id=read_only(refs, np.int64),
        lonlat=frozen(np.take(lonlat, rows, axis=0)),
    )
    return ways, tuple(notes)


def _unbroken(rows: IntArray, low: int, high: int) -> list[tuple[int, int]]:
    """Return begin and length of the stretches of ``low:high`` whose rows are all there."""
    gone = [low - 1, *(low + np.flatnonzero(rows[low:high] < 0)).tolist(), high]
    return [(before + 1, after - before - 1) for before, after in pairwise(gone)]


def unbroken_rows(rows: IntArray) -> list[IntArray]:
    """Return the stretches of at least two nodes that the file holds of one way."""
    parts = np.split(rows, np.flatnonzero(np.diff(rows >= 0)) + 1)
    return [part for part in parts if len(part) > 1 and part[0] >= 0]


def walkable_areas(
    relations: Iterable[tuple[int, tuple[tuple[str, int, str], ...], Tags]],
) -> tuple[Multipolygon, ...]:
    """Return the squares and platforms that are mapped as multipolygons, from id, members and tags of relations."""
    return tuple(
        Multipolygon(
            relation,
            tags,
            tuple(
                way
                for member, way, role in members
                if member == "w" and role in ("", "outer", "inner")
            ),
        )
        for relation, members, tags in relations
        if tags.get("type") == "multipolygon" and keys.is_way(tags)
    )


def square_outlines(areas: Iterable[Multipolygon]) -> dict[int, Tags]:
    """Return, by way id, the tags of squares and platforms that are mapped as multipolygons.

    Their member ways carry no tags of their own, yet streets end on them: each becomes a way with
    the relation's tags and ``area=yes``. The first relation (by id, as they are given) counts where
    squares share an outline.
    """
    found: dict[int, Tags] = {}
    for area in areas:
        tags = MappingProxyType({**area.tags, "area": "yes"})
        for way in area.ways:
            found.setdefault(way, tags)
    return found
