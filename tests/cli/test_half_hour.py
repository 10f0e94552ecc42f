"""An official's half hour: the template filled in by office habits, two commands, the tables; in Chinese, no edit."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from click.testing import Result
from typer.testing import CliRunner

from cli.test_init import extract, grid_town
from cli.test_init_tables import shifted
from languages import english_in
from walkshed.cli import app

#: What is said in all, on both streams, less the bare tables at the end of a run.
MOST_MESSAGES = 12
BOOK = "模板.xlsx"
#: What an official writes under a heading of the template, by the words of its header.
Filled = Sequence[Mapping[str, object]]


def walkshed(*words: object) -> Result:
    return CliRunner(env={"WALKSHED_LANG": "zh"}).invoke(app, [str(word) for word in words])


def at(x: float, y: float) -> dict[str, object]:
    lon, lat = shifted(x, y)
    return {"经度": lon, "纬度": lat}


STATIONS: Filled = (
    {
        "编号": 1,
        "名称": "祁连片区党群服务中心",
        "层级": "枢纽",
        **at(1, 1.2),
        "服务项目": "政务代办、长者助餐、图书阅览",
        "楼层": "一至三楼",
        "电梯": "有",
        "无障碍": "是",
        "开放时间": "周一至周五 8:30-17:30（法定节假日除外）",
        "面积（平方米）": "1200㎡",
        "接待能力（人）": "120",
        "服务范围": "所有人",
        "街道": "大场镇",
        "社区": "祁连一村社区",
    },
    {
        "编号": 2,
        "名称": "祁连二村服务站",
        "层级": "微阵地",
        "上级": "祁连片区党群服务中心",
        **at(2, 0.2),
        "服务项目": "政务代办/图书阅览",
        "楼层": "底层",
        "电梯": "无",
        "开放时间": "周一至周日8:00-20:00",
        "面积（平方米）": "/",
        "服务范围": "所有人",
        "街道": "大场镇",
        "社区": "祁连二村社区",
    },
    {
        "编号": 3,
        "名称": "锦秋花园服务站",
        "层级": "微阵地",
        "地址": "锦秋花园",
        "服务项目": "长者助餐",
        "楼层": "会所二楼",
        "电梯": "无",
        "无障碍": "否",
        "开放时间": "工作日 8:30-11:30，13:30-17:00",
        "接待能力（人）": "—",
        "服务范围": "本小区",
        "街道": "大场镇",
        "社区": "锦秋社区",
    },
)
_OLD = {"类型": "老旧小区", "街道": "大场镇"}
BLOCKS: Filled = (
    {**_OLD, "编号": 1, "名称": "祁连一村", "户数": "120户", "人口": "1,300", "老年人": 300}
    | {"建成年份": "1990年", "社区": "祁连一村社区"},
    {**_OLD, "编号": 2, "名称": "祁连二村", "户数": 90, "人口": "280", "老年人": "/"}
    | {"建成年份": "93年", "社区": "祁连二村社区"},
    {"编号": 3, "名称": "锦秋花园", "类型": "商品房", "户数": "210", "人口": None, "街道": "大场镇"}
    | {"社区": "锦秋社区", "共用站点": "无"},
    {"编号": 4, "名称": "当代高邸", "类型": "商品房", "户数": 80, "人口": 240, "街道": "大场镇"}
    | {"社区": "锦秋社区", "共用站点": "锦秋花园服务站"},
    {**_OLD, "编号": 5, "名称": "祁连四村", "户数": "150", "人口": 460, "社区": "祁连四村社区"},
)
SERVICES: Filled = (
    {"服务名称": "政务代办", "清单是否完整": "是", "填报单位": "社区党建办"},
    {"服务名称": "长者助餐", "包含内容": "堂食、送餐", "清单是否完整": "是"},
    {"服务名称": "图书阅览", "清单是否完整": "不清楚"},
)
FURTHER: Mapping[str, Filled] = {
    "服务类别": SERVICES,
    "服务明细": (
        {
            "站点": "祁连片区党群服务中心",
            "服务项目": "长者助餐",
            "开放时间": "周一至周五 11:00-13:00",
        },
        {
            "站点": "祁连二村服务站",
            "服务项目": "长者助餐",
            "服务方式": "上门",
            "响应准备（分钟）": "10分钟",
            "服务范围": "本社区",
        },
    ),
    "出入口": ({"小区": "祁连四村", "出入口": "西门", **at(4.52, 3)},),
    "站点运行": (
        {"站点": "祁连片区党群服务中心", "是否实体化运行": "是", "站长": "有", "常驻人数": "5人"},
        {"站点": "锦秋花园服务站", "是否实体化运行": "是", "站长": "无", "常驻人数": "/"},
    ),
    "小区治理": (
        {
            "小区": "祁连一村",
            "党支部": "单独",
            "业委会": "无",
            "物业": "有",
            "年度物业类工单数": 86,
        },
    ),
}


def filled_template(folder: Path) -> Path:
    """Write the template and fill it in as offices do in WPS: titles, notes, ``/`` and 无, totals, signatures."""
    told = walkshed("template", folder)
    assert told.exit_code == 0, told.output
    path = folder / BOOK
    book = openpyxl.load_workbook(path)
    fill(book["站点"], STATIONS, title="大场镇党群服务阵地一览表（2026年三季度）")
    fill(book["小区"], BLOCKS, title="大场镇小区名录")
    for name, rows in FURTHER.items():
        fill(book[name], rows)
    book.save(path)
    return path


def fill(page: openpyxl.worksheet.worksheet.Worksheet, rows: Filled, *, title: str = "") -> None:
    """Write rows below the header of a sheet, over its example; with a title above and remarks below."""
    heads = [cell.value for cell in page[1]]
    for number, row in enumerate(rows, start=2):
        for column, head in enumerate(heads, start=1):
            page.cell(number, column).value = row.get(head)
    assert {key for row in rows for key in row} <= set(heads)
    if not title:
        return

    # a title over all columns, who reports, a total, a note, a signature
    page.append(["合计", f"{len(rows)}个"])
    page.append(["注：1.坐标来自高德地图。2.空白处为没有掌握。"])
    page.append(["填表人：李四", None, None, "审核：王五", None, "2026年9月30日"])
    page.insert_rows(1, 2)
    page["A1"], page["A2"] = title, "填报单位：大场镇社区党建办"
    page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(heads))


def messages(*results: Result) -> list[str]:
    """Return what commands said to the planner: faults and notes, a line each."""
    lines = [line for told in results for line in told.stderr.splitlines()]
    return lines + [
        line for told in results for line in told.stdout.splitlines() if "·" in line[:2]
    ]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def half_hour(folder: Path, town: Path, book: Path) -> tuple[Path, list[str]]:
    """Return the folder of a run and what was said, after two commands without an edit."""
    study, out = folder / "study", folder / "out"
    first = walkshed("init", town, study, "--stations", book, "--blocks", book)
    assert first.exit_code == 0, first.output
    second = walkshed("run", study, "--out", out, "--no-open")
    assert second.exit_code == 0, second.output
    lines = (first.output + second.output).splitlines()
    english = [line for line in lines if english_in(line) and not line.startswith("walkshed run ")]
    assert english == []
    return out, messages(first, second)


def verdicts(out: Path) -> dict[tuple[str, str], str]:
    rows = table(out / "coverage.csv")
    return {(row["block_name"], row["service"]): row["verdict"] for row in rows}


def test_from_the_filled_template_to_the_tables(tmp_path: Path) -> None:
    town = extract(tmp_path, grid_town())
    out, said = half_hour(tmp_path, town, filled_template(tmp_path / "填报"))
    assert len(said) <= MOST_MESSAGES, said

    # by community
    areas = {(row["community"], row["service"]): row for row in table(out / "areas.csv")}
    assert len({community for community, _ in areas if community}) == 4
    far = areas["祁连四村社区", "政务代办"]
    assert (far["people"], far["people_left_out"], far["blocks_failing"]) == ("460", "460", "1")
    shared = areas["锦秋社区", "长者助餐"]
    assert (shared["blocks"], shared["blocks_without_people"]) == ("2", "1")
    assert (shared["people"], shared["people_served"]) == ("240", "240")
    assert areas["", "政务代办"]["people_served"] == "1820"

    # the compounds that fail, and those of whom nobody knows
    judged = verdicts(out)
    failing = [key for key, verdict in judged.items() if verdict not in ("served", "not_surveyed")]
    assert failing == [("祁连四村", "政务代办"), ("祁连四村", "长者助餐")]
    assert judged["祁连四村", "图书阅览"] == "not_surveyed"
    assert {row["name"] for row in table(out / "left_out.csv")} >= {"祁连四村社区"}
    assert (out / "operations.csv").exists()
    assert (out / "governance.csv").exists()


def test_what_is_left_empty_says_nothing(tmp_path: Path) -> None:
    walkshed("template", tmp_path / "填报")
    book = openpyxl.load_workbook(tmp_path / "填报" / BOOK)
    fill(book["站点"], STATIONS)
    fill(book["小区"], BLOCKS)
    book.save(tmp_path / "填报" / BOOK)
    town = extract(tmp_path, grid_town())
    out, said = half_hour(tmp_path, town, tmp_path / "填报" / BOOK)
    text = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    assert not re.search(r"^\[(offers|ledgers|visitors|siting)\]", text, re.MULTILINE)
    assert not [line for line in said if re.search("服务明细|服务类别|站点运行", line)]
    assert set(verdicts(out).values()) == {"served", "not_surveyed"}


def test_the_example_that_is_left_in_is_no_station(tmp_path: Path) -> None:
    path = filled_template(tmp_path / "填报")
    book = openpyxl.load_workbook(path)
    example = openpyxl.Workbook()
    walkshed("template", tmp_path / "neu")
    example = openpyxl.load_workbook(tmp_path / "neu" / BOOK)
    for name in ("站点", "小区"):
        book[name].insert_rows(4)
        for column, cell in enumerate(example[name][2], start=1):
            book[name].cell(4, column).value = cell.value
    book.save(path)
    town = extract(tmp_path, grid_town())
    out, said = half_hour(tmp_path, town, path)
    assert [line for line in said if "示例" in line] == [
        "· 模板.xlsx › 站点，第 4 行：是模板的示例（示例党群服务中心），未读取",
        "· 模板.xlsx › 小区，第 4 行：是模板的示例（示例花园），未读取",
    ]
    names = {row["name"] for row in table(out / "stations.csv")}
    assert len(names) == len(STATIONS)


def test_the_template_of_a_real_town(tmp_path: Path, test_data: Path, office: Path) -> None:
    old = openpyxl.load_workbook(office / "A_dachang_filled_template.xlsx")
    walkshed("template", tmp_path / "填报")
    path = tmp_path / "填报" / BOOK
    book = openpyxl.load_workbook(path)
    for name, of, top, last in (("站点", "站点", 3, 33), ("小区", "小区名录", 2, 35)):
        heads = [cell.value for cell in old[of][top]]
        known = {cell.value for cell in book[name][1]}
        rows = [
            {head: cell for head, cell in zip(heads, row, strict=False) if head in known}
            for row in old[of].iter_rows(top + 1, last, values_only=True)
        ]
        fill(book[name], [row for row in rows if row["名称"]], title="大场镇一览表")
    book.save(path)
    town = test_data / "osm" / "shanghai_baoshan_dachang.osm.pbf"
    out, said = half_hour(tmp_path, town, path)
    assert len(said) <= MOST_MESSAGES, said
    assert len(verdicts(out)) >= 30 * 13
    assert len({row["community"] for row in table(out / "areas.csv")}) == 8

    # as the older workbook of the same facts says
    before = office / "A_dachang_filled_template.xlsx"
    (tmp_path / "older").mkdir()
    older, _ = half_hour(tmp_path / "older", town, before)
    assert verdicts(out) == verdicts(older)


def test_places_of_further_sheets_stand_as_the_stations_say(tmp_path: Path) -> None:
    path = filled_template(tmp_path / "填报")
    book = openpyxl.load_workbook(path)
    fill(book["访客"], ({"地点": "古城景区", "访客数": "3000", **at(1, 1.5)},))
    rooms = book["房源"]
    fill(
        rooms,
        ({"名称": "沿街商铺", **at(1, 1.6), "面积（平方米）": "180㎡", "取得方式": "房屋租赁"},),
    )
    for cell in rooms[1]:
        cell.value = f"{cell.value}（WGS84）" if cell.value in ("经度", "纬度") else cell.value
    book.save(path)
    out, _ = half_hour(tmp_path, extract(tmp_path, grid_town()), path)
    said = tomllib.loads((tmp_path / "study" / "study.toml").read_text(encoding="utf-8"))
    assert said["visitors"] == {"file": BOOK, "crs": "gcj02"}
    assert said["siting"] == {"rooms": BOOK}  # its own header says it
    assert "古城景区" in (out / "visitors.csv").read_text(encoding="utf-8-sig")
