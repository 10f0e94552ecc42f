"""A list of compounds with households and no geometry becomes the blocks of a study."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from walkshed.errors import InputFaultsError
from walkshed.model.town.places import PeopleSource
from walkshed.study import read_study

GOOD = Path(__file__).parents[1] / "inputs" / "good"


def ground(number: int, name: str, west: float) -> str:
    corners = [(west, 23.6605), (west + 0.001, 23.6605), (west + 0.001, 23.6615), (west, 23.6615)]
    nodes = "".join(
        f'<node id="{number * 10 + i}" lon="{x}" lat="{y}"/>' for i, (x, y) in enumerate(corners)
    )
    refs = "".join(f'<nd ref="{number * 10 + i}"/>' for i in (0, 1, 2, 3, 0))
    tags = f'<tag k="landuse" v="residential"/><tag k="name" v="{name}"/>'
    return f'{nodes}<way id="{number}">{refs}{tags}</way>'


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    shutil.copytree(GOOD, folder)
    town = (folder / "town.osm").read_text(encoding="utf-8")
    grounds = (
        ground(11, "南门花园", 116.640)
        + ground(12, "太昌一村", 116.642)
        + ground(13, "开元小区", 116.644)
    )
    (folder / "town.osm").write_text(town.replace("</osm>", f"{grounds}</osm>"), encoding="utf-8")
    book = openpyxl.Workbook()
    page = book.active
    for row in (
        ["小区名录"],
        ["小区名称", "类型", "户数", "60岁以上人口"],
        ["南门花园", "老旧", "120户", 60],
        ["太昌1村", "商住", 80, ""],
        ["开远小区", "安置", 50, ""],
        ["未建成府", "商住", 30, ""],
    ):
        page.append(row)
    page.merge_cells("A1:D1")
    book.save(folder / "ledger.xlsx")
    toml = (folder / "study.toml").read_text(encoding="utf-8")
    toml = toml.replace(
        'file = "blocks.geojson"',
        'file = "ledger.xlsx"\nhousehold_size = 3.09\nhousehold_size_source = "第七次全国人口普查, 2020"',
    ).replace('gates = "gates.csv"\n', "")
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    return folder


def test_compounds_find_their_grounds_and_people(study: Path) -> None:
    inputs = read_study(study).inputs
    assert inputs.blocks is not None
    assert [(b.name, b.kind, b.people, b.people_source) for b in inputs.blocks] == [
        ("南门花园", "old", pytest.approx(370.8), PeopleSource.ESTIMATED),
        ("太昌1村", "commodity", pytest.approx(247.2), PeopleSource.ESTIMATED),
        ("开远小区", "resettlement", pytest.approx(154.5), PeopleSource.ESTIMATED),
    ]
    assert inputs.blocks[1].geometry.bounds == pytest.approx((116.642, 23.6605, 116.643, 23.6615))
    assert inputs.blocks[0].groups == {"older_people": 60.0}
    told = [note for note in inputs.notes if note.startswith("ledger.xlsx")]
    assert (
        "ledger.xlsx › Sheet: 3 of 4 compounds are found on the map by name, 1 of them to be reviewed"
        in told
    )
    assert "ledger.xlsx › Sheet, row 5: '开远小区' to be reviewed: the map writes 开元小区" in told
    assert (
        "ledger.xlsx › Sheet: 1 compound with 30 households is not on the map and left out: 未建成府"
        in told
    )
    assert "ledger.xlsx › Sheet: people of 3 blocks are estimated: households × 3.09" in told


def test_a_ledger_of_another_town_is_a_fault(study: Path) -> None:
    book = openpyxl.load_workbook(study / "ledger.xlsx")
    for row, name in enumerate(("翠湖天地", "阳光海岸", "金色港湾", "东方明珠"), start=3):
        book.active.cell(row, 1).value = name
    book.save(study / "ledger.xlsx")
    with pytest.raises(InputFaultsError, match="none of its 4 compounds is on the map by its name"):
        read_study(study)


def test_a_household_size_has_a_source(study: Path) -> None:
    toml = (study / "study.toml").read_text(encoding="utf-8")
    toml = "".join(
        line
        for line in toml.splitlines(keepends=True)
        if not line.startswith("household_size_source")
    )
    (study / "study.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(InputFaultsError, match=r"household_size.*has no source"):
        read_study(study)


def test_the_joined_study_runs(study: Path) -> None:
    findings = read_study(study).run()
    assert set(findings.blocks["people_source"]) == {"estimated"}
    assert findings.blocks["people"].sum() == pytest.approx(371 + 247 + 155, abs=1)
