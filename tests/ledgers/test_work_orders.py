"""Work orders: how often a crew was there in half an hour, and what is said where nobody knows it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from ledgers.town import BLOCKS, faults, write
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import caveats
from walkshed.study import Study, read_study

HEAD = "小区,报修时间,到场时间,类型,站点\n"
ORDERS = HEAD + (
    "花园,2026-05-18 8:30,2026-05-18 8:52,水管,花园站\n"
    "花园,2026年5月18日10:00,10:30,水管,花园站\n"
    "花园,2026/5/19 9:00,2026/5/19 9:31,电路,甲班\n"
    "B1,2026-05-20 23:50,2026-05-21 0:10,电路,甲班\n"
    "北苑,2026-05-21 9:00,,水管,\n"
)
#: Meals come to the door within half an hour.
OFFERS = "station,service,mode,readiness_min\nS1,meals,outreach,10\nS2,meals,outreach,5\n"
NEEDS = '[[needs]]\nservice = "*"\nlimit = 30\nunit = "min"\nsource = "drawn"\n'


def study(folder: Path, orders: str | None = ORDERS, *, comes: bool = False) -> Study:
    kept = {} if orders is None else {"work_orders": orders}
    toml = '[offers]\nfile = "offers.csv"\n' if comes else ""
    written = write(folder, kept, toml=toml)
    if comes:
        (written / "offers.csv").write_text(OFFERS, encoding="utf-8")
        (written / "needs.toml").write_text(NEEDS, encoding="utf-8")
    return read_study(written)


def test_shares_by_compound_crew_and_kind(tmp_path: Path) -> None:
    findings = study(tmp_path).run()
    table = findings.table("work_orders.csv")
    rows = {
        (row.level, row.name): (row.orders, row.orders_timed, row.in_half_hour, row.median_min)
        for row in table.itertuples()
    }
    assert rows["study", ""] == (5, 4, 3, 26.0)  # thirty minutes are half an hour, 31 are not
    assert rows["block", "花园"] == (3, 3, 2, 30.0)
    assert rows["block", "南门里"] == (1, 1, 1, 20.0)  # over midnight
    assert rows["block", "北苑"][:3] == (1, 0, 0)
    assert rows["crew", "花园站"] == (2, 2, 2, 26.0)
    assert rows["crew", "甲班"] == (2, 2, 1, 25.5)
    assert rows["kind", "水管"][:3] == (3, 2, 2)
    shares = table.set_index(["level", "name"])["share_in_half_hour"]
    assert (shares["study", ""], shares["crew", "甲班"]) == (0.75, 0.5)
    assert math.isnan(shares["block", "北苑"])


def test_orders_without_a_time_are_noted_and_counted_in_no_share(tmp_path: Path) -> None:
    inputs = study(tmp_path).inputs
    assert "1 of 5 orders does not say when a crew was there; they count in no share" in " ".join(
        inputs.notes
    )
    (remark,) = caveats(study(tmp_path / "b").run().results)
    assert remark == (
        "工单显示半小时到场率75%（4单，2026-05-18至2026-05-20），另1单未填到场时间，不计"
    )


def test_without_work_orders_a_response_is_reachable_in_theory(tmp_path: Path) -> None:
    theory = "助餐：上门响应为理论可达（按准备5至10分钟、上门人员每秒2.5米推算），不代表已实现；"
    silent = study(tmp_path / "a", None, comes=True).run()
    assert f"{theory}没有工单，不知实际到场情况（可填工单台账）" in caveats(silent.results)
    known = study(tmp_path / "b", comes=True).run()
    (remark,) = [each for each in caveats(known.results) if "理论可达" in each]
    assert remark.startswith(f"{theory}工单显示半小时到场率75%")
    assert remark in build_payload(known.results)["study"]["remarks"]


def test_who_is_visited_is_told_nothing_of_it(tmp_path: Path) -> None:
    assert not caveats(study(tmp_path, None).run().results)


def test_the_page_shows_them_and_the_public_one_no_compound(tmp_path: Path) -> None:
    results = study(tmp_path).run().results
    own = build_payload(results)["ledgers"]
    assert own["blocks"][1] == [
        {
            "zh": "工单3单，半小时到场率66.7%，中位30分钟",
            "en": "3 work orders: a crew there in half an hour in 66.7%, median 30 min",
        }
    ]
    assert own["stations"][1][0]["zh"].startswith("工单2单，半小时到场率100%")
    (table,) = own["tables"]
    assert [row[0]["zh"] for row in table["rows"]][:4] == [
        "全部",
        "小区：南门里",
        "小区：花园",
        "小区：北苑",
    ]

    public = build_payload(results, public=True)["ledgers"]
    assert not [line for line in public["blocks"][1] if "工单" in line["zh"]]
    assert not [row for row in public["tables"][0]["rows"] if "小区" in row[0]["zh"]]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("花园,,2026-05-18 8:52,,", [("报修时间", "is empty")]),
        (
            "花园,2026-05-18,2026-05-18 8:52,,",
            [("报修时间", "is not a valid date with a time of day")],
        ),
        ("花园,8:30,8:52,,", [("报修时间", "is not a valid date with a time of day")]),
        ("花园,2026-05-18 8:30,很快,,", [("到场时间", "is not a valid date with a time of day")]),
        ("花园,2026-02-30 8:30,,,", [("报修时间", "is not a valid date with a time of day")]),
        ("花园,2026-05-18 8:30,8:00,,", [("到场时间", "is before the report")]),
        ("花圆,2026-05-18 8:30,,,", [("小区", "is not a block of this study")]),
    ],
)
def test_every_fault_is_told(
    tmp_path: Path, row: str, expected: list[tuple[str | None, str]]
) -> None:
    told = faults(write(tmp_path, {"work_orders": f"{HEAD}{row}\n"}))
    assert [(fault.column, fault.fact) for fault in told] == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-18 14:30",
        "2026-05-18T14:30",
        "2026-05-18 14:30:00",
        "2026/5/18 14:30",
        "2026.5.18 14：30",
        "2026年5月18日14时30分",
        "2026年5月18日 下午2:30",
        "2026年5月18日下午2点30",
    ],
)
def test_moments_as_offices_write_them(tmp_path: Path, text: str) -> None:
    (order,) = study(tmp_path, f"{HEAD}花园,{text},15:00,,\n").inputs.ledgers.work_orders
    assert (order.reported, order.minutes) == ("2026-05-18T14:30", 30.0)


def test_compounds_of_one_name_are_asked_and_slow_ones_noted(tmp_path: Path) -> None:
    blocks = [BLOCKS[0], ("B2", 2900, "南门里", 100, "", ""), BLOCKS[2]]
    orders = HEAD + "南门里,2026-05-18 8:30,,,\n"
    (fault,) = faults(write(tmp_path / "a", {"work_orders": orders}, blocks=blocks))
    assert (fault.fact, fault.cure) == ("is the name of several blocks", "write the id")
    slow = HEAD + "花园,2026-05-18 8:30,2026-06-18 8:30,,\n"
    assert "1 of 1 order took more than a week" in " ".join(
        study(tmp_path / "b", slow).inputs.notes
    )


def test_a_study_without_a_table_of_compounds_is_told_so(tmp_path: Path) -> None:
    folder = write(tmp_path, {"work_orders": ORDERS})
    toml = (folder / "study.toml").read_text(encoding="utf-8")
    toml = toml.replace('file = "blocks.csv"\ncrs = "wgs84"', 'from = "streets"')
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    (fault,) = faults(folder)
    assert fault.fact == "names blocks, and the study has no table of them"
