"""What walking along the network yields: anchors, distances, catchments, routes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    Int32Array,
    IntArray,
    ObjectArray,
    frozen,
    ranges,
    read_only,
)


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Places on squares, g of them, and the feet to which people walk from there, across the square.

    A place has a foot at every entry of its square, and where the nearest street is. The line to a
    foot, straight or around corners, is the last part of the legs to it (definition 16).
    """

    square: Int32Array  # (g,)
    xy: FloatArray  # (g, 2) plane
    place: Int32Array  # (f,) the place that a foot belongs to; -1 for feet on streets
    inner_m: FloatArray  # (f,) meters from the place to the foot; 0 for feet on streets

    def take(self, feet: IntArray | Int32Array) -> Standing:
        """Return the places, with some of the feet."""
        return Standing(self.square, self.xy, frozen(self.place[feet]), frozen(self.inner_m[feet]))

    def with_streets(self, count: int) -> Standing:
        """Return the places, with so many more feet on streets after those that there are."""
        place = np.concatenate([self.place, np.full(count, -1)])
        inner_m = np.concatenate([self.inner_m, np.zeros(count)])
        return Standing(
            self.square, self.xy, read_only(place, np.int32), read_only(inner_m, np.float64)
        )

    def beside(self, other: Standing) -> Standing:
        """Return the places of both, and the feet of both, one after the other."""
        moved = np.where(other.place < 0, -1, other.place + len(self.square))
        return Standing(
            read_only(np.concatenate([self.square, other.square]), np.int32),
            read_only(np.concatenate([self.xy, other.xy]), np.float64),
            read_only(np.concatenate([self.place, moved]), np.int32),
            read_only(np.concatenate([self.inner_m, other.inner_m]), np.float64),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Feet:
    """Places on the network, f of them, without the legs to them."""

    edge: Int32Array  # (f,)
    offset_m: FloatArray  # (f,) from the edge's start; multiples of 1/1024, 0 ≤ offset ≤ edge_m
    xy: FloatArray  # (f, 2) plane
    standing: Standing | None = None  # where some of them are walked to across squares


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """Where p points meet the network; a point may have several anchors (entrances, exits) or none.

    Point ``i`` owns rows ``start[i]:start[i + 1]``. ``leg_m`` is walked between the point and its
    foot, row ``foot`` of ``feet``; where many points leave by the same exits they share feet, and a
    search looks at each of them once. Without a row a point is off the network; ``nearest_way_m``
    says how far the nearest usable way is (inf when there is none), for messages. ``door_xy`` is
    where each leg begins, for points with several doors; None where legs begin at the point itself.
    ``via_xy`` is where a leg bends, at an exit; nan for straight ones, None where all are.
    """

    start: IntArray  # (p + 1,)
    foot: Int32Array  # (a,) row of ``feet``
    leg_m: FloatArray  # (a,) multiples of 1/1024
    feet: Feet
    point_xy: FloatArray  # (p, 2)
    nearest_way_m: FloatArray  # (p,)
    door_xy: FloatArray | None = None  # (a, 2)
    via_xy: FloatArray | None = None  # (a, 2)

    @property
    def edge(self) -> Int32Array:
        """(a,) the edge of each anchor."""
        edges: Int32Array = frozen(self.feet.edge[self.foot])
        return edges

    @property
    def offset_m(self) -> FloatArray:
        """(a,) meters from the edge's start to each anchor."""
        meters: FloatArray = frozen(self.feet.offset_m[self.foot])
        return meters

    @property
    def xy(self) -> FloatArray:
        """(a, 2) where each anchor is on the plane."""
        places: FloatArray = frozen(self.feet.xy[self.foot])
        return places

    @property
    def on_square(self) -> BoolArray:
        """(a,) whether each anchor's leg crosses a square on which its point or exit stands."""
        if self.feet.standing is None:
            return frozen(np.zeros(len(self.foot), dtype=bool))
        inside: BoolArray = frozen(self.feet.standing.place[self.foot] >= 0)
        return inside

    @property
    def street_leg_m(self) -> FloatArray:
        """(a,) the leg of each anchor, without what is walked across a square."""
        if self.feet.standing is None:
            return self.leg_m
        meters: FloatArray = frozen(self.leg_m - self.feet.standing.inner_m[self.foot])
        return meters

    @property
    def met_xy(self) -> FloatArray:
        """(a, 2) where each leg comes onto a street, or onto a square."""
        standing = self.feet.standing
        if standing is None or len(standing.xy) == 0:
            return self.xy

        place = standing.place[self.foot]
        met: FloatArray = frozen(np.where((place >= 0)[:, None], standing.xy[place], self.xy))
        return met

    @property
    def on_network(self) -> BoolArray:
        """(p,) True where the point has an anchor."""
        return self.start[1:] > self.start[:-1]

    def take(self, points: IntArray) -> Anchors:
        """Return the anchors of the given points, in that order, on the same feet."""
        count = np.diff(self.start)[points]
        start = np.concatenate([[0], np.cumsum(count)])
        rows = ranges(self.start[points], count)

        return Anchors(
            start=read_only(start, np.int64),
            foot=read_only(self.foot[rows], np.int32),
            leg_m=read_only(self.leg_m[rows], np.float64),
            feet=self.feet,
            point_xy=read_only(self.point_xy[points], np.float64),
            nearest_way_m=read_only(self.nearest_way_m[points], np.float64),
            door_xy=None if self.door_xy is None else read_only(self.door_xy[rows], np.float64),
            via_xy=None if self.via_xy is None else read_only(self.via_xy[rows], np.float64),
        )


def on_own_feet(
    start: IntArray,
    *,
    edge: Int32Array,
    offset_m: FloatArray,
    leg_m: FloatArray,
    xy: FloatArray,
    point_xy: FloatArray,
    nearest_way_m: FloatArray,
    door_xy: FloatArray | None = None,
    via_xy: FloatArray | None = None,
    standing: Standing | None = None,
) -> Anchors:
    """Return anchors that share no feet: each of the a anchors has one of its own."""
    return Anchors(
        start=start,
        foot=read_only(np.arange(len(edge)), np.int32),
        leg_m=leg_m,
        feet=Feet(edge, offset_m, xy, standing),
        point_xy=point_xy,
        nearest_way_m=nearest_way_m,
        door_xy=door_xy,
        via_xy=via_xy,
    )


def standing_of(anchors: Anchors) -> Standing:
    """Return where anchors are walked to across squares, as if each had a foot of its own."""
    if anchors.feet.standing is not None:
        return anchors.feet.standing.take(anchors.foot)

    no_places = read_only([], np.int32), read_only(np.zeros((0, 2)), np.float64)
    no_lines = read_only([], np.int32), read_only([], np.float64)
    return Standing(*no_places, *no_lines).with_streets(len(anchors.foot))


@dataclass(frozen=True, slots=True, eq=False)
class Pace:
    """What a walk costs another walker, or in seconds: per meter of each edge, and of every leg.

    Edges where ``per_m`` is infinite are closed: no part of them is walked, but a point at their
    very end is already on the next street. Costs are rounded to 1/1024 like meters.
    """

    per_m: FloatArray  # (m,) edges
    leg_per_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """For p points the nearest station and the nearest other one; -1 and inf where there is none."""

    station: Int32Array  # (p, 2) index of the station in the caller's order
    distance_m: FloatArray  # (p, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Sparse walking distances: one row per (point, station) within the limit, sorted by point, then station."""

    point: Int32Array  # (r,)
    station: Int32Array  # (r,)
    distance_m: FloatArray  # (r,)
    limit_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Stretches of street from which a station is within a limit, sorted by station, limit, edge, from.

    Row ``i`` covers edge ``edge[i]`` from ``from_m[i]`` to ``to_m[i]``; ``edge`` is -1 for a leg
    between a station and its anchor. ``geometry`` are LineStrings on the plane.
    """

    station: Int32Array
    limit_m: FloatArray
    edge: Int32Array
    from_m: FloatArray
    to_m: FloatArray
    geometry: ObjectArray


@dataclass(frozen=True, slots=True, eq=False)
class Catchments:
    """One row per station and limit, sorted so: meters of street reached and the area drawn around them."""

    station: Int32Array
    limit_m: FloatArray
    street_m: FloatArray
    area_m2: FloatArray
    geometry: ObjectArray  # MultiPolygons on the plane; empty where the station is off the network
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a walk under one street name: vertices ``first`` to ``last`` of the route, both included."""

    name: str  # "" for an unnamed way or a leg
    meters: float
    steps: bool
    kind: str  # "street", "private" or "leg"
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """The shortest walk from a point to a station. ``xy`` begins at the point and ends at the station (plane)."""

    distance_m: float
    xy: FloatArray  # (v, 2)
    # consecutive, joined where the name stays the same; meters sum to distance_m
    stretches: tuple[Stretch, ...]
    point_anchor: int = 0  # which of the point's anchors it leaves by
