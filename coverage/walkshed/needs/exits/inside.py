"""Stations inside compounds: others come to them by its exits, its own residents across its ground (definition 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    Int32Array,
    IntArray,
    begins_run,
    frozen,
    ranges,
    read_only,
    to_ticks,
)
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors, Pace, Pairs, on_own_feet, standing_of
from walkshed.model.judged.coverage import Demand, Yards
from walkshed.model.judged.verdicts import ExitKind
from walkshed.needs.exits.paths_inside import Court, feet_inside, some_feet
from walkshed.needs.exits.yards import crossed, fine, holding


@dataclass(frozen=True, slots=True, eq=False)
class InsideWalks:
    """Walks inside compounds, from residents to a station that stands among them.

    R of them, by point, then station. Those along mapped ways lead to the door of one of
    ``courts``, as its ``home``; the others are straight, since the map holds no way for them: their
    meters are a guess.
    """

    point: Int32Array  # (r,)
    station: Int32Array  # (r,)
    meters: FloatArray  # (r,) multiples of 1/1024
    court: Int32Array  # (r,) -1 for a straight walk
    home: Int32Array  # (r,) -1 for a straight walk
    courts: tuple[Court, ...]

    @property
    def guessed(self) -> BoolArray:
        """(r,) whether the walk is straight for want of a mapped way."""
        return np.asarray(self.court < 0, dtype=bool)

    def cost(self, net: StreetNetwork, pace: Pace | None) -> FloatArray:
        """Return (r,) what each walk costs a walker, who walks what is straight as a leg."""
        if pace is None and not len(self.courts):
            return self.meters
        cost = self.meters if pace is None else to_ticks(self.meters * pace.leg_per_m)
        cost = cost.copy()
        for number, court in enumerate(self.courts):
            rows = np.flatnonzero(self.court == number)
            cost[rows] = court.cost(net, pace)[self.home[rows]]
        return cost

    def lengthened(self, detour: float, points: BoolArray) -> InsideWalks:
        """Return the same walks, guessed ones so many times as long where they begin at marked points (p,)."""
        longer = to_ticks(self.meters * detour)
        takes = points[self.point] & self.guessed
        return replace(self, meters=frozen(np.where(takes, longer, self.meters)))

    def of(self, station: int) -> IntArray:
        """Return the rows of the walks to one station."""
        return np.flatnonzero(self.station == station)

    def lower(self, found: Pairs, cost: FloatArray) -> Pairs:
        """Return distances along streets, lowered to those inside where these cost (r,) less."""
        near = np.flatnonzero(cost <= found.limit_m)
        if not len(near):
            return found

        stations = 1 + max(int(self.station.max()), int(found.station.max(initial=0)))
        own = self.point[near].astype(np.int64) * stations + self.station[near]
        had = found.point.astype(np.int64) * stations + found.station

        # pairs that are known already, and new ones between them
        place = np.searchsorted(had, own)
        known = np.append(had, -1)[place] == own
        meters = found.distance_m.copy()
        meters[place[known]] = np.minimum(meters[place[known]], cost[near[known]])
        at, new = place[~known], near[~known]
        return Pairs(
            frozen(np.insert(found.point, at, self.point[new])),
            frozen(np.insert(found.station, at, self.station[new])),
            frozen(np.insert(meters, at, cost[new])),
            found.limit_m,
        )


def by_exits(demand: Demand, stations: Anchors, doors: FloatArray, door_start: IntArray) -> Anchors:
    """Return where stations meet the streets: those inside a compound at its exits, like its residents.

    ``doors`` (d, 2) of stations, rows ``door_start[i]:door_start[i + 1]`` for station ``i``, meet
    the streets at ``stations``. (1) The doors inside, and the exits of their compounds, but for
    those that other stations alone bring about: no station's place hangs on where others stand. (2)
    Their own feet count besides, but for those through a wall: where exits are given or mapped, a
    leg must keep to the compound, or lead to a way along its edge onto which its residents step,
    too. (3) Both together.
    """
    door, yard = holding(demand.yards, doors)  # (1)
    block = demand.yards.block[yard]
    count = demand.lasting_anchors[block]
    met = count > 0
    door, yard, block, count = door[met], yard[met], block[met], count[met]
    if not len(door):
        return stations
    pair = np.repeat(np.arange(len(door)), count)
    row = ranges(demand.anchors.start[demand.start[block]], count)
    foot = demand.anchors.foot[row]
    exit_xy = demand.exit_xy[demand.foot_exit[foot]]
    away = doors[door[pair]] - fine(exit_xy)
    leg_m = _straight_m(away) + demand.exit_leg_m[foot]
    station = np.searchsorted(door_start, door[pair], side="right") - 1

    kept = ~_through_a_wall(demand, stations, doors[door], yard)  # (2)

    own = np.repeat(np.arange(len(stations.start) - 1), np.diff(stations.start))  # (3)
    owner = np.concatenate([own[kept], station])
    order = np.argsort(owner, kind="stable")
    feet = demand.anchors.feet

    standing = standing_of(stations).take(np.flatnonzero(kept))
    standing = standing.beside(standing_of(demand.anchors).take(row)).take(order)

    def joined(own: np.ndarray, at_exits: np.ndarray) -> np.ndarray:
        return np.concatenate([own[kept], at_exits])[order]

    return on_own_feet(
        start=read_only(np.searchsorted(owner[order], np.arange(len(stations.start))), np.int64),
        edge=read_only(joined(stations.edge, feet.edge[foot]), np.int32),
        offset_m=read_only(joined(stations.offset_m, feet.offset_m[foot]), np.float64),
        leg_m=read_only(joined(stations.leg_m, leg_m), np.float64),
        xy=read_only(joined(stations.xy, feet.xy[foot]), np.float64),
        point_xy=stations.point_xy,
        nearest_way_m=stations.nearest_way_m,
        door_xy=read_only(joined(_door_of_each(stations), doors[door[pair]]), np.float64),
        via_xy=read_only(joined(np.full((len(kept), 2), np.nan), exit_xy), np.float64),
        standing=standing,
    )


def doors_inside(demand: Demand, stations: Anchors) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the doors of stations that stand inside compounds (n, 2), whose they are, and (t,) anchors at exits.

    ``stations`` are those that ``by_exits`` returned: their last anchors are those at exits.
    """
    doors, owner = _doors(stations)
    door, yard = holding(demand.yards, doors)
    count = demand.lasting_anchors[demand.yards.block[yard]]
    at_exits = np.bincount(owner[door], weights=count, minlength=len(stations.start) - 1)
    inside = np.unique(door)
    return doors[inside], owner[inside], at_exits.astype(np.int64)


def _through_a_wall(
    demand: Demand, stations: Anchors, inside: FloatArray, yard: IntArray
) -> BoolArray:
    """Return (a,) the anchors of stations whose leg leads from a door ``inside`` a yard through its edge.

    Where exits are inferred no wall is known.
    """
    wall = np.zeros(len(stations.foot), dtype=bool)
    doors = _door_of_each(stations)
    for xy, number in zip(inside, yard.tolist(), strict=True):
        kind = demand.exit_kind[demand.yards.block[number]]
        if kind in (ExitKind.GIVEN, ExitKind.MAPPED):
            own = np.flatnonzero((doors == xy).all(axis=1))
            edges = demand.yards.edges[slice(*demand.yards.edge_start[number : number + 2])]
            out = crossed(doors[own], stations.xy[own], edges)
            wall[own] |= out & ~_on_stretch(demand, number, stations, own)
    return wall


def _on_stretch(demand: Demand, yard: int, stations: Anchors, anchors: IntArray) -> BoolArray:
    """Return which anchors lie on a way along the edge of a yard."""
    along = demand.stretches.some(demand.stretches.block == demand.yards.block[yard])
    edge, offset_m = stations.edge[anchors, None], stations.offset_m[anchors, None]
    on = (edge == along.edge) & (along.low_m <= offset_m) & (offset_m <= along.high_m)
    return np.asarray(on.any(axis=1), dtype=bool)


def _door_of_each(stations: Anchors) -> FloatArray:
    """Return (a, 2) where the leg of each anchor begins."""
    if stations.door_xy is not None:
        return stations.door_xy
    owner = np.repeat(np.arange(len(stations.start) - 1), np.diff(stations.start))
    places: FloatArray = stations.point_xy[owner]
    return places


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """The walks of some residents to one door inside."""

    point: IntArray
    station: int
    meters: FloatArray
    home: IntArray  # -1 for straight walks
    court: int = -1


def inside_walks(network: StreetNetwork, demand: Demand, stations: Anchors) -> InsideWalks:
    """Return the walks from residents to stations that stand inside their own compound.

    Along mapped ways inside, where both ends meet them and they lead there, unless home and door
    are nearer to each other than to the ways. Else straight, where that keeps to the compound and
    crosses no through street, railway or water. Of several doors the nearest counts. A station that
    several compounds hold is walked to in each.
    """
    doors, owner = _doors(stations)
    door, yard = holding(demand.yards, doors)
    ways: list[_Way] = []
    courts: list[Court] = []
    for xy, station, number in zip(doors[door], owner[door].tolist(), yard.tolist(), strict=True):
        block = demand.yards.block[number]
        point = np.arange(demand.start[block], demand.start[block + 1])
        homes = fine(demand.xy[point])
        away_m = _straight(homes - xy)

        # along the ways of the compound
        mapped = np.zeros(len(point), dtype=bool)
        court = _court(network, demand.yards, number, homes=homes, door=xy, away_m=away_m)
        if court is not None:
            meters = court.cost(network, None)
            mapped = np.isfinite(meters)
            home = np.flatnonzero(mapped)
            ways.append(_Way(point[mapped], station, meters[mapped], home, len(courts)))
            courts.append(court)

        # straight
        free = ~mapped & ~crossed(homes, np.broadcast_to(xy, homes.shape), _lines(demand, number))
        meters = to_ticks(away_m[free] * demand.yards.detour)
        ways.append(_Way(point[free], station, meters, np.full(len(meters), -1)))
    return _nearest(ways, tuple(courts))


def _nearest(ways: list[_Way], courts: tuple[Court, ...]) -> InsideWalks:
    """Return the shortest of the walks of each resident to each station."""
    point, station, meters, court, home = (
        np.concatenate([np.zeros(0), *columns])
        for columns in (
            [way.point for way in ways],
            [np.full(len(way.point), way.station) for way in ways],
            [way.meters for way in ways],
            [np.full(len(way.point), way.court) for way in ways],
            [way.home for way in ways],
        )
    )

    # of equal walks the one of the lower court, straight ones first
    order = np.lexsort([court, meters, station, point])
    first = order[begins_run(point[order], station[order])]

    return InsideWalks(
        read_only(point[first], np.int32),
        read_only(station[first], np.int32),
        read_only(meters[first], np.float64),
        read_only(court[first], np.int32),
        read_only(home[first], np.int32),
        courts,
    )


def _court(
    network: StreetNetwork,
    yards: Yards,
    yard: int,
    *,
    homes: FloatArray,
    door: FloatArray,
    away_m: FloatArray,
) -> Court | None:
    """Return the door and the homes that meet ways inside a yard.

    None where it has no ways, or none is met. Homes that are nearer to the door (``away_m``) than
    both to the ways meet none.
    """
    own = slice(*yards.way_start[yard : yard + 2])
    if own.start == own.stop:
        return None

    at_door = feet_inside(network, yards, yard, door[None, :])
    at_homes = feet_inside(network, yards, yard, homes)
    by_ways = at_homes.nearest_m + at_door.nearest_m[0] <= away_m
    if not by_ways.any():
        return None

    edge, low_m, high_m = yards.way_edge[own], yards.way_low_m[own], yards.way_high_m[own]
    return Court(edge, low_m, high_m, at_door, some_feet(at_homes, by_ways))


def _lines(demand: Demand, yard: int) -> FloatArray:
    """Return the lines (k, 4) that no straight walk inside a yard crosses."""
    yards = demand.yards
    edges = yards.edges[slice(*yards.edge_start[yard : yard + 2])]
    divides = yards.divides[slice(*yards.divide_start[yard : yard + 2])]
    return np.concatenate([edges, divides])


def _doors(stations: Anchors) -> tuple[FloatArray, IntArray]:
    """Return the doors of stations that meet a street, the place of those that meet none, and whose they are."""
    owner = np.repeat(np.arange(len(stations.start) - 1), np.diff(stations.start))
    off = np.flatnonzero(~stations.on_network)
    rows = np.column_stack(
        [
            np.concatenate([owner, off]),
            np.concatenate([_door_of_each(stations), stations.point_xy[off]]),
        ]
    )
    rows = np.unique(rows, axis=0)
    return rows[:, 1:], rows[:, 0].astype(np.int64)


def _straight(away: FloatArray) -> FloatArray:
    """Return the length of differences (n, 2), by the steps that the page's engine takes."""
    length: FloatArray = np.sqrt(away[:, 0] * away[:, 0] + away[:, 1] * away[:, 1])
    return length


def _straight_m(away: FloatArray) -> FloatArray:
    """Return the length of differences (n, 2) in multiples of 1/1024."""
    return to_ticks(_straight(away))
