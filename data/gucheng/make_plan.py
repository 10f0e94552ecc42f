"""The plan of the town on paper: what is drawn by hand, and how sectors are cut into blocks and blocks by lanes.

Meters, x east, y north, straight lines; ``make_town`` bends it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import shapely
from make_tables import NAMES, SEED, STATIONS, STREET_NAMES, XY
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, polygonize, split, substring

RIVER = box(597, -1450, 677, 1450)
# its edge is the ring road
OLD_TOWN = box(-530, -650, 555, 650).buffer(-230).buffer(230, quad_segs=6)
WALL = OLD_TOWN.buffer(-40, quad_segs=6)
INNER = OLD_TOWN.buffer(-74, quad_segs=6)  # the lane along the foot of the wall
OUTER = (
    box(-1210, -1060, 900, 1060)
    .buffer(-260)
    .buffer(260, quad_segs=6)
    .intersection(box(-1300, -1100, 555, 1100))
)
OUTER_ROAD = linemerge(OUTER.boundary.difference(LineString([(555, -1200), (555, 1200)])))
EAST = box(735, -830, 1130, 900).buffer(-120).buffer(120, quad_segs=6)
LAKE = Polygon(
    [
        (
            (-890 + (1 + 0.16 * math.sin(3 * a + 1)) * 205 * math.cos(a)),
            655 + (1 + 0.13 * math.sin(2 * a)) * 125 * math.sin(a),
        )
        for a in (2 * math.pi * i / 60 for i in range(60))
    ]
)
LAKE_PATH = LAKE.buffer(16).simplify(1.0)


@dataclass(frozen=True)
class Street:
    """A street of the plan: its line, OSM class and name."""

    line: LineString
    highway: str
    name: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    rank: int = 1  # 0 main, 1 street between blocks, 2 lane within a block, 3 way inside a compound


def main_streets() -> list[Street]:
    """Return the streets drawn by hand; where they cross, they meet."""

    def street(highway: str, name: str, *points: XY, rank: int = 0, **tags: str) -> Street:
        return Street(LineString(points), highway, name, tuple(tags.items()), rank)

    return [
        Street(
            LineString(OLD_TOWN.exterior.coords), "secondary", "环城路", (("sidewalk", "both"),), 0
        ),
        Street(LineString(INNER.exterior.coords), "living_street", "顺墙巷", (), 0),
        street(
            "secondary",
            "长亭西路",
            (-1330, 40),
            (-1210, 55),
            (-870, 75),
            (-530, 100),
            sidewalk="both",
        ),
        street(
            "pedestrian", "长亭街", (-530, 100), (-250, 125), (-15, 140), (260, 128), (555, 130)
        ),
        street(
            "secondary", "望渡桥", (555, 130), (735, 132), bridge="yes", layer="1", sidewalk="both"
        ),
        street(
            "secondary",
            "长亭东路",
            (735, 132),
            (930, 150),
            (1130, 172),
            (1240, 190),
            sidewalk="both",
        ),
        street("secondary", "拾翠北路", (-75, 1160), (-70, 1060), (-50, 650), sidewalk="both"),
        street(
            "pedestrian",
            "拾翠街",
            (-50, 650),
            (-35, 380),
            (-15, 140),
            (20, -60),
            (30, -250),
            (15, -650),
        ),
        street(
            "secondary",
            "拾翠南路",
            (15, -650),
            (-10, -850),
            (-30, -1060),
            (-30, -1170),
            sidewalk="both",
        ),
        street("tertiary", "纸坊路", (-1210, -290), (-890, -285), (-640, -270), (-530, -262)),
        street("residential", "纸坊街", (-530, -262), (-300, -255), (30, -250)),
        street("living_street", "灯笼街", (30, -250), (270, -232), (481, -215)),
        street("footway", "小水门", (481, -215), (555, -212)),
        street("tertiary", "鹿鸣路", (-1210, 395), (-890, 395), (-530, 412)),
        street(
            "residential",
            "鹿鸣街",
            (-530, 412),
            (-300, 408),
            (-226, 404),
            (-35, 395),
            (270, 405),
            (481, 395),
        ),
        street(
            "residential",
            "青砚街",
            (-300, 576),
            (-300, 408),
            (-285, 122),
            (-300, -255),
            (-285, -576),
        ),
        street("tertiary", "青砚南路", (-285, -576), (-285, -650), (-310, -850), (-300, -1060)),
        street(
            "residential", "听雨街", (262, 576), (270, 405), (260, 128), (270, -232), (262, -576)
        ),
        street("tertiary", "听雨北路", (262, 576), (262, 650), (275, 850), (285, 1060)),
        street(
            "tertiary", "柳汀路", (-905, -1060), (-890, -600), (-890, -285), (-870, 75), (-890, 395)
        ),
        street("residential", "晒布路", (-640, -270), (-632, -560), (-645, -1058)),
        street("residential", "静园路", (-890, -560), (-632, -560)),
        street("residential", "西畴路", (-700, 408), (-705, 92)),
        street("tertiary", "北屏路", (-600, 405), (-560, 740), (-300, 842), (275, 850), (555, 840)),
        street("tertiary", "湖东路", (-560, 740), (-535, 900), (-520, 1060)),
        street(
            "tertiary", "南塘路", (-895, -800), (-640, -790), (-310, -850), (-10, -850), (555, -835)
        ),
        street("tertiary", "临江北路", (555, 420), (555, 1060), sidewalk="both"),
        street("tertiary", "临江南路", (555, -420), (555, -1060), sidewalk="both"),
        Street(OUTER_ROAD, "tertiary", "外环路", (), 0),
        Street(LineString(EAST.exterior.coords), "tertiary", "东岸路", (), 0),
        street("residential", "渡口里", (735, -40), (862, -44), (930, -45), (1130, -30)),
        street("residential", "渡南里", (735, -235), (862, -235), (930, -235), (1130, -225)),
        street("residential", "新村巷", (862, -44), (862, -235)),
        street("residential", "东堤路", (930, 900), (925, 520), (930, 150), (930, -45)),
        street("residential", "东圃路", (940, -235), (935, -830)),
        Street(LineString(LAKE_PATH.exterior.coords), "footway", "环湖步道", (), 2),
        street(
            "footway",
            "",
            (-880, 395),
            LAKE_PATH.exterior.interpolate(LAKE_PATH.exterior.project(Point(-880, 395))).coords[0],
            rank=2,
        ),
        street(
            "footway",
            "",
            (-575, 615),
            LAKE_PATH.exterior.interpolate(LAKE_PATH.exterior.project(Point(-575, 615))).coords[0],
            rank=2,
        ),
        street("living_street", "砚池里", (-300, 320), (-226, 320), (-226, 404), rank=1),
    ]


def joined(streets: list[Street]) -> list[Street]:
    """Return streets whose ends, where they stop just short of another street or just beyond it, meet it."""
    done = []
    for street in streets:
        coords = list(street.line.coords)
        for end in () if street.line.is_ring else (0, -1):
            point = Point(coords[end])
            others = [
                other.line
                for other in streets
                if other is not street and other.line.distance(point) < 12
            ]
            if others and min(other.distance(point) for other in others) > 0:
                other = min(
                    others, key=lambda line: (round(line.distance(point), 6), place_key(line))
                )
                coords[end] = other.interpolate(other.project(point)).coords[0]
        done.append(replace(street, line=LineString(coords)))
    return done


def cut(
    face: Polygon, rng: random.Random, jitter: float, junctions: list[XY]
) -> tuple[list[Polygon], list[LineString]]:
    """Return the parts of a face cut across its longer side, and the cuts; the face itself when no cut is good."""
    corners = list(shapely.oriented_envelope(face).exterior.coords)[:4]
    sides = [(corners[i], corners[(i + 1) % 4]) for i in range(2)]
    (x0, y0), (x1, y1) = max(sides, key=lambda s: (round(math.dist(*s), 3), round(s[0][0], 3)))
    angle = math.atan2(y1 - y0, x1 - x0) + math.pi / 2
    center = face.centroid
    best: tuple[float, list[Polygon], list[LineString]] | None = None
    for _ in range(9):
        along, turn = rng.uniform(-0.13, 0.13), angle + rng.gauss(0, jitter)
        x, y = center.x + along * (x1 - x0), center.y + along * (y1 - y0)
        reach = 3000.0
        line = LineString(
            [
                (x - reach * math.cos(turn), y - reach * math.sin(turn)),
                (x + reach * math.cos(turn), y + reach * math.sin(turn)),
            ]
        )
        parts = [part for part in split(face, line).geoms if isinstance(part, Polygon)]
        inside = line.intersection(face)
        lines = [
            part for part in getattr(inside, "geoms", [inside]) if isinstance(part, LineString)
        ]
        if len(parts) < 2 or not lines:
            continue
        ends = [line.coords[i] for line in lines for i in (0, -1)]
        gap = min((math.dist(end, other) for end in ends for other in junctions), default=99.0)
        score = min(gap, 40.0) + 30 * min(p.area for p in parts) / face.area - 0.02 * inside.length
        if best is None or score > best[0]:
            best = (score, sorted(parts, key=place_key), lines)
    return ([face], []) if best is None else (best[1], best[2])


def place_key(shape: BaseGeometry) -> tuple[float, float]:
    """Return a key that sorts shapes from north to south, whatever order GEOS gave them."""
    point = (
        shape.representative_point()
        if not isinstance(shape, LineString)
        else shape.interpolate(0.5, normalized=True)
    )
    return (-round(point.y, 2), round(point.x, 2))


def cut_to(
    face: Polygon, area: float, rng: random.Random, jitter: float
) -> tuple[list[Polygon], list[LineString]]:
    """Return the faces of at most about ``area`` m² into which a face is cut, and the cuts."""
    done: list[Polygon] = []
    cuts: list[LineString] = []
    ends: list[XY] = []
    queue = [face]
    while queue:
        part = queue.pop(0)
        if part.area < area * rng.uniform(1.15, 1.6):
            done.append(part)
            continue
        parts, lines = cut(part, rng, jitter, ends)
        if not lines:
            done.append(part)
            continue
        cuts += lines
        ends += [line.coords[i] for line in lines for i in (0, -1)]
        queue += parts
    return done, cuts


@dataclass(frozen=True)
class Sector:
    """A part of the plan: where it lies and what becomes of it."""

    region: str  # old, moat, west, north, south, east, bank
    use: str  # homes, park, school, lake, market, green
    story: str = ""


STORY_FACES = {"E01": (800.0, -140.0), "W01": (-765.0, -425.0), "G01": (-256.0, 360.0)}
OTHER_USES = {  # points of the plan whose sector or block is no housing
    "park": [(500.0, 610.0), (500.0, -610.0), (120.0, -520.0), (-780.0, 640.0)],
    "school": [(-430.0, -100.0), (1030.0, 30.0), (400.0, 960.0)],
    "market": [(140.0, 260.0)],
}


def sector_of(x: float, y: float) -> Sector:
    """Return what the plan holds at a point."""
    point = Point(x, y)
    if INNER.contains(point):
        return Sector("old", "homes")
    if OLD_TOWN.contains(point):
        return Sector("moat", "green")
    if x > 735:
        return Sector("east", "homes")
    if x > 553:
        return Sector("bank", "green")
    if x < -590 and y > 405:
        return Sector("west", "park")
    if y > 640 or (x > -530 and y > 560):
        return Sector("north", "homes")
    if y < -560 and x > -640:
        return Sector("south", "homes")
    return Sector("west", "homes")


def reaching(line: LineString) -> LineString:
    """Return a line 0.3 m longer at both ends, so that it surely crosses what it should meet; a ring as it is."""
    if line.is_ring:
        return line
    coords = [(p[0], p[1]) for p in line.coords]
    for end, inward in ((0, 1), (-1, -2)):
        (x, y), (u, v) = coords[end], coords[inward]
        more = 0.3 / math.dist((x, y), (u, v))
        coords[end] = (x + (x - u) * more, y + (y - v) * more)
    return LineString(coords)


def faces_between(lines: Iterable[LineString]) -> list[Polygon]:
    """Return the faces between lines, north to south."""
    noded = shapely.unary_union([reaching(line) for line in lines], grid_size=0.01)
    return sorted(polygonize(noded), key=place_key)


def dice(x: float, y: float) -> random.Random:
    """Return the randomness of a place, so that a change in one part of the town leaves the others as they were."""
    return random.Random(f"{SEED} {round(x / 20)} {round(y / 20)}")


def plan_streets() -> list[Street]:
    """Return all streets of the plan: those drawn by hand, those between blocks, lanes and ways inside compounds."""
    streets = joined(main_streets())
    lane_names, street_names = iter(NAMES), iter(STREET_NAMES)
    for sector_face in faces_between(street.line for street in streets):
        spot = sector_face.representative_point()
        sector = sector_of(spot.x, spot.y)
        story = next(
            (name for name, xy in STORY_FACES.items() if sector_face.contains(Point(xy))), ""
        )
        if sector.use != "homes":
            continue
        rng = dice(spot.x, spot.y)
        blocks, cuts = [sector_face], []
        if not story:
            area = {"old": 23500.0, "east": 45000.0}.get(sector.region, 50000.0)
            blocks, cuts = cut_to(sector_face, area, rng, 0.10 if sector.region == "old" else 0.05)
        for line in cuts:
            highway = (
                rng.choice(["living_street", "residential", "pedestrian"])
                if sector.region == "old"
                else "residential"
            )
            names = lane_names if sector.region == "old" else street_names
            streets.append(Street(line, highway, next(names, ""), (), 1))
        for block in blocks:
            walled = sector.region != "old" or story != ""
            streets += (
                inner_ways(block, rng, lane_names)
                if not walled
                else compound_ways(block, rng, story)
            )
    return streets


def inner_ways(block: Polygon, rng: random.Random, names: Iterator[str]) -> list[Street]:
    """Return the lanes of an old block: through lanes, blind alleys, now and then a flight of steps."""
    if any(
        block.contains(Point(xy)) for use in ("park", "school", "market") for xy in OTHER_USES[use]
    ):
        return []
    _, cuts = cut_to(block, 6200.0, rng, 0.16)
    lanes = []
    for line in cuts:
        highway = rng.choices(["footway", "living_street", "pedestrian", "path"], [6, 3, 2, 1])[0]
        if line.length > 55 and rng.random() < 0.28:  # a blind alley
            part = rng.uniform(0.45, 0.8)
            line = (
                LineString(line.coords)
                if rng.random() < 0.5
                else LineString(list(line.coords)[::-1])
            )
            line = substring(line, 0, part, normalized=True)
            lanes.append(Street(line, highway, "", (), 2))
        elif line.length > 70 and rng.random() < 0.12:
            half = line.length / 2
            lanes.append(Street(substring(line, 0, half - 9), "footway", "", (), 2))
            lanes.append(
                Street(substring(line, half - 9, half + 9), "steps", "", (("step_count", "24"),), 2)
            )
            lanes.append(Street(substring(line, half + 9, line.length), "footway", "", (), 2))
        else:
            lanes.append(Street(line, highway, next(names, "") if line.length > 75 else "", (), 2))
    return lanes


GATE_SIDE = {"E01": (735.0, -150.0), "W01": (-890.0, -425.0), "G01": (-298.0, 360.0)}


def compound_ways(block: Polygon, rng: random.Random, story: str) -> list[Street]:
    """Return the ways inside a compound: from each gate on its edge inward to a short spine."""
    if any(
        block.contains(Point(xy)) for use in ("park", "school", "market") for xy in OTHER_USES[use]
    ):
        return []
    private = story != "" or rng.random() < 0.45
    tags = (("access", "private"),) if private else ()
    gates: list[XY] = []
    if story:
        gates = [nearest_on(block, GATE_SIDE[story])]
        if story == "G01":  # too small for a loop
            drive = LineString([gates[0], STORY_FACES[story]])
            return [Street(substring(drive, 0, 17), "service", "", tags, 3)]
    else:
        # every second compound has a gate towards its nearest station; the others as it came
        near = min(STATIONS, key=lambda row: block.distance(Point(row[4], row[5])))
        towards = block.exterior.project(Point(near[4], near[5]), normalized=True)
        first = towards if rng.random() < 0.6 else rng.random()
        for step in range(rng.choices([1, 2, 3], [2, 5, 4])[0]):
            point = block.exterior.interpolate(
                (first + step * rng.uniform(0.36, 0.52)) % 1.0, normalized=True
            )
            gates.append((point.x, point.y))
    # a spine from south to north between the rows of slabs, and a way from each gate to it
    middle = block.representative_point()
    reach = 0.3 * math.sqrt(block.area)
    spine = LineString([(middle.x, middle.y - reach), (middle.x, middle.y + reach)]).intersection(
        block.buffer(-22)
    )
    parts = [
        part
        for part in getattr(spine, "geoms", [spine])
        if isinstance(part, LineString) and part.length > 20
    ]
    if not parts:
        return []
    spine = max(parts, key=lambda part: part.length)
    ways = [Street(spine, "service", "", tags, 3)]
    for gate in gates:
        on = spine.interpolate(spine.project(Point(gate)))
        ways.append(Street(LineString([gate, (on.x, on.y)]), "service", "", tags, 3))
    return ways


def nearest_on(block: Polygon, xy: XY) -> XY:
    """Return the point of a block's edge that is nearest."""
    point = block.exterior.interpolate(block.exterior.project(Point(xy)))
    return (point.x, point.y)
