"""Tables as Parquet, with and without geometry: the same study as from other files, and files that are none."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from pyarrow import parquet

from walkshed.errors import InputFaultsError
from walkshed.inputs.read import read_inputs
from walkshed.model.town.places import Block, Station

DATA = Path(__file__).parents[2] / "data" / "gucheng"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "study"))


def taken_from(study: Path, old: str, new: str) -> None:
    toml = study / "study.toml"
    text = toml.read_text("utf-8")
    assert old in text
    toml.write_text(text.replace(old, new), "utf-8")


def faults_of(study: Path) -> list[str]:
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(study)
    return [str(fault) for fault in caught.value.faults]


def told(place: Station | Block) -> list[object]:
    """Return all that is read of a place."""
    return [getattr(place, field.name) for field in fields(place)]


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_the_study_is_the_same_as_from_other_files(study: Path, encoding: str) -> None:
    before = read_inputs(study)
    blocks = gpd.read_file(study / "blocks.geojson")
    blocks.to_parquet(
        study / "blocks.parquet", geometry_encoding=encoding, write_covering_bbox=True
    )
    table = pd.read_csv(study / "stations.csv", dtype=str, keep_default_na=False)
    table.to_parquet(study / "stations.parquet", index=False)
    taken_from(study, '"stations.csv"', '"stations.parquet"')
    taken_from(study, '"blocks.geojson"', '"blocks.parquet"')

    inputs = read_inputs(study)
    assert list(map(told, inputs.stations)) == list(map(told, before.stations))
    assert list(map(told, inputs.blocks or ())) == list(map(told, before.blocks or ()))
    # the covering's box is no column of the planner's
    assert not [note for note in inputs.notes if "bbox" in note]


def test_cells_keep_what_the_file_types(study: Path) -> None:
    """A code beside rows without one stays whole, and a number beside rows without one no fraction."""
    blocks = gpd.read_file(study / "blocks.geojson").head(3)
    typed = blocks[["name", "geometry"]].assign(
        id=pd.array([431490205000001, 431490205000002, 9_007_199_254_740_993], "Int64"),
        people=pd.array([1234, None, 3], "Int64"),
    )
    typed.to_crs(4547).to_parquet(study / "blocks.parquet")
    (study / "stations.csv").write_text(
        "id,name,lon,lat,services\nS1,One,150,23.7,repairs\n", "utf-8"
    )
    (study / "study.toml").write_text(
        '[study]\nname = "Codes"\n\n[streets]\nfile = "town.osm"\n\n[stations]\nfile = "stations.csv"\n\n'
        '[blocks]\nfile = "blocks.parquet"\n\n[needs]\npreset = "illustrative-500"\n\n'
        '[[services]]\nid = "repairs"\nzh = "维修响应"\nen = "Repairs"\n',
        "utf-8",
    )
    found = read_inputs(study).blocks or ()
    assert [block.id for block in found] == [
        "431490205000001",
        "431490205000002",
        "9007199254740993",
    ]
    assert found[0].people == 1234
    assert found[2].people == 3
    for block, geometry in zip(found, blocks.geometry, strict=True):
        assert block.geometry.hausdorff_distance(geometry) < 1e-8


def with_geo(data: bytes, change: Callable[[dict[str, object]], object]) -> bytes:
    """Return a GeoParquet file whose description of geometry is another one."""
    table = parquet.read_table(io.BytesIO(data))
    said = json.loads(table.schema.metadata[b"geo"])
    geo = json.dumps(change(said)).encode()
    made = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({b"geo": geo}), made)
    return made.getvalue()


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[:-100],
    "empty": lambda _: b"",
    "text": lambda _: b"id,name\n1,One\n",
    "turned": lambda data: data[:400] + data[400:900][::-1] + data[900:],
    "no description": lambda data: with_geo(data, lambda _: []),
    "no columns": lambda data: with_geo(data, lambda said: {**said, "columns": 3}),
    "another column": lambda data: with_geo(data, lambda said: {**said, "primary_column": "name"}),
    "another encoding": lambda data: with_geo(
        data, lambda said: {**said, "columns": {"geometry": {"encoding": "KML"}}}
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_files_are_one_fault(study: Path, damage: str) -> None:
    made = io.BytesIO()
    gpd.read_file(study / "blocks.geojson").to_parquet(made)
    (study / "blocks.parquet").write_bytes(DAMAGES[damage](made.getvalue()))
    taken_from(study, '"blocks.geojson"', '"blocks.parquet"')
    assert [one for one in faults_of(study) if one.startswith("blocks.parquet")] == [
        "blocks.parquet: cannot be read as Parquet; write the file again, or save it as GeoPackage or CSV"
    ]


def test_what_repeats_without_end_is_not_written_out(study: Path) -> None:
    """A billion equal rows take a few kilobytes of a file."""
    import pyarrow as pa

    rows = pa.DictionaryArray.from_arrays(pa.array([0] * 5_000_000, pa.int8()), pa.array(["One"]))
    with parquet.ParquetWriter(study / "stations.parquet", pa.schema([("id", rows.type)])) as file:
        for _ in range(5):
            file.write_table(pa.table({"id": rows}))
    assert (study / "stations.parquet").stat().st_size < 100_000
    taken_from(study, '"stations.csv"', '"stations.parquet"')
    fault = next(one for one in faults_of(study) if one.startswith("stations.parquet"))
    assert fault.startswith("stations.parquet: holds 25000000 rows; name a file with the rows")


def test_without_the_package_the_fault_says_what_to_install(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpd.read_file(study / "blocks.geojson").to_parquet(study / "blocks.parquet")
    taken_from(study, '"blocks.geojson"', '"blocks.parquet"')
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    fault = next(one for one in faults_of(study) if one.startswith("blocks.parquet"))
    assert "needs the package pyarrow" in fault
    assert "pip install 'walkshed[parquet]'" in fault
