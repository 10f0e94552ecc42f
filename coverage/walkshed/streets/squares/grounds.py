"""Walkable ground that is drawn as an area: its outlines, from closed ways and multipolygons (definition 16)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray, ranges
from walkshed.model.ground.extract import Multipolygon, StreetExtract, Tags
from walkshed.osm.outlines.rings import closed_rings
from walkshed.streets.profile import Profile, Rule, Walk

#: Three corners at least, and the first node twice.
_LEAST_NODES = 4


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """One polygon of walkable ground: its rings in degrees, the outer one first, each without its last vertex."""

    rings: tuple[FloatArray, ...]
    ways: tuple[int, ...]  # that its outline consists of, by OSM id
    rows: tuple[int, ...]  # the same, among the chosen ways
    tags: Tags
    enterable: bool  # whether people stand on it; not on steps, nor on other floors than the street
    crowded: bool = False  # whether more ways would enter it than may


def is_crossed(tags: Tags) -> bool:
    """Return whether people cross the area within a closed way, or a multipolygon, with these tags."""
    if "area" not in tags and "place" not in tags:
        return False
    rule = next((rule for rule in _rules() if rule.matches(tags)), None)
    return rule is not None and rule.walk == "crossed"


def rules_bytes() -> bytes:
    """Return the text of the rules that say which areas are crossed."""
    return (files("walkshed.streets.squares") / "squares.toml").read_bytes()


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    stated = tomllib.loads(rules_bytes().decode("utf-8"))["square"]
    return tuple(
        Rule(
            tuple(
                (key, None if values == "*" else frozenset(values))
                for key, values in rule["when"].items()
            ),
            rule["walk"],
            rule["reason"],
        )
        for rule in stated
    )


def grounds_of(
    extract: StreetExtract, chosen: list[int], walks: list[Walk], rules: Profile
) -> list[Ground]:
    """Return the ground that people cross: closed ways, then relations, in the order of ids.

    ``chosen`` are the rows of the walkable ways, ``walks`` how each is walked. An outline that
    crosses itself, or is not all in the extract, bounds no ground.
    """
    ways, rows = extract.ways, np.array(chosen, dtype=np.int64)
    low, high = ways.start[rows], ways.start[rows + 1]

    # closed ways that belong to no relation
    alone = (high - low >= _LEAST_NODES) & (ways.node_id[low] == ways.node_id[high - 1])
    members = [way for area in extract.multipolygons for way in area.ways]
    alone &= ~np.isin(ways.way_id[rows], np.array(members, dtype=np.int64))

    closed = np.flatnonzero(alone)
    crossed = [is_crossed(ways.tags[chosen[place]]) for place in closed.tolist()]
    places = closed[np.array(crossed, dtype=bool)]
    count = (high - low)[places]

    found = []
    if len(places):
        lonlat = ways.lonlat[ranges(low[places], count)]
        whose = np.repeat(np.arange(len(places)), count)
        valid = shapely.is_valid(shapely.polygons(shapely.linearrings(lonlat, indices=whose)))
        found = [
            Ground(
                (ways.lonlat[low[place] : high[place] - 1],),
                (int(ways.way_id[chosen[place]]),),
                (place,),
                ways.tags[chosen[place]],
                walks[place].enterable and not walks[place].steps,
            )
            for place in places[valid].tolist()
        ]

    rows_of: dict[int, list[int]] = {}
    for place, row in enumerate(chosen if extract.multipolygons else []):
        rows_of.setdefault(int(ways.way_id[row]), []).append(place)

    for area in extract.multipolygons:
        tags = {**area.tags, "area": "yes"}
        walk = rules.walk(tags) if is_crossed(tags) else None
        if walk is not None:
            found += _of_relation(extract, chosen, area, rows_of, walk)
    return found


def _of_relation(
    extract: StreetExtract,
    chosen: list[int],
    area: Multipolygon,
    rows_of: dict[int, list[int]],
    walk: Walk,
) -> list[Ground]:
    """Return the polygons of one multipolygon; none where a way is missing, cut or not walkable."""
    ways = extract.ways
    rows = [row for way in area.ways for row in rows_of.get(way, ())]
    if {int(ways.way_id[chosen[row]]) for row in rows} != set(area.ways):
        return []

    nodes: dict[int, FloatArray] = {}
    lines = []
    for row in rows:
        low, high = ways.start[chosen[row]], ways.start[chosen[row] + 1]
        line = ways.node_id[low:high].tolist()
        nodes.update(zip(line, ways.lonlat[low:high]))
        lines.append(tuple(line))

    closed = closed_rings(lines)
    if not closed:
        return []
    outlines = [np.array([nodes[node] for node in ring]) for ring in closed]
    if min(map(len, outlines)) < _LEAST_NODES:
        return []

    # the ways of each polygon: those of which it holds a vertex
    grounds = []
    for rings in _polygons(outlines):
        corners = {tuple(place) for ring in rings for place in ring.tolist()}
        own = [row for row, line in zip(rows, lines) if tuple(nodes[line[1]].tolist()) in corners]
        grounds.append(
            Ground(
                tuple(ring[:-1] for ring in rings),
                tuple(sorted({int(ways.way_id[chosen[row]]) for row in own})),
                tuple(own),
                {**area.tags, "area": "yes"},
                walk.enterable and not walk.steps,
            )
        )
    return grounds


def _polygons(outlines: list[FloatArray]) -> list[list[FloatArray]]:
    """Return the rings of each polygon, the outer one first.

    None where rings cross themselves or each other.
    """
    whose = np.repeat(np.arange(len(outlines)), [len(ring) for ring in outlines])
    areas = shapely.polygons(shapely.linearrings(np.vstack(outlines), indices=whose))
    if not shapely.is_valid(areas).all():
        return []
    if len(areas) == 1:
        return [outlines]

    # a ring inside an odd number of others is a hole of the innermost of these
    holds = shapely.covers(areas[:, None], areas[None, :]) & ~np.eye(len(areas), dtype=bool)
    depth = holds.sum(axis=0)
    inner = [
        [row, *np.flatnonzero(holds[row] & (depth == depth[row] + 1)).tolist()]
        for row in np.flatnonzero(depth % 2 == 0).tolist()
    ]
    polygons = [
        shapely.Polygon(outlines[outer], [outlines[hole] for hole in holes])
        for outer, *holes in inner
    ]
    if not shapely.is_valid(shapely.multipolygons(polygons)):
        return []
    return [[outlines[row] for row in rows] for rows in inner]
