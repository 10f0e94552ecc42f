"""Where stations of a study may stand: candidates that meet the streets just as stations do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import BoolArray, FloatArray, IntArray, read_only
from walkshed.model.ground.walking import Anchors, on_own_feet, standing_of
from walkshed.model.messages import Listing, Message
from walkshed.model.plans.proposals import SitingSettings
from walkshed.model.plans.siting import Candidates, Room
from walkshed.model.results import Results
from walkshed.model.town.places import Service, Station, Tier
from walkshed.needs.exits.by_exits import by_exits
from walkshed.needs.exits.yards import holding
from walkshed.needs.people.faces import lines_of
from walkshed.needs.rules.standards import need_for
from walkshed.siting.grounds.dominating import Asking
from walkshed.siting.grounds.ground import Ground, ground_of
from walkshed.siting.grounds.tracks import Tracks
from walkshed.siting.planning.candidates import (
    MOST_LISTED,
    MOST_PLACES,
    ends_on_streets,
    features,
    open_stretches,
    rooms,
    service_slots,
    street_positions,
)
from walkshed.walk.anchors import snap
from walkshed.walk.doors import station_doors

#: Public buildings in which a station may find a room; tags of OpenStreetMap.
PUBLIC_BUILDINGS = {
    "amenity": {
        *("community_centre", "library", "marketplace", "public_building"),
        *("social_centre", "social_facility", "townhall"),
    },
    "building": {"civic", "public"},
    "office": {"government"},
}
SPACING_M = 100.0
#: Whom all candidates on the streets serve with all services, added up: more would take minutes.
MOST_SERVED = 4_000_000
#: So many positions there are in any case, where the streets are long enough.
LEAST_POSITIONS = 1500
#: On the way along streets so much less ground is in reach than straight, at least.
STRAIGHT = 0.5
#: Places at which that is looked up.
SAMPLED = 200
#: Of so many whom a place serves, the walk of one ends along a stretch; as measured in Dachang.
SERVED_PER_END = 30.0
#: Degrees are given to seven digits (a centimeter), in tables as here, so that a table read again
#: is the same place.
DIGITS = 7


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """c candidates as stations, with their anchors, kinds, rooms, and how many services fit."""

    stations: tuple[Station, ...]
    anchors: Anchors
    kind: tuple[str, ...]
    room: tuple[Room | None, ...]
    slots: IntArray  # (c,)
    spacing_m: float | None
    notes: tuple[str, ...] = ()  # on rooms that are no candidates
    everywhere: bool = False  # whether some best plan of all places on the streets is among them


def places(
    results: Results,
    settings: SitingSettings,
    near_xy: FloatArray,
    within_m: float,
    *,
    asked: Callable[[], tuple[Asking, ...] | None] | None = None,
    services: int = 1,
    may_be_none: bool = False,
) -> Places:
    """Return the candidates that settings ask for, those within ``within_m`` (straight) of a point of ``near_xy``.

    Left out are candidates that would not meet the network, or whose nearest way belongs to a part
    of it that does not count: a station there would make it count, and change walks that are taken
    as given. With ``asked``, which tells who asks, those on the streets are the places where the
    walk of somebody who asks ends, if these are not too many for so many ``services``. Raises
    ``InvalidValueError`` where nothing is left, unless that ``may_be_none``: a note tells it then.
    """
    if settings.candidates == "rooms" and not settings.rooms:
        raise InvalidValueError(
            "candidates = 'rooms', but no room is listed; name their table in [siting] candidates"
        )
    candidates, spacing_m, everywhere = _candidates(
        results, settings, near_xy, within_m, asked=asked, services=services
    )
    stations = _as_stations(results, candidates, settings.station_capacity)
    anchors = station_anchors(results, stations, results.inputs.settings.max_snap_m)
    usable = anchors.on_network & _by_usable_ways(results, stations)

    kept = np.flatnonzero(usable & _near(candidates.xy, near_xy, within_m))
    if not len(kept) and not may_be_none:
        raise InvalidValueError(
            Message(
                "candidates = {candidates!r}: none of {count} lies on the streets within reach of "
                "people who lack a service; list rooms, or lower spacing_m",
                candidates=settings.candidates,
                count=len(stations),
            )
        )

    # a note names listed rooms that cannot be used
    rooms_of = candidates.rooms or (None,) * len(stations)
    off = [
        room.id for room, on in zip(rooms_of, usable, strict=True) if room is not None and not on
    ]
    notes: tuple[str, ...] = ()
    if off:
        notes = (
            Message(
                "rooms away from the streets that count, and so no candidates: {off}",
                off=Listing(off),
            ),
        )

    if not len(kept):
        none = (
            "no new station: none of {count} {count:place|places} lies within reach of people who "
            "lack a service"
        )
        notes = (*notes, Message(none, count=len(stations)))

    slots = service_slots(
        candidates,
        service_m2=settings.service_m2,
        most=settings.services_per_site or len(results.inputs.services),
    )
    return Places(
        stations=tuple(stations[row] for row in kept),
        anchors=anchors.take(kept),
        kind=tuple(candidates.kind[row] for row in kept),
        room=tuple(rooms_of[row] for row in kept),
        slots=slots[kept],
        spacing_m=spacing_m,
        notes=notes,
        everywhere=everywhere,
    )


def _by_usable_ways(results: Results, stations: tuple[Station, ...]) -> BoolArray:
    """Return (t,) False for stations whose nearest ways all belong to parts that do not count."""
    nearest = snap(
        results.network,
        station_doors(stations, results.network.plane, results.extract)[0],
        max_snap_m=results.inputs.settings.max_snap_m,
    )

    # a place near no way may still stand in a compound that has exits
    counts = ~nearest.on_network
    owner = np.repeat(np.arange(len(stations)), np.diff(nearest.start))
    if results.usable is None:
        counts[owner] = True
    else:
        counts[owner[results.usable[results.network.component[nearest.edge]]]] = True
    return counts


def all_places(
    results: Results, settings: SitingSettings, within_m: float, *, may_be_none: bool
) -> Places | None:
    """Return where stations may open beside upgrades, None where none may.

    These are the listed rooms, and candidates elsewhere if a station there has a price:
    ``station_cost``, ``service_cost`` or ``new`` says how many can be had. Raises
    ``InvalidValueError`` where all lie out of reach, unless that ``may_be_none``.
    """
    sources = []
    if settings.rooms:
        sources.append(replace(settings, candidates="rooms"))
    priced = settings.station_cost or settings.service_cost or settings.new is not None
    if settings.candidates != "rooms" and priced:
        sources.append(settings)

    parts = [
        places(results, source, results.demand.xy, within_m, may_be_none=may_be_none)
        for source in sources
    ]
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]

    # rooms first; an id that is taken is marked
    rooms_of, elsewhere = parts
    taken = {station.id for station in rooms_of.stations}
    renamed = tuple(
        replace(station, id=f"{station.id}+") if station.id in taken else station
        for station in elsewhere.stations
    )
    return Places(
        stations=(*rooms_of.stations, *renamed),
        anchors=joined(rooms_of.anchors, elsewhere.anchors),
        kind=(*rooms_of.kind, *elsewhere.kind),
        room=(*rooms_of.room, *elsewhere.room),
        slots=np.concatenate([rooms_of.slots, elsewhere.slots]),
        spacing_m=elsewhere.spacing_m,
        notes=(*rooms_of.notes, *elsewhere.notes),
    )


def station_anchors(results: Results, stations: tuple[Station, ...], max_snap_m: float) -> Anchors:
    """Return where stations meet the parts of the network that count; those inside a compound at its exits."""
    doors, start = station_doors(stations, results.network.plane, results.extract)
    own = snap(results.network, doors, start=start, max_snap_m=max_snap_m, usable=results.usable)
    return by_exits(results.demand, own, doors, start)


def large_enough(
    results: Results, stations: tuple[Station, ...], services: tuple[Service, ...]
) -> BoolArray:
    """Return (t, s) False where a service needs more floor area than a station is known to have."""
    needed_m2 = np.array([area_asked_m2(results, service) for service in services])
    known_m2 = np.array(
        [np.inf if station.area_m2 is None else station.area_m2 for station in stations]
    )
    return np.asarray(known_m2[:, None] >= needed_m2[None, :], dtype=bool)


def area_asked_m2(results: Results, service: Service) -> float:
    """Return the most floor area that the standard asks of a station with the service, or 0."""
    kinds = {block.kind for block in results.blocks}
    needs = [need_for(results.inputs.needs, kind, service) for kind in kinds]
    areas_m2 = [need.min_area_m2 for need in needs if need is not None]
    return max((area_m2 for area_m2 in areas_m2 if area_m2 is not None), default=0.0)


def joined(first: Anchors, second: Anchors) -> Anchors:
    """Return the anchors of two groups of stations as one, the second after the first."""
    assert first.door_xy is not None
    assert second.door_xy is not None
    return on_own_feet(
        start=read_only(
            np.concatenate([first.start, first.start[-1] + second.start[1:]]), np.int64
        ),
        edge=read_only(np.concatenate([first.edge, second.edge]), np.int32),
        offset_m=read_only(np.concatenate([first.offset_m, second.offset_m]), np.float64),
        leg_m=read_only(np.concatenate([first.leg_m, second.leg_m]), np.float64),
        xy=read_only(np.concatenate([first.xy, second.xy]), np.float64),
        point_xy=read_only(np.concatenate([first.point_xy, second.point_xy]), np.float64),
        nearest_way_m=read_only(
            np.concatenate([first.nearest_way_m, second.nearest_way_m]), np.float64
        ),
        door_xy=read_only(np.concatenate([first.door_xy, second.door_xy]), np.float64),
        standing=standing_of(first).beside(standing_of(second)),
    )


def streets_at(
    results: Results, xy: FloatArray, *, within_m: float = 40.0, most: int = 2
) -> tuple[str, ...]:
    """Return the names of the nearest streets, at most ``most``, the nearest first.

    Where none is within ``within_m``, the nearest within five times as far.
    """
    net = results.network
    named = np.flatnonzero(net.name > 0)
    if not len(named):
        return ()

    # streets by distance; a millimeter makes no difference
    away_m = shapely.distance(lines_of(net, named).lines, shapely.Point(xy))
    order = np.lexsort([named, np.round(away_m, 3)])
    names = [net.names[net.name[edge]] for edge in named[order]]

    near = [name for name, meters in zip(names, away_m[order], strict=True) if meters <= within_m]
    if near:
        return tuple(dict.fromkeys(near))[:most]
    if away_m[order[0]] <= 5 * within_m:
        return (names[0],)
    return ()


def _candidates(
    results: Results,
    settings: SitingSettings,
    near_xy: FloatArray,
    within_m: float,
    *,
    asked: Callable[[], tuple[Asking, ...] | None] | None,
    services: int,
) -> tuple[Candidates, float | None, bool]:
    """Return the candidates that settings ask for, and the spacing of those along the streets.

    Last, whether some best plan of all places on the streets is among them.
    """
    net = results.network
    if settings.candidates == "rooms":
        return rooms(settings.rooms, net.plane), None, False

    # where walks end, unless that is too many places
    ground = ground_of(net, results.extract, not_in=settings.not_in, only_in=settings.only_in)
    stretches = open_stretches(net, ground)
    served = _served(results, stretches, within_m)
    listed = len(stretches.edge) * served * max(1.0, served / SERVED_PER_END)
    rows = asked() if asked is not None and listed <= MOST_LISTED else None
    if rows is not None:
        ends = ends_on_streets(results, stretches, rows, most=MOST_SERVED // services)
        if ends is not None:
            streets = ends.beside(_inside_compounds(results, stretches))
            return with_public(results, settings, ground, streets), None, True

    # positions along the streets; where none is asked for, the spacing grows until they are few
    most = np.clip(MOST_SERVED / max(served * services, 1.0), LEAST_POSITIONS, MOST_PLACES)
    spacing_m = settings.spacing_m or SPACING_M
    while True:
        streets, _ = street_positions(net, spacing_m=spacing_m, stretches=stretches)
        count = int(_near(streets.xy, near_xy, within_m).sum())
        if settings.spacing_m is not None or count <= most:
            break
        spacing_m = float(np.ceil(spacing_m * max(1.1, (count / most) ** 0.5)))
    return with_public(results, settings, ground, streets), spacing_m, False


def _served(results: Results, stretches: Tracks, within_m: float) -> float:
    """Return about how many points of those who live there a place on the stretches serves."""
    net = results.network
    sample = np.unique(np.linspace(0, len(stretches.edge) - 1, SAMPLED).astype(np.int64))
    if not len(stretches.edge) or not len(results.demand.xy):
        return 0.0
    xy = net.node_xy[net.edge_start[stretches.edge[sample]]]
    tree = shapely.STRtree(shapely.points(results.demand.xy))
    near, _ = tree.query(shapely.points(xy), predicate="dwithin", distance=within_m)
    return STRAIGHT * len(near) / len(sample)


def _inside_compounds(results: Results, stretches: Tracks) -> Candidates:
    """Return positions along the streets within compounds, which stations there serve by their exits."""
    spaced = street_positions(results.network, spacing_m=SPACING_M, stretches=stretches)[0]
    inside = np.unique(holding(results.demand.yards, spaced.xy)[0])
    return replace(spaced.take(inside), id=tuple(f"inside-{row + 1}" for row in inside.tolist()))


def with_public(
    results: Results, settings: SitingSettings, ground: Ground, streets: Candidates
) -> Candidates:
    """Return positions along streets, and the public buildings in which a station may find a room."""
    plane = results.network.plane
    if settings.candidates == "streets" or results.extract is None:
        return streets

    public = features(results.extract, plane, PUBLIC_BUILDINGS)
    public = public.take(np.flatnonzero(ground.admits(public.xy)))
    return streets.beside(public)


def _near(xy: FloatArray, near_xy: FloatArray, within_m: float) -> BoolArray:
    """Return (c,) whether each position lies within ``within_m`` of one of ``near_xy``."""
    near = np.zeros(len(xy), dtype=bool)
    if len(near_xy) and len(xy):
        from scipy.spatial import cKDTree

        away_m = cKDTree(near_xy).query(xy, distance_upper_bound=within_m * 1.01)[0]
        near = away_m <= within_m
    return near


def _as_stations(
    results: Results, candidates: Candidates, capacity: float | None
) -> tuple[Station, ...]:
    """Return candidates as stations that offer nothing yet, open to all.

    Without ``capacity`` they are never full.
    """
    # a room's coordinates are those of its table
    lonlat = results.network.plane.to_lonlat(candidates.xy).round(DIGITS)
    if candidates.rooms is not None:
        lonlat = np.array([(room.lon, room.lat) for room in candidates.rooms]).reshape(-1, 2)

    taken = {station.id for station in results.stations}
    stations = []
    for row, key in enumerate(candidates.id):
        while key in taken:
            key = f"{key}+"
        station = Station(
            key,
            candidates.name[row] or key,
            Tier.MICRO,
            None,
            (),
            shapely.Point(lonlat[row].tolist()),
            illustrative=False,
            details={},
            capacity=capacity,
        )
        if candidates.rooms is not None:
            station = _in_room(station, candidates.rooms[row])
        stations.append(station)
    return tuple(stations)


def _in_room(station: Station, room: Room) -> Station:
    """Return the station with what is known of the room that it stands in."""
    capacity = station.capacity if room.capacity is None else room.capacity
    return replace(
        station,
        floor=room.floor,
        elevator=room.elevator,
        area_m2=room.area_m2,
        capacity=capacity,
    )
