"""The goals of siting, an object each: the problem that it makes, and what a plan for it comes to.

Most people served (MCLP), nobody left out (LSCP), least walking (p-median), least worst walk
(p-center). They choose among the same places and services. A new goal is an option in
``walkshed.model.plans.goals``, an object here, and its words in ``walkshed.words.proposals``.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, read_only
from walkshed.model.messages import Listing, Message
from walkshed.model.plans.goals import SitingGoal
from walkshed.model.plans.proposals import SitePlan, SitingSettings
from walkshed.model.plans.siting import Goal, Problem, State
from walkshed.model.results import Results
from walkshed.model.town.places import Mode, Service
from walkshed.siting.planning.describing import mode_of
from walkshed.siting.planning.walking import Asked, walking
from walkshed.siting.planning.wishes import check_budget

#: Every candidate is joined to everybody: fewer positions than for coverage.
WALKING_SPACING_M = 250.0


@dataclass(frozen=True, slots=True, eq=False)
class Aimed:
    """The problem of a goal; ``before`` is what its measure comes to today, nan for one without."""

    problem: Problem
    before: float = math.nan


class Aim(ABC):
    """A goal of siting."""

    #: Whether a plan has to serve everybody, and so needs neither a number of stations nor a budget.
    serves_all = False
    #: Whether 1, 2, … stations each gain something that can be drawn as a curve.
    has_curve = False

    def services(
        self,
        results: Results,  # noqa: ARG002 (other goals ask it)
        services: tuple[Service, ...],
        settings: SitingSettings,  # noqa: ARG002
    ) -> tuple[Service, ...]:
        """Return the services that the goal is about."""
        return services

    def settings(self, settings: SitingSettings) -> SitingSettings:
        """Return the settings with what the goal wishes where the planner says nothing."""
        return settings

    @abstractmethod
    def problem(self, asked: Asked) -> Aimed:
        """Return the problem to solve; raises ``InvalidValueError`` where there is none."""

    def completed(self, plan: SitePlan, aimed: Aimed, most: float) -> SitePlan:  # noqa: ARG002
        """Return the plan with what it is worth by this goal; nobody can serve more than ``most``."""
        return replace(plan, bound=most)


class Coverage(Aim):
    """Most people within the limits, each counted with the weight of the need."""

    has_curve = True

    def problem(self, asked: Asked) -> Aimed:
        """Return the problem as it is made."""
        check_budget(asked.coverage)
        return Aimed(asked.coverage)

    def completed(self, plan: SitePlan, aimed: Aimed, most: float) -> SitePlan:  # noqa: ARG002
        """Return the plan, whose bound is the solver's."""
        return plan


class Everybody(Aim):
    """Nobody whom a candidate can serve beyond the limits: at the least cost, else with fewest sites."""

    serves_all = True

    def problem(self, asked: Asked) -> Aimed:
        """Return the problem of serving everybody whom a candidate can reach."""
        made = asked.coverage
        if made.partial:
            raise InvalidValueError(
                "goal = 'all' counts no capacity; leave out station_capacity and capacity, "
                "or write goal = 'coverage'"
            )
        free = (made.site_state == State.FREE).astype(np.float64)
        priced = bool(made.site_cost.any() or made.option_cost.any())
        whole = replace(
            made,
            goal=Goal.COVER_ALL,
            site_cost=made.site_cost if priced else read_only(free, np.float64),
            leave_out_unreachable=True,
        )
        return Aimed(whole)


class Walks(Aim):
    """Shorter walks for all who need a service, however far they are from it."""

    objective: Goal

    def services(
        self, results: Results, services: tuple[Service, ...], settings: SitingSettings
    ) -> tuple[Service, ...]:
        """Return the services to which people walk; an error where none is left, or one asked for comes to the door."""
        walked = tuple(each for each in services if mode_of(results, each.id) is Mode.VISIT)
        brought = [service.id for service in services if service not in walked]
        if not walked or (settings.services and brought):
            named = Listing(brought)
            raise InvalidValueError(
                Message(
                    "goal = '{goal}' is about walks, but {named} come to the door",
                    goal=settings.goal,
                    named=named,
                )
            )
        return walked

    def settings(self, settings: SitingSettings) -> SitingSettings:
        """Return the settings with fewer positions."""
        return replace(settings, spacing_m=settings.spacing_m or WALKING_SPACING_M)

    def problem(self, asked: Asked) -> Aimed:
        """Return the problem of walks, and the walk of today."""
        walks = walking(asked, self.objective)
        return Aimed(walks.problem, self.summed(walks.today_m, walks.weight))

    def completed(self, plan: SitePlan, aimed: Aimed, most: float) -> SitePlan:
        """Return the plan with the walk before, after, and what no plan can undercut."""
        after, least = (
            self.meters(aimed.problem, value)
            for value in (plan.solution.objective, plan.solution.bound)
        )
        return replace(plan, bound=most, problem=aimed.problem, walk_m=(aimed.before, after, least))

    @abstractmethod
    def summed(self, meters: FloatArray, weight: FloatArray) -> float:
        """Return what walks of (n,) meters come to for (n,) people."""

    @abstractmethod
    def meters(self, made: Problem, value: float) -> float:
        """Return the meters of an objective or a bound."""


class MeanWalk(Walks):
    """The least mean walk of those who can walk at all."""

    objective = Goal.MEDIAN

    def summed(self, meters: FloatArray, weight: FloatArray) -> float:
        """Return the mean walk."""
        return float((meters * weight).sum() / weight.sum()) if weight.sum() else 0.0

    def meters(self, made: Problem, value: float) -> float:
        """Return an objective, which sums meters over people, per person."""
        reached = np.delete(made.weight, made.unreachable).sum()
        return value / float(reached) if reached else 0.0


class LongestWalk(Walks):
    """The least walk of whoever walks farthest."""

    objective = Goal.CENTER

    def summed(self, meters: FloatArray, weight: FloatArray) -> float:  # noqa: ARG002
        """Return the longest walk."""
        return float(meters.max(initial=0.0))

    def meters(self, made: Problem, value: float) -> float:  # noqa: ARG002
        """Return an objective, which is a walk already."""
        return value


_AIMS: Mapping[SitingGoal, Aim] = {
    "coverage": Coverage(),
    "all": Everybody(),
    "distance": MeanWalk(),
    "worst": LongestWalk(),
}


def aim_of(goal: SitingGoal) -> Aim:
    """Return what a goal means; raise ``InvalidValueError`` for a word that names none."""
    if goal not in _AIMS:
        raise InvalidValueError(
            Message(
                "goal = {goal!r}: is not a valid goal; write one of {goals}",
                goal=goal,
                goals=Listing(_AIMS),
            )
        )
    return _AIMS[goal]
