"""The lines of what is walked on no street: legs, and ways across squares."""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors
from walkshed.walk.crossing import course
from walkshed.walk.reach.pieces import Paths


def drawn_off_streets(
    net: StreetNetwork,
    ends: tuple[tuple[Anchors, IntArray], tuple[Anchors, IntArray]],
    edge: IntArray,
    first: IntArray,
    *,
    across: BoolArray,
) -> Paths:
    """Return the lines of pieces of n walks that lie on no edge of the streets, in the order of the pieces.

    ``edge`` names that of each piece, ``first`` (n + 1,) where the pieces of each walk begin: a leg
    first and last, between the anchors of the points and the stations in ``ends``. The second piece
    of walks ``across`` leads over a square.
    """
    lines = _lines_of_squares(net, edge)
    places = first[:-1], first[1:] - 1
    plain = np.empty((len(edge), 2, 2))
    for (anchors, anchor), place, turned in zip(ends, places, (False, True)):
        doors, met = _doors(anchors, anchor), anchors.met_xy[anchor]
        plain[place] = np.stack([met, doors] if turned else [doors, met], axis=1)

        # who comes from, or goes to, the entry of a square
        feet = anchors.xy[anchor]
        for row in np.flatnonzero(anchors.on_square[anchor] & ~across).tolist():
            inner = course(net.squares, _square(anchors, anchor[row]), met[row], feet[row])
            line = np.vstack([doors[row], inner])
            lines[int(place[row])] = line[::-1] if turned else line

    # who stays on one
    (points, anchor), (stations, other) = ends
    for row in np.flatnonzero(across).tolist():
        begin, end = points.met_xy[anchor[row]], stations.met_xy[other[row]]
        lines[int(first[row]) + 1] = course(net.squares, _square(points, anchor[row]), begin, end)

    off = np.flatnonzero((edge < 0) | (edge >= net.edge_count))
    count = np.array([len(lines[row]) if row in lines else 2 for row in off.tolist()], dtype=int)
    start = np.concatenate([[0], np.cumsum(count)])
    if not lines:
        return Paths(start, plain[off].reshape(-1, 2))
    drawn = [lines.get(row, plain[row]) for row in off.tolist()]
    return Paths(start, np.vstack([np.zeros((0, 2)), *drawn]))


def _lines_of_squares(net: StreetNetwork, edge: IntArray) -> dict[int, FloatArray]:
    """Return the line of each piece that leads across a square between two of its entries."""
    squares = net.squares
    rows = np.flatnonzero(edge >= net.edge_count)
    known: dict[int, FloatArray] = {}
    lines: dict[int, FloatArray] = {}

    for row in rows.tolist():
        number = int(edge[row]) - net.edge_count
        if number not in known:
            known[number] = squares.corner_xy[squares.corners_of_line(number)]
        lines[row] = known[number]
    return lines


def _square(anchors: Anchors, anchor: int) -> int:
    standing = anchors.feet.standing
    assert standing is not None
    return int(standing.square[standing.place[anchors.foot[anchor]]])


def _doors(anchors: Anchors, anchor: IntArray) -> FloatArray:
    """Return (n, 2) where the leg of each anchor begins."""
    if anchors.door_xy is not None:
        doors: FloatArray = anchors.door_xy[anchor]
        return doors
    owner = np.searchsorted(anchors.start, anchor, side="right") - 1
    points: FloatArray = anchors.point_xy[owner]
    return points
