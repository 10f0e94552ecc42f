"""Reading an extract: from raw elements to what later rooms ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import BoolArray, FloatArray, IntArray, is_among, read_only
from walkshed.model.extract import Extract, Features, Multipolygon, Tags, Ways
from walkshed.model.marks import escaped
from walkshed.osm import keys
from walkshed.osm.bounds import Box, header_bounds, inferred_bounds
from walkshed.osm.outline import Drawn, cut_places, data_ends
from walkshed.osm.platforms import TRACKS, are_silent, with_trams
from walkshed.osm.raw import RawFile, RawRelation, passing, read_raw
from walkshed.osm.rings import closed_rings, even_odd, polygonal
from walkshed.osm.ways import square_outlines, street_ways, unbroken_rows, walkable_areas

_TYPE_ORDER = {"n": 0, "w": 1, "r": 2}
_NO_OUTLINE = read_only([], np.int64)

Thing = tuple[str, int, Tags, BaseGeometry, IntArray]


def read_extract(path: Path) -> Extract:
    """Return what one OSM file holds (``.osm.pbf``, ``.osm``, ``.osm.gz``, ``.osm.bz2``), read once.

    Everything is sorted by type (nodes, ways, relations) and id, so that the order of the file does
    not matter. Whatever a clipped extract leaves incomplete is counted in ``notes``. Raises
    ``NotFoundError``, ``UnreadableFileError`` and, for a file without a single located node,
    ``InvalidValueError``.
    """
    path = Path(path)
    raw = read_raw(path)
    if len(raw.node_id) == 0:
        raise InvalidValueError(
            f"{path}: holds no node with a location; export the area again, with its nodes"
        )

    # 1. Where every way's nodes are.
    start, refs = raw.way_from, raw.way_refs
    rows = raw.rows(refs)

    # 2. Things with a geometry, in the order nodes, ways, relations.
    notes: list[str] = []
    points = _points(raw)
    shapes = [*_way_shapes(raw, start, rows, notes), *_relation_shapes(raw, notes)]
    areas = walkable_areas((each.id, each.members, each.tags) for each in raw.relations)
    ways, street_notes, cuts = _ways(raw, start, refs, rows, areas)
    coast = _features(_lines(raw, start, rows, _is_coast))
    bounds = _bounds(raw, start, rows)
    shore = [shapely.get_coordinates(line) for line in coast.geometry]
    tagged = np.fromiter(raw.node_tags, dtype=np.int64, count=len(raw.node_tags))
    on_ways = tagged[is_among(tagged, ways.node_id)].tolist()
    return Extract(
        source=escaped(path.name),
        digest=raw.digest,
        data_date=raw.data_date,
        bounds=bounds,
        ways=ways,
        multipolygons=areas,
        way_node_tags=MappingProxyType({node: raw.node_tags[node] for node in on_ways}),
        areas=_features(thing for thing in shapes if _is_surface(thing) and keys.is_area(thing[2])),
        buildings=_features(
            thing for thing in shapes if _is_surface(thing) and keys.is_building(thing[2])
        ),
        places=_features(thing for thing in [*points, *shapes] if keys.is_place(thing[2])),
        gates=_features(thing for thing in points if keys.is_gate(thing[2])),
        entrances=_features(thing for thing in points if keys.is_entrance(thing[2])),
        coast=coast,
        divides=_features(_lines(raw, start, rows, keys.is_divide)),
        ends=data_ends(
            raw.node_lonlat, Drawn(ways.lonlat, ways.start), bounds, cuts=cuts, coast=shore
        ),
        street_notes=(*raw.notes, *street_notes),
        notes=(*raw.notes, *notes, *street_notes),
    )


def _is_surface(thing: Thing) -> bool:
    return thing[3].geom_type in ("Polygon", "MultiPolygon")


def _points(raw: RawFile) -> list[Thing]:
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


def _way_shapes(raw: RawFile, start: IntArray, rows: IntArray, notes: list[str]) -> list[Thing]:
    """Return polygons and named lines from ways. Ways that only carry ``highway`` are streets, not shapes."""
    surfaces: list[tuple[int, IntArray]] = []
    lines: list[tuple[int, IntArray]] = []
    incomplete = 0
    low, missing = start.tolist(), np.concatenate([[0], np.cumsum(rows < 0)])[start].tolist()
    is_surface = _closed(raw) & passing(raw.ways, _has_inside)
    is_line = ~is_surface & passing(raw.ways, _is_named_line)
    for index in np.flatnonzero(is_surface | is_line).tolist():
        surface = is_surface[index]
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
            way = raw.ways[index]
            things.append(("w", way.id, way.tags, drawn, _NO_OUTLINE))
    repaired = 0
    if surfaces:
        polygons = shapely.polygons(shapely.linearrings(**_vertices(raw, surfaces)))
        crossed = np.flatnonzero(~shapely.is_valid(polygons))
        repaired = len(crossed)
        polygons[crossed] = [polygonal(polygon) for polygon in polygons[crossed]]
        for (index, _), polygon in zip(surfaces, polygons, strict=True):
            way = raw.ways[index]
            if not polygon.is_empty:
                outline = read_only(raw.refs_of(index), np.int64)
                things.append(("w", way.id, way.tags, polygon, outline))
    if incomplete:
        notes.append(
            f"{incomplete} areas or named lines left out: the extract does not hold all their nodes"
        )
    if repaired:
        notes.append(f"{repaired} areas cross themselves and were repaired by the even-odd rule")
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


def _is_coast(tags: Tags) -> bool:
    return tags.get("natural") == "coastline"


def _lines(
    raw: RawFile, start: IntArray, rows: IntArray, wanted: Callable[[Tags], bool]
) -> list[Thing]:
    """Return ways whose tags are ``wanted`` as lines, one per stretch whose nodes the extract holds."""
    things: list[Thing] = []
    for index in np.flatnonzero(passing(raw.ways, wanted)).tolist():
        way = raw.ways[index]
        at = rows[start[index] : start[index + 1]]
        things += [
            ("w", way.id, way.tags, shapely.LineString(raw.node_lonlat[part]), _NO_OUTLINE)
            for part in unbroken_rows(at)
        ]
    return things


def _relation_shapes(raw: RawFile, notes: list[str]) -> list[Thing]:
    """Return polygons from multipolygon and boundary relations."""
    ways = {way.id: row for row, way in enumerate(raw.ways)}
    things: list[Thing] = []
    incomplete = broken = 0
    for relation in raw.relations:
        tags = relation.tags
        if tags.get("type") not in ("multipolygon", "boundary"):
            continue
        if not (keys.is_area(tags) or keys.is_building(tags) or keys.is_place(tags)):
            continue
        lines = _member_lines(raw, relation, ways)
        nodes = (
            None
            if lines is None
            else np.array([ref for line in lines for ref in line], dtype=np.int64)
        )
        if lines is None or nodes is None or (raw.rows(nodes) < 0).any():
            incomplete += 1
            continue
        rings = closed_rings(lines)
        area = shapely.Polygon()
        if rings:
            area = even_odd(
                [raw.node_lonlat[raw.rows(np.array(ring, dtype=np.int64))] for ring in rings]
            )
        if area.is_empty:
            broken += 1
        else:
            things.append(("r", relation.id, tags, area, _NO_OUTLINE))
    if incomplete:
        notes.append(
            f"{incomplete} multipolygons or boundaries left out: the extract does not hold all their members"
        )
    if broken:
        notes.append(f"{broken} multipolygons or boundaries left out: their rings do not close")
    return things


def _member_lines(
    raw: RawFile, relation: RawRelation, ways: dict[int, int]
) -> list[tuple[int, ...]] | None:
    """Return the node ids of every member way that bounds the area; None if the file lacks one of them."""
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


def _ways(
    raw: RawFile,
    start: IntArray,
    refs: IntArray,
    rows: IntArray,
    areas: tuple[Multipolygon, ...],
) -> tuple[Ways, tuple[str, ...], FloatArray]:
    """Return candidates for the street network, what is incomplete about them, and where it is."""
    outlines = square_outlines(areas)
    is_way = passing(raw.ways, keys.is_way).tolist()
    chosen = [
        (index, way.id, tags)
        for index, way in enumerate(raw.ways)
        if (tags := way.tags if is_way[index] else outlines.get(way.id)) is not None
    ]
    index = np.array([row for row, _, _ in chosen], dtype=np.int64)
    count = np.diff(start)[index]
    ends = np.concatenate([[0], np.cumsum(count)])
    at = np.arange(ends[-1]) + np.repeat(start[index] - ends[:-1], count)
    way_id = np.array([way for _, way, _ in chosen], dtype=np.int64)
    told = _platforms_told(raw, [(row, own) for row, _, own in chosen], start, rows)
    ways, notes = street_ways(way_id, told, ends, refs[at], rows[at], raw.node_lonlat)
    return ways, notes, cut_places(ends, rows[at], raw.node_lonlat)


def _platforms_told(
    raw: RawFile, chosen: list[tuple[int, Tags]], start: IntArray, rows: IntArray
) -> list[Tags]:
    """Return the tags of chosen ways (by row), trams told of platforms that lie beside their tracks."""
    tags = [own for _, own in chosen]
    silent = are_silent(tags)
    if not any(silent):
        return tags

    def places(row: int) -> FloatArray:
        at = rows[start[row] : start[row + 1]]
        return np.asarray(raw.node_lonlat[at[at >= 0]], dtype=np.float64)

    tracks = [
        (raw.ways[row].tags["railway"], places(row))
        for row in np.flatnonzero(passing(raw.ways, _is_track)).tolist()
    ]
    lines = [places(row) if alone else None for (row, _), alone in zip(chosen, silent, strict=True)]
    return with_trams(tags, lines, tracks)


def _is_track(tags: Tags) -> bool:
    return tags.get("railway") in TRACKS


def _bounds(raw: RawFile, start: IntArray, rows: IntArray) -> Box:
    """Return the ground that the file covers: the header's box, or what its nodes and ways tell."""
    stated = header_bounds(raw.header_box, raw.node_lonlat)
    if stated is not None:
        return stated
    members = {(kind, ref) for relation in raw.relations for kind, ref, _ in relation.members}
    nodes = np.array([ref for kind, ref in members if kind == "n"], dtype=np.int64)
    way = np.array([("w", way.id) not in members for way in raw.ways], dtype=bool)
    return inferred_bounds(raw.node_lonlat, start, rows, ~np.isin(raw.node_id, nodes), way)


def _features(things: Iterable[Thing]) -> Features:
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
