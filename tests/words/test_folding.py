"""Faults of one value stand in one line, with the rows that hold it."""

from __future__ import annotations

import pytest

from walkshed.errors import Fault
from walkshed.words.messages.folding import fault_lines, folded


def unknown(row: int, value: str = "政务代办") -> Fault:
    return Fault("s.csv", "is not a service", "add it", row=row, column="服务项目", value=value)


def test_a_value_is_told_once_with_its_rows() -> None:
    faults = [unknown(2, "助餐"), *map(unknown, range(3, 15))]
    assert fault_lines(faults, "en") == [
        (
            "s.csv, column '服务项目': '政务代办' in 12 rows (3, 4, 5, 6, 7, 8, 9, 10 …) "
            "is not a service; add it"
        ),
        "s.csv, row 2, column '服务项目': '助餐' is not a service; add it",
    ]
    assert fault_lines(faults[-2:], "zh")[0].startswith(
        "s.csv，“服务项目”列：“政务代办”（2 行：13、14）"
    )


def test_what_mends_most_comes_first_and_files_before_rows() -> None:
    empty = [Fault("s.csv", "is empty", "fill in", row=row, column="lon") for row in (4, 6)]
    table = Fault("study.toml", "there are no [[services]]", "add them")
    lines = fault_lines([unknown(9), *empty, table, unknown(2, "b")], "en")
    assert lines == [
        "study.toml: there are no [[services]]; add them",
        "s.csv, column 'lon', 2 rows (4, 6): is empty; fill in",
        "s.csv, row 9, column '服务项目': '政务代办' is not a service; add it",
        "s.csv, row 2, column '服务项目': 'b' is not a service; add it",
    ]


@pytest.mark.parametrize("other", ["file", "counted", "column", "value", "fact", "cure"])
def test_only_rows_may_differ(other: str) -> None:
    fields = {"file": "a", "fact": "f", "cure": "c", "column": "x", "value": "v", "counted": "row"}
    one = Fault(**fields, row=1)
    assert len(folded([one, Fault(**{**fields, other: "other"}, row=2)])) == 2
    assert folded([one, Fault(**fields, row=2)])[0].rows == (1, 2)


def test_a_folded_line_names_settings_and_lengths_as_a_single_one_does() -> None:
    """What a line of many rows says of place and value is what each of them says."""
    long = "长" * 100
    for file, column in (("study.toml", "needs.limit"), ("stations.csv", "tier")):
        one, other = (
            Fault(file, "is not a valid tier", "write one", row, column, long) for row in (2, 3)
        )
        (single,) = fault_lines([one], "zh")
        (line,) = fault_lines([one, other], "zh")
        named = f"“{column}”项" if file == "study.toml" else f"“{column}”列"
        assert named in single
        assert named in line
        assert "（共 100 个字符）" in single
        assert "（共 100 个字符）" in line
        assert "characters" not in line
