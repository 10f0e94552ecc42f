"""``walkshed geocode`` for what is no station: compounds by address, a list of compounds, rooms, places of visitors."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from study.test_geocode import TABLE, TOWN
from study.test_ledger import ground
from walkshed import cli
from walkshed.study import read_study
from walkshed.verbs.geocode.geocoding import geocode

GOOD = Path(__file__).parents[1] / "inputs" / "good"
NUMBER_12 = (116.6422, 23.6602)


def rows(file: Path) -> dict[str, dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study whose stations have all their places; each test says which other tables it has."""
    made = tmp_path / "我的 study"
    shutil.copytree(GOOD, made)
    (made / "town.osm").write_text(TOWN, encoding="utf-8")
    header, *lines = TABLE.splitlines()
    placed = [line for line in lines if line.startswith("M1")]
    toml = (made / "study.toml").read_text(encoding="utf-8")
    toml = "".join(line for line in toml.splitlines(keepends=True) if not line.startswith("groups"))
    (made / "study.toml").write_text(
        toml.replace('language = "en"', 'language = "zh"'), encoding="utf-8"
    )
    (made / "stations.csv").write_text(
        "\n".join([header, *(line.replace("C1", "") for line in placed)]), "utf-8"
    )
    return made


def rewrite(folder: Path, *changes: tuple[str, str]) -> None:
    text = (folder / "study.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "study.toml").write_text(text, encoding="utf-8")


def test_compounds_visitors_and_rooms_are_placed_by_address(folder: Path) -> None:
    (folder / "小区.csv").write_text(
        "小区名称,类型,人口,地址,经度,纬度\n甲苑,老旧,300,太平路12号,,\n乙苑,老旧,200,,116.6431,23"
        ".6603\n",
        "utf-8",
    )
    (folder / "游客.csv").write_text(
        "name,people,address,lon,lat\n牌坊街,900,太平路12号,,\n", "utf-8"
    )
    (folder / "房源.csv").write_text(
        "id,地点,地址,面积,lon,lat\nR1,沿街房,太平路12号,120,,\n", "utf-8"
    )
    rewrite(folder, ('file = "blocks.geojson"', 'file = "小区.csv"'), ('gates = "gates.csv"\n', ""))
    with (folder / "study.toml").open("a", encoding="utf-8") as toml:
        toml.write('[visitors]\nfile = "游客.csv"\n[siting]\nnew = 1\ncandidates = "房源.csv"\n')
    before = {path.name: path.read_bytes() for path in folder.glob("*.csv")}

    placed = {placing.kind: placing for placing in geocode(folder)}
    assert {kind: (one.total, len(one.attempts), one.used) for kind, one in placed.items()} == {
        "stations": (1, 0, 0),
        "blocks": (2, 1, 1),
        "visitors": (1, 1, 1),
        "rooms": (1, 1, 1),
    }
    assert all((folder / name).read_bytes() == content for name, content in before.items())
    for name in ("小区", "游客", "房源"):
        assert (folder / f"{name}.review.xlsx").is_file()
        assert "Content-Security-Policy" in (folder / f"{name}.review.html").read_text(
            encoding="utf-8"
        )
    (people,) = [
        row[8]
        for row in openpyxl.load_workbook(folder / "小区.review.xlsx").active.iter_rows(
            3, 3, values_only=True
        )
    ]
    assert people == 300

    inputs = read_study(folder).inputs
    assert inputs.blocks is not None
    assert [block.geometry.coords[0] for block in inputs.blocks] == [
        pytest.approx(NUMBER_12),
        pytest.approx((116.6431, 23.6603)),
    ]
    assert [place.geometry.coords[0] for place in inputs.visitors] == [pytest.approx(NUMBER_12)]
    assert [(room.lon, room.lat) for room in inputs.siting.rooms] == [pytest.approx(NUMBER_12)]


def test_a_table_with_a_fault_of_its_own_does_not_keep_the_stations_from_being_placed(
    folder: Path,
) -> None:
    (folder / "blocks.geojson").write_text("no JSON", encoding="utf-8")
    (only,) = geocode(folder)
    assert only.kind == "stations"


@pytest.fixture
def ledger(folder: Path) -> Path:
    """A list of four compounds: one plain, one with a slip, one that two grounds may be, one by its address only."""
    town = (folder / "town.osm").read_text(encoding="utf-8")
    grounds = (
        ground(11, "南门花园", 116.640)
        + ground(12, "开元小区", 116.642)
        + ground(13, "方营小区", 116.644)
    )
    grounds += ground(14, "方营小区", 116.648)
    (folder / "town.osm").write_text(town.replace("</osm>", f"{grounds}</osm>"), encoding="utf-8")
    (folder / "名录.csv").write_text(
        "小区名称,地址,户数\n南门花园,,120\n开远小区,,50\n方营小区,,80\n新建楼,太平路12号,30\n",
        encoding="utf-8",
    )
    sized = 'file = "名录.csv"\nhousehold_size = 3.0\nhousehold_size_source = "示例"'
    rewrite(folder, ('file = "blocks.geojson"', sized), ('gates = "gates.csv"\n', ""))
    return folder


def review_of(folder: Path) -> tuple[openpyxl.Workbook, list[str], dict[str, int]]:
    book = openpyxl.load_workbook(folder / "名录.review.xlsx")
    page = book.active
    return (
        book,
        [cell.value for cell in page[2]],
        {page.cell(n, 1).value: n for n in range(3, page.max_row + 1)},
    )


def correct(folder: Path, key: str, **said: object) -> None:
    book, header, numbers = review_of(folder)
    for name, value in {"who": "王工", "when": "2026-11-22", **said}.items():
        book.active.cell(numbers[key], 1 + header.index(name)).value = value
    book.save(folder / "名录.review.xlsx")


def west_of(folder: Path) -> dict[str, float]:
    blocks = read_study(folder).inputs.blocks
    assert blocks is not None
    return {block.name: round(block.geometry.bounds[0], 4) for block in blocks}


def test_a_list_of_compounds_has_a_sheet_of_its_doubtful_joins(ledger: Path) -> None:
    told = CliRunner().invoke(cli.app, ["geocode", str(ledger)])
    assert told.exit_code == 0, told.output
    assert (
        "blocks: 3 of 4 rows are found on the map by name, 2 of them to be reviewed; 1 are looked "
        "up" in told.output
    )
    book, header, numbers = review_of(ledger)
    # by residents; the plain one needs no review
    assert list(numbers) == ["方营小区", "开远小区", "新建楼"]
    shown = {
        key: dict(zip(header, [c.value for c in book.active[n]], strict=True))
        for key, n in numbers.items()
    }
    assert (
        shown["开远小区"]["row"],
        shown["开远小区"]["ground"],
        shown["开远小区"]["ground_name"],
    ) == (
        3,
        "w12",
        "开元小区",
    )
    assert shown["开远小区"]["doubts"] == "图上写作开元小区"
    assert shown["方营小区"]["people_in_doubt"] == 240
    assert "有 2 个小区同样相符" in shown["方营小区"]["doubts"]
    assert (shown["新建楼"]["precision"], shown["新建楼"]["used"]) == ("number", "yes")
    assert 'class="ground"' in (ledger / "名录.review.html").read_text(encoding="utf-8")
    assert west_of(ledger) == {
        "南门花园": 116.640,
        "开远小区": 116.642,
        "方营小区": 116.644,
        "新建楼": 116.6422,
    }


def test_a_corrected_join_is_read_back_with_who_and_when(ledger: Path) -> None:
    geocode(ledger)
    correct(ledger, "方营小区", corrected_ground="w14")
    correct(ledger, "开远小区", corrected_ground="无")
    for _ in range(2):  # and kept by the run after
        (_, placing) = geocode(ledger)
        assert placing.reviewed == 2
        said = rows(ledger / "名录.geocoded.csv")
        assert (said["方营小区"]["ground"], said["方营小区"]["who"], said["方营小区"]["when"]) == (
            "w14",
            "王工",
            "2026-11-22",
        )
        assert west_of(ledger) == {"南门花园": 116.640, "方营小区": 116.648, "新建楼": 116.6422}
    notes = read_study(ledger).inputs.notes
    assert (
        "名录.csv: 1 compound with 50 households is not on the map and left out: 开远小区" in notes
    )
    assert not any("to be reviewed: " in note for note in notes)


def test_a_join_may_be_corrected_by_name_or_by_a_point(ledger: Path) -> None:
    geocode(ledger)
    correct(ledger, "开远小区", corrected_ground="开元小区")
    correct(
        ledger, "方营小区", corrected_lon=116.6461, corrected_lat=23.6609, corrected_crs="wgs84"
    )
    geocode(ledger)
    found = west_of(ledger)
    assert (found["开远小区"], found["方营小区"], found["新建楼"]) == (116.642, 116.6461, 116.6422)
    assert [row["who"] for row in rows(ledger / "名录.geocoded.csv").values() if row["who"]] == [
        "王工",
        "王工",
    ]


def test_a_correction_to_a_ground_that_the_map_does_not_have_is_told(ledger: Path) -> None:
    geocode(ledger)
    correct(ledger, "方营小区", corrected_ground="方营小区")  # two bear it
    geocode(ledger)
    geocode(ledger)
    _, header, numbers = review_of(ledger)
    page = openpyxl.load_workbook(ledger / "名录.review.xlsx").active
    doubts = page.cell(numbers["方营小区"], 1 + header.index("doubts")).value
    assert doubts == "核对表填写的是方营小区，图上有 2 个：w13、w14"
    assert "方营小区" not in west_of(ledger)


def test_a_list_whose_compounds_are_all_on_the_map_leaves_nothing_to_look_up(ledger: Path) -> None:
    text = (ledger / "名录.csv").read_text(encoding="utf-8")
    (ledger / "名录.csv").write_text(text.replace("新建楼,太平路12号,30\n", ""), encoding="utf-8")
    (_, placing) = geocode(ledger)
    assert (placing.joined, placing.doubted, len(placing.attempts)) == (3, 2, 0)
    assert west_of(ledger) == {"南门花园": 116.640, "开远小区": 116.642, "方营小区": 116.644}


def test_a_correction_that_is_no_place_is_told_and_one_written_loosely_is_understood(
    ledger: Path,
) -> None:
    geocode(ledger)
    correct(ledger, "方营小区", corrected_lon="２３.66", corrected_lat=116.64)
    told = CliRunner().invoke(cli.app, ["geocode", str(ledger)])
    assert told.exit_code == 1
    assert (
        "row 3, column 'corrected_lat': '116.64' is not a place; write degrees, the longitude "
        "first; "
        "are the two numbers swapped?" in " ".join(told.output.split())
    )
    correct(
        ledger,
        "方营小区",
        corrected_lon="１１６.6461",
        corrected_lat="23.6609",
        corrected_crs="WGS-84",
    )
    geocode(ledger)
    assert west_of(ledger)["方营小区"] == 116.6461
