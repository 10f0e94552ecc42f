"""Gates and ways that are open at certain hours or on certain conditions: counted and named, not judged."""

from __future__ import annotations

from collections.abc import Iterable

from walkshed.model.ground.extract import StreetExtract, Tags
from walkshed.model.messages import Listing, Message
from walkshed.streets.barriers import MOST_NAMED
from walkshed.streets.profile import Profile

#: Tags that say when, or on what condition, walkers may pass.
HOURS_KEYS = ("opening_hours", "foot:conditional", "access:conditional")


def hours_notes(extract: StreetExtract, rules: Profile) -> tuple[str, ...]:
    """Return a note on gates and ways with hours or conditions, the first few by name.

    Empty without any. Ways of a class that the profile closes do not count, but those do that are
    closed to walkers at ordinary times: a condition may open them.
    """
    # gates
    gates = {
        Message("node {id}", id=node): tag
        for node, tags in sorted(extract.way_node_tags.items())
        if "barrier" in tags and (tag := _hours(tags)) is not None
    }

    # ways; a city has many, so each key is tested at once, not by a loop
    hours, foot, access = HOURS_KEYS
    ways: dict[str, str] = {}
    for row, tags in enumerate(extract.ways.tags):
        if hours in tags or foot in tags or access in tags:
            tag = _hours(tags)
            if tag is not None and _may_be_walked(rules, tags):
                ways[Message("way {id}", id=extract.ways.way_id[row])] = tag

    if not gates and not ways:
        return ()
    named = _named((*gates.items(), *ways.items()))
    which = _which(len(gates), len(ways))
    note = Message(
        "{which}, which are not judged: they count as their other tags say ({named})",
        which=which,
        named=named,
    )
    return (note,)


def _which(gate_count: int, way_count: int) -> Message:
    """Return how many gates and ways there are, and nothing of those of which there are none."""
    if not gate_count:
        return Message(
            "{way_count} {way_count:way has|ways have} hours or conditions", way_count=way_count
        )
    if not way_count:
        return Message(
            "{gate_count} {gate_count:gate has|gates have} hours or conditions",
            gate_count=gate_count,
        )
    return Message(
        "{gate_count} {gate_count:gate|gates} and {way_count} {way_count:way|ways} have "
        "hours or conditions",
        gate_count=gate_count,
        way_count=way_count,
    )


def _hours(tags: Tags) -> str | None:
    """Return the tag that states hours, ``key=value``; None without one."""
    return next((f"{key}={tags[key]}" for key in HOURS_KEYS if key in tags), None)


def _may_be_walked(rules: Profile, tags: Tags) -> bool:
    """Return whether the profile opens ways of this class."""
    kind = rules.answer("class", tags)
    return kind is not None and kind.walk != "closed"


def _named(found: Iterable[tuple[str, str]]) -> str:
    """Return the first few elements with their tags, and dots for the others."""
    words: list[str] = [Message("{name}: {tag}", name=name, tag=tag) for name, tag in found]
    if len(words) > MOST_NAMED:
        words = [*words[:MOST_NAMED], "…"]
    return Listing(words, mark="; ")
