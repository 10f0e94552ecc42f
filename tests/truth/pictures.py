"""The towns that the tests draw in letters (tests/towns.py), each as the folder of a study.

Every call ``town("A B …", "A-B", …)`` in the tests is found by reading their source. A town's
letters become nodes of an OpenStreetMap file, its streets ways; stations stand at some of its
junctions, and blocks lie everywhere: points at and beside its letters, rectangles that a street
crosses, and rectangles along whose edge a street runs.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pyproj

TESTS = Path(__file__).parents[1]
LON, LAT = 113.0, 23.0
_TO_DEGREES = pyproj.Transformer.from_crs(
    f"+proj=tmerc +lon_0={LON} +lat_0={LAT} +k=1 +ellps=WGS84", "EPSG:4326", always_xy=True
)
STUDY = """
[study]
name = "A town in letters"
language = "en"
[streets]
file = "town.osm"
beyond = "nothing"
private = "{private}"
[stations]
file = "stations.csv"
[blocks]
file = "blocks.geojson"
[[services]]
id = "near"
en = "Near"
zh = "近"
complete = true
[[services]]
id = "far"
en = "Far"
zh = "远"
complete = true
[[services]]
id = "soon"
en = "Soon"
zh = "快"
[needs]
file = "needs.toml"
[walk]
walkers = ["adult", "wheelchair"]
"""
NEEDS = """
[[needs]]
service = "near"
limit = 150
source = "drawn"
[[needs]]
service = "far"
limit = 400
source = "drawn"
[[needs]]
service = "soon"
limit = 4
unit = "min"
source = "drawn"
"""


@dataclass(frozen=True)
class Line:
    """One street of a picture, as ``towns.Street`` has it."""

    path: str
    name: str = ""
    private: bool = False
    steps: bool = False
    highway: str = "residential"


@dataclass(frozen=True)
class Picture:
    """A town as a test draws it; ``where`` is the test's file and line."""

    where: str
    drawing: str
    lines: tuple[Line, ...]
    cell_m: float = 100.0
    private: str = "ends"


def pictures() -> tuple[list[Picture], list[str]]:
    """Return all towns that tests draw in letters, and where one is drawn by more than words."""
    drawn, others = [], []
    for file in sorted(TESTS.glob("*/test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if not any(isinstance(n, ast.ImportFrom) and n.module == "towns" for n in tree.body):
            continue
        for call in ast.walk(tree):
            if not (isinstance(call, ast.Call) and _called(call) == "town"):
                continue
            where = f"{file.parent.name}/{file.name}:{call.lineno}"
            try:
                drawn.append(_picture(where, call, tree))
            except (ValueError, TypeError, NameError):
                others.append(where)
    return drawn, others


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _picture(where: str, call: ast.Call, tree: ast.Module) -> Picture:
    """Return the picture of a call whose arguments are words, streets of words, or names that stand for such."""
    names = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and node.lineno < call.lineno
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    code = compile(ast.fix_missing_locations(ast.Expression(call)), where, "eval")
    known = {"town": _drawn, "Street": Line, "__builtins__": {}}
    for name in {node.id for node in ast.walk(call) if isinstance(node, ast.Name)} - set(known):
        if name in names:
            value = compile(ast.Expression(names[name]), where, "eval")
            known[name] = eval(value, {"Street": Line, "__builtins__": {}})
    drawing, lines, options = eval(code, known)  # the tests' own source, with no builtins
    return Picture(where, drawing, lines, **options)


def _drawn(drawing: str, *streets: str | Line, **options: object) -> tuple:
    lines = tuple(Line(street) if isinstance(street, str) else street for street in streets)
    return drawing, lines, options


def write(picture: Picture, folder: Path) -> Path:
    """Write the study of a picture into a folder, and return it."""
    rows = [line.split() for line in picture.drawing.strip().splitlines()]
    place = {
        letter: (column * picture.cell_m, (len(rows) - 1 - row) * picture.cell_m)
        for row, letters in enumerate(rows)
        for column, letter in enumerate(letters)
        if letter != "."
    }
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "study.toml": STUDY.format(private=picture.private),
        "needs.toml": NEEDS,
        "town.osm": _map(picture, place),
        "stations.csv": _stations(place),
        "blocks.geojson": _blocks(picture, place),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _stretches(line: Line) -> Iterator[tuple[str, bool]]:
    """Yield the letters between two junctions of a street, and whether they are walked along only."""
    letters, joints = line.path[::2], line.path[1::2]
    corners = [i for i, letter in enumerate(letters) if letter.isupper()]
    for first, last in pairwise(corners):
        yield letters[first : last + 1], ">" in joints[first:last]


def _map(picture: Picture, place: dict[str, tuple[float, float]]) -> str:
    """Return the town as OpenStreetMap has it; a bend belongs to its street alone."""
    node = {letter: number for number, letter in enumerate(place, 1)}
    nodes = [(number, place[letter]) for letter, number in node.items()]
    ways = []
    for line in picture.lines:
        for letters, one_way in _stretches(line):
            refs = []
            for letter in letters:
                if letter.isupper():
                    refs.append(node[letter])
                else:
                    nodes.append((len(nodes) + 1, place[letter]))
                    refs.append(len(nodes))
            tags = {"highway": "steps" if line.steps else line.highway, "name": line.name}
            tags |= {"access": "private"} if line.private else {}
            tags |= {"oneway:foot": "yes"} if one_way else {}
            ways.append((refs, {key: value for key, value in tags.items() if value}))
    lines = ['<osm version="0.6">']
    for number, xy in nodes:
        lon, lat = _degrees(*xy)
        lines.append(f'<node id="{number}" version="1" lon="{lon:.7f}" lat="{lat:.7f}"/>')
    for number, (refs, tags) in enumerate(ways, 1):
        inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        inner += "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
        lines.append(f'<way id="{number}" version="1">{inner}</way>')
    return "\n".join([*lines, "</osm>\n"])


def _stations(place: dict[str, tuple[float, float]]) -> str:
    """Return stations at the first, the middle and the last junction, the middle one beside its street."""
    junctions = sorted(letter for letter in place if letter.isupper())
    chosen = dict.fromkeys([junctions[0], junctions[len(junctions) // 2], junctions[-1]])
    rows = ["id,name,lon,lat,services"]
    for number, letter in enumerate(chosen):
        x, y = place[letter]
        lon, lat = _degrees(x + 12.5 * (number == 1), y + 8.25 * (number == 1))
        services = ("near;soon", "far;near", "far;soon")[number]
        rows.append(f"S{letter},{letter},{lon:.7f},{lat:.7f},{services}")
    return "\n".join(rows) + "\n"


def _blocks(picture: Picture, place: dict[str, tuple[float, float]]) -> str:
    """Return points at and beside all letters, and two rectangles at every stretch: across it, and along it."""
    shapes: list[tuple[str, dict]] = []
    for letter, (x, y) in sorted(place.items()):
        shapes.append((f"at {letter}", _point(x, y)))
        shapes.append((f"beside {letter}", _point(x + 31.0, y + 17.0)))
    stretches = [letters for line in picture.lines for letters, _ in _stretches(line)]
    for number, letters in enumerate(stretches):
        begin, end = (np.array(place[letter]) for letter in letters[:2])
        along = end - begin
        if not along.any():
            continue
        beside = np.array([-along[1], along[0]]) / np.hypot(*along)
        across = [
            begin + 0.25 * along - 23 * beside,
            begin + 0.75 * along - 23 * beside,
            begin + 0.75 * along + 31 * beside,
            begin + 0.25 * along + 31 * beside,
        ]
        shapes.append((f"across {number}", _polygon(across)))
        shapes.append(
            (f"along {number}", _polygon([begin, end, end + 40 * beside, begin + 40 * beside]))
        )
    features = [
        {"type": "Feature", "properties": {"id": name, "name": name}, "geometry": geometry}
        for name, geometry in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def _point(x: float, y: float) -> dict:
    return {"type": "Point", "coordinates": _degrees(x, y)}


def _polygon(corners: list[np.ndarray]) -> dict:
    ring = [_degrees(x, y) for x, y in [*corners, corners[0]]]
    return {"type": "Polygon", "coordinates": [ring]}


def _degrees(x: float, y: float) -> tuple[float, float]:
    # as exact as OpenStreetMap: a place at a letter stands at its very node
    lon, lat = _TO_DEGREES.transform(x, y)
    return round(lon, 7), round(lat, 7)
