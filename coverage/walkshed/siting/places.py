"""Where stations of a study may stand, as stations: each candidate meets the streets just as a station would."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, IntArray, read_only
from walkshed.model.places import Service, Station, Tier
from walkshed.model.proposals import SitingSettings
from walkshed.model.results import Results
from walkshed.model.siting import Candidates, Room
from walkshed.model.walking import Anchors, Standing, on_own_feet
from walkshed.needs.standards import need_for
from walkshed.siting.candidates import features, rooms, service_slots, street_positions
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
#: More street positions than this cost time without making a plan better that a planner would
#: notice.
MOST_POSITIONS = 1500
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


def places(
    results: Results, settings: SitingSettings, near_xy: FloatArray, within_m: float
) -> Places:
    """Return the candidates that settings ask for, those within ``within_m`` (straight) of a point of ``near_xy``.

    Left out are candidates that would not meet the network, or whose nearest way belongs to a part
    of it that does not count: a station there would make it count, and change walks that are taken
    as given. Raises ``InvalidValueError`` where nothing is left.
    """
    if settings.candidates == "rooms" and not settings.rooms:
        raise InvalidValueError(
            "candidates = 'rooms', but no room is listed; name their table in [siting] candidates"
        )
    found, spacing_m = _listed(results, settings, near_xy, within_m)
    lonlat = results.network.plane.to_lonlat(found.xy).round(DIGITS)
    if found.rooms is not None:
        lonlat = np.array([(room.lon, room.lat) for room in found.rooms]).reshape(-1, 2)
    listed = found.rooms or (None,) * len(found.id)
    taken = {station.id for station in results.stations}
    made = tuple(
        _station(*row, taken=taken, capacity=settings.station_capacity)
        for row in zip(found.id, found.name, lonlat.tolist(), listed, strict=True)
    )
    anchors = station_anchors(results, made, results.inputs.settings.max_snap_m)
    anywhere = snap(
        results.network,
        station_doors(made, results.network.plane, results.extract)[0],
        max_snap_m=results.inputs.settings.max_snap_m,
    )
    counts = np.zeros(len(made), dtype=bool)
    component = results.network.component[anywhere.edge]
    usable = component >= 0 if results.usable is None else results.usable[component]
    owner = np.repeat(np.arange(len(made)), np.diff(anywhere.start))  # one may have several anchors
    counts[owner[usable]] = True
    kept = np.flatnonzero(anchors.on_network & counts & _near(found.xy, near_xy, within_m))
    if not len(kept):
        raise InvalidValueError(
            f"candidates = {settings.candidates!r}: none of {len(made)} lies on the streets within reach of people who "
            "lack a service; list rooms, or lower spacing_m"
        )
    off = [
        room.id
        for room, on in zip(found.rooms or (), anchors.on_network & counts, strict=False)
        if not on
    ]
    told = (
        f"rooms away from the streets that count, and so no candidates: {', '.join(off)}"
        if off
        else ""
    )
    slots = service_slots(found, service_m2=settings.service_m2, most=settings.services_per_site)
    return Places(
        tuple(made[row] for row in kept),
        anchors.take(kept),
        tuple(found.kind[row] for row in kept),
        tuple(listed[row] for row in kept),
        slots[kept],
        spacing_m,
        (told,) if told else (),
    )


def all_places(results: Results, settings: SitingSettings, within_m: float) -> Places | None:
    """Return where stations may open beside upgrades: listed rooms, and candidates elsewhere if one has a price.

    A station has a price if ``station_cost``, ``service_cost`` or ``new`` says how many can be had.
    None without any.
    """
    near_xy, found = results.demand.xy, []
    if settings.rooms:
        found.append(replace(settings, candidates="rooms"))
    if settings.candidates != "rooms" and (
        settings.station_cost or settings.service_cost or settings.new is not None
    ):
        found.append(settings)
    parts = [places(results, each, near_xy, within_m) for each in found]
    if len(parts) < 2:
        return parts[0] if parts else None
    taken = {station.id for station in parts[0].stations}
    streets = tuple(
        replace(station, id=f"{station.id}+") if station.id in taken else station
        for station in parts[1].stations
    )
    return Places(
        (*parts[0].stations, *streets),
        joined(parts[0].anchors, parts[1].anchors),
        (*parts[0].kind, *parts[1].kind),
        (*parts[0].room, *parts[1].room),
        np.concatenate([parts[0].slots, parts[1].slots]),
        parts[1].spacing_m,
        parts[0].notes,
    )


def station_anchors(results: Results, stations: tuple[Station, ...], max_snap_m: float) -> Anchors:
    """Return where stations meet the parts of the network that count in the study."""
    doors, start = station_doors(stations, results.network.plane, results.extract)
    return snap(results.network, doors, start=start, max_snap_m=max_snap_m, usable=results.usable)


def large_enough(
    results: Results, stations: tuple[Station, ...], services: tuple[Service, ...]
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return (t, s) False where the standard asks more floor area of a service than a station is known to have."""
    asked = np.array([area_asked_m2(results, service) for service in services])
    known = np.array(
        [np.inf if station.area_m2 is None else station.area_m2 for station in stations]
    )
    return np.asarray(known[:, None] >= asked[None, :], dtype=bool)


def area_asked_m2(results: Results, service: Service) -> float:
    """Return the most floor area that the study's standard asks of a station with the service; 0 where it asks none."""
    rows = [
        need_for(results.inputs.needs, kind, service)
        for kind in {block.kind for block in results.blocks}
    ]
    return max(
        (row.min_area_m2 for row in rows if row is not None and row.min_area_m2 is not None),
        default=0.0,
    )


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
        standing=_standing(first).beside(_standing(second)),
    )


def _standing(anchors: Anchors) -> Standing:
    """Return where the anchors, each on a foot of its own, are walked to across squares."""
    if anchors.feet.standing is not None:
        return anchors.feet.standing.take(anchors.foot)
    nowhere = read_only([], np.int32), read_only(np.zeros((0, 2)), np.float64)
    nobody = read_only([], np.int32), read_only([], np.float64)
    return Standing(*nowhere, *nobody).with_streets(len(anchors.foot))


def streets_at(
    results: Results, xy: FloatArray, *, within_m: float = 40.0, most: int = 2
) -> tuple[str, ...]:
    """Return the names of the nearest streets (at most ``most``), the nearest first; farther ones if none is near."""
    net = results.network
    named = np.flatnonzero(net.name > 0)
    if not len(named):
        return ()
    lines = np.array(
        [
            shapely.linestrings(net.vertex_xy[net.vertex_from[e] : net.vertex_from[e + 1]])
            for e in named
        ]
    )
    away = shapely.distance(lines, shapely.Point(xy))
    order = np.lexsort([named, np.round(away, 3)])
    names = dict.fromkeys(net.names[net.name[named[row]]] for row in order if away[row] <= within_m)
    found = tuple(names)[:most]
    nearest = order[0]
    return found or (
        (net.names[net.name[named[nearest]]],) if away[nearest] <= 5 * within_m else ()
    )


def _listed(
    results: Results, settings: SitingSettings, near_xy: FloatArray, within_m: float
) -> tuple[Candidates, float | None]:
    plane = results.network.plane
    if settings.candidates == "rooms":
        return rooms(settings.rooms, plane), None
    spacing_m = settings.spacing_m or SPACING_M
    while True:
        streets, _ = street_positions(results.network, spacing_m=spacing_m)
        count = int(_near(streets.xy, near_xy, within_m).sum())
        if settings.spacing_m is not None or count <= MOST_POSITIONS:
            break
        spacing_m = float(np.ceil(spacing_m * max(1.1, (count / MOST_POSITIONS) ** 0.5)))
    if settings.candidates == "streets" or results.extract is None:
        return streets, spacing_m
    public = features(results.extract, plane, PUBLIC_BUILDINGS)
    both = Candidates(
        (*streets.id, *public.id),
        (*streets.name, *public.name),
        (*streets.kind, *public.kind),
        read_only(np.concatenate([streets.xy, public.xy]), np.float64),
        None,
    )
    return both, spacing_m


def _near(
    xy: FloatArray, near_xy: FloatArray, within_m: float
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    found = np.zeros(len(xy), dtype=bool)
    if len(near_xy) and len(xy):
        tree = shapely.STRtree(shapely.points(near_xy))
        found[
            np.unique(tree.query(shapely.points(xy), predicate="dwithin", distance=within_m)[0])
        ] = True
    return found


def _station(
    key: str,
    name: str,
    lonlat: list[float],
    room: Room | None,
    *,
    taken: set[str],
    capacity: float | None,
) -> Station:
    """Return a candidate as a station that offers nothing yet, open to all; without ``capacity`` it is never full."""
    while key in taken:
        key = f"{key}+"
    place = Station(
        key,
        name or key,
        Tier.MICRO,
        None,
        (),
        shapely.Point(lonlat),
        illustrative=False,
        details={},
        capacity=capacity,
    )
    if room is None:
        return place
    places_there = capacity if room.capacity is None else room.capacity
    return replace(
        place, floor=room.floor, elevator=room.elevator, area_m2=room.area_m2, capacity=places_there
    )
