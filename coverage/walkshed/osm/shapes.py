"""Things with a geometry: points, lines and polygons from the elements of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.model.arrays import BoolArray, IntArray, read_only, same_objects
from walkshed.model.ground.extract import Features, Tags
from walkshed.model.messages import Message
from walkshed.osm.files.by_osmium import RawRelation
from walkshed.osm.outlines.rings import closed_rings, even_odd, polygonal
from walkshed.osm.raw import RawFile
from walkshed.osm.tags import keys
from walkshed.osm.tags.ways import unbroken_rows

_TYPE_ORDER = {"n": 0, "w": 1, "r": 2}
_NO_OUTLINE = read_only([], np.int64)

Thing = tuple[str, int, Tags, BaseGeometry, IntArray]


class Shared:
    """The tags of ways, of which many share the same: each set is judged once."""

    def __init__(self, tags: Sequence[Tags]) -> None:
        first, self._which = same_objects(tags)
        self._sets = [tags[row] for row in first]

    def passing(self, test: Callable[[Tags], bool], among: BoolArray | None = None) -> BoolArray:
        """Return whether the tags of each way pass a test.

        False for all that are not ``among`` these.
        """
        asked = np.ones(len(self._sets), dtype=bool)
        if among is not None:
            asked[:] = False
            asked[self._which[among]] = True

        # each set of tags is asked once
        passes = np.zeros(len(self._sets), dtype=bool)
        places = np.flatnonzero(asked)
        passes[places] = [test(self._sets[place]) for place in places.tolist()]

        chosen: BoolArray = passes[self._which]
        return chosen if among is None else chosen & among


def is_surface(thing: Thing) -> bool:
    """Return whether a thing is a polygon, or several."""
    return thing[3].geom_type in ("Polygon", "MultiPolygon")


def points(raw: RawFile) -> list[Thing]:
    """Return tagged nodes that something may ask for, as points."""
    wanted = [
        (node, tags)
        for node, tags in raw.node_tags.items()
        if keys.is_place(tags) or keys.is_gate(tags) or keys.is_entrance(tags)
    ]

    rows = raw.rows(np.array([node for node, _ in wanted], dtype=np.int64))
    geometry = shapely.points(raw.node_lonlat[rows])
    return [
        ("n", node, tags, point, _NO_OUTLINE)
        for (node, tags), point in zip(wanted, geometry, strict=True)
    ]


def way_shapes(raw: RawFile, shared: Shared, rows: IntArray, notes: list[str]) -> list[Thing]:
    """Return polygons and named lines from ways.

    Ways that only carry ``highway`` are streets, not shapes.
    """
    surfaces: list[tuple[int, IntArray]] = []
    lines: list[tuple[int, IntArray]] = []
    incomplete = 0
    start = raw.way_from
    low, missing = start.tolist(), np.concatenate([[0], np.cumsum(rows < 0)])[start].tolist()
    is_area = shared.passing(_has_inside, _closed(raw))
    is_line = shared.passing(_is_named_line, ~is_area)

    # what lacks a node is no surface; a line goes on without it
    for index in np.flatnonzero(is_area | is_line).tolist():
        surface = is_area[index]
        at = rows[low[index] : low[index + 1]]
        if missing[index + 1] > missing[index]:
            at = at[at >= 0]
            if surface:
                incomplete += 1
                continue
        if len(at) < 2:
            incomplete += 1
        else:
            (surfaces if surface else lines).append((index, at))

    things: list[Thing] = []
    if lines:
        for (index, _), drawn in zip(
            lines, shapely.linestrings(**_vertices(raw, lines)), strict=True
        ):
            things.append(("w", int(raw.way_id[index]), raw.way_tags[index], drawn, _NO_OUTLINE))

    repaired = 0
    if surfaces:
        polygons = shapely.polygons(shapely.linearrings(**_vertices(raw, surfaces)))
        crossed = np.flatnonzero(~shapely.is_valid(polygons))
        repaired = len(crossed)
        polygons[crossed] = [polygonal(polygon) for polygon in polygons[crossed]]
        for (index, _), polygon in zip(surfaces, polygons, strict=True):
            if not polygon.is_empty:
                outline = read_only(raw.refs_of(index), np.int64)
                things.append(("w", int(raw.way_id[index]), raw.way_tags[index], polygon, outline))

    if incomplete:
        notes.append(
            Message(
                "{incomplete} {incomplete:area or named line|areas or named lines} left out: the "
                "extract does not hold all {incomplete:its|their} nodes",
                incomplete=incomplete,
            )
        )

    if repaired:
        notes.append(
            Message(
                "{repaired} {repaired:area crosses itself and was|areas cross themselves and "
                "were} repaired by the even-odd rule",
                repaired=repaired,
            )
        )
    return things


def _closed(raw: RawFile) -> BoolArray:
    """Return whether each way ends where it begins and has room for an inside."""
    size = np.diff(raw.way_from)
    closed = size > 3
    first, last = raw.way_from[:-1][closed], raw.way_from[1:][closed] - 1
    closed[closed] = raw.way_refs[first] == raw.way_refs[last]
    return closed


def _has_inside(tags: Tags) -> bool:
    """Return whether a closed way with these tags is a polygon that something may ask for."""
    return keys.is_polygon(tags) and (
        keys.is_area(tags) or keys.is_building(tags) or keys.is_place(tags)
    )


def _is_named_line(tags: Tags) -> bool:
    return not keys.is_way(tags) and keys.is_place(tags)


def _vertices(raw: RawFile, shapes: list[tuple[int, IntArray]]) -> dict[str, Any]:
    """Return the places of the nodes of some ways, end to end, and the way of each, as shapely takes them."""
    rows = np.concatenate([at for _, at in shapes])
    of = np.repeat(np.arange(len(shapes)), [len(at) for _, at in shapes])
    return {"coords": raw.node_lonlat[rows], "indices": of}


def lines(
    raw: RawFile, shared: Shared, rows: IntArray, wanted: Callable[[Tags], bool]
) -> list[Thing]:
    """Return ways whose tags are ``wanted`` as lines, one per stretch whose nodes the extract holds."""
    things: list[Thing] = []
    for index in np.flatnonzero(shared.passing(wanted)).tolist():
        at = rows[raw.way_from[index] : raw.way_from[index + 1]]
        things += [
            (
                "w",
                int(raw.way_id[index]),
                raw.way_tags[index],
                shapely.LineString(raw.node_lonlat[part]),
                _NO_OUTLINE,
            )
            for part in unbroken_rows(at)
        ]
    return things


def relation_shapes(raw: RawFile, notes: list[str]) -> list[Thing]:
    """Return polygons from multipolygon and boundary relations."""
    ways = {way: row for row, way in enumerate(raw.way_id.tolist())}
    things: list[Thing] = []
    incomplete = broken = 0

    for relation in raw.relations:
        tags = relation.tags
        if tags.get("type") not in ("multipolygon", "boundary"):
            continue
        if not (keys.is_area(tags) or keys.is_building(tags) or keys.is_place(tags)):
            continue

        lines = _member_lines(raw, relation, ways)
        if lines is None or not _holds_nodes(raw, lines):
            incomplete += 1
            continue

        rings = closed_rings(lines) or []
        places = [raw.node_lonlat[raw.rows(np.array(ring, dtype=np.int64))] for ring in rings]
        area = even_odd(places) if rings else shapely.Polygon()
        if area.is_empty:
            broken += 1
        else:
            things.append(("r", relation.id, tags, area, _NO_OUTLINE))

    if incomplete:
        notes.append(
            Message(
                "{incomplete} {incomplete:multipolygon or boundary|multipolygons or boundaries} "
                "left out: the extract does not hold all {incomplete:its|their} members",
                incomplete=incomplete,
            )
        )
    if broken:
        notes.append(
            Message(
                "{broken} {broken:multipolygon or boundary|multipolygons or boundaries} left out: "
                "{broken:its|their} rings do not close",
                broken=broken,
            )
        )
    return things


def _holds_nodes(raw: RawFile, lines: list[tuple[int, ...]]) -> bool:
    """Return whether the file holds all nodes of some lines."""
    nodes = np.array([ref for line in lines for ref in line], dtype=np.int64)
    return not (raw.rows(nodes) < 0).any()


def _member_lines(
    raw: RawFile, relation: RawRelation, ways: dict[int, int]
) -> list[tuple[int, ...]] | None:
    """Return the node ids of every member way that bounds the area.

    None if the file lacks one of them.
    """
    lines: list[tuple[int, ...]] = []
    for member, way, role in relation.members:
        if member != "w" or role not in ("", "outer", "inner"):
            continue
        if way not in ways:
            return None
        refs = raw.refs_of(ways[way]).tolist()
        if len(refs) > 1:
            lines.append(tuple(refs))
    return lines


def features(things: Iterable[Thing]) -> Features:
    """Return things sorted by type and id, as columns."""
    rows = sorted(things, key=lambda thing: (_TYPE_ORDER[thing[0]], thing[1]))
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [thing[3] for thing in rows]
    geometry.flags.writeable = False

    return Features(
        osm_type=tuple(thing[0] for thing in rows),
        osm_id=read_only([thing[1] for thing in rows], np.int64),
        tags=tuple(thing[2] for thing in rows),
        geometry=geometry,
        outline=tuple(thing[4] for thing in rows),
    )
