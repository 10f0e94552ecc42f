"""Squares for the page's what-if: lines across, outlines with their corners and entries, and who stands on one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from walkshed.maps.packing import degrees
from walkshed.model.arrays import (
    TICKS,
    BoolArray,
    FloatArray,
    IntArray,
    begins_run,
    ranges,
    to_ticks,
)
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors

if TYPE_CHECKING:
    from walkshed.maps.payload.whatif.network import Packer

_UNITS_PER_DEGREE = 1e7


def pack_squares(packer: Packer, network: StreetNetwork, usable: BoolArray | None) -> IntArray:
    """Add lines across squares, and the squares on which people may stand.

    Returns (s,) the numbers of these on the page, -1 for the others.
    """
    squares = network.squares
    packer.integers("line_start", squares.line_start, steps=True)
    packer.integers("line_end", squares.line_end.astype(np.int64) - squares.line_start)
    packer.integers("line_ticks", _ticks(squares.line_m))
    packer.integers("line_edge", squares.line_edge, steps=True)

    # the squares on which people may stand: they can be entered, from streets that count
    standable = squares.enterable.copy()
    if usable is not None and len(squares):
        standable &= usable[network.component[squares.entry_edge[squares.entry_from[:-1]]]]
    chosen = np.flatnonzero(standable)
    number = np.full(len(squares), -1, dtype=np.int64)
    number[chosen] = np.arange(len(chosen))

    def of_chosen(start: IntArray) -> IntArray:
        return ranges(start[chosen], start[chosen + 1] - start[chosen])

    # their outlines, in the resolution of OpenStreetMap
    rings, sides = of_chosen(squares.ring_from), of_chosen(squares.segment_from)
    packer.integers("square_rings", np.diff(squares.ring_from)[chosen])
    packer.integers("ring_size", np.diff(squares.vertex_from)[rings])
    latlon = np.round(degrees(network.plane, squares.vertex_xy[sides])[:, ::-1] * _UNITS_PER_DEGREE)
    packer.integers("square_lat", latlon[:, 0], steps=True)
    packer.integers("square_lon", latlon[:, 1], steps=True)

    # corners and entries, each counted within its square
    corners, entries = of_chosen(squares.corner_from), of_chosen(squares.entry_from)
    size, entered = np.diff(squares.corner_from)[chosen], np.diff(squares.entry_from)[chosen]
    first_vertex = np.repeat(squares.segment_from[chosen], size)
    packer.integers("square_corners", size)
    packer.integers("corner_vertex", squares.corner_vertex[corners] - first_vertex, steps=True)
    packer.integers("square_entries", entered)
    first_corner = np.repeat(squares.corner_from[chosen], entered)
    packer.integers("entry_corner", squares.entry_corner[entries] - first_corner)
    packer.integers("entry_edge", squares.entry_edge[entries], steps=True)
    packer.integers("entry_offset", _ticks(squares.entry_offset_m[entries]))

    # meters between corners: each pair once, -1 where one does not see its way to the other
    between = [
        squares.between(square)[np.triu_indices(int(corner_count), 1)]
        for square, corner_count in zip(chosen.tolist(), size)
    ]
    meters = np.concatenate([np.zeros(0), *between])
    joined = np.isfinite(meters)
    packer.integers("between", np.where(joined, _ticks(np.where(joined, meters, 0.0)), -1))
    return number


def pack_standing_exits(
    packer: Packer, anchors: Anchors, rows: IntArray, straight: IntArray, number: IntArray
) -> None:
    """Add where exits stand on squares.

    ``rows`` are the anchors on the page, ``straight`` the ticks to their exits.
    """
    standing = anchors.feet.standing
    place = np.full(len(rows), -1, dtype=np.int64)
    if standing is not None:
        place = standing.place[anchors.foot[rows]].astype(np.int64)

    # exits of one run of anchors stand at one place: the first says where
    found = np.flatnonzero((place >= 0) & begins_run(place)) if len(rows) else rows
    packer.integers("standing_exit", found, steps=True)
    leg = _ticks(anchors.street_leg_m[rows[found]]) - straight[found]
    _pack_places(packer, "standing", anchors, place=place[found], leg=leg, number=number)


def pack_standing_stations(
    packer: Packer, anchors: Anchors, every: IntArray, number: IntArray
) -> None:
    """Add where stations stand on squares, and the place of each anchor of ``every``, -1 for none."""
    standing = anchors.feet.standing
    place = np.full(len(every), -1) if standing is None else standing.place[anchors.foot[every]]

    # places are counted in their order, each once
    places, first = np.unique(place[place >= 0], return_index=True)
    rows = every[place >= 0][first]
    at = np.where(place >= 0, np.searchsorted(places, place), -1)
    packer.integers("anchor_site", at)
    leg = _ticks(anchors.street_leg_m[rows])
    _pack_places(packer, "site", anchors, place=places, leg=leg, number=number)


def _pack_places(
    packer: Packer,
    name: str,
    anchors: Anchors,
    *,
    place: IntArray,
    leg: IntArray,
    number: IntArray,
) -> None:
    """Add the squares, the places and the legs to them.

    ``number`` are those of squares on the page.
    """
    standing = anchors.feet.standing
    square, xy = np.zeros(0, dtype=np.int64), np.zeros((0, 2))
    if standing is not None:
        square, xy = number[standing.square[place]], standing.xy[place]
    packer.integers(f"{name}_square", square)
    packer.floats(f"{name}_x", xy[:, 0])
    packer.floats(f"{name}_y", xy[:, 1])
    packer.integers(f"{name}_leg", leg)


def _ticks(meters: FloatArray) -> IntArray:
    return np.asarray(to_ticks(meters) * TICKS).astype(np.int64)
