"""Needs, offers and walkers for the page's what-if: by what rules it is decided who is served."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from walkshed.maps.payload.whatif.hours import USUAL_HOURS, hours_week
from walkshed.model.arrays import BoolArray
from walkshed.model.results import Results
from walkshed.model.town.places import Need, Offer, Scope, Service, Station
from walkshed.model.town.walkers import ADULT, Walker
from walkshed.needs.access.floors import STEP_RUN_M, floors_s
from walkshed.needs.judging.unplaced import may_be_served
from walkshed.needs.rules.calendars import calendar_here
from walkshed.needs.rules.hours import open_at
from walkshed.needs.rules.offers import admits, all_offers, station_homes, usual_mode, would_offer
from walkshed.needs.rules.standards import limit_m, need_for
from walkshed.needs.rules.walkers import crew_of, walker_of


def offers_payload(results: Results, kinds: list[str]) -> dict[str, Any]:
    """Return services with their needs by kind, standing offers, what each station would offer, and the walkers.

    ``admits`` is None for everybody, else the admitted blocks. ``floors_s`` has one number per
    walker, None where the window is closed to that walker; seconds from door to window. ``hours``
    tells of the study's own opening hours and some usual ones whether they are open at the moment
    of the run, ``week`` in which half hours of its week; both are None where no moment is asked
    for. ``unplaced`` are the blocks that a station without
    a place may serve.
    """
    walkers = [walker_of(results.inputs.walkers, name) for name in results.answers]
    stations, services = results.stations, results.inputs.services
    row = {station.id: number for number, station in enumerate(stations)}
    number = {service.id: index for index, service in enumerate(services)}

    # what each station offers today, then what it would offer if it took up a service
    plain = tuple(would_offer(station, "") for station in stations)
    offers = tuple(results.offers) or all_offers(results.inputs.offers, stations)
    homes = station_homes(stations, results.blocks, results.network)
    entitled = admits((*offers, *plain), stations, results.blocks, homes)

    # whether each is open at the moment asked for, by today's hours and by those to be tried
    at = results.inputs.settings.at
    calendar = calendar_here(results.inputs, results.network)
    open_now = open_at(at, (*offers, *plain), calendar)
    known = sorted({offer.hours for offer in (*offers, *plain)} - {""} | set(USUAL_HOURS))
    tried = None
    if plain:
        trial = tuple(replace(plain[0], hours=hours) for hours in known)
        tried = open_at(at, trial, calendar)
    may_be = may_be_served(results.inputs.unplaced, results.blocks, list(number))

    def described(offer: Offer, allowed: BoolArray) -> dict[str, Any]:
        station = stations[row[offer.station]]
        floors = [floors_s(station, walker) for walker in walkers]
        return {
            "mode": offer.mode.value,
            "admits": None if allowed.all() else np.flatnonzero(allowed).tolist(),
            "hours": offer.hours if at else "",
            "open": open_now is None or not offer.hours or open_now[offer.hours],
            "places": offer.capacity,
            "readiness_s": 60.0 * offer.readiness_min,
            "floors_s": [None if math.isinf(seconds) else seconds for seconds in floors],
        }

    def needs_by_kind(service: Service) -> list[dict[str, Any] | None]:
        needs = [need_for(results.inputs.needs, kind, service) for kind in kinds]
        return [_need(need, walkers) for need in needs]

    return {
        "services": [
            {
                "id": service.id,
                "complete": service.complete,
                "unplaced": np.flatnonzero(may_be[:, number[service.id]]).tolist(),
                "mode": usual_mode(offers, service.id).value,
                "needs": needs_by_kind(service),
            }
            for service in services
        ],
        "offers": [
            {
                "station": row[offer.station],
                "service": number[offer.service],
                **described(offer, allowed),
            }
            for offer, allowed in zip(offers, entitled)
            if offer.service in number
        ],
        "would": [
            {
                **described(offer, allowed),
                "premises": {
                    "floor": station.floor,
                    "elevator": station.elevator,
                    "step_free": station.step_free,
                    "hours": None,
                },
                "may_move": _may_move(station, offers),
            }
            for station, offer, allowed in zip(stations, plain, entitled[len(offers) :])
        ],
        "hours": None if tried is None else dict(tried),
        "week": hours_week(known, at, calendar),
        "walkers": [_walker(walker) for walker in walkers],
        "adult": _walker(walker_of(results.inputs.walkers, ADULT.id)),
        "crew": _walker(crew_of(results.inputs.walkers)),
    }


def _may_move(station: Station, offers: tuple[Offer, ...]) -> bool:
    """Return whether each offer of the station admits the same blocks wherever it stands."""
    scopes = {station.scope, *(offer.scope for offer in offers if offer.station == station.id)}
    named = {
        Scope.ALL: True,
        Scope.SUBDISTRICT: bool(station.subdistrict),
        Scope.COMMUNITY: bool(station.subdistrict and station.community),
        Scope.COMPOUND: False,
    }
    return all(named[scope] for scope in scopes)


def _need(need: Need | None, walkers: list[Walker]) -> dict[str, Any] | None:
    """Return a need with its limit in meters or seconds, and in the meters of each walker."""
    if need is None:
        return None

    places = need.places_per_1000
    seconds = 60.0 if need.unit == "min" else 1.0
    return {
        "unit": need.unit,
        "metric": need.metric,
        "limit": need.limit * seconds,
        "limit_m": [limit_m(need, walker) for walker in walkers],
        "places_per_head": None if places is None else places / 1000.0,
    }


def _walker(walker: Walker) -> dict[str, Any]:
    """Return what streets and floors cost the walker; None is closed.

    ``step_s_per_m`` is of flights in the street.
    """
    return {
        "id": walker.id,
        "zh": walker.zh,
        "en": walker.en,
        "level_s_per_m": 1.0 / walker.speed_m_s,
        "speed_m_s": walker.speed_m_s,
        "step_s_per_m": None if walker.step_s is None else walker.step_s / STEP_RUN_M,
        "flight_s": walker.flight_s,
        "flights_max": walker.flights_max,
        "elevator_wait_s": walker.elevator_wait_s,
    }
