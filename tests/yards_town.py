"""A compound behind a wall, with a station in its yard, drawn by hand.

::

    y = 600   +---------------------------+
              |                           |       yard   x 1,000 to 1,400, y 200 to 600; nobody mapped a house or
              |             S             |              a path, so that residents live on a grid of 6 x 6
              |                           |       S      the station, (1,200, 400)
    y = 200   +------------ G ------------+       G      the alley crosses the wall: the only exit
                            |
    y = 0     --------------+------------------   Long Street

Everything can be measured by hand: from S to G are 200 m, from G to the street 200 m. Places have
seven decimals of degrees, as in OpenStreetMap, and so are a centimeter off.
"""

from __future__ import annotations

import json
from pathlib import Path

from small import lonlat as exact_lonlat
from small import write_study

YARD = ((1000, 200), (1400, 200), (1400, 600), (1000, 600))
ALLEY = ((1200, 0), (1200, 210))
#: The grid of the yard's residents, from its middle.
GRID_M = (-500 / 3, -100, -100 / 3, 100 / 3, 100, 500 / 3)

Line = tuple[tuple[float, float], ...]


def write_yard(
    folder: Path,
    *,
    station: tuple[float, float] = (1200, 400),
    yard: Line = YARD,
    more_yards: tuple[Line, ...] = (),
    more_ways: tuple[tuple[str, Line], ...] = (),
    alley: Line = ALLEY,
    limit_m: float = 501,
    toml: str = "",
    form: str = "compound",
    neighbors: tuple[float, ...] = (1300, 1303),
) -> Path:
    """Write the study; ``neighbors`` are blocks on Long Street, by their x."""
    street = tuple((float(x), 0.0) for x in range(0, 4001, 100))
    ways = [("residential", street), ("footway", alley), *more_ways]
    lon, lat = lonlat(*station)
    blocks = [_block("yard", 360, _polygon(yard), form)]
    blocks += [
        _block(f"yard{number}", 100, _polygon(each), form)
        for number, each in enumerate(more_yards, 2)
    ]
    blocks += [
        _block(f"x{x:g}", 100, {"type": "Point", "coordinates": lonlat(x)}, "street_block")
        for x in neighbors
    ]
    return write_study(
        folder,
        stations=f"id,name,tier,services,lon,lat\nS,Yard Station,micro,meals,{lon},{lat}\n",
        blocks=_collection(blocks),
        blocks_file="blocks.geojson",
        toml='[[services]]\nid = "meals"\nen = "Meals"\ncomplete = true\n' + toml,
        needs=f'[[needs]]\nservice = "*"\nlimit = {limit_m}\nsource = "drawn"\n',
        files={
            "ways.geojson": _collection(
                [_feature({"highway": kind, "name": ""}, _line(line)) for kind, line in ways]
            ),
        },
    )


def lonlat(x: float, y: float = 0.0) -> tuple[float, float]:
    """Return the degrees of a place on the plane."""
    lon, lat = exact_lonlat(x, y)
    return round(lon, 7), round(lat, 7)


def _block(name: str, people: int, geometry: dict[str, object], form: str) -> dict[str, object]:
    return _feature({"id": name, "name": name, "people": people, "form": form}, geometry)


def _feature(properties: dict[str, object], geometry: dict[str, object]) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _collection(features: list[dict[str, object]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def _line(places: Line) -> dict[str, object]:
    return {"type": "LineString", "coordinates": [lonlat(*place) for place in places]}


def _polygon(places: Line) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[lonlat(*place) for place in (*places, places[0])]]}
