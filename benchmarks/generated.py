"""A generated town of any size: streets on a grid with gaps, square blocks between them, stations at the corners.

The town is drawn by a fixed seed, so that two runs measure the same. It lies near the equator of its own plane, has
people in every block, and is labeled illustrative.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SEED = 20261126
STREET_M = 100.0
KEPT = 0.93
SERVICES = 9
SERVICES_PER_STATION = 3
#: Blocks end this far from the middle of their streets.
INSET_M = 8.0
#: Meters of a degree where the town is drawn, near 113.3° E, 23.1° N; what counts is measured on the ellipsoid.
METERS_PER_DEGREE = (102_500.0, 110_700.0)
CORNER = (113.3, 23.1)


@dataclass(frozen=True, slots=True)
class TownSize:
    """How large a town is: ``side`` × ``side`` blocks, and how many stations."""

    side: int
    stations: int


def write_town(folder: Path, size: TownSize) -> Path:
    """Write a study of the town into a folder; return the folder."""
    chance = np.random.default_rng(SEED)
    folder.mkdir(parents=True, exist_ok=True)

    _write_features(folder / "streets.geojson", _streets(size, chance))
    _write_features(folder / "blocks.geojson", _blocks(size, chance))
    (folder / "stations.csv").write_text(_stations(size, chance), encoding="utf-8")

    services = "".join(
        f'[[services]]\nid = "s{number}"\nen = "Service {number}"\nzh = "服务{number}"\ncomplete = true\n'
        for number in range(SERVICES)
    )
    (folder / "needs.toml").write_text(
        '[[needs]]\nkind = "*"\nservice = "*"\nlimit = 500\nunit = "m"\n'
        'clause = "-"\nsource = "illustrative"\nverified = false\n',
        encoding="utf-8",
    )
    (folder / "study.toml").write_text(
        f"""[study]
name = "Generated town of {size.side} x {size.side} blocks"
language = "en"
illustrative = true
[streets]
lines = "streets.geojson"
[stations]
file = "stations.csv"
crs = "wgs84"
[blocks]
file = "blocks.geojson"
{services}
[needs]
file = "needs.toml"
""",
        encoding="utf-8",
    )
    return folder


def _streets(size: TownSize, chance: np.random.Generator) -> list[dict[str, object]]:
    """Return the streets between neighboring corners, those of each direction with gaps."""
    corners = size.side + 1
    east, north = np.meshgrid(np.arange(corners), np.arange(corners), indexing="ij")
    features = []
    for step_east, step_north in ((1, 0), (0, 1)):
        begin = np.column_stack([east.ravel(), north.ravel()])
        begin = begin[(begin[:, 0] + step_east < corners) & (begin[:, 1] + step_north < corners)]
        begin = begin[chance.random(len(begin)) < KEPT]
        ends = np.stack([begin, begin + np.array([step_east, step_north])], axis=1) * STREET_M
        features += [
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "LineString", "coordinates": line},
            }
            for line in _degrees(ends).tolist()
        ]
    return features


def _blocks(size: TownSize, chance: np.random.Generator) -> list[dict[str, object]]:
    """Return the square blocks between the streets, each with people."""
    ring = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) * (STREET_M - 2 * INSET_M) + INSET_M
    people = chance.integers(40, 400, size=(size.side, size.side))
    features = []
    for east in range(size.side):
        for north in range(size.side):
            outline = _degrees(ring + np.array([east, north]) * STREET_M).tolist()
            name = f"B{east:03d}-{north:03d}"
            features.append(
                {
                    "type": "Feature",
                    "properties": {"id": name, "name": name, "people": int(people[east, north])},
                    "geometry": {"type": "Polygon", "coordinates": [outline]},
                }
            )
    return features


def _stations(size: TownSize, chance: np.random.Generator) -> str:
    """Return the table of stations, each a few meters from a street."""
    lines = ["id,name,tier,lon,lat,services"]
    places = chance.uniform(0, size.side * STREET_M, size=(size.stations, 2))
    along = chance.integers(0, 2, size=size.stations)
    rows = np.arange(size.stations)
    # one of the two coordinates lies beside a street
    places[rows, along] = np.round(places[rows, along] / STREET_M) * STREET_M + 4.0
    for number, (lon, lat) in enumerate(_degrees(places).tolist()):
        offered = sorted(chance.choice(SERVICES, size=SERVICES_PER_STATION, replace=False).tolist())
        services = ";".join(f"s{service}" for service in offered)
        lines.append(f"S{number:04d},Station {number},micro,{lon:.7f},{lat:.7f},{services}")
    return "\n".join(lines) + "\n"


def _degrees(meters: np.ndarray) -> np.ndarray:
    """Return lon and lat of places given in meters from the corner of the town."""
    return np.round(np.array(CORNER) + meters / np.array(METERS_PER_DEGREE), 7)


def _write_features(path: Path, features: list[dict[str, object]]) -> None:
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection), encoding="utf-8")
