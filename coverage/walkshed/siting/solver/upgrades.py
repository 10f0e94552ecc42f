"""Upgrades under a budget: one choice for every center, new stations beside them, most people served.

For every center that people cannot get up to, exactly one of its choices is made: leave it as it
is, re-site it to a listed room, merge it into a neighbor's ground floor, add an elevator. New
stations come from the same budget: an opening is a place where one may stand, with a choice for
each service that it may offer. Each choice says which demand rows it serves, with the walkers'
floors and limits applied already, so that the model knows nothing of them: it is ``cover`` with a
group for each center (constraint 5 of ``formulations``), a site for each opening (1 to 3), a site
with one slot for each room (2), prerequisites (6) and the budget (4). A room that a center may take
and where a station may open has a group of two, free and taken; whoever uses the room needs the one
or the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.messages import Listing, Message
from walkshed.model.plans.siting import Goal, Halls, Problem, Solution, State
from walkshed.siting.solver.plans import evaluate, fits
from walkshed.siting.solver.problems import problem
from walkshed.siting.solver.record import Stop, Tell
from walkshed.siting.solver.solving import TIME_LIMIT_S, solve


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One thing that can be done: what it costs and which demand rows it then serves.

    ``room``: choices that take the same room exclude each other. ``needs``: names of choices that
    must be made too (a center merged into a neighbor that moves needs that move). What a merged
    center's residents gain at the neighbor is in ``serves`` of the merger, as they are admitted
    there only then. ``shares`` of the rows served; None: whole rows.
    """

    name: str
    cost: float
    serves: IntArray
    room: str | None = None
    needs: tuple[str, ...] = ()
    shares: FloatArray | None = None
    hall: str | None = None  # the place whose floor area it takes
    area_m2: float = 0.0  # of it


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """A place where a new station may open, with at most ``slots`` of ``services``.

    It costs ``cost``, and each service its own. In a ``room`` it excludes every choice that takes
    the room. Its services state no room of their own.
    """

    name: str
    cost: float
    slots: int
    services: tuple[Choice, ...]
    room: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Everything that may be done, and for whom.

    ``weight`` (n,) are people by demand row; ``served`` the rows that stay served in any case;
    ``beside`` people served in any case who are in no row. ``centers``: the choices of each, the
    first being to leave it as it is. ``additions``: new stations whose services are fixed, each on
    its own. ``openings``: those whose services are chosen, at most ``new_stations`` of them. Names
    of choices are unique.
    """

    weight: FloatArray
    served: IntArray
    centers: Mapping[str, tuple[Choice, ...]]
    additions: tuple[Choice, ...]
    budget: float
    openings: tuple[Opening, ...] = ()
    new_stations: int | None = None
    beside: float = 0.0
    #: Whether every row stays served to the share to which it is while all centers are left as they are.
    no_losers: bool = False
    #: Names of openings too near each other, of which one at most is used.
    apart: tuple[tuple[str, str], ...] = ()
    #: The floor area that each ``hall`` of choices has for them; others are large enough.
    halls_m2: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class UpgradePlan:
    """What is done, by name, and the people served before and after."""

    choices: Mapping[str, str]  # of each center
    additions: tuple[str, ...]
    opened: Mapping[str, tuple[str, ...]]  # services of each opening that is used
    cost: float
    before: float
    after: float
    bound: float
    solution: Solution


def upgrade_problem(program: Program) -> Problem:
    """Return the program as a ``cover`` problem.

    Options are the choices in order (``listed_choices``), then two for each room that a center may
    take and where a station may open: free, taken. Only openings count as new sites. Raises
    ``InvalidValueError`` for names that occur twice or are needed but unknown.
    """
    listed = listed_choices(program)
    taken = dict.fromkeys(choice.room for choice in listed if choice.room)
    opened = {opening.room for opening in program.openings}
    contested = [room for room in taken if room in opened]
    room_options = 2 * len(contested)

    # what is served in any case gains nothing
    people = np.array(program.weight, dtype=np.float64)
    people[program.served] = 0.0

    # the rows that each option serves; a room serves none
    served = [len(choice.serves) for choice in listed] + [0] * room_options
    shares = [
        np.ones(len(choice.serves)) if choice.shares is None else choice.shares for choice in listed
    ]
    costs = [choice.cost for choice in listed] + [0.0] * room_options

    # one option of each center, and of each contested room
    group = [place for place, choices in enumerate(program.centers.values()) for _ in choices]
    group += [-1] * (len(listed) - len(group))
    group += [len(program.centers) + place for place in range(len(contested)) for _ in range(2)]

    sites = _sites(program, listed, list(taken), len(contested))
    covering = problem(
        Goal.COVER,
        weight=people,
        start=np.concatenate([[0], np.cumsum(served)]),
        demand=np.concatenate([np.empty(0, dtype=np.int64), *(each.serves for each in listed)]),
        share=np.concatenate([np.empty(0), *shares]),
        option_site=np.array(sites.of_option, dtype=np.int64),
        option_cost=np.array(costs, dtype=np.float64),
        site_cost=np.array(sites.cost, dtype=np.float64),
        site_state=np.array(sites.state),
        site_slots=np.array(sites.slots, dtype=np.int64),
        group=np.array(group, dtype=np.int64),
        prerequisite=_prerequisites(program, listed, contested),
        new_sites=program.new_stations,
        budget=program.budget,
        apart=_pairs_apart(program, sites) or None,
    )
    covering = replace(covering, halls=_halls(program, listed, room_options))
    if not program.no_losers:
        return covering

    # what each row has while all centers are left as they are
    today = evaluate(covering, first_options(covering)).served.copy()
    today[program.served] = 0.0
    return replace(covering, least=today)


def _pairs_apart(program: Program, sites: _Sites) -> list[tuple[int, int]]:
    """Return the sites of openings too near each other, those with services alone."""
    number = sites.of_opening
    return [
        (number[one], number[other])
        for one, other in program.apart
        if one in number and other in number
    ]


def _halls(program: Program, listed: list[Choice], room_options: int) -> Halls | None:
    """Return the places whose area is known, None without any."""
    if not program.halls_m2:
        return None
    number = {hall: place for place, hall in enumerate(program.halls_m2)}
    places = [number.get(choice.hall or "", -1) for choice in listed] + [-1] * room_options
    areas_m2 = [choice.area_m2 for choice in listed] + [0.0] * room_options
    return Halls(
        np.array(places, dtype=np.int64),
        np.array(areas_m2, dtype=np.float64),
        np.array(list(program.halls_m2.values()), dtype=np.float64),
    )


@dataclass(slots=True)
class _Sites:
    """Sites as they are collected, and the site of each option."""

    slots: list[int] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    state: list[State] = field(default_factory=list)
    of_option: list[int] = field(default_factory=list)
    of_opening: dict[str, int] = field(default_factory=dict)

    def add(self, slots: int, *, cost: float = 0.0, state: State = State.STANDING) -> int:
        """Add a site and return its number."""
        self.slots.append(slots)
        self.cost.append(cost)
        self.state.append(state)
        return len(self.slots) - 1


def _sites(program: Program, listed: list[Choice], rooms: list[str], contested: int) -> _Sites:
    """Return the sites: a room that choices take, an opening, else a site for the choice alone."""
    sites = _Sites()
    numbers = {("room", room): sites.add(1) for room in rooms}

    opening_of = {
        choice.name: opening for opening in program.openings for choice in opening.services
    }
    for choice in listed:
        opening = opening_of.get(choice.name)
        if opening is not None:
            key = ("opening", opening.name)
            if key not in numbers:
                numbers[key] = sites.add(opening.slots, cost=opening.cost, state=State.FREE)
                sites.of_opening[opening.name] = numbers[key]
        elif choice.room:
            key = ("room", choice.room)
        else:
            key = ("own", choice.name)
            numbers[key] = sites.add(1)
        sites.of_option.append(numbers[key])

    # free and taken, of each contested room
    for _ in range(contested):
        sites.of_option += [sites.add(2)] * 2
    return sites


def _prerequisites(
    program: Program, listed: list[Choice], contested: list[str]
) -> list[tuple[int, int]]:
    """Return pairs of options, the first of which needs the second."""
    number = _numbered(listed)
    needed = [(number[choice.name], number[name]) for choice in listed for name in choice.needs]

    # a choice needs its room taken by it, an opening needs it free
    free = {room: len(listed) + 2 * place for place, room in enumerate(contested)}
    needed += [
        (number[choice.name], free[choice.room] + 1) for choice in listed if choice.room in free
    ]
    for opening in program.openings:
        if opening.room in free:
            needed += [(number[choice.name], free[opening.room]) for choice in opening.services]
    return needed


def solve_upgrades(
    program: Program,
    *,
    time_limit_s: float = TIME_LIMIT_S,
    gap: float = 0.0,
    should_stop: Stop | None = None,
    tell: Tell | None = None,
) -> UpgradePlan:
    """Return the plan that serves most people within the budget.

    A center is left as it is where its choice adds nothing. Raises ``InvalidValueError`` if no plan
    fits at all.
    """
    covering = upgrade_problem(program)
    begin = first_options(covering)
    left = np.array([choices[0].cost for choices in program.centers.values()])
    solution = solve(
        covering,
        time_limit_s=time_limit_s,
        gap=gap,
        should_stop=should_stop,
        tell=tell,
        begin=begin if not left.any() else None,
    )
    if not solution.found:
        if not solution.reasons:
            raise InvalidValueError(
                Message("no plan for the upgrades: time ran out before any plan was found")
            )
        facts = Listing((reason.text for reason in solution.reasons), mark="; ")
        raise InvalidValueError(Message("no plan for the upgrades: {facts}", facts=facts))

    # what the plan serves, beside those who are served in any case
    options = _cheapened(covering, solution.options)
    plan = evaluate(covering, options)
    always = program.beside + float(np.asarray(program.weight)[np.unique(program.served)].sum())

    # the same by name
    listed = listed_choices(program)
    chosen = {listed[option].name for option in options if option < len(listed)}
    opened = {
        opening.name: tuple(choice.name for choice in opening.services if choice.name in chosen)
        for opening in program.openings
    }
    return UpgradePlan(
        choices={
            center: next(choice.name for choice in choices if choice.name in chosen)
            for center, choices in program.centers.items()
        },
        additions=tuple(choice.name for choice in program.additions if choice.name in chosen),
        opened={name: services for name, services in opened.items() if services},
        cost=plan.cost,
        before=always + evaluate(covering, first_options(covering)).objective,
        after=always + plan.objective,
        bound=always + solution.bound,
        solution=solution,
    )


def rows(values: ArrayLike) -> IntArray:
    """Return demand rows from a list of numbers or a mask."""
    array = np.asarray(values)
    return np.flatnonzero(array) if array.dtype == bool else array.astype(np.int64)


def listed_choices(program: Program) -> list[Choice]:
    """Return all choices in the order of the problem's options: centers, additions, openings."""
    of_centers = [choice for choices in program.centers.values() for choice in choices]
    return [
        *of_centers,
        *program.additions,
        *(choice for each in program.openings for choice in each.services),
    ]


def _numbered(listed: list[Choice]) -> dict[str, int]:
    """Return the option of each name.

    Raises ``InvalidValueError`` for names that occur twice or are needed but unknown.
    """
    names = [choice.name for choice in listed]
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise InvalidValueError(
            Message("choices {twice} occur twice; give each its own name", twice=twice)
        )

    unknown = sorted({name for choice in listed for name in choice.needs} - set(names))
    if unknown:
        raise InvalidValueError(
            Message("choices {unknown} are needed by others but not listed", unknown=unknown)
        )

    return {name: option for option, name in enumerate(names)}


def first_options(covering: Problem) -> IntArray:
    """Return the first option of every group: each center as it is, each room free."""
    _, first = np.unique(covering.group, return_index=True)
    return np.sort(first[covering.group[first] >= 0]).astype(np.int64)


def _cheapened(covering: Problem, options: IntArray) -> IntArray:
    """Return the plan with each center's choice replaced by a cheaper one that loses nothing."""
    plan = options
    cost = covering.option_cost
    best = evaluate(covering, plan).objective
    for group in np.unique(covering.group[covering.group >= 0]):
        members = np.flatnonzero(covering.group == group)
        current = next(option for option in plan if covering.group[option] == group)

        # from the cheapest on, until one is as dear as the current choice
        for option in sorted(members, key=lambda member: (cost[member], member)):
            if option == current or cost[option] >= cost[current]:
                break
            trial = np.sort(np.append(plan[plan != current], option))
            if not fits(covering, trial):
                continue
            if evaluate(covering, trial).objective >= best * (1 - 1e-12):
                plan = trial
                break
    return plan
