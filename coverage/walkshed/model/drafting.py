"""What a drafted study is made of: stations guessed from tags, blocks, areas, and what is missing, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shapely.geometry.base import BaseGeometry

from walkshed.model.labels import Label, Language
from walkshed.model.town.places import Block, Gate, Scope, Service, Tier

#: Where the blocks of a draft come from, best first.
BlockOrigin = Literal["residential", "dwellings", "streets", "around", "people"]


@dataclass(frozen=True, slots=True, eq=False)
class Facility:
    """A mapped thing that is taken for a station; ``geometry`` in WGS84 degrees.

    ``osm`` is its type and id (``n123``), ``because`` the reason of the rule that took it; a
    ``scope`` of ``compound`` means the people of the campus on which it stands.
    """

    osm: str
    name: str
    tier: Tier
    services: tuple[str, ...]
    geometry: BaseGeometry
    address: str
    because: str
    scope: Scope = Scope.ALL


@dataclass(frozen=True, slots=True, eq=False)
class FacilityService:
    """A service that the rule table knows; ``core``: listed even where the map shows no station for it."""

    id: str
    zh: str
    en: str
    core: bool
    site: bool = True  # whether a station's room can hold it

    def called(self, language: str) -> str:
        """Return its name in a language."""
        return Label(self.zh, self.en).in_(language)


@dataclass(frozen=True, slots=True)
class DraftStation:
    """A row of the drafted table of stations."""

    facility: Facility
    lon: float
    lat: float
    subdistrict: str
    community: str


@dataclass(frozen=True, slots=True, eq=False)
class GivenTable:
    """A table of the planner's own that a draft takes as it is, and what its study.toml says of it.

    ``files``: those that make it up, by the names that they get in the study. ``said`` are the
    words of the table that name its ``datum``.
    """

    name: str
    files: Mapping[str, bytes]
    further: tuple[str, ...] = ()  # the names of the files that go on with it
    columns: Mapping[str, str] = field(default_factory=dict)  # headers that the planner states
    sheet: str = ""
    datum: str = ""  # "" where the table names none, or several
    said: str = ""
    places: bool = True  # whether it states where its rows lie
    groups: tuple[str, ...] = ()  # columns of blocks that count groups of people
    homes_alone: int = 0  # blocks that state households and no people


@dataclass(frozen=True, slots=True, eq=False)
class GivenTables:
    """The tables of the planner's own in a draft, and the services that they name.

    ``offers`` are (station, service) guessed from names, where the table of stations says nothing
    of services. ``service_sheet`` is the sheet of the services, where the workbook has one.
    ``further``: {kind: file} of the other filled sheets (offers, gates, ledgers …); those of
    ``datum_unsaid`` hold places and do not say in which system.
    """

    stations: GivenTable | None = None
    blocks: GivenTable | None = None
    services: tuple[Service, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()
    service_sheet: str = ""
    further: Mapping[str, str] = field(default_factory=dict)
    datum_unsaid: frozenset[str] = frozenset()
    title: str = ""  # what stands above the table of stations
    offered: tuple[str, ...] = ()  # services that every station offers, as the planner states
    needs: str = ""  # the planner's own file of needs, "" without one
    others: Mapping[str, bytes] = field(default_factory=dict)  # further files to copy, by name
    language: Language | None = None  # of the columns; None without a table


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A study about to be written.

    ``remarks`` say in the study's language what is missing and how weak the answer is; a run says
    it anew, of the study as it stands then. ``people_m2`` is the floor area per person behind
    estimated people, None where nothing supports a number.
    """

    name: str
    language: Language
    streets_file: str
    streets: bytes
    source: str  # where the streets' file came from, in words
    digest: str  # sha256 of the extract that was read
    data_date: str | None
    origin: BlockOrigin
    blocks: tuple[Block, ...]
    stations: tuple[DraftStation, ...]
    gates: tuple[Gate, ...]
    services: tuple[Service, ...]
    people_m2: float | None
    remarks: tuple[str, ...]
    place: str = ""  # the name that was asked of Nominatim, "" without one
    # Nominatim and Overpass, where they are not the public ones
    servers: tuple[str, str] | None = None
    given: GivenTables = field(default_factory=GivenTables)
