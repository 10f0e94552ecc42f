"""Squares drawn by hand, in meters: an OpenStreetMap file on the equator, where a meter is the same both ways.

Places are meters east and north of 100° E on the equator; the plane's are those, moved by its
center. A degree measures 111,319.49 m along the equator and 110,574.39 m along a meridian
(WGS84).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from pyproj import Geod

from drawn_osm import EAST, GRID, Drawing
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap

M_PER_DEGREE = np.array([111_319.490793, 110_574.388558])
SQUARE = {"highway": "pedestrian", "area": "yes"}
PATH = {"highway": "footway"}

Place = tuple[float, float]


def on_grid(places: np.ndarray) -> np.ndarray:
    """The places to the seventh decimal of a degree, as a file holds them."""
    return np.round(places / M_PER_DEGREE, 7) * M_PER_DEGREE


@dataclass
class Plaza:
    """A file in the making: ``node`` and ``way`` add to it and return ids, ascending from the first ones."""

    first_node: int = 1
    first_way: int = 1
    drawing: Drawing = field(default_factory=Drawing)
    known: dict[Place, int] = field(default_factory=dict)

    def node(self, place: Place, *, anew: bool = False) -> int:
        """The node at a place, a new one if there is none."""
        if place not in self.known or anew:
            number = self.first_node + len(self.drawing.nodes)
            east, north = np.array(place) / M_PER_DEGREE / GRID
            self.drawing.nodes[number] = (float(east), float(north))
            self.known[place] = number
        return self.known[place]

    def way(self, *places: Place, **tags: str) -> int:
        """A way through places, which shares the nodes that are there."""
        number = self.first_way + len(self.drawing.ways)
        named = {key.replace("__", ":"): value for key, value in tags.items()}
        self.drawing.ways[number] = ([self.node(place) for place in places], named)
        return number

    def square(self, *corners: Place, **tags: str) -> int:
        """A closed way around a square."""
        return self.way(*corners, corners[0], **{**SQUARE, **tags})

    def with_hole(self, outer: Sequence[Place], *holes: Sequence[Place], **tags: str) -> None:
        """A multipolygon of untagged ways."""
        rings = [("outer", outer), *(("inner", hole) for hole in holes)]
        members = [("w", self.way(*ring, ring[0]), role) for role, ring in rings]
        number = 1 + len(self.drawing.relations)
        tags = {"type": "multipolygon", "highway": "pedestrian", **tags}
        self.drawing.relations[number] = (members, tags)

    def read(self, folder: Path) -> Extract:
        return self.drawing.read(folder)

    def network(self, folder: Path, **options: str) -> Walked:
        return Walked(build_network(self.read(folder), **options))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Walked:
    """A network, and where the drawing's places are on its plane."""

    net: StreetNetwork

    def lonlat(self, *places: Place) -> np.ndarray:
        return np.array(places) / M_PER_DEGREE + [EAST, 0.0]

    def xy(self, *places: Place) -> np.ndarray:
        return self.net.plane.to_xy(self.lonlat(*places))

    def snap(self, *places: Place, **options: object) -> Anchors:
        return snap(self.net, self.xy(*places), **options)  # type: ignore[arg-type]


def lines_across(net: StreetNetwork) -> Iterator[tuple[int, int, float, bool]]:
    """Lines across squares, both ways: nodes, geodesic meters that nobody has rounded, and whether they are private."""
    squares, ends_only = net.squares, net.private_rule == "ends"
    for number, (u, v) in enumerate(zip(squares.line_start.tolist(), squares.line_end.tolist())):
        corners = squares.corner_xy[squares.corners_of_line(number)]
        meters = Geod(ellps="WGS84").line_length(*net.plane.to_lonlat(corners).T)
        closed = bool(ends_only and net.private[squares.line_edge[number]])
        yield from ((u, v, meters, closed), (v, u, meters, closed))


def street_lengths(net: StreetNetwork) -> Mapping[str, float]:
    """What inner lines must leave as it is."""
    return {
        "edges": net.edge_count,
        "meters": float(net.edge_m.sum()),
        "components": float(net.component_m.sum()),
    }
