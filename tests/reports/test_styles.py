"""Styles for QGIS in layers.gpkg: every layer has one, its fields have names, and QGIS itself opens the map by them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest

from reports.example import example
from walkshed.reports.layers.frames import blocks_frame
from walkshed.reports.tables.coverage import coverage_frame
from walkshed.reports.write import write_run

LAYERS = ("blocks", "stations", "catchments", "pieces", "exits")
#: Debian's Python, for which its QGIS is built.
PYTHON = Path("/usr/bin/python3")
OPENS = """
import os, sys
from qgis.core import QgsApplication, QgsRenderContext, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
for name in sys.argv[2:]:
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    drawn = layer.renderer()
    many = drawn.type() == "categorizedSymbol"
    labels = "/".join(each.label() for each in drawn.categories()) if many else ""
    fields = "/".join(field.alias() for field in layer.fields())
    symbols = drawn.symbols(QgsRenderContext())
    kinds = {each.symbolLayer(0).layerType() for each in symbols}
    print("|".join([name, drawn.type(), labels, fields, "/".join(sorted(kinds))]), flush=True)
os._exit(0)  # QGIS may fall over its own threads at the end
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("styled") / "run"
    write_run(example(), folder, extra_files={})
    return folder / "layers.gpkg"


def _rows(path: Path, asked: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(asked).fetchall()


def test_every_layer_opens_by_one_style(written: Path) -> None:
    rows = _rows(
        written, "SELECT f_table_name, styleName, styleQML, useAsDefault FROM layer_styles"
    )
    assert [layer for layer, _, _, default in rows if default] == list(LAYERS)
    names = [name for layer, name, _, _ in rows if layer == "blocks"]
    assert names == ["All services", "Meals", "Legal advice"]

    # each is drawn by a field that its layer has, and every field but its number has a name
    for layer, _, text, _ in rows:
        root = ET.fromstring(str(text).partition(">")[2])
        fields = [str(row[1]) for row in _rows(written, f"PRAGMA table_info({layer})")]
        fields.remove("geom")
        for alias in root.iter("alias"):
            assert fields[int(alias.get("index", ""))] == alias.get("field")
            assert alias.get("name")
        assert len(list(root.iter("alias"))) == len(fields) - 1
        (drawing,) = root.iter("renderer-v2")
        assert drawing.get("attr") in {None, *fields}
        values = {each.get("value") for each in drawing.iter("category")}
        if values:
            frame = gpd.read_file(written, layer=layer)
            assert set(frame[drawing.get("attr")]) <= values


def test_blocks_tell_how_they_are_left() -> None:
    results = example()
    coverage, blocks = coverage_frame(results), blocks_frame(results).set_index("id")
    for row in coverage.itertuples():
        if row.verdict in ("not_surveyed", "no_standard"):
            expected = "unknown"
        elif row.verdict == "served":
            expected = "served"
        else:
            expected = "to_check" if row.doubt else "out"
        assert blocks.loc[row.block_id, f"left_{row.service}"] == expected
    order = ("out", "to_check", "unknown", "served")
    services = [f"left_{service.id}" for service in results.inputs.services]
    for _, block in blocks.iterrows():
        assert block["left"] == min((block[each] for each in services), key=order.index)


def test_qgis_opens_the_layers_as_the_page_draws_them(written: Path) -> None:
    offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    offscreen.pop("PYTHONPATH", None)
    known = (
        PYTHON.exists()
        and not subprocess.run(
            [PYTHON, "-c", "import qgis.core"], env=offscreen, check=False, capture_output=True
        ).returncode
    )
    if not known:
        pytest.skip("QGIS is not installed: apt install qgis")
    told = subprocess.run(
        [PYTHON, "-c", OPENS, str(written), *LAYERS],
        env=offscreen,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout.splitlines()
    rows = {line.split("|")[0]: line.split("|")[1:] for line in told if line.startswith(LAYERS)}
    assert rows["blocks"][:2] == ["categorizedSymbol", "Served/Left out/To check/Not surveyed"]
    assert "/id of the block/name of the block/" in rows["blocks"][2]
    assert rows["stations"][0] == "categorizedSymbol"
    kinds = [rows[layer][3] for layer in LAYERS]
    assert kinds == ["SimpleFill", "SimpleMarker", "SimpleFill", "SimpleLine", "SimpleMarker"]
