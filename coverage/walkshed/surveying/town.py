"""A study judged once, and judged again with one fact turned: how many people hang on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from walkshed.groundwork import streets_of
from walkshed.model.arrays import BoolArray, FloatArray
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.results import StudyInputs
from walkshed.model.town.places import Gate, Offer, Station
from walkshed.model.town.walkers import Walker
from walkshed.needs.access.situation import People, Supply, situation_of, supply_for
from walkshed.needs.access.walks import Walks
from walkshed.needs.assessing import Rules
from walkshed.needs.judging.matrix import worth_of
from walkshed.needs.judging.served import served_points
from walkshed.steps import (
    Residents,
    StationsOnStreets,
    exits_again,
    offers_of,
    open_now,
    residents_of,
    rules_of,
    stations_on,
    walkers_and_groups,
    walks_of,
)


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """A study with its streets, residents and walks; ``served`` is (w, s, p) for walkers, services, points."""

    inputs: StudyInputs
    extract: Extract | None
    network: StreetNetwork
    standing: StationsOnStreets
    residents: Residents
    walks: Walks
    rules: Rules
    walkers: tuple[Walker, ...]
    offers: tuple[Offer, ...]
    supply: Supply
    served: FloatArray

    @property
    def worth(self) -> FloatArray:
        """(p,) what each point counts: its people, or its share of its block where nobody is counted."""
        return worth_of(self.residents.demand)

    @property
    def shares_room(self) -> bool:
        """Whether people share rooms: then what changes for some changes something for all."""
        return any((need.places_per_1000 or 0.0) > 0.0 for need in self.inputs.needs)


def town_of(inputs: StudyInputs, *, cache: bool = True) -> Town:
    """Return a study as a run judges it, without what no survey asks for."""
    extract, network = streets_of(inputs, cache=cache)
    return town_on(inputs, extract, network)


def town_on(inputs: StudyInputs, extract: Extract | None, network: StreetNetwork) -> Town:
    """Return a study on streets that are known."""
    standing = stations_on(inputs, extract, network)
    residents = residents_of(inputs, extract, network, standing)
    walks = walks_of(inputs, network, residents.demand, residents.station_anchors)
    rules = rules_of(inputs, network)
    walkers = tuple(walker for walker, _ in walkers_and_groups(inputs))
    offers = offers_of(inputs, residents.stations)

    people = People(residents.blocks, walks)
    opened = open_now(inputs, offers, rules.calendar)
    supply = supply_for(people, residents.stations, offers, open_now=opened)
    served = _served(people, supply, rules, walkers)
    return Town(
        inputs,
        extract,
        network,
        standing,
        residents,
        walks,
        rules,
        walkers,
        offers,
        supply,
        served,
    )


def people_turned(town: Town, served: FloatArray, rows: slice = slice(None)) -> float:
    """Return the people for whom a service is otherwise than in the town, summed over services; of walkers the most.

    ``rows`` are the points that ``served`` (w, s, p) tells of.
    """
    moved = np.abs(served - town.served[:, :, rows]).sum(axis=1)
    return float((moved * town.worth[rows]).sum(axis=1).max(initial=0.0))


def with_stations(town: Town, stations: Sequence[Station], offers: Sequence[Offer]) -> FloatArray:
    """Return (w, s, p) who is served where stations and offers are otherwise, each where it stands."""
    given = tuple(offers)
    doors = (Offer(each.id, "", hours=each.hours) for each in stations)
    opened = open_now(town.inputs, (*given, *doors), town.rules.calendar)
    supply = replace(town.supply, stations=tuple(stations), offers=given, open_now=opened)
    return _served(People(town.residents.blocks, town.walks), supply, town.rules, town.walkers)


def with_exits(
    town: Town, block: int, *, opened: tuple[Gate, ...] = (), shut: tuple[Gate, ...] = ()
) -> tuple[FloatArray, slice]:
    """Return who is served (w, s, p) where a block has other exits, and the points p that this tells of.

    Where no station stands in the block and nobody shares rooms, its own residents alone are judged
    again: nothing changes for others.
    """
    holds_station = bool((town.supply.homes == block).any())
    if holds_station or town.shares_room:
        known = town.inputs.surveyed
        changed = replace(known, opened=(*known.opened, *opened), shut=(*known.shut, *shut))
        other = town_on(replace(town.inputs, surveyed=changed), town.extract, town.network)
        return other.served, slice(None)

    # one block, with everybody else's stations where they were
    alone = (town.residents.blocks[block],)
    demand = exits_again(
        town.inputs,
        town.extract,
        town.network,
        town.standing.usable,
        alone,
        homes=town.residents.homes,
        every=town.residents.blocks,
        opened=opened,
        shut=shut,
    )
    anchors = town.residents.station_anchors
    people = People(alone, walks_of(town.inputs, town.network, demand, anchors))
    homes = np.where(town.supply.homes == block, 0, -1)
    served = _served(people, replace(town.supply, homes=homes), town.rules, town.walkers)
    start = town.residents.demand.start
    return served, slice(int(start[block]), int(start[block + 1]))


def open_at_all(town: Town, offers: Sequence[Offer]) -> BoolArray:
    """Return (o,) whether each offer is open at the moment asked for; True without one."""
    opened = open_now(town.inputs, tuple(offers), town.rules.calendar)
    return np.array(
        [opened is None or not each.hours or opened[each.hours] for each in offers], dtype=bool
    )


def _served(people: People, supply: Supply, rules: Rules, walkers: Sequence[Walker]) -> FloatArray:
    """Return (w, s, p) who is served."""
    found = np.zeros((len(walkers), len(rules.services), len(people.walks.demand.weight)))
    for row, walker in enumerate(walkers):
        for column, service in enumerate(rules.services):
            situation_for = partial(
                situation_of,
                supply=supply,
                service=service,
                needs=rules.needs,
                walker=walker,
                crew=rules.crew,
            )
            found[row, column] = served_points(people, situation_for, min_share=rules.min_share)
    return found
