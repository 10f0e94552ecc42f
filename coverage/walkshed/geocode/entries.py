"""What of an extract goes into the gazetteer: every named or addressed thing, each with one position."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.geocode.names import is_chinese, key_of
from walkshed.model.extract import Extract, Tags
from walkshed.model.geocoding import Precision

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
    """Return everything in the extract that has a name or an address, streets joined by name; in a fixed order."""
    entries = list(_things(extract))
    entries.extend(_streets(extract))
    _place_within(extract, entries)
    return entries


def names_of(tags: Tags) -> tuple[str, ...]:
    """Return every name that tags hold, the main one first, each once."""
    found = [tags["name"]] if "name" in tags else []
    for tag, value in sorted(tags.items()):
        if tag in _NAME_KEYS or (
            tag.startswith(_PREFIXES) and tag.split(":")[1] not in _NO_LANGUAGE
        ):
            found.extend(value.split(";"))
    return tuple(dict.fromkeys(name.strip() for name in found if name.strip()))


def houses_of(number: str) -> tuple[str, ...]:
    """Return the house labels of an ``addr:housenumber``: "12;14" is both, "12-16" also 12, 14 and 16, "98号" is 98."""
    labels: list[str] = []
    for part in re.split(r"[;,；，、]", number):
        label = house_key(part)
        if not label:
            continue
        labels.append(label)
        span = re.fullmatch(r"(\d+)-(\d+)", label)
        if (
            span and 0 < int(span.group(2)) - int(span.group(1)) <= 20
        ):  # a larger second number only: 4228-2 is one house
            step = 1 if (int(span.group(2)) - int(span.group(1))) % 2 else 2
            labels.extend(
                str(house) for house in range(int(span.group(1)), int(span.group(2)) + 1, step)
            )
    return tuple(dict.fromkeys(labels))


def house_key(number: str) -> str:
    """Return a house number as addresses compare it: "205", "351弄2", "12bis"."""
    key = key_of(number)
    return key.removesuffix("号")


def _things(extract: Extract) -> Iterator[Entry]:
    doors = _doors(extract)
    seen: set[str] = set()
    for features in (extract.places, extract.areas, extract.buildings, extract.entrances):
        wanted = [
            row
            for row, tags in enumerate(features.tags)
            if any("name" in tag or tag in ("addr:housenumber", "addr:street") for tag in tags)
        ]
        at, size = _positions(features.geometry[wanted])
        for row, (lon, lat), radius in zip(wanted, at.tolist(), size.tolist()):
            tags, feature = features.tags[row], f"{features.osm_type[row]}{features.osm_id[row]}"
            names = names_of(tags)
            number = tags.get("addr:housenumber", "")
            street = tags.get("addr:street") or tags.get("addr:place", "")
            if feature in seen or not (names or (number and street)):
                continue
            seen.add(feature)
            point = features.geometry[row].geom_type == "Point"
            precision = _precision(features.geometry[row], tags, numbered=bool(number))
            door = next(
                (doors[node] for node in features.outline[row].tolist() if node in doors), None
            )
            if door is not None and precision in (Precision.NUMBER, Precision.DOOR):
                precision, lon, lat, radius = Precision.DOOR, *door, _DOOR_M
            elif point:
                radius = (
                    _STOP_M
                    if _is_stop(tags)
                    else _PLACE_NODE_M.get(precision, _HOUSE_M if number else _NODE_M)
                )
            entry = Entry(
                feature,
                names,
                precision,
                lon,
                lat,
                max(radius, _DOOR_M),
                _prominence(precision, tags, point=point),
            )
            if street and number:
                entry.street, entry.houses, entry.house_shown = street, houses_of(number), number
            entry.context = {key_of(tags[tag]) for tag in _CONTEXT_KEYS if tag in tags}
            yield entry


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
    place = tags.get("place", "")
    if tags.get("boundary") == "administrative":
        level = tags.get("admin_level", "")
        return (
            Precision.COMMUNITY
            if level.isdigit() and int(level) >= _COMMUNITY_LEVEL
            else Precision.AREA
        )
    if place in _AREA_PLACES:
        return Precision.AREA
    if place in _COMMUNITY_PLACES:
        return Precision.COMMUNITY
    if _is_stop(tags):
        return Precision.STREET
    if geometry.geom_type == "Point":
        return Precision.NUMBER if numbered and "name" not in tags else Precision.DOOR
    if "Line" in geometry.geom_type:
        return Precision.STREET
    if "building" in tags:
        return Precision.NUMBER if numbered else Precision.DOOR
    return Precision.NUMBER if numbered and "name" not in tags else Precision.COMPOUND


def _is_stop(tags: Tags) -> bool:
    return (
        any(key in tags for key in ("railway", "public_transport", "route"))
        or tags.get("highway") == "bus_stop"
    )


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
    """Return one entry per street name: all ways of that name, placed at the middle of the longest stretch."""
    ways = extract.ways
    rows: dict[str, list[int]] = {}
    for row, tags in enumerate(ways.tags):
        if "name" in tags:
            rows.setdefault(key_of(tags["name"]), []).append(row)
    for key in sorted(rows):
        lines = [
            shapely.LineString(ways.lonlat[ways.start[row] : ways.start[row + 1]])
            for row in rows[key]
        ]
        joined = shapely.line_merge(shapely.MultiLineString(lines))
        at, size = _positions(np.array([joined], dtype=object))
        names = dict.fromkeys(name for row in rows[key] for name in names_of(ways.tags[row]))
        main = ways.tags[rows[key][0]]["name"]
        yield Entry(
            f"w{min(int(ways.way_id[row]) for row in rows[key])}",
            (main, *(name for name in names if name != main)),
            Precision.STREET,
            float(at[0, 0]),
            float(at[0, 1]),
            max(float(size[0]), _HOUSE_M),
            4,
        )


def _positions(geometry: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:  # noqa: ANN401 (object arrays)
    """Return (n, 2) a point of each geometry, and (n,) its radius in meters (lines: half their extent)."""
    geometry = np.asarray(geometry, dtype=object)
    if len(geometry) == 0:
        return np.empty((0, 2)), np.empty(0)
    kind = shapely.get_type_id(geometry)
    at = np.empty((len(geometry), 2))
    radius = np.zeros(len(geometry))
    bounds = shapely.bounds(geometry)
    east = np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2.0))
    across = np.hypot((bounds[:, 2] - bounds[:, 0]) * east, bounds[:, 3] - bounds[:, 1])
    is_line = np.isin(kind, (1, 5))
    surface = np.isin(kind, (3, 6))
    if is_line.any():
        longest = [
            max(shapely.get_parts(line), key=lambda part: part.length)
            if shapely.get_num_geometries(line) > 1
            else line
            for line in geometry[is_line]
        ]
        at[is_line] = shapely.get_coordinates(
            [
                shapely.line_interpolate_point(shapely.get_parts(line)[0], 0.5, normalized=True)
                for line in longest
            ]
        )
        radius[is_line] = across[is_line] / 2.0 * _M_PER_DEGREE
    if surface.any():
        at[surface] = shapely.get_coordinates(shapely.point_on_surface(geometry[surface]))
        radius[surface] = (
            np.sqrt(shapely.area(geometry[surface]) * east[surface] / np.pi) * _M_PER_DEGREE
        )
    rest = ~is_line & ~surface
    if rest.any():
        at[rest] = shapely.get_coordinates(shapely.centroid(geometry[rest]))
        radius[rest] = across[rest] / 2.0 * _M_PER_DEGREE
    return at, radius


def _place_within(extract: Extract, entries: list[Entry]) -> None:
    """Give each entry the divisions around it as context, and the smallest named ground that it lies in."""
    areas = extract.areas
    shapes = [
        row
        for row, tags in enumerate(areas.tags)
        if "name" in tags
        and (tags.get("boundary") == "administrative" or "landuse" in tags or "amenity" in tags)
    ]
    if not shapes or not entries:
        return
    tree = shapely.STRtree(areas.geometry[shapes])
    points = shapely.points([(entry.lon, entry.lat) for entry in entries])
    of_entry, of_shape = tree.query(points, predicate="intersects")
    size = shapely.area(areas.geometry[shapes])
    for index in np.lexsort((size[of_shape], of_entry)).tolist():
        entry, row = entries[int(of_entry[index])], shapes[int(of_shape[index])]
        tags, feature = areas.tags[row], f"{areas.osm_type[row]}{areas.osm_id[row]}"
        if tags.get("boundary") == "administrative":
            entry.context.add(key_of(tags["name"]))
        elif feature != entry.feature and not entry.ground:
            entry.ground = feature


def shown_address(street: str, house: str) -> str:
    """Return an address as people write it: 聚丰园路205号, Mannerheimintie 12."""
    if is_chinese(street):
        return f"{street}{house}" if house.endswith(("号", "號", "弄")) else f"{street}{house}号"
    return f"{street} {house}"
