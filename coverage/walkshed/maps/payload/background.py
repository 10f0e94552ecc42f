"""What lies under the findings: streets, water and green from the study's own data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from walkshed.maps.packing import Polygons, pack_lines, pack_linestrings, pack_polygons
from walkshed.model.arrays import FloatArray
from walkshed.model.ground.extract import Extract, Tags
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.results import Results
from walkshed.osm.outlines.coast import sea
from walkshed.osm.outlines.data_end import VOID_M

#: Water and green are drawn this far beyond the study's own features, as a share of their extent.
MARGIN = 0.35
#: Outlines of water and green are smoothed by at most this many meters.
SMOOTHED_M = 1.5
#: Smaller patches are dust at the scale of a study.
SMALLEST_M2 = 60.0

#: The sides of the box are looked at in pieces of this length; and places at which the data end in
#: it lie 50 m apart, on a slant 71 m, where they stand beside each other.
_PIECE_M, _BESIDE_M = 50.0, 75.0
_BROAD = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
_NARROW = frozenset(
    {
        "footway",
        "path",
        "steps",
        "pedestrian",
        "corridor",
        "platform",
        "cycleway",
        "bridleway",
        "track",
    }
)
_WATER_LANDUSE = frozenset({"reservoir", "basin"})
_WATER_NATURAL = frozenset({"water", "bay", "strait"})
_GREEN = {
    "leisure": frozenset(
        {"park", "garden", "nature_reserve", "golf_course", "pitch", "playground", "common"}
    ),
    "landuse": frozenset(
        {
            "grass",
            "forest",
            "meadow",
            "recreation_ground",
            "village_green",
            "cemetery",
            "allotments",
            "orchard",
        }
    ),
    "natural": frozenset({"wood", "scrub", "grassland", "heath"}),
}


def is_water(tags: Tags) -> bool:
    """Return whether an area with these tags is drawn as water."""
    return (
        tags.get("natural") in _WATER_NATURAL
        or tags.get("landuse") in _WATER_LANDUSE
        or tags.get("waterway") in {"riverbank", "dock"}
    )


def is_green(tags: Tags) -> bool:
    """Return whether an area with these tags is drawn as green."""
    return any(tags.get(key) in values for key, values in _GREEN.items())


def background(results: Results, frame: tuple[float, float, float, float]) -> dict[str, Any]:
    """Return ``{"streets": …, "water": …, "green": …, "edge": …}``.

    ``edge`` are lines where the data end, or None.


    ``frame`` (plane meters: west, south, east, north) is the box of the study's features; areas are
    clipped to it with a margin. Streets are one packed line per edge of the network, in its order,
    so that reached pieces may name an edge by its index; ``width`` holds one digit per edge: 2
    broad, 1 ordinary, 0 footways and private ways.
    """
    network = results.network
    water: Polygons = []
    green: Polygons = []
    extract = results.extract
    if extract is not None:
        # a little more than what is shown, so that it may be moved
        west, south, east, north = frame
        margin = MARGIN * max(east - west, north - south)
        box = (west - margin, south - margin, east + margin, north + margin)

        ocean = shapely.MultiPolygon()
        if len(extract.coast):
            ocean = sea(extract.coast.geometry, extract.bounds, extract.ways.lonlat)
        water = _areas(extract, network, is_water, box, besides=ocean)
        green = _areas(extract, network, is_green, box)

    streets = {
        "lines": pack_lines(network.plane, network.vertex_xy, network.vertex_from),
        "width": "".join(str(width) for width in street_widths(network)),
    }
    return {
        "streets": streets,
        "water": water,
        "green": green,
        "edge": _edge(network),
    }


def street_widths(network: StreetNetwork) -> list[int]:
    """Return how broad each edge is drawn.

    2 stands for main streets, 1 for the others, 0 for footways and private ways.
    """
    width = dict.fromkeys(_BROAD, 2) | dict.fromkeys(_NARROW, 0)
    by_class = [width.get(name, 1) for name in network.highway_classes]
    widths = np.array([*by_class, 1])[network.highway]
    return [int(width) for width in np.where(network.private, 0, widths)]


def _edge(network: StreetNetwork) -> list[str] | None:
    """Return packed lines where the data end: on the sides of the box, and within it.

    The sides count as far as something is mapped there. Places within the box at which the data end
    (StreetNetwork.data_end_xy) stand beside each other along the outline of what is mapped, where
    they make a line.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    if network.bounds_xy is None:
        return None
    west, south, east, north = network.bounds_xy

    # the sides, in short pieces
    count = max(1, int(np.ceil(max(east - west, north - south) / _PIECE_M)))
    x, y = np.linspace(west, east, count + 1), np.linspace(south, north, count + 1)
    rows = [np.column_stack([x, np.full(count + 1, at)]) for at in (south, north)]
    rows += [np.column_stack([np.full(count + 1, at), y]) for at in (west, east)]
    pieces = shapely.linestrings(np.concatenate([np.stack([r[:-1], r[1:]], axis=1) for r in rows]))
    streets = shapely.STRtree(shapely.points(network.vertex_xy))
    piece, _ = streets.query_nearest(pieces, max_distance=VOID_M, all_matches=False)
    sides = pieces[piece]

    # what ends within: each place joined to those beside it, by the nearest ones
    ends = network.data_end_xy
    places = shapely.points(ends)
    one, other = shapely.STRtree(places).query(places, predicate="dwithin", distance=_BESIDE_M)
    away_m = np.hypot(*(ends[one] - ends[other]).T)
    # older scipy takes 32 bits here and nothing else
    pairs = one.astype(np.int32), other.astype(np.int32)
    beside = coo_array((away_m, pairs), shape=(max(len(ends), 1),) * 2)
    one, other = minimum_spanning_tree(beside.tocsr()).nonzero()
    within = shapely.linestrings(np.stack([ends[one], ends[other]], axis=1))

    merged = [shapely.line_merge(shapely.multilinestrings(part)) for part in (sides, within)]
    lines = shapely.get_parts(merged)
    return pack_linestrings(network.plane, lines[~shapely.is_empty(lines)])


def _areas(
    extract: Extract,
    network: StreetNetwork,
    wanted: Callable[[Tags], bool],
    box: tuple[float, float, float, float],
    *,
    besides: shapely.MultiPolygon | None = None,
) -> Polygons:
    """Return the areas with wanted tags, and ``besides`` (degrees), clipped to a box of the plane."""
    found = [extract.areas.geometry[i] for i, tags in enumerate(extract.areas.tags) if wanted(tags)]
    if besides is not None and not besides.is_empty:
        found.append(besides)
    if not found:
        return []

    shapes = np.empty(len(found), dtype=object)
    shapes[:] = found
    geometry = network.plane.geometry_to_xy(shapes)
    geometry = shapely.make_valid(geometry[shapely.get_dimensions(geometry) == 2])

    # one drawing, without the lines between areas and without dust
    clipped = shapely.union_all(shapely.intersection(geometry, shapely.box(*box)))
    parts = shapely.get_parts(shapely.simplify(clipped, SMOOTHED_M))
    drawn = shapely.MultiPolygon(_large(parts))
    (polygons,) = pack_polygons(network.plane, np.array([drawn], dtype=object))
    return polygons


def _large(parts: Any) -> list[shapely.Polygon]:  # noqa: ANN401 (an array of geometries)
    return [part for part in parts if part.geom_type == "Polygon" and part.area >= SMALLEST_M2]


def frame_of(points: FloatArray) -> tuple[float, float, float, float]:
    """Return the box (west, south, east, north) around (n, 2) points.

    Zeros where there are none.
    """
    if len(points) == 0:
        return (0.0, 0.0, 0.0, 0.0)
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    return (float(west), float(south), float(east), float(north))
