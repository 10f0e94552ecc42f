"""Which ways of a map may be walked, and how, restated from what OpenStreetMap's tags mean.

The package keeps these rules as data (streets/profiles/walking.toml); they are written here a
second time, in the order in which a walker would ask: is it there, is it a way, may I, which way
round, is it a way to elsewhere, and where do I step onto it?
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Tags = Mapping[str, str]

GONE = {
    "construction",
    "proposed",
    "planned",
    "abandoned",
    "disused",
    "razed",
    "demolished",
    "no",
    "none",
}
CLIMBED = {"via_ferrata", "ladder", "escape", "emergency_bay", "rest_area", "services"}
FOR_VEHICLES = {"motorway", "motorway_link", "busway", "bus_guideway", "raceway"}
FOR_WALKERS = {
    "footway",
    "pedestrian",
    "steps",
    "corridor",
    "elevator",
    "platform",
    "crossing",
    "path",
    "trail",
    "track",
    "bridleway",
    "cycleway",
}
ROADS = {
    "living_street",
    "residential",
    "service",
    "unclassified",
    "road",
    "tertiary",
    "tertiary_link",
    "secondary",
    "secondary_link",
    "primary",
    "primary_link",
    "trunk",
    "trunk_link",
}
SQUARES = {
    "footway",
    "pedestrian",
    "platform",
    "path",
    "corridor",
    "living_street",
    "residential",
    "service",
    "unclassified",
    "track",
    "steps",
}
HARD_CLIMBS = {
    "demanding_mountain_hiking",
    "alpine_hiking",
    "demanding_alpine_hiking",
    "difficult_alpine_hiking",
}

#: Streets between which street blocks lie (definition 3): from trunk roads down to pedestrian streets.
BOUNDING = ROADS - {"service"} | {"pedestrian"}

INVITING = {"yes", "designated", "permissive", "official", "customers", "destination", "allowed"}
OWN_PEOPLE = {"private", "residents", "permit", "members", "employees", "staff", "key"}
SHUT = {"no", "military", "emergency"}

GATES = {
    "gate",
    "swing_gate",
    "sliding_gate",
    "wicket_gate",
    "hampshire_gate",
    "turnstile",
    "full-height_turnstile",
    "security_gate",
    "sally_port",
}
TICKET_GATES = {"gate", "swing_gate", "sliding_gate", "turnstile", "full-height_turnstile"}
WALLS = {"wall", "fence", "hedge", "city_wall", "retaining_wall", "debris"}
CRASH_RAILS = {"yes", "jersey_barrier", "guard_rail"}

TUNNELS = {"yes", "passage", "underpass", "culvert"}
INDOORS = {"underground", "indoor", "roof", "rooftop"}
ROOMS = {"yes", "corridor", "room", "area", "hallway", "level"}
BRIDGES = {"yes", "viaduct", "aqueduct", "cantilever", "movable", "covered", "simple_brunnel"}
ON_FLOORS = {
    "footway",
    "pedestrian",
    "steps",
    "elevator",
    "path",
    "cycleway",
    "platform",
    "service",
}
UNDER_GROUND = {"footway", "pedestrian", "steps", "corridor", "elevator", "path", "platform"}


@dataclass(frozen=True)
class Manner:
    """How a way is walked.

    ``joined``: an outline that counts only where a street reaches it; ``bounding``: a street that
    bounds street blocks.
    """

    private: bool = False
    forward: bool = True
    backward: bool = True
    steps: bool = False
    enterable: bool = True
    joined: bool = False
    bounding: bool = False


def manner_of(tags: Tags) -> Manner | None:
    """Return how a way is walked, None where nobody walks."""
    kind = _kind(tags)
    if kind is None:
        return None
    permission = _permission(tags)
    if permission == "shut" or (kind == "invited" and permission != "invited"):
        return None
    forward, backward = _directions(tags)
    return Manner(
        private=permission == "private" or leads_nowhere(tags),
        forward=forward,
        backward=backward,
        steps=_is(tags, "highway", {"steps"}),
        enterable=entered_anywhere(tags),
        joined=kind == "joined",
        bounding=bounds_street_blocks(tags),
    )


def bounds_street_blocks(tags: Tags) -> bool:
    """Return whether a way is one of the streets between which street blocks lie."""
    return bool(_values(tags, "highway") & BOUNDING)


def passage_of(tags: Tags) -> str:
    """Return "open", "private" or "shut" for a node that stands on a way."""
    barrier = _values(tags, "barrier")
    if not barrier:
        return "open"

    # gates that want a ticket
    if barrier & {"ticket_barrier", "ticket_gate", "fare_gate"}:
        return "private"
    validated = _is(tags, "amenity", {"ticket_validator"})
    if validated and barrier & (TICKET_GATES | {"entrance"}):
        return "private"
    if barrier & TICKET_GATES and _is(tags, "fee", {"yes"}):
        return "private"

    # a tag about walkers outranks the others
    if _is(tags, "foot", INVITING):
        return "open"
    if _is(tags, "foot", OWN_PEOPLE):
        return "private"
    if _is(tags, "foot", {"no"}):
        return "shut"

    # walls leave no passage; an unnamed barrier is presumed to leave none
    if barrier & (WALLS | CRASH_RAILS):
        return "open" if _is(tags, "access", {"yes", "permissive"}) else "shut"
    if barrier & (GATES | {"entrance"}):
        if _is(tags, "access", SHUT):
            return "shut"
        if _is(tags, "access", OWN_PEOPLE | {"delivery"}):
            return "private"
    if barrier & GATES and _is(tags, "locked", {"yes"}):
        return "private"
    return "open"


def leads_nowhere(tags: Tags) -> bool:
    """Return whether a way is a train's or a metro's platform, boarded there and no way to elsewhere (def. 4)."""
    on_rails = _is(tags, "railway", {"platform"})
    platform = on_rails or _is(tags, "public_transport", {"platform"})
    platform = platform or _is(tags, "highway", {"platform"})
    if platform and any(_is(tags, kind, {"yes"}) for kind in ("train", "subway", "monorail")):
        return True
    return on_rails and not any(_is(tags, kind, {"yes"}) for kind in ("tram", "bus"))


def _kind(tags: Tags) -> str | None:
    """Return "open", "joined" or "invited" (only where a tag lets walkers in); None for what is no way."""
    highway = _values(tags, "highway")
    if highway & GONE or _is(tags, "construction", {"yes"}):
        return None
    if highway and (_is(tags, "abandoned", {"yes"}) or _is(tags, "disused", {"yes"})):
        return None
    if _is(tags, "sac_scale", HARD_CLIMBS) or "via_ferrata_scale" in tags:
        return None
    if _is(tags, "motorroad", {"yes"}) or highway & FOR_VEHICLES:
        return "invited"
    if highway & CLIMBED:
        return None
    if _is(tags, "area", {"yes"}) and highway & SQUARES:
        return "joined"
    if highway & (FOR_WALKERS | ROADS):
        return "open"
    platform = _is(tags, "railway", {"platform"}) or _is(tags, "public_transport", {"platform"})
    if platform or _is(tags, "man_made", {"pier"}):
        return "joined"
    return None


def _permission(tags: Tags) -> str:
    """Return "invited", "private", "shut", or "" where no tag speaks; walkers' own tag comes first."""
    if _is(tags, "foot", INVITING | {"limited"}):
        return "invited"
    if _is(tags, "foot", OWN_PEOPLE | {"delivery"}):
        return "private"
    if _is(tags, "foot", {"no", "discouraged", "forbidden"}):
        return "shut"
    if _is(tags, "access", SHUT):
        return "shut"
    if _is(tags, "access", OWN_PEOPLE | {"delivery"}) or _is(tags, "service", {"private"}):
        return "private"
    return ""


def _directions(tags: Tags) -> tuple[bool, bool]:
    """Return whether walkers go along the drawing, and against it; plain ``oneway`` is for vehicles (definition 2)."""
    if _is(tags, "oneway:foot", {"yes", "true", "1"}):
        return True, False
    if _is(tags, "oneway:foot", {"-1", "reverse"}):
        return False, True
    if _is(tags, "foot:backward", {"no"}):
        return True, False
    if _is(tags, "foot:forward", {"no"}):
        return False, True
    if _is(tags, "conveying", {"forward"}):
        return True, False
    if _is(tags, "conveying", {"backward"}):
        return False, True
    return True, True


def entered_anywhere(tags: Tags) -> bool:
    """Return whether people step onto a way anywhere along it, or only at its ends: tunnels, bridges, upper floors."""
    highway = _values(tags, "highway")
    platform = _is(tags, "railway", {"platform"}) or _is(tags, "public_transport", {"platform"})
    if _is(tags, "tunnel", TUNNELS) or _is(tags, "location", INDOORS):
        return False
    if _is(tags, "indoor", ROOMS) or "corridor" in highway:
        return False
    if (highway & ON_FLOORS or platform) and _off_the_ground(tags.get("level", ""), both=True):
        return False

    # a sidewalk goes with its road; under a viaduct both lie on the ground
    below = _off_the_ground(tags.get("layer", ""), both=False)
    if below and _is(tags, "footway", {"sidewalk"}):
        return True
    if below and (highway & UNDER_GROUND or platform):
        return False
    return not _is(tags, "bridge", BRIDGES)


def _off_the_ground(text: str, *, both: bool) -> bool:
    """Return whether a level (or the end of a range of levels) lies below the ground, or, of ``both``, above it."""
    for part in text.split(";"):
        found = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)(?:-(-?\d+(?:\.\d+)?))?\s*", part)
        numbers = [float(number) for number in found.groups() if number] if found else []
        if any(number < 0 or (both and number > 0) for number in numbers):
            return True
    return False


def _values(tags: Tags, key: str) -> set[str]:
    """Return the values of a key; OpenStreetMap joins several by semicolons."""
    return {value.strip() for value in tags.get(key, "").split(";")} - {""}


def _is(tags: Tags, key: str, values: set[str]) -> bool:
    return bool(_values(tags, key) & values)
