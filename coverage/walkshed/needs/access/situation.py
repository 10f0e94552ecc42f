"""One service before one kind of walker: what is needed, what is offered, and who could use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray
from walkshed.model.town.places import Block, Mode, Need, Offer, Service, Station
from walkshed.model.town.walkers import Walker
from walkshed.needs.access.floors import floors_s
from walkshed.needs.access.rows import OfferTable, Rows, offer_rows
from walkshed.needs.access.walks import Walks
from walkshed.needs.rules.offers import admits, station_homes, would_offer
from walkshed.needs.rules.standards import limit_m, need_for


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Who is judged: blocks (or places of visitors), and the walks of their people to the stations."""

    blocks: tuple[Block, ...]
    walks: Walks


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
    """What is offered: stations, sorted by id, and all their offers.

    ``open_now`` tells for every opening hours whether they are open at the moment asked for; None
    asks for no moment. ``homes`` (t,) are the blocks in which the stations stand (-1 for none),
    whose residents those for a compound admit.
    """

    stations: tuple[Station, ...]
    offers: tuple[Offer, ...]
    homes: IntArray
    open_now: Mapping[str, bool] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """One service and one walker over all blocks and stations; b blocks, p points."""

    service: Service
    walker: Walker
    needs: tuple[Need, ...]  # those that judge some block, each once
    need_of: Int32Array  # (b,) place in ``needs``, -1 without one
    limit_m: FloatArray  # (b,) as meters; nan without a need
    table: OfferTable
    rows: Rows
    block_of: IntArray  # (p,)
    crew: Walker  # who comes to the door

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return len(self.need_of)

    def by_need(self, of: Callable[[Need], float], *, without: float) -> FloatArray:
        """Return (b,) a figure of each block's need; ``without`` where it has none."""
        return np.array([*map(of, self.needs), without], dtype=np.float64)[self.need_of]


def supply_for(
    people: People,
    stations: tuple[Station, ...],
    offers: tuple[Offer, ...],
    *,
    open_now: Mapping[str, bool] | None = None,
) -> Supply:
    """Return what is offered to residents.

    Stations stand in the blocks in which their places lie.
    """
    homes = station_homes(stations, people.blocks, people.walks.network)
    return Supply(stations, offers, homes, open_now)


def situation_of(
    people: People,
    supply: Supply,
    service: Service,
    *,
    needs: tuple[Need, ...],
    walker: Walker,
    crew: Walker,
) -> Situation:
    """Return the situation of one service before one walker.

    (1) The need of each block follows from its kind. (2) Offers stand, or would stand where a
    station does not offer the service yet. (3) The rows of points and offers within the limits.
    """
    walks = people.walks
    distinct, need_of = _needs_of(people.blocks, needs, service)  # (1)
    limits = [*(limit_m(need, walker) for need in distinct), np.nan]
    table = _table(people, supply, service, walker)  # (2)
    block_of = walks.demand.block
    rows = offer_rows(walks, distinct, need_of[block_of], table, walker=walker, crew=crew)  # (3)

    return Situation(
        service=service,
        walker=walker,
        needs=distinct,
        need_of=need_of,
        limit_m=np.array(limits)[need_of],
        table=table,
        rows=rows,
        block_of=block_of,
        crew=crew,
    )


def _needs_of(
    blocks: tuple[Block, ...], needs: tuple[Need, ...], service: Service
) -> tuple[tuple[Need, ...], Int32Array]:
    """Return the needs that judge some block, in the order of the blocks, and the place of each block's."""
    kinds = dict.fromkeys(block.kind for block in blocks)
    of_kind = {kind: need_for(needs, kind, service) for kind in kinds}
    distinct = tuple(dict.fromkeys(need for need in of_kind.values() if need is not None))
    places = {need: number for number, need in enumerate(distinct)}
    place = {kind: -1 if need is None else places[need] for kind, need in of_kind.items()}
    return distinct, np.array([place[block.kind] for block in blocks], dtype=np.int32)


def _table(people: People, supply: Supply, service: Service, walker: Walker) -> OfferTable:
    """Return the standing offers of a service, then those that each other station would make.

    Stations that cannot be walked to make none.
    """
    stations, reachable = supply.stations, people.walks.reachable
    row = {station.id: number for number, station in enumerate(stations)}

    # what stands, and how it is offered
    of_service = [offer for offer in supply.offers if offer.service == service.id]
    standing = [offer for offer in of_service if reachable[row[offer.station]]]
    modes = {offer.mode for offer in standing}
    mode = Mode.OUTREACH if modes == {Mode.OUTREACH} else Mode.VISIT

    # what the other stations would offer
    having = {offer.station for offer in standing}
    lacking = [
        station
        for number, station in enumerate(stations)
        if reachable[number] and station.id not in having
    ]
    offers = (*standing, *(would_offer(station, service.id, mode) for station in lacking))
    of_station = np.array([row[offer.station] for offer in offers], dtype=np.int64)
    return OfferTable(
        offers=offers,
        station=of_station,
        standing=np.arange(len(offers)) < len(standing),
        admits=admits(offers, stations, people.blocks, supply.homes),
        open=_open(offers, supply.open_now),
        floors_s=np.array([floors_s(stations[number], walker) for number in of_station]),
    )


def _open(offers: tuple[Offer, ...], open_now: Mapping[str, bool] | None) -> BoolArray:
    """Return (o,) whether each offer is open; offers without stated hours are open at any time."""
    return np.array(
        [open_now is None or not each.hours or open_now[each.hours] for each in offers], dtype=bool
    )
