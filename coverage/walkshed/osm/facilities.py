"""Stations found in the tags of an extract, by the rules of facilities.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import shapely

from walkshed.model.drafting import Facility, FacilityService
from walkshed.model.extract import Extract, Tags
from walkshed.model.places import Tier

#: One thing is often mapped twice, as a node in its building or a building on its ground: same
#: name, same services.
SAME_THING_M = 200.0
_METERS_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: what must hold, and what is then guessed."""

    tags: Mapping[str, frozenset[str] | None]  # None takes every value
    names: re.Pattern[str] | None
    not_names: re.Pattern[str] | None
    tier: Tier
    services: tuple[str, ...]
    reason: str

    def fits(self, tags: Tags) -> bool:
        """Return whether the rule takes a thing with these tags."""
        name = tags.get("name", "")
        if self.names is not None and not self.names.search(name):
            return False
        if self.not_names is not None and self.not_names.search(name):
            return False
        return _has_all(tags, self.tags)


@dataclass(frozen=True, slots=True)
class RuleTable:
    """facilities.toml."""

    services: tuple[FacilityService, ...]
    rules: tuple[Rule, ...]
    never: tuple[Mapping[str, frozenset[str] | None], ...]
    inside: tuple[Mapping[str, frozenset[str] | None], ...]
    gone: tuple[str, ...]

    def rule_for(self, tags: Tags) -> Rule | None:
        """Return the first rule that takes a thing with these tags; None where it is no station."""
        if any(_has_all(tags, wanted) for wanted in self.never):
            return None
        if any(key.startswith(self.gone) for key in tags):
            return None
        return next((rule for rule in self.rules if rule.fits(tags)), None)


def find_facilities(extract: Extract) -> tuple[Facility, ...]:
    """Return what the rule table takes for stations, in the order of OSM type and id; one for each thing.

    Things of one name and the same services within 200 m are one: the larger drawing stays, which
    knows its entrances. A thing without a name is called "" (the caller names it). Things that lie
    wholly outside the extract's bounds do not count: whatever stands beside them is unknown.
    """
    table = rule_table()
    found: list[Facility] = []
    ground = shapely.box(*extract.bounds)
    places = extract.places
    grounds, ground_of = _closed_grounds(extract, table)
    for row, tags in enumerate(places.tags):
        rule = table.rule_for(tags)
        if rule is None:
            continue
        geometry = places.geometry[row]
        inner = shapely.point_on_surface(geometry)
        if inner.is_empty or not ground.intersects(geometry):
            continue
        osm = f"{places.osm_type[row]}{places.osm_id[row]}"
        if any(ground_of[ground] != osm for ground in grounds.query(inner, predicate="within")):
            continue
        name, address = " ".join(tags.get("name", "").split()), _address(tags)
        found.append(Facility(osm, name, rule.tier, rule.services, geometry, address, rule.reason))
    return _each_once(found)


def _closed_grounds(extract: Extract, table: RuleTable) -> tuple[shapely.STRtree, list[str]]:
    """Return the grounds whose inner life is not for the neighborhood, and the OSM id of each."""
    areas = extract.areas
    rows = [
        row
        for row, tags in enumerate(areas.tags)
        if any(_has_all(tags, wanted) for wanted in table.inside)
    ]
    return shapely.STRtree(areas.geometry[rows]), [
        f"{areas.osm_type[row]}{areas.osm_id[row]}" for row in rows
    ]


@cache
def rule_table() -> RuleTable:
    """Return the shipped rules."""
    raw = tomllib.loads(
        resources.files("walkshed.osm").joinpath("facilities.toml").read_text(encoding="utf-8")
    )
    services = tuple(
        FacilityService(s["id"], s["zh"], s["en"], s.get("core", False)) for s in raw["services"]
    )
    rules = tuple(
        Rule(
            tags=_values(rule.get("tags", {})),
            names=re.compile(rule["names"]) if "names" in rule else None,
            not_names=re.compile(rule["not_names"]) if "not_names" in rule else None,
            tier=Tier(rule["tier"]),
            services=tuple(rule["services"]),
            reason=rule["reason"],
        )
        for rule in raw["rules"]
    )
    never, inside = (tuple(_values(row["tags"]) for row in raw[key]) for key in ("never", "inside"))
    return RuleTable(services, rules, never, inside, tuple(raw["gone"]["prefixes"]))


def _values(tags: Mapping[str, str]) -> Mapping[str, frozenset[str] | None]:
    return {key: None if text == "*" else frozenset(text.split("|")) for key, text in tags.items()}


def _has_all(tags: Tags, wanted: Mapping[str, frozenset[str] | None]) -> bool:
    for key, values in wanted.items():
        own = tags.get(key)
        if own is None or own == "no":
            return False
        if values is not None and not values & set(own.split(";")):
            return False
    return True


def _address(tags: Tags) -> str:
    if "addr:full" in tags:
        return " ".join(tags["addr:full"].split())
    parts = [tags.get("addr:street", ""), tags.get("addr:housenumber", "")]
    return " ".join(part for part in parts if part)


def _each_once(found: list[Facility]) -> tuple[Facility, ...]:
    """Return the facilities without those that a larger drawing of the same name and services stands for."""
    by_name: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for index, facility in enumerate(found):
        if facility.name:
            by_name.setdefault((facility.name, facility.services), []).append(index)
    dropped: set[int] = set()
    for rows in by_name.values():
        largest_first = sorted(rows, key=lambda row: (-found[row].geometry.area, row))
        kept: list[int] = []
        for row in largest_first:
            if any(_meters_apart(found[row], found[other]) <= SAME_THING_M for other in kept):
                dropped.add(row)
            else:
                kept.append(row)
    return tuple(facility for index, facility in enumerate(found) if index not in dropped)


def _meters_apart(one: Facility, two: Facility) -> float:
    """Return about how far two drawings lie apart; good to a percent, which decides nothing here."""
    a, b = shapely.point_on_surface(one.geometry), shapely.point_on_surface(two.geometry)
    east = (a.x - b.x) * np.cos(np.radians(a.y))
    return float(np.hypot(east, a.y - b.y) * _METERS_PER_DEGREE)
