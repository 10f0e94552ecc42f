"""The ground of a town: a box around a point, or a polygon that the planner drew."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.errors import InvalidValueError, NotFoundError, UnreadableFileError, shorten
from walkshed.model.messages import Message
from walkshed.model.paths import STREAM, is_stream
from walkshed.outside.forms import OUTLINES, POLY, in_words, layers_of, not_one
from walkshed.outside.geopackage import CURE, stored_query

Box = tuple[float, float, float, float]
#: The radius of a sphere as large as Earth (mean radius, IUGG 1980), for boxes in kilometers.
_EARTH_KM = 6371.0088
_LARGEST_KM = 50.0  # a town; more is a province again


@dataclass(frozen=True, slots=True)
class Ground:
    """What is cut out: a box, in degrees, and the planner's own polygon within it, if any."""

    box: Box
    polygon: BaseGeometry | None = None


def ground_around(lon: float, lat: float, km: float) -> Ground:
    """Return the square that reaches ``km`` from a point to the east, north, west and south."""
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) < 89):
        raise InvalidValueError(
            Message(
                "around = {lon:g},{lat:g}: is not a place on Earth; write "
                "longitude,latitude,kilometers",
                lon=lon,
                lat=lat,
            )
        )
    if not 0.05 <= km <= _LARGEST_KM:
        raise InvalidValueError(
            Message(
                "around = …,{km:g}: is not a size of a town; write kilometers from 0.05 to "
                "{largest_km:g}",
                km=km,
                largest_km=_LARGEST_KM,
            )
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
        raise NotFoundError(
            Message("{path}: no such file; name a file with the polygon of the town", path=path)
        )
    if is_stream(path):
        raise UnreadableFileError(
            Message(
                "{path}: {fact}; name a file with the polygon of the town", path=path, fact=STREAM
            )
        )
    if query := stored_query(path):
        raise UnreadableFileError(
            Message("{path}: {fact}; {cure}", path=path, fact=query, cure=CURE)
        )

    polygon = _poly(path) if POLY.ends(path) else _drawing(path)
    if polygon.is_empty or polygon.area == 0:
        raise InvalidValueError(
            Message("{path}: holds no polygon; draw the outline of the town", path=path)
        )

    west, south, east, north = polygon.bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InvalidValueError(
            Message(
                "{path}: lies nowhere on Earth ({west:.6g}, {south:.6g}); state its coordinate "
                "system",
                path=path,
                west=west,
                south=south,
            )
        )
    return Ground((round(west, 7), round(south, 7), round(east, 7), round(north, 7)), polygon)


def _poly(path: Path) -> BaseGeometry:
    """Return the polygon of an Osmosis polygon file.

    It holds rings of ``lon lat``; those marked ``!`` are holes.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(
            Message(
                "{path}: cannot be read as a polygon ({error}); save it as UTF-8 text",
                path=path,
                error=error,
            )
        ) from None

    # rings one after the other: a name, its points, END
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
            ring.append(
                _lonlat(
                    words,
                    Message(
                        "{path}, line {number}: {line!r}",
                        path=path,
                        number=number,
                        line=shorten(line),
                    ),
                )
            )
    return area


def _lonlat(words: list[str], where: str) -> tuple[float, float]:
    """Return the place of a line; ``nan`` and infinity are numbers, and yet no place."""
    try:
        lon, lat = float(words[0]), float(words[1])
    except ValueError:
        lon = lat = math.nan
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
        raise InvalidValueError(
            Message("{where} is not a 'longitude latitude' in degrees; correct it", where=where)
        )
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
            Message(
                "{path}: cannot be read as a polygon ({reason}); give {forms}",
                path=path,
                reason=reason,
                forms=in_words(OUTLINES),
            )
        ) from None

    # one of several would be taken without a word
    if len(layers) > 1:
        raise InvalidValueError(
            Message("{path}: {fact}; {cure}", path=path, fact=not_one(layers), cure=CURE)
        )
    return area
