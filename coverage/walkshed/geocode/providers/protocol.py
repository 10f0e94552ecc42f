"""What every geocoder can do, and how their answers are made."""

from __future__ import annotations

import contextlib
from typing import Any, Final, Protocol

import numpy as np

from walkshed.errors import shorten
from walkshed.geocode.datums import gcj02_to_wgs84
from walkshed.geocode.places.gazetteer import Gazetteer
from walkshed.model.geocoding import Location, Precision, Query
from walkshed.model.messages import Message
from walkshed.outside.failures import BadAnswerError

#: How far the true place may lie from an answer of a service that does not say.
UNCERTAINTY_M: Final = {
    Precision.DOOR: 30.0,
    Precision.NUMBER: 50.0,
    Precision.SPOT: 150.0,
    Precision.STREET: 500.0,
    Precision.COMPOUND: 150.0,
    Precision.COMMUNITY: 700.0,
    Precision.AREA: 5000.0,
}
#: A service does not say how well the text matched; the coarser the answer, the likelier it stands
#: for something else.
SCORE: Final = {
    Precision.DOOR: 0.95,
    Precision.NUMBER: 0.95,
    Precision.SPOT: 0.9,
    Precision.STREET: 0.7,
    Precision.COMPOUND: 0.9,
    Precision.COMMUNITY: 0.6,
    Precision.AREA: 0.3,
}
#: Characters of what a service calls a place; a page of them is no name.
LONGEST_MATCHED: Final = 300
LONGEST_FEATURE: Final = 40


class Provider(Protocol):
    """A geocoder. ``name`` stands in every answer as its source."""

    @property
    def name(self) -> str:
        """The provider's name."""

    def ask(self, query: Query) -> tuple[Location, ...]:
        """Return answers, the best first, none if it knows no such place.

        Raises ``OutsideServiceError``.
        """


class GazetteerProvider:
    """The embedded gazetteer as a link of a chain."""

    name = "osm"

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def ask(self, query: Query) -> tuple[Location, ...]:
        """Return the gazetteer's candidates."""
        return self._gazetteer.candidates(query)


def answer_at(
    provider: str,
    lon: Any,  # noqa: ANN401 (JSON)
    lat: Any,  # noqa: ANN401
    *,
    shifted: bool,
    matched: str,
    precision: Precision,
    feature: str = "",
    uncertainty_m: float | None = None,
    score: float | None = None,
) -> Location:
    """Return an answer at a place that a service stated.

    ``shifted`` places are in GCJ-02. Raises ``BadAnswerError``.
    """
    place = None
    with contextlib.suppress(TypeError, ValueError):
        place = np.array([[float(lon), float(lat)]])
    if place is None or not (np.abs(place) <= [180.0, 90.0]).all():
        raise BadAnswerError(
            Message(
                "{provider}: an answer without a place on earth; the service may have changed",
                provider=provider,
            )
        )
    if shifted:
        place = gcj02_to_wgs84(place)

    # what the service does not say itself goes by the precision
    return Location(
        lon=round(float(place[0, 0]), 7),
        lat=round(float(place[0, 1]), 7),
        matched=shorten(" ".join(matched.split()), LONGEST_MATCHED),
        precision=precision,
        score=SCORE[precision] if score is None else score,
        source=provider,
        data_date=None,
        uncertainty_m=UNCERTAINTY_M[precision] if uncertainty_m is None else uncertainty_m,
        feature=feature[:LONGEST_FEATURE],
    )


def mapping(answer: Any, provider: str) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    """Return a JSON object as such; raises ``BadAnswerError`` for anything else."""
    if not isinstance(answer, dict):
        raise BadAnswerError(
            Message(
                "{provider}: the answer is not a JSON object; the service may have changed",
                provider=provider,
            )
        )
    return answer
