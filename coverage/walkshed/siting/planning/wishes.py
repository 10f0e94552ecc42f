"""What siting is asked for: which services, for whom, and how far that can matter."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.inputs.faults import did_you_mean
from walkshed.model.arrays import BoolArray
from walkshed.model.messages import Listing, Message
from walkshed.model.plans.proposals import SitingSettings
from walkshed.model.plans.siting import Problem, Room, State
from walkshed.model.results import Results
from walkshed.model.town.places import Service
from walkshed.model.town.walkers import Walker
from walkshed.needs.measures.effects import doubted
from walkshed.needs.rules.standards import limit_m, need_for
from walkshed.needs.rules.walkers import crew_of, walker_of


def services_asked(results: Results, settings: SitingSettings) -> tuple[Service, ...]:
    """Return the services to site for, in the study's order.

    Those that a station's room cannot hold (``site = false``) only where they are named.
    """
    known = {service.id: service for service in results.inputs.services}
    unknown = sorted(set(settings.services) - set(known))
    if unknown:
        raise InvalidValueError(
            Message(
                "services {unknown} are none of this study's; {cure}",
                unknown=unknown,
                cure=_cure(unknown[0], known),
            )
        )

    # those named, or else all that are surveyed and that a station can hold
    if settings.services:
        wanted = [service for service in known.values() if service.id in settings.services]
    else:
        wanted = [service for service in known.values() if service.complete and service.site]

    # of these, those that some kind of block has a standard for
    needs = results.inputs.needs
    kinds = {block.kind for block in results.blocks}
    services = tuple(
        service
        for service in wanted
        if any(need_for(needs, kind, service) is not None for kind in kinds)
    )
    if not services:
        raise InvalidValueError(
            "no service can be sited: none is surveyed ([[services]] complete = true) and has a "
            "standard; declare those complete whose stations are all listed, or name services"
        )
    return services


def _cure(word: str, known: Iterable[str]) -> str:
    """Return the known word that is meant, or else all of them."""
    words = list(known)
    return did_you_mean(
        word, words, otherwise=Message("write some of {known}", known=Listing(words))
    )


def judged_walkers(results: Results, settings: SitingSettings) -> tuple[Walker, ...]:
    """Return the walkers asked for, or the study's first.

    Raises ``InvalidValueError`` for a walker that the study does not judge.
    """
    judged = results.answers
    for name in settings.walkers:
        if name not in judged:
            raise InvalidValueError(
                Message(
                    "walker {name!r} is not judged in this study; add it to [walk] walkers; {cure}",
                    name=name,
                    cure=_cure(name, judged),
                )
            )

    names = settings.walkers or (results.main.walker,)
    return tuple(walker_of(results.inputs.walkers, name) for name in names)


def left_apart(
    results: Results,
    settings: SitingSettings,
    walkers: tuple[Walker, ...],
    services: tuple[Service, ...],
) -> BoolArray | None:
    """Return (w, s, b) whose people a plan leaves out, as their verdict is to be checked; None for nobody."""
    if settings.doubt == "weigh":
        return None
    return doubted(
        results,
        tuple(walker.id for walker in walkers),
        tuple(service.id for service in services),
    )


def farthest_m(
    results: Results, walkers: tuple[Walker, ...], services: tuple[Service, ...]
) -> float:
    """Return the meters beyond which no station serves anybody with one of the services."""
    inputs = results.inputs
    everyone = (*walkers, walker_of(inputs.walkers, "adult"), crew_of(inputs.walkers))

    kinds = {block.kind for block in results.blocks}
    needs = [need_for(inputs.needs, kind, service) for kind in kinds for service in services]
    return max(
        1.01 * limit_m(need, walker) for need in needs if need is not None for walker in everyone
    )


def check_costs(rooms: tuple[Room, ...]) -> None:
    """Raise ``InvalidValueError`` for rooms without a stated cost: under a budget it decides."""
    unknown = [room.id for room in rooms if room.cost is None]
    if unknown:
        named: Message = Listing(unknown[:5])
        if len(unknown) > 5:
            named = Message("{names} and {count} more", names=named, count=len(unknown) - 5)
        raise InvalidValueError(
            Message(
                "rooms without a cost under a budget: {named}; fill in the column cost (0 where a "
                "room costs nothing)",
                named=named,
            )
        )


def check_budget(problem: Problem) -> None:
    """Raise ``InvalidValueError`` where the budget pays for no option that serves anybody."""
    if problem.budget is None:
        return

    # the first of each group is what there is without a choice, and costs nothing
    first = np.zeros(len(problem.group), dtype=bool)
    _, places = np.unique(problem.group, return_index=True)
    first[places] = problem.group[places] >= 0
    serving = (np.diff(problem.start) > 0) & problem.allowed & ~problem.standing
    options = np.flatnonzero(serving & ~first)

    # an option costs its own price and that of opening its site
    opening = np.where(problem.site_state == State.FREE, problem.site_cost, 0.0)
    costs = (problem.option_cost + opening[problem.option_site])[options]
    if len(costs) and costs.min() > problem.budget:
        raise InvalidValueError(
            Message(
                "a budget of {budget:g} pays for nothing: the cheapest that helps anybody costs "
                "{costs:g}; raise the budget, or list cheaper rooms",
                budget=problem.budget,
                costs=costs.min(),
            )
        )
