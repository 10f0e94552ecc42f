"""What a first draft makes of the map: blocks, their communities, gates, doors of stations, estimated people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray, ObjectArray
from walkshed.model.drafting import BlockOrigin, DraftStation, Facility
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.town.places import Block, Form, Gate, PeopleSource
from walkshed.needs.exits.candidates import GATE_BESIDE_EDGE_M
from walkshed.needs.people.block_names import NameForms, names_of
from walkshed.needs.people.blocks import numbered, plain_block
from walkshed.needs.people.dwellings import Dwellings
from walkshed.needs.people.faces import all_lines, ground_around_streets
from walkshed.needs.people.homes import settled_ground
from walkshed.needs.people.outlines import as_array, sound

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
    extract: Extract, network: StreetNetwork, homes: Dwellings, forms: NameForms
) -> tuple[tuple[Block, ...], BlockOrigin]:
    """Return named blocks, and what most of their ground is.

    ``residential``: compounds, that is mapped residential areas. ``dwellings``: street blocks that
    hold homes or residential land. ``streets``: all street blocks, since the map does not show
    where people live. ``around``: the ground around the streets, where they enclose nothing.
    """
    settled = settled_ground(extract, network, homes)
    compounds, pieces = settled.compounds, settled.pieces
    around = not compounds and len(pieces) == 0
    if around:
        pieces = ground_around_streets(network)

    # ids and names: the map's own, else by the streets around
    outlines = sound(as_array([*(compound.outline for compound in compounds), *pieces]))
    ids = [compound.id for compound in compounds] + numbered(len(pieces))
    own = [compound.name for compound in compounds] + list(settled.names or [""] * len(pieces))
    names = names_of(network, outlines, ids=ids, own=own, compounds=len(compounds), forms=forms)
    geometry = network.plane.geometry_to_lonlat(outlines)
    form = [Form.COMPOUND] * len(compounds) + [Form.STREET_BLOCK] * len(pieces)
    blocks = tuple(plain_block(*row) for row in zip(ids, names, geometry, form))

    # what most of the ground is
    if around or (settled.everywhere and len(pieces)):
        return blocks, "around" if around else "streets"
    whole_m2 = shapely.area(outlines[: len(compounds)]).sum()
    rest_m2 = shapely.area(pieces).sum()
    return blocks, "residential" if whole_m2 >= rest_m2 else "dwellings"


def areas_of(
    extract: Extract, network: StreetNetwork, geometry: ObjectArray
) -> dict[str, list[str]]:
    """Return, by level (subdistrict, community), the area that each of ``geometry`` (degrees) lies in; "" for none.

    It is the one that holds most of it, and at least half.
    """
    plane = network.plane
    shapes = shapely.make_valid(plane.geometry_to_xy(geometry))
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
        outlines = shapely.make_valid(plane.geometry_to_xy(extract.areas.geometry[rows]))

        # of areas that lie over each other the one that holds most
        best: list[tuple[float, str]] = [(0.0, "")] * len(shapes)
        for one, two in shapely.STRtree(outlines).query(shapes, predicate="intersects").T:
            inside = 1.0
            if size[one] != 1.0:
                inside = shapely.area(shapely.intersection(shapes[one], outlines[two]))
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
    streets = shapely.STRtree(all_lines(network).lines)
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

    # a mapped entrance, else a gate on the outline
    for tree in doors:
        found = np.sort(tree.query(shapely.boundary(shape), predicate="dwithin", distance=0.5))
        if len(found):
            door: FloatArray = shapely.get_coordinates(tree.geometries[found[0]])[0]
            return door

    # else a point inside, else that of the outline nearest to a street
    inner = shapely.point_on_surface(shape)
    nearest = streets.geometries[streets.nearest(inner)]
    if shapely.distance(inner, nearest) > max_snap_m:
        nearest = streets.geometries[streets.nearest(shape)]
        inner = shapely.Point(shapely.get_coordinates(shapely.shortest_line(shape, nearest))[0])
    place: FloatArray = shapely.get_coordinates(inner)[0]
    return place


def estimate_people(
    blocks: tuple[Block, ...], network: StreetNetwork, homes: Dwellings, m2_per_person: float
) -> tuple[Block, ...] | None:
    """Return the blocks with people by residential floor area.

    None where the map supports no such number. It does where at least 80 % of the blocks hold
    mapped dwellings and at least 20 % of these tell their levels.
    """
    if len(homes.has_levels) == 0 or np.mean(homes.has_levels) < LEAST_SHARE_WITH_LEVELS:
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
