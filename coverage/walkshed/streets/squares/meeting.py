"""Ways that cross the outline of a square where neither has a node: both get one there (definition 16).

Places are whole numbers of 1e-7 degrees, the resolution of OpenStreetMap, so that no rounding
decides on which side of a line a vertex lies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, begins_run, ranges
from walkshed.model.ground.extract import Tags
from walkshed.streets.boxes import boxes_of, overlap, overlapping
from walkshed.streets.profile import Profile, Walk
from walkshed.streets.squares.grounds import Ground

UNITS_PER_DEGREE = 1e7
#: A square that more ways enter keeps its outline only.
MOST_ENTRIES = 64
#: Segments are looked for in cells of so many units (45 m).
_CELL = 4096
#: Segments of an outline are looked for in runs of so many.
_RUN = 8
#: Of a way that bounds no ground, or several.
_NONE, _SEVERAL = -1, -2
_NUMBER = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*")
#: A level, or a range of them, such as -1-2 from -1 to 2.
_RANGE = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)(?:-([+-]?\d+(?:\.\d+)?))?\s*")


@dataclass(frozen=True, slots=True, eq=False)
class Courses:
    """The chosen ways: way ``i`` runs over rows ``start[i]:start[i + 1]``.

    Equal nodes are one place.
    """

    start: IntArray  # (n + 1,)
    node: IntArray  # (k,)
    lonlat: FloatArray  # (k, 2)


@dataclass(frozen=True, slots=True, eq=False)
class _Meetings:
    """Segments that meet: ``one`` of an outline, ``other`` of a way, by the row at which each begins."""

    one: IntArray
    other: IntArray

    def some(self, kept: BoolArray | IntArray) -> _Meetings:
        """Return some of them."""
        return _Meetings(self.one[kept], self.other[kept])


def with_meetings(
    ways: Courses,
    grounds: list[Ground],
    tags: Sequence[Tags],
    walks: Sequence[Walk],
    *,
    rules: Profile,
) -> tuple[Courses, list[Ground]]:
    """Return the ways with a vertex that both share wherever one enters a ground at no node of its outline.

    ``tags`` and ``walks`` are those of the ways. Ways on another layer or level pass under and
    over, and so do tunnels and bridges, also beneath each other. Grounds that more than
    ``MOST_ENTRIES`` would enter stay as they are, and come back marked as crowded. New nodes have
    negative numbers, below all that there are.
    """
    if not grounds:
        return ways, grounds

    units = np.round(ways.lonlat * UNITS_PER_DEGREE).astype(np.int64)
    row_of = np.repeat(np.arange(len(ways.start) - 1), np.diff(ways.start))
    ground_of = np.full(len(walks), _NONE)
    for number, ground in enumerate(grounds):
        for row in ground.rows:
            ground_of[row] = number if ground_of[row] == _NONE else _SEVERAL

    met = _near(ways, units, row_of, ground_of)
    met = met.some(_allowed(met, row_of, grounds, tags, walks=walks, rules=rules))
    if len(met.one) == 0:
        return ways, grounds

    # where they cross, but for outlines that too many would enter
    place, node = _places(met, units, ways.node)
    crowded = _crowded(ways, grounds, row_of[met.one], node)
    marked = [replace(ground, crowded=full) for ground, full in zip(grounds, crowded)]
    free = [row for ground in marked if not ground.crowded for row in ground.rows]
    kept = np.isin(row_of[met.one], np.array(free, dtype=np.int64))
    return _inserted(ways, units, met.some(kept), place[kept], node[kept]), marked


def _near(ways: Courses, units: IntArray, row_of: IntArray, ground_of: IntArray) -> _Meetings:
    """Return pairs of an outline's segment and another that meet in a place where they share no node.

    ``ground_of`` is the ground that each way bounds, -1 for none, -2 for several.
    """
    first = np.ones(len(units), dtype=bool)
    first[ways.start[1:] - 1] = False
    first = np.flatnonzero(first)
    outline = first[ground_of[row_of[first]] != _NONE]
    sides, segments = (boxes_of(units, of) for of in (outline, first))

    # outlines a run of segments at a time, by its box: nearly all pairs are far apart
    row = row_of[outline]
    begin = np.flatnonzero(begins_run(row, (outline - ways.start[row]) // _RUN))
    run, other = overlapping(sides.around(begin), segments, _CELL)

    # not of one outline: most that lies near is
    run_ground = ground_of[row[begin[run]]]
    met = (run_ground == _SEVERAL) | (run_ground != ground_of[row_of[first[other]]])
    run, other = run[met], other[met]

    # each of the run by its own box
    count = np.diff(np.append(begin, len(outline)))[run]
    side, other = ranges(begin[run], count), np.repeat(other, count)
    close = overlap(sides, side, segments, other)
    pairs = _Meetings(outline[side[close]], first[other[close]])

    # nor joined by a node
    a, b = ways.node[pairs.one], ways.node[pairs.one + 1]
    c, d = ways.node[pairs.other], ways.node[pairs.other + 1]
    pairs = pairs.some((a != c) & (a != d) & (b != c) & (b != d))

    # they cross, and do not run along each other
    a, b, c, d = _corners(pairs, units)
    straddles = (_side(a, b, c) * _side(a, b, d) <= 0) & (_side(c, d, a) * _side(c, d, b) <= 0)
    along = (_side(a, b, c) == 0) & (_side(a, b, d) == 0)
    return pairs.some(straddles & ~along)


def _allowed(
    met: _Meetings,
    row_of: IntArray,
    grounds: Sequence[Ground],
    tags: Sequence[Tags],
    *,
    walks: Sequence[Walk],
    rules: Profile,
) -> BoolArray:
    """Return which ways enter: on the same layer and level, and no part of the same outline."""
    bounds: dict[int, list[Ground]] = {}
    for ground in grounds:
        for row in ground.rows:
            bounds.setdefault(row, []).append(ground)

    known: dict[tuple[int, int], bool] = {}
    allowed = np.zeros(len(met.one), dtype=bool)
    for pair, (one, other) in enumerate(zip(row_of[met.one].tolist(), row_of[met.other].tolist())):
        if (one, other) not in known:
            known[one, other] = any(
                other not in ground.rows
                and walks[other].enterable == walks[one].enterable
                and rules.off_the_ground(tags[other]) == rules.off_the_ground(ground.tags)
                and _on_one_floor(tags[other], ground.tags)
                for ground in bounds[one]
            )
        allowed[pair] = known[one, other]
    return allowed


def _on_one_floor(one: Tags, other: Tags) -> bool:
    """Return whether two things lie on one layer and have a level in common.

    0 is that of the street.
    """
    if _layer(one) != _layer(other):
        return False
    return any(
        low <= top and floor <= high for low, high in _levels(one) for floor, top in _levels(other)
    )


def _layer(tags: Tags) -> float:
    """Return the layer that tags state; that of the street where they state no number."""
    found = _NUMBER.fullmatch(tags.get("layer", ""))
    return float(found.group(1)) if found else 0.0


def _levels(tags: Tags) -> list[tuple[float, float]]:
    """Return the levels that tags state, each from a lowest to a highest.

    Where they state none, it is that of the street.
    """
    parts = (_RANGE.fullmatch(part) for part in tags.get("level", "").split(";"))
    ends = [[float(end) for end in found.groups() if end] for found in parts if found]
    return [(min(numbers), max(numbers)) for numbers in ends] or [(0.0, 0.0)]


def _places(met: _Meetings, units: IntArray, node: IntArray) -> tuple[IntArray, IntArray]:
    """Return (n, 2) where segments meet, to 1e-7 degrees, and the node there: an old one where that is an end."""
    a, b, c, d = _corners(met, units)
    run, rise = (b - a).astype(np.float64), (d - c).astype(np.float64)
    area = run[:, 0] * rise[:, 1] - run[:, 1] * rise[:, 0]
    gap = (c - a).astype(np.float64)
    share = (gap[:, 0] * rise[:, 1] - gap[:, 1] * rise[:, 0]) / area
    place = np.round(a + share[:, None] * run).astype(np.int64)

    # new nodes by place, so that three ways that cross in one meet there
    _, same = np.unique(place, axis=0, return_inverse=True)
    named = min(0, int(node.min())) - 1 - same.ravel()
    for ends, of in ((a, met.one), (b, met.one + 1), (c, met.other), (d, met.other + 1)):
        at_end = (place == ends).all(axis=1)
        named[at_end] = node[of[at_end]]
    return place, named


def _crowded(
    ways: Courses, grounds: Sequence[Ground], outline: IntArray, node: IntArray
) -> list[bool]:
    """Return whether more would enter each ground than may, if each ``node`` came to lie on the way ``outline``."""
    of_outline: dict[int, set[int]] = {}
    for row, met in zip(outline.tolist(), node.tolist()):
        of_outline.setdefault(row, set()).add(met)

    count = np.diff(ways.start)
    crowded = []
    for ground in grounds:
        rows = list(ground.rows)

        new = set().union(*(of_outline.get(row, ()) for row in rows))
        full = False
        if new and len(new) + int(count[rows].sum()) > MOST_ENTRIES:
            own = ranges(ways.start[rows], count[rows])
            others = np.ones(len(ways.node), dtype=bool)
            others[own] = False
            shared = np.intersect1d(ways.node[own], ways.node[others])
            full = len(new.union(shared.tolist())) > MOST_ENTRIES

        crowded.append(full)
    return crowded


def _inserted(
    ways: Courses, units: IntArray, met: _Meetings, place: IntArray, node: IntArray
) -> Courses:
    """Return the ways with the vertices at which they meet, each once, in their order."""
    segment = np.concatenate([met.one, met.other])
    place, node = np.tile(place, (2, 1)), np.tile(node, 2)
    begin, end = units[segment], units[segment + 1]
    inner = (place != begin).any(axis=1) & (place != end).any(axis=1)
    _, once = np.unique(np.column_stack([segment, node])[inner], axis=0, return_index=True)
    kept = np.flatnonzero(inner)[once]
    segment, place, node = segment[kept], place[kept], node[kept]

    # how far along its segment each lies
    course = (end - begin)[kept].astype(np.float64)
    along = ((place - begin[kept]) * course).sum(axis=1) / (course * course).sum(axis=1)

    # each behind the beginning of its segment, those of one segment in their order
    order = np.lexsort([along, segment])
    behind = segment[order] + 1
    added = np.bincount(segment, minlength=len(ways.node))
    counts = np.diff(np.concatenate([[0], np.cumsum(1 + added)])[ways.start])

    return Courses(
        np.concatenate([[0], np.cumsum(counts)]),
        np.insert(ways.node, behind, node[order]),
        np.insert(ways.lonlat, behind, place[order] / UNITS_PER_DEGREE, axis=0),
    )


def _corners(met: _Meetings, units: IntArray) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    return units[met.one], units[met.one + 1], units[met.other], units[met.other + 1]


def _side(a: IntArray, b: IntArray, c: IntArray) -> IntArray:
    """Return on which side of the line from a to b each c lies: -1, 0 or 1."""
    ahead, away = b - a, c - a
    sides: IntArray = np.sign(ahead[:, 0] * away[:, 1] - ahead[:, 1] * away[:, 0])
    return sides
