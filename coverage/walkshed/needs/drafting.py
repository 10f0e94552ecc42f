"""What a first draft makes of the map: blocks, their communities, gates, doors of stations, estimated people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, ObjectArray
from walkshed.model.drafting import BlockOrigin, DraftStation, Facility
from walkshed.model.extract import Extract
from walkshed.model.network import StreetNetwork
from walkshed.model.places import Block, Gate, PeopleSource
from walkshed.needs.blocks import (
    ground_around_streets,
    residential_blocks,
    share_of_faces_with_homes,
    street_blocks,
)
from walkshed.needs.dwellings import Dwellings, houses_residents
from walkshed.needs.exits import GATE_BESIDE_EDGE_M

#: Fewer named residential areas than this, and than half, are no map of compounds (Monaco: 3 of 14,
#: Nanshan: 38 of 40).
FEWEST_NAMED_AREAS = 5
#: Street blocks without a mapped dwelling are left out only where most blocks have one.
LEAST_SHARE_WITH_HOMES = 0.5
#: People are estimated only where floors are mapped for so many blocks, and levels for so many
#: buildings.
LEAST_SHARE_WITH_FLOORS, LEAST_SHARE_WITH_LEVELS = 0.8, 0.2
#: The level of a boundary, by what a study calls it (OpenStreetMap wiki,
#: "Tag:boundary=administrative", China).
ADMIN_LEVELS = {"subdistrict": "8", "community": "10"}
#: A block belongs to the area that holds most of it, if that is at least half: the true one may be
#: missing.
LEAST_SHARE_IN_AREA = 0.5


def draft_blocks(
    extract: Extract, network: StreetNetwork, homes: Dwellings
) -> tuple[tuple[Block, ...], BlockOrigin]:
    """Return blocks and where they come from, by what the map holds, best first.

    ``residential``: residential areas, where at least five, or half of them, are named.
    ``dwellings``: street blocks with mapped dwellings, where most street blocks have one.
    ``streets``: all street blocks, as far as 100 m from a street. ``around``: the ground around the
    streets, where they enclose nothing.
    """
    homes_drawn = [tags for tags in extract.areas.tags if tags.get("landuse") == "residential"]
    named = sum("name" in tags for tags in homes_drawn)
    if named >= FEWEST_NAMED_AREAS or 0 < len(homes_drawn) <= 2 * named:
        return residential_blocks(extract, network), "residential"
    if share_of_faces_with_homes(network, homes) >= LEAST_SHARE_WITH_HOMES:
        return street_blocks(network, homes), "dwellings"
    try:
        return street_blocks(network, homes, unmapped=True), "streets"
    except InvalidValueError:
        return ground_around_streets(network), "around"


def named_blocks(
    blocks: tuple[Block, ...], network: StreetNetwork, unnamed: str, number: str
) -> tuple[Block, ...]:
    """Return the blocks with a name that tells a planner where they are.

    A block without one is called ``unnamed`` after the nearest named street (``{street}``); a
    street block that no named street bounds goes by ``number`` (``{id}``).
    """
    rows = [
        row
        for row, block in enumerate(blocks)
        if block.name == block.id or block.name.startswith("Block ")
    ]
    streets = np.flatnonzero(network.name > 0)
    if not rows:
        return blocks
    street_of: dict[int, str] = {}
    if len(streets):
        first = network.vertex_from
        lines = [shapely.LineString(network.vertex_xy[first[e] : first[e + 1]]) for e in streets]
        outlines = network.plane.geometry_to_xy(
            np.array([blocks[row].geometry for row in rows], dtype=object)
        )
        found = shapely.STRtree(lines).query_nearest(
            outlines, max_distance=300.0, all_matches=False
        )
        street_of = {rows[a]: network.names[network.name[streets[b]]] for a, b in found.T}
    return tuple(
        block
        if row not in rows
        else replace(block, name=unnamed.format(street=street_of[row], id=block.id))
        if row in street_of
        else replace(block, name=number.format(id=block.id))
        for row, block in enumerate(blocks)
    )


def areas_of(
    extract: Extract, network: StreetNetwork, geometry: ObjectArray
) -> dict[str, list[str]]:
    """Return, by level (subdistrict, community), the area that each of ``geometry`` (degrees) lies in; "" for none.

    It is the one that holds most of it, and at least half.
    """
    plane = network.plane
    shapes = plane.geometry_to_xy(geometry)
    size = np.where(shapely.get_dimensions(shapes) == 2, shapely.area(shapes), 1.0)
    found: dict[str, list[str]] = {}
    for level, code in ADMIN_LEVELS.items():
        rows = [
            row
            for row, tags in enumerate(extract.areas.tags)
            if tags.get("boundary") == "administrative"
            and tags.get("admin_level") == code
            and tags.get("name")
        ]
        outlines = plane.geometry_to_xy(extract.areas.geometry[rows])
        best: list[tuple[float, str]] = [(0.0, "")] * len(shapes)
        for one, two in shapely.STRtree(outlines).query(shapes, predicate="intersects").T:
            inside = (
                shapely.area(shapely.intersection(shapes[one], outlines[two]))
                if size[one] != 1.0
                else 1.0
            )
            share, name = float(inside / size[one]), extract.areas.tags[rows[two]]["name"]
            if share >= LEAST_SHARE_IN_AREA and share > best[one][0]:
                best[one] = (share, name)
        found[level] = [name for _, name in best]
    return found


def with_areas(
    blocks: tuple[Block, ...], extract: Extract, network: StreetNetwork
) -> tuple[Block, ...]:
    """Return the blocks with the subdistrict and community in which most of each lies."""
    found = areas_of(extract, network, np.array([block.geometry for block in blocks], dtype=object))
    return tuple(
        replace(block, subdistrict=subdistrict, community=community)
        for block, subdistrict, community in zip(blocks, found["subdistrict"], found["community"])
    )


def gates_of(
    blocks: tuple[Block, ...], extract: Extract, network: StreetNetwork
) -> tuple[Gate, ...]:
    """Return the mapped gates beside each block, in the order of blocks, then of gates."""
    if len(extract.gates) == 0:
        return ()
    gates = network.plane.geometry_to_xy(extract.gates.geometry)
    rings = shapely.boundary(
        network.plane.geometry_to_xy(np.array([b.geometry for b in blocks], dtype=object))
    )
    pairs = shapely.STRtree(gates).query(rings, predicate="dwithin", distance=GATE_BESIDE_EDGE_M)
    places = shapely.get_coordinates(extract.gates.geometry)
    order = np.lexsort([pairs[1], pairs[0]])
    return tuple(
        Gate(blocks[block].id, round(float(places[gate, 0]), 7), round(float(places[gate, 1]), 7))
        for block, gate in pairs[:, order].T
    )


def place_stations(
    facilities: Sequence[Facility], extract: Extract, network: StreetNetwork, *, max_snap_m: float
) -> tuple[DraftStation, ...]:
    """Return each facility with the one point where a visitor arrives.

    A drawing's first mapped entrance, else a gate on its outline, else a point inside; on grounds
    so large that no street is near that point, the point of the outline that is nearest to a
    street.
    """
    geometry = np.empty(len(facilities), dtype=object)
    geometry[:] = [facility.geometry for facility in facilities]
    areas = areas_of(extract, network, geometry)
    shapes = network.plane.geometry_to_xy(geometry)
    doors = [
        shapely.STRtree(network.plane.geometry_to_xy(part.geometry))
        for part in (extract.entrances, extract.gates)
    ]
    first = network.vertex_from
    streets = shapely.STRtree(
        [
            shapely.LineString(network.vertex_xy[first[e] : first[e + 1]])
            for e in range(network.edge_count)
        ]
    )
    points = np.array([_arrival(shape, doors, streets, max_snap_m) for shape in shapes]).reshape(
        -1, 2
    )
    lonlat = network.plane.to_lonlat(points)
    return tuple(
        DraftStation(facility, round(float(x), 7), round(float(y), 7), subdistrict, community)
        for facility, (x, y), subdistrict, community in zip(
            facilities, lonlat, areas["subdistrict"], areas["community"]
        )
    )


def _arrival(
    shape: shapely.Geometry,
    doors: Sequence[shapely.STRtree],
    streets: shapely.STRtree,
    max_snap_m: float,
) -> FloatArray:
    if shape.geom_type == "Point":
        point: FloatArray = shapely.get_coordinates(shape)[0]
        return point
    for tree in doors:
        found = np.sort(tree.query(shapely.boundary(shape), predicate="dwithin", distance=0.5))
        if len(found):
            door: FloatArray = shapely.get_coordinates(tree.geometries[found[0]])[0]
            return door
    inner = shapely.point_on_surface(shape)
    nearest = streets.geometries[streets.nearest(inner)]
    if shapely.distance(inner, nearest) > max_snap_m:
        nearest = streets.geometries[streets.nearest(shape)]
        inner = shapely.Point(shapely.get_coordinates(shapely.shortest_line(shape, nearest))[0])
    place: FloatArray = shapely.get_coordinates(inner)[0]
    return place


def estimate_people(
    blocks: tuple[Block, ...],
    extract: Extract,
    network: StreetNetwork,
    homes: Dwellings,
    m2_per_person: float,
) -> tuple[Block, ...] | None:
    """Return the blocks with people by residential floor area; None where the map supports no such number.

    It does where at least 80 % of the blocks hold mapped dwellings and at least 20 % of these tell
    their levels.
    """
    levels = [
        ("building:levels" in tags) for tags in extract.buildings.tags if houses_residents(tags)
    ]
    if not levels or np.mean(levels) < LEAST_SHARE_WITH_LEVELS:
        return None
    outlines = network.plane.geometry_to_xy(
        np.array([block.geometry for block in blocks], dtype=object)
    )
    floor = np.zeros(len(blocks))
    building, outline = shapely.STRtree(outlines).query(
        shapely.points(homes.xy), predicate="intersects"
    )
    np.add.at(floor, outline, homes.floor_m2[building])
    if np.mean(floor > 0) < LEAST_SHARE_WITH_FLOORS:
        return None
    return tuple(
        replace(
            block,
            people=float(np.round(area / m2_per_person)),
            people_source=PeopleSource.ESTIMATED,
        )
        for block, area in zip(blocks, floor)
    )
