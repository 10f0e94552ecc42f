"""The ground inside compounds, on which residents and a station of their own walk to each other (definition 3).

Outlines are judged in steps of 1/64 m and by sums, products and comparisons alone: the page's
engine takes the same steps and finds the same.
"""

from __future__ import annotations

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ObjectArray, ranges, read_only
from walkshed.model.ground.extract import Extract, Tags
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.judged.coverage import Stretches, Yards
from walkshed.model.town.places import Block, Form
from walkshed.needs.exits.stretches import line_parts, stretches_of
from walkshed.needs.people.faces import bounding_lines, lines_of
from walkshed.needs.people.outlines import as_array

#: Outlines and what parts their ground are rounded to so many steps per meter.
STEPS_PER_M = 64.0
#: Residents stand on 1/65536 m, as the page has them.
FINE_STEPS_PER_M = 65536.0
#: What stands nearer than this to the edge stands on the street, not inside.
ON_EDGE_M = 1.0
#: A straight walk inside is a guess; one that is so many times as long must not turn a verdict.
LONGEST_DETOUR = 1.6

#: Water that is not walked through, as areas.
_WATER = {
    "natural": {"water", "bay"},
    "waterway": {"riverbank", "dock"},
    "landuse": {"reservoir", "basin", "aquaculture", "salt_pond"},
}


def yards_of(
    blocks: tuple[Block, ...],
    outlines: ObjectArray,
    network: StreetNetwork,
    extract: Extract | None,
    *,
    detour: float = 1.0,
) -> Yards:
    """Return the ground of the compounds among ``blocks``, whose outlines are on the plane.

    Street blocks have no inside of their own: their houses stand at the streets. (1) The edge of
    each compound; (2) the lines that part its ground: streets that bound street blocks, railways,
    rivers, the edges of water, as far as they run through it; (3) the other ways inside, as parts
    of edges.
    """
    areal = shapely.get_dimensions(outlines) == 2  # (1)
    is_compound = np.array([block.form is Form.COMPOUND for block in blocks], dtype=bool)
    yard_of = np.flatnonzero(areal & is_compound)
    edges, owner = _segments(outlines[yard_of])
    edge_start = np.searchsorted(owner, np.arange(len(yard_of) + 1))

    # what keeps to the edge is not inside
    ground = shapely.buffer(outlines[yard_of], -ON_EDGE_M, quad_segs=2)
    shapely.prepare(ground)

    lines = as_array([*_streets(network), *_divides(network, extract)])  # (2)
    divides, owner = _within(ground, lines)
    divide_start = np.searchsorted(owner, np.arange(len(yard_of) + 1))
    ways = _ways(network, outlines[yard_of], ground)  # (3)

    return Yards(
        block=read_only(yard_of, np.int64),
        edge_start=read_only(edge_start, np.int64),
        edges=read_only(edges, np.float64),
        divide_start=read_only(divide_start, np.int64),
        divides=read_only(divides, np.float64),
        way_start=read_only(np.searchsorted(ways.block, np.arange(len(yard_of) + 1)), np.int64),
        way_edge=ways.edge,
        way_low_m=ways.low_m,
        way_high_m=ways.high_m,
        detour=detour,
    )


def fine(xy: FloatArray) -> FloatArray:
    """Return places of residents as the page has them, in steps of 1/65536 m."""
    rounded: FloatArray = np.round(xy * FINE_STEPS_PER_M) / FINE_STEPS_PER_M
    return rounded


def holding(yards: Yards, xy: FloatArray) -> tuple[IntArray, IntArray]:
    """Return (place, yard) of places (n, 2) that lie inside a yard, by place.

    A place on its edge is not inside.
    """
    if not len(yards.block) or not len(xy):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)

    # those whose box holds the place
    first = yards.edge_start[:-1]
    low = np.minimum.reduceat(np.minimum(yards.edges[:, :2], yards.edges[:, 2:]), first)
    high = np.maximum.reduceat(np.maximum(yards.edges[:, :2], yards.edges[:, 2:]), first)
    boxes = shapely.box(*low.T, *high.T)
    place, yard = shapely.STRtree(boxes).query(shapely.points(xy), predicate="intersects")

    # every place with every line of the edge
    count = np.diff(yards.edge_start)[yard]
    pair = np.repeat(np.arange(len(place)), count)
    line = yards.edges[ranges(yards.edge_start[yard], count)]
    inside = _is_inside(xy[place][pair], line, pair, len(place))

    order = np.lexsort([yard[inside], place[inside]])
    return place[inside][order].astype(np.int64), yard[inside][order].astype(np.int64)


def _is_inside(xy: FloatArray, line: FloatArray, pair: IntArray, pairs: int) -> BoolArray:
    """Return for each pair whether its place lies within its lines (even-odd rule), off all of them by 1 m."""
    (x, y), (x0, y0, x1, y1) = xy.T, line.T

    # how often a ray to the east meets the lines
    straddles = (y0 > y) != (y1 > y)
    rise = np.where(straddles, y1 - y0, 1.0)
    met = straddles & (x < (x1 - x0) * (y - y0) / rise + x0)
    odd = np.bincount(pair[met], minlength=pairs) % 2 == 1

    # and how near the nearest of them comes
    along_x, along_y = x1 - x0, y1 - y0
    squared = along_x * along_x + along_y * along_y
    share = ((x - x0) * along_x + (y - y0) * along_y) / squared
    share = np.minimum(1.0, np.maximum(0.0, share))
    away_x, away_y = x - (x0 + share * along_x), y - (y0 + share * along_y)
    near = away_x * away_x + away_y * away_y <= ON_EDGE_M * ON_EDGE_M
    return np.asarray(odd & (np.bincount(pair[near], minlength=pairs) == 0), dtype=bool)


def crossed(start: FloatArray, end: FloatArray, lines: FloatArray) -> BoolArray:
    """Return whether each straight walk, from ``start`` (n, 2) to ``end`` (n, 2), crosses one of the lines (k, 4).

    A line is crossed whose ends lie on two sides of the walk, as those of the walk on two of its
    own; on the right counts as one side, the rest as the other.
    """
    (x0, y0), (x1, y1) = start.T[:, :, None], end.T[:, :, None]
    u0, v0, u1, v1 = lines.T[:, None, :]

    def right_of(dx: FloatArray, dy: FloatArray, to_x: FloatArray, to_y: FloatArray) -> BoolArray:
        return np.asarray(dx * to_y - dy * to_x < 0.0, dtype=bool)

    ends_apart = right_of(x1 - x0, y1 - y0, u0 - x0, v0 - y0) != right_of(
        x1 - x0, y1 - y0, u1 - x0, v1 - y0
    )
    walk_apart = right_of(u1 - u0, v1 - v0, x0 - u0, y0 - v0) != right_of(
        u1 - u0, v1 - v0, x1 - u0, y1 - v0
    )
    return np.asarray((ends_apart & walk_apart).any(axis=1), dtype=bool)


def _segments(geometry: ObjectArray) -> tuple[FloatArray, IntArray]:
    """Return the straight parts (k, 4) of the edges of polygons, or of lines, rounded, and whose they are."""
    lines, owner = shapely.get_parts(
        np.where(shapely.get_dimensions(geometry) == 2, shapely.boundary(geometry), geometry),
        return_index=True,
    )
    xy, line = shapely.get_coordinates(lines, return_index=True)
    xy = np.round(xy * STEPS_PER_M) / STEPS_PER_M

    parts = np.column_stack([xy[:-1], xy[1:]])
    some = (line[1:] == line[:-1]) & (xy[1:] != xy[:-1]).any(axis=1)
    return parts[some], owner[line[:-1][some]].astype(np.int64)


def _within(ground: ObjectArray, lines: ObjectArray) -> tuple[FloatArray, IntArray]:
    """Return the straight parts (k, 4) of lines that run through some grounds, and through whose."""
    yard, line = shapely.STRtree(lines).query(ground, predicate="intersects")
    order = np.lexsort([line, yard])
    yard, line = yard[order], line[order]
    parts, pair = _segments(lines[line])
    drawn = shapely.linestrings(parts.reshape(-1, 2, 2))
    through = shapely.intersects(ground[yard[pair]], drawn)
    return parts[through], yard[pair[through]]


def _ways(network: StreetNetwork, outlines: ObjectArray, ground: ObjectArray) -> Stretches:
    """Return the parts inside of ways that people step onto, by yard.

    Streets that part the ground are none.
    """
    bounding = np.zeros(network.edge_count, dtype=bool)
    bounding[bounding_lines(network).edges] = True
    edges = np.flatnonzero(network.enterable & ~bounding)
    lines = lines_of(network, edges).lines

    yard, line = shapely.STRtree(lines).query(ground, predicate="intersects")
    whole = shapely.covered_by(lines[line], outlines[yard])
    parts, pair = line_parts(shapely.intersection(lines[line[~whole]], outlines[yard[~whole]]))

    inside = np.concatenate([lines[line[whole]], parts])
    owner = np.concatenate([np.flatnonzero(whole), np.flatnonzero(~whole)[pair]])
    return stretches_of(
        network, edges[line[owner]], lines[line[owner]], yard[owner], inside, whole=whole[owner]
    )


def _streets(network: StreetNetwork) -> ObjectArray:
    """Return the streets that bound street blocks, but for bridges and tunnels: one walks below or above them."""
    streets = bounding_lines(network)
    kept: ObjectArray = streets.lines[network.enterable[streets.edges]]
    return kept


def _divides(network: StreetNetwork, extract: Extract | None) -> list[shapely.Geometry]:
    """Return railways, rivers and the edges of water on the plane."""
    if extract is None:
        return []
    water = [row for row, tags in enumerate(extract.areas.tags) if _is_water(tags)]
    shores = shapely.boundary(network.plane.geometry_to_xy(extract.areas.geometry[water]))
    return [*network.plane.geometry_to_xy(extract.divides.geometry), *shores]


def _is_water(tags: Tags) -> bool:
    return any(tags.get(key) in values for key, values in _WATER.items())
