"""From an extract to a study that runs, without a line of editing."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from drawn_osm import EAST, GRID, Drawing, square
from walkshed.cli import app
from walkshed.model.results import caveats
from walkshed.model.town.places import Form
from walkshed.needs.people.dwellings import dwellings
from walkshed.needs.people.outlines import LARGEST_BLOCK_M2
from walkshed.osm import read_extract
from walkshed.streets.build import build_network
from walkshed.study import read_study
from walkshed.verbs.draft.drafting import draft

RUN = CliRunner()


def grid_town() -> Drawing:
    """Streets every 2 grid points from 0 to 6, six named compounds in their faces, two of one name that touch."""
    drawing = Drawing(bounds=(-1, -1, 7, 7))
    number = {}
    for x in range(0, 7, 2):
        for y in range(0, 7, 2):
            number[x, y] = len(number) + 1
            drawing.nodes[number[x, y]] = (x, y)
    for k, at in enumerate(range(0, 7, 2)):
        named = {"highway": "residential", "name": f"第{k}路"}
        drawing.ways[10 + k] = ([number[at, y] for y in range(0, 7, 2)], named)
        drawing.ways[20 + k] = ([number[x, at] for x in range(0, 7, 2)], {"highway": "footway"})
    names = ["祁连一村", "祁连二村", "祁连三村", "锦秋花园", "当代高邸", "祁连四村"]
    for k, name in enumerate(names):
        x, y = 2 * (k % 3) + 0.5, 2 * (k // 3) + 0.5
        drawing.nodes.update(square(x, y, 1, 100 + 10 * k))
        ring = [100 + 10 * k + i for i in (0, 1, 2, 3, 0)]
        drawing.ways[100 + k] = (ring, {"landuse": "residential", "name": name})
    # beside the last compound, and touching it
    drawing.nodes.update({161: (6.5, 2.5), 162: (6.5, 3.5)})
    drawing.ways[106] = ([151, 161, 162, 152, 151], {"landuse": "residential", "name": "祁连四村"})
    drawing.nodes.update(square(0.1, 0.1, 3.8, 300))
    community = {
        "boundary": "administrative",
        "admin_level": "10",
        "name": "祁连社区",
        "type": "boundary",
    }
    drawing.ways[300] = ([300, 301, 302, 303, 300], {"boundary": "administrative"})
    drawing.relations[1] = ([("w", 300, "outer")], community)
    drawing.nodes[400], drawing.nodes[401] = (1, 1.2), (0.52, 1)
    drawing.node_tags[400] = {"name": "祁连社区党群服务中心", "amenity": "community_centre"}
    drawing.node_tags[401] = {"barrier": "gate"}
    return drawing


def extract(tmp_path: Path, drawing: Drawing) -> Path:
    path = tmp_path / "大场 town.osm"
    path.write_bytes(drawing.xml())
    return path


def test_a_draft_runs_as_it_is_and_paints_nothing_red(tmp_path: Path) -> None:
    study = tmp_path / "我的 study"
    made = RUN.invoke(
        app, ["init", str(extract(tmp_path, grid_town())), str(study), "--language", "zh"]
    )
    assert made.exit_code == 0, made.output
    assert {path.name for path in study.iterdir()} == {
        *(
            "study.toml",
            "stations.csv",
            "blocks.geojson",
            "gates.csv",
            "SOURCES.md",
            "大场 town.osm",
        ),
    }
    findings = read_study(study).run()
    blocks = findings.blocks
    assert len(blocks) == 6  # the two parts of 祁连四村 are one
    assert set(blocks["name"]) == {
        "祁连一村",
        "祁连二村",
        "祁连三村",
        "锦秋花园",
        "当代高邸",
        "祁连四村",
    }
    assert dict(zip(blocks["name"], blocks["community"]))["祁连一村"] == "祁连社区"
    assert dict(zip(blocks["name"], blocks["community"]))["祁连三村"] == ""
    assert set(findings.coverage["verdict"]) == {"served", "not_surveyed"}
    settings = findings.results.inputs.settings
    assert settings.language == "zh"
    assert settings.illustrative
    assert settings.stations_source == "osm"
    assert "站点来自 OSM，未经核实，不代表实际配置" in "\n".join(findings.summary_lines())
    assert {"community", "subdistrict", "study"} >= set(findings.areas["level"])
    assert [station.name for station in findings.results.stations] == ["祁连社区党群服务中心"]
    assert all(station.illustrative for station in findings.results.stations)


def test_every_line_of_study_toml_has_a_comment(tmp_path: Path) -> None:
    draft(extract(tmp_path, grid_town()), tmp_path / "study")
    lines = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8").splitlines()
    bare = [
        line
        for line in lines
        if line.strip() and "#" not in line and not line.startswith(("[", "  ", "]"))
    ]
    assert bare == []


def test_the_same_extract_gives_the_same_bytes(tmp_path: Path) -> None:
    source = extract(tmp_path, grid_town())
    draft(source, tmp_path / "one")
    draft(source, tmp_path / "two")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_around_and_clip_cut_and_mark_the_edge(tmp_path: Path) -> None:
    source = extract(tmp_path, grid_town())
    where = f"{EAST + GRID},{GRID},0.25"
    assert (
        RUN.invoke(app, ["init", str(source), str(tmp_path / "cut"), "--around", where]).exit_code
        == 0
    )
    results = read_study(tmp_path / "cut").run().results
    assert results.extract is not None
    assert results.extract.bounds[2] < EAST + 3.3 * GRID
    assert len(results.blocks) < 6
    text = (tmp_path / "cut" / "study.toml").read_text(encoding="utf-8")
    (tmp_path / "cut" / "study.toml").write_text(
        text.replace("complete = false", "complete = true"), encoding="utf-8"
    )
    surveyed = read_study(tmp_path / "cut").run().coverage
    red = surveyed[surveyed["verdict"].isin(["too_far", "no_provider", "cut_off"])]
    assert len(red)
    assert set(red["doubt"]) == {"edge"}
    ring = [
        [EAST - GRID, -GRID],
        [EAST + 2 * GRID, -GRID],
        [EAST + 2 * GRID, 2 * GRID],
        [EAST - GRID, 2 * GRID],
    ]
    polygon = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    (tmp_path / "clip.geojson").write_text(
        json.dumps({"type": "Feature", "properties": {}, "geometry": polygon})
    )
    clipped = draft(source, tmp_path / "clipped", clip=tmp_path / "clip.geojson", name="城")
    assert [block.name for block in clipped.blocks] == ["祁连一村"]
    assert clipped.name == "城"


def test_a_thin_map_says_what_is_missing(tmp_path: Path) -> None:
    drawing = grid_town()
    drawing.ways = {
        key: way for key, way in drawing.ways.items() if 10 <= key < 20 or key == 20 or key == 23
    }
    drawing.ways = {
        key: (refs, {"highway": "residential", "name": "路"})
        for key, (refs, _) in drawing.ways.items()
    }
    drawing.relations, drawing.node_tags = {}, {}
    made = draft(extract(tmp_path, drawing), tmp_path / "study", language="zh")
    said = "".join(made.remarks)
    for missing in (
        "缺少住宅区",
        "缺少人行道",
        "缺少站点",
        "缺少人口",
        "个小区未注明所属社区",
        "结论仅供参考",
    ):
        assert missing in said
    assert made.origin == "streets"
    coverage = read_study(tmp_path / "study").run().coverage
    assert set(coverage["verdict"]) == {"not_surveyed"}
    alone = Drawing(
        nodes={1: (0, 0), 2: (5, 0)}, ways={1: ([1, 2], {"highway": "residential", "name": "路"})}
    )
    assert draft(extract(tmp_path, alone), tmp_path / "alone").origin == "around"
    assert len(read_study(tmp_path / "alone").run().blocks) >= 1


def said_by_a_run(study: Path) -> str:
    results = read_study(study).run().results
    assert caveats(results)[1:] == list(results.remarks)
    return "".join(results.remarks)


def test_what_a_run_says_of_a_draft_follows_its_tables(tmp_path: Path) -> None:
    """As drafted, with services declared complete, with another list of stations, with none, with people."""
    study = tmp_path / "study"
    made = draft(extract(tmp_path, grid_town()), study, language="zh")
    drafted = (study / "study.toml").read_text(encoding="utf-8")
    assert said_by_a_run(study) == "".join(made.remarks)
    assert "站点表有 1 个站点，均由地图标签推定" in said_by_a_run(study)
    assert "不标红" in said_by_a_run(study)

    toml, table = study / "study.toml", study / "stations.csv"
    toml.write_text(drafted.replace("complete = false", "complete = true", 1), encoding="utf-8")
    assert "党群与社区服务已声明列全，未覆盖的小区标红，其余服务" in said_by_a_run(study)
    toml.write_text(drafted.replace("complete = false", "complete = true"), encoding="utf-8")
    coverage = read_study(study).run().coverage
    assert "too_far" in set(coverage["verdict"])
    assert "不标红" not in said_by_a_run(study)

    rows = table.read_text(encoding="utf-8-sig").splitlines()
    own = [rows[1].replace("n400", f"S{k}").replace("祁连社区", f"{k}社区") for k in range(83)]
    table.write_text("\n".join([rows[0], *own]), encoding="utf-8")
    assert "站点表有 83 个站点；" in said_by_a_run(study)
    table.write_text("\n".join([*rows, *own]), encoding="utf-8")
    assert "站点表有 84 个站点，其中 1 个由地图标签推定；" in said_by_a_run(study)

    assert "缺少人口" in said_by_a_run(study)
    blocks = (study / "blocks.geojson").read_text(encoding="utf-8")
    (study / "blocks.geojson").write_text(blocks.replace('"people":null', '"people":50', 5))
    assert "1 个小区没有人口" in said_by_a_run(study)
    toml.write_text(drafted.replace('source = "osm"', 'source = "given"'), encoding="utf-8")
    assert read_study(study).run().results.remarks == ()


def test_blocks_are_written_with_their_form(tmp_path: Path) -> None:
    draft(extract(tmp_path, grid_town()), tmp_path / "study")
    blocks = read_study(tmp_path / "study").inputs.blocks or ()
    assert {block.form for block in blocks} == {Form.COMPOUND}
    thin = grid_town()
    thin.ways = {key: way for key, way in thin.ways.items() if key < 100}
    draft(extract(tmp_path, thin), tmp_path / "thin")
    blocks = read_study(tmp_path / "thin").inputs.blocks or ()
    assert {block.form for block in blocks} == {Form.STREET_BLOCK}


def test_people_come_from_a_file(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    inside, outside = f"{EAST + GRID},{GRID},30", f"{EAST + 6.9 * GRID},{6.9 * GRID},4"
    people.write_text(f"lon,lat,population\n{inside}\n{outside}\n")
    made = draft(extract(tmp_path, grid_town()), tmp_path / "study", people=people, language="zh")
    assert [block.people for block in made.blocks if block.people] == [30]
    assert any("4 人不在任何小区内" in remark for remark in made.remarks)
    thin = grid_town()
    thin.ways = {key: way for key, way in thin.ways.items() if key < 100}
    points = draft(extract(tmp_path, thin), tmp_path / "points", people=people)
    assert points.origin == "people"
    results = read_study(tmp_path / "points").run().results
    assert [block.people for block in results.blocks] == [30, 4]
    assert "祁连社区党群服务中心" in (tmp_path / "points" / "stations.csv").read_text(
        encoding="utf-8-sig"
    )


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["{town}", "{full}"], "is not empty"),
        (["{town}", "{file}"], "is a file, not a folder"),
        (["{nothing}", "{new}"], "no such file"),
        (["{full}", "{new}"], "is a folder, not an OpenStreetMap file"),
        (["{file}", "{new}"], "is not OpenStreetMap data"),
        (["{town}", "{new}", "--around", "0,0,1"], "holds nothing within"),
        (["{town}", "{new}", "--around", "31.3,121.4,1"], "is not a place on Earth"),
        (["{town}", "{new}", "--clip", "{nothing}"], "no such file"),
        (["{town}", "{new}", "--people", "{nothing}"], "does not exist"),
        (["{town}", "{new}", "--around", "100,0,1", "--clip", "{file}"], "give one"),
    ],
)
def test_what_init_refuses_leaves_nothing_behind(
    options: list[str], expected: str, tmp_path: Path
) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.docx").write_text("years")
    (tmp_path / "file").write_text("not OpenStreetMap")
    words = {
        "town": extract(tmp_path, grid_town()),
        "full": full,
        "file": tmp_path / "file",
        "nothing": tmp_path / "nothing",
        "new": tmp_path / "new",
    }
    told = RUN.invoke(app, ["init", *(option.format(**words) for option in options)])
    assert told.exit_code == 1, told.output
    assert expected in told.output
    assert not (tmp_path / "new").exists()
    assert [path.name for path in full.iterdir()] == ["thesis.docx"]


def test_wrong_usage_of_init() -> None:
    for words in (
        ["only one"],
        ["a", "b", "c"],
        ["a", "b", "--around", "here"],
        ["a", "b", "--language", "fr"],
    ):
        assert RUN.invoke(app, ["init", *words]).exit_code == 2


@pytest.mark.data
@pytest.mark.parametrize(
    "name",
    ["shanghai_baoshan_dachang", "shenzhen_nanshan", "chengdu_xindu_dafeng", "jiangxi_guixi"],
)
def test_real_towns(name: str, test_data: Path, tmp_path: Path) -> None:
    begun = time.process_time()
    made = draft(test_data / "osm" / f"{name}.osm.pbf", tmp_path / "study")
    findings = read_study(tmp_path / "study").run()
    findings.write(tmp_path / "out")
    assert time.process_time() - begun < 40
    off = sum(kind == "none" for kind in findings.results.demand.exit_kind)
    assert off < 0.05 * len(made.blocks)
    assert made.language == "zh"
    assert len({block.name for block in made.blocks}) == len(made.blocks)
    if name == "shanghai_baoshan_dachang":
        names = [block.name for block in made.blocks]
        assert names.count("祁连四村") == 1
        assert {block.community for block in made.blocks} >= {
            "祁连四村社区",
            "祁连二村一社区",
            "锦秋第一社区",
        }
    if name == "jiangxi_guixi":
        assert sum("缺少" in remark for remark in made.remarks) >= 3


@pytest.mark.data
@pytest.mark.parametrize("name", ["monaco_2016_osrm", "shenzhen_nanshan", "chengdu_xindu_dafeng"])
def test_blocks_of_a_real_town_hold_its_homes(name: str, test_data: Path, tmp_path: Path) -> None:
    """Before, 65 %, 50 % and 89 % of them, in blocks of up to 219 ha."""
    made = draft(test_data / "osm" / f"{name}.osm.pbf", tmp_path / "study")
    read = read_extract(test_data / "osm" / f"{name}.osm.pbf")
    plane = build_network(read).plane
    homes = dwellings(read, plane)
    outlines = plane.geometry_to_xy(np.array([block.geometry for block in made.blocks], object))
    held = shapely.STRtree(outlines).query(shapely.points(homes.xy), predicate="intersects")[0]
    assert len(np.unique(held)) > 0.999 * len(homes.floor_m2)
    assert max(shapely.area(outlines)) < 1.01 * LARGEST_BLOCK_M2
    assert shapely.is_valid(outlines).all()
