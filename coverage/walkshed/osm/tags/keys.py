"""Which tags make an element a way, an area, a building, a place, a gate or an entrance.

These are broad sieves: later rooms choose among what passes. Each test takes the tags of one
element.
"""

from __future__ import annotations

from walkshed.model.ground.extract import Tags

#: Ways that a walking profile may ask for, by key; None takes every value.
WAY_KEYS: dict[str, frozenset[str] | None] = {
    "highway": None,
    "railway": frozenset({"platform"}),
    "public_transport": frozenset({"platform"}),
    "man_made": frozenset({"pier"}),
}

#: Keys whose closed ways and multipolygons are drawn as land; None takes every value.
AREA_KEYS: dict[str, frozenset[str] | None] = {
    "landuse": None,
    "natural": None,
    "leisure": None,
    "water": None,
    "place": None,
    "area:highway": None,
    "boundary": frozenset(
        {"administrative", "national_park", "protected_area", "postal_code", "census"}
    ),
    "waterway": frozenset({"riverbank", "dock", "boatyard"}),
    "man_made": frozenset({"pier", "bridge", "breakwater", "groyne"}),
    "amenity": frozenset(
        {"school", "university", "college", "kindergarten", "hospital", "parking", "marketplace"}
    ),
    "residential": None,
}

#: Lines even where they close: a coastline's ring is an island or the sea, a tree row or a cliff
#: has no inside.
LINES_ALL_THE_SAME: dict[str, frozenset[str] | None] = {
    "natural": frozenset(
        {"coastline", "tree_row", "cliff", "ridge", "arete", "valley", "earth_bank"}
    ),
}

#: Linear keys whose closed ways are squares and platforms only when area=yes says so.
AREA_IF_SAID = frozenset({"highway", "railway", "public_transport"})

#: Things that may become stations or be named on a map, name or not.
PLACE_KEYS = frozenset(
    {
        "amenity",
        "office",
        "shop",
        "healthcare",
        "social_facility",
        "leisure",
        "tourism",
        "addr:housenumber",
    }
)

GATES = frozenset(
    {
        "gate",
        "lift_gate",
        "swing_gate",
        "sliding_gate",
        "wicket_gate",
        "kissing_gate",
        "hampshire_gate",
        "entrance",
        "turnstile",
        "full-height_turnstile",
        "sally_port",
        "security_gate",
    }
)


def _has(tags: Tags, keys: dict[str, frozenset[str] | None]) -> bool:
    for key in tags.keys() & keys.keys():
        values = keys[key]
        if values is None or tags[key] in values:
            return True
    return False


def is_way(tags: Tags) -> bool:
    """Return whether a walking profile may ask for a way with these tags."""
    return _has(tags, WAY_KEYS)


def is_polygon(tags: Tags) -> bool:
    """Return whether a closed way with these tags has an inside.

    ``area`` decides where it is given. Else a ring is an area if it is a building, land or a place;
    rings of roads, platforms, fences and lifts are lines (OpenStreetMap wiki, "Area").
    """
    said = tags.get("area")
    if said is not None:
        return said != "no"

    if _has(tags, LINES_ALL_THE_SAME):
        return False
    if is_building(tags) or _has(tags, AREA_KEYS):
        return True

    if any(
        key in tags
        for key in ("highway", "railway", "barrier", "waterway", "aerialway", "route", "power")
    ):
        return False
    return is_place(tags)


def is_area(tags: Tags) -> bool:
    """Return whether a polygon with these tags is land, water, green, a square or a boundary."""
    if _has(tags, LINES_ALL_THE_SAME):
        return False
    return _has(tags, AREA_KEYS) or not AREA_IF_SAID.isdisjoint(tags)


def is_building(tags: Tags) -> bool:
    """Return whether a polygon with these tags is a building."""
    return tags.get("building", "no") != "no" and not is_entrance(tags)


def is_place(tags: Tags) -> bool:
    """Return whether the element has a name or a tag that may make it a station."""
    return "name" in tags or not PLACE_KEYS.isdisjoint(tags)


def is_gate(tags: Tags) -> bool:
    """Return whether a node with these tags is a gate that people may pass."""
    return tags.get("barrier") in GATES


def is_entrance(tags: Tags) -> bool:
    """Return whether a node with these tags is the entrance of a building or a ground."""
    return tags.get("entrance", "no") != "no" or tags.get("building") == "entrance"


#: Lines on the ground that are not walked across, by key. Trams and ditches are crossed anywhere.
DIVIDES: dict[str, frozenset[str]] = {
    "railway": frozenset({"rail", "light_rail", "subway", "narrow_gauge", "monorail"}),
    "waterway": frozenset({"river", "canal", "stream", "tidal_channel", "fairway"}),
}


def is_divide(tags: Tags) -> bool:
    """Return whether a way is a railway or a river on the ground: no tunnel, culvert, bridge or cover."""
    if not any(tags.get(key) in values for key, values in DIVIDES.items()):
        return False
    return all(tags.get(key, "no") == "no" for key in ("tunnel", "bridge", "covered"))
