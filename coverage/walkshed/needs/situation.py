"""One service before one kind of walker: what is needed, what is offered, and who could use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.model.places import Block, Mode, Need, Offer, Service, Station
from walkshed.model.walkers import Walker
from walkshed.needs.access import floors_s
from walkshed.needs.offers import admits, station_homes, would_offer
from walkshed.needs.rows import OfferTable, Rows, offer_rows
from walkshed.needs.standards import limit_m, need_for
from walkshed.needs.walks import Walks


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """One service and one walker over all blocks and stations; b blocks, p points."""

    service: Service
    walker: Walker
    needs: list[Need | None]  # b
    limit_m: FloatArray  # (b,) as meters; nan without a need
    table: OfferTable
    rows: Rows
    block_of: IntArray  # (p,)
    crew: Walker  # who comes to the door


def situations(
    walks: Walks,
    blocks: tuple[Block, ...],
    stations: tuple[Station, ...],
    services: tuple[Service, ...],
    needs: tuple[Need, ...],
    offers: tuple[Offer, ...],
    *,
    walker: Walker,
    crew: Walker,
    open_now: Mapping[str, bool] | None = None,
    homes: IntArray | None = None,
) -> tuple[Situation, ...]:
    """Return the situation of each service before one walker.

    ``offers`` are all those of the stations (``all_offers``). ``open_now`` tells for every opening
    hours whether they are open at the moment asked for; None asks for no moment. ``homes`` (t,) are
    the blocks in which the stations stand (-1 for none), whose residents those for a compound
    admit; None: as their places say.
    """
    if homes is None:
        homes = station_homes(stations, blocks, walks.network)
    block_of = walks.demand.block
    found = []
    for service in services:
        of_block = [need_for(needs, block.kind, service) for block in blocks]
        table = _table(service, offers, stations, blocks, homes, walks, walker, open_now)
        found.append(
            Situation(
                service=service,
                walker=walker,
                needs=of_block,
                limit_m=np.array([limit_m(need, walker) for need in of_block]),
                table=table,
                rows=offer_rows(walks, of_block, block_of, table, walker, crew),
                block_of=block_of,
                crew=crew,
            )
        )
    return tuple(found)


def _table(
    service: Service,
    offers: tuple[Offer, ...],
    stations: tuple[Station, ...],
    blocks: tuple[Block, ...],
    homes: IntArray,
    walks: Walks,
    walker: Walker,
    open_now: Mapping[str, bool] | None,
) -> OfferTable:
    """Return the standing offers of a service, then those that each other station would make; none off the network."""
    row = {station.id: number for number, station in enumerate(stations)}
    on_network = walks.stations.on_network
    standing = [
        offer for offer in offers if offer.service == service.id and on_network[row[offer.station]]
    ]
    having = {offer.station for offer in standing}
    modes = {offer.mode for offer in standing}
    mode = Mode.OUTREACH if modes == {Mode.OUTREACH} else Mode.VISIT
    lacking = [
        station
        for number, station in enumerate(stations)
        if on_network[number] and station.id not in having
    ]
    every = (*standing, *(would_offer(station, service.id, mode) for station in lacking))
    of_station = np.array([row[offer.station] for offer in every], dtype=np.int64)
    return OfferTable(
        offers=every,
        station=of_station,
        standing=np.arange(len(every)) < len(standing),
        admits=admits(every, stations, blocks, homes),
        open=_open(every, open_now),
        floors_s=np.array([floors_s(stations[number], walker) for number in of_station]),
    )


def _open(offers: tuple[Offer, ...], open_now: Mapping[str, bool] | None) -> BoolArray:
    """Return (o,) whether each offer is open; hours that nobody stated are open at any time."""
    return np.array(
        [open_now is None or not each.hours or open_now[each.hours] for each in offers], dtype=bool
    )
