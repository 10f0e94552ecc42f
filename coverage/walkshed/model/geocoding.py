"""What passes between the geocoding room and those who ask it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Precision(StrEnum):
    """What an answer's position stands for, the most exact first."""

    DOOR = "door"  # an entrance, a numbered building of a compound, a mapped room or shop
    NUMBER = "number"  # a building or a ground with that house number
    STREET = "street"  # somewhere along the street
    COMPOUND = "compound"  # a compound, a campus, a park or another ground by its name
    COMMUNITY = "community"  # a community or a village
    AREA = "area"  # a subdistrict, a district, a city

    @property
    def rank(self) -> int:
        """0 for the most exact."""
        return list(Precision).index(self)


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: an address, the name of a place, or both; ``id`` names the row of the caller's table."""

    address: str = ""
    name: str = ""
    city: str = ""  # where the caller knows it; online services need it
    id: str = ""

    @property
    def text(self) -> str:
        """The address, else the name."""
        return self.address or self.name


@dataclass(frozen=True, slots=True)
class Answer:
    """One place for a query, in WGS84 degrees.

    ``score`` is 1 for a full match and less for a doubtful one; ``uncertainty_m`` is how far the true point may lie
    from the stated one, from the size of the thing that matched. ``doubts`` say in words what does not fit.
    """

    lon: float
    lat: float
    matched: str  # the name or address that matched, as the source writes it
    precision: Precision
    score: float  # 0 to 1
    source: str  # "osm" (the extract) or the provider's name
    data_date: str | None  # ISO date of the source's data, None where it does not say
    uncertainty_m: float
    feature: str = ""  # "w123": the OSM element; a provider's own id
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What a person said about a row: where it is, who says so, and when (ISO date)."""

    id: str
    lon: float
    lat: float
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one query: an answer, or the reason why there is none."""

    query: Query
    answer: Answer | None
    reason: str = ""  # in words; empty with an answer
    findings: tuple[str, ...] = ()  # what deserves a look, such as two services that disagree
