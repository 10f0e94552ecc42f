"""Draw up the stations of the Helsinki study from the features of its own extract, by the rules of services.toml.

``python data/helsinki/make.py [FOLDER]`` writes stations.geojson: points for nodes, outlines for
buildings and areas (so that tagged entrances can be used). The same extract and rules give the same
bytes.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping

from walkshed.model.ground.extract import Features
from walkshed.model.ground.plane import Plane
from walkshed.osm import read_extract

HERE = Path(__file__).parent
# a node and an outline of one name and one service this close are one station: the outline
SAME_PLACE_M = 150.0
STEP_FREE = {"yes": "yes", "no": "no"}  # of OSM's wheelchair=*; "limited" says too little


def matching(tags: Mapping[str, str], rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rules that a feature's tags match, in the order of the table."""
    own = {f"{key}={value}" for key, value in tags.items()}
    return [
        rule for rule in rules if own & set(rule["tags"]) and not own & set(rule.get("not", []))
    ]


def stations(places: Features, table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the stations as GeoJSON features, in the order nodes, ways, relations, each by OSM id."""
    features = []
    for kind, number, tags, geometry in zip(
        places.osm_type, places.osm_id.tolist(), places.tags, places.geometry, strict=True
    ):
        rules = matching(tags, table["services"])
        if not rules or geometry.geom_type not in ("Point", "Polygon", "MultiPolygon"):
            continue
        key, first = f"{kind}{number}", rules[0]
        hub = key == table["hub"]
        properties = {
            "id": key,
            "name": tags.get("name") or f"{first['en']} ({key})",
            "tier": "hub" if hub else first["tier"],
            "parent": table["hub"] if first["linked"] and not hub else "",
            "services": ";".join(rule["id"] for rule in rules),
            "step_free": STEP_FREE.get(tags.get("wheelchair", ""), ""),
            "hours": tags.get("opening_hours", ""),
            "illustrative": "yes",
        }
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return without_twins(features)


def without_twins(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the features without nodes that repeat an outline (same name, same services, close by)."""
    plane = Plane(24.944, 60.172)
    shapes = plane.geometry_to_xy([feature["geometry"] for feature in features])
    kept = []
    for i, feature in enumerate(features):
        own = (feature["properties"]["name"], feature["properties"]["services"])
        twin = shapes[i].geom_type == "Point" and any(
            shapes[j].geom_type != "Point"
            and own == (other["properties"]["name"], other["properties"]["services"])
            and shapely.distance(shapes[i], shapes[j]) <= SAME_PLACE_M
            for j, other in enumerate(features)
        )
        if not twin:
            kept.append(feature)
    return kept


def write(folder: Path) -> None:
    """Write stations.geojson into a folder."""
    table = tomllib.loads((HERE / "services.toml").read_text(encoding="utf-8"))
    extract = read_extract(HERE / "helsinki.osm.pbf")
    features = stations(extract.places, table)
    lines = [
        json.dumps(
            {**feature, "geometry": mapping(shapely.set_precision(feature["geometry"], 1e-7))},
            ensure_ascii=False,
        )
        for feature in features
    ]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stations.geojson").write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
