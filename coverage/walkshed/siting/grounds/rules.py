"""The rules of grounds.toml: what ground a proposed station keeps off."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from walkshed.model.ground.extract import Tags
from walkshed.model.ground.tag_rules import TagRule, fits, tag_rule


@dataclass(frozen=True, slots=True)
class GroundRules:
    """Meters kept from the middle of large streets, by class; tags of ways and of land without stations."""

    clear_m: Mapping[str, float]
    ways: tuple[tuple[TagRule, str], ...]  # with what is excluded, in words
    grounds: tuple[tuple[TagRule, str], ...]


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
        ways=tuple((tag_rule(rule["tags"]), rule["excludes"]) for rule in raw["way"]),
        grounds=tuple((tag_rule(rule["tags"]), rule["excludes"]) for rule in raw["ground"]),
    )


def excluded(tags: Tags, rules: tuple[tuple[TagRule, str], ...]) -> str:
    """Return what the first rule that takes these tags excludes, "" where none does."""
    for rule, what in rules:
        if fits(tags, rule):
            return what
    return ""
