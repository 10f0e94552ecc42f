"""What of an extract goes into the gazetteer: every named or addressed thing, each with one position."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.geocode.geometry.shapes import M_PER_DEGREE
from walkshed.geocode.names import key_of
from walkshed.geocode.places.features import (
    houses_of,
    is_exit,
    is_stop,
    names_of,
    precision_of,
    prominence_of,
    sort_of,
)
from walkshed.model.arrays import FloatArray, ObjectArray
from walkshed.model.geocoding import Precision
from walkshed.model.ground.extract import Extract, Features

_CONTEXT_KEYS: Final = (
    "addr:province",
    "addr:city",
    "addr:district",
    "addr:subdistrict",
    "addr:suburb",
    "addr:neighbourhood",
    "addr:place",
)

#: What a house says beside: kept with its kind, since a code is no name of a division.
_CODE_KEYS: Final = {
    "addr:postcode": "postcode",
    "addr:state": "state",
    "addr:city": "city",
}
_STOP_M: Final = 150.0
# how far a mapped door, house or shop may be from the door that is meant
_DOOR_M, _HOUSE_M, _NODE_M = 5.0, 15.0, 25.0
_PLACE_NODE_M: Final = {Precision.COMMUNITY: 500.0, Precision.AREA: 3000.0}


@dataclass(slots=True)
class Entry:
    """One thing of the gazetteer while it is gathered."""

    feature: str  # "w123"; a street carries the lowest of its ways
    names: tuple[str, ...]  # the main name first
    precision: Precision
    lon: float
    lat: float
    uncertainty_m: float
    prominence: int  # of things with one name the lowest comes first
    street: str = ""
    houses: tuple[str, ...] = ()
    house_shown: str = ""
    context: set[str] = field(default_factory=set)
    ground: str = ""  # the smallest named ground around it
    sort: str = ""  # what kind of ground or stop it is
    shape: BaseGeometry | None = None  # of a street or a surface


def entries_of(extract: Extract) -> list[Entry]:
    """Return everything in the extract that has a name or an address, in a fixed order.

    Ways of one name are one street.
    """
    entries = list(_things(extract))
    entries.extend(_streets(extract))
    _place_within(extract, entries)
    return entries


def _things(extract: Extract) -> Iterator[Entry]:
    """Yield an entry for every place, area, building and entrance with a name or an address."""
    doors = _doors(extract)
    seen: set[str] = set()
    for features in (extract.places, extract.areas, extract.buildings, extract.entrances):
        wanted = [
            row
            for row, tags in enumerate(features.tags)
            if is_exit(tags)
            or any("name" in tag or tag in ("addr:housenumber", "addr:street") for tag in tags)
        ]
        points, radii = _positions(features.geometry[wanted])
        for row, (lon, lat), radius in zip(wanted, points.tolist(), radii.tolist()):
            feature = f"{features.osm_type[row]}{features.osm_id[row]}"
            entry = _thing(features, row, lon, lat, radius)
            if feature in seen or not (entry.names or entry.house_shown):
                continue
            seen.add(feature)

            # a house is where its door is
            if entry.precision in (Precision.NUMBER, Precision.DOOR):
                outline = features.outline[row].tolist()
                door = next((doors[node] for node in outline if node in doors), None)
                if door is not None:
                    entry.lon, entry.lat = door
                    entry.uncertainty_m = _DOOR_M
                    entry.precision = Precision.DOOR
            yield entry


def _thing(features: Features, row: int, lon: float, lat: float, radius_m: float) -> Entry:
    """Return the entry of a feature; the radius of a point hangs on what it is."""
    geometry, tags = features.geometry[row], features.tags[row]
    number = tags.get("addr:housenumber", "")
    precision = precision_of(geometry, tags, numbered=bool(number))
    point = geometry.geom_type == "Point"
    if point and is_stop(tags):
        radius_m = _STOP_M
    elif point:
        radius_m = _PLACE_NODE_M.get(precision, _HOUSE_M if number else _NODE_M)

    entry = Entry(
        feature=f"{features.osm_type[row]}{features.osm_id[row]}",
        names=names_of(tags),
        precision=precision,
        lon=lon,
        lat=lat,
        uncertainty_m=max(radius_m, _DOOR_M),
        prominence=prominence_of(precision, tags, point=point),
        sort=sort_of(tags),
        shape=None if point else geometry,
        context={
            *(key_of(tags[tag]) for tag in _CONTEXT_KEYS if tag in tags),
            *(
                f"{kind}:{key_of(tags[tag]).replace('-', '')}"
                for tag, kind in _CODE_KEYS.items()
                if tag in tags
            ),
        },
    )
    street = tags.get("addr:street") or tags.get("addr:place", "")
    if street and number:
        entry.street, entry.houses, entry.house_shown = street, houses_of(number), number
    return entry


def _doors(extract: Extract) -> dict[int, tuple[float, float]]:
    """Return the positions of entrances by node id, main entrances first."""
    entrances = extract.entrances
    rows = sorted(
        range(len(entrances)), key=lambda row: entrances.tags[row].get("entrance") != "main"
    )
    return {
        int(entrances.osm_id[row]): (entrances.geometry[row].x, entrances.geometry[row].y)
        for row in rows
    }


def _streets(extract: Extract) -> Iterator[Entry]:
    """Yield one entry per street name: all ways of that name, at the middle of the longest stretch."""
    ways = extract.ways
    rows_of: dict[str, list[int]] = {}
    for row, tags in enumerate(ways.tags):
        if "name" in tags:
            rows_of.setdefault(key_of(tags["name"]), []).append(row)

    for _, rows in sorted(rows_of.items()):
        lines = [
            shapely.LineString(ways.lonlat[ways.start[row] : ways.start[row + 1]]) for row in rows
        ]
        joined = shapely.line_merge(shapely.MultiLineString(lines))
        points, radii = _positions(np.array([joined], dtype=object))

        main = ways.tags[rows[0]]["name"]
        names = dict.fromkeys(name for row in rows for name in names_of(ways.tags[row]))
        yield Entry(
            feature=f"w{min(int(ways.way_id[row]) for row in rows)}",
            names=(main, *(name for name in names if name != main)),
            precision=Precision.STREET,
            lon=float(points[0, 0]),
            lat=float(points[0, 1]),
            uncertainty_m=max(float(radii[0]), _HOUSE_M),
            prominence=4,
            sort="street",
            shape=joined,
        )


def _positions(geometries: ObjectArray) -> tuple[FloatArray, FloatArray]:
    """Return (n, 2) a point of each geometry, and (n,) its radius in meters.

    The radius of a line is half its extent.
    """
    if len(geometries) == 0:
        return np.empty((0, 2)), np.empty(0)

    # extents in degrees of latitude
    bounds = shapely.bounds(geometries)
    east = np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2.0))
    across = np.hypot((bounds[:, 2] - bounds[:, 0]) * east, bounds[:, 3] - bounds[:, 1])
    radius_m = across / 2.0 * M_PER_DEGREE

    # lines: the middle of the longest part
    kind = shapely.get_type_id(geometries)
    points = np.empty((len(geometries), 2))
    line = np.isin(kind, (1, 5))
    for row in np.flatnonzero(line).tolist():
        longest = max(shapely.get_parts(geometries[row]), key=lambda part: part.length)
        middle = shapely.line_interpolate_point(longest, 0.5, normalized=True)
        points[row] = middle.x, middle.y

    # surfaces: a point inside, and the radius of a circle as large
    surface = np.isin(kind, (3, 6))
    if surface.any():
        inside = shapely.point_on_surface(geometries[surface])
        points[surface] = shapely.get_coordinates(inside)
        area = shapely.area(geometries[surface]) * east[surface]
        radius_m[surface] = np.sqrt(area / np.pi) * M_PER_DEGREE

    # all others, as points are
    rest = ~line & ~surface
    if rest.any():
        points[rest] = shapely.get_coordinates(shapely.centroid(geometries[rest]))
    return points, radius_m


def _place_within(extract: Extract, entries: list[Entry]) -> None:
    """Give each entry the divisions around it as context, and the smallest named ground around it."""
    areas = extract.areas
    rows = [
        row
        for row, tags in enumerate(areas.tags)
        if "name" in tags
        and (tags.get("boundary") == "administrative" or "landuse" in tags or "amenity" in tags)
    ]
    if not rows or not entries:
        return

    # which areas each entry lies in, the smallest first
    tree = shapely.STRtree(areas.geometry[rows])
    points = shapely.points([(entry.lon, entry.lat) for entry in entries])
    of_entry, of_area = tree.query(points, predicate="intersects")
    size = shapely.area(areas.geometry[rows])
    for index in np.lexsort((size[of_area], of_entry)).tolist():
        entry, row = entries[int(of_entry[index])], rows[int(of_area[index])]
        tags, feature = areas.tags[row], f"{areas.osm_type[row]}{areas.osm_id[row]}"
        if tags.get("boundary") == "administrative":
            entry.context.add(key_of(tags["name"]))
        elif feature != entry.feature and not entry.ground:
            entry.ground = feature
