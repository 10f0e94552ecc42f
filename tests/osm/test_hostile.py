"""Map files made to do harm: each ends in one message, none ends the process, fills the memory or takes its time."""

from __future__ import annotations

import bz2
import gzip
import random
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from drawn_pbf import HEADER, NODES, blob, block, number, text
from walkshed.errors import InvalidValueError, UnreadableFileError
from walkshed.osm import read_extract
from walkshed.osm.cut import cut_extract
from walkshed.osm.files import asides, trial
from walkshed.osm.ground import ground_around, ground_of_file
from walkshed.osm.streets import read_streets

NUL = blob(b"OSMData", text(1, text(1, b"") + text(1, b"na\0me") + text(1, b"x")) + text(2, NODES))
#: A header that no fast reader knows, so that osmium is asked.
RARE = blob(b"OSMHeader", text(4, b"OsmSchema-V0.6") + text(4, b"HistoricalInformation"))


def nodes(count: int) -> bytes:
    """Nodes of one byte each in every column."""
    ones = bytes([2]) * count
    return text(2, text(1, ones) + text(8, bytes(count)) + text(9, bytes(count)))


def cut(path: Path) -> object:
    return cut_extract(path, path.with_name("cut.osm.pbf"), ground_around(0.0, 0.0, 1.0))


@pytest.mark.parametrize("read", [read_extract, read_streets, cut])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (HEADER + NUL, "a text in it holds a NUL"),
        (RARE + NUL, "a text in it holds a NUL"),
        (HEADER + block(nodes(8_000_000)), r"24,\d{3},\d{3}, over 50 times as many"),
        (HEADER + blob(b"OSMData", bytes(33 * 1024**2)), "more than the format's 33,554,432 bytes"),
        (RARE + block(nodes(8_000_000)), "over 50 times as many"),
    ],
    ids=["nul", "nul, rare", "many nodes", "large block", "many nodes, rare"],
)
def test_no_such_file_is_read(
    content: bytes, says: str, read: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=says) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: is not a map (")
    assert "download or export it again" in str(raised.value)
    assert not path.with_name("cut.osm.pbf").exists()


@pytest.mark.parametrize("read", [read_extract, read_streets])
def test_a_number_ends_after_ten_bytes(read: Callable[[Path], object], tmp_path: Path) -> None:
    """Millions of bytes that say each that there is more took minutes, as one number without an end."""
    endless = b"\xff" * 3_000_000
    path = tmp_path / "town.osm.pbf"
    for group in (text(2, text(1, endless + b"\x01")), endless):
        packed = text(1, text(1, b"")) + text(2, group)
        body = number(2 << 3) + number(len(packed)) + text(3, zlib.compress(packed, 0))
        head = text(1, b"OSMData") + number(3 << 3) + number(len(body))
        path.write_bytes(HEADER + len(head).to_bytes(4, "big") + head + body)
        with pytest.raises(UnreadableFileError, match="cannot be read as OpenStreetMap data"):
            read(path)


def test_a_file_that_ends_osmium_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(RARE + block(NODES))
    assert len(read_extract(path).ways.way_id) == 0  # osmium reads it

    monkeypatch.setattr(trial, "_TRIAL", "import os; os.abort()")
    with pytest.raises(UnreadableFileError, match="reading it ends the program; it is damaged"):
        read_extract(path)
    monkeypatch.setattr(trial, "_TRIAL", "raise SystemExit(4)")
    with pytest.raises(UnreadableFileError, match="takes more than 3 GiB of memory"):
        read_extract(path)
    monkeypatch.setattr(trial, "_TRIAL", "import time; time.sleep(60)")
    monkeypatch.setattr(trial, "_SECONDS", 0.5)
    with pytest.raises(UnreadableFileError, match=r"takes more than [01] s to read"):
        read_extract(path)


def test_the_trial_reads_what_osmium_reads(tmp_path: Path) -> None:
    """The words that are run in the process of their own are sound: a good file passes, a broken one is told."""
    for content, code in ((RARE + block(NODES), 0), (RARE + b"\0\0\0\x05hello", 3)):
        command = [sys.executable, "-I", "-c", trial._TRIAL, "pbf", str(4 << 30)]
        done = subprocess.run(command, input=content, capture_output=True, check=False)
        assert done.returncode == code, done.stderr


@pytest.mark.parametrize(
    "line", ["inf 60.1", "25.0 nan", "25.0 1.7976931348623157e308", "190 60", "25 north"]
)
def test_a_polygon_file_holds_places_on_earth(line: str, tmp_path: Path) -> None:
    path = tmp_path / "ground.poly"
    path.write_text(f"town\n1\n 24.9 60.1\n {line}\n 25.0 60.2\nEND\nEND\n", encoding="utf-8")
    with pytest.raises(InvalidValueError, match=r"ground\.poly, line 4: .* in degrees; correct it"):
        ground_of_file(path)


PACKERS = {"osm.gz": gzip.compress, "osm.bz2": bz2.compress}
HEAD = b'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">'
NODE = b'<node id="1" lat="0.001" lon="0.001"/>'


@cache
def packed_map(ending: str, filling: bytes) -> bytes:
    """A map of one node and a comment."""
    return PACKERS[ending](HEAD + b"<!--" + filling + b"-->" + NODE + b"</osm>")


@pytest.mark.parametrize("ending", PACKERS)
@pytest.mark.parametrize(
    ("read", "words"),
    [(read_extract, b""), (read_extract, b"<remark"), (read_streets, b""), (cut, b"")],
    ids=["extract", "looked into", "streets", "cut"],
)
def test_a_packed_map_is_measured_while_it_is_unpacked(
    words: bytes, ending: str, read: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / f"town.{ending}"
    path.write_bytes(packed_map(ending, words + bytes([32]) * 20_000_000))
    assert path.stat().st_size < 60_000
    with pytest.raises(UnreadableFileError, match="over 100 times as many") as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: is not a map (")
    assert not path.with_name("cut.osm.pbf").exists()


@pytest.mark.parametrize("parts", [1, 60])
@pytest.mark.parametrize("ending", PACKERS)
def test_every_part_of_a_packed_map_is_looked_into(ending: str, parts: int) -> None:
    noise = random.Random(7).randbytes(300_000).hex().encode()
    text = HEAD + noise + NODE
    size = -(-len(text) // parts)
    packed = [PACKERS[ending](text[at : at + size]) for at in range(0, len(text), size)]
    assert b"".join(asides._pieces(b"".join(packed), ending)) == text


@pytest.mark.parametrize("ending", PACKERS)
def test_empty_parts_without_an_end_are_refused(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"town.{ending}"
    path.write_bytes(PACKERS[ending](b"") * 50_000 + packed_map(ending, b""))
    begun = time.process_time()
    with pytest.raises(UnreadableFileError, match="packed parts"):
        read_extract(path)
    assert time.process_time() - begun < 5.0


@pytest.mark.parametrize("name", ["ground.gpkg", "ground.geojson", "ground.shp"])
def test_no_query_or_list_of_a_polygon_file_is_followed(name: str, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("wkt\n", encoding="utf-8")
    path = tmp_path / name
    path.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="other"><SrcDataSource>{other}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>",
        encoding="utf-8",
    )
    with pytest.raises(UnreadableFileError, match=r"is a list of other files \(VRT\)"):
        ground_of_file(path)


def test_no_view_of_a_polygon_file_is_run(tmp_path: Path) -> None:
    path = tmp_path / "ground.gpkg"
    square = shapely.box(24.9, 60.1, 25.0, 60.2)
    gpd.GeoDataFrame({"name": ["town"]}, geometry=[square], crs="EPSG:4326").to_file(path)
    assert ground_of_file(path).box == (24.9, 60.1, 25.0, 60.2)
    with closing(sqlite3.connect(path)) as base:
        base.execute(
            "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
            "n) "
            "SELECT i AS fid, NULL AS geom FROM n"
        )
        base.commit()
    with pytest.raises(UnreadableFileError, match=r"ground\.gpkg: holds a stored query") as raised:
        ground_of_file(path)
    assert "export the layer that is meant" in str(raised.value)
