"""Draw 示例古城（虚构）, an invented walled town on a river, and write it as a walkshed study.

Nothing here exists: the town lies in the open Pacific so that nobody mistakes it for a place. The
same seed gives the same bytes. ``python data/gucheng/make.py [FOLDER]`` writes town.osm, the
tables, study.toml and SOURCES.md.

The drawing goes in steps:

1. main streets, drawn by hand on a straight plan (``make_plan``);
2. sectors between them are cut into blocks, and old blocks by lanes, by random cuts across their longer side;
3. a smooth warp bends the plan (curves, not corners, as in a town that grew; ``make_town``);
4. blocks are the faces between streets; walls, gates, buildings and residents fill them;
5. stations stand where their table says (``make_tables``), in a building of their own;
6. files: this module.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import shapely
from make_tables import (
    ROOMS,
    SEED,
    SERVICES,
    SOURCES,
    STANDARD_ITEMS,
    STORY_BLOCKS,
    STUDY_HEAD,
    STUDY_TAIL,
    XY,
)
from make_town import Town, draw_town, lonlat
from make_window import (
    COMMUNITIES,
    HEAD_CHANGES,
    MOMENT,
    NEEDS,
    OFFERS,
    TAIL_CHANGES,
    VISITORS,
    VISITORS_CHANGES,
    changed,
)
from shapely.geometry import LineString, Point, Polygon


class OsmWriter:
    """Collects nodes and ways and renders OSM XML; points that fall together are one node."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[int, int], int] = {}
        self.node_tags: dict[int, dict[str, str]] = {}
        self.ways: list[tuple[list[int], dict[str, str]]] = []

    def node(self, xy: XY, tags: dict[str, str] | None = None) -> int:
        """Return the id of the node at a place (to the millimeter)."""
        key = (round(xy[0] * 1000), round(xy[1] * 1000))
        number = self.nodes.setdefault(key, len(self.nodes) + 1)
        if tags:
            self.node_tags.setdefault(number, {}).update(tags)
        return number

    def way(self, points: Iterable[XY], tags: dict[str, str]) -> None:
        """Add a way."""
        self.ways.append(([self.node((p[0], p[1])) for p in points], tags))

    def text(self) -> str:
        """Return the file as text."""
        places = {number: lonlat((x / 1000, y / 1000)) for (x, y), number in self.nodes.items()}
        west, south = min(p[0] for p in places.values()), min(p[1] for p in places.values())
        east, north = max(p[0] for p in places.values()), max(p[1] for p in places.values())
        out = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<osm version="0.6" generator="walkshed data/gucheng/make.py (invented)">',
        ]
        out.append(
            f'<bounds minlat="{south:.7f}" minlon="{west:.7f}" maxlat="{north:.7f}" maxlon="{east:.7f}"/>'
        )
        for number, (lon, lat) in places.items():
            head = f'<node id="{number}" lat="{lat:.7f}" lon="{lon:.7f}"'
            tags = tag_text(self.node_tags.get(number, {}))
            out.append(f"{head}>{tags}</node>" if tags else f"{head}/>")
        for number, (refs, tags) in enumerate(self.ways, 1):
            members = "".join(f'<nd ref="{ref}"/>' for ref in refs)
            out.append(f'<way id="{number}">{members}{tag_text(tags)}</way>')
        return "\n".join([*out, "</osm>", ""])


def tag_text(tags: dict[str, str]) -> str:
    """Return tags as XML."""
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())


def with_points(line: LineString, points: list[XY]) -> list[XY]:
    """Return a line's vertices with further points on it put in their place."""
    coords = [(p[0], p[1]) for p in line.coords]
    rows = [(line.project(Point(p)), p) for p in coords[1:-1]] + [
        (line.project(Point(p)), p) for p in points
    ]
    return [coords[0], *(p for _, p in sorted(rows)), coords[-1]]


def osm_text(town: Town) -> str:
    """Return the town as OSM XML."""
    osm = OsmWriter()
    for xy, tags in town.points:
        osm.node(xy, tags)
    gate_points = [Point(xy) for _, xy, _ in town.gates]
    gate_tree = shapely.STRtree(gate_points)

    def gates_on(line: LineString) -> list[XY]:
        return [
            town.gates[i][1]
            for i in sorted(gate_tree.query(line.buffer(0.05), predicate="intersects"))
        ]

    for street, line in town.pieces:
        tags = {
            "highway": street.highway,
            **({"name": street.name} if street.name else {}),
            **dict(street.tags),
        }
        osm.way(with_points(line, gates_on(line) if street.rank == 3 else []), tags)
    for line, tags in town.walls:
        osm.way(with_points(line, gates_on(line)), tags)
    for _, xy, tags in town.gates:
        osm.node(xy, tags)
    for shape, tags in [*town.areas, *town.buildings]:
        osm.way([(round(p[0], 2), round(p[1], 2)) for p in shape.exterior.coords], tags)
    return osm.text()


def csv_text(rows: list[dict[str, str]]) -> str:
    """Return rows as CSV."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def blocks_text(town: Town) -> str:
    """Return the blocks as GeoJSON, one feature a line."""
    lines = []
    for block in sorted(town.blocks, key=lambda row: str(row["id"])):
        shape = block["shape"]
        assert isinstance(shape, Polygon)
        ring = [
            [round(v, 7) for v in lonlat((p[0], p[1]))]
            for p in shapely.orient_polygons(shape).exterior.coords
        ]
        properties = {key: value for key, value in block.items() if key != "shape"}
        feature = {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        lines.append(json.dumps(feature, ensure_ascii=False))
    return (
        '{"type": "FeatureCollection", "name": "示例古城（虚构）", "features": [\n'
        + ",\n".join(lines)
        + "\n]}\n"
    )


def gates_text(town: Town) -> str:
    """Return the gates of the compounds whose gates are on record (the stories')."""
    rows = []
    for block, xy, _ in sorted(town.gates):
        if block in STORY_BLOCKS:
            lon, lat = lonlat(xy)
            rows.append({"block": block, "lon": f"{lon:.7f}", "lat": f"{lat:.7f}"})
    return csv_text(rows)


def standard_items(service: str) -> str:
    """Return the lines of the shipped standards that a service answers to, as TOML; "" for none."""
    items = STANDARD_ITEMS.get(service, "").split()
    return f"standard_item = {json.dumps(items, ensure_ascii=False)}\n" if items else ""


def rooms_text(stations: list[dict[str, str]]) -> str:
    """Return the rooms into which centers may move, each beside its center."""
    at = {row["id"]: (float(row["lon"]), float(row["lat"])) for row in stations}
    rows = []
    for key, place, beside, east, north, area, floor, elevator, cost, obtained in ROOMS:
        lon, lat = at[beside][0] + east, at[beside][1] + north
        row = {
            "id": key,
            "place": place,
            "lon": f"{lon:.7f}",
            "lat": f"{lat:.7f}",
            "area_m2": str(area),
        }
        row |= {"floor": str(floor), "elevator": elevator, "cost": str(cost), "obtained": obtained}
        rows.append(row)
    return csv_text(rows)


def study_text() -> str:
    """Return study.toml."""
    services = "".join(
        f'\n[[services]]\nid = "{key}"\nzh = "{zh}"\nen = "{en}"\ncomplete = true\n{standard_items(key)}'
        for key, (zh, en) in SERVICES.items()
    )
    return STUDY_HEAD + services + STUDY_TAIL


def window_text() -> str:
    """Return window.toml: the same town, judged door to window."""
    text = study_text()
    return changed(text, (*HEAD_CHANGES, *TAIL_CHANGES)) + MOMENT


def write(folder: Path) -> None:
    """Write the study's tables into a folder."""
    town, stations = draw_town()
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "town.osm": osm_text(town),
        "stations.csv": csv_text(stations),
        "blocks.geojson": blocks_text(town),
        "gates.csv": gates_text(town),
        "rooms.csv": rooms_text(stations),
        "study.toml": study_text(),
        "window.toml": window_text(),
        "visitors.toml": changed(window_text(), VISITORS_CHANGES),
        "visitors.csv": VISITORS,
        "communities.geojson": COMMUNITIES,
        "offers.csv": OFFERS,
        "needs.toml": NEEDS,
        "SOURCES.md": SOURCES.format(
            seed=SEED,
            blocks=len(town.blocks),
            people=sum(int(str(block["people"])) for block in town.blocks),
        ),
    }
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
