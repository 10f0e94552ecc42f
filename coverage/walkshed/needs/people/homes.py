"""Where people live by all that the map holds: residential areas, streets around homes, single homes beyond them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.network import StreetNetwork
from walkshed.needs.people.compounds import ResidentialArea, residential_areas
from walkshed.needs.people.dwellings import Dwellings
from walkshed.needs.people.faces import (
    StreetLines,
    all_faces,
    beside_streets,
    bounding_lines,
    northwest_first,
)
from walkshed.needs.people.ground import NEAR_HOME_M, uninhabited
from walkshed.needs.people.outlines import (
    LARGEST_BLOCK_M2,
    MIN_BLOCK_M2,
    as_array,
    ground_of,
    handy,
    wide,
    without,
)

#: The map shows where people live if residential areas take up so much of the ground between its
#: streets (Dafeng, Dachang and Nanshan: 23 to 40 %), or if so many of the faces hold a home.
LEAST_SHARE_RESIDENTIAL, LEAST_SHARE_WITH_HOMES = 0.1, 0.5
#: Houses cover 15 % and more of the ground in a street of houses. Where they cover less than this,
#: only the ground near them is taken for a block.
LEAST_BUILT_SHARE = 0.05
MOST_OF_IT = 0.5
#: An unnamed area is cut by the streets that part it; a corner of it beyond a street, of less than
#: this share, parts nothing.
LEAST_SHARE_OF_PART = 0.1
BEYOND_M = 200.0  # the frame stands this far outside all streets and homes


@dataclass(frozen=True, slots=True, eq=False)
class SettledGround:
    """Where people live, on the plane.

    ``compounds`` are residential areas that stay whole. ``pieces`` is the rest, bounded by streets,
    with the name of the residential area that it was cut from, or "". ``everywhere``: the map does
    not tell where people live, and all ground between streets stands in for it.
    """

    compounds: tuple[ResidentialArea, ...]
    pieces: ObjectArray
    names: tuple[str, ...]
    everywhere: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Land:
    """Residential areas that streets cut, and whether their homes are mapped so well that gaps are gaps."""

    outlines: ObjectArray
    names: tuple[str, ...]
    well_mapped: BoolArray


def settled_ground(extract: Extract, network: StreetNetwork, homes: Dwellings) -> SettledGround:
    """Return where people live.

    Method. Residential areas of a compound's size are compounds, named or not; larger ones, and
    unnamed ones that streets part, are land to be cut by streets (1). The faces between streets,
    without compounds and the ground without residents, are what is left, each connected part by
    itself (2). A face counts where
    it holds residential land or homes: all of it where it is built up, else the land and the ground
    within 50 m of a home (3). Where the map shows too little of either, all faces count, as far as
    100 m from a street (4). What is too large for one block is halved (5).
    """
    areas = residential_areas(extract, network)
    streets = bounding_lines(network)
    frame = _frame(streets, areas, homes)
    if frame is None:
        return SettledGround(areas, np.empty(0, dtype=object), (), everywhere=True)
    faces = all_faces(streets, frame)
    places = shapely.STRtree(shapely.points(homes.xy))
    inner = ~shapely.intersects(faces, frame.exterior)

    # (1)
    compounds, others = _parted(areas, faces)
    land = _land(others, homes, places)

    # (2)
    taken = [compound.outline for compound in compounds]
    empty = uninhabited(extract, network.plane, places)
    ground, face = shapely.get_parts(without(faces, as_array([*taken, *empty])), return_index=True)
    of_land = _pairs(ground, land.outlines)
    held = _points_in(ground, places)

    # (3)
    lived_in = np.full(len(ground), shapely.MultiPolygon(), dtype=object)
    for row in np.unique(np.concatenate([of_land[0], held[0]])):
        own_land = land.outlines[of_land[1][of_land[0] == row]]
        own_homes = held[1][held[0] == row]
        built = shapely.area(homes.geometry[own_homes]).sum()
        lived_in[row] = _lived_in(ground[row], own_land, places.geometries[own_homes], built)

    # (4)
    everywhere = not _shows_homes(faces[inner], areas, places)
    if everywhere:
        blank = np.flatnonzero(inner[face] & wide(ground))
        near = beside_streets(ground[blank], streets)
        lived_in[blank] = shapely.union(lived_in[blank], near)

    # (5)
    pieces = as_array([piece for outline in lived_in for piece in handy(outline)])
    worth = _worth(pieces, land, places, everywhere=everywhere)
    kept = northwest_first(pieces[worth])
    return SettledGround(compounds, kept, _land_names(kept, land), everywhere=everywhere)


def _frame(
    streets: StreetLines, areas: tuple[ResidentialArea, ...], homes: Dwellings
) -> shapely.Polygon | None:
    """Return a box around all streets, areas and homes; None where there is nothing."""
    everything = [*streets.lines, *(area.outline for area in areas), shapely.multipoints(homes.xy)]
    west, south, east, north = shapely.total_bounds(as_array(everything))
    if np.isnan(west):
        return None
    return shapely.box(west - BEYOND_M, south - BEYOND_M, east + BEYOND_M, north + BEYOND_M)


def _parted(
    areas: tuple[ResidentialArea, ...], faces: ObjectArray
) -> tuple[tuple[ResidentialArea, ...], tuple[ResidentialArea, ...]]:
    """Return the areas that are compounds, and those that streets cut: too large, or unnamed and on several faces."""
    outlines = as_array([area.outline for area in areas])
    size = shapely.area(outlines)
    area, face = shapely.STRtree(faces).query(outlines, predicate="intersects")
    share = shapely.area(shapely.intersection(outlines[area], faces[face])) / size[area]
    parts = np.bincount(area[share >= LEAST_SHARE_OF_PART], minlength=len(areas))

    unnamed = np.array([not each.name for each in areas], dtype=np.bool_)
    cut = (size > LARGEST_BLOCK_M2) | (unnamed & (parts > 1))

    return (
        tuple(each for each, is_cut in zip(areas, cut) if not is_cut),
        tuple(each for each, is_cut in zip(areas, cut) if is_cut),
    )


def _land(areas: tuple[ResidentialArea, ...], homes: Dwellings, places: shapely.STRtree) -> _Land:
    outlines = as_array([area.outline for area in areas])
    built = _built_m2(outlines, homes, places)
    return _Land(
        outlines,
        tuple(area.name for area in areas),
        built >= LEAST_BUILT_SHARE * shapely.area(outlines),
    )


def _built_m2(outlines: ObjectArray, homes: Dwellings, places: shapely.STRtree) -> FloatArray:
    """Return the m² of ground that the homes in each outline cover."""
    built = np.zeros(len(outlines))
    row, home = _points_in(outlines, places)
    np.add.at(built, row, shapely.area(homes.geometry)[home])
    return built


def _points_in(outlines: ObjectArray, places: shapely.STRtree) -> tuple[IntArray, IntArray]:
    """Return the pairs of an outline and a point in it, in the order of outlines, then of points."""
    shapely.prepare(outlines)
    row, point = places.query(outlines, predicate="intersects")
    order = np.lexsort([point, row])
    return row[order].astype(np.int64), point[order].astype(np.int64)


def _pairs(ground: ObjectArray, areas: ObjectArray) -> tuple[IntArray, IntArray]:
    """Return the pairs of a ground and an area that meet, in the order of grounds, then of areas."""
    row, area = shapely.STRtree(areas).query(ground, predicate="intersects")
    order = np.lexsort([area, row])
    return row[order].astype(np.int64), area[order].astype(np.int64)


def _shows_homes(
    faces: ObjectArray, areas: tuple[ResidentialArea, ...], places: shapely.STRtree
) -> bool:
    """Return whether the map shows where people live: enough residential ground, or homes in most faces.

    Without any face, whatever it shows is all that there is.
    """
    outlines = as_array([area.outline for area in areas])
    face, area = _pairs(faces, outlines)
    residential = shapely.area(shapely.intersection(faces[face], outlines[area])).sum()
    if residential >= LEAST_SHARE_RESIDENTIAL * shapely.area(faces).sum():
        return True
    with_home = len(np.unique(_points_in(faces, places)[0]))
    return with_home >= LEAST_SHARE_WITH_HOMES * len(faces)


def _lived_in(
    ground: shapely.Geometry, land: ObjectArray, homes: ObjectArray, built: float
) -> shapely.Geometry:
    """Return the part of a ground that is built up or residential.

    All of it where that is most of it. ``homes`` are points on it, and ``built`` the m² that they
    cover.
    """
    if ground.is_empty or built >= LEAST_BUILT_SHARE * ground.area:
        return ground
    near = shapely.buffer(homes, NEAR_HOME_M, quad_segs=2)
    part = shapely.intersection(ground, shapely.union_all([*land, *near]))
    return ground if part.area >= MOST_OF_IT * ground.area else ground_of(part)


def _worth(
    pieces: ObjectArray, land: _Land, places: shapely.STRtree, *, everywhere: bool
) -> BoolArray:
    """Return which pieces are blocks: those that hold a home, and wide ones of land whose homes are not mapped."""
    holds_home = np.zeros(len(pieces), dtype=np.bool_)
    holds_home[_points_in(pieces, places)[0]] = True
    sketched = land.outlines[~land.well_mapped]
    piece, area = shapely.STRtree(sketched).query(pieces, predicate="intersects")
    common = shapely.area(shapely.intersection(pieces[piece], sketched[area]))
    is_land = np.zeros(len(pieces), dtype=np.bool_)
    is_land[piece[common >= MIN_BLOCK_M2]] = True
    return holds_home | ((is_land | everywhere) & wide(pieces))


def _land_names(pieces: ObjectArray, land: _Land) -> tuple[str, ...]:
    """Return, for each piece, the name of the residential area that takes up most of it, else ""."""
    names = [""] * len(pieces)
    piece, area = shapely.STRtree(land.outlines).query(pieces, predicate="intersects")
    common = shapely.area(shapely.intersection(pieces[piece], land.outlines[area]))
    for row, of_land, shared in zip(piece, area, common):
        if shared >= MOST_OF_IT * pieces[row].area:
            names[row] = land.names[of_land]
    return tuple(names)
