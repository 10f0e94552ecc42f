"""A study around drawn squares: two services, three walkers, blocks and stations at places in meters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from drawn_osm import EAST
from drawn_squares import M_PER_DEGREE, Place, Plaza

STUDY = """
[study]
name = "Squares"
language = "en"
[streets]
file = "drawn.osm"
beyond = "nothing"
private = "{private}"
[stations]
file = "stations.csv"
[blocks]
file = "blocks.geojson"
[[services]]
id = "meals"
en = "Meals"
complete = true
[[services]]
id = "repairs"
en = "Repairs"
complete = true
[needs]
file = "needs.toml"
[walk]
walkers = ["adult", "older", "wheelchair"]
"""
NEEDS = """
[[needs]]
service = "meals"
limit = 170
source = "drawn"
[[needs]]
service = "repairs"
limit = 3
unit = "min"
source = "drawn"
"""


def lonlat(*place: float) -> list[float]:
    """A place in degrees, to the seventh decimal."""
    return np.round(np.array(place) / M_PER_DEGREE + [EAST, 0.0], 7).tolist()


def block(name: str, corner: Place, size: float, people: int, **properties: str) -> dict[str, Any]:
    """A square block whose southwest corner is at a place."""
    x, y = corner
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
    return {
        "type": "Feature",
        "properties": {"id": name, "name": name, "people": people, **properties},
        "geometry": {"type": "Polygon", "coordinates": [[lonlat(*corner) for corner in corners]]},
    }


def write_study(
    folder: Path,
    town: Plaza,
    blocks: Sequence[dict[str, Any]],
    stations: Sequence[tuple[str, Place, str]],
    *,
    private: str = "ends",
) -> None:
    """Write the study; ``stations`` are names, places and services."""
    table = ["id,name,tier,lon,lat,services"]
    for name, place, services in stations:
        lon, lat = lonlat(*place)
        table.append(f"{name},{name},micro,{lon},{lat},{services}")

    texts = {
        "study.toml": STUDY.format(private=private),
        "needs.toml": NEEDS,
        "stations.csv": "\n".join(table) + "\n",
        "blocks.geojson": json.dumps({"type": "FeatureCollection", "features": list(blocks)}),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "drawn.osm").write_bytes(town.drawing.xml())
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
