"""What siting is asked for: which services, for whom, and how far that can matter."""

from __future__ import annotations

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.places import Service
from walkshed.model.proposals import SitingSettings
from walkshed.model.results import Results
from walkshed.model.siting import Problem, Room, State
from walkshed.model.walkers import Walker
from walkshed.needs.standards import limit_m, need_for
from walkshed.needs.walkers import crew_of, walker_of


def services_asked(results: Results, settings: SitingSettings) -> tuple[Service, ...]:
    """Return the services to site for, in the study's order."""
    known = {service.id: service for service in results.inputs.services}
    unknown = sorted(set(settings.services) - set(known))
    if unknown:
        raise InvalidValueError(
            f"services {unknown} are none of this study's; write some of {', '.join(known)}"
        )
    needs, kinds = results.inputs.needs, {block.kind for block in results.blocks}
    asked = [
        service
        for service in results.inputs.services
        if (service.id in settings.services if settings.services else service.complete)
        and any(need_for(needs, kind, service) is not None for kind in kinds)
    ]
    if not asked:
        raise InvalidValueError(
            "no service can be sited: none is surveyed ([[services]] complete = true) and has a standard; "
            "declare those complete whose stations are all listed, or name services"
        )
    return tuple(asked)


def judged_walkers(results: Results, settings: SitingSettings) -> tuple[Walker, ...]:
    """Return the walkers asked for, or the study's first; an error for one that the study does not judge."""
    judged = results.answers
    for name in settings.walkers:
        if name not in judged:
            raise InvalidValueError(
                f"walker {name!r} is not judged in this study; write one of {', '.join(judged)}, or add it to "
                "[walk] walkers"
            )
    return tuple(
        walker_of(results.inputs.walkers, name)
        for name in settings.walkers or (results.main.walker,)
    )


def farthest_m(
    results: Results, walkers: tuple[Walker, ...], services: tuple[Service, ...]
) -> float:
    """Return the meters beyond which no station serves anybody with one of the services."""
    everyone = (
        *walkers,
        walker_of(results.inputs.walkers, "adult"),
        crew_of(results.inputs.walkers),
    )
    kinds = {block.kind for block in results.blocks}
    needs = [
        need_for(results.inputs.needs, kind, service) for kind in kinds for service in services
    ]
    return max(
        1.01 * limit_m(need, walker) for need in needs if need is not None for walker in everyone
    )


def check_costs(rooms: tuple[Room, ...]) -> None:
    """Raise for rooms whose cost nobody has stated: under a budget it decides."""
    unknown = [room.id for room in rooms if room.cost is None]
    if unknown:
        named = ", ".join(unknown[:5]) + (
            f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        )
        raise InvalidValueError(
            f"rooms without a cost under a budget: {named}; fill in the column cost (0 where a room costs nothing)"
        )


def check_budget(made: Problem) -> None:
    """Raise where the budget pays for nothing: nobody can gain by what is free to choose and costs so much."""
    if made.budget is None:
        return
    serving = (np.diff(made.start) > 0) & made.allowed & ~made.standing
    first = np.zeros(len(serving), dtype=bool)  # what a group has without a choice
    _, places = np.unique(made.group, return_index=True)
    first[places] = made.group[places] >= 0
    options = np.flatnonzero(serving & ~first)
    opened = np.where(made.site_state == State.FREE, made.site_cost, 0.0)[made.option_site]
    costs = (made.option_cost + opened)[options]
    if len(costs) and costs.min() > made.budget:
        raise InvalidValueError(
            f"a budget of {made.budget:g} pays for nothing: the cheapest that helps anybody costs {costs.min():g}; "
            "raise the budget, or list cheaper rooms"
        )
