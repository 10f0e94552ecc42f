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
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.siting import Goal, Problem, Solution, State
from walkshed.siting.plans import evaluate
from walkshed.siting.problems import problem
from walkshed.siting.record import Stop, Tell
from walkshed.siting.solving import TIME_LIMIT_S, solve


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


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """A place where a new station may open, at ``cost``, with at most ``slots`` of ``services``, each at its own cost.

    In a ``room`` it excludes every choice that takes the room. Its services state no room of their
    own.
    """

    name: str
    cost: float
    slots: int
    services: tuple[Choice, ...]
    room: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Everything that may be done. ``weight`` (n,) people by demand row; ``served`` rows that stay served in any case.

    ``centers``: the choices of each, the first being to leave it as it is. ``additions``: new
    stations of settled services, each on its own. ``openings``: those whose services are chosen, at
    most ``new_stations`` of them. Names of choices are unique. ``beside``: people served in any
    case who are in no row.
    """

    weight: FloatArray
    served: IntArray
    centers: Mapping[str, tuple[Choice, ...]]
    additions: tuple[Choice, ...]
    budget: float
    openings: tuple[Opening, ...] = ()
    new_stations: int | None = None
    beside: float = 0.0


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
    """Return the program as a ``cover`` problem; options are the choices in order (``listed_choices``), then rooms.

    Only openings count as new sites. Raises ``InvalidValueError`` for names that occur twice or are
    needed but unknown.
    """
    listed = listed_choices(program)
    number = _numbered(listed)
    opening = {choice.name: each for each in program.openings for choice in each.services}
    taken = dict.fromkeys(choice.room for choice in listed if choice.room)
    contested = [room for room in taken if any(each.room == room for each in program.openings)]
    sites: dict[tuple[str, str], int] = {("room", room): site for site, room in enumerate(taken)}
    slots, costs, states = [1] * len(taken), [0.0] * len(taken), [State.STANDING] * len(taken)
    at = []
    for choice in listed:
        place = opening.get(choice.name)
        key = (
            ("opening", place.name)
            if place
            else ("room", choice.room)
            if choice.room
            else ("own", choice.name)
        )
        if key not in sites:
            sites[key] = len(slots)
            slots.append(1 if place is None else place.slots)
            costs.append(0.0 if place is None else place.cost)
            states.append(State.STANDING if place is None else State.FREE)
        at.append(sites[key])
    for _ in contested:  # (free, taken) of each contested room, at a site of their own
        at += [len(slots)] * 2
        slots.append(2)
        costs.append(0.0)
        states.append(State.STANDING)
    free = {room: len(listed) + 2 * place for place, room in enumerate(contested)}
    needed = [(number[choice.name], number[name]) for choice in listed for name in choice.needs]
    needed += [
        (number[choice.name], free[choice.room] + 1) for choice in listed if choice.room in free
    ]
    for each in program.openings:
        if each.room in free:
            needed += [(number[choice.name], free[each.room]) for choice in each.services]
    people = np.array(program.weight, dtype=np.float64)
    people[program.served] = 0.0  # served in any case: nothing is gained there
    group = [place for place, choices in enumerate(program.centers.values()) for _ in choices]
    group += [-1] * (len(listed) - len(group))
    group += [len(program.centers) + place for place in range(len(contested)) for _ in range(2)]
    shares = [np.ones(len(each.serves)) if each.shares is None else each.shares for each in listed]
    return problem(
        Goal.COVER,
        weight=people,
        start=np.concatenate(
            [[0], np.cumsum([len(each.serves) for each in listed] + [0] * 2 * len(contested))]
        ),
        demand=np.concatenate([np.empty(0, dtype=np.int64), *(each.serves for each in listed)]),
        share=np.concatenate([np.empty(0), *shares]),
        option_site=np.array(at, dtype=np.int64),
        option_cost=np.array(
            [choice.cost for choice in listed] + [0.0] * 2 * len(contested), dtype=np.float64
        ),
        site_cost=np.array(costs, dtype=np.float64),
        site_state=np.array(states),
        site_slots=np.array(slots, dtype=np.int64),
        group=np.array(group, dtype=np.int64),
        prerequisite=needed,
        new_sites=program.new_stations,
        budget=program.budget,
    )


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
    made, listed = upgrade_problem(program), listed_choices(program)
    answer = solve(made, time_limit_s=time_limit_s, gap=gap, should_stop=should_stop, tell=tell)
    if not answer.found:
        facts = (
            "; ".join(reason.text for reason in answer.reasons)
            or "time ran out before any plan was found"
        )
        raise InvalidValueError(f"no plan for the upgrades: {facts}")
    options = _cheapened(made, answer.options)
    whole = evaluate(made, options)
    always = program.beside + float(np.asarray(program.weight)[np.unique(program.served)].sum())
    chosen = {listed[option].name for option in options if option < len(listed)}
    opened = {
        each.name: tuple(choice.name for choice in each.services if choice.name in chosen)
        for each in program.openings
    }
    return UpgradePlan(
        choices={
            center: next(choice.name for choice in choices if choice.name in chosen)
            for center, choices in program.centers.items()
        },
        additions=tuple(choice.name for choice in program.additions if choice.name in chosen),
        opened={name: services for name, services in opened.items() if services},
        cost=whole.cost,
        before=always + evaluate(made, first_options(made)).objective,
        after=always + whole.objective,
        bound=always + answer.bound,
        solution=answer,
    )


def rows(values: ArrayLike) -> IntArray:
    """Return demand rows from a list of numbers or a mask."""
    array = np.asarray(values)
    return np.flatnonzero(array) if array.dtype == bool else array.astype(np.int64)


def listed_choices(program: Program) -> list[Choice]:
    """Return all choices in the order of the problem's options: centers, additions, services of the openings."""
    of_centers = [choice for choices in program.centers.values() for choice in choices]
    return [
        *of_centers,
        *program.additions,
        *(choice for each in program.openings for choice in each.services),
    ]


def _numbered(listed: list[Choice]) -> dict[str, int]:
    """Return the option of each name; an error for names that occur twice or are needed but unknown."""
    names = [choice.name for choice in listed]
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise InvalidValueError(f"choices {twice} occur twice; give each its own name")
    unknown = sorted({name for choice in listed for name in choice.needs} - set(names))
    if unknown:
        raise InvalidValueError(f"choices {unknown} are needed by others but not listed")
    return {name: option for option, name in enumerate(names)}


def first_options(made: Problem) -> IntArray:
    """Return the first option of every group: each center as it is, each room free."""
    _, first = np.unique(made.group, return_index=True)
    return np.sort(first[made.group[first] >= 0]).astype(np.int64)


def _cheapened(made: Problem, options: IntArray) -> IntArray:
    """Return the plan with each center's choice replaced by a cheaper one wherever nothing is lost by it."""
    plan = options
    best = evaluate(made, plan).objective
    for group in np.unique(made.group[made.group >= 0]):
        members = np.flatnonzero(made.group == group)
        current = next(option for option in plan if made.group[option] == group)
        for option in sorted(members, key=lambda member: (made.option_cost[member], member)):
            if option == current or made.option_cost[option] >= made.option_cost[current]:
                break
            trial = np.sort(np.append(plan[plan != current], option))
            if _fits(made, trial) and evaluate(made, trial).objective >= best * (1 - 1e-12):
                plan = trial
                break
    return plan


def _fits(made: Problem, plan: IntArray) -> bool:
    chosen = np.isin(np.arange(len(made.option_site)), plan)
    used = np.bincount(made.option_site[plan], minlength=len(made.site_slots))
    needs = made.prerequisite
    return bool(
        (used <= made.site_slots).all() and (~chosen[needs[:, 0]] | chosen[needs[:, 1]]).all()
    )
