"""The town itself: the plan bent into curves, blocks filled with houses and people, stations in their buildings.

Meters around the town's middle, x east, y north.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

import shapely
from make_plan import (
    LAKE,
    OLD_TOWN,
    OTHER_USES,
    RIVER,
    STORY_FACES,
    WALL,
    Street,
    cut_to,
    dice,
    place_key,
    plan_streets,
    reaching,
    sector_of,
)
from make_tables import (
    FIRST_NAMES,
    FLOOR_PER_PERSON,
    GROUP_SHARES,
    HOUSE_NAMES,
    LAT0,
    LON0,
    LOOKED_AFTER_SINCE,
    PROPERTY,
    STATIONS,
    STORY_BLOCKS,
    WORK_ORDERS,
    XY,
    YEARS,
)
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize

# amplitude m, wavelength m, heading, phase: long waves bend the town, short ones its lanes
WAVES = (
    (34.0, 1900.0, 0.4, 0.3),
    (22.0, 1150.0, 1.7, 1.9),
    (9.0, 520.0, 2.6, 0.7),
    (5.0, 290.0, 0.9, 2.4),
    (2.2, 150.0, 2.1, 4.0),
)


def warp(x: float, y: float) -> XY:
    """Return where a point of the plan lies in the town."""
    dx = dy = 0.0
    for amplitude, length, heading, phase in WAVES:
        s = 2 * math.pi / length
        dx += amplitude * math.sin(s * (x * math.cos(heading) + y * math.sin(heading)) + phase)
        dy += amplitude * math.sin(
            s * (x * math.sin(heading) - y * math.cos(heading)) + 1.3 * phase + 1.0
        )
    return (x + dx, y + dy)


def unwarp(x: float, y: float) -> XY:
    """Return the point of the plan that lies at a point of the town (fixed-point iteration)."""
    u, v = x, y
    for _ in range(30):
        wx, wy = warp(u, v)
        u, v = u - 0.7 * (wx - x), v - 0.7 * (wy - y)
    return (u, v)


def warped(shape: BaseGeometry, step: float = 18.0, tolerance: float = 0.35) -> BaseGeometry:
    """Return a shape of the plan as it lies in the town."""
    dense = shapely.segmentize(shape, step)
    bent = shapely.transform(dense, lambda points: [warp(px, py) for px, py in points.tolist()])
    return bent.simplify(tolerance)


@dataclass
class Town:
    """The town while it is being built, in warped meters."""

    pieces: list[tuple[Street, LineString]] = field(default_factory=list)  # between junctions
    blocks: list[dict[str, object]] = field(default_factory=list)
    buildings: list[tuple[Polygon, dict[str, str]]] = field(default_factory=list)
    areas: list[tuple[Polygon, dict[str, str]]] = field(default_factory=list)
    walls: list[tuple[LineString, dict[str, str]]] = field(default_factory=list)
    gates: list[tuple[str, XY, dict[str, str]]] = field(default_factory=list)
    points: list[tuple[XY, dict[str, str]]] = field(default_factory=list)


MERGE_M = 2.5  # junctions closer than this are one


def merged_ends(pieces: list[LineString]) -> list[LineString]:
    """Return pieces with ends that nearly meet made one; those that shrink to nothing or double another are gone."""
    pieces = sorted(pieces, key=place_key)
    junctions: list[XY] = []

    def junction(xy: XY) -> XY:
        for other in junctions:
            if math.dist(other, xy) < MERGE_M:
                return other
        junctions.append(xy)
        return xy

    kept: dict[tuple[XY, XY], list[LineString]] = {}
    for piece in pieces:
        coords = [(p[0], p[1]) for p in piece.coords]
        coords[0], coords[-1] = junction(coords[0]), junction(coords[-1])
        if coords[0] == coords[-1] and len(coords) <= 3:
            continue
        line = LineString(coords)
        twins = kept.setdefault((min(coords[0], coords[-1]), max(coords[0], coords[-1])), [])
        if all(line.hausdorff_distance(twin) > MERGE_M for twin in twins):
            twins.append(line)
    return sorted((line for twins in kept.values() for line in twins), key=place_key)


def lay_streets(streets: list[Street]) -> list[tuple[Street, LineString]]:
    """Return the streets split where they meet, and bent."""
    noded = merged_ends(
        list(
            shapely.unary_union([reaching(street.line) for street in streets], grid_size=0.01).geoms
        )
    )
    tree = shapely.STRtree([street.line for street in streets])
    pieces = []
    for piece in noded:
        middle = piece.interpolate(0.5, normalized=True)
        near = sorted(
            tree.query(middle.buffer(MERGE_M), predicate="intersects"),
            key=lambda i: (round(streets[i].line.distance(middle) * 2), streets[i].rank, i),
        )
        street = streets[near[0]]
        start = street.line.project(Point(piece.coords[0])) <= street.line.project(
            Point(piece.coords[-1])
        )
        if not start and not street.line.is_ring:
            piece = LineString(list(piece.coords)[::-1])
        bent = warped(piece)
        pieces.append(
            (street, LineString([(round(px, 3), round(py, 3)) for px, py in bent.coords]))
        )
    return pieces


HALF_WIDTH = {
    "secondary": 13.0,
    "tertiary": 10.0,
    "residential": 8.0,
    "pedestrian": 6.5,
    "living_street": 4.5,
}


def open_ground(
    face: Polygon,
    pieces: list[tuple[Street, LineString]],
    tree: shapely.STRtree,
    ranks: tuple[int, ...],
) -> Polygon:
    """Return a face without the width of the streets of some ranks around and in it."""
    near = [pieces[i] for i in sorted(tree.query(face.buffer(20)))]
    widths = [
        line.buffer(HALF_WIDTH.get(street.highway, 3.0))
        for street, line in near
        if street.rank in ranks
    ]
    ground = face.difference(shapely.unary_union(widths)) if widths else face
    parts = [part for part in getattr(ground, "geoms", [ground]) if isinstance(part, Polygon)]
    return max(parts, key=lambda part: part.area) if parts else Polygon()


def old_houses(
    ground: Polygon, lanes: BaseGeometry, rng: random.Random
) -> list[tuple[Polygon, dict[str, str]]]:
    """Return courtyard houses that fill the ground of an old block between its lanes."""
    houses = []
    free = ground.difference(lanes)
    for part in sorted((p for p in getattr(free, "geoms", [free]) if p.area > 150), key=place_key):
        lots, _ = cut_to(part, 520.0, rng, 0.06)
        for lot in sorted(lots, key=place_key):
            house = lot.buffer(-1.3, join_style="mitre").simplify(1.2)
            if not isinstance(house, Polygon) or house.area < 70 or rng.random() < 0.10:
                continue
            use = rng.choices(["house", "residential", "retail"], [7, 4, 1])[0]
            houses.append(
                (
                    Polygon(house.exterior),
                    {"building": use, "building:levels": str(rng.choice([1, 2, 2, 2, 3]))},
                )
            )
    return houses


def slabs(
    ground: Polygon, ways: BaseGeometry, kind: str, story: str, rng: random.Random
) -> list[tuple[Polygon, dict[str, str]]]:
    """Return rows of slabs that face south, as compounds are built."""
    tilt = rng.uniform(-9, 9)
    depth, length, row = {
        "old": (11, 34, 21),
        "resettlement": (12, 48, 29),
        "commodity": (15, 40, 37),
    }[kind]
    levels = {"old": [4, 5, 6], "resettlement": [5, 6, 6], "commodity": [6, 8, 11]}[kind]
    height = str(rng.choice(levels))
    length = {"E01": 30, "G01": 20}.get(story, length)  # they are narrow
    middle = ground.centroid
    straight = affinity.rotate(ground.buffer(-6), tilt, origin=middle)
    keep_off = affinity.rotate(ways.buffer(4.5), tilt, origin=middle)
    west, south, east, north = straight.bounds
    houses = []
    y = south + 4
    while y + depth < north:
        x = west + rng.uniform(0, 14)
        while x + length * 0.6 < east:
            long = length * rng.uniform(0.8, 1.15)
            slab = box(x, y, x + long, y + depth)
            if straight.contains(slab) and not slab.intersects(keep_off):
                houses.append(
                    (
                        affinity.rotate(slab, -tilt, origin=middle),
                        {"building": "apartments", "building:levels": height},
                    )
                )
                x += long + rng.uniform(8, 15)
            else:
                x += 3
        y += row * rng.uniform(0.95, 1.1)
    return houses


COMMUNITIES = {"west": "柳汀社区", "north": "新禾社区", "south": "晒谷社区"}


def community_of(region: str, x: float, y: float) -> tuple[str, str]:
    """Return the subdistrict and the community of a point of the plan."""
    if region == "old" or OLD_TOWN.contains(Point(x, y)):
        name = {
            (True, True): "砚池社区",
            (False, True): "灯影社区",
            (True, False): "半街社区",
            (False, False): "听潮社区",
        }
        return "纸鸢街道", name[(x < -5, y > 130)]
    if region == "east" or x > 600:
        return "对岸街道", "渡北社区" if y > 140 else "渡南社区"
    return "青瓦街道", COMMUNITIES[region]


def kind_of(region: str, rng: random.Random) -> str:
    """Return the kind of a block by where it lies: old in the walls, newer outside."""
    chances = {
        "old": (1.0, 0.0, 0.0),
        "west": (0.1, 0.66, 0.24),
        "north": (0.1, 0.6, 0.3),
        "south": (0.1, 0.45, 0.45),
        "east": (0.1, 0.25, 0.65),
    }[region]
    return rng.choices(["old", "commodity", "resettlement"], chances)[0]


def build_blocks(town: Town) -> None:
    """Fill the faces between streets: blocks with walls, gates, buildings and people; parks, schools, the lake."""
    tree = shapely.STRtree([line for _, line in town.pieces])
    faces = sorted(
        polygonize([line for street, line in town.pieces if street.rank <= 1]), key=place_key
    )
    names = iter(FIRST_NAMES)
    # the stories hold the first number
    counts = {"old": 1, "west": 1, "north": 0, "south": 0, "east": 1}
    letters = {"old": "G", "west": "W", "north": "N", "south": "S", "east": "E"}
    for face in faces:
        spot = face.representative_point()
        x, y = unwarp(spot.x, spot.y)
        sector = sector_of(x, y)
        use = sector.use
        for other, places in OTHER_USES.items():
            if any(face.contains(Point(warp(*xy))) for xy in places):
                use = other
        ground = open_ground(face, town.pieces, tree, (0, 1))
        if ground.is_empty or ground.area < 600:
            continue
        if use != "homes":
            other_ground(town, ground, use, sector.region)
            continue
        story = next(
            (name for name, xy in STORY_FACES.items() if face.contains(Point(warp(*xy)))), ""
        )
        rng = dice(x, y)
        kind = STORY_BLOCKS[story][1] if story else kind_of(sector.region, rng)
        if story:
            block_id, name = story, STORY_BLOCKS[story][0]
        else:
            counts[sector.region] += 1
            block_id = f"{letters[sector.region]}{counts[sector.region]:02d}"
            name = next(names, "无名") + rng.choice(HOUSE_NAMES[kind])
        outline = ground.simplify(0.6)
        near = [town.pieces[i] for i in sorted(tree.query(outline))]
        lanes = shapely.unary_union([line for street, line in near if street.rank >= 2])
        walled = sector.region != "old" or story != ""
        if walled:
            homes = slabs(outline, lanes, kind, story, rng)
            wall_and_gates(town, block_id, outline, [p for p in near if p[0].rank == 3])
        else:
            homes = old_houses(outline, lanes.buffer(2.4), rng)
        town.buildings += homes
        floor = sum(
            shape.area * int(tags["building:levels"])
            for shape, tags in homes
            if tags["building"] != "retail"
        )
        people = round(floor / FLOOR_PER_PERSON[kind] * rng.uniform(0.9, 1.1))
        older, young = (share * rng.uniform(0.85, 1.15) for share in GROUP_SHARES[kind])
        subdistrict, community = community_of(sector.region, x, y)
        households = round(people / rng.uniform(2.5, 2.9))
        built = rng.randint(*YEARS[kind])
        looked_after = "no" if built < LOOKED_AFTER_SINCE else "yes"
        town.blocks.append(
            {
                "id": block_id,
                "name": name,
                "kind": kind,
                "form": "compound" if walled else "street_block",
                "people": people,
                "older_people": round(people * older),
                "children": round(people * young),
                "households": households,
                "year_built": built,
                "property_type": rng.choice(PROPERTY[kind]),
                "management": looked_after,
                "funds": looked_after,
                "organization": looked_after,
                "work_orders": round(
                    households * WORK_ORDERS[kind] * (1.5 if looked_after == "no" else 1.0)
                ),
                "subdistrict": subdistrict,
                "community": community,
                "shape": outline,
            }
        )


def other_ground(town: Town, ground: Polygon, use: str, region: str) -> None:
    """Add a park, a school, a market or bare green to the town."""
    tags = {
        "park": {"leisure": "park"},
        "school": {
            "amenity": "school",
            "name": "示例小学（虚构）" if region == "old" else "示例学校（虚构）",
        },
        "market": {"landuse": "retail", "name": "灯影集市（虚构）"},
        "green": {"landuse": "grass"},
    }[use]
    town.areas.append((ground.simplify(0.8), tags))
    if use == "school":
        hall = affinity.scale(shapely.oriented_envelope(ground.buffer(-30)), 0.8, 0.3)
        if isinstance(hall, Polygon) and ground.contains(hall):
            town.buildings.append((hall, {"building": "school", "building:levels": "4"}))
    if use == "market":
        hall = affinity.scale(shapely.oriented_envelope(ground.buffer(-15)), 0.85, 0.7)
        if isinstance(hall, Polygon) and ground.contains(hall):
            town.buildings.append((hall, {"building": "retail", "building:levels": "2"}))


def wall_and_gates(
    town: Town, block_id: str, outline: Polygon, ways: list[tuple[Street, LineString]]
) -> None:
    """Add the wall around a compound and a gate where each of its ways crosses it."""
    ring = outline.exterior
    town.walls.append((LineString(ring.coords), {"barrier": "wall"}))
    for _, line in sorted(ways, key=lambda way: place_key(way[1])):
        crossing = line.intersection(ring)
        for point in sorted(
            (p for p in getattr(crossing, "geoms", [crossing]) if isinstance(p, Point)),
            key=place_key,
        ):
            town.gates.append(
                (block_id, (round(point.x, 3), round(point.y, 3)), {"barrier": "gate"})
            )


def place_stations(town: Town) -> list[dict[str, str]]:
    """Return the rows of the station table; each station gets a building of its own beside the nearest street."""
    public = [
        line
        for street, line in town.pieces
        if street.rank <= 1 and "bridge" not in dict(street.tags)
    ]
    rows = []
    for number, name, tier, parent, x, y, services, floor, hours, area, capacity in STATIONS:
        target = Point(warp(x, y))
        street = min(public, key=lambda line: (round(line.distance(target), 6), place_key(line)))
        foot = street.interpolate(street.project(target))
        away = max(foot.distance(target), 1e-6)
        back = max(15.0, away)  # from the middle of the street to the middle of the building
        at = Point(
            round(foot.x + (target.x - foot.x) / away * back, 2),
            round(foot.y + (target.y - foot.y) / away * back, 2),
        )
        angle = math.degrees(math.atan2(target.y - foot.y, target.x - foot.x))
        size = {"hub": (22, 30), "center": (16, 22)}.get(tier, (12, 14))
        house = affinity.rotate(
            box(at.x - size[0] / 2, at.y - size[1] / 2, at.x + size[0] / 2, at.y + size[1] / 2),
            angle,
        )
        town.buildings = [b for b in town.buildings if not b[0].intersects(house.buffer(1.5))]
        levels = str(max(floor, 3 if tier == "hub" else 1))
        town.buildings.append(
            (house, {"building": "civic", "building:levels": levels, "name": name + "（虚构）"})
        )
        lon, lat = lonlat((at.x, at.y))
        subdistrict, community = community_of(region_at(x, y), x, y)
        rows.append(
            {
                "id": number,
                "name": name,
                "tier": tier,
                "parent": parent,
                "lon": f"{lon:.7f}",
                "lat": f"{lat:.7f}",
                "services": ";".join(services.split()),
                "floor": str(floor),
                "elevator": "yes" if number == "C6" else "no",
                "step_free": "yes" if floor == 1 and number not in ("M05", "M07") else "no",
                "hours": hours,
                "area_m2": str(area + 40),
                "service_area_m2": str(area),
                "capacity": str(capacity),
                "scope": "all",
                "subdistrict": subdistrict,
                "community": community,
            }
        )
    return rows


def region_at(x: float, y: float) -> str:
    """Return the region of a point of the plan; green and banks belong to the old town beside them."""
    region = sector_of(x, y).region
    return "old" if region in ("moat", "bank") else region


def lonlat(xy: XY) -> XY:
    """Return WGS84 degrees for meters around the town's middle (radii of curvature of the ellipsoid there)."""
    a, e2, phi = 6378137.0, 6.69437999014e-3, math.radians(LAT0)
    w = math.sqrt(1 - e2 * math.sin(phi) ** 2)
    north, east = a * (1 - e2) / w**3, a / w
    return (LON0 + math.degrees(xy[0] / (east * math.cos(phi))), LAT0 + math.degrees(xy[1] / north))


def draw_town() -> tuple[Town, list[dict[str, str]]]:
    """Return the town and its stations."""
    town = Town()
    town.pieces = lay_streets(plan_streets())
    build_blocks(town)
    stations = place_stations(town)
    openings = shapely.unary_union(
        [line for street, line in town.pieces if street.rank <= 1]
    ).buffer(9)
    ring = warped(LineString(WALL.exterior.coords)).difference(openings)
    walls = sorted(getattr(ring, "geoms", [ring]), key=place_key)
    town.walls += [
        (line, {"barrier": "city_wall", "historic": "citywalls"})
        for line in walls
        if line.length > 12
    ]
    town.areas.append(
        (warped(RIVER), {"natural": "water", "water": "river", "name": "示例江（虚构）"})
    )
    town.areas.append((warped(LAKE), {"natural": "water", "water": "lake", "name": "砚湖（虚构）"}))
    for strip in (
        box(567, -1060, 590, 118),
        box(567, 142, 590, 1060),
        box(684, -830, 722, 118),
        box(684, 142, 722, 900),
    ):
        town.areas.append((warped(strip), {"leisure": "park"}))
    town.points.append(
        (
            (0.0, 0.0),
            {"place": "town", "name": "示例古城（虚构）", "name:en": "Sample Town (invented)"},
        )
    )
    return town, stations
