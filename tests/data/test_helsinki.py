"""The real study: its extract is the one that SOURCES names, its stations are what the rules make of it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import shapely

from judged_rows import rows_of
from walkshed.model.judged.verdicts import Doubt, Verdict
from walkshed.model.results import Results

HELSINKI = Path(__file__).parents[2] / "data" / "helsinki"


def test_make_writes_the_same_bytes_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", str(HELSINKI / "make.py"), str(tmp_path)], check=True)
    assert (tmp_path / "stations.geojson").read_bytes() == (
        HELSINKI / "stations.geojson"
    ).read_bytes()


def test_sources_name_the_extract(helsinki: Results) -> None:
    digest = hashlib.sha256((HELSINKI / "helsinki.osm.pbf").read_bytes()).hexdigest()
    assert digest in helsinki.inputs.sources
    assert helsinki.extract is not None
    assert helsinki.extract.digest == digest
    assert helsinki.extract.data_date is not None
    assert helsinki.extract.data_date[:10] == "2019-04-21"
    assert "2019-04-21" in helsinki.inputs.sources
    for owed in ("OpenStreetMap contributors", "ODbL", "HSY", "CC BY 4.0", "llustrative"):
        assert owed in helsinki.inputs.sources


def test_stations_are_features_of_the_extract(helsinki: Results) -> None:
    assert helsinki.extract is not None
    places = helsinki.extract.places
    known = {
        f"{kind}{number}"
        for kind, number in zip(places.osm_type, places.osm_id.tolist(), strict=True)
    }
    assert {station.id for station in helsinki.stations} <= known
    assert all(station.illustrative for station in helsinki.stations)
    assert [station.name for station in helsinki.stations if station.tier == "hub"] == [
        "Helsingin keskustakirjasto Oodi"
    ]
    names = [station.name for station in helsinki.stations]
    assert names.count("Kansalliskirjasto") == 1  # mapped twice, as a node and as a building
    assert "Liikenne- ja viestintäministeriö" not in names  # a ministry


def test_services_of_study_and_rules_agree() -> None:
    study = tomllib.loads((HELSINKI / "study.toml").read_text(encoding="utf-8"))
    rules = tomllib.loads((HELSINKI / "services.toml").read_text(encoding="utf-8"))
    named = [[(s["id"], s["zh"], s["en"]) for s in table["services"]] for table in (study, rules)]
    assert named[0] == named[1]


def test_residents_sum_to_the_stated_total(helsinki: Results) -> None:
    assert sum(block.people or 0 for block in helsinki.blocks) == pytest.approx(7801)


def test_nothing_is_called_red_without_doubt_near_the_edge(helsinki: Results) -> None:
    """A block that fails within 300 m of the extract's box is in doubt; farther in, it is called what it is."""
    west, south, east, north = helsinki.network.bounds_xy
    outlines = helsinki.network.plane.geometry_to_xy(
        np.array([block.geometry for block in helsinki.blocks])
    )
    boxes = shapely.bounds(outlines)
    gap = np.min(
        [boxes[:, 0] - west, boxes[:, 1] - south, east - boxes[:, 2], north - boxes[:, 3]], axis=0
    )
    failing = [row for row in rows_of(helsinki.main) if row.verdict is not Verdict.SERVED]
    assert {row.doubt for row in failing} == {Doubt.EDGE, Doubt.NONE}
    for row in failing:
        assert (row.doubt is Doubt.EDGE) == (gap[row.block] <= 300)
