"""Twelve files made to do harm, each read by a process of its own: seconds, memory, and how it ended.

Seconds are those of the processor; only Unix tells them, and memory. The files are made here, small ones
all of them. `--source FOLDER` names another source root (that of an older checkout) whose package reads
them instead, to compare two versions.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import openpyxl
import shapely

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from drawn_pbf import HEADER, NODES, blob, block, text  # noqa: E402 (of the tests)

VERB = "import sys; sys.argv[0] = 'walkshed'; from walkshed.cli import main; main()"
STUDY = """[study]
name = "Worst"
language = "en"
[streets]
file = "town.osm"
[stations]
file = "{stations}"
[blocks]
file = "{blocks}"
[[services]]
id = "meals"
zh = "餐"
en = "Meals"
[needs]
preset = "illustrative-500"
"""
TOWN = """<osm version="0.6"><node id="1" lat="60.0" lon="25.0"/><node id="2" lat="60.0" lon="25.01"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="footway"/></way></osm>"""
STATIONS = (
    ("id", "name", "tier", "lon", "lat", "services"),
    ("s", "S", "hub", 25.005, 60, "meals"),
)
BLOCKS = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "b", "name": "B"}, '
    '"geometry": {"type": "Polygon", "coordinates": [[[25.001, 60.0001], [25.002, 60.0001], '
    "[25.002, 60.0005], [25.001, 60.0001]]]}}]}"
)
#: A process may wait so many times as long as it may work.
_WAITED = 10
XML = b'<?xml version="1.0"?><osm version="0.6">'


@dataclass(frozen=True)
class Outcome:
    """What one process took, and the first line of what it said."""

    seconds: float | None
    peak_mb: float | None
    end: str
    said: str


def study(folder: Path, *, stations: str = "stations.csv", blocks: str = "blocks.geojson") -> Path:
    """Write a small sound study, of which one file will be replaced."""
    folder.mkdir()
    toml = STUDY.format(stations=stations, blocks=blocks)
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    (folder / "town.osm").write_text(TOWN, encoding="utf-8")
    (folder / "blocks.geojson").write_text(BLOCKS, encoding="utf-8")
    rows = [",".join(map(str, row)) for row in STATIONS]
    (folder / "stations.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def workbook(folder: Path, change: Callable[[str], str]) -> list[str]:
    """Write a study whose stations stand in a workbook with a changed sheet."""
    made = study(folder, stations="stations.xlsx")
    book = openpyxl.Workbook()
    for row in STATIONS:
        book.active.append(row)
    plain, path = made / "plain.xlsx", made / "stations.xlsx"
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = change(data.decode("utf-8")).encode("utf-8")
            new.writestr(name, data)
    plain.unlink()
    return ["check", str(made)]


def extract(folder: Path, name: str, content: bytes) -> list[str]:
    """Write a map file to draft a study of."""
    folder.mkdir()
    (folder / name).write_bytes(content)
    return ["init", str(folder / name), str(folder / "new")]


def packed_xml(folder: Path, name: str, pack: Callable[[bytes], bytes]) -> list[str]:
    """Write a map of nothing but white space, a gigabyte unpacked."""
    spaces = pack(b" " * (64 << 20))
    return extract(folder, name, pack(XML) + spaces * 16 + pack(b"</osm>"))


def nodes(count: int) -> bytes:
    """Return dense nodes of one byte each in every column."""
    return text(2, text(1, bytes([2]) * count) + text(8, bytes(count)) + text(9, bytes(count)))


def endless_view(folder: Path) -> list[str]:
    """Write a study whose blocks are a GeoPackage with a view that never ends."""
    made = study(folder, blocks="blocks.gpkg")
    path = made / "blocks.gpkg"
    gpd.read_file(made / "blocks.geojson").to_file(path, layer="blocks")
    with closing(sqlite3.connect(path)) as base:
        base.execute(
            "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT i AS fid, NULL AS geom FROM n"
        )
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
            "VALUES ('endless', 'features', 'endless', 4326)"
        )
        base.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'POINT', 4326, 0, 0)"
        )
        base.commit()
    return ["check", str(made)]


def deep_json(folder: Path) -> list[str]:
    """Write a study whose blocks are nested without end."""
    made = study(folder)
    deep = '{"type": "FeatureCollection", "features": ' + "[" * 2_000_000
    (made / "blocks.geojson").write_text(deep, encoding="utf-8")
    return ["check", str(made)]


def endless_polygon(folder: Path) -> list[str]:
    """Write a polygon file with a corner at infinity, to clip a map with."""
    made = study(folder)
    corners = "25.0 60.0\n25.01 60.0\ninf 60.01\n25.0 60.01\n25.0 60.0"
    (made / "clip.poly").write_text(f"clip\n1\n{corners}\nEND\nEND\n", encoding="utf-8")
    return ["init", str(made / "town.osm"), str(made / "new"), "--clip", str(made / "clip.poly")]


def damaged_shapefile(folder: Path) -> list[str]:
    """Write a study whose blocks are a shapefile that promises more points than it has."""
    made = study(folder, blocks="blocks.shp")
    shape = gpd.GeoDataFrame(
        {"name": ["B"]}, geometry=[shapely.box(25.001, 60.0001, 25.002, 60.0005)], crs=4326
    )
    shape.to_file(made / "blocks.shp")
    content = bytearray((made / "blocks.shp").read_bytes())
    content[148:152] = (2**27).to_bytes(4, "little")  # points of the first record
    (made / "blocks.shp").write_bytes(content)
    return ["check", str(made)]


def worst(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Make the twelve files; yield what each is, and the command that reads it."""
    end = "</sheetData>"
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    merge = '<mergeCells count="1"><mergeCell ref="A3:XFD1048576"/></mergeCells>'
    row = '<row><c t="inlineStr"><is><t>x</t></is></c></row>' + " " * 200
    strings = text(1, text(1, b"") + text(1, b"na\0me") + text(1, b"x"))
    endless = text(2, text(2, text(1, b"\xff" * 3_000_000 + b"\x01")))
    numbers = blob(b"OSMData", text(1, text(1, b"")) + endless)
    yield (
        "10 million nodes in one block",
        extract(folder / "1", "a.osm.pbf", HEADER + block(nodes(10_000_000))),
    )
    yield "a number of 3 million bytes", extract(folder / "2", "a.osm.pbf", HEADER + numbers)
    rare = blob(b"OSMHeader", text(4, b"OsmSchema-V0.6") + text(4, b"HistoricalInformation"))
    nul = rare + blob(b"OSMData", strings + text(2, NODES))
    yield "a NUL in the table of texts", extract(folder / "3", "a.osm.pbf", nul)
    yield "a formatted last cell", workbook(folder / "4", lambda xml: xml.replace(end, far + end))
    yield (
        "the whole sheet merged",
        workbook(folder / "5", lambda xml: xml.replace(end, end + merge)),
    )
    yield (
        "a sheet of 1 GB, zipped",
        workbook(folder / "6", lambda xml: xml.replace(end, row * 4_000_000 + end)),
    )
    yield "a GeoPackage's endless view", endless_view(folder / "7")
    yield "JSON nested 2 million deep", deep_json(folder / "8")
    yield "1 GB of .osm.gz", packed_xml(folder / "9", "a.osm.gz", gzip.compress)
    yield "1 GB of .osm.bz2", packed_xml(folder / "10", "a.osm.bz2", bz2.compress)
    yield "a polygon with inf", endless_polygon(folder / "11")
    yield "a damaged shapefile", damaged_shapefile(folder / "12")


def read(arguments: list[str], source: Path, *, most_s: float, most_gb: float) -> Outcome:
    """Run a verb in a process of its own, with an end to its time and its memory."""

    def bind() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(most_gb * 2**30),) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (int(most_s), int(most_s)))

    environment = os.environ | {"PYTHONPATH": str(source), "WALKSHED_CACHE": "off"}
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            [sys.executable, "-c", VERB, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
            env=environment,
            preexec_fn=bind if os.name == "posix" else None,  # noqa: PLW1509 (no thread runs yet)
        )
        late = threading.Timer(_WAITED * most_s, process.kill)
        late.start()
        seconds = peak_mb = None
        if hasattr(os, "wait4"):
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = usage.ru_utime + usage.ru_stime
            peak_mb = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        code = process.wait()
        is_late = not late.is_alive()
        late.cancel()
        told.seek(0)
        lines = told.read().decode("utf-8", "replace").strip().splitlines()
    end = f"exit {code}" if code >= 0 else f"signal {-code}"
    if is_late or (seconds is not None and seconds >= most_s - 1.0):
        end = f"over {most_s:g} s"
    return Outcome(seconds, peak_mb, end, lines[-1] if lines else "")


def main() -> int:
    """Make the files and print the table; exit code 1 where one ends as none should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=ROOT / "coverage", metavar="FOLDER")
    parser.add_argument("--seconds", type=float, default=60.0, help="after which one is killed")
    parser.add_argument("--gigabytes", type=float, default=6.0, help="of addresses, at most")
    options = parser.parse_args()
    folder, wrong = Path(tempfile.mkdtemp(prefix="walkshed-worst-")), 0
    limits = {"most_s": options.seconds, "most_gb": options.gigabytes}
    print(f"{'file':32} {'seconds':>8} {'peak MB':>8}  {'ends with':12} last line")
    try:
        for what, command in worst(folder):
            outcome = read(command, options.source, **limits)
            seconds = "" if outcome.seconds is None else f"{outcome.seconds:.1f}"
            peak = "" if outcome.peak_mb is None else f"{outcome.peak_mb:.0f}"
            said = outcome.said.replace(str(folder), "")
            print(
                f"{what:32} {seconds:>8} {peak:>8}  {outcome.end:12} {said[:110]}",
                flush=True,
            )
            wrong += outcome.end not in ("exit 0", "exit 1")
    finally:
        shutil.rmtree(folder)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
