"""Stations, services, blocks and the needs that tie them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from shapely.geometry.base import BaseGeometry


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


class PeopleSource(StrEnum):
    """Where a block's number of people comes from (definition 8)."""

    GIVEN = "given"
    ESTIMATED = "estimated"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Service:
    """One broad class of service. ``complete``: the planner says that every station that offers it is listed."""

    id: str
    zh: str
    en: str
    standard_item: str | None
    complete: bool


@dataclass(frozen=True, slots=True, eq=False)
class Station:
    """A point where residents are served; ``geometry`` in WGS84 degrees (a point, or the outline of its building).

    ``details`` holds what the planner wrote and this version carries but does not judge (floor, hours, capacity …).
    """

    id: str
    name: str
    tier: Tier
    parent: str | None
    services: tuple[str, ...]
    geometry: BaseGeometry
    illustrative: bool
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Where residents live; ``geometry`` in WGS84 degrees (polygon, multipolygon or point).

    ``groups`` are people of a group (older people, children) by column name. ``name`` is the id where none is given.
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


@dataclass(frozen=True, slots=True)
class Gate:
    """A way out of a block that the planner stated."""

    block: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Need:
    """One row of a standard: within what distance a kind of block needs a service, and who says so.

    ``kind`` and ``service`` may be ``"*"``; the most specific row wins (kind and service, then service, then kind).
    ``service`` names a service id; ``standard_item`` a line of a standard (one of the two).
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
