"""What an extract knows about where a planner's points can lie: near streets, near things, at what bears their name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from walkshed.geocode.addresses import parse_address
from walkshed.geocode.names import core_of, key_of
from walkshed.model.arrays import BoolArray, FloatArray
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.plane import Plane

_STREET_EDGES_M: Final = (3.0, 6.0, 10.0, 15.0, 20.0, 30.0, 45.0, 70.0, 110.0, 200.0)
_THING_EDGES_M: Final = (0.5, 5.0, 10.0, 20.0, 35.0, 60.0, 100.0, 180.0, 320.0)
_FEW: Final = 30  # things or streets below which their distances say nothing
_SAMPLE: Final = 600
_MOST_GROUND_M2: Final = 50_000.0  # larger grounds hold everything and tell nothing
_NOT_STREETS: Final = frozenset(
    {"motorway", "motorway_link", "proposed", "construction", "raceway", "platform"}
)
_NAMED_SCALE_M: Final = 60.0  # how far a point that is meant for a named thing usually lies from it
_CHANCE_SCALE_M: Final = 800.0  # and how far by chance, in a study of a few kilometers
_NAMED_WRONG: Final = 0.15  # share of names that mean another thing of that name
#: The distances to streets and to things tell in part the same story: each counts half.
_SHARED: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class _Likeness:
    """Log-likelihood ratio by distance: where planners' points lie against anywhere in the study."""

    edges_m: FloatArray
    ratio: FloatArray
    tree: Any  # shapely.STRtree

    def of(self, points: Any) -> FloatArray:  # noqa: ANN401 (shapely points)
        """Return (n,) ratios of points on the plane."""
        if len(self.tree.geometries) < _FEW:
            return np.zeros(len(points))
        return np.asarray(
            self.ratio[np.searchsorted(self.edges_m, self.distance_m(points), side="right")]
        )

    def distance_m(self, points: Any) -> FloatArray:  # noqa: ANN401
        """Return (n,) meters to the nearest."""
        _, meters = self.tree.query_nearest(points, return_distance=True, all_matches=False)
        return np.asarray(meters, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What the detective compares with.

    A plane, the study's box on it, streets, things and names.
    """

    plane: Plane
    box: tuple[float, float, float, float]  # on the plane
    streets: _Likeness
    things: _Likeness
    named: dict[str, Any]  # key -> geometry on the plane

    @property
    def center(self) -> tuple[float, float]:
        """Longitude and latitude of the middle of the study."""
        return self.plane.lon0, self.plane.lat0

    def inside(self, xy: FloatArray, margin_m: float = 0.0) -> BoolArray:
        """Return (n,) whether points lie in the box or within a margin of it; nan does not."""
        west, south, east, north = self.box
        with np.errstate(invalid="ignore"):
            return np.asarray(
                (xy[:, 0] >= west - margin_m)
                & (xy[:, 0] <= east + margin_m)
                & (xy[:, 1] >= south - margin_m)
                & (xy[:, 1] <= north + margin_m)
            )

    def lying(self, xy: FloatArray) -> FloatArray:
        """Return (n,) how well points lie by streets and things: log-likelihood ratios, 0 outside the box."""
        ratio = np.zeros(len(xy))
        here = self.inside(xy)
        if here.any():
            points = shapely.points(xy[here])
            ratio[here] = _SHARED * (self.streets.of(points) + self.things.of(points))
        return ratio

    def targets(self, names: Sequence[str], addresses: Sequence[str]) -> list[list[Any]]:
        """Return for each row the geometries that its name or the road of its address may mean."""
        rows = []
        for name, address in zip(names, addresses, strict=True):
            keys = [key_of(name), core_of(key_of(name))] if name else []

            if address:
                road = key_of(parse_address(address).road)
                keys += [key_of(address), road]

            rows.append(
                [self.named[key] for key in dict.fromkeys(keys) if key and key in self.named][:1]
            )
        return rows


def named_m(targets: list[list[Any]], xy: FloatArray) -> FloatArray:
    """Return (n,) meters from each point to what bears its name; nan without."""
    meters = np.full(len(xy), np.nan)
    for row, found in enumerate(targets):
        if found and np.isfinite(xy[row]).all():
            meters[row] = shapely.distance(found[0], shapely.Point(xy[row]))
    return meters


def named_ratio(meters: FloatArray) -> FloatArray:
    """Return (n,) log-likelihood ratios of distances to what bears the name; 0 for nan.

    The right system: an exponential law with a scale of 60 m for all but 15 % of the names; a wrong
    one: 800 m.
    """
    known = np.nan_to_num(meters, nan=0.0)
    chance = np.exp(-known / _CHANCE_SCALE_M) / _CHANCE_SCALE_M
    right = (1.0 - _NAMED_WRONG) * np.exp(
        -known / _NAMED_SCALE_M
    ) / _NAMED_SCALE_M + _NAMED_WRONG * chance
    return np.where(np.isnan(meters), 0.0, np.log(right / chance))


def reference_of(extract: Extract) -> Reference:
    """Return what the detective needs of an extract, on a plane centered on it."""
    west, south, east, north = extract.bounds
    plane = Plane((west + east) / 2.0, (south + north) / 2.0)
    corners = plane.to_xy(np.array([(west, south), (east, north)]))
    box = (float(corners[0, 0]), float(corners[0, 1]), float(corners[1, 0]), float(corners[1, 1]))

    ways = extract.ways
    xy = plane.to_xy(ways.lonlat)
    lines = [
        shapely.LineString(xy[ways.start[row] : ways.start[row + 1]])
        for row, tags in enumerate(ways.tags)
        if tags.get("highway", "platform") not in _NOT_STREETS
    ]

    # things of the study, but for those as large as a part of town
    things = np.array([*extract.places.geometry, *extract.buildings.geometry], dtype=object)
    if len(things):
        things = plane.geometry_to_xy(things)
        is_small = (shapely.area(things) < _MOST_GROUND_M2) & (shapely.length(things) < 2000.0)
        things = things[is_small & shapely.intersects(things, shapely.box(*box))]

    street_tree = shapely.STRtree(np.array(lines, dtype=object))
    thing_tree = shapely.STRtree(things)
    anywhere = shapely.points(_spread(box, _SAMPLE))

    sample = things
    if len(things):
        sample = things[np.linspace(0, len(things) - 1, min(len(things), _SAMPLE)).astype(int)]
    there = shapely.centroid(sample)

    return Reference(
        plane=plane,
        box=box,
        streets=_likeness(street_tree, _STREET_EDGES_M, there, anywhere, itself=None),
        things=_likeness(thing_tree, _THING_EDGES_M, there, anywhere, itself=sample),
        named=_named(extract, plane),
    )


def _likeness(
    tree: Any,  # noqa: ANN401
    edges_m: tuple[float, ...],
    there: Any,  # noqa: ANN401
    anywhere: Any,  # noqa: ANN401
    *,
    itself: Any,  # noqa: ANN401
) -> _Likeness:
    """Return the ratio between the distances of mapped things (to others than themselves) and of anywhere."""
    edges = np.array(edges_m)
    if len(tree.geometries) < _FEW or len(there) < _FEW:
        return _Likeness(edges, np.zeros(len(edges) + 1), shapely.STRtree([]))

    _, by_chance = tree.query_nearest(anywhere, return_distance=True, all_matches=False)
    if itself is None:
        _, right = tree.query_nearest(there, return_distance=True, all_matches=False)
    else:
        right = _others_m(tree, itself, there)

    counts = [
        np.bincount(np.searchsorted(edges, meters, side="right"), minlength=len(edges) + 1)
        for meters in (right, by_chance)
    ]
    shares = [(count + 2.0) / (count.sum() + 2.0 * len(count)) for count in counts]
    return _Likeness(edges, np.log(shares[0] / shares[1]), tree)


def _others_m(tree: Any, itself: Any, there: Any) -> FloatArray:  # noqa: ANN401
    """Return meters from each thing's center to the nearest thing other than itself."""
    reach = 400.0
    at, found = tree.query(there, predicate="dwithin", distance=reach)
    meters = shapely.distance(np.asarray(there)[at], tree.geometries[found])
    meters[tree.geometries[found] == np.asarray(itself)[at]] = np.inf
    nearest = np.full(len(there), reach)
    np.minimum.at(nearest, at, meters)
    return nearest


def _spread(box: tuple[float, float, float, float], count: int) -> FloatArray:
    """Return points that fill a box evenly without a grid's rhythm (Roberts' R2 sequence, 2018)."""
    golden = 1.324717957244746
    steps = np.arange(1, count + 1)[:, None] / np.array([golden, golden**2])
    west, south, east, north = box
    return np.asarray((0.5 + steps) % 1.0 * [east - west, north - south] + [west, south])


def _named(extract: Extract, plane: Plane) -> dict[str, Any]:
    gathered: dict[str, list[Any]] = {}
    ways = extract.ways
    for row, tags in enumerate(ways.tags):
        if "name" in tags:
            line = shapely.LineString(ways.lonlat[ways.start[row] : ways.start[row + 1]])
            gathered.setdefault(key_of(tags["name"]), []).append(line)

    for tags, geometry in zip(extract.places.tags, extract.places.geometry):
        if "name" in tags and tags.get("boundary") != "administrative" and "place" not in tags:
            for key in dict.fromkeys((key_of(tags["name"]), core_of(key_of(tags["name"])))):
                gathered.setdefault(key, []).append(geometry)

    joined = np.empty(len(gathered), dtype=object)
    joined[:] = [shapely.GeometryCollection(found) for found in gathered.values()]
    return dict(zip(gathered, plane.geometry_to_xy(joined)))
