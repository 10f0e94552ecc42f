"""Draw up the Monaco study: what ``walkshed init`` drafts from its extract, after a planner's review.

``python data/monaco/make.py [FOLDER]`` writes stations.csv, blocks.geojson and districts.geojson.
The same extract, border.toml and review.toml give the same bytes. Steps:

1. the nine districts, as OpenStreetMap outlines them, closed along the border with France;
2. the draft of ``walkshed init``: blocks between streets, stations by its table of rules;
3. blocks: those of the draft within Monaco, parted where two districts meet;
4. stations: those of the draft that offer one of the study's services, as review.toml corrects them.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, mapping
from shapely.geometry.base import BaseGeometry

from walkshed.model.drafting import Draft
from walkshed.model.ground.extract import Extract, Tags
from walkshed.model.ground.plane import Plane
from walkshed.model.town.places import Block
from walkshed.needs.people.dwellings import Dwellings, dwellings
from walkshed.needs.people.faces import BOUNDING_CLASSES
from walkshed.osm import read_extract
from walkshed.osm.raw import RawFile, read_raw
from walkshed.verbs.draft.drafting import draft

HERE = Path(__file__).parent
EXTRACT = HERE / "monaco.osm.pbf"
DISTRICT_LEVEL = "10"
# what is left of a block across the boundary of a district, and smaller than this, follows the rest
SLIVER_M2 = 3000.0
UNNAMED = " (unnamed)"  # how the draft calls what has no name
STEP_FREE = {"yes": "yes", "no": "no"}  # of OSM's wheelchair=*; "limited" says too little
STATION_COLUMNS = ("id", "name", "tier", "services", "lon", "lat", "step_free", "illustrative")


@dataclass(frozen=True)
class District:
    """A district of Monaco: its name and its outline in degrees."""

    name: str
    outline: BaseGeometry


def districts(raw: RawFile, border: Mapping[str, Any]) -> tuple[District, ...]:
    """Return the districts by name: the ways of each relation, closed by the stretches of border.toml.

    A district is called as the quarter (``place=suburb``) inside it is: the relations misspell one.
    """
    lines = {
        way: raw.node_lonlat[raw.rows(raw.refs_of(row))]
        for row, way in enumerate(raw.way_id.tolist())
    }
    stretches = {row["district"]: row["points"] for row in border["stretches"]}
    quarters = {
        tags["name"]: shapely.Point(lonlat)
        for number, lonlat in zip(raw.node_id.tolist(), raw.node_lonlat, strict=True)
        if (tags := raw.node_tags.get(number, {})).get("place") == "suburb"
    }
    found = []
    for relation in raw.relations:
        if relation.tags.get("admin_level") != DISTRICT_LEVEL:
            continue
        members = [lines[way] for kind, way, _ in relation.members if kind == "w" and way in lines]
        members += [stretches[relation.id]] if relation.id in stretches else []
        faces = shapely.get_parts(shapely.polygonize([shapely.LineString(m) for m in members]))
        outline = shapely.union_all(faces)
        (name,) = [name for name, point in quarters.items() if shapely.covers(outline, point)]
        found.append(District(name, outline))
    return tuple(sorted(found, key=lambda district: district.name))


def drafted(extract: Path) -> Draft:
    """Return what ``walkshed init`` drafts."""
    with tempfile.TemporaryDirectory() as folder:
        return draft(extract, Path(folder) / "monaco", language="en", name="Monaco")


def blocks_of(
    made: Draft, areas: Sequence[District], plane: Plane, homes: Dwellings
) -> list[dict[str, Any]]:
    """Return the blocks as GeoJSON features: the drafted ones within Monaco where somebody may live.

    A block that lies in several districts is parted where they meet; a part smaller than
    ``SLIVER_M2`` follows the largest part instead. Of a part in several pieces the largest stays,
    and every other that holds a house tagged as a home: on quays and jetties stand plain buildings.
    """
    outlines = plane.geometry_to_xy(np.array([area.outline for area in areas], dtype=object))
    houses = shapely.STRtree(shapely.points(homes.xy))
    certain = shapely.STRtree(shapely.points(homes.xy[homes.stated]))
    features = []
    for block in made.blocks:
        (ground,) = plane.geometry_to_xy(np.array([block.geometry], dtype=object))
        parts = _parts(ground, outlines)
        for place, part in parts:
            settled = _settled(part, certain)
            if len(houses.query(settled, predicate="contains")) == 0:
                continue
            district = areas[place].name
            features.append(_block(block, district, plane, settled, alone=len(parts) == 1))
    return features


def _settled(part: BaseGeometry, certain: shapely.STRtree) -> BaseGeometry:
    """Return the largest piece of a part of a block, and the others with a house that is certainly a home."""
    pieces = sorted(shapely.get_parts(part), key=lambda piece: -piece.area)
    others = [piece for piece in pieces[1:] if len(certain.query(piece, predicate="contains"))]
    return MultiPolygon([pieces[0], *others]) if others else pieces[0]


def _parts(ground: BaseGeometry, outlines: np.ndarray) -> list[tuple[int, BaseGeometry]]:
    """Return the parts of a block by district, the largest first; what lies in none is not Monaco's."""
    parts = [
        (place, _polygons(part))
        for place, part in enumerate(shapely.intersection(outlines, ground))
        if shapely.area(part) > 0
    ]
    parts.sort(key=lambda part: (-part[1].area, part[0]))
    large = [part for part in parts if part[1].area >= SLIVER_M2] or parts[:1]
    slivers = [part for place, part in parts if place not in {place for place, _ in large}]
    if slivers:
        place, largest = large[0]
        large[0] = (place, _polygons(shapely.union_all([largest, *slivers])))
    return large


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry without the points and lines at which two outlines touch."""
    faces = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return faces[0] if len(faces) == 1 else MultiPolygon(faces)


def _block(
    block: Block, district: str, plane: Plane, ground: BaseGeometry, *, alone: bool
) -> dict[str, Any]:
    """Return a block, or its part in a district, as a GeoJSON feature."""
    suffix = "".join(word[0] for word in district.replace("-", " ").split())
    properties = {
        "id": block.id if alone else f"{block.id}-{suffix}",
        "name": block.name if alone else f"{block.name} ({district})",
        "form": block.form.value,
        "community": district,
    }
    degrees = shapely.transform(ground, plane.to_lonlat)
    return _feature(properties, degrees)


@dataclass(frozen=True)
class NamedStreets:
    """The streets that have a name, on the plane."""

    plane: Plane
    names: Sequence[str]
    lines: shapely.STRtree

    @classmethod
    def of(cls, extract: Extract, plane: Plane) -> NamedStreets:
        """Return the named streets of an extract."""
        ways = extract.ways
        rows = [
            row
            for row, own in enumerate(ways.tags)
            if "name" in own and own.get("highway") in BOUNDING_CLASSES
        ]
        lines = [
            shapely.LineString(plane.to_xy(ways.lonlat[ways.start[row] : ways.start[row + 1]]))
            for row in rows
        ]
        return cls(plane, [ways.tags[row]["name"] for row in rows], shapely.STRtree(lines))

    def nearest(self, lonlat: tuple[float, float]) -> str:
        """Return the name of the street nearest to a place."""
        (xy,) = self.plane.to_xy(np.array([lonlat]))
        return self.names[int(self.lines.nearest(shapely.Point(xy)))]


def stations_of(
    made: Draft, extract: Extract, plane: Plane, review: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Return the rows of the table of stations, in the order of the draft; unnamed ones are called after a street."""
    places = extract.places
    tags = {
        f"{kind}{number}": own
        for kind, number, own in zip(
            places.osm_type, places.osm_id.tolist(), places.tags, strict=True
        )
    }
    named, streets = review["services"], NamedStreets.of(extract, plane)
    rows = []
    for station in made.stations:
        facility = station.facility
        change = review["stations"].get(facility.osm, {})
        services = change.get("services", [named[own] for own in facility.services if own in named])
        if services:
            lonlat = (station.lon, station.lat)
            name = facility.name
            if name.endswith(UNNAMED):
                name = f"{name.removesuffix(UNNAMED)}, {streets.nearest(lonlat)}"
            rows.append(_station(facility.osm, name, services, lonlat, tags[facility.osm]))
    return rows


def _station(
    osm: str, name: str, services: Sequence[str], lonlat: tuple[float, float], tags: Tags
) -> dict[str, str]:
    """Return a row of the table of stations."""
    return {
        "id": osm,
        "name": name,
        "tier": "micro",
        "services": ";".join(services),
        "lon": f"{lonlat[0]:.7f}",
        "lat": f"{lonlat[1]:.7f}",
        "step_free": STEP_FREE.get(tags.get("wheelchair", ""), ""),
        "illustrative": "yes",
    }


def _feature(properties: Mapping[str, str], geometry: BaseGeometry) -> dict[str, Any]:
    """Return a GeoJSON feature, its coordinates as exact as OpenStreetMap's."""
    exact = shapely.set_precision(geometry, 1e-7)
    return {"type": "Feature", "properties": properties, "geometry": mapping(exact)}


def _geojson(features: Iterable[Mapping[str, Any]]) -> bytes:
    lines = [json.dumps(feature, ensure_ascii=False) for feature in features]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"
    return text.encode("utf-8")


def _csv(rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    table = csv.DictWriter(text, STATION_COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode("utf-8")


def write(folder: Path) -> None:
    """Write stations.csv, blocks.geojson and districts.geojson into a folder."""
    border, review = (
        tomllib.loads((HERE / name).read_text(encoding="utf-8"))
        for name in ("border.toml", "review.toml")
    )
    # (1)
    areas = districts(read_raw(EXTRACT), border)
    # (2)
    extract, made = read_extract(EXTRACT), drafted(EXTRACT)
    # (3), (4)
    west, south, east, north = extract.bounds
    plane = Plane((west + east) / 2, (south + north) / 2)
    blocks = blocks_of(made, areas, plane, dwellings(extract, plane))
    stations = stations_of(made, extract, plane, review)

    folder.mkdir(parents=True, exist_ok=True)
    outlines = [_feature({"community": area.name}, area.outline) for area in areas]
    (folder / "districts.geojson").write_bytes(_geojson(outlines))
    (folder / "blocks.geojson").write_bytes(_geojson(blocks))
    (folder / "stations.csv").write_bytes(_csv(stations))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
