"""People of points and grids, shared out over blocks; or blocks made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, ObjectArray, begins_run
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.messages import Message
from walkshed.model.town.places import Block, Form, PeopleSource
from walkshed.model.town.population import Population
from walkshed.needs.people.dwellings import Dwellings


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """Blocks with their people, how many people live in none of them, and what readers should know of it."""

    blocks: tuple[Block, ...]
    outside: float
    notes: tuple[str, ...]


def share_population(
    blocks: tuple[Block, ...], population: Population, network: StreetNetwork, homes: Dwellings
) -> Shared:
    """Return ``blocks`` with the people of a population.

    Those that state people of their own keep them. A point's people belong to the block around it
    (the smaller one, then the earlier, where two hold it). A cell's people are shared out over the
    blocks that it meets: by the floor area of the homes in both, where there are any, else by area,
    of which the part outside of all blocks counts for no block. People of points are ``given``,
    those of cells ``estimated``. Nobody is counted twice or lost: what all blocks get and
    ``outside`` sum to the population.
    """
    outlines = network.plane.geometry_to_xy(
        np.array([block.geometry for block in blocks], dtype=object)
    )
    places = network.plane.geometry_to_xy(population.geometry)

    if population.form == "points":
        got, outside = _points(outlines, places, population.people)
        source, bare = PeopleSource.GIVEN, np.zeros(len(blocks), dtype=bool)
    else:
        got, outside = _cells(outlines, places, population.people, homes)
        source = PeopleSource.ESTIMATED
        peopled = places[population.people > 0]
        bare = (got == 0) & _meets(outlines, peopled)

    shared = list(blocks)
    for row, (block, people) in enumerate(zip(blocks, got)):
        if block.people is None:
            shared[row] = replace(block, people=float(people), people_source=source)
    wanting = np.array([block.people is None for block in blocks], dtype=bool)
    bare_blocks = int((bare & wanting).sum())
    notes = tuple(_notes(population.source, round(outside), bare_blocks, len(blocks)))
    return Shared(tuple(shared), float(outside), notes)


def _notes(source: str, outside: int, bare: int, count: int) -> Iterator[Message]:
    """Yield what readers should know of people who live in no block, and of blocks that get nobody."""
    if outside:
        told = "{outside:,} {outside:person|people} of {source} {outside:lives|live} in no block"
        yield Message(told, outside=outside, source=source)
    if bare:
        told = (
            "{source}: {bare} of {count} {count:block|blocks} {bare:gets|get} nobody: the map "
            "shows homes in other blocks of the same cells and none in {bare:this one|these}; "
            "state {bare:its|their} people if somebody lives there"
        )
        yield Message(told, source=source, bare=bare, count=count)


def _meets(outlines: ObjectArray, places: ObjectArray) -> BoolArray:
    """Return which of the outlines share ground with any of the places."""
    outline, place = shapely.STRtree(places).query(outlines, predicate="intersects")
    common_m2 = shapely.area(shapely.intersection(outlines[outline], places[place]))
    meets = np.zeros(len(outlines), dtype=bool)
    meets[outline[common_m2 > 0]] = True
    return meets


def blocks_of_population(population: Population) -> tuple[Block, ...]:
    """Return every point or cell as a block of its own, in the order of the file."""
    return tuple(
        Block(
            id=key,
            name=name,
            kind="",
            people=float(people),
            people_source=PeopleSource.GIVEN,
            groups={},
            households=None,
            subdistrict="",
            community="",
            geometry=geometry,
            form=Form.STREET_BLOCK,
        )
        for key, name, people, geometry in zip(
            population.ids, population.names, population.people, population.geometry
        )
    )


def _points(
    outlines: ObjectArray, points: ObjectArray, people: FloatArray
) -> tuple[FloatArray, float]:
    pairs = shapely.STRtree(outlines).query(points, predicate="intersects")
    order = np.lexsort([pairs[1], shapely.area(outlines)[pairs[1]], pairs[0]])
    point, block = pairs[:, order]
    first = begins_run(point)
    got = np.zeros(len(outlines))
    np.add.at(got, block[first], people[point[first]])
    return got, float(people.sum() - people[point[first]].sum())


def _cells(
    outlines: ObjectArray, cells: ObjectArray, people: FloatArray, homes: Dwellings
) -> tuple[FloatArray, float]:
    pairs = shapely.STRtree(outlines).query(cells, predicate="intersects")
    order = np.lexsort([pairs[1], pairs[0]])
    cell, block = pairs[:, order]

    # floor area of the homes in each part of a cell
    common = shapely.intersection(cells[cell], outlines[block])
    area = shapely.area(common)
    floor = np.zeros(len(cell))
    if len(homes.floor_m2) and len(cell):
        home, pair = shapely.STRtree(common).query(shapely.points(homes.xy), predicate="intersects")
        np.add.at(floor, pair, homes.floor_m2[home])
    floor_of = np.bincount(cell, weights=floor, minlength=len(cells))

    size = shapely.area(cells)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(
            floor_of[cell] > 0,
            floor / floor_of[cell],
            np.where(size[cell] > 0, area / size[cell], 0.0),
        )

    covered = np.bincount(cell, weights=share, minlength=len(cells))
    # blocks that overlap share a cell, they do not double it
    share = share / np.maximum(covered[cell], 1.0)

    got = np.zeros(len(outlines))
    np.add.at(got, block, share * people[cell])
    return got, float(max(0.0, people.sum() - got.sum()))
