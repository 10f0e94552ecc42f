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
) -> tuple[Block, ...]:
    """Return ``blocks`` with ``total`` people shared out, by floor area, over those without.

    People that blocks do state are taken off the total first. Without any mapped dwelling, the
    blocks' areas weigh. Ground on which blocks overlap counts once: the smaller one has it, whether
    or not its people are stated.
    """
    lacking = [row for row, block in enumerate(blocks) if block.people is None]
    rest = total - sum(block.people for block in blocks if block.people is not None)
    if not lacking or rest <= 0:
        return blocks

    outlines = network.plane.geometry_to_xy(
        np.array([block.geometry for block in blocks], dtype=object)
    )
    if overlap(outlines):
        outlines = overlaps_once(outlines)
    outlines = outlines[lacking]

    # where no floor is mapped, by ground, and without ground alike
    weight = _floor_m2(outlines, homes)
    if weight.sum() == 0:
        weight = shapely.area(outlines)
    if weight.sum() == 0:
        weight = np.ones(len(lacking))

    with_people = list(blocks)
    for row, people in zip(lacking, rest * weight / weight.sum()):
        with_people[row] = replace(
            blocks[row], people=float(people), people_source=PeopleSource.ESTIMATED
        )
    return tuple(with_people)


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
