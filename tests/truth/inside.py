"""How the residents of a compound walk to a station in it without leaving it (definition 3).

Along mapped ways inside, where home and door both meet them and they lead there; else straight,
times the stated detour, where the segment keeps to the outline and crosses nothing that parts the
ground. Who lives nearer to the door than both legs come to walks straight, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from truth.plane import rounded
from truth.streets import Streets
from truth.walks import Pace
from truth.yards import Yard

#: The detour of straight walks with which a verdict is tried once more.
TRIED_DETOUR = 1.6
#: A leg that only ends at the edge, or on a street, does not cross it; both are drawn in steps of 1/64 m,
#: so that the tip of a leg says nothing.
TIP_M = 1 / 4


@dataclass(frozen=True)
class Spot:
    """Where a home or a door meets a way inside: the street, the meters along it, and the leg."""

    street: int
    at_m: float
    leg_m: float


@dataclass(frozen=True)
class Pair:
    """A home and a station's door in one compound, and how one walks between them."""

    point: int
    station: int
    yard: int
    straight_m: float
    from_home: tuple[Spot, ...] = ()
    to_door: tuple[Spot, ...] = ()

    @property
    def guessed(self) -> bool:
        """Whether the walk is straight."""
        return not self.to_door


@dataclass(frozen=True)
class Inside:
    """All walks inside compounds; ``roads`` are the mapped ways inside of each yard, in meters and by street."""

    pairs: list[Pair]
    roads: list[nx.MultiDiGraph]
    streets: Streets
    sizes: tuple[int, int]

    def straight(self, pace: Pace, detour: float) -> np.ndarray:
        """Return (points, stations) what straight walks inside cost; inf where there is none."""
        found = np.full(self.sizes, np.inf)
        for pair in self.pairs:
            if pair.guessed:
                cost = rounded(rounded(pair.straight_m * detour) * pace.per_m)
                found[pair.point, pair.station] = min(found[pair.point, pair.station], cost)
        return found

    def mapped(self, pace: Pace, toward: str = "station") -> np.ndarray:
        """Return (points, stations) what walks along mapped ways inside cost; inf where there is none."""
        found = np.full(self.sizes, np.inf)
        by_door: dict[tuple[int, Spot], dict] = {}
        paced = [_paced(road, self.streets, pace) for road in self.roads]
        for pair in self.pairs:
            for door in pair.to_door:
                if (pair.yard, door) not in by_door:
                    graph = paced[pair.yard]
                    graph = graph.reverse(copy=False) if toward == "station" else graph
                    costs = nx.single_source_dijkstra_path_length(graph, _node(self.streets, door))
                    by_door[pair.yard, door] = costs
                costs = by_door[pair.yard, door]
                for home in pair.from_home:
                    along = costs.get(_node(self.streets, home), np.inf)
                    legs = rounded(home.leg_m * pace.per_m) + rounded(door.leg_m * pace.per_m)
                    cost = float(legs + rounded(along))
                    found[pair.point, pair.station] = min(found[pair.point, pair.station], cost)
        return found


def inside_of(
    streets: Streets,
    yards: list[Yard],
    divides: list[BaseGeometry],
    homes: tuple[np.ndarray, np.ndarray],
    doors: tuple[np.ndarray, np.ndarray],
    stations: int,
) -> Inside:
    """Return the walks inside all compounds.

    ``homes`` are the places of residents and the block of each, ``doors`` those of stations' doors
    and the station of each.
    """
    home_xy, home_block = homes
    door_xy, station_of = doors
    tree = shapely.STRtree(divides)
    pairs: list[Pair] = []
    roads: list[nx.MultiDiGraph] = []
    for number, yard in enumerate(yards):
        own = np.flatnonzero(home_block == yard.block)
        near = [divides[row] for row in tree.query(shapely.box(*yard.edge.bounds)).tolist()]
        wall = shapely.GeometryCollection([yard.edge, *near])
        shapely.prepare(wall)
        ways = _Ways(streets, yard, wall)
        home_spots, door_spots = ways.spots(home_xy[own]), ways.spots(door_xy[yard.doors])
        road = ways.road([spot for spots in [*home_spots, *door_spots] for spot in spots])
        roads.append(road)
        for door, to_door in zip(yard.doors.tolist(), door_spots, strict=True):
            straight_m = rounded(np.sqrt(((home_xy[own] - door_xy[door]) ** 2).sum(axis=1)))
            ends = np.broadcast_to(door_xy[door], (len(own), 2))
            free = yard.holds(home_xy[own]) & ~_crossed(wall, home_xy[own], ends)
            led = _leading(road, streets, to_door)
            for row, point in enumerate(own.tolist()):
                pair = (point, int(station_of[door]), number, float(straight_m[row]))
                from_home = home_spots[row]
                if _walks_along(streets, from_home, to_door, led, straight_m[row]):
                    pairs.append(Pair(*pair, from_home, to_door))
                elif free[row]:
                    pairs.append(Pair(*pair))
    return Inside(pairs, roads, streets, (len(home_xy), stations))


def _walks_along(
    streets: Streets,
    home: tuple[Spot, ...],
    door: tuple[Spot, ...],
    led: set,
    straight_m: float,
) -> bool:
    """Return whether a home and a door meet ways inside that lead there, and no nearer lie to each other."""
    if not home or not door or straight_m < home[0].leg_m + door[0].leg_m:
        return False
    return any(_node(streets, spot) in led for spot in home)


def _leading(road: nx.MultiDiGraph, streets: Streets, doors: tuple[Spot, ...]) -> set:
    """Return the places on mapped ways inside from which a door is reached, as an adult walks."""
    led: set = set()
    for door in doors:
        node = _node(streets, door)
        led |= {node} | nx.ancestors(road, node)
    return led


def _node(streets: Streets, spot: Spot) -> tuple[str, int, float] | int:
    return _named(streets, spot.street, spot.at_m)


def _named(streets: Streets, number: int, at_m: float) -> tuple[str, int, float] | int:
    """Return the name of a place on a street: its junction at either end, else the street and the meters."""
    street = streets.streets[number]
    if at_m == 0.0:
        return street.start
    return street.end if at_m == streets.length_m[number] else ("on", number, at_m)


def _crossed(wall: BaseGeometry, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return whether straight walks meet a wall."""
    return shapely.intersects(wall, shapely.linestrings(np.stack([begin, end], axis=1)))


def _paced(road: nx.MultiDiGraph, streets: Streets, pace: Pace) -> nx.MultiDiGraph:
    """Return the ways inside with what they cost; those that are closed are left out."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(road)
    for tail, head, told in road.edges(data=True):
        steps = streets.streets[told["street"]].manner.steps
        cost = told["meters"] * (pace.per_step_m if steps else pace.per_m)
        if np.isfinite(cost):
            graph.add_edge(tail, head, weight=cost)
    return graph


class _Ways:
    """The mapped ways inside one compound: streets that people step onto and that bound no blocks.

    ``street`` and ``span_m`` are their parts inside, the other arrays all their segments.
    """

    def __init__(self, streets: Streets, yard: Yard, wall: BaseGeometry) -> None:
        self.streets, self.wall = streets, wall
        parts = [
            (number, *span)
            for number, street in enumerate(streets.streets)
            if street.manner.enterable and not street.manner.bounding
            for span in _parts(streets, number, yard)
        ]
        self.street = np.array([part[0] for part in parts], dtype=int)
        self.span_m = rounded(np.array([part[1:] for part in parts]).reshape(-1, 2))

        # the straight segments of these streets, as far as the map draws them
        numbers = np.unique(self.street).tolist()
        none = [np.zeros((0, 2))]
        self.begin = np.concatenate(none + [streets.xy[number][:-1] for number in numbers])
        self.end = np.concatenate(none + [streets.xy[number][1:] for number in numbers])
        self.from_m = np.concatenate([[], *(streets.at_m[number][:-1] for number in numbers)])
        self.to_m = np.concatenate([[], *(streets.at_m[number][1:] for number in numbers)])
        sizes = [len(streets.xy[number]) - 1 for number in numbers]
        self.owner = np.repeat(np.array(numbers, dtype=int), sizes)

    def spots(self, xy: np.ndarray) -> list[tuple[Spot, ...]]:
        """Return for each place where it meets the nearest way inside; none where its leg is barred.

        Reading of "the nearest way inside": of the ways that run through the compound. Who is
        nearest to a part of it beyond the wall meets none.
        """
        if not len(self.street):
            return [()] * len(xy)
        along = self.end - self.begin
        square = np.maximum((along**2).sum(axis=1), 1e-12)
        away = xy[:, None] - self.begin[None]
        fraction = np.clip((away * along).sum(axis=2) / square, 0.0, 1.0)
        foot = self.begin[None] + fraction[:, :, None] * along[None]
        foot = np.where((fraction == 1.0)[:, :, None], self.end[None], foot)
        leg_m = rounded(np.sqrt(((xy[:, None] - foot) ** 2).sum(axis=2)))
        at_m = rounded(self.from_m + fraction * (self.to_m - self.from_m))
        at_m = np.minimum(at_m, self.streets.length_m[self.owner])
        spots = []
        for row in range(len(xy)):
            nearest = np.flatnonzero(leg_m[row] == leg_m[row].min())
            begin = np.broadcast_to(xy[row], (len(nearest), 2))
            barred = self._barred(begin, foot[row, nearest], leg_m[row, nearest])
            met = [
                Spot(int(self.owner[one]), float(at_m[row, one]), float(leg_m[row, one]))
                for one in nearest[~barred].tolist()
            ]
            spots.append(tuple(spot for spot in dict.fromkeys(met) if self._is_inside(spot)))
        return spots

    def _is_inside(self, spot: Spot) -> bool:
        """Return whether a spot lies on a part of its street that runs inside."""
        low_m, high_m = self.span_m[self.street == spot.street].T
        return bool(((low_m <= spot.at_m) & (spot.at_m <= high_m)).any())

    def _barred(self, begin: np.ndarray, foot: np.ndarray, leg_m: np.ndarray) -> np.ndarray:
        """Return whether legs meet the wall before their very tip."""
        part = np.clip(1.0 - TIP_M / np.maximum(leg_m, TIP_M), 0.0, 1.0)
        return _crossed(self.wall, begin, begin + part[:, None] * (foot - begin))

    def road(self, spots: list[Spot]) -> nx.MultiDiGraph:
        """Return the ways inside as a graph with a node at each spot; ``meters`` and ``street`` of each part."""
        cuts: dict[int, set[float]] = {}
        for spot in spots:
            cuts.setdefault(spot.street, set()).add(spot.at_m)
        road = nx.MultiDiGraph()
        for street, (low, high) in zip(self.street.tolist(), self.span_m.tolist(), strict=True):
            manner = self.streets.streets[street].manner
            between = {at_m for at_m in cuts.get(street, ()) if low <= at_m <= high}
            places = sorted({low, high} | between)
            for one, other in pairwise(places):
                tail, head = (_named(self.streets, street, at_m) for at_m in (one, other))
                for start, end, may in (
                    (tail, head, manner.forward),
                    (head, tail, manner.backward),
                ):
                    if may:
                        road.add_edge(start, end, meters=other - one, street=street)
        road.add_nodes_from(_node(self.streets, spot) for spot in spots)
        return road


def _parts(streets: Streets, number: int, yard: Yard) -> Iterator[tuple[float, float]]:
    """Yield from where to where, in meters along it, each straight piece of a street lies in a compound."""
    xy, at_m = streets.xy[number], streets.at_m[number]
    west, south, east, north = yard.edge.bounds
    if (xy.max(axis=0) < (west, south)).any() or (xy.min(axis=0) > (east, north)).any():
        return
    if not yard.comes_in(shapely.LineString(xy)):
        return
    length_m = float(streets.length_m[number])
    for row in range(len(xy) - 1):
        begin, along = xy[row], xy[row + 1] - xy[row]
        if not along.any():
            continue
        cuts = np.unique([0.0, *_crossings(begin, along, yard.edges), 1.0])
        middles = begin + ((cuts[:-1] + cuts[1:]) / 2)[:, None] * along
        for place in np.flatnonzero(yard.holds(middles)).tolist():
            meters = at_m[row] + cuts[place : place + 2] * (at_m[row + 1] - at_m[row])
            low, high = np.minimum(meters, length_m).tolist()
            yield low, high


def _crossings(begin: np.ndarray, along: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return where on a segment, as parts of it, it meets the edges."""
    side = edges[:, 2:] - edges[:, :2]
    apart = edges[:, :2] - begin
    across = along[0] * side[:, 1] - along[1] * side[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        on_segment = (apart[:, 0] * side[:, 1] - apart[:, 1] * side[:, 0]) / across
        on_edge = (apart[:, 0] * along[1] - apart[:, 1] * along[0]) / across
    meets = (on_segment > 0) & (on_segment < 1) & (on_edge >= 0) & (on_edge <= 1)
    return on_segment[meets]
