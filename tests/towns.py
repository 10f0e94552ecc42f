"""Small towns drawn by hand, whose answers anyone can check.

A town is a picture and its streets. Each letter of the picture stands one cell (100 m, or
``cell_m``) from the next, row by row from the north, so that the lower left corner is (0, 0).
Capitals are junctions, small letters are bends:

    town('''
        A b
        . C
        ''', "A-b-C")      # one edge of 200 m with a bend at b

``-`` is walked both ways, ``>`` only along. A street through several capitals is split at each of
them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from walkshed.model.arrays import FloatArray
from walkshed.model.ground.network import PrivateRule, StreetNetwork
from walkshed.model.ground.plane import Plane
from walkshed.model.ground.walking import Anchors
from walkshed.streets.assemble import Origin, RawEdges, assemble
from walkshed.streets.names import names_of
from walkshed.walk.anchors import snap


@dataclass(frozen=True)
class Street:
    path: str
    name: str = ""
    private: bool = False
    steps: bool = False
    highway: str = "residential"


@dataclass(frozen=True)
class Line:
    """An edge by its coordinates; ``start`` and ``end`` are numbers of nodes."""

    start: int
    end: int
    xy: tuple[tuple[float, float], ...]
    name: str = ""
    private: bool = False
    steps: bool = False
    highway: str = "residential"
    forward: bool = True
    backward: bool = True
    enterable: bool = True


@dataclass(frozen=True)
class Town:
    net: StreetNetwork
    xy: dict[str, tuple[float, float]]

    def at(self, *places: str | tuple[float, float]) -> FloatArray:
        """Return (n, 2) plane meters of letters or coordinates."""
        return np.array(
            [self.xy[place] if isinstance(place, str) else place for place in places], dtype=float
        )

    def snap(self, *places: str | tuple[float, float], max_snap_m: float = 100.0) -> Anchors:
        return snap(self.net, self.at(*places), max_snap_m=max_snap_m)


def town(
    picture: str, *streets: str | Street, cell_m: float = 100.0, private: PrivateRule = "ends"
) -> Town:
    """Return the town of a picture and its streets; edges in the order of the streets."""
    rows = [line.split() for line in picture.strip().splitlines()]
    place = {
        letter: (column * cell_m, (len(rows) - 1 - row) * cell_m)
        for row, letters in enumerate(rows)
        for column, letter in enumerate(letters)
        if letter != "."
    }
    nodes = [letter for letter in place if letter.isupper()]
    lines = []
    for street in streets:
        street = Street(street) if isinstance(street, str) else street
        lines += _lines(street, place, nodes)
    return Town(network([place[letter] for letter in nodes], lines, private=private), place)


def network(
    nodes: list[tuple[float, float]],
    lines: list[Line],
    *,
    private: PrivateRule = "ends",
    plane: Plane | None = None,
) -> StreetNetwork:
    """Return the network of nodes and lines in planar meters (in degrees, with a plane)."""
    counts = [len(line.xy) for line in lines]
    raw = RawEdges(
        node_id=np.zeros(len(nodes), dtype=np.int64),
        node_lonlat=np.array(nodes, dtype=float).reshape(-1, 2),
        start=np.array([line.start for line in lines], dtype=np.int32),
        end=np.array([line.end for line in lines], dtype=np.int32),
        vertex_from=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        vertex_lonlat=np.array([point for line in lines for point in line.xy], dtype=float).reshape(
            -1, 2
        ),
        way_id=np.arange(1, len(lines) + 1, dtype=np.int64),
        highway=names_of(line.highway for line in lines),
        name=names_of(line.name for line in lines),
        steps=np.array([line.steps for line in lines], dtype=bool),
        private=np.array([line.private for line in lines], dtype=bool),
        forward=np.array([line.forward for line in lines], dtype=bool),
        backward=np.array([line.backward for line in lines], dtype=bool),
        enterable=np.array([line.enterable for line in lines], dtype=bool),
    )
    return assemble(
        raw, plane=plane or Plane(planar=True), origin=Origin("lines", "drawn"), private=private
    )


def _lines(street: Street, place: dict[str, tuple[float, float]], nodes: list[str]) -> list[Line]:
    letters, joints = street.path[::2], street.path[1::2]
    corners = [i for i, letter in enumerate(letters) if letter.isupper()]
    lines = []
    for first, last in pairwise(corners):
        between = set(joints[first:last])
        assert len(between) == 1, f"{street.path}: one edge is walked one way"
        line = Line(
            nodes.index(letters[first]),
            nodes.index(letters[last]),
            tuple(place[letter] for letter in letters[first : last + 1]),
            street.name,
            street.private,
            street.steps,
            street.highway,
        )
        lines.append(replace(line, backward=between == {"-"}))
    return lines
