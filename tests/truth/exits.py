"""Where the residents of a block come out onto the streets: the first kind of exit that exists (definition 7).

Given gates; else crossings of the block's edge by ways, and mapped gates beside it; else points of
the edge. Where a way follows the edge, residents step onto it at the ends of the stretch and at
the foot of every station on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from truth.anchors import Feet, Segments, feet_of, segments_of
from truth.extract import Extract
from truth.streets import Streets
from truth.walkable import GATES, passage_of

SPACING_M = 50.0
GATE_BESIDE_M = 15.0
SHARED_WALL_M = 1.0
SAME_PLACE_M = 0.01

#: Reading of "a stretch of the edge that a way follows" (definition 7): the way lies within 1 m of
#: the edge all along it, or on 10 m at a time, or on less without meeting it (to 1 cm); and in all
#: such stretches come to 25 m, or the block is touched by chance.
BESIDE_M, PART_MIN_M, EDGE_MIN_M = 1.0, 10.0, 25.0


@dataclass(frozen=True)
class Exits:
    """Exits of all blocks, numbered: the block of each, its place, its kind, and its feet on the streets.

    ``followed`` holds, by block, the stretches of ways on which its residents step out.
    """

    block: np.ndarray
    xy: np.ndarray
    kind: list[str]
    feet: Feet
    followed: dict[int, list[tuple[int, BaseGeometry]]]


@dataclass(frozen=True)
class Ground:
    """What exits are sought on: the streets, those that may be stepped onto, and where nobody gets out."""

    streets: Streets
    segments: Segments
    max_snap_m: float
    lines: np.ndarray
    numbers: np.ndarray
    tree: shapely.STRtree
    shut_xy: np.ndarray
    gates_xy: np.ndarray


def ground_of(
    streets: Streets, usable: np.ndarray, extract: Extract | None, max_snap_m: float
) -> Ground:
    """Return the ground on which exits are sought."""
    numbers = np.array(
        [
            number
            for number, street in enumerate(streets.streets)
            if street.manner.enterable and usable[streets.component[number]]
        ],
        dtype=int,
    )
    lines = np.array([shapely.LineString(streets.xy[number]) for number in numbers], dtype=object)
    return Ground(
        streets,
        segments_of(streets, usable),
        max_snap_m,
        lines,
        numbers,
        shapely.STRtree(lines),
        _shut(streets),
        _mapped_gates(streets, extract),
    )


def _shut(streets: Streets) -> np.ndarray:
    """Return where shut barriers part or end a way: nobody comes out there; at a junction they part nothing."""
    if not streets.shut:
        return np.zeros((0, 2))
    ends: dict[tuple[float, float], int] = {}
    for street in streets.streets:
        for place in (street.lonlat[0], street.lonlat[-1]):
            ends[tuple(place)] = ends.get(tuple(place), 0) + 1
    places = [place for place in streets.shut.values() if ends.get(place, 0) in (0, 1, 2)]
    return streets.plane.xy(np.array(places)) if places else np.zeros((0, 2))


def _mapped_gates(streets: Streets, extract: Extract | None) -> np.ndarray:
    """Return the gates of the map at which people may pass; entrances of buildings are no gates."""
    if extract is None:
        return np.zeros((0, 2))
    places = [
        extract.places[node]
        for node, tags in sorted(extract.node_tags.items())
        if tags.get("barrier") in GATES | {"entrance", "lift_gate"}
        and node in extract.places
        and passage_of(tags) != "shut"
    ]
    return streets.plane.xy(np.array(places)) if places else np.zeros((0, 2))


def exits_of(
    ground: Ground,
    outlines: list[BaseGeometry],
    *,
    compounds: list[bool],
    given: list[list[tuple[float, float]]],
    complete: bool,
) -> Exits:
    """Return the exits of all blocks, but for those at stations.

    Reading: given gates and what the map shows stand side by side, unless the list of gates is
    complete (``gates = "only"`` would mean nothing otherwise); points of the edge stand in where
    there is neither. Nobody comes out where the map has a shut barrier, but a given gate is open.
    """
    edges = [outline.boundary if outline.area else outline for outline in outlines]
    beside = _gates_beside(ground, outlines, edges, compounds)
    blocks, places, kinds = [], [], []
    stepped: list[tuple[int, list[tuple[int, BaseGeometry]]]] = []
    for number, (outline, edge) in enumerate(zip(outlines, edges, strict=True)):
        mapped, followed = _met(ground, edge) if outline.area else (np.zeros((0, 2)), [])
        mapped = np.concatenate([mapped, ground.gates_xy[beside[number]]])
        stated = ground.streets.plane.xy(np.array(given[number])) if given[number] else mapped[:0]
        along = _along(outline)
        if complete and len(stated):
            mapped, along, followed = mapped[:0], along[:0], []

        # of given ones and those of the map all that meet the streets, else points of the edge
        stated, mapped, along = (
            _meeting(ground, xy) for xy in (stated, _apart_from(mapped, ground.shut_xy), along)
        )
        known = np.concatenate([stated, mapped])
        had = _once(known) if len(known) else along
        kind = "given" if len(stated) else "mapped" if len(mapped) else "inferred"
        blocks += [number] * len(had)
        places += list(had)
        kinds += [kind] * len(had)
        if len(known):
            stepped.append((number, followed))

    xy = np.array(places).reshape(-1, 2)
    stretches = dict(stepped)
    return Exits(np.array(blocks, dtype=int), xy, kinds, _feet(ground, xy), stretches)


def steps_at_stations(exits: Exits, station_feet: Feet) -> list[tuple[int, int]]:
    """Return pairs (block, row of the feet): stations onto whose foot residents step out on a way along their edge.

    Reading: such an exit serves walks to that station. Who walks elsewhere leaves at an end of the
    stretch, so that no walk hangs on where another station stands. A station inside a compound is
    anchored where it meets the streets, at the exits of the compound.
    """
    return [
        (number, row)
        for number, followed in exits.followed.items()
        for row in sorted(set(feet_on(followed, station_feet)))
    ]


def _meeting(ground: Ground, xy: np.ndarray) -> np.ndarray:
    """Return those of some places that meet the streets, each once."""
    xy = _once(xy)
    return xy[np.unique(_feet(ground, xy).place)]


def _feet(ground: Ground, xy: np.ndarray) -> Feet:
    return feet_of(ground.segments, xy, max_snap_m=ground.max_snap_m)


def _met(ground: Ground, edge: BaseGeometry) -> tuple[np.ndarray, list[tuple[int, BaseGeometry]]]:
    """Return where ways meet an edge (crossings, ends of what follows it), and the stretches that follow it."""
    near = ground.tree.query(edge, predicate="dwithin", distance=BESIDE_M)
    band = edge.buffer(BESIDE_M)
    follow: list[tuple[int, BaseGeometry]] = []
    rest: list[tuple[int, BaseGeometry]] = []
    whole_rest: list[tuple[int, BaseGeometry]] = []
    for row in near.tolist():
        line = ground.lines[row]
        if band.covers(line):
            follow.append((row, line))
            continue
        whole_rest.append((row, line))
        for part in _lines(line.intersection(band)):
            keeps_close = part.distance(edge) > SAME_PLACE_M and not _holds(part, ground.shut_xy)
            long = part.length >= PART_MIN_M or keeps_close
            (follow if long else rest).append((row, part))

    # too little in all: the ways are crossed, if they cross, and followed nowhere
    if sum(part.length for _, part in follow) < EDGE_MIN_M:
        follow, crossing = [], [(row, ground.lines[row]) for row in near.tolist()]
    else:
        along = {row for row, _ in follow}
        crossing = [one for one in whole_rest if one[0] not in along]
        crossing += [one for one in rest if one[0] in along]
    places = [np.zeros((0, 2))]
    for _, line in crossing:
        places.append(_crossings(line, edge))
    for _, part in follow:
        places.append(shapely.get_coordinates(part)[[0, -1]])
    return np.concatenate(places), [(int(ground.numbers[row]), part) for row, part in follow]


def _crossings(line: BaseGeometry, edge: BaseGeometry) -> np.ndarray:
    """Return where a line meets an edge; one that ends within 1 cm of it meets it there."""
    met = line.intersection(edge)
    points = [part for part in shapely.get_parts(met) if part.geom_type == "Point"]
    if met.is_empty:
        ends = shapely.points(shapely.get_coordinates(line)[[0, -1]])
        points = [end for end in ends if end.distance(edge) <= SAME_PLACE_M]
    return shapely.get_coordinates(points)


def _lines(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the lines of a shape; those that go on from each other are one."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
    if not parts:
        return []
    return list(shapely.get_parts(shapely.line_merge(shapely.MultiLineString(parts))))


def _holds(part: BaseGeometry, places: np.ndarray) -> bool:
    return any(part.distance(shapely.Point(xy)) <= SAME_PLACE_M for xy in places)


def feet_on(followed: list[tuple[int, BaseGeometry]], feet: Feet) -> list[int]:
    """Return the rows of feet that lie on stretches that are followed."""
    return [
        row
        for number, part in followed
        for row in np.flatnonzero(feet.street == number).tolist()
        if part.distance(shapely.Point(feet.xy[row])) <= SAME_PLACE_M
    ]


def _gates_beside(
    ground: Ground, outlines: list[BaseGeometry], edges: list[BaseGeometry], compounds: list[bool]
) -> list[np.ndarray]:
    """Return the mapped gates of each compound: within 15 m of its edge and no nearer to another's.

    Reading: a gate in a wall that two compounds share (edges equally near to 1 m) is both's.
    """
    none = np.zeros(0, dtype=int)
    if not len(ground.gates_xy):
        return [none] * len(outlines)
    walled = [number for number, is_one in enumerate(compounds) if is_one and outlines[number].area]
    gates = shapely.points(ground.gates_xy)
    away = np.array([shapely.distance(edges[number], gates) for number in walled])
    beside = [none] * len(outlines)
    for place, number in enumerate(walled):
        mine = (away[place] <= GATE_BESIDE_M) & (away[place] <= away.min(axis=0) + SHARED_WALL_M)
        beside[number] = np.flatnonzero(mine)
    return beside


def _along(outline: BaseGeometry) -> np.ndarray:
    """Return points of each ring of the edge at equal distances of at most 50 m; a point itself."""
    if not outline.area:
        return shapely.get_coordinates(outline)[:1]
    points = []
    for part in shapely.get_parts(outline):
        for ring in (part.exterior, *part.interiors):
            count = max(1, int(np.ceil(ring.length / SPACING_M - 1e-6)))
            points += [ring.interpolate(i / count, normalized=True) for i in range(count)]
    return shapely.get_coordinates(points)


def _apart_from(xy: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the places that are not at one of some others."""
    if not len(xy) or not len(places):
        return xy
    square = ((xy[:, None] - places[None]) ** 2).sum(axis=2).min(axis=1)
    return xy[square > SAME_PLACE_M**2]


def _once(xy: np.ndarray) -> np.ndarray:
    """Return the places, each once, to the millimeter."""
    if not len(xy):
        return xy
    _, first = np.unique(np.rint(xy * 1000), axis=0, return_index=True)
    return xy[np.sort(first)]
