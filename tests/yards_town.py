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
from typing import Any

from small import lonlat as exact_lonlat
from small import write_study

YARD = ((1000, 200), (1400, 200), (1400, 600), (1000, 600))
ALLEY = ((1200, 0), (1200, 210))
#: The grid of the yard's residents, from its middle.
GRID_M = (-500 / 3, -100, -100 / 3, 100 / 3, 100, 500 / 3)

Line = tuple[tuple[float, float], ...]

#: Towns with a yard, by what is told of each to ``write_yard``.
YARDS: dict[str, dict[str, Any]] = {
    "walled": {},
    "on the limit": {"limit_m": 250},
    "beside a path": {
        "station": (1010, 390),
        "more_ways": (("footway", ((900, 0), (990, 100), (990, 700))),),
        "limit_m": 400,
    },
    "parted by a street": {
        "more_ways": (("residential", ((900, 450), (1500, 450), (1500, 0))),),
        "limit_m": 300,
    },
    "with a path": {
        "more_ways": (("footway", ((900, 450), (1200, 450), (1500, 450))),),
        "limit_m": 250,
    },
    "with steps": {
        "more_ways": (
            ("steps", ((1050, 450), (1250, 450))),
            ("footway", ((1250, 450), (1250, 550))),
        ),
        "limit_m": 300,
        "toml": '[walk]\nwalkers = ["adult", "wheelchair"]\n',
    },
    "with a path that begins at a street": {
        "station": (1250, 380),
        "more_ways": (
            ("residential", ((900, 450), (1500, 450), (1500, 0))),
            ("footway", ((1200, 450), (1200, 500), (1300, 500))),
        ),
        "limit_m": 300,
    },
    "a way along the wall": {
        "more_ways": (("footway", ((1000, 0), (1000, 200), (1000, 600), (1000, 700))),),
        "station": (1020, 400),
        "limit_m": 250,
    },
    "unknown exits": {"alley": ((1200, 0), (1200, 190)), "limit_m": 300},
    "no exit": {"alley": ((1200, 0), (1200, 50)), "limit_m": 300},
    "a stated detour": {"toml": "[walk]\ninside_detour = 1.25\n", "limit_m": 300},
}

#: Towns beside them, for those who look at a run and not at the page.
MORE_YARDS: dict[str, dict[str, Any]] = {
    "a stated detour of more than is tried": {
        "toml": "[walk]\ninside_detour = 2\n",
        "limit_m": 400,
    },
    "of an L": {
        "yard": ((1000, 200), (1400, 200), (1400, 300), (1100, 300), (1100, 900), (1000, 900)),
        "station": (1390, 290),
    },
    "with a path that ends inside": {"more_ways": (("footway", ((900, 450), (1250, 450))),)},
    "with paths that do not join": {
        "more_ways": (
            ("footway", ((1150, 450), (1500, 450))),
            ("footway", ((900, 250), (1040, 250))),
        )
    },
    "a street block": {"form": "street_block"},
    "the alley before the door": {"alley": ((1200, 0), (1200, 190)), "station": (1200, 230)},
    "two that overlap": {
        "more_yards": (((1150, 350), (1600, 350), (1600, 550), (1150, 550)),),
        "limit_m": 250,
    },
    "a way half a meter off the wall": {
        "more_ways": (("footway", ((999.5, 0), (999.5, 700))),),
        "station": (1020, 400),
        "limit_m": 250,
    },
    "a path beyond a street": {
        "more_ways": (
            ("residential", ((900, 450), (1500, 450), (1500, 0))),
            ("footway", ((900, 470), (1500, 470))),
        ),
        "limit_m": 300,
    },
    "paths across its corners": {
        "more_ways": (
            ("footway", ((900, 300), (1100, 100))),
            ("footway", ((900, 500), (1100, 700))),
        ),
        "limit_m": 250,
    },
    "paths that part at the gate": {
        "more_ways": (
            ("footway", ((1200, 200), (1100, 300), (1100, 500))),
            ("footway", ((1200, 200), (1300, 300), (1300, 500))),
        ),
        "alley": ((1200, 0), (1200, 200)),
        "station": (1320, 500),
        "limit_m": 300,
    },
    "a pedestrian street": {
        "more_ways": (("pedestrian", ((1100, 200), (1100, 600))),),
        "limit_m": 300,
    },
    "a door nearly at the edge": {"station": (1001.1, 400)},
    "a door at the edge": {"station": (1000.9, 400)},
}


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
