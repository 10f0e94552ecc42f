"""The streets of an extract and nothing else: what a network is built from, in a fraction of the time.

Everyday PBF files only are read in this way. Of their tags those of ways that may be streets and of
barriers are turned into text; areas, buildings, named places and most relations are passed over.
The network built from the answer is that of ``read_extract`` (tests/osm).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    distinct,
    is_among,
)
from walkshed.model.extract import StreetExtract, Tags
from walkshed.model.marks import escaped
from walkshed.osm import keys
from walkshed.osm.blocks import decoded
from walkshed.osm.bounds import Box, header_bounds, inferred_bounds
from walkshed.osm.messages import alike, messages
from walkshed.osm.outline import Drawn, cut_places, data_ends
from walkshed.osm.pbf import MEMBERS, block_of, read_nodes, read_relations
from walkshed.osm.platforms import TRACKS, are_silent, with_trams
from walkshed.osm.raw import file_content, file_format
from walkshed.osm.read import read_extract
from walkshed.osm.street_words import Words, line_kinds, places, street_tags
from walkshed.osm.trial import unsound
from walkshed.osm.ways import (
    rows_of,
    square_outlines,
    street_ways,
    unbroken_rows,
    walkable_areas,
)
from walkshed.osm.wire import (
    DAMAGED,
    Header,
    RarePbf,
    UnsoundPbf,
    newest,
    numbers,
    read_header,
    signed,
    spans_of,
    summed,
    way_ids,
)

_NO_INTS = np.zeros(0, dtype=np.int64)


@dataclass(slots=True)
class _Found:
    """What the blocks of a file hold of streets, in the order of the file."""

    header: Header | None = None
    node_id: list[IntArray] = field(default_factory=list)
    node_x: list[IntArray] = field(default_factory=list)  # 1e-7 degrees
    node_y: list[IntArray] = field(default_factory=list)
    barriers: list[tuple[int, Tags]] = field(default_factory=list)
    # a group, and the spans of its ways' references
    ways: list[tuple[bytes, IntArray]] = field(default_factory=list)
    way_id: list[IntArray] = field(default_factory=list)
    tags: dict[int, Tags] = field(default_factory=dict)  # by way
    # by way, in the order of the file: kinds of tracks, and "coastline"
    lines: dict[int, str] = field(default_factory=dict)
    relation_id: list[int] = field(default_factory=list)
    squares: list[tuple[int, tuple[tuple[str, int, str], ...], Tags]] = field(default_factory=list)
    members: list[tuple[bytes, bytes]] = field(default_factory=list)  # ids and kinds, packed
    newest: int = 0  # seconds since 1970

    def add(self, later: _Found) -> None:
        """Add what a later block holds."""
        for name in (
            *("node_id", "node_x", "node_y", "barriers", "ways", "way_id"),
            *("relation_id", "squares", "members"),
        ):
            getattr(self, name).extend(getattr(later, name))
        self.tags.update(later.tags)
        self.lines.update(later.lines)
        self.header = later.header or self.header
        self.newest = max(self.newest, later.newest)


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
    found = _Found()
    for part in decoded(content, _read_blob):
        found.add(part)
    node_id, way_id, x, y = (
        np.concatenate([_NO_INTS, *parts])
        for parts in (found.node_id, found.way_id, found.node_x, found.node_y)
    )
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
    wanted = chosen | beside if bounds is not None else np.ones(len(way_id), dtype=bool)
    start, refs = _references(found.ways, wanted)
    rows = rows_of(node_id, refs)
    if bounds is None:
        if found.header.box is not None:  # and lies elsewhere: what relations hold was passed over
            raise RarePbf
        bounds = _inferred(found, node_id, way_id, lonlat, start, rows)
    lines = _lines(found, way_id[wanted], start, rows)
    start, refs, rows = _only(chosen[wanted], start, refs, rows)

    # The ways, and where the data end.
    ids = way_id[chosen]
    told = _platforms_told([tags[way] for way in ids.tolist()], start, rows, lines, lonlat)
    ways, notes = street_ways(ids, told, start, refs, rows, lonlat)
    coast = [
        lonlat[part] for kind, at in lines if kind == "coastline" for part in unbroken_rows(at)
    ]
    cuts = cut_places(start, rows, lonlat)

    # Barriers on them, and the date.
    barriers = np.array([node for node, _ in found.barriers], dtype=np.int64)
    on_ways = is_among(barriers, ways.node_id).tolist()
    date = datetime.fromtimestamp(found.newest, UTC).date() if not found.header.stated else None
    return StreetExtract(
        source=name,
        digest=hashlib.sha256(content).hexdigest(),
        data_date=found.header.stated
        or (None if date is None or date.year <= 1970 else date.isoformat()),
        bounds=bounds,
        ways=ways,
        way_node_tags=MappingProxyType(
            dict(row for row, held in zip(found.barriers, on_ways, strict=True) if held)
        ),
        multipolygons=areas,
        street_notes=notes,
        ends=data_ends(lonlat, Drawn(ways.lonlat, ways.start), bounds, cuts=cuts, coast=coast),
    )


def _lines(
    found: _Found, ids: IntArray, start: IntArray, rows: IntArray
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
    silent = are_silent(tags)
    if not any(silent):
        return tags
    platforms: list[FloatArray | None] = [None] * len(tags)
    for place in np.flatnonzero(silent).tolist():
        at = rows[start[place] : start[place + 1]]
        platforms[place] = lonlat[at[at >= 0]]
    tracks = [(kind, lonlat[at[at >= 0]]) for kind, at in lines if kind in TRACKS]
    return with_trams(tags, platforms, tracks)


def _ascending(ids: IntArray) -> bool:
    return bool((np.diff(ids) > 0).all())


def _read_blob(kind: bytes, data: bytes) -> _Found:
    found = _Found()
    if kind == b"OSMHeader":
        found.header = read_header(data)
    elif kind == b"OSMData":
        _read_block(data, found)
    return found


def _read_block(data: bytes, found: _Found) -> None:
    table, groups = block_of(data)
    for group in groups:
        parts, ways = messages(group)
        if not parts.keys() <= {2, 4, 5}:
            raise RarePbf
        for low, high in parts.get(2, ()):
            _read_nodes(group[low:high], table, found)
        if len(ways):
            _read_ways(group, ways, table, found)
        _read_relations(group, parts.get(4, []), table, found)


def _read_nodes(data: bytes, table: list[bytes], found: _Found) -> None:
    """Add the nodes; of their tags those of barriers."""
    nodes = read_nodes(data)
    found.node_id.append(nodes.id)
    found.node_x.append(nodes.x)
    found.node_y.append(nodes.y)
    found.newest = max(found.newest, nodes.newest)
    ends = np.flatnonzero(nodes.words == 0)
    begins = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    if ((ends - begins) % 2).any():
        raise RarePbf
    at = np.flatnonzero(is_among(nodes.words, places(table, {"barrier"})))
    node = np.searchsorted(ends, at)
    # among the keys, not the values
    for row in distinct(node[(at - begins[node]) % 2 == 0]).tolist():
        own = nodes.words[begins[row] : ends[row]].tolist()
        found.barriers.append((int(nodes.id[row]), _text(own[::2], own[1::2], table)))


def _read_ways(group: bytes, ways: IntArray, table: list[bytes], found: _Found) -> None:
    """Add ids and references of all ways, and the tags of those that may be streets."""
    ids = way_ids(group, ways)
    found.ways.append((group, ways[:, 8:10]))
    found.way_id.append(ids)
    found.newest = max(found.newest, newest(group, ways[:, 6:8]))

    # Tags, once for all ways that share them.
    rows, which = alike(group, ways)
    key, first = _numbers(group, ways[rows, 2:4])
    value, same = _numbers(group, ways[rows, 4:6])
    if (first != same).any():
        raise RarePbf
    words = Words(key, value, first)
    for kinds in line_kinds(words, table):
        for way in np.flatnonzero(is_among(which, np.fromiter(kinds, np.int64, len(kinds)))):
            found.lines[int(ids[way])] = kinds[int(which[way])]
    tags = street_tags(words, table)
    chosen = np.flatnonzero(is_among(which, np.fromiter(tags, np.int64, len(tags))))
    own = map(tags.__getitem__, which[chosen].tolist())
    found.tags.update(zip(ids[chosen].tolist(), own, strict=True))


def _read_relations(
    group: bytes, spans: list[tuple[int, int]], table: list[bytes], found: _Found
) -> None:
    """Add the squares that are mapped as relations; of all relations what they hold, which may tell the bounds."""
    squares = set(places(table, keys.WAY_KEYS).tolist())
    for relation, own in read_relations(group, spans, found):
        found.relation_id.append(relation[1])
        found.members.append((relation.get(9, b""), relation.get(10, b"")))
        if not squares.isdisjoint(own):
            refs, kinds = _members(*found.members[-1])
            roles = numbers(relation.get(8, b"")).tolist()
            members = tuple(
                (MEMBERS[kind], ref, table[role].decode("utf-8"))
                for kind, ref, role in zip(kinds.tolist(), refs.tolist(), roles, strict=True)
            )
            tags = _text(own, numbers(relation.get(3, b"")).tolist(), table)
            found.squares.append((relation[1], members, tags))


def _text(keys_: list[int], values: list[int], table: list[bytes]) -> Tags:
    pairs = zip(keys_, values, strict=True)
    return MappingProxyType(
        {table[key].decode("utf-8"): table[value].decode("utf-8") for key, value in pairs}
    )


def _numbers(group: bytes, spans: IntArray) -> tuple[IntArray, IntArray]:
    joined, start = spans_of(group, spans)
    return numbers(joined).astype(np.int64), start


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
    count = np.diff(start)
    kept = np.repeat(chosen, count)
    return np.concatenate([[0], np.cumsum(count[chosen])]), refs[kept], rows[kept]


def _inferred(
    found: _Found,
    node_id: IntArray,
    way_id: IntArray,
    lonlat: FloatArray,
    start: IntArray,
    rows: IntArray,
) -> Box:
    held = [_members(*packed) for packed in found.members]
    nodes, ways = (
        np.concatenate([_NO_INTS, *(refs[kinds == kind] for refs, kinds in held)])
        for kind in (0, 1)
    )
    return inferred_bounds(lonlat, start, rows, ~is_among(node_id, nodes), ~is_among(way_id, ways))


def _members(refs: bytes, kinds: bytes) -> tuple[IntArray, NDArray[np.uint64]]:
    """Return the ids and the kinds of what a relation holds, from the columns of its message."""
    return np.cumsum(signed(refs)), numbers(kinds)
