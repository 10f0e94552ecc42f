"""A planner's own tables joined to an extract: two commands, and the map of the same facts typed cleanly."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.test_init import extract, grid_town
from drawn_osm import EAST, GRID
from walkshed.cli import app
from walkshed.geocode.datums import wgs84_to_gcj02
from walkshed.verbs.draft.first_look import shortened

MOST_MESSAGES = 12
HEADER = (
    "编号",
    "名称",
    "层级",
    "地址",
    "经度",
    "纬度",
    "服务项目",
    "楼层",
    "电梯",
    "服务范围",
    "社区",
    "联系电话",
)


def walkshed(*words: object) -> Result:
    return CliRunner(env={"WALKSHED_LANG": "en"}).invoke(app, [str(word) for word in words])


def lonlat(x: float, y: float) -> tuple[float, float]:
    return round(EAST + x * GRID, 7), round(y * GRID, 7)


def shifted(x: float, y: float) -> tuple[float, float]:
    """Return a place of the drawn town as Amap has it."""
    lon, lat = wgs84_to_gcj02(np.array([lonlat(x, y)]))[0].round(6).tolist()
    return lon, lat


def workbook(path: Path) -> Path:
    """Write stations and compounds as an office fills them in."""
    book = openpyxl.Workbook()
    stations, compounds = book.active, book.create_sheet("小区名录")
    stations.title = "站点"
    for row in (
        ("某镇党群服务阵地一览表",),
        ("填报单位：某镇党建办", None, "填报人：张××  联系电话：021-1"),
        HEADER,
        (
            1,
            "祁连片区中心",
            "枢纽",
            None,
            *shifted(1, 1.2),
            "政务代办/助餐",
            "一至三楼",
            "有",
            "全镇",
            None,
            "1",
        ),
        (
            2,
            "一村服务站",
            "微阵地",
            None,
            *shifted(2, 0.2),
            "政务代办\n图书",
            "2楼（有电梯）",
            None,
            "所有人",
            None,
            "/",
        ),
        (
            3,
            "三村服务站",
            "微阵地",
            None,
            *shifted(6, 1),
            "助餐、政务代办",
            "架空层",
            "-",
            "所有人",
            "—",
            None,
        ),
        (
            4,
            "锦秋花园服务站",
            "微阵地",
            "锦秋花园",
            None,
            None,
            "助餐",
            "会所二楼",
            "无",
            "所有人",
            None,
            None,
        ),
        (5, "流动服务车", "微阵地", None, None, None, "政务代办", None, None, "所有人", None, None),
        ("合计", "5个"),
        ("注：坐标来自高德地图。",),
    ):
        stations.append(row)
    for row in (
        ("某镇小区名录",),
        ("序号", "小区名称", "类型", "户数", "常住人口", "60岁以上", "竣工时间", "物业公司"),
        (1, "祁连一村", "老旧小区", "120户", "1,300", "300", "1990年", "/"),
        (2, "祁连三村", "动迁安置房", "110", "280", "/", "2008.10", "某物业"),
        (3, "锦秋花园", "商品房", "90", None, "—", "93年", "无"),
        ("合计", None, None, "=SUM(D3:D5)"),
    ):
        compounds.append(row)
    book.create_sheet("说明").append(("每行一个站点",))
    book.save(path)
    return path


CLEAN_TOML = """
[study]
name = "clean"
language = "zh"
[streets]
file = "大场 town.osm"
[stations]
file = "s.csv"
crs = "gcj02"
unplaced = "leave_out"
[blocks]
file = "b.csv"
groups = ["older_people"]
[[services]]
id = "政务代办"
complete = false
[[services]]
id = "助餐"
complete = false
[[services]]
id = "图书"
complete = false
[needs]
preset = "illustrative-500"
"""


def written(path: Path, rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def clean_study(folder: Path, town: Path) -> Path:
    """Write the facts of ``workbook`` as a study is typed by hand."""
    folder.mkdir()
    (folder / town.name).write_bytes(town.read_bytes())
    (folder / "study.toml").write_text(CLEAN_TOML, encoding="utf-8")
    columns = (
        "id",
        "name",
        "tier",
        "address",
        "lon",
        "lat",
        "services",
        "floor",
        "elevator",
        "scope",
    )
    rows = [
        columns,
        (1, "祁连片区中心", "hub", "", *shifted(1, 1.2), "政务代办;助餐", 1, "yes", "subdistrict"),
        (2, "一村服务站", "micro", "", *shifted(2, 0.2), "政务代办;图书", 2, "yes", "all"),
        (3, "三村服务站", "micro", "", *shifted(6, 1), "助餐;政务代办", 1, "", "all"),
        (4, "锦秋花园服务站", "micro", "锦秋花园", "", "", "助餐", 2, "no", "all"),
        (5, "流动服务车", "micro", "", "", "", "政务代办", "", "", "all"),
    ]
    written(folder / "s.csv", rows)
    blocks = [
        ("name", "kind", "households", "people", "older_people"),
        ("祁连一村", "old", 120, 1300, 300),
        ("祁连三村", "resettlement", 110, 280, ""),
        ("锦秋花园", "commodity", 90, "", ""),
    ]
    written(folder / "b.csv", blocks)
    return folder


def verdicts(folder: Path) -> list[tuple[str, ...]]:
    """Return what a run says of each block and service, less what they are called by."""
    columns = ("block_name", "kind", "service", "people", "people_served", "nearest_m", "verdict")
    with (folder / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        return sorted(tuple(row[name] for name in columns) for row in csv.DictReader(file))


def two_commands(tmp_path: Path, *init: object) -> tuple[Path, Path]:
    """Draft and run; no command fails, and few lines are said on stderr."""
    study, out = tmp_path / "study", tmp_path / "out"
    first = walkshed("init", init[0], study, *init[1:])
    assert first.exit_code == 0, first.output
    second = walkshed("run", study, "--out", out, "--no-open")
    assert second.exit_code == 0, second.output
    assert len((first.stderr + second.stderr).splitlines()) <= MOST_MESSAGES
    notes = [line for line in first.stdout.splitlines() if line.startswith("· ")]
    assert len(notes) <= MOST_MESSAGES
    return study, out


def test_a_workbook_of_both_sheets_gives_the_map_of_the_same_facts(tmp_path: Path) -> None:
    town, book = extract(tmp_path, grid_town()), workbook(tmp_path / "填报 表.xlsx")
    study, out = two_commands(tmp_path, town, "--stations", book, "--blocks", book)
    clean = clean_study(tmp_path / "clean", town)
    assert walkshed("geocode", clean).exit_code == 0
    done = walkshed("run", clean, "--out", tmp_path / "clean-out", "--no-open")
    assert done.exit_code == 0, done.output
    assert verdicts(out) == verdicts(tmp_path / "clean-out")
    assert {row[-1] for row in verdicts(out)} == {"served", "not_surveyed"}
    assert book.read_bytes() == (study / book.name).read_bytes()


def test_what_the_workbook_says_stands_in_study_toml(tmp_path: Path) -> None:
    town, book = extract(tmp_path, grid_town()), workbook(tmp_path / "填报 表.xlsx")
    study, _ = two_commands(tmp_path, town, "--stations", book, "--blocks", book)
    text = (study / "study.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    assert said["study"]["name"] == "某镇党群服务阵地一览表"
    assert said["study"]["illustrative"] is False
    assert said["stations"] == {
        "file": "填报 表.xlsx",
        "sheet": "站点",
        "crs": "gcj02",
        "unplaced": "leave_out",
    }
    assert said["blocks"] == {
        "file": "填报 表.xlsx",
        "sheet": "小区名录",
        "groups": ["older_people"],
    }
    assert [(service["id"], service["complete"]) for service in said["services"]] == [
        ("政务代办", False),
        ("助餐", False),
        ("图书", False),
    ]
    assert "坐标来自高德地图" in text
    assert "有 1 个小区只有户数没有人口" in text
    bare = [line for line in text.splitlines() if re.match(r"[\w\[]", line) and "#" not in line]
    assert all(line.startswith("[") for line in bare)


def test_stations_of_ones_own_beside_blocks_of_the_map(tmp_path: Path) -> None:
    town, book = extract(tmp_path, grid_town()), workbook(tmp_path / "s.xlsx")
    study, out = two_commands(tmp_path, town, "--stations", book)
    said = tomllib.loads((study / "study.toml").read_text(encoding="utf-8"))
    assert said["blocks"]["file"] == "blocks.geojson"
    assert said["stations"]["file"] == "s.xlsx"
    assert len({row[0] for row in verdicts(out)}) == 6


def test_an_export_of_places_gets_services_from_its_names_and_says_so(tmp_path: Path) -> None:
    town, table = extract(tmp_path, grid_town()), tmp_path / "高德POI.csv"
    place = "{:.6f},{:.6f}".format(*shifted(1, 1.2))
    rows = [
        ("id", "parent", "name", "type", "typecode", "location", "adname"),
        ("B1", "[]", "祁连居委会", "政府机构", "130105", place, "某区"),
        ("B2", "B0", "祁连公园", "风景名胜", "110101", place, "某区"),
    ]
    written(table, rows)
    study, out = two_commands(tmp_path, town, "--stations", table)
    said = tomllib.loads((study / "study.toml").read_text(encoding="utf-8"))
    assert said["study"]["illustrative"] is True
    assert said["offers"]["file"] == "offers.csv"
    assert said["stations"]["crs"] == "gcj02"
    assert (study / "offers.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("B1,")
    assert "served" in {row[-1] for row in verdicts(out)}
    assert said["study"]["language"] == "zh"
    told = walkshed("--lang", "en", "init", town, tmp_path / "again", "--stations", table)
    assert "1 of 2 stations names no service and serves nobody: 祁连公园" in told.stdout


def test_faults_of_a_table_are_told_and_the_study_stays_to_be_mended(tmp_path: Path) -> None:
    town, table = extract(tmp_path, grid_town()), tmp_path / "s.csv"
    lon, lat = lonlat(1, 1.2)
    rows = [("名称", "层级", "经度", "纬度", "服务项目"), ("甲", "大站", lon, lat, "助餐")]
    written(table, [*rows, ("乙", "大站", 391, lat, "助餐")])
    told = walkshed("init", town, tmp_path / "study", "--stations", table)
    assert told.exit_code == 1
    assert told.stderr.splitlines() == [
        (
            "s.csv, column '层级': '大站' in 2 rows (2, 3) is not a valid tier; "
            "write one of hub, center, micro, compound"
        ),
        (
            f"s.csv, row 3, column '经度': '391, {lat:.10g}' lie outside ±180° and ±90°; "
            "correct the coordinates (degrees, longitude first)"
        ),
        "3 faults",
    ]
    assert (tmp_path / "study" / "study.toml").exists()


def test_a_sheet_of_services_lists_them(tmp_path: Path) -> None:
    town, book = extract(tmp_path, grid_town()), workbook(tmp_path / "t.xlsx")
    sheets = openpyxl.load_workbook(book)
    services = sheets.create_sheet("服务类别")
    for row in (("服务名称", "清单是否完整"), ("政务代办", "是"), ("助餐", "否"), ("图书", "")):
        services.append(row)
    sheets.save(book)
    study, out = two_commands(tmp_path, town, "--stations", book, "--blocks", book)
    said = tomllib.loads((study / "study.toml").read_text(encoding="utf-8"))
    assert said["services"] == {"file": "t.xlsx", "sheet": "服务类别"}
    # what is declared complete fails where nobody is near, or is to be checked
    judged = {row[-1] for row in verdicts(out) if row[2] == "政务代办"}
    assert "not_surveyed" not in judged


def test_one_sheet_is_not_both(tmp_path: Path) -> None:
    town, table = extract(tmp_path, grid_town()), tmp_path / "s.csv"
    written(table, [("名称", "服务项目"), ("甲", "助餐")])
    told = walkshed("init", town, tmp_path / "study", "--stations", table, "--blocks", table)
    assert told.exit_code == 1
    assert "s.csv: is given as stations and as compounds" in told.stderr


@pytest.mark.parametrize("option", ["--stations", "--blocks"])
def test_a_table_that_is_not_there(tmp_path: Path, option: str) -> None:
    town = extract(tmp_path, grid_town())
    told = walkshed("init", town, tmp_path / "study", option, tmp_path / "none.xlsx")
    assert told.exit_code == 1
    assert "none.xlsx: there is no such file; give the file with your table of" in told.stderr
    assert not (tmp_path / "study").exists()


def test_check_fix_writes_the_services_that_the_table_names(tmp_path: Path) -> None:
    town = extract(tmp_path, grid_town())
    study = clean_study(tmp_path / "study", town)
    toml = study / "study.toml"
    text = (
        CLEAN_TOML.split("[[services]]", maxsplit=1)[0] + CLEAN_TOML[CLEAN_TOML.index("[needs]") :]
    )
    toml.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    told = walkshed("check", study, "--fix", "--json")
    assert told.stderr.splitlines() == [
        (
            "study.toml: 3 services are written, none of them surveyed (complete = false): "
            "政务代办、助餐、图书"
        )
    ]
    after = toml.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").rstrip().encode())
    assert after.count(b"\n") == after.count(b"\r\n")
    services = tomllib.loads(after.decode("utf-8-sig"))["services"]
    assert [service["id"] for service in services] == ["政务代办", "助餐", "图书"]
    assert not any("service" in fault["fact"] for fault in json.loads(told.stdout)["faults"])
    again = walkshed("check", study, "--fix", "--json")
    assert "study.toml knows every service" in again.stderr
    assert toml.read_bytes() == after


def test_a_slip_of_the_pen_is_no_service(tmp_path: Path) -> None:
    town = extract(tmp_path, grid_town())
    study = clean_study(tmp_path / "study", town)
    table = (study / "s.csv").read_text(encoding="utf-8").replace("政务代办;图书", "政务代班;图书")
    (study / "s.csv").write_text(table, encoding="utf-8")
    before = (study / "study.toml").read_bytes()
    told = walkshed("check", study, "--fix")
    assert "'政务代班' is not written: it looks like '政务代办'" in told.stderr
    assert "did you mean '政务代办'?" in told.stderr
    assert (study / "study.toml").read_bytes() == before


def test_services_of_a_table_are_not_written_elsewhere(tmp_path: Path) -> None:
    town = extract(tmp_path, grid_town())
    study = clean_study(tmp_path / "study", town)
    text = (
        CLEAN_TOML.split("[[services]]", maxsplit=1)[0] + CLEAN_TOML[CLEAN_TOML.index("[needs]") :]
    )
    (study / "study.toml").write_text(text + '[services]\nfile = "v.csv"\n', encoding="utf-8")
    (study / "v.csv").write_text("服务名称\n助餐\n", encoding="utf-8")
    told = walkshed("check", study, "--fix")
    assert told.exit_code == 1
    assert told.stderr == "walkshed: services stand in v.csv; add a row for each there\n"


# --- files of real offices, beside the extracts of WALKSHED_TEST_DATA -----------------------------------------------


FLOORS = {"一": 1, "首": 1, "底": 1, "架": 1, "1": 1, "二": 2, "会": 2, "2": 2, "3": 3, "地": -1}
WORDS = {
    "tier": {"中心": "center", "枢纽": "hub", "微阵地": "micro", "小区站": "compound"},
    "scope": {"全镇": "subdistrict", "本社区": "community", "所有人": "all", "本小区": "compound"},
    "kind": {"老旧小区": "old", "商品房": "commodity", "动迁安置房": "resettlement"},
    "elevator": {"有": "yes", "无": "no"},
}


def digits(cell: object) -> str:
    return re.sub(r"[^\d.]", "", str(cell or ""))


def toml_of(
    town: Path, services: Iterable[str], *, groups: str = '"older_people", "children"'
) -> str:
    text = CLEAN_TOML.replace("大场 town.osm", town.name).split("[[services]]")[0]
    text = text.replace('"older_people"', groups)
    text += "".join(f'[[services]]\nid = "{word}"\ncomplete = false\n' for word in services)
    return text + '[needs]\npreset = "illustrative-500"\n'


def clean_folder(
    folder: Path,
    town: Path,
    stations: Sequence[Sequence[object]],
    blocks: Sequence[Sequence[object]],
) -> Path:
    """Write a study of rows that somebody typed cleanly; services stand in the seventh column of stations."""
    folder.mkdir()
    (folder / town.name).write_bytes(town.read_bytes())
    at = stations[0].index("services")
    services = dict.fromkeys(word for row in stations[1:] for word in str(row[at]).split(";"))
    text = toml_of(town, services)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    written(folder / "s.csv", stations)
    written(folder / "b.csv", blocks)
    return folder


def parted(cell: str) -> str:
    return ";".join(word for word in re.split(r"[、；/\n]", cell) if word)


def template_typed_cleanly(book: Path, folder: Path, town: Path) -> Path:
    """Write the filled template as somebody types its facts by hand: ids, numbers, one service beside the other."""
    sheets = openpyxl.load_workbook(book)
    columns = ("id", "name", "tier", "address", "lon", "lat", "services", "floor", "elevator")
    stations: list[Sequence[object]] = [(*columns, "scope", "subdistrict", "community")]
    for row in sheets["站点"].iter_rows(4, 33, values_only=True):
        floor = FLOORS[str(row[8])[0]] if row[8] else ""
        stations.append(
            (
                *(row[0], row[1], WORDS["tier"][row[2]], row[4], row[5], row[6], parted(row[7])),
                *(floor, WORDS["elevator"].get(row[9], ""), WORDS["scope"][row[14]]),
                *(row[15], row[16]),
            )
        )
    names = ("id", "name", "kind", "households", "people", "older_people", "children")
    blocks: list[Sequence[object]] = [(*names, "address", "subdistrict", "community")]
    for row in sheets["小区名录"].iter_rows(3, 35, values_only=True):
        kind = WORDS["kind"].get(row[2], "")
        blocks.append((row[0], row[1], kind, *map(digits, row[3:7]), row[9], row[10], row[11]))
    return clean_folder(folder, town, stations, blocks)


def lists_typed_cleanly(table: Path, book: Path, folder: Path, town: Path) -> Path:
    """Write a list of stations and one of compounds as somebody types their facts by hand."""
    with table.open(encoding="gb18030", newline="") as file:
        rows = list(csv.reader(file))[2:34]
    stations: list[Sequence[object]] = [
        ("name", "address", "lon", "lat", "services", "floor", "elevator")
    ]
    for row in rows:
        lon, _, lat = row[3].partition(",")
        elevator = "yes" if "有电梯" in row[5] else ""
        stations.append((row[1], row[2], lon, lat, parted(row[4]), FLOORS[row[5][0]], elevator))

    names = ("name", "community", "households", "people", "older_people", "children")
    blocks: list[Sequence[object]] = [names]
    community = ""
    for row in openpyxl.load_workbook(book)["Sheet1"].iter_rows(4, 48, values_only=True):
        community = row[1] or community
        blocks.append((row[2], community, *map(digits, row[3:7])))
    return clean_folder(folder, town, stations, blocks)


def test_the_filled_template_of_a_town(tmp_path: Path, test_data: Path, office: Path) -> None:
    town = test_data / "osm" / "shanghai_baoshan_dachang.osm.pbf"
    book = office / "A_dachang_filled_template.xlsx"
    _, out = two_commands(tmp_path, town, "--stations", book, "--blocks", book)
    clean = template_typed_cleanly(book, tmp_path / "clean", town)
    assert walkshed("geocode", clean).exit_code == 0
    done = walkshed("run", clean, "--out", tmp_path / "clean-out", "--no-open")
    assert done.exit_code == 0, done.output
    assert verdicts(out) == verdicts(tmp_path / "clean-out")
    assert len(verdicts(out)) >= 30 * 13


def test_a_list_in_gb18030_and_a_list_of_merged_cells(
    tmp_path: Path, test_data: Path, office: Path
) -> None:
    town = test_data / "osm" / "chengdu_xindu_dafeng.osm.pbf"
    stations = office / "党群阵地台账.csv"
    book = office / "小区名录.xlsx"
    _, out = two_commands(tmp_path, town, "--stations", stations, "--blocks", book)
    clean = lists_typed_cleanly(stations, book, tmp_path / "clean", town)
    assert walkshed("geocode", clean).exit_code == 0
    done = walkshed("run", clean, "--out", tmp_path / "clean-out", "--no-open")
    assert done.exit_code == 0, done.output
    assert verdicts(out) == verdicts(tmp_path / "clean-out")
    assert len({row[0] for row in verdicts(out)}) == 45
    assert sum(row[-1] == "served" for row in verdicts(out) if row[2] == "政务") >= 25


#: What each name of the export says that it offers; others say nothing of it.
EXPORTED = {
    "党群服务中心": "community",
    "居委会": "community",
    "居民委员会": "community",
    "日间照护": "elder_care",
    "医院": "health",
    "小学": "school",
    "上海大学图书馆": "",
    "卫生服务中心": "health",
    "社区食堂": "meals",
    "文化中心": "culture",
    "锦秋花园图书馆": "library",
    "派出所": "police",
}


def test_an_export_of_places_of_a_town(tmp_path: Path, test_data: Path, office: Path) -> None:
    town = test_data / "osm" / "shanghai_baoshan_dachang.osm.pbf"
    study, out = two_commands(tmp_path, town, "--stations", office / "高德POI.xlsx")
    stations: list[Sequence[object]] = [("id", "name", "lon", "lat", "services")]
    poi = openpyxl.load_workbook(office / "高德POI.xlsx").active
    for row in poi.iter_rows(2, values_only=True):
        offered = next((words for part, words in EXPORTED.items() if part in row[2]), "")
        stations.append((row[0], row[2], *row[7].split(","), offered))

    # beside the blocks of the map, as the draft has them
    clean = clean_folder(tmp_path / "clean", town, stations, [("name",)])
    text = (clean / "study.toml").read_text(encoding="utf-8").replace("b.csv", "blocks.geojson")
    text = re.sub(r"groups = .*", "", text)
    (clean / "study.toml").write_text(text.replace('id = ""', 'id = "none"'), encoding="utf-8")
    (clean / "blocks.geojson").write_bytes((study / "blocks.geojson").read_bytes())
    done = walkshed("run", clean, "--out", tmp_path / "clean-out", "--no-open")
    assert done.exit_code == 0, done.output
    both = {row[2] for row in verdicts(tmp_path / "clean-out")} & {row[2] for row in verdicts(out)}
    assert len(both) >= 7
    one, other = (
        [row for row in verdicts(folder) if row[2] in both]
        for folder in (out, tmp_path / "clean-out")
    )
    assert one == other


def test_what_asks_for_something_is_told_first_and_not_too_much() -> None:
    notes = [f"s.csv, row {row}: 'x' to be reviewed: y" for row in range(2, 20)]
    told = shortened([*notes, "s.csv: all 3 stations state no tier"], Path("study"))
    assert told[0] == "s.csv: all 3 stations state no tier"
    assert len(told) == 8
    assert told[-1] == "12 more notes; run  walkshed check study"
    assert shortened(notes[:3], Path("study")) == tuple(notes[:3])
