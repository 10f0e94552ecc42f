"""People as they walk: an adult, an older person, with a pram, in a wheelchair; crews that visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from walkshed.model.labels import own_words


@dataclass(frozen=True, slots=True)
class Walker:
    """How one kind of person walks. None: that way is closed to them.

    ``step_s`` are seconds per step of a flight in the street, ``flight_s`` per floor climbed or
    descended inside a building, of at most ``flights_max`` (None: any number). ``elevator_wait_s``
    is waited once. ``sources`` says of each figure where it comes from; "unverified" for an
    assumption.
    """

    id: str
    zh: str
    en: str
    speed_m_s: float
    step_s: float | None
    flight_s: float | None
    flights_max: float | None
    elevator_wait_s: float
    sources: Mapping[str, str]

    def called(self, language: str) -> str:
        """Return its name in a language."""
        return own_words(self.zh, self.en, language)

    def unverified(self) -> tuple[str, ...]:
        """Return the figures that are assumptions, in the order of the class."""
        return tuple(name for name, source in self.sources.items() if source == "unverified")


#: The walker by whom "too far" is told: nothing is closed to an adult.
ADULT = Walker(
    "adult",
    "成年人",
    "Adult",
    1.2,
    0.6,
    20.0,
    None,
    40.0,
    {
        "speed_m_s": "",
        "step_s": "unverified",
        "flight_s": "unverified",
        "elevator_wait_s": "unverified",
    },
)
