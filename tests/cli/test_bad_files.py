"""Files that are not what they should be, through the command line: one line that says so, never a traceback."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from drawn_osm import Drawing
from fuzz.damage import as_pbf
from walkshed.cli import app

GOOD = Path(__file__).parents[1] / "inputs" / "good"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(f'<!ENTITY {b} "{f"&{a};" * 10}">'.encode() for a, b in zip("abcdefgh", "bcdefghi"))
    + b']><osm version="0.6"><node id="1" lat="1" lon="1"><tag k="name" v="&i;"/></node></osm>'
)
POWER = Drawing(nodes={1: (0, 0), 2: (1, 0)}, ways={1: ([1, 2], {"power": "line"})}).xml()


def town(content: bytes) -> Callable[[Path], None]:
    return lambda study: (study / "town.osm").write_bytes(content) and None


def folder_for_a_file(study: Path) -> None:
    (study / "town.osm").unlink()
    (study / "town.osm").mkdir()


def degrees_as_meters(study: Path) -> None:
    text = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(
        text.replace('file = "town.osm"', 'lines = "ways.geojson"'), encoding="utf-8"
    )
    line = '{"type":"LineString","coordinates":[[100,0],[100.01,0]]}'
    (study / "ways.geojson").write_text(
        '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4547"}},'
        f'"features":[{{"type":"Feature","properties":{{}},"geometry":{line}}}]}}'
    )


def extra_without_lines(study: Path) -> None:
    text = (study / "study.toml").read_text(encoding="utf-8")
    new = 'file = "town.osm"\nextra = "lanes.geojson"'
    (study / "study.toml").write_text(text.replace('file = "town.osm"', new), encoding="utf-8")
    (study / "lanes.geojson").write_text("{}")


CASES: dict[str, tuple[Callable[[Path], None], str]] = {
    "no_walkable_way": (town(POWER), "holds no walkable way"),
    "truncated_pbf": (town(as_pbf()[:-40]), "cannot be read as OpenStreetMap data"),
    "broken_xml": (
        town((GOOD / "town.osm").read_bytes()[:200]),
        "cannot be read as OpenStreetMap data",
    ),
    "entity_bomb": (town(BOMB), "cannot be read as OpenStreetMap data"),
    "location_out_of_range": (
        town((GOOD / "town.osm").read_bytes().replace(b'lat="', b'lat="9e9', 1)),
        "cannot be read as OpenStreetMap data",
    ),
    "empty_extract": (town(b""), "is empty"),
    "spreadsheet_for_an_extract": (town(b"PK\x03\x04xlsx"), "is not OpenStreetMap data"),
    "folder_for_a_file": (folder_for_a_file, "is a folder, not a file"),
    "degrees_where_meters_are_meant": (
        degrees_as_meters,
        "are degrees, although the file says meters",
    ),
    "extra_that_is_no_drawing": (extra_without_lines, "lanes.geojson: not a file of lines"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_is_one_line_of_fault(case: str, tmp_path: Path) -> None:
    damage, expected = CASES[case]
    study = tmp_path / "study"
    shutil.copytree(GOOD, study)
    damage(study)
    told = CliRunner().invoke(app, ["run", str(study), "--out", str(tmp_path / "out"), "--no-open"])
    assert told.exit_code == 1, told.output
    assert expected in told.output
    assert "Traceback" not in told.output
    assert not (tmp_path / "out").exists()


def test_output_that_cannot_be_written_and_strangers_files(tmp_path: Path) -> None:
    runner, study = CliRunner(), str(GOOD)
    (tmp_path / "a file").write_text("x")
    inside = runner.invoke(
        app, ["run", study, "--out", str(tmp_path / "a file" / "out"), "--no-open"]
    )
    assert inside.exit_code == 1
    assert "choose another folder" in inside.output
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("years")
    strangers = runner.invoke(app, ["run", study, "--out", str(tmp_path / "mine"), "--no-open"])
    assert strangers.exit_code == 1
    assert "thesis.docx" in strangers.output
    assert (tmp_path / "mine" / "thesis.docx").read_text() == "years"


def test_names_that_would_be_code_stay_names(tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(GOOD, study)
    text = (study / "stations.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    name, parent = rows[0].index("name"), rows[0].index("parent")
    for row in rows[1:]:
        row[parent] = ""
    rows[1][name], rows[2][name] = "<script>alert(1)</script>", "=cmd()"
    with (study / "stations.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    out = tmp_path / "out"
    ran = CliRunner().invoke(app, ["run", str(study), "--out", str(out), "--no-open"])
    assert ran.exit_code == 0, ran.output
    assert "<script>alert(1)" not in (out / "index.html").read_text(encoding="utf-8")
    assert "'=cmd()" in (out / "stations.csv").read_text(encoding="utf-8-sig")
