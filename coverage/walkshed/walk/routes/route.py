"""The shortest walk from a point to a station, with its exact line and its street names."""

from __future__ import annotations

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import read_only
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors, Route, Stretch
from walkshed.model.messages import Message
from walkshed.walk.routes.journeys import Journeys, journeys


def route(net: StreetNetwork, point: Anchors, station: Anchors) -> Route | None:
    """Return the shortest walk from the one point of ``point`` to the one station of ``station``, or None.

    Its meters are exactly the distance that ``nearest`` and ``pairs`` report; those of its
    stretches sum to it. The line begins at the point (the door taken, where a point has several)
    and ends at the station.
    """
    if len(point.start) != 2 or len(station.start) != 2:
        points, stations = len(point.start) - 1, len(station.start) - 1
        raise InvalidValueError(
            Message(
                "a route joins one point to one station, not {points} to {stations}; pass anchors "
                "of one point each",
                points=points,
                stations=stations,
            )
        )
    return routes(net, point, station)[0]


def routes(net: StreetNetwork, points: Anchors, station: Anchors) -> list[Route | None]:
    """Return the shortest walk from each point to the one station, None where there is none.

    The search is made once. Each is the walk that ``route`` returns for that point alone.
    """
    count = len(points.start) - 1
    every, only = np.arange(count), np.zeros(count, dtype=np.int64)
    found = journeys(net, points, station, point=every, station=only)
    return [_route(net, points, found, row) if found.reached[row] else None for row in range(count)]


def _route(net: StreetNetwork, points: Anchors, found: Journeys, row: int) -> Route:
    """Return one walk as a value."""
    line = found.xy[found.start[row] : found.start[row + 1]]
    first, end = found.stretch_start[row], found.stretch_start[row + 1]

    stretches = []
    for at, begin in zip(range(first, end), [0, *found.last[first:end].tolist()]):
        stretches.append(
            Stretch(
                "" if found.leg[at] else net.names[found.name[at]],
                float(found.meters[at]),
                steps=bool(found.steps[at]),
                kind=_kind(leg=bool(found.leg[at]), private=bool(found.private[at])),
                first=begin,
                last=int(found.last[at]),
            )
        )

    return Route(
        float(found.meters[first:end].sum()),
        read_only(line, np.float64),
        tuple(stretches),
        int(found.anchor[row] - points.start[row]),
    )


def _kind(*, leg: bool, private: bool) -> str:
    if leg:
        return "leg"
    return "private" if private else "street"
