"""Reading an extract: from raw elements to what later rooms ask for."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, IntArray, is_among, ranges
from walkshed.model.ground.extract import Extract, Multipolygon, Tags, Ways
from walkshed.model.marks import escaped
from walkshed.model.messages import Message
from walkshed.osm.outlines.bounds import Box, header_bounds, inferred_bounds
from walkshed.osm.outlines.data_end import Drawn, cut_places, data_ends
from walkshed.osm.raw import RawFile, read_raw
from walkshed.osm.shapes import (
    Shared,
    features,
    is_surface,
    lines,
    points,
    relation_shapes,
    way_shapes,
)
from walkshed.osm.tags import keys
from walkshed.osm.tags.platforms import TRACKS, is_silent, with_trams
from walkshed.osm.tags.ways import square_outlines, street_ways, walkable_areas


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
            Message(
                "{path}: holds no node with a location; export the area again, with its nodes",
                path=path,
            )
        )

    # 1. Where every way's nodes are.
    rows = raw.rows(raw.way_refs)
    shared = Shared(raw.way_tags)

    # 2. Things with a geometry, in the order nodes, ways, relations.
    notes: list[str] = []
    nodes = points(raw)
    shapes = [*way_shapes(raw, shared, rows, notes), *relation_shapes(raw, notes)]
    areas = walkable_areas((each.id, each.members, each.tags) for each in raw.relations)
    ways, street_notes, cuts = _ways(raw, shared, rows, areas)

    # coast and bounds, by which the end of the data is found
    coast = features(lines(raw, shared, rows, _is_coast))

    bounds = _bounds(raw, rows)
    shore = [shapely.get_coordinates(line) for line in coast.geometry]

    # of all tags of nodes, those on ways
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
        areas=features(each for each in shapes if is_surface(each) and keys.is_area(each[2])),
        buildings=features(
            each for each in shapes if is_surface(each) and keys.is_building(each[2])
        ),
        places=features(each for each in [*nodes, *shapes] if keys.is_place(each[2])),
        gates=features(each for each in nodes if keys.is_gate(each[2])),
        entrances=features(each for each in nodes if keys.is_entrance(each[2])),
        coast=coast,
        divides=features(lines(raw, shared, rows, keys.is_divide)),
        ends=data_ends(
            raw.node_lonlat, Drawn(ways.lonlat, ways.start), bounds, cuts=cuts, coast=shore
        ),
        street_notes=(*raw.notes, *street_notes),
        notes=(*raw.notes, *notes, *street_notes),
    )


def _is_coast(tags: Tags) -> bool:
    return tags.get("natural") == "coastline"


def _ways(
    raw: RawFile, shared: Shared, rows: IntArray, areas: tuple[Multipolygon, ...]
) -> tuple[Ways, tuple[str, ...], FloatArray]:
    """Return candidates for the street network, what is incomplete about them, and where it is."""
    outlines = square_outlines(areas)
    is_way = shared.passing(keys.is_way)
    is_outline = ~is_way & is_among(raw.way_id, np.fromiter(outlines, np.int64, len(outlines)))
    chosen = np.flatnonzero(is_way | is_outline)

    tags = [raw.way_tags[row] for row in chosen.tolist()]
    for place in np.flatnonzero(is_outline[chosen]).tolist():
        tags[place] = outlines[int(raw.way_id[chosen[place]])]

    # platforms that do not say what stops there ask the tracks beside them
    silent = shared.passing(is_silent)[chosen] | is_outline[chosen]
    told = _platforms_told(raw, shared, rows, (chosen, tags, silent.tolist()))

    # Their nodes, end to end.
    count = np.diff(raw.way_from)[chosen]
    ends = np.concatenate([[0], np.cumsum(count)])
    at = ranges(raw.way_from[chosen], count)
    ways, notes = street_ways(
        raw.way_id[chosen],
        told,
        ends,
        refs=raw.way_refs[at],
        rows=rows[at],
        lonlat=raw.node_lonlat,
    )
    return ways, notes, cut_places(ends, rows[at], raw.node_lonlat)


def _platforms_told(
    raw: RawFile, shared: Shared, rows: IntArray, ways: tuple[IntArray, list[Tags], list[bool]]
) -> list[Tags]:
    """Return the tags of ways, trams told of platforms that lie beside their tracks.

    ``ways`` are their rows, their tags, and which may be platforms that do not say what stops
    there.
    """
    chosen, tags, silent = ways

    def places(row: int) -> FloatArray:
        at = rows[raw.way_from[row] : raw.way_from[row + 1]]
        return np.asarray(raw.node_lonlat[at[at >= 0]], dtype=np.float64)

    platforms = [
        places(row) if alone and is_silent(own) else None
        for row, own, alone in zip(chosen.tolist(), tags, silent, strict=True)
    ]
    if all(line is None for line in platforms):
        return tags
    tracks = [
        (raw.way_tags[row]["railway"], places(row))
        for row in np.flatnonzero(shared.passing(_is_track)).tolist()
    ]
    return with_trams(tags, platforms, tracks)


def _is_track(tags: Tags) -> bool:
    return tags.get("railway") in TRACKS


def _bounds(raw: RawFile, rows: IntArray) -> Box:
    """Return the ground that the file covers: the header's box, or what its nodes and ways tell."""
    stated = header_bounds(raw.header_box, raw.node_lonlat)
    if stated is not None:
        return stated
    members = {(kind, ref) for relation in raw.relations for kind, ref, _ in relation.members}
    nodes = np.array([ref for kind, ref in members if kind == "n"], dtype=np.int64)
    way = np.array([("w", way) not in members for way in raw.way_id.tolist()], dtype=bool)
    return inferred_bounds(raw.node_lonlat, raw.way_from, rows, ~np.isin(raw.node_id, nodes), way)
