"""What passes between the geocoding room and those who ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from shapely.geometry.base import BaseGeometry

from walkshed.model.messages import Message


class Precision(StrEnum):
    """What an answer's position stands for, the most exact first."""

    DOOR = "door"  # an entrance, a numbered building of a compound, a mapped room or shop
    NUMBER = "number"  # a building or a ground with that house number
    SPOT = "spot"  # a crossing of two streets, a stop or a station that was asked for
    STREET = "street"  # somewhere along the street
    COMPOUND = "compound"  # a compound, a campus, a park or another ground by its name
    COMMUNITY = "community"  # a community or a village
    AREA = "area"  # a subdistrict, a district, a city

    @property
    def rank(self) -> int:
        """0 for the most exact."""
        return list(Precision).index(self)

    @property
    def told(self) -> Message:
        """The word for it in messages."""
        return _PRECISIONS[self]


_PRECISIONS = {
    Precision.DOOR: Message("door"),
    Precision.NUMBER: Message("number"),
    Precision.SPOT: Message("crossing or stop"),
    Precision.STREET: Message("street"),
    Precision.COMPOUND: Message("compound"),
    Precision.COMMUNITY: Message("community"),
    Precision.AREA: Message("area"),
}


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

    ``score`` is 1 for a full match and less for a doubtful one; ``uncertainty_m`` is how far the
    true point may lie from the stated one, from the size of the thing that matched. ``doubts`` say
    in words what does not fit.
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
    """What a person said about a row: where it is, who says so, and when (ISO date).

    ``ground``: the compound's ground on the map instead of a point, by name or id ("w123"); "none"
    for none of them.
    """

    id: str
    lon: float | None
    lat: float | None
    who: str
    when: str
    ground: str = ""
    name: str = ""  # as the sheet has it


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one query: an answer, or the reason why there is none."""

    query: Query
    answer: Answer | None
    reason: str = ""  # in words; empty with an answer
    findings: tuple[str, ...] = ()  # what deserves a look, such as two services that disagree
    others: tuple[Answer, ...] = ()  # further answers, of the same or another geocoder


@dataclass(frozen=True, slots=True)
class CrsTrial:
    """How the rows of a table look under one coordinate system."""

    crs: str  # "wgs84", "gcj02", "bd09" or "EPSG:4549"
    swapped: bool  # the first column holds the latitude (or northing)
    inside: float  # share of the rows in the study area or within a margin of it
    street_m: float  # median distance to the nearest street; nan without rows inside
    named: int  # rows whose name or street is known to the extract
    named_m: float  # median distance to what bears the name; nan without any
    score: float  # sum of log-likelihood ratios, higher is better


@dataclass(frozen=True, slots=True)
class CrsFinding:
    """What the coordinate detective says about a group of rows; ``crs`` is None where it refuses.

    ``confidence`` is 0 to 1; ``reason`` says in words what decided, or what to state where nothing
    did; ``doubt`` why nothing did, if that can be told without what to state.
    """

    rows: tuple[int, ...]  # from 0, in the order of the table
    group: str  # the caller's label of the rows, "" without
    crs: str | None
    swapped: bool
    confidence: float
    reason: str
    trials: tuple[CrsTrial, ...]  # the best first
    notes: tuple[str, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class DatumDoubt:
    """A table whose coordinates may stand in a shifted datum: nobody says it, and its places do not tell.

    They are taken as WGS84. ``key``: of study.toml, where it is to be stated ("stations.crs").
    """

    key: str
    table: str  # as messages call it
    rows: int  # of which nothing tells
    of: int  # rows with coordinates


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One compound of a planner's list, without geometry."""

    name: str
    community: str = ""
    address: str = ""
    households: float | None = None
    kind: str = ""
    # which one it is, where a person has said so: its name or id; "none" for none of them
    ground: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A named ground of the extract that a compound may be; ``geometry`` in WGS84 degrees."""

    feature: str  # "w123"
    names: tuple[str, ...]  # the main one first
    community: str  # the community around it, "" where the extract knows none
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class LedgerMatch:
    """Which grounds a row of the ledger is: none, one, or the parts of one; a doubt is for the review sheet."""

    row: LedgerRow
    grounds: tuple[int, ...]  # in the caller's order
    score: float
    how: str  # "name", "ending", "parts", "slip", "address", "review" or "none"
    doubts: tuple[str, ...]
    others: tuple[str, ...]  # names of further grounds that it may be
    features: tuple[str, ...] = ()  # of the grounds: "w123"
    named: tuple[str, ...] = ()  # and what the map calls them

    @property
    def sure(self) -> bool:
        """Whether it needs no review."""
        return bool(self.grounds) and not self.doubts


@dataclass(frozen=True, slots=True)
class InDoubt:
    """What hangs on doubtful places: ``counts`` by row, of people, or of blocks where nobody states people."""

    counts: Mapping[str, float]
    unit: Literal["people", "blocks"] = "people"
