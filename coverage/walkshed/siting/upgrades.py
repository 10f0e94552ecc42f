"""Upgrades under a budget: one choice for every center, new stations beside them, most people served.

For every center that people cannot get up to, exactly one of its choices is made: leave it as it is, re-site it to a
listed room, merge it into a neighbor's ground floor, add an elevator. New stations come from the same budget. Each
choice says which demand rows it serves, with the walkers' floors and limits applied already, so that the model knows
nothing of them: it is ``cover`` with a group for each center (constraint 5 of ``formulations``), a site with one slot
for each room (2), prerequisites (6) and the budget (4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.siting import Goal, Problem, Solution
from walkshed.siting.plans import evaluate
from walkshed.siting.problems import problem
from walkshed.siting.record import Stop
from walkshed.siting.solving import TIME_LIMIT_S, solve


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One thing that can be done: what it costs and which demand rows it then serves.

    ``room``: choices that take the same room exclude each other. ``needs``: names of choices that must be made too (a
    center merged into a neighbor that moves needs that move). What a merged center's residents gain at the neighbor is
    in ``serves`` of the merger, as they are admitted there only then.
    """

    name: str
    cost: float
    serves: IntArray
    room: str | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Everything that may be done. ``weight`` (n,) people by demand row; ``served`` rows that stay served in any case.

    ``centers``: the choices of each, the first being to leave it as it is. ``additions``: new stations, each on its
    own. Names of choices are unique.
    """

    weight: FloatArray
    served: IntArray
    centers: Mapping[str, tuple[Choice, ...]]
    additions: tuple[Choice, ...]
    budget: float


@dataclass(frozen=True, slots=True, eq=False)
class UpgradePlan:
    """What is done: by center the name of its choice, the additions, and the people served before and after."""

    choices: Mapping[str, str]
    additions: tuple[str, ...]
    cost: float
    before: float
    after: float
    bound: float
    solution: Solution


def upgrade_problem(program: Program) -> Problem:
    """Return the program as a ``cover`` problem; options are the choices in order, centers first.

    Raises ``InvalidValueError`` for names that occur twice or are needed but unknown.
    """
    listed = _listed(program)
    names = [choice.name for choice in listed]
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise InvalidValueError(f"choices {twice} occur twice; give each its own name")
    unknown = sorted({name for choice in listed for name in choice.needs} - set(names))
    if unknown:
        raise InvalidValueError(f"choices {unknown} are needed by others but not listed")
    number = {name: option for option, name in enumerate(names)}
    rooms = {room: site for site, room in enumerate(dict.fromkeys(choice.room for choice in listed if choice.room))}
    site, slots = [], [1] * len(rooms)
    for choice in listed:
        site.append(rooms[choice.room] if choice.room else len(slots))
        slots += [] if choice.room else [1]
    people = np.array(program.weight, dtype=np.float64)
    people[program.served] = 0.0  # served in any case: nothing is gained there
    group = [place for place, choices in enumerate(program.centers.values()) for _ in choices]
    serves = [np.unique(choice.serves).astype(np.int64) for choice in listed]
    return problem(
        Goal.COVER,
        weight=people,
        start=np.concatenate([[0], np.cumsum([len(rows) for rows in serves])]),
        demand=np.concatenate([np.empty(0, dtype=np.int64), *serves]),
        option_site=np.array(site, dtype=np.int64),
        option_cost=np.array([choice.cost for choice in listed], dtype=np.float64),
        site_cost=np.zeros(len(slots)),
        site_slots=np.array(slots, dtype=np.int64),
        group=np.array(group + [-1] * len(program.additions), dtype=np.int64),
        prerequisite=[(number[choice.name], number[name]) for choice in listed for name in choice.needs],
        budget=program.budget,
    )


def solve_upgrades(
    program: Program, *, time_limit_s: float = TIME_LIMIT_S, should_stop: Stop | None = None
) -> UpgradePlan:
    """Return the plan that serves most people within the budget.

    A center is left as it is where its choice adds nothing. Raises ``InvalidValueError`` if no plan fits at all.
    """
    made, listed = upgrade_problem(program), _listed(program)
    answer = solve(made, time_limit_s=time_limit_s, should_stop=should_stop)
    if not answer.found:
        facts = "; ".join(reason.text for reason in answer.reasons) or "time ran out before any plan was found"
        raise InvalidValueError(f"no plan for the upgrades: {facts}")
    options = _cheapened(made, answer.options)
    whole = evaluate(made, options)
    always = float(np.asarray(program.weight)[np.unique(program.served)].sum())
    first = np.flatnonzero(np.r_[True, made.group[1:] != made.group[:-1]] & (made.group >= 0))
    chosen = {listed[option].name for option in options}
    return UpgradePlan(
        choices={
            center: next(choice.name for choice in choices if choice.name in chosen)
            for center, choices in program.centers.items()
        },
        additions=tuple(choice.name for choice in program.additions if choice.name in chosen),
        cost=whole.cost,
        before=always + evaluate(made, first).objective,
        after=always + whole.objective,
        bound=always + answer.bound,
        solution=answer,
    )


def rows(values: ArrayLike) -> IntArray:
    """Return demand rows from a list of numbers or a mask."""
    array = np.asarray(values)
    return np.flatnonzero(array) if array.dtype == bool else array.astype(np.int64)


def _listed(program: Program) -> list[Choice]:
    return [choice for choices in program.centers.values() for choice in choices] + list(program.additions)


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
    return bool((used <= made.site_slots).all() and (~chosen[needs[:, 0]] | chosen[needs[:, 1]]).all())
