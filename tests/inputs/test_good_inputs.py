"""A sound study is read into the values that the rooms share."""

from __future__ import annotations

import hashlib
import json
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from walkshed.inputs import read_inputs
from walkshed.model.town.places import Form, PeopleSource, Tier

GOOD = Path(__file__).parent / "good"
Edit = Callable[..., Path]


@pytest.fixture
def study(tmp_path: Path) -> Edit:
    """Return a function that copies the good study, writes files over it and returns its folder."""

    def edited(**files: str | bytes) -> Path:
        folder = tmp_path / "我的 study (1)"
        shutil.copytree(GOOD, folder, dirs_exist_ok=True)
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode("utf-8")
            (folder / name.replace("__", ".")).write_bytes(data)
        return folder

    return edited


def good_toml(*changes: tuple[str, str]) -> str:
    text = (GOOD / "study.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def test_the_good_study() -> None:
    inputs = read_inputs(GOOD)
    told = inputs.settings
    assert (told.name, told.language, told.illustrative) == ("Three corners", "en", True)
    assert told.streets.path == GOOD / "town.osm"
    assert (told.streets.form, told.streets.private_rule, told.streets.beyond) == (
        "osm",
        "ends",
        "unknown",
    )
    assert told.limits_m == (300.0, 500.0, 1000.0)
    assert (told.min_share, told.max_snap_m, told.walkers, told.groups) == (
        0.8,
        100.0,
        ("adult",),
        ("older_people",),
    )
    assert told.blocks_from == "file"
    assert [(s.id, s.standard_item, s.complete) for s in inputs.services] == [
        ("meals", "社区食堂", True),
        ("clinic", None, False),
    ]
    assert [(s.id, s.tier, s.parent, s.services) for s in inputs.stations] == [
        ("C1", Tier.CENTER, "H1", ("meals",)),
        ("H1", Tier.HUB, None, ("meals", "clinic")),
        ("M1", Tier.MICRO, "C1", ("clinic", "meals")),
    ]
    hub = inputs.stations[1]
    assert hub.details == {"floor": "2", "hours": "Mo-Fr 09:00-17:00"}
    assert hub.illustrative
    assert hub.geometry == shapely.Point(116.640, 23.660)
    assert inputs.blocks is not None
    old, new = inputs.blocks
    assert (old.id, old.name, old.kind, old.people, old.households) == (
        "B1",
        "Old yard",
        "old",
        120.0,
        50.0,
    )
    assert (old.people_source, old.groups) == (PeopleSource.GIVEN, {"older_people": 40.0})
    assert new.households is None
    assert [gate.block for gate in inputs.gates] == ["B1", "B2"]
    assert [
        (n.kind, n.service, n.standard_item, n.limit, n.clause, n.rule) for n in inputs.needs
    ] == [
        ("*", "*", None, 500.0, "—", "needs.toml, row 1"),
        ("old", "", "社区食堂", 300.0, "4.2", "needs.toml, row 2"),
    ]
    assert inputs.sources == "Drawn by hand for the tests."
    assert inputs.notes == (
        (
            "stations.csv: 1 of 3 stations off the ground floor do not say whether they have an "
            "elevator; taken as yes"
        ),
    )


@pytest.mark.parametrize("column", ["form", "形式", "小区形式"])
def test_a_given_block_is_a_compound_unless_its_table_says_otherwise(
    study: Edit, column: str
) -> None:
    drawn = (GOOD / "blocks.geojson").read_text(encoding="utf-8")
    assert [block.form for block in read_inputs(GOOD).blocks or ()] == [Form.COMPOUND] * 2
    for word, form in (
        ("street_block", Form.STREET_BLOCK),
        ("居住街坊", Form.STREET_BLOCK),
        ("街坊", Form.STREET_BLOCK),
        ("小区", Form.COMPOUND),
        ("", Form.COMPOUND),
    ):
        said = drawn.replace('"people": 300', f'"{column}": "{word}", "people": 300')
        blocks = read_inputs(study(blocks__geojson=said)).blocks or ()
        assert [block.form for block in blocks] == [Form.COMPOUND, form], word


def test_digests_are_those_of_the_files_and_files_stay_as_they_are(study: Edit) -> None:
    folder = study()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    inputs = read_inputs(folder)
    assert inputs.file_digests == {
        name: hashlib.sha256(data).hexdigest() for name, data in sorted(before.items())
    }
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_study_toml_itself_may_be_named(study: Edit) -> None:
    folder = study()
    assert read_inputs(folder / "study.toml").folder == folder


def test_chinese_columns_labels_and_a_byte_order_mark(study: Edit) -> None:
    header = "名称,层级,上级,经度,纬度,服务类别"
    rows = (
        "甲,枢纽,,116.64,23.66,长者助餐；健康养老",
        "乙,微阵地,甲,１１６．６４１,23.66,健康养老、clinic",
    )
    table = "\n".join([header, *rows])
    inputs = read_inputs(study(stations__csv=b"\xef\xbb\xbf" + table.encode()))
    assert [(s.id, s.tier, s.parent, s.services) for s in inputs.stations] == [
        ("乙", Tier.MICRO, "甲", ("clinic",)),
        ("甲", Tier.HUB, None, ("meals", "clinic")),
    ]
    assert inputs.stations[0].geometry.x == 116.641


def test_names_that_are_code_elsewhere_are_only_names(study: Edit) -> None:
    table = (
        'id,name,lon,lat,services\nS1,"<script>alert(1)</script>",116.64,23.66,meals\n'
        "S2,=cmd(),116.64,23.66,meals\n"
    )
    names = [station.name for station in read_inputs(study(stations__csv=table)).stations]
    assert names == ["<script>alert(1)</script>", "=cmd()"]


def test_semicolons_and_tabs_between_cells(study: Edit) -> None:
    for mark in ";\t":
        table = f"name{mark}lon{mark}lat{mark}services\nHall{mark}116.64{mark}23.66{mark}meals\n"
        assert [s.id for s in read_inputs(study(stations__csv=table)).stations] == ["Hall"]


def test_only_a_name_a_place_and_a_service_are_required(study: Edit) -> None:
    table = "name,lon,lat,services\nHall,116.64,23.66,meals\n,116.641,23.66,\n"
    station = read_inputs(study(stations__csv=table)).stations
    assert [(s.id, s.name, s.tier, s.parent, s.services) for s in station] == [
        ("Hall", "Hall", Tier.MICRO, None, ("meals",)),
        ("S2", "S2", Tier.MICRO, None, ()),
    ]


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(range(3)))
def test_the_order_of_stations_does_not_matter(study: Edit, order: list[int]) -> None:
    header, *rows = (GOOD / "stations.csv").read_text(encoding="utf-8").splitlines()
    shuffled = "\n".join([header, *(rows[place] for place in order)]) + "\n"

    def told(folder: Path) -> list[object]:
        return [
            (s.id, s.name, s.tier, s.parent, s.services, s.geometry.wkt)
            for s in read_inputs(folder).stations
        ]

    assert told(study(stations__csv=shuffled)) == told(GOOD)


def test_blocks_keep_the_order_of_their_file(study: Edit) -> None:
    data = json.loads((GOOD / "blocks.geojson").read_text(encoding="utf-8"))
    data["features"].reverse()
    blocks = read_inputs(study(blocks__geojson=json.dumps(data))).blocks
    assert blocks is not None
    assert [block.id for block in blocks] == ["B2", "B1"]


def test_blocks_from_a_csv_are_points_without_people(study: Edit) -> None:
    toml = good_toml(
        ("blocks.geojson", "blocks.csv"),
        ('gates = "gates.csv"\n', ""),
        ('groups = ["older_people"]\n', ""),
    )
    blocks = read_inputs(
        study(study__toml=toml, blocks__csv="小区名称,经度,纬度,类型\n甲,116.64,23.66,老旧小区\n")
    ).blocks
    assert blocks is not None
    assert [(b.id, b.kind, b.people, b.people_source) for b in blocks] == [
        ("甲", "old", None, PeopleSource.NONE)
    ]
    assert blocks[0].geometry == shapely.Point(116.64, 23.66)


def test_blocks_from_the_map_are_not_known_yet(study: Edit) -> None:
    toml = good_toml(
        ('file = "blocks.geojson"', 'from = "streets"'), ('groups = ["older_people"]\n', "")
    )
    inputs = read_inputs(study(study__toml=toml))
    assert (inputs.blocks, inputs.settings.blocks_from) == (None, "streets")
    assert [gate.block for gate in inputs.gates] == ["B1", "New yard"]


def test_blocks_of_one_name_are_told_apart(study: Edit) -> None:
    data = json.loads((GOOD / "blocks.geojson").read_text(encoding="utf-8"))
    for feature in data["features"]:
        del feature["properties"]["id"]
        feature["properties"]["name"] = "祁连四村"
    toml = good_toml(('gates = "gates.csv"\n', ""))
    inputs = read_inputs(study(study__toml=toml, blocks__geojson=json.dumps(data)))
    assert inputs.blocks is not None
    assert [(block.id, block.name) for block in inputs.blocks] == [
        ("祁连四村 (1)", "祁连四村"),
        ("祁连四村 (2)", "祁连四村"),
    ]
    assert any("told apart by a number" in note for note in inputs.notes)


def test_an_invalid_polygon_is_repaired_and_noted(study: Edit) -> None:
    data = json.loads((GOOD / "blocks.geojson").read_text(encoding="utf-8"))
    ring = [
        [116.640, 23.661],
        [116.642, 23.663],
        [116.642, 23.661],
        [116.640, 23.663],
        [116.640, 23.661],
    ]
    # a bow tie: two triangles of 0.002 by 0.001
    data["features"][0]["geometry"]["coordinates"] = [ring]
    inputs = read_inputs(study(blocks__geojson=json.dumps(data)))
    assert inputs.blocks is not None
    repaired = inputs.blocks[0].geometry
    assert repaired.is_valid
    assert repaired.area == pytest.approx(2 * 0.002 * 0.001 / 2)
    assert (
        "blocks.geojson, feature 1: an invalid polygon was repaired (Self-intersection)"
        in inputs.notes
    )


def test_a_geopackage_in_a_zone_of_cgcs2000(study: Edit) -> None:
    place = Transformer.from_crs(4326, 4547, always_xy=True)
    building = shapely.transform(
        shapely.box(116.640, 23.660, 116.6405, 23.6605),
        lambda xy: list(zip(*place.transform(*xy.T), strict=True)),
    )
    frame = gpd.GeoDataFrame(
        {"name": ["会堂", None], "floor": [2, None], "services": ["meals", None]},
        geometry=[building, shapely.Point(place.transform(116.642, 23.660))],
        crs=4547,
    )
    toml = good_toml(('file = "stations.csv"', 'file = "stations.gpkg"\ncrs = "EPSG:4547"'))
    folder = study(study__toml=toml)
    frame.to_file(folder / "stations.gpkg", engine="pyogrio")
    point, hall = read_inputs(folder).stations
    assert (hall.name, hall.details, hall.services) == ("会堂", {"floor": "2"}, ("meals",))
    assert hall.geometry.bounds == pytest.approx((116.640, 23.660, 116.6405, 23.6605), abs=1e-9)
    assert (point.id, point.services) == ("S2", ())
    assert (point.geometry.x, point.geometry.y) == pytest.approx((116.642, 23.660), abs=1e-9)


def test_a_geopackage_may_not_contradict_study_toml(study: Edit) -> None:
    folder = study(
        study__toml=good_toml(
            ('file = "stations.csv"', 'file = "stations.gpkg"\ncrs = "EPSG:4547"')
        )
    )
    frame = gpd.GeoDataFrame({"name": ["会堂"]}, geometry=[shapely.Point(116.64, 23.66)], crs=4326)
    frame.to_file(folder / "stations.gpkg", engine="pyogrio")
    with pytest.raises(ValueError, match="contradicts the file itself, which says EPSG:4326"):
        read_inputs(folder)


def test_a_geopackage_with_two_layers_is_refused(study: Edit) -> None:
    folder = study(study__toml=good_toml(('file = "stations.csv"', 'file = "stations.gpkg"')))
    frame = gpd.GeoDataFrame({"name": ["会堂"]}, geometry=[shapely.Point(116.64, 23.66)], crs=4326)
    for layer in ("one", "two"):
        frame.to_file(folder / "stations.gpkg", layer=layer, engine="pyogrio")
    with pytest.raises(ValueError, match=r"holds 2 layers with geometry \(one, two\)"):
        read_inputs(folder)


def test_lines_of_the_planners_own(study: Edit) -> None:
    folder = study(
        study__toml=good_toml(('file = "town.osm"', 'lines = "ways.gpkg"\nsplit_crossings = true'))
    )
    line = shapely.LineString([(116.64, 23.66), (116.645, 23.66)])
    gpd.GeoDataFrame({"name": ["巷"]}, geometry=[line], crs=4326).to_file(
        folder / "ways.gpkg", engine="pyogrio"
    )
    streets = read_inputs(folder).settings.streets
    assert (streets.form, streets.path.name, streets.split_crossings) == (
        "lines",
        "ways.gpkg",
        True,
    )


def test_unknown_columns_are_a_note(study: Edit) -> None:
    table = "name,lon,lat,services,tiers,remark\nHall,116.64,23.66,meals,hub,fine\n"
    assert read_inputs(study(stations__csv=table)).notes[:2] == (
        "stations.csv: column 'tiers' is not known and not used (did you mean 'tier'?)",
        "stations.csv: column 'remark' is not known and not used",
    )


def test_rows_are_numbered_as_an_editor_shows_them(study: Edit) -> None:
    table = 'name,lon,lat,remark\n\nHall,116.64,23.66,"two\nlines"\n\nRoom,x,23.66,\n'
    with pytest.raises(
        ValueError, match=r"stations\.csv, row 6, column 'lon': 'x' is not a valid number"
    ):
        read_inputs(study(stations__csv=table))


def test_the_preset(study: Edit) -> None:
    inputs = read_inputs(
        study(study__toml=good_toml(('file = "needs.toml"', 'preset = "illustrative-500"')))
    )
    (need,) = inputs.needs
    assert (need.kind, need.service, need.limit, need.unit, need.metric) == (
        "*",
        "*",
        500.0,
        "m",
        "network",
    )
    assert (need.source, need.verified, need.rule) == (
        "placeholder, not an adopted standard",
        False,
        "illustrative-500, row 1",
    )
    assert "needs.toml" not in inputs.file_digests


@pytest.mark.parametrize(
    ("crs", "told"),
    [
        (None, r"stations\.gpkg: has no coordinate system; state it in study\.toml: crs = "),
        (
            "+proj=tmerc +lat_0=23.66 +lon_0=116.64 +ellps=GRS80",
            r"stations\.gpkg: has a coordinate system without code",
        ),
    ],
)
def test_a_geopackage_without_a_known_system_is_refused(
    study: Edit, crs: str | None, told: str
) -> None:
    folder = study(study__toml=good_toml(('file = "stations.csv"', 'file = "stations.gpkg"')))
    frame = gpd.GeoDataFrame({"name": ["会堂"]}, geometry=[shapely.Point(116.64, 23.66)], crs=crs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyogrio warns of the missing crs, which is the point
        frame.to_file(folder / "stations.gpkg", engine="pyogrio")
    with pytest.raises(ValueError, match=told):
        read_inputs(folder)


def test_blocks_that_overlap_are_noted(study: Edit) -> None:
    blocks = json.loads((GOOD / "blocks.geojson").read_text(encoding="utf-8"))
    ring = [
        [116.6400, 23.6600],
        [116.6410, 23.6600],
        [116.6410, 23.6610],
        [116.6400, 23.6610],
        [116.6400, 23.6600],
    ]
    for feature, east in zip(blocks["features"][:2], (0.0, 0.0008)):
        moved = [[x + east, y] for x, y in ring]
        feature["geometry"] = {"type": "Polygon", "coordinates": [moved]}
    inputs = read_inputs(study(blocks__geojson=json.dumps(blocks)))
    assert [note for note in inputs.notes if "overlap" in note] == [
        (
            "blocks.geojson: 1 pair of blocks overlaps; people shared out over blocks count once; "
            "make sure that those you state count once, too"
        )
    ]


def test_ids_that_differ_by_capitals_are_noted(study: Edit) -> None:
    table = (
        "id,name,lon,lat,services\nS1,a,116.640,23.66,meals\nX2,b,116.642,23.66,\n"
        "s1,c,116.644,23.66,\nＳ1,d,116.644,23.66,\n"
    )
    inputs = read_inputs(study(stations__csv=table))
    assert {station.id for station in inputs.stations} == {"S1", "X2", "s1", "Ｓ1"}
    assert [note for note in inputs.notes if "differs" in note] == [
        (
            "stations.csv, row 4: id 's1' differs from 'S1' (row 2) by capitals or width only; they "
            "are taken as two"
        ),
        (
            "stations.csv, row 5: id 'Ｓ1' differs from 'S1' (row 2) by capitals or width only; they "
            "are taken as two"
        ),
    ]
