"""What of an extract goes into the gazetteer: every named or addressed thing, each with one position."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.geocode.names import is_chinese, key_of
from walkshed.model.arrays import FloatArray, ObjectArray
from walkshed.model.geocoding import Precision
from walkshed.model.ground.extract import Extract, Features, Tags

#: Keys of names beside ``name`` and ``name:*``; each may hold several, parted by semicolons.
_NAME_KEYS: Final = (
    "alt_name",
    "old_name",
    "short_name",
    "official_name",
    "loc_name",
    "int_name",
    "nat_name",
    "reg_name",
    "addr:housename",
)
_PREFIXES: Final = ("name:", "alt_name:", "old_name:", "short_name:", "official_name:")
_NO_LANGUAGE: Final = frozenset(
    {"etymology", "pronunciation", "prefix", "suffix", "left", "right", "source", "signed"}
)
_CONTEXT_KEYS: Final = (
    "addr:province",
    "addr:city",
    "addr:district",
    "addr:subdistrict",
    "addr:suburb",
    "addr:neighbourhood",
    "addr:place",
)

_AREA_PLACES: Final = frozenset(
    {"city", "town", "county", "district", "municipality", "state", "province", "region"}
)
_COMMUNITY_PLACES: Final = frozenset(
    {"village", "hamlet", "suburb", "quarter", "neighbourhood", "locality"}
)
_COMMUNITY_LEVEL: Final = 10  # admin_level of a community (社区) in China
_M_PER_DEGREE: Final = 111_195.0
#: The prominence of stops and stations, the lowest: they are called after what lies near them.
STOP: Final = 6
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


def entries_of(extract: Extract) -> list[Entry]:
    """Return everything in the extract that has a name or an address, in a fixed order.

    Ways of one name are one street.
    """
    entries = list(_things(extract))
    entries.extend(_streets(extract))
    _place_within(extract, entries)
    return entries


def names_of(tags: Tags) -> tuple[str, ...]:
    """Return every name that tags hold, the main one first, each once."""
    names = [tags["name"]] if "name" in tags else []
    for tag, value in sorted(tags.items()):
        in_a_language = tag.startswith(_PREFIXES) and tag.split(":")[1] not in _NO_LANGUAGE
        if tag in _NAME_KEYS or in_a_language:
            names.extend(value.split(";"))
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def houses_of(number: str) -> tuple[str, ...]:
    """Return the house labels of an ``addr:housenumber``.

    "12;14" is both, "12-16" also 12, 14 and 16, "98号" is 98.
    """
    labels: list[str] = []
    for part in re.split(r"[;,；，、]", number):
        label = house_key(part)
        if not label:
            continue
        labels.append(label)

        # a larger second number only: 4228-2 is one house
        span = re.fullmatch(r"(\d+)-(\d+)", label)
        if span is None:
            continue
        first, last = int(span.group(1)), int(span.group(2))
        if 0 < last - first <= 20:
            step = 1 if (last - first) % 2 else 2
            labels.extend(str(house) for house in range(first, last + 1, step))
    return tuple(dict.fromkeys(labels))


def house_key(number: str) -> str:
    """Return a house number as addresses compare it: "205", "351弄2", "12bis"."""
    key = key_of(number)
    return key.removesuffix("号")


def _things(extract: Extract) -> Iterator[Entry]:
    """Yield an entry for every place, area, building and entrance with a name or an address."""
    doors = _doors(extract)
    seen: set[str] = set()
    for features in (extract.places, extract.areas, extract.buildings, extract.entrances):
        wanted = [
            row
            for row, tags in enumerate(features.tags)
            if any("name" in tag or tag in ("addr:housenumber", "addr:street") for tag in tags)
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
    precision = _precision(geometry, tags, numbered=bool(number))
    point = geometry.geom_type == "Point"
    if point and _is_stop(tags):
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
        prominence=_prominence(precision, tags, point=point),
        context={key_of(tags[tag]) for tag in _CONTEXT_KEYS if tag in tags},
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


def _precision(geometry: BaseGeometry, tags: Tags, *, numbered: bool) -> Precision:
    """Return how finely a feature tells a place, from an area down to a door."""
    # divisions
    place = tags.get("place", "")
    if tags.get("boundary") == "administrative":
        level = tags.get("admin_level", "")
        if level.isdigit() and int(level) >= _COMMUNITY_LEVEL:
            return Precision.COMMUNITY
        return Precision.AREA
    if place in _AREA_PLACES:
        return Precision.AREA
    if place in _COMMUNITY_PLACES:
        return Precision.COMMUNITY

    # streets, and what is called after them
    if _is_stop(tags) or "Line" in geometry.geom_type:
        return Precision.STREET

    # houses; a shop with a number is found by its name
    if "building" in tags and geometry.geom_type != "Point":
        return Precision.NUMBER if numbered else Precision.DOOR
    if numbered and "name" not in tags:
        return Precision.NUMBER
    if geometry.geom_type == "Point":
        return Precision.DOOR
    return Precision.COMPOUND


def _is_stop(tags: Tags) -> bool:
    """Return whether a feature is of a railway or of public transport."""
    if tags.get("highway") == "bus_stop":
        return True
    return any(key in tags for key in ("railway", "public_transport", "route"))


def _prominence(precision: Precision, tags: Tags, *, point: bool) -> int:
    """Return the order among things of one name: the ground before the stop that is called after it."""
    if _is_stop(tags):
        return STOP
    if precision is Precision.COMPOUND:
        return 0 if tags.get("landuse") == "residential" else 1
    if precision in (Precision.DOOR, Precision.NUMBER):
        return 3 if point else 2
    return 4


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
    radius_m = across / 2.0 * _M_PER_DEGREE

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
        radius_m[surface] = np.sqrt(area / np.pi) * _M_PER_DEGREE

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


def shown_address(street: str, house: str) -> str:
    """Return an address as people write it: 聚丰园路205号, Mannerheimintie 12."""
    if not is_chinese(street):
        return f"{street} {house}"
    if house.endswith(("号", "號", "弄")):
        return f"{street}{house}"
    return f"{street}{house}号"
