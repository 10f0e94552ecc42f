"""What an OpenStreetMap file holds, read with pyosmium: nodes, ways, relations and areas, nothing interpreted.

A study of drawn lines has no such file; ``of_lines`` makes the same of them.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import osmium
import shapely
from shapely.geometry.base import BaseGeometry

from truth.folder import UnreadError

Tags = Mapping[str, str]


@dataclass
class Way:
    id: int
    refs: list[int]
    tags: Tags


@dataclass
class Extract:
    """All that is mapped, in degrees; ``box`` is west, south, east, north, where the file states it."""

    places: dict[int, tuple[float, float]] = field(default_factory=dict)
    node_tags: dict[int, Tags] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    relations: list[tuple[int, Tags, list[tuple[str, int, str]]]] = field(default_factory=list)
    areas: list[tuple[Tags, BaseGeometry]] = field(default_factory=list)
    box: tuple[float, float, float, float] | None = None


def read(path: Path) -> Extract:
    """Return what the file holds; of the files read last, as they are now, nothing is read twice."""
    return _read(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=2)
def _read(path: Path, changed_ns: int) -> Extract:
    extract = Extract()
    with osmium.io.Reader(str(path)) as opened:
        box = opened.header().box()
        if box.valid():
            low, high = box.bottom_left, box.top_right
            extract.box = (low.lon, low.lat, high.lon, high.lat)

    # nodes, ways and relations, in the file's order
    for thing in osmium.FileProcessor(str(path)):
        if thing.is_node():
            if thing.location.valid():
                extract.places[thing.id] = (thing.location.lon, thing.location.lat)
            if len(thing.tags):
                extract.node_tags[thing.id] = dict(thing.tags)
        elif thing.is_way():
            refs = [node.ref for node in thing.nodes]
            extract.ways.append(Way(thing.id, refs, dict(thing.tags)))
        elif thing.is_relation():
            members = [(member.type, member.ref, member.role) for member in thing.members]
            extract.relations.append((thing.id, dict(thing.tags), members))
    extract.ways.sort(key=lambda way: way.id)
    extract.relations.sort(key=lambda relation: relation[0])

    try:
        extract.areas.extend(_areas(path))
    except RuntimeError as error:
        # libosmium puts areas together only of files in the order of their ids
        raise UnreadError(f"a map of which no areas are put together: {error}") from error
    return extract


def _areas(path: Path) -> Iterator[tuple[Tags, BaseGeometry]]:
    """Yield closed ways and multipolygons, put together by libosmium."""
    shapes = osmium.geom.WKBFactory()
    for thing in osmium.FileProcessor(str(path)).with_areas():
        if thing.is_area():
            try:
                wkb = shapes.create_multipolygon(thing)
            except RuntimeError:
                continue
            yield dict(thing.tags), shapely.from_wkb(wkb)


def of_lines(path: Path) -> Extract:
    """Return the lines of a GeoJSON file as ways; vertices at one place (1 cm) are one node."""
    extract = Extract()
    nodes: dict[tuple[int, int], int] = {}
    for number, feature in enumerate(json.loads(path.read_text(encoding="utf-8"))["features"], 1):
        told = {
            key: str(value) for key, value in feature["properties"].items() if value is not None
        }
        tags = {"highway": "residential", **told}
        if told.get("private", "").lower() in {"true", "yes", "1"}:
            tags["access"] = "private"
        shape = shapely.geometry.shape(feature["geometry"])
        for line in shapely.get_parts(shape):
            refs = []
            for lon, lat, *_ in line.coords:
                if not (abs(lon) <= 180 and abs(lat) <= 90):
                    raise UnreadError("[streets] lines that are not in degrees")
                key = (round(lon * 1e7), round(lat * 1e7))
                refs.append(nodes.setdefault(key, len(nodes) + 1))
                extract.places.setdefault(refs[-1], (lon, lat))
            extract.ways.append(Way(number, refs, tags))
    return extract
