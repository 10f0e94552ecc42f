"""Governance of compounds: shown with each, flagged where everything lacks, and the worst sorted by work orders."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledgers.town import BLOCKS, faults, write
from walkshed.maps.payload.whole import build_payload
from walkshed.study import Study, read_study

HEAD = "小区,党支部,业委会,物业,维修资金,年度物业类工单数\n"
ROWS = HEAD + "南门里,单独,有,明珠物业,有,12\n花园,联合组建,无,无,无,86单\n北苑,,,,,\n"
#: Everything fails for those who live far away.
FAR: list[tuple[object, ...]] = [
    ("B1", 1000, "南门里", 300, "", ""),
    ("B2", 1500, "花园", 100, "", ""),
    ("B3", 2000, "北苑", 200, "", ""),
]


def study(folder: Path, rows: str = ROWS, blocks: list[tuple[object, ...]] = BLOCKS) -> Study:
    return read_study(write(folder, {"governance": rows}, blocks=blocks))


def test_every_column_is_read(tmp_path: Path) -> None:
    one, two, three = study(tmp_path).inputs.ledgers.governance
    assert (one.branch, one.committee, one.management, one.manager) == (
        "own",
        True,
        True,
        "明珠物业",
    )
    assert (two.branch, two.management, two.manager, two.orders) == ("joint", False, "", 86)
    assert (three.branch, three.committee, three.orders) == ("", None, None)


def test_who_lacks_everything_is_flagged(tmp_path: Path) -> None:
    blocks = study(tmp_path).inputs.blocks
    assert blocks is not None
    assert [block.flags for block in blocks] == [(), ("three_lacks",), ()]
    left_out = study(tmp_path / "b").run().left_out
    assert "three_lacks" in set(left_out["name"])


def test_it_is_shown_with_the_compound_and_not_in_public(tmp_path: Path) -> None:
    results = study(tmp_path).run().results
    own = build_payload(results)["ledgers"]
    said = [[line["zh"] for line in lines] for lines in own["blocks"]]
    assert said[0] == ["党支部：单独，有业委会，物业：明珠物业，有维修资金，年度物业类工单12单"]
    assert said[1] == ["党支部：联合，无业委会，无物业，无维修资金，年度物业类工单86单"]
    assert said[2] == ["共用站点：花园站"]
    assert own["tables"][0]["title"]["zh"] == "小区治理"
    public = build_payload(results, public=True)
    assert "党支部" not in str(public["ledgers"])
    assert all("by_orders" not in service for service in public["services"])


def test_the_worst_are_sorted_by_work_orders(tmp_path: Path) -> None:
    results = study(tmp_path, blocks=FAR).run().results
    payload = build_payload(results)
    meals = payload["services"][0]
    assert meals["worst"] == [0, 2, 1]  # by people left out
    assert meals["by_orders"] == [1, 0, 2]  # 86, 12, not stated
    assert payload["ledgers"]["sorted"]["names"]["orders"]["zh"] == "按年度物业类工单数"
    table = study(tmp_path / "b", blocks=FAR).run().table("governance.csv")
    assert list(table["block_name"]) == ["花园", "南门里", "北苑"]
    assert list(table["services_failing"]) == [2, 2, 2]
    assert list(table["people_left_out"]) == [200, 600, 400]


def test_nobody_sorts_by_orders_that_nobody_states(tmp_path: Path) -> None:
    payload = build_payload(study(tmp_path, HEAD + "花园,无,,,,\n").run().results)
    assert payload["ledgers"]["sorted"] is None
    assert "by_orders" not in payload["services"][0]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("花圆,,,,,", [("小区", "is not a block of this study")]),
        ("花园,有,,,,", [("党支部", "is neither its own branch nor a joint one")]),
        ("花园,,也许,,,", [("业委会", "is neither yes nor no")]),
        ("花园,,,,够,", [("维修资金", "is neither yes nor no")]),
        ("花园,,,,,2.5", [("年度物业类工单数", "is not a valid number of orders")]),
        ("花园,,,,,很多", [("年度物业类工单数", "is not a valid number")]),
    ],
)
def test_every_fault_is_told(
    tmp_path: Path, row: str, expected: list[tuple[str | None, str]]
) -> None:
    told = faults(write(tmp_path, {"governance": f"{HEAD}{row}\n"}))
    assert [(fault.column, fault.fact) for fault in told] == expected


def test_a_compound_stands_in_one_row(tmp_path: Path) -> None:
    (fault,) = faults(write(tmp_path, {"governance": f"{HEAD}花园,无,,,,\nB2,联合,,,,\n"}))
    assert (fault.row, fault.fact) == (3, "stands in row 2, too")
