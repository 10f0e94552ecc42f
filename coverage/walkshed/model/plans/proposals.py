"""Where the next stations should stand: what a planner asks for, and what is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from shapely.geometry.base import BaseGeometry

from walkshed.model.judged.verdicts import Doubt
from walkshed.model.plans.goals import SitingGoal
from walkshed.model.plans.siting import GainCurve, Goal, Problem, Room, Solution
from walkshed.model.town.places import Offer, Station

CandidateSource = Literal["auto", "streets", "rooms"]
#: What those count for whose verdict is to be checked: nothing in the plan, or as much as others.
InDoubt = Literal["apart", "weigh"]


@dataclass(frozen=True, slots=True)
class SitingSettings:
    """What ``[siting]`` of study.toml says, checked.

    ``candidates``: ``auto`` (positions along the streets, and mapped public buildings), ``streets``
    or ``rooms`` (those listed). ``spacing_m`` None: 100 m, more where that makes too many.
    ``services`` () and ``walkers`` () mean every surveyed service and the study's first walker. A
    site has at most ``services_per_site`` new services (None: all that are sited), a room of known
    area no more than one per ``service_m2``; each standing station may take on ``add_services`` more. Costs are in the
    planner's own unit; ``station_cost`` is that of a new station whose candidate is no listed room.
    """

    new: int | None = None
    goal: SitingGoal = "coverage"
    candidates: CandidateSource = "auto"
    rooms: tuple[Room, ...] = ()
    spacing_m: float | None = None
    # straight, between new stations, and from those that stand with the same service for everybody
    apart_m: float = 0.0
    services: tuple[str, ...] = ()
    services_per_site: int | None = None  # None: all of them
    service_m2: float = 30.0
    add_services: int = 0
    station_cost: float = 0.0
    service_cost: float = 0.0
    # places of each service at a new station; None: unknown, never full
    station_capacity: float | None = None
    elevator_cost: float | None = None  # of a center's elevator; None: none may be built
    merge_cost: float | None = None  # of moving a center into another's rooms; None: none may
    budget: float | None = None
    walkers: tuple[str, ...] = ()
    no_losers: bool = True  # upgrades: whoever is served today stays served
    single_source: bool = False  # a block counts what one new station gives it, of each service
    doubt: InDoubt = "apart"
    # outlines in WGS84 degrees: no station stands in the first, none outside of the second
    not_in: BaseGeometry | None = None
    only_in: BaseGeometry | None = None


class Hindrance(StrEnum):
    """Why no candidate at all can bring a service to a block."""

    OFF_NETWORK = "off_network"  # its residents come out on no street
    NO_CANDIDATE = "no_candidate"  # nowhere within its limit may a station stand
    NOT_ACCESSIBLE = "not_accessible"  # within an adult's limit, but not for this walker


@dataclass(frozen=True, slots=True)
class Unreachable:
    """People of one block whom no candidate can bring a service: how many (or how much of the block), and why.

    ``doubt`` says why their verdict is to be checked, where it is.
    """

    block: int
    service: str
    walker: str
    worth: float
    hindrance: Hindrance
    doubt: Doubt = Doubt.NONE


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A station to open, or (``extends``) a change to one that stands.

    ``action`` is ``new_station``, ``add_services``, ``elevator``, ``room`` (the center moves into
    ``room``) or ``merge`` (into the rooms of the station ``target``); ``station`` is what stands
    then, ``services`` all that it begins to offer, or that moves with it.

    ``gain`` is what it adds to the proposals of lower rank: people (or blocks) counted once for
    each service gained, times the weight of their need; its parts likewise. ``people_by_service``
    are the people without weights. ``gain_by_block`` names those who gain, most first;
    ``within_reach`` all blocks that it can serve at all.
    """

    rank: int
    station: Station
    extends: bool
    services: tuple[str, ...]
    streets: tuple[str, ...]  # names of the streets it stands at
    community: str
    kind: str  # "street", "feature", "room", "station"
    room: Room | None
    cost: float
    gain: float
    gain_by_service: Mapping[str, float]
    gain_by_kind: Mapping[str, float]
    gain_by_block: tuple[tuple[int, float], ...]
    within_reach: tuple[int, ...]
    people_by_service: Mapping[str, float] = field(default_factory=dict)
    action: str = "new_station"
    target: str = ""
    loss: float = 0.0  # what the plan would lose without it

    @property
    def people(self) -> float:
        """People (or blocks) who gain, once for each service, whatever their needs weigh."""
        return sum(self.people_by_service.values())


@dataclass(frozen=True, slots=True, eq=False)
class TooDear:
    """What the budget just does not pay for beside the plan, and how much money lacks."""

    proposal: Proposal
    short: float


@dataclass(frozen=True, slots=True, eq=False)
class WithoutRule:
    """The best plan of upgrades where some may lose what they have: what it serves, and who loses."""

    after: float  # as in ``SitePlan``
    lost: Mapping[str, float]  # people (or blocks) by walker, once for each service; those who lose


@dataclass(frozen=True, slots=True, eq=False)
class SitePlan:
    """The proposals for a study, by rank, and how good they are.

    ``before``, ``after`` and ``bound`` count people (or blocks, where no people are known:
    ``weighs_blocks``) once for each of ``services``, times the weight of the need; with several
    walkers, on average over them. ``after`` - ``before`` is what a run with ``stations`` and
    ``offers`` added gains; no choice among the ``candidates`` can bring more than ``bound``.
    """

    settings: SitingSettings
    proposals: tuple[Proposal, ...]
    services: tuple[str, ...]
    walkers: tuple[str, ...]
    weighs_blocks: bool
    before: float
    after: float
    bound: float
    total: float
    candidates: int
    spacing_m: float | None
    unreachable: tuple[Unreachable, ...]
    curve: GainCurve | None
    solution: Solution
    problem: Problem
    stations: tuple[Station, ...]  # new
    offers: tuple[Offer, ...]  # new, of new and standing stations
    notes: tuple[str, ...]
    #: Some best plan of all places on the streets is among the candidates.
    everywhere: bool = False
    weighs_needs: bool = False  # some need weighs other than 1
    #: Where the goal is walks: the mean or longest before, after, and what no plan can undercut.
    #: ``solution`` and ``problem`` are then about walks, and ``bound`` is everybody who can gain.
    walk_m: tuple[float, float, float] | None = None
    #: Where nobody may lose what they have: the price of that; None without the rule.
    without_rule: WithoutRule | None = None
    #: The next act; None without a budget, and where none would add anything.
    too_dear: TooDear | None = None

    @property
    def people_gain(self) -> float:
        """People (or blocks) who gain, once for each service, whatever their needs weigh."""
        return sum(proposal.people for proposal in self.proposals)

    @property
    def gain(self) -> float:
        """What the plan adds."""
        return self.after - self.before

    @property
    def gap(self) -> float:
        """How much more the best plan could add, as a share of the gain (or of another goal's sum)."""
        if self.solution.goal is not Goal.COVER:
            return self.solution.gap

        more = max(0.0, self.bound - self.after)
        if self.gain > 0:
            return more / self.gain
        return 0.0 if more < 1e-9 else float("inf")
