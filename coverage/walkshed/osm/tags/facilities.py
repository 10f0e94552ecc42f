"""Stations found in the tags of an extract, by the rules of facilities.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import shapely

from walkshed.model.drafting import Facility, FacilityService
from walkshed.model.ground.extract import Extract, Tags
from walkshed.model.ground.tag_rules import TagRule, tag_rule
from walkshed.model.town.places import Scope, Tier
from walkshed.osm.tags.sites import one_each


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: what must hold, and what is then guessed."""

    tags: TagRule
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
class Kept:
    """Ground with an inner life of its own, and the services on it that are for the people who live there."""

    tags: TagRule
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class NotNamed:
    """Names that no station has."""

    names: re.Pattern[str]
    not_names: re.Pattern[str] | None

    def fits(self, name: str) -> bool:
        """Return whether a thing of this name is no station."""
        excepted = self.not_names is not None and self.not_names.search(name)
        return bool(self.names.search(name)) and not excepted


@dataclass(frozen=True, slots=True)
class RuleTable:
    """facilities.toml."""

    services: tuple[FacilityService, ...]
    rules: tuple[Rule, ...]
    never: tuple[TagRule, ...]
    never_named: tuple[NotNamed, ...]
    inside: tuple[Kept, ...]
    own: re.Pattern[str]
    gone: tuple[str, ...]
    exported: Mapping[str, Tags]

    def tags_of(self, name: str, category: str) -> Tags:
        """Return the tags of a place in an export: its name, and what its category (大类;中类;小类) says it is."""
        words = reversed(category.split(";"))
        said = next((self.exported[word] for word in words if word in self.exported), {})
        return {"name": name, **said}

    def rule_for(self, tags: Tags) -> Rule | None:
        """Return the first rule that takes a thing with these tags; None where it is no station.

        What its name says goes before every tag.
        """
        if any(_has_all(tags, wanted) for wanted in self.never):
            return None
        if any(key.startswith(self.gone) for key in tags):
            return None

        rule = next((rule for rule in self.rules if rule.fits(tags)), None)
        name = tags.get("name", "")
        if rule is None or any(kind.fits(name) for kind in self.never_named):
            return None
        return rule


@dataclass(frozen=True, slots=True)
class _Campus:
    """A ground with an inner life: a campus, a school, barracks."""

    osm: str
    name: str
    keeps: frozenset[str]


def find_facilities(extract: Extract) -> tuple[Facility, ...]:
    """Return what the rule table takes for stations, in the order of OSM type and id.

    Each facility is one station. What lies on a campus is passed over unless it serves those who
    live there; its own things (大学幼儿园) serve the campus only. A thing without a name is called ""
    (the caller names it). Things that lie wholly outside the extract's bounds do not count:
    whatever stands beside them is unknown.
    """
    table, places = rule_table(), extract.places
    ground = shapely.box(*extract.bounds)
    tree, campuses = _campuses(extract, table)
    found: list[Facility] = []
    for row, tags in enumerate(places.tags):
        rule = table.rule_for(tags)
        if rule is None:
            continue

        geometry = places.geometry[row]
        inner = shapely.point_on_surface(geometry)
        if inner.is_empty or not ground.intersects(geometry):
            continue

        # on whose ground it stands
        osm = f"{places.osm_type[row]}{places.osm_id[row]}"
        around = [campuses[at] for at in sorted(tree.query(inner, predicate="within"))]
        around = [campus for campus in around if campus.osm != osm]
        if not all(campus.keeps.issuperset(rule.services) for campus in around):
            continue

        name = " ".join(tags.get("name", "").split())
        scope = Scope.COMPOUND if _is_own(name, around, table) else Scope.ALL
        found.append(
            Facility(
                osm,
                name,
                rule.tier,
                rule.services,
                geometry,
                address=_address(tags),
                because=rule.reason,
                scope=scope,
            )
        )

    return one_each(found)


def _campuses(extract: Extract, table: RuleTable) -> tuple[shapely.STRtree, list[_Campus]]:
    """Return the grounds whose inner life is not for the neighborhood."""
    areas = extract.areas
    rows: list[int] = []
    campuses: list[_Campus] = []
    for row, tags in enumerate(areas.tags):
        kinds = [kind for kind in table.inside if _has_all(tags, kind.tags)]
        if kinds:
            rows.append(row)
            osm = f"{areas.osm_type[row]}{areas.osm_id[row]}"
            campuses.append(_Campus(osm, tags.get("name", ""), kinds[0].services))

    return shapely.STRtree(areas.geometry[rows]), campuses


def _is_own(name: str, around: list[_Campus], table: RuleTable) -> bool:
    """Return whether the name of a thing on a campus says that it is the campus's own."""
    if not name or not around:
        return False
    named = any(campus.name and campus.name in name for campus in around)
    return named or bool(table.own.search(name))


@cache
def rule_table() -> RuleTable:
    """Return the shipped rules."""
    shipped = resources.files("walkshed.osm.tags").joinpath("facilities.toml")
    raw = tomllib.loads(shipped.read_text(encoding="utf-8"))

    services = tuple(
        FacilityService(s["id"], s["zh"], s["en"], s.get("core", False), s.get("site", True))
        for s in raw["services"]
    )
    rules = tuple(
        Rule(
            tags=tag_rule(rule.get("tags", {})),
            names=_pattern(rule, "names"),
            not_names=_pattern(rule, "not_names"),
            tier=Tier(rule["tier"]),
            services=tuple(rule["services"]),
            reason=rule["reason"],
        )
        for rule in raw["rules"]
    )
    never_named = tuple(
        NotNamed(re.compile(row["names"]), _pattern(row, "not_names")) for row in raw["never_named"]
    )

    return RuleTable(
        services,
        rules,
        never=tuple(tag_rule(row["tags"]) for row in raw["never"]),
        never_named=never_named,
        inside=tuple(
            Kept(tag_rule(row["tags"]), frozenset(row.get("keeps", ()))) for row in raw["inside"]
        ),
        own=re.compile(raw["own"]["names"]),
        gone=tuple(raw["gone"]["prefixes"]),
        exported={
            word: dict(tag.split("=") for tag in tags.split(";"))
            for word, tags in raw["exported"].items()
        },
    )


def _pattern(row: Mapping[str, str], key: str) -> re.Pattern[str] | None:
    return re.compile(row[key]) if key in row else None


def _has_all(tags: Tags, wanted: TagRule) -> bool:
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
