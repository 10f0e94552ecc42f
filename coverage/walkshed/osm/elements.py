"""The elements of Overpass' answers: looked at one by one, and written as an OSM file."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from walkshed.model.messages import Message
from walkshed.osm.files.written import reserve
from walkshed.osm.ground import Box

Element = dict[str, Any]
#: OSM's own limits: characters of a key or a value (four bytes each at most), nodes of a way,
#: members of a relation; and more than any id for a long time.
_LONGEST, _MOST_NODES, _MOST_MEMBERS, _LARGEST_ID = 255, 2_000, 32_000, 1 << 50
_TYPES = ("node", "way", "relation")


def unsound(elements: Iterable[object]) -> str:
    """Return what the first thing is that is no element of OpenStreetMap, "" where all are."""
    for number, element in enumerate(elements, start=1):
        if not isinstance(element, dict):
            return Message("element {number} is none", number=number)
        if element.get("type") in _TYPES and not _is_sound(element):
            shown = (
                element["id"]
                if _is_id(element.get("id"))
                else Message("number {number} of the answer", number=number)
            )
            return Message(
                "{element} {shown} is none of OpenStreetMap's", element=element["type"], shown=shown
            )
    return ""


def _is_sound(element: Element) -> bool:
    if not _is_id(element.get("id")) or not _are_tags(element.get("tags", {})):
        return False
    if element["type"] == "node":
        return _is_degrees(element.get("lon"), 180.0) and _is_degrees(element.get("lat"), 90.0)

    if element["type"] == "way":
        nodes = element.get("nodes", [])
        return isinstance(nodes, list) and len(nodes) <= _MOST_NODES and all(map(_is_id, nodes))

    members = element.get("members", [])
    return (
        isinstance(members, list)
        and len(members) <= _MOST_MEMBERS
        and all(map(_is_member, members))
    )


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_ID


def _is_degrees(value: object, most: float) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and abs(value) <= most


def _is_word(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST


def _are_tags(tags: object) -> bool:
    return isinstance(tags, dict) and all(map(_is_word, (*tags, *tags.values())))


def _is_member(member: object) -> bool:
    return (
        isinstance(member, dict)
        and member.get("type") in _TYPES
        and _is_id(member.get("ref"))
        and _is_word(member.get("role", ""))
    )


def by_type(elements: Iterable[Element]) -> dict[str, dict[int, Element]]:
    """Return {type: {id: element}}, each once: where one comes again, the one that has tags."""
    found: dict[str, dict[int, Element]] = {kind: {} for kind in _TYPES}
    for element in elements:
        kind = element.get("type")
        if kind in found:
            known = found[kind].get(element["id"])
            if known is None or (not known.get("tags") and element.get("tags")):
                found[kind][element["id"]] = element
    return found


def _parts_of(element: Element) -> int:
    return len(element.get("nodes") or element.get("members") or ())


def write_elements(found: dict[str, dict[int, Element]], path: Path, box: Box) -> None:
    """Write elements as an OSM file that covers a box: nodes, ways, relations, each by id."""
    import osmium
    from osmium.osm import mutable

    header = osmium.io.Header()
    header.set("generator", "walkshed")
    header.add_box(osmium.osm.Box(*box))

    # the place on the disk first: osmium ends the process where the disk is full
    every = (element for known in found.values() for element in known.values())
    reserve(path, ((_parts_of(element), element.get("tags", {})) for element in every))

    with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
        for number, node in sorted(found["node"].items()):
            place = (node["lon"], node["lat"])
            writer.add_node(
                mutable.Node(id=number, version=1, location=place, tags=node.get("tags", {}))
            )

        for number, way in sorted(found["way"].items()):
            nodes, tags = way.get("nodes", []), way.get("tags", {})
            writer.add_way(mutable.Way(id=number, version=1, nodes=nodes, tags=tags))

        for number, relation in sorted(found["relation"].items()):
            members = [
                (m["type"][0], m["ref"], m.get("role", "")) for m in relation.get("members", [])
            ]
            tags = relation.get("tags", {})
            writer.add_relation(mutable.Relation(id=number, version=1, members=members, tags=tags))
