"""Who needs what, who gets it, and what every cell of the service matrix is worth."""

from __future__ import annotations

from dataclasses import dataclass

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, frozen
from walkshed.model.ground.walking import Anchors
from walkshed.model.judged.verdicts import ExitKind


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Parts of edges that run along the edges of blocks, r of them: residents step out anywhere on them."""

    block: IntArray  # (r,)
    edge: Int32Array  # (r,)
    low_m: FloatArray  # (r,) from the edge's start; multiples of 1/1024
    high_m: FloatArray  # (r,)

    def some(self, kept: BoolArray) -> Stretches:
        """Return some of them."""
        columns = (self.block, self.edge, self.low_m, self.high_m)
        return Stretches(*(frozen(column[kept]) for column in columns))


@dataclass(frozen=True, slots=True, eq=False)
class Yards:
    """The ground inside y compounds, as both engines judge it: lines from x, y to x, y in steps of 1/64 m.

    The edge of yard ``i`` are rows ``edge_start[i]:edge_start[i + 1]`` of ``edges``; what parts its
    ground (through streets, railways, water) are rows ``divide_start[i]:divide_start[i + 1]`` of
    ``divides``. Mapped ways inside are parts of edges, rows ``way_start[i]:way_start[i + 1]``.
    ``detour`` multiplies straight walks inside.
    """

    block: IntArray  # (y,)
    edge_start: IntArray  # (y + 1,)
    edges: FloatArray  # (e, 4) plane
    divide_start: IntArray  # (y + 1,)
    divides: FloatArray  # (d, 4) plane
    way_start: IntArray  # (y + 1,)
    way_edge: Int32Array  # (w,)
    way_low_m: FloatArray  # (w,) from the edge's start; multiples of 1/1024
    way_high_m: FloatArray  # (w,)
    detour: float = 1.0

    @classmethod
    def none(cls) -> Yards:
        """Return no yard at all."""
        import numpy as np

        nothing, start, lines = np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros((0, 4))
        ways = np.zeros(0, np.int32), np.zeros(0), np.zeros(0)
        return cls(nothing, start, lines, start, lines, start, *ways)


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Residents as p points in b blocks, with x exits; blocks in the order of the study.

    The points of block ``i`` are rows ``start[i]:start[i + 1]`` (every block has at least one); its
    exits are rows ``exit_start[i]:exit_start[i + 1]``. ``weight`` is the share of the block's
    people that lives at the point (sums to 1 per block); ``people`` that share times the block's
    people (0 where the block's people are unknown). ``anchors`` gives each point one anchor per
    exit of its block, the straight leg from point to exit counted in full; ``foot_exit`` names that
    exit, and ``exit_leg_m`` is the part of the leg from the exit to the street. Along ``stretches``
    there are exits at both ends, and at the foot of each station that the residents are asked
    about: leaving anywhere between would be no shorter.
    """

    start: IntArray  # (b + 1,)
    xy: FloatArray  # (p, 2) plane
    weight: FloatArray  # (p,)
    people: FloatArray  # (p,)
    exit_start: IntArray  # (b + 1,)
    exit_xy: FloatArray  # (x, 2) plane
    exit_kind: tuple[ExitKind, ...]  # b: the kind of the block's exits
    anchors: Anchors
    foot_exit: Int32Array  # (f,) index of the exit of each foot of the anchors
    exit_leg_m: FloatArray  # (f,) multiples of 1/1024
    stretches: Stretches
    yards: Yards
    notes: tuple[str, ...] = ()
    #: (b,) the anchors of a point of each block but for those at stations, which come last
    lasting: IntArray | None = None

    @property
    def lasting_anchors(self) -> IntArray:
        """(b,) how many anchors each point has at exits that are there whatever stations stand where."""
        import numpy as np

        if self.lasting is not None:
            return self.lasting
        count: IntArray = np.diff(self.anchors.start)[self.start[:-1]]
        return count

    @property
    def block(self) -> IntArray:
        """(p,) the block of each point."""
        import numpy as np

        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @property
    def exit_block(self) -> IntArray:
        """(x,) the block of each exit."""
        import numpy as np

        return np.repeat(np.arange(len(self.exit_start) - 1), np.diff(self.exit_start))


@dataclass(frozen=True, slots=True)
class Burden:
    """One offer with a capacity: who would come, and what a standard asks for them (nan where none asks).

    Places spread by nearness: where near people have more than they need, far ones may find no room
    although the offer has places enough for all who come. ``people_full`` are those of ``people``;
    ``places_short`` what they would need.
    """

    station: int
    service: int
    places: float
    # who would come: each person shared among the offers in reach by capacity and decay
    people: float
    people_full: float
    places_required: float
    places_short: float
    area_m2: float
    area_required_m2: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """One hub and service: who is served twice by its stations, and whether none of them offers it.

    People are real numbers; ``second_m`` is the weighted median of the walk to the second nearest
    provider, under any hub, for the people whose nearest stands under this one (nan without people,
    inf where there is no second).
    """

    hub: int  # the station at its head
    service: int
    stations: int  # how many of the hub's stations offer it
    people_once: float  # within their limit of exactly one of them
    people_twice: float  # of two or more
    second_m: float


@dataclass(frozen=True, slots=True)
class Inequality:
    """How unevenly the walk to one service is spread over the people of a group.

    ``gini`` is that of the walk to the nearest provider among those who can walk to one;
    ``worst_tenth_m`` the mean walk of the tenth of them who walk farthest; ``people_unreached``
    have no way to any.
    """

    service: int
    group: str  # "people" or the group's column
    people: float
    people_unreached: float
    median_m: float
    worst_tenth_m: float
    gini: float


@dataclass(frozen=True, slots=True, eq=False)
class Week:
    """When each block is served in the week of the moment asked for; b blocks, s services.

    ``strip[b, s, i]`` tells whether the block's verdict would be ``served`` in the i-th half hour
    from Monday 0:00 (as it begins); ``hours`` are exact. ``days`` are the dates with the kind of
    each: "", "holiday" or "workday".
    """

    days: tuple[tuple[str, str], ...]  # 7 × (ISO date, kind)
    strip: BoolArray  # (b, s, 336)
    hours: FloatArray  # (b, s)


@dataclass(frozen=True, slots=True, eq=False)
class CellWorth:
    """Where the people of the matrix's cells live: one row per cell and block, sorted so, that adds to its worth.

    ``worth`` of a cell's rows sums to its unique gain if it is filled, else to its potential.
    """

    station: Int32Array  # (r,)
    service: Int32Array  # (r,)
    block: Int32Array  # (r,)
    worth: FloatArray  # (r,)


@dataclass(frozen=True, slots=True, eq=False)
class ServiceMatrix:
    """Stations by services (definition 13): t stations, s services.

    ``people_in_reach`` counts, for filled and empty cells alike, people whose walk to the station
    is within their own block's limit for the service. ``unique_gain`` (filled cells): people who
    would lose the service if the cell were emptied. ``potential`` (empty cells): people who would
    gain it. Real numbers; nan in the cells to which they do not apply. ``twin`` is, for a filled
    cell whose unique gain is 0 although it reaches people, the station that serves most of them too
    (the lower id on a tie); -1 elsewhere.
    """

    filled: BoolArray  # (t, s)
    people_in_reach: FloatArray  # (t, s)
    unique_gain: FloatArray  # (t, s)
    potential: FloatArray  # (t, s)
    twin: Int32Array  # (t, s)
    weighs_blocks: bool  # True where no block has people: every block counts as 1
    by_block: CellWorth | None = None
