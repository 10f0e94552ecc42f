"""A town cut out of a large extract in one streaming pass; ways stay whole."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.errors import InvalidValueError, NotFoundError, UnreadableFileError, shorten
from walkshed.model.paths import STREAM, is_stream
from walkshed.osm.files.asides import read_asides
from walkshed.osm.files.content import file_content, file_format
from walkshed.osm.files.trial import refuse_fatal_file
from walkshed.osm.files.written import members_of, reserve
from walkshed.outside.forms import OUTLINES, POLY, in_words, layers_of, not_one
from walkshed.outside.geopackage import CURE, stored_query

Box = tuple[float, float, float, float]
#: The radius of a sphere as large as Earth (mean radius, IUGG 1980), for boxes given in kilometers.
_EARTH_KM = 6371.0088
_LARGEST_KM = 50.0  # a town; more is a province again
#: Of nodes outside the ground these tags matter on a way that sticks out: who may pass, and where
#: doors are.
_KEPT_KEYS = ("barrier", "highway", "entrance", "access", "foot")


@dataclass(frozen=True, slots=True)
class Ground:
    """What is cut out: a box, in degrees, and the planner's own polygon within it, if there is one."""

    box: Box
    polygon: BaseGeometry | None = None


def ground_around(lon: float, lat: float, km: float) -> Ground:
    """Return the square that reaches ``km`` from a point to the east, north, west and south."""
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) < 89):
        raise InvalidValueError(
            f"around = {lon:g},{lat:g}: is no place on Earth; write longitude,latitude,kilometers"
        )
    if not 0.05 <= km <= _LARGEST_KM:
        raise InvalidValueError(
            f"around = …,{km:g}: is no size of a town; write kilometers from 0.05 to {_LARGEST_KM:g}"
        )
    north = math.degrees(km / _EARTH_KM)
    east = north / math.cos(math.radians(lat))
    bounds = (
        round(lon - east, 7),
        round(lat - north, 7),
        round(lon + east, 7),
        round(lat + north, 7),
    )
    return Ground(bounds)


def ground_of_file(path: Path) -> Ground:
    """Return the ground of a polygon file: Osmosis' ``.poly``, GeoJSON, GeoPackage, Shapefile.

    In degrees or any coordinate system. Everything within the polygon's box is cut out, so that
    streets and stations beside it are known.
    """
    path = Path(path)
    if not path.exists():
        raise NotFoundError(f"{path}: no such file; name a file with the polygon of the town")
    if is_stream(path):
        raise UnreadableFileError(f"{path}: {STREAM}; name a file with the polygon of the town")
    if query := stored_query(path):
        raise UnreadableFileError(f"{path}: {query}; {CURE}")
    polygon = _poly(path) if POLY.ends(path) else _drawing(path)
    if polygon.is_empty or polygon.area == 0:
        raise InvalidValueError(f"{path}: holds no polygon; draw the outline of the town")
    west, south, east, north = polygon.bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InvalidValueError(
            f"{path}: lies nowhere on Earth ({west:.6g}, {south:.6g}); state its coordinate system"
        )
    return Ground((round(west, 7), round(south, 7), round(east, 7), round(north, 7)), polygon)


def cut_extract(source: Path, target: Path, ground: Ground) -> int:
    """Write what lies in the ground's box to ``target`` (.osm.pbf) and return how many elements that is.

    One pass over ``source``, which must hold nodes before ways before relations, as extracts do:
    locations are kept in memory (16 bytes a node), so that a way with one node inside keeps all of
    its nodes. Relations are kept if a member is. The file says the ground that it covers, never
    more than ``source`` itself says. The same source and ground give the same bytes. Raises
    ``UnreadableFileError``, ``NotFoundError`` and, for a ground without data,
    ``InvalidValueError``.
    """
    from osmium.io import Header, Reader

    source, target = Path(source), Path(target)
    if source.is_dir():
        raise UnreadableFileError(
            f"{source}: is a folder, not an OpenStreetMap file; name the .osm.pbf file in it"
        )
    if is_stream(source):
        raise UnreadableFileError(f"{source}: {STREAM}; save the extract, and name its file")
    if not source.is_file():
        raise NotFoundError(
            f"{source}: no such file; check the path, it is taken from {Path.cwd()}"
        )
    if _is_pbf(source):
        refuse_fatal_file(source)
    # before osmium: it would unpack without an end
    deleted = _marked_for_deletion(source)
    with _told(source):
        with Reader(str(source)) as reader:
            stated: Header = reader.header()
            covered = _stated_box(stated)
            moment = stated.get("osmosis_replication_timestamp") or stated.get("timestamp")
        box = ground.box if covered is None else _overlap(ground.box, covered)
        kept = _gather(source, box, deleted)
    if not kept.inside_lonlat:
        west, south, east, north = ground.box
        raise InvalidValueError(
            f"{source}: holds nothing within {west:.4f},{south:.4f} – {east:.4f},{north:.4f}; "
            "longitude comes first: check the place"
        )
    # the source does not say where it ends: not beyond the last node that it holds
    if covered is None:
        lonlat = np.array(kept.inside_lonlat)
        box = tuple(float(value) for value in (*lonlat.min(axis=0), *lonlat.max(axis=0)))  # type: ignore[assignment]
    _write(target, box, moment, kept)
    return len(kept.nodes) + len(kept.ways) + len(kept.relations)


@dataclass(slots=True)
class _Kept:
    """Elements of the cut as osmium's mutable ones, by id."""

    nodes: dict[int, Any]
    ways: dict[int, Any]
    relations: dict[int, Any]
    inside_lonlat: list[tuple[float, float]]
    # the version of every deletion, by type and id
    deleted: dict[tuple[str, int], int]

    def is_outdated(self, kind: str, element: Any) -> bool:  # noqa: ANN401 (an element of osmium)
        """Return whether an element is deleted, or older than what is kept.

        A deletion takes effect.
        """
        known = {"n": self.nodes, "w": self.ways, "r": self.relations}[kind]
        at, version = (kind, element.id), element.version
        kept = known.get(element.id)
        if version < max(self.deleted.get(at, 0), 0 if kept is None else kept.version):
            return True
        if element.deleted:
            self.deleted[at] = version
            known.pop(element.id, None)
            return True
        return at in self.deleted and version <= self.deleted[at]


def _marked_for_deletion(source: Path) -> dict[tuple[str, int], int]:
    """Return what an editor has marked for deletion in an XML file, later than every version."""
    with source.open("rb") as file:
        start = file.read(64)
    kind = file_format(source, start)
    if kind == "pbf":
        return {}
    asides = read_asides(source, file_content(source), kind)
    return dict.fromkeys(asides.deleted, 1 << 62)


def _gather(source: Path, box: Box, deleted: dict[tuple[str, int], int]) -> _Kept:
    """Return what the box holds; written flat, for it runs once per element of a province."""
    import osmium
    from osmium.osm import mutable

    west, south, east, north = (round(value * 1e7) for value in box)
    kept = _Kept({}, {}, {}, [], deleted)
    outside_tags: dict[int, dict[str, str]] = {}
    nodes, ways, relations = kept.nodes, kept.ways, kept.relations
    inside = osmium.IdTracker()
    elements: Any = osmium.FileProcessor(str(source)).with_locations("flex_mem")
    for element in elements:
        if element.deleted:
            kept.is_outdated(element.type_str(), element)
            continue
        if element.is_node():
            location = element.location
            if west <= location.x <= east and south <= location.y <= north:
                if kept.is_outdated("n", element):
                    continue
                place = (location.x / 1e7, location.y / 1e7)
                nodes[element.id] = mutable.Node(location=place, **_attributes(element))
                inside.add_node(element.id)
                kept.inside_lonlat.append(place)
            elif element.id in nodes and not kept.is_outdated("n", element):
                del nodes[element.id]  # moved away since
            elif element.tags and any(key in element.tags for key in _KEPT_KEYS):
                outside_tags[element.id] = dict(element.tags)
        elif element.is_way():
            if not inside.contains_any_references(element) or kept.is_outdated("w", element):
                continue
            refs = []
            for node in element.nodes:
                refs.append(node.ref)
                location = node.location
                if node.ref not in nodes and location.valid():
                    place, tags = (
                        (location.x / 1e7, location.y / 1e7),
                        outside_tags.get(node.ref, {}),
                    )
                    nodes[node.ref] = mutable.Node(
                        id=node.ref, version=1, location=place, tags=tags
                    )
            ways[element.id] = mutable.Way(nodes=refs, **_attributes(element))
        elif element.is_relation() and not kept.is_outdated("r", element):
            members = [(member.type, member.ref, member.role) for member in element.members]
            known = {"n": nodes, "w": ways, "r": relations}
            if any(ref in known[kind] for kind, ref, _ in members):
                relations[element.id] = mutable.Relation(members=members, **_attributes(element))
    return kept


def _attributes(element: Any) -> dict[str, Any]:  # noqa: ANN401 (an element of osmium)
    """Return what an element is known by; who drew it is left out."""
    return {
        "id": element.id,
        "version": element.version or 1,
        "timestamp": element.timestamp,
        "tags": dict(element.tags),
    }


def _write(target: Path, box: Box, moment: str, kept: _Kept) -> None:
    import osmium

    header = osmium.io.Header()
    header.set("generator", "walkshed")
    if moment:
        header.set("osmosis_replication_timestamp", moment)
    west, south, east, north = box
    header.add_box(osmium.osm.Box(west, south, east, north))
    elements = [*kept.nodes.values(), *kept.ways.values(), *kept.relations.values()]
    reserve(target, ((members_of(element), element.tags or {}) for element in elements))
    with osmium.SimpleWriter(str(target), header=header, overwrite=True) as writer:
        for node in sorted(kept.nodes):
            writer.add_node(kept.nodes[node])
        for way in sorted(kept.ways):
            writer.add_way(kept.ways[way])
        for relation in sorted(kept.relations):
            writer.add_relation(kept.relations[relation])


def _stated_box(header: Any) -> Box | None:  # noqa: ANN401 (osmium's header)
    box = header.box()
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return (low.lon, low.lat, high.lon, high.lat)


def _overlap(one: Box, two: Box) -> Box:
    """Return the overlap of two boxes; without one, the first, which then holds nothing."""
    west, south, east, north = (
        max(one[0], two[0]),
        max(one[1], two[1]),
        min(one[2], two[2]),
        min(one[3], two[3]),
    )
    return (west, south, east, north) if west < east and south < north else one


@contextmanager
def _told(source: Path) -> Iterator[None]:
    """Turn what osmium raises on broken files into the message that a planner can use."""
    from osmium import InvalidLocationError

    try:
        yield
    except (RuntimeError, ValueError, OverflowError, MemoryError, InvalidLocationError) as error:
        if isinstance(error, InvalidValueError):
            raise
        reason = shorten(" ".join(str(error).split()), 160) or type(error).__name__
        raise UnreadableFileError(
            f"{source}: cannot be read as OpenStreetMap data ({reason}); download or export it "
            "again, the copy is damaged or cut short"
        ) from None


def _poly(path: Path) -> BaseGeometry:
    """Return the polygon of an Osmosis polygon file: rings of ``lon lat``, those marked ``!`` are holes."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(
            f"{path}: cannot be read as a polygon ({error}); save it as UTF-8 text"
        ) from None
    area: BaseGeometry = shapely.Polygon()
    ring: list[tuple[float, float]] = []
    hole = False
    for number, line in enumerate(lines[1:], start=2):
        words = line.split()
        if words == ["END"]:
            if len(ring) > 2:
                drawn = shapely.make_valid(shapely.Polygon(ring))
                area = area.difference(drawn) if hole else area.union(drawn)
            ring = []
        elif len(words) == 1:
            hole = words[0].startswith("!")
        elif len(words) >= 2:
            ring.append(_lonlat(words, f"{path}, line {number}: {shorten(line)!r}"))
    return area


def _is_pbf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(15)[4:] == b"\x0a\x09OSMHeader"


def _lonlat(words: list[str], where: str) -> tuple[float, float]:
    """Return the place of a line; ``nan`` and infinity are numbers, and yet no place."""
    try:
        lon, lat = float(words[0]), float(words[1])
    except ValueError:
        lon = lat = math.nan
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
        raise InvalidValueError(f"{where} is no 'longitude latitude' in degrees; correct it")
    return lon, lat


def _drawing(path: Path) -> BaseGeometry:
    """Return all polygons of a drawing as one, in WGS84 degrees."""
    import warnings

    import pyogrio

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layers = layers_of(path)
            frame = pyogrio.read_dataframe(path, layer=layers[0] if layers else None)
            drawn = frame.geometry if frame.crs is None else frame.geometry.to_crs(4326)
            parts = [
                shapely.make_valid(part)
                for part in drawn
                if part is not None and part.geom_type in {"Polygon", "MultiPolygon"}
            ]
            area = shapely.union_all(parts) if parts else shapely.Polygon()
    except Exception as error:  # noqa: BLE001 (GDAL's and PROJ's errors have no family)
        reason = shorten(" ".join(str(error).split()), 160)
        raise UnreadableFileError(
            f"{path}: cannot be read as a polygon ({reason}); give {in_words(OUTLINES)}"
        ) from None
    # one of several would be taken without a word
    if len(layers) > 1:
        raise InvalidValueError(f"{path}: {not_one(layers)}; {CURE}")
    return area
