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
    read_only,
    to_ticks,
)
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors, Pace, Pairs
from walkshed.model.judged.coverage import Demand, Yards
from walkshed.needs.exits.by_exits import doors_of, straight_off
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

    def along(self, net: StreetNetwork, pace: Pace | None) -> FloatArray:
        """Return (r,) what each walk along mapped ways costs a walker, inf for straight ones."""
        cost = np.full(len(self.meters), np.inf)
        for number, court in enumerate(self.courts):
            rows = np.flatnonzero(self.court == number)
            cost[rows] = court.cost(net, pace)[self.home[rows]]
        return cost

    def cost(self, pace: Pace | None, along: FloatArray) -> FloatArray:
        """Return (r,) what each walk costs a walker, who walks what is straight as a leg."""
        straight = self.meters if pace is None else to_ticks(self.meters * pace.leg_per_m)
        return np.where(self.guessed, straight, along)

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
    doors, owner = doors_of(stations)
    door, yard = holding(demand.yards, doors)
    ways: list[_Way] = []
    courts: list[Court] = []
    for xy, station, number in zip(doors[door], owner[door].tolist(), yard.tolist(), strict=True):
        block = demand.yards.block[number]
        point = np.arange(demand.start[block], demand.start[block + 1])
        homes = fine(demand.xy[point])
        away_m = straight_off(homes - xy)

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
