"""Proposals as a planner reads them: where, what, whom they serve, and whom no candidate can serve."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.model.judged.judgments import DOUBTS
from walkshed.model.judged.verdicts import Doubt
from walkshed.model.labels import PROPOSED_AROUND, PROPOSED_AT
from walkshed.model.plans.proposals import Hindrance, Unreachable
from walkshed.model.results import Results
from walkshed.model.town.places import Mode, Service, Station
from walkshed.model.town.walkers import Walker
from walkshed.needs.rules.offers import station_homes
from walkshed.needs.rules.standards import need_for, need_weights
from walkshed.siting.planning.places import Places, streets_at
from walkshed.siting.planning.unserved import Unserved

#: Less than this is the rounding of sums, not people.
WORTH_NOTHING = 1e-9


def gains(
    results: Results,
    lacks: Unserved,
    services: tuple[Service, ...],
    rows: IntArray,
    more: FloatArray,
) -> dict[str, Any]:
    """Return the fields of a ``Proposal`` that say who gains: ``more`` weight of each of ``rows``."""
    counts = more != 0.0
    rows, more = rows[counts], more[counts]
    count, block_of = len(services), results.demand.block
    of_block = np.bincount(block_of[lacks.point[rows]], weights=more, minlength=len(results.blocks))
    of_service = np.bincount(lacks.service[rows], weights=more, minlength=count)
    heads = np.bincount(
        lacks.service[rows], weights=more / lacks.need_weight[rows], minlength=count
    )
    gaining = np.lexsort([np.arange(len(of_block)), -np.round(of_block, 6)])
    told = [s for s in range(count) if abs(of_service[s]) > WORTH_NOTHING]
    return {
        "gain_by_service": {services[s].id: float(of_service[s]) for s in told},
        "gain_by_kind": _by_kind(results, of_block.astype(np.float64)),
        "gain_by_block": tuple(
            (int(b), float(of_block[b])) for b in gaining if of_block[b] > WORTH_NOTHING
        ),
        "people_by_service": {services[s].id: float(heads[s]) for s in told},
    }


def blocks_of(results: Results, lacks: Unserved, rows: IntArray) -> tuple[int, ...]:
    """Return the blocks whose people the rows are, ascending; rows without people are nobody's."""
    somebody = rows[lacks.weight[rows] > 0]
    return tuple(int(block) for block in np.unique(results.demand.block[lacks.point[somebody]]))


def streets_of(results: Results, station: Station) -> tuple[str, ...]:
    """Return the names of the streets at which a station stands."""
    xy = results.network.plane.geometry_to_xy(np.array([station.geometry], dtype=object))[
        0
    ].centroid
    return streets_at(results, np.array([xy.x, xy.y]))


def weighs_needs(results: Results, services: tuple[Service, ...]) -> bool:
    """Return whether the need of some kind of block for one of the services weighs other than 1."""
    kinds = {block.kind for block in results.blocks}
    needs = [
        need_for(results.inputs.needs, kind, service) for kind in kinds for service in services
    ]
    return bool(np.any(need_weights(needs) != 1.0))


def as_station(
    results: Results, found: Places, site: int, services: tuple[str, ...], number: int
) -> Station:
    """Return a chosen candidate as the station it becomes, with a free id and its community."""
    taken = {station.id for station in (*results.stations, *results.inputs.stations)}
    key = f"P{number}"
    while key in taken:
        key += "+"
    candidate, room = found.stations[site], found.room[site]

    # a place on a street stands for the ground around it; a room or a building is a place of its own
    named = PROPOSED_AT if room is not None or found.kind[site] == "feature" else PROPOSED_AROUND
    language = results.inputs.settings.language
    subdistrict, community = _home(results, candidate)
    return replace(
        candidate,
        id=key,
        name=named.said(language, number=number, place=candidate.name),
        services=services,
        subdistrict=subdistrict,
        community=community,
    )


def _home(results: Results, station: Station) -> tuple[str, str]:
    """Return subdistrict and community of the block in which (or nearest to which) a station stands."""
    return communities_at(results, (station,))[0]


def communities_at(results: Results, stations: tuple[Station, ...]) -> list[tuple[str, str]]:
    """Return subdistrict and community of the block in which (or nearest to which) each station stands."""
    homes = station_homes(stations, results.blocks, results.network)
    return [
        ("", "") if home < 0 else (results.blocks[home].subdistrict, results.blocks[home].community)
        for home in homes.tolist()
    ]


def mode_of(results: Results, service: str) -> Mode:
    """Return how new offers of a service work: as all standing ones do, if they all come to the door."""
    row = {station.id: number for number, station in enumerate(results.stations)}
    on = results.station_anchors.on_network
    modes = {
        offer.mode
        for offer in results.offers
        if offer.service == service and on[row[offer.station]]
    }
    return Mode.OUTREACH if modes == {Mode.OUTREACH} else Mode.VISIT


def _by_kind(results: Results, of_block: FloatArray) -> dict[str, float]:
    found: dict[str, float] = {}
    for block, gain in zip(results.blocks, of_block.tolist(), strict=True):
        if gain > WORTH_NOTHING:
            found[block.kind] = found.get(block.kind, 0.0) + gain
    return dict(sorted(found.items()))


def unreachable(
    results: Results,
    lacks: Unserved,
    services: tuple[Service, ...],
    walkers: tuple[Walker, ...],
    *,
    rows: IntArray,
    may_offer: BoolArray,
) -> tuple[Unreachable, ...]:
    """Return whose ``rows`` no candidate reaches, by block, service, walker and reason, in that order.

    So are those whom the plan leaves out and whom no station can serve that ``may_offer`` (t, s)
    the service.
    """
    found = _hindered(results, lacks, rows[lacks.weight[rows] > 0])
    aside = lacks.aside
    if aside is not None:
        offered = may_offer[aside.pair_station, aside.service[aside.pair_row]]
        reached = np.unique(aside.pair_row[offered])
        found |= _hindered(results, aside, np.setdiff1d(np.arange(len(aside.point)), reached))

    # why each verdict is to be checked, as the run that found them says
    number = {service.id: place for place, service in enumerate(results.inputs.services)}
    told = []
    for (block, service, walker, why), worth in sorted(found.items()):
        asked, goes = services[service].id, walkers[walker].id
        judgments = results.answers[goes].judgments
        cell = block, number[asked]
        doubt = Doubt.NONE
        if judgments.doubted[cell]:
            doubt = DOUBTS[judgments.doubt[cell]]
        told.append(Unreachable(block, asked, goes, worth, why, doubt))
    return tuple(told)


def _hindered(
    results: Results, lacks: Unserved, rows: IntArray
) -> dict[tuple[int, int, int, Hindrance], float]:
    """Return the people of rows by block, service, walker and the first reason that holds."""
    on_network = results.demand.anchors.on_network
    block_of = results.demand.block

    found: dict[tuple[int, int, int, Hindrance], float] = {}
    for row in rows.tolist():
        point = int(lacks.point[row])
        why = Hindrance.NO_CANDIDATE
        if not on_network[point]:
            why = Hindrance.OFF_NETWORK
        elif lacks.refused[row]:
            why = Hindrance.NOT_ACCESSIBLE
        key = (int(block_of[point]), int(lacks.service[row]), int(lacks.walker[row]), why)
        found[key] = found.get(key, 0.0) + float(lacks.people[row])
    return found
