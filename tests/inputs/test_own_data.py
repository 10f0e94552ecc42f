"""Data of the planner's own: lanes, streets in a CGCS2000 zone, population as points, grid and raster."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from walkshed.errors import InputFaultsError
from walkshed.inputs.rows.population import read_population_file
from walkshed.study import read_study

GOOD = Path(__file__).parent / "good"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    shutil.copytree(GOOD, tmp_path / "study")
    return tmp_path / "study"


def change(study: Path, old: str, new: str) -> None:
    text = (study / "study.toml").read_text(encoding="utf-8")
    assert old in text
    (study / "study.toml").write_text(text.replace(old, new), encoding="utf-8")


def without_people(study: Path) -> None:
    blocks = json.loads((study / "blocks.geojson").read_text(encoding="utf-8"))
    for feature in blocks["features"]:
        feature["properties"].pop("people", None)
        feature["properties"].pop("older_people", None)
    (study / "blocks.geojson").write_text(json.dumps(blocks), encoding="utf-8")
    change(study, 'groups = ["older_people"]\n', "")


def middles(study: Path) -> gpd.GeoSeries:
    return gpd.read_file(study / "blocks.geojson").geometry.representative_point()


def test_population_points_reach_the_blocks(study: Path) -> None:
    without_people(study)
    rows = [f"{point.x},{point.y},{100 + n}" for n, point in enumerate(middles(study))]
    (study / "people.csv").write_text(
        "\n".join(["lon,lat,人口", *rows, "100.5,0.5,9"]), encoding="utf-8"
    )
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        file.write('\n[people]\npoints = "people.csv"\n')
    results = read_study(study).run().results
    assert [block.people for block in results.blocks] == [
        100 + n for n in range(len(results.blocks))
    ]
    assert any("9 people of people.csv live in no block" in note for note in results.notes)


def test_a_grid_in_a_geopackage_and_as_the_blocks_themselves(study: Path) -> None:
    without_people(study)
    blocks = gpd.read_file(study / "blocks.geojson")
    cells = gpd.GeoDataFrame(
        {"population": [60.0]}, geometry=[blocks.union_all().envelope], crs=4326
    ).to_crs(4547)
    cells.to_file(study / "grid.gpkg")
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        file.write('\n[people]\ngrid = "grid.gpkg"\n')
    results = read_study(study).run().results
    shares = np.array([block.people for block in results.blocks])
    areas = blocks.to_crs(4547).area.to_numpy()
    assert shares == pytest.approx(60 * areas / cells.area.iloc[0], rel=1e-3)
    assert {str(block.people_source) for block in results.blocks} == {"estimated"}
    change(study, 'file = "blocks.geojson"\ngates = "gates.csv"', 'from = "people"')
    assert [block.people for block in read_study(study).run().results.blocks] == [60]


def test_a_raster_is_read_with_rasterio(tmp_path: Path) -> None:
    rasterio = pytest.importorskip("rasterio")
    from rasterio.transform import from_origin

    band = np.array([[5, 0], [-1, 7]], dtype="float32")
    where = {"crs": "EPSG:4326", "transform": from_origin(100.0, 0.002, 0.001, 0.001), "nodata": -1}
    profile = {"driver": "GTiff", "height": 2, "width": 2, "count": 1, "dtype": "float32", **where}
    with rasterio.open(tmp_path / "people.tif", "w", **profile) as file:
        file.write(band, 1)
    found = read_population_file(tmp_path / "people.tif")
    assert found.form == "grid"
    assert found.people.tolist() == [5, 7]
    assert found.geometry[0].bounds == pytest.approx((100.0, 0.001, 100.001, 0.002))
    assert found.geometry[1].bounds == pytest.approx((100.001, 0.0, 100.002, 0.001))


def test_a_raster_without_rasterio_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    (tmp_path / "people.tif").write_bytes(b"II*\0")
    monkeypatch.setitem(sys.modules, "rasterio", None)
    with pytest.raises(InputFaultsError, match=r"pip install 'walkshed\[raster\]'"):
        read_population_file(tmp_path / "people.tif")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("lon,lat\n100,0\n", "has no column 'people'"),
        ("people\n3\n", "has no column 'lon' and 'lat'"),
        ("lon,lat,people\n100,0,many\n", "is not a valid number"),
        ("lon,lat,people\n100,0,-4\n", "cannot be a number of people"),
        (
            "lon,lat,people\n500000,300000,1\n500001,300000,1\n",
            "are not degrees; they look like meters",
        ),
        ("lon,lat,people\n", "holds no rows"),
    ],
)
def test_faults_of_population(content: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InputFaultsError, match=fault):
        read_population_file(tmp_path / "people.csv")


def test_people_need_exactly_one_file_and_it_must_exist(study: Path) -> None:
    text = (study / "study.toml").read_text(encoding="utf-8")
    for lines, fault in (
        ("[people]", "has neither 'points' nor 'grid'"),
        ('[people]\npoints = "a.csv"\ngrid = "b.gpkg"', r"\[people\] has both"),
        ('[people]\npoints = "a.csv"', "does not exist"),
    ):
        (study / "study.toml").write_text(f"{text}\n{lines}\n", encoding="utf-8")
        with pytest.raises(InputFaultsError, match=fault):
            read_study(study)


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson"])
def test_streets_of_a_cgcs2000_zone(suffix: str, study: Path) -> None:
    """The triangle of the good study drawn in CGCS2000 / 3-degree Gauss-Kruger CM 99E (EPSG:4543)."""
    from walkshed.frames.streets import read_streets

    net = read_streets(study / "town.osm")
    lines = [
        net.vertex_xy[net.vertex_from[e] : net.vertex_from[e + 1]] for e in range(net.edge_count)
    ]
    drawn = gpd.GeoSeries(
        [shapely.LineString(net.plane.to_lonlat(line)) for line in lines], crs=4326
    )
    gpd.GeoDataFrame({"name": ["x"] * len(lines)}, geometry=drawn).to_crs(4543).to_file(
        study / f"ways.{suffix}"
    )
    before = read_study(study).run().coverage
    change(study, 'file = "town.osm"', f'lines = "ways.{suffix}"')
    after = read_study(study).run().coverage
    assert after["nearest_m"].to_list() == pytest.approx(
        before["nearest_m"].to_list(), abs=0.2, nan_ok=True
    )


def test_extra_lanes_are_walked(study: Path) -> None:
    before = read_study(study).run().results.network
    low, high = before.node_xy.min(axis=0), before.node_xy.max(axis=0)
    ends = before.plane.to_lonlat(np.array([low, high]))
    lane = {"type": "LineString", "coordinates": ends.tolist()}
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": lane}],
    }
    (study / "lanes.geojson").write_text(json.dumps(collection))
    change(
        study, 'file = "town.osm"', 'file = "town.osm"\nextra = "lanes.geojson"\nextra_join_m = 2'
    )
    results = read_study(study).run().results
    assert results.network.edge_m.sum() == pytest.approx(
        before.edge_m.sum() + np.hypot(*(high - low)), rel=1e-3
    )
    assert any("1 lane added" in note for note in results.notes)
    assert "lanes.geojson" in results.inputs.file_digests
