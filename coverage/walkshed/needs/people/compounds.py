"""Residential areas of the map: parts of one name are one area, and ground that two of them claim counts once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import ObjectArray
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.network import StreetNetwork
from walkshed.needs.people.ground import is_residential
from walkshed.needs.people.outlines import as_array, overlaps_once

LANE_M = 25.0  # parts of one name this close are one compound on both sides of a lane


@dataclass(frozen=True, slots=True, eq=False)
class ResidentialArea:
    """A mapped residential area.

    ``outline`` lies on the plane, ``id`` is that of its first part (``w123``).
    """

    id: str
    name: str  # "" without one
    outline: shapely.Geometry


def residential_areas(extract: Extract, network: StreetNetwork) -> tuple[ResidentialArea, ...]:
    """Return the residential areas, ordered by OSM type and id.

    Parts of one name that touch are one, and so are those that only a lane keeps apart. Where two
    overlap, the smaller keeps the ground: a named compound inside a larger residential area.
    """
    areas = extract.areas
    rows = [row for row, tags in enumerate(areas.tags) if is_residential(tags)]
    outlines = shapely.make_valid(network.plane.geometry_to_xy(areas.geometry[rows]))
    names = [areas.tags[row].get("name", "") for row in rows]
    ids = [f"{areas.osm_type[row]}{areas.osm_id[row]}" for row in rows]

    groups = _same_name_and_touching(names, outlines)
    merged = as_array([shapely.union_all(outlines[group]) for group in groups])
    return tuple(
        ResidentialArea(ids[group[0]], names[group[0]], outline)
        for group, outline in zip(groups, overlaps_once(merged))
        if outline.area > 0
    )


def _same_name_and_touching(names: Sequence[str], outlines: ObjectArray) -> list[list[int]]:
    """Return groups of rows: named alike and touching, directly or through one another.

    The unnamed stand alone. Parts that only a lane keeps apart touch: 祁连四村 in Shanghai is drawn as
    two areas, 17 m from each other.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if len(names) == 0:
        return []

    a, b = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=LANE_M)
    alike = np.array([names[i] != "" and names[i] == names[j] for i, j in zip(a, b)], dtype=bool)
    links = coo_array(
        (np.ones(int(alike.sum()), dtype=np.int8), (a[alike], b[alike])),
        shape=(len(names), len(names)),
    )
    _, group = connected_components(links, directed=False)

    members: dict[int, list[int]] = {}
    for row, label in enumerate(group):
        members.setdefault(int(label), []).append(row)
    return sorted(members.values())
