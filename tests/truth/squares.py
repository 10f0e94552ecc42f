"""Squares are crossed straight (definition 16): which ground is open, where ways enter, and the meters across.

(1) Ground is a closed way, or a multipolygon, that may be walked and that squares.toml lets people
cross. (2) Ways enter it at nodes of its rings that they share, and where they cross a ring on the
same layer and level; such crossings become nodes of both. (3) On the plane the shortest line inside
is a search over the places that see each other.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra

from truth.extract import Extract, Tags, Way
from truth.folder import data_of
from truth.plane import Plane
from truth.walkable import BRIDGES, TUNNELS, Manner, entered_anywhere, manner_of

MOST_ENTRIES, MOST_CORNERS = 64, 400
ON_OUTLINE_M = 0.01
#: Rounding parts no line from the outline along which it runs.
HAIR_M = 1e-6
#: A crossing so close to a node, in degrees, is that node: a hundredth of the grid of the map.
SAME_DEG = 1e-9

Chosen = list[tuple[Way, Manner]]
Level = tuple[float, float]


@dataclass(frozen=True)
class Square:
    """Ground that is crossed: its rings by nodes, outer one first, and the nodes at which ways enter.

    ``stood_on``: whether people stand there, which they do on the ground alone, and not on stairs.
    """

    rings: tuple[tuple[int, ...], ...]
    tags: Tags
    manner: Manner
    entries: tuple[int, ...] = ()
    ground: shapely.Polygon = field(default_factory=shapely.Polygon)
    entry_xy: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))

    @property
    def stood_on(self) -> bool:
        return self.manner.enterable and not self.manner.steps

    def on(self, plane: Plane, places: dict[int, tuple[float, float]]) -> Square:
        """Return the square on the plane."""
        rings = [plane.xy(np.array([places[node] for node in ring])) for ring in self.rings]
        entry_xy = plane.xy(np.array([places[node] for node in self.entries]).reshape(-1, 2))
        return replace(self, ground=shapely.Polygon(rings[0], rings[1:]), entry_xy=entry_xy)

    @cached_property
    def _wide(self) -> shapely.Polygon:
        wide = self.ground.buffer(HAIR_M)
        shapely.prepare(wide)
        return wide

    @cached_property
    def _corners(self) -> np.ndarray:
        """Places at which a shortest line may bend: all corners but those that stick out of the ground."""
        whole = shapely.geometry.polygon.orient(self.ground)
        bends = []
        for ring in (whole.exterior, *whole.interiors):
            xy = shapely.get_coordinates(ring)[:-1]
            into, out = xy - np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0) - xy
            bends.append(xy[into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0] <= 1e-6])
        return np.concatenate(bends)

    @cached_property
    def _between_corners(self) -> np.ndarray:
        """(corners, corners) meters inside."""
        return dijkstra(_or_nothing(self._seen(self._corners, self._corners)), directed=False)

    def _seen(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return (one, other) the meters of straight lines inside, inf where they would leave the ground."""
        if not len(one) or not len(other):
            return np.zeros((len(one), len(other))) + np.inf
        ends = np.stack(np.broadcast_arrays(one[:, None], other[None]), axis=2)
        long = np.sqrt(((ends[:, :, 0] - ends[:, :, 1]) ** 2).sum(axis=2))
        lines = shapely.linestrings(ends.reshape(-1, 2, 2)).reshape(long.shape)
        return np.where((long < HAIR_M) | shapely.covers(self._wide, lines), long, np.inf)

    def meters(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return (one, other) the meters of the shortest lines inside between places on the square."""
        one, other = self._drawn_in(one), self._drawn_in(other)
        found = self._seen(one, other)
        begins, ends = self._seen(one, self._corners), self._seen(other, self._corners)
        for row, first in enumerate(begins):
            open_to = np.isfinite(first)
            if open_to.any():
                at_corner = (first[open_to, None] + self._between_corners[open_to]).min(axis=0)
                found[row] = np.minimum(found[row], (ends + at_corner).min(axis=1))
        return found

    @cached_property
    def between_entries(self) -> np.ndarray:
        """(entries, entries) meters of the shortest lines inside."""
        return self.meters(self.entry_xy, self.entry_xy)

    def _drawn_in(self, xy: np.ndarray) -> np.ndarray:
        """Return the places; those that stand up to 1 cm beside the outline are put on it."""
        points = shapely.points(xy)
        nearest = shapely.get_coordinates(shapely.shortest_line(self.ground, points))[::2]
        return np.where(shapely.covers(self._wide, points)[:, None], xy, nearest)

    def holds(self, xy: np.ndarray) -> np.ndarray:
        """Return which places stand on the square, or within 1 cm of its outline."""
        return shapely.dwithin(self.ground, shapely.points(xy), ON_OUTLINE_M)

    def sees(self, xy: np.ndarray, feet: np.ndarray) -> np.ndarray:
        """Return whether each foot lies straight across the square from its place; 1 cm beside it is on it."""
        begin, end = self._drawn_in(xy), self._drawn_in(feet)
        away = np.sqrt(((feet - end) ** 2).sum(axis=1))
        lines = shapely.linestrings(np.stack([begin, end], axis=1))
        return (away <= ON_OUTLINE_M) & shapely.covers(self._wide, lines)


def _or_nothing(meters: np.ndarray) -> np.ndarray:
    """Return a dense matrix as scipy reads it: no line is 0 there, and a line of 0 a hair."""
    return np.where(np.isfinite(meters), np.maximum(meters, 1e-12), 0.0)


def squares_of(
    extract: Extract, chosen: Chosen, *, private: str
) -> tuple[Extract, Chosen, list[Square]]:
    """Return the extract and its walkable ways with nodes where they cross squares, and the squares."""
    drawn = _grounds(extract, chosen, private)
    meeting = _Meeting(extract, chosen)
    squares: list[Square] = []
    taken: dict[tuple[int, int], list[int]] = defaultdict(list)
    for ground, own in drawn:
        shared = meeting.shared(ground, own)
        crossed = meeting.crossings(ground, own)
        entries = shared | {node for node, _ in crossed}
        corners = sum(map(len, ground.rings))
        if len(entries) > MOST_ENTRIES or corners > MOST_CORNERS:
            continue
        squares.append(replace(ground, entries=tuple(sorted(entries))))
        for node, sides in crossed:
            for side in sides:
                if node not in side and node not in taken[side]:
                    taken[side].append(node)

    # the crossings of what is crossed become nodes of the ways and of the rings
    places = {**extract.places, **meeting.fresh}
    inserted = {side: nodes for side, nodes in taken.items() if nodes}
    told = [
        (Way(way.id, _with_nodes(way.refs, inserted, places), way.tags), manner)
        for way, manner in chosen
    ]
    found = []
    for square in squares:
        rings = tuple(
            tuple(_with_nodes([*ring, ring[0]], inserted, places)[:-1]) for ring in square.rings
        )
        found.append(replace(square, rings=rings))
    return replace(extract, places=places), told, found


def _with_nodes(
    refs: list[int], inserted: dict[tuple[int, int], list[int]], places: dict
) -> list[int]:
    """Return a way's nodes with those that were put on its sides."""
    whole = refs[:1]
    for one, other in itertools.pairwise(refs):
        between = inserted.get((min(one, other), max(one, other)), [])
        if between:
            begin = np.array(places[one])
            away = [float(((np.array(places[node]) - begin) ** 2).sum()) for node in between]
            whole += [node for _, node in sorted(zip(away, between))]
        whole.append(other)
    return whole


def _grounds(extract: Extract, chosen: Chosen, private: str) -> list[tuple[Square, set[int]]]:
    """Return all ground that may be crossed, with the ids of the ways around it."""
    rules = data_of("squares.toml")["square"]
    manners = {way.id: manner for way, manner in chosen}
    grounds = []

    # closed ways that say so themselves: what bounds a multipolygon is the edge of that alone
    members = {way.id: way for way in extract.ways}
    for way, manner in chosen:
        closed = len(way.refs) > 3 and way.refs[0] == way.refs[-1]
        own_tags = members[way.id].tags
        if closed and manner_of(own_tags) is not None and _crossed(own_tags, rules):
            grounds += _polygons(extract, [_once(way.refs[:-1])], [], (way.tags, manner, {way.id}))

    # multipolygons, which count as areas
    for _, tags, parts in extract.relations:
        if tags.get("type") != "multipolygon":
            continue
        square = {key: value for key, value in tags.items() if key != "type"} | {"area": "yes"}
        manner = manner_of(square)
        if manner is None or not _crossed(square, rules):
            continue
        if private == "open":
            manner = replace(manner, private=False)
        ways = {role: [] for role in ("outer", "inner")}
        for kind, ref, role in parts:
            if kind == "w":
                ways[role or "outer"] = [*ways.get(role or "outer", []), members.get(ref)]
        own = {ref for kind, ref, _ in parts if kind == "w" and ref in manners}
        outer, inner = _rings(ways["outer"]), _rings(ways["inner"])
        if outer is not None and inner is not None:
            grounds += _polygons(extract, outer, inner, (square, manner, own))
    return grounds


def _crossed(tags: Tags, rules: Iterable[dict]) -> bool:
    """Return whether the first rule that matches says crossed."""
    for rule in rules:
        if all(_speaks(tags, key, wanted) for key, wanted in rule["when"].items()):
            return rule["walk"] == "crossed"
    return False


def _speaks(tags: Tags, key: str, wanted: str | list[str]) -> bool:
    values = {value.strip() for value in tags.get(key, "").split(";")} - {""}
    return bool(values) if wanted == "*" else bool(values & set(wanted))


def _once(ring: list[int]) -> tuple[int, ...]:
    return tuple(node for node, before in zip(ring, [ring[-1], *ring]) if node != before)


def _rings(ways: list[Way | None]) -> list[tuple[int, ...]] | None:
    """Return the rings that ways make, put together at their ends; None where one stays open or is missing."""
    if any(way is None for way in ways):
        return None
    left = [list(way.refs) for way in ways if way is not None]
    rings = []
    while left:
        run = left.pop()
        while run[0] != run[-1]:
            row = next(
                (i for i, other in enumerate(left) if run[-1] in (other[0], other[-1])), None
            )
            if row is None:
                return None
            other = left.pop(row)
            run += other[1:] if other[0] == run[-1] else other[-2::-1]
        rings.append(_once(run[:-1]))
    return rings


def _polygons(
    extract: Extract,
    outer: list[tuple[int, ...]],
    inner: list[tuple[int, ...]],
    what: tuple[Tags, Manner, set[int]],
) -> list[tuple[Square, set[int]]]:
    """Return a square for each outer ring, with the holes that lie in it; what bounds no ground is none."""
    if any(node not in extract.places for ring in (*outer, *inner) for node in ring):
        return []

    def shape(ring: tuple[int, ...]) -> shapely.Polygon:
        return shapely.Polygon([extract.places[node] for node in ring])

    tags, manner, own = what
    inner = [ring for ring in inner if len(ring) > 2]
    found = []
    for ring in outer:
        if len(ring) < 3 or not (bounds := shape(ring)).is_valid:
            continue
        # a hole that leaves its ring bounds no ground
        holes = [hole for hole in inner if bounds.covers(shape(hole))]
        if any(bounds.overlaps(shape(hole)) for hole in inner):
            continue
        whole = shapely.Polygon(
            [extract.places[node] for node in ring],
            [[extract.places[node] for node in hole] for hole in holes],
        )
        if whole.is_valid and whole.area > 0:
            found.append((Square((ring, *holes), tags, manner), own))
    return found


class _Meeting:
    """Where walkable ways meet the rings of ground."""

    def __init__(self, extract: Extract, chosen: Chosen) -> None:
        self.places = extract.places
        self.ways_at: dict[int, set[int]] = defaultdict(set)
        self.fresh: dict[int, tuple[float, float]] = {}
        self._made: dict[tuple, int] = {}
        self._next = max(extract.places, default=0) + 1
        self.tags: dict[int, Tags] = {}
        self.segments: list[tuple[int, int, int]] = []
        for way, _ in chosen:
            self.tags[way.id] = way.tags
            for one, other in zip(way.refs, way.refs[1:]):
                if one != other and one in self.places and other in self.places:
                    # a way of which the extract holds one node alone is no way
                    self.segments.append((way.id, one, other))
                    self.ways_at[one].add(way.id)
                    self.ways_at[other].add(way.id)
        lines = [[self.places[one], self.places[other]] for _, one, other in self.segments]
        self.lines = shapely.linestrings(np.array(lines).reshape(-1, 2, 2))
        self.tree = shapely.STRtree(self.lines)

    def shared(self, ground: Square, own: set[int]) -> set[int]:
        """Return the nodes of rings that other ways share."""
        return {node for ring in ground.rings for node in ring if self.ways_at[node] - own}

    def crossings(
        self, ground: Square, own: set[int]
    ) -> list[tuple[int, tuple[tuple[int, int], ...]]]:
        """Return where other ways on the same layer and level cross a ring without a node.

        A crossing is a node, and the two sides (pairs of nodes) on which it lies.
        """
        floor = _floor(ground.tags)
        found = []
        for ring in ground.rings:
            for one, other in zip(ring, (*ring[1:], ring[0])):
                side = shapely.LineString([self.places[one], self.places[other]])
                for row in sorted(self.tree.query(side, predicate="intersects").tolist()):
                    way, begin, end = self.segments[row]
                    if way in own or {begin, end} & {one, other}:
                        continue
                    if not _meet(_floor(self.tags[way]), floor):
                        continue
                    point = side.intersection(self.lines[row])
                    if point.geom_type != "Point":
                        continue
                    sides = (_pair(one, other), _pair(begin, end))
                    found.append((self._node(point, sides), sides))
        return found

    def _node(self, point: shapely.Point, sides: tuple[tuple[int, int], ...]) -> int:
        """Return the node at a crossing: one that is there, or a fresh one."""
        for node in (*sides[1], *sides[0]):
            if point.distance(shapely.Point(self.places[node])) <= SAME_DEG:
                return node
        key = tuple(sorted(sides))
        if key not in self._made:
            self._made[key] = self._next
            # a node lies on the grid of the map, as all nodes do
            self.fresh[self._next] = (round(point.x, 7), round(point.y, 7))
            self._next += 1
        return self._made[key]


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _floor(tags: Tags) -> tuple[tuple[float, bool, bool, bool], list[Level]]:
    """Return the layer of a way, with whether it is a bridge's or a tunnel's, and stepped onto, and its levels.

    Reading: what says no layer, or no level, is on the ground's; a bridge, a tunnel and the ground
    that say the same layer, or none, still lie above one another; and what is entered at its ends
    alone, as a corridor, meets none of the ground.
    """
    found = re.fullmatch(r"\s*([+-]?\d+(?:\.\d+)?)\s*", tags.get("layer", ""))
    number = float(found.group(1)) if found else 0.0
    in_tunnel = bool(set(tags.get("tunnel", "").split(";")) & TUNNELS)
    on_bridge = bool(set(tags.get("bridge", "").split(";")) & BRIDGES)
    layer = number, in_tunnel, on_bridge, entered_anywhere(tags)
    levels = []
    for part in tags.get("level", "").split(";"):
        found = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)(?:-(-?\d+(?:\.\d+)?))?\s*", part)
        if found:
            ends = [float(number) for number in found.groups() if number]
            levels.append((min(ends), max(ends)))
    return layer, levels or [(0.0, 0.0)]


def _meet(one: tuple[object, list[Level]], other: tuple[object, list[Level]]) -> bool:
    """Return whether two things lie on one layer, and have a level in common."""
    same = any(a[0] <= b[1] and b[0] <= a[1] for a in one[1] for b in other[1])
    return one[0] == other[0] and same
