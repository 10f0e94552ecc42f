"""Where a station may stand: along the streets, in mapped buildings, or in rooms that are listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ranges, read_only, to_ticks
from walkshed.model.ground.extract import Extract, Features
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.plane import Plane
from walkshed.model.ground.walking import Anchors, on_own_feet
from walkshed.model.messages import Message
from walkshed.model.plans.siting import Candidates, Room
from walkshed.model.results import Results
from walkshed.model.town.places import Scope, Service, Station
from walkshed.siting.grounds.dominating import Asking, ends_of_walks, undominated
from walkshed.siting.grounds.ground import Ground, all_ground
from walkshed.siting.grounds.sweeping import apart
from walkshed.siting.grounds.tracks import Tracks, places_along, tracks

#: Stations stand on ways where people walk and stop; not on stairs, and not on private ground.
MIN_COMPONENT_M = 500.0
#: More candidates than this are not judged.
MOST_PLACES = 15_000
#: Of those served from all places where somebody's walk ends, so many fit into memory.
MOST_LISTED = 30_000_000


def street_positions(
    net: StreetNetwork,
    *,
    spacing_m: float,
    min_component_m: float = MIN_COMPONENT_M,
    ground: Ground | None = None,
    stretches: Tracks | None = None,
) -> tuple[Candidates, Anchors]:
    """Return positions along the public streets, at most about ``spacing_m`` apart, and where they meet these.

    Each stretch on which the ground lets a station stand is divided into equal parts of
    ``spacing_m`` at most, its ends included; without a ``ground`` that is each street. ``stretches``
    are these where they are known already. Of positions
    closer than half the spacing in a straight line only the first stays, junctions before others,
    lower edges first. Steps, private ways and components shorter than ``min_component_m`` are left
    out. Raises ``InvalidValueError`` for a spacing of 0 or less.
    """
    if not spacing_m > 0:
        raise InvalidValueError(
            Message(
                "spacing_m = {spacing_m} is not a valid spacing; give meters above 0",
                spacing_m=spacing_m,
            )
        )

    # stretches along public ways of large components, each divided into equal parts
    if stretches is None:
        stretches = open_stretches(net, ground, min_component_m=min_component_m)
    long_m = stretches.high_m - stretches.low_m
    parts = np.maximum(np.ceil(long_m / spacing_m).astype(np.int64), 1)
    row = np.repeat(np.arange(len(parts)), parts + 1)
    place = ranges(0, parts + 1)
    share = place / np.repeat(parts, parts + 1)
    edge = stretches.edge[row]
    offset_m = to_ticks(stretches.low_m[row] + share * long_m[row])
    offset_m = np.minimum(offset_m, net.edge_m[edge])

    # junctions first: of positions that are close, the earlier one stays
    inner = (offset_m > 0) & (offset_m < net.edge_m[edge])
    order = np.lexsort((place, edge, inner))
    row, offset_m = row[order], offset_m[order]
    xy = places_along(net, stretches, row, offset_m)
    kept = np.flatnonzero(apart(xy, spacing_m / 2.0))
    return _on_streets(net, stretches, row[kept], offset_m[kept], xy[kept])


def ends_on_streets(
    results: Results, stretches: Tracks, asked: tuple[Asking, ...], *, most: int
) -> Candidates | None:
    """Return places on the streets among which some best plan stands, none that another one outdoes.

    None where these are more than ``MOST_PLACES``, or serve more than ``most`` rows of those who
    ask, or where it would take too long to tell.
    """
    net = results.network
    ends = ends_of_walks(net, results.demand, stretches, asked, most=MOST_LISTED)
    if ends is None:
        return None
    kept = undominated(ends, sum(len(asking.point) for asking in asked))
    if len(kept) > MOST_PLACES or int(np.diff(ends.start)[kept].sum()) > most:
        return None
    row, offset_m = ends.stretch[kept], ends.offset_m[kept]
    xy = places_along(net, stretches, row, offset_m)
    return _on_streets(net, stretches, row, offset_m, xy)[0]


def open_stretches(
    net: StreetNetwork, ground: Ground | None, *, min_component_m: float = MIN_COMPONENT_M
) -> Tracks:
    """Return the stretches of public streets along which a station may stand."""
    public = ~net.steps & ~net.private & net.enterable
    public &= net.component_m[net.component] >= min_component_m
    return tracks(net, ground or all_ground(net), public)


def _on_streets(
    net: StreetNetwork, stretches: Tracks, row: IntArray, offset_m: FloatArray, xy: FloatArray
) -> tuple[Candidates, Anchors]:
    """Return positions along stretches as candidates, and where they meet the streets."""
    count, edge = len(row), stretches.edge[row]
    beside_m = to_ticks(np.abs(stretches.away_m[row]))
    anchors = on_own_feet(
        start=read_only(np.arange(count + 1), np.int64),
        edge=read_only(edge, np.int32),
        offset_m=read_only(offset_m, np.float64),
        leg_m=read_only(beside_m, np.float64),
        xy=read_only(xy, np.float64),
        point_xy=read_only(xy, np.float64),
        nearest_way_m=read_only(beside_m, np.float64),
    )
    candidates = Candidates(
        tuple(f"street-{number + 1}" for number in range(count)),
        tuple(net.names[name] for name in net.name[edge]),
        ("street",) * count,
        read_only(xy, np.float64),
        None,
    )
    return candidates, anchors


def too_near(xy: FloatArray, apart_m: float) -> IntArray:
    """Return (k, 2) pairs of places closer to each other, in a straight line, than ``apart_m``."""
    if apart_m <= 0.0 or len(xy) < 2:
        return np.empty((0, 2), dtype=np.int64)
    tree = shapely.STRtree(shapely.points(xy))
    first, second = tree.query(shapely.points(xy), predicate="dwithin", distance=apart_m)
    pairs = np.column_stack([first, second])[first < second]
    near = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T) < apart_m
    found: IntArray = pairs[near].astype(np.int64)
    return found[np.lexsort((found[:, 1], found[:, 0]))]


def beside_standing(
    results: Results,
    xy: FloatArray,
    services: tuple[Service, ...],
    standing: tuple[Station, ...],
    apart_m: float,
) -> BoolArray:
    """Return (n, s) whether a place is closer than ``apart_m`` to a standing station with the service.

    Stations count whose offer is for everybody: one that admits its own compound, community or
    subdistrict alone is no reason to keep away.
    """
    near = np.zeros((len(xy), len(services)), dtype=bool)
    if apart_m <= 0.0:
        return near
    number = {service.id: column for column, service in enumerate(services)}
    offered = {
        (offer.station, number[offer.service])
        for offer in results.offers
        if offer.service in number and offer.scope is Scope.ALL
    }
    for station in standing:
        columns = [column for key, column in offered if key == station.id]
        if not columns:
            continue
        geometry = np.array([station.geometry], dtype=object)
        away_m = shapely.distance(
            results.network.plane.geometry_to_xy(geometry)[0], shapely.points(xy)
        )
        near[np.ix_(away_m < apart_m, columns)] = True
    return near


def features(
    extract: Extract, plane: Plane, rule: Mapping[str, Collection[str] | None]
) -> Candidates:
    """Return mapped buildings and places whose tags pass ``rule``, one inner point each.

    They pass with one of its keys and one of the key's values (None: any). Places come first, then
    buildings; an element that is listed as both counts once.
    """
    # the name and the point of each element
    elements: dict[str, tuple[str, shapely.Point]] = {}
    for listed in (extract.places, extract.buildings):
        for row in _passing(listed, rule):
            key = f"{listed.osm_type[row]}{int(listed.osm_id[row])}"
            if key not in elements:
                point = shapely.point_on_surface(listed.geometry[row])
                elements[key] = listed.tags[row].get("name", ""), point

    points = np.array([point for _, point in elements.values()], dtype=object)
    xy = plane.to_xy(shapely.get_coordinates(points).reshape(-1, 2))
    return Candidates(
        tuple(elements),
        tuple(name for name, _ in elements.values()),
        ("feature",) * len(elements),
        read_only(xy, np.float64),
        None,
    )


def rooms(listed: tuple[Room, ...], plane: Plane) -> Candidates:
    """Return the rooms of a planner's table as candidates, sorted by id."""
    ordered = tuple(sorted(listed, key=lambda room: room.id))
    lonlat = np.array([(room.lon, room.lat) for room in ordered], dtype=np.float64).reshape(-1, 2)
    return Candidates(
        tuple(room.id for room in ordered),
        tuple(room.name for room in ordered),
        ("room",) * len(ordered),
        read_only(plane.to_xy(lonlat), np.float64),
        ordered,
    )


def service_slots(candidates: Candidates, *, service_m2: float, most: int) -> IntArray:
    """Return (c,) how many services fit at each candidate, ``most`` at most.

    In a room of known area there is one for each ``service_m2``.
    """
    slots = np.full(len(candidates.id), most)
    for row, room in enumerate(candidates.rooms or ()):
        if room.area_m2 is not None:
            slots[row] = min(most, int(room.area_m2 // service_m2))
    return slots


def _passing(listed: Features, rule: Mapping[str, Collection[str] | None]) -> list[int]:
    """Return the rows whose tags pass the rule."""
    return [
        row
        for row, tags in enumerate(listed.tags)
        if any(
            key in tags and (values is None or tags[key] in values) for key, values in rule.items()
        )
    ]
