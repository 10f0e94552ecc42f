"""What is known of stations and may be otherwise: floors, hours, places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import shapely

from walkshed.model.town.places import Area, Offer, Station
from walkshed.model.town.survey import Fact, FactKind, Premise, Reason, place_text
from walkshed.needs.rules.hours import MINUTES_PER_DAY, open_in_week
from walkshed.surveying.candidates import Candidate
from walkshed.surveying.town import Town, open_at_all, people_turned, with_stations

#: A station farther than this from every street stands in a yard, or is wrong.
_FAR_M = 60.0
#: The community of a station is that of the blocks around it: so many, within so many meters.
_AROUND, _AROUND_M = 3, 250.0
#: Whoever opens at no time of the day between these hours has morning and evening exchanged.
_MORNING, _EVENING = 7 * 60, 21 * 60
#: What hours are turned into: open at any time, and never.
_ALWAYS, _NEVER = "24/7", "off"


def station_candidates(town: Town) -> Iterator[Candidate]:
    """Yield the facts of all stations, each as if it were otherwise."""
    near = _people_near(town)
    for row, station in enumerate(town.residents.stations):
        most = near[row] * max(1, len({*_services(town, station)}))
        for fact, reason, people in (
            *_floor(town, station),
            *_hours(town, station),
            *_place(town, row, station),
        ):
            xy = town.standing.doors[town.standing.door_start[row]]
            yield Candidate(
                fact=fact,
                reason=reason,
                name=station.name,
                area=(station.subdistrict, station.community),
                xy=(float(xy[0]), float(xy[1])),
                most=most,
                people=people,
            )


_Known = Iterator[tuple[Fact, Reason, Callable[[], float]]]


def _floor(town: Town, station: Station) -> _Known:
    """Yield how the station is reached: upstairs or with steps as if it were not, else as if it were upstairs."""
    upstairs = station.floor not in (None, 1)
    reason = Reason.STATED
    if station.floor is None or (upstairs and station.elevator is None):
        reason = Reason.UNKNOWN
    elif upstairs and station.elevator is False and station.step_free is True:
        reason = Reason.CONTRADICTED

    # turned
    shut = (upstairs and station.elevator is False) or station.step_free is False
    other = replace(station, elevator=True, step_free=True)
    if not shut:
        higher = station.floor if upstairs else 2
        other = replace(station, floor=higher, elevator=False)
    known = str(Premise(station.floor, station.elevator, station.step_free))
    fact = Fact(FactKind.FLOOR, station.id, (_lonlat(station),), known)
    yield fact, reason, partial(_with_station, town, other)


def _hours(town: Town, station: Station) -> _Known:
    """Yield each of the station's hours as if it were shut when it is open, and open when it is shut."""
    if not town.inputs.settings.at:
        return
    offers = [offer for offer in town.offers if offer.station == station.id]
    for hours in dict.fromkeys(offer.hours for offer in offers):
        is_open = bool(open_at_all(town, [Offer(station.id, "", hours=hours)])[0])
        turned = tuple(
            replace(offer, hours=_NEVER if is_open else _ALWAYS)
            if offer.station == station.id and offer.hours == hours
            else offer
            for offer in town.offers
        )
        fact = Fact(FactKind.HOURS, station.id, (_lonlat(station),), hours)
        reason = _doubt_of_hours(town, station, hours)
        yield fact, reason, partial(_with_offers, town, turned)


def _doubt_of_hours(town: Town, station: Station, hours: str) -> Reason:
    """Return why hours may be wrong: unknown, by night alone, or apart from the hours of the station's door."""
    if not hours:
        return Reason.UNKNOWN
    moment, calendar = town.inputs.settings.at, town.rules.calendar
    week = open_in_week(hours, moment, calendar)
    by_day = any(_overlaps_day(begin, end) for begin, end in week)
    if week and not by_day:
        return Reason.CONTRADICTED

    # a service that is open while the door is shut, or a door that is shut while a service is open
    own = open_in_week(station.hours, moment, calendar) if station.hours else []
    if not own:
        return Reason.STATED
    others = [offer.hours for offer in town.offers if offer.station == station.id and offer.hours]
    compared = others if hours == station.hours else [hours]
    for each in compared:
        if any(not _lies_in(stretch, own) for stretch in open_in_week(each, moment, calendar)):
            return Reason.CONTRADICTED
    return Reason.STATED


def _overlaps_day(begin: int, end: int) -> bool:
    """Return whether a stretch of the week touches the hours of day."""
    days = range(begin // MINUTES_PER_DAY, end // MINUTES_PER_DAY + 1)
    return any(
        begin < day * MINUTES_PER_DAY + _EVENING and end > day * MINUTES_PER_DAY + _MORNING
        for day in days
    )


def _lies_in(stretch: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    """Return whether a stretch lies in one of others."""
    return any(begin <= stretch[0] and stretch[1] <= end for begin, end in others)


def _place(town: Town, row: int, station: Station) -> _Known:
    """Yield the place of a station, if something speaks against it, as if it did not stand there."""
    reason = _doubt_of_place(town, row, station)
    if reason is None:
        return
    lon, lat = _lonlat(station)
    fact = Fact(FactKind.PLACE, station.id, ((lon, lat),), place_text(lon, lat))
    turned = tuple(offer for offer in town.offers if offer.station != station.id)
    yield fact, reason, partial(_with_offers, town, turned)


def _doubt_of_place(town: Town, row: int, station: Station) -> Reason | None:
    """Return why a station may stand elsewhere; None where nothing says so."""
    plane = town.network.plane
    place = shapely.Point(plane.to_xy(np.array([_lonlat(station)]))[0])
    if _is_elsewhere(town, station, place):
        return Reason.CONTRADICTED
    if town.standing.anchors.nearest_way_m[row] > _FAR_M:
        return Reason.FAR
    if town.inputs.settings.stations_source == "osm":
        return Reason.UNVERIFIED
    return None


def _is_elsewhere(town: Town, station: Station, place: shapely.Point) -> bool:
    """Return whether the station lies outside the area it names, or among blocks of other communities."""
    named = [area for area in town.inputs.areas if _is_of(area, station)]
    if named:
        lonlat = shapely.Point(_lonlat(station))
        return not any(area.geometry.buffer(1e-4).contains(lonlat) for area in named)
    if not station.community:
        return False
    blocks = [block for block in town.residents.blocks if block.community]
    shapes = town.network.plane.geometry_to_xy(
        np.array([block.geometry for block in blocks], dtype=object)
    )
    away = shapely.distance(shapes, place) if blocks else np.empty(0)
    nearest = np.argsort(away, kind="stable")[:_AROUND]
    around = [blocks[index].community for index in nearest if away[index] <= _AROUND_M]
    return len(around) == _AROUND and station.community not in around


def _is_of(area: Area, station: Station) -> bool:
    """Return whether an outline is that of the community that a station names."""
    return bool(area.community) and area.community == station.community


def _with_station(town: Town, other: Station) -> float:
    """Return the people who hang on one station being otherwise."""
    stations = [other if each.id == other.id else each for each in town.residents.stations]
    return people_turned(town, with_stations(town, stations, town.offers))


def _with_offers(town: Town, offers: Sequence[Offer]) -> float:
    """Return the people who hang on offers being otherwise."""
    return people_turned(town, with_stations(town, town.residents.stations, offers))


def _services(town: Town, station: Station) -> list[str]:
    """Return what a station offers."""
    return [offer.service for offer in town.offers if offer.station == station.id]


def _lonlat(station: Station) -> tuple[float, float]:
    """Return where a station stands, in degrees."""
    point = station.geometry.representative_point()
    return round(float(point.x), 7), round(float(point.y), 7)


def _people_near(town: Town) -> list[float]:
    """Return, by station, the people within the largest limit of any walk to it."""
    walks, worth = town.walks, town.worth
    counts = np.zeros(len(town.residents.stations))
    crews = [offer.station for offer in town.offers if offer.mode.value == "outreach"]
    near = walks.meters
    np.add.at(counts, near.station, worth[near.point])
    for row, station in enumerate(town.residents.stations):
        if station.id in crews or walks.limit_s:
            counts[row] = worth.sum()
    return [float(count) for count in counts]
