"""The annexes of a city check-up: columns by name, figures of the tables, and blanks for the office."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from reports.example import example
from small import table, write_study
from walkshed import cli
from walkshed.model.judged.annexes import AnnexSettings
from walkshed.model.results import Results
from walkshed.reports.tables.areas import areas_frame
from walkshed.reports.tables.coverage import coverage_frame
from walkshed.reports.workbook.annexes import annexes_bytes
from walkshed.study import read_study

DATA = Path(__file__).parents[2] / "data"
#: As the check-up's forms name them.
COLUMNS = {
    "指标体系表": "序号｜维度｜目标｜指标名称｜单位｜指标类型｜评价标准｜计算方法｜数据来源｜责任单位",
    "指标评价结果统计表": (
        "序号｜街道｜社区｜指标名称｜应评小区数｜达标数｜未达标数｜待摸底数｜指标值｜评价结果｜"
        "步行可达结果（辅助）｜备注"
    ),
    "问题清单及台账": (
        "问题编号｜维度｜指标名称｜街道｜社区｜小区｜具体位置｜问题描述｜影响户数｜影响人数｜"
        "佐证（图号）｜责任单位｜整治状态｜备注"
    ),
    "治理建议清单": (
        "序号｜问题编号｜治理措施｜措施类型｜项目名称｜建设规模｜投资估算（万元）｜资金来源｜"
        "牵头单位｜配合单位｜计划完成时间｜备注"
    ),
}
SURE = ("off_network", "no_provider", "not_entitled", "cut_off", "too_far", "not_accessible")


@pytest.fixture(scope="module")
def gucheng() -> Results:
    return read_study(DATA / "gucheng").run().results


@pytest.fixture(scope="module")
def sheets(gucheng: Results) -> dict[str, list[dict[str, object]]]:
    return opened(annexes_bytes(gucheng))


def opened(content: bytes) -> dict[str, list[dict[str, object]]]:
    """Return the rows of each sheet below its head, which is found by its bold first cell, by column."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = {}
    for sheet in book:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        head = next(number for number, row in enumerate(rows) if row[1] is not None)
        found[sheet.title] = [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]
        found[sheet.title].insert(0, {str(name): name for name in rows[head]})
    return found


def test_columns_are_those_of_the_forms(sheets: dict[str, list[dict[str, object]]]) -> None:
    assert list(sheets) == list(COLUMNS)
    for name, columns in COLUMNS.items():
        assert "｜".join(sheets[name][0]) == columns


def test_results_are_those_of_the_communities(
    gucheng: Results, sheets: dict[str, list[dict[str, object]]]
) -> None:
    areas = areas_frame(gucheng).query("level == 'community'")
    names = {each.id: each.zh for each in gucheng.inputs.services}
    expected = [
        (
            *(row.subdistrict, row.community, names[row.service], row.blocks),
            (
                f"达标{row.blocks - row.blocks_failing - row.blocks_unknown}、未达标{row.blocks_out}、"
                f"待核实{row.blocks_in_doubt}、待摸底{row.blocks_unknown}"
            ),
        )
        for row in areas.itertuples()
    ]
    shown = ("街道", "社区", "指标名称", "应评小区数", "步行可达结果（辅助）")
    rows = sheets["指标评价结果统计表"][1:]
    assert [tuple(row[column] for column in shown) for row in rows] == expected
    for row in rows:  # the check-up's own rule is not given
        assert {row[name] for name in ("达标数", "未达标数", "待摸底数", "指标值", "评价结果")} == {
            None
        }


def test_problems_are_the_blocks_that_fail_and_each_is_cured(
    gucheng: Results, sheets: dict[str, list[dict[str, object]]]
) -> None:
    names = {each.id: each.zh for each in gucheng.inputs.services}
    frame = coverage_frame(gucheng).query("verdict in @SURE and doubt == ''")
    expected = Counter(
        (row.block_name, names[row.service], int(row.people - row.people_served))
        for row in frame.itertuples()
    )
    rows = sheets["问题清单及台账"][1:]
    assert Counter((row["小区"], row["指标名称"], row["影响人数"]) for row in rows) == expected
    numbers = [row["问题编号"] for row in rows]
    assert numbers == [f"WT-{number:04d}" for number in range(1, len(rows) + 1)]

    # households of those only of whom nobody is served
    homes = {block.name: block.households for block in gucheng.blocks}
    nobody = {
        (row.block_name, names[row.service]) for row in frame.itertuples() if not row.people_served
    }
    for row in rows:
        whole = (row["小区"], row["指标名称"]) in nobody
        assert row["影响户数"] == (homes[row["小区"]] if whole else None)

    # every problem stands in the list of measures, once
    cured = [
        number for row in sheets["治理建议清单"][1:] for number in str(row["问题编号"]).split("、")
    ]
    assert sorted(cured) == numbers


def test_what_the_office_alone_knows_stays_blank(
    sheets: dict[str, list[dict[str, object]]],
) -> None:
    blank = {
        "指标体系表": ("维度", "目标", "单位", "指标类型", "责任单位"),
        "问题清单及台账": ("维度", "具体位置", "责任单位", "整治状态"),
        "治理建议清单": (
            *("项目名称", "建设规模", "投资估算（万元）", "资金来源"),
            *("牵头单位", "配合单位", "计划完成时间"),
        ),
    }
    for name, columns in blank.items():
        assert sheets[name][1:]
        assert {row[column] for row in sheets[name][1:] for column in columns} == {None}


def test_an_office_names_columns_and_says_that_walking_judges() -> None:
    results = example()
    settings = AnnexSettings({"责任单位": "牵头部门", "Value": "指标数值"}, "walking")
    inputs = replace(results.inputs, annexes=settings)
    written = opened(annexes_bytes(replace(results, inputs=inputs)))
    assert "牵头部门" in written["Indicators"][0]
    assert "In charge" not in written["Indicators"][0]
    rows = written["Results"][1:]
    assert "指标数值" in rows[0]
    for row in rows:
        check = row["Blocks to be judged"] - row["Served"] - row["Left out"] - row["Not surveyed"]
        assert f"{row['Served']} served, {row['Left out']} left out, {check} to check" in str(
            row["On foot (supporting)"]
        )


def test_the_same_results_give_the_same_bytes() -> None:
    assert annexes_bytes(example()) == annexes_bytes(example())


def test_the_command_writes_them_and_knows_its_columns(tmp_path: Path) -> None:
    def town(folder: Path, report: str) -> str:
        write_study(
            folder,
            stations=table("id,name,services", [("S1", 100, "Library", "books")]),
            blocks=table("id,people", [("B1", 300, 100), ("B2", 1900, 50)]),
            toml=f'[[services]]\nid = "books"\n[report]\nwrite = ["annexes"]\n{report}\n',
        )
        return str(folder)

    asked = ["--out", str(tmp_path / "out"), "--no-open"]
    good = town(tmp_path / "good", '[report.annex_columns]\n"责任单位" = "牵头部门"')
    done = CliRunner().invoke(cli.app, ["run", good, *asked])
    assert done.exit_code == 0, done.output
    assert "牵头部门" in opened((tmp_path / "out" / "annexes.xlsx").read_bytes())["Indicators"][0]

    bad = town(tmp_path / "bad", '[report.annex_columns]\n"责任单" = "牵头部门"\n"备注" = ""')
    done = CliRunner().invoke(cli.app, ["run", bad, *asked])
    told = " ".join(done.output.split())
    assert done.exit_code == 1
    assert "is no column of the annexes" in told
    assert "did you mean '责任单位'?" in told
    assert "is no name of a column" in told
