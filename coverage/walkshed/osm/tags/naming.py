"""What an extract is called, and the language of the people who live there."""

from __future__ import annotations

import re

import shapely

from walkshed.model.ground.extract import Extract
from walkshed.model.labels import Language

_HAN = re.compile("[\u4e00-\u9fff]")
# kana and hangul: Japan and Korea write Han as well
_NOT_CHINESE = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_MAINLAND = shapely.box(73.0, 17.5, 135.5, 54.0)


def language_of(extract: Extract) -> Language:
    """Return ``"zh"`` where the extract lies in China, else ``"en"``: by its place and by what its names look like."""
    west, south, east, north = extract.bounds
    if not _MAINLAND.contains(shapely.Point((west + east) / 2, (south + north) / 2)):
        return "en"
    names = [tags["name"] for tags in (*extract.ways.tags, *extract.places.tags) if "name" in tags]
    chinese = sum(bool(_HAN.search(name)) and not _NOT_CHINESE.search(name) for name in names)
    return "zh" if 2 * chinese > len(names) else "en"


def city_of(extract: Extract, language: Language) -> str:
    """Return the name of the city whose node lies within the bounds, nearest to the middle.

    "" without one. Towns and suburbs do not count: an extract is often cut across several of them,
    and the wrong name is worse than that of the file.
    """
    ground = shapely.box(*extract.bounds)

    found = [
        (
            round(shapely.distance(ground.centroid, geometry), 6),
            tags.get(f"name:{language}") or tags.get("name", ""),
        )
        for tags, geometry in zip(extract.places.tags, extract.places.geometry)
        if tags.get("place") == "city" and ground.contains(shapely.point_on_surface(geometry))
    ]
    return min(found)[1] if found else ""
