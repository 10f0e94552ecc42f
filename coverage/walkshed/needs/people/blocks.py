"""Blocks made from the map, and people shared out over them.

Blocks are residential areas, or the street blocks between streets.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, ObjectArray
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.messages import Message
from walkshed.model.town.places import Block, Form, PeopleSource
from walkshed.needs.people.block_names import street_names
from walkshed.needs.people.compounds import residential_areas
from walkshed.needs.people.dwellings import Dwellings
from walkshed.needs.people.faces import bounding_lines, faces_between, northwest_first
from walkshed.needs.people.outlines import overlap, overlaps_once
from walkshed.needs.people.population import Shared


def street_blocks(network: StreetNetwork, homes: Dwellings) -> tuple[Block, ...]:
    """Return the faces between named or trafficked streets that hold dwellings, numbered from the north-west.

    Each is named after the two streets that bound it longest. Faces cut open by the extract's edge
    are not closed and therefore missing.
    """
    streets = bounding_lines(network)
    faces = faces_between(streets)
    faces = faces[_floor_m2(faces, homes) > 0]
    if len(faces) == 0:
        raise InvalidValueError(
            Message(
                "{source}: no street block with a mapped dwelling; draw the blocks, or take "
                "[blocks] from = 'osm'",
                source=network.source,
            )
        )

    faces = northwest_first(faces)
    names = [
        name or f"Block {number}"
        for number, name in enumerate(street_names(network, streets, faces), start=1)
    ]

    outlines = network.plane.geometry_to_lonlat(faces)
    return tuple(
        plain_block(key, name, outline, Form.STREET_BLOCK)
        for key, name, outline in zip(numbered(len(faces)), names, outlines)
    )


def residential_blocks(extract: Extract, network: StreetNetwork) -> tuple[Block, ...]:
    """Return the mapped residential areas: parts of one name that touch are one block, and overlaps count once.

    Where two areas overlap, the smaller keeps the ground: a named compound inside a larger
    residential area. Blocks are ordered by OSM type and id; the id of a block is that of its first
    part.
    """
    areas = residential_areas(extract, network)
    if not areas:
        raise InvalidValueError(
            Message(
                "{source}: no area with landuse=residential; draw the blocks, or take [blocks] "
                "from = 'streets'",
                source=extract.source,
            )
        )

    geometry = np.array([area.outline for area in areas], dtype=object)
    outlines = network.plane.geometry_to_lonlat(geometry)
    return tuple(
        plain_block(area.id, area.name or area.id, outline, Form.COMPOUND)
        for area, outline in zip(areas, outlines)
    )


def share_people(
    blocks: tuple[Block, ...], network: StreetNetwork, homes: Dwellings, total: float
) -> Shared:
    """Return ``blocks`` with ``total`` people shared out, by floor area, over those without.

    People that blocks do state are taken off the total first. Ground on which blocks overlap counts
    once: the smaller one has it, whether or not its people are stated. A block without a mapped
    dwelling is taken to be built as the others are: its ground counts with their floor on theirs
    (and a block without ground as their mean). Where no dwelling is mapped at all the ground weighs.
    """
    lacking = [row for row, block in enumerate(blocks) if block.people is None]
    rest = total - sum(block.people for block in blocks if block.people is not None)
    if not lacking or rest <= 0:
        return Shared(blocks, 0.0, ())

    outlines = network.plane.geometry_to_xy(
        np.array([block.geometry for block in blocks], dtype=object)
    )
    if overlap(outlines):
        outlines = overlaps_once(outlines)
    outlines = outlines[lacking]

    floor_m2, ground_m2 = _floor_m2(outlines, homes), shapely.area(outlines)
    weight = _likely_floor_m2(floor_m2, ground_m2)
    with_people = list(blocks)
    for row, people in zip(lacking, rest * weight / weight.sum()):
        with_people[row] = replace(
            blocks[row], people=float(people), people_source=PeopleSource.ESTIMATED
        )

    notes: tuple[str, ...] = ()
    unbuilt = int((floor_m2 == 0).sum())
    if 0 < unbuilt < len(lacking):
        told = (
            "people_total: the map shows no dwelling in {unbuilt} of {count} {count:block|blocks}; "
            "their people are estimated by their ground, as if it were built as that of the others"
        )
        notes = (Message(told, unbuilt=unbuilt, count=len(lacking)),)
    return Shared(tuple(with_people), 0.0, notes)


def _likely_floor_m2(floor_m2: FloatArray, ground_m2: FloatArray) -> FloatArray:
    """Return the floor of each block, where none is mapped as dense on its ground as on that of the others."""
    built = floor_m2 > 0
    density = 1.0
    if ground_m2[built].sum() > 0:
        density = float(floor_m2[built].sum() / ground_m2[built].sum())
    likely_m2 = np.where(built, floor_m2, ground_m2 * density)

    # blocks that are points
    known = likely_m2 > 0
    mean_m2 = float(likely_m2[known].mean()) if known.any() else 1.0
    return np.where(known, likely_m2, mean_m2)


def numbered(count: int) -> list[str]:
    """Return the ids of ``count`` street blocks, from B001."""
    width = max(3, len(str(count)))
    return [f"B{number:0{width}d}" for number in range(1, count + 1)]


def plain_block(block_id: str, name: str, outline: shapely.Geometry, form: Form) -> Block:
    """Return a block of which nothing is known but its place (WGS84 degrees), name and form."""
    return Block(
        id=block_id,
        name=name,
        kind="",
        people=None,
        people_source=PeopleSource.NONE,
        groups={},
        households=None,
        subdistrict="",
        community="",
        geometry=outline,
        form=form,
    )


def _floor_m2(outlines: ObjectArray, homes: Dwellings) -> FloatArray:
    """Return the residential floor area whose building stands in each outline."""
    floor = np.zeros(len(outlines))
    if len(homes.floor_m2):
        building, outline = shapely.STRtree(outlines).query(
            shapely.points(homes.xy), predicate="intersects"
        )
        np.add.at(floor, outline, homes.floor_m2[building])
    return floor
