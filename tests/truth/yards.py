"""Compounds with stations inside: their outlines, the doors in them, and where such stations meet the streets.

Definition 3: a station inside a compound meets the streets at that compound's exits, for
everybody. Its own foot counts besides where the exits are inferred, where the leg to it does not
cross the compound's edge, or where it lies on a way along that edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from truth.anchors import Feet
from truth.exits import Exits, feet_on
from truth.plane import rounded

#: Outlines are taken in steps of 1/64 m; a door within 1 m of the edge stands at the street.
STEPS_PER_M = 64.0
OFF_THE_EDGE_M = 1.0


@dataclass(frozen=True)
class Yard:
    """A compound with doors of stations inside: its number, its rings, and the rows of those doors.

    ``edges`` (e, 4) are the straight pieces of all rings, ``edge`` the same as one shape.
    """

    block: int
    edges: np.ndarray
    edge: BaseGeometry
    doors: np.ndarray

    def holds(self, xy: np.ndarray) -> np.ndarray:
        """Return (n,) whether places lie inside, by the even-odd rule."""
        return _even_odd(self.edges, xy)

    def comes_in(self, way: BaseGeometry) -> bool:
        """Return whether a way comes inside; reading: like a door, what keeps to the edge (1 m) does not."""
        parts = shapely.get_parts(way.difference(self.edge.buffer(OFF_THE_EDGE_M)))
        middles = [part.interpolate(0.5, normalized=True) for part in parts if part.length]
        return bool(middles) and bool(self.holds(shapely.get_coordinates(middles)).any())


def yards_of(
    outlines: list[BaseGeometry], compounds: list[bool], door_xy: np.ndarray
) -> list[Yard]:
    """Return the compounds that hold doors; ``compounds`` says which blocks are compounds."""
    doors = shapely.points(door_xy)
    yards = []
    for number, outline in enumerate(outlines):
        near = np.flatnonzero(shapely.dwithin(outline, doors, 1.0)) if len(doors) else []
        if not compounds[number] or not outline.area or not len(near):
            continue
        edges = _edges(outline)
        edge = shapely.MultiLineString([line.reshape(2, 2) for line in edges])
        inside = _even_odd(edges, door_xy[near])
        inside &= shapely.distance(edge, doors[near]) > OFF_THE_EDGE_M
        if inside.any():
            yards.append(Yard(number, edges, edge, near[inside]))
    return yards


def _edges(outline: BaseGeometry) -> np.ndarray:
    """Return (e, 4) the straight pieces of all rings of an outline, in steps."""
    pieces = []
    for part in shapely.get_parts(outline):
        for ring in (part.exterior, *part.interiors):
            xy = np.rint(shapely.get_coordinates(ring) * STEPS_PER_M) / STEPS_PER_M
            pieces.append(np.column_stack([xy[:-1], xy[1:]]))
    edges = np.concatenate(pieces)
    return edges[(edges[:, :2] != edges[:, 2:]).any(axis=1)]


def _even_odd(edges: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """Return (n,) whether a ray from each place to the east meets the edges an odd number of times."""
    x, y = xy[:, 0, None], xy[:, 1, None]
    x1, y1, x2, y2 = edges.T
    spans = (y1 > y) != (y2 > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        meets = spans & (x < x1 + (x2 - x1) * (y - y1) / (y2 - y1))
    return meets.sum(axis=1) % 2 == 1


def met_by_exits(
    yards: list[Yard], exits: Exits, own: Feet, door_xy: np.ndarray, station_of: np.ndarray
) -> Feet:
    """Return the feet of all stations: their own, by door, as far as they count, and those of exits.

    ``own`` are the feet of doors; the feet that come back are those of stations.
    """
    # a leg through the wall is dropped
    dropped = np.zeros(len(own.place), dtype=bool)
    for yard in yards:
        kinds = {exits.kind[row] for row in np.flatnonzero(exits.block == yard.block)}
        if not kinds & {"given", "mapped"}:
            continue
        legs = shapely.linestrings(np.stack([door_xy[own.place], own.xy], axis=1))
        crosses = shapely.intersects(yard.edge, legs) & np.isin(own.place, yard.doors)
        crosses[feet_on(exits.followed.get(yard.block, []), own)] = False
        dropped |= crosses
    kept = ~dropped
    columns = [[own.place[kept], own.street[kept], own.at_m[kept], own.leg_m[kept], own.xy[kept]]]
    squares = [_on_squares(own, kept)]

    # from each door to each foot of each exit
    for yard in yards:
        rows = np.flatnonzero(exits.block[exits.feet.place] == yard.block)
        for door in yard.doors.tolist():
            away = door_xy[door] - exits.xy[exits.feet.place[rows]]
            leg_m = rounded(np.sqrt((away**2).sum(axis=1))) + exits.feet.leg_m[rows]
            feet = exits.feet
            columns.append(
                [np.full(len(rows), door), feet.street[rows], feet.at_m[rows], leg_m, feet.xy[rows]]
            )
            square, own_xy, _ = _on_squares(feet, rows)
            squares.append((square, own_xy, leg_m - feet.leg_m[rows]))
    door, street, at_m, leg_m, xy = (np.concatenate(column) for column in zip(*columns))
    station = station_of[door.astype(int)]
    order = np.argsort(station, kind="stable")
    square, own_xy, own_leg_m = (np.concatenate(column)[order] for column in zip(*squares))
    return Feet(
        station[order],
        street[order],
        at_m[order],
        leg_m[order],
        xy[order],
        square,
        own_xy,
        own_leg_m,
    )


def _on_squares(feet: Feet, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, of some feet, the square that each crosses, -1 for none, from where, and the leg to there."""
    if feet.square is None or feet.own_xy is None or feet.own_leg_m is None:
        count = len(feet.place[rows])
        return np.full(count, -1), feet.xy[rows], np.zeros(count)
    return feet.square[rows], feet.own_xy[rows], feet.own_leg_m[rows]
