"""The streets of an extract and nothing else: what a network is built from, in a fraction of the time.

Everyday PBF files only are read in this way. Of their tags those of ways that may be streets and of
barriers are turned into text; areas, buildings, named places and most relations are passed over.
The network built from the answer is that of ``read_extract`` (tests/osm).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, is_among
from walkshed.model.ground.extract import StreetExtract, Tags
from walkshed.model.marks import escaped
from walkshed.osm.files.blocks import decoded
from walkshed.osm.files.content import file_content, file_format
from walkshed.osm.files.trial import unsound
from walkshed.osm.files.wire import DAMAGED, RarePbf, UnsoundPbf, spans_of, summed
from walkshed.osm.outlines.bounds import Box, header_bounds, inferred_bounds
from walkshed.osm.outlines.data_end import Drawn, cut_places, data_ends
from walkshed.osm.read import read_extract
from walkshed.osm.street_blocks import Found, members_of, read_blob
from walkshed.osm.tags.platforms import TRACKS, silent_rows, with_trams
from walkshed.osm.tags.ways import (
    rows_of,
    square_outlines,
    street_ways,
    unbroken_rows,
    walkable_areas,
)

_NO_INTS = np.zeros(0, dtype=np.int64)


def read_streets(path: Path) -> StreetExtract:
    """Return the streets of an OSM file; raises what ``read_extract`` raises."""
    path = Path(path)
    content = file_content(path)
    if file_format(path, content) == "pbf":
        try:
            return _streets(escaped(path.name), content)
        except UnsoundPbf as error:
            raise unsound(path, error) from None
        except (*DAMAGED, RarePbf):
            pass  # for osmium to read, which knows the words for what is wrong

    return read_extract(path)


def _streets(name: str, content: bytes) -> StreetExtract:
    """Return the streets of an everyday PBF file; raises ``RarePbf`` for another kind."""
    found = Found()
    for part in decoded(content, read_blob):
        found.add(part)

    node_id, way_id, x, y = (
        np.concatenate([_NO_INTS, *parts])
        for parts in (found.node_id, found.way_id, found.node_x, found.node_y)
    )

    # a place on Earth for each node, and each element once: else osmium decides
    located = len(x) and max(-x.min(), x.max()) <= 180e7 and max(-y.min(), y.max()) <= 90e7
    if (
        found.header is None
        or not located
        or not all(map(_ascending, (node_id, way_id, np.array(found.relation_id))))
    ):
        raise RarePbf
    lonlat = np.column_stack([x, y]) / 1e7

    # Ways that may be streets, and the lines beside them that tell what they are.
    areas = walkable_areas(found.squares)
    outlines = square_outlines(areas)
    tags = {**outlines, **found.tags}
    chosen = is_among(way_id, np.fromiter(tags, dtype=np.int64, count=len(tags)))
    beside = is_among(way_id, np.fromiter(found.lines, dtype=np.int64, count=len(found.lines)))

    bounds = header_bounds(found.header.box, lonlat)

    # without a box all ways tell how far the file reaches
    wanted = chosen | beside if bounds is not None else np.ones(len(way_id), dtype=bool)
    start, refs = _references(found.ways, wanted)
    rows = rows_of(node_id, refs)
    if bounds is None:
        if found.header.box is not None:  # and lies elsewhere: what relations hold was passed over
            raise RarePbf
        bounds = _inferred(found, (node_id, way_id), lonlat, start, rows)

    lines = _lines(found, way_id[wanted], start, rows)
    start, refs, rows = _only(chosen[wanted], start, refs, rows)

    # The ways, and where the data end.
    ids = way_id[chosen]
    own = list(map(tags.__getitem__, ids.tolist()))
    told = _platforms_told(own, start, rows, lines, lonlat)
    ways, notes = street_ways(ids, told, start, refs=refs, rows=rows, lonlat=lonlat)

    coast = [
        lonlat[part] for kind, at in lines if kind == "coastline" for part in unbroken_rows(at)
    ]
    cuts = cut_places(start, rows, lonlat)

    # Barriers on them.
    barriers = np.array([node for node, _ in found.barriers], dtype=np.int64)
    on_ways = is_among(barriers, ways.node_id).tolist()

    return StreetExtract(
        source=name,
        digest=hashlib.sha256(content).hexdigest(),
        data_date=found.header.stated or _iso_date(found.newest),
        bounds=bounds,
        ways=ways,
        way_node_tags=MappingProxyType(
            dict(row for row, held in zip(found.barriers, on_ways, strict=True) if held)
        ),
        multipolygons=areas,
        street_notes=notes,
        ends=data_ends(lonlat, Drawn(ways.lonlat, ways.start), bounds, cuts=cuts, coast=coast),
    )


def _iso_date(seconds: int) -> str | None:
    """Return the day of the newest element, None where the file does not say."""
    date = datetime.fromtimestamp(seconds, UTC).date()
    return None if date.year <= 1970 else date.isoformat()


def _lines(
    found: Found, ids: IntArray, start: IntArray, rows: IntArray
) -> list[tuple[str, IntArray]]:
    """Return the kind and the rows of nodes of tracks and coastlines, by id."""
    return [
        (found.lines[way], rows[start[place] : start[place + 1]])
        for place, way in enumerate(ids.tolist())
        if way in found.lines
    ]


def _platforms_told(
    tags: list[Tags],
    start: IntArray,
    rows: IntArray,
    lines: list[tuple[str, IntArray]],
    lonlat: FloatArray,
) -> list[Tags]:
    """Return the tags of ways, trams told of platforms that lie beside their tracks."""
    silent = silent_rows(tags)
    if not silent:
        return tags

    platforms: list[FloatArray | None] = [None] * len(tags)
    for place in silent:
        at = rows[start[place] : start[place + 1]]
        platforms[place] = lonlat[at[at >= 0]]

    tracks = [(kind, lonlat[at[at >= 0]]) for kind, at in lines if kind in TRACKS]
    return with_trams(tags, platforms, tracks)


def _ascending(ids: IntArray) -> bool:
    return bool((np.diff(ids) > 0).all())


def _references(
    groups: list[tuple[bytes, IntArray]], wanted: BoolArray
) -> tuple[IntArray, IntArray]:
    """Return (n + 1,) starts and node ids of the wanted ways."""
    refs, counts, at = [_NO_INTS], [_NO_INTS], 0
    for group, spans in groups:
        joined, start = spans_of(group, spans[wanted[at : at + len(spans)]])
        refs.append(summed(joined, start))
        counts.append(np.diff(start))
        at += len(spans)
    return np.concatenate([[0], np.cumsum(np.concatenate(counts))]), np.concatenate(refs)


def _only(
    chosen: BoolArray, start: IntArray, refs: IntArray, rows: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Return start, nodes and their rows of the chosen ways."""
    count = np.diff(start)
    kept = np.repeat(chosen, count)
    return np.concatenate([[0], np.cumsum(count[chosen])]), refs[kept], rows[kept]


def _inferred(
    found: Found,
    ids: tuple[IntArray, IntArray],
    lonlat: FloatArray,
    start: IntArray,
    rows: IntArray,
) -> Box:
    """Return the box of a file that states none; ``ids`` are those of its nodes and its ways."""
    held = [members_of(*packed) for packed in found.members]
    nodes, ways = (
        np.concatenate([_NO_INTS, *(refs[kinds == kind] for refs, kinds in held)])
        for kind in (0, 1)
    )

    # what no relation holds
    node_id, way_id = ids
    return inferred_bounds(lonlat, start, rows, ~is_among(node_id, nodes), ~is_among(way_id, ways))
