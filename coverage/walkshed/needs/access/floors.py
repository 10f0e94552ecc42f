"""From the door of a building to the window of a service: floors, elevators, steps at the entrance (definition 11)."""

from __future__ import annotations

import math

import numpy as np

from walkshed.model.arrays import FloatArray
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Pace
from walkshed.model.judged.verdicts import Mend
from walkshed.model.town.places import Station
from walkshed.model.town.walkers import Walker

#: Meters of a flight of steps in the street per step: the tread of comfortable outdoor stairs. The
#: count of steps is seldom mapped, the length of the flight always.
STEP_RUN_M = 0.30


def flights(station: Station) -> int:
    """Return how many floors lie between the street and the window.

    Floor 1 is the ground floor, -1 the basement.
    """
    if station.floor is None:
        return 0
    return station.floor - 1 if station.floor >= 1 else -station.floor


def floors_s(station: Station, walker: Walker) -> float:
    """Return the seconds from the door to the window on foot or by elevator, the quicker.

    Inf where closed. What the table does not say does not close the station: an unknown floor is
    the ground floor, an unknown entrance has no steps, and on an upper floor an elevator of which
    nothing is known is there.
    """
    return math.inf if _entrance_closed(station, walker) else _climb_s(station, walker)


def mend_of(station: Station, walker: Walker) -> Mend:
    """Return what opens the station to the walker; ``none`` where nothing closes it."""
    steps, floors = _entrance_closed(station, walker), math.isinf(_climb_s(station, walker))
    if steps and floors:
        return Mend.GROUND_FLOOR_AND_RAMP
    if steps:
        return Mend.RAMP
    return Mend.GROUND_FLOOR if floors else Mend.NONE


def _entrance_closed(station: Station, walker: Walker) -> bool:
    return station.step_free is False and walker.step_s is None


def _climb_s(station: Station, walker: Walker) -> float:
    """Return the seconds between the street and the floor, inf where no way leads there."""
    count = flights(station)
    if count == 0:
        return 0.0

    stairs = math.inf
    most = math.inf if walker.flights_max is None else walker.flights_max
    if walker.flight_s is not None and count <= most:
        stairs = count * walker.flight_s
    return stairs if station.elevator is False else min(stairs, walker.elevator_wait_s)


def pace_in_meters(net: StreetNetwork, walker: Walker) -> Pace | None:
    """Return the pace that counts meters and closes what is closed to the walker.

    None where nothing is.
    """
    if walker.step_s is not None or not net.steps.any():
        return None
    return Pace(np.where(net.steps, np.inf, 1.0), 1.0)


def pace_in_seconds(net: StreetNetwork, walker: Walker) -> Pace:
    """Return the pace that counts seconds: meters by speed, flights of steps by their steps."""
    on_steps = math.inf if walker.step_s is None else walker.step_s / STEP_RUN_M
    per_m: FloatArray = np.where(net.steps, on_steps, 1.0 / walker.speed_m_s)
    return Pace(per_m, 1.0 / walker.speed_m_s)
