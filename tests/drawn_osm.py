"""OpenStreetMap files drawn by hand: a few nodes on a grid, ways and relations, as XML.

Grid points stand 0.001 degrees apart (about 111 m) from 100° E on the equator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

from pyproj import Geod

from walkshed.model.ground.extract import Extract
from walkshed.osm import read_extract

GRID = 0.001
EAST = 100.0
MEMBER = {"n": "node", "w": "way", "r": "relation"}


@dataclass
class Drawing:
    """Nodes by id at grid points, ways and relations by id; order as inserted."""

    nodes: dict[int, tuple[float, float]] = field(default_factory=dict)
    node_tags: dict[int, Mapping[str, str]] = field(default_factory=dict)
    ways: dict[int, tuple[list[int], Mapping[str, str]]] = field(default_factory=dict)
    relations: dict[int, tuple[list[tuple[str, int, str]], Mapping[str, str]]] = field(
        default_factory=dict
    )
    bounds: tuple[float, float, float, float] | None = None  # grid points: west, south, east, north
    attributes: str = 'version="1" timestamp="2024-05-06T07:08:09Z"'

    def elements(self) -> list[str]:
        """Every element as XML, nodes first."""
        found = []
        for node, (x, y) in self.nodes.items():
            place = f'lat="{round(y * GRID, 7)}" lon="{round(EAST + x * GRID, 7)}"'
            found.append(
                f'<node id="{node}" {place} {self.attributes}>{_tags(self.node_tags.get(node, {}))}</node>'
            )
        for way, (refs, tags) in self.ways.items():
            inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
            found.append(f'<way id="{way}" {self.attributes}>{inside}{_tags(tags)}</way>')
        for relation, (members, tags) in self.relations.items():
            inside = "".join(
                f'<member type="{MEMBER[kind]}" ref="{ref}" role="{role}"/>'
                for kind, ref, role in members
            )
            found.append(
                f'<relation id="{relation}" {self.attributes}>{inside}{_tags(tags)}</relation>'
            )
        return found

    def xml(self, elements: Iterable[str] | None = None) -> bytes:
        """The file."""
        head = ""
        if self.bounds is not None:
            west, south, east, north = self.bounds
            head = (
                f'<bounds minlat="{south * GRID}" minlon="{EAST + west * GRID}" '
                f'maxlat="{north * GRID}" maxlon="{EAST + east * GRID}"/>'
            )
        body = "".join(self.elements() if elements is None else elements)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{head}{body}</osm>'.encode()
        )

    def read(self, folder: Path) -> Extract:
        """The extract, by way of a file in ``folder``."""
        path = folder / "drawn.osm"
        path.write_bytes(self.xml())
        return read_extract(path)

    def meters(self, *nodes: int) -> float:
        """The geodesic length of a path over nodes."""
        lon = [EAST + self.nodes[node][0] * GRID for node in nodes]
        lat = [self.nodes[node][1] * GRID for node in nodes]
        return Geod(ellps="WGS84").line_length(lon, lat)


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())


def square(x: float, y: float, size: float, first: int) -> dict[int, tuple[float, float]]:
    """Four nodes around a square, numbered from ``first``."""
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
    return {first + index: corner for index, corner in enumerate(corners)}
