"""From grounds and edges to squares: their entries, the corners around which people walk, and the lines across."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ranges, read_only
from walkshed.model.ground.plane import Plane
from walkshed.model.ground.squares import Squares, no_squares
from walkshed.model.messages import Listing, Message
from walkshed.streets.assemble import RawEdges
from walkshed.streets.barriers import MOST_NAMED
from walkshed.streets.squares.corners import (
    Outlines,
    bends,
    corners_of,
    lines_across,
    seen,
    shortest,
)
from walkshed.streets.squares.entering import Entries, entries_of, fitting
from walkshed.streets.squares.grounds import Ground
from walkshed.streets.squares.meeting import MOST_ENTRIES
from walkshed.streets.squares.sight import SAME_M

#: Ground with more corners than this would take longer to look over than all other ground of a
#: town.
MOST_CORNERS = 400


def squares_of(
    edges: RawEdges, edge_m: FloatArray, grounds: Sequence[Ground], plane: Plane
) -> tuple[Squares, tuple[str, ...]]:
    """Return the squares of a network that its edges enter, and what to say of them."""
    return squares_at(edges, edge_m, entries_of(edges, grounds), grounds, plane)


def squares_at(
    edges: RawEdges,
    edge_m: FloatArray,
    entries: Entries,
    grounds: Sequence[Ground],
    plane: Plane,
) -> tuple[Squares, tuple[str, ...]]:
    """Return the squares of a network with these entries, and what to say of them.

    Steps: (1) the outlines of grounds that not too many enter, with a vertex at each entry; (2) the
    corners, and grounds that have too many; (3) the shortest walks between corners; (4) the lines
    across that no other walk replaces.
    """
    if not grounds:
        return no_squares(), ()

    total = np.bincount(entries.ground, minlength=len(grounds))
    fits = fitting(entries, grounds)
    outlines = _outlines(edges, entries, grounds, fits, plane)  # (1)
    bending = bends(outlines)
    corners = outlines.square[corners_of(outlines, bending)]

    # outlines with too many corners are left out, and the others drawn anew
    intricate = np.flatnonzero(fits)[np.bincount(corners) > MOST_CORNERS] if fits.any() else ()
    if len(intricate):
        fits[intricate] = False
        outlines = _outlines(edges, entries, grounds, fits, plane)  # (2)
        bending = bends(outlines)

    large = [grounds[row] for row in np.flatnonzero((total > 0) & ~fits).tolist()]
    notes = _notes(int(np.count_nonzero(fits & (total > 1))), large)
    if not fits.any():
        return no_squares(), notes

    kept = entries.some(fits[entries.ground])
    stands = [grounds[row].enterable for row in np.flatnonzero(fits).tolist()]
    enterable = np.asarray(stands, dtype=np.bool_)
    return _squares(
        edges, edge_m, kept, outlines, bending=bending, plane=plane, enterable=enterable
    ), notes


def _notes(crossed: int, large: list[Ground]) -> tuple[str, ...]:
    """Return how many squares are crossed, and which keep their outline only."""
    notes = []
    if crossed:
        notes.append(
            Message("{crossed} {crossed:square is|squares are} crossed straight", crossed=crossed)
        )

    if large:
        first = sorted(each.ways[0] for each in large)[:MOST_NAMED]
        named = [Message("way {id}", id=way) for way in first]
        notes.append(
            Message(
                "{count} {count:square is|squares are} walked along {count:its|their} outline "
                "only, since more than {most_entries} ways enter {count:it|them} or "
                "{count:its|their} outline has more than {most_corners} corners ({named})",
                count=len(large),
                most_entries=MOST_ENTRIES,
                most_corners=MOST_CORNERS,
                named=Listing(named if len(large) <= MOST_NAMED else [*named, "…"]),
            )
        )
    return tuple(notes)


def _outlines(
    edges: RawEdges,
    entries: Entries,
    grounds: Sequence[Ground],
    fits: BoolArray,
    plane: Plane,
) -> Outlines:
    """Return the rings of the grounds that fit, on the plane, and the vertex of each of their entries."""
    chosen = np.flatnonzero(fits)
    rings = [ring for row in chosen.tolist() for ring in grounds[row].rings]
    sizes = [len(grounds[row].rings) for row in chosen.tolist()]
    ring_from = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    vertex_from, xy = _leftward(
        plane.to_xy(np.vstack([np.zeros((0, 2)), *rings])), rings, ring_from
    )

    held = fits[entries.ground]
    square = np.searchsorted(chosen, entries.ground[held])
    places = plane.to_xy(edges.node_lonlat[entries.node[held]])

    # vertices at the very place of an entry: nodes of the map have the place of a vertex exactly
    begin, end = vertex_from[ring_from[square]], vertex_from[ring_from[square + 1]]
    count = end - begin
    entry = np.repeat(np.arange(len(square)), count)
    vertex = ranges(begin, count)
    same = (np.abs(xy[vertex] - places[entry]) <= SAME_M).all(axis=1)
    found = np.full(len(square), -1, dtype=np.int64)
    found[entry[same][::-1]] = vertex[same][::-1]  # the first of several

    # where there is none, the nearest side gets one
    for row in np.flatnonzero(found < 0).tolist():
        low, high = int(ring_from[square[row]]), int(ring_from[square[row] + 1])
        after, ring = _nearest_side(xy, vertex_from, range(low, high), places[row])
        xy = np.insert(xy, after + 1, places[row], axis=0)
        vertex_from = vertex_from + (np.arange(len(vertex_from)) > ring)
        found[found > after] += 1
        found[row] = after + 1
    return Outlines(ring_from, vertex_from, xy, found)


def _leftward(
    xy: FloatArray, rings: list[FloatArray], ring_from: IntArray
) -> tuple[IntArray, FloatArray]:
    """Return where each ring begins, and the vertices of all: the ground on their left, none twice in a row."""
    size = np.array([len(ring) for ring in rings], dtype=np.int64)
    start = np.concatenate([[0], np.cumsum(size)])
    after = np.arange(1, len(xy) + 1)
    after[start[1:] - 1] = start[:-1]
    kept = (xy != xy[after]).any(axis=1)
    near = xy - xy[np.repeat(start[:-1], size)]

    # twice the area of each ring, with its sign: below 0 where it runs with the clock
    turn = near[:, 0] * near[after, 1] - near[after, 0] * near[:, 1]
    is_hole = np.ones(len(size), dtype=bool)
    is_hole[ring_from[:-1]] = False
    turned = (np.add.reduceat(turn, start[:-1]) > 0.0) == is_hole if len(size) else is_hole

    # backward where the ground would be on the right
    number = ranges(0, size)
    backward = np.repeat(start[1:] - 1, size) - number
    row = np.where(np.repeat(turned, size), backward, np.arange(len(xy)))

    row = row[kept[row]]
    ring = np.repeat(np.arange(len(size)), size)[row]
    return np.searchsorted(ring, np.arange(len(size) + 1)), xy[row]


def _nearest_side(
    xy: FloatArray, vertex_from: IntArray, rings: range, place: FloatArray
) -> tuple[int, int]:
    """Return the vertex at which the side nearest to a place begins, and its ring."""
    best, nearest = (0, 0), np.inf
    for ring in rings:
        begin = xy[vertex_from[ring] : vertex_from[ring + 1]]
        along = np.roll(begin, -1, axis=0) - begin
        squared = np.maximum((along * along).sum(axis=1), SAME_M * SAME_M)

        share = np.clip(((place - begin) * along).sum(axis=1) / squared, 0.0, 1.0)
        away = ((begin + share[:, None] * along - place) ** 2).sum(axis=1)
        if away.min() < nearest:
            nearest = float(away.min())
            best = int(vertex_from[ring] + np.argmin(away)), ring
    return best


def _squares(
    edges: RawEdges,
    edge_m: FloatArray,
    entries: Entries,
    outlines: Outlines,
    *,
    bending: BoolArray,
    plane: Plane,
    enterable: BoolArray,
) -> Squares:
    """Return the squares of outlines; walks may bend at vertices marked as ``bending``."""
    corner_vertex = corners_of(outlines, bending)
    corner_from = np.searchsorted(corner_vertex, outlines.side_from)
    entry_from = np.searchsorted(
        outlines.square[outlines.entry_vertex], np.arange(len(corner_from))
    )

    entry_corner = np.searchsorted(corner_vertex, outlines.entry_vertex)
    lines = seen(outlines, corner_vertex, corner_from, plane)  # (3)
    between = shortest(corner_from, lines)
    within = _within(entry_corner, entry_from, corner_from)
    straight = [each[np.ix_(own, own)] for each, own in zip(between, within)]
    outline = _along_outline(edges, edge_m, entries)
    pair, meters = lines_across(straight, entry_from, outline)  # (4)

    square = np.searchsorted(entry_from, pair[:, 0], side="right") - 1
    sizes = np.diff(corner_from) ** 2

    return Squares(
        ring_from=read_only(outlines.ring_from, np.int64),
        vertex_from=read_only(outlines.vertex_from, np.int64),
        vertex_xy=read_only(outlines.xy, np.float64),
        corner_from=read_only(corner_from, np.int64),
        corner_vertex=read_only(corner_vertex, np.int64),
        between_from=read_only(np.concatenate([[0], np.cumsum(sizes)]), np.int64),
        between_m=read_only(np.concatenate([each.ravel() for each in between]), np.float64),
        entry_from=read_only(entry_from, np.int64),
        entry_corner=read_only(entry_corner, np.int64),
        entry_edge=read_only(entries.edge, np.int32),
        entry_offset_m=read_only(np.where(entries.at_end, edge_m[entries.edge], 0.0), np.float64),
        enterable=read_only(enterable, np.bool_),
        line_start=read_only(entries.node[pair[:, 0]], np.int32),
        line_end=read_only(entries.node[pair[:, 1]], np.int32),
        line_corner=read_only(entry_corner[pair], np.int64),
        line_m=read_only(meters, np.float64),
        line_edge=read_only(entries.edge[entry_from[square]], np.int32),
    )


def _within(entry_corner: IntArray, entry_from: IntArray, corner_from: IntArray) -> list[IntArray]:
    """Return, by square, the corners of its entries, counted from its first corner."""
    return [
        entry_corner[low:high] - first
        for low, high, first in zip(entry_from[:-1], entry_from[1:], corner_from[:-1])
    ]


def _along_outline(
    edges: RawEdges, edge_m: FloatArray, entries: Entries
) -> tuple[IntArray, FloatArray]:
    """Return pairs of entries of one ground (rows of ``entries``) that an edge joins, and its meters."""
    size = len(edges.node_id)
    key = entries.ground * size + entries.node  # ascending
    both = np.flatnonzero(edges.forward & edges.backward)
    near = np.zeros(size, dtype=bool)
    near[entries.node] = True
    both = both[near[edges.start[both]] & near[edges.end[both]]]

    # an edge between entries of several grounds counts for each of them
    order = np.argsort(entries.node, kind="stable")
    nodes = entries.node[order]
    begin = np.searchsorted(nodes, edges.start[both], side="left")
    count = np.searchsorted(nodes, edges.start[both], side="right") - begin
    edge = np.repeat(both, count)
    one = order[ranges(begin, count)]
    wanted = entries.ground[one] * size + edges.end[edge]
    other = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    met = key[other] == wanted

    # and only by the rules of the ground
    like = entries.edge[one]
    met &= (edges.private[edge] == edges.private[like]) & (edges.steps[edge] == edges.steps[like])
    return np.column_stack([one, other])[met], edge_m[edge[met]]
