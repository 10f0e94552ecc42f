"""One pipeline for everybody who is judged: residents and visitors, with and without a scenario or a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from walkshed.model.arrays import FloatArray, frozen
from walkshed.model.judged.answers import Answer
from walkshed.model.judged.coverage import Burden, Inequality, Overlap
from walkshed.model.town.places import Need, Service, Station
from walkshed.model.town.walkers import Walker
from walkshed.needs.access.capacity import burdens
from walkshed.needs.access.providers import nearest_on_open_streets
from walkshed.needs.access.situation import People, Situation, Supply, situation_of
from walkshed.needs.judging.guessing import lengthened_where_in_doubt
from walkshed.needs.judging.matrix import MatrixColumn, matrix_column, service_matrix
from walkshed.needs.judging.missing_streets import missing_streets
from walkshed.needs.judging.shares import JudgedPoints, JudgedService, judged_service, judgments
from walkshed.needs.judging.unplaced import may_be_served
from walkshed.needs.measures.equity import inequality
from walkshed.needs.measures.overlap import Hub, hubs_with_stations, overlaps_of
from walkshed.needs.measures.week import ServiceWeek, service_week, week
from walkshed.needs.rules.calendars import DayCalendar, china


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """By what is judged: the standard, the share of a block that must be served, the moment, who comes to the door."""

    services: tuple[Service, ...]
    needs: tuple[Need, ...]
    min_share: float
    crew: Walker
    at: str = ""  # ISO moment, "" for any time
    calendar: DayCalendar = field(default_factory=china)  # by which hours are read
    unplaced: tuple[Station, ...] = ()  # stations left out for want of a place


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What one service adds to an answer."""

    judged: JudgedService
    column: MatrixColumn
    week: ServiceWeek | None
    burdens: tuple[Burden, ...]
    overlaps: tuple[Overlap, ...]
    inequality: tuple[Inequality, ...]


def assess(
    people: People,
    supply: Supply,
    rules: Rules,
    walker: Walker,
    *,
    gap_m: FloatArray,
    group_walkers: Mapping[str, Walker | None] | None = None,
) -> Answer:
    """Return all that is judged of some people for one walker.

    Service by service: (1) what is needed, what is offered, and who could use it; (2) who is
    served, and the first reason that explains why others are not; (3) what each station's service
    is worth; (4) the week of the moment asked for; (5) whether there is room, who is served twice
    under one hub, and how unevenly the walks are spread. ``gap_m`` (b,) are the meters from each
    block to where the map ends, the same for every walker. ``group_walkers`` names the groups whose
    walks are told beside everybody's, with the walker of each (None: an adult).
    """
    groups = group_walkers or {}
    hubs = hubs_with_stations(supply.stations)
    demand = people.walks.demand
    services, points = len(rules.services), len(demand.weight)
    nearest_station = np.empty((services, points, 2), dtype=np.int32)
    nearest_m, served = np.empty((services, points, 2)), np.empty((services, points))

    # what is found point by point goes where it stays; the rest of a service is free again
    parts = []
    for number in range(services):
        part, found = _part(people, supply, rules, walker, service=number, hubs=hubs, groups=groups)
        parts.append(part)
        nearest_station[number], nearest_m[number] = found.nearest.station, found.nearest.distance_m
        served[number] = found.served

    judged = [part.judged for part in parts]
    missing = missing_streets(people, supply, rules.services)
    ids = [service.id for service in rules.services]
    weeks = [part.week for part in parts if part.week is not None]
    return Answer(
        walker=walker.id,
        min_share=rules.min_share,
        judgments=judgments(
            judged,
            people.blocks,
            gap_m,
            missing,
            may_be_served(rules.unplaced, people.blocks, ids),
        ),
        nearest_station=frozen(nearest_station),
        nearest_m=frozen(nearest_m),
        served=frozen(served),
        matrix=service_matrix(
            [part.column for part in parts],
            supply.stations,
            weighs_blocks=not bool(np.any(demand.people > 0)),
        ),
        week=week(weeks, rules.at, rules.calendar) if weeks else None,
        capacity=tuple(burden for part in parts for burden in part.burdens),
        overlaps=_by_hub(parts, hubs),
        inequality=tuple(row for part in parts for row in part.inequality),
    )


def _part(
    people: People,
    supply: Supply,
    rules: Rules,
    walker: Walker,
    *,
    service: int,
    hubs: tuple[Hub, ...],
    groups: Mapping[str, Walker | None],
) -> tuple[_Part, JudgedPoints]:
    """Return one service's part of an answer, and what is judged of every point."""
    demand = people.walks.demand

    def situation_for(who: People) -> Situation:
        return situation_of(
            who,
            supply,
            rules.services[service],
            needs=rules.needs,
            walker=walker,
            crew=rules.crew,
        )

    situation = situation_for(people)  # (1)
    judged, points = judged_service(people, supply, situation, min_share=rules.min_share)  # (2)

    # a verdict that hangs on a guess is judged with care
    careful, in_doubt = lengthened_where_in_doubt(
        people,
        situation,
        judged.verdict,
        min_share=rules.min_share,
        situation_for=situation_for,
    )
    if in_doubt.any():
        situation = situation_for(careful)
        judged, points = judged_service(careful, supply, situation, min_share=rules.min_share)
        judged = replace(judged, in_doubt=in_doubt)

    column = matrix_column(demand, supply.stations, situation)  # (3)
    hours = None  # (4)
    if rules.at:
        hours = service_week(
            demand,
            situation,
            rules.at,
            min_share=rules.min_share,
            calendar=rules.calendar,
        )

    # (5)
    return _Part(
        judged=judged,
        column=column,
        week=hours,
        burdens=burdens(situation, service, demand.people),
        overlaps=tuple(
            overlaps_of(demand, hub, service, situation, points.nearest) for hub in hubs
        ),
        inequality=inequality(
            demand,
            people.blocks,
            service,
            points.nearest.distance_m[:, 0],
            own_walks=_own_walks(people, situation, groups),
            groups=tuple(groups),
        ),
    ), points


def _own_walks(
    people: People, situation: Situation, groups: Mapping[str, Walker | None]
) -> dict[str, FloatArray]:
    """Return, by group, (p,) the meters to its nearest provider on the streets that are open to its own walker."""
    walkers = {walker.id: walker for walker in groups.values() if walker is not None}
    meters = {
        name: nearest_on_open_streets(people.walks, situation, walker)
        for name, walker in walkers.items()
    }
    return {group: meters[walker.id] for group, walker in groups.items() if walker is not None}


def _by_hub(parts: list[_Part], hubs: tuple[Hub, ...]) -> tuple[Overlap, ...]:
    """Return the overlaps of all services, hub by hub."""
    return tuple(part.overlaps[number] for number in range(len(hubs)) for part in parts)
