"""A study in a folder, drawn by hand: one straight street, points on it, and whatever files a test adds.

::

    ---- x = 0 ---- 100 ---- 200 ---- … ---- 4,000 m ----      Long Street, along the equator of its own plane

Blocks and stations stand on the street at their x, so every walk is the difference of two x.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from walkshed.model.ground.plane import Plane

PLANE = Plane(lon0=113.0, lat0=23.0)
HEAD = """
[study]
name = "Long Street"
language = "{language}"
[streets]
lines = "ways.geojson"
beyond = "nothing"
[stations]
file = "stations.csv"
crs = "wgs84"
[blocks]
file = "{blocks_file}"
crs = "wgs84"
"""


def lonlat(x: float, y: float = 0.0) -> tuple[float, float]:
    """Return the degrees of a place on the plane, to a tenth of a millimeter."""
    lon, lat = PLANE.to_lonlat(np.array([[x, y]])).round(9)[0].tolist()
    return lon, lat


def table(columns: str, rows: Iterable[tuple[object, ...]]) -> str:
    """Return a CSV with ``lon`` and ``lat`` in place of the x that is each row's second cell."""
    first, *rest = columns.split(",")
    lines = [",".join([first, "lon", "lat", *rest])]
    for name, x, *cells in rows:
        lines.append(",".join(str(cell) for cell in (name, *lonlat(float(str(x))), *cells)))
    return "\n".join(lines) + "\n"


def write_study(
    folder: Path,
    *,
    stations: str,
    blocks: str,
    toml: str,
    needs: str = '[[needs]]\nservice = "*"\nlimit = 500\nsource = "drawn"\n',
    language: str = "en",
    blocks_file: str = "blocks.csv",
    files: Mapping[str, str] | None = None,
) -> Path:
    """Write the study; ``stations`` and ``blocks`` are CSV, ``toml`` follows the head (services at least)."""
    folder.mkdir(parents=True, exist_ok=True)
    line = [lonlat(float(x)) for x in range(0, 4001, 100)]
    feature = {
        "type": "Feature",
        "properties": {"name": "Long Street"},
        "geometry": {"type": "LineString", "coordinates": line},
    }
    ways = {"type": "FeatureCollection", "features": [feature]}
    texts = {
        "ways.geojson": json.dumps(ways),
        "stations.csv": stations,
        blocks_file: blocks,
        "needs.toml": needs,
        "study.toml": HEAD.format(language=language, blocks_file=blocks_file)
        + toml
        + '\n[needs]\nfile = "needs.toml"\n',
        **(files or {}),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
