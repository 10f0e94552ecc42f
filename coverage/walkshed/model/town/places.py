"""Stations, services, blocks and the needs that tie them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from shapely.geometry.base import BaseGeometry

from walkshed.model.labels import Composed, Label, own_words
from walkshed.model.messages import Message


class Tier(StrEnum):
    """The tier of a station in the network of hubs and spokes."""

    HUB = "hub"
    CENTER = "center"
    MICRO = "micro"
    COMPOUND = "compound"


class Kind(StrEnum):
    """The kinds of residential block that the shipped standards know; a study may name others."""

    COMMODITY = "commodity"
    OLD = "old"
    RESETTLEMENT = "resettlement"


class Basis(StrEnum):
    """What kind of text a rule stands on."""

    NATIONAL_STANDARD = "national_standard"
    LOCAL_STANDARD = "local_standard"
    POLICY = "policy"
    DRAFT = "draft"
    LOCAL_PRACTICE = "local_practice"


class Form(StrEnum):
    """Whether a block is a compound behind one edge, or the houses between streets (definition 3)."""

    COMPOUND = "compound"
    STREET_BLOCK = "street_block"


class PeopleSource(StrEnum):
    """Where a block's number of people comes from (definition 8)."""

    GIVEN = "given"
    ESTIMATED = "estimated"
    NONE = "none"


class Scope(StrEnum):
    """Who may use an offer: everybody, or the residents of its own subdistrict, community or compound."""

    ALL = "all"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    COMPOUND = "compound"


#: A compound's station often stands at its gate, just outside its outline.
BESIDE_COMPOUND_M = 100.0
#: What notes call the ground of a level.
LEVEL_NAMES = {
    "subdistrict": Message("subdistrict"),
    "community": Message("community"),
    "compound": Message("compound"),
}


class Mode(StrEnum):
    """Whether residents come to the service, or the service to them (home visits, meals at the door, repairs)."""

    VISIT = "visit"
    OUTREACH = "outreach"


@dataclass(frozen=True, slots=True)
class Service:
    """One broad class of service. ``complete``: the planner says that every station that offers it is listed.

    ``standard_item`` names the lines of standards that it answers to, with ``;`` between; None for
    none.
    """

    id: str
    zh: str
    en: str
    standard_item: str | None
    complete: bool
    includes: str = ""  # what it comprises, as the planner's table says
    as_of: str = ""  # the date of the list of its stations
    reported_by: str = ""  # who said that it is complete, or not
    # its names in languages beyond Chinese and English, where the study gives them
    names: Mapping[str, str] = field(default_factory=dict)
    site: bool = True  # whether proposed stations may offer it: a school needs more than a room

    @property
    def words(self) -> tuple[str, ...]:
        """Return its names in all languages."""
        return self.zh, self.en, *self.names.values()

    @property
    def label(self) -> Label:
        """Return its name as a label."""
        return Composed(self.called)

    def called(self, language: str) -> str:
        """Return its name in a language, its id where it has none."""
        own = self.names.get(language, "")
        return own or own_words(self.zh, self.en, language) or self.id


@dataclass(frozen=True, slots=True, eq=False)
class Station:
    """A point where residents are served; ``geometry`` in WGS84 degrees (a point, or the outline of its building).

    ``details`` holds the other cells as the planner wrote them. ``floor`` counts as China does: 1
    is the ground floor, -1 the basement; None, like a missing ``elevator`` or ``step_free``, is
    unknown and closes the station to nobody. ``scope``, ``hours``, ``capacity`` and ``area_m2`` are
    what its offers have unless they state their own.
    """

    id: str
    name: str
    tier: Tier
    parent: str | None
    services: tuple[str, ...]
    geometry: BaseGeometry
    illustrative: bool
    details: Mapping[str, str]
    floor: int | None = None
    elevator: bool | None = None
    step_free: bool | None = None
    scope: Scope = Scope.ALL
    hours: str = ""
    capacity: float | None = None
    area_m2: float | None = None  # of the rooms that serve, where known, else of the whole station
    subdistrict: str = ""
    community: str = ""
    running: bool | None = None  # whether it runs (实体化运行), by the ledger of operations
    # what it lists and does not offer, because it does not run
    idle_services: tuple[str, ...] = ()
    building_m2: float | None = None  # of the whole station (建筑面积), which nothing is judged by


@dataclass(frozen=True, slots=True)
class Offer:
    """A service at a station. A room with several uses is several offers; a station may offer a service twice.

    ``hours`` are OSM opening hours, "" for unknown (open at any time). ``capacity`` are the places
    for people at one time, None for unknown (never full). ``readiness_min`` is the time until a
    crew leaves, for outreach.
    """

    station: str
    service: str
    mode: Mode = Mode.VISIT
    scope: Scope = Scope.ALL
    hours: str = ""
    capacity: float | None = None
    area_m2: float | None = None
    readiness_min: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Where residents live; ``geometry`` in WGS84 degrees (polygon, multipolygon or point).

    ``groups`` are people of a group (older people, children) by column name. ``name`` is the id
    where none is given.
    """

    id: str
    name: str
    kind: str  # a Kind, another word of the study, or "" (unclassified)
    people: float | None
    people_source: PeopleSource
    groups: Mapping[str, float]
    households: float | None
    subdistrict: str
    community: str
    geometry: BaseGeometry
    kind_rule: str = ""  # what sorted it into its kind: "given", a rule of the study's table, or ""
    # such as three_lacks (三无: no management, no funds, no organization)
    flags: tuple[str, ...] = ()
    # counts beside people (work orders), by column
    weights: Mapping[str, float] = field(default_factory=dict)
    # how its residents meet the streets; given blocks are compounds unless their table says otherwise
    form: Form = Form.COMPOUND
    # ids of stations elsewhere that serve it as its own (共用站点)
    shared_stations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """The outline of a subdistrict or a community; ``geometry`` in WGS84 degrees (polygon or multipolygon).

    ``community`` is "" for a subdistrict; ``subdistrict`` may be "" for a community of which none
    is named.
    """

    level: Literal["subdistrict", "community"]
    subdistrict: str
    community: str
    geometry: BaseGeometry

    @property
    def name(self) -> tuple[str, str]:
        """Subdistrict and community: what tells areas of a level apart."""
        return self.subdistrict, self.community

    @property
    def label(self) -> str:
        """The area's own name."""
        return self.community or self.subdistrict


@dataclass(frozen=True, slots=True)
class Gate:
    """A way out of a block that the planner stated."""

    block: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class CommunityRule:
    """What a standard asks of a community as a whole: floor area of its service rooms per 100 households."""

    area_m2_per_100_households: float
    clause: str
    source_zh: str
    source_en: str
    verified: bool
    rule: str
    unverified_zh: str = ""
    unverified_en: str = ""
    basis: Basis | None = None

    def source_in(self, language: str) -> str:
        """Return where it comes from, as a reader of a language is shown it."""
        return own_words(self.source_zh, self.source_en, language)

    def unverified_in(self, language: str) -> str:
        """Return why nobody has verified it; "" where nobody says."""
        return own_words(self.unverified_zh, self.unverified_en, language)


@dataclass(frozen=True, slots=True)
class Need:
    """One row of a standard: within what distance a kind of block needs a service, and who says so.

    ``kind`` and ``service`` may be ``"*"``; the most specific row wins (kind and service, then
    service, then kind). ``service`` names a service id; ``standard_item`` a line of a standard (one
    of the two). ``places_per_1000`` people and ``min_area_m2`` per station are what the standard
    asks of size, None where it asks nothing. ``weight`` is how much each of its people counts where
    services or kinds are summed (who comes first, where to build); it decides no verdict.
    A standard that says minutes and the walk that they stand for has its ``limit`` in meters and
    its ``minutes`` beside. ``source`` is in the language of the source; ``source_zh`` and
    ``source_en`` are what a reader of either language is shown.
    """

    kind: str
    service: str
    standard_item: str | None
    limit: float
    unit: Literal["m", "min"]
    metric: Literal["network", "radius"]
    clause: str
    source: str
    verified: bool
    rule: str  # name of the file or preset and the row, for the trace
    places_per_1000: float | None = None
    min_area_m2: float | None = None
    weight: float = 1.0
    source_zh: str = ""
    source_en: str = ""
    unverified_zh: str = ""  # why nobody has verified it, and what speaks for it
    unverified_en: str = ""
    basis: Basis | None = None
    minutes: float | None = None  # what the standard says where its limit is the meters of a pace

    def source_in(self, language: str) -> str:
        """Return where it comes from in a language, as the rule has it where it is given in one only."""
        return own_words(self.source_zh, self.source_en, language) or self.source

    def unverified_in(self, language: str) -> str:
        """Return why nobody has verified it; "" where nobody says."""
        return own_words(self.unverified_zh, self.unverified_en, language)
