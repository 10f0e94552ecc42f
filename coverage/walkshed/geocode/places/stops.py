"""Stops and stations that are asked for as such, and the numbered ways out of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import shapely

from walkshed.geocode.geometry.shapes import meters_apart, together
from walkshed.geocode.names import key_of
from walkshed.geocode.places.answers import Answers, doubted, undecided
from walkshed.geocode.places.lookups import Feature, Lookups
from walkshed.geocode.places.mentions import Mention
from walkshed.geocode.wordings.vocabulary import Kind, rides
from walkshed.model.geocoding import Location, Precision
from walkshed.model.messages import Message

#: Platforms of both directions, and a station and what leads to it, are one place.
_ONE_STOP_M: Final = 250.0
_EXIT_M: Final = 500.0  # from its station
_NO_EXIT: Final = 0.9


def stop_answers(stop: Mention, lookups: Lookups, answers: Answers) -> list[Location]:
    """Return the stop that a mention asks for; several far from each other are told and not taken."""
    # those of the line that is named: metro or bus
    words = [piece.text for piece in (*stop.before[-1:], *stop.after[:2])]
    ride = next((told for word in words if (told := rides(word))), "")
    features = [feature for _, feature in stop.features if ride in ("", feature.sort)]
    if not features:
        return []

    # a stop's platforms lie together; the metro is meant where both are there
    groups = together([feature.shape for feature in features], _ONE_STOP_M)
    listed = []
    for group in groups:
        members = [features[index] for index in group]
        rail = [member for member in members if member.sort == "rail"]
        listed.append(_stop_answer(rail or members, answers))
    if len(groups) > 1:
        listed = [
            undecided(
                answer,
                Message("{count} {count:place bears|places bear} that name", count=len(groups)),
            )
            for answer in listed
        ]

    wanted = stop.says(Kind.EXIT)
    if not wanted:
        return listed
    return [_exit_of(answer, wanted, lookups) for answer in listed]


def _stop_answer(members: Sequence[Feature], answers: Answers) -> Location:
    """Return the place of one stop: the station as it is drawn, else the platform amid the others."""
    drawn = [member for member in members if member.shape.geom_type != "Point"]

    def farthest_m(member: Feature) -> float:
        here = shapely.Point(member.lon, member.lat)
        return max(meters_apart(here, shapely.Point(other.lon, other.lat)) for other in members)

    best = min(drawn or members, key=lambda member: (farthest_m(member), member.id))
    return replace(
        answers.at(
            best.lon,
            best.lat,
            max(best.uncertainty_m, farthest_m(best)),
            matched=best.shown,
            precision=Precision.SPOT,
        ),
        feature=best.osm,
    )


def _exit_of(answer: Location, wanted: str, lookups: Lookups) -> Location:
    """Return the numbered way out of a station, else the station with a doubt."""
    label = _exit_label(wanted)
    here = shapely.Point(answer.lon, answer.lat)
    exits = [lookups.feature(number) for number in lookups.of_sort("exit")]
    near = [
        each
        for each in exits
        if _exit_label(key_of(each.shown)) == label and meters_apart(each.shape, here) <= _EXIT_M
    ]
    if label and len(near) == 1:
        found = near[0]
        return replace(
            answer,
            lon=found.lon,
            lat=found.lat,
            matched=f"{answer.matched} {found.shown}",
            precision=Precision.DOOR,
            uncertainty_m=found.uncertainty_m,
            feature=found.osm,
        )
    return doubted(answer, Message("{part} is not mapped", part=wanted), _NO_EXIT)


def _exit_label(text: str) -> str:
    """Return the number or letter of a way out: "2" of 2号口."""
    return re.sub(r"号?(?:出入口|进出口|出口|进口|入口|口)$", "", text)
