"""What stands once the ledgers are read: stations and offers as they run, rooms' hours, merged communities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.ledgers.governance import with_flags
from walkshed.inputs.ledgers.operations import in_operation, note_shared
from walkshed.inputs.ledgers.relocations import check_mergers, filled_in
from walkshed.inputs.ledgers.room_times import with_room_hours
from walkshed.inputs.rows.offers import with_offers
from walkshed.model.town.ledgers import Ledgers
from walkshed.model.town.places import Area, Block, Offer, Station
from walkshed.model.town.relocations import merged, mergers, spelled


@dataclass(frozen=True, slots=True)
class Standing:
    """Stations with and without a place, offers, blocks and outlines of areas."""

    stations: tuple[Station, ...]
    unplaced: tuple[Station, ...]
    offers: tuple[Offer, ...]
    blocks: tuple[Block, ...]
    areas: tuple[Area, ...]


def as_kept(read: Standing, ledgers: Ledgers, book: FaultBook) -> Standing:
    """Return what stands by the ledgers.

    1. Services that stations and tables of offers list are offered, and so are those of rooms.
    2. Offers are open when a room serves them.
    3. A station that does not run offers nothing.
    4. What a re-siting has made of a station stands where its table says nothing.
    5. Compounds that lack manager, fund and committee are flagged (三无), and a community that
       merged is counted under the name of the new one.
    """
    every = with_offers([*read.stations, *read.unplaced], read.offers)
    every, offers = with_room_hours(every, read.offers, ledgers.room_times, book)  # 1, 2
    every, offers = in_operation(every, offers, ledgers.operations)  # 3
    note_shared(read.blocks, every, book)
    every = filled_in(every, ledgers.relocations, book)  # 4

    named: Sequence[Station | Block | Area] = (*every, *read.blocks, *read.areas)
    into = spelled(mergers(ledgers.relocations), named)  # 5
    check_mergers(ledgers.relocations, named, book)
    every, count = merged(every, into), len(read.stations)
    return Standing(
        stations=every[:count],
        unplaced=every[count:],
        offers=offers,
        blocks=merged(with_flags(read.blocks, ledgers.governance), into),
        areas=merged(read.areas, into),
    )
