"""Outlines on the plane: their polygons, ground that several of them claim, and cutting what is too large."""

from __future__ import annotations

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, ObjectArray

MIN_BLOCK_M2 = 400.0
MIN_BLOCK_HALF_WIDTH_M = 6.0  # thinner faces are medians and the space between two carriageways
GRID_M = 0.01  # OpenStreetMap's own resolution
SLIVER = 0.01  # neighbors drawn by hand overlap by slivers: up to this share of the smaller one
#: More is no place to judge as one: GB 50180-2018, 3.0.4, gives 8 to 18 ha to the whole
#: neighborhood of a five-minute walk, and one end of such a block lies farther from the other than
#: its standard.
LARGEST_BLOCK_M2, LONGEST_BLOCK_M = 200_000.0, 800.0


def polygons_of(geometry: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the polygons of a geometry, lines and points left out."""
    if geometry.geom_type == "Polygon":
        return [] if geometry.is_empty else [geometry]
    if geometry.geom_type in {"MultiPolygon", "GeometryCollection"}:
        return [polygon for part in geometry.geoms for polygon in polygons_of(part)]
    return []


def ground_of(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """Return the polygons of a geometry as one multipolygon, empty where it holds none."""
    polygons = polygons_of(geometry)
    return shapely.multipolygons(polygons) if polygons else shapely.MultiPolygon()


def as_array(outlines: list[shapely.Geometry]) -> ObjectArray:
    """Return the outlines as an array of objects, an empty one for an empty list."""
    array = np.empty(len(outlines), dtype=object)
    array[:] = outlines
    return array


def wide(outlines: ObjectArray) -> BoolArray:
    """Return which outlines are large and wide enough for houses: no slivers, no medians."""
    inner = shapely.buffer(outlines, -MIN_BLOCK_HALF_WIDTH_M, quad_segs=2)
    enough: BoolArray = (shapely.area(outlines) >= MIN_BLOCK_M2) & ~shapely.is_empty(inner)
    return enough


def overlap(outlines: ObjectArray) -> bool:
    """Return whether any two outlines share more ground than the slivers of neighbors."""
    area = shapely.area(outlines)
    one, two = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    one, two = one[one < two], two[one < two]
    shared = shapely.area(shapely.intersection(outlines[one], outlines[two]))
    return bool(np.any(shared > SLIVER * np.minimum(area[one], area[two])))


def overlaps_once(outlines: ObjectArray) -> ObjectArray:
    """Return the outlines with each overlap left to the smaller one (of equals, to the earlier)."""
    area = shapely.area(outlines)
    tree = shapely.STRtree(outlines)

    clear = outlines.copy()
    for row, outline in enumerate(outlines):
        others = tree.query(outline, predicate="intersects")
        smaller = [other for other in sorted(others) if (area[other], other) < (area[row], row)]
        if smaller:
            rest = shapely.difference(outline, shapely.union_all(outlines[smaller]))
            clear[row] = shapely.make_valid(rest)

    return as_array([ground_of(outline) for outline in clear])


def without(outlines: ObjectArray, taken: ObjectArray) -> ObjectArray:
    """Return each outline without the ground of ``taken``, as multipolygons.

    Empty ones stay in their place.
    """
    rest = outlines.copy()
    row, cut = shapely.STRtree(taken).query(outlines, predicate="intersects")
    for at in np.unique(row):
        ground = shapely.union_all(taken[np.sort(cut[row == at])])
        left = shapely.make_valid(shapely.difference(outlines[at], ground))
        rest[at] = ground_of(left)
    return rest


def sound(outlines: ObjectArray) -> ObjectArray:
    """Return the outlines with corners on whole centimeters and wherever rings touch.

    Where a corner touches the middle of another ring's edge, the next projection would move it
    across.
    """
    return as_array([ground_of(rounded) for rounded in shapely.set_precision(outlines, GRID_M)])


def handy(outline: shapely.Geometry) -> list[shapely.Geometry]:
    """Return an outline in pieces that can be judged: too large ones are halved across their longer side.

    What is smaller than a block (400 m²) is left out.
    """
    if outline.is_empty:
        return []
    west, south, east, north = outline.bounds
    width, height = east - west, north - south
    if outline.area <= LARGEST_BLOCK_M2 and max(width, height) <= LONGEST_BLOCK_M:
        return [outline] if outline.area >= MIN_BLOCK_M2 else []

    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    if width >= height:
        halves = (west, south, middle_x, north), (middle_x, south, east, north)
    else:
        halves = (west, middle_y, east, north), (west, south, east, middle_y)

    pieces: list[shapely.Geometry] = []
    for half in halves:
        ground = ground_of(shapely.intersection(outline, shapely.box(*half)))
        pieces.extend(handy(ground))
    return pieces
