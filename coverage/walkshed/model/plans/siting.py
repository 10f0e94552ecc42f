"""Where stations may stand, under which conditions, and the plans that the solver finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from shapely.geometry.base import BaseGeometry

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, read_only


class Goal(StrEnum):
    """What is sought; the names of the literature in brackets."""

    # most weight within reach, of what the new sites, services and budget allow (MCLP)
    COVER = "cover"
    COVER_ALL = "cover_all"  # all demand within reach, at the least cost (LSCP)
    MEDIAN = "median"  # least weighted distance to the nearest station (p-median)
    CENTER = "center"  # least distance of those who are worst off (p-center)


class State(IntEnum):
    """What is settled about a site or an option before solving."""

    FREE = 0
    STANDING = 1  # exists already: costs nothing, does not count as new
    REQUIRED = 2  # must be chosen; costs and counts
    FORBIDDEN = 3


class Status(StrEnum):
    """How far a solution is proven."""

    OPTIMAL = "optimal"  # proven
    # the time limit came first; ``gap`` says how far from the optimum it can be
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"  # proven; ``reasons`` say why
    # stopped by the caller, or out of time before any plan; the best plan so far
    INTERRUPTED = "interrupted"


class Obstacle(StrEnum):
    """Why a problem has no solution."""

    UNREACHABLE = "unreachable"  # no site at all reaches the demand
    FORBIDDEN = "forbidden"  # only forbidden sites or options reach it
    LIMITS = "limits"  # no plan within the new sites, budget, slots and capacities serves all
    # what is required exceeds the budget or the number of new sites by itself
    REQUIRED = "required"
    CHOICES = "choices"  # groups and prerequisites contradict each other or the budget


@dataclass(frozen=True, slots=True, eq=False)
class Halls:
    """h places whose floor area the chosen options share; q options."""

    of_option: IntArray  # (q,) -1: takes nobody's area
    area_m2: FloatArray  # (q,) that the option takes
    holds_m2: FloatArray  # (h,)

    def taken_m2(self, chosen: BoolArray) -> FloatArray:
        """Return (h,) what the ``chosen`` (q,) options take of each place."""
        taking = chosen & (self.of_option >= 0)
        places = len(self.holds_m2)
        taken_m2 = np.bincount(self.of_option[taking], self.area_m2[taking], minlength=places)
        return taken_m2.astype(np.float64)

    def hold(self, chosen: BoolArray) -> bool:
        """Return whether every place holds what the ``chosen`` (q,) options take of it."""
        return bool((self.taken_m2(chosen) <= self.holds_m2 + 1e-9).all())


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A siting problem: n demand rows, m sites, q options, and r reachable pairs of option and demand.

    An *option* is one service at one site (a plain problem has one option per site). It serves the
    demand rows ``demand[start[o]:start[o + 1]]`` (ascending) at ``distance_m`` of walking; pairs
    beyond their limit are left out, so that a stored pair means *within reach*. Demand of several
    services is told apart by rows: one for each point and service.

    A site is *open* if it stands, is required, or one of its options is chosen. Opening a free site
    costs ``site_cost`` and counts towards ``new_sites``; choosing an option costs ``option_cost``.
    At most ``site_slots`` new options fit into a site. An option serves at most ``option_capacity``
    of weight; the weight of one row may be split between options. Where there is not room for all,
    a pair serves a ``share`` of its row only (cover only): the shares of the chosen options add up,
    to the whole row at most. Of the options of one group (``group`` ≥ 0) exactly one is chosen;
    ``prerequisite`` lists pairs (a, b): option a only with option b.

    Rows that nothing can reach (``unreachable``) count as not served; where all demand has to be
    served they make the problem infeasible, unless ``leave_out_unreachable``.
    """

    goal: Goal
    weight: FloatArray  # (n,) people, or another worth; ≥ 0
    start: IntArray  # (q + 1,)
    demand: Int32Array  # (r,)
    distance_m: FloatArray  # (r,)
    share: FloatArray  # (r,) of the row that the pair serves, above 0; 1: all of it
    option_site: Int32Array  # (q,)
    option_cost: FloatArray  # (q,)
    option_capacity: FloatArray  # (q,) inf: no limit
    option_state: Int32Array  # (q,) of State
    site_cost: FloatArray  # (m,)
    site_state: Int32Array  # (m,) of State
    site_slots: IntArray  # (m,)
    group: Int32Array  # (q,) -1: in no group
    prerequisite: IntArray  # (k, 2)
    new_sites: int | None  # None: no limit
    budget: float | None  # None: no limit
    leave_out_unreachable: bool = False
    #: (n,) the share of each row that a plan has to serve, whatever the goal; None: of none
    least: FloatArray | None = None
    #: Which options take floor area of one place; None: none is held to any
    halls: Halls | None = None
    #: Whether shares do not add up: each row is served by the option that gives it most.
    single_source: bool = False
    #: (k, 2) pairs of sites too near each other, of which a plan opens one at most (beside what
    #: stands); None: none
    apart: IntArray | None = None

    @property
    def allowed(self) -> BoolArray:
        """(q,) True for options that may be chosen or stand, at sites that are not forbidden."""
        closed = self.site_state[self.option_site] == State.FORBIDDEN
        return np.asarray((self.option_state != State.FORBIDDEN) & ~closed, dtype=bool)

    @property
    def standing(self) -> BoolArray:
        """(q,) True for options that are offered already."""
        return np.asarray(self.option_state == State.STANDING)

    @property
    def option_of_pair(self) -> IntArray:
        """(r,) the option of each stored pair."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @property
    def unreachable(self) -> IntArray:
        """The demand rows that no allowed option reaches, ascending."""
        reached = np.zeros(len(self.weight), dtype=bool)
        reached[self.demand[self.allowed[self.option_of_pair]]] = True
        return np.flatnonzero(~reached)

    @property
    def capacitated(self) -> bool:
        """Whether an allowed option has a capacity."""
        return bool(np.isfinite(self.option_capacity[self.allowed]).any())

    @property
    def partial(self) -> bool:
        """Whether a pair serves less than its whole row."""
        return bool((self.share < 1.0).any())


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a problem has no solution: what stands in the way, for which demand row.

    Row -1: for none in particular.
    """

    obstacle: Obstacle
    demand: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """The best plan for a problem, and how good it is.

    ``objective`` and ``bound`` are in the goal's unit: weight served (cover), cost (cover all),
    weight times meters (median), meters (center). No plan can be better than ``bound``; ``gap`` =
    |bound - objective| / |objective|. Without a plan (``found`` is False) sites are empty and
    ``objective`` is nan. ``flow_demand``, ``flow_option``, ``flow_share`` say which option serves
    what share of each row's weight, sorted by row: one option per row, the nearest (the lower
    option on a tie), except under capacities.
    """

    status: Status
    goal: Goal
    sites: IntArray  # newly opened, ascending; standing ones are not in it
    options: IntArray  # newly chosen, ascending
    objective: float
    bound: float
    gap: float
    cost: float  # of the new sites and options
    served: FloatArray  # (n,) share of each row's weight that is served
    flow_demand: Int32Array
    flow_option: Int32Array
    flow_share: FloatArray
    unreachable: IntArray  # demand rows that no allowed option reaches
    reasons: tuple[Reason, ...]
    seconds: float
    solver: str  # what found and proved it: "search", "mip", "search + mip", "presolve"
    notes: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Whether there is a plan."""
        return bool(np.isfinite(self.objective))

    @property
    def server(self) -> Int32Array:
        """(n,) the option that serves most of each row, -1 where none does."""
        best = np.full(len(self.served), -1, dtype=np.int32)
        order = np.lexsort((-self.flow_option, self.flow_share))
        best[self.flow_demand[order]] = self.flow_option[order]
        return best


@dataclass(frozen=True, slots=True, eq=False)
class GainCurve:
    """What each further new site adds: one solution for each number of new sites.

    ``served`` is the objective with 0, 1, … new sites, ``bound`` its bound, ``gain`` the difference
    to one less.
    """

    new_sites: IntArray  # (k + 1,)
    served: FloatArray  # (k + 1,)
    bound: FloatArray  # (k + 1,)
    gain: FloatArray  # (k + 1,), 0 first
    solutions: tuple[Solution, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """A room that a planner lists: where it is, how large, on which floor, at what cost, and how it can be had."""

    id: str
    name: str
    lon: float
    lat: float
    area_m2: float | None = None
    floor: int | None = None  # 1: ground floor
    elevator: bool | None = None
    cost: float | None = None  # None: not stated
    capacity: float | None = None  # places for people at one time; None: unknown, never full
    # 划拨 allocation, 置换 swap, 租赁 lease, 联建 joint building, or the planner's own word
    obtained: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """Ground that a planner draws, in WGS84 degrees: where no station shall stand, or nowhere else."""

    name: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """c places where a station may stand."""

    id: tuple[str, ...]
    name: tuple[str, ...]  # of the street, feature or room; "" where it has none
    kind: tuple[str, ...]  # "street", "feature", "room"
    xy: FloatArray  # (c, 2) plane
    rooms: tuple[Room, ...] | None  # one for each, where a table of rooms is the source

    def beside(self, other: Candidates) -> Candidates:
        """Return these candidates, then others, none of them listed rooms."""
        xy = np.concatenate([self.xy, other.xy])
        return Candidates(
            (*self.id, *other.id),
            (*self.name, *other.name),
            (*self.kind, *other.kind),
            read_only(xy, np.float64),
            None,
        )

    def take(self, rows: IntArray) -> Candidates:
        """Return some of the candidates, in the order of ``rows``."""
        kept = rows.tolist()
        return Candidates(
            tuple(self.id[row] for row in kept),
            tuple(self.name[row] for row in kept),
            tuple(self.kind[row] for row in kept),
            self.xy[rows],
            None if self.rooms is None else tuple(self.rooms[row] for row in kept),
        )
