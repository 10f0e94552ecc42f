"""What the tags of a feature say: its names, its house numbers, and how finely it tells a place."""

from __future__ import annotations

import re
from typing import Final

from shapely.geometry.base import BaseGeometry

from walkshed.geocode.names import is_chinese, key_of
from walkshed.model.geocoding import Precision
from walkshed.model.ground.extract import Tags

#: Keys of names beside ``name`` and ``name:*``; each may hold several, parted by semicolons.
_NAME_KEYS: Final = (
    "alt_name",
    "old_name",
    "short_name",
    "official_name",
    "loc_name",
    "int_name",
    "nat_name",
    "reg_name",
    "addr:housename",
)
_PREFIXES: Final = ("name:", "alt_name:", "old_name:", "short_name:", "official_name:")
_NO_LANGUAGE: Final = frozenset(
    {"etymology", "pronunciation", "prefix", "suffix", "left", "right", "source", "signed"}
)
_AREA_PLACES: Final = frozenset(
    {"city", "town", "county", "district", "municipality", "state", "province", "region"}
)
_COMMUNITY_PLACES: Final = frozenset(
    {"village", "hamlet", "suburb", "quarter", "neighbourhood", "locality"}
)
_COMMUNITY_LEVEL: Final = 10  # admin_level of a community (社区) in China
#: The prominence of stops and stations, the lowest: they are called after what lies near them.
STOP: Final = 6


def names_of(tags: Tags) -> tuple[str, ...]:
    """Return every name that tags hold, the main one first, each once."""
    names = [tags["name"]] if "name" in tags else []
    for tag, value in sorted(tags.items()):
        in_a_language = tag.startswith(_PREFIXES) and tag.split(":")[1] not in _NO_LANGUAGE
        if tag in _NAME_KEYS or in_a_language:
            names.extend(value.split(";"))
    # the ways out of a metro station bear numbers only: 2号口
    if not names and is_exit(tags):
        names.append(f"{tags['ref']}号口")
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def houses_of(number: str) -> tuple[str, ...]:
    """Return the house labels of an ``addr:housenumber``.

    "12;14" is both, "12-16" also 12, 14 and 16, "98号" is 98.
    """
    labels: list[str] = []
    for part in re.split(r"[;,；，、]", number):
        label = house_key(part)
        if not label:
            continue
        labels.append(label)

        # a larger second number only: 4228-2 is one house
        span = re.fullmatch(r"(\d+)-(\d+)", label)
        if span is None:
            continue
        first, last = int(span.group(1)), int(span.group(2))
        if 0 < last - first <= 20:
            step = 1 if (last - first) % 2 else 2
            labels.extend(str(house) for house in range(first, last + 1, step))
    return tuple(dict.fromkeys(labels))


def house_key(number: str) -> str:
    """Return a house number as addresses compare it: "205", "351弄2", "12bis"."""
    key = key_of(number).replace("号附", "附")
    return key.removesuffix("号")


def precision_of(geometry: BaseGeometry, tags: Tags, *, numbered: bool) -> Precision:
    """Return how finely a feature tells a place, from an area down to a door."""
    # divisions
    place = tags.get("place", "")
    if tags.get("boundary") == "administrative":
        level = tags.get("admin_level", "")
        if level.isdigit() and int(level) >= _COMMUNITY_LEVEL:
            return Precision.COMMUNITY
        return Precision.AREA
    if place in _AREA_PLACES:
        return Precision.AREA
    if place in _COMMUNITY_PLACES:
        return Precision.COMMUNITY

    # streets, and what is called after them
    if is_stop(tags) or "Line" in geometry.geom_type:
        return Precision.STREET

    # houses; a shop with a number is found by its name
    if "building" in tags and geometry.geom_type != "Point":
        return Precision.NUMBER if numbered else Precision.DOOR
    if numbered and "name" not in tags:
        return Precision.NUMBER
    if geometry.geom_type == "Point":
        return Precision.DOOR
    return Precision.COMPOUND


def is_stop(tags: Tags) -> bool:
    """Return whether a feature is of a railway or of public transport."""
    if tags.get("highway") == "bus_stop":
        return True
    return any(key in tags for key in ("railway", "public_transport", "route"))


#: What a feature is, by the generic words that may follow its name (小区, 商场); the first that fits.
_SORTS: Final = (
    ("residential", {"landuse": ("residential",), "building": ("apartments", "residential")}),
    ("retail", {"shop": ("mall", "department_store"), "landuse": ("retail", "commercial")}),
    ("hospital", {"amenity": ("hospital", "clinic"), "healthcare": ("hospital",)}),
    ("park", {"leisure": ("park", "garden")}),
    ("hotel", {"tourism": ("hotel", "hostel", "guest_house", "motel")}),
    ("office", {"building": ("office", "commercial"), "office": ("yes", "company")}),
)


def sort_of(tags: Tags) -> str:
    """Return what a feature is: "rail" or "bus" of a stop, "line" of what runs, a kind of ground, else ""."""
    if is_stop(tags):
        return _sort_of_stop(tags)
    for sort, wanted in _SORTS:
        if any(tags.get(key) in values for key, values in wanted.items()):
            return sort
    return ""


def _sort_of_stop(tags: Tags) -> str:
    """Return "rail" or "bus" of where one gets on, "exit" of a way out, "line" of tracks and routes."""
    if tags.get("railway") == "subway_entrance":
        return "exit"
    if tags.get("railway") in ("station", "stop", "halt", "tram_stop", "platform"):
        return "rail"
    if any(tags.get(key) == "yes" for key in ("subway", "train", "light_rail", "tram")):
        return "rail" if "public_transport" in tags else "line"
    if "public_transport" in tags or tags.get("highway") == "bus_stop":
        return "bus"
    return "line"


def is_exit(tags: Tags) -> bool:
    """Return whether a feature is a numbered way out of a metro station."""
    return tags.get("railway") == "subway_entrance" and bool(tags.get("ref") or tags.get("name"))


def prominence_of(precision: Precision, tags: Tags, *, point: bool) -> int:
    """Return the order among things of one name: the ground before the stop that is called after it."""
    if is_stop(tags):
        return STOP
    if precision is Precision.COMPOUND:
        return 0 if tags.get("landuse") == "residential" else 1
    if precision in (Precision.DOOR, Precision.NUMBER):
        return 3 if point else 2
    return 4


def shown_address(street: str, house: str) -> str:
    """Return an address as people write it: 聚丰园路205号, Mannerheimintie 12."""
    if not is_chinese(street):
        return f"{street} {house}"
    if house.endswith(("号", "號", "弄")):
        return f"{street}{house}"
    return f"{street}{house}号"
