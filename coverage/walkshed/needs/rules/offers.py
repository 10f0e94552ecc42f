"""What stations offer, to whom: the offers of a study, and who is admitted by each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, IntArray
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import (
    BESIDE_COMPOUND_M,
    LEVEL_NAMES,
    Block,
    Mode,
    Offer,
    Scope,
    Station,
)


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
    """Return (t,) the block in which each station stands, else the nearest within 100 m.

    -1 for none.
    """
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
    Where nothing tells whom a narrow scope means, no block is admitted. A station that a block
    shares (共用站点) serves it as its own.
    """
    sharing = shared_by(blocks)
    row = {station.id: number for number, station in enumerate(stations)}
    allowed = np.ones((len(offers), len(blocks)), dtype=bool)
    for number, offer in enumerate(offers):
        if offer.scope is not Scope.ALL:
            station = row[offer.station]
            allowed[number] = _admitted(offer.scope, stations[station], int(homes[station]), blocks)
            allowed[number, sharing.get(offer.station, [])] = True
    return allowed


def shared_by(blocks: Sequence[Block]) -> dict[str, list[int]]:
    """Return the blocks that share each station, by its id."""
    sharing: dict[str, list[int]] = {}
    for number, block in enumerate(blocks):
        for station in block.shared_stations:
            sharing.setdefault(station, []).append(number)
    return sharing


@dataclass(frozen=True, slots=True)
class ScopeFinding:
    """For whom a station with a narrow scope is, where its table does not say it.

    ``place`` is the subdistrict or community that it is taken to mean, "" where nothing tells:
    then no block is admitted. ``source``: "outline" of [areas] or "compound" in which it stands.
    ``stated`` is the name that its table gives and that no block bears.
    """

    station: str
    level: str  # "subdistrict", "community" or "compound"
    place: str
    source: Literal["outline", "compound", ""]
    stated: str = ""


def scope_findings(
    offers: tuple[Offer, ...],
    given: tuple[Station, ...],
    stations: tuple[Station, ...],
    blocks: tuple[Block, ...],
    network: StreetNetwork,
) -> tuple[ScopeFinding, ...]:
    """Return a finding per station and narrow scope whose place its table does not name, or that admits nobody.

    ``given`` are the stations as their tables have them, ``stations`` those with the areas that
    hold them.
    """
    homes = station_homes(stations, blocks, network)
    allowed = admits(offers, stations, blocks, homes)
    stated = {station.id: station for station in given}
    row = {station.id: number for number, station in enumerate(stations)}

    found: dict[tuple[str, str], ScopeFinding] = {}
    for offer, who in zip(offers, allowed, strict=True):
        if offer.scope is Scope.ALL or not blocks:
            continue
        number, level = row[offer.station], str(offer.scope)
        station, home = stations[number], int(homes[number])

        finding = _scope_finding(station, stated.get(station.id, station), level, home, blocks)
        if not who.any():
            own = "" if level == Scope.COMPOUND else getattr(station, level)
            finding = ScopeFinding(station.name, level, "", "", own)
        if finding is not None:
            found.setdefault((station.id, level), finding)

    return tuple(found.values())


def _scope_finding(
    station: Station, stated: Station, level: str, home: int, blocks: tuple[Block, ...]
) -> ScopeFinding | None:
    """Return what the place of a narrow scope is taken from.

    None where the station's table names it.
    """
    if level == Scope.COMPOUND or getattr(stated, level):
        return None
    if getattr(station, level):
        return ScopeFinding(station.name, level, getattr(station, level), "outline")
    place = getattr(blocks[home], level) if home >= 0 else ""
    return ScopeFinding(station.name, level, place, "compound")


def offer_notes(findings: Sequence[ScopeFinding]) -> tuple[str, ...]:
    """Return notes on stations for whose narrow scope their table names no place."""
    sources = {
        "outline": Message("outline under [areas]"),
        "compound": Message("compound in which it stands"),
    }
    notes = [
        Message(
            "{station}: scope means the {level} {place}, by the {source}: its table names none",
            station=finding.station,
            level=LEVEL_NAMES[finding.level],
            place=finding.place,
            source=sources[finding.source],
        )
        for finding in findings
        if finding.place
    ]

    shut = dict.fromkeys(finding.station for finding in findings if not finding.place)
    if shut:
        notes.append(
            Message(
                "{shut}: scope names no community, subdistrict or compound with residents; nobody "
                "is admitted; fill in column community or subdistrict of stations and "
                "blocks, or give outlines under [areas]",
                shut=Listing(shut),
            )
        )
    return tuple(notes)


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
