"""The rules of grounds.toml: what ground a proposed station keeps off."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from walkshed.model.ground.extract import Tags

Wanted = Mapping[str, frozenset[str] | None]  # None takes every value


@dataclass(frozen=True, slots=True)
class GroundRules:
    """Meters kept from the middle of large streets, by class; tags of ways and of land without stations."""

    clear_m: Mapping[str, float]
    ways: tuple[tuple[Wanted, str], ...]  # with what is excluded, in words
    grounds: tuple[tuple[Wanted, str], ...]


@cache
def ground_rules() -> GroundRules:
    """Return the shipped rules."""
    shipped = resources.files("walkshed.siting.grounds").joinpath("grounds.toml")
    raw = tomllib.loads(shipped.read_text(encoding="utf-8"))
    return GroundRules(
        clear_m={
            name: float(rule["clear_m"])
            for rule in raw["carriageway"]
            for name in rule["highway"].split("|")
        },
        ways=tuple((_wanted(rule["tags"]), rule["excludes"]) for rule in raw["way"]),
        grounds=tuple((_wanted(rule["tags"]), rule["excludes"]) for rule in raw["ground"]),
    )


def excluded(tags: Tags, rules: tuple[tuple[Wanted, str], ...]) -> str:
    """Return what the first rule that takes these tags excludes, "" where none does."""
    for wanted, what in rules:
        if all(
            key in tags and (values is None or tags[key] in values)
            for key, values in wanted.items()
        ):
            return what
    return ""


def _wanted(tags: Mapping[str, str]) -> Wanted:
    return {
        key: None if values == "*" else frozenset(values.split("|")) for key, values in tags.items()
    }
