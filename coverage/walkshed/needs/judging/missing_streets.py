"""Missing streets are not missing service: blocks that no way of the map joins with a provider (definition 10)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from walkshed.model.arrays import BoolArray, frozen
from walkshed.model.town.places import Service
from walkshed.needs.access.situation import People, Supply


def missing_streets(people: People, supply: Supply, services: Sequence[Service]) -> BoolArray:
    """Return (b, s) whether a service is offered, and the map joins the block with no station that does.

    Either has no walkable way within reach, or the streets of the one hang together with those of
    the other nowhere. Streets that hang together are one component, whatever their direction.
    """
    walks = people.walks
    component, demand, stations = walks.network.component, walks.demand, walks.stations
    blocks = len(people.blocks)

    # where the exits of each block meet the streets
    block = demand.exit_block[demand.foot_exit]
    of_block = component[demand.anchors.feet.edge]

    # and where those who offer each service do
    row = {station.id: number for number, station in enumerate(supply.stations)}
    owner = np.repeat(np.arange(len(row)), np.diff(stations.start))
    of_station = component[stations.edge]
    missing = np.zeros((blocks, len(services)), dtype=bool)
    for number, service in enumerate(services):
        offering = [row[offer.station] for offer in supply.offers if offer.service == service.id]
        if offering:
            near = np.isin(of_block, of_station[np.isin(owner, offering)])
            missing[:, number] = np.bincount(block[near], minlength=blocks) == 0
    return frozen(missing)
