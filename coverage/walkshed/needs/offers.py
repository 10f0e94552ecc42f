"""What stations offer, to whom: the offers of a study, and who is admitted by each."""

from __future__ import annotations

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, IntArray
from walkshed.model.network import StreetNetwork
from walkshed.model.places import Block, Mode, Offer, Scope, Station

#: A compound's station often stands at its gate, just outside its outline.
BESIDE_COMPOUND_M = 100.0


def all_offers(given: tuple[Offer, ...], stations: tuple[Station, ...]) -> tuple[Offer, ...]:
    """Return the offers given, and a plain one for each service that a station lists without saying more.

    Sorted by station in the order of ``stations``, then as given, then as listed.
    """
    stated = {(offer.station, offer.service) for offer in given}
    of_station: dict[str, list[Offer]] = {station.id: [] for station in stations}
    for offer in given:
        if offer.station in of_station:
            of_station[offer.station].append(offer)
    for station in stations:
        plain = [service for service in station.services if (station.id, service) not in stated]
        of_station[station.id] += [would_offer(station, service) for service in plain]
    return tuple(offer for offers in of_station.values() for offer in offers)


def would_offer(station: Station, service: str, mode: Mode = Mode.VISIT) -> Offer:
    """Return what the station would offer if it offered the service: its own hours, scope, places and rooms."""
    return Offer(
        station.id, service, mode, station.scope, station.hours, station.capacity, station.area_m2
    )


def usual_mode(offers: tuple[Offer, ...], service: str) -> Mode:
    """Return how one more station would offer the service: at the door if all that offer it do, else at its own."""
    modes = {offer.mode for offer in offers if offer.service == service}
    return Mode.OUTREACH if modes == {Mode.OUTREACH} else Mode.VISIT


def station_homes(
    stations: tuple[Station, ...], blocks: tuple[Block, ...], network: StreetNetwork
) -> IntArray:
    """Return (t,) the block in which each station stands, else the nearest within 100 m; -1 for none."""
    homes = np.full(len(stations), -1, dtype=np.int64)
    if not stations or not blocks:
        return homes
    plane = network.plane
    outlines = plane.geometry_to_xy(np.array([block.geometry for block in blocks], dtype=object))
    places = plane.geometry_to_xy(
        np.array([station.geometry for station in stations], dtype=object)
    )
    places = shapely.point_on_surface(places)
    station, block = shapely.STRtree(outlines).query(
        places, predicate="dwithin", distance=BESIDE_COMPOUND_M
    )
    distance = shapely.distance(places[station], outlines[block])
    order = np.lexsort([block, np.round(distance, 6), station])
    first = np.unique(station[order], return_index=True)
    homes[first[0]] = block[order][first[1]]
    return homes


def admits(
    offers: tuple[Offer, ...],
    stations: tuple[Station, ...],
    blocks: tuple[Block, ...],
    homes: IntArray,
) -> BoolArray:
    """Return (o, b) who is admitted: everybody, or residents of the station's own subdistrict, community or compound.

    A station that names no community (or subdistrict) has that of the block in which it stands.
    Where nothing tells whom a narrow scope means, nobody is admitted.
    """
    row = {station.id: number for number, station in enumerate(stations)}
    allowed = np.ones((len(offers), len(blocks)), dtype=bool)
    for number, offer in enumerate(offers):
        if offer.scope is not Scope.ALL:
            station = row[offer.station]
            allowed[number] = _admitted(offer.scope, stations[station], int(homes[station]), blocks)
    return allowed


def offer_notes(
    offers: tuple[Offer, ...],
    stations: tuple[Station, ...],
    blocks: tuple[Block, ...],
    network: StreetNetwork,
) -> tuple[str, ...]:
    """Return a note on stations with an offer that admits nobody because nothing tells whom it means."""
    allowed = admits(offers, stations, blocks, station_homes(stations, blocks, network))
    names = {station.id: station.name for station in stations}
    shut = dict.fromkeys(
        names[offer.station] for offer, who in zip(offers, allowed) if not who.any()
    )
    if not shut or not blocks:
        return ()
    return (
        f"{', '.join(shut)}: scope names no community, subdistrict or compound with residents; nobody is admitted",
    )


def _admitted(scope: Scope, station: Station, home: int, blocks: tuple[Block, ...]) -> BoolArray:
    if scope is Scope.COMPOUND:
        return np.asarray(np.arange(len(blocks)) == home, dtype=bool)
    subdistrict = station.subdistrict or (blocks[home].subdistrict if home >= 0 else "")
    community = station.community or (blocks[home].community if home >= 0 else "")
    if scope is Scope.SUBDISTRICT:
        return np.array(
            [bool(subdistrict) and block.subdistrict == subdistrict for block in blocks], dtype=bool
        )
    return np.array(
        [
            bool(community)
            and block.community == community
            and _same(block.subdistrict, subdistrict)
            for block in blocks
        ],
        dtype=bool,
    )


def _same(one: str, other: str) -> bool:
    """Return whether two names can mean one place: equal, or one of them not given."""
    return not one or not other or one == other
