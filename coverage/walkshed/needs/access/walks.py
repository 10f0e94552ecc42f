"""The walks that judging needs, each search made once: by unit, metric and walker."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Literal

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, frozen, read_only
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors, Pace, Pairs
from walkshed.model.judged.coverage import Demand
from walkshed.model.town.places import Need
from walkshed.model.town.walkers import ADULT, Walker
from walkshed.needs.access.floors import pace_in_meters, pace_in_seconds
from walkshed.needs.exits.inside import inside_walks
from walkshed.needs.exits.stepping_out import with_feet
from walkshed.walk.distances import pairs
from walkshed.walk.opposite import opposite

Unit = Literal["m", "min"]
Metric = Literal["network", "radius"]
Measure = tuple[Unit, Metric]
SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class ByStation:
    """Pairs grouped by station: those of station t are rows ``start[t]:start[t + 1]``, sorted by point."""

    start: IntArray  # (t + 1,)
    point: Int32Array  # (r,)
    cost: FloatArray  # (r,) meters or seconds

    def of(self, station: int) -> tuple[Int32Array, FloatArray]:
        """Return the points and costs of one station."""
        low, high = self.start[station], self.start[station + 1]
        return self.point[low:high], self.cost[low:high]


class Walks:
    """Walks between demand points and stations up to the largest limits of a study, searched when first asked for.

    ``meters`` are an unrestricted adult's, in meters; ``reach`` those of any walker in the unit of
    a limit; ``straight`` as the crow flies; ``endless`` an adult's to some stations, however far.
    Residents walk to a station inside their compound across its ground, where that is shorter than
    by the streets.
    Results depend on nothing but the arguments: keeping them only saves a second search.
    """

    def __init__(
        self,
        network: StreetNetwork,
        demand: Demand,
        stations: Anchors,
        needs: Iterable[Need],
        *,
        least_limit_m: float = 0.0,
        adult: Walker = ADULT,
    ) -> None:
        needs = tuple(needs)
        self.network, self.stations, self.adult = network, stations, adult
        self.demand = with_feet(demand, stations)

        # searched once for the largest limits: each service takes what is within its own
        self.limit_m = max([least_limit_m, *(need.limit for need in needs if need.unit == "m")])
        minutes = [need.limit for need in needs if need.unit == "min"]
        self.limit_s = SECONDS_PER_MINUTE * max(minutes, default=0.0)

        self.inside = inside_walks(network, self.demand, stations)
        self._along: dict[tuple[str, ...], Pairs] = {}  # along streets alone
        self._inside: dict[tuple[str, ...], FloatArray] = {}  # along ways inside compounds
        self._grouped: dict[tuple[str, ...], ByStation] = {}

    @property
    def meters(self) -> Pairs:
        """The walks of an unrestricted adult, sorted by point, then station."""
        return self._walk("m", self.adult, crew=False)

    def reach(
        self, measure: Measure, walker: Walker, *, crew: bool = False, within: float = np.inf
    ) -> ByStation:
        """Return the walks of a walker (or, the other way round, the ways of a crew) in the unit of the limit.

        Walks beyond ``within`` are left out.
        """
        unit, metric = measure
        key = (unit, metric, walker.id, "crew" if crew else "", str(within))
        if key not in self._grouped:
            found = (
                self._straight(unit, walker)
                if metric == "radius"
                else self._walk(unit, walker, crew=crew)
            )
            self._grouped[key] = _grouped(found, len(self.stations.start) - 1, within=within)
        return self._grouped[key]

    def straight(self, limit_m: float) -> ByStation:
        """Return the meters as the crow flies from points to stations, up to a limit."""
        key = ("straight", str(limit_m))
        if key not in self._grouped:
            self._grouped[key] = _grouped(
                _as_the_crow_flies(self, limit_m), len(self.stations.start) - 1
            )
        return self._grouped[key]

    def endless(self, station: int) -> FloatArray:
        """Return (p,) an adult's meters from every point to one station, inf where no street leads there."""
        key = ("endless", str(station))
        if key not in self._along:
            self._along[key] = pairs(
                self.network,
                self.demand.anchors,
                self.stations.take(np.array([station])),
                limit_m=np.inf,
            )
        return self._from_everywhere(self._along[key], station, self.inside_cost())

    def coming(self, station: int, crew: Walker) -> FloatArray:
        """Return (p,) the seconds of a crew's way from one station to every point, inf where no street leads there."""
        key = ("coming", str(station), crew.id)
        net, pace, paced = self._paced("min", crew, crew=True)
        if key not in self._along:
            place = self.stations.take(np.array([station]))
            self._along[key] = pairs(net, self.demand.anchors, place, limit_m=np.inf, pace=pace)
        return self._from_everywhere(self._along[key], station, self._inside_at(net, pace, paced))

    def lengthened(self, detour: float, blocks: BoolArray) -> Walks:
        """Return the same walks, but for guessed ones inside the marked blocks (b,), which take a detour."""
        walks = copy(self)
        walks.inside = self.inside.lengthened(detour, blocks[self.demand.block])
        walks._grouped = {}  # noqa: SLF001 (its own; what goes along streets alone is shared)
        return walks

    @property
    def reachable(self) -> BoolArray:
        """(t,) the stations to which somebody may walk: on the network, or inside a compound."""
        found = self.stations.on_network.copy()
        found[self.inside.station] = True
        return np.asarray(found, dtype=bool)

    def inside_cost(self, unit: Unit = "m", walker: Walker | None = None) -> FloatArray:
        """Return (r,) what each walk inside costs a walker (None: one to whom nothing is closed) in a unit."""
        return self._inside_at(*self._paced(unit, ADULT if walker is None else walker, crew=False))

    def _inside_at(self, net: StreetNetwork, pace: Pace | None, key: tuple[str, ...]) -> FloatArray:
        """Return (r,) what each walk inside costs at a pace, which ``key`` tells from others."""
        if key not in self._inside:
            self._inside[key] = self.inside.along(net, pace)
        return self.inside.cost(pace, self._inside[key])

    def inside_from(self, station: int, cost: FloatArray) -> FloatArray:
        """Return (p,) the cost from every point to one station inside its compound, inf for points elsewhere.

        ``cost`` (r,) are those of all walks inside.
        """
        found = np.full(len(self.demand.weight), np.inf)
        rows = self.inside.of(station)
        found[self.inside.point[rows]] = cost[rows]
        return found

    def _from_everywhere(self, found: Pairs, station: int, inside: FloatArray) -> FloatArray:
        """Return (p,) the cost from every point to one station: along streets, or inside where that is less."""
        cost = self.inside_from(station, inside)
        cost[found.point] = np.minimum(cost[found.point], found.distance_m)
        return cost

    def _walk(self, unit: Unit, walker: Walker, *, crew: bool) -> Pairs:
        net, pace, key = self._paced(unit, walker, crew=crew)
        if key not in self._along:
            limit = self.limit_s if unit == "min" else self.limit_m
            self._along[key] = pairs(
                net, self.demand.anchors, self.stations, limit_m=limit, pace=pace
            )

        return self.inside.lower(self._along[key], self._inside_at(net, pace, key))

    def _paced(
        self, unit: Unit, walker: Walker, *, crew: bool
    ) -> tuple[StreetNetwork, Pace | None, tuple[str, ...]]:
        """Return the streets and the pace of a walker, and what tells both apart from others'."""
        net = opposite(self.network) if crew else self.network
        pace = pace_in_seconds(net, walker) if unit == "min" else pace_in_meters(net, walker)

        # Everybody to whom nothing is closed walks the same meters, and back the same way where
        # ways are two-way.
        turned = "crew" if net is not self.network else ""
        return net, pace, (unit, "" if pace is None else walker.id, turned)

    def _straight(self, unit: Unit, walker: Walker) -> Pairs:
        if unit == "m":
            return _as_the_crow_flies(self, self.limit_m)
        meters = _as_the_crow_flies(self, self.limit_s * walker.speed_m_s)
        seconds = read_only(meters.distance_m / walker.speed_m_s, np.float64)
        return Pairs(meters.point, meters.station, seconds, self.limit_s)


def _as_the_crow_flies(walks: Walks, limit_m: float) -> Pairs:
    points, stations = walks.demand.xy, walks.stations.point_xy
    point, station, meters = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    for row in np.flatnonzero(walks.reachable):
        away = np.hypot(points[:, 0] - stations[row, 0], points[:, 1] - stations[row, 1])
        near = np.flatnonzero(away <= limit_m)
        point.append(near)
        station.append(np.full(len(near), row))
        meters.append(away[near])

    return Pairs(
        read_only(np.concatenate(point), np.int32),
        read_only(np.concatenate(station), np.int32),
        read_only(np.concatenate(meters), np.float64),
        limit_m,
    )


def _grouped(found: Pairs, stations: int, *, within: float = np.inf) -> ByStation:
    """Return the pairs within a limit, station by station."""
    near = np.flatnonzero(found.distance_m <= within)
    point, station = found.point[near], found.station[near]
    order = np.lexsort([point, station])
    start = np.searchsorted(station[order], np.arange(stations + 1))
    return ByStation(
        read_only(start, np.int64),
        frozen(point[order]),
        frozen(found.distance_m[near[order]]),
    )
