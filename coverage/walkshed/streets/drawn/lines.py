"""A network from drawn lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, IntArray, ObjectArray, begins_run
from walkshed.model.ground.network import PrivateRule, StreetNetwork
from walkshed.model.ground.plane import Plane
from walkshed.model.marks import plain_values
from walkshed.model.messages import Message
from walkshed.osm.outlines.data_end import Drawn, data_ends
from walkshed.streets.assemble import Origin, RawEdges, assemble
from walkshed.streets.drawn.joints import join_places, near_misses, split_crossing_lines
from walkshed.streets.names import names_of
from walkshed.streets.split import cut_lines

# vertices this close are one place: drawings and reprojections differ by less than a centimeter
JOIN_M = 0.01
NEAR_MISS_M = 1.0  # a line that ends this close to another was probably meant to touch it


def network_from_lines(
    lines: ObjectArray,
    *,
    plane: Plane,
    names: Sequence[str] | None = None,
    highway: Sequence[str] | None = None,
    is_private: Sequence[bool] | None = None,
    split_crossings: bool = False,
    private: PrivateRule = "ends",
    source: str = "lines",
    beyond: Literal["unknown", "nothing"] = "nothing",
) -> StreetNetwork:
    """Return the network of LineStrings in WGS84 degrees (meters on a planar plane), walked both ways.

    Junctions are vertices within 1 cm of each other, the ends of lines and vertices in their middle
    alike. A crossing without a shared vertex is a bridge, unless ``split_crossings``: then lines
    also meet where they cross or where one touches another. Ends that stop within 1 m of another
    line are counted in the notes. ``names``, ``highway`` and ``is_private`` go by line; ``highway =
    "steps"`` marks steps. With ``beyond="unknown"`` what is known ends at the box of the lines, and
    within it where wide ground without any is open to that box. Raises ``InvalidValueError``
    without lines, and for empty or infinite ones.
    """
    edges = edges_of_lines(
        lines,
        plane=plane,
        names=names,
        highway=highway,
        is_private=is_private,
        split_crossings=split_crossings,
    )

    notes = _near_notes(near_misses(edges, plane, NEAR_MISS_M))
    origin = Origin(profile="lines", source=source, notes=notes)

    if beyond == "unknown":
        low, high = edges.vertex_lonlat.min(axis=0), edges.vertex_lonlat.max(axis=0)
        bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        drawn = Drawn(edges.vertex_lonlat, edges.vertex_from)
        ends = data_ends(edges.vertex_lonlat, drawn, bounds, planar=plane.planar)
        origin = replace(origin, bounds_lonlat=bounds, ends_lonlat=ends)
    return assemble(edges, plane=plane, origin=origin, private=private)


def _near_notes(away_m: FloatArray) -> tuple[str, ...]:
    """Return notes on dead ends so near to another line: those that lie on it, and the others."""
    touching = int(np.count_nonzero(away_m <= JOIN_M))
    notes = []
    if touching:
        notes.append(
            Message(
                "{touching} {touching:line ends|lines end} on another line that has no vertex "
                "there, and do not join "
                "it; set split_crossings = true, and lines join where they touch or cross",
                touching=touching,
            )
        )

    if touching < len(away_m):
        notes.append(
            Message(
                "{count} {count:line ends|lines end} within {near_miss_m:g} m of another line "
                "without touching it; "
                "snap their ends together where people can pass",
                count=len(away_m) - touching,
                near_miss_m=NEAR_MISS_M,
            )
        )
    return tuple(notes)


def edges_of_lines(
    lines: ObjectArray,
    *,
    plane: Plane,
    names: Sequence[str] | None = None,
    highway: Sequence[str] | None = None,
    is_private: Sequence[bool] | None = None,
    split_crossings: bool = False,
) -> RawEdges:
    """Return drawn lines as edges between their junctions, by the rules of ``network_from_lines``."""
    # vertices, with those at crossings
    lines = np.asarray(lines, dtype=object)
    line_from, lonlat = _vertices(lines)
    xy = plane.to_xy(lonlat)
    if split_crossings:
        line_from, xy, lonlat = split_crossing_lines(line_from, xy, lonlat, plane, JOIN_M)

    # junctions are places that several lines share
    place, lender = join_places(xy, JOIN_M)
    place_lonlat = lonlat[lender]
    line_from, place = _without_repeats(line_from, place)
    cut = cut_lines(line_from, place)
    nodes = np.unique(place[np.concatenate([cut.begin, cut.end])])

    # what the edges are called, and who walks them
    titles = plain_values(_column(names, "", len(lines)).tolist())
    classes = _column(highway, "", len(lines))
    everyone = np.ones(len(cut.line), dtype=bool)
    return RawEdges(
        node_id=np.zeros(len(nodes), dtype=np.int64),
        node_lonlat=place_lonlat[nodes],
        start=np.searchsorted(nodes, place[cut.begin]).astype(np.int32),
        end=np.searchsorted(nodes, place[cut.end]).astype(np.int32),
        vertex_from=cut.vertex_from,
        vertex_lonlat=place_lonlat[place[cut.vertex]],
        way_id=np.zeros(len(cut.line), dtype=np.int64),
        highway=names_of(classes).some(cut.line),
        name=names_of(titles).some(cut.line),
        steps=np.asarray(classes == "steps", dtype=bool)[cut.line],
        private=_column(is_private, False, len(lines)).astype(bool)[cut.line],
        forward=everyone,
        backward=everyone,
        enterable=everyone,
    )


def _vertices(lines: ObjectArray) -> tuple[IntArray, FloatArray]:
    """Return where each line's vertices begin, and all vertices; heights are dropped."""
    if len(lines) == 0:
        raise InvalidValueError("streets: no line at all; give at least one LineString")
    kinds = shapely.get_type_id(lines)
    for row in np.flatnonzero((kinds != shapely.GeometryType.LINESTRING) | shapely.is_empty(lines)):
        raise InvalidValueError(
            Message(
                "streets, line {row}: {line!s:.60} is not a LineString; remove it or draw it again",
                row=row,
                line=lines[row],
            )
        )

    vertices, line = shapely.get_coordinates(lines, return_index=True)
    for row in np.flatnonzero(~np.isfinite(vertices).all(axis=1)):
        raise InvalidValueError(
            Message(
                "streets, line {line}: has a vertex at {vertex}; remove it or draw it again",
                line=line[row],
                vertex=vertices[row],
            )
        )
    return _starts(line, len(lines)), vertices


def _without_repeats(line_from: IntArray, place: IntArray) -> tuple[IntArray, IntArray]:
    """Return the lines without repeated vertices; a line all at one place keeps two."""
    lines = len(line_from) - 1
    line = np.repeat(np.arange(lines), np.diff(line_from))
    keep = begins_run(place, line)
    single = np.bincount(line[keep], minlength=lines) == 1
    keep[line_from[1:][single] - 1] = True
    return _starts(line[keep], lines), place[keep]


def _starts(line: IntArray, lines: int) -> IntArray:
    """Return (lines + 1,) where each line's vertices begin, from (k,) the line of each vertex."""
    return np.concatenate([[0], np.cumsum(np.bincount(line, minlength=lines))])


def _column(values: Sequence[Any] | None, otherwise: object, count: int) -> ObjectArray:
    """Return one value per line."""
    column = np.empty(count, dtype=object)
    column[:] = otherwise if values is None else list(values)
    return column
