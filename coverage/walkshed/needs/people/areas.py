"""In which subdistrict and community blocks and stations lie, where their tables do not say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeVar

import numpy as np
import shapely

from walkshed.model.arrays import ObjectArray
from walkshed.model.ground.plane import Plane
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import LEVEL_NAMES, Area, Block, Station
from walkshed.model.town.relocations import bare_name

#: A note names so many.
NAMED = 5

Level = Literal["subdistrict", "community"]
LEVELS: tuple[Level, ...] = ("subdistrict", "community")
Place = TypeVar("Place", Block, Station)


def in_areas(
    areas: tuple[Area, ...], blocks: tuple[Block, ...], stations: tuple[Station, ...], plane: Plane
) -> tuple[tuple[Block, ...], tuple[Station, ...], tuple[str, ...]]:
    """Return blocks and stations with the subdistrict and community that they lie in, and notes.

    An outline belongs to the area that holds most of its ground, and at least half of it; a point,
    and a station drawn as an outline (by a point inside it), to the area that holds the point, of
    several the first by name. A community's own ``subdistrict`` stands in where no outline of a
    subdistrict holds a place. What a table says stays, with a note where the outlines say
    otherwise; a name that a table spells 南门 is filled in so, though the outline says 南门社区.
    """
    if not areas:
        return blocks, stations, ()

    spelled = {
        (level, bare_name(getattr(each, level))): str(getattr(each, level))
        for level in LEVELS
        for each in (*stations, *blocks)
    }

    shapes = plane.geometry_to_xy(np.array([block.geometry for block in blocks], dtype=object))
    places = plane.geometry_to_xy(
        np.array([station.geometry for station in stations], dtype=object)
    )
    places = shapely.point_on_surface(places)
    of_blocks, of_stations = _found(areas, shapes, plane), _found(areas, places, plane)

    filled_blocks = tuple(
        _filled(each, found, spelled) for each, found in zip(blocks, of_blocks, strict=True)
    )
    filled_stations = tuple(
        _filled(each, found, spelled) for each, found in zip(stations, of_stations, strict=True)
    )

    notes = [
        *_conflicts(Message("blocks"), blocks, of_blocks),
        *_conflicts(Message("stations"), stations, of_stations),
    ]
    for level in {area.level: None for area in areas}:
        lost = [block.name for block in filled_blocks if not getattr(block, level)]
        if lost:
            notes.append(
                Message(
                    "no {level} of [areas] holds half of {count} {count:block|blocks}: {names}",
                    level=LEVEL_NAMES[level],
                    count=len(lost),
                    names=_listed(lost),
                )
            )

    return filled_blocks, filled_stations, tuple(notes)


def _found(areas: tuple[Area, ...], shapes: ObjectArray, plane: Plane) -> list[dict[Level, str]]:
    """Return, for each shape on the plane, the names of the areas that hold it, by level."""
    found: list[dict[Level, str]] = [{} for _ in shapes]
    # what an outline of a subdistrict says goes before what a community says of itself
    for level in reversed(LEVELS):
        of_level = sorted(
            (area for area in areas if area.level == level), key=lambda area: area.name
        )
        if not of_level:
            continue

        outlines = plane.geometry_to_xy(
            np.array([area.geometry for area in of_level], dtype=object)
        )

        held: list[dict[tuple[str, str], float]] = [{} for _ in shapes]
        for shape, area in shapely.STRtree(outlines).query(shapes, predicate="intersects").T:
            ground, inside = shapely.area(shapes[shape]), 1.0
            if ground > 0:
                common = shapely.intersection(shapes[shape], outlines[area])
                inside = shapely.area(common) / ground
            name = of_level[area].name
            held[shape][name] = held[shape].get(name, 0.0) + float(inside)

        # half of it at least, else no area holds it
        for row, shares in enumerate(held):
            best = min(shares, key=lambda name: (-round(shares[name], 9), name), default=None)
            if best is not None and shares[best] >= 0.5 - 1e-9:
                found[row][level] = best[1] if level == "community" else best[0]
                if level == "community" and best[0]:
                    found[row]["subdistrict"] = best[0]
    return found


def _filled(place: Place, found: dict[Level, str], spelled: dict[tuple[Level, str], str]) -> Place:
    def named(level: Level) -> str:
        given, name = str(getattr(place, level)), found.get(level, "")
        return given or (spelled.get((level, bare_name(name)), name) if name else "")

    return replace(place, subdistrict=named("subdistrict"), community=named("community"))


def _conflicts(
    what: str, places: Sequence[Block | Station], found: list[dict[Level, str]]
) -> list[str]:
    """Return a note per level on places whose table names another area than the outlines do."""
    notes: list[str] = []
    for level in LEVELS:
        other = [
            f"{place.name} ({getattr(place, level)}; {each[level]})"
            for place, each in zip(places, found, strict=True)
            if level in each
            and getattr(place, level)
            and bare_name(getattr(place, level)) != bare_name(each[level])
        ]
        if other:
            notes.append(
                Message(
                    "{count} of the {what} {count:names|name} another {level} than the outline of "
                    "[areas] that holds {count:it|them} (the table's word stands): {names}",
                    count=len(other),
                    what=what,
                    level=LEVEL_NAMES[level],
                    names=_listed(other),
                )
            )
    return notes


def _listed(names: list[str]) -> str:
    first = Listing(names[:NAMED])
    return first if len(names) <= NAMED else Message("{names} …", names=first)
