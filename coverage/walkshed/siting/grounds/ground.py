"""The ground of a town on which no proposed station stands: roadways, water, railway, works, schools."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.model.arrays import BoolArray, FloatArray, ObjectArray, ranges
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.network import StreetNetwork
from walkshed.needs.people.faces import lines_of
from walkshed.siting.grounds.rules import excluded, ground_rules

#: Outlines that exclude everything beyond them reach this far past the streets.
_BEYOND_M = 10_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Where no station stands: k polygons on the plane, and what each of the m edges is.

    ``clear_m`` is above 0 where an edge is the roadway of a large street: the meters that a station
    keeps from its middle. On ``closed`` edges there is no station.
    """

    polygons: ObjectArray  # (k,)
    clear_m: FloatArray  # (m,)
    closed: BoolArray  # (m,)

    def admits(self, xy: FloatArray) -> BoolArray:
        """Return (n,) whether a station may stand at each place; the edge of a polygon is outside."""
        free = np.ones(len(xy), dtype=bool)
        if len(self.polygons) and len(xy):
            tree = shapely.STRtree(self.polygons)
            free[tree.query(shapely.points(xy), predicate="within")[0]] = False
        return free


def all_ground(net: StreetNetwork) -> Ground:
    """Return ground on which a station may stand anywhere."""
    none = np.empty(0, dtype=object)
    edges = net.edge_count
    return Ground(none, np.zeros(edges), np.zeros(edges, dtype=bool))


def ground_of(
    net: StreetNetwork,
    extract: Extract | None,
    *,
    not_in: BaseGeometry | None = None,
    only_in: BaseGeometry | None = None,
) -> Ground:
    """Return where no station stands, by the tags of the extract, and by outlines in WGS84 degrees.

    Without an extract the classes of the streets alone are known.
    """
    rules = ground_rules()
    by_class = np.array([rules.clear_m.get(name, 0.0) for name in net.highway_classes] or [0.0])
    clear_m = by_class[net.highway].astype(np.float64)
    closed = np.zeros(net.edge_count, dtype=bool)
    polygons: list[BaseGeometry] = []

    # roadways, and ways without stations
    if extract is None:
        large = np.flatnonzero(clear_m)
        polygons += list(shapely.buffer(lines_of(net, large).lines, clear_m[large], quad_segs=4))
    else:
        polygons += _roadways(net, extract)
        ways = extract.ways
        barred = [
            way
            for way, tags in zip(ways.way_id.tolist(), ways.tags, strict=True)
            if excluded(tags, rules.ways)
        ]
        closed = np.isin(net.way_id, np.array(barred, dtype=np.int64)) & (net.way_id != 0)

        # land
        for listed in (extract.areas, extract.places):
            drawn = [
                listed.geometry[row]
                for row, tags in enumerate(listed.tags)
                if excluded(tags, rules.grounds)
                and shapely.get_dimensions(listed.geometry[row]) == 2
            ]
            polygons += list(net.plane.geometry_to_xy(np.array(drawn, dtype=object)))

    # outlines of the planner's own
    if not_in is not None:
        polygons += list(net.plane.geometry_to_xy(np.array([not_in], dtype=object)))
    if only_in is not None:
        inside = net.plane.geometry_to_xy(np.array([only_in], dtype=object))[0]
        low, high = net.vertex_xy.min(axis=0), net.vertex_xy.max(axis=0)
        all_round = shapely.box(*(low - _BEYOND_M), *(high + _BEYOND_M))
        polygons.append(shapely.difference(all_round, inside))

    # polygons that cross themselves are mended
    parts = np.empty(len(polygons), dtype=object)
    parts[:] = polygons
    return Ground(shapely.make_valid(parts), clear_m, closed)


def _roadways(net: StreetNetwork, extract: Extract) -> list[BaseGeometry]:
    """Return the roadways of large streets, those of motorways too, but for what lies in tunnels."""
    rules, ways = ground_rules(), extract.ways
    rows, clear_m = [], []
    for row, tags in enumerate(ways.tags):
        meters = rules.clear_m.get(tags.get("highway", ""), 0.0)
        if (
            meters
            and tags.get("tunnel", "no") == "no"
            and ways.start[row + 1] - ways.start[row] > 1
        ):
            rows.append(row)
            clear_m.append(meters)
    if not rows:
        return []

    count = np.diff(ways.start)[rows]
    nodes = ranges(ways.start[:-1][rows], count)
    xy = net.plane.to_xy(ways.lonlat[nodes])
    lines = shapely.linestrings(xy, indices=np.repeat(np.arange(len(rows)), count))
    return list(shapely.buffer(lines, np.array(clear_m), quad_segs=4))
